"""What an answer is measured by: futures of it and of what it is compared with, under the same luck."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.scenario.comparing import differences
from redesign_sim.study.ensembles import simulate_ensemble
from redesign_sim.study.statistics import paired_difference, wilson
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.statistics import PairedDifference

FUTURES, SEED = 400, 1


class Finding(NamedTuple):
    """One thing that an exercise asks: what was measured, what was asked, and what to look at where it is not met."""

    measured: str
    asked: str
    met: bool
    next: str


def futures(case: Scenario) -> pd.DataFrame:
    """The futures by which a case is judged, the same luck for every case."""
    return simulate_ensemble(case, FUTURES, SEED)


def levers(start: Scenario, answer: Scenario) -> list[str]:
    """What an answer changes in the case that it starts from; a mix is one lever, and names and titles are none."""
    changed = (difference.path for difference in differences(start, answer) if not difference.only_words)
    return list(dict.fromkeys(re.sub(r"^leadership\.mix\..*", "leadership.mix", path) for path in changed))


class Pair(NamedTuple):
    """Futures of two cases under the same luck, and what the two are called."""

    before: pd.DataFrame
    after: pd.DataFrame
    first: str
    second: str

    def rises(self, outcome: str, by: float, look: str) -> Finding:
        """Asked: that an outcome is higher in the second, the whole interval by so much or more."""
        found = self._difference(outcome)
        asked = f"a rise of {by:g} or more, the whole interval of it"
        return Finding(self._said(outcome, found), asked, found.low >= by, look)

    def falls(self, outcome: str, by: float, look: str) -> Finding:
        """Asked: that an outcome is lower in the second, the whole interval by so much or more."""
        found = self._difference(outcome)
        asked = f"a fall of {by:g} or more, the whole interval of it"
        return Finding(self._said(outcome, found), asked, found.high <= -by, look)

    def keeps_up(self, outcome: str, within: float, look: str) -> Finding:
        """Asked: that the second does not fall behind by more than a little, the whole interval of it."""
        found = self._difference(outcome)
        asked = f"no more than {within:g} behind, the whole interval of it"
        return Finding(self._said(outcome, found), asked, found.low >= -within, look)

    def agrees(self, outcome: str, within: float, look: str) -> Finding:
        """Asked: that the two come to the same, the whole interval of their difference being small."""
        found = self._difference(outcome)
        asked = f"a difference of {within:g} at most, either way, the whole interval of it"
        return Finding(self._said(outcome, found), asked, -within <= found.low <= found.high <= within, look)

    def _difference(self, outcome: str) -> PairedDifference:
        """The second less the first, over the futures in which both have the outcome."""
        first, second = self.before[outcome], self.after[outcome]
        known = first.notna() & second.notna()
        return paired_difference(second[known].astype(float), first[known].astype(float))

    def _said(self, outcome: str, found: PairedDifference) -> str:
        """The two means and their difference with its interval, in a sentence."""
        means = f"{self.before[outcome].mean():.3f} in {self.first}, {self.after[outcome].mean():.3f} in {self.second}"
        interval = f"{found.estimate:+.3f} (95 % interval {found.low:+.3f} to {found.high:+.3f})"
        return f"{MEASURES[outcome].title}: {means}; {interval}, over {found.pairs} pairs of futures."


def ends_in(failure: str, runs: pd.DataFrame, least: float, look: str) -> Finding:
    """Asked: that a share of futures, the whole interval of it, ends in one way of failing."""
    many = int((runs["failure_mode"] == failure).sum())
    share = wilson(many, len(runs))
    interval = f"95 % interval {100 * share.low:.0f} to {100 * share.high:.0f} %"
    measured = f"{many} of {len(runs)} futures end in {failure} ({interval})."
    return Finding(measured, f"more than {100 * least:.0f} %, the whole interval of it", share.low > least, look)


def goes_on(outcome: str, runs: pd.DataFrame, least: float, look: str) -> Finding:
    """Asked: that something still happens, so often in a future on average."""
    mean = float(runs[outcome].mean())
    return Finding(f"{MEASURES[outcome].title}: {mean:.2f} a future.", f"{least:g} or more", mean >= least, look)
