"""The files of an evidence run, and how it becomes the reference: the committed table, the README's, and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from redesign_sim.evidence import reference
from redesign_sim.evidence.programme import QUICK
from redesign_sim.reports.evidence_page import evidence_html
from redesign_sim.reports.markdown import table
from redesign_sim.reports.verdicts import evidence_page, readme_table
from redesign_sim.study.errors import StudyError
from redesign_sim.study.store import write_frame, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from redesign_sim.evidence.programme import Findings

HTML, MARKDOWN, TABLE = "evidence.html", "evidence.md", "reference.json"
LOG = "evidence_log.md"
BEGINS, ENDS = "<!-- verdicts: begins -->", "<!-- verdicts: ends -->"
LOG_HEAD = (
    "# The log of verdicts\n\nEvery time the reference table of verdicts was made anew: why, and each claim whose "
    "verdict changed, before and after.\n"
)


def write_files(found: Findings, place: Path) -> dict[str, Any]:
    """Write what was found into its folder: the page, the Markdown, the table, and the figures behind them."""
    told = reference.summary(found, probe=reference.probe())
    write_text(place / TABLE, reference.as_text(told))
    write_text(place / MARKDOWN, evidence_page(told))
    write_text(place / HTML, evidence_html(told))
    write_frame(place / "space.parquet", found.space)
    write_text(place / "verdicts.csv", _verdicts(told).to_csv(index=False, lineterminator="\n"))
    shares = [each.assign(test=name) for name, each in found.deciding.items() if len(each)]
    if shares:
        write_text(place / "sensitivity.csv", pd.concat(shares).to_csv(index=False, lineterminator="\n"))
    return told


def _verdicts(told: Mapping[str, Any]) -> pd.DataFrame:
    """A row a test and case."""
    rows = [
        {"claim": claim, "test": name, "case": case, "word": seen["word"], "runs": seen["runs"]}
        | dict(zip(("effect", "low", "high"), seen["effect"], strict=True))
        | {"smallest": test["smallest"], "expected": test["expected"], "secondary": test["secondary"]}
        for claim, held in told["claims"].items()
        for name, test in held["tests"].items()
        for case, seen in test["cases"].items()
    ]
    return pd.DataFrame(rows)


def make_reference(results: Path, reason: str, day: str, root: Path) -> None:
    """Make a full run's table the reference, and write down why and what changed. Raises StudyError where it cannot."""
    try:
        new = reference.read(results / TABLE)
    except OSError as error:
        raise StudyError(f"{results} holds no {TABLE}; `redesign-sim evidence --out {results}` writes it.") from error
    if new["depth"]["name"] == QUICK.name:
        raise StudyError(f"{results} was made by a quick run, which is too little to conclude from; run it in full.")
    if old_news := reference.staleness(new):
        raise StudyError(f"{results} is no reference for this version. {old_news}")
    if not reason.strip():
        raise StudyError("Say why the reference is made anew: --because '...'.")
    old = reference.read() if reference.TABLE.is_file() else None
    log = root / "docs" / LOG
    before = log.read_text(encoding="utf-8") if log.is_file() else LOG_HEAD
    write_text(log, f"{before.rstrip()}\n\n{entry(old, new, reason, day)}")
    write_text(reference.TABLE, reference.as_text(new))


def entry(old: Mapping[str, Any] | None, new: Mapping[str, Any], reason: str, day: str) -> str:
    """An entry of the log: the day, the reason, and what changed."""
    cases = new["cases"]
    rows = [
        (name, *(_change(_words(old, name).get(case), claim["cases"].get(case)) for case in cases))
        for name, claim in new["claims"].items()
        if _words(old, name) != claim["cases"]
    ]
    changes = table(("Claim", *cases), rows) if rows else "No verdict changed."
    return f"## {day}\n\n{reason.strip()}\n\n{changes}\n"


def _words(told: Mapping[str, Any] | None, claim: str) -> Mapping[str, str]:
    """The verdicts on a claim by case; none where there was no table, or no such claim."""
    words: Mapping[str, str] = (told or {"claims": {}})["claims"].get(claim, {"cases": {}})["cases"]
    return words


def _change(before: str | None, after: str | None) -> str:
    """A verdict before and after."""
    return (after or "not tried") if before == after or before is None else f"{before} → {after or 'not tried'}"


def readme_with_verdicts(text: str, told: Mapping[str, Any]) -> str:
    """The README with the table of verdicts between its marks. Raises StudyError where it has none."""
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise StudyError(f"The README has no {BEGINS} followed by {ENDS}.")
    return f"{before}{BEGINS}\n{readme_table(told)}\n{ENDS}{after}"
