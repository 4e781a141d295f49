"""From a scenario to the state in which every replication begins: posts, places, tables, and the case's own numbers."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import betaincinv

from redesign_sim.draws import ROOM
from redesign_sim.roles import PRACTICES, DecisionRule, OrganisationKind, Practice, Profession, Role, Switch
from redesign_sim.rules import PARAMETERS
from redesign_sim.world.founding import FORMAL_ROLE
from redesign_sim.world.measures import MEASURES
from redesign_sim.world.owners import Locality, Owner, locality_of
from redesign_sim.world.records import DTYPES, KINDS, State, blank_records

if TYPE_CHECKING:
    import numpy.typing as npt

    from redesign_sim.scenario import Scenario

DIGITS = 12
"""Digits kept of what comes from exp, log and the like, whose last ones differ from one processor to another."""

POINTS = 129
"""How many points a tabulated distribution has."""

MOST_SLOTS = 4096
"""How many proposals the longest run of the largest case has room for."""

CONTROLS: dict[Profession, tuple[float, float, float, float, float]] = {
    Profession.CONSULTANT: (0.4, 0.0, 0.0, 0.0, 0.6),
    Profession.JUNIOR_DOCTOR: (0.3, 0.0, 0.0, 0.0, 0.7),
    Profession.NURSE: (0.4, 0.0, 0.0, 0.0, 0.6),
    Profession.ALLIED: (0.3, 0.0, 0.0, 0.0, 0.7),
    Profession.GP: (0.6, 0.0, 0.0, 0.0, 0.4),
    Profession.SOCIAL_WORKER: (0.5, 0.0, 0.0, 0.0, 0.5),
    Profession.VOLUNTARY_WORKER: (0.5, 0.0, 0.0, 0.0, 0.5),
    Profession.CARE_WORKER: (0.5, 0.0, 0.0, 0.0, 0.5),
}
"""Which share of a clinician's own work each practice is (order of `roles.Practice`): clinic organisation and
roles only.
"""

HEADS_CONTROL: dict[Role, tuple[float, float, float, float, float]] = {
    Role.MANAGER: (0.2, 0.4, 0.4, 0.0, 0.0),
    Role.EXECUTIVE: (0.3, 0.1, 0.2, 0.2, 0.2),
    Role.COMMISSIONER: (0.0, 0.0, 0.0, 1.0, 0.0),
}
"""The same for service managers, executives and commissioners: what a package takes from whom."""


class Post(NamedTuple):
    """A person's place before the first day."""

    role: Role
    profession: Profession
    organisation: int


class Labels(NamedTuple):
    """The words behind the numbers of a world, for tables and histories."""

    people: tuple[str, ...]
    organisations: tuple[str, ...]
    interfaces: tuple[str, ...]
    strategies: tuple[str, ...]
    events: tuple[str, ...]


class Template(NamedTuple):
    """The state before the first day, and the words behind its numbers."""

    state: State
    labels: Labels
    locality: Locality


def build(scenario: Scenario, *, event_slots: int = 0) -> Template:
    """The state before the first day of a scenario, with room for so many events (none for ensembles)."""
    locality = locality_of(scenario)
    posts = _posts(locality)
    counts = _Counts(
        len(posts),
        len(locality.owners),
        len(locality.crossings),
        len(scenario.strategies),
        room_for_proposals(len(posts), scenario.horizon_months),
        max(1, len(scenario.turbulence.events)),
    )
    state = _blank(counts, locality, event_slots)
    _fill_organisations(state, scenario, locality, posts)
    _fill_people(state, scenario, posts)
    _fill_interfaces(state, locality)
    _fill_strategies(state, scenario, locality)
    _fill_practices(state, scenario)
    _fill_reorganisations(state, scenario, locality)
    _fill_quantiles(state, scenario)
    _fill_journeys(state, locality)
    _fill_scene(state, counts)
    _fill_case(state, scenario, locality)
    for name in PARAMETERS:
        state.behaviour[name] = getattr(scenario.behaviour, name)
    for name, setting in scenario.mechanisms.model_dump().items():
        state.mechanisms[name] = Switch[setting.upper()]
    return Template(state, _labels(scenario, locality, posts), locality)


