"""Where the runs went: how many each point got, and what ended them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.charts.drawing import (
    ALARM,
    FAINT,
    INK,
    QUIET,
    SMALL,
    TYPE_COLOURS,
    bare,
    inches,
    is_narrow,
    page,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ENDED = {
    "the number asked for": ("o", QUIET),
    "the rule": ("o", TYPE_COLOURS["high_impact"]),
    "the budget": ("D", TYPE_COLOURS["high_impact"]),
    "told from the best": ("o", TYPE_COLOURS["localised"]),
    "the cap": ("X", ALARM),
}
"""What can end the runs of a point: its marker and colour."""


def allocation(table: pd.DataFrame, *, equal: float | None = None, width: float = 9.0) -> Figure:
    """How many runs each option got, from the best ranked to the last.

    `table`: `rank`, `n` and `by` (what ended its runs); `equal`: how many each would have had, had all had the same.
    """
    figure = page(width, 2.9)
    axes = figure.subplots()
    narrow = is_narrow(width)
    if narrow:
        inches(figure, left=0.6, right=0.15, bottom=0.5, top=0.25 + 0.2 * table["by"].nunique())
    axes.vlines(table["rank"], 0, table["n"], color=FAINT, linewidth=1.2, zorder=1)
    for by, rows in table.groupby("by", sort=True):
        marker, colour = ENDED.get(str(by), ("o", INK))
        axes.scatter(rows["rank"], rows["n"], s=26, marker=marker, color=colour, label=f"ended by: {by}", zorder=3)
    if equal is not None:
        axes.axhline(equal, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        axes.text(
            float(table["rank"].max()), equal, "spread equally", fontsize=SMALL, color=INK, ha="right", va="bottom"
        )
    axes.set_ylim(0, float(table["n"].max()) * 1.08)
    axes.set_xlabel("rank, the best at the left", fontsize=9, color=QUIET)
    axes.set_ylabel("runs", fontsize=9, color=QUIET)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=1 if narrow else 2,
        frameon=False,
        fontsize=9,
        handletextpad=0.2,
    )
    bare(axes, "bottom")
    return figure
