"""Effects of factors in factorial and one-at-a-time designs: each alone, and each by the other, with intervals."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from redesign_sim.study.analysis.responses import FloatArray, Responses, holm, linear
from redesign_sim.study.errors import StudyError
from redesign_sim.study.statistics import PairedDifference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAIN, INTERACTION = "main effect", "interaction"


class Contrast(NamedTuple):
    """A weighted sum of the points' means, and what it is."""

    kind: str
    factor: str
    change: str
    given: str
    given_change: str
    weights: FloatArray


def factorial_effects(given: Responses, design: pd.DataFrame, factors: Sequence[str], smallest: float) -> pd.DataFrame:
    """Main effects and two-factor interactions of a full factorial, a row a contrast.

    `design`: a row a point, in the order of the responses; points that differ in nothing but columns that are no
    factor (mixes, say) are averaged. A main effect is the change of the mean from the first level to another, over all
    levels of the others; an interaction is how much larger that change is at another level of a second factor than at
    its first (a difference of differences). `p_holm` holds for all rows of a kind at once.
    """
    found = [
        *(each for factor in factors for each in _main(design, factor)),
        *(each for pair in combinations(factors, 2) for each in _interactions(design, *pair)),
    ]
    return contrasts_table(given, found, smallest)


def one_at_a_time_effects(
    given: Responses, design: pd.DataFrame, factors: Sequence[str], smallest: float
) -> pd.DataFrame:
    """What each change of one factor alone does, from the base point on, a row a changed point.

    Raises StudyError where no point differs from every other in one factor at most.
    """
    base = base_point(design, factors)
    found = [
        _changed(design, factor, base, row)
        for row in range(len(design))
        for factor in factors
        if design[factor].iloc[row] != design[factor].iloc[base]
    ]
    return contrasts_table(given, found, smallest)


def contrasts_table(given: Responses, found: Sequence[Contrast], smallest: float) -> pd.DataFrame:
    """Estimates with 95 % intervals, and whether each can be told from zero and is large enough to matter."""
    if not found:
        raise StudyError("No factor has two levels, so there is no effect to estimate.")
    sums = linear(given, np.array([each.weights for each in found]))
    low, high = sums.limits()
    table = pd.DataFrame([each[:-1] for each in found], columns=list(Contrast._fields[:-1]))
    table = table.assign(estimate=sums.estimates, low=low, high=high, p=sums.chances(), smallest=smallest)
    table["p_holm"] = table.groupby("kind")["p"].transform(lambda chances: holm(chances.to_numpy()))
    return table.assign(verdict=[_verdict(*row, smallest) for row in zip(sums.estimates, low, high, strict=True)])


def _verdict(estimate: float, low: float, high: float, smallest: float) -> str:
    """An estimate in words."""
    return PairedDifference(estimate, low, high, 0, 1.0).verdict(smallest)


def levels_of(column: pd.Series[Any]) -> list[object]:
    """The levels of a factor: numbers in order, names as they come."""
    levels = list(pd.unique(column))
    return sorted(levels) if pd.api.types.is_numeric_dtype(column) else levels


def _main(design: pd.DataFrame, factor: str) -> Iterator[Contrast]:
    """Every level against the first."""
    first, *others = levels_of(design[factor])
    at_first = _mean_at(design, {factor: first})
    for other in others:
        yield Contrast(MAIN, factor, _change(first, other), "", "", _mean_at(design, {factor: other}) - at_first)


def _interactions(design: pd.DataFrame, one: str, two: str) -> Iterator[Contrast]:
    """Every change of one factor by every change of the other."""
    first, *others = levels_of(design[one])
    base, *aside = levels_of(design[two])
    for other in others:
        for there in aside:
            weights = _step(design, (one, first, other), (two, there)) - _step(design, (one, first, other), (two, base))
            yield Contrast(INTERACTION, one, _change(first, other), two, _change(base, there), weights)


def _step(design: pd.DataFrame, step: tuple[str, object, object], at: tuple[str, object]) -> FloatArray:
    """The change of one factor where another has one level."""
    factor, start, end = step
    where = dict([at])
    return _mean_at(design, where | {factor: end}) - _mean_at(design, where | {factor: start})


def _mean_at(design: pd.DataFrame, levels: dict[str, object]) -> FloatArray:
    """The weights that average all points with some levels."""
    where = np.logical_and.reduce([(design[factor] == level).to_numpy() for factor, level in levels.items()])
    if not where.any():
        words = " and ".join(f"{factor}={level}" for factor, level in levels.items())
        raise StudyError(f"No point has {words}, so this is no full factorial and has no factorial effects.")
    return np.asarray(where / where.sum())


def _change(start: object, end: object) -> str:
    """A change of level, as one writes it."""
    return f"{_level(start)} to {_level(end)}"


def _level(level: object) -> str:
    """A level; numbers without what rounding left."""
    return f"{level:.6g}" if isinstance(level, float) else str(level)


def base_point(design: pd.DataFrame, factors: Sequence[str]) -> int:
    """The row from which every other row differs in one factor at most."""
    table = design[list(factors)].astype(object).to_numpy()
    for row in range(len(table)):
        if ((table != table[row]).sum(axis=1) <= 1).all():
            return row
    raise StudyError("No point differs from all others in one factor only, so this is no one-at-a-time design.")


def _changed(design: pd.DataFrame, factor: str, base: int, row: int) -> Contrast:
    """One changed point against the base."""
    weights = np.zeros(len(design))
    weights[row], weights[base] = 1.0, -1.0
    column = design[factor]
    return Contrast(MAIN, factor, _change(column.iloc[base], column.iloc[row]), "", "", weights)
