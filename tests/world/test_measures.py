from __future__ import annotations

import ast
import inspect
import math
from typing import TYPE_CHECKING

import numba
import numpy as np
import pytest

from redesign_sim.draws import replicate_key
from redesign_sim.engine.months import WHOLE_MONTH
from redesign_sim.engine.reference import in_a_world
from redesign_sim.roles import Failure, OrganisationKind, Practice, Stage, Stance, Switch
from redesign_sim.rulekit import jitable
from redesign_sim.scenario import load_scenario
from redesign_sim.world import measures
from redesign_sim.world.building import build
from redesign_sim.world.founding import found
from redesign_sim.world.measures import COURSES, MEASURES, measure, writer
from tests.structure.dialect import Facts, attributes_with_index, departures, imported, whole_attributes
from tests.structure.source import PACKAGE, functions, modules
from tests.world.towns import (
    ANN,
    BEN,
    CAL,
    CARLA,
    CLINICIANS,
    COMMUNITY,
    EXECUTIVE,
    GIA,
    GPS,
    HOSPITAL,
    MANAGER,
    Town,
    as_agents,
    befriend,
    change,
    put_forward,
    read,
    town,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.world.measures import Measure, Reading
    from tests.structure.source import Function

    View = Callable[[Town, Town], float]

# The order of the public list of outcomes.
IN_ORDER = (
    *("integration_index", "integration_start", "integration_gain", "integrated"),
    *("months_to_integration", "nominal_integration", "handoffs_per_journey", "referral_clarity"),
    *("local_improvement", "access_improvement", "proposals_started", "cross_boundary_started"),
    *("proposals_authorised", "proposals_refused", "proposals_stalled", "redesigns_completed"),
    *("redesigns_imposed", "failure_mode", "months_to_first_proposal", "months_to_authorisation"),
    *("funding_won", "depth_conceded", "guarantees_given", "zone_of_agreement"),
    *("redesign_activity", "reorganisations", "activity", "informal_links"),
    *("links_converted", "cross_boundary_ties", "clinician_support", "manager_support"),
    *("clinician_manager_trust", "follower_trust", "shared_purpose", "clinical_influence"),
    *("own_say", "clinicians_outmanoeuvred", "strategy_clinical_input", "strategy_standing"),
)


@pytest.fixture
def world() -> Town:
    return town()


# The catalogue


def test_every_outcome_is_there_once_and_in_its_order() -> None:
    assert tuple(MEASURES) == IN_ORDER


def test_each_says_what_it_is() -> None:
    for name, one in {**MEASURES, **COURSES}.items():
        assert one.name == name == one.function.__name__
        assert one.title
        assert one.unit
        assert one.definition.endswith(".")
        assert bool(one.names) == (one.kind == "name")


def test_a_course_has_what_can_be_followed_month_by_month() -> None:
    without = "integration_start months_to_integration failure_mode months_to_first_proposal months_to_authorisation"
    at_the_end_only = {*without.split(), "zone_of_agreement"}
    assert list(COURSES) == [name for name in IN_ORDER if name not in at_the_end_only] + ["salience", "at_risk"]
    assert all(one.has_course for one in COURSES.values())


def test_no_two_measures_share_a_name() -> None:
    def own_say(world: Town) -> float:  # noqa: ARG001
        """The same again."""
        return 0.0

    with pytest.raises(ValueError, match="two measures are called own_say"):
        measure("Own say", unit="share")(own_say)


def test_measures_keep_to_the_dialect_of_rules() -> None:
    tree = modules(PACKAGE / "world")["measures"]
    compiled = [one for one in functions({"measures": tree}) if is_compiled(one)]
    enums = {name for name in imported([tree], "redesign_sim.roles") if not name.isupper()}
    facts = Facts(attributes_with_index(compiled), whole_attributes(modules(PACKAGE)["things"]), enums)
    assert len(compiled) > len(MEASURES)
    assert [line for one in compiled for line in departures(one, facts)] == []


def is_compiled(function: Function) -> bool:
    marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in function.tree.decorator_list]
    return bool({"measure", "jitable"} & {mark.id for mark in marks if isinstance(mark, ast.Name)})


