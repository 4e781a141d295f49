"""Implementing: work and adoption turn what was authorised into practice, and what nobody tends erodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.happenings import Event, note
from redesign_sim.roles import PRACTICES, Practice, Role, Stage, Stance, Switch
from redesign_sim.rulekit import Quantity, jitable, rule
from redesign_sim.rules.deciding import share_credit
from redesign_sim.rules.ending import adoption, end
from redesign_sim.rules.initiating import learn, time_to_lead
from redesign_sim.rules.reorganising import attention_left
from redesign_sim.rules.strategising import raise_standing

if TYPE_CHECKING:
    from redesign_sim.things import Interface, Organisation, Person, Proposal, Scene, World

UNIMPROVED = 0.5
LEFT_OVER = 0.1
HARDLY_ANY = 0.01


class Implementing(NamedTuple):
    """What the rules of implementation read."""

    pace: Annotated[
        float,
        Quantity(
            "Pace",
            "share of what is left per month",
            sweep=(0.1, 0.8),
            source="comparable redesigns took 10-36 months",
            confidence="M",
            meaning="how fast a practice changes that has all the work and all the adoption it needs",
        ),
    ] = 0.3
    weakest: Annotated[
        float,
        Quantity(
            "Weight of the weakest practice",
            "share",
            sweep=(0.0, 1.0),
            source="Storey and Holti 2013: practices have to change together",
            confidence="L",
            meaning="how far an interface is only as joined up as its least changed practice; the rest is their mean",
        ),
    ] = 0.3
    erosion_half_life: Annotated[
        float,
        Quantity(
            "Half-life of unattended gains",
            "months",
            sweep=(12.0, 24.0),
            source="booking programme gains of 1999-2000 had eroded by 2001",
            confidence="M",
            meaning="how long it takes until half of a gain is gone that nobody tends",
        ),
    ] = 18.0


@rule("P2", claims=("C15", "C17"), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def capacity(organisation: Organisation, world: World, proposal: Proposal) -> float:
    """The project capacity that a package finds in an organisation: the organisation's own, shared among its
    projects, with strategy money on top, and the time of whoever leads it there.
    """
    planned = world.case.planning * world.case.element_resources * attention_left(organisation, world)
    shared = planned * (1.0 + proposal.funding) / max(1.0, float(organisation.projects))
    return min(1.0, shared + time_led(organisation, world, proposal))


@rule("P3", claims=("C15", "C17"), source="Storey and Holti 2013")
def time_led(organisation: Organisation, world: World, proposal: Proposal) -> float:
    """The share of a week that the lead, or whoever helps to lead, gives to a package in their own organisation."""
    given = 0.0
    for seat in range(organisation.staff):
        person = world.people[world.members[organisation.number, seat]]
        if person.proposal == proposal.number:
            given += time_to_lead(person, world)
    return given


@rule(
    "P4",
    claims=("C12", "C15"),
    source="Storey and Holti 2013",
    rises_with=("capacity", "adoption"),
    bounded=(0.0, 1.0),
    rival="work and adoption make up for each other instead of each being needed",
)
def supply(work_needed: float, adoption_needed: float, capacity: float, adoption: float, additive: int) -> float:
    """How far a practice has what it needs: the scarcer of work and adoption decides.

    In the rival form each counts by how much of it is needed; where both are met alike, both forms say the same.
    """
    work = min(1.0, capacity / work_needed) if work_needed > 0.0 else 1.0
    taken_up = min(1.0, adoption / adoption_needed) if adoption_needed > 0.0 else 1.0
    if additive == Switch.RIVAL and work_needed + adoption_needed > 0.0:
        return (work_needed * work + adoption_needed * taken_up) / (work_needed + adoption_needed)
    return min(work, taken_up)


@rule(
    "P5",
    claims=("C1", "C12"),
    source="assumed: who has improved at home is readier to join up",
    bounded=(0.0, 1.0),
    fixed={"UNIMPROVED": "readiness to join up in a practice that has not been improved at all"},
)
def readiness(organisation: Organisation, world: World, k: int) -> float:
    """An organisation is readier to join up in a practice that it has already improved within."""
    return UNIMPROVED + (1.0 - UNIMPROVED) * world.local[organisation.number, k]


@rule("P20", claims=("C13", "C15"), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def uptake(organisation: Organisation, world: World, proposal: Proposal) -> float:
    """How far an organisation takes a package up: by the share of its clinicians who are on board; what sponsors impose
    goes round them.
    """
    if proposal.imposed == 1:
        return 1.0
    return adoption(organisation, world, proposal)


@rule("P6", claims=("C12", "C15", "C17"), source="Storey and Holti 2013")
def step_of(
    organisation: Organisation, world: World, proposal: Proposal, k: int, capacity: float, uptake: float
) -> float:
    """How much of what an organisation granted in a practice is put into practice this month, with the project
    capacity that the package finds there and as far as it is taken up.
    """
    left = world.granted[proposal.number, organisation.number, k] - world.done[proposal.number, organisation.number, k]
    if left <= 0.0:
        return 0.0
    practice = world.practices[k]
    secured = proposal.guarantee if k == Practice.PROFESSIONAL_ROLES else 0.0
    has = supply(practice.work * (1.0 + secured), practice.adoption, capacity, uptake, world.mechanisms.P4)
    range_of_roles = world.case.element_roles if k == Practice.PROFESSIONAL_ROLES else 1.0
    return world.behaviour.pace * has * readiness(organisation, world, k) * range_of_roles * left


@rule("P7", claims=("C1", "C12", "C15"), source="Storey and Holti 2013")
def implement(proposal: Proposal, world: World) -> None:
    """Put an authorised package into practice, organisation by organisation, practice by practice, at every
    interface it joins.
    """
    if proposal.stage != Stage.AUTHORISED:
        return
    left = 0.0
    moved = 0.0
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        organisation = world.organisations[o]
        if organisation.commissions == 0:
            room = capacity(organisation, world, proposal)
            taken_up = uptake(organisation, world, proposal)
            for k in range(PRACTICES):
                step = step_of(organisation, world, proposal, k, room, taken_up)
                if step > 0.0:
                    put_into_practice(o, k, step, world, proposal)
                moved += step
                left += max(0.0, world.granted[proposal.number, o, k] - world.done[proposal.number, o, k])
    settle_progress(proposal, world, left, moved)


@rule("P8", claims=("C12",), source="Storey and Holti 2013")
def put_into_practice(organisation: int, k: int, step: float, world: World, proposal: Proposal) -> None:
    """A practice changes inside the organisation, and on its side of each interface that the package joins; who had a
    say in it, and who led it, is entered.
    """
    done = world.done[proposal.number, organisation, k]
    if done <= 0.0:
        for seat in range(world.organisations[organisation].staff):
            enter_say(world.people[world.members[organisation, seat]], world, proposal, k)
    depth = step / (PRACTICES * proposal.breadth)
    credit_lead(proposal, world, depth)
    share = step / (1.0 - done)
    world.done[proposal.number, organisation, k] = done + step
    world.local[organisation, k] += share * (1.0 - world.local[organisation, k])
    proposal.depth_implemented += depth
    for place in range(proposal.joins):
        i = world.joined[proposal.number, place]
        if world.interfaces[i].first == organisation:
            world.depth[i, 0, k] += share * (1.0 - world.depth[i, 0, k])
        if world.interfaces[i].second == organisation:
            world.depth[i, 1, k] += share * (1.0 - world.depth[i, 1, k])


@rule("P13", claims=("C13",), source="Storey and Holti 2013")
def enter_say(person: Person, world: World, proposal: Proposal, k: int) -> None:
    """When a package first changes a practice that one controls it counts: as agreed, as never asked, or against one's
    stated refusal, which stands until one comes on board.
    """
    if person.role != Role.CLINICIAN or person.controls[k] <= 0.0:
        return
    person.changes += 1
    stance = world.stance[proposal.number, person.number]
    if stance >= Stance.BACKS:
        person.agreed += 1
    elif stance != Stance.NOT_ASKED:
        person.outmanoeuvred += 1
        note(world, Event.OUTMANOEUVRED, person.number, -1, proposal.number, float(k))


@rule("P14", claims=("C1",), source="Storey and Holti 2013")
def credit_lead(proposal: Proposal, world: World, depth: float) -> None:
    """Depth put into practice is credited to the lead, and within one organisation counted as local improvement led."""
    lead = world.people[proposal.lead]
    lead.depth_led += depth
    if proposal.breadth == 1:
        lead.local_led += depth


@rule(
    "P9",
    claims=("C1", "C12"),
    source="comparable redesigns took 10-36 months",
    fixed={
        "LEFT_OVER": "share of what was granted that may be left to do in a redesign that counts as completed",
        "HARDLY_ANY": "share of what is left that counts as not having moved in a month",
    },
)
def settle_progress(proposal: Proposal, world: World, left: float, moved: float) -> None:
    """A redesign is completed when nine tenths of what was granted is in practice; one that has not moved for long
    fades.
    """
    granted = proposal.depth_agreed * PRACTICES * proposal.breadth
    if left <= LEFT_OVER * granted:
        complete(proposal, world)
    elif moved <= HARDLY_ANY * left:
        proposal.still += 1
        if proposal.still >= world.case.patience:
            fade(proposal, world)
    else:
        proposal.still = 0


@rule("P10", claims=("C1", "C4"), source="Storey and Holti 2013")
def complete(proposal: Proposal, world: World) -> None:
    """A completed redesign is credited, counted, learnt from, and handed over to those who agreed to it."""
    world.scene.completed += 1
    note(world, Event.COMPLETED, proposal.lead, -1, proposal.number, proposal.depth_implemented)
    if proposal.imposed == 0:
        raise_standing(proposal, world)
        share_credit(proposal, world)
    end(proposal, Stage.COMPLETED, world)


@rule("P11", claims=("C2", "C8"), source="Storey and Holti 2013")
def fade(proposal: Proposal, world: World) -> None:
    """A redesign that was authorised but has stood still fades with whatever it achieved."""
    proposal.reason = Event.FADED
    note(world, Event.FADED, proposal.lead, -1, proposal.number, proposal.depth_implemented)
    if proposal.imposed == 0:
        learn(proposal, world, 0.0)
    end(proposal, Stage.ERODED, world)


@rule(
    "P16", claims=("C8",), source="booking programme gains of 1999-2000 had eroded by 2001", off="no gain ever erodes"
)
def erode(interface: Interface, world: World) -> None:
    """Gains above the first month erode as far as nobody tends them: neither a project nor those who agreed to them."""
    if world.mechanisms.P16 == Switch.OFF:
        return
    if interface.tended == 1:
        return
    for side in range(2):
        lost = (1.0 - world.case.monthly_keeping) * (1.0 - world.upkeep[interface.number, side])
        for k in range(PRACTICES):
            gain = world.depth[interface.number, side, k] - interface.start
            world.depth[interface.number, side, k] -= max(0.0, gain) * lost


@rule("P17", claims=("C8",), source="as for interfaces")
def erode_within(organisation: Organisation, world: World) -> None:
    """What an organisation improved within itself erodes like everything that no project attends to."""
    if world.mechanisms.P16 == Switch.OFF or organisation.projects > 0:
        return
    for k in range(PRACTICES):
        world.local[organisation.number, k] = world.local[organisation.number, k] * world.case.monthly_keeping


@rule("P18", claims=("C12",), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def joined_up(interface: Interface, world: World, weakest: float) -> float:
    """An interface joins the practices of both sides: (1 - w) times their mean plus w times the least of them."""
    total = 0.0
    least = 1.0
    counted = 0.0
    for side in range(2):
        for k in range(PRACTICES):
            total += world.depth[interface.number, side, k]
            least = min(least, world.depth[interface.number, side, k])
            counted += 1.0
    return (1.0 - weakest) * total / counted + weakest * least


@rule("P19", claims=("C12",), source="Storey and Holti 2013")
def take_up(interface: Interface, world: World) -> None:
    """At the end of a month an interface is as joined up as its practices are."""
    interface.integration = joined_up(interface, world, world.behaviour.weakest)


@jitable
def count_projects(scene: Scene, world: World) -> None:
    """How many authorised projects share each organisation's capacity this month, and which interfaces they tend."""
    for o in range(scene.organisations):
        world.organisations[o].projects = 0
    for i in range(scene.interfaces):
        world.interfaces[i].tended = 0
    for place in range(scene.live):
        proposal = world.proposals[world.live[place]]
        if proposal.stage == Stage.AUTHORISED:
            for inside in range(proposal.touches):
                world.organisations[world.touched[proposal.number, inside]].projects += 1
            for inside in range(proposal.joins):
                world.interfaces[world.joined[proposal.number, inside]].tended = 1


@jitable
def keep_account(scene: Scene, world: World) -> None:
    """The integration of the pathway this month, by traffic, and the first month in which it counts as integrated."""
    index = 0.0
    for i in range(scene.interfaces):
        index += world.interfaces[i].traffic * world.interfaces[i].integration
    scene.index = index
    scene.index_peak = max(scene.index_peak, index)
    scene.redesign_activity += scene.live
    if scene.first_integrated == 0 and index >= world.case.integrated_threshold:
        scene.first_integrated = scene.month
