"""The first day: traits, ties, trust and views, each from its own lot, in whichever order they are drawn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from redesign_sim.draws import replicate_key
from redesign_sim.engine.replications import STAGE_ENTRIES
from redesign_sim.model.world import InterpretedWorld
from redesign_sim.roles import Role
from redesign_sim.scenario import load_scenario, override
from redesign_sim.world import founding
from redesign_sim.world.building import build, realised_mix
from redesign_sim.world.founding import found, linked_lot, spread_about, tie_chance
from redesign_sim.world.measures import zone_of_packages
from redesign_sim.world.records import State, copy_of
from tests.engine.localities import random_locality
from tests.engine.states import differences

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario

pytestmark = pytest.mark.core


def first_day(scenario: Scenario, seed: int = 1, replication: int = 0) -> State:
    state = copy_of(build(scenario).state)
    STAGE_ENTRIES["founding"](state, *replicate_key(seed, replication))
    return state


def london(**changes: object) -> Scenario:
    return override(
        load_scenario("dementia_london"), {path.replace("__", "."): value for path, value in changes.items()}
    )


def interpreted(scenario: Scenario, seed: int) -> Any:  # noqa: ANN401  a world of plain objects
    state = copy_of(build(scenario).state)
    return InterpretedWorld(state, replicate_key(seed, 0), [SimpleNamespace() for _ in state.people])


def clinicians(state: State) -> Any:  # noqa: ANN401  records
    return state.people[state.people["role"] == Role.CLINICIAN]


@pytest.mark.parametrize("number", range(6))
def test_everything_is_a_share_and_ties_are_mutual(number: int, seed: int) -> None:
    state = first_day(random_locality(np.random.default_rng([seed, 6, number]), 2), seed)
    for trait in ("ambition", "capability", "position", "entrenchment", "interest", "purpose", "belief", "inclusion"):
        assert 0.0 <= state.people[trait].min() <= state.people[trait].max() <= 1.0, trait
    assert (state.people["purpose"] == state.people["interest"]).all()
    assert (state.people["proposal"] == -1).all()
    assert 0.0 <= state.trust.min() <= state.trust.max() <= 1.0
    assert (state.ties == state.ties.T).all()
    assert not state.ties.diagonal().any()


@pytest.mark.parametrize("number", range(6))
def test_how_many_one_knows_where_is_counted(number: int, seed: int) -> None:
    state = first_day(random_locality(np.random.default_rng([seed, 7, number]), 2), seed)
    for organisation in range(len(state.organisations)):
        there = state.people["organisation"] == organisation
        assert (state.acquaintances[:, organisation] == state.ties[:, there].sum(axis=1)).all()


def test_the_order_in_which_people_are_founded_decides_nothing(seed: int) -> None:
    scenario = load_scenario("classroom")
    usual, other = interpreted(scenario, seed), interpreted(scenario, seed)
    found(usual)
    founding.rank_for_style(other)
    founding.draw_first_lots(other)
    people = [other.people[n] for n in np.random.default_rng(seed).permutation(len(other.people))]
    for person in people:
        founding.take_position(person, other)
    steps = [name for name in found.__code__.co_names if name in vars(founding) and name not in ONCE]
    assert len(steps) >= 5, steps
    for step in reversed(steps):
        for person in reversed(people):
            vars(founding)[step](person, other)
    for interface in other.interfaces:
        founding.open_interface(interface, other)
    founding.open_account(other.scene, other)
    other.scene.zone = zone_of_packages(other)
    # The row of lots holds those of whoever came last.
    assert [one for one in differences(usual.written_back(), other.written_back()) if "lots" not in one] == []


ONCE = {
    "rank_for_style",
    "draw_first_lots",
    "take_position",
    "open_interface",
    "open_account",
    "zone_of_packages",
}
"""What comes before or after what each person does by themselves."""


def test_every_practice_stands_where_its_interface_stands() -> None:
    state = first_day(london())
    for interface in state.interfaces:
        assert interface["integration"] == interface["start"]
        assert (state.depth[interface["number"]] == interface["start"]).all()
    index = sum(float(i["traffic"]) * float(i["start"]) for i in state.interfaces)
    assert state.scene[0]["index"] == state.scene[0]["index_start"] == pytest.approx(index)


@pytest.mark.parametrize("replication", range(3))
def test_a_mix_is_realised_to_the_person(replication: int) -> None:
    scenario = london()
    mix = scenario.leadership.mix
    assert mix is not None
    people = clinicians(first_day(scenario, 5, replication))
    ambitious, capable = people["ambition"] >= 0.5, people["capability"] >= 0.5
    styles = (~ambitious & ~capable, ~ambitious & capable, ambitious & ~capable, ambitious & capable)
    expected = realised_mix((mix.passive, mix.localised, mix.lacking_followers, mix.high_impact), len(people))
    assert tuple(int(style.sum()) for style in styles) == expected


def test_neighbouring_mixes_share_all_but_the_people_who_differ() -> None:
    many = len(clinicians(first_day(london())))
    here, there = (
        first_day(london(leadership__mix={"passive": share, "localised": 0.5 - share, **ambitious}))
        for share in (10.0 / many, 11.0 / many)
        for ambitious in ({"lacking_followers": 0.25, "high_impact": 0.25},)
    )
    changed = (here.people["ambition"] != there.people["ambition"]) | (
        here.people["capability"] != there.people["capability"]
    )
    assert changed.sum() == 1


@pytest.mark.parametrize("trait", ["entrenchment", "interest", "loss_weight"])
@pytest.mark.parametrize("whose", ["clinicians", "managers"])
def test_one_trait_moves_nobodys_other_luck(whose: str, trait: str) -> None:
    usual = first_day(london())
    moved = first_day(override(london(), {f"{whose}.{trait}.mean": 0.61}))
    theirs = (usual.people["role"] == Role.CLINICIAN) == (whose == "clinicians")
    assert (usual.people[trait][theirs] != moved.people[trait][theirs]).all()
    assert (usual.people[trait][~theirs] == moved.people[trait][~theirs]).all()
    for other in {*(usual.people.dtype.names or ())} - {trait, *({"purpose"} if trait == "interest" else ())}:
        assert (usual.people[other] == moved.people[other]).all(), other
    assert (usual.ties == moved.ties).all()
    assert (usual.trust == moved.trust).all()


def test_without_spread_everyone_is_the_mean() -> None:
    state = first_day(override(london(), {"clinicians.interest": {"mean": 0.3, "spread": 0.0}, "trust.spread": 0.0}))
    assert (clinicians(state)["interest"] == 0.3).all()
    assert set(np.unique(state.trust)) == {0.45, 0.5, 0.6}


def test_who_has_a_formal_role_is_heard_and_has_more_time() -> None:
    for share in (0.0, 1.0):
        people = clinicians(first_day(override(london(), {"leadership.role_share": share})))
        assert (people["inclusion"] == share * 0.7).all()
        assert people["time"] == pytest.approx(0.08 * (2.5 if share else 1.0))
    some = clinicians(first_day(override(london(), {"leadership.role_share": 0.5})))
    assert 0 < (some["inclusion"] > 0.0).sum() < len(some)


def test_traits_go_together_as_far_as_the_case_says() -> None:
    distributions: dict[str, object] = {"leadership.ambition": {"mean": 0.5}, "leadership.capability": {"mean": 0.5}}
    for correlation in (1.0, -1.0):
        together = {"leadership.correlation": correlation, "leadership.position_correlation": 0.0}
        people = clinicians(first_day(override(london(), distributions | together)))
        expected = people["ambition"] if correlation > 0 else 1.0 - people["ambition"]
        assert people["capability"] == pytest.approx(expected, abs=1e-9)
    central = {"leadership.position_correlation": -1.0}
    people = clinicians(first_day(override(london(), distributions | central)))
    assert np.array_equal(np.argsort(people["ambition"]), np.argsort(-people["position"]))


def test_without_chances_nobody_knows_anyone_and_professions_flock() -> None:
    kinds = ("same_profession_here", "same_profession_elsewhere", "other_profession_here", "both_different")
    assert not first_day(override(london(), {f"ties.{kind}": 0.0 for kind in kinds})).ties.any()
    only = dict.fromkeys((f"ties.{kind}" for kind in kinds), 0.0) | {"ties.same_profession_here": 1.0}
    state = first_day(override(london(), only))
    for one, other in np.argwhere(state.ties):
        assert state.people["organisation"][one] == state.people["organisation"][other]
        assert state.people["profession"][one] == state.people["profession"][other]
    assert state.ties.any()


def test_a_focal_clinician_has_the_traits_stated_and_nobody_else_is_touched() -> None:
    focal = {"organisation": "mental_health", "profession": "consultant", "ambition": 0.97, "capability": 0.03}
    usual, with_focal = first_day(london()), first_day(override(london(), {"leadership.focal": focal}))
    who = int(with_focal.case[0]["focal"])
    assert (with_focal.people[who]["ambition"], with_focal.people[who]["capability"]) == (0.97, 0.03)
    others = np.arange(len(usual.people)) != who
    assert (usual.people[others] == with_focal.people[others]).all()


def test_users_voice_draws_views_towards_their_experience() -> None:
    practice = {"outcome_gain": 0.1, "experience_gain": 0.9}
    quiet, loud = (
        first_day(override(london(), {"users.voice": voice, "practices.booking": practice})) for voice in (0.0, 1.0)
    )
    assert (loud.people["sees"][:, 1] >= quiet.people["sees"][:, 1]).all()
    assert loud.people["sees"][:, 1].mean() > quiet.people["sees"][:, 1].mean()


@pytest.mark.parametrize(
    ("correlation", "linked", "expected"),
    [(0.0, 0.0, 0.2), (0.5, 0.4, 0.9), (0.5, 0.5, 0.2), (-0.5, 0.4, 0.1), (-0.5, 0.6, 0.2), (1.0, 0.99, 0.9)],
)
def test_a_linked_lot(correlation: float, linked: float, expected: float) -> None:
    assert linked_lot(0.2, 0.9, linked, correlation) == pytest.approx(expected)


@pytest.mark.parametrize(("lot", "expected"), [(0.0, 0.3), (0.5, 0.5), (1.0, 0.7)])
def test_a_trait_lies_about_its_mean(lot: float, expected: float) -> None:
    assert spread_about(0.5, 0.2, lot) == pytest.approx(expected)


def test_a_trait_is_cut_at_nothing_and_at_all() -> None:
    assert (spread_about(0.1, 0.5, 0.0), spread_about(0.9, 0.5, 1.0)) == (0.0, 1.0)


def test_the_chance_of_a_tie_depends_on_profession_and_place() -> None:
    case = SimpleNamespace(
        tie_same_profession_here=4,
        tie_other_profession_here=3,
        tie_same_profession_elsewhere=2,
        tie_both_different=1,
    )
    world: Any = SimpleNamespace(case=case)
    one: Any = SimpleNamespace(organisation=0, profession=0)
    others: list[Any] = [SimpleNamespace(organisation=o, profession=p) for o in (0, 1) for p in (0, 1)]
    assert [tie_chance(one, other, world) for other in others] == [4, 3, 2, 1]
