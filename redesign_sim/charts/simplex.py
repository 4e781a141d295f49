"""Mixes on the simplex: a triangle of three shares at each level of the fourth."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from matplotlib.patches import Circle, Polygon, Rectangle, RegularPolygon

from redesign_sim.charts.drawing import ALARM, FAINT, INK, QUIET, SMALL, heading, page
from redesign_sim.charts.ranking import SHOWN, telling_outcome
from redesign_sim.charts.tones import Ends, ink_on
from redesign_sim.study.mixes import TYPE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = 0.16
"""Between two slices, in sides of the largest triangle."""

SHORTEST = 0.2
"""What the smallest slice takes, so that there is room for its share under it."""

MOST_IN_A_ROW = 6
SHARE = "integrated"
"""The outcome that is a share of futures."""

LARGEST = 3.3
"""Inches to a side of the largest of several triangles, at most; one alone fills its picture."""

WIDEST, LEAST_WIDE = 12.0, 7.0
"""Inches across of a picture whose width is left to its slices, at most and at least."""

ROOM_FOR_TWO, ROOM_FOR_ONE, ROOM_FOR_NONE, ROOM_FOR_A_DOT = 0.42, 0.25, 0.085, 0.16
"""Inches across of a cell that holds an estimate and its interval, an estimate, or nothing, and of a dot."""

COARSE = 0.15
"""Lattices with larger steps get cells that hold both; in finer ones a cell shrinks as its interval widens."""

FINEST_WITH_NUMBERS = 0.07
BANDS = (0.0, 0.25, 0.5, 0.75)
"""Where mixes lie anywhere, those from each of these shares of the fourth to the next stand in one triangle."""

LEAST_SPAN = 0.05
"""Outcomes other than shares of futures that differ by less than this are given nearly one colour."""

MOST_RINGED = 0.4
"""Where a larger part of the mixes may be the best, the others are marked instead."""

UNDER, OVER = 0.45, 0.25
"""Inches under a slice for its share, and over the first for its corner."""

DOT = 0.09
"""What a dot takes of the side of a triangle, where mixes lie on no lattice."""

KEY = 0.62
"""Inches above the slices for what colour, size and outline mean."""

BETWEEN = 0.18
"""Inches that the layout keeps free around the key and the slices."""


Marks = Literal["best", "others", "none"]
"""Which mixes are marked: those that may be the best, those that are told from it, or none."""


class Look(NamedTuple):
    """How a slice is drawn: its three corners, the distance of two cells, their size, what colours them, and between
    which ends.
    """

    corners: tuple[str, str, str]
    step: float
    inch: float
    on_lattice: bool
    outcome: str
    ends: Ends
    marks: Marks
    scale: str

    @property
    def shrinks(self) -> bool:
        """Whether a cell says by its size how wide its interval is."""
        return self.on_lattice and FINEST_WITH_NUMBERS < self.step < COARSE

    @property
    def letters(self) -> float:
        """How much larger than usual numbers are, where cells are."""
        return max(1.0, sqrt(self.inch / LARGEST))


def cell_of(table: pd.DataFrame) -> Literal["both", "estimate", "nothing"]:
    """What a cell of a table's simplex holds: an estimate with its interval, without, or nothing but its colour."""
    step = _step(table)
    return "both" if step > COARSE else "estimate" if step > FINEST_WITH_NUMBERS else "nothing"


