"""One run of a study again, as a whole history: what happened and why, and whether it is what was stored."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from redesign_sim.study.ensembles import simulate
from redesign_sim.study.errors import StudyError
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.runs import run_id
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from redesign_sim.study.ensembles import Engine
    from redesign_sim.study.running import Results
    from redesign_sim.study.runs import Point
    from redesign_sim.world.tables import Run


class Replayed(NamedTuple):
    """A run's history, and the outcomes (if any) that came out otherwise than they are stored."""

    point: Point
    replication: int
    history: Run
    different: list[str]
    stored: bool


def which_run(results: Results, name: str) -> tuple[Point, int]:
    """The run that is named by point and replication (`17:4`) or by its id; one sentence where there is none."""
    points = results.experiment.points
    point, colon, replication = name.partition(":")
    if colon and point.isdigit() and replication.isdigit() and int(point) < len(points):
        return points[int(point)], int(replication)
    if not colon:
        runs = results.outcomes([])
        for index, number in zip(runs["point"], runs["replication"], strict=True):
            if run_id(rules_digest(), points[index], int(number)) == name:
                return points[index], int(number)
    raise StudyError(
        f"{results.folder} has no run {name}; name it by point (0 to {len(points) - 1}) and replication, such as 0:0."
    )


def replay(results: Results, name: str, engine: Engine = "mesa") -> Replayed:
    """Run it again, with every event and its reason, and compare it with what is stored, bit for bit."""
    point, replication = which_run(results, name)
    history = simulate(point.scenario, point.seed, engine=engine, replication=replication)
    runs = results.runs
    row = runs[(runs["point"] == point.index) & (runs["replication"] == replication)]
    if row.empty or not pd.isna(row["failure"].iloc[0]):
        return Replayed(point, replication, history, [], stored=False)
    different = [name for name in MEASURES if not _same(row[name].iloc[0], history.outcomes[name])]
    return Replayed(point, replication, history, different, stored=True)


def _same(stored: object, now: object) -> bool:
    """Whether two values are the same; what is missing is the same as what is missing."""
    if pd.isna(stored) or pd.isna(now):  # type: ignore[call-overload]
        return bool(pd.isna(stored) and pd.isna(now))  # type: ignore[call-overload]
    if isinstance(stored, float) and isinstance(now, float):
        return math.isclose(stored, now, rel_tol=0.0, abs_tol=0.0)
    return bool(stored == now)
