"""A tiny locality, studies of it, and a stand-in for the engine whose answers are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from redesign_sim.scenario import load_scenario, scenario_digest
from redesign_sim.study.experiment import Experiment, resolve
from redesign_sim.study.schema import Study
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from pathlib import Path

    from redesign_sim.scenario import Scenario

LOCALITY = """
title: Two organisations
horizon_months: 24
organisations:
  members:
    clinic: {name: Clinic, kind: acute, consultants: 4, nurses: 3}
    surgery: {name: Surgery, kind: general_practice, gps: 4}
    board: {name: Board, kind: commissioner}
interfaces:
  - {between: [clinic, surgery], traffic: 1.0}
leadership:
  mix: {passive: 0.4, localised: 0.2, lacking_followers: 0.2, high_impact: 0.2}
"""

STUDY = """
name: tiny
question: Which mixes integrate here?
scenarios: [locality.yaml]
design: {kind: simplex_lattice, divisions: 2}
replications: 30
seed: 7
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "locality.yaml").write_text(LOCALITY)
    (tmp_path / "tiny.yaml").write_text(STUDY)
    return tmp_path


@pytest.fixture
def locality(place: Path) -> Scenario:
    return load_scenario(place / "locality.yaml")


@pytest.fixture
def experiment(locality: Scenario) -> Experiment:
    study = Study.model_validate(
        {
            "name": "tiny",
            "question": "Which mixes integrate here?",
            "scenarios": ["locality.yaml"],
            "design": {"kind": "simplex_lattice", "divisions": 2},
            "replications": 30,
            "seed": 7,
        }
    )
    return resolve(study, {"locality": locality})


def merit(scenario: Scenario) -> float:
    """What the stand-in makes of a scenario: high-impact and localised leaders help, half and half most."""
    mix = scenario.leadership.mix
    assert mix is not None
    return 0.3 + 0.4 * mix.high_impact + 0.1 * mix.localised - 0.2 * mix.high_impact * mix.high_impact


def stand_in(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """Answers that depend on scenario, seed and replication alone, and share their luck across scenarios."""
    own = int(scenario_digest(scenario)[:8], 16)
    rows = []
    for replication in replications:
        luck = np.random.default_rng([seed, replication]).normal(scale=0.1)
        index = float(
            np.clip(merit(scenario) + luck + np.random.default_rng([own, replication]).normal(scale=0.02), 0, 1)
        )
        integrated = index >= scenario.integrated_threshold
        rows.append(
            {outcome.name: index for outcome in MEASURES.values() if outcome.kind in {"number", "count"}}
            | {outcome.name: "none" for outcome in MEASURES.values() if outcome.kind == "name"}
            | {"replication": replication, "integration_index": index, "integrated": integrated}
            | {"months_to_integration": 20.0 if integrated else np.nan}
        )
    return pd.DataFrame(rows)
