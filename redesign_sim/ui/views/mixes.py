"""Which mixes of leadership produce integrated services: a triangle of three types, for each share of the fourth."""

from __future__ import annotations

from functools import lru_cache, partial
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import solara

from redesign_sim import charts
from redesign_sim.charts.tones import Ends
from redesign_sim.scenario import override, scenario_digest
from redesign_sim.study.analysis import Finding, finding, summarise
from redesign_sim.study.mixes import TYPE_WORDS, TYPES, Mix, lattice
from redesign_sim.ui import session
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.fourth import Fourth
from redesign_sim.ui.components.numbers import Numbers, percent
from redesign_sim.ui.components.simplex import (
    Simplex,
    cells_of,
    corners_of,
    others_of,
    place_of,
    scale_of,
    words_of,
)
from redesign_sim.ui.computing import Order, order
from redesign_sim.ui.ensembles import use_ensembles
from redesign_sim.ui.setup import MIX_PATHS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.ensembles import Asked

TITLE = "Mixes"

PARTS = 10
"""Mixes differ by tenths."""
STEPS, RUNS = (20, 50, 100), 200
"""Futures of every mix: a few of each at first, then more."""
RANKED_BY = "integrated"
"""What the triangle shows is also what says which mixes may be the best: a room sees one measure, not two."""
REST = 0.25
"""Seconds between pictures while mixes come in."""
NEAR = 0.5 / PARTS
"""The mix of the levers is shown in the slice that it is nearest to."""

STYLE = """
.rs-mixes { display: grid; grid-template-columns: minmax(0, 1.7fr) minmax(17rem, 1fr); gap: calc(1.5 * var(--gap)); }
.rs-mixes > div { min-width: 0; }
.rs-mixes .rs-headline { font-size: calc(0.75 * var(--headline)); line-height: 1.25; margin-bottom: 6px; }
.rs-mixes-acts { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 var(--gap); }
.rs-mixes-picked { font-size: var(--large); font-weight: 600; margin: 0 !important; }
@media (max-width: 900px) { .rs-mixes { grid-template-columns: minmax(0, 1fr); } }
"""


class Slice(NamedTuple):
    """The mixes that hold one share of one type, with what is known of each."""

    fourth: str
    tenths: int
    mixes: tuple[Mix, ...]
    table: pd.DataFrame
    whole: bool

    @property
    def complete(self) -> bool:
        """Whether something is known of every mix."""
        return len(self.table) == len(self.mixes)


@solara.component
def Page() -> None:
    """Choose the fourth type and its share; the triangle fills as futures come in."""
    fourth, set_fourth = solara.use_state("high_impact")
    tenths, set_tenths = solara.use_state(2)
    picked, set_picked = solara.use_state(-1)
    base, seed = session.setup.value.case(), session.seed.value
    mixes = slice_of(fourth, tenths)
    orders = solara.use_memo(lambda: orders_of(base, mixes, seed), [scenario_digest(base), seed, mixes])
    answers = use_ensembles(orders, STEPS, rest=REST)
    runs = [asked.ensemble.runs if asked.ensemble else 0 for asked in answers]
    shown = solara.use_memo(
        lambda: Slice(fourth, tenths, mixes, table_of(mixes, answers, tenths), all(each.whole for each in answers)),
        [scenario_digest(base), seed, mixes, runs],
    )
    ends = use_ends(shown, session.runs_of(base, seed, any_mix=True))
    solara.use_effect(lambda: _publish(base, seed, shown, ends), [shown, ends])
    solara.use_effect(lambda: set_picked(-1), [mixes])
    solara.Style(STYLE)
    with solara.Div(classes=["rs-view", "rs-mixes"]):
        with solara.Div():
            _triangle(shown, ends, picked, set_picked)
        with solara.Div():
            _said(base, shown, next((each.problem for each in answers if each.problem), ""))
            Fourth(
                kinds=[{"value": kind, "words": TYPE_WORDS[kind]} for kind in TYPES],
                fourth=fourth,
                tenths=tenths,
                event_fourth=set_fourth,
                event_tenths=set_tenths,
            )
            _picked(shown, picked)
            Numbers(columns=["Mix", "Integrate", "95 %", "Futures", ""], rows=rows_of(shown))


@lru_cache(maxsize=64)
def slice_of(fourth: str, tenths: int) -> tuple[Mix, ...]:
    """Every mix in tenths that holds so many tenths of the fourth type."""
    left, right, top = others_of(fourth)
    return tuple(
        Mix(**{fourth: tenths / PARTS, left: a / PARTS, right: b / PARTS, top: c / PARTS})
        for a, b, c in lattice(PARTS - tenths, 3)
    )


def orders_of(base: Scenario, mixes: tuple[Mix, ...], seed: int) -> list[Order]:
    """The base case with each mix in place of its own."""
    return [order(override(base, dict(zip(MIX_PATHS, mix, strict=True))), seed, RUNS) for mix in mixes]


