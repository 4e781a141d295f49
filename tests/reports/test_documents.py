"""The documents that argue: their parts are filled in, their links lead somewhere, what they restate is the code's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from redesign_sim.evidence.controls import CONTROLS
from redesign_sim.evidence.findings import FINDINGS
from redesign_sim.month import MONTH
from redesign_sim.reports import documents as module
from redesign_sim.reports.__main__ import stale, write
from redesign_sim.reports.documents import PARTS, TEXTS, TITLES, documents, filled
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.world.building import CONTROLS as WHO_CONTROLS

DOCS = Path(__file__).resolve().parents[2] / "docs"
ARGUED = (*TITLES, "trace.md", "stress.md", "docking.md")
LINK = re.compile(r"\]\(([^)#\s]+)?(?:#([^)\s]+))?\)")


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ARGUED)
def test_every_link_leads_somewhere(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    for file, anchor in LINK.findall(text):
        if file.startswith("http"):
            continue
        target = (DOCS / file).resolve() if file else DOCS / name
        assert target.exists(), f"{name}: {file}"
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), f"{name}: {file}#{anchor}"


@pytest.mark.parametrize("name", TITLES)
def test_every_part_is_filled_in_and_every_text_is_used(name: str) -> None:
    assert "{{" not in documents()[name]
    assert {each.name for each in TEXTS.iterdir()} == set(TITLES)


def test_every_part_is_asked_for() -> None:
    asked = {part for name in TITLES for part in re.findall(r"\{\{(\w+)\}\}", (TEXTS / name).read_text("utf-8"))}
    assert asked == set(PARTS)


def test_a_part_that_nobody_makes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new.md").write_text("So many: {{unheard_of}}.", encoding="utf-8")
    monkeypatch.setattr(module, "TEXTS", tmp_path)
    with pytest.raises(KeyError, match="unheard_of"):
        filled("new.md")


def test_the_odd_names_every_rule_stage_and_element_of_the_protocol() -> None:
    text = documents()["odd.md"]
    assert all(f"**{card.id}** {card.sentence}" in text for card in CATALOGUE.values())
    assert all(f"| {stage.name} |" in text for stage in MONTH)
    concepts = ["Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing"]
    concepts += ["Interaction", "Stochasticity", "Collectives", "Observation"]
    assert all(f"**{concept}.**" in text for concept in concepts)
    assert [number for number in range(1, 8) if f"\n## {number}. " not in text] == []


def test_what_is_put_in_is_told_to_whoever_uses_it() -> None:
    text = documents()["what_it_cannot_tell.md"]
    for name, finding in FINDINGS.items():
        assert (f"**{name}** (" in text) == (finding.label in {"assumed", "structural"}), name


def test_every_control_says_what_must_come_out() -> None:
    text = documents()["controls.md"]
    assert all(f"{each.id}, must: {each.says}." in text for control in CONTROLS.values() for each in control.must)


def test_who_controls_which_practice_is_told_for_everyone() -> None:
    text = (DOCS / "parameters.md").read_text("utf-8")
    assert all(f"| {who.name.lower().replace('_', ' ')} |" in text for who in WHO_CONTROLS)


def test_a_document_that_is_left_behind_is_stale(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text((DOCS.parent / "README.md").read_text("utf-8"), encoding="utf-8")
    write(tmp_path)
    page = tmp_path / "docs" / "odd.md"
    page.write_text(page.read_text("utf-8").replace("60 months", "61 months", 1), encoding="utf-8")
    assert stale(tmp_path) == ["docs/odd.md"]
