"""Who acts when: the keyed random order of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.draws import draw_lots, draw_monthly_lots, uniform
from redesign_sim.roles import Purpose
from redesign_sim.rulekit import jitable, unchecked

if TYPE_CHECKING:
    from redesign_sim.things import Codes, Numbers, Table, World

PEOPLE = 0
"""The row of `world.order` that holds people."""
PROPOSALS = 3
"""The row of `world.order` that holds live proposals."""

FEW = 24
"""Up to how many things are put in order one by one."""


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
    """Write so many things down by their lots; of proposals the live ones, and else whoever has a number below."""
    for n in range(number):
        world.order[kind, n] = world.live[n] if kind == PROPOSALS else n
    if number > FEW:
        bring_near(world.order, world.lots, world.places, world.live, kind, number)
    move_up(world.order, world.lots, kind, number)


@unchecked
def bring_near(order: Codes, lots: Table, places: Numbers, live: Numbers, kind: int, number: int) -> None:
    """Put each thing near its place: lots are spread evenly, so a lot says about where it comes."""
    for place in range(number + 1):
        places[place] = 0
    for n in range(number):
        thing = live[n] if kind == PROPOSALS else n
        places[min(number - 1, int(lots[0, thing] * number)) + 1] += 1
    for place in range(number):
        places[place + 1] += places[place]
    for n in range(number):
        thing = live[n] if kind == PROPOSALS else n
        about = min(number - 1, int(lots[0, thing] * number))
        order[kind, places[about]] = thing
        places[about] += 1


@unchecked
def move_up(order: Codes, lots: Table, kind: int, number: int) -> None:
    """Put each thing before those in front of it that have a higher lot."""
    for n in range(1, number):
        thing = order[kind, n]
        lot = lots[0, thing]
        place = n
        while place > 0 and lots[0, order[kind, place - 1]] > lot:
            order[kind, place] = order[kind, place - 1]
            place -= 1
        order[kind, place] = thing
