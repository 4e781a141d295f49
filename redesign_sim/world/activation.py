"""Who acts when: the keyed random order of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.draws import uniform
from redesign_sim.roles import Purpose, Stage
from redesign_sim.rulekit import jitable

if TYPE_CHECKING:
    from redesign_sim.things import World

PROPOSALS = 3
"""The row of `world.order` that holds live proposals."""


@jitable
def take_turns(world: World, kind: int, number: int) -> int:
    """Put the things of a kind into this month's keyed order; ties go to the lower number. How many there are is
    returned.

    Of proposals only live ones take a turn. The order of everything else holds for the month, which its row of
    `world.order` ends in, so it is made once.
    """
    month = world.order.shape[1] - 1
    if kind != PROPOSALS and world.order[kind, month] == world.scene.month:
        return number
    world.order[kind, month] = world.scene.month
    placed = 0
    for i in range(number):
        if kind != PROPOSALS or world.proposals[i].stage <= Stage.AUTHORISED:
            lot = uniform(world, i, kind, Purpose.ACTIVATION)
            place = placed
            while place > 0 and world.ranks[place - 1] > lot:
                world.ranks[place] = world.ranks[place - 1]
                world.order[kind, place] = world.order[kind, place - 1]
                place -= 1
            world.ranks[place] = lot
            world.order[kind, place] = i
            placed += 1
    return placed
