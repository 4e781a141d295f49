"""Keyed luck: every draw is a function of who decides what, when and why, never of what was drawn before.

A uniform comes from Philox4x32-10 (Salmon et al. 2011): the replicate's 64-bit seed is the key, and (who, partner,
month, purpose) is the counter. So neither the order of evaluation nor the number of threads nor an unrelated change
can shift anyone's luck, and two scenarios under one seed are compared under common random numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redesign_sim.roles import Purpose
from redesign_sim.rulekit import jitable, unchecked

if TYPE_CHECKING:
    from redesign_sim.things import Codes, Numbers, Table, World

MASK = 0xFFFFFFFF
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
UNIT = 1.0 / 9007199254740992.0


class Key(NamedTuple):
    """The two 32-bit words that make a replicate's luck its own."""

    low: int
    high: int


def replicate_key(seed: int, replication: int) -> Key:
    """The key of a replicate of a study; seed 0 is a seed like any other."""
    low, high = np.random.SeedSequence(seed, spawn_key=(replication,)).generate_state(2)
    return Key(int(low), int(high))


@jitable
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Ten rounds of Philox4x32 over a counter and a key of 32-bit words.

    A product of two words may wrap round the 64 bits of compiled code; the masks take the same bits of it either way.
    """
    for _ in range(10):
        product_0 = c0 * MULTIPLIER_0
        product_1 = c2 * MULTIPLIER_1
        c0, c1, c2, c3 = (
            ((product_1 >> 32) & MASK) ^ c1 ^ k0,
            product_1 & MASK,
            ((product_0 >> 32) & MASK) ^ c3 ^ k1,
            product_0 & MASK,
        )
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@jitable
def uniform(world: World, who: int, partner: int, purpose: int) -> float:
    """A number in [0, 1) that belongs to who, with whom (or which sub-draw), this month, for this purpose."""
    month = int(world.scene.month)
    a, b, _, _ = philox(int(who), int(partner), month, purpose, world.key.low, world.key.high)
    return ((a >> 5) * 67108864 + (b >> 6)) * UNIT


AT_ONCE = 16
"""How many lots are drawn at once."""

ROOM = 2 * AT_ONCE
"""Rows of lots have room for a whole number of these, since so many are compared at once."""

MONTHLY = (
    Purpose.TAKING_STOCK,
    Purpose.MEETING_ELSEWHERE,
    Purpose.NETWORK_MEETING,
    Purpose.ENCOUNTERS,
    Purpose.REORGANISATION,
)
"""What everybody, or every organisation, draws a lot for every month, all at once; row 0 of `world.lots` holds lots of
activation, the rows that follow hold these.
"""


@jitable
def monthly_lot(world: World, who: int, purpose: int) -> float:
    """The lot of this month for one of the purposes of `MONTHLY`: the number that `uniform` gives, with partner 0."""
    if purpose == Purpose.TAKING_STOCK:
        return world.lots[1, who]
    if purpose == Purpose.MEETING_ELSEWHERE:
        return world.lots[2, who]
    if purpose == Purpose.NETWORK_MEETING:
        return world.lots[3, who]
    if purpose == Purpose.ENCOUNTERS:
        return world.lots[4, who]
    return world.lots[5, who]


@unchecked
def draw_lots(key: Key, partner: int, month: int, purpose: int, lots: Table, row: int, number: int) -> None:
    """The lots of all who have numbers below `number`, as `uniform` draws them one by one, into a row of lots."""
    low = key.low & MASK
    high = key.high & MASK
    for first in range(0, min(number, lots.shape[1] - AT_ONCE + 1), AT_ONCE):
        for lane in range(AT_ONCE):
            who = first + lane
            a, b, _, _ = philox(who & MASK, partner & MASK, month & MASK, purpose, low, high)
            lots[row, who] = ((a >> 5) * 67108864 + (b >> 6)) * UNIT


@unchecked
def draw_lots_with_all(key: Key, who: int, month: int, purpose: int, lots: Table, row: int, number: int) -> None:
    """Someone's lots with all partners who have numbers below `number`, as `uniform` draws them one by one, into a
    row.
    """
    low = key.low & MASK
    high = key.high & MASK
    drawer = int(who) & MASK
    for first in range(0, min(number, lots.shape[1] - AT_ONCE + 1), AT_ONCE):
        for lane in range(AT_ONCE):
            partner = first + lane
            a, b, _, _ = philox(drawer, partner & MASK, month & MASK, purpose, low, high)
            lots[row, partner] = ((a >> 5) * 67108864 + (b >> 6)) * UNIT


@unchecked
def draw_lots_of(  # noqa: PLR0913  who, what for, and where to
    key: Key, whom: Numbers, partner: int, month: int, purpose: int, lots: Table, row: int, number: int
) -> None:
    """The lots of the first so many on a list, as `uniform` draws them one by one, into a row in the list's order."""
    low = key.low & MASK
    high = key.high & MASK
    room = min(whom.shape[0], lots.shape[1])
    for first in range(0, min(number, room - AT_ONCE + 1), AT_ONCE):
        for lane in range(AT_ONCE):
            who = int(whom[first + lane])
            a, b, _, _ = philox(who & MASK, partner & MASK, month & MASK, purpose, low, high)
            lots[row, first + lane] = ((a >> 5) * 67108864 + (b >> 6)) * UNIT


