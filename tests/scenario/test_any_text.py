"""Whatever is read, the outcome is a scenario or a ScenarioError that points into it; what is written reads back."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from redesign_sim.scenario import Scenario, ScenarioError, dump_yaml, override, parse_scenario
from redesign_sim.scenario.files import shipped_scenarios

LONDON = shipped_scenarios()["dementia_london"].read_text(encoding="utf-8")
CLASSROOM = shipped_scenarios()["classroom"].read_text(encoding="utf-8")
SIGNS = "\t\n\r \"'#%&*,-.0123456789:?@[]`abnoxyz{|}~!<>=é\ufeff\u2028\ud800\x00\x1b"
SMALLEST = parse_scenario(CLASSROOM, "classroom")
LINES = CLASSROOM.splitlines(keepends=True)


def read(text: str) -> Scenario | None:
    """Read a text; a complaint has to be printable and to point into the text."""
    try:
        return parse_scenario(text, "any.yaml")
    except ScenarioError as complaint:
        error = complaint
    assert error.problems
    error.rendered().encode()
    assert all(1 <= problem.line <= len(text) + 1 and problem.column >= 1 for problem in error.problems)
    return None


@given(st.text(max_size=200))
@example("%YAML 99999999999999999999.1\n---\na: b")
@example('a: "\\UFFFFFFFF"')
@example("a: !<")
@example("? ? ? ?")
@example("a: |99\n x")
@example("- - - - -")
@example("--- >\n")
def test_any_text(text: str) -> None:
    read(text)


@given(st.text(alphabet=SIGNS, max_size=60))
@settings(max_examples=300)
def test_any_signs_that_yaml_takes_seriously(text: str) -> None:
    read(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
        max_leaves=12,
    )
)
def test_any_data_in_any_place(value: object) -> None:
    for path in ("leadership", "organisations.members", "interfaces", "strategies", "turbulence.events", "users.voice"):
        try:
            override(SMALLEST, {path: value})
        except ScenarioError as error:
            str(error).encode()


@pytest.mark.parametrize("seed", range(150))
def test_a_file_with_something_broken(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    text = CLASSROOM if seed % 2 else LONDON
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        text = (
            text[:start] + "".join(chance.choices(SIGNS, k=chance.randint(0, 3))) + text[start + chance.randint(0, 6) :]
        )
    read(text)


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_its_lines_in_disorder(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    read("".join(chance.sample(LINES, k=chance.randint(5, len(LINES)))))


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=40).filter(lambda text: not set(text) & set("\n\r")), st.text(max_size=80))
@example("no", "yes\n\n  # not a comment: x")
@example("null", "\u2028\x85\ufeff\U0001f600\x7f\x1b")
@example("-", "'\"\\")
def test_any_words_can_be_written_and_read_back(title: str, summary: str) -> None:
    try:
        case = override(SMALLEST, {"title": title, "summary": summary})
    except ScenarioError:
        assert any("\ud800" <= sign <= "\udfff" for sign in title + summary)
        return
    assert parse_scenario(dump_yaml(case), case.name) == case
