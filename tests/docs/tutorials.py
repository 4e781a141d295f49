"""What a tutorial asks its reader to type, run as a reader would, and set against what the text shows.

Marks in the text say what the block after them is: `<!-- run -->` command lines, followed by a block of what comes, in
which a line `...` stands for what is left out; `<!-- edit: FILE -->` lines that take the place of the first line in the
file with the same key at the same depth, or, `<!-- edit: FILE, WORD -->`, of the first line with that word;
`<!-- file: FILE -->` a file to be written, or written anew.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^<!-- (run|edit|file)(?:: ([\w ./-]+?)(?:, (\w+))?)? -->\n(?=```)", re.MULTILINE)
GAP = "..."
NUMBER = re.compile(r"\*\*([+−-]?\d[\d.,]*)\*\*")


class Step(NamedTuple):
    """One thing that a reader does: its kind, the file and word it is about, what is typed, and what the text shows."""

    kind: str
    file: str
    word: str
    typed: str
    shown: str | None


def steps(text: str) -> Iterator[Step]:
    """Everything that a tutorial asks for, in its order."""
    for mark in STEP.finditer(text):
        typed = BLOCK.match(text, mark.end())
        assert typed, text[mark.start() : mark.start() + 80]
        after = re.compile(r"\s*```text\n(.*?)^```$", re.MULTILINE | re.DOTALL).match(text, typed.end())
        yield Step(mark[1], mark[2] or "", mark[3] or "", typed[2], after[1] if after and mark[1] == "run" else None)


def commands(step: Step) -> list[list[str]]:
    """The command lines of a step, without the name of the program and what is said beside them."""
    return [shlex.split(line, comments=True)[1:] for line in step.typed.replace("\\\n", " ").splitlines() if line]


def edit(file: Path, lines: str, word: str = "") -> None:
    """Put lines in the place of those with the same key at the same depth, or with a word."""
    old = file.read_text("utf-8").splitlines()
    for line in lines.splitlines():
        key = re.match(r"\s*[^:]+:", line)
        assert key, line
        (place, *_) = [number for number, each in enumerate(old) if (word in each if word else each.startswith(key[0]))]
        old[place] = line
    file.write_text("\n".join(old) + "\n", "utf-8")


def missing(shown: str, came: str) -> list[str]:
    """What a text shows and what did not come out, in that order; lines are compared without what ends them."""
    lines = [line.rstrip() for line in came.splitlines()]
    lost, place = [], 0
    for stretch in re.split(rf"^{re.escape(GAP)}$\n?", shown, flags=re.MULTILINE):
        wanted = [line.rstrip() for line in stretch.splitlines()]
        found = next((at for at in range(place, len(lines) + 1) if lines[at : at + len(wanted)] == wanted), None)
        if found is None:
            lost.append(stretch)
        else:
            place = found + len(wanted)
    return lost


def unfounded(text: str) -> list[str]:
    """Numbers in bold that stand in nothing that the text shows."""
    blocks = "".join(found[2] for found in BLOCK.finditer(text))
    prose = BLOCK.sub("", text)
    return [number for number in NUMBER.findall(prose) if number.replace("−", "-").rstrip(".,") not in blocks]
