"""The state before the first day: posts, heads, stakes, tables, and every number of the case where it belongs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from redesign_sim.roles import OrganisationKind, Practice, Profession, Role, Switch
from redesign_sim.rulekit import switchable_rules
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario import load_scenario, override
from redesign_sim.scenario.localities import CLINICAL_POSTS
from redesign_sim.world import building, owners
from redesign_sim.world.building import build, monthly_factor, realised_mix
from redesign_sim.world.records import DTYPES, State, blank_records, copy_of
from tests.engine.localities import random_locality
from tests.engine.states import differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

pytestmark = pytest.mark.core

CASES = ("classroom", "dementia_london", "dementia_manchester", "sexual_health_london", "sexual_health_manchester")
WHERE_GIVEN = {
    "by_mix",
    "passive_until",
    "localised_until",
    "lacking_followers_until",
    "focal_ambition",
    "focal_capability",
}
"""What is only filled in where the case gives a mix, or a focal clinician."""


@pytest.mark.parametrize("name", CASES)
def test_everyone_listed_has_a_post_a_seat_and_a_name(name: str) -> None:
    scenario, template = load_scenario(name), build(load_scenario(name))
    state = template.state
    assert len(state.people) == sum(member.people for member in scenario.organisations.members.values())
    assert len(set(template.labels.people)) == len(state.people)
    assert template.labels.organisations == tuple(m.name for m in scenario.organisations.members.values())
    for person in state.people:
        assert state.members[person["organisation"], person["seat"]] == person["number"]
    assert (state.members >= 0).sum() == len(state.people)
    for number, member in enumerate(scenario.organisations.members.values()):
        here = state.people[state.people["organisation"] == number]
        clinicians = here[here["role"] == Role.CLINICIAN]
        counted = {Profession(p).name.lower(): int((clinicians["profession"] == p).sum()) for p in Profession}
        for posts, profession in CLINICAL_POSTS.items():
            assert counted[profession] == getattr(member, posts)
        assert state.organisations["clinicians"][number] == len(clinicians) == member.clinicians
        assert state.organisations["staff"][number] == len(here)


@pytest.mark.parametrize("name", CASES)
def test_executives_and_managers_head_providers_and_commissioners_head_themselves(name: str) -> None:
    state = build(load_scenario(name)).state
    for organisation in state.organisations:
        heads = [state.people[organisation[which]] for which in ("executive", "manager")]
        assert [head["organisation"] for head in heads] == [organisation["number"]] * 2
        expected = [Role.COMMISSIONER] * 2 if organisation["commissions"] else [Role.EXECUTIVE, Role.MANAGER]
        assert [head["role"] for head in heads] == expected
        assert organisation["commissions"] == (organisation["kind"] == OrganisationKind.COMMISSIONER)


@pytest.mark.parametrize("ownership", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("name", CASES)
def test_stakes_are_shares_of_the_condition(name: str, ownership: float) -> None:
    state = build(override(load_scenario(name), {"pathway.ownership": ownership})).state
    provides = state.organisations["commissions"] == 0
    stakes = state.organisations["stake"]
    assert stakes.min() >= 0.0
    assert stakes[provides].sum() == pytest.approx(1.0)
    assert stakes[~provides].sum() == pytest.approx(1.0)


def test_ownership_concentrates_stakes_where_the_traffic_is() -> None:
    listed = load_scenario("sexual_health_london")
    thin, thick = (build(override(listed, {"pathway.ownership": share})).state for share in (0.0, 1.0))
    assert len(set(thin.organisations["stake"][thin.organisations["commissions"] == 0].tolist())) == 1
    busiest = list(listed.organisations.members).index("gum_trust")
    assert thick.organisations["stake"][thick.organisations["commissions"] == 0].argmax() == busiest
    assert thick.organisations["stake"][list(listed.organisations.members).index("mental_health")] == 0.0


def test_traffic_sums_to_one_and_starts_are_as_listed() -> None:
    scenario = load_scenario("dementia_london")
    interfaces = build(scenario).state.interfaces
    assert interfaces["traffic"].sum() == pytest.approx(1.0)
    assert interfaces["start"].tolist() == [interface.start for interface in scenario.interfaces]


@pytest.mark.parametrize("people", [1, 7, 40, 44])
@pytest.mark.parametrize("shares", [(0.35, 0.3, 0.15, 0.2), (0.25, 0.25, 0.25, 0.25), (0.0, 0.0, 0.0, 1.0)])
def test_a_mix_is_realised_to_the_nearest_person(shares: tuple[float, ...], people: int) -> None:
    counts = realised_mix(shares, people)
    assert sum(counts) == people
    assert all(abs(count - share * people) < 1.0 for count, share in zip(counts, shares, strict=True))


def test_where_remainders_tie_the_earlier_style_comes_first() -> None:
    assert realised_mix((0.25, 0.25, 0.25, 0.25), 6) == (2, 2, 1, 1)
    assert realised_mix((0.1, 0.2, 0.3, 0.4), 10) == (1, 2, 3, 4)
    assert realised_mix((0.3, 0.3, 0.3, 0.1), 4) == (1, 1, 1, 1)


def test_a_half_life_halves() -> None:
    for half_life in (1.0, 18.0, 36.0):
        assert monthly_factor(half_life) ** half_life == pytest.approx(0.5)


def test_distributions_are_tabulated_as_scipy_has_them() -> None:
    changes = {
        "leadership.ambition": {"mean": 0.3, "concentration": 10.0},
        "leadership.by_profession": {"gp": {"capability": {"mean": 0.8, "concentration": 5.0}}},
        "managers.ambition": {"mean": 0.6, "concentration": 20.0},
    }
    tables = build(override(load_scenario("classroom"), changes)).state.quantiles
    middle = tables.shape[1] // 2
    assert (np.diff(tables) >= 0.0).all()
    assert (tables.min(), tables.max()) == (0.0, 1.0)
    assert tables[0, -1] == tables[1, 0] == pytest.approx(0.5)
    ambition = stats.beta(3.0, 7.0).median()
    for profession, offset, expected in (
        (Profession.NURSE, 0, ambition),
        (Profession.GP, 0, ambition),
        (Profession.GP, 1, stats.beta(4.0, 1.0).median()),
        (Profession.MANAGEMENT, 0, stats.beta(12.0, 8.0).median()),
        (Profession.COMMISSIONING, 0, stats.beta(12.0, 8.0).median()),
    ):
        assert tables[4 + 2 * profession + offset, middle] == pytest.approx(expected)


@pytest.mark.parametrize("given", [{}, {"leadership.ambition": {"mean": 0.5, "concentration": 8.0}}])
def test_no_number_of_the_case_is_forgotten(monkeypatch: pytest.MonkeyPatch, given: dict[str, object]) -> None:
    blank = blank_records

    def unfilled(name: str, many: int) -> npt.NDArray[Any]:
        records = blank(name, many)
        for field in records.dtype.names or ():
            if name in {"case", "behaviour"}:
                records[field] = math.nan
            elif name == "mechanisms":
                records[field] = -1
        return records

    monkeypatch.setattr(building, "blank_records", unfilled)
    state = build(override(load_scenario("classroom"), given)).state
    missing = {name for name in DTYPES["case"].names or () if math.isnan(state.case[0][name])}
    assert missing <= (WHERE_GIVEN if given else WHERE_GIVEN - {name for name in WHERE_GIVEN if "focal" not in name})
    assert not any(math.isnan(state.behaviour[0][name]) for name in PARAMETERS)
    assert all(state.mechanisms[0][card.id] >= 0 for card in switchable_rules())


def test_numbers_and_switches_arrive_as_stated() -> None:
    name, parameter = next(iter(PARAMETERS.items()))
    card = next(card for card in switchable_rules() if card.off)
    low, high = parameter.quantity.sweep
    value = low + 0.25 * (high - low)
    changes = {f"behaviour.{name}": value, f"mechanisms.{card.id}": "off", "commissioning.outside_option": 0.125}
    state = build(override(load_scenario("classroom"), changes)).state
    assert state.behaviour[0][name] == value
    assert state.mechanisms[0][card.id] == Switch.OFF
    assert state.case[0]["outside_option"] == 0.125


def test_what_strategies_state_lies_where_the_rules_read_it() -> None:
    strategy = {
        "name": "A",
        "month": 3,
        "strength": 0.5,
        "emphasis": {"booking": 2.0, "tariff": 1.0},
        "focus": {"clinic-practice": 0.5},
    }
    silent = {"name": "B", "month": 5, "strength": 0.2}
    state = build(override(load_scenario("classroom"), {"strategies": [strategy, silent]})).state
    assert state.stated_emphasis[0, Practice.BOOKING] == 2.0
    assert state.stated_emphasis[0, Practice.PROFESSIONAL_ROLES] == 0.0
    assert state.stated_focus[0].tolist() == [0.5]
    assert (state.stated_emphasis[1] == -1.0).all()
    assert state.stated_focus[1].tolist() == [-1.0]
    assert state.strategies["month"].tolist() == [3, 5]


@pytest.mark.parametrize(
    ("scope", "expected"), [("all", [1, 1, 1]), ("commissioners", [0, 0, 1]), (["clinic"], [0, 1, 0])]
)
def test_a_dated_reorganisation_hits_its_scope(scope: object, expected: list[int]) -> None:
    events = [{"month": 9, "name": "Change", "scope": scope}]
    state = build(override(load_scenario("classroom"), {"turbulence.events": events})).state
    assert state.reorganisation_months.tolist() == [9]
    assert state.reorganised[0].tolist() == expected


def test_who_belongs_to_the_network() -> None:
    listed = load_scenario("dementia_london")
    kinds = [member.kind for member in listed.organisations.members.values()]
    outside = {"local_authority": "social_care", "third_sector": "third_sector", "independent": "independent"}
    for kind, field in outside.items():
        state = build(override(listed, {"network.strength": 0.5, f"network.includes_{field}": True})).state
        expected = [here == kind or here not in outside for here in kinds]
        assert state.organisations["in_network"].tolist() == expected
        assert state.scene[0]["network_members"] == sum(expected)
    assert not build(override(listed, {"network.strength": 0.0})).state.organisations["in_network"].any()


def test_every_case_has_the_same_types_and_nothing_shared(seed: int) -> None:
    usual = build(load_scenario("classroom")).state
    for number in range(10):
        state = build(random_locality(np.random.default_rng([seed, 5, number]), 2)).state
        for name in State._fields:
            here, there = getattr(state, name), getattr(usual, name)
            assert (here.dtype, here.ndim) == (there.dtype, there.ndim), name
            assert here.flags.f_contiguous if name == "trust" else here.flags.c_contiguous, name
            assert here.flags.writeable, name
    other = copy_of(usual)
    assert not any(np.shares_memory(here, there) for here, there in zip(usual, other, strict=True))
    assert [here.strides for here in usual] == [there.strides for there in other]


def test_room_for_proposals_grows_with_people_and_months_up_to_what_memory_bears() -> None:
    assert building.room_for_proposals(12, 36) == 96
    assert building.room_for_proposals(70, 96) == 70 * 19
    assert building.room_for_proposals(5000, 240) == building.MOST_SLOTS
    state = build(override(load_scenario("classroom"), {"horizon_months": 120})).state
    assert len(state.proposals) == len(state.stance) == building.room_for_proposals(12, 120)
    assert state.proposals["number"].tolist() == list(range(len(state.proposals)))


def left_to_right(numbers: Iterable[float]) -> float:
    """A sum as Python took it before 3.12."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def compensated(numbers: Iterable[float]) -> float:
    """A sum as Python takes it since, or better."""
    return math.fsum(numbers)


@pytest.mark.parametrize("summing", [left_to_right, compensated])
@pytest.mark.parametrize("name", CASES)
def test_how_python_sums_moves_no_bit(
    monkeypatch: pytest.MonkeyPatch, name: str, summing: Callable[[Iterable[float]], float]
) -> None:
    def of_its_kind(numbers: Iterable[float]) -> float:
        values = list(numbers)
        total = summing(values)
        return total if any(isinstance(value, float) for value in values) else int(total)

    scenario = override(load_scenario(name), {"pathway.ownership": 0.3})
    usual = build(scenario).state
    for module in (building, owners):
        monkeypatch.setattr(module, "sum", of_its_kind, raising=False)
    assert differences(build(scenario).state, usual) == []


def test_room_for_events_is_as_asked() -> None:
    assert build(load_scenario("classroom")).state.event_codes.shape == (0, 5)
    assert build(load_scenario("classroom"), event_slots=7).state.event_amounts.shape == (7,)
