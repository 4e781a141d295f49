"""The README's picture and ranking, taken from the results folder of a finished sweep and never typed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redesign_sim.reports.markdown import table
from redesign_sim.study.analysis.summary import finding
from redesign_sim.study.errors import StudyError
from redesign_sim.study.mixes import TYPE_WORDS, TYPES
from redesign_sim.study.results import load_results

if TYPE_CHECKING:
    import pandas as pd

PICTURE = Path("docs") / "images" / "leadership_mixes.png"
DRAWN = ("simplex.png", "simplex_1.png")
"""The picture of the first case, by itself or one of several."""

BEGINS, ENDS = "<!-- sweep: begins -->", "<!-- sweep: ends -->"
FIRST, LAST = 6, 2
"""How many rows of the ranking a reader of the README gets from either end."""


def show_in_readme(results: Path, root: Path) -> None:
    """Copy a sweep's picture into the docs and put its ranking between the README's marks."""
    summary = load_results(results).summary
    if not set(TYPES) <= set(summary.columns):
        raise StudyError(f"{results} is no sweep of leadership mixes, which is what the README shows.")
    drawn = next((results / name for name in DRAWN if (results / name).is_file()), None)
    if drawn is None:
        raise StudyError(f"{results} holds no {DRAWN[0]}; `redesign-sim resume {results}` draws it.")
    readme = root / "README.md"
    text = _between(readme.read_text("utf-8"), excerpt(summary))
    (root / PICTURE).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(drawn, root / PICTURE)
    readme.write_text(text, encoding="utf-8", newline="\n")


def excerpt(summary: pd.DataFrame) -> str:
    """The two ends of the first case's ranking of mixes, and the finding of every case in a sentence."""
    cases = [alike for _, alike in summary.groupby("context", sort=False)]
    found = "\n".join(f"- {finding(alike, 'integration_index').sentence}" for alike in cases)
    return f"{_ends(cases[0])}\n\n(* cannot be told from the best.)\n\n{found}"


def _ends(summary: pd.DataFrame) -> str:
    """The first rows of a ranking, and the last."""
    head = ("rank", *(TYPE_WORDS[kind] for kind in TYPES), "futures that integrate (95 %)", "index", "behind the best")
    first, last = summary.head(FIRST).to_dict("records"), summary.tail(LAST).to_dict("records")
    gap = ("…",) * len(head)
    rows = [*map(_row, first), *([gap] if len(summary) > FIRST + LAST else []), *map(_row, last)]
    return table(head, rows)


def _row(row: dict[Any, Any]) -> tuple[str, ...]:
    """A mix in the ranking, its shares in per cent."""
    interval = f"{100 * row['integrated_low']:.0f} to {100 * row['integrated_high']:.0f}"
    return (
        f"{row['rank']}{' *' if row['may_be_best'] else ''}",
        *(f"{100 * row[kind]:.0f} %" for kind in TYPES),
        f"{100 * row['integrated']:.1f} % ({interval})",
        f"{row['integration_index']:.3f}",
        f"{row['behind_best']:.3f}",
    )


def _between(text: str, new: str) -> str:
    """A text with what stands between the marks replaced."""
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise StudyError(f"The README has no {BEGINS} followed by {ENDS}.")
    return f"{before}{BEGINS}\n{new}\n{ENDS}{after}"
