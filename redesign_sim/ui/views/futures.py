"""Many futures of a case: seven levers, and what a thousand runs under the same luck say at once."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

import pandas as pd
import solara

from redesign_sim import charts
from redesign_sim.scenario import ScenarioError
from redesign_sim.ui import session
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.band import Backdrop, Band, Fan, backdrop_of, fan_of
from redesign_sim.ui.components.dots import Dot, Dots, dots_of
from redesign_sim.ui.components.sliders import LeverSlider, MixBar
from redesign_sim.ui.computing import order
from redesign_sim.ui.ensembles import FUTURES, Ensemble, use_ensembles, use_foresight
from redesign_sim.ui.findings import Headline, headline
from redesign_sim.ui.setup import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.ensembles import Asked

    Foresee = Callable[[Scenario, int], None]

TITLE = "Futures"

STYLE = """
.rs-futures { display: grid; grid-template-columns: minmax(17rem, 24rem) minmax(0, 1fr); gap: calc(1.6 * var(--gap)); }
.rs-futures-difference { font-size: var(--large); margin: 0 0 2px; min-height: 1.4em; }
.rs-futures-picture { transition: opacity .12s ease-out; min-width: 0; }
.rs-futures-waits { min-height: 60vh; }
.rs-futures-acts { display: flex; flex-wrap: wrap; gap: 8px; margin-top: var(--gap); }
@media (max-width: 760px) { .rs-futures { grid-template-columns: minmax(0, 1fr); } .rs-futures-picture { order: -1; } }
"""


class Picture(NamedTuple):
    """All that is drawn of some futures and their baseline."""

    words: Headline
    runs: int
    backdrop: Backdrop
    fan: Fan
    dots: list[Dot]
    baseline_fan: Fan | None
    baseline_dots: list[Dot] | None


@solara.component
def Page() -> None:
    """Levers on the left, what comes of them on the right."""
    setup, pinned, seed = session.setup.value, session.baseline.value, session.seed.value
    orders = solara.use_memo(
        lambda: [order(each.case(), seed, FUTURES) for each in dict.fromkeys((setup, pinned))], [setup, pinned, seed]
    )
    answers = use_ensembles(orders)
    picture, stale = use_picture(answers)
    foresee = use_foresight()
    solara.use_effect(lambda: _publish(picture, answers, stale=stale), [picture, stale])
    solara.Style(STYLE)
    with solara.Div(classes=["rs-view", "rs-futures"]):
        _levers(foresee)
        _picture(picture, answers[0], stale=stale)


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


def _levers(foresee: Foresee) -> None:
    """The levers that act on this case, the mix first, and what one may do with all of them."""
    setup = session.setup.value
    with solara.Div(classes=["rs-futures-levers"]):
        if setup.mix:
            MixBar(setup.mix, session.change_mix, lambda shares: _held(session.mix_values(shares), foresee))
        for lever in setup.levers():
            LeverSlider(
                lever,
                setup.value(lever.path),
                reading(setup.original(), lever.path),
                partial(_move, lever.path),
                on_hold=partial(_held_at, lever.path, foresee),
            )
        _acts(changed=bool(setup.changes), pinned=session.baseline.value == setup)


def _move(path: str, value: float) -> None:
    session.change({path: value})


def _held_at(path: str, foresee: Foresee, value: float) -> None:
    _held({path: value}, foresee)


def _held(values: Mapping[str, float], foresee: Foresee) -> None:
    """Levers rest somewhere in the hand: what would come of them is computed, and drawn only once they are released."""
    with suppress(ScenarioError):
        foresee(session.setup.value.with_values(values).case(), session.seed.value)


def _acts(*, changed: bool, pinned: bool) -> None:
    """Undo, put all back, pin."""
    with solara.Div(classes=["rs-futures-acts"]):
        Act("Undo", session.undo, disabled=not session.past.value)
        Act("Put all back", session.reset, disabled=not changed)
        Act("Pin as baseline", session.pin, disabled=pinned)


def _picture(picture: Picture | None, asked: Asked, *, stale: bool) -> None:
    """Headline, fan and dots; dim while they are those of another position of the levers."""
    classes = ["rs-futures-picture", *(["rs-stale"] if stale and picture else [])]
    with solara.Div(classes=classes):
        if asked.problem:
            solara.Text(asked.problem, classes=["rs-quiet"])
        elif picture is None:
            solara.Text("A thousand futures are being computed …", classes=["rs-quiet", "rs-futures-waits"])
        else:
            _said(picture)
            height = "max(15rem, calc(0.5 * (100vh - var(--bar, 4rem)) - 2rem))"
            Band(picture.fan, picture.backdrop, baseline=picture.baseline_fan, runs=picture.runs, height=height)
            Dots(
                picture.dots,
                picture.backdrop.threshold,
                baseline=picture.baseline_dots,
                runs=picture.runs,
                height="max(11rem, calc(0.27 * (100vh - var(--bar, 4rem))))",
            )


def _said(picture: Picture) -> None:
    """The headline and what stands under it."""
    words = picture.words
    solara.HTML(tag="h1", unsafe_innerHTML=words.large, classes=["rs-headline"])
    difference = words.difference or "This is the pinned baseline. Move a lever, and see what changes."
    solara.HTML(tag="p", unsafe_innerHTML=difference, classes=["rs-futures-difference"])
    more = f" {FUTURES - picture.runs:,} more are on their way." if picture.runs < FUTURES else ""
    solara.HTML(tag="p", unsafe_innerHTML=words.small + more, classes=["rs-quiet"])


def _publish(picture: Picture | None, answers: list[Asked], *, stale: bool) -> None:
    """Hand over what can be taken away, once all futures are there."""
    if picture and not stale and all(asked.whole for asked in answers):
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
