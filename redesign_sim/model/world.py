"""The world as interpreted rules see it: agents and plain objects with Python numbers, and views of the tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from redesign_sim.world.records import DTYPES, SINGLE, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

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
            setattr(self, name, given_numbers(getattr(state, name), [SimpleNamespace()])[0])
        for name in LISTS:
            records = getattr(state, name)
            things = people if name == "people" else [SimpleNamespace() for _ in records]
            setattr(self, name, given_numbers(records, things))
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


def given_numbers(records: npt.NDArray[np.void], things: Sequence[Any]) -> list[Any]:
    """Give things, agents or objects, what their records hold, as Python numbers; what is said of each practice as a
    list.
    """
    for name in records.dtype.names or ():
        for thing, value in zip(things, records[name].tolist(), strict=True):
            setattr(thing, name, value)
    return list(things)
