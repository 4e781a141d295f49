"""A hundred dots, each a hundredth of the futures: where they end, and how many of a hundred integrate."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from redesign_sim.ui.components.chart import Chart, Layer, in_percent, rounded_up
from redesign_sim.ui.components.numbers import Numbers

if TYPE_CHECKING:
    from redesign_sim.world.tables import Readings

DOTS = 100
STACKS = 40
"""About how many stacks of dots fit beside each other."""
WIDTHS = (0.01, 0.0125, 0.02, 0.025, 0.05)
"""Round widths of a stack."""
TINY = 1e-9


class Dot(NamedTuple):
    """A hundredth of the futures: how joined up care is in it at the end, and whether that counts as integrated."""

    end: float
    integrated: bool


class Stacks(NamedTuple):
    """Stacks of dots side by side, `below` of them below the line from which care counts as integrated."""

    width: float
    below: int
    last: int

    @classmethod
    def up_to(cls, most: float, threshold: float) -> Stacks:
        """Stacks for an axis that ends at `most`: of a round width, if any such width divides what lies below the
        threshold.
        """
        wanted = most / STACKS
        fitting = [width for width in WIDTHS if abs(threshold / width - round(threshold / width)) < TINY]
        width = min(fitting, key=lambda each: abs(each - wanted), default=threshold / max(1, round(threshold / wanted)))
        return cls(width, round(threshold / width), max(0, ceil(most / width - TINY) - 1))

    def of(self, dot: Dot) -> int:
        """The stack of a dot, on the side of the threshold on which most of its futures are."""
        stack = min(int(dot.end / self.width + TINY), self.last)
        return max(stack, self.below) if dot.integrated else min(stack, self.below - 1)

    def middle(self, stack: int) -> float:
        """Where a stack stands."""
        return (stack + 0.5) * self.width

    def words(self, stack: int) -> str:
        """From where to where a stack goes: `24 to 25 %`."""
        return f"{100 * stack * self.width:.3g} to {100 * (stack + 1) * self.width:.3g} %"


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
    stacks = Stacks.up_to(most, threshold)
    stacked, before = _stacked(now, stacks), _stacked(baseline or [], stacks)
    highest = max(12, *(level for _, level in [*stacked, *before]))
    x = in_percent(most) | {"label": "How joined up care is at the end"}
    each, grey = f"Each dot is {_each(runs)}", " (grey: the pinned baseline)" if baseline else ""
    y = {"min": -0.2, "max": highest + 2.2, "label": each + grey, "brief": each}
    points = [_point(stacks.middle(stack), level, dot) for (stack, level), dot in zip(stacked, now, strict=True)]
    layers: list[Layer] = [
        *([_outline(before, stacks)] if baseline else []),
        {"kind": "moment", "at": threshold, "stroke": "var(--quiet)", "dash": "5 4", "text": "integrated from here"},
        {"kind": "points", "points": points, "size": 9, "fit": stacks.width},
    ]
    readout = _readout(now, stacks, baseline)
    Chart(x=x, y=y, layers=layers, label=_spoken(now, baseline), height=height, readout=readout)
    Numbers(columns=["Ends at", "Futures", "Baseline"], rows=[[each["title"], *each["lines"]] for each in readout])


def _each(runs: int) -> str:
    """What a dot stands for."""
    return "one future" if runs == DOTS else f"{runs / DOTS:g} of {runs:,} futures"


def _stacked(dots: list[Dot], stacks: Stacks) -> list[tuple[int, int]]:
    """The stack of each dot, and its level from 1 up."""
    heights: Counter[int] = Counter()
    places = []
    for dot in dots:
        stack = stacks.of(dot)
        heights[stack] += 1
        places.append((stack, heights[stack]))
    return places


def _point(x: float, level: int, dot: Dot) -> dict[str, Any]:
    """Filled where integrated, hollow where not."""
    fill, stroke = ("var(--accent)", "var(--accent)") if dot.integrated else ("var(--paper)", "var(--quiet)")
    return {"x": x, "y": level - 0.5, "fill": fill, "stroke": stroke, "line": 1.2}


def _outline(places: list[tuple[int, int]], stacks: Stacks) -> Layer:
    """The skyline of the baseline's stacks."""
    heights = Counter(stack for stack, _ in places)
    x, y = [], []
    for stack in range(max(heights, default=0) + 1):
        x += [stack * stacks.width, (stack + 1) * stacks.width]
        y += [heights[stack]] * 2
    return {"kind": "area", "x": x, "low": [0] * len(x), "high": y, "fill": "var(--faint)", "opacity": 0.9}


def _readout(now: list[Dot], stacks: Stacks, baseline: list[Dot] | None) -> list[dict[str, Any]]:
    """What is told of each stack that is not empty."""
    here, there = (Counter(map(stacks.of, dots)) for dots in (now, baseline or []))
    return [
        {
            "x": stacks.middle(stack),
            "title": stacks.words(stack),
            "lines": [f"{here[stack]} of 100", *([f"{there[stack]} of 100 in the baseline"] if baseline else [])],
        }
        for stack in sorted({*here, *there})
    ]


def _spoken(now: list[Dot], baseline: list[Dot] | None) -> str:
    """The chart in a sentence."""
    text = f"Of 100 futures, {sum(dot.integrated for dot in now)} end with integrated services"
    return text + (f"; {sum(dot.integrated for dot in baseline)} in the pinned baseline." if baseline else ".")
