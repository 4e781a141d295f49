"""Replications with their course: how joined up care is at the end of every month, beside the outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redesign_sim.engine.replications import bytes_of, keys_of, refuse_cut_short, replicate
from redesign_sim.world.building import build
from redesign_sim.world.measures import MEASURES
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


class Runner:
    """Runs replications of one case on the thread that asks, in a working state of its own for each thread at work.

    The rows of a replication depend on the case, the seed and the replication's number alone, and are the bits that
    `run_ensemble` and `simulate` give.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Build the state before the first day."""
        self._scenario = scenario
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
        runs, months = len(replications), self._scenario.horizon_months + 1
        courses = Courses(np.zeros((runs, len(MEASURES))), np.zeros((runs, months)))
        turned_away: npt.NDArray[np.int64] = np.zeros(runs, np.int64)
        template = self._template.state
        work = self._state()
        keys = keys_of(self._seed, replications)
        replicate(work, bytes_of(work), bytes_of(template), keys, courses.outcomes, turned_away, courses.by_month)
        self._idle.append(work)
        refuse_cut_short(turned_away, self._scenario, replications, self._seed)
        return courses

    def _state(self) -> State:
        """A working state that no other thread is at."""
        try:
            return self._idle.pop()
        except IndexError:
            self._made += 1
            return copy_of(self._template.state)
