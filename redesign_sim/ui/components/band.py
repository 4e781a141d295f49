"""Many futures month by month: their median, and the bands that hold half and nine in ten of them."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from redesign_sim.chronicle import when
from redesign_sim.ui.components.chart import Chart, Layer, in_percent, rounded_up, years
from redesign_sim.ui.components.numbers import Numbers, percent

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario
    from redesign_sim.world.tables import Readings

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


LONGEST_NAME = 40
"""Letters of a strategy's name that fit beside its month."""


class Fan(NamedTuple):
    """How a share is spread over futures, for each month from month 0 on."""

    lowest: list[float]
    low: list[float]
    median: list[float]
    high: list[float]
    highest: list[float]


def fan_of(courses: Readings) -> Fan:
    """The spread of some courses: a row a future, a column a month."""
    return Fan(*(row.round(4).tolist() for row in np.quantile(courses, QUANTILES, axis=0)))


class Backdrop(NamedTuple):
    """What a case says of its months: its calendar, what counts as integrated, and its dated strategies."""

    clock_starts: str
    threshold: float
    strategies: tuple[tuple[int, str], ...] = ()


def backdrop_of(case: Scenario) -> Backdrop:
    """A case's calendar, threshold and strategies."""
    dated = tuple((strategy.month, strategy.name) for strategy in case.strategies)
    return Backdrop(case.clock_starts, case.integrated_threshold, dated)


def highest_of(fan: Fan, threshold: float, other: Fan | None = None) -> float:
    """How high the axis of a fan has to go, with what counts as integrated and another fan in sight."""
    return rounded_up(max(fan.highest[-1], threshold * 1.15, *(other.highest[-1:] if other else [0])))


def Band(
    now: Fan, backdrop: Backdrop, most: float, *, baseline: Fan | None = None, runs: int, height: str = "24rem"
) -> None:
    """The fan of futures, the pinned baseline's median beside it, and the same as a table; the axis ends at `most`."""
    months = len(now.median) - 1
    x = {"min": 0, "max": months, "ticks": years(backdrop.clock_starts, months), "room": 21, "brief_room": 9}
    y = in_percent(most) | {
        "label": "How joined up care is (0 % separate, 100 % fully joined)",
        "brief": "How joined up care is",
    }
    readout = _readout(now, backdrop, baseline)
    Chart(
        x=x,
        y=y,
        layers=_layers(now, backdrop, baseline),
        label=_spoken(now, baseline, runs),
        height=height,
        readout=readout,
    )
    Numbers(columns=["Month", "Median", "Half of futures", "Nine in ten", "Baseline"], rows=[*map(_row, readout[::6])])


def _layers(now: Fan, backdrop: Backdrop, baseline: Fan | None) -> list[Layer]:
    """From the back to the front."""
    month = list(range(len(now.median)))
    return [
        {
            "kind": "area",
            "x": month,
            "low": now.lowest,
            "high": now.highest,
            "fill": "var(--accent-soft)",
            "opacity": 0.28,
        },
        {"kind": "area", "x": month, "low": now.low, "high": now.high, "fill": "var(--accent-soft)", "opacity": 0.5},
        *(
            {
                "kind": "moment",
                "at": at,
                "stroke": "var(--quiet)",
                "text": shorten(name, LONGEST_NAME, placeholder="…"),
                "brief": "strategy",
                "row": row % 2,
                "dash": "2 3",
            }
            for row, (at, name) in enumerate(backdrop.strategies)
        ),
        {"kind": "level", "at": backdrop.threshold, "stroke": "var(--quiet)", "text": "counts as integrated from here"},
        *([_line(month, baseline.median, "var(--ink)", "6 4")] if baseline else []),
        _line(month, now.median, "var(--accent)", None, 3),
        {"kind": "words", "apart": True, "words": _names(now, baseline)},
    ]


def _line(x: list[int], y: list[float], stroke: str, dash: str | None = None, width: float = 2) -> Layer:
    return {"kind": "line", "x": x, "y": y, "stroke": stroke, "dash": dash, "width": width}


def _names(now: Fan, baseline: Fan | None) -> list[Layer]:
    """Words at the ends of the lines, apart from each other where the ends meet."""
    last = len(now.median) - 1
    ends = [
        (now.highest[-1], "1 in 20 end above", "1 in 20", "var(--quiet)", 400),
        (now.median[-1], "half end above this", "median", "var(--accent)", 700),
        (now.lowest[-1], "1 in 20 end below", "1 in 20", "var(--quiet)", 400),
    ]
    if baseline:
        ends.append((baseline.median[-1], "pinned baseline", "baseline", "var(--ink)", 600))
    return [
        {"x": last, "y": y, "dx": 6, "dy": 4, "text": text, "brief": brief, "fill": fill, "weight": weight}
        for y, text, brief, fill, weight in ends
    ]


def _readout(now: Fan, backdrop: Backdrop, baseline: Fan | None) -> list[dict[str, Any]]:
    """What is told of each month."""
    return [
        {
            "x": month,
            "title": when(month, backdrop.clock_starts) if month else "The first day",
            "lines": [
                f"Median {percent(now.median[month])}",
                f"Half of futures: {percent(now.low[month])} to {percent(now.high[month])}",
                f"Nine in ten: {percent(now.lowest[month])} to {percent(now.highest[month])}",
                *([f"Pinned baseline: {percent(baseline.median[month])}"] if baseline else []),
            ],
        }
        for month in range(len(now.median))
    ]


def _row(told: dict[str, Any]) -> list[str]:
    """A month as a row of the table."""
    values = [line.split(": ")[-1].removeprefix("Median ") for line in told["lines"]]
    return [told["title"], *values, *["–"] * (4 - len(values))]


def _spoken(now: Fan, baseline: Fan | None, runs: int) -> str:
    """The chart in a sentence."""
    before = f"; the pinned baseline's median ends at {percent(baseline.median[-1])}" if baseline else ""
    return (
        f"How joined up care is, month by month, in {runs} futures: the median ends at {percent(now.median[-1])}, "
        f"nine in ten futures between {percent(now.lowest[-1])} and {percent(now.highest[-1])}{before}."
    )
