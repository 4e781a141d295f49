"""What a session looks at: a case, the levers moved, and nothing else that bears on results."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from redesign_sim.scenario import Scenario, ScenarioError, load_scenario, override, parse_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STYLES = ("passive", "localised", "lacking_followers", "high_impact")
MIX_PATHS = tuple(f"leadership.mix.{style}" for style in STYLES)
TOKEN = re.compile(r"[^.\[\]]+")
FIRST_CASE = "dementia_london"
SHARE_PARTS = 20
"""Parts of the whole that shares of leadership are moved by."""
EDITED = "your case"
"""What an edited file is called in messages."""

NO_PLACE = (ScenarioError, TypeError, ValueError, ArithmeticError)
"""What comes of moving something to where a browser says, and there is no such place."""

Changes = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that a room may move: where it acts, in plain words what it is and what its two ends mean."""

    key: str
    path: str
    title: str
    low_words: str
    high_words: str
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05

    def within(self, case: Scenario) -> Lever:
        """This lever in a case: the months of one end with it."""
        return replace(self, high=case.horizon_months) if self.path.endswith(".month") else self

    @property
    def steps(self) -> list[float]:
        """Where it can stand, from the low end on."""
        last = round((self.high - self.low) / self.step)
        return [round(self.low + number * self.step, 6) for number in range(last + 1)]

    def values_at(self, place: Any) -> dict[str, float]:  # noqa: ANN401  whatever a browser sends
        """What is set where a browser says that it stands; that need be no step, for what a case states may be none.

        Raises TypeError or ValueError where it is no place between the ends.
        """
        if type(place) not in {int, float}:
            raise TypeError("a lever stands at a number")
        if not self.low <= place <= self.high:
            raise ValueError("a lever stands between its ends")
        return {self.path: place}


LEVERS = (
    Lever(
        "strategy",
        "strategies[0].strength",
        "How hard national strategy pushes",
        "a document nobody heeds",
        "money and a managed target",
    ),
    Lever("network", "network.strength", "A network across organisations", "none", "meets often, all take part"),
    Lever("projects", "planning.capacity", "Project staff to plan and carry out", "leads' own time only", "ample"),
    Lever(
        "persuasion", "persuasion.strength", "Going to colleagues and persuading", "nobody does", "all who would, do"
    ),
    Lever(
        "heard",
        "organisations.clinical_inclusion",
        "Clinicians heard where managers decide",
        "none of them",
        "all of them",
    ),
    Lever(
        "closed",
        "organisations.compartmentalisation",
        "People keep to their own clinic",
        "everyone knows everyone's work",
        "closed clinics",
    ),
)
"""The levers beside the leadership mix: seven in all, as many as a room can hold in mind."""

MONTH = Lever("month", "strategies[0].month", "When national strategy arrives", "", "", 1, 72, 1)
CLINICAL = Lever(
    "input", "strategies[0].clinical_input", "Clinicians' hand in the strategy", "written without", "written by them"
)
ADJUSTABLE = {lever.key: lever for lever in (*LEVERS, MONTH, CLINICAL)}
"""Everything beside the mix that the page itself can move, by its short name in links."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A case as a session has it: a shipped scenario or an edited text, and the values changed since, by dotted path.

    `case()` raises ScenarioError where text and changes do not fit; whatever the page itself sets always fits.
    """

    scenario: str = FIRST_CASE
    text: str = ""
    changes: Changes = ()

    def original(self) -> Scenario:
        """The case before any lever was moved."""
        return _read(self.scenario, self.text)

    def case(self) -> Scenario:
        """The case with the levers as they stand."""
        return _changed(self)

    def value(self, path: str) -> float:
        """What a dotted path holds now."""
        return reading(self.case(), path)

    def with_values(self, values: Mapping[str, float]) -> Setup:
        """This setup with values set; one set back to what the case states is no longer a change."""
        case = self.original()
        merged = {**dict(self.changes), **values}
        own = _whole_mix(case, {path: value for path, value in merged.items() if value != reading(case, path)}, merged)
        return replace(self, changes=tuple(sorted(own.items())))

    def without(self, paths: Iterable[str]) -> Setup:
        """This setup with some values back where the case states them."""
        gone = set(paths)
        return replace(self, changes=tuple((path, value) for path, value in self.changes if path not in gone))

    @property
    def mix(self) -> tuple[float, float, float, float] | None:
        """The shares of the four leadership types, or None in a case that states distributions instead."""
        mix = self.case().leadership.mix
        return None if mix is None else (mix.passive, mix.localised, mix.lacking_followers, mix.high_impact)

    def levers(self) -> tuple[Lever, ...]:
        """The levers that act on this case."""
        return tuple(lever for lever in LEVERS if can_move(self.original(), lever))


def can_move(case: Scenario, lever: Lever) -> bool:
    """Whether a case has what a lever moves: one without a national strategy has no strategy to push."""
    return bool(case.strategies) or not lever.path.startswith("strategies")


def reading(case: Scenario, path: str) -> float:
    """The number that stands at a dotted path of a case. Raises ScenarioError or LookupError where there is none."""
    found: object = case
    for token in TOKEN.findall(path):
        found = found[int(token)] if isinstance(found, tuple) else getattr(found, token)
    return float(found)  # type: ignore[arg-type]  # the page's own paths lead to numbers


def mix_values(shares: Iterable[float]) -> dict[str, float]:
    """What the levers of the mix stand at for four shares, passive first; they are made to sum to one.

    Shares that a browser added up, and the same ones written down, give the same values to the last bit; one that came
    out below zero by as little is zero, without a sign.
    """
    given = tuple(round(share, 6) + 0.0 for share in shares)
    total = 1.0 if math.isclose(sum(given), 1.0) else sum(given)
    return {path: share / total for path, share in zip(MIX_PATHS, given, strict=True)}


def _whole_mix(case: Scenario, own: dict[str, float], merged: Mapping[str, float]) -> dict[str, float]:
    """The four shares go together: where one differs all four are stated."""
    if not any(path in own for path in MIX_PATHS):
        return own
    return {**own, **{path: merged.get(path, reading(case, path)) for path in MIX_PATHS}}


@lru_cache(maxsize=64)
def _read(scenario: str, text: str) -> Scenario:
    return parse_scenario(text, EDITED) if text else load_scenario(scenario)


@lru_cache(maxsize=256)
def _changed(setup: Setup) -> Scenario:
    case = setup.original()
    return override(case, dict(setup.changes)) if setup.changes else case


def fits(setup: Setup) -> bool:
    """Whether a setup describes a case that can be run."""
    try:
        setup.case()
    except (ScenarioError, AttributeError, IndexError):
        return False
    return True
