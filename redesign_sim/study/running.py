"""From a study to results on disk: run what is missing, keep what is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from redesign_sim.study import store
from redesign_sim.study.crate import write_crate
from redesign_sim.study.errors import StudyError
from redesign_sim.study.filling import fill
from redesign_sim.study.opening import open_folder
from redesign_sim.study.provenance import now
from redesign_sim.study.reading import experiment_of, load_study
from redesign_sim.study.replication import Fixed
from redesign_sim.study.results import Results
from redesign_sim.study.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from redesign_sim.study.engines import Simulator
    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.rounds import Shard
    from redesign_sim.study.schema import Study
    from redesign_sim.study.work import Progress


def run_experiment(
    spec: Experiment | Study | Path | str,
    out: Path | str | None = None,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    simulate: Simulator | None = None,
    watch: Callable[[Progress], None] | None = None,
    work: Work | None = None,
) -> Results:
    """Run a study, or what is missing of it, and return what its folder then holds.

    `spec`: a study file, a `Study` or a resolved `Experiment`; `out`: the results folder, by default
    `results/<name>-<digest>`; `executor`: anything with the interface of `concurrent.futures.Executor`, by default
    `workers` threads in this process; `work` says all of that and more. A folder of the same study is continued; any
    other is refused and left as it is (StudyError). Interrupted, it keeps every part that is done, and calling it
    again goes on from there.
    """
    work = work or Work(executor=executor, workers=workers, simulate=simulate)
    work = work._replace(watch=watch or work.watch)
    experiment = experiment_of(spec)
    folder = store.Folder(out or experiment.default_folder)
    _can_be_sharded(experiment, work.shard)
    folder.create_or_keep()
    with folder.locked():
        open_folder(folder, experiment, work)
        began = now()
        fill(folder, experiment, work)
        return finish(folder, experiment, began)


def _can_be_sharded(experiment: Experiment, shard: Shard | None) -> None:
    if shard and not isinstance(experiment.study.rule, Fixed):
        raise StudyError(
            "Only a fixed number of replications can be divided into shards: a rule that looks at what came out has to "
            "see all of it. Use --cluster, or give a number."
        )


def finish(folder: store.Folder, experiment: Experiment, began: str) -> Results:
    """Write what is made from the runs: the summary, and the crate that says who made what from what.

    The points are the folder's own; what it was asked may be more than this time.
    """
    results = Results(folder, replace(experiment, study=load_study(folder / store.STUDY)), folder.manifest())
    if results.manifest.get("shard") is None:
        text = results.summary.to_csv(index=False, lineterminator="\n")
        store.write_text(folder / store.SUMMARY, text)
    write_crate(folder, experiment, began=began, ended=now())
    return results
