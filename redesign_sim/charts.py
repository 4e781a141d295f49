"""Figures from tidy tables, for the command line, the page and the reports alike.

Colours keep apart for colour-blind readers and in grey print; nothing rests on colour alone. Figures are built without
any global state of matplotlib, and the same table gives the same bytes.
"""

from __future__ import annotations

from math import isnan, sqrt
from textwrap import fill
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import RegularPolygon
from matplotlib.ticker import PercentFormatter

from redesign_sim.study.mixes import TYPE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

INK, QUIET, FAINT, HIGHLIGHT = "#1a1a1a", "#5f6368", "#d9dce0", "#fff3cd"
TYPE_COLOURS = {
    "high_impact": "#0b3c6f",
    "localised": "#56b4e9",
    "lacking_followers": "#e69f00",
    "passive": "#c9c9c9",
}
"""The four leadership types, from the most to the least that a lead can do; light to dark also in grey."""

SHOWN = {
    "integrated": "futures in which services integrate",
    "integration_index": "how joined up care is at the end",
}
"""The outcomes by which mixes are shown, in words."""

ROWS = 60
"""More mixes than these cannot be read; the ones ranked below are left out, and the chart says so."""

_SAVING = Lock()


def save(figure: Figure, place: Path, *, dots: int = 150) -> list[Path]:
    """Write a figure as SVG (text stays text) and PNG beside each other; returns the two paths."""
    svg, png = place.with_suffix(".svg"), place.with_suffix(".png")
    with _SAVING, mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "redesign-sim"}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": "redesign-sim"})
        figure.savefig(png, format="png", dpi=dots, metadata={"Software": "redesign-sim"})
    return [svg, png]


def _figure(width: float, height: float) -> Figure:
    """An empty page with its own canvas."""
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(wspace=0.05)  # type: ignore[union-attr, call-arg]
    return figure


def _heading(figure: Figure, title: str, subtitle: str) -> None:
    """What was found in large letters, how it was found in small ones."""
    wrapped = fill(title, int(7.2 * figure.get_figwidth()))
    figure.suptitle(wrapped, x=0.02, ha="left", fontsize=14, fontweight="bold", color=INK)
    figure.supxlabel(subtitle, x=0.02, ha="left", fontsize=9, color=QUIET)


