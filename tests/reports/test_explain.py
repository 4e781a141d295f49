"""Whatever the model is made of can be asked for by name, and the figures rest on a study that is fresh."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from redesign_sim.happenings import Event
from redesign_sim.reports.explain import explain, influence, readers
from redesign_sim.reports.explain.influence import CASE, FUTURES, INDEX, SEED, kept, stale, written
from redesign_sim.reports.explain.readers import Reader, readers_of, readers_of_field
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.scenario import load_scenario, override, walk_fields, walk_quantities
from redesign_sim.study.ensembles import simulate_ensemble
from redesign_sim.world.measures import COURSES, MEASURES

if TYPE_CHECKING:
    from redesign_sim.scenario.walk import Walked

ALL_FIELDS = [walked.path for walked in walk_fields()]


def told(asked: str) -> str:
    topic = explain(asked)
    return "\n".join([topic.title, *topic.paragraphs, *topic.figure])


@pytest.mark.parametrize("asked", [*CATALOGUE, *MEASURES, *COURSES, *(event.name.lower() for event in Event)])
def test_every_rule_outcome_and_event_is_explained(asked: str) -> None:
    topic = explain(asked)
    assert topic.title.startswith(f"{asked}: ")
    assert all(topic.paragraphs)


@pytest.mark.parametrize(
    "path", [*ALL_FIELDS[::7], "mechanisms.N2", "horizon_months", "practices.changeable", "clock_starts"]
)
def test_every_field_of_a_case_is_explained(path: str) -> None:
    walked = next(each for each in walk_fields() if each.path == path)
    text = told(path)
    assert text.startswith(f"{path}: {walked.title}")
    assert walked.meaning[1:] in text
    assert walked.source in text


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("strategies.strength", "strategies.*.strength"),
        ("strategies[0].strength", "strategies.*.strength"),
        ("users.voice", "users.voice"),
        ("voice", "users.voice"),
        ("pace", "behaviour.pace"),
        ("organisations.members.clinic.gps", "organisations.members.*.gps"),
    ],
)
def test_a_field_is_found_as_people_write_it(asked: str, path: str) -> None:
    assert explain(asked).title.startswith(f"{path}: ")


def test_what_has_several_meanings_lists_them() -> None:
    assert "network.strength" in told("strength")
    assert "strategies.*.strength" in told("strength")
    assert "leadership.mix.passive" in told("leadership.mix")


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("strategies.strenght", "strategies.strength"),
        ("users.vioce", "users.voice"),
        ("estimte", "estimate"),
        ("integration_indx", "integration_index"),
        ("N222", "N22"),
        ("declned", "declined"),
    ],
)
def test_what_is_misspelt_is_answered_with_the_nearest(asked: str, near: str) -> None:
    with pytest.raises(LookupError) as caught:
        explain(asked)
    assert near in caught.value.args[0].replace(".*", "")


@pytest.mark.parametrize("asked", ["parameters", "rules", "outcomes", "events", "Rules"])
def test_there_are_lists(asked: str) -> None:
    assert len(explain(asked).paragraphs) > 25


def test_nonsense_is_answered_without_a_guess() -> None:
    with pytest.raises(LookupError, match="Nothing here is called"):
        explain("qqqqqq")


# --- who reads it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("strategies[0].strength", 0.1, "S7"),
        ("behaviour.pace", 0.5, "P6"),
        ("organisations.clinical_inclusion", 0.9, "N4"),
        ("clinicians.entrenchment.mean", 0.9, "W9"),
        ("leadership.concession", 0.9, "N14"),
        ("commissioning.decision_rule", "lead_authority", "D8"),
    ],
)
def test_the_rules_that_read_a_number_are_found(path: str, value: object, rule: str) -> None:
    case = load_scenario("classroom")
    found = readers_of(case, override(case, {path: value}))
    assert found is not None
    assert Reader("rule", rule) in found
    assert len(found) < 20


def test_words_that_nobody_reads_have_no_readers() -> None:
    case = load_scenario("classroom")
    assert readers_of(case, override(case, {"title": "Another"})) == []
    assert readers_of(case, override(case, {"organisations.members.clinic.nurses": 5})) is None


@pytest.mark.parametrize(
    "walked", [each for each in walk_fields() if each.path.startswith("behaviour.")], ids=lambda each: each.path
)
def test_every_behavioural_parameter_is_read_by_a_rule(walked: Walked) -> None:
    assert any(reader.sort == "rule" for reader in readers_of_field(walked) or [])


def test_a_rule_names_the_numbers_that_it_reads() -> None:
    assert "behaviour.pace" in told("P6")
    assert "accord_weight" in told("W3")
    assert told("estimate") == told("N2")


# --- the reference study ----------------------------------------------------------------------------------------------


def test_the_reference_study_is_fresh() -> None:
    assert stale(kept()) == [], f"refresh it: {influence.COMMAND}"


def test_a_stale_entry_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [walked for walked in walk_quantities() if walked.path in {"users.voice", "behaviour.pace", "trust.within"}]
    monkeypatch.setattr(influence, "walk_quantities", lambda *_: iter(few))
    table = {walked.path: json.loads(json.dumps(kept()[walked.path])) for walked in few}
    assert stale(table) == []
    table["users.voice"]["probe"][0][0] += 1e-9
    assert stale(table) == ["users.voice"]
    assert sorted(stale({"gone": table["behaviour.pace"]})) == ["behaviour.pace", "gone", "trust.within", "users.voice"]


def test_an_entry_is_what_the_study_gives() -> None:
    entry, case = kept()["users.voice"], load_scenario(CASE)
    for place in (0, -1):
        run = simulate_ensemble(override(case, {"users.voice": entry["levels"][place]}), FUTURES, SEED)
        assert entry[INDEX][place] == pytest.approx(run[INDEX].mean(), abs=1e-6)
    assert influence.TABLE.read_text(encoding="utf-8") == written(kept())


def test_a_figure_is_plain_and_narrow() -> None:
    lines = explain("strategies.strength").figure
    assert len(lines) == 2 + len(kept()["strategies.*.strength"]["levels"])
    assert all(line.isascii() and len(line) <= 80 for line in lines)


def test_what_does_not_move_is_said_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    table = kept()
    monkeypatch.setitem(table["users.voice"], "moves", {})
    monkeypatch.setattr(influence, "kept", lambda: table)
    monkeypatch.setattr("redesign_sim.reports.explain.topics.kept", lambda: table)
    assert "no change of integration can be told from zero" in told("users.voice")


def test_examples_hold_a_field_of_every_sort() -> None:
    assert set(readers.EXAMPLES) <= {"classroom", "dementia_london", "sexual_health_london"}
