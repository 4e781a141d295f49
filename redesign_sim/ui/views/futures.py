"""Many futures of a case: seven levers, and what a thousand runs under the same luck say at once."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import pandas as pd
import solara

from redesign_sim import charts
from redesign_sim.ui import session
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.band import Backdrop, Band, Fan, backdrop_of, fan_of, highest_of
from redesign_sim.ui.components.dots import Dot, Dots, dots_of, farthest_of
from redesign_sim.ui.components.sliders import Hand, LeverSlider, MixBar
from redesign_sim.ui.ensembles import FIRST, FUTURES, Ensemble, use_ensembles
from redesign_sim.ui.findings import Headline, headline, longest
from redesign_sim.ui.foresight import EDGES, EdgeTrack, LeverTrack, futures_of, use_foresight
from redesign_sim.ui.setup import NO_PLACE, Setup, mix_values, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure
    from solara.toestand import Reactive

    from redesign_sim.ui.ensembles import Asked
    from redesign_sim.ui.foresight import Foresight, Track

    Held: TypeAlias = "Reactive[Setup | None]"
    ValuesAt = Callable[[Any], Mapping[str, float]]

TITLE = "Futures"

STYLE = """
.rs-futures { display: grid; gap: calc(1.6 * var(--gap));
  grid-template-columns: clamp(17 * var(--text), 29vw, 25 * var(--text)) minmax(0, 1fr); }