def room_for_proposals(people: int, months: int) -> int:
    """How many proposals a run has room for; one that wants more is refused, not cut short.

    With every lever at its busiest, cases of the study start a proposal for every six to twelve months of a person.
    """
    return min(MOST_SLOTS, people * max(8, months // 5))


class _Counts(NamedTuple):
    people: int
    organisations: int
    interfaces: int
    strategies: int
    proposals: int
    events: int


def _posts(locality: Locality) -> list[Post]:
    """Everyone, organisation by organisation: clinicians first, then service managers, executives, commissioners."""
    posts: list[Post] = []
    for number, owner in enumerate(locality.owners):
        for profession, many in owner.staff.items():
            posts += [Post(Role.CLINICIAN, Profession[profession.upper()], number)] * many
        posts += [Post(Role.MANAGER, Profession.MANAGEMENT, number)] * owner.managers
        posts += [Post(Role.EXECUTIVE, Profession.MANAGEMENT, number)] * owner.executives
        posts += [Post(Role.COMMISSIONER, Profession.COMMISSIONING, number)] * owner.commissioners
    return posts


def _blank(counts: _Counts, locality: Locality, event_slots: int) -> State:
    """Every part of the state, as large as the case needs it, with nothing in it yet."""
    many = {"people": counts.people, "organisations": counts.organisations, "interfaces": counts.interfaces}
    many |= {"proposals": counts.proposals, "strategies": max(1, counts.strategies), "practices": PRACTICES}
    records = {name: blank_records(name, many.get(name, 1)) for name in DTYPES}
    history = {
        "outcomes": np.zeros(len(MEASURES)),
        "event_codes": np.zeros((event_slots, 5), np.int64),
        "event_amounts": np.zeros(event_slots),
    }
    return State(**records, **_blank_tables(counts, locality), **history)  # type: ignore[arg-type]  # each of its own kind


def _blank_tables(counts: _Counts, locality: Locality) -> dict[str, npt.NDArray[Any]]:
    """The tables between people, organisations, interfaces and proposals."""
    p, o, i, t, s, e = counts
    k, t = PRACTICES, max(1, t)
    largest = max(p, o, i, s)
    steps = max([len(path) for path in locality.journeys], default=1)
    return {
        # Whom a lead asks is asked one after the other: what they trust the lead lies together.
        "trust": np.zeros((p, p), order="F"),
        "ties": np.zeros((p, p), np.uint8),
        "acquaintances": np.zeros((p, o), np.int64),
        "converted": np.zeros((p, o), np.int64),
        "borders": np.full((o, whole_rows(most_borders(locality))), -1, np.int64),
        "members": np.full((o, max(owner.people for owner in locality.owners)), -1, np.int64),
        "stance": np.zeros((s, p), np.uint8),
        "persuaded": np.zeros((s, p)),
        "scope": np.zeros((s, o), np.uint8),
        "touched": np.zeros((s, o), np.int64),
        "joined": np.zeros((s, i), np.int64),
        "backers": np.zeros((s, o), np.int64),
        "granted": np.zeros((s, o, k)),
        "done": np.zeros((s, o, k)),
        "depth": np.zeros((i, 2, k)),
        "upkeep": np.zeros((i, 2)),
        "local": np.zeros((o, k)),
        "emphasis": np.zeros((t, k)),
        "focus": np.zeros((t, i)),
        "stated_emphasis": np.full((t, k), -1.0),
        "stated_focus": np.full((t, i), -1.0),
        "quantiles": np.zeros((4 + 2 * len(Profession), POINTS)),
        "reorganisation_months": np.zeros(e, np.int64),
        "reorganised": np.zeros((e, o), np.uint8),
        "journeys": np.full((len(locality.journeys), steps), -1, np.int64),
        "order": np.zeros((len(KINDS), largest + 1), np.int64),
        "places": np.zeros(largest + 1, np.int64),
        "live": np.zeros(whole_rows(s), np.int64),
        "lots": np.zeros((1 + FORMAL_ROLE, whole_rows(largest))),
    }


def whole_rows(many: int) -> int:
    """Room for so many lots and one more, as they are drawn."""
    return ROOM * (1 + many // ROOM)


def most_borders(locality: Locality) -> int:
    """How many interfaces the organisation with the most of them has."""
    sides = Counter(side for crossing in locality.crossings for side in {crossing.first, crossing.second})
    return max(sides.values(), default=1)


def _fill_organisations(state: State, scenario: Scenario, locality: Locality, posts: list[Post]) -> None:
    stakes = _stakes(scenario, locality)
    for number, owner in enumerate(locality.owners):
        row = state.organisations[number]
        here = [n for n, post in enumerate(posts) if post.organisation == number]
        state.members[number, : len(here)] = here
        row["number"] = number
        row["kind"] = OrganisationKind[owner.kind.upper()]
        row["commissions"] = owner.commissions
        row["staff"] = len(here)
        row["clinicians"] = owner.clinicians
        row["executive"] = _head(here, posts, Role.COMMISSIONER if owner.commissions else Role.EXECUTIVE, 0)
        row["manager"] = _head(here, posts, Role.COMMISSIONER if owner.commissions else Role.MANAGER, -1)
        row["clinical_inclusion"] = owner.clinical_inclusion
        row["compartmentalisation"] = owner.compartmentalisation
        row["stake"] = stakes[number]
        row["in_network"] = _joins_network(scenario, owner)


def _head(here: list[int], posts: list[Post], role: Role, place: int) -> int:
    return [n for n in here if posts[n].role == role][place]


def _joins_network(scenario: Scenario, owner: Owner) -> bool:
    invited = {
        "local_authority": scenario.network.includes_social_care,
        "third_sector": scenario.network.includes_third_sector,
        "independent": scenario.network.includes_independent,
    }
    return scenario.network.strength > 0.0 and invited.get(owner.kind, True)


def _stakes(scenario: Scenario, locality: Locality) -> list[float]:
    """How far the condition is each owner's: thin and even, or where its traffic is; commissioners share it evenly.

    `pathway.ownership` 0 spreads the condition evenly over the organisations of care; 1 gives it all to those at
    whose interfaces most of the traffic crosses, in proportion to the busiest.
    """
    handled = dict.fromkeys((owner.id for owner in locality.owners), 0.0)
    for crossing in locality.crossings:
        handled[crossing.first] += crossing.traffic / 2.0
        handled[crossing.second] += crossing.traffic / 2.0
    even = 1.0 / len(locality.providers)
    commissioners = len(locality.owners) - len(locality.providers)
    own = scenario.pathway.ownership
    return [
        1.0 / commissioners if owner.commissions else (1.0 - own) * even + own * handled[owner.id]
        for owner in locality.owners
    ]


def _fill_people(state: State, scenario: Scenario, posts: list[Post]) -> None:
    answers = scenario.sponsors.accountability
    accountability = {
        Role.CLINICIAN: scenario.clinicians.accountability,
        Role.MANAGER: answers.managers,
        Role.EXECUTIVE: answers.executives,
        Role.COMMISSIONER: answers.commissioners,
    }
    seats: dict[int, int] = {}
    for number, post in enumerate(posts):
        row = state.people[number]
        row["number"] = number
        row["role"] = post.role
        row["profession"] = post.profession
        row["organisation"] = post.organisation
        row["clinical"] = post.role == Role.CLINICIAN
        row["seat"] = seats.setdefault(post.organisation, 0)
        seats[post.organisation] += 1
        row["ambition_row"] = 4 + 2 * post.profession
        row["capability_row"] = 5 + 2 * post.profession
        row["proposal"] = -1
        row["accountability"] = accountability[post.role]
        row["time"] = scenario.leadership.time_share
        controls = CONTROLS[post.profession] if post.role == Role.CLINICIAN else HEADS_CONTROL[post.role]
        row["controls"] = controls


def _fill_interfaces(state: State, locality: Locality) -> None:
    numbers = {owner.id: number for number, owner in enumerate(locality.owners)}
    whole = math.fsum(crossing.traffic for crossing in locality.crossings)
    for number, crossing in enumerate(locality.crossings):
        row = state.interfaces[number]
        row["number"] = number
        row["first"] = numbers[crossing.first]
        row["second"] = numbers[crossing.second]
        row["traffic"] = crossing.traffic / whole
        row["start"] = crossing.start
        for side in sorted({int(row["first"]), int(row["second"])}):
            home = state.organisations[side]
            state.borders[side, home["borders"]] = number
            home["borders"] += 1


def _fill_strategies(state: State, scenario: Scenario, locality: Locality) -> None:
    for number, strategy in enumerate(scenario.strategies):
        row = state.strategies[number]
        row["number"] = number
        for name in ("month", "strength", "clinical_input", "funding", "managed_target"):
            row[name] = getattr(strategy, name)
        row["monthly_fade"] = monthly_factor(strategy.half_life_months)
        if strategy.emphasis is not None:
            state.stated_emphasis[number] = [getattr(strategy.emphasis, practice.name.lower()) for practice in Practice]
        if strategy.focus is not None:
            for i, crossing in enumerate(locality.crossings):
                listed = scenario.interfaces[crossing.listed].between
                names = ("-".join(listed), "-".join(reversed(listed)))
                state.stated_focus[number, i] = max(strategy.focus.get(name, 0.0) for name in names)


def monthly_factor(half_life_months: float) -> float:
    """What is left after a month of something that halves in so many months."""
    return round(math.exp2(-1.0 / half_life_months), DIGITS)


def _fill_practices(state: State, scenario: Scenario) -> None:
    for practice in Practice:
        name = practice.name.lower()
        facts = getattr(scenario.practices, name)
        row = state.practices[practice]
        row["number"] = practice
        row["changeable"] = float(name in scenario.practices.changeable)
        for gain in ("outcome_gain", "experience_gain", "work", "adoption"):
            row[gain] = getattr(facts, gain)


def _fill_reorganisations(state: State, scenario: Scenario, locality: Locality) -> None:
    for number, event in enumerate(scenario.turbulence.events):
        state.reorganisation_months[number] = event.month
        for o, owner in enumerate(locality.owners):
            named = not isinstance(event.scope, str) and bool(set(owner.stands_for) & set(event.scope))
            if named or event.scope == "all" or (event.scope == "commissioners" and owner.commissions):
                state.reorganised[number, o] = 1


def _fill_quantiles(state: State, scenario: Scenario) -> None:
    """Tabulated distributions: the halves of Beta(4, 4) for a mix, then ambition and capability of each profession."""
    for row, half in enumerate((0, 1, 0, 1)):
        state.quantiles[row] = tabulated(4.0, 4.0, half / 2.0, 0.5 + half / 2.0)
    leadership = scenario.leadership
    for profession in Profession:
        own = dict(leadership.by_profession).get(profession.name.lower())  # type: ignore[call-overload]
        for offset, trait in enumerate(("ambition", "capability")):
            stated = getattr(own, trait, None) or getattr(leadership, trait)
            if profession in {Profession.MANAGEMENT, Profession.COMMISSIONING}:
                stated = getattr(scenario.managers, trait)
            if stated is not None:
                shapes = stated.mean * stated.concentration, (1.0 - stated.mean) * stated.concentration
                state.quantiles[4 + 2 * profession + offset] = tabulated(*shapes, 0.0, 1.0)


@lru_cache(maxsize=256)
def tabulated(a: float, b: float, low: float, high: float) -> npt.NDArray[np.float64]:
    """Beta(a, b) between two shares, tabulated; kept, because the points of a study mostly have the same."""
    shares = low + (high - low) * np.linspace(0.0, 1.0, POINTS)
    return np.asarray(betaincinv(a, b, shares).round(DIGITS))


def _fill_journeys(state: State, locality: Locality) -> None:
    numbers = {owner.id: number for number, owner in enumerate(locality.owners)}
    for number, path in enumerate(locality.journeys):
        state.journeys[number, : len(path)] = [numbers[step] for step in path]


def _fill_scene(state: State, counts: _Counts) -> None:
    state.proposals["number"] = range(counts.proposals)
    scene = state.scene[0]
    for name in ("people", "organisations", "interfaces", "strategies"):
        scene[name] = getattr(counts, name)
    scene["clinicians"] = int((state.people["role"] == Role.CLINICIAN).sum())
    scene["network_members"] = int(state.organisations["in_network"].sum())
    scene["commissioning_bodies"] = int(state.organisations["commissions"].sum())


def realised_mix(shares: tuple[float, ...], people: int) -> tuple[int, ...]:
    """How many people have each style: whole parts first, then the largest remainders, the earlier style where
    they tie.
    """
    parts = [share * people for share in shares]
    counts = [int(part + 1e-9) for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda n: (-round(parts[n] - counts[n], 9), n))
    for n in by_remainder[: people - sum(counts)]:
        counts[n] += 1
    return tuple(counts)


def _fill_case(state: State, scenario: Scenario, locality: Locality) -> None:
    case = state.case[0]
    for name, value in (_case_numbers(scenario) | _people_numbers(scenario)).items():
        case[name] = float(value)
    case["focal"] = _focal_person(state, scenario, locality)
    mix = scenario.leadership.mix
    if mix is not None:
        shares = (mix.passive, mix.localised, mix.lacking_followers, mix.high_impact)
        counts = realised_mix(shares, int(state.scene[0]["clinicians"]))
        case["by_mix"] = 1.0
        case["passive_until"] = counts[0]
        case["localised_until"] = counts[0] + counts[1]
        case["lacking_followers_until"] = counts[0] + counts[1] + counts[2]


def _case_numbers(scenario: Scenario) -> dict[str, Any]:
    commissioning, network, turbulence = scenario.commissioning, scenario.network, scenario.turbulence
    return {
        "horizon": scenario.horizon_months,
        "integrated_threshold": scenario.integrated_threshold,
        "concession": scenario.leadership.concession,
        "persuasion": scenario.persuasion.strength,
        "planning": scenario.planning.capacity,
        "guarantees": scenario.negotiation.guarantees,
        "attention": scenario.negotiation.attention,
        "patience": scenario.negotiation.patience_months,
        "national_share": scenario.leadership.national_share,
        "network_strength": network.strength,
        "network_from": network.from_month,
        "local_per_month": turbulence.local_per_year / 12.0,
        "national_per_month": turbulence.national_per_year / 12.0,
        "disruption": turbulence.disruption,
        "local_months": turbulence.local_months,
        "national_months": turbulence.national_months,
        "decision_rule": DecisionRule[commissioning.decision_rule.upper()],
        "joint": commissioning.joint,
        "outside_option": commissioning.outside_option,
        "accord_weight": commissioning.accord_weight,
        "voice": scenario.users.voice,
        "monthly_keeping": monthly_factor(scenario.behaviour.erosion_half_life),
        **{f"element_{name}": value for name, value in scenario.elements.model_dump().items()},
    }


def _people_numbers(scenario: Scenario) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for whom, group in (("clinician", scenario.clinicians), ("manager", scenario.managers)):
        for trait, name in (("entrenchment", "entrenchment"), ("interest", "interest"), ("loss_weight", "loss")):
            numbers[f"{whom}_{name}"] = getattr(group, trait).mean
            numbers[f"{whom}_{name}_spread"] = getattr(group, trait).spread
    leadership, trust, ties = scenario.leadership, scenario.trust, scenario.ties
    elsewhere = ties.cross_boundary
    return numbers | {
        "correlation": leadership.correlation,
        "position_correlation": leadership.position_correlation,
        "role_share": leadership.role_share,
        "role_time": min(1.0, leadership.role_time * leadership.time_share),
        "role_inclusion": leadership.role_inclusion,
        "trust_clinician_manager": trust.clinician_manager,
        "trust_within": trust.within,
        "trust_across": trust.across,
        "trust_spread": trust.spread,
        "tie_same_profession_here": ties.same_profession_here,
        "tie_other_profession_here": ties.other_profession_here,
        "tie_same_profession_elsewhere": min(1.0, ties.same_profession_elsewhere * elsewhere),
        "tie_both_different": min(1.0, ties.both_different * elsewhere),
    }


def _focal_person(state: State, scenario: Scenario, locality: Locality) -> int:
    focal = scenario.leadership.focal
    if focal is None:
        return -1
    state.case[0]["focal_ambition"] = focal.ambition
    state.case[0]["focal_capability"] = focal.capability
    place = next(n for n, owner in enumerate(locality.owners) if focal.organisation in owner.stands_for)
    same = (state.people["organisation"] == place) & (
        state.people["profession"] == Profession[focal.profession.upper()]
    )
    return int(np.flatnonzero(same)[0])


def _labels(scenario: Scenario, locality: Locality, posts: list[Post]) -> Labels:
    names = {owner.id: owner.name for owner in locality.owners}
    organisations = tuple(names.values())
    seen: dict[tuple[int, str], int] = {}
    people = []
    for post in posts:
        what = (
            post.role.name if post.role in {Role.EXECUTIVE, Role.COMMISSIONER, Role.MANAGER} else post.profession.name
        )
        title = {"MANAGER": "service manager", "GP": "GP", "ALLIED": "allied professional"}.get(
            what, what.lower().replace("_", " ")
        )
        nth = seen[post.organisation, title] = seen.get((post.organisation, title), 0) + 1
        people.append(f"{title} {nth}, {organisations[post.organisation]}")
    return Labels(
        tuple(people),
        organisations,
        tuple(f"{names[crossing.first]} – {names[crossing.second]}" for crossing in locality.crossings),
        tuple(strategy.name for strategy in scenario.strategies),
        tuple(event.name for event in scenario.turbulence.events),
    )
