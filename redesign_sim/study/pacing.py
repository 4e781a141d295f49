"""How much is handed out at a time, by what a run costs."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.study.engines import Simulator
    from redesign_sim.study.execution import Crew
    from redesign_sim.study.runs import Point

SMALLEST_BLOCK, SECONDS_A_BLOCK, LARGEST_BLOCK = 25, 1.0, 500
"""Replications that are run of one point before the next has its turn: an interrupted study is balanced to this."""

SECONDS_A_BATCH, SECONDS_A_REMOTE_BATCH = 1.0, 4.0
LARGEST_BATCH = 10_000

LONG = 0.1
"""Seconds in which it can be told what a run costs: by one run, or by several short ones."""


def seconds_a_run_there(crew: Crew, point: Point, simulate: Simulator) -> float:
    """What a run costs where the work is done."""
    try:
        return crew.executor.submit(seconds_a_run, point, simulate).result()
    except crew.killed_by:
        return SECONDS_A_BATCH / SMALLEST_BLOCK


def seconds_a_run(point: Point, simulate: Simulator) -> float:
    """What a run of a point costs here; the first pays for warming up, and a short one is timed more than once."""
    scenario = point.scenario
    try:
        simulate(scenario, range(1), point.seed)
        seconds = _timed(partial(simulate, scenario, range(1), point.seed))
        several = min(SMALLEST_BLOCK, int(LONG / max(seconds, 1e-6)))
        return seconds if several < 2 else _timed(partial(simulate, scenario, range(several), point.seed)) / several  # noqa: PLR2004
    except Exception:  # noqa: BLE001  the run itself will tell what fails, and where
        return SECONDS_A_BATCH / SMALLEST_BLOCK


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def block_size(seconds: float) -> int:
    """Replications in a block: enough to be worth setting a scenario up for, few enough to stay balanced."""
    return max(SMALLEST_BLOCK, min(LARGEST_BLOCK, int(SECONDS_A_BLOCK / max(seconds, 1e-6))))


def batch_size(seconds: float, *, remote: bool = False) -> int:
    """Runs in a batch that takes about a second: short enough to stop soon, long enough to be worth a file."""
    long = SECONDS_A_REMOTE_BATCH if remote else SECONDS_A_BATCH
    return max(1, min(LARGEST_BATCH, int(long / max(seconds, 1e-6))))
