"""What the runs say of an expectation: it holds, it is undetectable, or it is reversed.

With enough runs every interval leaves zero out, so zero decides nothing: the 95 % interval of an effect has to lie
beyond the smallest effect of interest, which was fixed before any run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from redesign_sim.evidence.claims import Combination
from redesign_sim.study.statistics import Interval, mean_interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redesign_sim.evidence.claims import Expectation, Expected, FloatArray, Sheets

Word = Literal["holds", "undetectable", "reversed", "above", "below"]
"""A verdict. Where nothing was expected either way, an effect is above zero, below it, or undetectable."""

THRESHOLDS = (0.0, 0.5, 1.0, 2.0)
"""Multiples of the smallest effect of interest at which a verdict is read as well."""

EDGE = 1e-3
"""How near to 0 and 1 a mean may come on the logit scale before nothing can be said on it."""


class Verdict(NamedTuple):
    """What came of an expectation: its effect with a 95 % interval, over so many replications.

    `at` has the word at each multiple of the smallest effect of interest (`THRESHOLDS`); `logit` is an interaction on
    the logit scale, where it can be had; `scale_dependent` whether its sign there is another.
    """

    word: Word
    estimate: float
    low: float
    high: float
    runs: int
    at: tuple[Word, ...]
    logit: Interval | None = None
    scale_dependent: bool = False


def judge(expectation: Expectation, sheets: Sheets) -> Verdict:
    """The verdict on an expectation from the runs of its conditions; nothing is known from fewer than two."""
    scores = expectation.effect.scores(sheets)
    known = scores[np.isfinite(scores)]
    found = mean_interval(known) if known.size else Interval(np.nan, -np.inf, np.inf)
    words = [word_for(found, expectation.expected, share * expectation.smallest) for share in THRESHOLDS]
    word = word_for(found, expectation.expected, expectation.smallest)
    logit = on_logits(expectation.effect, sheets) if _interacts(expectation) else None
    return Verdict(word, *found, int(known.size), tuple(words), logit, _scales_disagree(found, logit))


def word_for(found: Interval, expected: Expected, smallest: float) -> Word:
    """The word for an effect between its limits."""
    above, below = found.low > smallest, found.high < -smallest
    if expected == "nothing":
        inside = found.low > -smallest and found.high < smallest
        return "holds" if inside else "reversed" if above or below else "undetectable"
    if not (above or below):
        return "undetectable"
    if expected == "open":
        return "above" if above else "below"
    return "holds" if above == (expected == "more") else "reversed"


def together(words: Iterable[Word]) -> Literal["holds", "partly", "undetectable", "reversed"]:
    """The verdict on a claim from those on its tests: as good as the worst, with `partly` between.

    Reversed where any test is; holds where all do; partly where some do and none is reversed.
    """
    found = list(words)
    if "reversed" in found:
        return "reversed"
    holding = found.count("holds")
    if holding == len(found) and found:
        return "holds"
    return "partly" if holding else "undetectable"


def _interacts(expectation: Expectation) -> bool:
    return isinstance(expectation.effect, Combination) and expectation.effect.interacts


def on_logits(effect: object, sheets: Sheets) -> Interval | None:
    """A combination of the logits of means, with its interval by the delta method; None where a mean is at an end."""
    if not isinstance(effect, Combination):
        return None
    parts: list[FloatArray] = []
    for condition, weight in effect.weights:
        values = effect.values(sheets, condition)
        mean = float(np.nanmean(values))
        if not EDGE < mean < 1 - EDGE:
            return None
        parts.append(weight * (np.log(mean / (1 - mean)) + (values - mean) / (mean * (1 - mean))))
    scores = np.sum(parts, axis=0)
    return mean_interval(scores[np.isfinite(scores)])


def _scales_disagree(found: Interval, logit: Interval | None) -> bool:
    """Whether an interaction that can be told from zero has another sign on the logit scale."""
    told = found.low > 0 or found.high < 0
    return logit is not None and told and (logit.estimate > 0) != (found.estimate > 0)
