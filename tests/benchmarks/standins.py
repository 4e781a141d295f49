"""Stand-ins for what the suite measures: a plan that takes no time, and a subject that does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from redesign_sim.benchmarks import suite
from redesign_sim.benchmarks.cases import Size
from redesign_sim.benchmarks.subject import Subject
from redesign_sim.benchmarks.timing import Took

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redesign_sim.scenario import Scenario

TINY = suite.Plan(
    cases=("classroom",),
    seconds=1e-4,
    repeats=2,
    grown={"people": (Size(20, 4), Size(40, 4)), "proposals": (Size(stock=0.1), Size(stock=0.4))},
    threads=(1, 2),
    memory=(1, 5),
    starts=2,
    cold=True,
)


class Calls(list[tuple[str, ...]]):
    """A subject that does nothing but say what was asked of it."""

    def ensemble(self, case: Scenario, runs: int, threads: int) -> pd.DataFrame:
        self.append(("ensemble", case.name, str(threads)))
        sum(range(20 * runs * len(case.organisations.members)))
        return pd.DataFrame({"proposals_started": [100.0 * case.behaviour.taking_stock] * runs})

    def batch(self, case: Scenario, runs: int) -> None:
        self.append(("batch", case.name, str(runs)))
        sum(range(10_000))

    def started(self, arguments: tuple[str, ...], environment: Mapping[str, str]) -> Took:
        self.append(("started", *arguments, *environment))
        return Took(0.5 + len(self) / 100.0, 0.25)

    def subject(self) -> Subject:
        return Subject(
            self.ensemble,
            self.batch,
            lambda _, runs: {"founding": 1.0 * runs, "negotiation": 3.0 * runs},
            lambda _: 1_500_000,
            self.started,
            lambda _, runs: 100_000_000 + runs,
        )
