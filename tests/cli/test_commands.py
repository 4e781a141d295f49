"""The command line: what each command says, and that every mistake gets one clear sentence and exit code 2."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import redesign_sim
from redesign_sim.cli import main, studies
from redesign_sim.cli.histories import sentence, settings, shown
from redesign_sim.study import filling, replaying, running
from redesign_sim.study.engines import ENGINES
from redesign_sim.study.statistics import PairedDifference
from redesign_sim.study.store import Folder
from redesign_sim.world.measures import MEASURES

from .conftest import ensemble, one_run, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.results import Results
    from redesign_sim.study.work import Progress
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
    monkeypatch.setattr(filling, "batch_size", lambda *_, **__: 40)
    _, _, err = command("sweep", str(study))
    assert "100 %" in err
    assert "runs/s" in err
    assert "left" in err


def test_a_sweep_that_is_stopped_says_how_to_go_on_and_does(
    command: Command, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopping(*arguments: object, **options: object) -> Results:
        def watch(_: Progress) -> None:
            raise KeyboardInterrupt

        return running.run_experiment(*arguments, **options | {"watch": watch})  # type: ignore[arg-type]

    monkeypatch.setattr(filling, "batch_size", lambda *_, **__: 40)
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


# --- folders ----------------------------------------------------------------------------------------------------------


def single_run(scenario: Scenario, seed: int, *, engine: str = "mesa", replication: int = 0) -> Any:  # noqa: ANN401
    history = one_run(scenario, seed, engine=engine)
    history.outcomes = pd.Series(outcomes(scenario, seed, replication), dtype=object)
    return history


def frail(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    if 7 in replications and scenario.leadership.mix and scenario.leadership.mix.passive == 1.0:
        raise ZeroDivisionError("no traffic")
    return ensemble(scenario, replications, seed)


@pytest.fixture
def folder(command: Command, study: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of two cases, one run of which failed."""
    monkeypatch.setattr(replaying, "simulate", single_run)
    monkeypatch.setitem(ENGINES, "compiled", ENGINES["compiled"]._replace(simulate=frail))
    command("sweep", str(study), "--out", "r", "--scenario", "classroom", "--scenario", "dementia_london")
    return Path("r")


def said(out: str) -> str:
    return " ".join(out.split())


def test_status_says_how_far_it_is_by_case_and_what_failed(command: Command, folder: Path) -> None:
    code, out, err = command("status", str(folder))
    assert (code, err) == (0, "")
    assert "600 runs are there; the study asks for 600: complete." in said(out)
    assert "2 runs failed; failures.jsonl says what stopped each" in said(out)
    assert "classroom 300 1 30 30" in said(out)
    assert "resume" not in out
    min((folder / "runs").iterdir()).unlink()
    code, out, _ = command("status", str(folder))
    assert code == 0
    assert re.search(r"the study asks for 600: \d+ are missing now\.", said(out))
    assert "Go on with: redesign-sim resume r" in out


def test_status_of_a_folder_that_is_being_filled_tells_by_whom_how_fast_and_how_long(
    command: Command, folder: Path
) -> None:
    parts = sorted((folder / "runs").iterdir())
    runs = sum(len(pd.read_parquet(part, columns=["point"])) for part in parts)
    missing = len(pd.read_parquet(parts[0], columns=["point"]))
    parts.pop(0).unlink()
    for number, part in enumerate(parts):
        os.utime(part, (1000 + 10 * number, 1000 + 10 * number))
    with Folder(folder).locked():
        code, out, _ = command("status", str(folder), "--json")
        held = json.loads(out)
        assert code == 0
        assert f"process {os.getpid()}" in held["filled_by"]
        assert (held["runs"], held["missing"], held["complete"]) == (runs - missing, missing, False)
        told = said(command("status", str(folder))[1])
    assert "It is being filled by process" in told
    assert "Go on with" not in told
    if len(parts) > 1:
        assert f"{held['runs_a_second']:,.1f} runs a second, about" in told


def test_status_of_a_broken_part_says_so_and_leaves_it(command: Command, folder: Path) -> None:
    part = min((folder / "runs").iterdir())
    part.write_bytes(b"PAR1")
    assert "Parts that cannot be read: 1; resume sets them aside" in said(command("status", str(folder))[1])
    assert part.read_bytes() == b"PAR1"


