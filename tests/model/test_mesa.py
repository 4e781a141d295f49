"""The model on either Mesa: batch runs, data collection, seeds, stages, and agents of one's own."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pandas as pd
import pytest

from redesign_sim import RedesignModel, ScenarioError, load_scenario, override, simulate
from redesign_sim.happenings import Event
from redesign_sim.model import Clinician, Commissioner, Executive, Manager
from redesign_sim.model.model import REPORTED
from redesign_sim.model.people import AGENTS, Person
from redesign_sim.month import MONTH
from redesign_sim.roles import Role, Stance
from redesign_sim.world.measures import COURSES
from redesign_sim.world.records import State

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario
    from redesign_sim.things import Proposal, World

pytestmark = pytest.mark.core

NETWORK: dict[str, Any] = {"network.strength": 0.5}
MISSPELT: dict[str, Any] = {"network.strenght": 0.5}
LIVELY = {"leadership.time_share": 0.25, "horizon_months": 18}


@pytest.fixture(scope="module")
def case() -> Scenario:
    return override(load_scenario("classroom"), LIVELY)


def lived(model: RedesignModel) -> RedesignModel:
    while model.running:
        model.step()
    return model


def happened(model: RedesignModel) -> list[tuple[int, ...]]:
    return [tuple(row) for row in np.asarray(model.world.event_codes)[: model.world.scene.events].tolist()]


def batch(parameters: dict[str, Any], **settings: Any) -> pd.DataFrame:  # noqa: ANN401  mesa's own
    rows = mesa.batch_run(RedesignModel, parameters, number_processes=1, display_progress=False, **settings)
    return pd.DataFrame(rows)


# Mesa 3.3's `batch_run` leaves out the last month of every model that collects on its first day.
LEFT_OUT = 0 if "rng" in signature(mesa.batch_run).parameters else 1


def test_batch_run_with_seeds_among_the_parameters(case: Scenario) -> None:
    frame = batch({"scenario": [case], "seed": [0, 1, 2], "persuasion.strength": [0.2, 1.0]}, max_steps=500)
    ends = frame.drop_duplicates(["RunId"]).set_index(["seed", "persuasion.strength"])
    assert len(ends) == 6
    assert set(ends["Step"]) == {18 - LEFT_OUT}
    for seed in (0, 1, 2):
        for strength in (0.2, 1.0):
            monthly = simulate(override(case, {"persuasion.strength": strength}), seed).monthly
            assert ends["integration_index"][seed, strength] == monthly["integration_index"][18 - LEFT_OUT]


def test_batch_run_gives_each_run_the_seed_that_was_asked_for(case: Scenario) -> None:
    by_seed = batch({"scenario": [case], "seed": [0, 1]}, data_collection_period=1)
    assert by_seed.groupby("RunId")["seed"].unique().map(list).to_list() == [[0], [1]]
    if not LEFT_OUT:
        by_rng = batch({"scenario": [case]}, data_collection_period=1, rng=[0, 1])
        measured = ["RunId", "Step", "AgentID", *COURSES, *REPORTED]
        pd.testing.assert_frame_equal(by_rng[measured], by_seed[measured])


def test_mesas_own_page_takes_the_model_with_its_settings() -> None:
    from mesa.visualization import solara_viz  # noqa: PLC0415  it loads a page, which the other tests do without

    model = RedesignModel("classroom", seed=1)
    settings = {"scenario": "classroom", "seed": 1, "network.strength": 0.5}
    solara_viz._check_model_params(model.__init__, settings)  # type: ignore[misc]  # noqa: SLF001


def test_batch_run_stops_at_the_horizon_and_can_collect_every_month() -> None:
    frame = batch(
        {"scenario": "classroom", "seed": [4], "horizon_months": [5]}, max_steps=100, data_collection_period=1
    )
    assert sorted(frame["Step"].unique()) == list(range(6 - LEFT_OUT))
    assert frame["AgentID"].nunique() == 12


def test_the_data_collector_holds_every_course_of_every_month(case: Scenario) -> None:
    model = lived(RedesignModel(case, seed=3))
    courses = model.datacollector.get_model_vars_dataframe()
    monthly = simulate(case, 3).monthly
    assert list(courses.columns) == list(COURSES)
    assert len(courses) == 19
    for name in COURSES:
        assert courses[name].to_numpy(np.float64).tobytes() == monthly[name].to_numpy(np.float64).tobytes(), name


def test_the_data_collector_follows_every_person(case: Scenario) -> None:
    model = lived(RedesignModel(case, seed=3))
    people = model.datacollector.get_agent_vars_dataframe()
    assert list(people.columns) == list(REPORTED)
    assert people.index.names == ["Step", "AgentID"]
    assert len(people) == 19 * 12
    last = people.xs(18, level="Step")["belief"]
    assert last.to_dict() == {agent.unique_id: agent.belief for agent in model.agents}


def test_it_stops_at_the_horizon(case: Scenario) -> None:
    model = RedesignModel(case, seed=1)
    for _ in range(17):
        model.step()
        assert model.running
    model.step()
    assert not model.running
    assert model.world.scene.month == model.steps == 18


def test_seed_and_rng_are_the_same_luck_and_nought_is_a_seed(case: Scenario) -> None:
    runs = [happened(lived(RedesignModel(case, **luck))) for luck in ({"seed": 0}, {"rng": 0}, {"rng": np.int64(0)})]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0] != happened(lived(RedesignModel(case, seed=1)))
    assert RedesignModel(case, seed=0).luck == 0


def test_without_a_seed_each_model_has_its_own_luck(case: Scenario) -> None:
    first, second = RedesignModel(case), RedesignModel(case)
    assert first.luck != second.luck
    again = RedesignModel(case, seed=first.luck)
    assert happened(lived(again)) == happened(lived(first))


def test_mesas_own_dice_decide_nothing(case: Scenario) -> None:
    usual, shaken = RedesignModel(case, seed=5), RedesignModel(case, seed=5)
    for _ in range(18):
        shaken.random.random()
        shaken.rng.random()
        shaken.step()
    assert happened(shaken) == happened(lived(usual))


def test_mesas_own_scenario_is_left_to_mesa(case: Scenario) -> None:
    model = RedesignModel(case, seed=2)
    assert model.case is case
    assert getattr(model, "scenario", None) is not case
    if hasattr(mesa.Model, "scenario"):
        assert type(model.scenario).__module__.startswith("mesa")
    assert load_scenario("classroom") == load_scenario("classroom")


def test_a_scenario_its_name_its_path_and_its_settings() -> None:
    by_name = RedesignModel("classroom", seed=1, **NETWORK)
    assert by_name.case == override(load_scenario("classroom"), NETWORK)
    assert RedesignModel(load_scenario("classroom"), seed=1).case == load_scenario("classroom")
    with pytest.raises(ScenarioError, match=r"network\.strength"):
        RedesignModel("classroom", seed=1, **MISSPELT)


def test_stages_are_handed_out_in_the_order_of_the_month(case: Scenario) -> None:
    model = RedesignModel(case, seed=1)
    assert [stage.name for stage in model.stages()] == [stage.name for stage in MONTH]
    assert model.world.scene.month == 1
    stages = model.stages()
    assert next(stages) is MONTH[0]
    assert model.world.scene.month == 2


def test_step_lives_through_all_stages(case: Scenario) -> None:
    stepped, staged = RedesignModel(case, seed=6), RedesignModel(case, seed=6)
    for _ in range(18):
        stepped.step()
        list(staged.stages())
    assert happened(stepped) == happened(staged)
    assert stepped.world.scene.index == staged.world.scene.index


def test_the_state_can_be_written_back(case: Scenario) -> None:
    model = RedesignModel(case, seed=1)
    model.step()
    model.world.people[3].belief = 0.125
    state = model.world.written_back()
    assert isinstance(state, State)
    assert state.people[3]["belief"] == 0.125
    assert state.scene[0]["month"] == 1


def test_everyone_is_a_mesa_agent_of_their_role(case: Scenario) -> None:
    model = RedesignModel(case, seed=1)
    assert len(model.agents) == len(model.world.people) == 12
    assert set(model.agents) == set(model.world.people)
    assert {type(agent): agent.role for agent in model.agents} == {
        Clinician: Role.CLINICIAN,
        Manager: Role.MANAGER,
        Executive: Role.EXECUTIVE,
        Commissioner: Role.COMMISSIONER,
    }
    assert set(AGENTS) == set(Role)


def test_agents_hold_plain_numbers(case: Scenario) -> None:
    model = RedesignModel(case, seed=1)
    model.step()
    for thing in (*model.world.people, *model.world.proposals, *model.world.interfaces, model.world.scene):
        for name, value in vars(thing).items():
            if isinstance(value, np.generic):
                pytest.fail(f"{name} is {value!r}")


def test_what_people_do_in_a_month_are_methods_of_theirs() -> None:
    acts = [act for stage in MONTH for act in stage.acts if act.whom == "people"]
    assert acts
    for act in acts:
        assert act.name in vars(Person), act.name


# One's own agents


class Unmoved(Clinician):
    """Accepts nothing."""

    def consider(self, world: World, proposal: Proposal) -> float:  # noqa: ARG002
        return -1.0


class Idle(Clinician):
    """Starts nothing."""

    def initiate(self) -> None:
        """Do nothing."""


def backers(model: RedesignModel) -> set[int]:
    """Clinicians who ever came on board of someone else's proposal."""
    return {
        who
        for _, event, who, _, _ in happened(model)
        if event == Event.BACKED and model.world.people[who].role == Role.CLINICIAN
    }


