"""The editor: everything wrong in a text, each at its line, and nothing that could do harm."""

from __future__ import annotations

import pytest

from redesign_sim.scenario import parse_scenario, scenario_digest, shipped_scenarios
from redesign_sim.ui.checking import MOST_PEOPLE, problems_of, text_of
from redesign_sim.ui.links import LONGEST_TEXT
from redesign_sim.ui.setup import Setup


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_the_text_of_a_case_is_the_case(name: str) -> None:
    moved = Setup(name).with_values({"network.strength": 0.35})
    for setup in (Setup(name), moved):
        text = text_of(setup)
        assert problems_of(text) == ()
        again = parse_scenario(text, name).model_copy(update={"name": name})
        assert scenario_digest(again) == scenario_digest(setup.case())


def test_every_mistake_stands_at_its_line() -> None:
    text = "extends: classroom\nhorizon_months: 36\nintegrated_treshold: 0.3\nplanning:\n  capacity: 7\n"
    problems = problems_of(text)
    assert [line for line, _ in problems] == [3, 5]
    assert "did you mean “integrated_threshold”?" in problems[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b",
        "a: &a [*a]",
        "x: !!python/object/apply:os.system [ls]",
        "extends: /etc/passwd",
        "extends: ../classroom.yaml",
        "[" * 5000,
        "a: " + "{b: " * 2000,
        "\0",
    ],
)
def test_hostile_text_is_a_problem_and_nothing_else(text: str) -> None:
    assert problems_of(text)


def test_a_text_too_long_or_a_crowd_too_large_is_refused() -> None:
    assert "longer" in problems_of("#" * (LONGEST_TEXT + 1))[0][1]
    crowd = "extends: classroom\norganisations: {members: {practice: {gps: 1900, nurses: 200}}}\n"
    assert "people" in problems_of(crowd)[0][1]
    assert MOST_PEOPLE == 2000
