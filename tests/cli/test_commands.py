"""The command line: what each command says, and that every mistake gets one clear sentence and exit code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import redesign_sim
from redesign_sim.cli import main, studies
from redesign_sim.cli.histories import sentence, settings, shown
from redesign_sim.study import running
from redesign_sim.study.engines import ENGINES
from redesign_sim.study.statistics import PairedDifference
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.measures import Kind

    Command = Callable[..., tuple[int, str, str]]

STUDY = """name: tiny
question: Which mixes integrate here?
scenarios: [classroom]
design: {kind: simplex_lattice, divisions: 2}
replications: 30
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(STUDY)
    return path


def test_run_tells_a_history_and_keeps_it(command: Command) -> None:
    code, out, err = command("run", "classroom", "--seed", "3")
    assert (code, err) == (0, "")
    for measure in MEASURES.values():
        assert measure.title.split()[0] in out
    assert "puts forward proposal 0 joining Clinic and Surgery, asking" in " ".join(out.split())
    (folder,) = Path("results").iterdir()
    kept = {path.name for path in folder.iterdir()}
    assert {"history.png", "history.svg", "chronicle.txt", "outcomes.csv", "monthly.csv", "events.csv"} <= kept
    assert "declines to back proposal 0" in (folder / "chronicle.txt").read_text()


def test_every_line_fits_eighty_columns_without_colour(command: Command, study: Path) -> None:
    for arguments in (
        ["run", "dementia_london"],
        ["sweep", str(study)],
        ["parameters"],
        ["parameters", "classroom"],
        ["scenario", "list"],
        ["compare", "classroom", "--set-b", "users.voice=0.9"],
        ["sweep", "--help"],
        ["run", "--help"],
    ):
        _, out, _ = command(*arguments)
        assert out.strip()
        assert "\x1b" not in out
        assert [line for line in out.splitlines() if len(line) > 80 and "/" not in line] == []


def test_the_same_history_is_not_written_twice_and_another_is_not_written_over_it(command: Command) -> None:
    command("run", "classroom", "--out", "here")
    before = {path.name: path.stat().st_mtime_ns for path in Path("here").iterdir()}
    assert "already in here" in command("run", "classroom", "--out", "here")[1]
    code, _, err = command("run", "classroom", "--seed", "2", "--out", "here")
    assert (code, err) == (2, "here holds something else; choose another folder with --out.\n")
    assert {path.name: path.stat().st_mtime_ns for path in Path("here").iterdir()} == before


def test_run_as_json_is_json_and_nothing_else(command: Command) -> None:
    code, out, _ = command("run", "classroom", "--json", "--set", "leadership.mix.high_impact=0")
    value = json.loads(out)
    assert code == 0
    assert set(value["outcomes"]) == set(MEASURES)
    assert value["outcomes"]["months_to_integration"] is None
    assert not Path("results").exists()


def test_seed_and_engine_reach_the_model(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def simulate(scenario: Scenario, seed: int, *, engine: str) -> None:
        asked.append((scenario.users.voice, seed, engine))
        raise KeyboardInterrupt

    monkeypatch.setattr(redesign_sim, "simulate", simulate)
    code, _, _ = command("run", "classroom", "--seed", "0", "--engine", "mesa", "--set", "users.voice=0.75")
    assert code == 130
    assert asked == [(0.75, 0, "mesa")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a.b=0.5", 0.5),
        ("a.b=no", "no"),
        ("a.b=true", True),
        ("a.b=[booking, tariff]", ["booking", "tariff"]),
        ("a.b={mean: 0.4, spread: 0.1}", {"mean": 0.4, "spread": 0.1}),
        ("a.b=null", None),
        ("a.b=2009-02", "2009-02"),
        ("a.b=x=y", "x=y"),
    ],
)
def test_values_are_read_as_in_a_scenario_file(given: str, expected: object) -> None:
    assert settings([given]) == {"a.b": expected}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "classrom"], "classroom"),
        (["run", "nowhere.yaml"], "no such file"),
        (["run", "classroom", "--set", "users.voice"], "is not of the form dotted.path=value"),
        (["run", "classroom", "--set", "users.vioce=1"], "users.v"),
        (["run", "classroom", "--set", "users.voice=7"], "users.voice"),
        (["run", "classroom", "--engine", "steam"], "The engine is mesa or compiled"),
        (["run", "classroom", "--seed", "-1"], "--seed"),
        (["run"], "Missing argument"),
        (["walk"], "walk"),
        (["compare", "classroom"], "A and B are the same scenario"),
        (["compare", "classroom", "dementia_london", "--outcome", "happiness"], "happiness is no outcome"),
        (["compare", "classroom", "dementia_london", "--outcome", "failure_mode"], "failure_mode is no outcome"),
        (["compare", "classroom", "dementia_london", "--replications", "1"], "--replications"),
        (["sweep", "nothing.yaml"], "There is no study file nothing.yaml"),
        (["resume", "nowhere"], "holds no study"),
        (["parameters", "classrom"], "classroom"),
        (["scenario", "check", "nowhere.yaml"], "no such file"),
        (["bench", "classrom"], "classroom"),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_code_two(command: Command, arguments: list[str], words: str) -> None:
    code, out, err = command(*arguments)
    assert code == 2
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_a_place_that_cannot_be_written_to_is_one_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert command("run", "classroom", "--out", "file/here")[::2] == (2, "file/here cannot be used: Not a directory.\n")
    code, _, err = command("sweep", "leadership_mixes", "--out", "file/here")
    assert (code, err.splitlines()[-1]) == (2, "file/here cannot be made: Not a directory.")


