"""Rows of estimates with their intervals: effects, indices of sensitivity, coefficients, regret."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redesign_sim.charts.drawing import (
    ALARM,
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
    per_cent,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LONGEST = 42
"""Letters in a line of a label."""

MOST = 40
"""More rows than these cannot be read."""

MARKS = (("o", TYPE_COLOURS["high_impact"]), ("D", TYPE_COLOURS["lacking_followers"]), ("s", QUIET))
"""Marker and colour of each series."""

BESIDE, ABOVE = 0.27, 0.5
"""Inches a row, with its label beside it and above it."""


class Band(NamedTuple):
    """A stretch of the scale that means something, such as what is too small to matter."""

    low: float
    high: float
    words: str


def intervals(
    table: pd.DataFrame,
    *,
    scale: str,
    band: Band | None = None,
    floor: str = "",
    zero: bool = True,
    shares: bool = False,
    width: float = 9.0,
) -> Figure:
    """A row a `label`: estimates with limits, one above the other where there are several `series`.

    `table`: `label`, `estimate`, `low`, `high` and, where there are any, `series` (in words), `told` (whether it can be
    told from nothing: a hollow mark if not) and `floor` (what luck alone would reach: a red stroke, called `floor` in
    the legend). `scale` says what is measured, `shares` whether in per cent; a `band` is shaded. Rows come in the order
    of the table.
    """
    narrow = is_narrow(width)
    table = table.assign(label=[_wrapped(label) for label in table["label"]])
    labels = list(dict.fromkeys(table["label"]))[:MOST]
    pitch = (ABOVE if narrow else BESIDE) + 0.15 * any("\n" in label for label in labels)
    legend = _legend(table)
    top = 0.3 * (len(legend) > 1 or bool(floor)) + 0.2 * (band is not None) + 0.12
    figure = page(width, pitch * len(labels) + top + 0.55)
    axes = figure.subplots()
    inches(figure, left=0.2 if narrow else _room_for(labels), right=0.2, bottom=0.5, top=top)
    if band:
        _shade(axes, band)
    if zero:
        axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for place, series in enumerate(legend):
        lift = _lift(place, len(legend), narrow=narrow)
        _series(axes, table[_series_of(table) == series], labels, (series, *MARKS[place % 3]), lift)
    if floor:
        _floors(axes, table, labels, floor, narrow=narrow)
    if shares:
        axes.xaxis.set_major_formatter(per_cent())
    _finish(axes, labels, scale, narrow=narrow, several=len(legend) > 1 or bool(floor), banded=band is not None)
    return figure


def _wrapped(label: str) -> str:
    """A long label in lines, broken before what it is multiplied by."""
    lines = label.replace(" × ", "\n× ").split("\n") if len(label) > LONGEST else [label]
    return "\n".join(fill(line, LONGEST) for line in lines)


def _series_of(table: pd.DataFrame) -> pd.Series[str]:
    """What each row is an estimate of; all the same where nothing is said."""
    return table["series"] if "series" in table else table["label"].map(lambda _: "")


def _legend(table: pd.DataFrame) -> list[str]:
    """The series in their order."""
    return list(dict.fromkeys(_series_of(table)))


def _room_for(labels: Sequence[str]) -> float:
    """Inches that the longest label takes, within reason."""
    return 0.35 + 0.078 * max(len(line) for label in labels for line in label.splitlines())


def _lift(place: int, number: int, *, narrow: bool) -> float:
    """How far a series stands below the middle of its row; a label over the row takes some of its room."""
    return 0.0 if number == 1 else 0.3 * (place - (number - 1) / 2) + 0.06 * narrow


def _series(axes: Axes, rows: pd.DataFrame, labels: Sequence[str], look: tuple[str, str, str], lift: float) -> None:
    """One series of estimates, each where its label is."""
    words, marker, colour = look
    kept = rows[rows["label"].isin(labels)]
    at = np.array([labels.index(label) for label in kept["label"]], dtype=float) + lift
    axes.hlines(at, kept["low"], kept["high"], color=colour, linewidth=1.6, zorder=2)
    told = kept["told"].to_numpy(dtype=bool) if "told" in kept else np.ones(len(kept), dtype=bool)
    faces = [colour if each else "white" for each in told]
    axes.scatter(kept["estimate"], at, s=34, marker=marker, c=faces, edgecolors=colour, linewidths=1.2, zorder=3)
    axes.scatter([], [], s=34, marker=marker, color=colour, label=words)


def _floors(axes: Axes, table: pd.DataFrame, labels: Sequence[str], words: str, *, narrow: bool) -> None:
    """What luck alone would reach, as a stroke across the row or the part of it that it belongs to."""
    series = list(dict.fromkeys(_series_of(table)))
    known = table[table["floor"].notna() & table["label"].isin(labels)]
    number = len(series)
    reach = 0.42 if number == 1 else 0.2
    for label, name, value in zip(known["label"], _series_of(known), known["floor"], strict=True):
        middle = labels.index(label) + _lift(series.index(name), number, narrow=narrow)
        axes.vlines(value, middle - reach, middle + reach, color=ALARM, linewidth=2.2, zorder=4)
    axes.plot([], [], color=ALARM, linewidth=2.2, label=words)


def _shade(axes: Axes, band: Band) -> None:
    """A stretch of the scale with its words over it."""
    axes.axvspan(band.low, band.high, color="#eef0f2", zorder=0, linewidth=0)
    middle = (band.low + band.high) / 2
    axes.annotate(
        band.words,
        (middle, 1),
        (0, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=SMALL,
        color=QUIET,
    )


def _finish(
    axes: Axes, labels: Sequence[str], scale: str, *, narrow: bool, several: bool, banded: bool = False
) -> None:
    """Labels, the scale and, where there are several series, what they are."""
    axes.set_ylim(len(labels) - 0.4, -0.7) if narrow else axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=5 if narrow else 8)
    axes.set_xlabel(scale, fontsize=9, color=QUIET)
    bare(axes, "bottom")
    if narrow:
        axes.set_yticks([])
        for row, label in enumerate(labels):
            words = axes.text(
                0,
                row - (0.36 if several else 0.27),
                label,
                transform=axes.get_yaxis_transform(),
                fontsize=LETTERS,
                color=INK,
            )
            words.set(zorder=1.5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
    else:
        axes.set_yticks(range(len(labels)), labels, fontsize=LETTERS, color=INK)
    if several:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 1.0),
            ncols=3,
            frameon=False,
            fontsize=9,
            handletextpad=0.4,
            columnspacing=1.2,
            borderaxespad=1.8 if banded else 0.4,
        )


def shares(table: pd.DataFrame, *, scale: str, width: float = 9.0) -> Figure:
    """A row a `label`: a `share` (0-1) as a bar, with the number at its end."""
    rows = table.head(MOST).reset_index(drop=True)
    narrow = is_narrow(width)
    labels = list(rows["label"])
    figure = page(width, (ABOVE if narrow else BESIDE) * len(rows) + 0.65)
    axes = figure.subplots()
    inches(figure, left=0.2 if narrow else _room_for(labels), right=0.5, bottom=0.5, top=0.12)
    axes.barh(rows.index, rows["share"], height=0.3 if narrow else 0.55, color=TYPE_COLOURS["high_impact"])
    for row, share in enumerate(rows["share"]):
        axes.text(share + 0.01, row, f"{100 * share:.0f} %", va="center", fontsize=SMALL, color=QUIET)
    _finish(axes, labels, scale, narrow=narrow, several=False)
    axes.set_xlim(0, max(0.1, float(rows["share"].max()) * 1.02))
    axes.xaxis.set_major_formatter(per_cent())
    return figure
