"""What is drawn says what the runs say: fans, dots, headlines, the map and the triangle."""

from __future__ import annotations

from itertools import combinations
from math import hypot, isclose, sqrt

import numpy as np
import pandas as pd
import pytest
import solara

from redesign_sim.charts.tones import LEAST_SPAN_OF_SHARES, Ends, ink_on
from redesign_sim.chronicle import Happening, lives
from redesign_sim.engine.courses import Courses
from redesign_sim.happenings import Event
from redesign_sim.scenario import load_scenario, override
from redesign_sim.study.mixes import TYPES, Mix
from redesign_sim.ui.components.band import LONGEST_NAME, Backdrop, _layers, backdrop_of, fan_of
from redesign_sim.ui.components.chart import in_percent, rounded_up, years
from redesign_sim.ui.components.dots import dots_of
from redesign_sim.ui.components.places import HEIGHT, WIDTH, places_of, seat_at
from redesign_sim.ui.components.simplex import (
    cells_of,
    corners_of,
    others_of,
    place_of,
    scale_of,
    sureness,
)
from redesign_sim.ui.components.timeline import HEADROOM, STROKES, named, state_of, top_of
from redesign_sim.ui.computing import order
from redesign_sim.ui.ensembles import PLACES, Asked, Ensemble, parts
from redesign_sim.ui.findings import headline, longest, share_difference
from redesign_sim.ui.playing import History
from redesign_sim.ui.views.futures import Reach, picture_of, use_reach
from redesign_sim.ui.views.mixes import slice_of, table_of
from redesign_sim.world.measures import MEASURES

CASE = load_scenario("classroom")


def ensemble(index: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ensemble:
    """Futures that end with these indices."""
    outcomes = np.zeros((len(index), len(MEASURES)))
    outcomes[:, PLACES["integration_index"]] = index
    outcomes[:, PLACES["integrated"]] = index >= CASE.integrated_threshold
    return Ensemble(order(CASE, 1, len(index)), Courses(outcomes, np.linspace(0, index, 37).T.copy()))


@pytest.mark.parametrize("share", [0.0, 0.004, 0.37, 0.996, 1.0])
def test_of_a_hundred_dots_as_many_are_filled_as_futures_integrate(share: float) -> None:
    ends = np.where(np.arange(1000) < 1000 * share, 0.4, 0.1)
    dots = dots_of(ends, 0.25)
    assert len(dots) == 100
    assert sum(dot.integrated for dot in dots) == round(100 * share)
    assert [dot.end for dot in dots] == sorted(dot.end for dot in dots)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.97, 1.0])
def test_there_is_room_for_whatever_is_said(share: float) -> None:
    room = longest()
    before = ensemble(np.where(np.arange(100) % 2, 0.2999, 0.1001))
    now = ensemble(np.where(np.arange(100) < 100 * share, 0.4, 0.1))
    for of, base in ((now, None), (now, before), (before, now)):
        words = headline(of, base)
        assert len(words.difference) <= len(room.difference)
        assert len(words.small) <= len(room.small)


def test_axes_grow_with_what_is_shown_and_begin_anew_with_another_baseline() -> None:
    ends = {name: picture_of([ensemble(np.full(100, end))]) for name, end in (("low", 0.2), ("high", 0.7))}
    ends["none yet"] = None
    seen: list[Reach] = []

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View(name: str, of: str) -> None:  # noqa: N802  a component
        seen.append(use_reach(ends[name], of))
        solara.Text("a view")

    box, page = solara.render(View("low", "a"), handle_error=False)
    del box
    for name, of in (("high", "a"), ("low", "a"), ("none yet", "b"), ("low", "b")):
        page.render(View(name, of))
    low, high = Reach(0.3, 0.4), Reach(0.8, 0.8)
    assert seen == [low, high, high, high, low]


