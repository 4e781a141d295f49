"""Where a package acts: the organisations in its scope and the interfaces that it joins, listed as the scope
changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.rulekit import jitable

if TYPE_CHECKING:
    from redesign_sim.things import Codes, Proposal, World


@jitable
def take_in(organisation: int, proposal: Proposal, world: World) -> None:
    """An organisation comes into the scope, and with it the interfaces that it shares with those already in."""
    if world.scope[proposal.number, organisation] == 1:
        return
    world.scope[proposal.number, organisation] = 1
    insert(organisation, world.touched, proposal.number, proposal.touches)
    proposal.touches += 1
    for place in range(world.organisations[organisation].borders):
        i = world.borders[organisation, place]
        if is_joined(i, proposal, world):
            insert(i, world.joined, proposal.number, proposal.joins)
            proposal.joins += 1


@jitable
def leave_out(organisation: int, proposal: Proposal, world: World) -> None:
    """An organisation leaves the scope, and with it the interfaces that it shared with others there."""
    for place in range(world.organisations[organisation].borders):
        i = world.borders[organisation, place]
        if is_joined(i, proposal, world):
            remove(i, world.joined, proposal.number, proposal.joins)
            proposal.joins -= 1
    world.scope[proposal.number, organisation] = 0
    remove(organisation, world.touched, proposal.number, proposal.touches)
    proposal.touches -= 1


@jitable
def leave_all_out(proposal: Proposal, world: World) -> None:
    """A scope becomes empty."""
    for place in range(proposal.touches):
        world.scope[proposal.number, world.touched[proposal.number, place]] = 0
    proposal.touches = 0
    proposal.joins = 0


@jitable
def is_joined(i: int, proposal: Proposal, world: World) -> bool:
    """Whether both sides of an interface are in the scope."""
    interface = world.interfaces[i]
    return world.scope[proposal.number, interface.first] + world.scope[proposal.number, interface.second] == 2


@jitable
def insert(number: int, lists: Codes, row: int, length: int) -> None:
    """Put a number into a list in which the lower comes first."""
    place = length
    while place > 0 and lists[row, place - 1] > number:
        lists[row, place] = lists[row, place - 1]
        place -= 1
    lists[row, place] = number


@jitable
def remove(number: int, lists: Codes, row: int, length: int) -> None:
    """Take a number out of a list; the others keep their order."""
    found = 0
    for place in range(length - 1):
        if lists[row, place] == number:
            found = 1
        if found == 1:
            lists[row, place] = lists[row, place + 1]
