"""Informal links across boundaries, and the meetings of a network organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.draws import lots_with_those, monthly_lot, uniform
from redesign_sim.happenings import Event, note
from redesign_sim.roles import Purpose, Role, Stance, Switch
from redesign_sim.rulekit import Quantity, jitable, rule
from redesign_sim.rules.reorganising import attention_left

if TYPE_CHECKING:
    from redesign_sim.things import Person, Proposal, World


class Linking(NamedTuple):
    """What the rules of informal linking read."""

    linking: Annotated[
        float,
        Quantity(
            "Linking",
            "occasions a month",
            sweep=(0.05, 0.8),
            source="assumed; West et al. 1999 give the order of tie probabilities, not their growth",
            confidence="L",
            meaning="how often a month someone wholly interested has occasion to meet people elsewhere on the pathway",
        ),
    ] = 0.3


@rule("L1", claims=("C9", "C11"), source="Storey and Holti 2013", off="nobody makes informal links")
def link(person: Person, world: World) -> None:
    """Those interested in the condition meet people across the pathway's boundaries and keep the acquaintance.

    Only a clinician without interest never links.
    """
    if world.mechanisms.L1 == Switch.OFF or person.role != Role.CLINICIAN:
        return
    home = world.organisations[person.organisation]
    chance = chance_to_meet(person.interest, home.compartmentalisation, world.behaviour.linking)
    if monthly_lot(world, person.number, Purpose.MEETING_ELSEWHERE) < chance:
        other = whom_one_meets(person, world)
        if other >= 0:
            world.scene.links_made += befriend(person, world.people[other], world)


@rule(
    "L2",
    claims=("C9",),
    source="Storey and Holti 2013",
    rises_with=("interest", "linking"),
    falls_with=("compartmentalisation",),
    bounded=(0.0, 1.0),
)
def chance_to_meet(interest: float, compartmentalisation: float, linking: float) -> float:
    """The chance of a month that an interested person meets someone elsewhere: in work as far as its walls let them,
    and outside it as far as their interest carries them.
    """
    return linking * interest * (1.0 - compartmentalisation * (1.0 - interest))


@rule("L3", claims=("C9",), source="assumed")
def whom_one_meets(person: Person, world: World) -> int:
    """Someone on the other side of one of the own organisation's interfaces, place and person by keyed lot; or
    nobody (-1).
    """
    there = -1
    rank = 2.0
    here = person.organisation
    borders = world.organisations[here].borders
    lots_with_those(world, person.number, world.borders, here, borders, Purpose.ACQUAINTANCE)
    for place in range(borders):
        interface = world.interfaces[world.borders[here, place]]
        other_side = across(here, interface.first, interface.second)
        if other_side >= 0 and world.lots[0, place] < rank:
            there = other_side
            rank = world.lots[0, place]
    if there < 0:
        return -1
    return anyone_in(person, there, world, Purpose.WHOM)


@jitable
def across(here: int, first: int, second: int) -> int:
    """The organisation on the other side of an interface, or -1 where the interface is not one's own, or within
    one owner.
    """
    if first == second:
        return -1
    if here == first:
        return second
    if here == second:
        return first
    return -1


@rule("L4", claims=("C9",), source="assumed")
def anyone_in(person: Person, there: int, world: World, purpose: int) -> int:
    """Someone who works in an organisation, each equally likely, by keyed lot."""
    staff = world.organisations[there].staff
    seat = min(staff - 1, int(uniform(world, person.number, 1000 + there, purpose) * staff))
    return int(world.members[there, seat])


@rule("L5", claims=("C9", "C10", "C11"), source="Storey and Holti 2013")
def befriend(person: Person, other: Person, world: World) -> int:
    """Two people become acquainted; 1 if they were not before, so that links can be counted."""
    if world.ties[person.number, other.number] == 1:
        return 0
    world.ties[person.number, other.number] = 1
    world.ties[other.number, person.number] = 1
    world.acquaintances[person.number, other.organisation] += 1
    world.acquaintances[other.number, person.organisation] += 1
    note(world, Event.LINK_MADE, person.number, other.number, -1, 0.0)
    return 1


@rule("L6", claims=("C10",), source="Storey and Holti 2013", off="the network organisation never meets")
def attend(person: Person, world: World) -> None:
    """Where a network organisation meets, its members come as far as they care and have attention; they meet one
    other.
    """
    if world.mechanisms.L6 == Switch.OFF or world.scene.month < world.case.network_from:
        return
    home = world.organisations[person.organisation]
    if home.in_network == 0:
        return
    cares = max(person.interest, person.accountability) * attention_left(home, world)
    if monthly_lot(world, person.number, Purpose.NETWORK_MEETING) < world.case.network_strength * cares:
        other = whom_one_meets_at_the_network(person, world)
        if other != person.number:
            meet_at_the_network(person, world.people[other], world)


@rule("L7", claims=("C10",), source="assumed")
def whom_one_meets_at_the_network(person: Person, world: World) -> int:
    """One of another member organisation, place and person by keyed lot; oneself where there is no other member."""
    place = int(uniform(world, person.number, 0, Purpose.NETWORK_PARTNER) * (world.scene.network_members - 1))
    for o in range(world.scene.organisations):
        if world.organisations[o].in_network == 1 and o != person.organisation:
            if place == 0:
                return anyone_in(person, o, world, Purpose.NETWORK_PARTNER)
            place -= 1
    return person.number


@rule("L8", claims=("C10",), source="Storey and Holti 2013")
def meet_at_the_network(person: Person, other: Person, world: World) -> None:
    """Whoever meets at the network gains an acquaintance, trust in each other, and more of a shared purpose."""
    befriend(person, other, world)
    come_to_trust(person, other, world)
    come_to_trust(other, person, world)
    person.purpose += world.behaviour.trust_gain * (1.0 - person.purpose)
    world.scene.met += 1


@rule("L9", claims=("C10", "C14"), source="assumed: what is missing shrinks by a share")
def come_to_trust(person: Person, other: Person, world: World) -> None:
    """A good experience brings trust nearer to full by a share of what is missing."""
    trust = world.trust[person.number, other.number]
    world.trust[person.number, other.number] = trust + world.behaviour.trust_gain * (1.0 - trust)


@rule("L10", claims=("C10",), source="assumed: shared purpose fades like other unattended gains")
def fall_back(person: Person, world: World) -> None:
    """A sense of shared purpose that no meeting renews falls back towards one's own interest in the condition."""
    person.purpose = person.interest + (person.purpose - person.interest) * world.case.monthly_keeping


