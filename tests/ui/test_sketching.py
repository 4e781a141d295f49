"""Lines that a room draws: what they are drawn on, and what is said of them once the futures are seen."""

from __future__ import annotations

import numpy as np
import pytest

from redesign_sim import charts
from redesign_sim.engine.courses import Courses
from redesign_sim.scenario import load_scenario
from redesign_sim.ui.components.band import Fan, fan_of
from redesign_sim.ui.components.sketch import brief, middle_of
from redesign_sim.ui.computing import order
from redesign_sim.ui.ensembles import FIRST, Ensemble
from redesign_sim.ui.rooms import POINTS, Sheet
from redesign_sim.ui.sketching import course_words, lines_table, lines_words, sheet_of
from redesign_sim.world.measures import MEASURES

CASE = load_scenario("classroom")
MONTHS = CASE.horizon_months
FLAT, STEEP, LOW = (10,) * POINTS, (20, 30, 40, 50, 60, 70), (10, 15, 20, 25, 30, 35)


def futures(runs: int) -> Ensemble:
    """Courses of which the first begin lower than the others, and all end between 0.2 and 0.4."""
    starts = np.where(np.arange(runs) < FIRST, 0.11, 0.15)
    courses = np.linspace(starts, np.linspace(0.2, 0.4, 1000)[:runs], MONTHS + 1).T
    return Ensemble(order(CASE, 1, runs), Courses(np.zeros((runs, len(MEASURES))), courses))


@pytest.fixture
def band() -> Fan:
    return fan_of(futures(1000).index)


@pytest.fixture
def sheet() -> Sheet:
    return sheet_of(futures(1000))


def test_a_sheet_is_the_same_however_many_futures_are_there(sheet: Sheet) -> None:
    assert sheet == sheet_of(futures(FIRST))
    assert len(sheet.months) == len(sheet.words) == POINTS
    assert sheet.months[-1] == MONTHS
    assert (sheet.start, sheet.threshold) == (11, round(100 * CASE.integrated_threshold))
    assert brief("December 2007") == "Dec 2007"


def test_the_answer_and_the_lines_are_told_with_their_spread(band: Fan) -> None:
    assert (
        course_words(band, 1000) == "Half of 1,000 futures end above 30 % joined up, nine in ten between 21 and 39 %."
    )
    assert lines_words([FLAT], band) == "The line that was drawn ends at 10 %, beyond nine in ten futures."
    assert lines_words([LOW], band) == "The line that was drawn ends at 35 %, where nine in ten futures do."
    assert lines_words([STEEP, FLAT, LOW], band) == (
        "3 lines end between 10 and 70 %, half of them at 35 % or below; 1 of them where nine in ten futures do."
    )
    assert middle_of([STEEP, FLAT, LOW]) == [10, 15, 20, 25, 30, 35]


def test_lines_are_taken_away_month_by_month_and_drawn_over_the_futures(band: Fan, sheet: Sheet) -> None:
    table = lines_table([STEEP, LOW], sheet, band)
    assert table["month"].tolist() == list(range(MONTHS + 1))
    assert table["guess_2"].iloc[[0, *sheet.months]].tolist() == [0.11, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    figure = charts.fan(table, CASE.integrated_threshold, CASE.clock_starts, title="What was drawn")
    (axes,) = figure.axes
    drawn = [line.get_ydata() for line in axes.lines]
    for name in ("median", "guess_1", "guess_2"):
        assert any(np.array_equal(line, table[name]) for line in drawn), name
    assert axes.get_ylim()[1] > 0.7
