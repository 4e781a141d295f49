"""Run where it helps to tell the best: OCBA within a budget, KN where a guarantee is asked.

Both compare points pair by pair of replications that share their luck, and both end with the set that cannot be told
from the best, never with a winner alone.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from redesign_sim.scenario.fields import Fact, refused
from redesign_sim.study.replication.rule import By, FloatArray, Held, ReplicationRule, Stop, stop_of
from redesign_sim.study.statistics import CONFIDENCE, SMALLEST_EFFECT, leader, reach_at_any_time

First = Annotated[int, Field(ge=10, le=10_000), Fact("First", "runs of every point before anything is judged")]
OutcomeName = Annotated[str | None, Fact("Outcome", "what is compared; by default what the study selects on")]
Mask = npt.NDArray[np.bool_]


class Pairs(NamedTuple):
    """Every point against one of them, over the replications that both have; without two of those no variance."""

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


def against(table: FloatArray, one: int) -> Pairs:
    """How far every point is behind one of them, pair by pair."""
    apart = table[:, [one]] - table
    pairs = np.isfinite(apart).sum(axis=0)
    behind = np.nansum(apart, axis=0) / np.maximum(pairs, 1)
    squares = np.nansum((apart - behind) ** 2, axis=0)
    return Pairs(one, pairs, behind, np.where(pairs > 1, squares / np.maximum(pairs - 1, 1), np.nan))


def compared(held: Held) -> Pairs | None:
    """Every point against the best so far; None where no point has two sound runs."""
    table = table_of(held)
    sound = can_be_judged(table)
    if not sound.any():
        return None
    return against(table, int(np.flatnonzero(sound)[leader(table[:, sound])]))


def can_be_judged(table: FloatArray) -> Mask:
    """Which points have two sound runs at least: one says nothing of the spread."""
    return np.asarray(np.isfinite(table).sum(axis=0) > 1)


def always_the_same(table: FloatArray, found: Pairs) -> Mask:
    """Which points have given what the best gives in every replication, though that varies: mixes of the same people.

    More runs would tell nothing. Where the best itself never varied, a rare event may only not have happened yet.
    """
    best = table[:, found.best]
    varies = bool(np.nanmax(best) > np.nanmin(best))
    return np.equal(found.variance, 0.0) & np.equal(found.behind, 0.0) & varies


def may_be_best(found: Pairs, confidence: float = CONFIDENCE) -> Mask:
    """Which points cannot be told from the best, by a bound that holds however often one looks (see `standings`)."""
    level = (1 - confidence) / max(len(found.pairs) - 1, 1)
    reach = np.array([reach_at_any_time(int(pairs), level) for pairs in found.pairs])
    known = np.isfinite(reach)
    error = np.sqrt(np.where(known, found.variance / np.maximum(found.pairs, 1), 0.0))
    kept: Mask = ~known | (found.behind - np.where(known, reach, 0.0) * error <= 0)
    kept[found.best] = True
    return kept


BY_FORMULA = 0.25
"""Share of a round that goes by OCBA's formula; the rest goes evenly to all that may be the best.