def _bare(axes: Axes, *keep: str) -> None:
    """Take away every line that says nothing."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
        spine.set_color(FAINT)
    axes.tick_params(length=0, colors=QUIET, labelsize=9)


def telling_outcome(table: pd.DataFrame) -> str:
    """The outcome that tells mixes apart: the share of futures that integrate, or the index where all or none do."""
    return "integrated" if float(np.ptp(table["integrated"])) > 0 else "integration_index"


# --- ranked mixes -----------------------------------------------------------------------------------------------------


def ranked_mixes(table: pd.DataFrame, *, title: str, subtitle: str = "") -> Figure:
    """Every mix as a stacked bar of the four types, beside the share of its futures that integrate; best at the top.

    `table`: a row a mix in order of rank, with the shares `passive`, `localised`, `lacking_followers`, `high_impact`,
    the estimates `integrated` and `integration_index` with their limits `_low` and `_high` (all 0-1) and the flag
    `may_be_best`. Where all or none of the futures integrate, the index is shown instead.
    """
    shown = table.head(ROWS).reset_index(drop=True)
    figure = _figure(9, 1.9 + 0.15 * max(len(shown), 6))
    mixes, shares = figure.subplots(1, 2, sharey=True, width_ratios=(2, 3))
    _heading(figure, title, subtitle + _left_out(len(table) - len(shown)))
    best = int(shown["may_be_best"].sum())
    _stack(mixes, shown)
    _intervals(shares, shown, telling_outcome(table))
    for axes in (mixes, shares):
        axes.axhspan(-0.5, best - 0.5, color=HIGHLIGHT, zorder=0, linewidth=0)
    mixes.set_ylim(len(shown) - 0.5, -0.5)
    _bracket(shares, best, len(table))
    return figure


def _left_out(number: int) -> str:
    """A note on the rows that did not fit."""
    return f"\nThe {number} mixes ranked below these are not shown." if number else ""


def _stack(axes: Axes, shown: pd.DataFrame) -> None:
    """The composition of each mix, as a bar from 0 to 100 %."""
    left = np.zeros(len(shown))
    for kind, colour in TYPE_COLOURS.items():
        share = shown[kind].to_numpy(dtype=float)
        axes.barh(shown.index, share, left=left, height=0.78, color=colour, label=TYPE_WORDS[kind], linewidth=0)
        left += share
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_yticks([])
    axes.set_xlabel("clinicians who lead in this way", fontsize=9, color=QUIET)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, fontsize=9, handlelength=1)
    _bare(axes)


def _intervals(axes: Axes, shown: pd.DataFrame, outcome: str) -> None:
    """The outcome with its interval; a filled dot where the mix may be the best."""
    share = shown[outcome].to_numpy(dtype=float)
    axes.hlines(shown.index, shown[f"{outcome}_low"], shown[f"{outcome}_high"], color=QUIET, linewidth=1.4)
    faces = [INK if may else "white" for may in shown["may_be_best"]]
    axes.scatter(share, shown.index, s=20, c=faces, edgecolors=INK, linewidths=0.9, zorder=3)
    axes.set_xlim(-0.01, max(0.1, float(shown[f"{outcome}_high"].max()) * 1.04))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"{SHOWN[outcome]}, with 95 % interval", fontsize=9, color=QUIET)
    _bare(axes, "bottom")


def _bracket(axes: Axes, best: int, mixes: int) -> None:
    """Say beside the highlighted rows what they are."""
    words = f"{best} of {mixes} mixes cannot be told from the best" if best > 1 else "told apart from all other mixes"
    axes.set_title(words, loc="left", fontsize=9, color=INK, backgroundcolor=HIGHLIGHT, pad=8)


# --- the simplex ------------------------------------------------------------------------------------------------------

ROW_WIDTH = 4.8
"""How many sides of the largest triangle fit into a row of slices."""

LEAST_RANGE = 0.05
"""Outcomes that differ by less than this are given nearly one colour."""

TRIANGLE = 1.08
"""Height of the largest triangle with the word above it."""


class Lattice(NamedTuple):
    """How a slice is drawn: its three corners, the distance of two cells, and what colours it."""

    corners: tuple[str, str, str]
    step: float
    colour: Callable[[float], tuple[float, ...]]
    outcome: str
    ends: tuple[float, float]

    def tone(self, value: float) -> float:
        """Where a value lies between the ends, 0-1."""
        low, high = self.ends
        return (value - low) / (high - low)


def simplex(
    table: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    fourth: str = "high_impact",
    levels: Sequence[float] | None = None,
) -> Figure:
    """Triangles of three shares, one for each level of the fourth type, coloured by the share that integrates.

    `table` as for `ranked_mixes`. The triangles shrink as the fourth share grows: they are slices of one
    tetrahedron, all on one scale. A heavy outline marks the mixes that cannot be told from the best.
    """
    first, second, third = (
        kind for kind in ("localised", "lacking_followers", "passive", "high_impact") if kind != fourth
    )
    slices = sorted(set(table[fourth].round(6))) if levels is None else list(levels)
    outcome = telling_outcome(table)
    look = Lattice(
        (first, second, third), _step(table[fourth]), mpl.colormaps["cividis"], outcome, _ends(table[outcome])
    )
    places, (width, height) = _flow(slices)
    figure = _figure(12, 1.0 + 11.6 * (height + TRIANGLE) / width)
    _heading(figure, title, subtitle)
    axes = figure.subplots()
    for level, corner in zip(slices, places, strict=True):
        _slice(axes, table[np.isclose(table[fourth], level)], corner, look)
        words = f"{100 * level:.0f} %" + f" {TYPE_WORDS[fourth]}" * (level == slices[0])
        axes.text(corner[0] + (1 - level) / 2, corner[1] - 0.24, words, ha="center", va="top", fontsize=11)
    _corner_words(axes, places[0], 1 - slices[0], look)
    axes.set_axis_off()
    axes.set_aspect("equal", anchor="NW")
    axes.set_xlim(-0.2, width)
    axes.set_ylim(-height, TRIANGLE)
    return figure


def _ends(values: pd.Series[float]) -> tuple[float, float]:
    """The ends of the colour scale; values that hardly differ are not made to look as if they did."""
    low, high = float(values.min()), float(values.max())
    return (low, high) if high - low > LEAST_RANGE else (low - LEAST_RANGE / 2, low + LEAST_RANGE / 2)


def _step(shares: pd.Series[float]) -> float:
    """The distance of two neighbours on the lattice."""
    gaps = np.diff(sorted(set(shares.round(6))))
    return float(gaps.min()) if gaps.size else 1.0


def _flow(slices: Sequence[float]) -> tuple[list[tuple[float, float]], tuple[float, float]]:
    """Lay slices out in rows, all on one scale: their lower left corners, and the width and depth they take."""
    places, x, y, widest = [], 0.0, 0.0, 0.0
    for level in slices:
        if x > 0 and x + (1 - level) > ROW_WIDTH:
            x, y = 0.0, y - (1 - level) * sqrt(3) / 2 - 0.5
        places.append((x, y))
        x += max(1 - level, 0.05) + 0.3
        widest = max(widest, x)
    return places, (max(widest, 2.0), 0.36 - y)


def _slice(axes: Axes, mixes: pd.DataFrame, corner: tuple[float, float], look: Lattice) -> None:
    """One triangle: a hexagon a mix, with its outcome in per cent."""
    for mix in mixes.to_dict("records"):
        x, y = (a + b for a, b in zip(corner, _place(*(float(mix[kind]) for kind in look.corners)), strict=True))
        value, best = float(mix[look.outcome]), bool(mix["may_be_best"])
        cell = RegularPolygon((x, y), 6, radius=look.step / sqrt(3) * (0.9 if best else 0.97))
        cell.set(
            facecolor=look.colour(look.tone(value)), edgecolor=INK if best else "white", linewidth=2.2 if best else 0.8
        )
        axes.add_patch(cell)
        letters = "white" if look.tone(value) < 0.5 else INK  # noqa: PLR2004  the middle of the scale
        axes.text(x, y, f"{100 * value:.0f}", ha="center", va="center", fontsize=8, color=letters)


def _place(first: float, second: float, third: float) -> tuple[float, float]:
    """Where a mix lies in its triangle: the first share pulls left, the second right, the third upwards."""
    del first  # what the others leave over
    return second + third / 2, third * sqrt(3) / 2


def _corner_words(axes: Axes, corner: tuple[float, float], size: float, look: Lattice) -> None:
    """Name the corners of the largest triangle; the others are read alike."""
    first, second, third = (TYPE_WORDS[kind] for kind in look.corners)
    x, y = corner
    for across, up, word, side in (
        (0, -0.75 * look.step, first, "center"),
        (size, -0.75 * look.step, second, "center"),
        (size / 2, size * sqrt(3) / 2 + 0.65 * look.step, third, "center"),
    ):
        axes.text(x + across, y + up, word, ha=side, va="top" if up < 0 else "bottom", fontsize=9, color=QUIET)


# --- one history ------------------------------------------------------------------------------------------------------

ARGUED, UNDER_WAY = "#b9bec4", TYPE_COLOURS["localised"]
ENDS = {
    "completed": ("in place", "o", TYPE_COLOURS["high_impact"]),
    "refused": ("refused", "X", "#b2182b"),
    "stalled": ("given up", "s", QUIET),
    "faded": ("faded away", "v", TYPE_COLOURS["lacking_followers"]),
}
"""How a proposal can end: its words, marker and colour."""

MOST_LANES = 60


class Timeline(NamedTuple):
    """What a history's chart shows, as tables.

    `course`: `month`, `integration_index`; `proposals` (those across boundaries): `began`, `authorised` (pairs of
    months, the second missing while it lasts), `ended` (missing if never), `end` (one of ENDS, or `open`), `imposed`;
    `marks`: `month`, `kind` (`strategy` or `reorganisation`), `label`.
    """

    course: pd.DataFrame
    proposals: pd.DataFrame
    marks: pd.DataFrame
    threshold: float
    clock_starts: str


def history(timeline: Timeline, *, title: str, subtitle: str = "") -> Figure:
    """One run: integration month by month over the life of every proposal, with strategies and reorganisations."""
    lanes = min(len(timeline.proposals), MOST_LANES)
    figure = _figure(10, 4.6 + 0.13 * max(lanes, 6))
    course, life = figure.subplots(2, 1, sharex=True, height_ratios=(3, 0.4 + 0.13 * max(lanes, 6)))
    _heading(figure, title, subtitle)
    _course(course, timeline)
    _marks(course, timeline.marks)
    _lives(life, timeline)
    life.set_xlim(0, int(timeline.course["month"].max()) + 1)
    _years(life, timeline)
    return figure


def _course(axes: Axes, timeline: Timeline) -> None:
    """The integration index over the months, and the line from which it counts as integrated."""
    months, index = timeline.course["month"], timeline.course["integration_index"]
    axes.fill_between(months, index, color=TYPE_COLOURS["localised"], alpha=0.35, linewidth=0)
    axes.plot(months, index, color=TYPE_COLOURS["high_impact"], linewidth=2.2)
    _threshold(axes, timeline.threshold)
    axes.set_ylim(0, 1)
    _bare(axes, "bottom")


def _marks(axes: Axes, marks: pd.DataFrame) -> None:
    """Strategies as lines with their names, reorganisations as strokes along the bottom."""
    strategies = marks[marks["kind"] == "strategy"]
    for place, (month, label) in enumerate(zip(strategies["month"], strategies["label"], strict=True)):
        axes.axvline(month, color=INK, linewidth=1)
        axes.text(month + 0.4, 0.97 - 0.07 * (place % 3), label, fontsize=9, color=INK, va="top")
    reorganised = marks.loc[marks["kind"] == "reorganisation", "month"]
    if len(reorganised):
        axes.vlines(reorganised, 0, 0.035, color="#b2182b", linewidth=1.1)
        axes.text(0.3, 0.045, "each stroke: an organisation is reorganised", fontsize=8, color="#b2182b", va="bottom")


def _lives(axes: Axes, timeline: Timeline) -> None:
    """A lane a proposal: grey while it is argued over, blue while authorised, and how it ended."""
    lanes = timeline.proposals.sort_values("began", kind="stable").head(MOST_LANES).reset_index(drop=True)
    last = float(timeline.course["month"].max()) + 0.5
    ended = lanes["ended"].fillna(last)
    axes.hlines(lanes.index, lanes["began"], ended, color=ARGUED, linewidth=3)
    for lane, spans in enumerate(lanes["authorised"]):
        for begins, ends in spans:
            until = ended[lane] if isnan(ends) else ends
            axes.hlines(lane, begins, until, color=UNDER_WAY, linewidth=3)
    for end, (word, marker, colour) in ENDS.items():
        those = lanes["end"] == end
        if those.any():
            label = f"{word} ({int(those.sum())})"
            axes.scatter(ended[those], lanes.index[those], s=34, marker=marker, color=colour, zorder=3, label=label)
    imposed = lanes["imposed"].astype(bool)
    if imposed.any():
        axes.scatter(
            lanes["began"][imposed], lanes.index[imposed], s=34, marker="D", color=INK, zorder=3, label="imposed"
        )
    axes.plot([], [], color=ARGUED, linewidth=3, label="argued over")
    axes.plot([], [], color=UNDER_WAY, linewidth=3, label="authorised")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.09), ncols=4, frameon=False, fontsize=9)
    axes.set_ylim(max(len(lanes), 6) - 0.3, -0.7)
    axes.set_yticks([])
    axes.set_ylabel(_lanes_words(len(timeline.proposals)), fontsize=9, color=QUIET)
    _bare(axes, "bottom")


def _lanes_words(proposals: int) -> str:
    """How many lanes there are, and whether all are shown."""
    number = f"{proposals}" if proposals <= MOST_LANES else f"the first {MOST_LANES} of {proposals}"
    return f"{number} proposals across boundaries"


def _years(axes: Axes, timeline: Timeline) -> None:
    """Calendar years along the bottom, each at its January."""
    _januaries(axes, timeline.clock_starts, int(timeline.course["month"].max()))


def _januaries(axes: Axes, clock_starts: str, last: int) -> None:
    """A year at each January up to the last month."""
    year, first = (int(part) for part in clock_starts.split("-"))
    januaries = [month for month in range(1, last + 1) if (first - 1 + month - 1) % 12 == 0]
    axes.set_xticks(januaries, [str(year + (first - 1 + month - 1) // 12) for month in januaries])
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)


# --- many futures month by month --------------------------------------------------------------------------------------


def fan(table: pd.DataFrame, threshold: float, clock_starts: str, *, title: str, subtitle: str = "") -> Figure:
    """How joined up care is in many futures, month by month: the median, and the bands of half and nine in ten.

    `table`: `month`, the quantiles `lowest` (5 %), `low` (25 %), `median`, `high` (75 %), `highest` (95 %), and
    `baseline_median` where there is a baseline.
    """
    figure = _figure(10, 5.2)
    axes = figure.subplots()
    _heading(figure, title, subtitle)
    months = table["month"]
    for low, high, depth, words in (
        ("lowest", "highest", 0.25, "nine in ten"),
        ("low", "high", 0.5, "half of futures"),
    ):
        axes.fill_between(
            months, table[low], table[high], color=TYPE_COLOURS["localised"], alpha=depth, linewidth=0, label=words
        )
    axes.plot(months, table["median"], color=TYPE_COLOURS["high_impact"], linewidth=2.4, label="median")
    if "baseline_median" in table:
        dashes = (0, (5, 3))
        axes.plot(
            months, table["baseline_median"], color=INK, linewidth=1.6, linestyle=dashes, label="median of the baseline"
        )
    _threshold(axes, threshold)
    axes.set_ylim(0, 1.1 * max(threshold, float(table["highest"].max())))
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    _januaries(axes, clock_starts, int(months.max()))
    _bare(axes, "bottom")
    return figure


def _threshold(axes: Axes, threshold: float) -> None:
    """The line from which a future counts as integrated, over an axis of per cent."""
    axes.axhline(threshold, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(0.3, threshold, "counts as integrated from here", fontsize=9, color=QUIET, va="bottom")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_ylabel("how joined up care is", fontsize=9, color=QUIET)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)


# --- guesses ----------------------------------------------------------------------------------------------------------


def guesses(numbers: pd.Series[int], share: tuple[float, float, float], *, title: str, subtitle: str = "") -> Figure:
    """What a room guessed, a dot each over 0 to 100, and the answer (`share`: estimate, low, high; 0-1) across them."""
    figure = _figure(9, 3.6)
    axes = figure.subplots()
    _heading(figure, title, subtitle)
    level = numbers.groupby(numbers).cumcount() + 1
    estimate, low, high = (100 * limit for limit in share)
    axes.axvspan(low, high, color=TYPE_COLOURS["localised"], alpha=0.35, linewidth=0)
    axes.axvline(estimate, color=TYPE_COLOURS["high_impact"], linewidth=2.2)
    axes.scatter(numbers, level, s=60, color=TYPE_COLOURS["lacking_followers"], edgecolors=INK, linewidths=0.8)
    axes.set_xlim(-1, 101)
    axes.set_ylim(0, max(4, int(level.max()) + 1))
    axes.set_yticks([])
    axes.set_xlabel("futures of 100 in which services integrate", fontsize=9, color=QUIET)
    _bare(axes, "bottom")
    return figure
