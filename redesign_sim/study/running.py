"""From a study to results on disk: run what is missing, keep what is there, read it back."""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from redesign_sim.scenario import dump_yaml, scenario_digest
from redesign_sim.study import store
from redesign_sim.study.analysis import summarise
from redesign_sim.study.columns import run_schema
from redesign_sim.study.errors import StudyError
from redesign_sim.study.execution import as_completed, available_cores, threads
from redesign_sim.study.provenance import SEEDS, machine, rules_digest, versions
from redesign_sim.study.reading import dump_study, experiment_of
from redesign_sim.study.runs import Batch, Point, Simulator, Stretch, batches, run_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    import pandas as pd

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.schema import Study

SMALLEST_BLOCK, SECONDS_A_BLOCK, LARGEST_BLOCK = 25, 0.25, 500
"""Replications that are run of one point before the next has its turn: an interrupted study is balanced to this."""

SECONDS_A_BATCH = 1.0
LARGEST_BATCH = 2000


class Progress(NamedTuple):
    """How far a study is, in runs; those that were there before are not counted."""

    done: int
    total: int
    failed: int


@dataclass(frozen=True)
class Results:
    """What a results folder holds, as tidy tables."""

    folder: store.Folder
    study: Study
    manifest: dict[str, object]
    design: pd.DataFrame
    runs: pd.DataFrame

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row a point, ranked within each case; see `summarise`."""
        shown = dict.fromkeys(("integrated", "integration_index", *self.study.outcomes, self.study.select_on))
        return summarise(self.design, self.runs, tuple(shown), self.study.select_on)

    @property
    def failures(self) -> pd.DataFrame:
        """The runs that failed: point, replication and the trace of what stopped them."""
        return self.runs.loc[self.runs["failure"].notna(), ["point", "replication", "failure"]]


def run_experiment(
    spec: Experiment | Study | Path | str,
    out: Path | str | None = None,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    simulate: Simulator | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Results:
    """Run a study, or what is missing of it, and return what its folder then holds.

    `spec`: a study file, a `Study` or a resolved `Experiment`; `out`: the results folder, by default
    `results/<name>-<digest>`; `executor`: anything with the interface of `concurrent.futures.Executor`, by default
    `workers` threads in this process. A folder of the same study is continued; any other is refused and left as it is
    (StudyError). Interrupted, it keeps every part that is done, and calling it again goes on from there.
    """
    experiment = experiment_of(spec)
    folder = store.Folder(out or experiment.default_folder)
    open_folder(folder, experiment)
    fill(folder, experiment, executor=executor, workers=workers, simulate=simulate, watch=watch)
    results = load_results(folder.place)
    text = results.summary.to_csv(index=False, lineterminator="\n")
    store.write_text(folder / "summary.csv", text)
    return results


def load_results(place: Path | str) -> Results:
    """The tidy tables of a results folder: design, runs, and the summary made from them."""
    folder = store.Folder(place)
    manifest = folder.manifest()
    experiment = experiment_of(folder / store.STUDY)
    design = pq.read_table(folder / store.DESIGN).to_pandas()
    return Results(folder, experiment.study, manifest, design, folder.runs())


def open_folder(folder: store.Folder, experiment: Experiment) -> None:
    """Begin a results folder, or make sure that the one there holds this very study."""
    if not folder.begun:
        folder.create()
    else:
        _same_study(folder, experiment)
        held = folder.manifest()["counts"]
        if isinstance(held, dict) and held["replications"] >= experiment.study.replications:
            return
    _freeze(folder, experiment)


def _same_study(folder: store.Folder, experiment: Experiment) -> None:
    """Refuse a folder of other rules or of another study."""
    manifest = folder.manifest()
    if manifest["rules"] != rules_digest():
        raise StudyError(f"{folder} was made with other rules than these; choose another folder to keep both.")
    if manifest["study"] != experiment.digest:
        raise StudyError(f"{folder} holds another study (other points, cases or seed); choose another folder.")


def _freeze(folder: store.Folder, experiment: Experiment) -> None:
    """Write what the study is; the manifest last, because it says that the rest is there."""
    for case, scenario in experiment.cases.items():
        store.write_text(folder / store.SCENARIOS / f"{case}.yaml", dump_yaml(scenario))
    store.write_text(folder / store.STUDY, dump_study(experiment.study, experiment.cases))
    design = experiment.table()
    store.write_table(folder / store.DESIGN, design, pa.Schema.from_pandas(design, preserve_index=False))
    manifest = {
        "format": store.FORMAT,
        "format_version": store.FORMAT_VERSION,
        "study": experiment.digest,
        "rules": rules_digest(),
        "scenarios": {case: scenario_digest(scenario) for case, scenario in experiment.cases.items()},
        "seeds": {
            "scheme": SEEDS,
            "master": experiment.study.seed,
            "common_random_numbers": experiment.study.common_luck,
        },
        "counts": {
            "cases": len(experiment.cases),
            "points": len(experiment.points),
            "replications": experiment.study.replications,
            "runs": experiment.runs,
        },
        "versions": versions(),
        "platform": machine(),
    }
    store.write_text(folder / store.MANIFEST, json.dumps(manifest, indent=2) + "\n")


def fill(
    folder: store.Folder,
    experiment: Experiment,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    simulate: Simulator | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> None:
    """Run what the folder does not hold yet, in balanced order, and store it part by part."""
    simulate = simulate or compiled
    workers = workers or available_cores()
    there = folder.done(len(experiment.points), experiment.study.replications)
    total = int((~there).sum())
    if not total:
        return
    seconds = seconds_a_run(experiment, simulate)
    missing = missing_stretches(there, experiment.points, block_size(seconds))
    tasks = batches(missing, batch_size(seconds))
    work = partial(run_and_store, folder=folder, simulate=simulate)
    done = failed = 0
    with threads(workers) if executor is None else nullcontext(executor) as pool:
        for batch, failures in as_completed(tasks, work, pool, workers):
            done, failed = done + batch.runs, failed + failures
            if watch:
                watch(Progress(done, total, failed))


def compiled(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """The compiled engine on one thread: the pool puts batches side by side."""
    from redesign_sim.engine import run_ensemble  # noqa: PLC0415  loading the compiler takes a second

    return run_ensemble(scenario, replications, seed, threads=1)


def run_and_store(batch: Batch, folder: store.Folder, simulate: Simulator) -> int:
    """Run a batch where the work is done, store it there as one part, and return only how many runs failed."""
    frame = run_batch(batch, simulate)
    folder.write_part(batch.name, frame, run_schema())
    return int(frame["failure"].notna().sum()) if "failure" in frame else 0


def missing_stretches(there: store.There, points: Iterable[Point], block: int) -> Iterator[Stretch]:
    """What is still to run, block by block of replications, over all points within a block."""
    for first in range(0, there.shape[1], block):
        for point in points:
            for start, runs in _gaps(there[point.index, first : first + block]):
                yield Stretch(point, first + start, runs)


def _gaps(there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    """The stretches of a row that are not there: where each begins and how long it is."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], there, [True])).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        yield int(start), int(end - start)


def seconds_a_run(experiment: Experiment, simulate: Simulator) -> float:
    """What a run costs here, from a few timed runs of the first point (the first of all pays for warming up)."""
    point = experiment.points[0]
    pilot = range(3)
    try:
        simulate(point.scenario, range(1), experiment.study.seed)
        began = time.perf_counter()
        simulate(point.scenario, pilot, experiment.study.seed)
    except Exception:  # noqa: BLE001  the run itself will tell what fails, and where
        return SECONDS_A_BATCH / SMALLEST_BLOCK
    return (time.perf_counter() - began) / len(pilot)


def block_size(seconds: float) -> int:
    """Replications in a block: enough to be worth setting a scenario up for, few enough to stay balanced."""
    return max(SMALLEST_BLOCK, min(LARGEST_BLOCK, int(SECONDS_A_BLOCK / max(seconds, 1e-6))))


def batch_size(seconds: float) -> int:
    """Runs in a batch that takes about a second: short enough to stop soon, long enough to be worth a file."""
    return max(1, min(LARGEST_BATCH, int(SECONDS_A_BATCH / max(seconds, 1e-6))))