@pytest.mark.parametrize("engine", ["mesa", "compiled"])
def test_replay_tells_a_run_and_checks_it_against_what_is_stored(command: Command, folder: Path, engine: str) -> None:
    code, out, _ = command("replay", str(folder), "11:4", "--engine", engine)
    assert code == 0
    assert "Point 11 of tiny, replication 4: dementia_london with leadership.mix=" in said(out)
    assert "puts forward proposal 0" in out
    assert out.endswith("Every outcome is the one that is stored, bit for bit.\n")
    name = pd.concat(map(pd.read_parquet, (folder / "runs").iterdir())).set_index(["point", "replication"])["run"][
        11, 4
    ]
    assert command("replay", str(folder), name)[1].endswith("bit for bit.\n")


def test_replay_says_what_differs_by_one_bit(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def otherwise(*asked: Any, **named: Any) -> Any:  # noqa: ANN401
        history = single_run(*asked, **named)
        history.outcomes["integration_index"] = math.nextafter(history.outcomes["integration_index"], 2.0)
        return history

    monkeypatch.setattr(replaying, "simulate", otherwise)
    code, _, err = command("replay", str(folder), "3:0")
    assert (code, said(err)) == (
        1,
        "It differs from what is stored in: integration_index. Other rules, or other versions?",
    )


def test_replay_of_a_failed_run_shows_what_stopped_it(command: Command, folder: Path) -> None:
    line = json.loads((folder / "failures.jsonl").read_text().splitlines()[0])
    assert line["replay"] == f"redesign-sim replay r {line['point']}:7"
    code, _, err = command(*line["replay"].split()[1:])
    assert code == 1
    assert "This run failed; nothing of it is stored but what stopped it" in err
    assert "ZeroDivisionError: no traffic" in err


@pytest.mark.parametrize("run", ["20:0", "x", "1:-1", "0123456789abcdef"])
def test_a_run_that_is_not_there_is_one_sentence(command: Command, folder: Path, run: str) -> None:
    code, _, err = command("replay", str(folder), run)
    assert (code, err.split(";")[0]) == (2, f"r has no run {run}")


def test_shards_are_swept_merged_and_gone_on_with(command: Command, study: Path) -> None:
    for shard in ("1/2", "2/2"):
        code, out, _ = command("sweep", str(study), "--shard", shard)
        assert code == 0
        assert f"Shard {shard} is done" in out
    folders = sorted(str(path) for path in Path("results").iterdir())
    assert [name.rpartition("-")[0][-4:] for name in folders] == ["1-of", "2-of"]
    assert "in all shards, of which this is 1/2: complete." in said(command("status", folders[0])[1])
    code, out, _ = command("merge", *folders, "--out", "all")
    assert (code, out.split(" are in")[0]) == (0, "300 runs of tiny")
    whole = command("sweep", str(study), "--out", "whole")[1]
    assert command("resume", "all")[1] == whole.replace("Everything is in whole", "Everything is in all")
    assert Path("all/summary.csv").read_bytes() == Path("whole/summary.csv").read_bytes()


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_shard_that_makes_no_sense_is_one_sentence(command: Command, study: Path, shard: str) -> None:
    code, _, err = command("sweep", str(study), f"--shard={shard}")
    assert (code, err) == (2, f"A shard is i/n with i from 1 to n, such as 2/8, not {shard!r}.\n")


def test_plan_says_what_is_there_what_is_missing_and_what_the_rest_takes(command: Command, study: Path) -> None:
    command("sweep", str(study), "--out", "r", "--replications", "10")
    code, out, _ = command("sweep", str(study), "--out", "r", "--plan")
    assert code == 0
    assert "10 points in 1 context: 300 runs. 100 of them are in r already and are not run again" in said(out)
    assert "200 are missing." in out
    assert re.search(r"About 1 s on \d threads? like those here, and about 0\.\d MB in r\.", said(out))
    assert len(Folder("r").runs()) == 100


def test_plan_of_a_rule_goes_from_least_to_most(command: Command, study: Path) -> None:
    rule = "replications: {kind: until_narrow, outcome: integrated, half_width: 0.01, first: 30, most: 500}"
    study.write_text(STUDY.replace("replications: 30", rule))
    out = said(command("sweep", str(study), "--plan", "--processes", "2")[1])
    assert "300 to 5,000 runs, as the rule decides." in out
    assert re.search(r"on 2 processes like those here, and about [\d.]+ to [\d.]+ MB", out)
    assert not Path("results").exists()
