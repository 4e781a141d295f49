"""Who acts when: the keyed random order of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.draws import draw_lots, draw_monthly_lots, uniform
from redesign_sim.roles import Purpose
from redesign_sim.rulekit import jitable

if TYPE_CHECKING:
    from redesign_sim.things import World

PEOPLE = 0
"""The row of `world.order` that holds people."""
PROPOSALS = 3
"""The row of `world.order` that holds live proposals."""


@jitable
def take_turns(world: World, kind: int, number: int) -> int:
    """Put the things of a kind into this month's keyed order; ties go to the lower number. How many there are is
    returned.

    Of proposals only live ones take a turn. The order of everything else holds for the month, which its row of
    `world.order` ends in, so it is made once. What everybody draws lots for every month is drawn with people's order.
    """
    month = world.order.shape[1] - 1
    if kind == PROPOSALS:
        for n in range(world.scene.live):
            world.lots[0, world.live[n]] = uniform(world, world.live[n], kind, Purpose.ACTIVATION)
        put_in_order(world, kind, world.scene.live)
        return world.scene.live
    if world.order[kind, month] != world.scene.month:
        world.order[kind, month] = world.scene.month
        if kind == PEOPLE:
            draw_monthly_lots(world)
        draw_lots(world.key, kind, int(world.scene.month), Purpose.ACTIVATION, world.lots, 0, number)
        put_in_order(world, kind, number)
    return number


@jitable
def put_in_order(world: World, kind: int, number: int) -> None:
    """Write so many things down by their lots: each near its place at once, since lots are spread evenly."""
    for place in range(number + 1):
        world.places[place] = 0
    for n in range(number):
        world.places[near(world.lots[0, candidate(world, kind, n)], number) + 1] += 1
    for place in range(number):
        world.places[place + 1] += world.places[place]
    for n in range(number):
        thing = candidate(world, kind, n)
        about = near(world.lots[0, thing], number)
        world.order[kind, world.places[about]] = thing
        world.places[about] += 1
    for n in range(1, number):
        move_up(world, kind, n)


@jitable
def candidate(world: World, kind: int, n: int) -> int:
    """The n-th of those who take a turn: of proposals the n-th live one."""
    return int(world.live[n]) if kind == PROPOSALS else n


@jitable
def near(lot: float, number: int) -> int:
    """About where among so many a lot comes."""
    return min(number - 1, int(lot * number))


@jitable
def move_up(world: World, kind: int, n: int) -> None:
    """Put a thing before those in front of it that have a higher lot."""
    thing = world.order[kind, n]
    while n > 0 and world.lots[0, world.order[kind, n - 1]] > world.lots[0, thing]:
        world.order[kind, n] = world.order[kind, n - 1]
        n -= 1
    world.order[kind, n] = thing
