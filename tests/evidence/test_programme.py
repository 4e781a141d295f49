"""From what is declared to the page: with a stand-in, so that every verdict is known."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from redesign_sim.evidence import programme as plans
from redesign_sim.evidence import reference
from redesign_sim.evidence.claims import Claim, Condition, Expectation, contrast, interaction, level
from redesign_sim.evidence.programme import Depth, Findings, programme, run
from redesign_sim.evidence.readings import compiled
from redesign_sim.reports import evidence_files
from redesign_sim.reports.evidence_files import BEGINS, ENDS, entry, make_reference, readme_with_verdicts
from redesign_sim.reports.evidence_page import evidence_html
from redesign_sim.reports.evidence_page.strips import bar, strip
from redesign_sim.reports.verdicts import carried_by, evidence_page, readme_table, too_small
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from redesign_sim.scenario import Scenario

DEPTH = Depth("tiny", 12, 64, 4, 8)
ALL, NONE = Condition("all", {"leadership.concession": 1.0}), Condition("none", {"leadership.concession": 0.0})
BOTH, ONE, OTHER, NEITHER = (
    Condition(name, {"persuasion.strength": p, "planning.capacity": q})
    for name, p, q in (("both", 1.0, 1.0), ("one", 1.0, 0.0), ("other", 0.0, 1.0), ("neither", 0.0, 0.0))
)
CLAIMS = {
    "C16": Claim(
        "C16",
        "Conceding helps.",
        "emergent",
        (
            Expectation("C16.1", "conceding helps", contrast(ALL, NONE, "integration_gain")),
            Expectation("C16.2", "conceding is liked", contrast(ALL, NONE, "own_say"), "less", 0.05, secondary=True),
        ),
        (("N14", "off"),),
    ),
    "C15": Claim(
        "C15",
        "In tandem.",
        "structural",
        (
            Expectation("C15.1", "in tandem", interaction(BOTH, ONE, OTHER, NEITHER, "integration_gain"), "less"),
            Expectation("C15.2", "what comes out", level(ALL, "integration_gain"), "open"),
        ),
    ),
}


def known(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
    """Conceding brings 0.1 while it is at work (N14), persuasion and planning 0.2 together; luck is shared."""
    luck = np.random.default_rng(seed).normal(0, 0.05, 1000)[replications.start : replications.stop]
    mean = 0.2 + 0.2 * scenario.persuasion.strength * scenario.planning.capacity
    mean += 0.1 * scenario.leadership.concession * (scenario.mechanisms.N14 == "on")
    own = np.random.default_rng([seed, round(1e6 * mean)]).normal(0, 0.001, 1000)[: len(luck)]
    return pd.DataFrame({"replication": list(replications), **dict.fromkeys(wanted, mean + luck + own)})


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    place: Path = tmp_path_factory.mktemp("programme") / "evidence"
    return run(programme(DEPTH, CLAIMS), place, known)


@pytest.fixture(scope="module")
def told(found: Findings) -> dict[str, Any]:
    return reference.summary(found, probe="as it was")


def test_verdicts_are_known(found: Findings) -> None:
    assert {case: found.on(CLAIMS["C16"], case) for case in found.cases} == dict.fromkeys(found.cases, "holds")
    assert {found.on(CLAIMS["C15"], case) for case in found.cases} == {"reversed"}
    assert found.verdicts["C15.2", "neutral"].word == "above"
    assert found.held["C16.1", "all"].holds == 1.0
    assert found.held["C16.1", "live"].points == 64
    assert found.powers["C16.1", "neutral"].power == 1.0


def test_a_claim_goes_without_what_makes_it(told: dict[str, Any]) -> None:
    assert carried_by(told["claims"]["C16"]) == "N14 off"
    assert carried_by(told["claims"]["C15"]) == "nothing holds there"


def test_a_table_is_kept_whole_and_read_again(told: dict[str, Any], tmp_path: Path) -> None:
    text = reference.as_text(told)
    (tmp_path / "reference.json").write_text(text, encoding="utf-8")
    assert reference.read(tmp_path / "reference.json") == json.loads(json.dumps(told))
    assert max(map(len, text.splitlines())) < 20_000


def test_what_fails_is_shown_as_plainly_as_what_passes(told: dict[str, Any]) -> None:
    text = readme_table(told)
    assert "Of 2 claims 1 hold on every case, 0 hold in part, 0 are undetectable and 1 are reversed" in text
    assert text.count("**holds**") == text.count("**reversed**") == 5
    assert "docs/evidence.md#c15" in text


def test_how_much_of_what_holds_is_written_in_is_said_beside_it(told: dict[str, Any]) -> None:
    assert "written in: 0 assumed, 0 structural, 0 partly assumed, 1 emergent." in readme_table(told)


def test_what_is_known_to_be_too_small_is_told_from_what_nobody_can_tell(told: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(told))
    cases = changed["claims"]["C16"]["tests"]["C16.1"]["cases"]
    cases["neutral"] |= {"word": "undetectable", "effect": [0.001, -0.019, 0.019]}
    cases["dementia_london"] |= {"word": "undetectable", "effect": [0.001, -0.021, 0.019]}
    page, html = evidence_page(changed), evidence_html(changed)
    assert "undetectable, too small, 0.001 (−0.019 to 0.019)" in page
    assert "undetectable 0.001 (−0.021 to 0.019)" in page
    assert html.count("</span>, too small</td>") == 1
    assert not too_small({"word": "undetectable", "effect": [None, None, None]}, 0.02)
    assert not too_small({"word": "holds", "effect": [0.0, -0.001, 0.001]}, 0.02)


def test_from_a_verdict_it_is_two_steps_to_a_rules_lines_and_worked_examples(told: dict[str, Any]) -> None:
    page = evidence_page(told)
    section = page.split("## C16\n")[1].split("\n## ")[0]
    assert re.search(r"\(\.\./redesign_sim/rules/negotiating\.py#L\d+-L\d+\)", section)
    assert re.search(r"\(\.\./tests/examples/negotiating\.yaml#L\d+\)", section)
    html = evidence_html(told)
    assert 'href="#C16"' in html
    assert 'href="#rule-N14"' in html
    assert 'id="rule-N14"' in html
    assert "def concede(" in html


def test_the_page_needs_neither_network_nor_scripts(told: dict[str, Any]) -> None:
    html = evidence_html(told)
    assert "<script" not in html
    assert "*holds*" not in html
    assert "](" not in html.split("<section")[0]
    assert not re.findall(r'(?:src|href)="(?!#)', html)
    assert html == evidence_html(told)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_small_drawings_stay_on_their_line() -> None:
    far = strip([5.0, -9.0, None], 0.02)
    assert all(0 <= float(x) <= 150 for x in re.findall(r'(?:cx|x1|x2)="([\d.]+)"', far))
    assert strip([None, None, None], 0.02) == ""
    assert "holds 25 %, undetectable 75 %, reversed 0 %" in bar({"holds": 0.25, "undetectable": 0.75, "reversed": 0.0})


def test_files_are_written_beside_the_runs(found: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "probe", lambda: "as it is")
    evidence_files.write_files(found, tmp_path)
    names = {"evidence.html", "evidence.md", "reference.json", "space.parquet", "verdicts.csv", "sensitivity.csv"}
    assert {file.name for file in tmp_path.iterdir()} == names
    rows = pd.read_csv(tmp_path / "verdicts.csv")
    assert len(rows) == 4 * len(found.cases)


def test_a_reference_is_made_with_its_reason_and_what_changed(
    told: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "TABLE", tmp_path / "kept.json")
    monkeypatch.setattr(reference, "probe", lambda: "as it was")
    monkeypatch.setattr(reference, "claims_digest", lambda: told["claims_digest"])
    (tmp_path / "docs").mkdir()
    with pytest.raises(StudyError, match="holds no reference"):
        make_reference(tmp_path, "first", "2026-01-01", tmp_path)
    (tmp_path / "reference.json").write_text(reference.as_text(told))
    with pytest.raises(StudyError, match="Say why"):
        make_reference(tmp_path, " ", "2026-01-01", tmp_path)
    make_reference(tmp_path, "the first", "2026-01-01", tmp_path)
    changed = json.loads(json.dumps(told))
    changed["claims"]["C16"]["cases"]["neutral"] = "partly"
    (tmp_path / "reference.json").write_text(reference.as_text(changed))
    make_reference(tmp_path, "a rule mended", "2026-01-02", tmp_path)
    log = (tmp_path / "docs" / "evidence_log.md").read_text()
    assert "the first" in log
    assert "a rule mended" in log
    assert "holds → partly" in log
    assert reference.read()["claims"]["C16"]["cases"]["neutral"] == "partly"
    monkeypatch.setattr(reference, "probe", lambda: "otherwise")
    with pytest.raises(StudyError, match="other numbers"):
        make_reference(tmp_path, "stale", "2026-01-03", tmp_path)
    (tmp_path / "reference.json").write_text(
        reference.as_text(changed | {"depth": changed["depth"] | {"name": "quick"}})
    )
    with pytest.raises(StudyError, match="quick"):
        make_reference(tmp_path, "in a hurry", "2026-01-03", tmp_path)


def test_an_unchanged_table_says_so(told: dict[str, Any]) -> None:
    assert "No verdict changed." in entry(told, told, "faster", "2026-01-01")


def test_only_what_stands_between_the_readmes_marks_is_replaced(told: dict[str, Any]) -> None:
    text = readme_with_verdicts(f"before\n{BEGINS}\nwas here\n{ENDS}\nafter", told)
    assert text.startswith("before\n")
    assert text.endswith("\nafter")
    assert "was here" not in text
    with pytest.raises(StudyError, match="verdicts: begins"):
        readme_with_verdicts("no marks", told)


def test_everything_quick_is_small_and_everything_full_is_deep() -> None:
    quick = sum(block.runs for block in programme(plans.QUICK).blocks)
    assert quick < 25_000
    assert plans.FULL.points >= 1000


# --- staleness --------------------------------------------------------------------------------------------------------


def test_a_table_is_stale_when_a_claim_is_declared_otherwise() -> None:
    one = reference.claims_digest(CLAIMS)
    assert one == reference.claims_digest(dict(CLAIMS))
    bolder = Expectation("C16.1", "conceding helps", contrast(ALL, NONE, "integration_gain"), smallest=0.01)
    changed = {**CLAIMS, "C16": Claim("C16", "Conceding helps.", "emergent", (bolder,), (("N14", "off"),))}
    assert reference.claims_digest(changed) != one
    other = Condition("all", {"leadership.concession": 0.9})
    moved = Expectation("C16.1", "conceding helps", contrast(other, NONE, "integration_gain"))
    assert reference.claims_digest({**CLAIMS, "C16": Claim("C16", "", "emergent", (moved,))}) != one


def test_a_table_is_stale_when_the_model_gives_other_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "PROBED", 2)
    before = reference.probe(CLAIMS)
    assert before == reference.probe(CLAIMS)
    simulate = compiled

    def otherwise(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
        frame = simulate(scenario, replications, seed, wanted)
        return frame.assign(proposals_started=frame["proposals_started"] + 1) if "proposals_started" in frame else frame

    monkeypatch.setattr("redesign_sim.evidence.reference.compiled", otherwise)
    assert reference.probe(CLAIMS) != before


@pytest.mark.skipif(not reference.TABLE.is_file(), reason="no full run has been made the reference yet")
def test_the_reference_is_fresh() -> None:
    assert reference.staleness(reference.read()) == "", "run the evidence in full, and make it the reference"


def test_staleness_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "probe", lambda: "now")
    fresh = {"claims_digest": reference.claims_digest(), "probe": "now"}
    assert reference.staleness(fresh) == ""
    assert "other numbers" in reference.staleness({**fresh, "probe": "then"})
    assert "declared otherwise" in reference.staleness({**fresh, "claims_digest": "then"})