By formula alone the choice is hardly ever wrong, and the set stays wide, for nothing is spent on telling the others
from the best; evenly alone it is the other way round. On the lattice of 286 mixes a quarter keeps nearly all of both.
"""


class Ocba(ReplicationRule):
    """Optimal computing budget allocation (Chen, Lin, Yucesan and Chick 2000), among those not yet told from the best.

    Round by round a fifth of the first stage's runs goes to the points that may be the best: a quarter by the formula
    of OCBA, which makes a wrong choice rare; the rest evenly, which tells the others apart from the best.
    """

    kind: Annotated[Literal["ocba"], Fact("Kind", "optimal computing budget allocation")]
    budget: Annotated[int, Field(ge=20, le=100_000_000), Fact("Budget", "runs of all points of a context together")]
    first: First = 10
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
        found, alive = self._in_doubt(held)
        left = self.budget - sum(spent)
        if left <= 0 or found is None or not alive.any():
            return spent
        return self._shared_out(np.array(spent), found, alive, min(left, max(1, len(held) * self.first // 5)))

    def _in_doubt(self, held: Held) -> tuple[Pairs | None, Mask]:
        """Everyone against the best, and whom more runs may tell from the best; with any, the best is one of them."""
        table, found = table_of(held), compared(held)
        if found is None:
            return None, np.zeros(len(held), dtype=np.bool_)
        doubtful = may_be_best(found) & can_be_judged(table) & ~always_the_same(table, found)
        doubtful[found.best] = False
        doubtful[found.best] = doubtful.any()
        return found, doubtful

    def _shared_out(self, spent: npt.NDArray[np.int64], found: Pairs, alive: Mask, more: int) -> list[int]:
        """So many more runs among those that may be the best; each is brought up towards its due, none loses any."""
        among = np.flatnonzero(alive)
        weight, even = formula(found)[among], np.full(len(among), 1 / len(among))
        due = BY_FORMULA * weight / weight.sum() + (1 - BY_FORMULA) * even if weight.any() else even
        spent[among] = filled(spent[among], due, more)
        return [int(runs) for runs in spent]

    def stopped(self, held: Held) -> list[Stop]:
        """By the budget while several may be the best; else by the rule. Some were told from the best before."""
        found, doubtful = self._in_doubt(held)
        kept = may_be_best(found) if found else np.ones(len(held), dtype=np.bool_)
        ended: By = "budget" if doubtful.any() else "rule"
        judged = can_be_judged(table_of(held))
        return [
            stop_of(values, ended_by(ended, kept=bool(stays), sound=bool(sound)))
            for values, stays, sound in zip(held, kept, judged, strict=True)
        ]


def formula(found: Pairs) -> FloatArray:
    """What OCBA gives to each: in proportion to the variance of the difference from the best over its square.

    Under shared luck it is the difference, pair by pair, whose variance counts, and the best needs as many runs as the
    one compared with it most. A gap is known with an error, whose square is added to the gap's: or a point as good as
    equal would take the whole budget.
    """
    square = found.behind**2 + found.variance / np.maximum(found.pairs, 1)
    weight = np.divide(found.variance, square, out=np.zeros_like(square), where=square > 0)
    weight[found.best] = weight.max() * (1 + 1e-9)  # a hair more, or the order of points would decide a tie
    return weight


def ended_by(ended: By, *, kept: bool, sound: bool) -> By:
    """What ended one point, given what ended those that were left."""
    return "failed" if not sound else ended if kept else "excluded"


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
    indifference: Annotated[
        float, Field(gt=0), Fact("Indifference", "the smallest difference worth telling, in the outcome's own unit")
    ] = SMALLEST_EFFECT
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
            raise refused(f"is more than {self.most:,}, which is the most", at=("first",))
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
        left, settled = self._left(held)
        if settled or max(spent) >= self.most:
            return spent
        target = min(self.most, max(spent) + self.batch)
        return [target if kept else runs for kept, runs in zip(left, spent, strict=True)]

    def stopped(self, held: Held) -> list[Stop]:
        """By the rule where it has decided, by the cap where several are left, the others because they were dropped."""
        left, settled = self._left(held)
        judged = can_be_judged(table_of(held)[: self.first])
        return [
            stop_of(values, ended_by("rule" if settled else "cap", kept=bool(kept), sound=bool(sound)))
            for values, kept, sound in zip(held, left, judged, strict=True)
        ]

    def _left(self, held: Held) -> tuple[Mask, bool]:
        """Who is left after the look at what is held, and whether that decides it.

        Those run furthest are left that can be judged and are not far behind another of them. It is decided where one
        is left, or where the line has come down to nothing between all that are: they are exactly alike.
        """
        runs = np.array([len(values) for values in held])
        left: Mask = np.equal(runs, runs.max()) & can_be_judged(table_of(held)[: self.first])
        among = np.flatnonzero(left)
        if len(among) < 2:  # noqa: PLR2004  nobody to compare with
            return left, True
        table = table_of([held[int(index)] for index in among])
        line = self._line(table, len(held))
        stay = ~(differences(table) < -line).any(axis=1)
        if not stay.any():  # where runs failed, each may be behind another; then none is dropped
            return left, False
        left[among] = stay
        return left, bool((line[np.ix_(stay, stay)] == 0).all())

    def _line(self, table: FloatArray, points: int) -> FloatArray:
        """How far one (row) may be behind another (column) at this number of runs and still be left."""
        pairs = np.maximum(pairs_of(table), 1.0)
        line = np.zeros(pairs.shape)
        for one in range(table.shape[1]):
            start = against(table[: self.first], one)
            free = np.maximum(start.pairs - 1, 1)
            eta = ((2 * (1 - self.confidence) / max(points - 1, 1)) ** (-2 / free) - 1) / 2
            room = 2 * eta * free * start.variance / self.indifference**2 - pairs[one]
            line[one] = self.indifference / 2 / pairs[one] * np.where(start.pairs > 1, np.maximum(room, 0.0), np.inf)
        np.fill_diagonal(line, 0.0)
        return line


def pairs_of(table: FloatArray) -> FloatArray:
    """How many replications each two points have in common."""
    sound = np.isfinite(table).astype(float)
    return np.asarray(sound.T @ sound)


def differences(table: FloatArray) -> FloatArray:
    """The mean of each point (row) less that of each other (column), over the replications that both have.

    From each point's own sum, less what it gave where the other failed: points that never differ differ by nothing.
    """
    failed = ~np.isfinite(table)
    torn, given = failed.any(axis=1), np.where(failed, 0.0, table)
    lost = np.einsum("ni,nj->ij", given[torn], failed[torn].astype(float))
    sums = given.sum(axis=0)[:, None] - lost
    return np.asarray((sums - sums.T) / np.maximum(pairs_of(table), 1.0))
