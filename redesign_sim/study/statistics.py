"""What replications let one say: shares and differences with their intervals, and which options cannot be told apart.

Runs that share a replication number share their luck (common random numbers), so differences are taken within
replications before anything is averaged.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from scipy.special import betaincinv, ndtri, stdtrit

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
SMALLEST_EFFECT = 0.02
"""Smallest difference in the integration index that anyone would care about, fixed before any run."""
SMALLEST_SHARE = 0.05
"""Smallest difference of two shares that anyone would care about."""


Weight = Literal["untold", "told", "small", "doubtful", "large"]
VERDICTS: dict[Weight, str] = {
    "untold": "cannot be told from zero",
    "told": "can be told from zero",
    "small": "can be told from zero but is too small to matter",
    "doubtful": "can be told from zero, but perhaps not large enough to matter",
    "large": "can be told from zero and is large enough to matter",
}
"""What a difference weighs, in words."""


class Interval(NamedTuple):
    """An estimate between two limits."""

    estimate: float
    low: float
    high: float


class PairedDifference(NamedTuple):
    """A minus B under common random numbers, with its t interval.

    `factor_saved` = (var A + var B) / var(A - B): how many times more runs independent luck would have needed for the
    same width; 1 where sharing luck saved nothing, infinite where the difference never varies.
    """

    estimate: float
    low: float
    high: float
    pairs: int
    factor_saved: float

    @property
    def told_from_zero(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    def weight(self, smallest: float = SMALLEST_EFFECT) -> Weight:
        """What it weighs: whether it can be told from zero, and whether it reaches the smallest difference of interest.

        With no smallest difference, whatever can be told from zero is `told`.
        """
        if not self.told_from_zero:
            return "untold"
        if not smallest:
            return "told"
        if max(abs(self.low), abs(self.high)) < smallest:
            return "small"
        return "doubtful" if min(abs(self.low), abs(self.high)) < smallest else "large"

    def verdict(self, smallest: float = SMALLEST_EFFECT) -> str:
        """The same in a researcher's words."""
        return VERDICTS[self.weight(smallest)]


def wilson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """A share with Wilson's score interval, which stays within 0-1 and holds for rare events (Wilson 1927)."""
    if not 0 <= successes <= trials or trials == 0:
        msg = f"a share needs at least one trial and no more successes than trials, not {successes} of {trials}"
        raise ValueError(msg)
    z = float(ndtri((1 + confidence) / 2))
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == trials else centre + half
    return Interval(share, low, high)


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """A share with Clopper and Pearson's exact interval (1934), which never covers less often than it says."""
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(
            f"a share needs at least one trial and no more successes than trials, not {successes} of {trials}"
        )
    tail = (1 - confidence) / 2
    low = float(betaincinv(successes, trials - successes + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, trials - successes, 1 - tail)) if successes < trials else 1.0
    return Interval(successes / trials, low, high)


def mean_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """A mean with its t interval; without a second value nothing is known of the spread and the limits are infinite."""
    known = np.asarray(values, dtype=float)
    if not np.isfinite(known).all() or known.size == 0:
        msg = "a mean needs at least one value and no missing ones"
        raise ValueError(msg)
    return t_interval(float(known.mean()), standard_error(known), known.size, confidence)


def t_interval(mean: float, error: float, number: int, confidence: float = CONFIDENCE) -> Interval:
    """The t interval of a mean of so many values with this standard error; nothing is known of no value."""
    if number < 2:  # noqa: PLR2004  one value says nothing of the spread
        return Interval(mean, -math.inf, math.inf) if number else Interval(math.nan, math.nan, math.nan)
    half = float(stdtrit(number - 1, (1 + confidence) / 2)) * error
    return Interval(float(mean), float(mean - half), float(mean + half))


def standard_error(values: NDArray[np.float64]) -> float:
    """The standard deviation of the mean of independent replications; unknown of a single one."""
    if values.size == 1:
        return math.nan
    return float(values.std(ddof=1)) / math.sqrt(values.size)


def paired_difference(a: ArrayLike, b: ArrayLike, confidence: float = CONFIDENCE) -> PairedDifference:
    """The mean of A - B over replications that share their luck; both in the order of the replications."""
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if first.shape != second.shape:
        msg = f"pairs need as many runs of A as of B, not {first.size} and {second.size}"
        raise ValueError(msg)
    difference = first - second
    estimate, low, high = mean_interval(difference, confidence)
    return PairedDifference(estimate, low, high, difference.size, _factor_saved(first, second))


