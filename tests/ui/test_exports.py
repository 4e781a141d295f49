"""What leaves the room says what was on the screen, and carries nobody's markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.figure import Figure

from redesign_sim.scenario import parse_scenario, scenario_digest
from redesign_sim.ui.exports import as_csv, as_page, as_picture, as_yaml, moves, stem
from redesign_sim.ui.links import Sight
from redesign_sim.ui.session import Shown
from redesign_sim.ui.setup import MIX_PATHS, Setup
from redesign_sim.ui.views import take_away

MOVED = Setup("classroom").with_values({"network.strength": 0.35})


def figure() -> Figure:
    made = Figure(figsize=(2, 1))
    made.subplots().plot([0, 1], [0, 1])
    return made


@pytest.fixture
def shown() -> Shown:
    table = pd.DataFrame({"month": [1, 2], "median": [0.1, 0.25]})
    return Shown("In 30 of 100 <futures>", "28 % (25 to 31)", table, figure, (("digest", 1),))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_a_table_and_its_pictures_are_saved_under_a_safe_name(shown: Shown) -> None:
    assert as_csv(shown, "../My case!").name == "my-case.csv"
    assert as_csv(shown, "x").content == b"month,median\n1,0.1\n2,0.25\n"
    assert as_picture(shown, "x", "png").content.startswith(b"\x89PNG")
    assert b"<svg" in as_picture(shown, "x", "svg").content
    assert stem("///") == "case"


def test_the_saved_case_reads_back_with_its_levers() -> None:
    again = parse_scenario(as_yaml(Sight(MOVED)).content.decode(), "classroom")
    assert scenario_digest(again) == scenario_digest(MOVED.case())


def test_the_page_needs_no_script_and_escapes_what_others_wrote(shown: Shown) -> None:
    text = "extends: classroom\ntitle: A <script>alert(1)</script> case\n"
    page = as_page(Sight(Setup("classroom", text)), {"futures": shown}).content.decode()
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.seen
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert {"h1", "svg", "table", "pre"} <= tags.seen
    assert "&lt;script&gt;" in page
    assert "In 30 of 100 &lt;futures&gt;" in page


def test_what_was_moved_is_said_in_words() -> None:
    mixed = MOVED.with_values(dict(zip(MIX_PATHS, (0.0, 0.0, 0.0, 1.0), strict=True)))
    mixed = mixed.with_values({"strategies[0].month": 3})
    assert list(moves(mixed)) == [
        "Leadership among clinicians: 0 % passive, 0 % localised, 0 % lacking followers, 100 % high impact",
        "A network across organisations: 35 %",
        "When national strategy arrives: March 2007",
    ]
    assert list(moves(Setup())) == []


@pytest.mark.parametrize("title", ["Half of them end well", "Half of them end well."])
def test_a_title_ends_with_one_full_stop(title: str, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    cards: list[str] = []
    monkeypatch.setattr(take_away, "_card", lambda _, words, *__: cards.append(words))
    take_away._seen("futures", replace(shown, title=title, subtitle="2 lines."))  # noqa: SLF001
    assert cards == ["Half of them end well. 2 lines."]
