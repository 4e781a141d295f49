from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.structure.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TESTS = """
from hypothesis import given, strategies

def test_of_luck(seed):
    assert seed < 0, f"began at {seed}"

@given(strategies.integers())
def test_of_any(number):
    assert number < 100

def test_of_nothing():
    assert False
"""


def run(folder: Path, *options: str, seed: str | None = None) -> str:
    """What pytest prints for three failing tests under the project's own conftest."""
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text("utf-8"), "utf-8")
    (folder / "test_sample.py").write_text(TESTS, "utf-8")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "REDESIGN"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=surroundings | ({"REDESIGN_SIM_TEST_SEED": seed} if seed else {}),
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_random_test_that_fails_says_how_to_replay_it(tmp_path: Path, options: tuple[str, ...]) -> None:
    said = run(tmp_path, *options, seed="11")
    assert 'REDESIGN_SIM_TEST_SEED=11 pytest "test_sample.py::test_of_luck"' in said
    assert 'REDESIGN_SIM_TEST_SEED=11 pytest "test_sample.py::test_of_any"' in said
    assert 'pytest "test_sample.py::test_of_nothing"' not in said
    assert "began at 11" in said


def test_without_a_number_one_is_drawn_and_printed(tmp_path: Path) -> None:
    first, second = (run(tmp_path).split("REDESIGN_SIM_TEST_SEED=")[1].split()[0] for _ in range(2))
    assert first != second
