"""Every number that a case rests on, with its source and how sure of it we are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from redesign_sim.scenario import walk_quantities
from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario, Walked
    from redesign_sim.ui.setup import Setup

GRADES = [
    {"letter": "H", "words": "sourced"},
    {"letter": "M", "words": "direction sourced"},
    {"letter": "L", "words": "assumed"},
]
"""How sure we are of a number, in words."""
NOTE = "“Could be” is the range over which a study would vary it; a result holds for the numbers it was run with."


@drawn_by("components/assumptions.vue")
def _Assumptions(rows: list[dict[str, Any]], grades: list[dict[str, str]], note: str) -> None:
    """The table, searched and filtered in the browser."""


@solara.component
def Assumptions(setup: Setup) -> None:
    """The assumptions of a case as it stands, those that were moved marked."""
    rows = solara.use_memo(lambda: rows_of(setup.case(), dict(setup.changes)), [setup])
    _Assumptions(rows=rows, grades=GRADES, note=NOTE)


def rows_of(case: Scenario, moved: dict[str, float]) -> list[dict[str, Any]]:
    """A row a number that holds a value."""
    return [_row(walked, moved=walked.path in moved) for walked in walk_quantities(case) if walked.value is not None]


def _row(walked: Walked, *, moved: bool) -> dict[str, Any]:
    low, high = walked.sweep or (0.0, 0.0)
    return {
        "path": walked.path,
        "title": walked.title,
        "meaning": walked.meaning,
        "value": f"{walked.value:g}" if isinstance(walked.value, int | float) else str(walked.value),
        "unit": walked.unit,
        "range": f"{low:g} to {high:g}",
        "confidence": walked.confidence,
        "source": walked.source,
        "moved": moved,
    }
