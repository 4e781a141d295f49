"""What claims read off a run: its outcomes, what is left in its state on the last day, and counts within months.

Outcomes are the columns of every ensemble. What is read off the state (the focal clinician, leads' ties) or within
months (starts after a strategy) is defined here, once, each with its unit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from redesign_sim.engine.replications import (
    TooManyProposals,
    bytes_of,
    keys_of,
    no_index,
    replicate,
    run_courses,
    run_ensemble,
    template_of,
)
from redesign_sim.evidence.paper import DECIDED_AGAIN, decided_again
from redesign_sim.happenings import Event
from redesign_sim.roles import Failure, OrganisationKind, Practice, Stage
from redesign_sim.world.building import build
from redesign_sim.world.measures import MEASURES
from redesign_sim.world.records import copy_of
from redesign_sim.world.tables import outcomes_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.records import State

WINDOW = 12
"""Months over which starts are counted: soon after a strategy, and late, when it has faded for two years."""

LATE = 24
"""Months after a strategy from which its late window runs."""

EVENTS = 20_000
"""Room for what happens in a run, where a reading asks for it: several times what the busiest cases need."""

SEEN = 24
"""How many months an onlooker has watched."""


class OffState(NamedTuple):
    """A reading of the last day's state; `off_events`: of all that happened until then."""

    definition: str
    unit: str
    read: Callable[[State], float]
    off_events: bool = False


class OffMonths(NamedTuple):
    """A reading of courses: of which, and how, given the case."""

    definition: str
    unit: str
    courses: tuple[str, ...]
    read: Callable[[pd.DataFrame, Scenario], float]


class OffOutcomes(NamedTuple):
    """A reading of the outcomes of a run, taken together."""

    definition: str
    unit: str
    read: Callable[[pd.DataFrame], pd.Series[float]]


def _focal(state: State) -> int:
    """The focal clinician's number; -1 where the case has none."""
    return int(state.case[0]["focal"])


def _focal_trust(state: State) -> float:
    """Mean trust in the focal clinician of those who know them."""
    focal = _focal(state)
    known = state.ties[:, focal] == 1
    return float(state.trust[known, focal].mean()) if known.any() else math.nan


def _focal_number(name: str) -> Callable[[State], float]:
    return lambda state: float(state.people[name][_focal(state)])


def _ties_gap(state: State) -> float:
    """Ties elsewhere that leads of completed cross-boundary redesigns had before them, less those of failed ones."""
    put = state.proposals[: int(state.scene[0]["proposals"])]
    # What has narrowed to one organisation since was put forward across a boundary all the same: a tariff was asked.
    across = (put["imposed"] == 0) & ((put["breadth"] > 1) | (put["asked"][:, Practice.TARIFF] > 0))
    done = across & (put["stage"] == Stage.COMPLETED)
    failed = across & np.isin(put["stage"], (Stage.REFUSED, Stage.STALLED))
    if not (done.any() and failed.any()):
        return math.nan
    return float(put["lead_ties"][done].mean() - put["lead_ties"][failed].mean())


def _closeness(state: State) -> float:
    """How far packages put forward since the last strategy overlap with its emphasis on practices."""
    last = int(state.scene[0]["strategies"]) - 1
    if last < 0:
        return math.nan
    put = state.proposals[: int(state.scene[0]["proposals"])]
    since = put[(put["imposed"] == 0) & (put["started"] >= state.strategies["month"][last])]
    asked = since["asked"][since["asked"].sum(axis=1) > 0]
    if not len(asked):
        return math.nan
    profiles = asked / asked.sum(axis=1, keepdims=True)
    return float(np.minimum(profiles, state.emphasis[last]).sum(axis=1).mean())


def _happened(event: Event) -> Callable[[State], float]:
    """How often something happened in a run; missing where more happened than there was room to note."""

    def read(state: State) -> float:
        noted = int(state.scene[0]["events"])
        return float((state.event_codes[:noted, 1] == event).sum()) if noted <= len(state.event_codes) else math.nan

    return read


