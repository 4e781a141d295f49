"""Lines that a room draws before it sees, and the same lines over the futures."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from redesign_sim.ui.components.chart import Chart, Layer, in_percent, rounded_up
from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redesign_sim.ui.components.band import Fan
    from redesign_sim.ui.rooms import Sheet

    Line = tuple[int, ...]

LEGEND = [
    {"text": "half of futures, and nine in ten", "fill": "var(--accent-soft)"},
    {"text": "the middle future", "fill": "var(--accent)"},
    {"text": "a guess", "fill": "var(--warm)"},
]
MIDDLE = {"text": "the middle of the guesses (dashed)", "fill": "var(--ink)"}


@drawn_by("sketch.vue")
def _Sketch(
    start: int,
    threshold: int,
    points: list[dict[str, Any]],
    button: str,
    named: bool,  # noqa: FBT001  a property of the component
    said: str,
    event_guess: Callable[[dict[str, Any]], None],
) -> None:
    """A line whose points are dragged, drawn through or moved by arrow keys."""


def Sketch(sheet: Sheet, button: str, *, named: bool, said: str, event_guess: Callable[[dict[str, Any]], None]) -> None:
    """Where a line is drawn; `event_guess` hears its points and a name, unchecked."""
    points = [
        {"at": month / sheet.months[-1], "words": words, "brief": brief(words)}
        for month, words in zip(sheet.months, sheet.words, strict=True)
    ]
    _Sketch(
        start=sheet.start,
        threshold=sheet.threshold,
        points=points,
        button=button,
        named=named,
        said=said,
        event_guess=event_guess,
    )


def brief(month: str) -> str:
    """`Dec 2007` of `December 2007`."""
    name, year = month.split()
    return f"{name[:3]} {year}"


def Drawn(lines: Sequence[Line], sheet: Sheet, band: Fan, *, label: str, height: str) -> None:
    """What was drawn, each guess a thin line and their middle a dashed one, over the futures."""
    most = rounded_up(max(*band.highest, sheet.threshold / 90, *(max(line) / 100 for line in lines)))
    ticks = [{"at": month, "label": brief(words)} for month, words in zip(sheet.months, sheet.words, strict=True)]
    Chart(
        x={"min": 0, "max": sheet.months[-1], "ticks": ticks, "room": 5, "brief_room": 5},
        y=in_percent(most) | {"label": "How joined up care is"},
        layers=_layers(lines, sheet, band),
        label=label,
        height=height,
        legend=[*LEGEND, *([MIDDLE] if len(lines) > 1 else [])],
    )


def _layers(lines: Sequence[Line], sheet: Sheet, band: Fan) -> list[Layer]:
    """From the back to the front."""
    month = list(range(len(band.median)))
    soft = {"kind": "area", "x": month, "fill": "var(--accent-soft)"}
    return [
        {**soft, "low": band.lowest, "high": band.highest, "opacity": 0.28},
        {**soft, "low": band.low, "high": band.high, "opacity": 0.5},
        {
            "kind": "level",
            "at": sheet.threshold / 100,
            "stroke": "var(--quiet)",
            "text": "counts as integrated from here",
        },
        {"kind": "line", "x": month, "y": band.median, "stroke": "var(--accent)", "width": 3},
        *(_line(line, sheet, "var(--warm)", 2 if len(lines) > 1 else 3) | {"opacity": 0.85} for line in lines),
        *([_line(middle_of(lines), sheet, "var(--ink)", 3) | {"dash": "7 5"}] if len(lines) > 1 else []),
    ]


def _line(line: Sequence[float], sheet: Sheet, stroke: str, width: float) -> Layer:
    """A line from where care starts."""
    y = [value / 100 for value in (sheet.start, *line)]
    return {"kind": "line", "x": [0, *sheet.months], "y": y, "stroke": stroke, "width": width}


def middle_of(lines: Sequence[Line]) -> list[float]:
    """At each point, the median of what was drawn."""
    return [statistics.median(column) for column in zip(*lines, strict=True)]
