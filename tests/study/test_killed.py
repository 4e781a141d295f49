"""A study whose process dies, or is interrupted, is resumed to the very same bytes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from redesign_sim.study.running import run_experiment

from .conftest import stand_in

SCRIPT = f"""
import importlib.util, sys, time
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
spec = importlib.util.spec_from_file_location("conftest", {str(Path(__file__).with_name("conftest.py"))!r})
conftest = importlib.util.module_from_spec(spec)
spec.loader.exec_module(conftest)
from redesign_sim import cli
from redesign_sim.study import running
from redesign_sim.study.engines import ENGINES

def slowly(scenario, replications, seed):
    time.sleep(0.02)
    return conftest.stand_in(scenario, replications, seed)

ENGINES["compiled"] = ENGINES["compiled"]._replace(simulate=slowly)
cli.console.warm_engine = lambda: None
running.batch_size = lambda *_, **__: 40
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


def tables(folder: Path) -> tuple[bytes, str]:
    results = run_experiment(folder / "study.yaml", folder, simulate=stand_in, workers=1)
    return results.runs.to_csv().encode(), (folder / "summary.csv").read_text()


@pytest.mark.slow
def test_killed_outright_and_resumed_equals_uninterrupted(place: Path) -> None:
    process = begin(place)
    process.kill()
    process.communicate()
    resumed = tables(place / "r")
    run_experiment(place / "tiny.yaml", place / "whole", simulate=stand_in, workers=1)
    assert resumed == tables(place / "whole")


@pytest.mark.slow
def test_one_interrupt_stops_cleanly_and_says_how_to_go_on(place: Path) -> None:
    process = begin(place)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert err.endswith("Stopped. What is done is kept; go on with: redesign-sim resume r\n")
    assert "Traceback" not in err
