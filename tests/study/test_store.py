"""A results folder is one process's at a time, is never half begun, and refuses what it cannot hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from redesign_sim.study import filling, provenance, store
from redesign_sim.study.columns import as_file, run_schema
from redesign_sim.study.crate import CRATE
from redesign_sim.study.errors import StudyError
from redesign_sim.study.experiment import resolve
from redesign_sim.study.results import load_results, still_missing
from redesign_sim.study.running import run_experiment
from redesign_sim.study.work import Work

from .conftest import stand_in
from .standins import frail, tables

if TYPE_CHECKING:
    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.results import Results
    from redesign_sim.study.work import Progress


def run(experiment: Experiment, folder: Path, **work: object) -> Results:
    given: dict[str, Any] = {"simulate": stand_in, "workers": 1, **work}
    return run_experiment(experiment, folder, work=Work(**given))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# --- whose it is ------------------------------------------------------------------------------------------------------

HOLD = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from redesign_sim.study.store import Folder
with Folder("r").locked():
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_folder_that_another_process_fills_is_refused_until_that_is_gone(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.0)
    before = tables(run(experiment, tmp_path / "r").folder.place)
    folder = store.Folder(tmp_path / "r")
    assert folder.filled_by is None
    other = subprocess.Popen([sys.executable, "-c", HOLD], cwd=tmp_path, text=True, stdout=subprocess.PIPE)
    assert other.stdout
    assert other.stdout.readline() == "held\n"
    assert f"process {other.pid} on " in str(folder.filled_by)
    with pytest.raises(StudyError, match=rf"is being filled by process {other.pid} on .*; wait for it, or stop it"):
        run(experiment, tmp_path / "r")
    other.kill()
    other.communicate()
    run(experiment, tmp_path / "r")
    assert tables(tmp_path / "r") == before


def test_a_folder_that_cannot_be_written_to_is_one_sentence(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refused)
    with pytest.raises(StudyError, match="cannot be written to: Permission denied"):
        run(experiment, tmp_path / "r")


# --- beginning --------------------------------------------------------------------------------------------------------


def test_a_folder_whose_beginning_was_cut_short_is_begun_again(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "whole")
    (tmp_path / "r/scenarios").mkdir(parents=True)
    for name in (".lock", ".study.yaml.4711", "study.yaml", "scenarios/.locality.yaml.4711"):
        (tmp_path / "r" / name).write_text("half a l")
    run(experiment, tmp_path / "r")
    assert tables(tmp_path / "r") == tables(tmp_path / "whole")
    assert {path.name for path in (tmp_path / "r").rglob(".*")} <= {".lock"}


@pytest.mark.parametrize("names", [["study.yaml"], ["runs/part-x.parquet", ".lock"], [".lock", "thesis.txt"]])
def test_what_this_program_did_not_begin_is_left_alone(
    experiment: Experiment, tmp_path: Path, names: list[str]
) -> None:
    for name in names:
        (tmp_path / "r" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "r" / name).write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(StudyError, match="holds something else"):
        run(experiment, tmp_path / "r")
    assert contents(tmp_path) == before


@pytest.mark.parametrize(("version", "age"), [(99, "a newer"), (1, "an older"), (None, "an older")])
def test_another_format_says_which(experiment: Experiment, tmp_path: Path, version: int | None, age: str) -> None:
    run(experiment, tmp_path / "r")
    manifest = json.loads((tmp_path / "r/manifest.json").read_text())
    (tmp_path / "r/manifest.json").write_text(json.dumps(manifest | {"format_version": version}))
    before = contents(tmp_path)
    words = rf"by {age} version .* \(format {version}, this one reads"
    with pytest.raises(StudyError, match=words):
        run(experiment, tmp_path / "r")
    with pytest.raises(StudyError, match=words):
        load_results(tmp_path / "r")
    assert contents(tmp_path) == before


# --- parts ------------------------------------------------------------------------------------------------------------


def test_a_part_with_other_columns_is_set_aside_and_its_runs_are_run_again(
    experiment: Experiment, tmp_path: Path
) -> None:
    run(experiment, tmp_path / "r")
    before, part = tables(tmp_path / "r"), min((tmp_path / "r/runs").iterdir())
    place = run_schema().get_field_index("integration_index")
    whole_numbers = pq.read_table(part)
    whole_numbers = whole_numbers.set_column(place, "integration_index", pa.nulls(len(whole_numbers), pa.int64()))
    part.write_bytes(as_file(whole_numbers))
    run(experiment, tmp_path / "r")
    assert tables(tmp_path / "r") == before
    assert part.with_suffix(".broken").is_file()


def test_whoever_reads_changes_nothing_and_is_told_of_a_broken_part(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")
    part = min((tmp_path / "r/runs").iterdir())
    part.write_bytes(part.read_bytes()[:-9])
    before, results = contents(tmp_path), load_results(tmp_path / "r")
    with pytest.raises(StudyError, match=rf"{part.name} cannot be read .*redesign-sim resume .* runs it again"):
        _ = results.runs
    assert results.folder.broken == 1
    assert still_missing(results) > 0
    assert contents(tmp_path) == before


def test_columns_other_than_the_manifests_are_refused(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")
    manifest = json.loads((tmp_path / "r/manifest.json").read_text())
    manifest["columns"]["runs"]["own_say"] = "int64"
    (tmp_path / "r/manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StudyError, match=r"has other columns \(own_say in runs\)"):
        run(experiment, tmp_path / "r")


def test_what_cannot_be_written_to_the_end_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("whole")

    def interrupted(place: Path) -> None:
        place.write_text("half")
        assert (tmp_path / "study.yaml").read_text() == "whole"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write_whole(tmp_path / "study.yaml", interrupted)
    assert contents(tmp_path) == {"study.yaml": b"whole"}


def test_a_run_does_not_count_as_there_before_its_courses_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = store.write_bytes

    def cut_short(path: Path, data: bytes) -> None:
        real(path, data)
        raise KeyboardInterrupt

    folder = store.Folder(tmp_path)
    folder.make_shelves(monthly=True)
    monkeypatch.setattr(store, "write_bytes", cut_short)
    with pytest.raises(KeyboardInterrupt):
        folder.keep("x", {"runs": b"runs", "monthly": b"months"})
    assert contents(tmp_path) == {"monthly/part-x.parquet": b"months"}


def test_parts_come_one_by_one_with_what_is_asked_for(experiment: Experiment, tmp_path: Path) -> None:
    results = run(experiment, tmp_path / "r")
    parts = list(results.parts(["own_say"]))
    assert len(parts) > 1
    assert {tuple(part) for part in parts} == {("point", "replication", "own_say", "failure")}
    assert sum(map(len, parts)) == 300


# --- runs by name, rules, failures ------------------------------------------------------------------------------------


def test_a_runs_name_follows_from_rules_point_seed_and_replication(experiment: Experiment, tmp_path: Path) -> None:
    runs = run(experiment, tmp_path / "r").runs
    assert runs["run"].is_unique
    assert runs["run"].str.fullmatch("[0-9a-f]{16}").all()
    again = run(experiment, tmp_path / "again", workers=8).runs
    assert runs["run"].tolist() == again["run"].tolist()
    other = resolve(experiment.study.model_copy(update={"seed": 8}), experiment.cases)
    assert not set(runs["run"]) & set(run(other, tmp_path / "other").runs["run"])


def test_rules_are_mixed_only_when_asked_and_each_run_says_by_its_name_which_it_had(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(progress: Progress) -> None:
        if progress.done >= 40:
            raise KeyboardInterrupt

    monkeypatch.setattr(filling, "batch_size", lambda *_, **__: 40)
    with pytest.raises(KeyboardInterrupt):
        run(experiment, tmp_path / "r", watch=stop)
    first = store.Folder(tmp_path / "r").runs()
    monkeypatch.setattr(provenance, "DECIDING", ("draws.py",))
    provenance.rules_digest.cache_clear()
    try:
        with pytest.raises(StudyError, match=r"made with other rules than these; .* or say --mix-rules"):
            run(experiment, tmp_path / "r")
        mixed = run(experiment, tmp_path / "r", mix_rules=True)
        fresh = run(experiment, tmp_path / "fresh").runs
    finally:
        monkeypatch.undo()
        provenance.rules_digest.cache_clear()
    assert len(mixed.manifest["rules"]) == 2
    names = set(mixed.runs["run"])
    assert set(first["run"]) < names
    assert names - set(first["run"]) < set(fresh["run"])


def test_failures_are_noted_before_their_part_and_put_right_after_a_kill(
    experiment: Experiment, tmp_path: Path
) -> None:
    failed = run(experiment, tmp_path / "r", simulate=frail).failures
    lines = (tmp_path / "r/failures.jsonl").read_text()
    assert str(failed["worker"].iloc[0]).endswith(f":{os.getpid()}")
    for text in (lines + '{"run": "no part has th', lines + lines.replace(failed["run"].iloc[0], "0" * 16), ""):
        (tmp_path / "r/failures.jsonl").write_text(text)
        run(experiment, tmp_path / "r", simulate=frail)
        (line,) = (tmp_path / "r/failures.jsonl").read_text().splitlines()
        assert json.loads(line)["run"] == failed["run"].iloc[0]
        assert json.loads(line)["worker"] == (failed["worker"].iloc[0] if text else None)


# --- the crate --------------------------------------------------------------------------------------------------------


def test_the_crate_has_what_its_profile_requires(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")
    graph = {entity["@id"]: entity for entity in json.loads((tmp_path / "r" / CRATE).read_text())["@graph"]}
    descriptor, root = graph[CRATE], graph["./"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license", "hasPart", "mentions"} <= set(root)
    profile = graph[root["conformsTo"]["@id"]]
    assert profile["@id"] == "https://w3id.org/ro/wfrun/process/0.5"
    assert profile["@type"] == "CreativeWork"
    action = graph[root["mentions"]["@id"]]
    assert action["@type"] == "CreateAction"
    assert action["startTime"] <= action["endTime"]
    software = graph[action["instrument"]["@id"]]
    assert software["@type"] == "SoftwareApplication"
    assert {"name", "softwareVersion"} <= set(software)
    for part in (*action["object"], *action["result"]):
        assert part in root["hasPart"]
        assert (tmp_path / "r" / part["@id"]).exists()
        assert graph[part["@id"]]["@type"] == ("Dataset" if part["@id"].endswith("/") else "File")
    assert {"@id": "study.yaml"} in action["object"]
    assert {"@id": "runs/"} in action["result"]
