"""What every part of a scenario is built from: strict, frozen models whose fields say what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from redesign_sim.rulekit import Quantity

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.fields import FieldInfo
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

T = TypeVar("T")

Share = Annotated[float, Field(ge=0, le=1)]
Correlation = Annotated[float, Field(ge=-1, le=1)]
Weight = Annotated[float, Field(ge=0, le=1000)]
Multiplier = Annotated[float, Field(ge=0, le=20)]
PerYear = Annotated[float, Field(ge=0, le=24)]
Months = Annotated[float, Field(ge=0.1, le=600)]
Month = Annotated[int, Field(ge=1, le=240)]
Posts = Annotated[int, Field(ge=0, le=2000)]
AN_ID = r"^[a-z][a-z0-9_]{0,39}$"
ONE_LINE = r"^[^\n\r]{1,200}$"
YEAR_MONTH = r"^(19|20)[0-9][0-9]-(0[1-9]|1[0-2])$"
SOME_LINES = r"^[\s\S]{0,4000}$"
PATTERNS = {
    AN_ID: "an id (lower-case letters, digits and _, a letter first, at most 40)",
    ONE_LINE: "a text on one line (1 to 200 characters)",
    YEAR_MONTH: 'a year and month as "2007-01"',
    SOME_LINES: "a text (at most 4,000 characters)",
}
"""What each pattern asks for, in words."""
Identifier = Annotated[str, Field(pattern=AN_ID)]
Line = Annotated[str, Field(pattern=ONE_LINE)]
YearMonth = Annotated[str, Field(pattern=YEAR_MONTH)]
Text = Annotated[str, Field(pattern=SOME_LINES)]
Rows = Annotated[tuple[T, ...], Field(strict=False)]
"""A list in a file, a tuple in memory: nothing in a scenario can be changed in place."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of a scenario that is no number to be swept: a name, a choice, a list."""

    title: str
    meaning: str
    unit: str = ""


def refused(
    words: str, *, near: str = "", at: tuple[str | int, ...] = (), at_key: bool = False, kind: str = "refused"
) -> PydanticCustomError:
    """What a check of a part raises: words that follow the value `at` some place within it, or that place's name."""
    context = {"words": words, "near": near, "at": at, "at_key": at_key, "subject": f"{at[-1]} " if at else ""}
    return PydanticCustomError(kind, "{subject}{words}", context)


def said_of(info: FieldInfo) -> Quantity | Fact:
    """What a field says of itself. Every field says it; the walk over all of them is the test."""
    return next(extra for extra in info.metadata if isinstance(extra, Quantity | Fact))


class Part(BaseModel):
    """A part of a scenario: no unknown fields, no silent conversions, no infinities, no change in place."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _rest_as_by_default(cls, given: object) -> object:
        """Where a part is stated in part, the rest of it is as in the default of this very field."""
        if not isinstance(given, Mapping) or not (usual := _parts_by_default(cls)):
            return given
        started = {name: usual[name] | given[name] for name in usual if isinstance(given.get(name), Mapping)}
        return {**given, **started}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The JSON schema with title, unit, meaning and sweep of every field, for editors and forms."""
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, info in cls.model_fields.items():
            properties[name] |= _schema_words(said_of(info))
        return schema


@cache
def _parts_by_default(kind: type[Part]) -> dict[str, dict[str, Any]]:
    return {name: dict(info.default) for name, info in kind.model_fields.items() if isinstance(info.default, Part)}


def _schema_words(said: Quantity | Fact) -> dict[str, Any]:
    words: dict[str, Any] = {"title": said.title, "description": said.meaning, "unit": said.unit}
    if isinstance(said, Quantity):
        words |= {"sweep": list(said.sweep), "source": said.source, "confidence": said.confidence}
    return words


class Central(Part):
    """A distribution over people that may be written as one number, its mean."""

    @model_validator(mode="before")
    @classmethod
    def _number_is_the_mean(cls, given: object) -> object:
        return {"mean": given} if isinstance(given, int | float) and not isinstance(given, bool) else given


class Spread(Central):
    """A trait that differs between people: evenly spread around a mean, cut at 0 and 1."""

    mean: Annotated[Share, Quantity("Mean", "0–1", (0, 1), "assumed", "L", "the middle of the trait among people")] = (
        0.5
    )
    spread: Annotated[
        Share, Quantity("Spread", "0–1", (0, 0.5), "assumed", "L", "how far a person may lie from the mean, either way")
    ] = 0.2


class Beta(Central):
    """A trait drawn from a Beta distribution, given by its mean and its concentration (the sum of its two shapes)."""

    mean: Annotated[
        float,
        Field(ge=0.01, le=0.99),
        Quantity("Mean", "0–1", (0.1, 0.9), "political-skill inventories, rank-normalised", "L", "mean of the trait"),
    ] = 0.5
    concentration: Annotated[
        float,
        Field(ge=0.5, le=500),
        Quantity(
            "Concentration",
            "sum of shapes",
            (2, 40),
            "Beta(4, 4) assumed",
            "L",
            "how alike people are: more is more alike",
        ),
    ] = 8.0
