"""What a session looks at: levers over a case."""

from __future__ import annotations

import pytest

from redesign_sim.scenario import shipped_scenarios
from redesign_sim.ui.setup import ADJUSTABLE, LEVERS, MIX_PATHS, Setup, mix_values, reading


def test_a_lever_put_back_is_no_change() -> None:
    setup = Setup("classroom").with_values({"network.strength": 0.5})
    assert setup.value("network.strength") == 0.5
    assert setup.with_values({"network.strength": 0.0}) == Setup("classroom")
    assert setup.without(["network.strength"]) == Setup("classroom")


def test_a_mix_is_stated_whole() -> None:
    setup = Setup("classroom").with_values(dict(zip(MIX_PATHS, (0.35, 0.3, 0.25, 0.1), strict=True)))
    assert {path for path, _ in setup.changes} == set(MIX_PATHS)
    assert setup.mix == pytest.approx((0.35, 0.3, 0.25, 0.1))


def test_a_share_that_a_browser_takes_below_zero_by_a_hair_is_nothing() -> None:
    values = mix_values((0.2, 0.2, 0.6 + 1e-7, -1e-7))
    assert list(values.values()) == pytest.approx([0.2, 0.2, 0.6, 0])
    assert str(values[MIX_PATHS[-1]]) == "0.0"


def test_what_a_case_states_need_be_no_step_of_its_lever() -> None:
    lever = ADJUSTABLE["heard"]
    assert Setup("classroom").value(lever.path) not in lever.steps
    assert Setup("classroom").with_values(lever.values_at(Setup("classroom").value(lever.path))) == Setup("classroom")


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_every_lever_moves_every_case_from_end_to_end(name: str) -> None:
    setup = Setup(name)
    assert 5 <= len(setup.levers()) <= 6
    for lever in setup.levers():
        for value in (lever.low, lever.high):
            moved = setup.with_values({lever.path: value})
            assert reading(moved.case(), lever.path) == value


def test_there_are_seven_levers_with_the_mix() -> None:
    assert len(LEVERS) + 1 == 7


def test_without_a_strategy_nothing_pushes() -> None:
    text = "extends: classroom\nstrategies: []\n"
    keys = {lever.key for lever in Setup("classroom", text).levers()}
    assert "strategy" not in keys
    assert "network" in keys
