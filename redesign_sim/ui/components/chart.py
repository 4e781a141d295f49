"""The chart that band, line, plane, dots and timeline are drawn with: axes in words, layers, hover, focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redesign_sim.chronicle import when
from redesign_sim.ui.components.drawn import drawn_by
from redesign_sim.ui.components.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Layer = dict[str, Any]
"""Something drawn: `kind` is area, line, level, moment, spans, words or points; the rest as `chart.vue` reads it."""


@drawn_by("chart.vue")
def Chart(  # noqa: PLR0913  what it is drawn from
    x: dict[str, Any],
    y: dict[str, Any],
    layers: list[Layer],
    label: str,
    height: str = "22rem",
    readout: list[dict[str, Any]] | None = None,
    cursor: float | None = None,
    pickable: bool = False,  # noqa: FBT001, FBT002  a property of the component
    legend: list[dict[str, str]] | None = None,
    event_pick: Callable[[float], None] | None = None,
) -> None:
    """Layers over two axes.

    `x` and `y`: `min`, `max`, `ticks` (each `at` and `label`), `label` in words, and of `x` the `room` in letters that
    words beyond its end need. `readout`: what is told at each `x` (`title`, `lines`); without it, each point and span
    tells its own `title` and `lines`. `legend`: `text` with a `fill`, and the `shape` of a mark. `event_pick` is called
    with the place on the x axis where one clicked.
    """


def years(clock_starts: str, months: int) -> list[dict[str, Any]]:
    """A tick at each January, with its year; the first month's year where there is no January."""
    januaries = [
        {"at": month, "label": name.split()[1]}
        for month in range(1, months + 1)
        if (name := when(month, clock_starts)).startswith("January")
    ]
    return januaries or [{"at": 1, "label": when(1, clock_starts).split()[1]}]


def in_percent(most: float) -> dict[str, Any]:
    """An axis of shares from 0 to `most`, with its ticks."""
    step = 0.05 if most <= 0.3 else 0.1 if most <= 0.6 else 0.2  # noqa: PLR2004  four to seven ticks
    return {
        "min": 0,
        "max": most,
        "ticks": [{"at": k * step, "label": percent(k * step)} for k in range(int(most / step + 1e-9) + 1)],
    }


def rounded_up(value: float, steps: Sequence[float] = (0.3, 0.4, 0.6, 0.8, 1.0)) -> float:
    """The first of some round ends that a value does not pass, so that an axis rarely changes."""
    return next((step for step in steps if value <= step), steps[-1])
