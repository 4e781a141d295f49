"""A study whose process dies, or is interrupted, is resumed to the very same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from redesign_sim.study.running import run_experiment

from .conftest import stand_in
from .standins import tables

SCRIPT = f"""
import importlib.util, sys, time
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
spec = importlib.util.spec_from_file_location("conftest", {str(Path(__file__).with_name("conftest.py"))!r})
conftest = importlib.util.module_from_spec(spec)
spec.loader.exec_module(conftest)
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background it is ignored
from redesign_sim import cli
from redesign_sim.study import filling
from redesign_sim.study.engines import ENGINES

def slowly(scenario, replications, seed):
    time.sleep(0.02)
    return conftest.stand_in(scenario, replications, seed)

ENGINES["compiled"] = ENGINES["compiled"]._replace(simulate=slowly)
cli.console.warm_engine = lambda: None
filling.batch_size = lambda *_, **__: 40
cli.main(["sweep", "tiny.yaml", "--out", "r", "--threads", "2"])
"""


def begin(place: Path) -> subprocess.Popen[str]:
    """Start the sweep in a process of its own and wait until some parts are there, and not all."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=place, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while len(list(place.glob("r/runs/part-*.parquet"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def resumed(folder: Path) -> dict[str, bytes]:
    """What a folder gives once it has been filled to the end."""
    run_experiment(folder / "study.yaml", folder, simulate=stand_in, workers=1)
    return tables(folder)


FORKS = f"""
import os, random, signal, sys, time
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from redesign_sim.study import filling
from redesign_sim.study.running import run_experiment
from redesign_sim.study.work import Work
from tests.study.standins import slowly

filling.batch_size = lambda *_, **__: 20

def study(folder):
    run_experiment("tiny.yaml", folder, work=Work(simulate=slowly, workers=2))

def killed(folder, after):
    child = os.fork()
    if not child:
        study(folder)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])

began = time.monotonic()
study("whole")
whole = time.monotonic() - began
moments = random.Random(int(sys.argv[1]))
for number in range(20):
    after = moments.uniform(0.0, whole)
    print(number, round(after, 4), killed(f"r{{number}}", after), flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked for each moment")
def test_killed_at_any_moment_and_resumed_equals_uninterrupted(place: Path, seed: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FORKS, str(seed)], cwd=place, capture_output=True, text=True, check=False
    )
    print(ran.stdout)  # noqa: T201  which moments, for whoever sees it fail
    assert ran.returncode == 0, ran.stderr
    assert sum(line.endswith("True") for line in ran.stdout.splitlines()) >= 10
    whole = tables(place / "whole")
    for number in range(20):
        folder = place / f"r{number}"
        run_experiment(place / "tiny.yaml", folder, simulate=stand_in, workers=1)
        assert tables(folder) == whole, number
        assert {path.name for path in folder.rglob(".*")} <= {".lock"}


@pytest.mark.slow
def test_killed_outright_and_resumed_equals_uninterrupted(place: Path) -> None:
    process = begin(place)
    process.kill()
    process.communicate()
    run_experiment(place / "tiny.yaml", place / "whole", simulate=stand_in, workers=1)
    assert resumed(place / "r") == tables(place / "whole")


@pytest.mark.slow
@pytest.mark.parametrize("stop", ["SIGINT", "SIGTERM"])
def test_one_signal_stops_cleanly_and_says_how_to_go_on(place: Path, stop: str) -> None:
    process = begin(place)
    process.send_signal(getattr(signal, stop))
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert err.endswith("Stopped. What is done is kept; go on with: redesign-sim resume r\n")
    assert "Traceback" not in err
