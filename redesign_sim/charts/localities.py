"""A locality as a drawing: its organisations in a ring, and a line wherever care passes between two of them."""

from __future__ import annotations

import math
from textwrap import fill
from typing import TYPE_CHECKING

from redesign_sim.charts.drawing import FAINT, INK, QUIET, SMALL, TYPE_COLOURS, bare, page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from redesign_sim.scenario import Scenario

THICKEST = 7.0
"""Points, of the line with most traffic."""
LETTERS_A_LINE = 18


def locality(case: Scenario, *, width: float = 8.0) -> Figure:
    """Organisations of care in a ring in the order of the file, commissioners in squares; a thicker line has more
    traffic, and its blue share is how joined up care is there on the first day.
    """
    members = case.organisations.members
    angles = {identity: 2 * math.pi * place / len(members) for place, identity in enumerate(members)}
    spots = {identity: (math.sin(angle), math.cos(angle)) for identity, angle in angles.items()}
    figure = page(width, width * 0.8)
    axes = figure.subplots()
    most = max(row.traffic for row in case.interfaces) or 1.0
    for row in case.interfaces:
        (x0, y0), (x1, y1) = (spots[end] for end in row.between)
        thick = max(0.8, THICKEST * row.traffic / most)
        axes.plot([x0, x1], [y0, y1], color=FAINT, linewidth=thick, zorder=1)
        there = x0 + row.start * (x1 - x0), y0 + row.start * (y1 - y0)
        axes.plot([x0, there[0]], [y0, there[1]], color=TYPE_COLOURS["localised"], linewidth=thick, zorder=2)
    for identity, (x, y) in spots.items():
        pays = members[identity].kind == "commissioner"
        axes.plot([x], [y], "s" if pays else "o", color=QUIET if pays else INK, markersize=8, zorder=3)
        name = fill(members[identity].name, LETTERS_A_LINE)
        axes.text(1.16 * x, 1.12 * y, name, fontsize=SMALL, color=INK, ha="center", va="center")
    axes.set_xlim(-1.45, 1.45)
    axes.set_ylim(-1.3, 1.3)
    axes.set_xticks([])
    axes.set_yticks([])
    bare(axes)
    return figure
