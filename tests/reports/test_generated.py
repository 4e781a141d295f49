"""The pages that are generated say what the code says now, and a page that does not is noticed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from redesign_sim.cli import Commands
from redesign_sim.evidence.findings import FINDINGS, LABELS, carriers
from redesign_sim.reports import excerpt
from redesign_sim.reports.__main__ import complaint, main, stale, write
from redesign_sim.reports.markdown import table
from redesign_sim.reports.tables import chapters, pages, rules_page
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario import walk_quantities
from redesign_sim.study.mixes import TYPES
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
HAND_WRITTEN = ("README.md", "docs/architecture.md", "docs/cases.md")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    shutil.copyfile(ROOT / "README.md", tmp_path / "README.md")
    write(tmp_path)
    return tmp_path


def test_the_pages_of_this_checkout_are_fresh() -> None:
    assert not (names := stale(ROOT)), complaint(names)


def test_fresh_pages_pass(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", "--root", str(checkout)]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_stale_page_is_named_with_what_refreshes_it(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = checkout / "docs" / "parameters.md"
    page.write_text(page.read_text("utf-8").replace("0.08", "0.09", 1), encoding="utf-8")
    assert main(["--check", "--root", str(checkout)]) == 1
    said = "docs/parameters.md is stale; `python -m redesign_sim.reports` refreshes what is generated.\n"
    assert capsys.readouterr().err == said
    assert main(["--root", str(checkout)]) == 0
    assert stale(checkout) == []


def test_a_missing_page_is_stale_and_checking_writes_nothing(checkout: Path) -> None:
    (checkout / "docs" / "rules.md").unlink()
    assert main(["--check", "--root", str(checkout)]) == 1
    assert not (checkout / "docs" / "rules.md").exists()


def test_a_page_with_the_line_ends_of_windows_is_fresh(checkout: Path) -> None:
    page = checkout / "docs" / "claims.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert stale(checkout) == []


def test_pages_come_out_alike_whatever_the_hash_seed() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", "from redesign_sim.reports.tables import pages; print(ascii(pages()))"],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(texts) == 1


def test_outside_a_checkout_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path)]) == 2
    assert "--root" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_rule_stands_on_the_page_once() -> None:
    found = re.findall(r'^\| <a id="[a-z]\d+"></a>([A-Z]\d+) `', rules_page(), flags=re.MULTILINE)
    assert sorted(found) == sorted(CATALOGUE)


def test_every_module_of_rules_has_its_chapter() -> None:
    modules = [chapter.module for chapter in chapters()]
    assert sorted(modules) == sorted({card.module for card in CATALOGUE.values()})
    assert modules.index("weighing") < modules.index("initiating")


def test_every_number_and_every_outcome_stands_on_its_page() -> None:
    text = pages()
    quantities = {each.path for each in walk_quantities() if not each.path.startswith("behaviour.")}
    assert {*PARAMETERS, *quantities} <= set(re.findall(r"^\| `([^`]+)`", text["parameters.md"], flags=re.MULTILINE))
    assert set(MEASURES) <= set(re.findall(r"^\| `([^`]+)`", text["outcomes.md"], flags=re.MULTILINE))


def test_a_bar_or_a_line_break_in_a_cell_does_not_end_it() -> None:
    assert table(("a",), [("x | y\n  z",)]).splitlines()[-1] == r"| x \| y z |"


def test_the_claims_are_those_that_rules_carry() -> None:
    assert list(FINDINGS) == [f"C{number}" for number in range(1, 21)]
    assert {claim for card in CATALOGUE.values() for claim in card.claims} <= set(FINDINGS)
    assert [claim for claim in FINDINGS if not carriers(claim)] == []
    assert {claim.label for claim in FINDINGS.values()} <= set(LABELS)


def rules_named_in_vain(texts: dict[str, str]) -> list[str]:
    return [
        f"{claim}: {rule}"
        for claim, text in texts.items()
        for rule in re.findall(r"\b[DILMNPRSW]\d+\b", text)
        if rule not in CATALOGUE
    ]


def test_the_reason_for_a_label_names_rules_that_there_are() -> None:
    assert rules_named_in_vain({name: claim.because for name, claim in FINDINGS.items()}) == []
    assert rules_named_in_vain({"C1": "who is won (N999)"}) == ["C1: N999"]


def links(text: str) -> Iterator[str]:
    return (link.split("#")[0] for link in re.findall(r"\]\(([^)#:]+(?:#[^)]*)?)\)", text))


@pytest.mark.parametrize("page", [*HAND_WRITTEN, *(f"docs/{name}" for name in pages())])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert [link for link in links(text) if not ((ROOT / page).parent / link).exists()] == []


def commands_in(text: str) -> set[str]:
    return set(re.findall(r"(?:^|[`/])redesign-sim ([a-z]+)", text, flags=re.MULTILINE))


def test_the_readme_speaks_of_commands_that_there_are() -> None:
    known = set(Commands.members)
    assert commands_in(README) == known


def summary_of(mixes: int, best: int = 1) -> pd.DataFrame:
    rows = [
        {**dict.fromkeys(TYPES, 0.0), "high_impact": 1 - place / 100, "passive": place / 100}
        | {"context": "dementia_london", "settings": "", "rank": place + 1, "may_be_best": place < best}
        | {"integrated": 0.5, "integrated_low": 0.43, "integrated_high": 0.57}
        | {"integration_index": 0.4 - place / 1000, "behind_best": place / 1000}
        for place in range(mixes)
    ]
    return pd.DataFrame(rows)


def test_the_readme_gets_both_ends_of_a_ranking_and_the_finding() -> None:
    lines = excerpt.excerpt(summary_of(20, best=2)).splitlines()
    assert lines[2] == "| 1 * | 0 % | 0 % | 0 % | 100 % | 50.0 % (43 to 57) | 0.400 | 0.000 |"
    assert [line.split(" | ")[0] for line in lines[2:11]] == [
        *("| 1 *", "| 2 *", "| 3", "| 4", "| 5", "| 6"),
        *("| …", "| 19", "| 20"),
    ]
    assert lines[-1].startswith("- In dementia_london 2 of 20 mixes cannot be told from the best")


def test_a_short_ranking_has_no_gap() -> None:
    assert "…" not in excerpt.excerpt(summary_of(8))


def test_only_what_stands_between_the_marks_is_replaced(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "results"
    results.mkdir()
    (results / excerpt.DRAWN[0]).write_bytes(b"a picture")
    monkeypatch.setattr(excerpt, "load_results", lambda _: type("Results", (), {"summary": summary_of(20)}))
    assert main(["--sweep", str(results), "--root", str(checkout)]) == 0
    text = (checkout / "README.md").read_text("utf-8")
    assert text.split(excerpt.BEGINS)[0] == README.split(excerpt.BEGINS)[0]
    assert text.split(excerpt.ENDS)[1] == README.split(excerpt.ENDS)[1]
    assert "| 50.0 % (43 to 57) |" in text
    assert (checkout / excerpt.PICTURE).read_bytes() == b"a picture"


def test_a_readme_without_marks_is_left_alone(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / excerpt.DRAWN[0]).touch()
    (checkout / "README.md").write_text("# Nothing\n")
    monkeypatch.setattr(excerpt, "load_results", lambda _: type("Results", (), {"summary": summary_of(20)}))
    assert main(["--sweep", str(tmp_path), "--root", str(checkout)]) == 2
    assert "sweep: begins" in capsys.readouterr().err
    assert (checkout / "README.md").read_text() == "# Nothing\n"


def test_the_picture_is_small() -> None:
    assert (ROOT / excerpt.PICTURE).stat().st_size < 300_000


def block_after(mark: str) -> str:
    """The code block of the README that follows a mark."""
    return README.split(mark)[1].split("```")[1].split("\n", 1)[1]


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_readme_has_its_commands(name: str) -> None:
    assert "constraints.txt" in block_after(f"<!-- command: {name} -->")


def test_the_rule_in_the_readme_is_a_rule_of_the_model() -> None:
    shown = README.split("## How to read the rules")[1].split("```python\n")[1].split("```")[0]
    assert shown in (ROOT / "redesign_sim" / "rules" / "negotiating.py").read_text("utf-8")


def test_the_rule_that_one_is_shown_how_to_add_is_not_there_yet() -> None:
    shown = re.findall(r'@rule\("(\w+)"', (ROOT / "docs" / "architecture.md").read_text("utf-8"))
    assert shown
    assert not set(shown) & set(CATALOGUE)


@pytest.mark.slow
def test_the_ten_lines_of_python_run() -> None:
    code = block_after("<!-- python -->")
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert "integration_index" in run.stdout
