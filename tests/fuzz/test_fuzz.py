"""A few hundred mutated files; `python -m tests.fuzz --files 100000` tries as many as one likes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import ScenarioError, load_scenario
from redesign_sim.study.errors import StudyError
from redesign_sim.study.reading import experiment_of
from tests.fuzz.__main__ import TINY, Case, bases, fuzz, main, wrong
from tests.fuzz.mutations import NASTY, VALUES, mutated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from redesign_sim.scenario import Problem

FILES = 320


def test_no_mutated_file_ends_in_a_traceback_a_hang_or_an_error_without_a_place() -> None:
    # A slow machine is no fault of a file: time is judged by the long run.
    faults = [f"{case.name}, seed {seed}: {fault}" for case, seed, fault in fuzz(FILES) if not fault.startswith("took")]
    assert not faults, "\n".join(faults)


def test_the_unchanged_files_are_read(tmp_path: Path) -> None:
    for case in bases():
        (tmp_path / f"{case.name}.yaml").write_text(case.text, encoding="utf-8")
    for case in bases():
        case.read(tmp_path / f"{case.name}.yaml")


def test_a_seed_makes_the_same_file_again_and_all_ways_are_taken() -> None:
    files = [mutated(TINY, random.Random(seed)) for seed in range(60)]  # noqa: S311  no secret
    assert files == [mutated(TINY, random.Random(seed)) for seed in range(60)]  # noqa: S311
    assert any(file.startswith(b"{") for file in files)
    assert any(not file.startswith(b"{") and b"name" in file for file in files)


@pytest.mark.parametrize(
    ("fault", "says"), [(KeyError("x"), "a traceback"), (StudyError(""), "an empty message"), (None, "")]
)
def test_what_goes_wrong_is_seen(tmp_path: Path, fault: Exception | None, says: str) -> None:
    def read(_: Path) -> None:
        if fault:
            raise fault

    assert wrong(Case("tiny", TINY, read), 1, tmp_path).startswith(says)


def test_the_command_says_what_it_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--files", "3"]) == 0
    assert "3 files in" in capsys.readouterr().out


@pytest.mark.parametrize("nasty", NASTY)
def test_every_nasty_sign_is_read_or_refused_with_its_place_in_cases_and_studies(tmp_path: Path, nasty: str) -> None:
    for read, text in (
        (load_scenario, "extends: classroom\ntitle: {}\nusers: {{voice: {}}}\n"),
        (load_scenario, "extends: classroom\ntitle: {}\n{}: 1\n"),
        (experiment_of, STUDY),
    ):
        path = tmp_path / "file.yaml"
        path.write_text(text.format(nasty, nasty), encoding="utf-8", errors="replace", newline="")
        assert callable(read)
        for problem in problems_of(read, path):
            assert problem.line >= 1, str(problem)
            assert problem.column >= 1, str(problem)


def problems_of(read: Callable[[Path], object], path: Path) -> tuple[Problem, ...]:
    try:
        read(path)
    except ScenarioError as error:
        return error.problems
    return ()


STUDY = TINY.replace("{", "{{").replace("}", "}}").replace("What may be stated?", "{}").replace("seed: 3", "seed: {}")


def test_bombs_do_not_go_off(tmp_path: Path) -> None:
    levels = "\n".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]" for n in range(1, 12))
    for text in (f"b0: &b0 [x]\n{levels}\n", "a: " + "[" * 20_000, "{" * 20_000, "x: " + "9" * 500_000, "- " * 5_000):
        (tmp_path / "bomb.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(tmp_path / "bomb.yaml")
        assert all(problem.line == 1 or problem.line < 14 for problem in caught.value.problems)
        assert len(caught.value.rendered()) < 3000


def test_values_are_of_every_sort() -> None:
    assert {type(value) for value in VALUES} >= {type(None), bool, int, float, str, list, dict}


@pytest.mark.parametrize("seed", [5407])
def test_what_once_went_wrong_stays_mended(seed: int, tmp_path: Path) -> None:
    cases = bases()
    assert not wrong(cases[seed % len(cases)], seed, tmp_path).startswith(("a ", "an "))
