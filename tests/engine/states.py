"""The two executions side by side: a run of each, and what differs between their states, bit for bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redesign_sim.draws import replicate_key
from redesign_sim.engine.replications import STAGE_ENTRIES
from redesign_sim.model import RedesignModel
from redesign_sim.world.building import build
from redesign_sim.world.records import State, copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from redesign_sim.scenario import Scenario

EVENTS = 20_000


def fields(state: State) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Every field of every record, and every table, by name."""
    for name in State._fields:
        part = getattr(state, name)
        for field in part.dtype.names or ("",):
            yield f"{name}.{field}".rstrip("."), part[field] if field else part


def differences(one: State, other: State) -> list[str]:
    """Where two states differ by a bit: field, place, and what either holds there."""
    found = []
    for (name, here), (_, there) in zip(fields(one), fields(other), strict=True):
        if here.shape != there.shape or here.dtype != there.dtype:
            found.append(f"{name}: {here.shape} {here.dtype} and {there.shape} {there.dtype}")
        elif here.tobytes() != there.tobytes():
            at = first_difference(here, there)
            found.append(f"{name}{list(at)}: {here[at]!r} and {there[at]!r}")
    return found


def first_difference(here: npt.NDArray[Any], there: npt.NDArray[Any]) -> tuple[int, ...]:
    bits = [np.ascontiguousarray(part).view(f"u{part.dtype.itemsize}") for part in (here, there)]
    return tuple(int(n) for n in np.argwhere(bits[0] != bits[1])[0])


def side_by_side(
    scenario: Scenario, months: int, seed: int, replication: int = 0
) -> Iterator[tuple[str, State, State]]:
    """Both executions of a case, after the first day and after each stage of each month: where, records, agents.

    The records are those of the compiled engine, interpreted where the compiler is off.
    """
    key = replicate_key(seed, replication)
    state = copy_of(build(scenario, event_slots=EVENTS).state)
    STAGE_ENTRIES["founding"](state, *key)
    model = RedesignModel(scenario, seed=seed, replication=replication, event_slots=EVENTS)
    yield f"{scenario.name}, seed {seed}, first day", state, model.world.written_back()
    for month in range(1, months + 1):
        state.scene[0].month += 1
        for stage in model.stages():
            STAGE_ENTRIES[stage.name](state, *key)
            yield f"{scenario.name}, seed {seed}, month {month}, {stage.name}", state, model.world.written_back()
