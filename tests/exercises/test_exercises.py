"""The exercises: each can be solved, none by an answer that does not, and what is said names what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from redesign_sim.cli import console, main
from redesign_sim.exercises.asked import EXERCISES, judge
from redesign_sim.scenario import load_scenario, parse_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = YAML(typ="safe").load(Path(__file__).with_name("answers.yaml").read_text("utf-8"))
FEWEST = 8


def answers(kind: str) -> list[Any]:
    return list(_answers(kind))


def _answers(kind: str) -> Iterator[Any]:
    for number, given in ANSWERS.items():
        for place, answer in enumerate(given[kind]):
            yield pytest.param(number, answer, id=f"{number}-{place}")


def write(folder: Path, answer: dict[str, Any]) -> Path:
    """A case that extends the exercise's, as a student would hand it in."""
    file = folder / "mine.yaml"
    text = {"extends": "classroom", "name": "mine", "title": "Mine"} | answer
    file.write_text("\n".join(f"{key}: {json.dumps(value)}" for key, value in text.items()) + "\n", "utf-8")
    return file


def check(number: int, file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main(["exercise", str(number), "--check", str(file)])
    out, err = capsys.readouterr()
    return int(end.value.code or 0), " ".join((out + err).split())


def test_there_are_enough_of_every_level() -> None:
    assert len(EXERCISES) >= FEWEST
    assert {each.level for each in EXERCISES.values()} == {"easy", "medium", "hard"}
    assert set(ANSWERS) == set(EXERCISES)
    assert all(load_scenario(each.start) for each in EXERCISES.values())


@pytest.mark.parametrize(("number", "answer"), answers("solved"))
def test_an_answer_solves_it(
    number: int, answer: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = check(number, write(tmp_path, answer), capsys)
    assert code == 0, said
    assert "Solved." in said
    assert "95 % interval" in said


@pytest.mark.parametrize(("number", "given"), answers("not_yet"))
def test_an_answer_does_not_yet(
    number: int, given: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = check(number, write(tmp_path, given["answer"]), capsys)
    assert code == 1, said
    assert str(given["says"]) in said
    assert "Not yet." in said
    assert "Next: " in said


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["exercise"])
    said = capsys.readouterr().out
    assert [each.title for each in EXERCISES.values() if each.title not in said] == []


@pytest.mark.parametrize("number", list(EXERCISES))
def test_one_is_shown_with_what_to_type(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["exercise", str(number)])
    said = " ".join(capsys.readouterr().out.split())
    assert EXERCISES[number].ask in said
    assert f"redesign-sim exercise {number} --check my.yaml" in said


@pytest.mark.parametrize(("arguments", "says"), [(["99"], "they are 1 to"), (["--check", "my.yaml"], "Which exercise")])
def test_what_there_is_not_is_refused(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["exercise", *arguments])
    assert end.value.code == 2
    assert says in capsys.readouterr().err


def test_a_broken_answer_is_shown_its_line_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "warm_engine", lambda: pytest.fail("the engine was started"))
    code, said = check(1, write(tmp_path, {"leadership": {"time_shar": 0.2}}), capsys)
    assert code == 2
    assert "time_share" in said


def test_what_nobody_could_choose_is_closed_in_each() -> None:
    case = parse_scenario("extends: classroom\nname: mine\ntitle: Mine\nbehaviour: {pace: 0.8}\n")
    for exercise in EXERCISES.values():
        (finding,) = judge(exercise, case)
        assert "behaviour.pace" in finding.measured
