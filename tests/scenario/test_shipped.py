"""The shipped cases hold the facts of the study, and stay readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import Scenario, dump_yaml, load_scenario, parse_scenario, scenario_digest, shipped_scenarios

if TYPE_CHECKING:
    from pathlib import Path

CASES = ("dementia_london", "dementia_manchester", "sexual_health_london", "sexual_health_manchester")
EVERY = ("classroom", *CASES[:2], "neutral", *CASES[2:], "system")


def kinds(case: Scenario) -> dict[str, int]:
    members = [member.kind for member in case.organisations.members.values()]
    return {kind: members.count(kind) for kind in dict.fromkeys(members)}


def people(case: Scenario) -> int:
    return sum(member.people for member in case.organisations.members.values())


def test_which_are_shipped() -> None:
    assert tuple(shipped_scenarios()) == EVERY


@pytest.mark.parametrize("name", EVERY)
def test_a_case_written_out_reads_back_as_it_was(name: str) -> None:
    case = load_scenario(name)
    again = parse_scenario(dump_yaml(case), name)
    assert again == case
    assert scenario_digest(again) == scenario_digest(case)


@pytest.mark.parametrize("name", EVERY)
def test_files_are_called_as_their_cases_and_lines_fit(name: str) -> None:
    path: Path = shipped_scenarios()[name]
    assert load_scenario(name).name == name
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= (160 if name == "system" else 120)


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_45_to_75_people_most_of_them_clinicians(name: str) -> None:
    case = load_scenario(name)
    members = case.organisations.members.values()
    assert 45 <= people(case) <= 75
    assert sum(member.clinicians for member in members) > people(case) / 2
    assert all((m.managers, m.executives) == (1, 1) for m in members if m.kind != "commissioner")
    assert all(m.commissioners == 2 for m in members if m.kind == "commissioner")
    assert 8 <= len(members) <= 14


@pytest.mark.parametrize("name", EVERY)
def test_traffic_sums_to_one(name: str) -> None:
    assert sum(interface.traffic for interface in load_scenario(name).interfaces) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "start", "horizon", "rule", "joint"),
    [
        ("dementia_london", "2007-01", 72, "lead_authority", True),
        ("dementia_manchester", "2007-01", 72, "unanimity", False),
        ("sexual_health_london", "2001-01", 96, "supermajority", False),
        ("sexual_health_manchester", "2001-01", 96, "unanimity", True),
    ],
)
def test_clock_horizon_and_decision(name: str, start: str, horizon: int, rule: str, *, joint: bool) -> None:
    case = load_scenario(name)
    assert (case.clock_starts, case.horizon_months) == (start, horizon)
    assert (case.commissioning.decision_rule, case.commissioning.joint) == (rule, joint)


def test_organisations() -> None:
    assert kinds(load_scenario("dementia_london")) == {
        "acute": 2,
        "mental_health": 1,
        "community": 1,
        "general_practice": 3,
        "local_authority": 2,
        "third_sector": 1,
        "independent": 1,
        "commissioner": 2,
    }
    assert kinds(load_scenario("dementia_manchester")) == kinds(load_scenario("dementia_london")) | {
        "local_authority": 1
    }
    assert kinds(load_scenario("sexual_health_london")) == kinds(load_scenario("dementia_manchester"))
    assert kinds(load_scenario("sexual_health_manchester")) == kinds(load_scenario("sexual_health_london")) | {
        "general_practice": 2,
        "commissioner": 4,
    }


def joined(case: Scenario) -> set[frozenset[str]]:
    """Which kinds of organisation an interface joins."""
    members = case.organisations.members
    return {frozenset(members[end].kind for end in interface.between) for interface in case.interfaces}


def test_interfaces_of_dementia() -> None:
    pairs = {
        frozenset(pair)
        for pair in [
            ("general_practice", "mental_health"),
            ("general_practice", "acute"),
            ("acute", "mental_health"),
            ("mental_health", "community"),
            ("community", "local_authority"),
            ("local_authority", "third_sector"),
            ("local_authority", "independent"),
        ]
    }
    assert joined(load_scenario("dementia_london")) == pairs
    assert joined(load_scenario("dementia_manchester")) == pairs


def test_interfaces_of_sexual_health() -> None:
    health = ["acute", "community", "general_practice"]
    pairs = {frozenset(pair) for pair in [("acute", "community"), ("general_practice", "acute"), ("acute",)]}
    pairs |= {frozenset(("general_practice", "community"))}
    pairs |= {frozenset((one, other)) for one in health for other in ("third_sector", "local_authority")}
    for name in ("sexual_health_london", "sexual_health_manchester"):
        case = load_scenario(name)
        assert joined(case) == pairs
        largest = max(case.interfaces, key=lambda interface: interface.traffic)
        assert "reproductive_health" in largest.between


def test_dated_strategies() -> None:
    (dementia,) = load_scenario("dementia_london").strategies
    assert (dementia.month, dementia.strength, dementia.managed_target) == (26, 0.6, 0)
    assert load_scenario("dementia_manchester").strategies == (dementia,)
    first, second = load_scenario("sexual_health_london").strategies
    assert (first.month, first.strength, first.managed_target) == (7, 0.3, 0)
    assert (second.month, second.strength, second.managed_target) == (47, 1, 1)
    assert load_scenario("sexual_health_manchester").strategies == (first, second)
    assert min(dementia.clinical_input, first.clinical_input) >= 0.8


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("dementia_london", [49]),
        ("dementia_manchester", [49]),
        ("sexual_health_london", [16, 70]),
        ("sexual_health_manchester", [16, 70]),
    ],
)
def test_dated_reorganisations_and_no_others(name: str, months: list[int]) -> None:
    turbulence = load_scenario(name).turbulence
    assert [event.month for event in turbulence.events] == months
    assert {event.scope for event in turbulence.events} == {"commissioners"}
    assert turbulence.national_per_year == 0


def test_only_one_case_has_a_network_from_may_2004() -> None:
    strengths = {name: load_scenario(name).network.strength for name in CASES}
    assert [name for name, strength in strengths.items() if strength > 0] == ["sexual_health_manchester"]
    network = load_scenario("sexual_health_manchester").network
    assert (network.from_month, network.includes_third_sector) == (41, True)


@pytest.mark.parametrize("name", CASES)
def test_levels_that_have_a_source(name: str) -> None:
    case = load_scenario(name)
    assert 0.25 <= case.organisations.clinical_inclusion <= 0.4
    assert 0.05 <= case.leadership.time_share <= 0.1
    assert 0.15 <= case.leadership.role_time * case.leadership.time_share <= 0.25
    assert 0.6 <= case.leadership.role_inclusion <= 0.8
    assert case.trust.clinician_manager == 0.45
    assert all(24 <= strategy.half_life_months <= 36 for strategy in case.strategies)
    assert case.leadership.mix is not None
    assert case.leadership.mix.model_dump() == {
        "passive": 0.35,
        "localised": 0.3,
        "lacking_followers": 0.15,
        "high_impact": 0.2,
    }


def test_the_classroom_is_small_and_the_system_large() -> None:
    classroom, system = load_scenario("classroom"), load_scenario("system")
    assert (people(classroom), len(classroom.organisations.members), len(classroom.interfaces)) == (12, 3, 1)
    assert len(shipped_scenarios()["classroom"].read_text(encoding="utf-8").splitlines()) <= 60
    assert 950 <= people(system) <= 1050
