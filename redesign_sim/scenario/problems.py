"""What is wrong with a scenario, said so that its author can mend it: where, what is there, what may be there."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Loc = tuple[str | int, ...]

LONGEST_SHOWN = 60
LONGEST_LINE = 120
"""Signs of a line that are shown; of a longer one those around the place."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where; `file` is empty and `line` 0 where no file is involved."""

    path: str
    value: object
    message: str
    suggestion: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    source_line: str = ""

    def __str__(self) -> str:
        """One line: `file:line:column path: what is wrong; did you mean "…"?`."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        where = " ".join(part for part in (place, self.path) if part)
        hint = f'; did you mean "{self.suggestion}"?' if self.suggestion else ""
        return printable(f"{where}: {self.message}{hint}" if where else f"{self.message}{hint}")

    @property
    def picture(self) -> str:
        """The line of the file with a caret under the place, empty where there is no line."""
        if not self.source_line:
            return ""
        start = max(0, self.column - 1 - LONGEST_SHOWN) if len(self.source_line) > LONGEST_LINE else 0
        shown = printable(self.source_line[start : start + LONGEST_LINE])
        before = shown[: self.column - 1 - start]
        pad = "".join("\t" if sign == "\t" else " " * _columns(sign) for sign in before)
        cut = "…" if start else ""
        more = "…" if start + LONGEST_LINE < len(self.source_line) else ""
        return f"{self.line:>6} | {cut}{shown}{more}\n       | {' ' * len(cut)}{pad}^"


class ScenarioError(ValueError):
    """A scenario cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Hold the problems; there is at least one."""
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One line a problem."""
        return "\n".join(map(str, self.problems))

    def rendered(self) -> str:
        """For a terminal: each problem, with its line and a caret under the place."""
        return "\n".join(text for problem in self.problems for text in (str(problem), problem.picture) if text)


def dotted(loc: Loc) -> str:
    """A path as it is written: `strategies[0].strength`."""
    return "".join(f"[{token}]" if isinstance(token, int) else f".{token}" for token in loc).removeprefix(".")


def shown(value: object) -> str:
    """A value as a file would show it, clipped; lists and tables by their size."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _columns(sign: str) -> int:
    """How many columns of a terminal a sign takes."""
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def printable(text: str) -> str:
    """Text without signs that a terminal would obey or that cannot be encoded."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "�" for sign in text)
