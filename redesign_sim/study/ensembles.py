"""One history, and many: the two ways of running a case from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from redesign_sim.draws import replicate_key
from redesign_sim.month import MONTH
from redesign_sim.scenario import Scenario, load_scenario
from redesign_sim.world.building import build
from redesign_sim.world.measures import COURSES, MEASURES, write_course, write_outcomes
from redesign_sim.world.records import copy_of, seen_by_rules
from redesign_sim.world.tables import Recorder, courses_table, outcomes_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from redesign_sim.model import RedesignModel
    from redesign_sim.world.tables import Run

Engine = Literal["compiled", "mesa"]

EVENT_SLOTS = 400_000
"""Room for the events of one history."""


def simulate(scenario: Scenario | str | Path, seed: int, *, engine: Engine = "mesa", replication: int = 0) -> Run:
    """One history of a case, with every event and its reason.

    The same from either engine, bit for bit; Mesa's needs no compiling. Equal to row `replication` of
    `simulate_ensemble` under the same seed. Raises ScenarioError for a scenario that cannot be read.
    """
    case = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    months = _mesa_months if engine == "mesa" else _compiled_months
    world, labels, live_a_month = months(case, seed, replication)
    recorder = Recorder(world, labels, scenario_name=case.name, seed=seed, replication=replication)
    for _ in range(case.horizon_months):
        live_a_month()
        recorder.month()
    return recorder.finish()


def _mesa_months(case: Scenario, seed: int, replication: int) -> tuple[Any, Any, Callable[[], object]]:
    from redesign_sim.model import RedesignModel  # noqa: PLC0415  Mesa takes a second to load

    model = RedesignModel(case, seed=seed, replication=replication, event_slots=EVENT_SLOTS)
    return model.world, model.labels, lambda: list(model.stages())


def _compiled_months(case: Scenario, seed: int, replication: int) -> tuple[Any, Any, Callable[[], object]]:
    from redesign_sim.engine.replications import STAGE_ENTRIES  # noqa: PLC0415  Mesa's runs need no compiler

    template = build(case, event_slots=EVENT_SLOTS)
    state, key = copy_of(template.state), replicate_key(seed, replication)
    STAGE_ENTRIES["founding"](state, *key)

    def live_a_month() -> None:
        state.scene[0].month += 1
        for stage in MONTH:
            STAGE_ENTRIES[stage.name](state, *key)

    return seen_by_rules(state, key), template.labels, live_a_month


def simulate_ensemble(
    scenario: Scenario | str | Path,
    replications: int,
    seed: int,
    *,
    engine: Engine = "compiled",
    threads: int | None = None,
    first_replication: int = 0,
) -> pd.DataFrame:
    """Many futures of a case: a row a run, `replication` and every outcome (units in `attrs["units"]`).

    Whoever runs two scenarios under one seed compares them under common random numbers. `threads` (all cores where
    none is stated) changes the time it takes, never a bit of the answer. Raises ScenarioError for a scenario that
    cannot be read.
    """
    case = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    which = range(first_replication, first_replication + replications)
    if engine == "compiled":
        from redesign_sim.engine import run_ensemble  # noqa: PLC0415

        return run_ensemble(case, which, seed, threads)
    return interpreted(case, which, seed)[0]


def interpreted(
    case: Scenario, replications: range, seed: int, courses: Sequence[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs on Mesa: the outcomes, a row a run, and the named courses, a row a run and month."""
    from redesign_sim.model import RedesignModel  # noqa: PLC0415

    readings = np.zeros((len(replications), len(MEASURES)))
    months = np.zeros((len(replications), case.horizon_months + 1, len(COURSES)))
    for row, followed, replication in zip(readings, months, replications, strict=True):
        model = RedesignModel(case, seed=seed, replication=replication, event_slots=0)
        for month in followed:
            if courses:
                write_course(model.world, month)
            if model.world.scene.month < case.horizon_months:
                _live_a_month(model)
        write_outcomes(model.world, row)
    return outcomes_table(readings, replications), courses_table(months, replications, courses)


def _live_a_month(model: RedesignModel) -> None:
    """A month without the data collector."""
    for _ in model.stages():
        pass