OUTER = (OrganisationKind.LOCAL_AUTHORITY, OrganisationKind.THIRD_SECTOR, OrganisationKind.INDEPENDENT)
"""Kinds of organisations that a network may leave out."""


def _outer_gain(state: State) -> float:
    """The gain in integration at the interfaces of those whom a network may leave out, by their traffic."""
    faces, kinds = state.interfaces, state.organisations["kind"]
    outer = np.isin(kinds[faces["first"]], OUTER) | np.isin(kinds[faces["second"]], OUTER)
    if not outer.any():
        return math.nan
    gains = faces["integration"][outer] - faces["start"][outer]
    return float(np.average(gains, weights=faces["traffic"][outer]))


def _starts_between(first: int, months: int) -> Callable[[pd.DataFrame, Scenario], float]:
    """Cross-boundary starts per hundred person-years at risk, from so many months after the last strategy on."""

    def read(courses: pd.DataFrame, case: Scenario) -> float:
        published = max((strategy.month for strategy in case.strategies), default=1) + first
        begun = courses["cross_boundary_started"].to_numpy(float)
        end = min(published + months - 1, len(begun) - 1)
        at_risk = courses["at_risk"].to_numpy(float)[published - 1 : end].sum()
        starts = begun[end] - begun[published - 1]
        return float(100 * 12 * starts / at_risk) if at_risk > 0 else math.nan

    return read


def _starts_fading(courses: pd.DataFrame, case: Scenario) -> float:
    """Starts soon after the strategy less those two years later."""
    return _starts_between(0, WINDOW)(courses, case) - _starts_between(LATE, WINDOW)(courses, case)


def _by_month(name: str) -> Callable[[pd.DataFrame, Scenario], float]:
    return lambda courses, _: float(courses[name].iloc[SEEN])


def _failed_by(mode: Failure) -> Callable[[pd.DataFrame], pd.Series[float]]:
    return lambda outcomes: (outcomes["failure_mode"] == mode.name.lower()).astype(float)


def _not_started_less_stalemate(outcomes: pd.DataFrame) -> pd.Series[float]:
    return _failed_by(Failure.NOT_STARTED)(outcomes) - _failed_by(Failure.STALEMATE)(outcomes)


OFF_STATE: dict[str, OffState] = {
    "focal_trust": OffState(
        "mean trust in the focal clinician, at the end, of those who know them", "0–1", _focal_trust
    ),
    "focal_local_led": OffState(
        "mean depth of what the focal clinician led into practice within one organisation, summed",
        "depth",
        _focal_number("local_led"),
    ),
    "focal_depth_led": OffState(
        "mean depth of all that the focal clinician led into practice, summed", "depth", _focal_number("depth_led")
    ),
    "focal_started": OffState("redesigns that the focal clinician put forward", "proposals", _focal_number("started")),
    "lead_ties_gap": OffState(
        "ties elsewhere that leads of completed cross-boundary redesigns had when they began, less those of failed "
        "ones, the means within a run; missing where there were not both",
        "people",
        _ties_gap,
    ),
    "closeness_put_forward": OffState(
        "how far the packages put forward since the last strategy overlap with its emphasis on practices, on average",
        "0–1",
        _closeness,
    ),
    "outer_gain": OffState(
        "gain in integration at the interfaces of social care, the third sector and independent providers, by traffic",
        "0–1",
        _outer_gain,
    ),
    "redrawn_by_leads": OffState(
        "times that a lead went on without an organisation of which somebody refused and nobody was on board (N29)",
        "times",
        _happened(Event.RESCOPED),
        off_events=True,
    ),
    "left_out_by_decision": OffState(
        "times that an organisation which granted nothing was left out because others decide over it (D13)",
        "times",
        _happened(Event.LEFT_OUT),
        off_events=True,
    ),
}
"""What is read off the state of the last day."""