def test_a_fan_holds_the_futures_it_says() -> None:
    courses = np.random.default_rng(5).random((1000, 4))
    fan = fan_of(courses)
    for month in range(4):
        column = courses[:, month]
        assert abs(((column >= fan.low[month]) & (column <= fan.high[month])).mean() - 0.5) < 0.01
        assert abs(((column >= fan.lowest[month]) & (column <= fan.highest[month])).mean() - 0.9) < 0.01
        assert fan.low[month] < fan.median[month] < fan.high[month]


def test_the_headline_says_the_share_its_spread_and_the_difference() -> None:
    base = ensemble(np.linspace(0.05, 0.35, 1000))
    better = ensemble(np.linspace(0.15, 0.45, 1000))
    words = headline(better, base)
    assert words.large == "In 67 of 100 futures services integrate"
    assert words.difference.startswith(
        "33 more in 100 than in the pinned baseline (30 to 36): more than luck, and enough to matter"
    )
    assert "67 % (64 to 70) of 1,000 futures" in words.small
    assert "+10.0 points against the baseline (+10.0 to +10.0)" in words.small
    assert headline(base, better).difference.startswith("33 fewer in 100 than in the pinned baseline (30 to 36)")
    assert headline(base, None).difference == ""


def test_a_difference_that_may_be_nothing_says_so() -> None:
    luck = np.random.default_rng(3).permutation(np.linspace(0.0, 0.5, 400))
    base = ensemble(luck)
    swapped = luck.copy()
    swapped[:40] = np.where(luck[:40] >= 0.25, 0.1, 0.4)
    difference = share_difference(ensemble(swapped), base)
    assert "it may be luck alone" in difference
    assert "−" in difference
    assert share_difference(base, base) == "Just as many as in the pinned baseline."


def test_a_limit_is_not_rounded_onto_a_zero_from_which_the_difference_is_told() -> None:
    base, now = np.full(1000, 0.1), np.full(1000, 0.1)
    base[:2], now[2:14] = 0.4, 0.4
    assert share_difference(ensemble(now), ensemble(base)).startswith(
        "1 more in 100 than in the pinned baseline (0.3 to 2): more than luck"
    )


def test_futures_and_baseline_are_compared_over_as_many_of_each() -> None:
    base, now = ensemble(np.linspace(0, 0.5, 1000)), ensemble(np.linspace(0.1, 0.5, 100))
    picture = picture_of([now, base])
    assert picture is not None
    assert picture.runs == 100
    assert picture.baseline_fan == fan_of(base.index[:100])
    assert picture_of([now, None]) is None
    alone = picture_of([base])
    assert alone is not None
    assert alone.baseline_fan is None


def test_axes_are_in_words_and_rarely_change() -> None:
    assert [tick["label"] for tick in years("2007-04", 30)] == ["2008", "2009"]
    assert years("2007-04", 5) == [{"at": 1, "label": "2007"}]
    assert [tick["label"] for tick in in_percent(0.4)["ticks"]] == ["0 %", "10 %", "20 %", "30 %", "40 %"]
    assert [rounded_up(value) for value in (0.01, 0.3, 0.31, 0.99)] == [0.3, 0.3, 0.4, 1.0]
    dementia = backdrop_of(load_scenario("dementia_london"))
    assert dementia.strategies == ((26, "National dementia strategy"),)


@pytest.mark.parametrize("name", ["classroom", "dementia_london", "sexual_health_manchester"])
def test_on_the_map_no_group_lies_over_another_and_all_stand_on_it(name: str) -> None:
    setting = History(load_scenario(name), 1).setting
    ways = [(first, second, traffic) for first, second, traffic, _ in setting.ways]
    places = places_of(setting.staff, ways)
    assert places == places_of(setting.staff, ways)
    for one, other in combinations(places, 2):
        assert hypot(one.x - other.x, one.y - other.y) > 0.95 * (one.reach + other.reach)
    for place in places:
        assert place.reach <= place.x <= WIDTH - place.reach
        assert place.reach <= place.y <= HEIGHT - place.reach


