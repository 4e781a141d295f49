"""Which option stands up in every context: regret across uncertainties, and how often an option is good enough.

Regret is what one forgoes by an option where another would have been best (Savage 1951). It is never below zero, so
luck raises it, most where options are close; limits are taken around what is left when that is taken out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from redesign_sim.study.analysis.responses import FloatArray, Responses, could_be_best
from redesign_sim.study.errors import StudyError
from redesign_sim.study.statistics import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

DRAWS = 1000
WITHIN_A_CONTEXT = 200
BAD_LUCK = 0.9


def regrets(means: FloatArray) -> FloatArray:
    """How far each option is behind the best of its context; `means`: contexts x options, more is better."""
    return np.asarray(means.max(axis=1, keepdims=True) - means)


def criteria(means: FloatArray, smallest: float) -> dict[str, FloatArray]:
    """What an option's regrets come to over contexts: largest, mean, 90th percentile, share nearly best."""
    found = regrets(means)
    return {
        "max_regret": found.max(axis=0),
        "mean_regret": found.mean(axis=0),
        "p90_regret": np.quantile(found, BAD_LUCK, axis=0),
        "near_best": (found <= smallest).mean(axis=0),
    }


def robustness(given: Responses, smallest: float, *, seed: int = 1, draws: int = DRAWS) -> pd.DataFrame:
    """Regret of every option over contexts, with 95 % limits, and the sets that may be the most robust ones.

    `given`: contexts x options, the same options in each. `near_best`: the share of contexts in which an option lies
    within the smallest difference of interest of the best; `may_be_best_share`: in which it cannot be told from the
    best. Limits are of the bootstrap over contexts and replications, with its bias removed (for the largest regret,
    which contexts that were not drawn could only raise, over replications alone). Raises StudyError for one context.
    """
    if given.contexts < 2:  # noqa: PLR2004  one context is no range of contexts
        raise StudyError("Robustness needs several contexts: sample the uncertainties, or name several cases.")
    rng = np.random.default_rng(seed)
    estimates, drawn = criteria(given.means, smallest), _drawn(given, smallest, rng, draws)
    table = pd.DataFrame({"option": range(given.means.shape[1]), "mean": given.means.mean(axis=0)})
    for name, estimate in estimates.items():
        low, high = _limits(estimate, drawn[name])
        table = table.assign(**{name: estimate, f"{name}_low": low, f"{name}_high": high})
    told = np.array([_cannot_be_told(each, given, rng) for each in range(given.contexts)])
    return table.assign(
        may_be_best_share=told.mean(axis=0),
        robust_by_mean=could_be_best(-estimates["mean_regret"], -drawn["mean_regret"]),
        robust_by_max=could_be_best(-estimates["max_regret"], -drawn["max_regret"]),
        contexts=given.contexts,
    ).sort_values("mean_regret", kind="stable", ignore_index=True)


def _drawn(given: Responses, smallest: float, rng: np.random.Generator, draws: int) -> Mapping[str, FloatArray]:
    """The criteria as other luck and other contexts might have had them, draws x options each."""
    found: dict[str, list[FloatArray]] = {}
    for means in given.drawn(draws, rng):
        rows = rng.integers(given.contexts, size=given.contexts)
        values = criteria(means[rows], smallest) | {"max_regret": criteria(means, smallest)["max_regret"]}
        for name, value in values.items():
            found.setdefault(name, []).append(value)
    return {name: np.array(values) for name, values in found.items()}


def _limits(estimate: FloatArray, drawn: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Limits of the bias-removed estimate, by the spread of the draws about their own mean; never below zero."""
    bias = drawn.mean(axis=0) - estimate
    low, high = np.quantile(drawn - 2 * bias, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2), axis=0)
    return np.maximum(low, 0), np.maximum(high, 0)


def _cannot_be_told(context: int, given: Responses, rng: np.random.Generator) -> Flags:
    """The options of one context that may be its best; all of them where nothing is known of luck."""
    if not (given.counts[context] > 1).all():
        return np.ones(given.means.shape[1], dtype=np.bool_)
    one = slice(context, context + 1)
    alone = Responses(given.means[one], given.scores[one], given.unseen[one], given.counts[one], given.luck)
    drawn = np.array([means[0] for means in alone.drawn(WITHIN_A_CONTEXT, rng)])
    return could_be_best(alone.means[0], drawn)
