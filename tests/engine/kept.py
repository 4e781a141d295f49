"""What is kept because it is read often, counted again from what it follows from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redesign_sim.roles import Stage
from redesign_sim.rules.strategising import loudest_emphasis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redesign_sim.world.records import State


def miskept(state: State) -> list[str]:
    """What a state keeps and would not be counted so."""
    return [*_people_and_policy(state), *_places(state), *_scopes(state)]


def _people_and_policy(state: State) -> Iterator[str]:
    seen = np.zeros(len(state.people))
    for k in range(state.people["sees"].shape[1]):
        seen += state.people["sees"][:, k]
    if not np.array_equal(state.people["share"], state.people["sees"] / seen[:, None]):
        yield "share of the worth that people see"
    world = _Heard(state)
    wanted = [loudest_emphasis(world, k) for k in range(state.emphasis.shape[1])]  # type: ignore[arg-type]
    if wanted != state.scene[0]["wanted"].tolist():
        yield f"wanted is {state.scene[0]['wanted']}, counted {wanted}"
    started = state.proposals[: state.scene[0]["proposals"]]
    live = np.flatnonzero(started["stage"] <= Stage.AUTHORISED).tolist()
    if live != state.live[: state.scene[0]["live"]].tolist():
        yield f"live are {state.live[: state.scene[0]['live']]}, counted {live}"


class _Heard:
    """What `loudest_emphasis` reads of a state."""

    def __init__(self, state: State) -> None:
        self.scene, self.strategies = state.scene[0], state.strategies
        self.emphasis = _ByTwo(state.emphasis.tolist())


class _ByTwo:
    """A table of Python numbers, read as rules read tables."""

    def __init__(self, rows: list[list[float]]) -> None:
        self._rows = rows

    def __getitem__(self, at: tuple[int, int]) -> float:
        return self._rows[at[0]][at[1]]


def _places(state: State) -> Iterator[str]:
    for o, home in enumerate(state.organisations):
        borders = np.flatnonzero((state.interfaces["first"] == o) | (state.interfaces["second"] == o)).tolist()
        if borders != state.borders[o, : home["borders"]].tolist():
            yield f"borders of organisation {o}, counted {borders}"


def _scopes(state: State) -> Iterator[str]:
    first, second = state.interfaces["first"], state.interfaces["second"]
    for p, proposal in enumerate(state.proposals):
        for what, many, inside in (
            ("touched", "touches", state.scope[p]),
            ("joined", "joins", state.scope[p, first] & state.scope[p, second]),
        ):
            kept: Any = getattr(state, what)[p, : proposal[many]].tolist()
            if kept != (counted := np.flatnonzero(inside).tolist()):
                yield f"{what} by proposal {p} is {kept}, counted {counted}"
