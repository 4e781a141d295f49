from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from redesign_sim.happenings import Event, note
from redesign_sim.roles import Practice, Stage, Stance
from redesign_sim.world.measures import COURSES, MEASURES
from redesign_sim.world.tables import MEANINGS, Recorder, Run, leadership_type, outcomes_table
from tests.world.towns import (
    ANN,
    BEN,
    CAL,
    CARLA,
    GIA,
    GPS,
    HOSPITAL,
    LABELS,
    MANAGER,
    Town,
    as_agents,
    befriend,
    change,
    put_forward,
    town,
)


def watch(world: Town) -> Recorder:
    return Recorder(world, LABELS, scenario_name="town", seed=0, replication=4)


@pytest.fixture(params=["records", "agents"])
def world(request: pytest.FixtureRequest) -> Town:
    """The town on its first day, as either execution holds it."""
    world = town()
    world.scene.month = 0
    ann = world.people[ANN]
    ann.ambition, ann.capability, ann.entrenchment = 0.8, 0.3, 0.6
    befriend(world, ANN, BEN)
    befriend(world, ANN, GIA)
    world.trust[BEN, ANN], world.trust[GIA, ANN] = 0.9, 0.5
    return world if request.param == "records" else as_agents(world)


def test_a_run_says_which_it_was_and_is_not_changed_afterwards(world: Town) -> None:
    run = watch(world).finish()
    assert (run.scenario_name, run.seed, run.replication) == ("town", 0, 4)
    assert [field.name for field in fields(Run)] == [
        *("scenario_name", "seed", "replication"),
        *("monthly", "people", "proposals", "interfaces", "events", "outcomes"),
    ]
    with pytest.raises(FrozenInstanceError):
        run.seed = 1  # type: ignore[misc]


def test_every_column_has_its_unit_and_definition(world: Town) -> None:
    run = watch(world).finish()
    for frame in (run.monthly, run.people, run.proposals, run.interfaces, run.events):
        assert list(frame.columns) == list(frame.attrs["units"]) == list(frame.attrs["definitions"])
    assert list(run.outcomes.index) == list(run.outcomes.attrs["units"]) == list(MEASURES)
    assert run.outcomes.attrs["units"]["months_to_integration"] == "months"
    assert run.outcomes.attrs["definitions"]["months_to_integration"].endswith("Missing: it never was integrated.")


# People


def test_people_are_shown_as_they_were_on_the_first_day_and_what_they_came_to(world: Town) -> None:
    recorder = watch(world)
    ann = world.people[ANN]
    ann.organisation, ann.entrenchment, ann.ambition = GPS, 0.1, 0.0
    ann.changes, ann.agreed, ann.outmanoeuvred, ann.depth_led, ann.local_led, ann.started = 4, 1, 1, 0.4, 0.3, 2
    world.people[BEN].changes = 1
    world.trust[BEN, ANN] = 0.1
    people = recorder.finish().people
    assert people.loc[BEN, "own_say"] == 0.0
    assert dict(people.loc[ANN]) == {
        "person": ANN,
        "name": "Ann",
        "role": "clinician",
        "profession": "nurse",
        "organisation": "Hospital",
        "organisation_end": "Practice",
        "leadership_type": "lacking_followers",
        "ambition": 0.8,
        "capability": 0.3,
        "entrenchment": 0.6,
        "interest": 0.0,
        "loss_weight": 0.0,
        "accountability": 0.0,
        "position": 0.0,
        "time": 0.0,
        "ties_start": 2,
        "cross_boundary_ties_start": 1,
        "trust_received_start": pytest.approx(0.7),
        "trust_received_end": pytest.approx(0.3),
        "proposals_started": 2,
        "depth_led": 0.4,
        "local_improvement_led": 0.3,
        "own_say": 0.25,
        "outmanoeuvred": 1,
    }


def test_what_a_person_never_had_is_missing(world: Town) -> None:
    people = watch(world).finish().people
    assert people.loc[CAL, ["trust_received_start", "own_say"]].isna().all()
    assert people.loc[CARLA, "leadership_type"] == ""


