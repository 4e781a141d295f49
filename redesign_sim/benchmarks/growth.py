"""How cost grows with size: the exponent of a power law, and how sure of it one can be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE = 0.95


class Exponent(NamedTuple):
    """Cost grows as size to this power, with its 95 % interval (without a width where two points leave none)."""

    estimate: float
    low: float
    high: float


def exponent_of(sizes: Sequence[float], costs: Sequence[float]) -> Exponent:
    """The slope of log cost on log size by least squares, with Student's interval.

    Sizes may repeat. The interval takes the points to scatter about one straight line; where growth bends, it tells of
    the bend as much as of noise. Raises ValueError where all sizes are one.
    """
    x, y = np.log(np.asarray(sizes, float)), np.log(np.asarray(costs, float))
    spread = float(((x - x.mean()) ** 2).sum())
    if spread == 0.0:
        raise ValueError("growth takes at least two sizes")
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread
    free = len(x) - 2
    if free < 1:
        return Exponent(slope, slope, slope)
    rest = y - y.mean() - slope * (x - x.mean())
    error = math.sqrt(float((rest**2).sum()) / free / spread)
    reach = float(stdtrit(free, 0.5 + CONFIDENCE / 2.0)) * error
    return Exponent(slope, slope - reach, slope + reach)