def test_only_what_says_when_it_is_missing_ever_is(world: Town) -> None:
    missing = {name for name, one in MEASURES.items() if math.isnan(read(one.function, world))}
    assert missing <= {name for name, one in MEASURES.items() if one.missing}


def test_what_says_when_it_is_missing_can_be(world: Town) -> None:
    world.journeys = world.journeys[:0]
    world.organisations[GPS].kind = OrganisationKind.ACUTE
    world.organisations["clinicians"] = world.practices["changeable"] = world.scene.clinicians = 0
    assert {name for name, one in MEASURES.items() if math.isnan(read(one.function, world))} == {
        name for name, one in MEASURES.items() if one.missing
    }


# Integration


def test_integration_is_the_index_and_its_gain_what_it_has_risen(world: Town) -> None:
    world.scene.index, world.scene.index_start = 0.35, 0.1
    assert read(measures.integration_index, world) == 0.35
    assert read(measures.integration_start, world) == 0.1
    assert read(measures.integration_gain, world) == pytest.approx(0.25)


@pytest.mark.parametrize(("index", "expected"), [(0.49, 0.0), (0.5, 1.0), (0.8, 1.0)])
def test_integrated_is_at_the_threshold_or_above(world: Town, index: float, expected: float) -> None:
    world.scene.index = index
    assert read(measures.integrated, world) == expected


@pytest.mark.parametrize(
    ("counter", "reading"),
    [
        ("first_integrated", measures.months_to_integration),
        ("first_proposal", measures.months_to_first_proposal),
        ("first_authorisation", measures.months_to_authorisation),
    ],
)
def test_months_to_what_never_happened_are_missing(world: Town, counter: str, reading: Reading) -> None:
    assert math.isnan(read(reading, world))
    setattr(world.scene, counter, 1)
    assert read(reading, world) == 1.0


def test_nominal_integration_counts_interfaces_whatever_their_depth_or_traffic(world: Town) -> None:
    assert read(measures.nominal_integration, world) == 0.0
    world.interfaces[1].redesigned = 1
    assert read(measures.nominal_integration, world) == 0.5


def test_a_handoff_counts_as_much_as_it_is_not_joined_up(world: Town) -> None:
    world.interfaces[0].integration, world.interfaces[1].integration = 0.6, 0.1
    # GPs to hospital to community: 0.4 + 0.9; GPs to hospital: 0.4.
    assert read(measures.handoffs_per_journey, world) == pytest.approx((0.4 + 0.9 + 0.4) / 2)


def test_a_step_within_one_owner_is_no_handoff_and_parallel_interfaces_count_their_mean(world: Town) -> None:
    world.journeys = np.array([[HOSPITAL, HOSPITAL, GPS]])
    world.interfaces[1].second = GPS
    world.interfaces[0].integration, world.interfaces[1].integration = 0.2, 0.6
    assert read(measures.handoffs_per_journey, world) == pytest.approx(0.6)


def test_an_interface_within_one_owner_is_a_handoff(world: Town) -> None:
    world.journeys = np.array([[HOSPITAL, HOSPITAL]])
    world.interfaces[1].second = HOSPITAL
    world.interfaces[1].integration = 0.3
    assert read(measures.handoffs_per_journey, world) == pytest.approx(0.7)


def test_referral_is_as_clear_as_clinics_are_organised_on_general_practices_side(world: Town) -> None:
    change(world, 0, Practice.CLINIC_ORGANISATION, 0.9, 0.3)
    change(world, 0, Practice.BOOKING, 1.0, 1.0)
    assert read(measures.referral_clarity, world) == pytest.approx(0.3)


def test_referral_clarity_weighs_interfaces_by_traffic(world: Town) -> None:
    world.organisations[COMMUNITY].kind = OrganisationKind.GENERAL_PRACTICE
    change(world, 0, Practice.CLINIC_ORGANISATION, 0.0, 0.4)
    change(world, 1, Practice.CLINIC_ORGANISATION, 0.0, 0.8)
    assert read(measures.referral_clarity, world) == pytest.approx(0.75 * 0.4 + 0.25 * 0.8)


