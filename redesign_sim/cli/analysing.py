"""`analyse`: what a study's runs say beyond the ranking, as tables in its folder and in words."""

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from redesign_sim.cli import console
from redesign_sim.study import store
from redesign_sim.study.analysis.door import Analysis
from redesign_sim.study.analysis.door import analyse as analysed
from redesign_sim.study.results import load_results

FolderArgument = Annotated[Path, typer.Argument(help="The results folder of a study.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Write all tables as JSON, and nothing else.")]

ROWS = 12
COLUMNS: dict[str, tuple[str, ...]] = {
    "effects": ("effect", "estimate", "low", "high"),
    "sobol": ("order", "factor", "estimate", "low", "high", "luck"),
    "morris": ("factor", "mu_star", "mu_star_low", "mu_star_high", "sigma", "floor"),
    "first_order": ("factor", "estimate", "low", "high", "luck_share"),
    "boxes": ("box", "factor", "low", "high", "levels", "quasi_p", "found_again"),
    "surface_coefficients": ("term", "estimate", "low", "high", "p"),
    "robustness": ("label", "mean_regret", "max_regret", "near_best", "robust_by_mean"),
    "shared_luck": ("context", "median", "least", "most"),
}
"""What is shown of each table; the rest is in the file."""

HEADINGS = {
    "effects": "Effects: how much the outcome changes, with 95 % intervals",
    "sobol": "Sobol indices: shares of the variation, with 95 % intervals and what luck alone shows",
    "morris": "Elementary effects over the whole range; below the floor it may be luck",
    "first_order": "Shares of the variation between points that a factor accounts for alone",
    "boxes": "Boxes: under what conditions it happens",
    "surface_coefficients": "Response surface over mixes: pure types, then blends",
    "robustness": "Regret: how far each falls behind the best of each context",
    "shared_luck": "Shared luck: how many times more runs independent luck would have needed",
}


def analyse(folder: FolderArgument, as_json: Json = False) -> None:
    """Analyse a study by what its design allows; every table goes into FOLDER/analysis."""
    results = load_results(folder)
    found = analysed(results)
    keep(found, folder)
    if as_json:
        console.say_json({name: _records(table) for name, table in found.tables.items()})
        return
    console.say(results.study.question)
    for name, heading in HEADINGS.items():
        if name in found.tables:
            _tell(name, heading, found.tables[name], results.study.select_on)
    console.say()
    for sentence in found.sentences:
        console.say(sentence)
    console.say(f"All tables are in {folder / 'analysis'}: {', '.join(f'{name}.csv' for name in found.tables)}.")


def keep(found: Analysis, folder: Path) -> None:
    """Write every table beside the results."""
    place = folder / "analysis"
    place.mkdir(exist_ok=True)
    for name, table in found.tables.items():
        store.write_text(place / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): value for key, value in row.items()}
        for row in table.astype(object).where(table.notna(), None).to_dict("records")
    ]


def _tell(name: str, heading: str, table: pd.DataFrame, outcome: str) -> None:
    """The rows of the outcome that the study selects on, as many as one reads."""
    selected = _worded(table[table["outcome"] == outcome])
    groups = [("all cases", selected)] if name == "shared_luck" else list(selected.groupby("case", sort=False))
    for case, rows in groups:
        shown = [column for column in COLUMNS[name] if rows[column].astype(str).str.len().any()]
        console.say()
        console.say(f"{heading} ({case}, {outcome})")
        cells = [tuple(_cell(row[column]) for column in shown) for _, row in rows.head(ROWS).iterrows()]
        numbers = [place for place, column in enumerate(shown) if pd.api.types.is_numeric_dtype(rows[column])]
        console.say_table(shown, cells, right=numbers)
        if len(rows) > ROWS:
            console.say(f"... and {len(rows) - ROWS} more rows in analysis/{name}.csv")


def _worded(table: pd.DataFrame) -> pd.DataFrame:
    """A table of effects with each effect in words; any other as it is."""
    if "change" not in table:
        return table
    own, other = table["factor"] + " " + table["change"], " x " + table["given"] + " " + table["given_change"]
    return table.assign(effect=own + other.where(table["given"] != "", ""))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.3f}"
    return str(value)
