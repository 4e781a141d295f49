"""Designs that combine levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Annotated, Any, Literal

from pydantic import Field

from redesign_sim.scenario.fields import Fact
from redesign_sim.study.designs.planned import ADesign, Factors, Planned, Refusal, without_levels


class Factorial(ADesign):
    """Every level of every factor with every level of every other."""

    kind: Annotated[Literal["factorial"], Fact("Kind", "full factorial")]

    def refusal(self, factors: Factors) -> Refusal | None:
        """Every factor needs levels, and there has to be one."""
        if not factors:
            return Refusal("a factorial design needs at least one lever or uncertainty")
        return without_levels(factors, self.kind)

    def size(self, factors: Factors) -> int:
        """The product of the numbers of levels."""
        return prod(len(factor.values) for factor in factors.values())

    def plan(self, factors: Factors, seed: int) -> Iterator[Planned]:  # noqa: ARG002  nothing is drawn
        """All combinations; the last factor changes fastest."""
        for values in product(*(factor.values for factor in factors.values())):
            yield Planned(dict(zip(factors, values, strict=True)))


class OneAtATime(ADesign):
    """The case as it is, or a stated baseline, and each factor moved alone."""

    kind: Annotated[Literal["one_at_a_time"], Fact("Kind", "one factor at a time")]
    baseline: Annotated[
        Mapping[str, Any], Fact("Baseline", "what the factors are otherwise set to; by default what the case states")
    ] = Field(default_factory=dict)

    def refusal(self, factors: Factors) -> Refusal | None:
        """There has to be a factor, and a baseline is of factors."""
        if not factors:
            return Refusal("a one_at_a_time design needs at least one lever or uncertainty")
        stray = next((path for path in self.baseline if path not in factors), None)
        words = "is no lever or uncertainty of this study, so the baseline cannot set it"
        return Refusal(words, inside=("baseline", stray)) if stray else None

    def size(self, factors: Factors) -> int:
        """The baseline, and every value of every factor."""
        return 1 + sum(len(factor.values or factor.extremes) for factor in factors.values())

    def plan(self, factors: Factors, seed: int) -> Iterator[Planned]:  # noqa: ARG002  nothing is drawn
        """The baseline first; a range without steps is tried at both ends."""
        yield Planned(dict(self.baseline))
        for path, factor in factors.items():
            for value in factor.values or factor.extremes:
                yield Planned({**self.baseline, path: value})
