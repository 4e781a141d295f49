"""Whether there were enough replications: what each test could have seen, and how steady each outcome's spread is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import nct, t

from redesign_sim.study.statistics import CONFIDENCE

if TYPE_CHECKING:
    from redesign_sim.evidence.claims import FloatArray

WORTH_SEEING = 2.0
"""Power is for a true effect of so many times the smallest of interest."""

CERTAIN = 30.0
"""Standard errors beyond which the noncentral t distribution cannot be computed, and need not be."""

SIZES = (10, 20, 50, 100, 200, 400)
"""After how many replications the spread of an outcome is looked at."""


class Power(NamedTuple):
    """What so many replications can see: `half`, half the width of the interval; `power`, how likely an effect of
    twice the smallest of interest is to be told; `needed`, the replications for a power of 0.9.
    """

    runs: int
    spread: float
    half: float
    power: float
    needed: int


def power_of(scores: FloatArray, smallest: float) -> Power:
    """The power of a test whose scores are these; NaN from fewer than two."""
    known = scores[np.isfinite(scores)]
    if len(known) < 2:  # noqa: PLR2004  one has no spread
        return Power(len(known), math.nan, math.nan, math.nan, 0)
    spread = float(known.std(ddof=1))
    half = float(t.ppf((1 + CONFIDENCE) / 2, len(known) - 1)) * spread / math.sqrt(len(known))
    return Power(len(known), spread, half, told(spread, smallest, len(known)), needed(spread, smallest))


def told(spread: float, smallest: float, runs: int) -> float:
    """How likely the interval lies beyond the smallest effect if the true one is `WORTH_SEEING` times as large."""
    beyond = (WORTH_SEEING - 1) * smallest * math.sqrt(runs) / spread if spread > 0 else math.inf
    if beyond > CERTAIN:
        return 1.0
    return float(nct.sf(t.ppf((1 + CONFIDENCE) / 2, runs - 1), runs - 1, beyond))


def needed(spread: float, smallest: float, power: float = 0.9, most: int = 1_000_000) -> int:
    """The fewest replications with which that is as likely as `power`; `most` where more would be needed."""
    low, high = 2, 2
    while high < most and told(spread, smallest, high) < power:
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if told(spread, smallest, middle) >= power else (middle, high)
    return high


def steadiness(values: FloatArray) -> dict[int, float]:
    """The standard deviation of an outcome over the first so many replications."""
    known = values[np.isfinite(values)]
    return {size: float(known[:size].std(ddof=1)) for size in SIZES if size <= len(known)}
