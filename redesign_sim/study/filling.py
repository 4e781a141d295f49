"""A results folder is filled: what is missing is run, round by round as the rule asks, and stored part by part."""

from __future__ import annotations

import math
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from redesign_sim.study.execution import Crash, Crew, Queue
from redesign_sim.study.failures import note_failures
from redesign_sim.study.living import Job, Lived
from redesign_sim.study.pacing import LARGEST_BLOCK, batch_size, block_size, seconds_a_run_there
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.rounds import Holding, missing_stretches, next_targets
from redesign_sim.study.runs import batches
from redesign_sim.study.work import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.study import store
    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.rounds import Targets
    from redesign_sim.study.runs import Batch, Stretch
    from redesign_sim.study.work import Work


def fill(folder: store.Folder, experiment: Experiment, work: Work) -> None:
    """Run what the folder does not hold yet, round by round as the rule asks, and store it part by part."""
    holding = Holding(folder, len(experiment.points), experiment.study.judged)
    holding.read()
    targets: Targets = np.zeros(len(experiment.points), dtype=np.int64)
    filling = _Filling(folder, experiment, work)
    with ExitStack() as stack:
        crew: Crew | None = None
        while (wanted := next_targets(experiment, holding, targets)).tolist() != targets.tolist():
            targets = wanted
            missing = partial(
                missing_stretches, holding.there(int(targets.max())), targets, experiment.points, shard=work.shard
            )
            if next(missing(LARGEST_BLOCK), None):
                crew = crew or stack.enter_context(work.crew())
                filling.round(crew, missing)
                holding.read()


class _Filling:
    """A folder while it is filled."""

    def __init__(self, folder: store.Folder, experiment: Experiment, work: Work) -> None:
        """Nothing is done yet."""
        self._folder, self._experiment, self._work = folder, experiment, work
        self._job = Job(work.runs_on, experiment.study.monthly, rules_digest())
        self._seconds = 0.0
        self._done = self._total = self._failed = 0

    def round(self, crew: Crew, missing: Callable[[int], Iterator[Stretch]]) -> None:
        """Run what one round asks for, and store each part as it comes; stopped, keep what has begun."""
        first = self._experiment.points[0]
        self._seconds = self._seconds or seconds_a_run_there(crew, first, self._work.runs_on.simulate)
        block = block_size(self._seconds)
        runs = sum(stretch.runs for stretch in missing(block))
        self._total += runs
        most = min(batch_size(self._seconds, remote=crew.remote), math.ceil(runs / crew.ahead))
        queue: Queue[Batch, Lived] = Queue(batches(missing(block), most), self._job, crew)
        try:
            for batch, lived in queue.completed():
                self._keep(batch, self._job.lost(batch, lived) if isinstance(lived, Crash) else lived)
        except KeyboardInterrupt:
            for batch, lived in queue.under_way():
                self._keep(batch, lived, tell=False)
            raise
        finally:
            queue.drop()

    def _keep(self, batch: Batch, lived: Lived, *, tell: bool = True) -> None:
        """Store a batch, and tell whoever watches how far it is."""
        note_failures(self._folder, self._experiment, lived)
        self._folder.keep(lived.name, lived.files)
        self._done, self._failed = self._done + batch.runs, self._failed + len(lived.failures)
        if tell and self._work.watch:
            self._work.watch(Progress(self._done, self._total, self._failed))