# Within organisations and for users


def test_local_improvement_is_the_mean_over_providers_and_changeable_practices(world: Town) -> None:
    world.practices[Practice.TARIFF].changeable = 0.0
    world.local[HOSPITAL, Practice.BOOKING] = 0.6
    world.local[HOSPITAL, Practice.TARIFF] = 1.0
    assert read(measures.local_improvement, world) == pytest.approx(0.6 / 12)


def test_access_counts_what_was_gained_in_practices_that_serve_experience(world: Town) -> None:
    world.practices[Practice.BOOKING].experience_gain = 0.8
    world.practices[Practice.CLINIC_ORGANISATION].experience_gain = 0.2
    world.depth[:] = 0.1
    world.interfaces[0].start = world.interfaces[1].start = 0.1
    change(world, 0, Practice.BOOKING, 0.5, 0.3)
    change(world, 1, Practice.TARIFF, 1.0, 1.0)
    # Booking has gained 0.3 on average at the interface with three quarters of the traffic; it is 0.8 of experience.
    assert read(measures.access_improvement, world) == pytest.approx(0.75 * 0.8 * 0.3)


# Process


@pytest.mark.parametrize(
    ("name", "counter"),
    [
        ("proposals_started", "started"),
        ("cross_boundary_started", "cross_boundary_started"),
        ("proposals_authorised", "authorised"),
        ("proposals_refused", "refused"),
        ("proposals_stalled", "stalled"),
        ("redesigns_completed", "completed"),
        ("redesigns_imposed", "imposed"),
        ("funding_won", "funding_won"),
        ("depth_conceded", "conceded"),
        ("guarantees_given", "guarantees"),
        ("zone_of_agreement", "zone"),
        ("redesign_activity", "redesign_activity"),
        ("reorganisations", "reorganisations"),
        ("informal_links", "links_made"),
        ("links_converted", "links_converted"),
    ],
)
def test_what_the_scene_has_counted_is_read_off_it(world: Town, name: str, counter: str) -> None:
    assert read(MEASURES[name].function, world) == 0.0
    setattr(world.scene, counter, 3)
    assert read(MEASURES[name].function, world) == 3.0


def test_activity_is_all_that_an_onlooker_sees(world: Town) -> None:
    world.scene.redesign_activity, world.scene.reorganisations = 12.0, 5
    assert read(measures.activity, world) == 17.0


def test_cross_boundary_ties_leave_out_colleagues_at_home_and_what_managers_know(world: Town) -> None:
    befriend(world, ANN, BEN)
    befriend(world, ANN, GIA)
    befriend(world, ANN, CARLA)
    # Ann knows two elsewhere, Gia one; four clinicians.
    assert read(measures.cross_boundary_ties, world) == 3 / 4


def failure(world: Town) -> Failure:
    return Failure(int(read(measures.failure_mode, world)))


def test_what_integrates_has_not_failed(world: Town) -> None:
    world.scene.index = 0.5
    assert failure(world) == Failure.NONE


def test_a_pathway_for_which_nobody_proposed_anything_was_not_started(world: Town) -> None:
    put_forward(world, ANN, HOSPITAL, stage=Stage.REFUSED)
    world.scene.started = 1
    assert failure(world) == Failure.NOT_STARTED


def test_a_pathway_was_imposed_upon_if_most_depth_was(world: Town) -> None:
    world.scene.cross_boundary_started = 1
    put_forward(world, ANN, HOSPITAL, GPS, stage=Stage.COMPLETED, depth_implemented=0.3)
    put_forward(world, CARLA, HOSPITAL, GPS, stage=Stage.COMPLETED, depth_implemented=0.3, imposed=1)
    assert failure(world) == Failure.STALEMATE
    world.proposals[1].depth_implemented = 0.31
    assert failure(world) == Failure.IMPOSED