def test_seats_fill_a_disc_evenly() -> None:
    seats = [seat_at(seat, 10.0) for seat in range(40)]
    assert min(hypot(a - c, b - d) for (a, b), (c, d) in combinations(seats, 2)) > 10.0
    assert max(hypot(*seat) for seat in seats) < 10.0 * sqrt(40)


def test_a_slice_holds_every_mix_of_the_other_three() -> None:
    mixes = slice_of("high_impact", 2)
    assert len(mixes) == len(set(mixes)) == 45
    assert all(isclose(sum(mix), 1) and isclose(mix.high_impact, 0.2) for mix in mixes)
    assert len(slice_of("passive", 0)) == 66
    for fourth in TYPES:
        left, right, top = (
            tuple(round(value, 6) for value in place_of(half_of(fourth, kind), fourth).values())
            for kind in others_of(fourth)
        )
        assert (left, right, top) == ((0.0, 0.0), (1.0, 0.0), (0.5, round(sqrt(3) / 2, 6)))


def half_of(fourth: str, other: str) -> Mix:
    """A mix of two types, half each."""
    return Mix(**{kind: 0.5 if kind in {fourth, other} else 0.0 for kind in TYPES})


def test_cells_are_larger_the_surer_they_are_and_empty_until_something_is_known() -> None:
    assert sureness(0.2, 0.2) == 1.0
    assert sureness(0.1, 0.3) > sureness(0.0, 0.4) > sureness(0.0, 1.0) == 0.4
    mixes = slice_of("high_impact", 8)
    rng = np.random.default_rng(1)
    answers = [Asked(order(CASE, 1, 50), ensemble(rng.random(50) * (1 + n) / 6)) for n in range(len(mixes))]
    table = table_of(mixes, answers, 8)
    cells = cells_of(list(mixes), "high_impact", table, Ends(0.0, 1.0))
    assert sum(cell["best"] for cell in cells) == table["may_be_best"].sum() >= 1
    assert cells[-1]["text"] == f"{100 * answers[-1].ensemble.outcome('integrated').mean():.0f}"  # type: ignore[union-attr]
    some = [answers[0], *(each._replace(ensemble=None) for each in answers[1:])]
    early = cells_of(list(mixes), "high_impact", table_of(mixes, some, 8), Ends(0.0, 1.0))
    assert "fill" in early[0]
    assert not early[0]["best"], "a best one needs something to compare with"
    assert all("fill" not in cell for cell in early[1:])
    assert cells_of(list(mixes), "high_impact", pd.DataFrame(), Ends(0.0, 1.0))[0]["lines"] == ["not computed yet"]


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (0.48, 0.80, (0.4, 0.8)),
        (0.84, 0.97, (0.6, 1.0)),
        (0.0, 0.02, (0.0, 0.4)),
        (0.5, 0.5, (0.3, 0.7)),
        (0, 1, (0, 1)),
    ],
)
def test_the_colours_span_what_is_shown_and_never_so_little_that_it_exaggerates(
    low: float, high: float, ends: tuple[float, float]
) -> None:
    found = Ends.around(low, high)
    assert found == ends
    assert found.high - found.low >= LEAST_SPAN_OF_SHARES - 1e-9
    assert 0 <= found.tone(low) <= found.tone(high) <= 1


def test_a_corner_is_called_what_it_holds() -> None:
    assert [corner["text"] for corner in corners_of("high_impact", 1)][1] == "all lacking followers"
    assert [corner["text"] for corner in corners_of("high_impact", 0.8)][1] == "80 % lacking followers"


