"""The generator of cases of any size: as large as asked, alike in all else, with the ties that were asked for."""

from __future__ import annotations

import pytest

from redesign_sim.benchmarks import suite
from redesign_sim.benchmarks.cases import Size, case_of
from redesign_sim.model import RedesignModel
from redesign_sim.study.errors import StudyError
from redesign_sim.world.building import build


@pytest.mark.parametrize("people", [20, 81, 320, 5000])
@pytest.mark.parametrize("organisations", [3, 6])
def test_a_case_has_the_people_and_organisations_that_were_asked_for(people: int, organisations: int) -> None:
    case = case_of(Size(people, organisations))
    assert sum(member.people for member in case.organisations.members.values()) == people
    assert len(case.organisations.members) == organisations


def test_a_case_can_be_founded_and_lived_through() -> None:
    model = RedesignModel(case_of(Size(40, 5, months=3)), seed=1)
    for _ in range(3):
        model.step()
    assert model.world.scene.month == 3


@pytest.mark.parametrize("size", [Size(20), Size(60), Size(180), Size(90, 12)], ids=str)
def test_everyone_has_about_the_same_number_of_ties_whatever_the_size(size: Size) -> None:
    worlds = [RedesignModel(case_of(size), seed=seed).world for seed in range(3)]
    ties = sum(sum(memory) for world in worlds for memory in world.ties.tolist())
    assert ties / (3 * size.people) == pytest.approx(size.ties, rel=0.2)


def test_months_and_the_readiness_to_start_are_those_asked_for() -> None:
    case = case_of(Size(months=17, stock=0.6))
    assert (case.horizon_months, case.behaviour.taking_stock) == (17, 0.6)


def test_the_largest_case_has_a_state() -> None:
    assert len(build(case_of(Size(2000, months=2))).state.people) == 2000


@pytest.mark.parametrize("size", [Size(10, 6), Size(80, 2), Size(5, 3)])
def test_a_case_that_cannot_be_is_refused_in_words(size: Size) -> None:
    with pytest.raises(StudyError, match=f"{size.organisations} organisations and {size.people} people cannot be"):
        case_of(size)


def test_more_ties_than_people_can_have_are_refused_in_words() -> None:
    with pytest.raises(StudyError, match="20 people cannot have 20 ties each"):
        case_of(Size(20, ties=20.0))


@pytest.mark.parametrize("plan", [suite.quick(), suite.whole()], ids=["quick", "whole"])
def test_every_case_that_the_suite_asks_for_can_be(plan: suite.Plan) -> None:
    for sizes in plan.grown.values():
        for size in sizes:
            case = case_of(size)
            assert (case.horizon_months, len(case.organisations.members)) == (size.months, size.organisations)
