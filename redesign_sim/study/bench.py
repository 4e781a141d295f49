"""How fast the compiled engine is, and against the same model in Mesa's own batch runner, on one core each."""

from __future__ import annotations

import gc
import time
import warnings
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.scenario import Scenario


class Speed(NamedTuple):
    """Runs a second of both, medians over interleaved repeats, and how many times faster the compiled engine is."""

    compiled: float
    mesa: float
    ratio: float
    repeats: int
    compiled_runs: int
    mesa_runs: int


def measure(
    scenario: Scenario, *, compiled_runs: int = 200, mesa_runs: int = 1, repeats: int = 3, seed: int = 1
) -> Speed:
    """Run both in turn, so that a busy moment of the machine hits both; compiling is not counted."""
    ensemble, batch = _ensemble(scenario, seed), _batch(scenario, seed)
    ensemble(2)
    pairs = [(_rate(ensemble, compiled_runs), _rate(batch, mesa_runs)) for _ in range(repeats)]
    compiled, mesa = (median(rates) for rates in zip(*pairs, strict=True))
    return Speed(compiled, mesa, median(fast / slow for fast, slow in pairs), repeats, compiled_runs, mesa_runs)


def _ensemble(scenario: Scenario, seed: int) -> Callable[[int], object]:
    """So many replications on one thread of the compiled engine."""
    from redesign_sim.engine import run_ensemble  # noqa: PLC0415  loading the compiler takes a second

    return lambda runs: run_ensemble(scenario, range(runs), seed, threads=1)


def _batch(scenario: Scenario, seed: int) -> Callable[[int], object]:
    """So many runs of the same model in `mesa.batch_run`, in one process."""
    import mesa  # noqa: PLC0415

    from redesign_sim.model import RedesignModel  # noqa: PLC0415

    def run(runs: int) -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return mesa.batch_run(
                RedesignModel,
                {"scenario": [scenario], "seed": list(range(seed, seed + runs))},
                number_processes=1,
                max_steps=scenario.horizon_months,
                data_collection_period=-1,
                display_progress=False,
            )

    return run


def _rate(run: Callable[[int], object], runs: int) -> float:
    """Runs a second."""
    gc.collect()
    began = time.perf_counter()
    run(runs)
    return runs / (time.perf_counter() - began)
