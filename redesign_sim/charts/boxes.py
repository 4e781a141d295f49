"""The part of the space of factors in which something happens, as bars within the range of each factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.charts.drawing import (
    FAINT,
    INK,
    LETTERS,
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


def boxes(table: pd.DataFrame, *, width: float = 9.0) -> Figure:
    """A bar a factor: the whole range in grey, what the box keeps of it in blue, with the limits written at its ends.

    `table`: `label`, `low`, `high` (what is kept), `range_low`, `range_high` and, where they are known, `low_low`,
    `low_high`, `high_low`, `high_high` (95 % limits of either end, as thin strokes). Bars are scaled to their ranges.
    """
    rows = table.reset_index(drop=True)
    narrow = is_narrow(width)
    figure = page(width, 0.62 * max(len(rows), 1) + 0.25)
    axes = figure.subplots()
    inches(figure, left=0.15, right=0.35, bottom=0.15, top=0.1)
    for place, (_, row) in enumerate(rows.iterrows()):
        ends = float(row["range_low"]), float(row["range_high"])
        start, stop = (_share(float(row[end]), ends) for end in ("low", "high"))
        axes.barh(place, 1, height=0.26, color=FAINT, linewidth=0)
        axes.barh(place, stop - start, left=start, height=0.26, color=TYPE_COLOURS["high_impact"], linewidth=0)
        for end in ("low", "high"):
            if f"{end}_low" in row and row[f"{end}_low"] < row[f"{end}_high"]:
                span = [_share(float(row[f"{end}_{limit}"]), ends) for limit in ("low", "high")]
                axes.hlines(place + 0.22, span[0], span[1], color=INK, linewidth=1.6)
        axes.text(0, place - 0.2, row["label"], fontsize=LETTERS, color=INK, va="bottom")
        kept = f"{row['low']:.3g} to {row['high']:.3g}"
        whole = "" if narrow else f" of {ends[0]:.3g} to {ends[1]:.3g}"
        axes.text(1, place - 0.2, f"{kept}{whole}", fontsize=SMALL, color=QUIET, va="bottom", ha="right")
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.55, -0.75)
    axes.set_xticks([])
    axes.set_yticks([])
    bare(axes)
    return figure


def _share(value: float, ends: tuple[float, float]) -> float:
    """Where a value lies in a range, 0-1."""
    low, high = ends
    return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.0