@pytest.mark.parametrize(
    ("ambition", "capability", "expected"),
    [
        (0.4, 0.4, "passive"),
        (0.4, 0.5, "localised"),
        (0.5, 0.4, "lacking_followers"),
        (0.5, 0.5, "high_impact"),
    ],
)
def test_traits_are_cut_at_a_half(ambition: float, capability: float, expected: str) -> None:
    assert leadership_type(0, ambition, capability) == expected
    assert leadership_type(1, ambition, capability) == ""


# Proposals


def test_a_proposal_keeps_who_put_it_forward_and_what_they_were_like(world: Town) -> None:
    recorder = watch(world)
    world.scene.month = 3
    facts = {"started": 3, "depth_asked": 0.5, "merit": 0.4, "lead_ties": 1}
    put_forward(world, ANN, HOSPITAL, GPS, **facts)
    recorder.month()
    world.people[ANN].ambition = 0.0
    proposal = world.proposals[0]
    proposal.lead, proposal.co_leads, proposal.stage, proposal.ended = GIA, 1, Stage.REFUSED, 9
    proposal.reason, proposal.alignment, proposal.conceded = Event.REFUSED, 0.6, 0.1
    row = recorder.finish().proposals.loc[0]
    assert {name: row[name] for name in row.index if name != "authorised"} == {
        "proposal": 0,
        "lead": ANN,
        "lead_name": "Ann",
        "lead_role": "clinician",
        "lead_end": GIA,
        "co_leads": 1,
        "lead_ambition": 0.8,
        "lead_capability": 0.3,
        "lead_ties_before": 1,
        "organisations": "Hospital; Practice",
        "breadth": 2,
        "cross_boundary": True,
        "imposed": False,
        "started": 3,
        "ended": 9,
        "alignment": 0.6,
        "merit": 0.4,
        "depth_asked": 0.5,
        "depth_agreed": 0.0,
        "depth_implemented": 0.0,
        "depth_conceded": 0.1,
        "guarantee": 0.0,
        "funding": 0.0,
        "end": "refused",
        "reason": "refused",
    }
    assert row[["authorised"]].isna().all()


def test_commissioners_in_the_scope_are_no_organisation_of_care(world: Town) -> None:
    recorder = watch(world)
    put_forward(world, ANN, HOSPITAL, GPS)
    world.scope[0, 3] = 1
    recorder.month()
    assert recorder.finish().proposals.loc[0, "organisations"] == "Hospital; Practice"


def test_what_was_imposed_has_no_merit_and_no_ties_before(world: Town) -> None:
    recorder = watch(world)
    put_forward(world, CARLA, HOSPITAL, GPS, imposed=1, stage=Stage.COMPLETED, reason=Event.IMPOSED, started=1)
    put_forward(world, ANN, HOSPITAL, stage=Stage.COMPLETED)
    recorder.month()
    proposals = recorder.finish().proposals
    assert proposals["merit"].isna().tolist() == [True, False]
    assert proposals["lead_ties_before"].isna().tolist() == [True, False]
    assert proposals["imposed"].tolist() == [True, False]
    assert proposals["cross_boundary"].tolist() == [True, False]
    assert proposals["started"].isna().tolist() == [False, True]
    assert proposals["reason"].tolist() == ["imposed", ""]
    assert proposals["end"].tolist() == ["completed", "completed"]


# Months


def test_months_begin_with_the_first_day(world: Town) -> None:
    recorder = watch(world)
    for month in (1, 2):
        world.scene.month, world.scene.index, world.scene.started = month, month / 10, month
        world.people[ANN].proposal = 0
        recorder.month()
    monthly = recorder.finish().monthly
    assert list(monthly.columns) == ["month", *COURSES]
    assert monthly["month"].tolist() == [0, 1, 2]
    assert monthly["integration_index"].tolist() == [0.0, 0.1, 0.2]
    assert monthly["proposals_started"].tolist() == [0, 1, 2]
    assert monthly["at_risk"].tolist() == [11, 10, 10]
    assert monthly["integrated"].tolist() == [False, False, False]


