"""The report of a study: whole in one file, the same for the same folder, escaped, and complete for every design."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from redesign_sim import charts
from redesign_sim.reports.study_page import study_page
from redesign_sim.reports.study_page.analyses import predicted
from redesign_sim.reports.study_page.origin import CANNOT_TELL
from redesign_sim.reports.study_page.words import brief, factor_words, settings_words
from redesign_sim.scenario import load_scenario, scenario_digest
from redesign_sim.study.experiment import resolve
from redesign_sim.study.results import Results
from redesign_sim.study.running import run_experiment
from redesign_sim.study.schema import Study
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
MIXES = {"kind": "simplex_lattice", "divisions": 2}
RANGES = {"network.strength": {"low": 0, "high": 1}, "users.voice": {"low": 0, "high": 1}}
LEVELS = {"network.strength": [0.0, 0.6], "users.voice": [0.2, 0.8]}
DESIGNS: dict[str, dict[str, Any]] = {
    "mixes": {"design": MIXES},
    "fine mixes": {"design": {"kind": "simplex_lattice", "divisions": 10}, "replications": 4},
    "scattered mixes": {"design": {"kind": "space_filling_mixes", "points": 16}},
    "mixes and levers": {"design": MIXES, "levers": {"network.strength": [0.0, 0.6]}},
    "factorial": {"design": {"kind": "factorial"}, "levers": LEVELS},
    "one at a time": {"design": {"kind": "one_at_a_time"}, "levers": LEVELS},
    "sample": {"design": {"kind": "latin_hypercube", "points": 64}, "levers": RANGES, "replications": 6},
    "sample of mixes": {
        "design": {"kind": "sobol", "points": 128},
        "uncertainties": {"leadership.mix": {"mixture": "any"}, "behaviour.pace": "sweep"},
        "replications": 6,
    },
    "saltelli": {"design": {"kind": "saltelli", "points": 16}, "levers": RANGES, "replications": 6},
    "morris": {"design": {"kind": "morris", "trajectories": 6}, "levers": RANGES, "replications": 6},
    "worlds": {
        "design": MIXES,
        "uncertainties": RANGES,
        "sample": {"kind": "latin_hypercube", "points": 6},
        "replications": 8,
    },
    "budget": {"design": MIXES, "replications": {"kind": "ocba", "budget": 260, "first": 20}},
    "narrow": {
        "design": MIXES,
        "replications": {"kind": "until_narrow", "outcome": "integrated", "half_width": 0.05, "first": 30, "most": 60},
    },
}
FOUND_IN = {
    "factorial": {"effects"},
    "one at a time": {"effects"},
    "sample": {"sensitivity", "conditions"},
    "sample of mixes": {"sensitivity", "conditions"},
    "mixes": {"surface"},
    "worlds": {"surface"},
}


def stand_in(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """Answers that hang on mix, network and voice, with luck that scenarios share."""
    own = int(scenario_digest(scenario)[:8], 16)
    mix = scenario.leadership.mix
    merit = 0.25 + (0.3 * mix.high_impact if mix else 0.1) + 0.3 * scenario.network.strength * scenario.users.voice
    rows = []
    for replication in replications:
        luck = np.random.default_rng([seed, replication]).normal(scale=0.1)
        noise = np.random.default_rng([own, replication]).normal(scale=0.02)
        index = float(np.clip(merit + luck + noise, 0, 1))
        values: dict[str, Any] = dict.fromkeys(MEASURES, index)
        values |= {"integration_index": index, "integrated": index >= 0.4, "failure_mode": "none"}
        rows.append({"replication": replication, **values, "months_to_integration": np.nan})
    return pd.DataFrame(rows)


def results_of(place: Path, simulate: Any = stand_in, **stated: Any) -> Results:  # noqa: ANN401
    given = {
        "name": "tiny",
        "question": "Which <b>mixes</b> & levers integrate?",
        "scenarios": ["classroom"],
        "replications": 20,
        "seed": 7,
    }
    study = Study.model_validate({**given, **stated})
    cases = {name: load_scenario(name) for name in study.scenarios}
    return run_experiment(resolve(study, cases), place, workers=1, simulate=simulate)


def page_of(place: Path, **stated: Any) -> str:  # noqa: ANN401
    return study_page(results_of(place, **stated))


class Pages(dict[str, str]):
    """A page a design, each made once and only when it is asked for."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.place = place

    def __missing__(self, name: str) -> str:
        self[name] = page_of(self.place / name.replace(" ", "_"), **DESIGNS[name])
        return self[name]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"))


