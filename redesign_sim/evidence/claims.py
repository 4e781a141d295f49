"""What a claim is to a test: conditions to run, an effect read off their runs, its sign, and how large it has to be.

Everything here is stated before anything is run. A condition is a case with some of its values replaced; conditions
of one setting share their luck, run by run, so that an effect is a mean of differences within replications.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from redesign_sim.evidence.findings import FINDINGS, carriers
from redesign_sim.study.statistics import SMALLEST_EFFECT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from redesign_sim.rulekit import Label
    from redesign_sim.scenario import Scenario

    FloatArray = NDArray[np.float64]
    Changes = Mapping[str, object]

STUDIED = ("dementia_london", "dementia_manchester", "sexual_health_london", "sexual_health_manchester")
"""The four cases of the study."""

CASES = (*STUDIED, "neutral")
"""Where claims are tried: the four cases, and one that is made up to favour nothing."""

Expected = Literal["more", "less", "nothing", "open"]
"""What is expected of an effect: above zero, below zero, too small to matter, or nothing that anyone has said."""


@dataclass(frozen=True, eq=False)
class Condition:
    """A case with some of its values replaced, by dotted path; `of_case` gives those that depend on the case."""

    name: str
    changes: Changes = field(default_factory=dict)
    of_case: Callable[[Scenario], Changes] | None = None

    def changes_to(self, case: Scenario) -> dict[str, object]:
        """All that it replaces in this case."""
        return {**(self.of_case(case) if self.of_case else {}), **self.changes}


AS_IT_IS = Condition("as it is")
"""The case itself."""

Sheets = dict[str, "pd.DataFrame"]
"""The runs of conditions by their names: a row a replication, in its order, a column a reading."""


class Effect(Protocol):
    """What is read off the runs of some conditions."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What has to be run."""
        ...

    @property
    def readings(self) -> tuple[str, ...]:
        """What has to be read off each run."""
        ...

    def scores(self, sheets: Sheets) -> FloatArray:
        """A number a replication, NaN where there is none; their mean is the effect."""
        ...


@dataclass(frozen=True, eq=False)
class Combination:
    """A weighted sum of one reading over conditions, within replications: contrasts, interactions, levels."""

    reading: str
    weights: tuple[tuple[Condition, float], ...]
    interacts: bool = False

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What has to be run."""
        return tuple(condition for condition, _ in self.weights)

    @property
    def readings(self) -> tuple[str, ...]:
        """What has to be read off each run."""
        return (self.reading,)

    def scores(self, sheets: Sheets) -> FloatArray:
        """The weighted sum in each replication; NaN where one of its runs has no such reading."""
        parts = [weight * self.values(sheets, condition) for condition, weight in self.weights]
        return np.asarray(np.sum(parts, axis=0), dtype=float)

    def values(self, sheets: Sheets, condition: Condition) -> FloatArray:
        """The reading in each replication of a condition."""
        return sheets[condition.name][self.reading].to_numpy(dtype=float)


def level(condition: Condition, reading: str) -> Combination:
    """A reading itself."""
    return Combination(reading, ((condition, 1.0),))


def contrast(one: Condition, other: Condition, reading: str) -> Combination:
    """A reading under one condition less the same under another."""
    return Combination(reading, ((one, 1.0), (other, -1.0)))


def interaction(both: Condition, one: Condition, other: Condition, neither: Condition, reading: str) -> Combination:
    """What two changes together bring beyond the sum of each: a difference of differences."""
    return Combination(reading, ((both, 1.0), (one, -1.0), (other, -1.0), (neither, 1.0)), interacts=True)


@dataclass(frozen=True, eq=False)
class Expectation:
    """One test of a claim: an effect, what is expected of it, and the least of it that anyone would care about.

    `region` says in words where it is expected to hold, stated before anything was run; empty: anywhere. A secondary
    test is reported and decides nothing; a `slow` one is tried only with the switches said to make its pattern. At a
    point of the space a test takes `at_a_point` times the usual runs.
    """

    id: str
    says: str
    effect: Effect
    expected: Expected = "more"
    smallest: float = SMALLEST_EFFECT
    cases: tuple[str, ...] = CASES
    region: str = ""
    secondary: bool = False
    slow: bool = False
    at_a_point: float = 1.0

    @property
    def mapped(self) -> bool:
        """Whether it is tried all over the space of parameters: every deciding test is."""
        return not (self.secondary or self.expected == "open")


@dataclass(frozen=True, eq=False)
class Claim:
    """A claim under test: its expectations, and the switches (`mechanisms.<rule id>`) said to make its pattern."""

    id: str
    sentence: str
    label: Label
    expectations: tuple[Expectation, ...]
    ablations: tuple[tuple[str, str], ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that say they carry it."""
        return tuple(card.id for card in carriers(self.id))

    @property
    def primary(self) -> tuple[Expectation, ...]:
        """The tests that decide its verdict: those that expect something, and are not secondary."""
        return tuple(each for each in self.expectations if each.expected != "open" and not each.secondary)


def claim(identity: str, *expectations: Expectation, ablations: tuple[tuple[str, str], ...] = ()) -> Claim:
    """A claim of the study, with the sentence and the label that it has everywhere."""
    finding = FINDINGS[identity]
    return Claim(identity, finding.said, finding.label, expectations, ablations)
