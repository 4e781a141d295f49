"""A tiny locality, and a stand-in for the engine with known answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from redesign_sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.scenario import Scenario


@pytest.fixture(scope="session")
def classroom() -> Scenario:
    return load_scenario("classroom")


def stand_in(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
    """Every reading is 0.2 + 0.1 × concession + 0.2 × persuasion × planning, and luck that conditions share."""
    luck = [np.random.default_rng([seed, replication]).normal(0.0, 0.05) for replication in replications]
    mean = 0.2 + 0.1 * scenario.leadership.concession
    mean += 0.2 * scenario.persuasion.strength * scenario.planning.capacity
    return pd.DataFrame({"replication": list(replications), **{name: mean + np.array(luck) for name in wanted}})