def table_of(mixes: tuple[Mix, ...], answers: list[Asked], tenths: int) -> pd.DataFrame:
    """What is known of each mix, ranked by what the triangle shows; until there is something of each, none may be
    best.
    """
    there = [(number, asked.ensemble) for number, asked in enumerate(answers) if asked.ensemble]
    if not there:
        return pd.DataFrame()
    design = pd.DataFrame(
        [{"point": n, "context": f"slice {tenths}", "settings": "", **mixes[n]._asdict()} for n, _ in there]
    )
    runs = pd.concat(
        pd.DataFrame(
            {
                "point": number,
                "replication": range(ensemble.runs),
                "integrated": ensemble.outcome("integrated") > 0,
                "integration_index": ensemble.outcome("integration_index"),
                "failure": None,
            }
        )
        for number, ensemble in there
    )
    table = summarise(design, runs, ("integrated", "integration_index"), RANKED_BY)
    return table if len(there) == len(mixes) else table.assign(may_be_best=False)


def use_ends(shown: Slice, of: session.Runs) -> Ends:
    """A hook: the ends of the colours; they hold every slice that has been seen whole, so that slices compare."""
    seen: Any = solara.use_ref((of, list[float]()))
    known = seen.current[1] if seen.current[0] == of else []
    shares = [*known, *shown.table["integrated"]] if len(shown.table) else known
    if shown.whole and shares:
        known = [min(shares), max(shares)]
    seen.current = (of, known)
    return Ends.around(min(shares, default=0.0), max(shares, default=1.0))


def _triangle(shown: Slice, ends: Ends, picked: int, set_picked: Any) -> None:  # noqa: ANN401  a setter of Solara's
    """The triangle with its legend."""
    mine = session.setup.value.mix
    share = getattr(Mix(*mine), shown.fourth) if mine else -1.0
    near = mine and abs(share - shown.tenths / PARTS) < NEAR and share < 1
    Simplex(
        cells=cells_of(list(shown.mixes), shown.fourth, shown.table, ends),
        corners=corners_of(shown.fourth, 1 - shown.tenths / PARTS),
        step=1 / max(PARTS - shown.tenths, 1),
        scale=scale_of(ends, shown.table),
        label=_spoken(shown),
        picked=picked,
        mine=place_of(Mix(*mine), shown.fourth) if near and mine else None,
        height="min(max(20rem, calc(100vh - var(--bar, 4rem) - 3.2rem - 4.6 * var(--small))), 95vw)",
        event_pick=set_picked,
    )


def _said(base: Scenario, shown: Slice, problem: str) -> None:
    """What comes out of the slice, as far as it is known."""
    head, text = _words(base, shown)
    solara.HTML(tag="h1", unsafe_innerHTML=escape(head), classes=["rs-headline"])
    solara.Text(problem or text.replace(" %", "\N{NO-BREAK SPACE}%"), classes=["rs-quiet"])


def _words(base: Scenario, shown: Slice) -> tuple[str, str]:
    """A headline and a sentence."""
    slice_words = f"{percent(shown.tenths / PARTS)} {TYPE_WORDS[shown.fourth]}"
    if not shown.complete:
        return f"Mixes with {slice_words}", f"{len(shown.table)} of {len(shown.mixes)} mixes have been tried so far."
    found: Finding = finding(shown.table.assign(context=f"{base.title}, with {slice_words},"), RANKED_BY)
    runs = int(shown.table["runs"].min())
    more = "" if shown.whole else f" So far {runs} futures of each; more are on their way."
    return found.title, found.sentence + more


def _picked(shown: Slice, picked: int) -> None:
    """What one can do with a mix that was clicked."""
    if not 0 <= picked < len(shown.mixes):
        solara.Text("Click a mix to take it further.", classes=["rs-quiet"])
        return
    mix = shown.mixes[picked]
    solara.HTML(tag="p", unsafe_innerHTML=words_of(mix), classes=["rs-mixes-picked"])
    with solara.Div(classes=["rs-mixes-acts"]):
        for name, words in (("futures", "Take it to Futures"), ("history", "See one history")):
            Act(words, partial(_take, mix, name), main=True)


def _take(mix: Mix, name: str) -> None:
    """Set the levers to a mix, and turn to a view."""
    session.change_mix(mix)
    session.go(name)


def rows_of(shown: Slice) -> list[list[str]]:
    """The mixes from best to worst, as the table alternative."""
    return [
        [
            words_of(Mix(*(row[kind] for kind in TYPES))),
            percent(row["integrated"]),
            f"{100 * row['integrated_low']:.0f} to {100 * row['integrated_high']:.0f}",
            str(row["runs"]),
            "cannot be told from the best" if row["may_be_best"] else "",
        ]
        for row in shown.table.to_dict("records")
    ]


def _spoken(shown: Slice) -> str:
    """The triangle in a sentence."""
    best = f"; the best-ranked is {rows_of(shown)[0][0]}" if shown.complete else ""
    return f"{len(shown.mixes)} mixes with {percent(shown.tenths / PARTS)} {TYPE_WORDS[shown.fourth]}{best}."


def _publish(base: Scenario, seed: int, shown: Slice, ends: Ends) -> None:
    """Hand over what can be taken away, once every mix has its futures."""
    if shown.whole and shown.complete:
        title, subtitle = _words(base, shown)
        figure = partial(_figure, shown, ends, title, subtitle)
        table = shown.table.drop(columns=["point", "settings"])
        of = (session.runs_of(base, seed, any_mix=True),)
        session.publish("mixes", session.Shown(title, subtitle, table, figure, of))


def _figure(shown: Slice, ends: Ends, title: str, subtitle: str) -> Figure:
    """The slice as a static figure, in the colours of the page."""
    levels = [shown.tenths / PARTS]
    return charts.simplex(shown.table, title=title, subtitle=subtitle, fourth=shown.fourth, levels=levels, ends=ends)
