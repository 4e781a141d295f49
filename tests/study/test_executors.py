"""Threads, processes and a cluster give the same bytes, whoever dies on the way; shards put together give them, too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from redesign_sim.scenario import load_scenario
from redesign_sim.study import execution, filling, store
from redesign_sim.study.errors import StudyError
from redesign_sim.study.experiment import Experiment, resolve
from redesign_sim.study.merging import merge
from redesign_sim.study.results import Results, load_results
from redesign_sim.study.rounds import Shard
from redesign_sim.study.running import run_experiment
from redesign_sim.study.schema import Study
from redesign_sim.study.work import Work

from .conftest import stand_in
from .standins import GUILTY, deadly, followed, frail, slowly, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.study.work import Progress

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which something that is waited for will not come."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "batch_size", lambda *_, **__: 16)


def wait_until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def run(experiment: Experiment, folder: Path, **work: object) -> Results:
    given: dict[str, Any] = {"simulate": stand_in, **work}
    return run_experiment(experiment, folder, work=Work(**given))


@pytest.fixture
def whole(experiment: Experiment, tmp_path: Path) -> dict[str, bytes]:
    """What one thread gives."""
    run(experiment, tmp_path / "whole", workers=1)
    return tables(tmp_path / "whole")


# --- processes --------------------------------------------------------------------------------------------------------


def test_processes_give_what_threads_give(experiment: Experiment, tmp_path: Path, whole: dict[str, bytes]) -> None:
    run(experiment, tmp_path / "r", processes=2)
    assert tables(tmp_path / "r") == whole


def test_a_run_that_ends_its_process_is_the_only_one_that_is_lost(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "batch_size", lambda *_, **__: 4)
    results = run(experiment, tmp_path / "r", processes=2, simulate=deadly)
    failed = results.failures
    assert len(results.runs) == 300
    assert failed["replication"].tolist() == [GUILTY]
    assert results.design.set_index("point").loc[failed["point"], "high_impact"].tolist() == [1.0]
    assert "The process that ran it died, twice" in failed["failure"].iloc[0]
    sound = results.runs["failure"].isna()
    expected = run(experiment, tmp_path / "whole").runs[sound]
    pd.testing.assert_frame_equal(results.runs[sound], expected)


def test_a_run_that_fails_in_a_process_says_who_ran_it(experiment: Experiment, tmp_path: Path) -> None:
    failed = run(experiment, tmp_path / "r", processes=1, simulate=frail).failures
    assert "ZeroDivisionError: no traffic" in failed["failure"].iloc[0]
    machine, _, process = failed["worker"].iloc[0].rpartition(":")
    assert machine
    assert int(process) != os.getpid()


def test_the_mesa_engine_runs_in_processes_and_a_stand_in_in_threads() -> None:
    with Work(engine="mesa", workers=1).crew() as crew:
        assert isinstance(crew.executor, execution.Processes)
    with Work(engine="mesa", workers=1, simulate=stand_in).crew() as crew:
        assert not isinstance(crew.executor, execution.Processes)


UNGUARDED = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from redesign_sim.study.execution import processes
with processes(1) as crew:
    print(crew.executor.submit(abs, -1).result())
"""


