"""Two executions, one text: records (compiled, unless the compiler is off) and agents hold the same bits throughout,
and what they keep because it is read often is what one would count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from redesign_sim.happenings import Event
from redesign_sim.month import MONTH
from redesign_sim.scenario import load_scenario, override
from redesign_sim.world.building import build
from redesign_sim.world.records import State, copy_of
from tests.engine.kept import miskept
from tests.engine.localities import random_locality
from tests.engine.states import EVENTS, differences, fields, side_by_side

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario

CASES = ("classroom", "dementia_london", "dementia_manchester", "sexual_health_london", "sexual_health_manchester")
BUSY = {
    "leadership.time_share": 0.25,
    "network.strength": 1.0,
    "turbulence.local_per_year": 3.0,
    "turbulence.national_per_year": 1.0,
}
"""What makes the first months of a case eventful."""


def same_throughout(scenario: Scenario, months: int, seed: int) -> State:
    """The state at the end, which both executions hold; fails at the first stage after which they differ, or keep what
    one would not count.
    """
    state = None
    for where, records, agents in side_by_side(scenario, months, seed):
        found = differences(records, agents)
        found += miskept(records)
        assert not found, f"{where}:\n" + "\n".join(found)
        state = records
    assert state is not None
    assert state.scene[0].month == months
    assert state.scene[0].events < EVENTS
    return state


@pytest.mark.core
@pytest.mark.parametrize("number", range(12))
def test_random_localities(number: int, seed: int) -> None:
    rng = np.random.default_rng([seed, number])
    same_throughout(random_locality(rng, 8), 8, int(rng.integers(2**63)))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_more_random_localities_for_longer(number: int, seed: int) -> None:
    rng = np.random.default_rng([seed, 1, number])
    same_throughout(random_locality(rng, 40), 40, int(rng.integers(2**63)))


@pytest.mark.core
@pytest.mark.parametrize("name", CASES)
def test_first_months_of_each_case(name: str, seed: int) -> None:
    same_throughout(load_scenario(name), 4, seed)


@pytest.mark.core
def test_a_whole_small_case_in_which_much_happens(seed: int) -> None:
    state = same_throughout(override(load_scenario("classroom"), BUSY), 36, seed)
    happened = set(state.event_codes[: state.scene[0].events, 1].tolist())
    assert happened >= {Event.REORGANISED, Event.LINK_MADE, Event.STRATEGY_PUBLISHED}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_whole_cases(name: str) -> None:
    scenario = load_scenario(name)
    same_throughout(scenario, scenario.horizon_months, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_whole_cases_in_which_much_happens(name: str, seed: int) -> None:
    scenario = override(load_scenario(name), BUSY)
    same_throughout(scenario, scenario.horizon_months, seed)


@pytest.mark.core
def test_both_stop_after_the_first_day_and_after_each_stage() -> None:
    places = [where.rsplit(", ", 1)[1] for where, _, _ in side_by_side(load_scenario("classroom"), 2, 1)]
    assert places == ["first day", *(stage.name for stage in MONTH), *(stage.name for stage in MONTH)]


@pytest.mark.core
def test_one_bit_anywhere_is_seen_and_named() -> None:
    state = build(load_scenario("classroom"), event_slots=3).state
    names = [name for name, part in fields(state) if part.size]
    assert {"scene.month", "people.sees", "trust", "stance", "event_codes", "event_amounts"} <= set(names)
    for name in names:
        changed = copy_of(state)
        part = dict(fields(changed))[name]
        last = tuple(size - 1 for size in part.shape)
        part[last] += 1 if part.dtype.kind in "iu" else 5e-324 if part[last] == 0.0 else part[last] * 2.3e-16
        found = differences(state, changed)
        assert len(found) == 1, name
        assert found[0].startswith(f"{name}[")


@pytest.mark.core
def test_minus_nothing_is_not_nothing() -> None:
    state = build(load_scenario("classroom")).state
    changed = copy_of(state)
    changed.trust[0, 1] = -0.0
    assert differences(state, changed) == ["trust[0, 1]: np.float64(0.0) and np.float64(-0.0)"]