@pytest.mark.parametrize(
    ("peak", "index", "expected"),
    [(0.31, 0.3, Failure.ERODED), (0.3, 0.2, Failure.STALEMATE), (0.45, 0.31, Failure.STALEMATE)],
)
def test_what_was_more_than_halfway_and_is_not_any_more_has_eroded(
    world: Town, peak: float, index: float, expected: Failure
) -> None:
    world.scene.cross_boundary_started = 1
    world.scene.index_start, world.scene.index_peak, world.scene.index = 0.1, peak, index
    assert failure(world) == expected


def test_more_refused_than_stalled_across_boundaries_is_refusal_and_otherwise_stalemate(world: Town) -> None:
    world.scene.cross_boundary_started = 2
    put_forward(world, ANN, HOSPITAL, GPS, stage=Stage.REFUSED)
    assert failure(world) == Failure.REFUSED
    put_forward(world, BEN, HOSPITAL, stage=Stage.STALLED)
    assert failure(world) == Failure.REFUSED
    put_forward(world, GIA, HOSPITAL, GPS, stage=Stage.STALLED)
    assert failure(world) == Failure.STALEMATE


# The zone of agreement


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> Callable[[View], None]:
    """Lets a test say what everyone thinks of a package, whatever the rules of weighing make of it."""

    def hold(view: View) -> None:
        monkeypatch.setattr(measures, "own_view", lambda person, _, proposal: view(person, proposal))

    return hold


def test_where_nobody_minds_every_package_would_do(world: Town, views: Callable[[View], None]) -> None:
    views(lambda _, __: 0.0)
    assert read(measures.zone_of_packages, world) == pytest.approx(1.0)


def test_one_who_bears_half_a_change_of_roles_rules_deeper_ones_out_where_they_work(
    world: Town, views: Callable[[View], None]
) -> None:
    views(lambda one, package: 0.5 - package.design[Practice.PROFESSIONAL_ROLES] if one.number == GIA else 0.0)
    # Of a third, two thirds and the whole way Gia bears a third, at the interface with three quarters of the traffic.
    assert read(measures.zone_of_packages, world) == pytest.approx(0.75 / 3 + 0.25)


def test_packages_are_weighed_with_the_guarantees_of_the_case(world: Town, views: Callable[[View], None]) -> None:
    world.case.guarantees = 0.2
    views(lambda one, package: 0.5 + package.guarantee - package.design[4] if one.number == GIA else 0.0)
    assert read(measures.zone_of_packages, world) == pytest.approx(0.75 * 2 / 3 + 0.25)


def test_commissioners_are_needed_only_where_the_tariff_changes(world: Town, views: Callable[[View], None]) -> None:
    views(lambda one, _: -1.0 if one.number == CARLA else 0.0)
    assert read(measures.zone_of_packages, world) == 0.0
    world.practices[Practice.TARIFF].changeable = 0.0
    assert read(measures.zone_of_packages, world) == pytest.approx(1.0)


def test_clinicians_of_a_side_are_taken_together_and_heads_one_by_one(
    world: Town, views: Callable[[View], None]
) -> None:
    held = {ANN: -1.0, BEN: 0.9, MANAGER: 0.5}
    views(lambda one, _: held.get(int(one.number), 0.0))
    assert read(measures.zone_of_packages, world) == 0.0
    held[BEN] = 1.0
    assert read(measures.zone_of_packages, world) == pytest.approx(1.0)
    held[EXECUTIVE] = -0.1
    assert read(measures.zone_of_packages, world) == 0.0


def test_colleagues_backing_counts_as_far_as_entrenchment_lets_it(world: Town, views: Callable[[View], None]) -> None:
    world.behaviour.peer_weight = 0.2
    world.people[MANAGER].entrenchment = 0.5
    views(lambda one, _: -0.1 if one.number == MANAGER else 0.0)
    assert read(measures.zone_of_packages, world) == pytest.approx(1.0)
    world.people[MANAGER].entrenchment = 0.6
    assert read(measures.zone_of_packages, world) == 0.0