def test_a_script_that_cannot_start_processes_is_told_why_and_loses_no_run(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(UNGUARDED)
    ran = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "StudyError: A process cannot be started here; a script that runs a study in processes" in ran.stderr


CHILDREN = f"""
import os, sys, time
sys.path.insert(0, {str(ROOT)!r})
from redesign_sim.study.execution import processes
if __name__ == "__main__":
    with processes(1) as crew:
        print(crew.executor.submit(os.getpid).result(), flush=True)
        time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="asks POSIX whether a process is there")
def test_processes_go_when_the_one_that_started_them_is_killed(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(CHILDREN)
    parent = subprocess.Popen([sys.executable, "script.py"], cwd=tmp_path, text=True, stdout=subprocess.PIPE)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    wait_until(lambda: not is_running(child))


def is_running(process: int) -> bool:
    """Whether a process is there and more than the memory of one."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    try:
        return not state.is_file() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_what_has_begun_is_kept_when_it_is_stopped(experiment: Experiment, tmp_path: Path) -> None:
    told: list[int] = []

    def stop(progress: Progress) -> None:
        told.append(progress.done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_experiment(experiment, tmp_path / "r", watch=stop, work=Work(simulate=slowly, workers=2))
    assert len(told) == 1
    assert len(store.Folder(tmp_path / "r").runs()) > told[0]


# --- courses by month -------------------------------------------------------------------------------------------------


@pytest.fixture
def by_month(experiment: Experiment) -> Experiment:
    study = experiment.study.model_copy(update={"monthly": ("integration_index", "integrated")})
    return resolve(study, experiment.cases)


def test_courses_are_stored_and_change_no_outcome(experiment: Experiment, by_month: Experiment, tmp_path: Path) -> None:
    with_courses = run(by_month, tmp_path / "months", follow=followed)
    pd.testing.assert_frame_equal(run(experiment, tmp_path / "r").runs, with_courses.runs)
    courses = with_courses.monthly
    assert list(courses) == ["point", "replication", "month", "integration_index", "integrated"]
    assert len(courses) == 300 * 25
    last = courses[courses["month"] == 24].reset_index(drop=True)
    assert last["integration_index"].tolist() == with_courses.runs["integration_index"].tolist()


def test_courses_are_the_same_however_many_threads_and_whoever_fails(by_month: Experiment, tmp_path: Path) -> None:
    run(by_month, tmp_path / "one", follow=followed, workers=1)
    run(by_month, tmp_path / "many", follow=followed, workers=8)
    run(by_month, tmp_path / "away", follow=followed, processes=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "many") == tables(tmp_path / "away")


def test_courses_without_their_runs_are_not_there_and_are_run_again(by_month: Experiment, tmp_path: Path) -> None:
    run(by_month, tmp_path / "r", follow=followed)
    before, part = tables(tmp_path / "r"), min((tmp_path / "r/runs").iterdir())
    part.unlink()
    assert len(load_results(tmp_path / "r").monthly) < 300 * 25
    run(by_month, tmp_path / "r", follow=followed)
    assert tables(tmp_path / "r") == before


def test_a_folder_with_other_courses_is_refused(experiment: Experiment, by_month: Experiment, tmp_path: Path) -> None:
    run(experiment, tmp_path / "r")
    before = {path: path.read_bytes() for path in (tmp_path / "r").rglob("*.*") if path.is_file()}
    with pytest.raises(StudyError, match=r"has other columns \(point in monthly\); choose another folder"):
        run(by_month, tmp_path / "r", follow=followed)
    assert before == {path: path.read_bytes() for path in (tmp_path / "r").rglob("*.*") if path.is_file()}


@pytest.mark.slow
def test_courses_of_the_real_engine_are_a_historys(tmp_path: Path) -> None:
    case = load_scenario("classroom")
    study = {"name": "months", "question": "When?", "scenarios": ["classroom"], "replications": 3}
    study |= {"design": {"kind": "simplex_lattice", "divisions": 1}, "monthly": ["integration_index", "salience"]}
    experiment = resolve(Study.model_validate(study), {"classroom": case})
    compiled = run_experiment(experiment, tmp_path / "compiled")
    on_mesa = run_experiment(experiment, tmp_path / "mesa", work=Work(engine="mesa", processes=1))
    pd.testing.assert_frame_equal(compiled.monthly, on_mesa.monthly)
    pd.testing.assert_frame_equal(compiled.runs, on_mesa.runs)


# --- shards -----------------------------------------------------------------------------------------------------------


def shards(experiment: Experiment, place: Path, of: int, **work: object) -> list[Path]:
    folders = [place / f"shard-{number}" for number in range(1, of + 1)]
    for number, folder in enumerate(folders, 1):
        run(experiment, folder, shard=Shard(number, of), **work)
    return folders


@pytest.mark.parametrize("of", [2, 3])
def test_shards_put_together_are_the_whole(
    experiment: Experiment, tmp_path: Path, whole: dict[str, bytes], of: int
) -> None:
    folders = shards(experiment, tmp_path, of)
    sizes = [len(store.Folder(folder).runs()) for folder in folders]
    assert sum(sizes) == 300
    assert min(sizes) > 300 // (2 * of)
    merge(folders, tmp_path / "merged")
    assert tables(tmp_path / "merged") == whole


def test_merging_keeps_courses_and_failures_with_who_ran_them(by_month: Experiment, tmp_path: Path) -> None:
    folders = shards(by_month, tmp_path, 2, follow=fragile_courses)
    merged = merge(folders, tmp_path / "merged")
    assert len(merged.monthly) == 299 * 25
    assert merged.failures["worker"].notna().all()
    assert len((tmp_path / "merged/failures.jsonl").read_text().splitlines()) == 1


def fragile_courses(*asked: Any) -> tuple[pd.DataFrame, pd.DataFrame]:  # noqa: ANN401
    frail(*asked[:3])
    return followed(*asked)


def test_what_no_shard_holds_is_run_by_resuming(
    experiment: Experiment, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    folders = shards(experiment, tmp_path, 3)
    assert len(merge(folders[:2], tmp_path / "merged").runs) < 300
    run(experiment, tmp_path / "merged")
    assert tables(tmp_path / "merged") == whole


def test_shards_that_overlap_have_to_agree(experiment: Experiment, tmp_path: Path, whole: dict[str, bytes]) -> None:
    def otherwise(*asked: Any) -> pd.DataFrame:  # noqa: ANN401
        return stand_in(*asked).assign(access_improvement=0.123)

    for name, simulate in (("a", stand_in), ("b", stand_in), ("c", otherwise)):
        run(experiment, tmp_path / name, simulate=simulate, shard=Shard(1, 1))
    merge([tmp_path / "a", tmp_path / "b"], tmp_path / "alike")
    assert tables(tmp_path / "alike") == whole
    with pytest.raises(StudyError, match="hold different outcomes of run 0:0; leave one out"):
        merge([tmp_path / "a", tmp_path / "c"], tmp_path / "unlike")
    assert not (tmp_path / "unlike").exists()


def test_what_is_no_shard_of_the_same_study_is_refused(experiment: Experiment, tmp_path: Path) -> None:
    first = shards(experiment, tmp_path, 2)[0]
    other = resolve(experiment.study.model_copy(update={"seed": 8}), experiment.cases)
    run(other, tmp_path / "other", shard=Shard(2, 2))
    with pytest.raises(StudyError, match="other is no shard of the same study: `study` in its manifest"):
        merge([first, tmp_path / "other"], tmp_path / "merged")
    with pytest.raises(StudyError, match="shard-1 holds results already; choose another folder"):
        merge([first], first)
    assert not (tmp_path / "merged").exists()


def test_a_shard_goes_on_as_the_same_shard_only(experiment: Experiment, tmp_path: Path) -> None:
    (first,) = shards(experiment, tmp_path, 1)
    with pytest.raises(StudyError, match="holds shard 1/1, not shard 1/2"):
        run(experiment, first, shard=Shard(1, 2))


def test_a_rule_that_looks_at_results_is_not_sharded(place: Path) -> None:
    text = (place / "tiny.yaml").read_text()
    rule = "replications: {kind: until_narrow, outcome: integrated, half_width: 0.1}"
    (place / "tiny.yaml").write_text(text.replace("replications: 30", rule))
    with pytest.raises(StudyError, match="Only a fixed number of replications can be divided into shards"):
        run_experiment(place / "tiny.yaml", place / "r", work=Work(simulate=stand_in, shard=Shard(1, 2)))
    assert not (place / "r").exists()


# --- a cluster --------------------------------------------------------------------------------------------------------


class Cluster:
    """A Dask scheduler on this machine, and workers in processes of their own that come and go."""

    def __init__(self, place: Path) -> None:
        self.place, self.file = place, place / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(self.file.is_file)
        self.address = str(pd.read_json(self.file, typ="series")["address"])

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        return self._start("dask_worker", "--nthreads", "1", "--no-nanny", **environment)

    def _start(self, what: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{what}", "--scheduler-file", str(self.file)]
        process = subprocess.Popen(
            [*command, "--no-dashboard", *options],
            cwd=self.place,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    there = Cluster(tmp_path_factory.mktemp("dask"))
    yield there
    there.end()


def test_a_cluster_gives_what_threads_give_also_when_a_worker_is_killed(
    dask: Cluster, experiment: Experiment, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    workers = [dask.worker(), dask.worker()]
    killed: list[int] = []

    def watch(progress: Progress) -> None:
        if not killed and progress.done >= 60:
            workers[0].kill()
            killed.append(progress.done)

    run_experiment(experiment, tmp_path / "r", watch=watch, work=Work(address=dask.address, simulate=slowly))
    assert killed
    assert workers[0].wait() == -signal.SIGKILL
    assert tables(tmp_path / "r") == whole


@pytest.mark.slow
def test_the_real_engine_on_a_cluster(dask: Cluster, tmp_path: Path) -> None:
    dask.worker()
    study = {"name": "real", "question": "Which?", "scenarios": ["classroom"], "replications": 4}
    study |= {"design": {"kind": "simplex_lattice", "divisions": 1}}
    experiment = resolve(Study.model_validate(study), {"classroom": load_scenario("classroom")})
    run_experiment(experiment, tmp_path / "here")
    run_experiment(experiment, tmp_path / "there", work=Work(address=dask.address))
    assert tables(tmp_path / "here") == tables(tmp_path / "there")


OTHER_RULES = """
from redesign_sim.study import living, provenance
provenance.rules_digest = living.rules_digest = other = lambda: "0" * 64
"""


def test_workers_with_other_rules_are_refused_whenever_they_come(
    dask: Cluster, experiment: Experiment, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/sitecustomize.py").write_text(OTHER_RULES)
    elsewhere = f"{tmp_path / 'elsewhere'}{os.pathsep}{ROOT}"
    late = [dask.worker()]

    def watch(_: Progress) -> None:
        late.append(dask.worker(PYTHONPATH=elsewhere))
        late.pop(0).kill()

    with pytest.raises(StudyError, match="has other rules than the ones that this study"):
        run_experiment(experiment, tmp_path / "late", watch=watch, work=Work(address=dask.address, simulate=slowly))
    with pytest.raises(StudyError, match="has other rules than this machine; install the same version there"):
        run(experiment, tmp_path / "r", address=dask.address)


def test_a_scheduler_that_is_not_there_is_one_sentence(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    monkeypatch.setattr(execution, "ANSWER", "0.5s")
    with pytest.raises(StudyError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9; start one"):
        run(experiment, tmp_path / "r", address="tcp://127.0.0.1:9")


def test_without_the_extra_one_is_told_how_to_get_it(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudyError, match=r"A cluster needs Dask: pip install 'redesign-sim\[cluster\]'"):
        run(experiment, tmp_path / "r", address="tcp://127.0.0.1:9")
