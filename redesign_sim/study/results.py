"""What a results folder holds, read back as tidy tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from redesign_sim.study import store
from redesign_sim.study.analysis.summary import summarise
from redesign_sim.study.failures import failures_of
from redesign_sim.study.pacing import LARGEST_BLOCK
from redesign_sim.study.reading import experiment_of
from redesign_sim.study.replication import Fixed
from redesign_sim.study.replication.rule import STOP_WORDS
from redesign_sim.study.rounds import Holding, Shard, final_targets, missing_stretches, next_targets, stops

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.rounds import Targets
    from redesign_sim.study.schema import Study


@dataclass(frozen=True)
class Results:
    """What a results folder holds, as tidy tables; each is read when it is asked for."""

    folder: store.Folder
    experiment: Experiment
    manifest: dict[str, Any]

    @property
    def study(self) -> Study:
        """The study that was run."""
        return self.experiment.study

    @cached_property
    def design(self) -> pd.DataFrame:
        """A row a point."""
        design: pd.DataFrame = pq.read_table(self.folder / store.DESIGN).to_pandas()
        return design

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run, every outcome."""
        return self.folder.runs()

    def outcomes(self, names: Sequence[str]) -> pd.DataFrame:
        """A row a run with only these outcomes, so that a very large study fits in memory."""
        return self.folder.runs([*names, "failure"])

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """A row a run and month, where the study asks for courses (`monthly:`)."""
        return self.folder.monthly()

    def parts(self, names: Sequence[str]) -> Iterator[pd.DataFrame]:
        """The same as `outcomes`, part by part as it was stored, for what needs no more than one part at a time."""
        for table in self.folder.tables(["point", "replication", *names, "failure"]):
            yield table.to_pandas()

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row a point, ranked within each context; see `summarise`."""
        shown = tuple(dict.fromkeys(("integrated", "integration_index", *self.study.outcomes, self.study.select_on)))
        adaptive = not isinstance(self.study.rule, Fixed)
        return summarise(self.design, self.outcomes(shown), shown, self.study.select_on, adaptive=adaptive)

    @cached_property
    def stopping(self) -> pd.DataFrame:
        """A row a point: sound runs, the estimate that the rule judged with its interval, and what ended its runs.

        Empty while the rule still asks for runs.
        """
        holding = self.holding()
        targets = final_targets(self.experiment, holding)
        columns = ["point", "context", "runs", "estimate", "low", "high", "stopped_by"]
        if targets is None:
            return pd.DataFrame(columns=columns)
        rows = zip(self.experiment.points, stops(self.experiment, holding, targets), strict=True)
        return pd.DataFrame(
            [(point.index, point.context, *stop[:-1], STOP_WORDS[stop.by]) for point, stop in rows], columns=columns
        )

    def holding(self) -> Holding:
        """What the folder holds of the outcome that the rule judges."""
        holding = Holding(self.folder, len(self.experiment.points), self.study.judged)
        holding.read()
        return holding

    @property
    def failures(self) -> pd.DataFrame:
        """The runs that failed: where each stood, the trace of what stopped it, and the command that runs it again."""
        return failures_of(self.folder, self.experiment)


def load_results(place: Path | str) -> Results:
    """The tidy tables of a results folder: design, runs, and the summary made from them."""
    folder = store.Folder(place)
    manifest = folder.manifest()
    return Results(folder, experiment_of(folder / store.STUDY), manifest)


def still_missing(results: Results) -> int:
    """How many runs are missing before the rule has to be asked again; none where it is satisfied."""
    experiment, holding = results.experiment, results.holding()
    shard = results.manifest.get("shard")
    targets: Targets = np.zeros(len(experiment.points), dtype=np.int64)
    while (wanted := next_targets(experiment, holding, targets)).tolist() != targets.tolist():
        targets = wanted
        there = holding.there(int(targets.max()))
        stretches = missing_stretches(
            there, targets, experiment.points, LARGEST_BLOCK, Shard.parse(shard) if shard else None
        )
        if missing := sum(stretch.runs for stretch in stretches):
            return missing
    return 0
