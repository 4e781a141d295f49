"""A room draws the course that it expects: what it draws on, and what is said of its lines in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from redesign_sim.chronicle import when
from redesign_sim.ui.components.sketch import middle_of
from redesign_sim.ui.ensembles import FIRST
from redesign_sim.ui.rooms import POINTS, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.ui.components.band import Fan
    from redesign_sim.ui.components.sketch import Line
    from redesign_sim.ui.ensembles import Ensemble


def sheet_of(ensemble: Ensemble) -> Sheet:
    """What lines about a case are drawn on; the same however many of its futures are there."""
    case = ensemble.case
    months = tuple(round(point * case.horizon_months / POINTS) for point in range(1, POINTS + 1))
    start = float(np.median(ensemble.index[: min(FIRST, ensemble.runs), 0]))
    words = tuple(when(max(month, 1), case.clock_starts) for month in months)
    return Sheet(round(100 * start), round(100 * case.integrated_threshold), months, words)


def course_words(band: Fan, runs: int) -> str:
    """What came out, in a sentence."""
    low, middle, high = (f"{100 * part[-1]:.0f}" for part in (band.lowest, band.median, band.highest))
    return f"Half of {runs:,} futures end above {middle} % joined up, nine in ten between {low} and {high} %."


def lines_words(lines: Sequence[Line], band: Fan) -> str:
    """How the lines are spread, and how many end where nine in ten futures do."""
    ends = sorted(line[-1] for line in lines)
    low, high = round(100 * band.lowest[-1]), round(100 * band.highest[-1])
    inside = sum(low <= end <= high for end in ends)
    if len(ends) == 1:
        where = "where nine in ten futures do" if inside else "beyond nine in ten futures"
        return f"The line that was drawn ends at {ends[0]} %, {where}."
    middle = middle_of(lines)[-1]
    spread = f"{len(ends)} lines end between {ends[0]} and {ends[-1]} %, half of them at {middle:g} % or below"
    return f"{spread}; {inside} of them where nine in ten futures do."


def lines_table(lines: Sequence[Line], sheet: Sheet, band: Fan) -> pd.DataFrame:
    """The futures month by month, and each line beside them, without anybody's name."""
    table = pd.DataFrame(band._asdict()).rename_axis("month").reset_index()
    for number, line in enumerate(sorted(lines), 1):
        drawn = np.interp(table["month"], [0, *sheet.months], [sheet.start, *line])
        table[f"guess_{number}"] = (drawn / 100).round(4)
    return table
