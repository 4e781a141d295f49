"""How sure one can be: what intervals mean here, how many runs each point had, and what ended them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from redesign_sim import charts
from redesign_sim.reports.study_page.blocks import Block, Bullets, Facts, Figure, Prose, Section, Table, figure, table
from redesign_sim.reports.study_page.words import count, number, option_words, outcome_words, per_cent, span
from redesign_sim.study.interest import is_share
from redesign_sim.study.replication import Fixed, Kn, Ocba
from redesign_sim.study.statistics import SMALLEST_EFFECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from redesign_sim.reports.study_page.given import Given
    from redesign_sim.reports.study_page.words import Row

FUTURE = (
    "A future is one run of the model: the same case and settings, with other luck. Intervals say how far luck could "
    "have moved an estimate (95 %). They say nothing of whether the model is right."
)


def section(given: Given, beside: Sequence[Figure]) -> Section:
    """All of it, after the figures that show it."""
    blocks: list[Block] = [*beside, Bullets(_statements(given))]
    if not isinstance(given.study.rule, Fixed) and len(given.stopping):
        blocks += [_saved(given), *_allocations(given)]
    elif isinstance(given.study.rule, Fixed):
        blocks.append(
            Prose(f"Every point had the number of futures that was asked for: {given.study.rule.number:,}.", "note")
        )
    else:
        blocks.append(Prose("The rule of replication still asks for runs: this study is not finished.", "warning"))
    return Section("certainty", "How sure are we?", blocks)


def _statements(given: Given) -> list[str]:
    """What the intervals hold, and against what."""
    said = [FUTURE, "Shares of futures have Wilson intervals, means have t intervals."]
    if given.ranks:
        said.append(
            "An option cannot be told from the best if its difference from the first-ranked may be zero, with 95 % "
            "confidence for all options of a comparison together. A difference in the index below "
            f"{SMALLEST_EFFECT} was held too small to matter before anything was run."
        )
    return [*said, _luck(given)]


def _luck(given: Given) -> str:
    """Whether luck is shared, and what that was worth."""
    if not given.study.common_luck:
        return "Each point has luck of its own, as is best where no two points are compared but a surface is sought."
    shared = "All points share their luck: future number 7 is the same throw of the dice everywhere"
    if not given.ranks:
        return f"{shared}."
    saved = given.tables.get("shared_luck")
    if saved is None:
        return f"{shared}."
    factor = number(float(saved["median"].median()), 2)
    return f"{shared}. Without that, differences from the best would have needed {factor} times as many runs (median)."


def _saved(given: Given) -> Facts:
    """What the rule spent, against the same for all."""
    runs, most = given.stopping["runs"], int(given.stopping["runs"].max())
    equal = most * len(runs)
    ended = given.stopping["stopped_by"].value_counts()
    pairs = [
        ("runs spent", f"{int(runs.sum()):,}"),
        ("if all had had as many as the one run most", f"{equal:,}"),
        ("saved", per_cent(1 - runs.sum() / equal)),
        *((f"ended: {words}", f"{number_of:,}") for words, number_of in sorted(ended.items())),
    ]
    return Facts(pairs, "numbers")


def _allocations(given: Given) -> list[Figure]:
    """Where the runs went, a figure a case, the table of the first holds them all."""
    judged = given.study.judged
    whole = _stopping_table(given, judged)
    return [
        figure(
            f"stopping-{place}",
            f"Where the runs went: {given.cases[str(case)]}" if len(given.cases) > 1 else "Where the runs went",
            partial(
                charts.allocation, rows.rename(columns={"runs": "n", "stopped_by": "by"}), equal=_equal(given, rows)
            ),
            says=f"Runs of each of {len(rows)} points, from {int(rows['runs'].min())} to {int(rows['runs'].max())}.",
            reading=_rule_words(given),
            tables=(whole,) if place == 1 else (),
        )
        for place, (case, rows) in enumerate(given.stopping.groupby("case", sort=False), start=1)
    ]


def _equal(given: Given, rows: pd.DataFrame) -> float | None:
    """What each point would have had of the same runs, where runs were moved to those that matter."""
    moved = isinstance(given.study.rule, Ocba | Kn)
    return float(rows["runs"].mean()) if moved else None


def _rule_words(given: Given) -> str:
    """What the rule does with runs."""
    if isinstance(given.study.rule, Ocba | Kn):
        return (
            "Runs went to the options that may be the best, where they help to tell them apart. The dashed line is "
            "what each option would have had if the same runs had been spread equally."
        )
    return "Each point was run until its interval was narrow enough, or until the cap."


def _stopping_table(given: Given, judged: str) -> Table:
    """The stopping table."""
    share = is_share(judged)
    ordered = given.stopping.sort_values(["case", "context", "rank"], kind="stable")

    def interval(row: Row) -> str:
        middle = per_cent(row["estimate"], 1) if share else number(row["estimate"])
        return f"{middle} ({span(row['low'], row['high'], share=share)})"

    return table(
        "stopping",
        ordered,
        {
            "Point": lambda row: str(row["point"]),
            "What": option_words,
            "Case": lambda row: given.cases[str(row["case"])],
            "Runs": lambda row: f"{row['runs']:,}",
            f"{outcome_words(judged)} (95 %)": interval,
            "Why its runs ended": lambda row: str(row["stopped_by"]),
        },
        caption=f"Where each point's runs ended: number, {outcome_words(judged).lower()} with its interval, and why",
        shut=f"The stopping table: {count(len(ordered), 'point')}",
        words=("What", "Case", "Why its runs ended"),
    )
