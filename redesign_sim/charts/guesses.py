"""What a room guessed, beside what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.charts.drawing import INK, QUIET, TYPE_COLOURS, bare, heading, page

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def guesses(numbers: pd.Series[int], share: tuple[float, float, float], *, title: str, subtitle: str = "") -> Figure:
    """What a room guessed, a dot each over 0 to 100, and the answer (`share`: estimate, low, high; 0-1) across them."""
    figure = page(9, 3.1)
    axes = figure.subplots()
    heading(figure, title, subtitle)
    level = numbers.groupby(numbers).cumcount() + 1
    estimate, low, high = (100 * limit for limit in share)
    axes.axvspan(low, high, color=TYPE_COLOURS["localised"], alpha=0.35, linewidth=0)
    axes.axvline(estimate, color=TYPE_COLOURS["high_impact"], linewidth=2.2)
    axes.scatter(numbers, level, s=60, color=TYPE_COLOURS["lacking_followers"], edgecolors=INK, linewidths=0.8)
    axes.set_xlim(-1, 101)
    axes.set_ylim(0, max(4, int(level.max()) + 1))
    axes.set_yticks([])
    axes.set_xlabel("futures of 100 in which services integrate", fontsize=9, color=QUIET)
    bare(axes, "bottom")
    return figure
