"""Boxes in the space of factors, and how they are found: peeling and pasting after Friedman and Fisher (1999)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from redesign_sim.study.analysis.responses import FloatArray

    Flags = NDArray[np.bool_]
    Rows = NDArray[np.int64]

PEEL = 0.05
SMALLEST_MASS = 0.05
NOTHING = 1e-12


@dataclass(frozen=True)
class Cases:
    """Points with their factors, numbers apart from names, and how much each is of interest (0 to 1)."""

    numbers: FloatArray
    """Cases x numeric factors."""
    codes: Rows
    """Cases x categorical factors, as places in `names`."""
    interest: FloatArray
    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    names: tuple[tuple[object, ...], ...]

    def take(self, rows: Rows | Flags) -> Cases:
        """Some of the cases."""
        return replace(self, numbers=self.numbers[rows], codes=self.codes[rows], interest=self.interest[rows])

    @property
    def whole(self) -> Box:
        """The box that restricts nothing."""
        kept = tuple(frozenset(range(len(names))) for names in self.names)
        ends = np.full(len(self.numeric), np.inf)
        return Box(-ends, ends, kept)


@dataclass(frozen=True)
class Box:
    """Limits of each numeric factor (both within), and the categories kept of each of the others."""

    low: FloatArray
    high: FloatArray
    kept: tuple[frozenset[int], ...]

    def holds(self, cases: Cases) -> Flags:
        """Which cases are within."""
        inside: Flags = np.asarray(((cases.numbers >= self.low) & (cases.numbers <= self.high)).all(axis=1))
        for column, kept in enumerate(self.kept):
            inside = inside & np.isin(cases.codes[:, column], list(kept))
        return inside

    def restricted(self, cases: Cases) -> list[int]:
        """The places of the factors that it restricts: numeric ones first, then the categorical ones."""
        numbers = np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))
        names = [at for at, kept in enumerate(self.kept) if len(kept) < len(cases.names[at])]
        return [*numbers.tolist(), *(len(self.low) + at for at in names)]

    def without(self, factor: int, cases: Cases) -> Box:
        """The box with one factor set free."""
        whole = cases.whole
        if factor < len(self.low):
            return self.with_limits(factor, float(whole.low[factor]), float(whole.high[factor]))
        return self.with_kept(factor - len(self.low), whole.kept[factor - len(self.low)])

    def with_limits(self, column: int, low: float, high: float) -> Box:
        """The box with other limits of one factor."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[column], highs[column] = low, high
        return replace(self, low=lows, high=highs)

    def with_kept(self, column: int, kept: frozenset[int]) -> Box:
        """The box with other categories of one factor."""
        return replace(self, kept=(*self.kept[:column], kept, *self.kept[column + 1 :]))


def cases_of(factors: pd.DataFrame, interest: FloatArray) -> Cases:
    """Cases from a table of factors; a column that is not numeric, or that is true or false, holds categories."""
    numeric = [str(name) for name in factors if _is_number(factors[name])]
    others = [str(name) for name in factors if not _is_number(factors[name])]
    coded = [pd.factorize(factors[name], sort=False) for name in others]
    codes = np.stack([codes for codes, _ in coded], axis=1) if coded else np.zeros((len(factors), 0), dtype=np.int64)
    names = tuple(tuple(levels) for _, levels in coded)
    return Cases(
        factors[numeric].to_numpy(dtype=float), codes, np.asarray(interest, float), tuple(numeric), tuple(others), names
    )


