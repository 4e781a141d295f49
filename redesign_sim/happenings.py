"""What happened: the buffer of events that tells a run's history, with the codes of what can happen.

The wording of each code stands once, further out, where histories are told.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from redesign_sim.rulekit import jitable

if TYPE_CHECKING:
    from redesign_sim.things import World


class Event(IntEnum):
    """What can happen in a month. `who`, `whom`, `about` and `amount` are explained beside each code; -1 = nobody."""

    STRATEGY_PUBLISHED = 0  # about: strategy; amount: realised clinical input
    REORGANISED = 1  # about: organisation; amount: share of attention lost
    STAFF_MOVED = 2  # who moved; whom: exchanged posts with (or -1: another team); about: organisation left
    MANAGER_REPLACED = 3  # who: the post; about: organisation
    AUTHORISATION_LAPSED = 4  # who: manager who left; about: proposal
    LINK_MADE = 5  # who, whom
    NETWORK_MET = 6  # amount: people who came
    LEAVE_REFUSED = 7  # who asked; whom: manager
    PROPOSAL_STARTED = 8  # who leads; about: proposal; amount: depth asked
    APPROACHED = 9  # who approached whom; about: proposal; amount: whom's weighing of it
    BACKED = 10  # who came on board of whom's lead; about: proposal; amount: weighing
    DECLINED = 11  # who declined whom's; about: proposal; amount: weighing
    OVERCOMMITTED = 12  # who would back it but backs too much already; whom: lead; about: proposal
    CONCEDED = 13  # who conceded to whom; about: proposal; amount: practice * 10 + depth given up (0-1)
    GUARANTEED = 14  # who guaranteed whom's role; about: proposal; amount: guarantee given
    HELD = 15  # who held out against whom; about: proposal; amount: trust lost
    INTRODUCED = 16  # who was introduced to whom; about: proposal
    CO_LEADS = 17  # who joins whom in leading; about: proposal
    RESCOPED = 18  # who left out; whom: refuser; about: proposal; amount: organisation left out
    WENT_FORMAL = 19  # who; about: proposal; amount: share judged on board
    NOT_HEARD = 20  # who; about: proposal
    GRANTED = 21  # who granted; about: proposal; whom: organisation; amount: share of the depth asked
    VOTED_DOWN = 22  # who refused; about: proposal; whom: organisation; amount: weighing
    RETURNED = 23  # whom: lead; about: proposal
    REFUSED = 24  # whom: lead; about: proposal; amount: share of voters against
    AUTHORISED = 25  # whom: lead; about: proposal; amount: depth granted
    LEFT_OUT = 26  # whom: organisation; about: proposal
    STALLED = 27  # who led; about: proposal; amount: months since it began
    IMPOSED = 28  # who imposes; whom: interface; about: proposal; amount: pressure
    OUTMANOEUVRED = 29  # who; about: proposal; amount: practice
    COMPLETED = 30  # who led; about: proposal; amount: depth implemented
    FADED = 31  # who led; about: proposal; amount: depth implemented
    VOTED = 32  # who voted; whom: commissioning body (-1: all jointly); about: proposal; amount: weighing


@jitable
def note(world: World, event: int, who: int, whom: int, about: int, amount: float) -> None:
    """Write an event down, if the run keeps a history; a full buffer counts what it could not hold."""
    row = int(world.scene.events)
    world.scene.events = row + 1
    if row < world.event_amounts.shape[0]:
        world.event_codes[row, 0] = int(world.scene.month)
        world.event_codes[row, 1] = event
        world.event_codes[row, 2] = int(who)
        world.event_codes[row, 3] = int(whom)
        world.event_codes[row, 4] = int(about)
        world.event_amounts[row] = amount