def starters(model: RedesignModel) -> set[int]:
    """Clinicians who ever started something."""
    return {person.number for person in model.world.people if person.role == Role.CLINICIAN and person.started}


def test_a_clinician_who_accepts_nothing_backs_nothing(case: Scenario) -> None:
    usual = [lived(RedesignModel(case, seed=seed)) for seed in range(6)]
    unmoved = [lived(RedesignModel(case, seed=seed, agents={Role.CLINICIAN: Unmoved})) for seed in range(6)]
    assert any(backers(model) for model in usual)
    assert not any(backers(model) for model in unmoved)
    for model in unmoved:
        own = {(p.number, p.lead) for p in model.world.proposals[: model.world.scene.proposals]}
        for person in model.agents_by_type[Unmoved]:
            stances = {number: model.world.stance[number, person.number] for number, _ in own}
            assert all(
                stance < Stance.BACKS for number, stance in stances.items() if (number, person.number) not in own
            )


def test_a_clinician_who_starts_nothing_starts_nothing(case: Scenario) -> None:
    assert any(starters(lived(RedesignModel(case, seed=seed))) for seed in range(6))
    for seed in range(6):
        model = lived(RedesignModel(case, seed=seed, agents={Role.CLINICIAN: Idle}))
        assert len(model.agents_by_type[Idle]) == 7
        assert not starters(model)


def test_own_agents_that_do_the_same_change_nothing(case: Scenario) -> None:
    class Same(Manager):
        """As everyone."""

        def consider(self, world: World, proposal: Proposal) -> float:
            return super().consider(world, proposal)

    usual = lived(RedesignModel(case, seed=9))
    assert happened(lived(RedesignModel(case, seed=9, agents={Role.MANAGER: Same}))) == happened(usual)
