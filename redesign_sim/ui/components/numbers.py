"""The table that stands in for a chart, for those who cannot see it or want the figures."""

from __future__ import annotations

from redesign_sim.ui.components.drawn import drawn_by


@drawn_by("numbers.vue")
def Numbers(columns: list[str], rows: list[list[str]], summary: str = "The same as a table") -> None:
    """A chart's numbers as a table that opens on demand; cells are words."""


def percent(share: float) -> str:
    """A share as one says it: `34 %`."""
    return f"{100 * share:.0f} %"
