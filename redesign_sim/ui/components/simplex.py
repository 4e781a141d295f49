"""The triangle of three shares of leadership at a chosen fourth, coloured by the share of futures that integrate."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import pandas as pd

from redesign_sim.charts.tones import Ends, ink_on
from redesign_sim.study.analysis import mix_words
from redesign_sim.study.mixes import TYPE_WORDS, Mix
from redesign_sim.ui.components.drawn import drawn_by
from redesign_sim.ui.components.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Callable

CORNERS = ("localised", "lacking_followers", "passive", "high_impact")
"""Left, right, top, as far as they are not the fourth; the same as in the static charts."""

BLURRED = 0.5
"""An interval as wide as this leaves a cell at its smallest."""
SMALLEST = 0.4


@drawn_by("simplex.vue")
def Simplex(  # noqa: PLR0913  its properties
    cells: list[dict[str, Any]],
    corners: list[dict[str, Any]],
    step: float,
    scale: dict[str, Any],
    label: str,
    picked: int = -1,
    mine: dict[str, float] | None = None,
    height: str = "36rem",
    event_pick: Callable[[int], None] | None = None,
) -> None:
    """Hexagons on a triangle: `x` and `y` as shares of its side, `fill` by outcome, `size` by how sure it is.

    `step` is the distance of neighbours; `mine` is where the levers stand; `event_pick` hears which cell is clicked.
    """


def others_of(fourth: str) -> tuple[str, str, str]:
    """The types at the left, right and top corner."""
    left, right, top = (kind for kind in CORNERS if kind != fourth)
    return left, right, top


def place_of(mix: Mix, fourth: str) -> dict[str, float]:
    """Where a mix lies in the triangle of its other three types, each as a share of what the fourth leaves."""
    left, right, top = (getattr(mix, kind) for kind in others_of(fourth))
    whole = left + right + top or 1.0
    return {"x": (right + top / 2) / whole, "y": top / whole * sqrt(3) / 2}


def corners_of(fourth: str, rest: float) -> list[dict[str, Any]]:
    """The names of the corners, where one type has all the rest that the fourth leaves."""
    share = "all" if rest == 1 else percent(rest)
    left, right, top = (f"{share} {TYPE_WORDS[kind]}" for kind in others_of(fourth))
    return [{"text": left, "x": 0}, {"text": right, "x": 1}, {"text": top, "top": True}]


def sureness(low: float, high: float) -> float:
    """How large a cell is drawn: whole for an interval without width, least for one that is blurred."""
    return max(SMALLEST, 1 - (1 - SMALLEST) * (high - low) / BLURRED)


def cells_of(mixes: list[Mix], fourth: str, table: pd.DataFrame, ends: Ends) -> list[dict[str, Any]]:
    """Every mix as a cell; those that `table` (a row a mix, by `point`) does not hold yet stay empty."""
    known = table.set_index("point").to_dict("index") if len(table) else {}
    return [_cell(mix, place_of(mix, fourth), known.get(number), ends) for number, mix in enumerate(mixes)]


def _cell(mix: Mix, place: dict[str, float], row: dict[Any, Any] | None, ends: Ends) -> dict[str, Any]:
    """One mix."""
    title = words_of(mix)
    if row is None:
        return {**place, "title": title, "lines": ["not computed yet"]}
    share, low, high = (row[name] for name in ("integrated", "integrated_low", "integrated_high"))
    fill = ends.colour(share)
    best = ["cannot be told from the best"] if row["may_be_best"] else []
    return {
        **place,
        "title": title,
        "lines": [f"{percent(share)} of {row['runs']} futures integrate ({100 * low:.0f} to {100 * high:.0f})", *best],
        "fill": fill,
        "ink": ink_on(fill),
        "text": f"{100 * share:.0f}",
        "size": round(sureness(low, high), 3),
        "best": bool(row["may_be_best"]),
    }


def words_of(mix: Mix) -> str:
    """A mix in words, the largest share first."""
    return mix_words(pd.Series(mix._asdict()))


def scale_of(ends: Ends, table: pd.DataFrame) -> dict[str, Any]:
    """The colours for the legend, with how wide a usual interval is among them."""
    tones = [ends.low + k / 8 * (ends.high - ends.low) for k in range(9)]
    wide = float((table["integrated_high"] - table["integrated_low"]).median()) if len(table) else 0.0
    return {
        "low": percent(ends.low),
        "high": percent(ends.high),
        "gradient": f"linear-gradient(90deg, {', '.join(map(ends.colour, tones))})",
        "part": ends != (0.0, 1.0),
        "wide": min(wide / (ends.high - ends.low), 1.0),
        "points": round(50 * wide),
    }
