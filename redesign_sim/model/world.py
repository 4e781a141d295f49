"""The world as interpreted rules see it: agents and plain objects with Python numbers, and views of the tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from redesign_sim.world.records import DTYPES, SINGLE, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.draws import Key

LISTS = ("people", "organisations", "interfaces", "proposals", "strategies", "practices")
"""The parts of the world that are lists of things."""


class InterpretedWorld:
    """A world of agents and objects. Its tables are views of arrays that hand out Python numbers."""

    def __init__(self, state: State, key: Key, people: Sequence[Any]) -> None:
        """See a state of its own through `people`, blank agents that are given what the records hold."""
        self.key = key
        self.state = state
        for name in SINGLE:
            setattr(self, name, numbers_of(getattr(state, name)[0], SimpleNamespace()))
        for name in LISTS:
            records = getattr(state, name)
            things = people if name == "people" else [SimpleNamespace() for _ in records]
            setattr(self, name, [numbers_of(record, thing) for record, thing in zip(records, things, strict=True)])
        for name in State._fields:
            if name not in SINGLE and name not in LISTS:
                setattr(self, name, memoryview(getattr(state, name)))

    def written_back(self) -> State:
        """The state with everything that the agents and objects now hold written into its records."""
        for name in (*SINGLE, *LISTS):
            records = getattr(self.state, name)
            things = [getattr(self, name)] if name in SINGLE else getattr(self, name)
            for record, thing in zip(records, things, strict=True):
                for field in DTYPES[name].names or ():
                    record[field] = getattr(thing, field)
        return self.state


def numbers_of(record: np.void, thing: Any) -> Any:  # noqa: ANN401  an agent or an object
    """Give a thing what a record holds, as Python numbers; what is said of each practice as a list."""
    for name in record.dtype.names or ():
        value = record[name]
        setattr(thing, name, value.tolist() if isinstance(value, np.ndarray) else value.item())
    return thing
