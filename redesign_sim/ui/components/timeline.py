"""A history as it goes on: how joined up care is, and the life of every redesign across boundaries."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from redesign_sim.chronicle import when
from redesign_sim.ui.components.chart import Chart, Layer, in_percent, rounded_up, years
from redesign_sim.ui.components.numbers import Numbers, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.ui.components.band import Backdrop, Fan
    from redesign_sim.ui.playing import History

ENDS = {
    "completed": ("in place", "circle", "var(--accent)"),
    "refused": ("refused", "cross", "var(--bad)"),
    "stalled": ("given up", "square", "var(--quiet)"),
    "faded": ("faded away", "down", "var(--warm)"),
    "imposed": ("imposed", "diamond", "var(--ink)"),
}
"""How a redesign can end, or begin without asking: its words, shape and colour."""

LEGEND = [
    {"text": "argued over", "fill": "var(--faint)"},
    {"text": "authorised", "fill": "var(--accent-soft)"},
    *({"text": words, "shape": shape, "fill": fill} for words, shape, fill in ENDS.values()),
    {"text": "reorganised", "shape": "down", "fill": "var(--bad)"},
]

FEWEST_LANES, MORE_LANES = 12, 8
HEADROOM = 0.24
"""Share of the height that is kept free over the reorganisations, for the word at a strategy's line."""
STROKES = 0.7
"""How high above the first lane the reorganisations stand, in lanes."""
LETTERS = 58
"""Letters that fit side by side where the names of strategies are written out."""


def Line(
    course: list[float],
    last_month: int,
    backdrop: Backdrop,
    *,
    futures: Fan | None = None,
    height: str = "12rem",
    on_month: Callable[[int], None] | None = None,
) -> None:
    """How joined up care has been in one history so far, over the futures of the same case where they are known."""
    now = len(course) - 1
    most = rounded_up(max(*course, backdrop.threshold * 1.15, *([futures.highest[-1]] if futures else [])))
    about = " (grey: nine in ten futures of this case)" if futures else ""
    brief = "Joined-up care (grey: 9 in 10 futures)" if futures else "How joined up care is"
    Chart(
        x={"min": 0, "max": last_month, "ticks": years(backdrop.clock_starts, last_month)},
        y=in_percent(most) | {"label": f"How joined up care is{about}", "brief": brief},
        layers=_line_layers(course, backdrop, futures),
        label=f"How joined up care is: {percent(course[-1])} in {when(max(now, 1), backdrop.clock_starts)}.",
        height=height,
        readout=[
            {"x": month, "title": when(max(month, 1), backdrop.clock_starts), "lines": [percent(value)]}
            for month, value in enumerate(course)
        ],
        cursor=now,
        pickable=on_month is not None,
        event_pick=on_month and (lambda place: on_month(round(place))),
    )


def _line_layers(course: list[float], backdrop: Backdrop, futures: Fan | None) -> list[Layer]:
    """The futures behind, the threshold, and the history up to now."""
    fan = futures and {
        "kind": "area",
        "x": list(range(len(futures.median))),
        "low": futures.lowest,
        "high": futures.highest,
        "fill": "var(--faint)",
        "opacity": 0.8,
    }
    now, values = len(course) - 1, [round(value, 4) for value in course]
    return [
        *([fan] if fan else []),
        {"kind": "level", "at": backdrop.threshold, "stroke": "var(--quiet)", "text": "counts as integrated from here"},
        {"kind": "line", "x": list(range(now + 1)), "y": values, "stroke": "var(--accent)", "width": 3},
        {"kind": "points", "points": [{"x": now, "y": values[-1], "fill": "var(--accent)", "size": 5}]},
    ]


