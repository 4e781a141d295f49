"""Every analysis that fits a study's design, as named tidy tables with a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.study.analysis.asked import Analysis, Asked
from redesign_sim.study.analysis.comparisons import (
    effects_of,
    regrets_across_cases,
    regrets_of,
    saved_by_luck,
    surfaces,
)
from redesign_sim.study.analysis.variation import boxes_of, elementary_effects_of, regressed, sobol_of
from redesign_sim.study.errors import StudyError
from redesign_sim.study.replication import Fixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from redesign_sim.study.results import Results

    Step = Callable[[Analysis, Asked], None]

__all__ = ["Analysis", "analyse"]


def analyse(results: Results) -> Analysis:
    """Analyse a study by what its design allows, case by case and outcome by outcome.

    Outcomes that some runs are without are left out, and a sentence says so. Raises StudyError where nothing can be
    analysed.
    """
    found = Analysis()
    outcomes = list(dict.fromkeys((results.study.select_on, *results.study.outcomes)))
    runs = results.outcomes(outcomes)
    for case, design in results.design.groupby("case", sort=False):
        of_case = runs[runs["point"].isin(design["point"])]
        for outcome in outcomes:
            _one(found, Asked(results, str(case), outcome, design, of_case))
    regrets_across_cases(found, results, runs)
    if not found.tables:
        raise StudyError("Nothing in this study can be analysed: " + " ".join(found.sentences))
    _warn(found, results, runs)
    return found


def _one(found: Analysis, asked: Asked) -> None:
    """Everything that the design allows for one outcome of one case; what cannot be done is said."""
    for step in _steps(asked):
        try:
            step(found, asked)
        except StudyError as error:
            found.say(f"{asked.case}, {asked.outcome}: {error}")


def _steps(asked: Asked) -> Iterator[Step]:
    """The analyses that fit the design, the most telling first."""
    design = asked.results.study.design
    if design.mixture:
        yield surfaces
    if len(asked.contexts) > 1 and len(asked.options) > 1:
        yield regrets_of
    if design.kind in {"factorial", "one_at_a_time"} or design.mixture:
        yield effects_of
    by_kind: dict[str, Step] = {"saltelli": sobol_of, "morris": elementary_effects_of}
    if design.kind in by_kind:
        yield by_kind[design.kind]
    if design.kind in {"latin_hypercube", "sobol"} or asked.has_draws:
        yield regressed
        yield boxes_of
    if asked.results.study.common_luck and not design.sampled:
        yield saved_by_luck


def _warn(found: Analysis, results: Results, runs: pd.DataFrame) -> None:
    """What stands over all that was found: runs that failed, and runs that were given out by what came out."""
    failed = int(runs["failure"].notna().sum())
    if failed:
        found.say(f"{failed} of {len(runs)} runs failed and are left out.")
    if not isinstance(results.study.rule, Fixed):
        found.say("What came out has decided how often each point was run, so 95 % holds for these limits only nearly.")
