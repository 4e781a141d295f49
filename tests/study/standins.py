"""Simulators that processes and workers on a cluster can import, and a study's tables as bytes."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from redesign_sim.study import store
from redesign_sim.world.measures import COURSES

from .conftest import stand_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from redesign_sim.scenario import Scenario

GUILTY = 17
"""The replication of mixes with high-impact leaders alone that takes its process with it."""


def slowly(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """A millisecond a run."""
    time.sleep(0.001 * len(replications))
    return stand_in(scenario, replications, seed)


def deadly(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """One run of all ends its process without a word."""
    mix = scenario.leadership.mix
    if mix and mix.high_impact == 1.0 and GUILTY in replications:
        os._exit(3)
    return stand_in(scenario, replications, seed)


def frail(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """One run of all raises an error."""
    mix = scenario.leadership.mix
    if mix and mix.high_impact == 1.0 and GUILTY in replications:
        raise ZeroDivisionError("no traffic")
    return stand_in(scenario, replications, seed)


def followed(
    scenario: Scenario, replications: range, seed: int, courses: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same with courses that rise month by month to their outcome."""
    runs = stand_in(scenario, replications, seed)
    months = np.arange(scenario.horizon_months + 1)
    frame = pd.DataFrame(
        {"replication": np.repeat(runs["replication"].to_numpy(), len(months)), "month": np.tile(months, len(runs))}
    )
    for name in courses:
        end = runs[name].to_numpy(float) if name in runs else np.zeros(len(runs))
        rising = np.outer(end, months / months[-1]).ravel()
        frame[name] = rising > 0.0 if COURSES[name].kind == "yes or no" else rising
    return runs, frame


def tables(folder: Path) -> dict[str, bytes]:
    """All that a study gives, sorted, as bytes: every run, every course, the summary."""
    held = store.Folder(folder)
    given = {"runs": held.runs().to_csv().encode(), "summary": (folder / store.SUMMARY).read_bytes()}
    return given | ({"monthly": held.monthly().to_csv().encode()} if held.parts(store.MONTHLY) else {})
