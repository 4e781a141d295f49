"""A study: what is asked, what is varied, how often it is run and what is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from redesign_sim.scenario.fields import Fact, Line, Part, Rows
from redesign_sim.scenario.references import nearest
from redesign_sim.study.mixes import mixes
from redesign_sim.world.measures import MEASURES

DottedPath = Annotated[str, Field(pattern=r"^[a-z_][A-Za-z0-9_\[\]]*(\.[A-Za-z0-9_\[\]]+)*$")]
"""A dotted path into a scenario, such as `strategies[0].strength`."""

Settings = dict[str, Any]

NUMBERS = [measure.name for measure in MEASURES.values() if measure.kind != "name"]
"""The outcomes that can be averaged."""


class Factor(Part):
    """What a lever or an uncertainty may be set to: named levels, or a range, in steps if a design asks for them."""

    levels: Annotated[Rows[Any], Fact("Levels", "the values to try")] = ()
    low: Annotated[float | None, Fact("Low", "the lower end of a range")] = None
    high: Annotated[float | None, Fact("High", "the upper end of a range")] = None
    steps: Annotated[int | None, Field(ge=2, le=1000), Fact("Steps", "how many evenly spaced levels a range has")] = (
        None
    )

    @model_validator(mode="before")
    @classmethod
    def _list_is_levels(cls, given: object) -> object:
        return {"levels": given} if isinstance(given, list | tuple) else given

    @model_validator(mode="after")
    def _levels_or_range(self) -> Factor:
        if bool(self.levels) == (self.low is not None and self.high is not None):
            raise PydanticCustomError("choice", "give levels, or low and high, not both")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise PydanticCustomError("order", "low has to be below high")
        if self.steps and self.levels:
            raise PydanticCustomError("choice", "steps go with low and high, not with levels")
        return self

    @property
    def values(self) -> tuple[Any, ...]:
        """The levels; a range without steps has none."""
        if self.levels or not self.steps or self.low is None or self.high is None:
            return self.levels
        return tuple(float(value) for value in np.linspace(self.low, self.high, self.steps))


class Factorial(Part):
    """Every level of every factor with every level of every other."""

    kind: Annotated[Literal["factorial"], Fact("Kind", "full factorial")]

    def points(self, factors: Mapping[str, Factor]) -> Iterator[Settings]:
        """All combinations; the last factor changes fastest."""
        for values in product(*(factor.values for factor in factors.values())):
            yield dict(zip(factors, values, strict=True))


class SimplexLattice(Part):
    """Every mix of the four leadership types in equal steps, with every combination of the other factors."""

    kind: Annotated[Literal["simplex_lattice"], Fact("Kind", "lattice of mixes")]
    divisions: Annotated[
        int, Field(ge=1, le=20), Fact("Divisions", "steps from none to all: 5 give 56 mixes, 10 give 286")
    ] = 5
    mixture: Annotated[DottedPath, Fact("Mixture", "the mix that is varied, by dotted path")] = "leadership.mix"

    def points(self, factors: Mapping[str, Factor]) -> Iterator[Settings]:
        """All mixes for each combination of the other factors."""
        for others in Factorial(kind="factorial").points(factors):
            for mix in mixes(self.divisions):
                yield {self.mixture: mix._asdict(), **others}


class Study(Part):
    """A study as its file states it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Fact("Name", "by which results are filed")]
    question: Annotated[Line, Fact("Question", "what the study asks, in words")]
    scenarios: Annotated[Rows[Line], Field(min_length=1), Fact("Scenarios", "cases, by name or by path from this file")]
    levers: Annotated[
        Mapping[DottedPath, Factor], Fact("Levers", "what a health system could choose, by dotted path")
    ] = Field(default_factory=dict)
    uncertainties: Annotated[
        Mapping[DottedPath, Factor], Fact("Uncertainties", "what nobody chooses, by dotted path")
    ] = Field(default_factory=dict)
    design: Annotated[
        Factorial | SimplexLattice, Field(discriminator="kind"), Fact("Design", "how factors are combined into points")
    ]
    replications: Annotated[int, Field(ge=1, le=1_000_000), Fact("Replications", "runs of each point", "runs")] = 200
    seed: Annotated[int, Field(ge=0, lt=2**63), Fact("Seed", "from which everyone's luck follows; 0 is a seed")] = 1
    outcomes: Annotated[Rows[str], Field(min_length=1), Fact("Outcomes", "what the summary shows")] = (
        "integrated",
        "integration_index",
    )
    select_on: Annotated[str, Fact("Select on", "the continuous outcome by which points are ranked")] = (
        "integration_index"
    )

    @field_validator("outcomes", "select_on")
    @classmethod
    def _can_be_averaged(cls, given: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for name in (given,) if isinstance(given, str) else given:
            if name not in NUMBERS:
                near = nearest(name, NUMBERS)
                hint = f'; did you mean "{near}"?' if near else ""
                raise PydanticCustomError("outcome", f"{name} is no outcome that can be averaged{hint}")
        return given

    @model_validator(mode="after")
    def _factors_fit_the_design(self) -> Study:
        both = set(self.levers) & set(self.uncertainties)
        if both:
            raise PydanticCustomError("twice", f"{min(both)} is a lever and an uncertainty; it can be one of them")
        without = [path for path, factor in self.factors.items() if not factor.values]
        if without:
            raise PydanticCustomError("levels", f"{without[0]} needs levels, or steps, in a {self.design.kind} design")
        if isinstance(self.design, Factorial) and not self.factors:
            raise PydanticCustomError("empty", "a factorial design needs at least one lever or uncertainty")
        return self

    @property
    def factors(self) -> dict[str, Factor]:
        """Levers and uncertainties together, in the order of the file."""
        return {**self.levers, **self.uncertainties}

    @property
    def mixture(self) -> str | None:
        """The path of the mix that the design varies, if it varies one."""
        return self.design.mixture if isinstance(self.design, SimplexLattice) else None


def plain(value: object) -> object:
    """A setting as plain lists and dictionaries, for a file."""
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, list | tuple) else value