def simplex(  # noqa: PLR0913  what may be asked of a picture
    table: pd.DataFrame,
    *,
    title: str = "",
    subtitle: str = "",
    fourth: str = "high_impact",
    levels: Sequence[float] | None = None,
    outcome: tuple[str, str] | None = None,
    ends: Ends | None = None,
    width: float | None = None,
) -> Figure:
    """Triangles of three shares, one for each level of the fourth type, coloured by the share that integrates.

    `table` as for `ranked_mixes`; `outcome` names another column with `_low`
    and `_high`, and says what it is; the colours go between `ends`, where they are given. The triangles shrink as the
    fourth share grows: they are slices of one tetrahedron, all on one scale. A heavy outline (a dot in very fine
    lattices) marks the mixes that cannot be told from the best. Cells hold the estimate and half of its interval; where
    they are too small for both they shrink with it. Mixes that lie on no lattice are dots in bands of the fourth share.
    Without a `width` the picture is as wide as its triangles need.
    """
    step = _step(table)
    shown = table if step else table.assign(**{fourth: _banded(table[fourth])})
    slices = (sorted(set(shown[fourth].round(6))) if step else list(BANDS)) if levels is None else list(levels)
    width = width or _width(slices, step)
    places, look = _laid_out(table, (fourth, outcome), step, slices, width)
    look = look._replace(ends=ends or look.ends)
    deep = 0.5 * look.step + UNDER / look.inch - places[-1][1]
    high = (1 - slices[0]) * sqrt(3) / 2 + 0.6 * look.step + OVER / look.inch
    tall = look.inch * (deep + high)
    figure = page(width, KEY + tall + BETWEEN)
    heading(figure, title, subtitle)
    above, axes = figure.subplots(2, 1, height_ratios=(KEY, tall))
    _key(above, look, width)
    for level, corner in zip(slices, places, strict=True):
        if not step:
            _outline(axes, corner, 1 - level)
        _slice(axes, shown[np.isclose(shown[fourth], level)], corner, look, 1 - level)
        words = _level_words(level, banded=not step) + f" {TYPE_WORDS[fourth]}" * (level == slices[0])
        below = corner[1] - 0.6 * look.step - 0.24 / look.inch
        axes.text(corner[0] + (1 - level) / 2, below, words, ha="center", va="top", fontsize=10, color=INK)
    _corner_words(axes, places[0], 1 - slices[0], look, alone=len(slices) == 1)
    axes.set_axis_off()
    axes.set_aspect("equal", anchor="NW")
    axes.set_xlim(-0.5 * look.step - 0.05 / look.inch, (width - 0.05) / look.inch - 0.5 * look.step)
    axes.set_ylim(-deep, high)
    return figure


def _width(slices: Sequence[float], step: float) -> float:
    """Inches across of a picture that its slices fill."""
    cell = step or DOT
    widest = max(_length(row, cell) for row in _rows(slices, WIDEST * cell / _room(step), cell))
    return min(max(widest * _largest(slices, cell) + 0.15, LEAST_WIDE), WIDEST)


def _largest(slices: Sequence[float], cell: float) -> float:
    """Inches to a side of a triangle of all shares, at most, by the largest slice."""
    return LARGEST / max(1 - slices[0], cell)


def _laid_out(
    table: pd.DataFrame, what: tuple[str, tuple[str, str] | None], step: float, slices: Sequence[float], width: float
) -> tuple[list[tuple[float, float]], Look]:
    """Where each slice stands, and how large everything is, so that the widest row fills the width."""
    cell = step or DOT
    rows = _rows(slices, width * cell / _room(step), cell)
    widest = max(_length(row, cell) for row in rows)
    inch = (width - 0.15) / widest
    if len(slices) > 1:
        inch = min(inch, _largest(slices, cell))
    places, up = [], 0.0
    for number, row in enumerate(rows):
        up -= 0 if number == 0 else (1 - row[0]) * sqrt(3) / 2 + 1.1 * cell + (UNDER + 0.15) / inch
        places += [(_length(row[:place], cell) + (GAP if place else 0.0), up) for place in range(len(row))]
    return places, _look(table, what, step, inch)


def _room(step: float) -> float:
    """Inches across of a cell, by what stands in it."""
    if not step:
        return ROOM_FOR_A_DOT
    return ROOM_FOR_TWO if step > COARSE else ROOM_FOR_ONE if step > FINEST_WITH_NUMBERS else ROOM_FOR_NONE


def _rows(slices: Sequence[float], across: float, cell: float) -> list[list[float]]:
    """Slices in rows that are at most so many sides of the largest triangle long."""
    rows: list[list[float]] = []
    for level in slices:
        if rows and _length([*rows[-1], level], cell) <= max(across, 1.0 + cell) and len(rows[-1]) < MOST_IN_A_ROW:
            rows[-1].append(level)
        else:
            rows.append([level])
    return rows


def _length(row: Sequence[float], cell: float) -> float:
    """How long a row of slices is, in sides of the largest triangle."""
    return sum(max(1 - level + cell, SHORTEST) for level in row) + GAP * max(len(row) - 1, 0)


def _outline(axes: Axes, corner: tuple[float, float], size: float) -> None:
    """The triangle in which mixes could lie."""
    corners = [(corner[0] + x * size, corner[1] + y * size) for x, y in ((0, 0), (1, 0), (0.5, sqrt(3) / 2))]
    axes.add_patch(Polygon(corners, fill=False, edgecolor=FAINT, linewidth=1))


