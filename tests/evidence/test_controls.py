"""Controls: each is judged by what it said beforehand, in the way that its null model says, and has teeth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import pytest

from redesign_sim.evidence.altered import Alteration
from redesign_sim.evidence.claims import AS_IT_IS
from redesign_sim.evidence.controls import CONTROLS, NullModel, way_of
from redesign_sim.evidence.readings import compiled
from redesign_sim.evidence.verdicts import judge
from redesign_sim.evidence.ways import ORDINARY, Way, sheets_in
from redesign_sim.scenario import load_scenario

if TYPE_CHECKING:
    from redesign_sim.evidence.claims import Condition

compiled_only = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="hundreds of runs, too slow interpreted")
RUNS = 24
SEED = 2013


@compiled_only
@pytest.mark.parametrize("name", [name for name in CONTROLS if name != "ties_rewired"])
def test_what_must_come_to_nothing_does(name: str) -> None:
    control = CONTROLS[name]
    sheets = sheets_in(load_scenario("dementia_manchester"), control.must, range(RUNS), SEED, way_of)
    for expectation in control.must:
        assert judge(expectation, sheets).word == "holds", expectation.id


@compiled_only
@pytest.mark.parametrize("name", ["nothing_acceptable", "traits_swapped"])
def test_without_its_null_model_a_control_is_no_control(name: str) -> None:
    """Run as ever, what must come to nothing does not."""

    def as_ever(_: Condition) -> Way:
        return ORDINARY

    control = CONTROLS[name]
    sheets = sheets_in(load_scenario("dementia_manchester"), control.must, range(RUNS), SEED, as_ever)
    assert judge(control.must[0], sheets).word != "holds"


def test_each_null_model_is_run_altered_and_everything_else_as_ever() -> None:
    found = {
        way_of(condition).altered
        for control in CONTROLS.values()
        for expectation in control.expectations
        for condition in expectation.effect.conditions
        if isinstance(condition, NullModel)
    }
    assert way_of(AS_IT_IS) == ORDINARY
    assert found == {
        Alteration.ALL_WANT_THE_SAME,
        Alteration.NOTHING_ACCEPTABLE,
        Alteration.TRAITS_SWAPPED,
        Alteration.TIES_REWIRED,
        Alteration.TIES_REWIRED_ALIKE,
    }


def test_every_control_says_what_must_come_out_and_ids_are_its_own() -> None:
    for name, control in CONTROLS.items():
        assert control.must
        assert all(each.expected != "open" and not each.secondary for each in control.must), name
        assert all(each.secondary for each in control.teeth), name
        assert [each.id for each in control.expectations] == [
            f"{name}.{number}" for number in range(1, 1 + len(control.expectations))
        ]


def test_conditions_of_a_control_have_names_of_their_own() -> None:
    for control in CONTROLS.values():
        named: dict[str, Condition] = {}
        for expectation in control.expectations:
            for condition in expectation.effect.conditions:
                assert named.setdefault(condition.name, condition) is condition, condition.name


@compiled_only
def test_an_ordinary_way_reads_what_the_engine_reads() -> None:
    wanted = ["integration_gain", "lead_ties_gap", "starts_soon", "stalemate"]
    case = load_scenario("neutral")
    assert ORDINARY(case, range(5), SEED, wanted).equals(compiled(case, range(5), SEED, wanted))