def _is_number(column: pd.Series[float]) -> bool:
    """Whether a factor's values have an order to be cut along."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


class Step(NamedTuple):
    """A way to make a box smaller or larger: the gain in density for each case that it costs, and the new box."""

    gain: float
    restricts_anew: bool
    box: Box


def peel(cases: Cases, share: float = PEEL, smallest: float = SMALLEST_MASS) -> list[Box]:
    """Boxes from the whole space down, each with a small slice less than the one before, the best slice of all."""
    trajectory, left, box = [cases.whole], cases, cases.whole
    while True:
        steps = [each for each in _peels(left, box, share) if each.gain > NOTHING]
        if not steps:
            return trajectory
        best = max(each.gain for each in steps)
        # Of slices that are equally good the one that restricts no further factor.
        box = min((each for each in steps if each.gain >= best - NOTHING), key=lambda each: each.restricts_anew).box
        left = left.take(box.holds(left))
        if len(left.interest) < smallest * len(cases.interest):
            return trajectory
        trajectory.append(box)


def _peels(left: Cases, box: Box, share: float) -> Iterator[Step]:
    """Every slice that could be peeled off the cases that are left in a box."""
    yield from _numeric_peels(left, box, share)
    for column, kept in enumerate(box.kept):
        for code in sorted(kept) if len(kept) > 1 else ():
            stays = left.codes[:, column] != code
            anew = len(kept) == len(left.names[column])
            yield Step(
                _gain(left.interest, stays.sum(), left.interest[stays].sum()),
                anew,
                box.with_kept(column, kept - {code}),
            )


def _numeric_peels(left: Cases, box: Box, share: float) -> Iterator[Step]:
    """The lowest and the highest slice along each numeric factor; equal values go together."""
    values = left.numbers
    at = max(int(share * len(values)), 1)
    if len(values) <= 2 * at:
        return
    parts = np.partition(values, (at, len(values) - 1 - at), axis=0)
    least, most = values.min(axis=0), values.max(axis=0)
    lows = np.where(parts[at] > least, parts[at], np.where(values > least, values, np.inf).min(axis=0))
    highs = np.where(parts[-1 - at] < most, parts[-1 - at], np.where(values < most, values, -np.inf).max(axis=0))
    for ends, stays in ((lows, values >= lows), (highs, values <= highs)):
        sizes, sums = stays.sum(axis=0), left.interest @ stays
        for column in np.flatnonzero(np.isfinite(ends)):
            low, high = float(box.low[column]), float(box.high[column])
            limits = (float(ends[column]), high) if ends is lows else (low, float(ends[column]))
            anew = not (np.isfinite(low) or np.isfinite(high))
            gain = _gain(left.interest, sizes[column], sums[column])
            yield Step(gain, anew, box.with_limits(int(column), *limits))


def _gain(before: FloatArray, size: float, total: float) -> float:
    """The change of density for each case that is lost or won, which treats categories and numbers alike."""
    changed = abs(len(before) - size)
    return float((total / size - before.mean()) / changed) if size and changed else 0.0


def paste(cases: Cases, box: Box, share: float = PEEL) -> Box:
    """Enlarge a box by small slices for as long as that raises its density: peeling may have cut too deep."""
    while True:
        inside = cases.interest[box.holds(cases)]
        steps = [
            Step(_gain(inside, holds.sum(), cases.interest[holds].sum()), restricts_anew=False, box=larger)
            for larger in _enlarged(cases, box, share)
            if (holds := larger.holds(cases)).sum() > len(inside)
        ]
        best = max(steps, key=lambda each: each.gain, default=None)
        if best is None or best.gain <= NOTHING:
            return box
        box = best.box


def _enlarged(cases: Cases, box: Box, share: float) -> Iterator[Box]:
    """The box with a slice more on each side that it restricts."""
    size = max(int(share * box.holds(cases).sum()), 1)
    for factor in box.restricted(cases):
        beside = box.without(factor, cases).holds(cases)
        if factor >= len(box.low):
            column = factor - len(box.low)
            for code in sorted(set(range(len(cases.names[column]))) - box.kept[column]):
                yield box.with_kept(column, box.kept[column] | {code})
            continue
        values, low, high = cases.numbers[beside, factor], float(box.low[factor]), float(box.high[factor])
        below, above = np.sort(values[values < low])[::-1], np.sort(values[values > high])
        if len(below):
            yield box.with_limits(factor, float(below[min(size, len(below)) - 1]), high)
        if len(above):
            yield box.with_limits(factor, low, float(above[min(size, len(above)) - 1]))
