"""The command line on the real model, small: the whole way from a scenario file to what a reader sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from redesign_sim import override, simulate, simulate_ensemble
from redesign_sim.chronicle import everything, happenings, headlines, lives, local_proposals, names_of
from redesign_sim.scenario import load_scenario


def command(*arguments: str, place: Path) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "80"}
    code = "from redesign_sim.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_run_agrees_with_the_library(tmp_path: Path) -> None:
    ran = command("run", "classroom", "--seed", "4", "--json", place=tmp_path)
    assert ran.returncode == 0, ran.stderr
    outcomes = simulate("classroom", 4).outcomes
    assert json.loads(ran.stdout)["outcomes"]["integration_index"] == outcomes["integration_index"]


@pytest.mark.slow
def test_a_sweep_stores_what_the_library_gives(tmp_path: Path) -> None:
    options = ("--scenario", "classroom", "--replications", "3", "--out", "r")
    ran = command("sweep", "leadership_mixes", *options, place=tmp_path)
    assert ran.returncode == 0, ran.stderr
    runs = pd.concat(pd.read_parquet(part) for part in (tmp_path / "r/runs").iterdir())
    assert len(runs) == 35 * 3
    assert runs["failure"].isna().all()
    case = load_scenario(tmp_path / "r/scenarios/classroom.yaml")
    mix = {"passive": 1.0, "localised": 0.0, "lacking_followers": 0.0, "high_impact": 0.0}
    design = pd.read_parquet(tmp_path / "r/design.parquet")
    (point,) = design.loc[design["passive"] == 1.0, "point"]
    direct = simulate_ensemble(override(case, {"leadership.mix": mix}), 3, 1)
    stored = runs[runs["point"] == point].sort_values("replication")
    assert stored["integration_index"].tolist() == direct["integration_index"].tolist()


@pytest.mark.slow
def test_every_event_of_a_real_history_can_be_told() -> None:
    case = load_scenario("dementia_london")
    run = simulate(case, 1)
    names, events = names_of(case, run.proposals), happenings(run.events)
    told = list(everything(events, names, case.clock_starts))
    assert len(told) == len(run.events) > 100
    assert not [entry.text for entry in told if "{" in entry.text or "  " in entry.text]
    local = local_proposals(run.proposals)
    assert 0 < len(list(headlines(events, names, case.clock_starts, local))) < len(told)
    assert len(lives(events)) == len(run.proposals)
