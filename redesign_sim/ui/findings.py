"""What futures say, in sentences: a share with its spread, and the difference from the pinned baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.study.statistics import (
    SMALLEST_SHARE,
    PairedDifference,
    mean_interval,
    paired_difference,
    wilson,
)

if TYPE_CHECKING:
    from redesign_sim.study.statistics import Weight
    from redesign_sim.ui.ensembles import Ensemble


ONE_IN_HUNDRED = 0.01

TOLD: dict[Weight, str] = {
    "untold": "it may be luck alone",
    "told": "more than luck",
    "small": "more than luck, but too little to matter",
    "doubtful": "more than luck, but perhaps not enough to matter",
    "large": "more than luck, and enough to matter",
}
"""What a difference weighs, in the words of a room."""


class Headline(NamedTuple):
    """What is said in large letters, how it differs from the baseline, and what stands in small letters below."""

    large: str
    difference: str
    small: str


def headline(now: Ensemble, baseline: Ensemble | None) -> Headline:
    """How many futures integrate, and whether that differs from the baseline's under the same luck."""
    share = wilson(int(now.outcome("integrated").sum()), now.runs)
    index = mean_interval(now.outcome("integration_index"))
    large = f"In {100 * share.estimate:.0f} of 100 futures services integrate"
    of = f"{_range(share.estimate, share.low, share.high)} of {now.runs:,} futures"
    ends = _range(index.estimate, index.low, index.high, 1)
    if baseline is None:
        return Headline(large, "", _ending(of, ends))
    return Headline(large, share_difference(now, baseline), _ending(of, ends, _index_difference(now, baseline)))


def longest() -> Headline:
    """About as long as they can get: a page keeps room for that, so that nothing on it jumps as they change."""
    told = max(TOLD.values(), key=len)
    ends = _ending("100 % (95 to 99) of 1,000 futures", "30.0 % (30.0 to 30.0)", _in_points("+10.0", "+10.0 to +10.0"))
    return Headline("", _in_hundred("100", "fewer", "95 to 100", told), ends)


def share_difference(now: Ensemble, baseline: Ensemble) -> str:
    """The difference in the share of futures that integrate, in words."""
    paired = _paired(now, baseline, "integrated")
    if not paired.estimate and not paired.told_from_zero:
        return "Just as many as in the pinned baseline."
    fewer = paired.estimate < 0
    low, high = (-paired.high, -paired.low) if fewer else (paired.low, paired.high)
    between = f"{_limit(low, paired)} to {_limit(high, paired)}"
    told = TOLD[paired.weight(SMALLEST_SHARE)]
    if abs(paired.estimate) < ONE_IN_HUNDRED / 2:
        return f"As many as in the pinned baseline, give or take ({between} in 100): {told}."
    return _in_hundred(_points(abs(paired.estimate)), "fewer" if fewer else "more", between, told)


def _limit(limit: float, paired: PairedDifference) -> str:
    """A limit in hundredths; not rounded onto a zero from which the difference can be told."""
    rounded = _points(limit)
    return f"{100 * limit:.1f}" if rounded == "0" and paired.told_from_zero else rounded


def _in_hundred(number: str, way: str, between: str, told: str) -> str:
    return f"{number} {way} in 100 than in the pinned baseline ({between}): {told}."


def _paired(now: Ensemble, baseline: Ensemble, name: str) -> PairedDifference:
    """The difference over the futures that both have, under the same luck."""
    pairs = min(now.runs, baseline.runs)
    return paired_difference(now.outcome(name)[:pairs], baseline.outcome(name)[:pairs])


def _index_difference(now: Ensemble, baseline: Ensemble) -> str:
    paired = _paired(now, baseline, "integration_index")
    return _in_points(_signed(paired.estimate), f"{_signed(paired.low)} to {_signed(paired.high)}")


def _in_points(number: str, limits: str) -> str:
    return f", {number} points against the baseline ({limits})"


def _ending(of: str, ends: str, difference: str = "") -> str:
    return f"{of}. On average care ends {ends} joined up{difference}."


def _range(estimate: float, low: float, high: float, places: int = 0) -> str:
    """`34 % (31 to 37)`."""
    return f"{100 * estimate:.{places}f} % ({100 * low:.{places}f} to {100 * high:.{places}f})"


def _points(share: float) -> str:
    """A share in hundredths, to a whole one, with a true minus."""
    return f"{100 * share:.0f}".replace("-0", "0").replace("-", "−")


def _signed(share: float) -> str:
    """A difference in hundredths to one place, with its sign."""
    text = f"{100 * share:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", "−")
