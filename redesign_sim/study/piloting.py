"""What a study would take, from a few of its runs: time and disk, before any of it is stored."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redesign_sim.study.living import Job
from redesign_sim.study.pacing import batch_size
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.runs import Batch, Stretch

if TYPE_CHECKING:
    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.work import Work

POINTS, SECONDS, MOST_RUNS = 4, 2.0, 100
"""A pilot looks at so many points across the design, for about so long, and at no more runs of each than these."""


class Pilot(NamedTuple):
    """What a run takes: seconds on one worker, and bytes on disk."""

    seconds: float
    bytes: float


def piloted(experiment: Experiment, work: Work) -> Pilot:
    """Run a few of the study's runs and store them nowhere.

    A part has a head whatever it holds, so that bytes are told from a short and a long batch and from the size that
    parts will have. Runs differ from point to point, so that several points are timed.
    """
    job = Job(work.runs_on, experiment.study.monthly, rules_digest())
    points = [experiment.points[int(place)] for place in np.linspace(0, len(experiment.points) - 1, POINTS)]
    alone = job(Batch((Stretch(points[0], 0, 1),)))
    began = time.perf_counter()
    job(Batch((Stretch(points[0], 0, 1),)))
    runs = max(1, min(MOST_RUNS, int(SECONDS / POINTS / max(time.perf_counter() - began, 1e-6))))
    began = time.perf_counter()
    several = job(Batch(tuple(Stretch(point, 0, runs) for point in points)))
    seconds = (time.perf_counter() - began) / (runs * POINTS)
    short, long = (sum(map(len, lived.files.values())) for lived in (alone, several))
    row = (long - short) / max(1, runs * POINTS - 1)
    return Pilot(seconds, row + (short - row) / batch_size(seconds))
