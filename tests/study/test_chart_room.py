"""Charts have room for what is written on them: measured, whatever the length of headings."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import RegularPolygon
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from redesign_sim import charts
from redesign_sim.study.mixes import mixes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure

TITLE = (
    "In Dementia services, London, with far more neighbourhood teams than there are today, January 2011: care is 100 % "
    "joined up between all those organisations that pass people on"
)
CAPTION = (
    "41 more in 100 than in the pinned baseline (38 to 44): more than luck, and enough to matter. 99 % (98 to 99) of "
    "1,000 futures. On average care ends 33.2 % (33.0 to 33.4) joined up, +7.2 points against the baseline (+7.0 to "
    "+7.3): more than luck, and enough to matter. The best mixes have 20 % high-impact, 70 to 80 % lacking followers, "
    "0 to 10 % localised and 0 to 10 % passive clinicians."
)
MONTHS = np.arange(1, 74)


def ranked(divisions: int) -> pd.DataFrame:
    table = pd.DataFrame(mixes(divisions)).sort_values("high_impact", ascending=False, kind="stable", ignore_index=True)
    table["integrated"] = 0.1 + 0.8 * table["high_impact"]
    for ending, shift in (("", 0.0), ("_low", -0.05), ("_high", 0.05)):
        table[f"integrated{ending}"] = 0.1 + 0.8 * table["high_impact"] + shift
        table[f"integration_index{ending}"] = table[f"integrated{ending}"] / 2
        table[f"behind{ending or '_best'}"] = 0.9 - table["integrated"] + shift
    return table.assign(may_be_best=table.index < 3)


def timeline(proposals: int, strategies: Sequence[int]) -> charts.Timeline:
    ends = [("refused", "open", "completed", "stalled", "faded")[number % 5] for number in range(proposals)]
    began = [1 + 60 * number // proposals for number in range(proposals)]
    lives = pd.DataFrame(
        {
            "began": began,
            "authorised": [[[month + 1, float("nan")]] for month in began],
            "ended": [float("nan") if end == "open" else month + 6.0 for month, end in zip(began, ends, strict=True)],
            "end": ends,
            "imposed": [number % 4 == 1 for number in range(proposals)],
        }
    )
    marks = pd.DataFrame({"month": strategies, "kind": "strategy", "label": "National strategy for health and care"})
    course = pd.DataFrame({"month": MONTHS, "integration_index": 0.1 + 0.005 * MONTHS})
    return charts.Timeline(course, lives, marks, 0.25, "2006-12")


def fan(highest: float) -> pd.DataFrame:
    names = ("lowest", "low", "median", "high", "highest", "baseline_median", "guess_1")
    courses = {name: highest * (1 + place) / 7 * MONTHS / 73 for place, name in enumerate(names)}
    return pd.DataFrame({"month": MONTHS, **courses})


DRAWN: dict[str, Callable[[str, str], Figure]] = {
    "fan": lambda title, below: charts.fan(fan(0.4), 0.25, "2006-12", title=title, subtitle=below),
    "fan, far below": lambda title, below: charts.fan(fan(0.2), 0.5, "2006-12", title=title, subtitle=below),
    "guesses": lambda title, below: charts.guesses(
        pd.Series([12, 50, 50]), (0.99, 0.98, 0.995), title=title, subtitle=below
    ),
    "history": lambda title, below: charts.history(timeline(8, [71]), title=title, subtitle=below),
    "history, full": lambda title, below: charts.history(timeline(70, [5, 60]), title=title, subtitle=below),
    "history, empty": lambda title, below: charts.history(timeline(0, []), title=title, subtitle=below),
    "ranked": lambda title, below: charts.ranked_mixes(ranked(7), title=title, subtitle=below),
    "settings": lambda title, below: charts.ranked_settings(
        ranked(3).assign(settings="money follows"), title=title, subtitle=below
    ),
    "slices": lambda title, below: charts.simplex(ranked(4), title=title, subtitle=below),
    "two slices": lambda title, below: charts.simplex(ranked(10), title=title, subtitle=below, levels=(0.0, 0.1)),
    "a slice": lambda title, below: charts.simplex(ranked(10), title=title, subtitle=below, levels=(0.2,)),
}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[[Figure], dict[str, Bbox]]:
    """What is written on a figure, and where: only what is drawn, not every tick that there could be."""
    seen: dict[Text, tuple[str, Bbox]] = {}
    draw = Text.draw

    def noting(text: Text, renderer: RendererBase) -> None:
        if text.get_visible():
            seen[text] = text.get_text(), text.get_window_extent(renderer)
        draw(text, renderer)

    monkeypatch.setattr(Text, "draw", noting)

    def of(figure: Figure) -> dict[str, Bbox]:
        seen.clear()
        figure.canvas.draw()
        return {f"{number}: {words}": place for number, (words, place) in enumerate(seen.values()) if words}

    return of


def is_within(place: Bbox, page: Bbox) -> bool:
    return bool(page.x0 <= place.x0 <= place.x1 <= page.x1 and page.y0 <= place.y0 <= place.y1 <= page.y1)


@pytest.mark.parametrize("headings", [("Title", "Below"), (TITLE, CAPTION), ("W" * 200, "m" * 400), ("", "")])
@pytest.mark.parametrize("name", DRAWN)
def test_nothing_written_is_cut_off_or_lies_over_something_else(
    name: str, headings: tuple[str, str], written: Callable[[Figure], dict[str, Bbox]]
) -> None:
    figure = DRAWN[name](*headings)
    places = written(figure)
    assert len(places) > 5
    page = figure.bbox.padded(0.5)
    assert [words for words, place in places.items() if not is_within(place, page)] == []
    crossing = [
        (one, other)
        for (one, first), (other, second) in combinations(places.items(), 2)
        if first.padded(-1).overlaps(second.padded(-1))
    ]
    assert crossing == []


@pytest.mark.parametrize("name", DRAWN)
def test_headings_are_broken_between_words_and_kept_whole(name: str) -> None:
    figure = DRAWN[name](TITLE, CAPTION)
    said = figure.get_suptitle(), figure.get_supxlabel()
    assert said[0].replace("\n", " ") == TITLE
    assert said[1].replace("\n", " ").startswith(CAPTION)
    assert not any(line.startswith("%") for each in said for line in each.splitlines())


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_keeps_its_room_below_long_headings(name: str) -> None:
    def tall(figure: Figure) -> float:
        figure.canvas.draw()
        return max(axes.get_position().height for axes in figure.axes) * figure.get_figheight()

    short, long = tall(DRAWN[name]("Title", "Below")), tall(DRAWN[name](TITLE, CAPTION))
    assert long == pytest.approx(short, rel=0.02)


def test_a_title_with_two_dollars_is_no_formula(written: Callable[[Figure], dict[str, Bbox]]) -> None:
    figure = DRAWN["guesses"]("From 5 $ to 7 $", "")
    assert any("From 5 $ to 7 $" in words for words in written(figure))
    assert not figure.texts[0].get_parse_math()


@pytest.mark.parametrize("level", [0.0, 0.2, 0.9])
def test_one_triangle_fills_its_picture(level: float) -> None:
    figure = charts.simplex(ranked(10), title="Title", subtitle="Below", levels=(level,))
    figure.canvas.draw()
    cells = Bbox.union([each.get_window_extent() for each in figure.axes[1].findobj(RegularPolygon)])
    assert cells.width > 0.85 * figure.bbox.width
    assert cells.height > 0.6 * figure.bbox.height


@pytest.mark.parametrize("levels", [(0.0, 0.1), (0.5, 0.6), (0.8, 0.9)])
def test_a_few_triangles_fill_their_picture(levels: Sequence[float]) -> None:
    figure = charts.simplex(ranked(10), title="Title", subtitle="Below", levels=levels)
    figure.canvas.draw()
    cells = Bbox.union([each.get_window_extent() for each in figure.axes[1].findobj(RegularPolygon)])
    assert cells.width > 0.85 * figure.bbox.width


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_one_triangle_fills_the_width_that_it_is_given(width: float) -> None:
    figure = charts.simplex(ranked(5), levels=(0.2,), width=width)
    figure.canvas.draw()
    cells = Bbox.union([each.get_window_extent() for each in figure.axes[1].findobj(RegularPolygon)])
    assert figure.get_figwidth() == width
    assert cells.width > 0.85 * figure.bbox.width
