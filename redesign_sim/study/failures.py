"""Runs that failed: what each was, who ran it, what stopped it, and the command that runs it again."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pandas as pd

from redesign_sim.study import store
from redesign_sim.study.errors import StudyError
from redesign_sim.study.living import Failure
from redesign_sim.study.runs import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.living import Lived

COLUMNS = ("run", "point", "replication", "seed", "case", "settings", "failure", "worker", "replay")


def failures_of(folder: store.Folder, experiment: Experiment, beside: Sequence[store.Folder] = ()) -> pd.DataFrame:
    """A row a failed run: its name, point, replication, seed, case, settings, trace, worker and replay command.

    Which runs failed is what the parts say; the worker is known from `failures.jsonl`, here or in folders `beside`.
    """
    if not folder.has_runs:
        return pd.DataFrame(columns=COLUMNS)
    runs = folder.runs(["run", "failure"])
    failed = runs[runs["failure"].notna()][["run", "point", "replication", "failure"]]
    lines = [line for place in (folder, *beside) for line in _written(place)] if len(failed) else []
    workers = {line["run"]: line["worker"] for line in lines}
    found = [Failure(*row) for row in failed.itertuples(index=False, name=None)]
    rows = [_row(folder, experiment, failure, workers.get(failure.run)) for failure in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(folder: store.Folder, experiment: Experiment, failure: Failure, worker: str | None) -> dict[str, object]:
    point = experiment.points[failure.point]
    return {
        "run": failure.run,
        "point": int(failure.point),
        "replication": int(failure.replication),
        "seed": point.seed,
        "case": point.case,
        "settings": words(point.settings),
        "failure": failure.trace,
        "worker": worker,
        "replay": f"redesign-sim replay {folder} {failure.point}:{failure.replication}",
    }


def _written(folder: store.Folder) -> list[dict[str, Any]]:
    """What stands in `failures.jsonl`; a line that was cut short is none."""
    path = folder / store.FAILURES
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return lines


def note_failures(folder: store.Folder, experiment: Experiment, lived: Lived) -> None:
    """Add a line for each failure of a batch, before its part is stored: whatever has a part has its line."""
    if not lived.failures:
        return
    rows = [_row(folder, experiment, failure, lived.worker) for failure in lived.failures]
    path = folder / store.FAILURES
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in rows)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StudyError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_failures(folder: store.Folder, experiment: Experiment, beside: Sequence[store.Folder] = ()) -> None:
    """Write `failures.jsonl` as the parts have it, a line a failed run; none where none failed."""
    path = folder / store.FAILURES
    rows = failures_of(folder, experiment, beside).to_dict("records")
    if rows:
        store.write_text(path, "".join(f"{json.dumps(row)}\n" for row in rows))
    else:
        path.unlink(missing_ok=True)