def Timeline(
    lives: pd.DataFrame,
    marks: pd.DataFrame,
    month: int,
    last_month: int,
    backdrop: Backdrop,
    *,
    height: str = "14rem",
    on_month: Callable[[int], None] | None = None,
) -> None:
    """The life of each redesign across boundaries up to a month, a lane each, with strategies and reorganisations."""
    rows: list[dict[str, Any]] = lives.to_dict("records")  # type: ignore[assignment]  # its columns are words
    lanes = max(FEWEST_LANES, MORE_LANES * -(-len(rows) // MORE_LANES))
    Chart(
        x={"min": 0, "max": last_month, "ticks": years(backdrop.clock_starts, last_month)},
        y={"min": -lanes - 0.5, "max": top_of(lanes), "label": "Redesigns across boundaries", "ticks": []},
        layers=[
            *_marks(marks, last_month, backdrop),
            _spans(rows, month),
            {"kind": "points", "points": list(_ends(rows)), "size": 5.5},
        ],
        label=_spoken(rows, month, backdrop),
        height=height,
        legend=LEGEND,
        cursor=month,
        pickable=on_month is not None,
        event_pick=on_month and (lambda place: on_month(round(place))),
    )
    Numbers(columns=["Redesign", "Began", "Ended", "How"], rows=[_row(row, backdrop) for row in rows])


def top_of(lanes: int) -> float:
    """How high the axis goes over the first lane, so that the share kept free is the same for any number of lanes."""
    return (STROKES + HEADROOM * (lanes + 0.5)) / (1 - HEADROOM)


def named(month: int, name: str, last_month: int, backdrop: Backdrop) -> str:
    """What is written at a strategy's line: its name, where that ends before the next strategy begins."""
    end = min((begins for begins, _ in backdrop.strategies if begins > month), default=last_month)
    return name if len(name) <= LETTERS * (end - month) / last_month else "strategy"


def _marks(marks: pd.DataFrame, last_month: int, backdrop: Backdrop) -> list[Layer]:
    """Strategies by name, reorganisations as strokes under the names."""
    rows: list[dict[str, Any]] = marks.to_dict("records")  # type: ignore[assignment]  # its columns are words
    strokes = [
        {
            "x": row["month"],
            "y": STROKES,
            "fill": "var(--bad)",
            "shape": "down",
            "title": "Reorganised",
            "lines": [row["label"]],
            "opacity": 0.75,
        }
        for row in rows
        if row["kind"] == "reorganisation"
    ]
    return [
        *(
            {
                "kind": "moment",
                "at": row["month"],
                "stroke": "var(--ink)",
                "text": named(row["month"], row["label"], last_month, backdrop),
                "brief": "strategy",
                "row": 0,
            }
            for row in rows
            if row["kind"] == "strategy"
        ),
        {"kind": "points", "points": strokes, "size": 3.5},
    ]


def _spans(rows: list[dict[str, Any]], month: int) -> Layer:
    """Each lane: grey while it is argued over, blue while authorised."""
    spans = []
    for lane, row in enumerate(rows):
        end = month if isnan(row["ended"]) else row["ended"]
        told = {"title": f"Proposal {row['proposal']}", "lines": [state_of(row)]}
        spans.append({"from": row["began"], "to": end, "y": -lane - 0.5, "stroke": "var(--faint)", **told})
        for begins, ends in row["authorised"]:
            until = end if isnan(ends) else ends
            spans.append({"from": begins, "to": until, "y": -lane - 0.5, "stroke": "var(--accent-soft)"})
    return {"kind": "spans", "spans": spans}


def _ends(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  points of the chart
    """The mark at the end of each lane that has one, and at the beginning of those that were imposed."""
    for lane, row in enumerate(rows):
        if row["imposed"]:
            yield {"x": row["began"], "y": -lane - 0.5, "shape": "diamond", "fill": ENDS["imposed"][2]}
        if row["end"] in ENDS:
            _, shape, fill = ENDS[row["end"]]
            yield {"x": row["ended"], "y": -lane - 0.5, "shape": shape, "fill": fill}


def state_of(row: dict[str, Any]) -> str:
    """Where a redesign stands, in words."""
    if row["end"] in ENDS:
        return ENDS[row["end"]][0]
    if row["authorised"] and isnan(row["authorised"][-1][1]):
        return "imposed, being carried out" if row["imposed"] else "authorised, being carried out"
    return "argued over"


def _row(row: dict[str, Any], backdrop: Backdrop) -> list[str]:
    """A redesign as a row of the table."""
    ended = "–" if isnan(row["ended"]) else when(int(row["ended"]), backdrop.clock_starts)
    return [f"Proposal {row['proposal']}", when(row["began"], backdrop.clock_starts), ended, state_of(row)]


def _spoken(rows: list[dict[str, Any]], month: int, backdrop: Backdrop) -> str:
    """The timeline in a sentence."""
    by_state = {state: sum(state_of(row) == state for row in rows) for state in dict.fromkeys(map(state_of, rows))}
    states = ", ".join(f"{number} {state}" for state, number in by_state.items())
    return f"Redesigns across boundaries up to {when(max(month, 1), backdrop.clock_starts)}: {states or 'none yet'}."


def as_table(history: History, month: int) -> pd.DataFrame:
    """The course of a history up to a month."""
    return pd.DataFrame({"integration_index": history.course(month)}).rename_axis("month").reset_index()