def _factor_saved(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """The ratio of the variance under independent luck to the variance under shared luck."""
    if a.size == 1:
        return math.nan
    apart, shared = float(a.var(ddof=1) + b.var(ddof=1)), float((a - b).var(ddof=1))
    if shared > 0:
        return apart / shared
    return math.inf if apart > 0 else 1.0


class Standing(NamedTuple):
    """How an option stands against the best one: how far behind, and whether it may be the best."""

    behind: float
    low: float
    high: float
    may_be_best: bool
    pairs: int


def standings(values: pd.DataFrame, confidence: float = CONFIDENCE, *, adaptive: bool = False) -> list[Standing]:
    """Compare every option (a column) with the best one, pair by pair of the replications (rows) that both have.

    Each comparison with the best is a one-sided paired t test at (1 - confidence) / (options - 1), after Bonferroni,
    so that the true best stays among those that `may_be_best` with at least the stated confidence, whatever the
    dependence that shared luck makes (screening as in Nelson, Swann, Goldsman and Song 2001, against the leader only).
    `low` and `high` hold, for all options at once, with the same confidence from below and from above.
    `adaptive`: what was seen has decided how often an option was run; the t quantile gives way to a bound that holds
    at every number of pairs at once (`reach_at_any_time`). An option that was not run (missing) has the replications
    before it, never after; runs that failed are missing, too. Of an option that shares no replication with the best
    nothing is known, and it may be the best. Raises ValueError for an option without any value.
    """
    table = values.to_numpy(dtype=float)
    if not np.isfinite(table).any(axis=0).all() or table.size == 0:
        raise ValueError("ranking needs at least one option, and a value of every option")
    behind = table[:, [leader(table)]] - table
    level = (1 - confidence) / max(table.shape[1] - 1, 1)
    return [_standing(column[np.isfinite(column)], level, adaptive=adaptive) for column in behind.T]


def leader(table: NDArray[np.float64]) -> int:
    """The column with the highest mean, judged under shared luck: each against the one that was run most often.

    Of several run as often, against the one with the highest mean, so that the order of columns decides nothing.
    """
    runs = np.isfinite(table).sum(axis=0)
    means = np.nansum(table, axis=0) / np.maximum(runs, 1)
    ahead = table - table[:, [int(np.where(runs == runs.max(), means, -np.inf).argmax())]]
    pairs = np.isfinite(ahead).sum(axis=0)
    return int(np.where(pairs > 0, np.nansum(ahead, axis=0) / np.maximum(pairs, 1), -np.inf).argmax())


def _standing(behind: NDArray[np.float64], level: float, *, adaptive: bool) -> Standing:
    """One comparison with the best, as far either side as the level asks; one pair or none says nothing."""
    mean = float(behind.mean()) if behind.size else math.nan
    if behind.size <= 1:
        return Standing(mean, -math.inf, math.inf, may_be_best=True, pairs=behind.size)
    reach = reach_at_any_time(behind.size, level) if adaptive else float(stdtrit(behind.size - 1, 1 - level))
    half = 0.0 if not behind.any() else math.inf if math.isinf(reach) else reach * standard_error(behind)
    return Standing(mean, mean - half, mean + half, mean - half <= 0, behind.size)


PRIOR = 0.5
"""Variance of the effect, in units of the runs' own, for which the bound at any time is narrowest."""


def reach_at_any_time(pairs: int, level: float) -> float:
    """How many standard errors a mean lies from the truth at most, at every number of pairs at once.

    One-sided, at `level`. From the t statistic mixed over normal effects, whose likelihood ratio is a martingale of
    start 1 and so rarely ever large (Robbins 1970; Lai 1976; Wang and Ramdas 2025): one may look as often as one
    likes, and let what is seen decide how much more to run. Infinite with too few pairs; about a third wider than t.
    """
    if pairs < 2:  # noqa: PLR2004  one pair says nothing of the spread
        return math.inf
    either = 2 * level / (1 + level)
    spread = 1 + pairs * PRIOR
    ratio = math.exp(min((math.log(spread) - 2 * math.log(either)) / pairs, 700.0))
    if ratio >= spread:
        return math.inf
    return math.sqrt((pairs - 1) * (ratio - 1) * spread / (spread - ratio))
