"""What is done where a batch is run: live through it and hand back whole files, so that only one process writes.

Whoever fills a results folder is the only one who writes there. Workers on other machines need no common file system,
a worker that was given up for lost can write nothing late, and a part is read back by the process that wrote it.
"""

from __future__ import annotations

import os
import platform
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from redesign_sim.study.columns import as_file, monthly_schema, run_schema, table_of
from redesign_sim.study.errors import StudyError
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.runs import run_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from redesign_sim.study.engines import Engine
    from redesign_sim.study.execution import Crash
    from redesign_sim.study.runs import Batch, Stretch


class Failure(NamedTuple):
    """A run that failed: which one, and the trace of what stopped it."""

    run: str
    point: int
    replication: int
    trace: str


class Lived(NamedTuple):
    """What came of a batch: files ready to be stored, by shelf, the failures among it, and who ran it."""

    name: str
    files: dict[str, bytes]
    failures: tuple[Failure, ...]
    worker: str


@dataclass(frozen=True, slots=True)
class Job:
    """How every batch of a study is run: by which engine, with which courses, and under which rules."""

    engine: Engine
    courses: tuple[str, ...]
    rules: str

    def __call__(self, batch: Batch) -> Lived:
        """Run a batch; a run that fails is a row without numbers and costs no other run."""
        if rules_digest() != self.rules:
            raise StudyError(f"{worker()} has other rules than the ones that this study began with; install the same.")
        return self._lived(batch, [each for stretch in batch.stretches for each in self._live(stretch)])

    def lost(self, batch: Batch, crash: Crash) -> Lived:
        """A single run that took its process with it, as a failure."""
        (stretch,) = batch.stretches
        return self._lived(batch, [_failed(stretch, crash.words)])

    def _live(self, stretch: Stretch) -> list[_Piece]:
        """Run a stretch; if it fails, halve it until the guilty run stands alone."""
        asked = stretch.point.scenario, stretch.replications, stretch.point.seed
        try:
            if self.courses:
                return [_Piece(stretch, *self.engine.follow(*asked, self.courses))]
            return [_Piece(stretch, self.engine.simulate(*asked), None)]
        except Exception:  # noqa: BLE001  whatever stopped a run is written down beside it
            if stretch.runs > 1:
                return [each for half in stretch.halves() for each in self._live(half)]
            return [_failed(stretch, traceback.format_exc())]

    def _lived(self, batch: Batch, pieces: list[_Piece]) -> Lived:
        """What came of a batch, as files; its tables are made in one go, which costs as much as for a single run."""
        names = [name for piece in pieces for name in run_names(self.rules, piece.stretch)]
        runs = _table([(piece.stretch, piece.runs) for piece in pieces], run_schema(), run=names)
        files = {"runs": as_file(runs)}
        if self.courses:
            followed = [(piece.stretch, piece.months) for piece in pieces if piece.months is not None]
            files["monthly"] = as_file(_table(followed, monthly_schema(self.courses)))
        return Lived(batch.name, files, tuple(_failures(runs)), worker())


class _Piece(NamedTuple):
    """Some runs of a point, and their courses if there are any."""

    stretch: Stretch
    runs: pd.DataFrame
    months: pd.DataFrame | None


def _failed(stretch: Stretch, trace: str) -> _Piece:
    """A run without numbers."""
    return _Piece(stretch, pd.DataFrame({"replication": [stretch.first], "failure": [trace]}), None)


def _table(pieces: Sequence[tuple[Stretch, pd.DataFrame]], schema: pa.Schema, **beside: object) -> pa.Table:
    """The rows of some pieces under each other, each with its point, and columns beside them."""
    if not pieces:
        return schema.empty_table()
    frames = [frame for _, frame in pieces]
    for frame in frames:
        frame.attrs.clear()  # pandas would copy and compare what describes the columns, for each column
    rows = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    points = np.repeat([stretch.point.index for stretch, _ in pieces], list(map(len, frames)))
    columns = {str(name): column.to_numpy() for name, column in rows.items()}
    return table_of({**columns, **beside, "point": points}, len(rows), schema)


def _failures(runs: pa.Table) -> list[Failure]:
    """The runs that failed."""
    failed = runs.select(["run", "point", "replication", "failure"]).filter(runs["failure"].is_valid())
    return [Failure(*row.values()) for row in failed.to_pylist()]


def worker() -> str:
    """Who runs here: machine and process."""
    return f"{platform.node()}:{os.getpid()}"
