"""Charts: the same bytes from the same table, text that stays text, and everything shown that the table says."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from redesign_sim import charts
from redesign_sim.charts.tones import Ends
from redesign_sim.study.mixes import TYPE_WORDS, TYPES, mixes

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure


def ranked(divisions: int) -> pd.DataFrame:
    table = (
        pd.DataFrame(mixes(divisions)).sort_values("high_impact", ascending=False, kind="stable").reset_index(drop=True)
    )
    table["integrated"] = 0.1 + 0.8 * table["high_impact"]
    table["integrated_low"], table["integrated_high"] = table["integrated"] - 0.05, table["integrated"] + 0.05
    for ending in ("", "_low", "_high"):
        table[f"integration_index{ending}"] = table[f"integrated{ending}"] / 2
    return table.assign(may_be_best=table.index < 3)


def timeline(proposals: int = 3) -> charts.Timeline:
    months = range(1, 37)
    return charts.Timeline(
        pd.DataFrame({"month": months, "integration_index": [0.2 + 0.01 * month for month in months]}),
        pd.DataFrame(
            {
                "began": range(1, proposals + 1),
                "authorised": [[], [[8, 10], [12, float("nan")]], [[9, float("nan")]], *[[]] * (proposals - 3)],
                "ended": [12.0, float("nan"), 20.0][:proposals] + [30.0] * (proposals - 3),
                "end": ["refused", "open", "completed"][:proposals] + ["stalled"] * (proposals - 3),
                "imposed": [False, False, True][:proposals] + [False] * (proposals - 3),
            }
        ),
        pd.DataFrame(
            {"month": [5, 7], "kind": ["strategy", "reorganisation"], "label": ["National strategy", "Acute trust"]}
        ),
        0.5,
        "2006-11",
    )


def draw(name: str) -> Figure:
    return {
        "ranked": lambda: charts.ranked_mixes(ranked(3), title="Title here", subtitle="Below"),
        "simplex": lambda: charts.simplex(ranked(3), title="Title here", subtitle="Below"),
        "history": lambda: charts.history(timeline(), title="Title here", subtitle="Below"),
    }[name]()


@pytest.mark.parametrize("name", ["ranked", "simplex", "history"])
def test_the_same_table_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    first, second = (charts.save(draw(name), tmp_path / f"{name}{turn}") for turn in (1, 2))
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["ranked", "simplex", "history"])
def test_text_stays_text_and_carries_no_date(name: str, tmp_path: Path) -> None:
    svg = charts.save(draw(name), tmp_path / name)[0].read_text()
    assert "Title here" in svg
    assert "Below" in svg
    assert "<dc:date>" not in svg


def words(figure: Figure, tmp_path: Path) -> list[str]:
    svg = charts.save(figure, tmp_path / "words")[0].read_text()
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_ranking_names_the_types_and_the_best_set(tmp_path: Path) -> None:
    said = words(draw("ranked"), tmp_path)
    assert {"high-impact", "localised", "lacking followers", "passive"} <= set(said)
    assert "3 of 20 mixes cannot be told from the best" in said


def test_mixes_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    said = words(charts.ranked_mixes(ranked(6), title="Many"), tmp_path)
    assert "The 24 mixes ranked below these are not shown." in said


def test_one_best_mix_is_named_as_such(tmp_path: Path) -> None:
    table = ranked(2).assign(may_be_best=lambda frame: frame.index == 0)
    assert "told apart from all other mixes" in words(charts.ranked_mixes(table, title="One"), tmp_path)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_all_or_no_futures_integrate_the_index_tells_the_mixes_apart(share: float, tmp_path: Path) -> None:
    table = ranked(2).assign(integrated=share)
    said = words(charts.ranked_mixes(table, title="Index"), tmp_path)
    assert "how joined up care is at the end, with 95 % interval" in said
    assert {"5", "25", "45"} <= set(words(charts.simplex(table, title="Index"), tmp_path))


@pytest.mark.parametrize("fourth", TYPES)
def test_every_mix_has_its_cell_whichever_type_is_the_fourth(fourth: str, tmp_path: Path) -> None:
    said = words(charts.simplex(ranked(3), title="Cells", fourth=fourth), tmp_path)
    assert sum(word.isdigit() for word in said) == 20
    assert f"0 % {TYPE_WORDS[fourth]}" in said


def fills(figure: Figure, tmp_path: Path) -> set[str]:
    svg = charts.save(figure, tmp_path / "fills")[0].read_text()
    return set(re.findall(r"fill: (#[0-9a-f]{6})", svg))


def test_shares_that_hardly_differ_look_alike_and_ends_can_be_set(tmp_path: Path) -> None:
    table = ranked(3).assign(integrated=[0.5 + 0.001 * number for number in range(20)])
    assert {"40 %", "80 %"} <= set(words(charts.simplex(table, title="Own"), tmp_path))
    ends = Ends(0.4, 1.0)
    drawn = charts.simplex(table, title="Given", ends=ends)
    assert {"40 %", "100 %"} <= set(words(drawn, tmp_path))
    assert {ends.colour(0.4), ends.colour(1.0), *map(ends.colour, table["integrated"])} <= fills(drawn, tmp_path)


def test_chosen_levels_only(tmp_path: Path) -> None:
    said = words(charts.simplex(ranked(4), title="Levels", levels=(0.5,)), tmp_path)
    assert sum(word.isdigit() for word in said) == 6


def test_a_history_names_strategies_years_and_ends(tmp_path: Path) -> None:
    said = words(draw("history"), tmp_path)
    assert {
        "National strategy",
        "2007",
        "2008",
        "2009",
        "refused (1)",
        "in place (1)",
        "imposed",
        "3 proposals across boundaries",
    } <= set(said)


def test_a_history_without_proposals_or_strategies_is_drawn(tmp_path: Path) -> None:
    bare = timeline()._replace(proposals=timeline().proposals.head(0), marks=timeline().marks.head(0))
    assert "0 proposals across boundaries" in words(charts.history(bare, title="Nothing"), tmp_path)


def test_proposals_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    assert "the first 60 of 70 proposals across boundaries" in words(
        charts.history(timeline(70), title="Many"), tmp_path
    )


def test_types_keep_apart_in_grey_print() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    greys = [lightness(charts.TYPE_COLOURS[kind]) for kind in ("high_impact", "localised", "passive")]
    assert greys == sorted(greys)
    assert min(b - a for a, b in pairwise(greys)) > 0.1


def test_no_state_of_pyplot_is_touched() -> None:
    code = "import sys; from redesign_sim import charts; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