def test_packages_are_weighed_at_their_interface_before_policy_is_heard(
    world: Town, views: Callable[[View], None]
) -> None:
    world.interfaces[0].integration = 0.6
    world.interfaces[1].second = HOSPITAL
    seen = set()

    def view(_: Town, package: Town) -> float:
        seen.add((float(package.shortfall), int(package.breadth), float(package.alignment)))
        return float(package.shortfall) - 0.5

    views(view)
    assert read(measures.zone_of_packages, world) == pytest.approx(0.25)
    assert seen == {(0.4, 2, 0.5), (1.0, 1, 0.5)}


def test_the_grid_has_three_depths_of_three_groups_of_practices(world: Town, views: Callable[[View], None]) -> None:
    seen = set()

    def view(_: Town, package: Town) -> float:
        seen.add(tuple(round(float(depth) * 3) for depth in package.design))
        return 0.0

    views(view)
    measures.zone_of_packages(world)
    depths = (1, 2, 3)
    assert seen == {
        (clinics, systems, systems, tariff, clinics) for clinics in depths for systems in depths for tariff in depths
    }


def test_asking_what_people_would_think_leaves_the_world_as_it_was(world: Town, views: Callable[[View], None]) -> None:
    views(lambda _, __: 0.0)
    put_forward(world, ANN, HOSPITAL, GPS)
    before = {name: part.copy() for name, part in vars(world).items()}
    measures.zone_of_packages(world)
    assert all(np.array_equal(part, getattr(world, name)) for name, part in before.items())


# People


def test_support_is_the_share_of_stances_taken_on_others_proposals_that_back_them(world: Town) -> None:
    put_forward(world, ANN, HOSPITAL, GPS)
    put_forward(world, CARLA, HOSPITAL, GPS)
    world.stance[0, [BEN, GIA, MANAGER]] = Stance.REFUSES, Stance.BACKS, Stance.REFUSES
    world.stance[1, [GIA, EXECUTIVE]] = Stance.CO_LEADS, Stance.BACKS
    assert read(measures.clinician_support, world) == pytest.approx(2 / 3)
    assert read(measures.manager_support, world) == 0.5


def test_clinicians_and_managers_trust_each_other_by_organisation(world: Town) -> None:
    # In the hospital two clinicians, in the other two one each: each organisation counts the same.
    world.trust[ANN, MANAGER] = 0.9
    world.trust[EXECUTIVE, BEN] = 0.1
    world.trust[GIA, 5] = world.trust[5, GIA] = world.trust[GIA, 6] = world.trust[6, GIA] = 0.8
    world.trust[GIA, MANAGER] = 0.0
    assert read(measures.clinician_manager_trust, world) == pytest.approx((0.5 + 0.8 + 0.5) / 3)


def test_followers_are_those_who_know_a_clinician_who_led(world: Town) -> None:
    for one, other, trust in ((ANN, BEN, 0.9), (ANN, GIA, 0.3), (GIA, CAL, 0.2)):
        befriend(world, one, other)
        world.trust[other, one] = trust
    world.people[ANN].started = world.people[GIA].started = world.people[MANAGER].started = 1
    # Ann is trusted by Ben 0.9 and by Gia 0.3; Gia by Cal 0.2 and by Ann 0.5.
    assert read(measures.follower_trust, world) == pytest.approx((0.6 + 0.35) / 2)


def test_trust_received_of_someone_whom_nobody_knows_is_missing(world: Town) -> None:
    world.people[ANN].started = world.people[BEN].started = 1
    befriend(world, ANN, GIA)
    assert math.isnan(measures.trust_received(BEN, world))
    assert read(measures.follower_trust, world) == 0.5


def test_shared_purpose_is_everyones_mean(world: Town) -> None:
    world.people[ANN].purpose, world.people[CARLA].purpose = 1.0, 0.1
    assert read(measures.shared_purpose, world) == pytest.approx(1.1 / 11)


