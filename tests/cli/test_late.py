"""Commands are loaded when they are called: `--help`, `--version` and completion load nothing that takes long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from redesign_sim import __version__
from redesign_sim.cli import Commands, Scenarios, console
from redesign_sim.cli.late import Late, LateCommands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Command = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[2]
SLOW = {"numpy", "numba", "pandas", "mesa", "solara", "pydantic", "scipy", "matplotlib", "ruamel", "rich"}
WATCHED = f"""
import sys
from redesign_sim.cli import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write(" ".join(sorted({SLOW!r} & set(sys.modules))))
"""


def watched(*arguments: str, **environment: str) -> tuple[str, str]:
    """What the command line writes in a process of its own, and which slow libraries it loaded."""
    there = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | environment
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments], env=there, capture_output=True, text=True, check=False
    )
    return ran.stdout, ran.stderr


def places(group: type[LateCommands], *above: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every command as it is typed, and where it is."""
    for name, place in group.members.items():
        if isinstance(place, str):
            yield (*above, name), place
        else:
            yield from places(place, *above, name)


ALL = dict(places(Commands))


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["scenario", "--help"], ["--version"]])
def test_help_and_version_load_nothing_that_takes_long(arguments: list[str]) -> None:
    out, loaded = watched(*arguments)
    assert out.strip()
    assert loaded == ""


def test_a_command_that_is_called_is_seen_to_load_what_it_needs() -> None:
    assert "pydantic" in watched("parameters", "--help")[1]


@pytest.mark.parametrize(("words", "expected"), [("redesign-sim re", "resume"), ("redesign-sim scenario l", "list")])
def test_completion_of_commands_loads_nothing_that_takes_long(words: str, expected: str) -> None:
    count = str(len(words.split()) - 1)
    out, loaded = watched(_REDESIGN_SIM_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=count)
    assert expected in out.split()
    assert loaded == ""


def test_completion_of_options_knows_those_of_the_command() -> None:
    words = "redesign-sim scenario check --"
    assert "--help" in watched(_REDESIGN_SIM_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="3")[0]


@pytest.mark.parametrize("typed", ALL, ids=" ".join)
def test_the_sentence_in_the_list_is_the_commands_own(typed: tuple[str, ...]) -> None:
    late = Late(typed[-1], ALL[typed])
    listed = late.get_short_help_str(60)
    assert len(listed) > 10
    assert late.loaded().get_short_help_str(60) == listed


def test_every_group_is_listed_with_its_commands(command: Command) -> None:
    assert all(f"\n  {name} " in command("--help")[1] for name in Commands.members)
    assert all(f"\n  {name} " in command("scenario", "--help")[1] for name in Scenarios.members)


@pytest.mark.parametrize("typed", [(), ("scenario",)])
def test_a_group_alone_says_what_it_has_and_exits_with_two(command: Command, typed: tuple[str, ...]) -> None:
    code, out, err = command(*typed)
    assert code == 2
    assert "Commands:" in out + err


def test_a_command_mistyped_gets_the_nearest(command: Command) -> None:
    code, _, err = command("scenario", "chek")
    assert code == 2
    assert "check" in err


def test_the_version_is_the_packages(command: Command) -> None:
    assert command("--version") == (0, f"redesign-sim {__version__}\n", "")


def test_a_place_that_is_not_there_is_an_error_when_listed_already() -> None:
    with pytest.raises(AttributeError, match=r"redesign_sim\.cli\.cases has no function walk"):
        Late("walk", "cases:walk").get_short_help_str()
    with pytest.raises(ModuleNotFoundError):
        Late("walk", "walking:walk").get_short_help_str()


def test_an_error_is_told_from_what_nobody_foresaw_without_loading_more_than_it_must() -> None:
    code = "import sys; from redesign_sim.cli import console; from redesign_sim.scenario import ScenarioError\n"
    code += "print(console.message(ScenarioError([]))); print('redesign_sim.study' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    assert ran.stdout.split()[-1] == b"False"
    assert console.is_users(console.UsageError("x"))
    assert not console.is_users(RuntimeError("x"))
