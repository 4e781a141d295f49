"""Runs that failed: what each was, what stopped it, and the command that runs it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from redesign_sim.study import store
from redesign_sim.study.runs import words

if TYPE_CHECKING:
    from redesign_sim.study.experiment import Experiment

COLUMNS = ("point", "replication", "seed", "case", "settings", "failure", "replay")


def failures_of(folder: store.Folder, experiment: Experiment) -> pd.DataFrame:
    """A row a failed run: point, replication, seed, case, settings, trace, and the command that runs it again."""
    if not folder.has_runs:
        return pd.DataFrame(columns=COLUMNS)
    runs = folder.runs(["point", "replication", "failure"])
    failed = runs[runs["failure"].notna()]
    places = zip(failed["point"].tolist(), failed["replication"].tolist(), failed["failure"].tolist(), strict=True)
    rows = [_row(folder, experiment, point, replication, failure) for point, replication, failure in places]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(
    folder: store.Folder, experiment: Experiment, index: int, replication: int, failure: str
) -> tuple[object, ...]:
    point = experiment.points[index]
    replay = f"redesign-sim replay {folder} {index}:{replication}"
    return index, replication, point.seed, point.case, words(point.settings), failure, replay


def write_failures(folder: store.Folder, experiment: Experiment) -> None:
    """Write `failures.jsonl`, a line a failed run; none where none failed."""
    found = failures_of(folder, experiment)
    if len(found) or (folder / store.FAILURES).exists():
        lines = [json.dumps(row) for row in found.to_dict("records")]
        store.write_text(folder / store.FAILURES, "".join(f"{line}\n" for line in lines))
