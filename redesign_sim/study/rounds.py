"""Round after round of runs: what the rule of replication asks for, what is there, and what is still missing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from redesign_sim.study.columns import KEYS
from redesign_sim.study.errors import StudyError
from redesign_sim.study.replication import Fixed, Stop
from redesign_sim.study.runs import Point, Stretch
from redesign_sim.study.store import read_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.replication.rule import FloatArray
    from redesign_sim.study.store import Folder

Targets = npt.NDArray[np.int64]
There = npt.NDArray[np.bool_]


class Shard(NamedTuple):
    """One of several folders among which the runs of a study are divided."""

    number: int
    of: int

    def __str__(self) -> str:
        """As one types it."""
        return f"{self.number}/{self.of}"

    @classmethod
    def parse(cls, text: str) -> Shard:
        """`2/8` as the second of eight."""
        number, _, of = text.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            raise StudyError(f"A shard is i/n with i from 1 to n, such as 2/8, not {text!r}.")
        return cls(int(number), int(of))

    def takes(self, point: int, first: int) -> bool:
        """Whether a stretch is this one's: points in turn, and each a shift further with every stretch."""
        return (point + first // UNIT) % self.of == self.number - 1


UNIT = 25
"""Replications of a point that stay together when runs are divided among shards."""


class Holding:
    """What a folder holds: which runs are there, and the outcome that the rule looks at. Each part is read once."""

    def __init__(self, folder: Folder, points: int, outcome: str) -> None:
        """Nothing is read yet."""
        self._folder, self._outcome = folder, outcome
        self._read: set[Path] = set()
        self._there: There = np.zeros((points, 0), dtype=np.bool_)
        self._values: FloatArray = np.zeros((points, 0))

    def read(self) -> None:
        """Read the parts that came since; what is in a broken one is not there."""
        for part in self._folder.parts():
            if part not in self._read:
                self._read.add(part)
                with suppress(StudyError):
                    self._take(read_part(part, [*KEYS, self._outcome]).to_pandas())

    def _take(self, frame) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  a frame of three columns
        frame = frame[frame["point"] < len(self._there)]
        if frame.empty:
            return
        self._widen(int(frame["replication"].max()) + 1)
        at = frame["point"].to_numpy(), frame["replication"].to_numpy()
        self._there[at] = True
        self._values[at] = frame[self._outcome].to_numpy(dtype=float, na_value=np.nan)

    def _widen(self, replications: int) -> None:
        more = replications - self._there.shape[1]
        if more > 0:
            self._there = np.pad(self._there, ((0, 0), (0, more)))
            self._values = np.pad(self._values, ((0, 0), (0, more)), constant_values=np.nan)

    def there(self, replications: int) -> There:
        """Which of so many replications (columns) of which points (rows) are there."""
        self._widen(replications)
        return self._there[:, :replications]

    def values(self, point: int, replications: int) -> FloatArray:
        """The outcome of a point's first replications, in the order of their numbers."""
        self._widen(replications)
        return self._values[point, :replications]


def contexts(experiment: Experiment) -> list[list[int]]:
    """The points of each context, by index."""
    found: dict[str, list[int]] = {}
    for point in experiment.points:
        found.setdefault(point.context, []).append(point.index)
    return list(found.values())


def next_targets(experiment: Experiment, holding: Holding, targets: Targets) -> Targets:
    """How many replications each point should have, given the outcomes of those asked for before."""
    rule = experiment.study.rule
    if isinstance(rule, Fixed):
        return np.full(len(targets), rule.number)
    wanted = targets.copy()
    for points in contexts(experiment):
        wanted[points] = rule.next_targets([holding.values(point, int(targets[point])) for point in points])
    return wanted


def final_targets(experiment: Experiment, holding: Holding) -> Targets | None:
    """How many replications the rule ends with, replayed on what is there; None where runs are still missing."""
    targets: Targets = np.zeros(len(experiment.points), dtype=np.int64)
    while True:
        wanted = next_targets(experiment, holding, targets)
        if (wanted == targets).all():
            return targets
        if not _all_there(holding, wanted):
            return None
        targets = wanted


def _all_there(holding: Holding, targets: Targets) -> bool:
    there = holding.there(int(targets.max()))
    return all(row[:number].all() for row, number in zip(there, targets, strict=True))


def stops(experiment: Experiment, holding: Holding, targets: Targets) -> list[Stop]:
    """Where each point stands when its runs end, in the order of the points."""
    found: dict[int, Stop] = {}
    for points in contexts(experiment):
        held = [holding.values(point, int(targets[point])) for point in points]
        found |= dict(zip(points, experiment.study.rule.stopped(held), strict=True))
    return [found[index] for index in range(len(targets))]


def missing_stretches(
    there: There, targets: Targets, points: Sequence[Point], block: int, shard: Shard | None = None
) -> Iterator[Stretch]:
    """What is still to run, block by block of replications, over all points within a block."""
    if shard:
        block = UNIT
    for first in range(0, int(targets.max()), block):
        lasts = np.clip(targets, first, first + block).tolist()
        begun = [bool(row.any()) for row in there[:, first : first + block]]
        for point in points:
            if shard is None or shard.takes(point.index, first):
                last = lasts[point.index]
                gaps = _gaps(there[point.index, first:last]) if begun[point.index] else ((0, last - first),)
                yield from (Stretch(point, first + start, runs) for start, runs in gaps if runs)


def _gaps(there: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The stretches of a row that are not there: where each begins and how long it is."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], there, [True])).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        yield int(start), int(end - start)
