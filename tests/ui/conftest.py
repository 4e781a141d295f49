"""A stand-in for the engine, whose runs can be watched and held up."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import numpy as np
import pytest

from redesign_sim.engine.courses import Courses
from redesign_sim.scenario import load_scenario, override
from redesign_sim.ui.computing import Desk, order
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.computing import Pool

PATIENCE = 20.0
"""Seconds after which what was waited for is taken never to come."""


class Watched:
    """Runs whose every number is the replication's, noted as they are asked for."""

    size = 1000

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench, self.name = bench, name

    def run(self, replications: range) -> Courses:
        if replications.start >= self.bench.held_from:
            assert self.bench.gate.wait(PATIENCE)
        self.bench.log.append((self.name, replications))
        if self.name in self.bench.failing:
            raise RuntimeError("more proposals than a run has room for")
        column = np.array(replications, float).reshape(-1, 1)
        return Courses(column.repeat(len(MEASURES), axis=1), column.repeat(37, axis=1))


class Bench:
    """Makes watched runs; while `gate` is closed, those from `held_from` on wait. Cases in `failing` cannot be run."""

    def __init__(self) -> None:
        self.log: list[tuple[str, range]] = []
        self.gate = Event()
        self.gate.set()
        self.held_from = 0
        self.failing: set[str] = set()

    def __call__(self, scenario: Scenario, seed: int) -> Watched:
        del seed
        return Watched(self, scenario.name)

    def runs_of(self, name: str) -> int:
        return sum(len(which) for each, which in self.log if each == name)


def run_elsewhere(pool: Pool, case: Scenario, runs: int) -> None:
    """Have something run at another desk."""
    desk = Desk(pool)
    (work,) = desk.ask([order(case, 1, runs)])
    while work.ready < runs:
        assert desk.changed.wait(PATIENCE)
        desk.changed.clear()
    desk.close()


def until(state: Callable[[], bool]) -> None:
    """Wait for a state."""
    for _ in range(int(100 * PATIENCE)):
        if state():
            return
        Event().wait(0.01)
    raise AssertionError("it never came")


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def case() -> Callable[[str], Scenario]:
    classroom = load_scenario("classroom")
    return lambda name: override(classroom, {"name": name})
