"""An outcome's mean at every point and what luck adds to it: the ground that the analyses stand on.

Whatever is linear in the means (an effect, a coefficient, a prediction) gets its variance from the same scores: the
share that each run has in the error of its point's mean. Under common luck the scores of one replication are added
over points before they are squared, which is the contrast of each replication with a t interval over replications
where all points have the same replications, and stays right where they have not; under independent luck they are
squared first. Where the points stand in several sampled contexts, the contexts are a sample too: their spread is added
to what shared luck leaves (two-way clusters: Cameron, Gelbach and Miller 2011).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import logit, stdtr, stdtrit

from redesign_sim.study.errors import StudyError
from redesign_sim.study.statistics import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

FloatArray = npt.NDArray[np.float64]
Luck = Literal["common", "independent"]
"""Whether runs that share a replication number share their luck."""


@dataclass(frozen=True)
class Responses:
    """Means of one outcome over replications, contexts x points, and each run's share in their errors.

    `scores`: contexts x replications x points, in the unit of the outcome; their squares add up to the variance of a
    mean, NaN where a point has one replication. `unseen`: contexts x points, the variance that a share of exactly 0
    or 1 still has. `counts`: replications of each mean.
    """

    means: FloatArray
    scores: FloatArray
    unseen: FloatArray
    counts: FloatArray
    luck: Luck

    @property
    def contexts(self) -> int:
        """How many contexts there are."""
        return len(self.means)

    @property
    def spread_is_known(self) -> bool:
        """Whether every mean has two replications at least."""
        return bool((self.counts > 1).all())

    def errors(self) -> FloatArray:
        """The variance of each mean, contexts x points."""
        return np.asarray((self.scores**2).sum(axis=1) + self.unseen)

    def between(self) -> float:
        """What luck adds to the variance between the points of the first context; what all share adds nothing."""
        scores, unseen = self.scores[0], float(self.unseen[0].mean())
        if self.luck == "common":
            scores = scores - scores.mean(axis=1, keepdims=True)
        return float((scores**2).sum(axis=0).mean()) + unseen

    def averaged(self) -> Responses:
        """One context in place of several: the mean of each point over all of them, the contexts taken as given."""
        together = self.scores.sum(axis=0) if self.luck == "common" else np.concatenate(list(self.scores))
        return replace(
            self,
            means=self.means.mean(axis=0, keepdims=True),
            scores=together[None] / self.contexts,
            unseen=self.unseen.sum(axis=0, keepdims=True) / self.contexts**2,
            counts=self.counts.min(axis=0, keepdims=True),
        )

    def logits(self) -> Responses:
        """Shares as log odds, each pooled over its contexts, linearised there (delta method; Haldane's half added)."""
        runs = self.counts.sum(axis=0)
        pooled = (self.means * self.counts).sum(axis=0) / runs
        kept = (pooled * runs + 0.5) / (runs + 1)
        steep = 1 / (kept * (1 - kept))
        return replace(
            self,
            means=logit(kept) + (self.means - pooled) * steep,
            scores=self.scores * steep,
            unseen=self.unseen * steep**2,
        )

    def drawn(self, times: int, rng: np.random.Generator, *, heavy: bool = True) -> Iterator[FloatArray]:
        """Means as other luck might have had them, contexts x points (multiplier bootstrap of each run's score).

        The multipliers are shared as luck is, so that the differences between points vary as they would. `heavy`: tails
        of the t distribution, for limits; without them the draws have the variance of the means.
        """
        scores, freedom = np.nan_to_num(self.scores), max(float(self.counts.min()) - 1, 1)
        for _ in range(times):
            wide = np.sqrt(freedom / rng.chisquare(freedom)) if heavy else 1.0
            shape = scores.shape[1:2] if self.luck == "common" else scores.shape
            by = rng.standard_normal(shape)
            luck = np.einsum("r,crp->cp", by, scores) if self.luck == "common" else (by * scores).sum(axis=1)
            yield self.means + wide * (luck + np.sqrt(self.unseen) * rng.standard_normal(self.unseen.shape))


def responses(values: FloatArray, luck: Luck, *, share: bool = False) -> Responses:
    """Means and scores of values given as contexts x replications x points, NaN where there is no run.

    Raises StudyError where a point has no run at all.
    """
    there = ~np.isnan(values)
    counts = there.sum(axis=1).astype(float)
    if not counts.all():
        raise StudyError(f"{int((counts == 0).sum())} points have no run that ended, so they cannot be analysed.")
    means = np.nansum(values, axis=1) / counts
    with np.errstate(divide="ignore", invalid="ignore"):
        by = np.sqrt(1 / (counts * (counts - 1)))[:, None, :]
        scores = np.where(there, (values - means[:, None, :]) * by, 0.0)
    kept = (means * counts + 1) / (counts + 2)
    certain = share & ((means == 0) | (means == 1))
    return Responses(means, scores, np.where(certain, kept * (1 - kept) / counts, 0.0), counts, luck)


def values_of(runs: pd.DataFrame, outcome: str, points: Sequence[int] | NDArray[np.int64]) -> FloatArray:
    """An outcome as replications x points, in the order given; NaN where a run failed or was not asked for.

    Raises StudyError for an outcome that runs can be without, and for a point all of whose runs failed.
    """
    sound = runs[runs["failure"].isna() & runs["point"].isin(points)]
    missing = int(sound[outcome].isna().sum())
    if missing:
        raise StudyError(
            f"{outcome} is missing in {missing} of {len(sound)} runs, and an analysis of the others would not be one "
            "of the study; choose an outcome that every run has."
        )
    table = sound.assign(**{outcome: sound[outcome].astype(float)}).pivot_table(
        index="replication", columns="point", values=outcome, aggfunc="first"
    )
    gone = [point for point in points if point not in table.columns]
    if gone:
        raise StudyError(f"Every run of point {gone[0]} failed ({len(gone)} such points), so it cannot be analysed.")
    return table.reindex(columns=list(points)).to_numpy(dtype=float)


class Linear(NamedTuple):
    """What is linear in the means: estimates, their covariance, and the degrees of freedom of each."""

    estimates: FloatArray
    covariance: FloatArray
    freedom: FloatArray

    @property
    def errors(self) -> FloatArray:
        """The standard errors."""
        return np.sqrt(np.diag(self.covariance))

    def limits(self, confidence: float = CONFIDENCE) -> tuple[FloatArray, FloatArray]:
        """The limits of each t interval."""
        half = stdtrit(self.freedom, (1 + confidence) / 2) * self.errors
        return self.estimates - half, self.estimates + half

    def chances(self) -> FloatArray:
        """How likely as large an estimate would be if there were nothing (two-sided t test)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.abs(self.estimates) / self.errors
        return np.where(self.estimates == 0, 1.0, 2 * stdtr(self.freedom, -size))


def linear(given: Responses, weights: FloatArray) -> Linear:
    """Weighted sums of the means, one a row of `weights` (terms x points), averaged over contexts."""
    if given.contexts == 1 and not given.spread_is_known:
        raise StudyError("With one replication a point nothing is known of luck; run at least two.")
    by_context = given.means @ weights.T
    within = _within(given, weights)
    if given.contexts == 1:
        return Linear(by_context[0], within, _freedom(given, weights))
    between = np.atleast_2d(np.cov(by_context, rowvar=False)) / given.contexts
    covariance = between + (_shared(given, weights, within) if given.luck == "common" else 0.0)
    least = min(given.contexts, given.counts.min()) if given.luck == "common" else given.contexts
    freedom = max(float(least) - 1, 1.0)
    return Linear(by_context.mean(axis=0), covariance, np.full(len(weights), freedom))


def _within(given: Responses, weights: FloatArray) -> FloatArray:
    """The covariance that luck alone gives to weighted sums averaged over contexts."""
    alone = given.unseen.sum(axis=0)
    if given.luck == "common":
        added = np.einsum("crp,tp->rt", given.scores, weights)
        together = added.T @ added
    else:
        together, alone = 0.0, given.errors().sum(axis=0)
    return np.asarray((together + (weights * alone) @ weights.T) / given.contexts**2)


def _shared(given: Responses, weights: FloatArray, within: FloatArray) -> FloatArray:
    """What luck that all contexts share adds to the spread between them; nothing where it cannot be known."""
    if not given.spread_is_known:
        return np.zeros_like(within)
    each = np.einsum("crp,tp->crt", given.scores, weights)
    own = np.einsum("crt,crs->ts", each, each) + (weights * given.unseen.sum(axis=0)) @ weights.T
    sizes, directions = np.linalg.eigh(within - own / given.contexts**2)
    return np.asarray((directions * np.maximum(sizes, 0)) @ directions.T)


def _freedom(given: Responses, weights: FloatArray) -> FloatArray:
    """Degrees of freedom in one context: replications less one, or after Welch and Satterthwaite."""
    counts = given.counts[0]
    if given.luck == "common":
        return np.array([counts[row != 0].min(initial=counts.max()) - 1 for row in weights])
    parts = weights**2 * given.errors()[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = parts.sum(axis=1) ** 2 / (parts**2 / (counts - 1)).sum(axis=1)
    return np.asarray(np.where(np.isfinite(freedom), freedom, counts.min() - 1))


RIVALS = 256
"""So many others, spread over all of them, each estimate is held against when it is asked whether it may be best."""


def could_be_best(estimates: FloatArray, drawn: FloatArray, confidence: float = CONFIDENCE) -> NDArray[np.bool_]:
    """Which of some estimates may belong to the highest, given how all might have come out (draws x estimates).

    The true best stays in the set with the stated confidence: whatever lies above it does so by luck, and the draws
    tell how large the largest gap is that luck makes, each by its own spread (multiple comparisons with the best, Hsu
    1981, with limits from the draws in place of normal theory).
    """
    leader = int(estimates.argmax())
    rivals = np.unique(np.append(np.linspace(0, len(estimates) - 1, RIVALS).round().astype(int), leader))
    deviations = drawn - estimates
    ahead, largest = _by_spread(estimates[leader] - estimates, deviations[:, [leader]] - deviations)
    kept = ahead <= largest.max()
    for each in np.flatnonzero(kept):
        gaps, luck = _by_spread(estimates[rivals] - estimates[each], deviations[:, rivals] - deviations[:, [each]])
        kept[each] = gaps.max() <= np.quantile(luck, confidence) + NEARLY
    return np.asarray(kept)


NEARLY = 1e-9


def _by_spread(gaps: FloatArray, drawn: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gaps by the mean size of what luck makes of them, and the largest of each draw by the same measure."""
    spread = np.abs(drawn).mean(axis=0)
    spread = np.where(spread > NEARLY * np.abs(gaps), spread, np.inf)
    certain = np.isinf(spread) & (gaps > 0)
    return np.where(certain, np.inf, gaps / spread), (drawn / spread).max(axis=1)


def holm(chances: FloatArray) -> FloatArray:
    """The chances of several tests, adjusted so that 5 % holds for all at once (Holm 1979)."""
    order = np.argsort(chances)
    stepped = np.maximum.accumulate(chances[order] * np.arange(len(chances), 0, -1))
    adjusted = np.empty_like(chances)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
