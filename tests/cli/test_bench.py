"""`redesign-sim bench`: what it says, as tables, as JSON and on a page, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from redesign_sim.benchmarks import subject, suite
from redesign_sim.cli import console, speed
from tests.benchmarks.standins import TINY, Calls

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch, calls: Calls) -> None:
    """The command's two plans, made tiny, and its subject, made of nothing."""
    monkeypatch.setattr(suite, "quick", lambda: TINY)
    monkeypatch.setattr(suite, "whole", lambda: TINY._replace(cases=("classroom", "dementia_london")))
    monkeypatch.setattr(subject, "REAL", calls.subject())
    monkeypatch.setattr(console, "warm_engine", lambda: None)


@pytest.mark.usefixtures("plans")
def test_the_command_reads_well_in_eighty_columns(command: Command) -> None:
    code, out, err = command("bench")
    assert code == 0
    assert "Runs a second on one core" in out
    assert "dementia_london" in out
    assert "Measuring growth with people ..." in err
    assert [line for line in out.splitlines() if len(line) > 80] == []


@pytest.mark.usefixtures("plans")
def test_the_command_as_json_is_json_and_nothing_else(command: Command) -> None:
    code, out, _ = command("bench", "--quick", "--json", "--only", "memory")
    assert code == 0
    assert set(json.loads(out)) == {"version", "machine", "memory"}


@pytest.mark.usefixtures("plans")
def test_the_page_is_regenerated_between_its_marks_and_left_alone_elsewhere(command: Command) -> None:
    page = Path("speed.md")
    page.write_text("# Speed\n\n<!-- bench: begins -->\nold\n<!-- bench: ends -->\nThe rest.\n")
    assert command("bench", "classroom", "--write", str(page))[0] == 0
    text = page.read_text()
    assert re.fullmatch(
        r"# Speed\n\n<!-- bench: begins -->\n.*### Memory.*<!-- bench: ends -->\nThe rest\.\n", text, re.DOTALL
    )
    assert "old" not in text


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "lunch"], "There is no part 'lunch'; there are engines, stages, growth, threads, memory, starts."),
        (["--write", "plain.md"], "plain.md has no <!-- bench: begins --> followed by <!-- bench: ends -->."),
        (["--write", "nowhere.md"], "nowhere.md cannot be used: No such file or directory."),
    ],
)
def test_a_mistake_is_one_sentence_before_anything_is_measured(
    command: Command, calls: Calls, arguments: list[str], words: str
) -> None:
    Path("plain.md").write_text("no marks")
    code, _, err = command("bench", *arguments)
    assert (code, " ".join(err.split())) == (2, words)
    assert calls == []


def test_the_page_of_the_documentation_has_a_place_for_the_tables() -> None:
    page = (Path(__file__).parents[2] / "docs/speed.md").read_text("utf-8")
    assert speed.between(page, "new", Path("docs/speed.md")).count("\nnew\n") == 1
    assert "redesign-sim bench --write docs/speed.md" in page
