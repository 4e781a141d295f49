"""`report` turns a results folder into one page that anyone can open."""

from pathlib import Path
from typing import Annotated

import typer

from redesign_sim.cli import console
from redesign_sim.study.results import load_results
from redesign_sim.study.store import write_text

NAME = "report.html"

FolderArgument = Annotated[Path, typer.Argument(help="A results folder.", show_default=False)]
Out = Annotated[
    Path | None, typer.Option(help="The file to write [default: report.html in the folder].", show_default=False)
]


def report(folder: FolderArgument, out: Out = None) -> None:
    """Write what a study found as one HTML file that needs neither network nor scripts."""
    results = load_results(folder)
    from redesign_sim.reports.study_page import study_page  # noqa: PLC0415  matplotlib takes half a second to load

    place = out or folder / NAME
    text = study_page(results)
    if not place.parent.is_dir():
        raise console.UsageError(f"There is no folder {place.parent} to write {place.name} into.")
    write_text(place, text)
    console.say(f"The report is {place} ({len(text.encode()) / 1e6:.1f} MB, one file).")
