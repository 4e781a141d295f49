"""Designs that draw points from the unit cube, one dimension a factor (three for a mix)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator
from scipy.stats import qmc

from redesign_sim.scenario.fields import Fact, refused
from redesign_sim.study.designs.planned import ADesign, Factors, Luck, Planned, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

Cube = npt.NDArray[np.float64]
DUMMY = "dummy"
"""A factor that nothing reads: what an analysis finds for it is noise."""


def power_of_two(points: int) -> int:
    """Sobol sequences are balanced at powers of two only."""
    if points & (points - 1):
        near = 1 << (points.bit_length() - 1)
        raise refused(f"is no power of two; take {near} or {2 * near}")
    return points


def dimensions(factors: Factors) -> list[tuple[str, str]]:
    """A name and its factor for each dimension: a mix has three, `leadership.mix[0]` to `[2]`."""
    return [
        (path if factor.dimensions == 1 else f"{path}[{place}]", path)
        for path, factor in factors.items()
        for place in range(factor.dimensions)
    ]


def planned(cube: Cube, factors: Factors, names: list[str]) -> Iterator[Planned]:
    """Each row of the unit cube as settings; columns beyond the factors' (a dummy) set nothing."""
    for row in cube.tolist():
        settings, first = {}, 0
        for path, factor in factors.items():
            settings[path] = factor.at(row[first : first + factor.dimensions])
            first += factor.dimensions
        yield Planned(settings, dict(zip(names, row, strict=True)))


def generator(seed: int, kind: str) -> np.random.Generator:
    """The luck of a design, apart from that of the runs; every seed is one, 0 too."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(kind.encode())))


class ASample(ADesign):
    """A sample of the unit cube."""

    sampled: ClassVar[bool] = True
    luck: ClassVar[Luck] = "independent"

    def refusal(self, factors: Factors) -> Refusal | None:
        """There has to be something to draw."""
        if factors:
            return None
        return Refusal(f"a {self._kind} design needs at least one lever or uncertainty")

    def cube(self, factors: Factors, seed: int) -> Cube:
        """The points in the unit cube, a row a point, a column a dimension."""
        raise NotImplementedError

    def names(self, factors: Factors) -> list[str]:
        """What the columns of the cube are called."""
        return [name for name, _ in dimensions(factors)]

    def plan(self, factors: Factors, seed: int) -> Iterator[Planned]:
        """The points in the order in which they were drawn, which analyses rely on."""
        yield from planned(self.cube(factors, seed), factors, self.names(factors))


class LatinHypercube(ASample):
    """Each factor's range cut into as many parts as there are points, each part used once."""

    kind: Annotated[Literal["latin_hypercube"], Fact("Kind", "Latin hypercube")]
    points: Annotated[int, Field(ge=2, le=1_000_000), Fact("Points", "how many points are drawn")]

    def size(self, factors: Factors) -> int:  # noqa: ARG002  as many as asked for
        """As many as asked for."""
        return self.points

    def cube(self, factors: Factors, seed: int) -> Cube:
        """The Latin hypercube of scipy, scrambled within its cells."""
        return qmc.LatinHypercube(len(dimensions(factors)), rng=generator(seed, self.kind)).random(self.points)


class Sobol(ASample):
    """A scrambled Sobol sequence: more even than any random sample of the same size."""

    kind: Annotated[Literal["sobol"], Fact("Kind", "Sobol sequence")]
    points: Annotated[int, Field(ge=2, le=2**20), Fact("Points", "how many points are drawn, a power of two")]

    @field_validator("points")
    @classmethod
    def _balanced(cls, given: int) -> int:
        return power_of_two(given)

    def size(self, factors: Factors) -> int:  # noqa: ARG002  as many as asked for
        """As many as asked for."""
        return self.points

    def cube(self, factors: Factors, seed: int) -> Cube:
        """The Sobol sequence of scipy, scrambled."""
        return qmc.Sobol(len(dimensions(factors)), scramble=True, rng=generator(seed, self.kind)).random(self.points)


class Grouped(ASample):
    """A design of SALib's, with the mix as one group and, unless it is left out, a dummy that nothing reads."""

    dummy: Annotated[bool, Fact("Dummy", "whether a factor that nothing reads shows how much is noise")] = True

    def names(self, factors: Factors) -> list[str]:
        """The factors' dimensions, and the dummy."""
        return [*super().names(factors), *([DUMMY] if self.dummy else [])]

    def problem(self, factors: Factors) -> dict[str, Any]:
        """The problem as SALib wants it: names, bounds and groups."""
        groups = [path for _, path in dimensions(factors)] + ([DUMMY] if self.dummy else [])
        names = self.names(factors)
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names), "groups": groups}

    def drawn_for(self, factors: Factors) -> int:
        """How many factors there are for the design, a mix as one, the dummy among them."""
        return len(factors) + self.dummy


class Morris(Grouped):
    """Trajectories through the cube on each of which every factor moves once (Morris 1991)."""

    kind: Annotated[Literal["morris"], Fact("Kind", "Morris trajectories")]
    trajectories: Annotated[int, Field(ge=2, le=10_000), Fact("Trajectories", "how often every factor is moved")]
    grid: Annotated[int, Field(ge=4, le=100), Fact("Grid", "levels of the grid, an even number")] = 4
    luck: ClassVar[Luck] = "common"

    @field_validator("grid")
    @classmethod
    def _even(cls, given: int) -> int:
        if given % 2:
            raise refused("is odd; it has to be even, so that steps of half the range stay on the grid")
        return given

    def size(self, factors: Factors) -> int:
        """A trajectory has one point more than there are factors."""
        return self.trajectories * (self.drawn_for(factors) + 1)

    def cube(self, factors: Factors, seed: int) -> Cube:
        """SALib's trajectories, one after another."""
        from SALib.sample import morris  # noqa: PLC0415  it takes a second to load

        drawn = int(generator(seed, self.kind).integers(1, 2**32))
        return np.asarray(morris.sample(self.problem(factors), self.trajectories, num_levels=self.grid, seed=drawn))


class Saltelli(Grouped):
    """Saltelli's extension of a Sobol sequence, for Sobol indices."""

    kind: Annotated[Literal["saltelli"], Fact("Kind", "Saltelli's design for Sobol indices")]
    points: Annotated[int, Field(ge=2, le=2**17), Fact("Points", "size of the base sample, a power of two")]
    second_order: Annotated[
        bool, Fact("Second order", "whether pairs of factors are told apart, at twice the runs")
    ] = False

    @field_validator("points")
    @classmethod
    def _balanced(cls, given: int) -> int:
        return power_of_two(given)

    def size(self, factors: Factors) -> int:
        """Base points times factors plus two; twice the factors for pairs."""
        return self.points * (self.drawn_for(factors) * (2 if self.second_order else 1) + 2)

    def cube(self, factors: Factors, seed: int) -> Cube:
        """SALib's sample: each base point A, the mixtures of A and B, B."""
        from SALib.sample import sobol  # noqa: PLC0415  it takes a second to load

        drawn = int(generator(seed, self.kind).integers(1, 2**32))
        return np.asarray(
            sobol.sample(self.problem(factors), self.points, calc_second_order=self.second_order, seed=drawn)
        )