def test_what_nobody_foresaw_is_a_sentence_and_a_traceback_for_those_who_ask(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulate(*_: object, **__: object) -> None:
        raise RuntimeError("more proposals than a run has room for")

    monkeypatch.setattr(redesign_sim, "simulate", simulate)
    code, _, err = command("run", "classroom")
    assert code == 1
    assert "went wrong (RuntimeError: more proposals than a run has room for)" in err
    monkeypatch.setenv("REDESIGN_SIM_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        main(["run", "classroom"])


def test_signs_that_a_terminal_cannot_show_are_replaced(command: Command) -> None:
    assert command("parameters")[0] == 0
    code = "import sys; from redesign_sim.cli import main; main(['parameters'])"
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert "(0-1; " in ran.stdout.decode("ascii")


def test_compare_says_what_differs_in_plain_words(command: Command) -> None:
    code, out, _ = command("compare", "classroom", "--set-b", "users.voice=0.9", "--replications", "100")
    text = " ".join(out.split())
    assert code == 0
    assert "A: classroom B: classroom with users.voice=0.9" in text
    assert "can be told from zero and is large enough to matter (smallest difference of interest 0.02)" in text
    assert "Sharing luck saved a factor of" in text


def test_compare_as_json(command: Command) -> None:
    _, out, _ = command(
        "compare", "classroom", "--set-a", "users.voice=0.9", "--outcome", "integration_index", "--json"
    )
    value = json.loads(out)
    assert value["integration_index"]["estimate"] < 0
    assert value["integration_index"]["pairs"] == 400


@pytest.mark.parametrize(
    ("name", "low", "high", "words"),
    [
        ("integration_index", -0.01, 0.03, "which cannot be told from zero (smallest difference of interest 0.02)."),
        ("integrated", 0.01, 0.04, "too small to matter (smallest difference of interest 0.05)."),
        ("proposals_started", 0.5, 1.5, "which can be told from zero."),
    ],
)
def test_a_difference_in_a_sentence(name: str, low: float, high: float, words: str) -> None:
    difference = PairedDifference((low + high) / 2, low, high, 100, 3.0)
    text = sentence(name, difference, 0.1, 0.2)
    assert words in text
    assert text.endswith("Sharing luck saved a factor of 3.0: independent futures would take 300 of each.")


def test_sweep_ranks_the_mixes_marks_the_best_and_says_what_was_found(command: Command, study: Path) -> None:
    code, out, _ = command("sweep", str(study))
    assert code == 0
    assert "Which mixes integrate here?" in out
    first = next(line for line in out.splitlines() if line.startswith("*"))
    assert first.split()[1:5] == ["0", "0", "0", "100"]
    assert "100 % high-impact" in " ".join(out.split())
    (folder,) = Path("results").iterdir()
    names = {path.name for path in folder.iterdir()}
    assert {
        "summary.csv",
        "study.yaml",
        "manifest.json",
        "ranked_mixes.png",
        "ranked_mixes.svg",
        "simplex.svg",
    } <= names
    assert len(pd.read_csv(folder / "summary.csv")) == 10


def test_sweep_again_runs_nothing_and_says_the_same(
    command: Command, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = command("sweep", str(study))[1]

    def never(*_: object) -> pd.DataFrame:
        raise AssertionError

    monkeypatch.setitem(ENGINES, "compiled", ENGINES["compiled"]._replace(simulate=never))
    assert command("sweep", str(study))[1] == first


def test_sweep_takes_cases_replications_and_a_folder(command: Command, study: Path) -> None:
    code, out, _ = command(
        "sweep",
        str(study),
        "--scenario",
        "classroom",
        "--scenario",
        "dementia_london",
        "--replications",
        "7",
        "--out",
        "r",
    )
    assert code == 0
    assert "dementia_london: 10 points, 7 futures of each" in out
    table = pd.read_csv("r/summary.csv")
    assert table.groupby("case").size().to_dict() == {"classroom": 10, "dementia_london": 10}
    assert set(table["runs"]) == {7}
    assert Path("r/ranked_mixes_2.svg").is_file()


def test_plan_runs_nothing(command: Command, study: Path) -> None:
    code, out, _ = command("sweep", str(study), "--plan")
    assert code == 0
    assert "10 points in 1 context: 300 runs" in " ".join(out.split())
    assert not Path("results").exists()


def test_a_terminal_gets_a_bar_with_rate_and_remaining_time(
    command: Command, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(running, "batch_size", lambda *_, **__: 40)
    _, _, err = command("sweep", str(study))
    assert "100 %" in err
    assert "runs/s" in err
    assert "left" in err


def test_a_sweep_that_is_stopped_says_how_to_go_on_and_does(
    command: Command, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopping(*arguments: object, **options: object) -> running.Results:
        def watch(_: running.Progress) -> None:
            raise KeyboardInterrupt

        return running.run_experiment(*arguments, **options | {"watch": watch})  # type: ignore[arg-type]

    monkeypatch.setattr(running, "batch_size", lambda *_, **__: 40)
    monkeypatch.setattr(studies, "run_experiment", stopping)
    code, out, err = command("sweep", str(study), "--out", "r", "--threads", "1")
    assert (code, out) == (130, "")
    assert "Stopped. What is done is kept; go on with: redesign-sim resume r" in err
    monkeypatch.setattr(studies, "run_experiment", running.run_experiment)
    code, out, _ = command("resume", "r")
    assert code == 0
    assert "cannot be told" in out or "comes out ahead" in out


def test_sweep_as_json(command: Command, study: Path) -> None:
    _, out, _ = command("sweep", str(study), "--json")
    rows = json.loads(out)
    assert len(rows) == 10
    assert rows[0]["rank"] == 1
    assert rows[0]["may_be_best"] is True


def test_scenario_check_shows_every_problem_with_a_caret(command: Command, tmp_path: Path) -> None:
    broken = (Path(__file__).parents[2] / "scenarios/classroom.yaml").read_text()
    (tmp_path / "broken.yaml").write_text(broken + "\nintegrated_treshold: 0.5\nusers: {voice: 3}\n")
    code, out, err = command("scenario", "check", "classroom", "broken.yaml")
    assert code == 2
    assert "classroom: sound" in out
    assert 'did you mean "integrated_threshold"?' in err
    assert "users.voice" in err
    assert "^" in err
    assert err.rstrip().endswith("2 problems found.")


def test_scenario_list_names_the_shipped_cases(command: Command) -> None:
    _, out, _ = command("scenario", "list")
    for name in ("dementia_london", "dementia_manchester", "sexual_health_london", "sexual_health_manchester"):
        assert name in out


def test_parameters_in_three_forms(command: Command) -> None:
    rows = json.loads(command("parameters", "--json")[1])
    assert {"path", "unit", "sweep", "source", "confidence"} <= set(rows[0])
    markdown = command("parameters", "--markdown")[1].splitlines()
    assert markdown[0].startswith("| Path | Default |")
    assert len(markdown) == len(rows) + 2
    plain = command("parameters")[1]
    assert all(row["path"] in plain for row in rows)


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (True, "yes or no", "yes"),
        (0.0, "yes or no", "no"),
        (float("nan"), "number", "-"),
        (1012.0, "count", "1,012"),
        (0.123456, "number", "0.123"),
        ("not_started", "name", "not started"),
    ],
)
def test_values_in_words(value: object, kind: Kind, words: str) -> None:
    assert shown(value, kind) == words
