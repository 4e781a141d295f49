"""The rule catalogue and the command reference of the documentation site say all that there is, from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from redesign_sim.cli import Commands, app
from redesign_sim.cli.reference import commands_page
from redesign_sim.evidence.findings import FINDINGS
from redesign_sim.reports.catalogue import rule_pages
from redesign_sim.reports.examples import worked_examples
from redesign_sim.rulekit import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
PAGES = rule_pages(ROOT)
SECTIONS = {
    found[1]: section
    for page in PAGES.values()
    for section in re.split(r"^\(rule-\w+\)=\n", page, flags=re.MULTILINE)[1:]
    if (found := re.match(r"## (\w+) ", section))
}


def test_every_rule_has_its_section() -> None:
    assert sorted(SECTIONS) == sorted(CATALOGUE)


@pytest.mark.parametrize("rule", list(CATALOGUE))
def test_a_section_holds_sentence_claims_and_examples(rule: str) -> None:
    card, section = CATALOGUE[rule], SECTIONS[rule]
    assert f"**{card.sentence}**" in section
    assert [claim for claim in card.claims if f"[{claim}](/claims.md) ({FINDINGS[claim].said})" not in section] == []
    assert [example.says for example in worked_examples()[rule] if f"- {example.says}\n" not in f"{section}\n"] == []


@pytest.mark.parametrize("rule", list(CATALOGUE))
def test_the_code_of_a_rule_stands_where_its_section_says(rule: str) -> None:
    said = re.search(r"\[(redesign_sim/rules/\w+\.py)\].*, lines (\d+) to (\d+):", SECTIONS[rule])
    assert said
    lines = (ROOT / said[1]).read_text("utf-8").splitlines()[int(said[2]) - 1 : int(said[3])]
    assert lines[0].startswith("@rule(")
    assert f'"{rule}"' in "".join(lines[:2])
    assert "\n".join(lines) in SECTIONS[rule]


def test_a_rule_links_to_those_that_it_calls_and_they_to_it() -> None:
    assert "Calls: [W2 good_in_practice](#rule-w2)" in SECTIONS["W1"]
    assert re.search(r"Called by:.*\[W1 good_for_patients\]\(#rule-w1\)", SECTIONS["W2"])


def test_a_rule_links_to_the_numbers_that_it_reads() -> None:
    assert any("[`behaviour." in section for section in SECTIONS.values())


def test_every_command_and_every_option_is_described() -> None:
    page = commands_page(app, "redesign-sim")
    described = re.findall(r"^## redesign-sim (\S+)", page, flags=re.MULTILINE)
    assert list(Commands.members) == list(dict.fromkeys(described))
    for command in ("## redesign-sim run\n", "## redesign-sim scenario check\n", "`--replications"):
        assert command in page


def test_what_help_says_is_not_read_as_markdown() -> None:
    small = typer.Typer(add_completion=False)

    @small.command("sort")
    def sort_(by: str = typer.Option("a", help="By *this* | [that].")) -> None:
        """Sort."""

    @small.command("other")
    def other() -> None:
        """Do nothing."""

    assert r"| By \*this\* \| \[that\]." in commands_page(small, "small")
    assert "## small sort\n\nSort.\n" in commands_page(small, "small")
