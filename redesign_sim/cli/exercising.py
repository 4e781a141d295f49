"""`exercise`: things to bring about in a case, and whether an answer does, computed from the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from redesign_sim.cli import console
from redesign_sim.scenario import load_scenario

if TYPE_CHECKING:
    from redesign_sim.exercises.asked import Exercise

Number = Annotated[
    int | None, typer.Argument(help="The exercise; all are listed where none is named.", show_default=False)
]
Check = Annotated[str | None, typer.Option(help="Your case, to be checked.", metavar="FILE", show_default=False)]
NOT_YET = 1


def exercise(number: Number = None, check: Check = None) -> None:
    """List the exercises, show one, or check your answer to it (exit code 1 where something is still missing)."""
    from redesign_sim.exercises.asked import EXERCISES  # noqa: PLC0415  loading the engines takes a second

    if number is None:
        if check is not None:
            raise console.UsageError("Which exercise is it an answer to? redesign-sim exercise 1 --check FILE.")
        console.say_table(
            ("", "Exercise", "Level"), [(str(n), each.title, each.level) for n, each in EXERCISES.items()], right=(0,)
        )
    elif number not in EXERCISES:
        raise console.UsageError(f"There is no exercise {number}; they are 1 to {len(EXERCISES)}.")
    elif check is None:
        _show(number, EXERCISES[number])
    else:
        _check(number, EXERCISES[number], check)


def _show(number: int, asked: Exercise) -> None:
    """What is asked, and what to type."""
    console.say(f"{number}. {asked.title} ({asked.level})")
    console.say()
    console.say(asked.ask)
    console.say()
    console.say(f"You may change {_open(asked)}.")
    console.say()
    console.say(f"Begin: redesign-sim scenario new my --from {asked.start}")
    console.say(f"Check: redesign-sim exercise {number} --check my.yaml")


def _open(asked: Exercise) -> str:
    """What an answer may change, in words."""
    where = ", ".join(asked.may_change) or f"anything but {', '.join(asked.may_not_change)}"
    many = {None: "", 1: ", one thing only", 2: ", two things at most"}[asked.most_levers]
    return where + many


def _check(number: int, asked: Exercise, file: str) -> None:
    """What was measured, what was asked, and what to look at next."""
    from redesign_sim.exercises.asked import EXERCISES, judge  # noqa: PLC0415

    answer = load_scenario(file)
    console.warm_engine()
    console.say(f"{number}. {asked.title}: {file}")
    findings = judge(asked, answer)
    for finding in findings:
        console.say()
        console.say(finding.measured)
        console.say(f"Asked: {finding.asked}. {'Met.' if finding.met else 'Not yet.'}")
    console.say()
    missing = next((finding for finding in findings if not finding.met), None)
    if missing:
        console.say(f"Next: {missing.next}")
        raise typer.Exit(NOT_YET)
    console.say("Solved." + (f" Go on: redesign-sim exercise {number + 1}" if number + 1 in EXERCISES else ""))
