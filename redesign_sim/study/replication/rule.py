"""What every rule of replication is: a function of what came out so far, and of nothing else.

A rule sees, for the points of one context, the outcome of exactly the replications that it has asked for, in the order
of their numbers. It holds no state and never sees what finished first, so the same study asks for the same runs
whatever the number of workers, and one that was stopped goes on as if it had not been.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from redesign_sim.scenario.fields import Part

FloatArray: TypeAlias = npt.NDArray[np.float64]
Held: TypeAlias = Sequence[FloatArray]
"""The outcome of each point's replications 0, 1, ... in this order; a run that failed is NaN."""

By = Literal["number", "rule", "cap", "budget", "excluded", "failed"]
"""What ended the runs of a point: the number asked for, the rule, its cap, the budget, being behind, or failure."""

STOP_WORDS: dict[By, str] = {
    "number": "the number asked for",
    "rule": "the rule",
    "cap": "the cap",
    "budget": "the budget",
    "excluded": "told from the best",
    "failed": "fewer than two sound runs",
}


class Stop(NamedTuple):
    """Where a point stands when its runs end: how many are sound, the estimate with its interval, and what ended it."""

    runs: int
    estimate: float
    low: float
    high: float
    by: By


class ReplicationRule(Part):
    """A rule that says how many replications each point of a context should have."""

    selects: ClassVar[bool] = False
    """Whether it looks for the best point, which needs shared luck."""

    @property
    def least(self) -> int:
        """Runs that every point gets."""
        raise NotImplementedError

    def bounds(self, points: int) -> tuple[int, int]:
        """The fewest and the most runs that a context of so many points can take."""
        raise NotImplementedError

    def next_targets(self, held: Held) -> list[int]:
        """How many replications each point should have, given what it has; the same where nothing more is wanted."""
        raise NotImplementedError

    def stopped(self, held: Held) -> list[Stop]:
        """Where each point stands."""
        raise NotImplementedError


class Fixed(ReplicationRule):
    """The same number for every point."""

    number: int

    @property
    def least(self) -> int:
        """The number."""
        return self.number

    def bounds(self, points: int) -> tuple[int, int]:
        """The number, either way."""
        return points * self.number, points * self.number

    def next_targets(self, held: Held) -> list[int]:
        """The number."""
        return [self.number] * len(held)

    def stopped(self, held: Held) -> list[Stop]:
        """All by the number, with their t intervals."""
        return [stop_of(values, "number") for values in held]


def stop_of(values: FloatArray, by: By, interval: Any = None) -> Stop:  # noqa: ANN401  a function of values
    """A point with its interval over the runs that are sound; without one, nothing is known."""
    from redesign_sim.study.statistics import mean_interval  # noqa: PLC0415  keeps this file free of cycles

    sound = values[np.isfinite(values)]
    if not sound.size:
        return Stop(0, float("nan"), float("nan"), float("nan"), by)
    estimate, low, high = (interval or mean_interval)(sound)
    return Stop(sound.size, estimate, low, high, by)
