"""Run where it helps to tell the best: OCBA within a budget, KN where a guarantee is asked.

Both compare points pair by pair of replications that share their luck, and both end with the set that cannot be told
from the best, never with a winner alone.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from redesign_sim.scenario.fields import Fact
from redesign_sim.study.replication.rule import By, FloatArray, Held, ReplicationRule, Stop, stop_of
from redesign_sim.study.statistics import CONFIDENCE, SMALLEST_EFFECT, leader, reach_at_any_time

First = Annotated[int, Field(ge=10, le=10_000), Fact("First", "runs of every point before anything is judged")]
Indifference = Annotated[
    float, Field(gt=0), Fact("Indifference", "the smallest difference worth telling, in the outcome's own unit")
]
OutcomeName = Annotated[str | None, Fact("Outcome", "what is compared; by default what the study selects on")]
Mask = npt.NDArray[np.bool_]


class Pairs(NamedTuple):
    """Every point against the best so far, over the replications that both have."""

    best: int
    pairs: npt.NDArray[np.int64]
    behind: FloatArray
    variance: FloatArray


def table_of(held: Held) -> FloatArray:
    """Replications as rows, points as columns; NaN where a point was not run, or failed."""
    table = np.full((max(map(len, held)), len(held)), np.nan)
    for column, values in enumerate(held):
        table[: len(values), column] = values
    return table


def compared(held: Held) -> Pairs | None:
    """Every point against the best so far; None where a point shares fewer than two sound runs with it."""
    table = table_of(held)
    if (np.isfinite(table).sum(axis=0) < 2).any():  # noqa: PLR2004  one run says nothing of the spread
        return None
    best = leader(table)
    apart = table[:, [best]] - table
    pairs = np.isfinite(apart).sum(axis=0)
    if (pairs < 2).any():  # noqa: PLR2004
        return None
    return Pairs(best, pairs, np.nanmean(apart, axis=0), np.nanvar(apart, axis=0, ddof=1))


def may_be_best(found: Pairs, confidence: float = CONFIDENCE) -> Mask:
    """Which points cannot be told from the best, by a bound that holds however often one looks."""
    level = (1 - confidence) / max(len(found.pairs) - 1, 1)
    reach = np.array([reach_at_any_time(int(pairs), level) for pairs in found.pairs])
    error = np.sqrt(found.variance / found.pairs)
    known = error > 0
    kept: Mask = np.where(
        known, found.behind - np.multiply(reach, error, where=known, out=np.zeros_like(error)) <= 0, found.behind <= 0
    )
    kept |= np.isinf(reach)
    kept[found.best] = True
    return kept


class Ocba(ReplicationRule):
    """Optimal computing budget allocation (Chen, Lin, Yucesan and Chick 2000), among those not yet told from the best.

    Round by round a fifth of the first stage's runs goes to the points that may be the best: half by the rule of OCBA,
    in proportion to the variance of the difference from the best over its square, which is what makes a wrong choice
    rare; half evenly, which is what tells the others apart from the best. Differences below `indifference` count as
    that, or points that are as good as equal would take the whole budget.
    """

    kind: Annotated[Literal["ocba"], Fact("Kind", "optimal computing budget allocation")]
    budget: Annotated[int, Field(ge=20, le=100_000_000), Fact("Budget", "runs of all points of a context together")]
    first: First = 20
    indifference: Indifference = SMALLEST_EFFECT
    outcome: OutcomeName = None
    selects: ClassVar[bool] = True

    @property
    def least(self) -> int:
        """The first stage."""
        return self.first

    def bounds(self, points: int) -> tuple[int, int]:
        """The first stage, or the budget."""
        return points * self.first, max(self.budget, points * self.first)

    def next_targets(self, held: Held) -> list[int]:
        """The next round's runs, given to those that may be the best."""
        spent = [len(values) for values in held]
        if min(spent) < self.first:
            return [max(runs, self.first) for runs in spent]
        left = self.budget - sum(spent)
        found = compared(held)
        if left <= 0 or found is None or len(held) == 1:
            return spent
        alive = may_be_best(found)
        if alive.sum() == 1:
            return spent
        return self._shared_out(np.array(spent), found, alive, min(left, max(1, len(held) * self.first // 5)))

    def _shared_out(self, spent: npt.NDArray[np.int64], found: Pairs, alive: Mask, more: int) -> list[int]:
        """So many more runs among those that may be the best; each is brought up towards its due, none loses any."""
        weight = found.variance / np.maximum(np.abs(found.behind), self.indifference) ** 2 * alive
        weight[found.best] = weight.max()
        even = alive / alive.sum()
        due = even if not weight.sum() else (weight / weight.sum() + even) / 2
        among = np.flatnonzero(alive)
        spent[among] = filled(spent[among], due[among], more)
        return [int(runs) for runs in spent]

    def stopped(self, held: Held) -> list[Stop]:
        """By the budget, or because it was told from the best before."""
        found = compared(held)
        alive = may_be_best(found) if found else np.ones(len(held), dtype=np.bool_)
        ends: list[By] = ["rule" if alive.sum() == 1 else "budget" if kept else "excluded" for kept in alive]
        return [stop_of(values, by) for values, by in zip(held, ends, strict=True)]


def filled(spent: npt.NDArray[np.int64], due: FloatArray, more: int) -> npt.NDArray[np.int64]:
    """Give out more runs so that all come as near as can be to their due, as water finds its level.

    `spent`: runs so far; `due`: weights, none zero; returns the new numbers, `more` in all above the old.
    """
    total = int(spent.sum()) + more
    order = np.argsort(spent / due, kind="stable")
    level = 0.0
    for taken in range(1, len(order) + 1):
        inside = order[:taken]
        level = (total - (spent.sum() - spent[inside].sum())) / due[inside].sum()
        if taken == len(order) or level <= spent[order[taken]] / due[order[taken]]:
            break
    wanted = np.maximum(spent, level * due)
    given = np.maximum(np.floor(wanted).astype(np.int64), spent)
    rest = total - int(given.sum())
    given[np.argsort(given - wanted, kind="stable")[:rest]] += 1
    return given


class Kn(ReplicationRule):
    """Kim and Nelson's fully sequential procedure (2001): the best, or one within `indifference` of it, is kept.

    With the stated confidence, for differences that are normal, under shared luck. A point is dropped when it falls far
    enough behind another that is left; one that has fewer runs than another has been dropped, so what is held tells the
    whole history. Looking only every `batch` replications drops later than looking at each, never more readily.
    """

    kind: Annotated[Literal["kn"], Fact("Kind", "Kim and Nelson's sequential selection")]
    indifference: Indifference = SMALLEST_EFFECT
    confidence: Annotated[
        float, Field(gt=0.5, lt=1), Fact("Confidence", "that the one kept is as good as the best")
    ] = CONFIDENCE
    first: First = 20
    batch: Annotated[int, Field(ge=1, le=10_000), Fact("Batch", "replications between two looks")] = 10
    most: Annotated[
        int, Field(ge=10, le=1_000_000), Fact("Most", "runs of a point after which it ends in any case")
    ] = 5000
    outcome: OutcomeName = None
    selects: ClassVar[bool] = True

    @model_validator(mode="after")
    def _in_order(self) -> Kn:
        if self.first > self.most:
            raise PydanticCustomError("order", "first has to be at most as large as most")
        return self

    @property
    def least(self) -> int:
        """The first stage."""
        return self.first

    def bounds(self, points: int) -> tuple[int, int]:
        """The first stage, or all to the cap."""
        return points * self.first, points * self.most

    def next_targets(self, held: Held) -> list[int]:
        """A batch more for those that are left, until one is left or the cap is reached."""
        spent = [len(values) for values in held]
        if min(spent) < self.first:
            return [max(runs, self.first) for runs in spent]
        left = self._left(held)
        if left.sum() <= 1 or max(spent) >= self.most:
            return spent
        target = min(self.most, max(spent) + self.batch)
        return [target if kept else runs for kept, runs in zip(left, spent, strict=True)]

    def stopped(self, held: Held) -> list[Stop]:
        """By the rule where one is left, by the cap where several are, the others because they were dropped."""
        left = self._left(held)
        ended: By = "rule" if left.sum() <= 1 else "cap"
        return [stop_of(values, ended if kept else "excluded") for values, kept in zip(held, left, strict=True)]

    def _left(self, held: Held) -> Mask:
        """Who is left after the look at what is held: those run furthest that are not far behind another of them."""
        runs = np.array([len(values) for values in held])
        left: Mask = np.equal(runs, runs.max())
        table = table_of([values for values, kept in zip(held, left, strict=True) if kept])
        sound = table[np.isfinite(table).all(axis=1)]
        if left.sum() > 1 and len(sound) >= 2:  # noqa: PLR2004  one run says nothing of the spread
            left[np.flatnonzero(left)[self._far_behind(table, sound, len(held))]] = False
        return left

    def _far_behind(self, table: FloatArray, sound: FloatArray, points: int) -> Mask:
        """Which of those left fall behind another of them by more than the line allows at this number of runs."""
        start = table[: self.first]
        start = start[np.isfinite(start).all(axis=1)]
        free = len(start) - 1
        if free < 1:
            return np.zeros(table.shape[1], dtype=np.bool_)
        eta = ((2 * (1 - self.confidence) / max(points - 1, 1)) ** (-2 / free) - 1) / 2
        means = sound.mean(axis=0)
        spread = np.array([(start - start[:, [one]]).var(axis=0, ddof=1) for one in range(table.shape[1])])
        line = self.indifference / 2 / len(sound) * (2 * eta * free * spread / self.indifference**2 - len(sound))
        return np.asarray((means[:, None] < means[None, :] - np.maximum(line, 0.0)).any(axis=1))


def spared(runs: int, points: int, most: int) -> float:
    """How many times as many runs it would have taken to run every point as often as the one run most."""
    return points * most / runs if runs else math.nan
