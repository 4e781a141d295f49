"""A case as text, checked as one types: sizes first, then everything that is wrong, each at its line."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from redesign_sim.scenario import ScenarioError, dump_yaml, find_scenario, parse_scenario
from redesign_sim.ui.links import LONGEST_TEXT
from redesign_sim.ui.setup import EDITED

if TYPE_CHECKING:
    from redesign_sim.scenario import Problem
    from redesign_sim.ui.setup import Setup

MOST_PEOPLE = 2_000
"""A case with more people than these cannot be shown to a room in good time."""


_BESIDE = re.compile(r"(?m)^(extends: *\w+)\.yaml\b")
"""A shipped case names the one that it extends as the file beside it; on the page it is a name, for no path is read."""


def text_of(setup: Setup) -> str:
    """The file of a setup: with its comments where no lever was moved, else written out whole."""
    if setup.changes:
        return dump_yaml(setup.case())
    return setup.text or _BESIDE.sub(r"\1", find_scenario(setup.scenario).read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def problems_of(text: str) -> tuple[tuple[int, str], ...]:
    """What is wrong with a text, each with its line (0 for the whole of it), in order; nothing where it can be run."""
    if len(text) > LONGEST_TEXT:
        return ((0, f"The file is longer than {LONGEST_TEXT:,} letters."),)
    try:
        case = parse_scenario(text, EDITED)
    except ScenarioError as error:
        return tuple(sorted({(problem.line, _words(problem)) for problem in error.problems}))
    people = sum(_posts(member) for member in case.organisations.members.values())
    if people > MOST_PEOPLE:
        return ((0, f"{people:,} people are more than the page can run in good time; it takes {MOST_PEOPLE:,}."),)
    return ()


def _words(problem: Problem) -> str:
    hint = f"; did you mean “{problem.suggestion}”?" if problem.suggestion else ""
    return f"{problem.path}: {problem.message}{hint}" if problem.path else f"{problem.message}{hint}"


def _posts(member: Any) -> int:  # noqa: ANN401  organisations of several sorts
    return sum(
        value for value in member.model_dump().values() if isinstance(value, int) and not isinstance(value, bool)
    )
