"""Study files: what may stand in them, and where a reader is sent who got something wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import ScenarioError
from redesign_sim.study.errors import StudyError
from redesign_sim.study.reading import dump_study, experiment_of, find_study, load_study
from redesign_sim.study.schema import Study

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "name: tiny\nquestion: Which?\nscenarios: [locality.yaml]\n"
LATTICE = "design: {kind: simplex_lattice}\n"
FACTORIAL = "design: {kind: factorial}\n"


def problems(place: Path, text: str) -> list[str]:
    (place / "s.yaml").write_text(text)
    with pytest.raises(ScenarioError) as error:
        experiment_of(place / "s.yaml")
    return [str(problem).removeprefix(f"{place}/") for problem in error.value.problems]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + LATTICE + "replication: 5\n",
            's.yaml:5:1 replication: not a field of a study; did you mean "replications"?',
        ),
        (
            HEAD + LATTICE + "replications: 0\n",
            "s.yaml:5:15 replications: 0 stands where a number of at least 1 is expected",
        ),
        (
            HEAD + LATTICE + "replications: many\n",
            's.yaml:5:15 replications: "many" stands where a whole number is expected',
        ),
        (
            HEAD + "design: {kind: simplex_lattice, divisions: 0}\n",
            "s.yaml:4:44 design.divisions: 0 stands where a number of at least 1",
        ),
        (
            HEAD + "design: {kind: simplex_lattice, division: 5}\n",
            's.yaml:4:33 design.division: not a field of a study; did you mean "divisions"?',
        ),
        (
            HEAD + LATTICE + "outcomes: [integratd]\n",
            'integratd is no outcome that can be averaged; did you mean "integrated"?',
        ),
        (HEAD + LATTICE + "select_on: failure_mode\n", "s.yaml:5:12 select_on"),
        (HEAD + FACTORIAL, "a factorial design needs at least one lever or uncertainty"),
        (HEAD + FACTORIAL + "levers: {users.voice: {low: 0, high: 1}}\n", "users.voice needs levels, or steps"),
        (HEAD + FACTORIAL + "levers: {users.voice: {low: 1, high: 0}}\n", "low has to be below high"),
        (HEAD + FACTORIAL + "levers: {users.voice: {levels: [0], low: 0, high: 1}}\n", "give levels, or low and high"),
        (HEAD + FACTORIAL + "levers: {users.voice: []}\n", "give levels, or low and high; there are none"),
        (
            HEAD + FACTORIAL + "levers: {users.voice: [0]}\nuncertainties: {users.voice: [1]}\n",
            "users.voice is a lever and an uncertainty",
        ),
        (
            HEAD + FACTORIAL + "levers:\n  users.vioce: [0, 1]\n",
            "s.yaml:6:3 levers.users.vioce",
        ),
        (HEAD + FACTORIAL + "levers:\n  users.voice: [0, 2]\n", "s.yaml:6:3 levers.users.voice: 2"),
        (
            HEAD + FACTORIAL + "levers:\n  leadership.mix.high_impact: [0.5, 1.5]\n",
            "s.yaml:6:3 levers.leadership.mix.high_impact: 1.5 stands where a number from 0 to 1 (share) is expected",
        ),
        (HEAD + FACTORIAL + "levers:\n  users voice: [0, 1]\n", "s.yaml:6:3 levers.users voice"),
        (
            HEAD + "design: {kind: latin_hypercub, points: 4}\n",
            's.yaml:4:16 design.kind: there is no kind "latin_hypercub"; did you mean "latin_hypercube"?; there are',
        ),
        (HEAD + "design: {points: 4}\n", "s.yaml:4:1 design: says no kind; there are factorial, one_at_a_time"),
        (HEAD + "design: {kind: sobol, point: 4}\nlevers: {users.voice: sweep}\n", 'did you mean "points"?'),
        (
            HEAD + "design: {kind: sobol, points: 4}\nlevers:\n  users.voice: {low: 0, high: 2}\n",
            "s.yaml:6:3 levers.users.voice: 2",
        ),
        (HEAD + LATTICE + "monthly: [failure_mode]\n", "failure_mode is no outcome that has a course"),
        ("name: tiny\nname: tiny\n", "stands twice"),
        ("name: [\n", "s.yaml"),
        ("", "s.yaml"),
        ("- a list\n", "s.yaml:1:1: is no table of fields"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(place: Path, text: str, told: str) -> None:
    assert any(told in problem for problem in problems(place, text)), problems(place, text)


def test_all_problems_are_told_at_once(place: Path) -> None:
    assert len(problems(place, "name: A B\nscenarios: []\ndesign: {kind: guess}\nseed: -1\n")) == 5


def test_a_level_that_only_one_case_refuses_is_told(place: Path) -> None:
    other = (place / "locality.yaml").read_text().replace("title: Two", "title: Other")
    (place / "other.yaml").write_text(other + "strategies:\n  - {name: One, month: 3, strength: 0.5}\n")
    text = HEAD.replace("locality.yaml", "locality.yaml, other.yaml") + FACTORIAL
    assert len(problems(place, text + 'levers: {"strategies[0].strength": [0.1]}\n')) == 1


@pytest.mark.parametrize("name", ["nowhere.yaml", "leadership_mixs"])
def test_a_study_that_is_not_there_is_one_sentence(name: str) -> None:
    with pytest.raises(StudyError, match="There is no study file"):
        find_study(name)


def test_a_shipped_study_is_found_by_name_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_study("leadership_mixes").is_file()
    assert find_study("experiments/leadership_mixes.yaml").is_file()
    with pytest.raises(StudyError, match='did you mean "leadership_mixes"'):
        find_study("leadership_mix")


def test_the_shipped_study_asks_for_enough() -> None:
    experiment = experiment_of(find_study("leadership_mixes"))
    assert len(experiment.cases) == 4
    assert len(experiment.points) >= 35
    assert experiment.runs >= 200 * len(experiment.points)


def test_a_factorial_crosses_levels_and_ranges(place: Path) -> None:
    levers = "levers:\n  users.voice: [0.1, 0.9]\n  network.strength: {low: 0, high: 1, steps: 3}\n"
    (place / "s.yaml").write_text(HEAD + FACTORIAL + levers)
    points = experiment_of(place / "s.yaml").points
    assert [tuple(point.settings.values()) for point in points] == [
        (voice, strength) for voice in (0.1, 0.9) for strength in (0.0, 0.5, 1.0)
    ]
    assert points[-1].scenario.users.voice == 0.9
    assert points[-1].scenario.network.strength == 1.0


def test_a_lattice_is_crossed_with_uncertainties_and_compared_within_them(place: Path) -> None:
    text = HEAD + "design: {kind: simplex_lattice, divisions: 1}\nuncertainties: {users.voice: [0.1, 0.9]}\n"
    (place / "s.yaml").write_text(text)
    table = experiment_of(place / "s.yaml").table()
    assert len(table) == 8
    assert table.groupby("context").size().to_dict() == {
        "locality, users.voice=0.1": 4,
        "locality, users.voice=0.9": 4,
    }


def test_points_set_the_mix_as_a_whole(place: Path) -> None:
    (place / "s.yaml").write_text(HEAD + LATTICE)
    for point in experiment_of(place / "s.yaml").points:
        mix = point.scenario.leadership.mix
        assert mix is not None
        assert mix.model_dump() == point.settings["leadership.mix"]


def test_a_study_written_out_reads_back_the_same(place: Path) -> None:
    text = HEAD + "design: {kind: simplex_lattice, divisions: 2}\n"
    text += (
        'levers:\n  commissioning.decision_rule: [unanimity, lead_authority]\n  "strategies[0].strength": [0.1, 0.5]\n'
    )
    (place / "s.yaml").write_text(text)
    study = load_study(place / "s.yaml")
    (place / "again.yaml").write_text(dump_study(study, {"locality": None}))  # type: ignore[dict-item]
    assert load_study(place / "again.yaml") == study.model_copy(update={"scenarios": ("scenarios/locality.yaml",)})


def test_a_case_named_twice_is_refused() -> None:
    study = Study.model_validate(
        {"name": "a", "question": "?", "scenarios": ["classroom", "classroom"], "design": {"kind": "simplex_lattice"}}
    )
    with pytest.raises(StudyError, match="names the scenario classroom twice"):
        experiment_of(study)
