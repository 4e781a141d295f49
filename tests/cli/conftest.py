"""A stand-in for the engine, so that the command line is tried without waiting for the compiler."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import redesign_sim
from redesign_sim.cli import console, main
from redesign_sim.scenario import scenario_digest
from redesign_sim.study.engines import ENGINES
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from redesign_sim.scenario import Scenario

Result = tuple[int, str, str]


def outcomes(scenario: Scenario, seed: int, replication: int) -> dict[str, Any]:
    mix = scenario.leadership.mix
    luck = np.random.default_rng([seed, replication]).normal(scale=0.1)
    own = np.random.default_rng([int(scenario_digest(scenario)[:8], 16), replication]).normal(scale=0.02)
    merit = 0.4 if mix is None else 0.25 + 0.4 * mix.high_impact
    index = float(np.clip(merit + 0.2 * scenario.users.voice + luck + own, 0, 1))
    values: dict[str, Any] = dict.fromkeys(MEASURES, 0.3)
    values |= {"integration_index": index, "integrated": index >= 0.5, "failure_mode": "none"}
    return values | {"months_to_integration": 12.0 if index >= 0.5 else np.nan}


def ensemble(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    rows = [{"replication": number, **outcomes(scenario, seed, number)} for number in replications]
    return pd.DataFrame(rows)


def one_run(scenario: Scenario, seed: int, *, engine: str = "mesa") -> SimpleNamespace:
    events = [(2, "STRATEGY_PUBLISHED", -1, -1, 0, 0.5)] if scenario.strategies else []
    events += [
        (3, "PROPOSAL_STARTED", 0, -1, 0, 0.5),
        (4, "DECLINED", 1, 0, 0, -0.2),
        (5, "AUTHORISED", -1, 0, 0, 0.4),
        (9, "COMPLETED", 0, -1, 0, 0.4),
    ]
    months = range(1, scenario.horizon_months + 1)
    return SimpleNamespace(
        engine=engine,
        outcomes=pd.Series(outcomes(scenario, seed, 0), dtype=object),
        monthly=pd.DataFrame({"month": months, "integration_index": [0.2 + 0.005 * month for month in months]}),
        events=pd.DataFrame(events, columns=["month", "event", "who", "whom", "about", "amount"]),
        people=pd.DataFrame({"person": [0]}),
        proposals=pd.DataFrame({"proposal": [0], "organisations": ["Clinic; Surgery"], "cross_boundary": [True]}),
        interfaces=pd.DataFrame({"interface": [0]}),
    )


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Result]:
    """Run the command line in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(redesign_sim, "simulate", one_run, raising=False)
    ensembles = lambda scenario, replications, seed: ensemble(scenario, range(replications), seed)  # noqa: E731
    monkeypatch.setattr(redesign_sim, "simulate_ensemble", ensembles, raising=False)
    monkeypatch.setattr(console, "warm_engine", lambda: None)
    monkeypatch.setitem(ENGINES, "compiled", ENGINES["compiled"]._replace(simulate=ensemble))

    def go(*arguments: str) -> Result:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return go
