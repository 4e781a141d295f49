"""One history: integration over the months, above the life of every proposal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.charts.drawing import ALARM, FAINT, INK, QUIET, TYPE_COLOURS, bare, heading, page, per_cent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ARGUED, UNDER_WAY = "#b9bec4", TYPE_COLOURS["localised"]
ENDS = {
    "completed": ("in place", "o", TYPE_COLOURS["high_impact"]),
    "refused": ("refused", "X", ALARM),
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
    figure = page(10, 4.3 + 0.13 * max(lanes, 6))
    course, life = figure.subplots(2, 1, sharex=True, height_ratios=(3, 0.4 + 0.13 * max(lanes, 6)))
    heading(figure, title, subtitle)
    _course(course, timeline)
    _marks(course, timeline.marks, middle=(int(timeline.course["month"].max()) + 1) / 2)
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
    bare(axes, "bottom")


def _marks(axes: Axes, marks: pd.DataFrame, *, middle: float) -> None:
    """Strategies as lines with their names on the roomier side, reorganisations as strokes along the bottom."""
    strategies = marks[marks["kind"] == "strategy"]
    for place, (month, label) in enumerate(zip(strategies["month"], strategies["label"], strict=True)):
        axes.axvline(month, color=INK, linewidth=1)
        side, away = ("right", -5) if month > middle else ("left", 5)
        axes.annotate(
            label,
            (month, 0.97 - 0.07 * (place % 3)),
            (away, 0),
            textcoords="offset points",
            ha=side,
            va="top",
            fontsize=9,
            color=INK,
        )
    reorganised = marks.loc[marks["kind"] == "reorganisation", "month"]
    if len(reorganised):
        axes.vlines(reorganised, 0, 0.035, color=ALARM, linewidth=1.1)
        axes.text(0.3, 0.045, "each stroke: an organisation is reorganised", fontsize=8, color=ALARM, va="bottom")


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
    axes.legend(loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=2, ncols=4, frameon=False, fontsize=9)
    axes.set_ylim(max(len(lanes), 6) - 0.3, -0.7)
    axes.set_yticks([])
    # Beside few lanes there is no room for words that stand upright.
    axes.set_title(_lanes_words(len(timeline.proposals)), loc="left", fontsize=9, color=QUIET)
    bare(axes, "bottom")


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

    `table`: `month`, the quantiles `lowest` (5 %), `low` (25 %), `median`, `high` (75 %), `highest` (95 %),
    `baseline_median` where there is a baseline, and `guess_1` and so on where lines were drawn beforehand.
    """
    figure = page(10, 5.0)
    axes = figure.subplots()
    heading(figure, title, subtitle)
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
    guesses = table.filter(like="guess_")
    for number, name in enumerate(guesses):
        warm = TYPE_COLOURS["lacking_followers"]
        axes.plot(months, guesses[name], color=warm, linewidth=1.4, label="_" if number else "a guess")
    _threshold(axes, threshold)
    axes.set_ylim(0, 1.1 * max(threshold, float(table["highest"].max()), *guesses.max()))
    # Over the axes, where no threshold and no guess can cross it.
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False, fontsize=9)
    _januaries(axes, clock_starts, int(months.max()))
    bare(axes, "bottom")
    return figure


def _threshold(axes: Axes, threshold: float) -> None:
    """The line from which a future counts as integrated, over an axis of per cent."""
    axes.axhline(threshold, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(0.3, threshold, "counts as integrated from here", fontsize=9, color=QUIET, va="bottom")
    axes.yaxis.set_major_formatter(per_cent())
    axes.set_ylabel("how joined up care is", fontsize=9, color=QUIET)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
