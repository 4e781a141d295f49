"""The rule catalogue of the documentation site: each rule with its sentence, its code, its worked examples, its claims.

Written when the site is built, and not checked in: where a rule stands in its file changes with every line above it.
"""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING

from redesign_sim.evidence.findings import FINDINGS
from redesign_sim.reports.examples import EXAMPLES, worked_examples
from redesign_sim.reports.markdown import number
from redesign_sim.reports.tables import Chapter, chapters, laws, steps
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.rules import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from redesign_sim.rulekit import RuleCard


def rule_pages(root: Path) -> dict[str, str]:
    """A page for each stage of the month by its name (`negotiation.md`), with all that is known of its rules."""
    return {f"{chapter.title.lower()}.md": _page(chapter, root) for chapter in chapters()}


def anchor(rule: str) -> str:
    """The label of a rule's section, to link to."""
    return f"rule-{rule.lower()}"


def _page(chapter: Chapter, root: Path) -> str:
    """A stage: what it is about, who does what in it, and its rules."""
    cards = [card for card in CATALOGUE.values() if card.module == chapter.module]
    sections = [_section(card, root) for card in cards]
    return "\n\n".join([f"# {chapter.title}", chapter.about, steps(chapter.acts), *sections]) + "\n"


def _section(card: RuleCard, root: Path) -> str:
    """A rule: its sentence, what it declares, its code with its place, and its worked examples."""
    parts = [f"({anchor(card.id)})=\n## {card.id} {card.name}", f"**{card.sentence}**", _facts(card), _code(card, root)]
    if said := worked_examples().get(card.id):
        files = (f"{EXAMPLES.as_posix()}/{example.file}" for example in said)
        places = dict.fromkeys(f"[{file}](/generated/source/{file}.md)" for file in files)
        parts += [f"Worked examples, from {', '.join(places)}:", "\n".join(f"- {example.says}" for example in said)]
    return "\n\n".join(parts)


def _facts(card: RuleCard) -> str:
    """What a rule says of itself, an entry a line; claims, numbers and neighbours by links."""
    facts = {
        "Claims": "; ".join(f"[{claim}](/claims.md) ({FINDINGS[claim].said})" for claim in card.claims),
        "Source": card.source,
        "Certain": laws(card),
        "Switched off": card.off,
        "Rival": card.rival,
        "Reads": ", ".join(f"[`behaviour.{name}`](/parameters.md)" for name in _parameters(card)),
        "Fixed numbers": "; ".join(
            f"`{name}` = {number(card.numbers[name])}: {card.fixed[name]}" for name in card.fixed
        ),
        "Calls": _links(_calls()[card.id]),
        "Called by": _links(caller for caller, called in _calls().items() if card.id in called),
    }
    return "\n".join(f"- {name}: {text}" for name, text in facts.items() if text)


def _links(rules: Iterable[str]) -> str:
    return ", ".join(f"[{rule} {CATALOGUE[rule].name}](#{anchor(rule)})" for rule in rules)


def _names(card: RuleCard) -> tuple[str, ...]:
    """Every name that the code of a rule speaks of."""
    names: tuple[str, ...] = inspect.unwrap(card.function).__code__.co_names
    return names


def _parameters(card: RuleCard) -> list[str]:
    return [name for name in _names(card) if name in PARAMETERS]


@cache
def _calls() -> dict[str, list[str]]:
    """The rules that each rule calls."""
    by_name = {card.name: card.id for card in CATALOGUE.values()}
    return {card.id: [by_name[name] for name in _names(card) if name in by_name] for card in CATALOGUE.values()}


def _code(card: RuleCard, root: Path) -> str:
    """A rule's own text under the numbers of its lines."""
    lines, first = inspect.getsourcelines(inspect.unwrap(card.function))
    file = f"redesign_sim/rules/{card.module}.py"
    if not (root / file).is_file():
        raise FileNotFoundError(root / file)
    head = f"[{file}](/generated/source/{file}.md), lines {first} to {first + len(lines) - 1}:"
    return f"{head}\n\n```{{code-block}} python\n:lineno-start: {first}\n\n{''.join(lines).rstrip()}\n```"
