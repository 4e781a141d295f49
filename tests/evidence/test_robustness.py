"""Shares over a space whose answers are known, and which parameter decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from redesign_sim.evidence.claims import CASES, Condition, Expectation, contrast
from redesign_sim.evidence.robustness import SAMPLE, asked_at, deciding, effects, held, luck_share, points, without_luck
from redesign_sim.evidence.running import Shelf, blocks_of, run_all
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from redesign_sim.scenario import Scenario

ON, OFF = Condition("on", {"leadership.concession": 1.0}), Condition("off", {"leadership.concession": 0.0})
ASKED = Expectation("T.1", "on beats off", contrast(ON, OFF, "integration_gain"))
DEARER = Expectation("T.2", "on beats off, in more runs", contrast(ON, OFF, "integration_gain"), at_a_point=2.0)


def test_points_fill_the_whole_range_of_every_parameter() -> None:
    every = points(64)
    for name, parameter in PARAMETERS.items():
        values = np.array([setting.changes[f"behaviour.{name}"] for setting in every], dtype=float)
        low, high = parameter.quantity.sweep
        assert low <= values.min() < low + 0.05 * (high - low), name
        assert high - 0.05 * (high - low) < values.max() <= high, name
    assert len({setting.seed for setting in every}) == 64


def test_a_shallower_look_takes_the_first_of_the_same_points_and_the_cases_take_turns() -> None:
    whole = points(SAMPLE)
    assert [(each.case, each.changes, each.seed) for each in points(64)] == [
        (each.case, each.changes, each.seed) for each in whole[:64]
    ]
    counts = pd.Series([setting.case for setting in whole]).value_counts()
    assert set(counts.index) == set(CASES)
    assert counts.max() - counts.min() <= 1
    assert {setting.case for setting in whole[:64]} == set(CASES)


def depends_on_pace(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
    """Conceding helps by pace - 0.4: it holds at a fast pace and is reversed at a slow one."""
    rng = np.random.default_rng([seed, 1])
    luck = rng.normal(0, 0.1, 1000)[replications.start : replications.stop]
    own = np.random.default_rng([seed, int(10 * scenario.leadership.concession)]).normal(0, 0.03, 1000)
    gain = 0.3 + (scenario.behaviour.pace - 0.4) * scenario.leadership.concession + luck
    return pd.DataFrame({"replication": list(replications), **{name: gain + own[: len(luck)] for name in wanted}})


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    place: Path = tmp_path_factory.mktemp("space") / "evidence"
    shelf, bases = Shelf(place), {case: load_scenario(case) for case in CASES}
    shelf.open()
    every = [asked for setting in points(256) for asked in asked_at(setting, [ASKED, DEARER], 8)]
    run_all(shelf, [block for asked in every for block in blocks_of(asked, bases[asked.setting.case])], depends_on_pace)
    return effects(shelf, every, bases)


def test_shares_are_those_of_the_known_answer(space: pd.DataFrame) -> None:
    rows = space[space["test"] == "T.1"]
    found = held(rows, ASKED)
    truth = rows["pace"] - 0.4
    assert found.points == 256
    assert found.holds < (truth > 0.02).mean()  # few runs a point: some of it is undetectable
    assert found.holds == pytest.approx((truth > 0.05).mean(), abs=0.05)
    assert found.clean_holds == pytest.approx((truth > 0.02).mean(), abs=0.06)
    assert found.clean_reversed == pytest.approx((truth < -0.02).mean(), abs=0.06)
    assert found.luck < 0.05


def test_at_a_point_a_test_takes_the_runs_that_it_needs() -> None:
    few = Expectation("T.3", "few runs are enough", contrast(ON, OFF, "integration_gain"), at_a_point=1 / 3)
    aside = Expectation("T.4", "by the way", contrast(ON, OFF, "integration_gain"), secondary=True)
    every = asked_at(points(1)[0], [DEARER, few, ASKED, aside], 12)
    assert {asked.replications: [each.id for each in asked.expectations] for asked in every} == {
        12: ["base", "T.1"],
        24: ["T.2"],
        4: ["T.3"],
    }
    assert every[0].replications == 12
    assert {asked.replications for asked in asked_at(points(1)[0], [few], 4)} == {4, 3}


def test_more_runs_leave_less_luck_at_the_same_points_and_the_same_base(space: pd.DataFrame) -> None:
    usual, dearer = (space[space["test"] == name].set_index("point") for name in ("T.1", "T.2"))
    assert list(usual.index) == list(dearer.index)
    assert (usual["base"] == dearer["base"]).all()
    assert dearer["error"].mean() < 0.8 * usual["error"].mean()


def test_the_parameter_that_decides_comes_first_and_a_dummy_does_not(space: pd.DataFrame) -> None:
    table = deciding(space[space["test"] == "T.1"], resamples=50).set_index("factor")
    assert table.index[0] == "pace"
    shares = table["estimate"].to_dict()
    assert shares["pace"] > 0.9
    assert abs(shares["dummy"]) < 0.1


def test_luck_alone_is_no_effect_anywhere() -> None:
    rng = np.random.default_rng(3)
    errors = np.full(500, 0.02)
    noise = rng.normal(0, 0.02, 500)
    assert luck_share(noise, errors) > 0.85
    holds, nothing, reversed_ = without_luck(noise, errors, "more", 0.02)
    assert (noise > 0.02).mean() > 0.12  # what one would have counted
    assert holds + reversed_ < 0.06
    assert nothing > 0.94
    inside, _, outside = without_luck(noise, errors, "nothing", 0.02)
    assert (inside, outside) == pytest.approx((nothing, holds + reversed_))


def test_too_few_points_say_nothing(space: pd.DataFrame) -> None:
    few = space[space["test"] == "T.1"].head(20)
    assert deciding(few).empty
    assert np.isnan(held(few.head(0), ASKED).holds)
