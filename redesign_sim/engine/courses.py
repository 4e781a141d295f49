"""Replications with their course: how joined up care is at the end of every month, beside the outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from redesign_sim.draws import Key
from redesign_sim.engine.compiling import compiled
from redesign_sim.engine.months import WHOLE_MONTH
from redesign_sim.engine.reference import Place, world_at
from redesign_sim.engine.replications import TooManyProposals, begin_again, bytes_of, keys_of
from redesign_sim.rulekit import jitable
from redesign_sim.world.building import build
from redesign_sim.world.founding import found
from redesign_sim.world.measures import MEASURES, integration_index, write_outcomes
from redesign_sim.world.records import copy_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.building import Template
    from redesign_sim.world.records import State
    from redesign_sim.world.tables import Readings


class Courses(NamedTuple):
    """Runs, a row each: the outcomes in the order of `MEASURES`, and the integration index from month 0 on."""

    outcomes: Readings
    by_month: Readings


@jitable
def follow(world: Any, index: Any) -> None:  # noqa: ANN401  a world of records, a row
    """A whole run, with the integration index of the first day and of every month's end."""
    found(world)
    index[0] = integration_index(world)
    for month in range(1, index.shape[0]):
        world.scene.month = month
        WHOLE_MONTH(world)
        index[month] = integration_index(world)
    write_outcomes(world, world.outcomes)


def _replicate_courses(work, work_bytes, template_bytes, keys, outcomes, index, turned_away):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for r in range(keys.shape[0]):
        begin_again(work_bytes, template_bytes, int(work.scene[0].proposals))
        follow(world_at(Place(Key(int(keys[r, 0]), int(keys[r, 1])), work)), index[r])
        for m in range(outcomes.shape[1]):
            outcomes[r, m] = work.outcomes[m]
        turned_away[r] = work.scene[0].turned_away


replicate_courses = compiled(_replicate_courses)
"""Run so many replications one after the other, each from its key, into rows of outcomes and of the index."""


class Runner:
    """Runs replications of one case on the thread that asks, in a working state of its own for each thread at work.

    The rows of a replication depend on the case, the seed and the replication's number alone, and are the bits that
    `run_ensemble` and `simulate` give.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Build the state before the first day."""
        self._name = f"{scenario.name}, seed {seed}"
        self._months = scenario.horizon_months + 1
        self._seed = seed
        self._template: Template = build(scenario)
        self._idle: list[State] = []
        self._made = 0

    @property
    def size(self) -> int:
        """Bytes of its states: the one before the first day, and those it works in."""
        return sum(part.nbytes for part in self._template.state) * (1 + self._made)

    def run(self, replications: range) -> Courses:
        """The outcomes and courses of some replications. Raises `TooManyProposals` where a run outgrew its room."""
        runs = len(replications)
        courses = Courses(np.zeros((runs, len(MEASURES))), np.zeros((runs, self._months)))
        turned_away: npt.NDArray[np.int64] = np.zeros(runs, np.int64)
        template = self._template.state
        work = self._state()
        replicate_courses(
            work, bytes_of(work), bytes_of(template), keys_of(self._seed, replications), *courses, turned_away
        )
        self._idle.append(work)
        if turned_away.any():
            which = replications[int(np.flatnonzero(turned_away)[0])]
            raise TooManyProposals(f"{self._name}, replication {which}: more proposals than a run has room for")
        return courses

    def _state(self) -> State:
        """A working state that no other thread is at."""
        try:
            return self._idle.pop()
        except IndexError:
            self._made += 1
            return copy_of(self._template.state)
