"""Each tutorial is done as its reader does it, and shows what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from redesign_sim.cli import main
from tests.docs.tutorials import commands, edit, missing, steps, unfounded

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("[0-9]*.md"))
MANY = 6


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command writes, as a terminal shows it."""
    with pytest.raises(SystemExit):
        main(arguments)
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.slow
@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda file: file.stem)
def test_a_tutorial_shows_what_comes_out(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for step in steps(tutorial.read_text("utf-8")):
        if step.kind == "edit":
            edit(tmp_path / step.file, step.typed, step.word)
        elif step.kind == "file":
            (tmp_path / step.file).write_text(step.typed, "utf-8")
        else:
            came = "".join(run(command, capsys) for command in commands(step))
            lost = missing(step.shown or "", came)
            assert not lost, f"{step.typed}\ndid not show\n\n{lost[0]}\nbut\n\n{came}"


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda file: file.stem)
def test_every_number_in_bold_stands_in_something_shown(tutorial: Path) -> None:
    assert unfounded(tutorial.read_text("utf-8")) == []


def test_every_tutorial_has_its_reader_type_and_read() -> None:
    for tutorial in TUTORIALS:
        done = list(steps(tutorial.read_text("utf-8")))
        assert sum(step.kind == "run" for step in done) >= 3
        assert sum(step.shown is not None for step in done) >= 3


def test_there_are_six_and_each_is_listed() -> None:
    listed = (TUTORIALS[0].parent / "index.md").read_text("utf-8")
    assert len(TUTORIALS) >= MANY
    assert [file.name for file in TUTORIALS if f"]({file.name})" not in listed] == []


def test_what_is_left_out_is_left_out_and_the_rest_is_compared() -> None:
    came = "one\ntwo  \nthree\nfour\n"
    assert missing("one\ntwo\n...\nfour\n", came) == []
    assert missing("four\n...\none\n", came) == ["one\n"]
    assert missing("one\nthree\n", came) == ["one\nthree\n"]


def test_a_number_that_nothing_shows_is_seen() -> None:
    assert unfounded("It is **0.25**.\n\n```text\nindex 0.24\n```\n") == ["0.25"]
    assert unfounded("It fell by **−0.24**.\n\n```text\nindex -0.24\n```\n") == []


def test_a_line_takes_the_place_of_the_one_with_its_key(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1  # one\nb:\n  a: 2\n")
    edit(tmp_path / "a.yaml", "  a: 3\n")
    assert (tmp_path / "a.yaml").read_text() == "a: 1  # one\nb:\n  a: 3\n"