def test_interfaces_are_followed_month_by_month(world: Town) -> None:
    world.practices[Practice.TARIFF].changeable = 0.0
    recorder = watch(world)
    world.scene.month = 1
    change(world, 1, Practice.BOOKING, 0.2, 0.6)
    change(world, 1, Practice.TARIFF, 1.0, 1.0)
    world.interfaces[1].integration, world.interfaces[1].redesigned = 0.3, 1
    world.interfaces[0].tended = 1
    recorder.month()
    interfaces = recorder.finish().interfaces
    assert interfaces[["month", "interface"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert interfaces["tended"].tolist() == [False, False, True, False]
    row = interfaces.loc[3]
    assert (row["name"], row["first"], row["second"], row["traffic"]) == ("Hospital – Community", 0, 2, 0.25)
    assert (row["integration"], row["redesigned"], row["tended"]) == (0.3, True, False)
    assert row["depth_booking"] == pytest.approx(0.4)
    assert row["depth"] == pytest.approx(0.4 / 4)
    assert interfaces.loc[1, "depth_booking"] == 0.0


# Events


def test_events_are_told_by_name(world: Town) -> None:
    note(world, Event.DECLINED, BEN, ANN, 0, -0.2)
    note(world, Event.GRANTED, 3, HOSPITAL, 0, 0.5)
    note(world, Event.STRATEGY_PUBLISHED, -1, -1, 0, 0.8)
    events = watch(world).finish().events
    assert events["event"].tolist() == ["declined", "granted", "strategy_published"]
    assert events[["who", "whom", "about"]].to_numpy().tolist() == [[BEN, ANN, 0], [3, HOSPITAL, 0], [-1, -1, 0]]
    assert events["amount"].tolist() == [-0.2, 0.5, 0.8]
    assert events["who_name"].tolist() == ["Ben", "executive", ""]
    assert events["whom_name"].tolist() == ["Ann", "Hospital", ""]
    assert events["about_name"].tolist() == ["proposal 0", "proposal 0", "the plan"]
    assert events.attrs["lost"] == 0


def test_events_for_which_there_was_no_room_are_counted(world: Town) -> None:
    for who in (ANN, BEN, GIA, CAL, MANAGER):
        note(world, Event.IMPOSED, who, 1, 0, 10.0)
    events = watch(world).finish().events
    assert len(events) == 3
    assert events.attrs["lost"] == 2
    assert events["whom_name"].unique().tolist() == ["Hospital – Community"]


def test_a_run_without_a_history_has_a_table_without_events(world: Town) -> None:
    events = watch(world).finish().events
    assert events.empty
    assert "who_name" in events


def test_every_meaning_can_be_looked_up() -> None:
    looked_up = {"person", "organisation", "interface", "strategy", "proposal"}
    assert {what for meaning in MEANINGS.values() for what in meaning} <= looked_up


# Outcomes


def test_outcomes_are_numbers_counts_yes_or_no_and_names(world: Town) -> None:
    recorder = watch(world)
    world.scene.index, world.scene.started, world.scene.cross_boundary_started = 0.4, 3, 1
    put_forward(world, ANN, HOSPITAL, GPS, stage=Stage.REFUSED)
    world.stance[0, BEN] = Stance.REFUSES
    recorder.month()
    outcomes = recorder.finish().outcomes
    assert outcomes["integration_index"] == 0.4
    assert outcomes["proposals_started"] == 3
    assert isinstance(outcomes["proposals_started"], int)
    assert outcomes["integrated"] is False
    assert outcomes["failure_mode"] == "refused"
    assert outcomes["clinician_support"] == 0.0
    assert math.isnan(outcomes["months_to_integration"])


def test_outcomes_of_several_runs_are_typed_columns() -> None:
    frame = outcomes_table(np.array([[0.0] * len(MEASURES), [1.0] * len(MEASURES)]))
    assert list(frame.columns) == list(MEASURES)
    assert frame["integrated"].dtype == bool
    assert frame["integrated"].tolist() == [False, True]
    assert frame["proposals_started"].dtype == int
    assert frame["integration_index"].dtype == float
    assert frame["failure_mode"].tolist() == ["none", "not_started"]