@rule("L11", claims=("C9", "C11"), source="Storey and Holti 2013", off="everybody knows somebody everywhere")
def is_linked(person: Person, organisation: int, world: World) -> bool:
    """Whether a person knows anyone in an organisation; at home everyone is within reach."""
    if world.mechanisms.L11 == Switch.OFF or person.organisation == organisation:
        return True
    return world.acquaintances[person.number, organisation] > 0


@rule("L12", claims=("C1", "C14", "C16"), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def colleagues_on_board(person: Person, world: World, proposal: Proposal) -> float:
    """The share of the other clinicians of a person's organisation who are on board with a package."""
    others = world.organisations[person.organisation].clinicians - person.clinical
    if others <= 0:
        return 0.0
    backers = world.backers[proposal.number, person.organisation]
    if world.stance[proposal.number, person.number] >= Stance.BACKS:
        backers -= person.clinical
    return backers / others


@jitable
def change_stance(person: Person, proposal: int, stance: int, world: World) -> None:
    """A person takes a stance on a proposal; the kept counts of backers follow."""
    before = int(world.stance[proposal, person.number])
    world.stance[proposal, person.number] = stance
    gained = (1 if stance >= Stance.BACKS else 0) - (1 if before >= Stance.BACKS else 0)
    person.backing += gained
    if person.role == Role.CLINICIAN:
        world.backers[proposal, person.organisation] += gained
