"""Run each point until its own interval is narrow enough."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from redesign_sim.scenario.fields import Fact, refused
from redesign_sim.study.replication.rule import FloatArray, Held, ReplicationRule, Stop, stop_of
from redesign_sim.study.statistics import Interval, clopper_pearson, mean_interval, wilson

GROWTH = 1.25
"""Each look comes at this many times the runs of the look before: some 25 looks from 30 to 5,000 runs."""


class UntilNarrow(ReplicationRule):
    """Until the 95 % interval of an outcome is narrow enough, looked at on a fixed schedule from `first` runs on.

    A share is judged by Wilson's interval, which stays honest when one stops as soon as it is narrow (with at least 30
    runs; a Wald interval then covers 10 to 60 % instead of 95 % where p is 0.1 or less), or by Clopper and Pearson's,
    which is exact for a number of runs fixed beforehand and wider for rare events; a mean by its t interval.
    """

    kind: Annotated[Literal["until_narrow"], Fact("Kind", "until the interval is narrow enough")]
    outcome: Annotated[str, Fact("Outcome", "the outcome that is judged")]
    interval: Annotated[
        Literal["wilson", "clopper_pearson", "t"], Fact("Interval", "wilson or clopper_pearson for shares, t for means")
    ] = "wilson"
    half_width: Annotated[float, Field(gt=0), Fact("Half width", "how far the interval may reach to either side")]
    first: Annotated[
        int, Field(ge=30, le=1_000_000), Fact("First", "runs at the first look; fewer than 30 mislead")
    ] = 30
    most: Annotated[int, Field(ge=30, le=1_000_000), Fact("Most", "runs after which a point ends in any case")] = 5000

    @model_validator(mode="after")
    def _in_order(self) -> UntilNarrow:
        if self.first > self.most:
            raise refused(f"is more than {self.most:,}, which is the most", at=("first",))
        if self.interval != "t" and self.half_width >= 0.5:  # noqa: PLR2004  half of all there is
            raise refused("says nothing of a share; give less than 0.5", at=("half_width",))
        return self

    @property
    def least(self) -> int:
        """The first look."""
        return self.first

    def bounds(self, points: int) -> tuple[int, int]:
        """All at the first look, or all at the cap."""
        return points * self.first, points * self.most

    def next_targets(self, held: Held) -> list[int]:
        """The next look for each point whose interval is too wide."""
        return [len(values) if self._enough(values) else self._after(len(values)) for values in held]

    def stopped(self, held: Held) -> list[Stop]:
        """By the rule, or by the cap."""
        return [stop_of(values, "rule" if self._narrow(values) else "cap", self._interval) for values in held]

    def looks(self) -> list[int]:
        """The schedule, in runs."""
        schedule = [self.first]
        while schedule[-1] < self.most:
            schedule.append(self._after(schedule[-1]))
        return schedule

    def _after(self, runs: int) -> int:
        return min(self.most, max(self.first, int(np.ceil(runs * GROWTH)))) if runs else self.first

    def _enough(self, values: FloatArray) -> bool:
        return len(values) >= self.most or (len(values) >= self.first and self._narrow(values))

    def _narrow(self, values: FloatArray) -> bool:
        sound = values[np.isfinite(values)]
        if sound.size < 2:  # noqa: PLR2004  one run says nothing of the spread
            return False
        _, low, high = self._interval(sound)
        return high - low <= 2 * self.half_width

    def _interval(self, values: FloatArray) -> Interval:
        if self.interval == "t":
            return mean_interval(values)
        return (wilson if self.interval == "wilson" else clopper_pearson)(int(values.sum()), values.size)
