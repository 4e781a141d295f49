"""Sampled designs without a scheme of their own: regression on standardised values and ranks, first-order shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from redesign_sim.study.analysis.responses import FloatArray

    Groups = NDArray[np.int64]
    Estimator = Callable[[FloatArray, FloatArray], FloatArray]

RESAMPLES = 500
FEWEST_A_BIN, MOST_BINS = 12, 32


def regression_coefficients(
    factors: pd.DataFrame,
    outcome: FloatArray,
    *,
    luck_share: float,
    clusters: Groups | None = None,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """Standardised regression coefficients of the values and of their ranks, with bootstrap intervals.

    `factors`: points x factors, numbers; `outcome`: a mean a point; `luck_share`: the share of the outcome's variance
    between points that is luck (NaN: unknown), which no regression can account for; `clusters`: points that are drawn
    together in the bootstrap because they share a sampled point. `r_squared` says how far the coefficients may be
    trusted: below 0.7 they tell little (Saltelli et al. 2008, section 1.2.5).
    """
    values = factors.to_numpy(dtype=float)
    _refuse_unusable(values, outcome)
    if len(outcome) < values.shape[1] + 2:
        raise StudyError(f"{values.shape[1]} factors need at least {values.shape[1] + 2} points, not {len(outcome)}.")
    whole = np.arange(len(outcome)) if clusters is None else clusters
    scales = (("value", values, outcome), ("rank", rankdata(values, axis=0), rankdata(outcome)))
    tables = [
        _table(_coefficients, x, y, factors.columns, whole, np.random.default_rng(seed), resamples).assign(
            scale=scale, r_squared=r_squared(x, y), luck_share=luck_share
        )
        for scale, x, y in scales
    ]
    return pd.concat(tables, ignore_index=True)


def first_order_shares(
    factors: pd.DataFrame,
    outcome: FloatArray,
    *,
    luck_share: float,
    clusters: Groups | None = None,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """The share of the variance between points that each factor accounts for alone, from any sample of points.

    Points are put into bins of equal numbers along each factor (the levels, where there are few); the spread of the
    bins' means over the variance is the first-order index (Plischke, Borgonovo and Smith 2013), less what as many bins
    would show by chance. Where all points of a cluster share a factor's value the clusters are counted, by their means,
    and not the points. `without_luck` is the share of what is left once luck is taken out of the variance.
    """
    values = factors.to_numpy(dtype=float)
    _refuse_unusable(values, outcome)
    if len(outcome) < 2 * FEWEST_A_BIN:
        raise StudyError(f"First-order shares need at least {2 * FEWEST_A_BIN} points, not {len(outcome)}.")
    groups = np.arange(len(outcome)) if clusters is None else clusters
    _, first, number = np.unique(groups, return_index=True, return_inverse=True)
    shared = (values == values[first][number]).all(axis=0)
    alone = np.stack([outcome, np.zeros_like(outcome)], axis=1)
    parts = ((shared, values[first], _units(outcome, number), np.arange(len(first))), (~shared, values, alone, groups))
    tables = [
        _table(_shares, of[:, kept], y, factors.columns[kept], where, np.random.default_rng(seed), resamples)
        for kept, of, y, where in parts
        if kept.any()
    ]
    table = pd.concat(tables).set_index("factor").loc[list(factors.columns)].reset_index()
    return table.assign(without_luck=table["estimate"] / (1 - luck_share), luck_share=luck_share)


def _units(outcome: FloatArray, number: Groups) -> FloatArray:
    """The mean of each cluster's outcomes and their variance within it, clusters x 2."""
    counts = np.bincount(number)
    means = np.bincount(number, outcome) / counts
    return np.stack([means, np.bincount(number, (outcome - means[number]) ** 2) / counts], axis=1)


def _refuse_unusable(values: FloatArray, outcome: FloatArray) -> None:
    """Refuse what would give numbers without meaning."""
    if not (np.isfinite(values).all() and np.isfinite(outcome).all()):
        raise StudyError("A factor or the outcome is missing at some points, so sensitivity cannot be computed.")
    if np.ptp(outcome) == 0:
        raise StudyError("The outcome is the same at every point, so no factor can account for anything.")


def _table(
    estimator: Estimator,
    values: FloatArray,
    outcome: FloatArray,
    names: Sequence[object] | pd.Index[str],
    clusters: Groups,
    rng: np.random.Generator,
    resamples: int,
) -> pd.DataFrame:
    """An estimate a factor with its percentile interval over resampled points.

    Points that are drawn twice look like structure, so that resamples lie higher on average; by as much they are moved.
    """
    estimates = estimator(values, outcome)
    drawn = np.array([estimator(values[rows], outcome[rows]) for rows in redrawn(clusters, rng, resamples)])
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0) + estimates - drawn.mean(axis=0)
    return pd.DataFrame({"factor": list(names), "estimate": estimates, "low": low, "high": high, "points": len(values)})


def redrawn(clusters: Groups, rng: np.random.Generator, times: int) -> list[Groups]:
    """Rows of bootstrap samples; the rows of a cluster are drawn together."""
    _, number = np.unique(clusters, return_inverse=True)
    order = np.argsort(number, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(number))[:-1])
    return [
        np.concatenate([members[each] for each in rng.integers(len(members), size=len(members))]) for _ in range(times)
    ]


def _standard(values: FloatArray) -> FloatArray:
    """Columns with mean 0 and standard deviation 1; one that does not vary stays 0."""
    spread = values.std(axis=0, ddof=1)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _coefficients(values: FloatArray, outcome: FloatArray) -> FloatArray:
    """Least squares on standardised columns."""
    return np.asarray(np.linalg.lstsq(_standard(values), _standard(outcome), rcond=None)[0])


def r_squared(values: FloatArray, outcome: FloatArray) -> float:
    """The share of the variance that the regression accounts for."""
    left = _standard(outcome) - _standard(values) @ _coefficients(values, outcome)
    return float(1 - (left**2).sum() / (len(outcome) - 1))


def _shares(values: FloatArray, outcome: FloatArray) -> FloatArray:
    """The first-order share of every column."""
    return np.array([_share(column, outcome) for column in values.T])


def _share(column: FloatArray, outcome: FloatArray) -> float:
    """The spread of the bins' means over the variance, less what chance gives (epsilon squared).

    `outcome`: the mean of each unit and the variance within it, which no factor that the unit shares accounts for.
    """
    bins, (means, within) = _bins(column), outcome.T
    counts = np.bincount(bins)
    own = np.bincount(bins, means) / counts
    total = ((means - means.mean()) ** 2).sum()
    between = (counts * (own - means.mean()) ** 2).sum()
    chance = (len(counts) - 1) * (total - between) / max(len(means) - len(counts), 1)
    whole = float(total + within.sum())
    return float(between - chance) / whole if whole else 0.0


def _bins(column: FloatArray) -> Groups:
    """Bins along a column: its levels where they are few, else equal numbers of points."""
    levels, at = np.unique(column, return_inverse=True)
    number = max(2, min(int(np.sqrt(len(column))), MOST_BINS, len(column) // FEWEST_A_BIN))
    if len(levels) <= number:
        return np.asarray(at, dtype=np.int64)
    bins = np.ceil(rankdata(column) * number / len(column)).astype(np.int64)
    return np.asarray(np.unique(bins, return_inverse=True)[1], dtype=np.int64)
