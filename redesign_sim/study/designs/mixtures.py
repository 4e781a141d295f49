"""Designs of leadership mixes, each crossed with the levels of whatever else is varied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator
from scipy.stats import qmc

from redesign_sim.scenario.fields import Fact, Rows, Share, refused
from redesign_sim.study.designs.combined import Factorial
from redesign_sim.study.designs.planned import ADesign, Factors, Luck, Planned, Refusal, without_levels
from redesign_sim.study.designs.sampled import generator, power_of_two
from redesign_sim.study.mixes import Mix, axes, centroids, lattice_size, mixes, stick_breaking, within

PATH = "leadership.mix"
Divisions = Annotated[
    int, Field(ge=1, le=20), Fact("Divisions", "steps from none to all: 4 give 35 mixes, 5 give 56, 10 give 286")
]
Type = Literal["passive", "localised", "lacking_followers", "high_impact"]


class OfMixes(ADesign):
    """A list of mixes, with every combination of the other factors."""

    mixture: ClassVar[str] = PATH

    def mixes(self, seed: int) -> list[Mix]:
        """The mixes."""
        raise NotImplementedError

    def refusal(self, factors: Factors) -> Refusal | None:
        """The other factors need levels, and may not set the mix."""
        if also := next((path for path in factors if path.startswith(self.mixture)), None):
            return Refusal(f"is varied by a {self._kind} design itself; take it out here", also)
        return without_levels(factors, self._kind)

    def size(self, factors: Factors) -> int:
        """Mixes times combinations of the others."""
        return len(self.mixes(0)) * Factorial(kind="factorial").size(factors)

    def plan(self, factors: Factors, seed: int) -> Iterator[Planned]:
        """All mixes for each combination of the other factors."""
        listed = self.mixes(seed)
        for others in Factorial(kind="factorial").plan(factors, seed):
            for mix in listed:
                yield Planned({self.mixture: mix._asdict(), **others.settings})


class SimplexLattice(OfMixes):
    """Every mix of the four leadership types in equal steps."""

    kind: Annotated[Literal["simplex_lattice"], Fact("Kind", "lattice of mixes")]
    divisions: Divisions = 5

    def mixes(self, seed: int) -> list[Mix]:  # noqa: ARG002  nothing is drawn
        """The lattice."""
        return mixes(self.divisions)

    def size(self, factors: Factors) -> int:
        """Without listing them."""
        return lattice_size(self.divisions) * Factorial(kind="factorial").size(factors)


class SimplexCentroid(OfMixes):
    """Every type alone, and every two, three and four in equal shares."""

    kind: Annotated[Literal["simplex_centroid"], Fact("Kind", "centroids of mixes")]

    def mixes(self, seed: int) -> list[Mix]:  # noqa: ARG002  nothing is drawn
        """The 15 centroids."""
        return centroids()


class SimplexAxial(OfMixes):
    """The even mix, and mixes on the way from it to each type alone."""

    kind: Annotated[Literal["simplex_axial"], Fact("Kind", "axes of the simplex")]
    steps: Annotated[int, Field(ge=1, le=50), Fact("Steps", "mixes on each way, the type alone among them")] = 4

    def mixes(self, seed: int) -> list[Mix]:  # noqa: ARG002  nothing is drawn
        """The axes."""
        return axes(self.steps)


class BoundedMixes(OfMixes):
    """A lattice between bounds on the shares, with the corners and the middle of what the bounds leave."""

    kind: Annotated[Literal["bounded_mixes"], Fact("Kind", "lattice of mixes between bounds")]
    bounds: Annotated[
        Mapping[Type, Annotated[Rows[Share], Field(min_length=2, max_length=2)]],
        Field(min_length=1),
        Fact("Bounds", "the least and the greatest share of a type, such as high_impact: [0.1, 0.5]"),
    ]
    divisions: Divisions = 10

    @field_validator("bounds")
    @classmethod
    def _in_order(cls, given: Mapping[str, tuple[float, ...]]) -> Mapping[str, tuple[float, ...]]:
        for kind, (low, high) in given.items():
            if low > high:
                raise refused("the least share lies above the greatest", at=(kind,))
        return given

    @model_validator(mode="after")
    def _leave_some(self) -> BoundedMixes:
        if not self.mixes(0):
            raise refused("no mix lies within these bounds; the shares of the four types sum to 1", at=("bounds",))
        return self

    def mixes(self, seed: int) -> list[Mix]:  # noqa: ARG002  nothing is drawn
        """The lattice within the bounds, their corners and their middle."""
        low, high = zip(*(self.bounds.get(kind, (0.0, 1.0)) for kind in Mix._fields), strict=True)  # type: ignore[call-overload]
        return within(self.divisions, Mix(*low), Mix(*high))


class SpaceFilling(OfMixes):
    """Mixes spread evenly over the whole simplex: Sobol points broken like a stick."""

    kind: Annotated[Literal["space_filling_mixes"], Fact("Kind", "space-filling mixes")]
    points: Annotated[int, Field(ge=2, le=2**16), Fact("Points", "how many mixes are drawn, a power of two")]
    luck: ClassVar[Luck] = "independent"

    @field_validator("points")
    @classmethod
    def _balanced(cls, given: int) -> int:
        return power_of_two(given)

    def mixes(self, seed: int) -> list[Mix]:
        """The mixes that a scrambled Sobol sequence stands for."""
        cube = qmc.Sobol(len(Mix._fields) - 1, scramble=True, rng=generator(seed, self.kind)).random(self.points)
        return [stick_breaking(row) for row in cube.tolist()]

    def size(self, factors: Factors) -> int:
        """Without drawing them."""
        return self.points * Factorial(kind="factorial").size(factors)
