"""One run of a study again, as a whole history: what happened and why, and whether it is what was stored."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from redesign_sim.study.ensembles import simulate
from redesign_sim.study.errors import StudyError
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from redesign_sim.study.ensembles import Engine
    from redesign_sim.study.results import Results
    from redesign_sim.study.runs import Point
    from redesign_sim.world.tables import Run


class Replayed(NamedTuple):
    """A run's history, and the outcomes (if any) that came out otherwise than they are stored."""

    history: Run
    different: list[str]


class Which(NamedTuple):
    """A run of a study, with its row where it is stored."""

    point: Point
    replication: int
    row: dict[str, Any] | None

    @property
    def trace(self) -> str | None:
        """What stopped it, if it failed."""
        return self.row["failure"] if self.row else None


def which_run(results: Results, name: str) -> Which:
    """The run that is named by point and replication (`17:4`) or by its id; one sentence where there is none."""
    points = results.experiment.points
    point, colon, replication = name.partition(":")
    if not colon:
        row = results.folder.row({"run": name})
        if row:
            return Which(points[row["point"]], row["replication"], row)
    elif point.isdecimal() and replication.isdecimal() and int(point) < len(points):
        row = results.folder.row({"point": int(point), "replication": int(replication)})
        return Which(points[int(point)], int(replication), row)
    raise StudyError(
        f"{results.folder} has no run {name}; name it by point (0 to {len(points) - 1}) and replication, such as 0:0."
    )


def replay(which: Which, engine: Engine = "mesa") -> Replayed:
    """Run it again, with every event and its reason, and compare it with what is stored, bit for bit."""
    history = simulate(which.point.scenario, which.point.seed, engine=engine, replication=which.replication)
    row = which.row or {}
    return Replayed(
        history, [name for name in MEASURES if name in row and not _same(row[name], history.outcomes[name])]
    )


def _same(stored: object, now: object) -> bool:
    """Whether two values are the same bits; what is missing is the same as what is missing."""
    if pd.isna(stored) or pd.isna(now):  # type: ignore[call-overload]
        return bool(pd.isna(stored) and pd.isna(now))  # type: ignore[call-overload]
    if isinstance(stored, float):
        return struct.pack("d", stored) == struct.pack("d", float(now))  # type: ignore[arg-type]
    return bool(stored == now)
