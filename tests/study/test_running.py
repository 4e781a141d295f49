"""A study runs, stops, goes on, and gives the same tables however it was run."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from redesign_sim.study import filling, opening, store
from redesign_sim.study.columns import run_schema
from redesign_sim.study.errors import StudyError
from redesign_sim.study.experiment import Experiment, resolve
from redesign_sim.study.living import Job
from redesign_sim.study.opening import open_folder
from redesign_sim.study.pacing import SMALLEST_BLOCK, batch_size, block_size
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.results import load_results
from redesign_sim.study.rounds import Holding, missing_stretches
from redesign_sim.study.running import run_experiment
from redesign_sim.study.runs import Batch, Stretch
from redesign_sim.study.work import Work
from redesign_sim.world.measures import MEASURES

from .conftest import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.results import Results
    from redesign_sim.study.work import Progress


def run(experiment: Experiment, folder: Path, **options: object) -> Results:
    given: dict[str, Any] = {"simulate": stand_in, "workers": 1, **options}
    return run_experiment(experiment, folder, **given)


def more(experiment: Experiment, **changes: object) -> Experiment:
    study = experiment.study.model_copy(update=changes)
    return resolve(study, experiment.cases)


def begin(folder: store.Folder, experiment: Experiment) -> None:
    folder.create_or_keep()
    open_folder(folder, experiment, Work())


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "batch_size", lambda *_, **__: 40)
    monkeypatch.setattr(filling, "block_size", lambda _: 25)


def test_every_point_gets_every_replication_once(experiment: Experiment, tmp_path: Path) -> None:
    runs = run(experiment, tmp_path / "r").runs
    assert len(runs) == 10 * 30
    assert runs.groupby("point")["replication"].apply(list).tolist() == [list(range(30))] * 10


def test_the_numbers_are_the_simulators(experiment: Experiment, tmp_path: Path) -> None:
    runs = run(experiment, tmp_path / "r").runs
    direct = stand_in(experiment.points[3].scenario, range(30), 7)
    stored = runs[runs["point"] == 3].reset_index(drop=True)
    assert stored["integration_index"].tolist() == direct["integration_index"].tolist()
    assert stored["integrated"].tolist() == direct["integrated"].tolist()
    assert stored["months_to_integration"].isna().tolist() == direct["months_to_integration"].isna().tolist()


@pytest.mark.parametrize("workers", [2, 8])
def test_the_number_of_threads_changes_nothing(experiment: Experiment, tmp_path: Path, workers: int) -> None:
    one, many = run(experiment, tmp_path / "one"), run(experiment, tmp_path / "many", workers=workers)
    pd.testing.assert_frame_equal(one.runs, many.runs)
    assert (tmp_path / "one/summary.csv").read_bytes() == (tmp_path / "many/summary.csv").read_bytes()


def test_the_size_of_batches_changes_nothing(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = run(experiment, tmp_path / "one")
    monkeypatch.setattr(filling, "batch_size", lambda *_, **__: 7)
    monkeypatch.setattr(filling, "block_size", lambda _: 4)
    pd.testing.assert_frame_equal(one.runs, run(experiment, tmp_path / "small").runs)


class Elsewhere(Executor):
    """Runs a task as another machine would: everything goes there and back as bytes."""

    def submit(self, task: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        future: Future[Any] = Future()
        away, given, named = pickle.loads(pickle.dumps((task, args, kwargs)))  # noqa: S301  our own bytes
        future.set_result(pickle.loads(pickle.dumps(away(*given, **named))))  # noqa: S301
        return future


@pytest.mark.parametrize("executor", [Elsewhere, ThreadPoolExecutor])
def test_any_executor_will_do(experiment: Experiment, tmp_path: Path, executor: type[Executor]) -> None:
    with executor() as pool:
        elsewhere = run(experiment, tmp_path / "pool", executor=pool)
    pd.testing.assert_frame_equal(run(experiment, tmp_path / "here").runs, elsewhere.runs)


def stop_after(runs: int) -> Callable[[Progress], None]:
    def watch(progress: Progress) -> None:
        if progress.done >= runs:
            raise KeyboardInterrupt

    return watch


@pytest.mark.parametrize("after", [1, 60, 130])
def test_interrupted_and_resumed_equals_uninterrupted(experiment: Experiment, tmp_path: Path, after: int) -> None:
    folder = tmp_path / "stopped"
    with pytest.raises(KeyboardInterrupt):
        run(experiment, folder, watch=stop_after(after), workers=2)
    kept = len(store.Folder(folder).runs())
    assert after <= kept < 300
    done: list[Progress] = []
    resumed = run(experiment, folder, watch=done.append)
    assert done[-1].total == 300 - kept
    whole = run(experiment, tmp_path / "whole")
    pd.testing.assert_frame_equal(resumed.runs, whole.runs)
    assert (folder / "summary.csv").read_bytes() == (tmp_path / "whole/summary.csv").read_bytes()


def test_an_interrupted_study_is_balanced_over_its_points(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "block_size", lambda _: 5)
    with pytest.raises(KeyboardInterrupt):
        run(experiment, tmp_path / "r", watch=stop_after(120))
    counts = store.Folder(tmp_path / "r").runs().groupby("point").size()
    assert len(counts) == 10
    assert counts.max() - counts.min() <= 5


def test_nothing_is_run_twice(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")

    def never(*_: object) -> pd.DataFrame:
        raise AssertionError

    assert len(run(experiment, tmp_path / "r", simulate=never).failures) == 0


def test_more_replications_are_added_to_what_is_there(experiment: Experiment, tmp_path: Path) -> None:
    first = run(experiment, tmp_path / "r").runs
    asked: list[int] = []

    def counting(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
        asked.extend(replications)
        return stand_in(scenario, replications, seed)

    added = run(more(experiment, replications=45), tmp_path / "r", simulate=counting)
    new = sorted([*range(30, 45)] * 10)
    assert sorted(asked[-len(new) :]) == new
    assert max(asked[: -len(new)]) < SMALLEST_BLOCK, "beside them there is the pilot alone"
    assert added.manifest["counts"] == {"cases": 1, "points": 10, "contexts": 1, "rule": "45", "runs": 450}
    kept = added.runs[added.runs["replication"] < 30].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, first)


def test_fewer_replications_leave_what_is_there(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")
    again = run(more(experiment, replications=10), tmp_path / "r")
    assert len(again.runs) == 300
    assert again.study.replications == 30


def test_resuming_reads_nothing_outside_the_folder(place: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_experiment(place / "tiny.yaml", place / "r", simulate=stand_in, workers=1, watch=stop_after(1))
    (place / "tiny.yaml").unlink()
    (place / "locality.yaml").unlink()
    assert len(run_experiment(place / "r/study.yaml", place / "r", simulate=stand_in, workers=1).runs) == 300


@pytest.mark.parametrize("change", [{"seed": 8}, {"name": "other"}])
def test_a_folder_of_another_study_is_refused_and_left_alone(
    experiment: Experiment, tmp_path: Path, change: dict[str, Any]
) -> None:
    run(experiment, tmp_path / "r")
    before = contents(tmp_path / "r")
    with pytest.raises(StudyError, match="holds another study"):
        run(more(experiment, **change), tmp_path / "r")
    assert contents(tmp_path / "r") == before


def test_a_folder_made_with_other_rules_is_refused(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(experiment, tmp_path / "r")
    before = contents(tmp_path / "r")
    monkeypatch.setattr(opening, "rules_digest", lambda: "changed")
    with pytest.raises(StudyError, match="other rules"):
        run(experiment, tmp_path / "r")
    assert contents(tmp_path / "r") == before


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "holds something else"),
        ("{}", "not written by redesign-sim"),
        ('{"format": "redesign-sim study", "format_version": 99}', "a newer version of redesign-sim"),
        ("no json", "cannot be read"),
    ],
)
def test_a_foreign_folder_is_refused_and_left_alone(
    experiment: Experiment, tmp_path: Path, manifest: str | None, words: str
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    before = contents(tmp_path)
    with pytest.raises(StudyError, match=words):
        run(experiment, tmp_path)
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_folder_that_cannot_be_made_is_one_sentence(experiment: Experiment, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="cannot be made: Not a directory"):
        run(experiment, tmp_path / "file" / "r")


def test_a_full_disk_is_one_sentence_and_leaves_no_half_written_part(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_bytes

    def full(place: Path, data: bytes) -> int:
        if "part-" not in place.name:
            return real(place, data)
        real(place, b"PAR1 and then")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StudyError, match="cannot be written: No space left on device"):
        run(experiment, tmp_path / "r")
    assert not [path for path in (tmp_path / "r").rglob("*") if "part-" in path.name]


def test_a_part_cut_short_is_set_aside_and_run_again(experiment: Experiment, tmp_path: Path) -> None:
    whole = run(experiment, tmp_path / "r").runs
    part = min((tmp_path / "r/runs").glob("part-*.parquet"))
    part.write_bytes(part.read_bytes()[:-9])
    pd.testing.assert_frame_equal(run(experiment, tmp_path / "r").runs, whole)
    assert part.with_suffix(".broken").is_file()
    assert store.Folder(tmp_path / "r").broken == 0


def test_a_failed_run_is_a_value_without_numbers_and_costs_no_other_run(experiment: Experiment, tmp_path: Path) -> None:
    def fragile(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
        if 17 in replications and scenario == experiment.points[4].scenario:
            raise ZeroDivisionError("no traffic")
        return stand_in(scenario, replications, seed)

    results = run(experiment, tmp_path / "r", simulate=fragile)
    whole = run(experiment, tmp_path / "whole").runs
    failed = results.failures
    assert failed[["point", "replication"]].to_numpy().tolist() == [[4, 17]]
    assert "ZeroDivisionError: no traffic" in failed["failure"].iloc[0]
    sound = results.runs["failure"].isna()
    assert results.runs.loc[~sound, [*MEASURES]].isna().to_numpy().all()
    line = json.loads((tmp_path / "r/failures.jsonl").read_text())
    assert (line["point"], line["replication"], line["seed"]) == (4, 17, 7)
    assert line["replay"] == f"redesign-sim replay {tmp_path / 'r'} 4:17"
    pd.testing.assert_frame_equal(results.runs[sound], whole[sound])
    summary = results.summary.set_index("point")
    assert (summary["runs"][4], summary["failed"][4]) == (29, 1)
    assert set(summary["pairs"]) == ({29} if summary["rank"][4] == 1 else {29, 30})


def test_when_everything_fails_it_is_said(experiment: Experiment, tmp_path: Path) -> None:
    def broken(*_: object) -> pd.DataFrame:
        raise RuntimeError("no engine")

    with pytest.raises(StudyError, match="Every run failed, so"):
        run(experiment, tmp_path / "r", simulate=broken)


def test_what_is_missing_is_found_run_by_run(experiment: Experiment, tmp_path: Path) -> None:
    folder = store.Folder(tmp_path / "r")
    begin(folder, experiment)
    job = Job(Work(simulate=stand_in).runs_on, (), rules_digest())
    folder.keep("some", job(Batch((Stretch(experiment.points[0], 10, 10),))).files)
    holding = Holding(folder, 10, "integrated")
    holding.read()
    missing = missing_stretches(holding.there(30), np.full(10, 30), experiment.points, 25)
    assert [(s.first, s.runs) for s in missing if s.point.index == 0] == [(0, 10), (20, 5), (25, 5)]


def test_units_and_definitions_travel_with_every_part(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")
    schemas = [pq.read_schema(part) for part in (tmp_path / "r/runs").glob("part-*.parquet")]
    assert len(schemas) > 2
    assert all(schema.equals(run_schema(), check_metadata=True) for schema in schemas)
    for outcome in MEASURES.values():
        metadata = schemas[0].field(outcome.name).metadata
        assert metadata[b"unit"].decode() == outcome.unit
        assert metadata[b"definition"].decode() == outcome.definition


def test_the_design_says_what_each_point_is_and_which_people_it_becomes(experiment: Experiment, tmp_path: Path) -> None:
    design = run(experiment, tmp_path / "r").design
    shares = design[["passive", "localised", "lacking_followers", "high_impact"]]
    people = design[[f"people_{name}" for name in shares.columns]]
    assert np.allclose(shares.sum(axis=1), 1)
    assert set(people.sum(axis=1)) == {11}
    row = design[(shares == [0.5, 0.0, 0.0, 0.5]).all(axis=1)].iloc[0]
    assert [row[name] for name in people.columns] == [6, 0, 0, 5]
    assert set(design["case"]) == {"locality"}


def test_the_manifest_says_what_made_the_folder(experiment: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")
    manifest = json.loads((tmp_path / "r/manifest.json").read_text())
    assert manifest["study"] == experiment.digest
    assert manifest["seeds"]["master"] == 7
    assert manifest["counts"]["runs"] == 300
    assert {"python", "numpy", "numba", "mesa", "pyarrow"} <= set(manifest["versions"])
    assert {path.name for path in (tmp_path / "r").rglob(".*")} <= {".lock"}


def test_loading_gives_what_running_gave(experiment: Experiment, tmp_path: Path) -> None:
    ran, loaded = run(experiment, tmp_path / "r"), load_results(tmp_path / "r")
    pd.testing.assert_frame_equal(ran.runs, loaded.runs)
    pd.testing.assert_frame_equal(ran.summary, loaded.summary)


@pytest.mark.parametrize("name", ["r", "elsewhere"])
def test_there_is_nothing_to_load_where_there_is_no_study(tmp_path: Path, name: str) -> None:
    (tmp_path / "r").mkdir()
    with pytest.raises(StudyError, match=r"holds no study: there is no manifest\.json"):
        load_results(tmp_path / name)


def test_a_study_begun_but_without_runs_says_so(experiment: Experiment, tmp_path: Path) -> None:
    begin(store.Folder(tmp_path / "r"), experiment)
    with pytest.raises(StudyError, match="holds no runs yet"):
        _ = load_results(tmp_path / "r").runs


def test_by_default_results_have_a_folder_of_their_own(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_experiment(experiment, simulate=stand_in, workers=1)
    assert [path.name for path in (tmp_path / "results").iterdir()] == [experiment.default_folder.name]


def test_seed_nought_is_a_seed(experiment: Experiment, tmp_path: Path) -> None:
    nought, one = (run(more(experiment, seed=seed), tmp_path / str(seed)).runs for seed in (0, 1))
    assert not nought["integration_index"].equals(one["integration_index"])
    assert (
        nought["integration_index"].iloc[0]
        == stand_in(experiment.points[0].scenario, range(1), 0)["integration_index"][0]
    )


def test_the_digest_knows_points_and_seed_and_not_how_often_or_where(experiment: Experiment) -> None:
    assert more(experiment, replications=5).digest == experiment.digest
    assert more(experiment, scenarios=("elsewhere/locality.yaml",)).digest == experiment.digest
    assert more(experiment, seed=8).digest != experiment.digest
    assert replace(experiment, points=experiment.points[:-1]).digest != experiment.digest


@pytest.mark.parametrize(("seconds", "runs"), [(1.0, 1), (0.01, 100), (1e-9, 10_000), (60.0, 1)])
def test_a_batch_takes_about_a_second(seconds: float, runs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert batch_size(seconds) == runs


@pytest.mark.parametrize(("seconds", "replications"), [(1.0, 25), (0.05, 25), (0.004, 250), (1e-9, 500)])
def test_a_block_is_worth_setting_a_scenario_up(
    seconds: float, replications: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert block_size(seconds) == replications
