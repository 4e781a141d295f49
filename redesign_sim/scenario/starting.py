"""A case of one's own to begin with: a file that explains itself, whole or as what differs from another case."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.scenario.fields import ONE_LINE
from redesign_sim.scenario.files import find_scenario
from redesign_sim.scenario.walk import walk_fields

if TYPE_CHECKING:
    from pathlib import Path

    from redesign_sim.scenario.problems import Loc
    from redesign_sim.scenario.schema import Scenario
    from redesign_sim.scenario.walk import Walked

CLASSROOM = "classroom"
POINTER = "# yaml-language-server: $schema="
"""How a file tells an editor where its schema is."""
SCHEMA = "scenario.schema.json"
"""What the schema is called where it lies beside a case."""

HEAD = """\
{pointer}{schema}
#
# {what}
#
# How to read this file. A line says `name: value`. What belongs to something stands under it, two spaces further to the
# right (spaces, never a tab). [a, b] is a list, and - begins an entry of one; {{a: 1, b: 2}} is several lines in one.
# What follows a # is for you and is not read. Change a number, save, and try in a terminal, in this folder:
#
{commands}

"""
COMMANDS = {
    "scenario check {file}": "is it right? If not: where, and what to write instead",
    "scenario describe {file}": "the case in plain words, with a picture",
    "run {file}": "one history of it, told as a story",
    "scenario watch {file}": "what comes of it, whenever you save",
    "explain leadership.time_share": "what a number means, where it comes from, what it moves",
}
WHOLE = """\
A case of your own. It begins as the classroom case: two organisations and a commissioner, each number
# chosen to be small. Nothing in it is a fact."""
EXTENDING = "A case of your own. Everything that is not said here is as in {base}; what is said here goes before it."


class Aside(NamedTuple):
    """What one would say before a group of fields, and the fields."""

    words: str
    paths: tuple[str, ...]


ASIDES = (
    Aside("For how long do you follow it? In months.", ("horizon_months",)),
    Aside(
        "Who leads, and how much of a week do they have for it? The shares of a mix are of clinicians, and have to sum "
        "to 1: give one kind more and another less.",
        ("leadership.mix", "leadership.ambition", "leadership.capability", "leadership.time_share"),
    ),
    Aside("Do they go and win over colleagues? 0: nobody does, 1: all who would.", ("persuasion.strength",)),
    Aside("Are there project managers to plan with? 0: only the leads' own time.", ("planning.capacity",)),
    Aside("Is there a network organisation that brings people together? 0: none.", ("network",)),
    Aside("Who has to agree?", ("commissioning.decision_rule",)),
    Aside("How loud are the users of the services?", ("users.voice",)),
    Aside("How often is each organisation reorganised, in a year?", ("turbulence.local_per_year",)),
    Aside(
        "What does the centre ask for, and when? A list is replaced whole: what is not repeated here is gone. "
        "`strategies: []` would be a case without any.",
        ("strategies",),
    ),
)
"""What one changes first, in the order in which one would talk about it."""


def classroom_case(file: str, title: str) -> str:
    """The classroom case as a file of one's own, explained line by line."""
    body = find_scenario(CLASSROOM).read_text(encoding="utf-8")
    body = body[body.index("\nname:") + 1 :]
    body = re.sub(r"^name: .*$", f"title: {_quoted(title)}", body, count=1, flags=re.MULTILINE)
    body = re.sub(r"^title: (?!\").*\n", "", body, count=1, flags=re.MULTILINE)
    return _head(file, WHOLE) + body


def extending_case(file: str, title: str, base: str, case: Scenario) -> str:
    """A file that extends a case and states what one would change first, with the values that it has there."""
    lines = [f"extends: {_quoted(base)}", f"title: {_quoted(title)}"]
    for aside in ASIDES:
        told = [line for path in aside.paths for line in _stated(case, path)]
        lines += ["", *_comment(aside.words), *_gathered(told)] if told else []
    return _head(file, EXTENDING.format(base=base)) + "\n".join(lines) + "\n"


def title_for(file: Path) -> str:
    """A title out of a file's name."""
    words = re.sub(r"[_\s-]+", " ", file.stem).strip()
    title = words[:1].upper() + words[1:]
    return title if re.match(ONE_LINE, title) else "A case of my own"


def place_of(base: Path, beside: Path) -> str:
    """How a file names another that it extends: from its own folder where that is possible, with forward slashes."""
    try:
        return os.path.relpath(base.resolve(), beside.resolve()).replace(os.sep, "/")
    except ValueError:  # another drive
        return base.resolve().as_posix()


def _head(file: str, what: str) -> str:
    commands = [command.format(file=f'"{file}"' if " " in file else file) for command in COMMANDS]
    width = max(map(len, commands)) + 3
    lines = [f"#   redesign-sim {c.ljust(width)}{said}" for c, said in zip(commands, COMMANDS.values(), strict=True)]
    return HEAD.format(pointer=POINTER, schema=SCHEMA, what=what, commands="\n".join(lines))


def _comment(words: str) -> list[str]:
    """A remark, wrapped."""
    lines, line = [], "#"
    for word in words.split():
        if len(line) + len(word) >= 100:  # noqa: PLR2004  what reads well
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def _stated(case: Scenario, path: str) -> list[tuple[Loc, str, str]]:
    """The fields at or under a path: where, what, and what it means."""
    here = [
        walked
        for walked in walk_fields(case)
        if walked.path == path or walked.path.startswith((f"{path}.", f"{path}["))
    ]
    return [(_loc(walked.path), _scalar(walked.value), _said(walked)) for walked in here if walked.value is not None]


def _loc(path: str) -> Loc:
    return tuple(int(index) if index else name for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path))


def _said(walked: Walked) -> str:
    """What a number means, and how far it goes."""
    if walked.choices:
        return f"one of {', '.join(walked.choices)}"
    limits = f" (from {walked.low:g} to {walked.high:g})" if walked.low is not None and walked.high is not None else ""
    return f"{walked.meaning}{limits}"


def _gathered(told: list[tuple[Loc, str, str]]) -> list[str]:
    """Lines of YAML, each table's name once and each entry of a list with its dash."""
    lines: list[str] = []
    open_at: Loc = ()
    for loc, value, said in told:
        shared = next((n for n, (one, other) in enumerate(zip(loc, open_at, strict=False)) if one != other), 0)
        for depth in range(shared, len(loc) - 1):
            lines += [] if isinstance(loc[depth], int) else [f"{'  ' * depth}{_dash(loc, depth, shared)}{loc[depth]}:"]
        name = f"{'  ' * (len(loc) - 1)}{loc[-1]}: {value}"
        if len(loc) > 1 and isinstance(loc[-2], int) and shared < len(loc) - 1:
            name = f"{'  ' * (len(loc) - 2)}- {loc[-1]}: {value}"
        lines.append(f"{name.ljust(30)}   # {said}" if said else name)
        open_at = loc
    return lines


def _dash(loc: Loc, depth: int, shared: int) -> str:
    return "- " if depth and isinstance(loc[depth - 1], int) and shared < depth else ""


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return (
            value if re.fullmatch(r"[a-z][a-z_]*", value) and value not in {"true", "false", "null"} else _quoted(value)
        )
    return json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