.rs-futures-difference { font-size: var(--large); margin: 0 0 2px; }
.rs-room { display: grid; }
.rs-room > *, .rs-room::after { grid-area: 1 / 1; }
.rs-room::after { content: attr(data-longest); visibility: hidden; }
.rs-futures-picture { transition: opacity .12s ease-out; min-width: 0; }
.rs-futures-picture.rs-stale { transition-delay: .1s; }
.rs-futures-waits { min-height: 60vh; }
.rs-futures-acts { display: flex; flex-wrap: wrap; gap: 8px; margin-top: var(--gap); }
@media (max-width: 760px) { .rs-futures { grid-template-columns: minmax(0, 1fr); } .rs-futures-picture { order: -1; } }
"""


class Reach(NamedTuple):
    """How far the axes go: of the fan, and of the dots."""

    course: float
    ends: float


class Picture(NamedTuple):
    """All that is drawn of some futures and their baseline."""

    words: Headline
    runs: int
    backdrop: Backdrop
    fan: Fan
    dots: list[Dot]
    baseline_fan: Fan | None
    baseline_dots: list[Dot] | None

    @property
    def reach(self) -> Reach:
        """How far its axes have to go."""
        return Reach(
            highest_of(self.fan, self.backdrop.threshold, self.baseline_fan),
            farthest_of([*self.dots, *(self.baseline_dots or [])]),
        )


@solara.component
def Page() -> None:
    """Levers on the left, what comes of them on the right, while one is in the hand, too."""
    held = solara.use_reactive(cast("Setup | None", None))
    foresight = use_foresight()
    solara.Style(STYLE)
    with solara.Div(classes=["rs-view", "rs-futures"]):
        Levers(held, foresight)
        Outcome(held, foresight)


@solara.component
def Outcome(held: Held, foresight: Foresight) -> None:
    """What comes of the levers as they stand, or as they are held."""
    setup, seed = held.value or session.setup.value, session.seed.value
    pinned = baseline_for(setup)
    orders = solara.use_memo(
        lambda: [futures_of(each, seed) for each in dict.fromkeys((setup, pinned))], [setup, pinned, seed]
    )
    answers = use_ensembles(orders)
    picture, stale = use_picture(answers)
    let_go = held.value is None
    solara.use_effect(lambda: _publish(picture, answers) if let_go else None, [picture, let_go])
    solara.use_effect(lambda: foresight.look(setup, seed), [setup, seed])
    reach = use_reach(None if stale else picture, (setup.scenario, setup.text, pinned))
    _picture(picture, reach, answers[0], stale=stale)


def baseline_for(setup: Setup) -> Setup:
    """What a setup is compared with: the pinned baseline, unless that runs over other months."""
    pinned = session.baseline.value
    return pinned if pinned.case().horizon_months == setup.case().horizon_months else setup


def use_reach(picture: Picture | None, shown: object) -> Reach:
    """A hook: how far axes reach for all pictures so far of what is shown; they grow, and never jump back. Without a
    picture of it they stay what they were.
    """
    last = solara.use_ref((shown, Reach(0.0, 0.0)))
    if picture:
        of, before = last.current
        last.current = shown, Reach(*map(max, before, picture.reach)) if of == shown else picture.reach
    reach: Reach = last.current[1]
    return reach


def use_picture(answers: list[Asked]) -> tuple[Picture | None, bool]:
    """A hook: the picture of what is there; the last one stays, and is stale, until there is enough for a new one."""
    last = solara.use_ref(cast("Picture | None", None))
    keys = [(*asked.order.key, asked.ensemble.runs if asked.ensemble else 0) for asked in answers]
    new = solara.use_memo(lambda: picture_of([asked.ensemble for asked in answers]), keys)
    last.current = new or last.current
    return last.current, new is None


def picture_of(ensembles: list[Ensemble | None]) -> Picture | None:
    """What is drawn of a case, first, and its baseline, if another stands second; nothing until both are there."""
    runs = min(each.runs if each else 0 for each in ensembles)
    if not runs:
        return None
    now, *others = (each.first(runs) for each in ensembles if each)
    before = others[0] if others else None
    threshold = now.case.integrated_threshold
    return Picture(
        headline(now, before),
        runs,
        backdrop_of(now.case),
        fan_of(now.index),
        dots_of(now.outcome("integration_index"), threshold),
        fan_of(before.index) if before else None,
        dots_of(before.outcome("integration_index"), before.case.integrated_threshold) if before else None,
    )


@solara.component
def Levers(held: Held, foresight: Foresight) -> None:
    """The levers that act on this case, the mix first, and what one may do with all of them."""
    setup = session.setup.value
    with solara.Div(classes=["rs-futures-levers"]):
        if setup.mix:
            MixBar(setup.mix, hand_on(held, foresight, "mix", mix_values, {edge: EdgeTrack(edge) for edge in EDGES}))
        for lever in setup.levers():
            hand = hand_on(held, foresight, lever.path, lever.values_at, {1: LeverTrack(lever)})
            LeverSlider(lever, setup.value(lever.path), reading(setup.original(), lever.path), hand)
        _acts(changed=bool(setup.changes), pinned=session.baseline.value == setup)


def hand_on(held: Held, foresight: Foresight, what: str, values: ValuesAt, tracks: Mapping[int, Track]) -> Hand:
    """What a hand on a lever, or on an edge of the mix, does; places and tracks are what a browser says.

    What it is near is foreseen, where it is held is shown, and where it lets go the setup is changed.
    """

    def near(track: object) -> None:
        foresight.near(what, tracks.get(track) if isinstance(track, int) else None)

    def hold(place: Any) -> None:  # noqa: ANN401
        with suppress(*NO_PLACE):
            there = session.setup.value.with_values(values(place))
            there.case()
            held.value = there

    def release(place: Any) -> None:  # noqa: ANN401
        try:
            with suppress(*NO_PLACE):
                session.change(values(place))
        finally:
            held.value = None

    return Hand(release, hold, near)


def _acts(*, changed: bool, pinned: bool) -> None:
    """Undo, put all back, pin."""
    with solara.Div(classes=["rs-futures-acts"]):
        Act("Undo", session.undo, disabled=not session.past.value)
        Act("Put all back", session.reset, disabled=not changed)
        Act("Pin as baseline", session.pin, disabled=pinned)


def _picture(picture: Picture | None, reach: Reach, asked: Asked, *, stale: bool) -> None:
    """Headline, fan and dots; dim while they are those of another position of the levers."""
    classes = ["rs-futures-picture", *(["rs-stale"] if stale and picture else [])]
    with solara.Div(classes=classes):
        if asked.problem:
            solara.Text(asked.problem, classes=["rs-quiet"])
        elif picture is None:
            solara.Text("A thousand futures are being computed …", classes=["rs-quiet", "rs-futures-waits"])
        else:
            _said(picture)
            height = "max(15rem, calc(0.47 * (100vh - var(--bar, 4rem)) - 2.5rem))"
            Band(
                picture.fan,
                picture.backdrop,
                reach.course,
                baseline=picture.baseline_fan,
                runs=picture.runs,
                height=height,
            )
            Dots(
                picture.dots,
                picture.backdrop.threshold,
                reach.ends,
                baseline=picture.baseline_dots,
                runs=picture.runs,
                height="max(11rem, calc(0.25 * (100vh - var(--bar, 4rem))))",
            )


def _said(picture: Picture) -> None:
    """The headline and what stands under it."""
    words = picture.words
    solara.HTML(tag="h1", unsafe_innerHTML=words.large, classes=["rs-headline"])
    difference = words.difference or "This is the pinned baseline. Move a lever, and see what changes."
    more, room = f" {FUTURES - FIRST:,} more are on their way.", longest()
    _in_room("rs-futures-difference", difference, room.difference)
    _in_room("rs-quiet", words.small + (more if picture.runs < FUTURES else ""), room.small + more)


def _in_room(style: str, words: str, longest: str) -> None:
    """Words in as much room as the longest need, so that what stands below stays where it is while a lever is moved."""
    inner = f'<span class="rs-room" data-longest="{longest}"><span>{words}</span></span>'
    solara.HTML(tag="p", unsafe_innerHTML=inner, classes=[style])


def _publish(picture: Picture | None, answers: list[Asked]) -> None:
    """Hand over what can be taken away, once all futures are there."""
    if picture and all(asked.whole for asked in answers):
        table = table_of(picture)
        title, subtitle = picture.words.large, f"{picture.words.difference} {picture.words.small}".strip()
        of = tuple(asked.order.key for asked in answers)
        session.publish("futures", session.Shown(title, subtitle, table, partial(figure_of, picture, table), of))


def table_of(picture: Picture) -> pd.DataFrame:
    """The fan month by month."""
    table = pd.DataFrame(picture.fan._asdict()).rename_axis("month")
    if picture.baseline_fan:
        table["baseline_median"] = picture.baseline_fan.median
    return table.reset_index()


def figure_of(picture: Picture, table: pd.DataFrame) -> Figure:
    """The fan as a static figure."""
    return charts.fan(
        table,
        picture.backdrop.threshold,
        picture.backdrop.clock_starts,
        title=picture.words.large,
        subtitle=f"{picture.words.difference} {picture.words.small}".strip(),
    )
