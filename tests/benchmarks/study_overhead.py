"""What a study costs beyond its runs: python tests/benchmarks/study_overhead.py [replications] [large] [repeats]

Every mix of dementia_london in steps of one tenth (286 points), by default 20 replications of each, on one thread:
first the bare engine, point by point, then the same runs as a study, stored, interleaved and repeated. Prints runs a
second of both, their ratio, bytes a run on disk, and the peak memory of this process. Then what the study layer takes
of it, for each run and for each point, told apart by a stand-in that gives random outcomes in no time. At last 228,800
runs of that stand-in, for the memory of a large study; `large` is their number for each point, 0 for none. Not run by
pytest.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redesign_sim.engine import run_ensemble, warm_up
from redesign_sim.scenario import load_scenario
from redesign_sim.study.experiment import Experiment, resolve
from redesign_sim.study.results import load_results
from redesign_sim.study.running import run_experiment
from redesign_sim.study.schema import Study
from redesign_sim.world.measures import MEASURES
from redesign_sim.world.tables import outcomes_table

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from redesign_sim.scenario import Scenario


def asked(replications: int) -> Study:
    """The study that is timed."""
    return Study.model_validate(
        {
            "name": "overhead",
            "question": "What does a study cost beyond its runs?",
            "scenarios": ["dementia_london"],
            "design": {"kind": "simplex_lattice", "divisions": 10},
            "replications": replications,
        }
    )


class Took(NamedTuple):
    """Seconds by the clock and of this process's own work; others on the machine make the first longer."""

    clock: float
    own: float


def timed(work: Callable[[], object]) -> Took:
    """How long something takes."""
    began = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began[0], time.process_time() - began[1])


def bare(experiment: Experiment) -> Took:
    """The engine alone: each point's scenario is there, and its rows are thrown away."""
    scenarios = [point.scenario for point in experiment.points]
    replications = range(experiment.study.rule.least)

    def run() -> None:
        for point, scenario in zip(experiment.points, scenarios, strict=True):
            run_ensemble(scenario, replications, point.seed, threads=1)

    return timed(run)


def studied(experiment: Experiment, place: Path) -> Took:
    """The whole: the folder, the design, every run stored, the summary and the crate."""
    shutil.rmtree(place, ignore_errors=True)
    return timed(lambda: run_experiment(experiment, place, workers=1).summary)


def peak() -> float:
    """The most memory that this process has had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def any_outcomes(_: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """Random outcomes, which no compression makes smaller."""
    luck = np.random.default_rng([seed, replications.start, time.perf_counter_ns()])
    return outcomes_table(luck.random((len(replications), len(MEASURES))), replications)


def layer(cases: dict[str, Scenario], place: Path, few: int = 1, many: int = 1000) -> None:
    """What the layer itself takes for each run and for each point, without what the stand-in takes."""
    spent: list[float] = []

    def simulate(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
        began = time.thread_time()
        try:
            return any_outcomes(scenario, replications, seed)
        finally:
            spent.append(time.thread_time() - began)

    def beside(experiment: Experiment) -> float:
        spent.clear()
        shutil.rmtree(place, ignore_errors=True)
        took = timed(lambda: run_experiment(experiment, place, simulate=simulate, workers=1))
        return (took.own - sum(spent)) / len(experiment.points)

    began = time.process_time()
    little, large = (resolve(asked(number), cases) for number in (few, many))
    resolving = (time.process_time() - began) / (2 * len(little.points))
    beside(little)
    of_few, of_many = beside(little), beside(large)
    a_run = (of_many - of_few) / (many - few)
    say(
        f"the layer alone, own work: {1e6 * a_run:.1f} µs a run, {1e6 * (of_few - few * a_run):.0f} µs a point, "
        f"{1e6 * resolving:.0f} µs a point to resolve the design"
    )


def overhead(experiment: Experiment, place: Path, repeats: int) -> None:
    """The engine and the study in turn."""
    runs, before = experiment.runs, peak()
    pairs = [(bare(experiment), studied(experiment, place)) for _ in range(repeats)]
    parts = [part.stat().st_size for part in (place / "runs").iterdir()]
    say(f"{len(experiment.points)} points, {runs:,} runs, medians of {repeats}, one thread")
    for name in Took._fields:
        alone, whole = (median(getattr(pair[side], name) for pair in pairs) for side in (0, 1))
        ratio = median(getattr(whole, name) / getattr(alone, name) for alone, whole in pairs)
        say(
            f"by {'the clock' if name == 'clock' else 'own work'}: engine {runs / alone:.1f} runs/s, "
            f"study {runs / whole:.1f} runs/s, {100 * (ratio - 1):.1f} % longer"
        )
    say(f"on disk: {sum(parts) / runs:.0f} bytes a run in {len(parts)} parts")
    say(f"peak memory: {peak():.0f} MB, {before:.0f} MB before the first study")


def large(experiment: Experiment, place: Path) -> None:
    """A study that is large, and its tables read back."""
    took = timed(lambda: run_experiment(experiment, place, simulate=any_outcomes, workers=2))
    sizes = [part.stat().st_size for part in (place / "runs").iterdir()]
    say(f"{experiment.runs:,} runs of a stand-in in {took.clock:.0f} s; peak memory {peak():.0f} MB")
    say(f"on disk: {sum(sizes) / experiment.runs:.0f} bytes a run in {len(sizes)} parts")
    reading = timed(lambda: load_results(place).outcomes(["integration_index"]))
    say(f"one outcome of every run: {reading.clock:.1f} s; peak memory {peak():.0f} MB")
    reading = timed(lambda: load_results(place).runs)
    say(f"every outcome of every run: {reading.clock:.1f} s; peak memory {peak():.0f} MB")


def say(line: str) -> None:
    """A line as soon as it is known."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(replications: int = 20, many: int = 800, repeats: int = 3) -> None:
    """Measure and print."""
    warm_up()
    cases = {"dementia_london": load_scenario("dementia_london")}
    with tempfile.TemporaryDirectory() as place:
        overhead(resolve(asked(replications), cases), Path(place) / "study", repeats)
        layer(cases, Path(place) / "layer")
        if many:
            large(resolve(asked(many), cases), Path(place) / "large")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
