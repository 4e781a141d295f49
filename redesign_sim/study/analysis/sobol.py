"""Variance-based sensitivity from a Saltelli design: which factors, alone or together, make outcomes differ.

The estimators are SALib's (Saltelli et al. 2010, Jansen 1999, Saltelli 2002). Intervals, grouping of rows and seeds are
our own, for SALib takes seed 0 for none and answers a missing value with zeros. Luck enters every difference of two
points like a factor, so that the total-order index of a factor without any influence is not 0 but the share that luck
has; it is estimated from the replications, shown beside each index, and taken out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from redesign_sim.study.errors import StudyError
from redesign_sim.study.statistics import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redesign_sim.study.analysis.responses import FloatArray, Responses

RESAMPLES = 200


class Blocks(NamedTuple):
    """The rows of a Saltelli design: base rows x 1, two bases (`first`, `last`), and each with a factor exchanged."""

    first: FloatArray
    last: FloatArray
    into_first: FloatArray
    into_last: FloatArray | None

    def take(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Blocks:
        """Some base rows with all that belongs to them."""
        into_last = None if self.into_last is None else self.into_last[rows]
        return Blocks(self.first[rows], self.last[rows], self.into_first[rows], into_last)


@dataclass(frozen=True)
class Floors:
    """What luck alone puts into the indices: variance of the outcome, and half the squared step of each factor."""

    variance: float
    steps: FloatArray
    """Base rows x factors."""


def sobol_indices(
    given: Responses,
    names: Sequence[str],
    *,
    second_order: bool,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """First-, total- and second-order indices with 95 % bootstrap intervals, a row an index.

    `given`: the responses of one context, points in the design's own row order; `names`: the factors, or groups of
    them, in the order in which the design exchanged them. `luck` is what the index of a factor without influence would
    be; `without_luck` the index of the response that is left when luck is averaged out, with its limits (NaN where
    points have one replication, and luck cannot be told from interaction). Raises StudyError for missing outcomes, rows
    that do not fit the design, or an outcome that never varies.
    """
    means, known = given.means[0], given.spread_is_known
    if not np.isfinite(means).all():
        raise StudyError("An outcome is missing at some points; Sobol indices need all of them.")
    scale = float(means.std())
    if scale <= 1e-12 * max(1.0, float(np.abs(means).max())):
        raise StudyError("The outcome is the same at every point, so no factor can account for anything.")
    blocks = split((means - means.mean()) / scale, len(names), second_order=second_order)
    floors = _floors(given, len(names), scale, second_order=second_order)
    estimates, clean = _indices(blocks, floors, 1)
    drawn = list(_resampled(given, floors, scale, len(names), seed, resamples, second_order=second_order))
    table = _labels(names, second_order=second_order).assign(**_with_limits("", estimates, [raw for raw, _ in drawn]))
    limits = _with_limits("without_luck", clean, [cleaned for _, cleaned in drawn])
    beside = {key: column if known else np.nan for key, column in limits.items()}
    return table.assign(luck=_luck(blocks, floors, len(table)) if known else np.nan, **beside, rows=len(blocks.first))


def split(values: FloatArray, factors: int, *, second_order: bool) -> Blocks:
    """The outcome of each row of a Saltelli design, sorted into its matrices."""
    step = 2 * factors + 2 if second_order else factors + 2
    if values.shape[0] % step or values.shape[0] < 2 * step:
        raise StudyError(
            f"{values.shape[0]} points are no Saltelli design of {factors} factors, which has {step} for each of at "
            "least two base points."
        )
    rows = values.reshape(-1, step, *values.shape[1:])
    exchanged = rows[:, 1 : factors + 1]
    return Blocks(rows[:, 0], rows[:, -1], exchanged, rows[:, factors + 1 : -1] if second_order else None)


def _labels(names: Sequence[str], *, second_order: bool) -> pd.DataFrame:
    """What each index is of."""
    single = [(order, name, "") for order in ("first", "total") for name in names]
    pairs = [("second", *pair) for pair in combinations(names, 2)] if second_order else []
    return pd.DataFrame([*single, *pairs], columns=["order", "factor", "with"])


def _variance(blocks: Blocks) -> float:
    """The variance of the outcome over the two bases."""
    return float(np.concatenate([blocks.first, blocks.last]).var())


def _luck(blocks: Blocks, floors: Floors, rows: int) -> FloatArray:
    """What each index would be by luck alone: only total orders are raised by it."""
    steps = floors.steps.mean(axis=0) / _variance(blocks)
    return np.concatenate([np.zeros(len(steps)), steps, np.zeros(rows - 2 * len(steps))])


def _indices(blocks: Blocks, floors: Floors, lucks: int) -> tuple[FloatArray, FloatArray]:
    """All indices, as they are and without luck; `lucks`: how many independent lots of it the values hold."""
    from SALib.analyze import sobol  # noqa: PLC0415  it takes half a second to load

    factors = blocks.into_first.shape[1]
    first, last = (np.repeat(each[:, None], factors, axis=1) for each in (blocks.first, blocks.last))
    single = sobol.first_order(first, blocks.into_first, last)
    total = sobol.total_order(first, blocks.into_first, last)
    pairs = np.array(list(_second_orders(blocks, single)))
    variance = _variance(blocks)
    # With hardly more variance than luck gives, what is left without it is no number.
    left = variance - lucks * floors.variance
    share = variance / left if left > 0 else np.nan
    steps = lucks * floors.steps.mean(axis=0) / variance
    return np.concatenate([single, total, pairs]), share * np.concatenate([single, total - steps, pairs])


def _second_orders(blocks: Blocks, single: FloatArray) -> Iterator[float]:
    """What two factors do together beyond what each does alone, pair by pair."""
    from SALib.analyze import sobol  # noqa: PLC0415  it takes half a second to load

    if blocks.into_last is None:
        return
    for one, two in combinations(range(len(single)), 2):
        parts = blocks.into_first[:, one], blocks.into_first[:, two], blocks.into_last[:, one]
        yield float(sobol.second_order(blocks.first, *parts, blocks.last))


def _floors(given: Responses, factors: int, scale: float, *, second_order: bool) -> Floors:
    """Luck's part in the variance and in each step from one base to the same with a factor exchanged."""
    scores = np.nan_to_num(given.scores[0].T) / scale
    blocks = split(scores, factors, second_order=second_order)
    bases = np.concatenate([blocks.first, blocks.last])
    if given.luck == "common":
        steps = ((blocks.first[:, None] - blocks.into_first) ** 2).sum(axis=-1)
        return Floors(float(((bases - bases.mean(axis=0)) ** 2).sum(axis=-1).mean()), steps / 2)
    steps = (blocks.first**2).sum(axis=-1)[:, None] + (blocks.into_first**2).sum(axis=-1)
    return Floors(float((bases**2).sum(axis=-1).mean()), steps / 2)


def _resampled(
    given: Responses, floors: Floors, scale: float, factors: int, seed: int, resamples: int, *, second_order: bool
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """The indices over resampled base rows; under common luck, which all rows share, with other luck as well."""
    rng = np.random.default_rng(seed)
    moving = given.luck == "common" and given.spread_is_known
    middle = given.means.mean()
    lucks = given.drawn(resamples, rng, heavy=False) if moving else (given.means for _ in range(resamples))
    for means in lucks:
        blocks = split((means[0] - middle) / scale, factors, second_order=second_order)
        rows = rng.integers(len(blocks.first), size=len(blocks.first))
        yield _indices(blocks.take(rows), Floors(floors.variance, floors.steps[rows]), 1 + moving)


def _with_limits(name: str, estimates: FloatArray, drawn: Sequence[FloatArray]) -> dict[str, FloatArray]:
    """An estimate with limits as far from it as its standard error over the resamples tells."""
    half = float(ndtri((1 + CONFIDENCE) / 2)) * np.nanstd(np.array(drawn), axis=0, ddof=1)
    low, high = (f"{name}_low", f"{name}_high") if name else ("low", "high")
    return {name or "estimate": estimates, low: estimates - half, high: estimates + half}