def _look(table: pd.DataFrame, what: tuple[str, tuple[str, str] | None], step: float, inch: float) -> Look:
    """How all slices of a table are drawn; `inch`: inches to a side of the largest triangle."""
    fourth, outcome = what
    first, second, third = (
        kind for kind in ("localised", "lacking_followers", "passive", "high_impact") if kind != fourth
    )
    name, scale = outcome or (telling_outcome(table), "")
    many = float(table["may_be_best"].mean()) > MOST_RINGED
    fine = bool(step) and step < FINEST_WITH_NUMBERS
    marks: Marks = "none" if many and fine else "others" if many else "best"
    return Look(
        (first, second, third),
        step or DOT,
        inch,
        bool(step),
        name,
        _ends(table[name], share=name == SHARE),
        marks,
        scale or SHOWN.get(name, name),
    )


def _ends(values: pd.Series[float], *, share: bool) -> Ends:
    """The ends of the colour scale; values that hardly differ are not made to look as if they did."""
    low, high = float(values.min()), float(values.max())
    if share:
        return Ends.around(low, high)
    middle = (low + high) / 2
    return Ends(low, high) if high - low > LEAST_SPAN else Ends(middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2)


def _step(table: pd.DataFrame) -> float:
    """The distance of two neighbours, where all shares are whole numbers of one step; 0 where there is no lattice."""
    shares = np.unique(table[list(TYPE_WORDS)].to_numpy(dtype=float).round(6))
    gaps = np.diff(shares)
    if not gaps.size:
        return 1.0
    step = float(gaps.min())
    steps = shares / step
    return step if step > 1 / 25 and bool((abs(steps - steps.round()) < 1e-3).all()) else 0.0  # noqa: PLR2004


def _banded(shares: pd.Series[float]) -> pd.Series[float]:
    """The lower end of the band that each share lies in."""
    return shares.map(lambda share: max(low for low in BANDS if low <= share + 1e-9))


def _level_words(level: float, *, banded: bool) -> str:
    """A share of the fourth type, or a band of it."""
    return f"{100 * level:.0f} to {100 * level + 25:.0f} %" if banded else f"{100 * level:.0f} %"


def _slice(axes: Axes, mixes: pd.DataFrame, corner: tuple[float, float], look: Look, size: float) -> None:
    """One triangle: a cell a mix, with its outcome in per cent."""
    for mix in mixes.to_dict("records"):
        shares = [float(mix[kind]) for kind in look.corners]
        # A dot stands where its three shares would lie on the front of its band.
        scale = 1.0 if look.on_lattice else size / (sum(shares) or 1.0)
        across, up = _place(*(share * scale for share in shares))
        _cell(axes, (corner[0] + across, corner[1] + up), mix, look)


def _place(first: float, second: float, third: float) -> tuple[float, float]:
    """Where a mix lies in its triangle: the first share pulls left, the second right, the third upwards."""
    del first  # what the others leave over
    return second + third / 2, third * sqrt(3) / 2


def _cell(axes: Axes, at: tuple[float, float], mix: dict[Any, Any], look: Look) -> None:
    """One mix: its colour, what stands in it, and whether it may be the best."""
    value, best = float(mix[look.outcome]), bool(mix["may_be_best"])
    if look.marks == "others" and not best:
        _strike(axes, at, look)
    half = (float(mix[f"{look.outcome}_high"]) - float(mix[f"{look.outcome}_low"])) / 2
    fine = look.step < FINEST_WITH_NUMBERS
    ringed = best and not fine and look.marks == "best"
    size = (1.0 if fine else 0.97) * (_kept(half) if look.shrinks else 1.0) * (0.83 if ringed else 1.0)
    shape = _shape(at, look, size)
    colour = look.ends.colour(value)
    shape.set(facecolor=colour, edgecolor=colour, linewidth=0.4 if fine else 0, clip_on=False, joinstyle="round")
    axes.add_patch(shape)
    if ringed:
        ring = _shape(at, look, 0.93)
        ring.set(fill=False, edgecolor=INK, linewidth=1.8, clip_on=False)
        axes.add_patch(ring)
    letters = ink_on(colour)
    if fine and best and look.marks == "best":
        axes.add_patch(Circle(at, 0.2 * look.step, facecolor=letters, linewidth=0))
    if look.on_lattice and not fine:
        _numbers(axes, at, value, half, letters, look)


def _strike(axes: Axes, at: tuple[float, float], look: Look) -> None:
    """A line through a mix that is told from the best."""
    reach = 0.4 * look.step
    (line,) = axes.plot((at[0] - reach, at[0] + reach), (at[1] - reach, at[1] + reach), color=ALARM, linewidth=1.3)
    line.set_zorder(2.5)


