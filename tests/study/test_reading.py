"""Study files: what may stand in them, and where a reader is sent who got something wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redesign_sim.cli.studies import changed
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
            's.yaml:4:33 design.division: not a field of a design of kind simplex_lattice; did you mean "divisions"?',
        ),
        (
            HEAD + LATTICE + "outcomes: [integratd]\n",
            's.yaml:5:12 outcomes[0]: "integratd" is no outcome that can be averaged; redesign-sim explain outcomes',
        ),
        (HEAD + LATTICE + "select_on: failure_mode\n", "s.yaml:5:12 select_on"),
        (HEAD + FACTORIAL, "s.yaml:4:1 design: a factorial design needs at least one lever or uncertainty"),
        (
            HEAD + FACTORIAL + "levers: {users.voice: {low: 0, high: 1}}\n",
            's.yaml:5:10 levers.users.voice: "users.voice" needs levels, as [0, 0.5, 1], or low, high and steps, in a ',
        ),
        (HEAD + FACTORIAL + "levers: {users.voice: {low: 1, high: 0}}\n", "low has to be below high"),
        (HEAD + FACTORIAL + "levers: {users.voice: {levels: [0], low: 0, high: 1}}\n", "give levels, or low and high"),
        (HEAD + FACTORIAL + "levers: {users.voice: []}\n", "give levels, or low and high; there are none"),
        (
            HEAD + FACTORIAL + "levers: {users.voice: [0]}\nuncertainties: {users.voice: [1]}\n",
            's.yaml:6:17 uncertainties.users.voice: "users.voice" is a lever already; it can be one of the two',
        ),
        (
            HEAD + FACTORIAL + "levers:\n  users.vioce: [0, 1]\n",
            "s.yaml:6:3 levers.users.vioce",
        ),
        (HEAD + FACTORIAL + "levers:\n  users.voice: [0, 2]\n", "s.yaml:6:20 levers.users.voice: 2"),
        (
            HEAD + FACTORIAL + "levers:\n  leadership.mix.high_impact: [0.5, 1.5]\n",
            "s.yaml:6:37 levers.leadership.mix.high_impact: 1.5 stands where a number from 0 to 1 (share) is expected",
        ),
        (HEAD + FACTORIAL + "levers:\n  users voice: [0, 1]\n", "s.yaml:6:3 levers.users voice"),
        (
            HEAD + "design: {kind: latin_hypercub, points: 4}\n",
            's.yaml:4:16 design.kind: there is no kind "latin_hypercub"; there are factorial, ',
        ),
        (HEAD + "design: {points: 4}\n", "s.yaml:4:1 design: says no kind; there are factorial, one_at_a_time"),
        (HEAD + "design: {kind: sobol, point: 4}\nlevers: {users.voice: sweep}\n", 'did you mean "points"?'),
        (
            HEAD + "design: {kind: sobol, points: 4}\nlevers:\n  users.voice: {low: 0, high: 2}\n",
            "s.yaml:6:31 levers.users.voice: 2",
        ),
        (
            HEAD + LATTICE + "monthly: [failure_mode]\n",
            's.yaml:5:11 monthly[0]: "failure_mode" is no outcome that has a course',
        ),
        ("name: tiny\nname: tiny\n", "stands twice"),
        ("name: [\n", "s.yaml"),
        ("", "s.yaml"),
        ("- a list\n", "s.yaml:1:1: is no table of fields"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(place: Path, text: str, told: str) -> None:
    assert any(told in problem for problem in problems(place, text)), problems(place, text)


FACTORS = {
    "{low: 0}": ":5:10 levers.users.voice.high: is missing (High: the upper end)",
    "{low: 0, hihg: 1}": ':5:32 levers.users.voice.hihg: not a field of a range; did you mean "high"?',
    "{low: a, high: 1}": ':5:29 levers.users.voice.low: "a" stands where a number is expected',
    "{low: 0, high: 1, steps: 1}": ":5:48 levers.users.voice.steps: 1 stands where a number of at least 2 is expected",
    "{low: '0', high: 1}": ':5:29 levers.users.voice.low: "0" stands where a number is expected, without quotes',
    "{levels: [0, 1], weights: [1]}": ":5:40 levers.users.voice.weights: weights need one number for each of the 2",
    "{levels: [0, 1], weights: [1, 0]}": (
        ":5:53 levers.users.voice.weights[1]: 0 stands where a number above 0 is expected"
    ),
    "{levels: [0, 1], weight: [1, 1]}": (
        ':5:40 levers.users.voice.weight: not a field of a list of levels; did you mean "weights"?'
    ),
    "{distribution: normal, sd: 1}": ":5:10 levers.users.voice.mean: is missing (Mean: before cutting off)",
    "{distribution: gaussian}": (
        ':5:38 levers.users.voice.distribution: "gaussian" is no distribution; there are uniform, log_uniform, '
    ),
    "{distribution: triangular, low: 0, high: 1, mode: 3}": (
        ":5:73 levers.users.voice.mode: 3 does not lie between low and high"
    ),
    "{distribution: beta, a: 0, b: 1}": ":5:47 levers.users.voice.a: 0 stands where a number above 0 is expected",
    "{distribution: beta, a: 1, b: 1, c: 1}": (
        ":5:56 levers.users.voice.c: not a field of the beta distribution; there are distribution, a, b, low, high"
    ),
    "{mixture: some}": ':5:33 levers.users.voice.mixture: "some" stands where any is expected',
    "{low: -1.0e+308, high: 1.0e+308, steps: 3}": ":5:10 levers.users.voice: low and high lie too far apart",
    "0.5": ":5:23 levers.users.voice: 0.5 stands where levels, as [0, 0.5, 1], a range, as {low: 0, high: 1}, a ",
    "[0, 2, 3]": ":5:30 levers.users.voice: 3 stands where a number from 0 to 1 is expected",
    "{levels: [0, 2]}": ":5:36 levers.users.voice: 2 stands where a number from 0 to 1 is expected",
    "{low: 0, high: 9, steps: 900}": ":5:38 levers.users.voice: 9.0 stands where a number from 0 to 1 is expected",
}
"""What is wrong with a factor of a study, by how it is written after `levers: {users.voice: `."""


@pytest.mark.parametrize(("factor", "told"), FACTORS.items())
def test_what_is_wrong_inside_a_factor_is_told_where_it_stands(place: Path, factor: str, told: str) -> None:
    found = problems(place, f"{HEAD}{FACTORIAL}levers: {{users.voice: {factor}}}\n")
    assert any(problem.startswith(f"s.yaml{told}") for problem in found), found


VARIED = "levers: {users.voice: [0, 1]}\n"
LOCALITY = "scenarios: [locality.yaml"
STUDIES = {
    HEAD + "design: latin_hypercube\n": (
        '4:9 design: "latin_hypercube" stands where a table, as {kind: latin_hypercube}, is expected'
    ),
    HEAD + "design: [factorial]\n": "4:1 design: a list of 1 stands where a table, as {kind: factorial}, is expected",
    HEAD + "design: {kind: Factorial}\n" + VARIED: (
        '4:16 design.kind: there is no kind "Factorial"; there are factorial, one_at_a_time, latin_hypercube, sobol, '
        "morris, saltelli, simplex_lattice, simplex_centroid, simplex_axial, bounded_mixes, space_filling_mixes; did "
        'you mean "factorial"?'
    ),
    HEAD + "design: {kind: factorial, points: 3}\n" + VARIED: (
        "4:27 design.points: not a field of a design of kind factorial; there is only kind"
    ),
    HEAD + "design: {kind: latin_hypercube}\n" + VARIED: (
        "4:1 design.points: is missing (Points: how many points are drawn)"
    ),
    HEAD + "design: {kind: sobol, points: 100}\n" + VARIED: (
        "4:31 design.points: 100 is no power of two; take 64 or 128"
    ),
    HEAD + "design: {kind: morris, trajectories: 4, grid: 5}\n" + VARIED: (
        "4:47 design.grid: 5 is odd; it has to be even, so that steps of half the range stay on the grid"
    ),
    HEAD + "design: {kind: bounded_mixes, bounds: {passive: [0.5, 0.1]}}\n": (
        "4:40 design.bounds.passive: the least share lies above the greatest"
    ),
    HEAD + "design: {kind: bounded_mixes, bounds: {passive: [0.5]}}\n": (
        "4:40 design.bounds.passive: holds 1; at least 2 are needed"
    ),
    HEAD + "design: {kind: one_at_a_time, baseline: {network.strength: 0.4}}\n" + VARIED: (
        '4:42 design.baseline.network.strength: "network.strength" is no lever or uncertainty of this study, so the '
        "baseline cannot set it"
    ),
    HEAD + "design: {kind: one_at_a_time, baseline: {users.voice: 4}}\n" + VARIED: (
        "4:55 design.baseline.users.voice: 4 stands where a number from 0 to 1 is expected"
    ),
    HEAD + LATTICE + "levers: {leadership.mix: {mixture: any}}\n": (
        '5:10 levers.leadership.mix: "leadership.mix" is varied by a simplex_lattice design itself; take it out here'
    ),
    HEAD + FACTORIAL + "levers: users.voice\n": (
        '5:9 levers: "users.voice" stands where a table, with a name: value a line, is expected'
    ),
    HEAD + FACTORIAL + "levers: {users.vioce: sweep}\n": (
        '5:10 levers.users.vioce: "users.vioce" is no number with a published range; redesign-sim parameters lists '
        'them; did you mean "users.voice"?'
    ),
    HEAD + FACTORIAL + "levers: {users/voice: [0]}\n": (
        '5:10 levers.users/voice: "users/voice" stands where a dotted path, such as users.voice, is expected'
    ),
    HEAD + FACTORIAL + "levers: {voice: [0, 1]}\n": (
        '5:10 levers.voice: there is no such field; did you mean "users.voice"?'
    ),
    HEAD + FACTORIAL + "levers: {leadership.mix.passive: [0.9], leadership.mix.localised: [0.8]}\n": (
        "5:1 levers: cannot all be set together: leadership.mix: localised and passive come to 1.7; they are shares "
        "of at most 1 together"
    ),
    HEAD + FACTORIAL + VARIED + "sample: {kind: latin_hypercube, points: 4}\n": (
        "6:1 sample: a sample draws uncertainties, and there are none"
    ),
    HEAD + FACTORIAL + VARIED + "sample: {kind: latin_hypercube}\nuncertainties: {network.strength: sweep}\n": (
        "6:1 sample.points: is missing (Points: how many points are drawn)"
    ),
    HEAD + FACTORIAL + VARIED + "replications: {kind: ocba}\n": (
        "6:1 replications.budget: is missing (Budget: runs of all points of a context together)"
    ),
    HEAD + FACTORIAL + VARIED + "replications: {kind: ocba, budget: 20}\n": (
        "6:1 replications: A budget of 20 runs is used up by the first 10 of 2 points; give more than 20."
    ),
    HEAD + FACTORIAL + VARIED + "replications: {budget: 10}\n": (
        "6:1 replications: says no kind; there are until_narrow, ocba, kn"
    ),
    HEAD + FACTORIAL + VARIED + "replications: 2000000\n": (
        "6:15 replications: 2000000 stands where a number of at most 1,000,000 is expected"
    ),
    HEAD + FACTORIAL + VARIED + "replications: '10'\n": (
        '6:15 replications: "10" stands where a whole number is expected, without quotes'
    ),
    HEAD
    + FACTORIAL
    + VARIED
    + "replications: {kind: until_narrow, outcome: integrated, half_width: 0.02, interval: t}\n": (
        "6:1 replications: the interval for integrated is wilson or clopper_pearson, not t"
    ),
    HEAD + FACTORIAL + VARIED + "replications: {kind: until_narrow, outcome: integratd, half_width: 0.02}\n": (
        '6:45 replications.outcome: "integratd" is no outcome that can be averaged; redesign-sim explain outcomes '
        'lists them; did you mean "integrated"?'
    ),
    HEAD + FACTORIAL + VARIED + "replications: {kind: until_narrow, outcome: integrated, half_width: 0.6}\n": (
        "6:69 replications.half_width: 0.6 says nothing of a share; give less than 0.5"
    ),
    HEAD + FACTORIAL + VARIED + "replications: {kind: kn, first: 50, most: 40}\n": (
        "6:33 replications.first: 50 is more than 40, which is the most"
    ),
    HEAD + FACTORIAL + VARIED + "replications: {kind: kn}\nluck: independent\n": (
        "6:1 replications: to find the best, points have to share their luck; say luck: common"
    ),
    HEAD + FACTORIAL + VARIED + "luck: comon\n": (
        '6:7 luck: "comon" stands where one of common, independent is expected; did you mean "common"?'
    ),
    HEAD + FACTORIAL + VARIED + "outcomes: integrated\n": (
        '6:11 outcomes: "integrated" stands where a list, as [integrated], is expected'
    ),
    HEAD + FACTORIAL + VARIED + "outcomes: []\n": "6:1 outcomes: holds nothing; at least 1 is needed",
    HEAD + FACTORIAL + VARIED + "outcomes: [3]\n": "6:12 outcomes[0]: 3 stands where a text is expected, in quotes",
    HEAD.replace("locality.yaml", "classrom") + FACTORIAL + VARIED: (
        '3:13 scenarios[0]: no scenario is called "classrom"; shipped are classroom, dementia_london, '
        "dementia_manchester, neutral, sexual_health_london, sexual_health_manchester, system; did you mean "
        '"classroom"?'
    ),
    HEAD.replace("locality.yaml", "nowhere.yaml") + FACTORIAL + VARIED: (
        '3:13 scenarios[0]: "nowhere.yaml": there is no such file'
    ),
    HEAD.replace(LOCALITY, f"{LOCALITY}, locality.yaml") + FACTORIAL + VARIED: (
        "3:28 scenarios[1]: tiny names the scenario locality twice; a study names a case once"
    ),
    HEAD.replace(LOCALITY, f"{LOCALITY}, below/locality.yaml") + FACTORIAL + VARIED: (
        "3:28 scenarios[1]: tiny names the scenario locality twice; a study names a case once; two files of one name "
        "need other names"
    ),
}
"""Everything else that is wrong with a study, and what is said of it: all of it, and nothing more."""


@pytest.mark.parametrize(("text", "told"), STUDIES.items())
def test_each_mistake_is_told_once_where_it_stands(place: Path, text: str, told: str) -> None:
    (place / "below").mkdir()
    (place / "below" / "locality.yaml").write_text((place / "locality.yaml").read_text())
    assert problems(place, text) == [f"s.yaml:{told}"]


def test_of_many_values_that_are_refused_a_few_are_told(place: Path) -> None:
    found = problems(place, f"{HEAD}{FACTORIAL}levers: {{users.voice: [{', '.join(map(str, range(2, 900)))}]}}\n")
    assert len(found) == 6
    assert found[-1] == "s.yaml:5:10 levers.users.voice: and more values of it are refused"


def test_what_only_one_of_several_cases_refuses_names_the_case(place: Path) -> None:
    text = HEAD.replace(LOCALITY, f"{LOCALITY}, classroom") + FACTORIAL + 'levers: {"strategies[0].strength": [0.1]}\n'
    assert problems(place, text) == ["s.yaml:5:10 levers.strategies[0].strength: there is no such field, in locality"]


def test_a_wrong_study_is_told_with_its_place_also_where_the_command_line_changes_it(place: Path) -> None:
    (place / "s.yaml").write_text(HEAD + FACTORIAL + "levers: {users.vioce: [0, 1]}\n")
    with pytest.raises(ScenarioError, match=r"s\.yaml:5:10 levers\.users\.vioce: there is no such field"):
        changed(place / "s.yaml", 10, [])


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
    with pytest.raises(StudyError, match="names the scenario classroom twice; a study names a case once"):
        experiment_of(study)
