"""What a room moves: a lever, and the bar of the four shares of leadership."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solara

from redesign_sim.study.mixes import TYPE_WORDS, TYPES
from redesign_sim.ui.components.map import TYPE_FILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redesign_sim.ui.setup import Lever

KINDS = [
    {"words": TYPE_WORDS[kind], "fill": fill, "ink": fill.replace("var(--", "var(--on-")}
    for kind, fill in ((kind, TYPE_FILLS[kind]) for kind in TYPES)
]


@solara.component_vue("slider.vue")
def _Slider(  # noqa: PLR0913  its properties
    path: str,
    title: str,
    low_words: str,
    high_words: str,
    low: float,
    high: float,
    step: float,
    value: float,
    was: float,
    names: list[str],
    event_moved: Callable[[float], None],
) -> None:
    """A lever in the browser; `event_moved` hears its value on release."""


@solara.component_vue("mixbar.vue")
def _MixBar(kinds: list[dict[str, str]], shares: list[float], event_mixed: Callable[[list[float]], None]) -> None:
    """The four shares as one bar whose edges can be moved; `event_mixed` hears all four on release."""


def LeverSlider(
    lever: Lever, value: float, was: float, on_value: Callable[[float], None], names: Sequence[str] = ()
) -> None:
    """A lever with what its ends mean; `was` is what the case states, marked on the track.

    `names` are what its positions are called, from the lowest on; without them they are shares.
    """
    _Slider(
        path=lever.path,
        title=lever.title,
        low_words=lever.low_words,
        high_words=lever.high_words,
        low=lever.low,
        high=lever.high,
        step=lever.step,
        value=value,
        was=was,
        names=list(names),
        event_moved=on_value,
    )


def MixBar(shares: Sequence[float], on_mix: Callable[[Sequence[float]], None]) -> None:
    """The leadership mix, passive first."""
    _MixBar(kinds=KINDS, shares=[round(share, 6) for share in shares], event_mixed=on_mix)
