"""What a rule of replication spends, and what its choice costs, against the same runs spread evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from redesign_sim.study.replication.rule import Fixed
from redesign_sim.study.replication.selection import table_of
from redesign_sim.study.statistics import standard_error, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.study.replication.rule import FloatArray, Held, ReplicationRule

Order = npt.NDArray[np.int64]


class Spending(NamedTuple):
    """Runs of the points of a context, and what it would have taken without a rule.

    `evenly`: what each point would have had of the same runs; `for_all`: the runs it would have taken to run every
    point as often as the one run most.
    """

    runs: int
    fewest: int
    most: int
    evenly: float
    for_all: int

    @property
    def times(self) -> float:
        """How many times as many runs that would have been."""
        return self.for_all / self.runs


def spending(runs: Sequence[int]) -> Spending:
    """What was spent, from the runs of each point."""
    return Spending(sum(runs), min(runs), max(runs), sum(runs) / len(runs), max(runs) * len(runs))


class Regret(NamedTuple):
    """Means over trials of what a choice of the best came to, where the truth is known.

    `regret`: how far the point that comes first is behind the best, with its standard error over trials; `right`: how
    often it is the best; `holds_best`: how often the set that cannot be told from the best holds the best; `in_set`:
    how many points are in it; `widest`: how far the worst of them is behind.
    """

    runs: float
    regret: float
    regret_error: float
    right: float
    holds_best: float
    in_set: float
    widest: float


class Comparison(NamedTuple):
    """A rule, and the same runs spread evenly over all points."""

    rule: Regret
    evenly: Regret


def simulated_regret(values: pd.DataFrame, rule: ReplicationRule, *, trials: int = 100, seed: int = 1) -> Comparison:
    """How a rule would have done on a study that was run in full, and how the same runs spread evenly would have.

    `values`: an outcome, a row a replication, a column a point, none missing. Each trial draws whole replications anew,
    with replacement, so that points go on sharing their luck, and the means of `values` are the truth. Raises
    ValueError where a value is missing.
    """
    table = values.to_numpy(dtype=float)
    if not table.size or not np.isfinite(table).all():
        raise ValueError("a simulated regret needs a value of every point in every replication")
    random, points = np.random.default_rng(seed), table.shape[1]
    by_rule, evenly = [], []
    for _ in range(trials):
        order = random.integers(len(table), size=rule.bounds(points)[1])
        held = followed(rule, table, order)
        each = sum(map(len, held)) // points
        by_rule.append(_trial(held, table, adaptive=not isinstance(rule, Fixed)))
        evenly.append(_trial([column[order[:each]] for column in table.T], table, adaptive=False))
    return Comparison(_over_trials(by_rule), _over_trials(evenly))


def followed(rule: ReplicationRule, table: FloatArray, order: Order) -> Held:
    """What is held when a rule is satisfied, where replication n of every point is row `order[n]` of a table."""
    held: Held = [column[:0] for column in table.T]
    while (targets := rule.next_targets(held)) != [len(values) for values in held]:
        held = [column[order[:number]] for column, number in zip(table.T, targets, strict=True)]
    return held


def _trial(held: Held, table: FloatArray, *, adaptive: bool) -> Regret:
    """What one trial came to, against the truth."""
    truth = table.mean(axis=0)
    behind = truth.max() - truth
    found = standings(pd.DataFrame(table_of(held)), adaptive=adaptive)
    kept = np.array([standing.may_be_best for standing in found])
    regret = float(behind[int(np.argmin([standing.behind for standing in found]))])
    holds_best, widest = float(kept[behind == 0].any()), float(behind[kept].max())
    return Regret(sum(map(len, held)), regret, 0.0, float(regret == 0), holds_best, float(kept.sum()), widest)


def _over_trials(trials: list[Regret]) -> Regret:
    """Means over trials."""
    table = np.array(trials)
    error = standard_error(table[:, Regret._fields.index("regret")]) if len(trials) > 1 else float("nan")
    return Regret(*table.mean(axis=0).tolist())._replace(regret_error=error)
