"""What a room moves: a lever, and the bar of the four shares of leadership."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import solara
from reacton.core import get_render_context

from redesign_sim.study.mixes import TYPE_WORDS, TYPES
from redesign_sim.ui.components.drawn import drawn_by
from redesign_sim.ui.components.map import TYPE_FILLS
from redesign_sim.ui.setup import SHARE_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redesign_sim.ui.setup import Lever

Move = dict[str, Any]
"""What a lever tells when it is released: where `to`, and which `turn` of its moves that is."""


class Hand(NamedTuple):
    """Who is told of a hand: where it lets go; and, if anybody wants to know, where it holds, and what it is near."""

    release: Callable[[Any], None]
    hold: Callable[[Any], None] | None = None
    near: Callable[[object], None] | None = None


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
    followed: int,
    event_moved: Callable[[Move], None],
    event_held: Callable[[Move], None],
    event_near: Callable[[object], None],
) -> None:
    """A lever in the browser; `event_moved` hears on release where `to` and which `turn` of its moves it is. Unless
    `followed` is -1, `event_held` hears the same of every place at which it is held before, and `event_near` 1 when a
    hand comes near and 0 when it leaves.
    """


@drawn_by("mixbar.vue")
def _MixBar(  # noqa: PLR0913  its properties
    kinds: list[dict[str, str]],
    shares: list[float],
    parts: int,
    heard: int,
    followed: int,
    event_mixed: Callable[[Move], None],
    event_held: Callable[[Move], None],
    event_near: Callable[[object], None],
) -> None:
    """The four shares as one bar, whose edges are moved by one of `parts`; `event_mixed` hears on release all four, and
    its turn. Unless `followed` is -1, `event_held` hears the same of all that it is held at before, and `event_near`
    the number of the edge that a hand comes near, or 0.
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


def use_followed(hand: Hand) -> tuple[int, Callable[[Move], None]]:
    """A hook: the same of the places at which something is held; -1 where nobody wants to know."""
    followed, follow = use_heard(hand.hold or _nothing)
    return followed if hand.hold else -1, follow


def _nothing(_: object) -> None:
    """Nobody wants to know."""


@solara.component
def LeverSlider(lever: Lever, value: float, was: float, hand: Hand, names: Sequence[str] = ()) -> None:
    """A lever with what its ends mean; `was` is what the case states, marked on the track.

    `names` are what its positions are called, from the lowest on; without them they are shares.
    """
    heard, hear = use_heard(hand.release)
    followed, follow = use_followed(hand)
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
        followed=followed,
        event_moved=hear,
        event_held=follow,
        event_near=hand.near or _nothing,
    )


@solara.component
def MixBar(shares: Sequence[float], hand: Hand) -> None:
    """The leadership mix, passive first."""
    heard, hear = use_heard(hand.release)
    followed, follow = use_followed(hand)
    _MixBar(
        kinds=KINDS,
        shares=[round(share, 6) for share in shares],
        parts=SHARE_PARTS,
        heard=heard,
        followed=followed,
        event_mixed=hear,
        event_held=follow,
        event_near=hand.near or _nothing,
    )