class Reader(HTMLParser):
    """What a page is made of."""

    VOID = ("meta", "br", "path", "use")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


every_design = pytest.mark.parametrize("name", list(DESIGNS))


@every_design
def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(pages: dict[str, str], name: str) -> None:
    tags = Reader(pages[name]).tags
    pointing = [
        value for _, given in tags for key, value in given.items() if key in {"href", "src", "srcset", "action"}
    ]
    assert [value[:60] for value in pointing if not value.startswith(("#", "data:text/csv;base64,"))] == []
    assert {tag for tag, _ in tags} & {"script", "link", "iframe", "img", "object", "embed", "base", "form"} == set()
    assert [key for _, given in tags for key in given if key.startswith("on")] == []
    assert not re.search(r"https?://|@import|url\((?!#)", pages[name])


@every_design
def test_tags_close_ids_are_unique_and_references_lead_somewhere(pages: dict[str, str], name: str) -> None:
    reader = Reader(pages[name])
    assert reader.open == []
    ids = [given["id"] for _, given in reader.tags if "id" in given]
    assert sorted(ids) == sorted(set(ids))
    named = {word for _, given in reader.tags for word in given.get("aria-labelledby", "").split()}
    pointed = {given["href"][1:] for _, given in reader.tags if given.get("href", "").startswith("#")}
    assert (named | pointed | set(re.findall(r"url\(#([^)]+)\)", pages[name]))) <= set(ids)


@every_design
def test_every_drawing_has_a_title_and_a_description_and_every_table_a_caption(
    pages: dict[str, str], name: str
) -> None:
    text = pages[name]
    drawings = re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL)
    assert drawings
    for drawing in drawings:
        assert re.match(
            r'<svg [^>]*role="img" [^>]*><title id="[^"]+">[^<]+</title><desc id="[^"]+">[^<]+</desc>', drawing
        )
    assert text.count("<table>") == text.count("<caption>")


@every_design
def test_headings_come_in_order(pages: dict[str, str], name: str) -> None:
    levels = [int(tag[1]) for tag, _ in Reader(pages[name]).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 or (before, after) == (1, 3) for before, after in pairwise(levels))


@every_design
def test_every_page_says_how_sure_what_was_asked_what_it_cannot_tell_and_where_it_comes_from(
    pages: dict[str, str], name: str
) -> None:
    assert {"finding", "certainty", "design", "limits", "failures", "origin"} <= set(
        re.findall(r'<(?:section|header) id="([^"]+)"', pages[name])
    )


@pytest.mark.parametrize(("name", "sections"), list(FOUND_IN.items()))
def test_a_design_has_the_sections_of_its_analyses(pages: dict[str, str], name: str, sections: set[str]) -> None:
    shown = set(re.findall(r'<section id="([^"]+)"', pages[name]))
    figures = set(re.findall(r'<figure id="([a-z-]+?)-\d', pages[name]))
    assert sections <= shown | {{"first-order": "sensitivity"}.get(each, each) for each in figures}


def test_indices_show_what_luck_alone_would_reach(pages: dict[str, str]) -> None:
    for name in ("saltelli", "morris"):
        assert ">by luck alone</text>" in pages[name]
        assert "Dummy (nothing reads it)" in pages[name]


def test_a_part_in_which_something_happens_is_shown_by_the_shares_of_the_mix(pages: dict[str, str]) -> None:
    page = pages["sample of mixes"]
    assert re.search(r"<desc[^>]*>[^<]*Share of high-impact from 0\.\d+ to", page)
    assert "Of draws that the search did not see" in page


def test_options_that_meet_many_draws_are_shown_by_their_regret(pages: dict[str, str]) -> None:
    assert '<figure id="robustness-1">' in pages["worlds"].split("<section")[0]


@pytest.mark.parametrize(("name", "why"), [("budget", "the (?:rule|budget)"), ("narrow", "the cap")])
def test_where_runs_follow_a_rule_the_page_says_where_they_ended_and_why(
    pages: dict[str, str], name: str, why: str
) -> None:
    assert "The stopping table: 10 points" in pages[name]
    assert re.search(rf'<td class="w">{why}</td>', pages[name])
    assert "if all had had as many as the one run most" in pages[name]


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    results = results_of(tmp_path / "results", **DESIGNS["mixes"])
    assert study_page(results) == study_page(Results(results.folder, results.experiment, results.manifest))


