"""Decisions taken again on paper: the same proposal on the same day, with its emphasis turned away from policy.

The stage of decision is lived a second time in a copy of the state, under the same luck, after each package that waits
for it has been changed: its depths are dealt out again over the practices, the deepest to what policy stresses least,
and scaled to do as much for patients as before. Who backs it stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redesign_sim.draws import replicate_key
from redesign_sim.engine.replications import STAGE_ENTRIES, template_of
from redesign_sim.month import MONTH
from redesign_sim.roles import Practice, Stage
from redesign_sim.world.records import copy_of

if TYPE_CHECKING:
    from redesign_sim.evidence.claims import FloatArray
    from redesign_sim.scenario import Scenario
    from redesign_sim.world.records import State

DECIDED_AGAIN = "passes_less_if_turned"
"""The reading: of the proposals decided while a strategy is heard, the share that passes less that when turned."""

ROUNDING = 1e-9
DECISION = "decision"


def decided_again(scenario: Scenario, replications: range, seed: int) -> FloatArray:
    """The reading of each replication; NaN where nothing was decided while a strategy was heard."""
    return np.array([_one(scenario, replication, seed) for replication in replications], dtype=float)


def _one(scenario: Scenario, replication: int, seed: int) -> float:
    """A run, stage by stage, with each month's decisions taken twice."""
    state, key = copy_of(template_of(scenario).state), replicate_key(seed, replication)
    STAGE_ENTRIES["founding"](state, *key)
    differences: list[int] = []
    for _ in range(scenario.horizon_months):
        state.scene[0]["month"] += 1
        for stage in MONTH:
            waiting = _waiting(state) if stage.name == DECISION else []
            paper = _turned(state, waiting) if waiting else None
            STAGE_ENTRIES[stage.name](state, *key)
            if paper is not None:
                STAGE_ENTRIES[stage.name](paper, *key)
                differences += _compared(state, paper, waiting)
    return float(np.mean(differences)) if differences else float("nan")


def _waiting(state: State) -> list[int]:
    """The proposals that wait for a decision while some strategy is heard, if they can be turned at equal merit."""
    if state.scene[0]["salience"] <= 0:
        return []
    waiting = np.flatnonzero(state.proposals["stage"][: int(state.scene[0]["proposals"])] == Stage.BEFORE_DECISION)
    return [int(number) for number in waiting if turned(state, int(number)) is not None]


def _turned(state: State, waiting: list[int]) -> State:
    """A copy of the state in which these proposals are turned away from policy."""
    paper = copy_of(state)
    for number in waiting:
        paper.proposals["design"][number] = turned(state, number)
    return paper


def turned(state: State, number: int) -> FloatArray | None:
    """A package's depths dealt out again, the deepest to what policy stresses least, with as much good for patients.

    None where that would take a practice beyond the whole way.
    """
    design = state.proposals["design"][number]
    open_to_change = state.practices["changeable"] > 0
    if state.proposals["breadth"][number] == 1:
        open_to_change[Practice.TARIFF] = False
    places = np.flatnonzero(open_to_change)
    loudness = state.strategies["salience"]
    stressed = loudness @ state.emphasis
    good = state.practices["outcome_gain"] + state.practices["experience_gain"]
    dealt = np.zeros_like(design)
    dealt[places[np.argsort(stressed[places], kind="stable")]] = np.sort(design[places])[::-1]
    before, after = float(good @ design), float(good @ dealt)
    if before <= 0 or after <= 0:
        return None
    scaled = np.asarray(dealt * (before / after), dtype=float)
    return scaled if scaled.max() <= 1 + ROUNDING else None


def _compared(state: State, paper: State, waiting: list[int]) -> list[int]:
    """For each proposal decided both ways: 1 if it passed only as it was, -1 if only when turned, 0 if alike."""
    as_it_was, when_turned = (each.proposals["stage"][waiting] for each in (state, paper))
    decided = (as_it_was != Stage.BEFORE_DECISION) & (when_turned != Stage.BEFORE_DECISION)
    passed = (as_it_was == Stage.AUTHORISED).astype(int) - (when_turned == Stage.AUTHORISED).astype(int)
    return [int(each) for each in passed[decided]]
