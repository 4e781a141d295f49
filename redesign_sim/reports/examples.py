"""Where a rule stands, and where its worked examples do: files and lines, as links and as text."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from redesign_sim.rulekit import RuleCard

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLES = Path("tests") / "examples"
RULES = Path("redesign_sim") / "rules"


class Example(NamedTuple):
    """A worked example: its sentence with numbers, and where it stands."""

    says: str
    file: str
    line: int


@cache
def worked_examples() -> dict[str, list[Example]]:
    """The worked examples of every rule by its id; none where this is no checkout."""
    found: dict[str, list[Example]] = {}
    for file in sorted((CHECKOUT / EXAMPLES).glob("*.yaml")):
        for entry in YAML(typ="rt").load(file.read_text(encoding="utf-8")) or []:
            example = Example(" ".join(str(entry["says"]).split()), file.name, entry.lc.line + 1)
            found.setdefault(str(entry["rule"]), []).append(example)
    return found


def lines_of(card: RuleCard) -> tuple[str, int, int]:
    """The file of a rule, and its first and last line there, with what it says of itself."""
    source, first = inspect.getsourcelines(inspect.unwrap(card.function))
    return f"{card.module}.py", first, first + len(source) - 1


def source_of(card: RuleCard) -> str:
    """A rule as it stands in its file."""
    return inspect.getsource(inspect.unwrap(card.function)).rstrip()


def link_to_lines(card: RuleCard, up: str = "..") -> str:
    """A link from a page to a rule's lines; `up` leads from the page to the checkout."""
    file, first, last = lines_of(card)
    return f"[{file} {first}–{last}]({up}/{RULES.as_posix()}/{file}#L{first}-L{last})"


def links_to_examples(card: RuleCard, up: str = "..") -> str:
    """Links from a page to a rule's worked examples."""
    return ", ".join(
        f"[{each.file} {each.line}]({up}/{EXAMPLES.as_posix()}/{each.file}#L{each.line})"
        for each in worked_examples().get(card.id, [])
    )
