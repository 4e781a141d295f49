"""A point before it is resolved, and what every design can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

from redesign_sim.scenario.fields import Part
from redesign_sim.study.factors import Factor

Settings = dict[str, Any]
Factors = Mapping[str, Factor]
Luck = Literal["common", "independent"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What is set at a point, and, in a sampled design, where the point lies in the unit cube, by name."""

    settings: Settings
    units: Mapping[str, float] = field(default_factory=dict)


class Refusal(NamedTuple):
    """Why factors cannot stand in a design: about a factor, by its path, or about the design or something in it."""

    words: str
    factor: str = ""
    inside: tuple[str, ...] = ()


class ADesign(Part):
    """What every design can do; `luck` is how its points are best run: alike for comparisons, apart for surfaces."""

    luck: ClassVar[Luck] = "common"
    sampled: ClassVar[bool] = False
    """Whether points are drawn from the unit cube, so that a factor needs no levels."""

    mixture: ClassVar[str] = ""
    """The path of the mix that the design varies by itself, empty if it varies none."""

    @property
    def _kind(self) -> str:
        return str(getattr(self, "kind", ""))

    def refusal(self, factors: Factors) -> Refusal | None:
        """Why these factors cannot stand in this design, in words; None where they can."""
        raise NotImplementedError

    def size(self, factors: Factors) -> int:
        """How many points there will be."""
        raise NotImplementedError

    def plan(self, factors: Factors, seed: int) -> Iterator[Planned]:
        """The points, in the design's own order; the seed matters only to those that draw."""
        raise NotImplementedError


def without_levels(factors: Factors, kind: str) -> Refusal | None:
    """The first factor that has a range and no steps, in a design that combines levels."""
    without = [path for path, factor in factors.items() if not factor.values]
    words = f"needs levels, as [0, 0.5, 1], or low, high and steps, in a {kind} design"
    return Refusal(words, without[0]) if without else None