OFF_MONTHS: dict[str, OffMonths] = {
    "starts_soon": OffMonths(
        f"cross-boundary proposals started per hundred person-years at risk, in the {WINDOW} months from the last "
        "strategy's publication on",
        "per 100 person-years",
        ("cross_boundary_started", "at_risk"),
        _starts_between(0, WINDOW),
    ),
    "starts_late": OffMonths(
        f"the same in the {WINDOW} months that begin {LATE} months after it",
        "per 100 person-years",
        ("cross_boundary_started", "at_risk"),
        _starts_between(LATE, WINDOW),
    ),
    "starts_soon_less_late": OffMonths(
        "the former less the latter",
        "per 100 person-years",
        ("cross_boundary_started", "at_risk"),
        _starts_fading,
    ),
    "activity_seen": OffMonths(
        f"all activity of the first {SEEN} months", "activity", ("activity",), _by_month("activity")
    ),
    "redesign_seen": OffMonths(
        f"redesign activity of the first {SEEN} months",
        "proposal months",
        ("redesign_activity",),
        _by_month("redesign_activity"),
    ),
}
"""What is read off the course of a run."""

OFF_OUTCOMES: dict[str, OffOutcomes] = {
    "not_started": OffOutcomes(
        "whether nobody ever started across a boundary", "yes or no", _failed_by(Failure.NOT_STARTED)
    ),
    "stalemate": OffOutcomes("whether it failed by stalemate", "yes or no", _failed_by(Failure.STALEMATE)),
    "not_started_less_stalemate": OffOutcomes(
        "1 where nobody ever started, -1 where it failed by stalemate, 0 else", "share", _not_started_less_stalemate
    ),
}
"""What is made of a run's outcomes."""


def compiled(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
    """Replications by the compiled engine on one thread, with the readings wanted. Raises `TooManyProposals`."""
    courses = sorted({course for name in wanted if name in OFF_MONTHS for course in OFF_MONTHS[name].courses})
    off_state = [name for name in wanted if name in OFF_STATE]
    months = run_courses(scenario, replications, seed, courses, threads=1)[1] if courses else pd.DataFrame()
    if off_state:
        outcomes, held = last_days(scenario, replications, seed, off_state)
    else:
        outcomes, held = run_ensemble(scenario, replications, seed, threads=1), pd.DataFrame()
    if DECIDED_AGAIN in wanted:
        held[DECIDED_AGAIN] = decided_again(scenario, replications, seed)
    columns = {name: column(name, outcomes, months, held, scenario) for name in wanted}
    return pd.DataFrame({"replication": outcomes["replication"], **columns})


def column(
    name: str, outcomes: pd.DataFrame, months: pd.DataFrame, held: pd.DataFrame, case: Scenario
) -> pd.Series[float]:
    """A reading of every replication."""
    if name in MEASURES:
        return outcomes[name].astype(float)
    if name in OFF_OUTCOMES:
        return OFF_OUTCOMES[name].read(outcomes)
    if name in OFF_STATE or name == DECIDED_AGAIN:
        return held[name]
    reading = OFF_MONTHS[name]
    runs = [reading.read(course, case) for _, course in months.groupby("replication", sort=True)]
    return pd.Series(runs, index=outcomes.index)


def state_before(scenario: Scenario, wanted: Sequence[str]) -> State:
    """The state before the first day, with room for events where one of these readings of the state asks for them."""
    if any(OFF_STATE[name].off_events for name in wanted):
        return build(scenario, event_slots=EVENTS).state
    return template_of(scenario).state


def last_days(
    scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outcomes, and readings of the state in which each replication ends.

    The engine runs one at a time and leaves its last day where it worked. Raises `TooManyProposals`.
    """
    start = state_before(scenario, wanted)
    work = copy_of(start)
    outcomes, turned_away = np.zeros((len(replications), len(MEASURES))), np.zeros(1, np.int64)
    rows = []
    for row, key in enumerate(keys_of(seed, replications)):
        here = outcomes[row : row + 1]
        replicate(work, bytes_of(work), bytes_of(start), key[None, :], here, turned_away, no_index(1))
        if turned_away[0]:
            raise TooManyProposals(f"{scenario.name}, seed {seed}, replication {replications[row]}: no room left")
        rows.append({name: OFF_STATE[name].read(work) for name in wanted})
    return outcomes_table(outcomes, replications), pd.DataFrame(rows, columns=list(wanted))
