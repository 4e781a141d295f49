"""What a lever or an uncertainty may be set to: levels, a range, a distribution, or any mix of leadership.

Every factor turns a point of the unit cube into a value (`at`), so that any sampled design can vary any factor; those
with `levels` can also stand in a design that combines levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from scipy import stats

from redesign_sim.scenario.fields import Fact, Part, Rows, refused
from redesign_sim.scenario.references import nearest
from redesign_sim.study.mixes import stick_breaking

SWEEP = "sweep"
"""What stands for the published range of a number."""

NEARLY = 1e-9
"""How near the ends of the unit interval a distribution without ends is asked for its extremes."""


class Levels(Part):
    """Some values, each as likely as any other unless weights say otherwise."""

    levels: Annotated[Rows[Any], Fact("Levels", "the values to try")]
    weights: Annotated[
        Rows[Annotated[float, Field(gt=0)]] | None, Fact("Weights", "how likely each level is where levels are drawn")
    ] = None
    dimensions: ClassVar[int] = 1

    @model_validator(mode="after")
    def _a_weight_a_level(self) -> Levels:
        if not self.levels:
            raise refused("give levels, or low and high; there are none")
        if self.weights is not None and len(self.weights) != len(self.levels):
            raise refused(f"weights need one number for each of the {len(self.levels)} levels", at=("weights",))
        return self

    @property
    def values(self) -> tuple[Any, ...]:
        """The levels."""
        return self.levels

    @property
    def extremes(self) -> tuple[Any, ...]:
        """Every level: no case may refuse one."""
        return self.levels

    def at(self, unit: Sequence[float]) -> Any:  # noqa: ANN401  a level is whatever the scenario's field takes
        """The level in whose share of the unit interval the number lies."""
        weights = np.asarray(self.weights or [1.0] * len(self.levels))
        upper = np.cumsum(weights) / weights.sum()
        return self.levels[min(int(np.searchsorted(upper, unit[0], side="right")), len(self.levels) - 1)]


class Range(Part):
    """A range in which every value is as likely, in steps if a design asks for them."""

    low: Annotated[float, Fact("Low", "the lower end")]
    high: Annotated[float, Fact("High", "the upper end")]
    steps: Annotated[int | None, Field(ge=2, le=1000), Fact("Steps", "how many evenly spaced levels it has")] = None
    whole: Annotated[bool, Fact("Whole", "whole numbers only")] = False
    dimensions: ClassVar[int] = 1

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        _ordered(self.low, self.high)
        return self

    @property
    def values(self) -> tuple[Any, ...]:
        """The steps; none where none were asked for."""
        if not self.steps:
            return ()
        return tuple(dict.fromkeys(self._kept(value) for value in np.linspace(self.low, self.high, self.steps)))

    @property
    def extremes(self) -> tuple[Any, ...]:
        """Both ends."""
        return self._kept(self.low), self._kept(self.high)

    def at(self, unit: Sequence[float]) -> float:
        """The value at this share of the way; of whole numbers each has as large a share."""
        if self.whole:
            return min(int(self.low + unit[0] * (self.high - self.low + 1)), int(self.high))
        return self._kept(self.low + unit[0] * (self.high - self.low))

    def _kept(self, value: float) -> float:
        return round(value) if self.whole else float(value)


class Distributed(Part):
    """A number drawn from a distribution, through its quantiles."""

    dimensions: ClassVar[int] = 1
    values: ClassVar[tuple[Any, ...]] = ()

    def _frozen(self) -> Any:  # noqa: ANN401  scipy's frozen distributions have no public type
        raise NotImplementedError

    @property
    def extremes(self) -> tuple[float, ...]:
        """The ends, or what lies as good as there where there are none."""
        return self.at((NEARLY,)), self.at((1 - NEARLY,))

    def at(self, unit: Sequence[float]) -> float:
        """The quantile."""
        return float(self._frozen().ppf(min(max(unit[0], NEARLY), 1 - NEARLY)))


class Uniform(Distributed):
    """Every value between two ends as likely as any other."""

    distribution: Annotated[Literal["uniform"], Fact("Distribution", "even")]
    low: Annotated[float, Fact("Low", "the lower end")]
    high: Annotated[float, Fact("High", "the upper end")]

    @model_validator(mode="after")
    def _in_order(self) -> Uniform:
        _ordered(self.low, self.high)
        return self

    def _frozen(self) -> Any:  # noqa: ANN401
        return stats.uniform(self.low, self.high - self.low)


class LogUniform(Distributed):
    """Every ratio as likely as any other: for numbers of unknown magnitude."""

    distribution: Annotated[Literal["log_uniform"], Fact("Distribution", "even on a logarithmic scale")]
    low: Annotated[float, Field(gt=0), Fact("Low", "the lower end, above 0")]
    high: Annotated[float, Field(gt=0), Fact("High", "the upper end")]

    @model_validator(mode="after")
    def _in_order(self) -> LogUniform:
        _ordered(self.low, self.high)
        return self

    def _frozen(self) -> Any:  # noqa: ANN401
        return stats.loguniform(self.low, self.high)


class Normal(Distributed):
    """Normal, cut off at `low` and `high` where they are stated."""

    distribution: Annotated[Literal["normal"], Fact("Distribution", "normal")]
    mean: Annotated[float, Fact("Mean", "before cutting off")]
    sd: Annotated[float, Field(gt=0), Fact("Standard deviation", "before cutting off")]
    low: Annotated[float | None, Fact("Low", "where it is cut off below")] = None
    high: Annotated[float | None, Fact("High", "where it is cut off above")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Normal:
        if self.low is not None and self.high is not None:
            _ordered(self.low, self.high)
        return self

    def _frozen(self) -> Any:  # noqa: ANN401
        below = -np.inf if self.low is None else (self.low - self.mean) / self.sd
        above = np.inf if self.high is None else (self.high - self.mean) / self.sd
        return stats.truncnorm(below, above, loc=self.mean, scale=self.sd)


class BetaShaped(Distributed):
    """Beta between two ends, by its two shapes."""

    distribution: Annotated[Literal["beta"], Fact("Distribution", "Beta")]
    a: Annotated[float, Field(gt=0, le=1000), Fact("a", "first shape: larger draws it upwards")]
    b: Annotated[float, Field(gt=0, le=1000), Fact("b", "second shape: larger draws it downwards")]
    low: Annotated[float, Fact("Low", "the lower end")] = 0.0
    high: Annotated[float, Fact("High", "the upper end")] = 1.0

    @model_validator(mode="after")
    def _in_order(self) -> BetaShaped:
        _ordered(self.low, self.high)
        return self

    def _frozen(self) -> Any:  # noqa: ANN401
        return stats.beta(self.a, self.b, loc=self.low, scale=self.high - self.low)


class Triangular(Distributed):
    """Triangular: two ends and what is most likely."""

    distribution: Annotated[Literal["triangular"], Fact("Distribution", "triangular")]
    low: Annotated[float, Fact("Low", "the lower end")]
    mode: Annotated[float, Fact("Mode", "the most likely value")]
    high: Annotated[float, Fact("High", "the upper end")]

    @model_validator(mode="after")
    def _in_order(self) -> Triangular:
        _ordered(self.low, self.high)
        if not self.low <= self.mode <= self.high:
            raise refused("does not lie between low and high", at=("mode",))
        return self

    def _frozen(self) -> Any:  # noqa: ANN401
        width = self.high - self.low
        return stats.triang((self.mode - self.low) / width, loc=self.low, scale=width)


class AnyMix(Part):
    """Any mix of the four leadership types, all as likely; analyses take it as one factor."""

    mixture: Annotated[Literal["any"], Fact("Mixture", "any mix of the four types")]
    dimensions: ClassVar[int] = 3
    values: ClassVar[tuple[Any, ...]] = ()

    @property
    def extremes(self) -> tuple[Any, ...]:
        """Each type alone."""
        return tuple(self.at(corner) for corner in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)))

    def at(self, unit: Sequence[float]) -> dict[str, float]:
        """The mix that three numbers stand for."""
        return stick_breaking(unit)._asdict()


def _ordered(low: float, high: float) -> None:
    if not low < high:
        raise refused("low has to be below high")
    if not np.isfinite(high - low):
        raise refused("low and high lie too far apart")


DISTRIBUTIONS: dict[str, type[Distributed]] = {
    "uniform": Uniform,
    "log_uniform": LogUniform,
    "normal": Normal,
    "beta": BetaShaped,
    "triangular": Triangular,
}


def _sort_of(given: object) -> str | None:
    """Which sort of factor is meant, by what is stated; a range where nothing tells."""
    if not isinstance(given, Mapping):
        return None if not isinstance(given, Part) else _tag_of(given)
    if "levels" in given:
        return "levels"
    if "distribution" in given:
        name = str(given["distribution"])
        return name if name in DISTRIBUTIONS else None
    return "mixture" if "mixture" in given else "range"


def _tag_of(part: Part) -> str:
    named = getattr(part, "distribution", None)
    return named or {Levels: "levels", AnyMix: "mixture"}.get(type(part), "range")


def _list_is_levels(given: object) -> object:
    """A list is its levels; what mixes the sorts is told so."""
    if isinstance(given, list | tuple):
        return {"levels": given}
    if given == SWEEP:
        raise refused(
            "is no number with a published range; redesign-sim parameters lists them", at_key=True, kind="sweep"
        )
    if isinstance(given, Mapping) and "levels" in given and {"low", "high", "steps"} & set(given):
        raise refused("give levels, or low and high, not both")
    if isinstance(given, Mapping) and "distribution" in given and str(given["distribution"]) not in DISTRIBUTIONS:
        near = nearest(str(given["distribution"]), DISTRIBUTIONS)
        raise refused(f"is no distribution; there are {', '.join(DISTRIBUTIONS)}", near=near, at=("distribution",))
    return given


Factor = Annotated[
    Annotated[Levels, Tag("levels")]
    | Annotated[Range, Tag("range")]
    | Annotated[AnyMix, Tag("mixture")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[LogUniform, Tag("log_uniform")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[BetaShaped, Tag("beta")]
    | Annotated[Triangular, Tag("triangular")],
    Discriminator(
        _sort_of,
        custom_error_type="factor",
        custom_error_message="levels, as [0, 0.5, 1], a range, as {low: 0, high: 1}, a distribution, or {mixture: any}",
    ),
    BeforeValidator(_list_is_levels),
]
"""What a lever or an uncertainty may be set to."""
