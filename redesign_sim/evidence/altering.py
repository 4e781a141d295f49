"""Running a case with something altered: compiled, and on Mesa, to the same bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redesign_sim.engine.compiling import compiled
from redesign_sim.engine.months import step_of
from redesign_sim.engine.reference import in_a_world_with
from redesign_sim.engine.replications import begin_again, read_course, read_outcomes, run_by_entry
from redesign_sim.evidence.altered import PROPOSALS, alter_first_day, alter_month, take_altered_turns
from redesign_sim.model import RedesignModel
from redesign_sim.month import MONTH
from redesign_sim.rulekit import jitable
from redesign_sim.world.founding import found
from redesign_sim.world.measures import COURSES, MEASURES, write_outcomes
from redesign_sim.world.tables import courses_table, outcomes_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt
    import pandas as pd

    from redesign_sim.evidence.altered import Alteration
    from redesign_sim.month import Act, MonthStage
    from redesign_sim.scenario import Scenario

    Sheets = tuple[npt.NDArray[Any], ...]


# --- compiled ---------------------------------------------------------------------------------------------------------


def _by_proposals(rule: Callable[..., None]) -> Callable[[Any, int], None]:
    @jitable
    def act(world: Any, altered: int) -> None:  # noqa: ANN401  a world of records
        for i in range(take_altered_turns(world, PROPOSALS, altered)):
            rule(world.proposals[world.order[PROPOSALS, i]], world)

    return act


def _as_ever(act: Act) -> Callable[[Any, int], None]:
    step = step_of(act)

    @jitable
    def done(world: Any, altered: int) -> None:  # noqa: ANN401, ARG001
        step(world)

    return done


def _chain(steps: list[Callable[[Any, int], None]]) -> Callable[[Any, int], None]:
    """Several steps as one."""
    first, rest = steps[0], steps[1:]
    if not rest:
        return first
    others = _chain(rest)

    @jitable
    def go(world: Any, altered: int) -> None:  # noqa: ANN401
        first(world, altered)
        others(world, altered)

    return go


_whole_month = _chain(
    [_by_proposals(act.rule) if act.whom == "proposals" else _as_ever(act) for stage in MONTH for act in stage.acts]
)


@jitable
def live_first_day(world: Any, altered: int) -> None:  # noqa: ANN401
    """The first day, and what is altered on it."""
    found(world)
    alter_first_day(world, altered)


@jitable
def live_altered_month(world: Any, altered: int) -> None:  # noqa: ANN401
    """A month, with what is altered at its beginning."""
    world.scene.month += 1
    alter_month(world, altered)
    _whole_month(world, altered)


_first_day, _month = in_a_world_with(live_first_day), in_a_world_with(live_altered_month)


def _altered_runs(work, work_bytes, template_bytes, keys, outcomes, turned_away, altered, courses):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    for r in range(keys.shape[0]):
        low, high = int(keys[r, 0]), int(keys[r, 1])
        begin_again(work_bytes, template_bytes, int(work.scene[0].proposals))
        _first_day(work, low, high, altered[r])
        for month in range(int(work.case[0].horizon) + 1):
            if month > 0:
                _month(work, low, high, altered[r])
            if courses.shape[1] > 0:
                read_course(work, low, high, courses[r, month])
        read_outcomes(work, low, high, outcomes[r])
        turned_away[r] = work.scene[0].turned_away


altered_runs = compiled(_altered_runs)
"""Run so many replications, each with what is altered in it; followed by month where there are rows for courses.
Compiled only where it is asked for."""


def run_altered(
    scenario: Scenario, replications: range, seed: int, altered: Alteration, threads: int | None = None
) -> pd.DataFrame:
    """Replications of a scenario with something altered: a row a run, as `run_ensemble` gives them.

    Raises `TooManyProposals` where a run outgrew its room.
    """
    readings = np.zeros((len(replications), len(MEASURES)))
    sheets: Sheets = (readings, _all(altered, replications), _rows_of_courses(replications, 0))
    run_by_entry(scenario, replications, seed, threads, altered_runs, sheets)
    return outcomes_table(readings, replications)


def run_altered_by_month(
    scenario: Scenario, replications: range, seed: int, altered: Alteration, names: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same on one thread, with the courses named beside it: a row a run and month, as `run_courses` gives them."""
    readings = np.zeros((len(replications), len(MEASURES)))
    courses = _rows_of_courses(replications, scenario.horizon_months + 1)
    sheets: Sheets = (readings, _all(altered, replications), courses)
    run_by_entry(scenario, replications, seed, 1, altered_runs, sheets)
    return outcomes_table(readings, replications), courses_table(courses, replications, names)


def _all(altered: Alteration, replications: range) -> npt.NDArray[np.int64]:
    return np.full(len(replications), int(altered), np.int64)


def _rows_of_courses(replications: range, months: int) -> npt.NDArray[np.float64]:
    return np.zeros((len(replications), months, len(COURSES)))


# --- on Mesa ----------------------------------------------------------------------------------------------------------


class AlteredModel(RedesignModel):
    """A case on Mesa in which something is altered; its data collector's first row is of the day before that."""

    def __init__(self, scenario: Scenario, altered: Alteration, *, seed: int, replication: int = 0) -> None:
        """Found the case, then alter what is altered on the first day."""
        super().__init__(scenario, rng=seed, replication=replication, event_slots=0)
        self.altered = int(altered)
        alter_first_day(self.world, self.altered)

    def stages(self) -> Iterator[MonthStage]:
        """Live through a month stage by stage, with what is altered at its beginning."""
        self.world.scene.month += 1
        alter_month(self.world, self.altered)
        for stage in MONTH:
            for act in stage.acts:
                self._do(act)
            yield stage

    def _do(self, act: Act) -> None:
        """Everyone concerned does an act; proposals in the altered order."""
        if act.whom != "proposals":
            super()._do(act)
            return
        for place in range(take_altered_turns(self.world, PROPOSALS, self.altered)):
            act.rule(self.world.proposals[self.world.order[PROPOSALS, place]], self.world)


def outcomes_on_mesa(scenario: Scenario, altered: Alteration, seed: int, replication: int = 0) -> pd.DataFrame:
    """One altered run on Mesa, as a row like those of `run_altered`."""
    model = AlteredModel(scenario, altered, seed=seed, replication=replication)
    for _ in range(scenario.horizon_months):
        for _stage in model.stages():
            pass
    row = np.zeros((1, len(MEASURES)))
    write_outcomes(model.world, row[0])
    return outcomes_table(row, range(replication, replication + 1))
