"""Who acts when: the keyed random order of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.draws import ROOM, draw_lots, draw_lots_of, draw_monthly_lots
from redesign_sim.roles import Purpose
from redesign_sim.rulekit import jitable, unchecked

if TYPE_CHECKING:
    from redesign_sim.things import Codes, Numbers, Table, World

PEOPLE = 0
"""The row of `world.order` that holds people."""
PROPOSALS = 3
"""The row of `world.order` that holds live proposals."""

NOBODY = -1
"""What stands at a place that nobody has taken."""

MANY = 160
"""From how many things on it takes longer to compare each with every other than to put each near its place first."""

LAST = 2.0
"""A lot that comes after every other; it stands where nothing has drawn one."""


@jitable
def take_turns(world: World, kind: int, number: int) -> int:
    """Put the things of a kind into this month's keyed order; ties go to the lower number. How many there are is
    returned.

    Of proposals only live ones take a turn. The order of everything else holds for the month, which its row of
    `world.order` ends in, so it is made once. What everybody draws lots for every month is drawn with people's order.
    """
    month = world.order.shape[1] - 1
    if kind == PROPOSALS:
        live = int(world.scene.live)
        draw_lots_of(world.key, world.live, kind, int(world.scene.month), Purpose.ACTIVATION, world.lots, 0, live)
        put_in_order(world, kind, live)
        return live
    if world.order[kind, month] != world.scene.month:
        world.order[kind, month] = world.scene.month
        if kind == PEOPLE:
            draw_monthly_lots(world)
        draw_lots(world.key, kind, int(world.scene.month), Purpose.ACTIVATION, world.lots, 0, number)
        put_in_order(world, kind, number)
    return number


@jitable
def put_in_order(world: World, kind: int, number: int) -> None:
    """Write so many things down by their lots, which stand in row 0 of `world.lots` in the order of their numbers; of
    proposals the live ones, and else whoever has a number below.
    """
    if number > MANY:
        bring_near(world.order, world.lots, world.places, kind, number)
        move_up(world.order, world.lots, kind, number)
    else:
        count_those_before(world.order, world.lots, kind, number)
    if kind == PROPOSALS:
        for place in range(number):
            world.order[kind, place] = world.live[world.order[kind, place]]


@unchecked
def count_those_before(order: Codes, lots: Table, kind: int, number: int) -> None:
    """Put each thing behind as many as have a lower lot, and behind whoever stands there already with the same."""
    for n in range(number):
        order[kind, n] = NOBODY
    whole = ROOM * ((number + ROOM - 1) // ROOM)
    for n in range(number, whole):
        lots[0, n] = LAST
    for n in range(number):
        lot = lots[0, n]
        place = 0
        for other in range(whole):
            place += 1 if lots[0, other] < lot else 0
        while order[kind, place] != NOBODY:
            place += 1
        order[kind, place] = n


@unchecked
def bring_near(order: Codes, lots: Table, places: Numbers, kind: int, number: int) -> None:
    """Put each thing near its place: lots are spread evenly, so a lot says about where it comes."""
    for place in range(number + 1):
        places[place] = 0
    for n in range(number):
        places[min(number - 1, int(lots[0, n] * number)) + 1] += 1
    for place in range(number):
        places[place + 1] += places[place]
    for n in range(number):
        about = min(number - 1, int(lots[0, n] * number))
        order[kind, places[about]] = n
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