def test_whatever_comes_from_files_is_escaped(pages: dict[str, str]) -> None:
    assert "<b>" not in pages["mixes"]
    assert "Which &lt;b&gt;mixes&lt;/b&gt; &amp; levers integrate?" in pages["mixes"]


def test_a_table_can_be_taken_away_as_it_stands_behind_the_figure(tmp_path: Path) -> None:
    results = results_of(tmp_path / "results", **DESIGNS["mixes"])
    address = re.search(r'href="data:text/csv;base64,([^"]+)" download="ranking_1.csv"', study_page(results))
    assert address is not None
    rows = base64.b64decode(address[1]).decode().splitlines()
    assert rows[0].split(",") == list(results.summary.columns)
    assert len(rows) == 1 + len(results.summary)


def failing(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    mix = scenario.leadership.mix
    if 3 in replications and mix is not None and mix.passive == 1:
        raise ValueError("no <value> here")
    return stand_in(scenario, replications, seed)


def test_a_run_that_failed_stands_there_with_its_reason_and_the_command_that_repeats_it(tmp_path: Path) -> None:
    place = tmp_path / "results"
    page = study_page(results_of(place, failing, **DESIGNS["mixes"]))
    assert re.search(r'<td class="w">redesign-sim replay results \d+:3</td>', page)
    assert "ValueError: no &lt;value&gt; here" in page
    assert str(tmp_path) not in page.replace(str(ROOT), "")
    assert "1 run stopped with an error" in page


def test_a_study_of_several_cases_has_a_part_for_each_and_a_figure_of_all(tmp_path: Path) -> None:
    page = page_of(tmp_path / "results", design=MIXES, scenarios=["classroom", "dementia_london"])
    assert "Two organisations and a commissioner</h2>" in page
    assert "Dementia services, London</h2>" in page
    assert '<figure id="stakes">' in page.split("<section")[0]


def test_a_large_study_stays_a_small_file(pages: dict[str, str]) -> None:
    assert len(pages["fine mixes"]) < 750_000


def test_what_cannot_be_told_is_what_the_readme_says() -> None:
    readme = " ".join((ROOT / "README.md").read_text("utf-8").replace("*", "").split())
    assert [sentence for sentence in CANNOT_TELL if sentence not in readme] == []


def test_factors_and_settings_go_by_their_titles() -> None:
    assert factor_words("network.strength") == "Network"
    assert factor_words("strategies[0].month") == "Strategy: published"
    assert factor_words("trust.within") == "Trust: within an organisation"
    assert factor_words("leadership.mix") == "Mix of leadership types"
    assert settings_words("network.strength=0.6, users.voice=0.2") == "Network 0.6, Users' voice 0.2"
    assert (
        brief("70 % passive, 10 % localised to 70 % high-impact, 10 % passive")
        == "70 % passive … to 70 % high-impact …"
    )


def test_a_surface_is_its_polynomial() -> None:
    terms = pd.DataFrame({"term": ["high_impact", "passive", "high_impact x passive"], "estimate": [0.4, 0.2, 0.8]})
    surface = predicted(terms.assign(case="c", outcome="o", settings=""), None).set_index(["high_impact", "passive"])
    assert surface.loc[(1.0, 0.0), "predicted"] == pytest.approx(0.4)
    assert surface.loc[(0.5, 0.5), "predicted"] == pytest.approx(0.3 + 0.8 / 4)


def test_a_drawing_in_a_page_shares_no_id_with_another() -> None:
    table = pd.DataFrame({"label": ["a"], "estimate": [0.1], "low": [0.0], "high": [0.2]})
    one, two = (charts.inline(charts.intervals(table, scale="x", width=4), name, "T", "D") for name in ("one", "two"))
    ids = [set(re.findall(r'id="([^"]+)"', each)) for each in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert "DejaVu" not in one


def test_a_title_in_a_drawing_is_escaped() -> None:
    table = pd.DataFrame({"label": ["a & <b>"], "estimate": [0.1], "low": [0.0], "high": [0.2]})
    drawn = charts.inline(charts.intervals(table, scale="x", width=4), "n", "<i>", "&")
    assert '<title id="n-title">&lt;i&gt;</title>' in drawn
    assert "a &amp; &lt;b&gt;" in drawn
