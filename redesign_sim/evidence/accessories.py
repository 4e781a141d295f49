"""Accessory assumptions: what a model must settle somehow and the study says nothing of.

In which order people act, who comes first where two are equal, which network of the same density, how long a step of
time is. Each is exchanged for a rival; an outcome *hangs on it* where it changes by more than anyone would care about,
and so does a claim whose verdict changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pandas as pd

from redesign_sim.evidence.altered import Alteration
from redesign_sim.evidence.claims import AS_IT_IS, Condition, Expectation, contrast
from redesign_sim.evidence.declared import sizes
from redesign_sim.evidence.paper import DECIDED_AGAIN
from redesign_sim.evidence.readings import OFF_MONTHS
from redesign_sim.evidence.verdicts import Verdict, judge
from redesign_sim.evidence.ways import Way, sheets_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from redesign_sim.evidence.claims import Sheets
    from redesign_sim.scenario import Scenario


# --- how a case is written down ---------------------------------------------------------------------------------------


def listed_backwards(case: Scenario) -> Scenario:
    """The same case with organisations, staff and interfaces listed from the end.

    Whatever goes to the lower number where two are equal now goes to the other; everyone's luck is dealt anew.
    """
    members = dict(list(case.organisations.members.items())[::-1])
    organisations = case.organisations.model_copy(update={"members": members})
    return case.model_copy(update={"organisations": organisations, "interfaces": case.interfaces[::-1]})


def in_steps_of(months: float) -> Callable[[Scenario], Scenario]:
    """The same case with steps of so many months, as far as a case and the rules' numbers can say it."""

    def written(case: Scenario) -> Scenario:
        parts: dict[str, Any] = {name: change(case, months) for name, change in STEPS.items()}
        return case.model_copy(update=parts)

    return written


def often(chance: float, months: float) -> float:
    """The chance in a step of so many months of what has this chance in one."""
    return float(1.0 - (1.0 - chance) ** months)


def step(month: float, months: float) -> int:
    """The step in which a month falls."""
    return 1 + int((month - 1) / months)


def _with(part: Any, **values: object) -> Any:  # noqa: ANN401  a part of a scenario
    """A part with some of its values replaced, also beyond the range that a case may state."""
    return part.model_copy(update=values)


def _behaviour(case: Scenario, months: float) -> Any:  # noqa: ANN401
    now: Any = case.behaviour
    return _with(
        now,
        encounters=now.encounters * months,
        time_cost=now.time_cost * months,
        taking_stock=often(now.taking_stock, months),
        linking=often(now.linking, months),
        pace=often(now.pace, months),
        pressure=now.pressure / months,
        erosion_half_life=now.erosion_half_life / months,
        national_effort=now.national_effort / months,
    )


def _strategies(case: Scenario, months: float) -> Any:  # noqa: ANN401
    return tuple(
        _with(each, month=step(each.month, months), half_life_months=each.half_life_months / months)
        for each in case.strategies
    )


def _turbulence(case: Scenario, months: float) -> Any:  # noqa: ANN401
    now = case.turbulence
    return _with(
        now,
        local_per_year=12.0 * often(now.local_per_year / 12.0, months),
        national_per_year=12.0 * often(now.national_per_year / 12.0, months),
        local_months=now.local_months / months,
        national_months=now.national_months / months,
        events=tuple(_with(each, month=step(each.month, months)) for each in now.events),
    )


def _network(case: Scenario, months: float) -> Any:  # noqa: ANN401
    strength = often(case.network.strength, months)
    return _with(case.network, strength=strength, from_month=step(case.network.from_month, months))


def _negotiation(case: Scenario, months: float) -> Any:  # noqa: ANN401
    now = case.negotiation
    return _with(now, attention=now.attention * months, patience_months=max(1, round(now.patience_months / months)))


STEPS: dict[str, Callable[[Scenario, float], Any]] = {
    "horizon_months": lambda case, months: round(case.horizon_months / months),
    "behaviour": _behaviour,
    "strategies": _strategies,
    "turbulence": _turbulence,
    "network": _network,
    "negotiation": _negotiation,
}
"""What of a case is said per month, and how it is said per step."""

NOT_CARRIED_OVER = (
    "a proposal comes to decision once a step, and needs a hearing first (D1, D8)",
    "whether a clinician has access to decision-makers, and leave, holds for a step (N4, I14)",
    "what counts as hardly any movement in a step stays a hundredth of what is left (P9)",
    "half of the pressure at an interface goes with each step in which something moves there (M1)",
    "the stages of a step follow each other in the same order, so that a change is felt by others a step later",
)
"""What is said per month inside rules and stays per step: it cannot be carried over to another step of time."""


# --- what is exchanged ------------------------------------------------------------------------------------------------


class Accessory(NamedTuple):
    """An accessory assumption, the rival that takes its place, and how a case is run under the rival."""

    id: str
    assumed: str
    rival: str
    way: Way
    other_steps: bool = False


