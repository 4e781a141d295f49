"""What a room moves: a lever, and the bar of the four shares of leadership."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import solara
from reacton.core import get_render_context

from redesign_sim.study.mixes import TYPE_WORDS, TYPES
from redesign_sim.ui.components.drawn import drawn_by
from redesign_sim.ui.components.map import TYPE_FILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redesign_sim.ui.setup import Lever

Move = dict[str, Any]
"""What a lever tells when it is released: where `to`, and which `turn` of its moves that is."""

KINDS = [
    {"words": TYPE_WORDS[kind], "fill": fill, "ink": fill.replace("var(--", "var(--on-")}
    for kind, fill in ((kind, TYPE_FILLS[kind]) for kind in TYPES)
]


@drawn_by("slider.vue")
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
    heard: int,
    event_moved: Callable[[Move], None],
    event_held: Callable[[Move], None],
) -> None:
    """A lever in the browser; `event_moved` hears on release where `to` and which `turn` of its moves it is, and
    `event_held` where it rests in the hand before.
    """


@drawn_by("mixbar.vue")
def _MixBar(
    kinds: list[dict[str, str]],
    shares: list[float],
    heard: int,
    event_mixed: Callable[[Move], None],
    event_held: Callable[[Move], None],
) -> None:
    """The four shares as one bar whose edges can be moved; `event_mixed` hears on release all four, and its turn, and
    `event_held` all four where an edge rests in the hand before.
    """


def use_heard(act: Callable[[Any], None]) -> tuple[int, Callable[[Move], None]]:
    """A hook: the last move that the page has heard, whether or not it could follow, and what hears the next one.

    All that a move changes is drawn at once.
    """
    heard, set_heard = solara.use_state(0)
    drawing = solara.use_memo(get_render_context, [])

    def hear(move: Move) -> None:
        with drawing:
            try:
                act(move["to"])
            finally:
                set_heard(move["turn"])

    return heard, hear


def _hold(act: Callable[[Any], None] | None, held: Move) -> None:
    """Pass on where a lever rests, where anybody wants to know."""
    if act:
        act(held["to"])


@solara.component
def LeverSlider(
    lever: Lever,
    value: float,
    was: float,
    on_value: Callable[[float], None],
    names: Sequence[str] = (),
    on_hold: Callable[[float], None] | None = None,
) -> None:
    """A lever with what its ends mean; `was` is what the case states, marked on the track.

    `names` are what its positions are called, from the lowest on; without them they are shares. `on_hold` hears where
    it rests in the hand.
    """
    heard, hear = use_heard(on_value)
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
        heard=heard,
        event_moved=hear,
        event_held=partial(_hold, on_hold),
    )


@solara.component
def MixBar(
    shares: Sequence[float],
    on_mix: Callable[[Sequence[float]], None],
    on_hold: Callable[[Sequence[float]], None] | None = None,
) -> None:
    """The leadership mix, passive first; `on_hold` hears where it rests in the hand."""
    heard, hear = use_heard(on_mix)
    _MixBar(
        kinds=KINDS,
        shares=[round(share, 6) for share in shares],
        heard=heard,
        event_mixed=hear,
        event_held=partial(_hold, on_hold),
    )
