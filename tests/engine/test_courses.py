"""Courses by month: whoever asks for them gets the same outcomes, and the months that a single history tells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from redesign_sim.engine import run_courses, run_ensemble
from redesign_sim.scenario import Scenario, load_scenario
from redesign_sim.study.ensembles import interpreted, simulate
from redesign_sim.world.measures import COURSES

NAMES = ("clinician_support", "integration_index", "integrated", "at_risk")


@pytest.fixture(scope="module")
def case() -> Scenario:
    return load_scenario("classroom")


def test_outcomes_are_the_same_bits_with_and_without_courses(case: Scenario) -> None:
    alone, (beside, _) = run_ensemble(case, range(3, 80), 5), run_courses(case, range(3, 80), 5, NAMES)
    pd.testing.assert_frame_equal(alone, beside, check_exact=True)


def test_a_course_is_what_a_history_tells_month_by_month(case: Scenario) -> None:
    _, courses = run_courses(case, range(4, 6), 5, tuple(COURSES))
    told = simulate(case, 5, replication=5).monthly
    followed = courses[courses["replication"] == 5]
    assert followed["month"].tolist() == told["month"].tolist() == list(range(case.horizon_months + 1))
    for name in COURSES:
        assert np.array_equal(followed[name].to_numpy(float), told[name].to_numpy(float), equal_nan=True), name


def test_only_the_courses_that_are_named_are_given_and_threads_change_nothing(case: Scenario) -> None:
    _, one = run_courses(case, range(150), 5, NAMES, threads=1)
    _, two = run_courses(case, range(150), 5, NAMES, threads=2)
    assert list(one) == ["replication", "month", *NAMES]
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_both_engines_follow_the_same_courses(case: Scenario) -> None:
    compiled, on_mesa = run_courses(case, range(2, 4), 5, NAMES), interpreted(case, range(2, 4), 5, NAMES)
    for one, other in zip(compiled, on_mesa, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