ACCESSORIES: dict[str, Accessory] = {
    accessory.id: accessory
    for accessory in (
        Accessory(
            "fixed_order",
            "order of activation: drawn anew every month",
            "in the order of the case file",
            Way(Alteration.FIXED_ORDER),
        ),
        Accessory(
            "reverse_order",
            "order of activation: drawn anew every month",
            "in the reverse order of the case file",
            Way(Alteration.REVERSE_ORDER),
        ),
        Accessory(
            "listed_backwards",
            "where two are equal the one listed first comes first",
            "the one listed last comes first",
            Way(written=listed_backwards),
        ),
        Accessory(
            "clustered_ties",
            "ties are drawn pair by pair",
            "acquaintances of acquaintances know one another more often, at the same density for each kind of pair",
            Way(Alteration.TIES_CLUSTERED),
        ),
        Accessory(
            "even_ties",
            "some people stand at the centre of the web",
            "nobody does, at the same density for each kind of pair",
            Way(Alteration.TIES_EVEN),
        ),
        Accessory(
            "rewired_ties",
            "ties are drawn pair by pair",
            "rewired, with as many of each kind for everyone",
            Way(Alteration.TIES_REWIRED_ALIKE),
        ),
        Accessory(
            "two_months",
            "a step is a month",
            "a step is two months",
            Way(written=in_steps_of(2.0)),
            other_steps=True,
        ),
        Accessory(
            "half_months",
            "a step is a month",
            "a step is half a month",
            Way(written=in_steps_of(0.5)),
            other_steps=True,
        ),
    )
}
"""Each accessory assumption with a rival."""

RIVAL = Condition("the rival")

WATCHED = {
    "integration_gain": sizes.GAIN,
    "integrated": sizes.SHARE,
    "local_improvement": sizes.GAIN,
    "access_improvement": sizes.GAIN,
    "follower_trust": sizes.GAIN,
    "clinician_support": sizes.SHARE,
    "manager_support": sizes.SHARE,
    "own_say": sizes.SHARE,
    "redesigns_imposed": sizes.IMPOSED,
}
"""The outcomes that an accessory assumption must leave alone, and by how much they may change."""


Word = Literal["yes", "no", "cannot be told"]
WORDS: dict[str, Word] = {"holds": "no", "reversed": "yes", "undetectable": "cannot be told"}


def apart(one: Verdict, other: Verdict) -> bool:
    """Whether two effects lie outside each other's interval."""
    return not (one.low <= other.estimate <= one.high or other.low <= one.estimate <= other.high)


class Hangs(NamedTuple):
    """What an accessory assumption does to an outcome in a case, or to a claim's test."""

    accessory: str
    case: str
    what: str
    verdict: Verdict
    ordinary: Verdict | None = None

    @property
    def word(self) -> Word:
        """Whether it hangs on the assumption.

        A claim's test does where its verdict is another and the two effects lie outside each other's interval; where
        the verdict is another and they do not, it cannot be told.
        """
        if self.ordinary is None:
            return WORDS[self.verdict.word]
        if self.verdict.word == self.ordinary.word:
            return "no"
        return "yes" if apart(self.verdict, self.ordinary) else "cannot be told"


def equivalence(reading: str) -> Expectation:
    """That an outcome is the same under the rival, within what anyone would care about."""
    says = f"{reading} is the same"
    return Expectation(f"same.{reading}", says, contrast(RIVAL, AS_IT_IS, reading), "nothing", WATCHED[reading])


def outcomes_under(
    accessory: Accessory, case: Scenario, replications: range, seed: int, ordinary: pd.DataFrame
) -> list[Hangs]:
    """What the rival does to each outcome that is watched, run by run, beside the ordinary runs."""
    sheets: Sheets = {
        AS_IT_IS.name: ordinary,
        RIVAL.name: accessory.way(case, replications, seed, list(WATCHED)),
    }
    return [Hangs(accessory.id, case.name, reading, judge(equivalence(reading), sheets)) for reading in WATCHED]


def runnable(tests: Iterable[Expectation], case: str) -> list[Expectation]:
    """The tests of claims that are tried in a case and read nothing off proposals decided again on paper."""
    return [each for each in tests if case in each.cases and DECIDED_AGAIN not in each.effect.readings]


def claims_under(
    accessory: Accessory, tests: Sequence[Expectation], case: Scenario, replications: range, seed: int, ordinary: Sheets
) -> list[Hangs]:
    """What the rival does to the verdicts of claims' tests in a case, beside their ordinary runs."""
    here = [each for each in tests if not (accessory.other_steps and counts_months(each))]
    rival = sheets_in(case, here, replications, seed, lambda _: accessory.way)
    return [Hangs(accessory.id, case.name, each.id, judge(each, rival), judge(each, ordinary)) for each in here]


def counts_months(test: Expectation) -> bool:
    """Whether a test reads something off single months, or in months, which steps of another length do not have."""
    return any(reading in OFF_MONTHS or reading.startswith("months_to_") for reading in test.effect.readings)


def table_of(found: Iterable[Hangs]) -> pd.DataFrame:
    """What hangs on which assumption, a row each."""
    rows = [
        {
            "accessory": each.accessory,
            "case": each.case,
            "what": each.what,
            "hangs": each.word,
            "estimate": each.verdict.estimate,
            "low": each.verdict.low,
            "high": each.verdict.high,
            "ordinary": each.ordinary.word if each.ordinary else "",
            "under_rival": each.verdict.word if each.ordinary else "",
        }
        for each in found
    ]
    return pd.DataFrame(rows)
