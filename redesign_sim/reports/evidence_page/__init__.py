"""The report of the evidence: one HTML file that needs neither network nor scripts, from the table of verdicts.

From any verdict it is one step to the claim's tests, and one more to the lines of a rule and its worked examples,
which are quoted in the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from redesign_sim import __version__
from redesign_sim.evidence.findings import FINDINGS, LABELS
from redesign_sim.reports.controls import hanging_words
from redesign_sim.reports.evidence_page.strips import bar, strip
from redesign_sim.reports.examples import Example, lines_of, source_of, worked_examples
from redesign_sim.reports.sheets import sheets_of
from redesign_sim.reports.verdicts import (
    INTRO,
    SHORT,
    SPACE,
    carried_by,
    decisive,
    effect,
    live_words,
    lost,
    over_space,
    share,
    tally,
    too_small,
)
from redesign_sim.rulekit import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from redesign_sim.rulekit import RuleCard

__all__ = ["evidence_html"]


class Quoted(NamedTuple):
    """A rule as the page quotes it."""

    card: RuleCard
    place: str
    source: str
    examples: list[Example]


def evidence_html(found: Mapping[str, Any]) -> str:
    """The page of a table of verdicts; the same table and rules give the same bytes."""
    rules = dict.fromkeys(rule for claim in found["claims"].values() for rule in claim["rules"])
    names = dict.fromkeys(name for claim in found["claims"].values() for name in claim["switched"])
    return (
        _environment()
        .get_template("evidence.html")
        .render(
            found=found,
            version=__version__,
            tally=tally(found),
            intro=unmarked(INTRO),
            hanging=in_words(hanging_words("")),
            space=unmarked(live_words(SPACE, found)),
            labels=LABELS,
            findings=FINDINGS,
            cases={case: SHORT.get(case, case) for case in found["cases"]},
            rules=[quoted(CATALOGUE[name]) for name in sorted(rules, key=list(CATALOGUE).index)],
            switches=list(names),
        )
    )


def unmarked(text: str) -> str:
    """Markdown as plain words: no stars, and no links, which lead to pages that are not here."""
    return re.sub(r"\s*\[[^\]]*\]\([^)]*\)\.?", "", text).replace("*", "")


def in_words(text: str) -> str:
    """Markdown whose links are part of a sentence, as plain words."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


def quoted(card: RuleCard) -> Quoted:
    """A rule with its lines and its worked examples."""
    file, first, last = lines_of(card)
    return Quoted(
        card, f"redesign_sim/rules/{file}, lines {first} to {last}", source_of(card), worked_examples().get(card.id, [])
    )


def _environment() -> Environment:
    """The templates, with what they write figures with."""
    environment = sheets_of("redesign_sim.reports.evidence_page", "evidence.css")
    environment.globals |= {
        "strip": strip,
        "bar": bar,
        "share": share,
        "effect": effect,
        "over_space": over_space,
        "carried_by": carried_by,
        "decisive": decisive,
        "too_small": too_small,
        "loses": lambda claim, switch: any(lost(test, switch) for test in claim["tests"].values()),
    }
    return environment
