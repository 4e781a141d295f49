"""Everyone takes a turn in the order of their lots, and of equal lots the lower number goes first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from redesign_sim.draws import ROOM
from redesign_sim.world.activation import MANY, PEOPLE, PROPOSALS, put_in_order

pytestmark = pytest.mark.core


def lots_of(number: int, seed: int) -> Any:  # noqa: ANN401  a world
    """A world in which so many have drawn lots, some of them the same; what comes after them in the row is left over
    from others.
    """
    rng = np.random.default_rng([seed, number])
    room = ROOM * (1 + number // ROOM)
    lots = rng.integers(number, size=(1, room)) / number
    return SimpleNamespace(
        lots=lots,
        order=np.zeros((4, room + 1), np.int64),
        places=np.zeros(room + 1, np.int64),
        live=rng.permutation(room),
    )


@pytest.mark.parametrize("number", [1, 2, ROOM - 1, ROOM, 70, MANY, MANY + 1, 3 * MANY])
def test_the_lower_lot_goes_first_and_of_equal_lots_the_lower_number(number: int, seed: int) -> None:
    world = lots_of(number, seed)
    drawn = world.lots[0, :number].tolist()
    put_in_order(world, PEOPLE, number)
    assert world.order[PEOPLE, :number].tolist() == sorted(range(number), key=lambda n: (drawn[n], n))


@pytest.mark.parametrize("number", [1, 20, MANY + 1])
def test_of_proposals_the_live_ones_take_a_turn(number: int, seed: int) -> None:
    world = lots_of(number, seed)
    drawn, live = world.lots[0, :number].tolist(), world.live.tolist()
    put_in_order(world, PROPOSALS, number)
    assert world.order[PROPOSALS, :number].tolist() == [
        live[n] for n in sorted(range(number), key=lambda n: (drawn[n], n))
    ]
