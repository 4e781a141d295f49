"""Effects that are no weighted sum: an optimum between two ends, and statistics of many runs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.evidence.claims import Condition, FloatArray, Sheets


@dataclass(frozen=True, eq=False)
class Peak:
    """By how much the best level between two ends beats the better end.

    The levels are chosen on one half of the replications and compared on the other, and the other way round, so that
    choosing the best of several noisy means favours nothing. Above zero: the optimum lies between the ends.
    """

    reading: str
    levels: tuple[Condition, ...]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What has to be run."""
        return self.levels

    @property
    def readings(self) -> tuple[str, ...]:
        """What has to be read off each run."""
        return (self.reading,)

    def values(self, sheets: Sheets) -> FloatArray:
        """Replications x levels."""
        columns = [sheets[level.name][self.reading].to_numpy(dtype=float) for level in self.levels]
        return np.asarray(np.column_stack(columns), dtype=float)

    def scores(self, sheets: Sheets) -> FloatArray:
        """The best level inside less the better end, each chosen on the other half of the replications."""
        values = self.values(sheets)
        scores = np.full(len(values), np.nan)
        even = np.arange(len(values)) % 2 == 0
        for here, there in ((even, ~even), (~even, even)):
            if np.isfinite(values[there]).any():
                scores[here] = _inside_less_end(values[here], np.nanmean(values[there], axis=0))
        return scores


def _inside_less_end(values: FloatArray, means: FloatArray) -> FloatArray:
    """The column that `means` say is the best inside, less that of the end they say is the better."""
    inside = 1 + int(np.nanargmax(means[1:-1]))
    end = 0 if means[0] >= means[-1] else len(means) - 1
    return np.asarray(values[:, inside] - values[:, end], dtype=float)


Columns = dict[tuple[str, str], "FloatArray"]
"""Replications of a condition's reading, by the names of both."""


@dataclass(frozen=True, eq=False)
class Statistic:
    """A number that takes all replications together; its scores are the jackknife's pseudo-values (Tukey 1958)."""

    conditions: tuple[Condition, ...]
    readings: tuple[str, ...]
    of: Callable[[Columns], float]

    def columns(self, sheets: Sheets) -> Columns:
        """The replications in which every reading is there."""
        held = {
            (condition.name, reading): sheets[condition.name][reading].to_numpy(dtype=float)
            for condition in self.conditions
            for reading in self.readings
        }
        known = np.isfinite(np.column_stack(list(held.values()))).all(axis=1)
        return {key: values[known] for key, values in held.items()}

    def scores(self, sheets: Sheets) -> FloatArray:
        """A pseudo-value a replication: n times the statistic less n - 1 times that without the replication."""
        columns = self.columns(sheets)
        runs = len(next(iter(columns.values())))
        if runs < 3:  # noqa: PLR2004  without one of two there is no spread
            return np.full(runs, np.nan)
        whole = self.of(columns)
        without = [self.of({key: np.delete(values, run) for key, values in columns.items()}) for run in range(runs)]
        return np.asarray(runs * whole - (runs - 1) * np.array(without), dtype=float)


def explained(outcome: FloatArray, seen: FloatArray) -> float:
    """The share of an outcome's variance that a straight line through what was seen accounts for."""
    if np.ptp(seen) <= 0 or np.ptp(outcome) <= 0:
        return 0.0
    return float(np.corrcoef(seen, outcome)[0, 1] ** 2)


def foretelling(noisy: Condition, calm: Condition | None, seen: str, other: str, outcome: str) -> Statistic:
    """How much worse an onlooker foretells an outcome: from `seen` than from `other`, or amid noise than in calm."""
    if calm is None:
        return Statistic(
            (noisy,),
            (seen, other, outcome),
            lambda held: (
                explained(held[noisy.name, outcome], held[noisy.name, seen])
                - explained(held[noisy.name, outcome], held[noisy.name, other])
            ),
        )
    return Statistic(
        (noisy, calm),
        (seen, outcome),
        lambda held: (
            explained(held[noisy.name, outcome], held[noisy.name, seen])
            - explained(held[calm.name, outcome], held[calm.name, seen])
        ),
    )


def cut(more: Condition, less: Condition, one: str, other: str) -> Statistic:
    """By how much a larger share of one reading is lost than of another, from `less` of something to `more` of it."""

    def lost(held: Columns, reading: str) -> float:
        before = float(held[less.name, reading].mean())
        return 1.0 - float(held[more.name, reading].mean()) / before if before > 0 else np.nan

    return Statistic((more, less), (one, other), lambda held: lost(held, one) - lost(held, other))
