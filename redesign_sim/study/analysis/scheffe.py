"""Response surfaces over mixes: Scheffé's polynomials, whether they fit, and the mix that they predict to be best.

The shares of a mix add up to one, so that a polynomial in them has no constant (Scheffé 1958; Cornell 2002): a linear
coefficient is the outcome of the pure type, a quadratic one how far an even blend of two departs from the straight line
between them (by a quarter of it), a cubic one what three do together beyond that.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit
from scipy.stats import f as f_distribution

from redesign_sim.study.analysis.responses import FloatArray, Linear, Responses, could_be_best, linear
from redesign_sim.study.errors import StudyError
from redesign_sim.study.mixes import lattice
from redesign_sim.study.statistics import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DEGREES = {1: "linear", 2: "quadratic", 3: "special cubic"}
"""Scheffé's polynomials by the most types that a term joins."""

SIGNIFICANT = 0.05
FINENESS = 20
"""Steps from none to all of the mixes among which the best is sought: 1,771 mixes of four types, 5 % apart."""

DRAWS = 1000
ROUNDING = 1e-9


class Fit(NamedTuple):
    """A polynomial fitted by least squares: the terms, how means become coefficients, and the coefficients."""

    terms: tuple[tuple[int, ...], ...]
    solver: FloatArray
    """Terms x mixes."""
    hat: FloatArray
    """Mixes x mixes: means become fitted values."""
    coefficients: Linear


class Surface(NamedTuple):
    """What a response surface says: tables of degrees, coefficients and mixes, and the degree that was chosen."""

    degree: str
    degrees: pd.DataFrame
    coefficients: pd.DataFrame
    mixes: pd.DataFrame


def response_surface(
    given: Responses,
    mixes: FloatArray,
    names: Sequence[str],
    *,
    degree: str | None = None,
    seed: int = 1,
    draws: int = DRAWS,
) -> Surface:
    """Fit the polynomials, choose one by cross-validation unless `degree` names it, and seek the best mix.

    `given`: responses whose points are the `mixes` (mixes x types, shares that add up to one); several contexts are
    averaged, and count as a sample. Raises StudyError for mixes that do not add up to one or that are too few.
    """
    _refuse_unusable(mixes)
    fits = {name: each for most, name in DEGREES.items() if (each := fit(given, mixes, most)) is not None}
    if not fits:
        raise StudyError(f"{len(mixes)} mixes are too few, or too alike, for a response surface of their types.")
    if degree is not None and degree not in fits:
        raise StudyError(
            f"{len(mixes)} mixes do not determine a {degree} surface; they do a {' or a '.join(fits)} one."
        )
    checks = pd.DataFrame([_checks(name, each, given) for name, each in fits.items()])
    chosen = degree or chosen_degree(checks)
    checks["chosen"] = checks["degree"] == chosen
    return Surface(
        chosen,
        checks,
        _coefficients_table(fits[chosen], names),
        best_mixes(given, mixes, names, fits[chosen], seed=seed, draws=draws),
    )


def _refuse_unusable(mixes: FloatArray) -> None:
    """Refuse what are no mixes."""
    if (mixes < -ROUNDING).any() or (np.abs(mixes.sum(axis=1) - 1) > ROUNDING ** (2 / 3)).any():
        raise StudyError("The shares of a mix have to be 0 or more and to add up to one.")


def scheffe_terms(types: int, most: int) -> tuple[tuple[int, ...], ...]:
    """The terms of a polynomial: each type, each pair, each three, up to the `most` that one term joins."""
    return tuple(term for size in range(1, most + 1) for term in combinations(range(types), size))


def model_matrix(mixes: FloatArray, terms: Sequence[tuple[int, ...]]) -> FloatArray:
    """The products of shares, mixes x terms."""
    return np.stack([mixes[:, list(term)].prod(axis=1) for term in terms], axis=1)


def fit(given: Responses, mixes: FloatArray, most: int) -> Fit | None:
    """Least squares on the means, with the covariance that luck (and the sample of contexts) gives; None if too few.

    Under common luck that is the fit of each replication, averaged, with t intervals over replications.
    """
    terms = scheffe_terms(mixes.shape[1], most)
    matrix = model_matrix(mixes, terms)
    if np.linalg.matrix_rank(matrix) < len(terms):
        return None
    solver: FloatArray = np.asarray(np.linalg.pinv(matrix), dtype=float)
    return Fit(terms, solver, matrix @ solver, linear(given, solver))


def _checks(name: str, fitted: Fit, given: Responses) -> dict[str, object]:
    """How well a polynomial describes the means, what luck explains of the rest, and mixes that it did not see."""
    means = given.means.mean(axis=0)
    spare = len(means) - len(fitted.terms)
    misfit, chance = lack_of_fit(given, fitted)
    leverage = np.diag(fitted.hat)
    unseen = (means - fitted.hat @ means) / np.where(leverage < 1 - ROUNDING, 1 - leverage, np.nan)
    total = float(((means - means.mean()) ** 2).sum())
    return {
        "degree": name,
        "terms": len(fitted.terms),
        "r_squared": 1 - float(((means - fitted.hat @ means) ** 2).sum()) / total if total and spare else np.nan,
        "lack_of_fit": misfit,
        "lack_of_fit_p": chance,
        "cross_validated_error": float(np.sqrt((unseen**2).mean())),
    }


