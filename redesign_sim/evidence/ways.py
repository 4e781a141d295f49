"""Ways to run a case that are not the model's own: with something altered, or written down otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from redesign_sim.engine.replications import TooManyProposals, bytes_of, keys_of
from redesign_sim.evidence.altered import Alteration
from redesign_sim.evidence.altering import altered_runs, run_altered_by_month
from redesign_sim.evidence.readings import OFF_MONTHS, OFF_STATE, column, state_before
from redesign_sim.scenario import override
from redesign_sim.world.measures import COURSES, MEASURES
from redesign_sim.world.records import copy_of
from redesign_sim.world.tables import outcomes_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from redesign_sim.evidence.claims import Condition, Expectation, Sheets
    from redesign_sim.scenario import Scenario


def as_written(scenario: Scenario) -> Scenario:
    """A case as it is written."""
    return scenario


@dataclass(frozen=True)
class Way:
    """A way to run a case: what is altered while it runs, and how the case is written down for it.

    It is called like every simulator of evidence: a row a replication, with the readings wanted.
    """

    altered: Alteration = Alteration.NOTHING
    written: Callable[[Scenario], Scenario] = as_written

    def __call__(self, scenario: Scenario, replications: range, seed: int, wanted: Sequence[str], /) -> pd.DataFrame:
        """Replications run in this way, on one thread. Raises `TooManyProposals`."""
        case = self.written(scenario)
        courses = sorted({course for name in wanted if name in OFF_MONTHS for course in OFF_MONTHS[name].courses})
        months = pd.DataFrame()
        if courses:
            months = run_altered_by_month(case, replications, seed, self.altered, courses)[1]
        outcomes, held = last_days(case, replications, seed, self.altered, [n for n in wanted if n in OFF_STATE])
        columns = {name: column(name, outcomes, months, held, case) for name in wanted}
        return pd.DataFrame({"replication": outcomes["replication"], **columns})


ORDINARY = Way()


def last_days(
    scenario: Scenario, replications: range, seed: int, altered: Alteration, wanted: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outcomes, and readings of the state in which each altered replication ends. Raises `TooManyProposals`."""
    start = state_before(scenario, wanted)
    work = copy_of(start)
    work_bytes, template_bytes = bytes_of(work), bytes_of(start)
    outcomes, turned_away = np.zeros((len(replications), len(MEASURES))), np.zeros(1, np.int64)
    which, courses = np.array([int(altered)]), np.zeros((1, 0, len(COURSES)))
    rows = []
    for row, key in enumerate(keys_of(seed, replications)):
        here = outcomes[row : row + 1]
        altered_runs(work, work_bytes, template_bytes, key[None, :], here, turned_away, which, courses)
        if turned_away[0]:
            raise TooManyProposals(f"{scenario.name}, seed {seed}, replication {replications[row]}: no room left")
        rows.append({name: OFF_STATE[name].read(work) for name in wanted})
    return outcomes_table(outcomes, replications), pd.DataFrame(rows, columns=list(wanted))


def sheets_in(
    case: Scenario, tests: Iterable[Expectation], replications: range, seed: int, way_of: Callable[[Condition], Way]
) -> Sheets:
    """The runs of all conditions of some tests in a case, by name; each condition once, in the way that is its own."""
    wanted: dict[str, set[str]] = {}
    conditions: dict[str, Condition] = {}
    for test in tests:
        for condition in test.effect.conditions:
            conditions[condition.name] = condition
            wanted.setdefault(condition.name, set()).update(test.effect.readings)
    return {
        name: way_of(condition)(_under(case, condition), replications, seed, sorted(wanted[name]))
        for name, condition in conditions.items()
    }


def _under(case: Scenario, condition: Condition) -> Scenario:
    changes = condition.changes_to(case)
    return override(case, changes) if changes else case
