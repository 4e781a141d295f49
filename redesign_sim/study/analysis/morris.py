"""Screening by elementary effects: which of many factors matter at all, from few runs (Morris 1991)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from redesign_sim.study.errors import StudyError
from redesign_sim.study.statistics import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.study.analysis.responses import FloatArray, Responses

RESAMPLES = 1000
MEAN_OF_A_SIZE = math.sqrt(2 / math.pi)
"""The mean size of a normal deviate with standard deviation 1."""
SKEWNESS_OF_A_SIZE = 0.995
"""The skewness of that size."""
HIGH_DEVIATE = 1.645
"""The 95th percentile of a normal deviate."""


class Elementary(NamedTuple):
    """Elementary effects, trajectories x factors, and the variance that luck gives to each."""

    effects: FloatArray
    luck: FloatArray


def morris_effects(
    given: Responses,
    unit: FloatArray,
    groups: Sequence[str],
    *,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """The mean elementary effect (mu), the mean of its size (mu_star) and its spread (sigma), a row a factor.

    `given`: the responses of one context, points in the design's own row order; `unit`: points x coordinates in the
    unit cube, in that order; `groups`: the factor, or the group, that each coordinate belongs to. An effect is the
    change of the outcome for a step over the whole range of a factor. For a group of coordinates that are moved
    together only sizes have a meaning. `floor` is what mu_star would stay below by luck alone 19 times of 20, and
    `above_luck` whether it does not; both are missing with one replication a point. Raises StudyError where the rows
    are no trajectories.
    """
    names = list(dict.fromkeys(groups))
    found = elementary_effects(given, unit, groups)
    single = np.array([list(groups).count(name) == 1 for name in names])
    effects = np.where(single, found.effects, np.abs(found.effects))
    trajectories = len(effects)
    mu, spread = effects.mean(axis=0), effects.std(axis=0, ddof=1)
    half = float(stdtrit(trajectories - 1, (1 + CONFIDENCE) / 2)) * spread / math.sqrt(trajectories)
    size, sigma = _limits(effects, np.random.default_rng(seed), resamples)
    table = pd.DataFrame({"factor": names, "mu": mu, "mu_low": mu - half, "mu_high": mu + half})
    table.loc[~single, ["mu", "mu_low", "mu_high"]] = np.nan
    table = table.assign(mu_star=np.abs(effects).mean(axis=0), mu_star_low=size[0], mu_star_high=size[1])
    table = table.assign(sigma=spread, sigma_low=sigma[0], sigma_high=sigma[1], **_luck(found, spread, given))
    table["above_luck"] = (table["mu_star"] > table["floor"]).where(table["floor"].notna())
    return table.assign(trajectories=trajectories).sort_values("mu_star", ascending=False, ignore_index=True)


def elementary_effects(given: Responses, unit: FloatArray, groups: Sequence[str]) -> Elementary:
    """Each trajectory's effect of each factor, found where the rows move."""
    names = list(dict.fromkeys(groups))
    length = len(names) + 1
    if len(unit) % length or len(unit) < 2 * length:
        raise StudyError(
            f"{len(unit)} points are no trajectories of {len(names)} factors: each has {length} points, and "
            "there have to be two of them."
        )
    moves = np.diff(unit.reshape(-1, length, unit.shape[1]), axis=1)
    moved = np.stack([(moves[..., _columns(groups, name)] != 0).any(axis=-1) for name in names], axis=-1)
    if (moved.sum(axis=-1) != 1).any() or (moved.sum(axis=1) != 1).any():
        raise StudyError(
            "The points are no Morris trajectories: each step has to move one factor, and each factor once."
        )
    which = moved.argmax(axis=-1)
    # A group moves all its coordinates by one step, up or down; its sign is that of the first.
    steps = np.take_along_axis(moves, np.array([_first(groups, name) for name in names])[which][..., None], axis=-1)
    rises = np.diff(given.means[0].reshape(-1, length), axis=1) / steps[..., 0]
    errors = _step_variance(given, length) / steps[..., 0] ** 2
    back = np.argsort(which, axis=1)
    return Elementary(np.take_along_axis(rises, back, axis=1), np.take_along_axis(errors, back, axis=1))


def _columns(groups: Sequence[str], name: str) -> list[int]:
    """The coordinates of a group."""
    return [column for column, group in enumerate(groups) if group == name]


def _first(groups: Sequence[str], name: str) -> int:
    """The first coordinate of a group."""
    return list(groups).index(name)


def _step_variance(given: Responses, length: int) -> FloatArray:
    """The variance that luck gives to each step, trajectories x steps; shared luck cancels as far as it is shared."""
    if given.luck == "common":
        steps = np.diff(given.scores[0].T.reshape(-1, length, given.scores.shape[1]), axis=1)
        return np.asarray((steps**2).sum(axis=-1))
    errors = given.errors()[0].reshape(-1, length)
    return np.asarray(errors[:, 1:] + errors[:, :-1])


def _limits(effects: FloatArray, rng: np.random.Generator, times: int) -> tuple[FloatArray, FloatArray]:
    """Percentile limits of the mean size and of the spread over resampled trajectories, limits x factors each."""
    rows = rng.integers(len(effects), size=(times, len(effects)))
    drawn = effects[rows]
    sizes, spreads = np.abs(drawn).mean(axis=1), drawn.std(axis=1, ddof=1)
    return np.quantile(sizes, (0.025, 0.975), axis=0), np.quantile(spreads, (0.025, 0.975), axis=0)


def _luck(found: Elementary, spread: FloatArray, given: Responses) -> dict[str, FloatArray | float]:
    """The spread without luck, and the mean size that luck alone would reach."""
    if not given.spread_is_known:
        return {"sigma_without_luck": np.nan, "floor": np.nan}
    luck, trajectories = found.luck.mean(axis=0), len(found.effects)
    # A mean of few sizes is skewed, which lifts its 95th percentile (Cornish and Fisher 1938); and luck is estimated.
    lifted = HIGH_DEVIATE + SKEWNESS_OF_A_SIZE / math.sqrt(trajectories) * (HIGH_DEVIATE**2 - 1) / 6
    freedom = trajectories * (float(given.counts.min()) - 1)
    spread_of_mean = (1 - MEAN_OF_A_SIZE**2) / trajectories + MEAN_OF_A_SIZE**2 / (2 * freedom)
    left = np.sqrt(np.maximum(spread**2 - luck, 0))
    floor = np.sqrt(luck) * (MEAN_OF_A_SIZE + lifted * math.sqrt(spread_of_mean))
    return {"sigma_without_luck": left, "floor": floor}
