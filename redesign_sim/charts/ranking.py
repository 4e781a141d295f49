"""Ranked options: what each is, how its futures end, and how far it is behind the best."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from redesign_sim.charts.drawing import (
    FAINT,
    HIGHLIGHT,
    INK,
    LETTERS,
    QUIET,
    SMALL,
    TYPE_COLOURS,
    bare,
    heading,
    inches,
    is_narrow,
    page,
    per_cent,
)
from redesign_sim.study.mixes import TYPE_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = {
    "integrated": "futures that integrate",
    "integration_index": "how joined up care is at the end",
}
"""The outcomes by which mixes are shown, in words."""

ROWS = 60
"""More mixes than these cannot be read; the ones ranked below are left out, and the chart says so."""

NARROW_LETTERS, WIDE_LETTERS = 26, 60
"""Letters for which there is room beside the intervals."""

ROOMY = 16
"""Letters of a setting that fit beside its row on a telephone."""


def telling_outcome(table: pd.DataFrame) -> str:
    """The outcome that tells mixes apart: the share of futures that integrate, or the index where all or none do."""
    return "integrated" if float(np.ptp(table["integrated"])) > 0 else "integration_index"


def ranked_mixes(
    table: pd.DataFrame, *, title: str = "", subtitle: str = "", of: int = 0, width: float = 9.0
) -> Figure:
    """Every mix as a stacked bar of the four types, beside the share of its futures that integrate; best at the top.

    `table`: a row a mix in order of rank, with the shares `passive`, `localised`, `lacking_followers`, `high_impact`,
    the estimates `integrated` and `integration_index` with their limits `_low` and `_high` (all 0-1) and the flag
    `may_be_best`; with `behind_best`, `behind_low` and `behind_high` a wide figure also shows what that rests on.
    Where all or none of the futures integrate, the index is shown instead.
    """
    return _ranked(table, "mixes", title, subtitle, (of or len(table), width))


def ranked_settings(
    table: pd.DataFrame,
    *,
    title: str = "",
    subtitle: str = "",
    of: int = 0,
    columns: Mapping[str, str] | None = None,
    width: float = 9.0,
) -> Figure:
    """As `ranked_mixes`, for options that are named by their `settings` and not by a mix.

    `columns`: where options differ in a few numbers, the columns that hold these and what each is called.
    """
    return _ranked(table, "settings", title, subtitle, (of or len(table), width), columns)


def _ranked(
    table: pd.DataFrame,
    what: str,
    title: str,
    subtitle: str,
    sizes: tuple[int, float],
    columns: Mapping[str, str] | None = None,
) -> Figure:
    """What each option is, its outcome, and where there is room how far it is behind."""
    options, width = sizes
    shown = table.head(ROWS).reset_index(drop=True)
    gaps = "behind_best" in shown and not is_narrow(width) and bool(np.isfinite(shown["behind_high"]).all())
    narrow = is_narrow(width)
    height = 1.05 + 0.35 * bool(title) + 0.18 * max(len(shown), 6)
    figure = page(width, height)
    columns = _fitting(shown, columns, narrow=narrow) if what == "settings" else None
    left = _share_of_width(shown, columns, width)
    panels = figure.subplots(1, 2 + gaps, sharey=True, width_ratios=(left, 3, 2.4)[: 2 + gaps])
    if title:
        heading(figure, title, subtitle + _left_out(options - len(shown), what))
    else:
        inches(figure, left=0.05, right=0.2, bottom=0.5, top=0.5 if what == "mixes" or columns else 0.1, between=0.14)
    best = int(shown["may_be_best"].sum())
    if what == "mixes":
        _stack(panels[0], shown)
    elif columns:
        _columns(panels[0], shown, columns)
    else:
        _names(panels[0], [str(words) for words in shown["settings"]], narrow=narrow)
    _intervals(panels[1], shown, telling_outcome(table), narrow=narrow)
    if gaps:
        _gaps(panels[2], shown)
    for axes in panels:
        axes.axhspan(-0.5, best - 0.5, color=HIGHLIGHT, zorder=0, linewidth=0)
    panels[0].set_ylim(len(shown) - 0.5, -0.5)
    if title:
        _bracket(panels[1], best, options, what)
    return figure


def _left_out(number: int, what: str) -> str:
    """A note on the rows that did not fit."""
    return f"\nThe {number} {what} ranked below these are not shown." if number else ""


def _stack(axes: Axes, shown: pd.DataFrame) -> None:
    """The composition of each mix, as a bar from 0 to 100 %."""
    left = np.zeros(len(shown))
    for kind, colour in TYPE_COLOURS.items():
        share = shown[kind].to_numpy(dtype=float)
        axes.barh(shown.index, share, left=left, height=0.78, color=colour, label=TYPE_WORDS[kind], linewidth=0)
        left += share
    axes.set_xlim(0, 1)
    axes.set_xticks((0, 0.5, 1))
    axes.xaxis.set_major_formatter(per_cent())
    for label, side in zip(axes.get_xticklabels(), ("left", "center", "right"), strict=True):
        label.set_horizontalalignment(side)  # type: ignore[arg-type]
    axes.set_yticks([])
    axes.set_xlabel("clinicians", fontsize=9, color=QUIET)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.03, 1.0),
        ncols=2,
        frameon=False,
        fontsize=9,
        handlelength=1,
        columnspacing=0.9,
        handletextpad=0.4,
    )
    bare(axes)


def _names(axes: Axes, names: Sequence[str], *, narrow: bool) -> None:
    """What was set, in words; on a telephone as much of it as fits."""
    for row, name in enumerate(names):
        words = name if not narrow or len(name) <= ROOMY else f"{name[: ROOMY - 1]}…"
        axes.text(0, row, words, fontsize=SMALL, color=INK, va="center", clip_on=not narrow)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    bare(axes)


def _fitting(shown: pd.DataFrame, columns: Mapping[str, str] | None, *, narrow: bool) -> Mapping[str, str] | None:
    """The columns if they fit; on a telephone ranks stand for what is too long."""
    if columns and sum(_letters(shown, columns)) <= (NARROW_LETTERS if narrow else WIDE_LETTERS):
        return columns
    return {"rank": "rank"} if narrow and "rank" in shown else None


def _letters(shown: pd.DataFrame, columns: Mapping[str, str]) -> list[int]:
    """How wide each column is, in letters: its longest value, or the longest word of its name."""
    return [
        3 + max(*(len(_value(value)) for value in shown[column]), *(len(word) for word in name.split()))
        for column, name in columns.items()
    ]


def _value(value: object) -> str:
    """What was set, short; a dash where the case was left as it is."""
    if isinstance(value, float):
        return "–" if np.isnan(value) else f"{value:.3g}"
    return str(value)


def _columns(axes: Axes, shown: pd.DataFrame, columns: Mapping[str, str]) -> None:
    """What was set, a column a factor, under its name."""
    letters = _letters(shown, columns)
    edges = np.cumsum([0, *letters])
    for (column, name), start, room in zip(columns.items(), edges, letters, strict=False):
        for row, value in enumerate(shown[column]):
            axes.text(start, row, _value(value), fontsize=LETTERS, color=INK, va="center")
        words = fill(name, max(room - 2, 6))
        axes.text(start, -0.8, words, fontsize=SMALL, color=QUIET, va="bottom", linespacing=1.0)
    axes.set_xlim(-1, edges[-1])
    axes.set_xticks([])
    axes.set_yticks([])
    bare(axes)


def _share_of_width(shown: pd.DataFrame, columns: Mapping[str, str] | None, width: float) -> float:
    """How wide the panel on the left is, in parts of which the others have 3 and 2.4."""
    inches_wide = 0.075 * sum(_letters(shown, columns)) if columns else 0.0
    others = 3.0 if is_narrow(width) else 5.4
    return max(inches_wide / (width - inches_wide) * others, 0.6) if columns else 2.0


def _intervals(axes: Axes, shown: pd.DataFrame, outcome: str, *, narrow: bool) -> None:
    """The outcome with its interval; a filled dot where the option may be the best."""
    share = shown[outcome].to_numpy(dtype=float)
    axes.hlines(shown.index, shown[f"{outcome}_low"], shown[f"{outcome}_high"], color=QUIET, linewidth=1.4)
    _dots(axes, share, shown)
    axes.set_xlim(-0.01, max(0.1, float(shown[f"{outcome}_high"].max()) * 1.04))
    axes.xaxis.set_major_formatter(per_cent())
    axes.locator_params(axis="x", nbins=4 if narrow else 6)
    _scale(
        axes,
        "futures that integrate" if narrow and outcome == "integrated" else f"{SHOWN[outcome]}, with 95 % interval",
    )


def _gaps(axes: Axes, shown: pd.DataFrame) -> None:
    """How far behind the best, with limits that hold for all at once: who is told apart, and who is not."""
    gap = shown["behind_best"].to_numpy(dtype=float)
    axes.hlines(shown.index, shown["behind_low"], shown["behind_high"], color=QUIET, linewidth=1.4)
    axes.axvline(0, color=INK, linewidth=0.9)
    _dots(axes, gap, shown)
    axes.locator_params(axis="x", nbins=4)
    _scale(axes, "index behind the best")


def _dots(axes: Axes, values: np.ndarray[tuple[int], np.dtype[np.float64]], shown: pd.DataFrame) -> None:
    """Estimates; filled where the option may be the best."""
    faces = [INK if may else "white" for may in shown["may_be_best"]]
    axes.scatter(values, shown.index, s=20, c=faces, edgecolors=INK, linewidths=0.9, zorder=3)


def _scale(axes: Axes, words: str) -> None:
    """A scale along the bottom, and what it measures."""
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(words, fontsize=9, color=QUIET)
    bare(axes, "bottom")


def _bracket(axes: Axes, best: int, options: int, what: str) -> None:
    """Say beside the highlighted rows what they are."""
    many = f"{best} of {options} {what} cannot be told from the best"
    words = many if best > 1 else f"told apart from all other {what}"
    axes.set_title(words, loc="left", fontsize=9, color=INK, backgroundcolor=HIGHLIGHT, pad=8)