def lack_of_fit(given: Responses, fitted: Fit) -> tuple[float, float]:
    """How far off the polynomial is beyond luck (root mean square), and how likely as much is if it is right.

    The squared residuals over what luck leads one to expect, by Box's approximation, which holds for any dependence
    between points and any number of replications (Geisser and Greenhouse 1958; Huynh and Feldt 1976).
    """
    mixes = len(fitted.hat)
    spare = mixes - len(fitted.terms)
    if spare == 0:
        return np.nan, np.nan
    left = linear(given, np.eye(mixes) - fitted.hat)
    squares, expected = float((left.estimates**2).sum()), float(np.trace(left.covariance))
    misfit = float(np.sqrt(max(squares - expected, 0) / spare))
    if expected <= 0:
        return misfit, 1.0 if squares <= ROUNDING**2 else 0.0
    freedom = float(left.freedom.min())
    sampled = given.luck == "common" or given.contexts > 1
    dimensions = min(_dimensions(left.covariance, freedom if sampled else np.inf), spare)
    return misfit, float(f_distribution.sf(squares / expected, dimensions, dimensions * freedom))


def _dimensions(covariance: FloatArray, freedom: float) -> float:
    """In how many independent directions, as it were, residuals vary: the squared trace over the trace of the square.

    A covariance with few degrees of freedom seems to lie in fewer; `freedom` corrects for that (infinite: none to do).
    """
    square, squares = float(np.trace(covariance)) ** 2, float((covariance**2).sum())
    if np.isfinite(freedom) and freedom > 1:
        squares = freedom**2 / ((freedom - 1) * (freedom + 2)) * (squares - square / freedom)
        square -= 2 / freedom * squares
    return max(square / squares, 1.0) if squares > 0 else np.inf


def chosen_degree(checks: pd.DataFrame) -> str:
    """The polynomial that predicts mixes best which it was not fitted to; the simplest where none can be tried."""
    errors = checks["cross_validated_error"]
    return str(checks["degree"].iloc[int(errors.to_numpy().argmin()) if errors.notna().all() else 0])


def _coefficients_table(fitted: Fit, names: Sequence[str]) -> pd.DataFrame:
    """A row a term, with its interval; `p` for blends only, for a pure type there is nothing that it should be."""
    low, high = fitted.coefficients.limits()
    terms = [" x ".join(names[each] for each in term) for term in fitted.terms]
    pure = np.array([len(term) == 1 for term in fitted.terms])
    chances = np.where(pure, np.nan, fitted.coefficients.chances())
    estimates = fitted.coefficients.estimates
    return pd.DataFrame({"term": terms, "estimate": estimates, "low": low, "high": high, "p": chances})


def best_mixes(
    given: Responses, mixes: FloatArray, names: Sequence[str], fitted: Fit, *, seed: int, draws: int
) -> pd.DataFrame:
    """The predicted outcome of every mix within the design's bounds, best first, with limits.

    `may_be_best`: the confidence region of the best mix, which holds it with 95 % confidence if the surface is right.
    """
    candidates = _candidates(mixes)
    matrix = model_matrix(candidates, fitted.terms)
    coefficients = fitted.coefficients
    predicted = matrix @ coefficients.estimates
    errors = np.sqrt(np.einsum("mt,ts,ms->m", matrix, coefficients.covariance, matrix))
    half = float(stdtrit(coefficients.freedom.min(), (1 + CONFIDENCE) / 2)) * errors
    drawn = np.array([matrix @ (fitted.solver @ each) for each in _drawn(given, np.random.default_rng(seed), draws)])
    kept = could_be_best(predicted, drawn)
    table = pd.DataFrame(candidates, columns=list(names))
    table = table.assign(predicted=predicted, low=predicted - half, high=predicted + half, may_be_best=kept)
    return table.sort_values("predicted", ascending=False, kind="stable", ignore_index=True)


def _candidates(mixes: FloatArray) -> FloatArray:
    """The mixes on a fine lattice within the bounds of those that were run, and those themselves."""
    fine = np.array(list(lattice(FINENESS, mixes.shape[1]))) / FINENESS
    inside = (fine >= mixes.min(axis=0) - ROUNDING) & (fine <= mixes.max(axis=0) + ROUNDING)
    every = np.concatenate([fine[inside.all(axis=1)], mixes])
    _, rows = np.unique(every.round(6), axis=0, return_index=True)
    return every[np.sort(rows)]


def _drawn(given: Responses, rng: np.random.Generator, draws: int) -> list[FloatArray]:
    """Means of the mixes as other luck, and other contexts, might have had them."""
    rows: NDArray[np.int64] = rng.integers(given.contexts, size=(draws, given.contexts))
    return [means[each].mean(axis=0) for means, each in zip(given.drawn(draws, rng), rows, strict=True)]
