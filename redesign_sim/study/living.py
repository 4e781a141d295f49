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
import pyarrow as pa

from redesign_sim.study.columns import as_file, monthly_schema, run_schema, table_of
from redesign_sim.study.errors import StudyError
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.runs import run_names

if TYPE_CHECKING:
    import pandas as pd

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
        return self._lived(batch, [self._failed(stretch, crash.words)])

    def _live(self, stretch: Stretch) -> list[_Tables]:
        """Run a stretch; if it fails, halve it until the guilty run stands alone."""
        try:
            frame, months = self._run(stretch)
        except Exception:  # noqa: BLE001  whatever stopped a run is written down beside it
            if stretch.runs > 1:
                return [each for half in stretch.halves() for each in self._live(half)]
            return [self._failed(stretch, traceback.format_exc())]
        runs = table_of(self._named(frame, stretch), len(frame), run_schema())
        return [_Tables(runs, None if months is None else self._courses(months, stretch))]

    def _run(self, stretch: Stretch) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        """The rows of a stretch, with courses where they are asked for."""
        asked = stretch.point.scenario, stretch.replications, stretch.point.seed
        return self.engine.follow(*asked, self.courses) if self.courses else (self.engine.simulate(*asked), None)

    def _named(self, frame: pd.DataFrame, stretch: Stretch) -> dict[str, object]:
        """The columns of a stretch's runs, with their names."""
        point = np.full(len(frame), stretch.point.index)
        return {
            **_by_name(frame),
            "run": run_names(self.rules, stretch.point, stretch.replications),
            "point": point,
        }

    def _courses(self, months: pd.DataFrame, stretch: Stretch) -> pa.Table:
        """The courses of a stretch's runs."""
        columns = {**_by_name(months), "point": np.full(len(months), stretch.point.index)}
        return table_of(columns, len(months), monthly_schema(self.courses))

    def _failed(self, stretch: Stretch, trace: str) -> _Tables:
        """A run without numbers."""
        columns = {
            "run": run_names(self.rules, stretch.point, stretch.replications),
            "point": [stretch.point.index],
            "replication": [stretch.first],
            "failure": [trace],
        }
        return _Tables(table_of(columns, 1, run_schema()), None)

    def _lived(self, batch: Batch, tables: list[_Tables]) -> Lived:
        """What came of a batch, as files."""
        runs = pa.concat_tables([each.runs for each in tables])
        files = {"runs": as_file(runs)}
        if self.courses:
            months = [each.months for each in tables if each.months is not None]
            schema = monthly_schema(self.courses)
            files["monthly"] = as_file(pa.concat_tables(months) if months else schema.empty_table())
        return Lived(batch.name, files, tuple(_failures(runs)), worker())


def _by_name(frame: pd.DataFrame) -> dict[str, object]:
    """The columns of a frame, which is not used again: without its attributes, that pandas copies for each column."""
    frame.attrs.clear()
    return {str(name): column.to_numpy() for name, column in frame.items()}


class _Tables(NamedTuple):
    """Some runs, and their courses if there are any."""

    runs: pa.Table
    months: pa.Table | None


def _failures(runs: pa.Table) -> list[Failure]:
    """The runs that failed."""
    failed = runs.select(["run", "point", "replication", "failure"]).filter(runs["failure"].is_valid())
    return [Failure(*row.values()) for row in failed.to_pylist()]


def worker() -> str:
    """Who runs here: machine and process."""
    return f"{platform.node()}:{os.getpid()}"
