"""The report of a study: one HTML file that needs neither network nor scripts, from a results folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.reports.sheets import sheets_of
from redesign_sim.reports.study_page import analyses, asked, certainty, origin, rankings
from redesign_sim.reports.study_page.findings import headline
from redesign_sim.reports.study_page.given import Given
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.reports.study_page.blocks import Figure, Section
    from redesign_sim.study.results import Results

__all__ = ["study_page"]


def study_page(results: Results) -> str:
    """The page of a results folder; the same folder gives the same bytes. Raises StudyError where nothing was run."""
    if not results.folder.has_runs:
        raise StudyError(f"{results.folder} holds no runs yet, so there is nothing to report.")
    given = Given(results)
    found = headline(given)
    shown = [*filter(None, [found.figure]), *rankings.only(given)]
    return (
        sheets_of("redesign_sim.reports.study_page")
        .get_template("page.html")
        .render(
            study=given.study,
            version=results.manifest["versions"]["redesign-sim"],
            headline=found,
            figure=shown[0],
            numbers=asked.in_numbers(given),
            sections=sections(given, found.sentence, shown[0], shown[1:]),
        )
    )


def sections(given: Given, sentence: str, figure: Figure, beside: Sequence[Figure]) -> list[Section]:
    """The parts of the page below the finding, those that this study has; `beside`: what shows how sure that is."""
    return [
        certainty.section(given, beside),
        *rankings.sections(given),
        *analyses.sections(given, {figure.name, sentence}),
        asked.section(given),
        origin.limits(),
        origin.failures(given),
        origin.section(given),
    ]