def test_mixes_are_ranked_by_the_share_that_is_shown() -> None:
    mixes = slice_of("high_impact", 9)
    ends = [np.where(np.arange(100) < often, end, 0.1) for often, end in ((90, 0.26), (50, 0.9), (10, 0.3))]
    answers = [Asked(each.order, each) for each in map(ensemble, ends)]
    table = table_of(mixes, answers, 9)
    assert table["integrated"].tolist() == [0.9, 0.5, 0.1]
    assert table["integration_index"].idxmax() != 0
    assert table["may_be_best"].tolist() == [True, False, False]


def test_a_strategy_with_a_long_name_leaves_room_for_the_rest() -> None:
    long = override(CASE, {"strategies[0].name": "A national strategy for " + "very " * 20 + "joined-up care"})
    assert len(long.strategies[0].name) > 100
    fan = fan_of(np.zeros((10, 37)))
    (moment,) = (layer for layer in _layers(fan, backdrop_of(long), None) if layer["kind"] == "moment")
    assert len(moment["text"]) <= LONGEST_NAME
    assert moment["text"].endswith("…")


def test_the_legend_says_where_the_colours_end_and_how_much_may_be_luck() -> None:
    table = pd.DataFrame({"integrated_low": [0.4, 0.5], "integrated_high": [0.5, 0.6]})
    scale = scale_of(Ends(0.4, 0.8), table)
    assert (scale["low"], scale["high"], scale["part"]) == ("40 %", "80 %", True)
    assert isclose(scale["wide"], 0.25)
    assert scale["points"] == 5
    assert not scale_of(Ends(0.0, 1.0), table)["part"]


def test_a_number_stands_out_on_every_colour() -> None:
    colours = [Ends(0.0, 1.0).colour(k / 50) for k in range(51)]
    assert len(set(colours)) == 51
    assert {ink_on(colour) for colour in colours} == {"#ffffff", "#000000"}
    assert ink_on(colours[0]) == ink_on("#000000") == "#ffffff"
    assert ink_on(colours[-1]) == ink_on("#ffffff") == "#000000"


def test_a_redesign_is_said_to_stand_where_it_stands() -> None:
    def at(*events: Event) -> str:
        told = [Happening(month, event, 1, 2, 7, 0.5) for month, event in enumerate(events, 1)]
        rows = lives(told).to_dict("records")
        return state_of(rows[0])  # type: ignore[arg-type]

    begun = Event.PROPOSAL_STARTED
    assert at(begun) == "argued over"
    assert at(begun, Event.AUTHORISED) == "authorised, being carried out"
    assert at(begun, Event.AUTHORISED, Event.AUTHORISATION_LAPSED) == "argued over"
    assert at(begun, Event.AUTHORISED, Event.COMPLETED) == "in place"
    assert at(begun, Event.REFUSED) == "refused"
    assert at(Event.IMPOSED) == "imposed, being carried out"


def test_parts_come_first_a_hundred_and_then_all() -> None:
    case = load_scenario("classroom")
    tables = list(parts(case, 11, 150))
    assert [len(table) for table in tables][-1] == 150
    assert set(map(len, tables)) <= {100, 150}
    assert tables[-1]["replication"].tolist() == list(range(150))
    assert len(list(parts(case, 11, 150))) == 1


def test_a_strategy_is_named_where_its_name_ends_before_the_next_begins() -> None:
    backdrop = Backdrop("2001-01", 0.25, ((6, "A national strategy with a long name"), (46, "A white paper")))
    assert named(6, "A national strategy with a long name", 96, backdrop) == "strategy"
    assert named(46, "A white paper", 96, backdrop) == "A white paper"
    assert named(6, "A white paper", 96, backdrop) == "A white paper"
    assert named(90, "A white paper", 96, backdrop) == "strategy"


@pytest.mark.parametrize("lanes", [12, 16, 40, 200])
def test_over_any_number_of_redesigns_there_is_room_for_the_word_at_a_strategy(lanes: int) -> None:
    top = top_of(lanes)
    assert isclose((top - STROKES) / (top + lanes + 0.5), HEADROOM)
