"""How an outcome spreads over draws that are no options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redesign_sim.charts.drawing import FAINT, QUIET, TYPE_COLOURS, bare, inches, page, per_cent
from redesign_sim.charts.ranking import SHOWN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST = 400
"""More draws than these stand closer than eyes can tell; every so many is shown."""

GREY = "#b9bec4"


def spread(table: pd.DataFrame, outcome: str, *, width: float = 9.0) -> Figure:
    """Every draw from the lowest to the highest: its estimate on its 95 % interval.

    `table`: `outcome` with `_low` and `_high` (0-1). Draws are thinned out evenly where there are very many.
    """
    ordered = table.sort_values(outcome, kind="stable", ignore_index=True)
    shown = ordered.iloc[np.unique(np.linspace(0, len(ordered) - 1, min(MOST, len(ordered))).round().astype(int))]
    figure = page(width, 3.2)
    inches(figure, left=0.55, right=0.2, bottom=0.5, top=0.15)
    axes = figure.subplots()
    place = (shown.index + 0.5) / len(ordered)
    finite = np.isfinite(shown[f"{outcome}_low"])
    axes.vlines(
        place[finite], shown[f"{outcome}_low"][finite], shown[f"{outcome}_high"][finite], color=GREY, linewidth=0.9
    )
    axes.scatter(place, shown[outcome], s=7, color=TYPE_COLOURS["high_impact"], linewidths=0, zorder=3)
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=min(0.0, float(shown[outcome].min())))
    axes.xaxis.set_major_formatter(per_cent())
    if outcome == "integrated":
        axes.yaxis.set_major_formatter(per_cent())
    axes.set_xlabel(f"draws, from the lowest to the highest: {SHOWN.get(outcome, outcome)}", fontsize=9, color=QUIET)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    bare(axes, "bottom")
    return figure
