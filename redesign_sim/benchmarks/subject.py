"""What is measured: both executions, the stages of a month by themselves, the room a run takes, and starting up."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import redesign_sim
from redesign_sim.benchmarks.timing import Took

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from redesign_sim.scenario import Scenario


class Subject(NamedTuple):
    """The things to be measured, so that tests can put others in their place.

    `ensemble(case, runs, threads)` runs the compiled engine and gives its outcomes; `batch(case, runs)` the same model
    in `mesa.batch_run`; `stages(case, runs)` gives the seconds of each stage; `room(case)` the bytes of a run's state;
    `started(arguments, environment)` how long a Python with these arguments takes; `peak(case, runs)` the most memory
    in bytes of a process that runs so many, or None where the system does not say.
    """

    ensemble: Callable[[Scenario, int, int], pd.DataFrame]
    batch: Callable[[Scenario, int], object]
    stages: Callable[[Scenario, int], dict[str, float]]
    room: Callable[[Scenario], int]
    started: Callable[[tuple[str, ...], Mapping[str, str]], Took]
    peak: Callable[[str, int], int | None]


SEED = 1


def ensemble(case: Scenario, runs: int, threads: int) -> pd.DataFrame:
    """So many replications of the compiled engine."""
    from redesign_sim.engine import run_ensemble  # noqa: PLC0415  loading the compiler takes a second

    return run_ensemble(case, range(runs), SEED, threads)


def batch(case: Scenario, runs: int) -> object:
    """So many runs of the same model in `mesa.batch_run`, in one process, as a user of Mesa would have them."""
    import mesa  # noqa: PLC0415

    from redesign_sim.model import RedesignModel  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mesa.batch_run(
            RedesignModel,
            {"scenario": [case], "seed": list(range(SEED, SEED + runs))},
            number_processes=1,
            max_steps=case.horizon_months,
            data_collection_period=-1,
            display_progress=False,
        )


def stages(case: Scenario, runs: int) -> dict[str, float]:
    """Seconds that each stage of the month takes over whole runs, the first day among them.

    Each is called by itself, and what handing over the state takes is taken off: a stage that does nothing is timed
    beside them.
    """
    from redesign_sim.draws import replicate_key  # noqa: PLC0415
    from redesign_sim.engine.replications import STAGE_ENTRIES  # noqa: PLC0415
    from redesign_sim.month import MONTH  # noqa: PLC0415
    from redesign_sim.world.building import build  # noqa: PLC0415
    from redesign_sim.world.records import copy_of  # noqa: PLC0415

    template, entries = build(case).state, STAGE_ENTRIES | {"nothing": _nothing()}
    took, calls = dict.fromkeys(entries, 0.0), dict.fromkeys(entries, 0)

    def call(name: str, state: Any, key: Any) -> None:  # noqa: ANN401  records, two words
        began = time.perf_counter()
        entries[name](state, *key)
        took[name] += time.perf_counter() - began
        calls[name] += 1

    for replication in range(-1, runs):  # the first, of a luck of its own, compiles what is missing
        if replication == 0:
            took, calls = dict.fromkeys(entries, 0.0), dict.fromkeys(entries, 0)
        state, key = copy_of(template), replicate_key(SEED, replication % max(1, runs))
        call("founding", state, key)
        for _ in range(case.horizon_months):
            state.scene[0].month += 1
            call("nothing", state, key)
            for stage in MONTH:
                call(stage.name, state, key)
    handing_over = took.pop("nothing") / calls.pop("nothing")
    return {name: max(0.0, seconds - calls[name] * handing_over) for name, seconds in took.items()}


def _nothing() -> Callable[..., None]:
    """A stage in which nothing happens."""
    from redesign_sim.engine.compiling import compiled  # noqa: PLC0415
    from redesign_sim.engine.months import chain  # noqa: PLC0415
    from redesign_sim.engine.reference import in_a_world  # noqa: PLC0415

    taken = in_a_world(chain([]))

    def nothing(state, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        taken(state, low, high)

    return compiled(nothing)


def room(case: Scenario) -> int:
    """Bytes of the state that a run works in; each thread has one, and one more is kept to begin from."""
    from redesign_sim.world.building import build  # noqa: PLC0415

    return sum(part.nbytes for part in build(case).state)


def started(arguments: tuple[str, ...], environment: Mapping[str, str]) -> Took:
    """How long a Python process with these arguments takes, from its start to its end."""
    own, began = os.times(), time.perf_counter()
    python(arguments, environment)
    clock, after = time.perf_counter() - began, os.times()
    worked = after.children_user + after.children_system - own.children_user - own.children_system
    return Took(clock, worked)


def python(arguments: tuple[str, ...], environment: Mapping[str, str]) -> str:
    """What a Python process writes that knows this package."""
    here = str(Path(redesign_sim.__file__).parents[1])
    paths = os.pathsep.join(path for path in (here, os.environ.get("PYTHONPATH")) if path)
    ran = subprocess.run(  # noqa: S603  this Python, with arguments of its own
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


PEAK = """
import resource, sys
from redesign_sim import simulate_ensemble
simulate_ensemble(sys.argv[1], int(sys.argv[2]), 1, threads=1)
if sys.platform == "linux":  # getrusage counts what the process that started this one had
    with open("/proc/self/status") as status:
        print(1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def peak(case: str, runs: int) -> int | None:
    """The most memory that a process has had that ran so many replications on one thread, in bytes."""
    if sys.platform == "win32":
        return None
    return int(python(("-c", PEAK, case, str(runs)), {}))


REAL = Subject(ensemble, batch, stages, room, started, peak)
"""The package as it is."""
