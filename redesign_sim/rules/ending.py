"""How a proposal ends: given up, handed on, completed; and who looks after what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.happenings import Event, note
from redesign_sim.roles import Stage, Stance
from redesign_sim.rulekit import jitable, rule
from redesign_sim.rules.initiating import learn
from redesign_sim.rules.linking import change_stance

if TYPE_CHECKING:
    from redesign_sim.things import Organisation, Person, Proposal, World


@rule("P1", claims=("C15", "C17"), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def adoption(organisation: Organisation, world: World, proposal: Proposal) -> float:
    """The share of an organisation's clinicians who are on board with a package."""
    if organisation.clinicians == 0:
        return 0.0
    return world.backers[proposal.number, organisation.number] / organisation.clinicians


@rule("P15", claims=("C1", "C8"), source="assumed: those who agreed to a change look after it")
def hand_to_adopters(proposal: Proposal, world: World, stage: int) -> None:
    """Each side of an interface is tended from now on by the share of its clinicians who were on board."""
    for place in range(proposal.joins):
        i = world.joined[proposal.number, place]
        interface = world.interfaces[i]
        world.upkeep[i, 0] = max(world.upkeep[i, 0], adoption(world.organisations[interface.first], world, proposal))
        world.upkeep[i, 1] = max(world.upkeep[i, 1], adoption(world.organisations[interface.second], world, proposal))
        if stage == Stage.COMPLETED:
            interface.redesigned = 1


@jitable
def release(person: Person, world: World, proposal: Proposal) -> None:
    """A person's backing of a proposal no longer takes room, and helping to lead it no longer takes time."""
    if world.stance[proposal.number, person.number] >= Stance.BACKS:
        person.backing -= 1
    if person.proposal == proposal.number:
        person.proposal = -1


@jitable
def leave_the_live(proposal: Proposal, world: World) -> None:
    """A proposal is no longer live; the others keep their order."""
    world.scene.live -= 1
    found = 0
    for place in range(world.scene.live):
        if world.live[place] == proposal.number:
            found = 1
        if found == 1:
            world.live[place] = world.live[place + 1]


@jitable
def end(proposal: Proposal, stage: int, world: World) -> None:
    """A proposal is over: what it changed is handed on, and everyone's backing and time that it held is free again."""
    if proposal.authorised > 0:
        hand_to_adopters(proposal, world, stage)
    proposal.stage = stage
    proposal.ended = world.scene.month
    leave_the_live(proposal, world)
    for j in range(world.scene.people):
        release(world.people[j], world, proposal)


@rule("N31", claims=("C1", "C7"), source="Storey and Holti 2013")
def give_up(proposal: Proposal, world: World) -> None:
    """A proposal that has not gathered support in time stalls."""
    proposal.reason = Event.STALLED
    world.scene.stalled += 1
    note(world, Event.STALLED, proposal.lead, -1, proposal.number, world.scene.month - proposal.started + 1.0)
    end(proposal, Stage.STALLED, world)
    learn(proposal, world, 0.0)


@rule("N33", claims=("C8",), source="Storey and Holti 2013")
def carry_on(proposal: Proposal, world: World) -> None:
    """A proposal whose lead has left goes on under whoever helped to lead it, or else stalls."""
    if proposal.abandoned == 0 or proposal.stage > Stage.AUTHORISED:
        return
    proposal.abandoned = 0
    former = world.people[proposal.lead]
    former.proposal = -1
    change_stance(former, proposal.number, Stance.NOT_ASKED, world)
    for j in range(world.scene.people):
        if world.stance[proposal.number, j] == Stance.CO_LEADS and world.people[j].proposal == proposal.number:
            proposal.lead = j
            proposal.co_leads -= 1
            return
    give_up(proposal, world)