@unchecked
def draw_lots_with_those(  # noqa: PLR0913
    key: Key, who: int, partners: Codes, of: int, month: int, purpose: int, lots: Table, row: int, number: int
) -> None:
    """Someone's lots with the first so many partners on one of several lists, as `uniform` draws them one by one, into
    a row in the list's order.
    """
    low = key.low & MASK
    high = key.high & MASK
    drawer = int(who) & MASK
    room = min(partners.shape[1], lots.shape[1])
    for first in range(0, min(number, room - AT_ONCE + 1), AT_ONCE):
        for lane in range(AT_ONCE):
            partner = int(partners[of, first + lane])
            a, b, _, _ = philox(drawer, partner & MASK, month & MASK, purpose, low, high)
            lots[row, first + lane] = ((a >> 5) * 67108864 + (b >> 6)) * UNIT


@jitable
def lots_with_those(world: World, who: int, partners: Codes, of: int, number: int, purpose: int) -> None:
    """Someone's lots of this month with the first so many partners on one of several lists, into row 0 of
    `world.lots` in the list's order.
    """
    month = int(world.scene.month)
    draw_lots_with_those(world.key, who, partners, int(of), month, purpose, world.lots, 0, int(number))


@jitable
def lots_with_all(world: World, who: int, number: int, purpose: int) -> None:
    """Someone's lots of this month with all partners who have numbers below `number`, into row 0 of `world.lots`."""
    draw_lots_with_all(world.key, who, int(world.scene.month), purpose, world.lots, 0, int(number))


@jitable
def draw_monthly_lots(world: World) -> None:
    """Everybody's and every organisation's lots for whatever they draw a lot for every month."""
    month = int(world.scene.month)
    people = int(world.scene.people)
    draw_lots(world.key, 0, month, Purpose.TAKING_STOCK, world.lots, 1, people)
    draw_lots(world.key, 0, month, Purpose.MEETING_ELSEWHERE, world.lots, 2, people)
    if world.case.network_strength > 0.0:
        draw_lots(world.key, 0, month, Purpose.NETWORK_MEETING, world.lots, 3, people)
    draw_lots(world.key, 0, month, Purpose.ENCOUNTERS, world.lots, 4, people)
    draw_lots(world.key, 0, month, Purpose.REORGANISATION, world.lots, 5, int(world.scene.organisations))


@jitable
def keyed_rank(world: World, who: int, purpose: int) -> float:
    """Where someone stands in a keyed random order; ties, if they ever happen, go to the lower number."""
    return uniform(world, who, 0, purpose)


@jitable
def quantile(world: World, row: int, u: float) -> float:
    """The value below which the share u of a tabulated distribution lies, straight lines between the tabulated
    points.
    """
    steps = world.quantiles.shape[1] - 1
    place = u * steps
    below = min(int(place), steps - 1)
    rest = place - below
    return world.quantiles[row, below] * (1.0 - rest) + world.quantiles[row, below + 1] * rest
