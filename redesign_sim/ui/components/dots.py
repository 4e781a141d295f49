"""A hundred dots, each a hundredth of the futures: where they end, and how many of a hundred integrate."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from redesign_sim.ui.components.chart import Chart, Layer, in_percent, rounded_up
from redesign_sim.ui.components.numbers import Numbers, percent

if TYPE_CHECKING:
    from redesign_sim.world.tables import Readings

DOTS = 100
BINS = 40
"""How many stacks of dots fit beside each other."""


class Dot(NamedTuple):
    """A hundredth of the futures: how joined up care is in it at the end, and whether that counts as integrated."""

    end: float
    integrated: bool


def dots_of(index: Readings, threshold: float) -> list[Dot]:
    """Futures in order of where they end, gathered into dots; as many are integrated as the share that is, rounded.

    A dot stands at the middle of its futures; one that holds futures of both kinds counts as most of them.
    """
    ends = np.sort(index)
    shares = (np.arange(DOTS) + 0.5) / DOTS
    integrated = round(DOTS * float((ends >= threshold).mean()))
    places = np.quantile(ends, shares, method="hazen").round(4).tolist()
    return [Dot(place, number >= DOTS - integrated) for number, place in enumerate(places)]


def farthest_of(dots: list[Dot]) -> float:
    """How far the axis of some dots has to go."""
    return rounded_up(max(dot.end for dot in dots), (0.4, 0.6, 0.8, 1.0))


def Dots(
    now: list[Dot],
    threshold: float,
    most: float,
    *,
    baseline: list[Dot] | None = None,
    runs: int,
    height: str = "15rem",
) -> None:
    """Where the futures end, in stacks of dots, with the threshold; the pinned baseline's stacks as an outline. The
    axis ends at `most`.
    """
    stacked, before = _stacks(now, most), _stacks(baseline or [], most)
    highest = max(12, *(level for _, level in [*stacked, *before]))
    x = in_percent(most) | {"label": "How joined up care is at the end"}
    each, grey = f"Each dot is {_each(runs)}", " (grey: the pinned baseline)" if baseline else ""
    y = {"min": -0.2, "max": highest + 2.2, "label": each + grey, "brief": each}
    points = [_point(place, level, dot, threshold) for (place, level), dot in zip(stacked, now, strict=True)]
    layers: list[Layer] = [
        *([_outline(before, most)] if baseline else []),
        {"kind": "moment", "at": threshold, "stroke": "var(--quiet)", "dash": "5 4", "text": "integrated from here"},
        {"kind": "points", "points": points, "size": 9, "fit": most / BINS},
    ]
    readout = _readout(now, most, baseline)
    Chart(x=x, y=y, layers=layers, label=_spoken(now, baseline), height=height, readout=readout)
    Numbers(columns=["Ends at", "Futures", "Baseline"], rows=[[each["title"], *each["lines"]] for each in readout])


def _each(runs: int) -> str:
    """What a dot stands for."""
    return "one future" if runs == DOTS else f"{runs / DOTS:g} of {runs:,} futures"


def _bin(index: float, most: float) -> int:
    return min(int(index / most * BINS), BINS - 1)


def _stacks(dots: list[Dot], most: float) -> list[tuple[float, int]]:
    """The place of each dot: the middle of its stack, and its level from 1 up."""
    heights: Counter[int] = Counter()
    places = []
    for dot in dots:
        stack = _bin(dot.end, most)
        heights[stack] += 1
        places.append(((stack + 0.5) * most / BINS, heights[stack]))
    return places


def _point(x: float, level: int, dot: Dot, threshold: float) -> dict[str, Any]:
    """Filled where integrated, hollow where not."""
    del threshold
    fill, stroke = ("var(--accent)", "var(--accent)") if dot.integrated else ("var(--paper)", "var(--quiet)")
    return {"x": x, "y": level - 0.5, "fill": fill, "stroke": stroke, "line": 1.2}


def _outline(places: list[tuple[float, int]], most: float) -> Layer:
    """The skyline of the baseline's stacks."""
    heights = Counter(x for x, _ in places)
    x, y = [], []
    for stack in range(BINS):
        level = heights[(stack + 0.5) * most / BINS]
        x += [stack * most / BINS, (stack + 1) * most / BINS]
        y += [level, level]
    return {"kind": "area", "x": x, "low": [0] * len(x), "high": y, "fill": "var(--faint)", "opacity": 0.9}


def _readout(now: list[Dot], most: float, baseline: list[Dot] | None) -> list[dict[str, Any]]:
    """What is told of each stack that is not empty."""
    here, there = (Counter(_bin(dot.end, most) for dot in dots) for dots in (now, baseline or []))
    return [
        {
            "x": (stack + 0.5) * most / BINS,
            "title": f"{percent(stack * most / BINS)} to {percent((stack + 1) * most / BINS)}",
            "lines": [f"{here[stack]} of 100", *([f"{there[stack]} of 100 in the baseline"] if baseline else [])],
        }
        for stack in sorted({*here, *there})
    ]


def _spoken(now: list[Dot], baseline: list[Dot] | None) -> str:
    """The chart in a sentence."""
    text = f"Of 100 futures, {sum(dot.integrated for dot in now)} end with integrated services"
    return text + (f"; {sum(dot.integrated for dot in baseline)} in the pinned baseline." if baseline else ".")
