"""Under what conditions it happens: boxes in the space of the factors that hold most of the cases of interest.

The patient rule induction method (Friedman and Fisher 1999): from the whole space a thin slice is peeled off again and
again, the one without which what is left holds the most cases of interest, and in the end slices are pasted back as
long as that helps. Names are peeled by their levels. How far to believe a limit is told by the quasi-p value (Bryant
and Lempert 2010): how likely as many cases of interest would be in the box if that limit meant nothing; and by how
often the limit comes back in resamples of the points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binom

from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

PEEL = 0.05
"""The share of what is left that is peeled off, or pasted back, at a time."""

LEAST_MASS = 0.05
"""A box with a smaller share of the points holds too few to say anything."""

CHANCE = 0.05
"""A limit with a larger quasi-p value is taken for chance and dropped."""

MOST_BOXES = 3
RESAMPLES = 50


class Peeled(NamedTuple):
    """A box on the way: coverage is the share of all cases of interest in it, density their share of its points."""

    coverage: float
    density: float
    mass: float
    restricted: int


@dataclass(frozen=True)
class Box:
    """A box: which points lie in it, the limits of each factor that has any, and the way on which it was found."""

    inside: Flags
    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float
    way: pd.DataFrame


def prim(factors: pd.DataFrame, hits: Flags, *, seed: int = 1, resamples: int = RESAMPLES) -> list[Box]:
    """Boxes that hold the points of interest, one after the other, each found among what the ones before left.

    `factors`: points x factors, numbers or names; `hits`: which points are of interest. A box's `limits` say for each
    restricted factor its `low` and `high` (or the `levels` that are left), `quasi_p`, and `found_again`, the share of
    resamples in which it is restricted too, with 95 % ranges of its limits there. Boxes end where one is no denser
    than all points are. Raises StudyError where all points or none are of interest.
    """
    if hits.all() or not hits.any():
        raise StudyError(f"{'All' if hits.all() else 'None'} of the points are of interest, so no box can be found.")
    rng = np.random.default_rng(seed)
    boxes: list[Box] = []
    left = np.ones(len(hits), dtype=np.bool_)
    while len(boxes) < MOST_BOXES and hits[left].any() and left.mean() > 2 * LEAST_MASS:
        box = _box(factors, hits, left, rng, resamples)
        if box is None or box.density <= hits.mean():
            break
        boxes.append(box)
        left = left & ~box.inside
    return boxes


def _box(factors: pd.DataFrame, hits: Flags, left: Flags, rng: np.random.Generator, resamples: int) -> Box | None:
    """One box among the points that are left."""
    found, way = _found(factors[left], hits[left])
    if not found:
        return None
    inside = left & _inside(factors, found)
    limits = pd.DataFrame([_limit(factors, hits, left, found, name) for name in found])
    again = _found_again(factors[left], hits[left], list(found), rng, resamples)
    return Box(
        inside,
        limits.merge(again, on="factor", how="left"),
        float(hits[inside].sum() / hits.sum()),
        float(hits[inside].mean()),
        float(inside.mean()),
        way,
    )


# A restriction is a range of a number, or a set of names.
Restrictions = dict[str, tuple[float, float] | frozenset[object]]


def _found(factors: pd.DataFrame, hits: Flags) -> tuple[Restrictions, pd.DataFrame]:
    """Peel to the end, go back to where coverage and density balance best, paste, and drop what restricts nothing."""
    ways = list(_peelings(factors, hits))
    table = pd.DataFrame([peeled for peeled, _ in ways])
    balance = 2 * table["coverage"] * table["density"] / (table["coverage"] + table["density"]).clip(lower=1e-12)
    chosen = int(balance.to_numpy().argmax())
    pasted = _pasted(factors, hits, dict(ways[chosen][1]))
    kept = {name: limit for name, limit in pasted.items() if not _inside(factors, {name: limit}).all()}
    return _believed(factors, hits, kept), table.assign(chosen=np.arange(len(table)) == chosen)


def _believed(factors: pd.DataFrame, hits: Flags, box: Restrictions) -> Restrictions:
    """Drop the limit that means least, one after another, until each left is unlikely to be chance."""
    everything = np.ones(len(hits), dtype=np.bool_)
    while box:
        chances = {name: float(str(_limit(factors, hits, everything, box, name)["quasi_p"])) for name in box}
        least = max(chances, key=lambda name: chances[name])
        if chances[least] <= CHANCE:
            break
        box = {name: limit for name, limit in box.items() if name != least}
    return box


def _peelings(factors: pd.DataFrame, hits: Flags) -> Iterator[tuple[Peeled, Restrictions]]:
    """The boxes on the way from all points to a very small box."""
    box: Restrictions = {}
    inside = np.ones(len(hits), dtype=np.bool_)
    while True:
        yield Peeled(hits[inside].sum() / hits.sum(), hits[inside].mean(), inside.mean(), len(box)), dict(box)
        best = max(_slices(factors, hits, inside), key=lambda each: each[0], default=None)
        if best is None or best[2].mean() < LEAST_MASS or hits[inside].all():
            return
        _, name, inside = best
        box = {**box, name: _range(factors[name][inside])}


def _slices(factors: pd.DataFrame, hits: Flags, inside: Flags) -> Iterator[tuple[float, str, Flags]]:
    """What would be left by each slice that can be peeled off, and how much denser it is for what it costs."""
    density, number = hits[inside].mean(), inside.sum()
    for name in factors.columns:
        for kept in _without_a_slice(factors[name], inside):
            if 0 < kept.sum() < number:
                # The gain for each point given up, so that a thick slice has to be worth its thickness.
                yield (hits[kept].mean() - density) * kept.sum() / (number - kept.sum()), str(name), kept


def _without_a_slice(column: pd.Series[float], inside: Flags) -> Iterator[Flags]:
    """Points left when a thin slice of a number is taken off at either end, or one level of a name."""
    values = column.to_numpy()
    if not _is_number(column):
        for level in pd.unique(column[inside]):
            yield inside & (values != level)
        return
    low, high = np.quantile(values[inside], (PEEL, 1 - PEEL))
    yield inside & (values >= low if low > values[inside].min() else values > low)
    yield inside & (values <= high if high < values[inside].max() else values < high)


def _pasted(factors: pd.DataFrame, hits: Flags, box: Restrictions) -> Restrictions:
    """Widen one limit at a time while the box gets no less dense."""
    while True:
        inside = _inside(factors, box)
        wider = [
            (hits[grown].mean(), name, limit)
            for name in box
            for limit in _wider(factors[name], box, name, factors)
            if (grown := _inside(factors, {**box, name: limit})).sum() > inside.sum()
        ]
        best = max(wider, key=lambda each: each[0], default=None)
        if best is None or best[0] < hits[inside].mean():
            return box
        box = {**box, best[1]: best[2]}


def _wider(
    column: pd.Series[float], box: Restrictions, name: str, factors: pd.DataFrame
) -> Iterator[tuple[float, float] | frozenset[object]]:
    """A limit with a thin slice of the points that it alone keeps out."""
    others = _inside(factors, {other: limit for other, limit in box.items() if other != name})
    limit = box[name]
    if isinstance(limit, frozenset):
        for level in dict.fromkeys(column[others]):
            if level not in limit:
                yield limit | {level}
        return
    low, high = limit
    more = max(1, int(PEEL * (others & _inside(factors, {name: limit})).sum()))
    below = np.sort(column[others & (column < low).to_numpy()])[::-1]
    above = np.sort(column[others & (column > high).to_numpy()])
    if below.size:
        yield float(below[min(more, below.size) - 1]), high
    if above.size:
        yield low, float(above[min(more, above.size) - 1])


def _inside(factors: pd.DataFrame, box: Restrictions) -> Flags:
    """Which points lie within all restrictions."""
    inside = np.ones(len(factors), dtype=np.bool_)
    for name, limit in box.items():
        column = factors[name]
        kept = column.isin(limit) if isinstance(limit, frozenset) else column.between(*limit)
        inside &= kept.to_numpy()
    return inside


def _range(column: pd.Series[float]) -> tuple[float, float] | frozenset[object]:
    """What a column holds: the range of a number, the levels of a name."""
    return (float(column.min()), float(column.max())) if _is_number(column) else frozenset(column)


def _is_number(column: pd.Series[float]) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _limit(factors: pd.DataFrame, hits: Flags, left: Flags, box: Restrictions, name: str) -> dict[str, object]:
    """A restriction as a row, with its quasi-p value."""
    inside = left & _inside(factors, box)
    without = left & _inside(factors, {other: limit for other, limit in box.items() if other != name})
    chance = float(binom.sf(hits[inside].sum() - 1, inside.sum(), hits[without].mean()))
    limit = box[name]
    low, high = (np.nan, np.nan) if isinstance(limit, frozenset) else limit
    levels = ", ".join(sorted(map(str, limit))) if isinstance(limit, frozenset) else ""
    return {"factor": name, "low": low, "high": high, "levels": levels, "quasi_p": chance}


def _found_again(
    factors: pd.DataFrame, hits: Flags, names: list[str], rng: np.random.Generator, resamples: int
) -> pd.DataFrame:
    """How often each factor is restricted in resamples of the points, and between which limits."""
    again: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(resamples):
        rows = rng.integers(len(hits), size=len(hits))
        if not hits[rows].any() or hits[rows].all():
            continue
        found, _ = _found(factors.iloc[rows].reset_index(drop=True), hits[rows])
        for name in names:
            limit = found.get(name)
            if limit is not None:
                again[name].append((np.nan, np.nan) if isinstance(limit, frozenset) else limit)
    return pd.DataFrame([_row_again(name, np.array(limits), resamples) for name, limits in again.items()])


def _row_again(name: str, limits: NDArray[np.float64], resamples: int) -> dict[str, object]:
    share = len(limits) / resamples if resamples else np.nan
    known = len(limits) > 0 and not np.isnan(limits).all()
    ends = np.quantile(limits, (0.025, 0.975), axis=0) if known else np.full((2, 2), np.nan)
    names = ("low_from", "low_to", "high_from", "high_to")
    return {"factor": name, "found_again": share, **dict(zip(names, ends.T.ravel().tolist(), strict=True))}