def test_clinical_influence_counts_depth_in_every_organisation_that_a_redesign_reached(world: Town) -> None:
    put_forward(world, ANN, HOSPITAL, GPS, depth_implemented=0.3)
    put_forward(world, MANAGER, HOSPITAL, depth_implemented=0.2)
    assert read(measures.clinical_influence, world) == pytest.approx(0.6 / 0.8)


def test_own_say_is_the_share_of_changes_that_were_agreed(world: Town) -> None:
    world.people[ANN].changes, world.people[ANN].agreed = 3, 3
    world.people[GIA].changes, world.people[GIA].agreed = 5, 1
    assert read(measures.own_say, world) == 0.5


def test_who_was_outmanoeuvred_twice_is_one_clinician(world: Town) -> None:
    world.people[ANN].outmanoeuvred, world.people[GIA].outmanoeuvred = 2, 1
    assert read(measures.clinicians_outmanoeuvred, world) == 2.0


# National


def two_strategies(world: Town) -> None:
    strategies = np.concatenate([world.strategies, world.strategies])
    world.strategies = strategies.view(world.strategies.dtype)
    world.scene.strategies = 2
    for number, (month, heard, standing) in enumerate(((6, 0.4, 0.1), (12, 0.8, 0.3))):
        strategy = world.strategies[number]
        strategy.month, strategy.realised_input, strategy.standing = month, heard, standing


def test_strategies_count_from_the_month_of_their_publication(world: Town) -> None:
    two_strategies(world)
    assert read(measures.strategy_clinical_input, world) == pytest.approx(0.6)
    assert read(measures.strategy_standing, world) == pytest.approx(0.2)
    world.scene.month = 11
    assert read(measures.strategy_clinical_input, world) == 0.4
    world.mechanisms.S7 = Switch.OFF
    assert math.isnan(read(measures.strategy_standing, world))


# Month by month


def test_salience_and_who_is_free_to_propose_are_followed(world: Town) -> None:
    world.scene.salience = 0.3
    world.people[ANN].proposal = world.people[GIA].proposal = 0
    assert read(measures.salience, world) == 0.3
    assert read(measures.at_risk, world) == 9.0


@pytest.mark.parametrize(("write", "held"), [(measures.write_outcomes, MEASURES), (measures.write_course, COURSES)])
def test_a_writer_writes_each_measure_in_its_place(
    world: Town, write: Callable[[Town, list[float]], None], held: dict[str, Measure]
) -> None:
    world.scene.index, world.scene.started, world.scene.salience = 0.2, 4, 0.7
    row = [-1.0] * len(held)
    write(world, row)
    assert np.array_equal(row, [one.function(as_agents(world)) for one in held.values()], equal_nan=True)


def test_a_writer_of_one_measure_writes_one() -> None:
    row = [-1.0, -1.0]
    writer([MEASURES["integrated"]])(town(), row)
    assert row == [0.0, -1.0]


def test_measures_take_a_world_and_nothing_else() -> None:
    assert {tuple(inspect.signature(one.function).parameters) for one in MEASURES.values()} == {("world",)}
    assert len(CLINICIANS) == town().scene.clinicians


# The two executions


@jitable
def both(world: Town) -> None:
    measures.write_outcomes(world, world.outcomes)
    measures.write_course(world, world.event_amounts)


@pytest.mark.core
@pytest.mark.slow
def test_compiled_and_interpreted_read_the_same_bits() -> None:
    worlds: list[Town] = []
    state, key = build(load_scenario("classroom"), event_slots=len(COURSES)).state, replicate_key(3, 0)
    in_a_world(worlds.append)(state, *key)
    (world,) = worlds
    compiled = numba.njit(boundscheck=True)(in_a_world(both))
    found(world)
    for _ in range(18):
        world.scene.month += 1
        WHOLE_MONTH(world)
        compiled(state, *key)
        read_compiled = state.outcomes.tobytes(), state.event_amounts.tobytes()
        for one in (world, as_agents(world)):
            state.outcomes[:] = state.event_amounts[:] = -1.0
            both(one)
            assert (state.outcomes.tobytes(), state.event_amounts.tobytes()) == read_compiled
    assert world.scene.started > 0