def _kept(half: float) -> float:
    """How much of its size a cell keeps, by half of its interval: all of it at 0, half at 25 points and more."""
    return max(0.5, 1.0 - 2.0 * half) if half == half else 0.5  # noqa: PLR0124  a width that is not known is NaN


def _shape(at: tuple[float, float], look: Look, size: float) -> RegularPolygon | Circle:
    """A hexagon of a lattice, or a dot."""
    if look.on_lattice:
        return RegularPolygon(at, 6, radius=look.step / sqrt(3) * size)
    return Circle(at, 0.4 * look.step * size)


def _numbers(axes: Axes, at: tuple[float, float], value: float, half: float, colour: str, look: Look) -> None:
    """The estimate, and under it half of its interval where there is room."""
    both = look.step > COARSE and np.isfinite(half)
    up = 0.1 * look.step if both else 0.0
    look_of: dict[str, Any] = {"ha": "center", "va": "center", "color": colour}
    axes.text(at[0], at[1] + up, f"{100 * value:.0f}", fontsize=look.letters * (9.5 if both else 8), **look_of)
    if both:
        axes.text(at[0], at[1] - 0.23 * look.step, f"±{100 * half:.0f}", fontsize=look.letters * 7.2, **look_of)


def _corner_words(axes: Axes, corner: tuple[float, float], size: float, look: Look, *, alone: bool) -> None:
    """Name the corners of the largest triangle; the others are read alike. One `alone` leaves no room beside it."""
    first, second, third = (TYPE_WORDS[kind] for kind in look.corners)
    x, y = corner
    below, above = y - 0.6 * look.step - 0.05 / look.inch, y + size * sqrt(3) / 2 + 0.6 * look.step + 0.04 / look.inch
    words: dict[str, Any] = {"fontsize": SMALL, "color": QUIET}
    axes.text(x - 0.45 * look.step, below, f"↙ {first}", ha="left", va="top", **words)
    right = (x + size + 0.45 * look.step, "right") if alone else (x + size + 0.1 / look.inch, "center")
    axes.text(right[0], below, f"{second} ↘", ha=right[1], va="top", **words)
    axes.text(x + size / 2, above, f"↑ {third}", ha="center", va="bottom", **words)


def _key(axes: Axes, look: Look, width: float) -> None:
    """What colour, outline and size mean."""
    axes.set_xlim(0, width)
    axes.set_ylim(-0.3, KEY - 0.3)
    axes.set_aspect("equal", anchor="NW")
    axes.set_axis_off()
    low, high = look.ends
    for part in range(40):
        tone = look.ends.colour(low + part / 39 * (high - low))
        axes.add_patch(Rectangle((part * 0.04, 0), 0.04, 0.13, color=tone, linewidth=0.4))
    unit = " %" if look.outcome == SHARE else ""
    words: dict[str, Any] = {"va": "top", "fontsize": SMALL, "color": QUIET}
    axes.text(0, -0.05, f"{100 * low:.0f}{unit}", **words)
    axes.text(1.6, -0.05, f"{100 * high:.0f}{unit}", ha="right", **words)
    axes.text(0, 0.27, look.scale, va="center", fontsize=SMALL, color=QUIET)
    start = 3.6 if width > 6 else 1.95  # noqa: PLR2004  inches: beside the words, or under them
    if look.marks == "none":
        return
    if look.marks == "others":
        axes.plot((start - 0.07, start + 0.07), (-0.02, 0.12), color=ALARM, linewidth=1.3)
        words_for_it = "told from the best"
    else:
        _mark(axes, start, look)
        words_for_it = "cannot be told from the best" if width > 6 else "may be the best"  # noqa: PLR2004  as above
    axes.text(start + 0.18, 0.05, words_for_it, va="center", fontsize=SMALL, color=QUIET)


def _mark(axes: Axes, start: float, look: Look) -> None:
    """How a mix that may be the best is marked."""
    if look.step < FINEST_WITH_NUMBERS:
        axes.add_patch(Circle((start, 0.05), 0.03, facecolor=INK, linewidth=0))
        return
    shape = RegularPolygon((start, 0.05), 6, radius=0.1) if look.on_lattice else Circle((start, 0.05), 0.09)
    shape.set(fill=False, edgecolor=INK, linewidth=1.8)
    axes.add_patch(shape)
