"""Reorganisations: they move staff, replace managers, eat attention and belief, and touch no interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.draws import keyed_rank, lots_with_all, monthly_lot, quantile, uniform
from redesign_sim.happenings import Event, note
from redesign_sim.roles import PRACTICES, Practice, Purpose, Role, Stage, Stance, Switch
from redesign_sim.rulekit import Quantity, jitable, rule

if TYPE_CHECKING:
    from redesign_sim.things import Organisation, Person, Proposal, Scene, World


EVERY_OTHER = 0.5
TIES_LOST = 0.5


class Reorganising(NamedTuple):
    """What the rules of reorganisation read."""

    staff_moved: Annotated[
        float,
        Quantity(
            "Staff moved",
            "share of clinicians per reorganisation",
            sweep=(0.0, 0.4),
            source="direction: Fulop et al. 2002; level assumed",
            confidence="L",
            meaning="how many of an organisation's clinicians a reorganisation moves to other posts",
        ),
    ] = 0.1
    disbelief: Annotated[
        float,
        Quantity(
            "Disbelief",
            "share of belief lost per reorganisation",
            sweep=(0.0, 0.3),
            source="Storey and Holti 2013, direction: hard to tell noise from change",
            confidence="L",
            meaning="how much less those who lived through a reorganisation believe that a proposal will happen",
        ),
    ] = 0.06


@rule("R1", claims=("C8",), source="Walshe 2010")
def stir_nationally(scene: Scene, world: World) -> None:
    """Now and then, where the case asks for more than its dated events, a national reorganisation hits everyone."""
    scene.national_stir = 0
    if uniform(world, 0, 0, Purpose.NATIONAL_REORGANISATION) < world.case.national_per_month:
        scene.national_stir = 1


@rule(
    "R2",
    claims=("C8",),
    source="Storey and Holti 2013; Fulop et al. 2002",
    off="no reorganisation happens",
    fixed={"EVERY_OTHER": "share of local reorganisations that replace the service manager"},
)
def reorganise(organisation: Organisation, world: World) -> None:
    """An organisation is reorganised locally by chance, nationally when its date has come.

    National ones last longer and replace executive and service manager; every other local one replaces the latter.
    """
    if world.mechanisms.R2 == Switch.OFF:
        return
    nationally = world.scene.national_stir == 1 or dated(organisation, world)
    locally = monthly_lot(world, organisation.number, Purpose.REORGANISATION) < world.case.local_per_month
    if nationally:
        unsettle(organisation, world, world.case.national_months)
        if organisation.executive != organisation.manager:
            replace_head(world.people[organisation.executive], organisation, world)
    elif locally:
        unsettle(organisation, world, world.case.local_months)
    if nationally or (locally and uniform(world, organisation.number, 1, Purpose.REORGANISATION) < EVERY_OTHER):
        replace_head(world.people[organisation.manager], organisation, world)
    if nationally or locally:
        move_staff(organisation, world)


@rule("R3", claims=("C8",), source="Walshe 2010")
def dated(organisation: Organisation, world: World) -> bool:
    """Whether a dated reorganisation of the case hits this organisation this month."""
    for e in range(world.reorganisation_months.shape[0]):
        if world.reorganisation_months[e] == world.scene.month and world.reorganised[e, organisation.number] == 1:
            return True
    return False


@rule("R4", claims=("C8",), source="Fulop et al. 2002")
def unsettle(organisation: Organisation, world: World, months: float) -> None:
    """For months the attention of those in the organisation is elsewhere, and they believe less that anything will
    happen.
    """
    organisation.unsettled_until = max(organisation.unsettled_until, world.scene.month + months - 1.0)
    organisation.reorganisations += 1
    world.scene.reorganisations += 1
    for seat in range(organisation.staff):
        person = world.people[world.members[organisation.number, seat]]
        person.belief = person.belief * (1.0 - world.behaviour.disbelief)
    note(world, Event.REORGANISED, -1, -1, organisation.number, world.case.disruption)


@rule("R5", claims=("C8",), source="Fulop et al. 2002", bounded=(0.0, 1.0))
def attention_left(organisation: Organisation, world: World) -> float:
    """The share of attention that a reorganisation leaves to those who live through it."""
    if world.scene.month <= organisation.unsettled_until:
        return 1.0 - world.case.disruption
    return 1.0


@rule("R6", claims=("C8", "C11"), source="Storey and Holti 2013")
def move_staff(organisation: Organisation, world: World) -> None:
    """A share of an organisation's clinicians exchange posts with colleagues of their profession elsewhere; nobody
    moves twice in a month.
    """
    for seat in range(organisation.staff):
        number = int(world.members[organisation.number, seat])
        person = world.people[number]
        moves = uniform(world, number, organisation.number, Purpose.MOVE) < world.behaviour.staff_moved
        if person.role == Role.CLINICIAN and moves and person.moved != world.scene.month:
            other = whom_to_exchange_with(person, world)
            note(world, Event.STAFF_MOVED, number, other, organisation.number, 0.0)
            pack_up(person, organisation, world)
            if other >= 0:
                pack_up(world.people[other], world.organisations[world.people[other].organisation], world)
                exchange_posts(person, world.people[other], world)


@jitable
def pack_up(person: Person, organisation: Organisation, world: World) -> None:
    """Someone leaves a post: old ties loosen, and what they looked after is left."""
    person.moved = world.scene.month
    lose_ties(person, world)
    leave_untended(organisation, world)


@rule("R7", claims=("C8",), source="assumed: those who agreed to a change look after it, as long as they are there")
def leave_untended(organisation: Organisation, world: World) -> None:
    """With each clinician who moves goes a share of those who looked after what has been joined up here."""
    kept = 1.0 - 1.0 / organisation.clinicians
    for place in range(world.organisations[organisation.number].borders):
        i = world.borders[organisation.number, place]
        if world.interfaces[i].first == organisation.number:
            world.upkeep[i, 0] = world.upkeep[i, 0] * kept
        if world.interfaces[i].second == organisation.number:
            world.upkeep[i, 1] = world.upkeep[i, 1] * kept


@rule("R8", claims=("C8",), source="assumed")
def whom_to_exchange_with(person: Person, world: World) -> int:
    """One of the same profession in another organisation who has not moved this month, by keyed lot; nobody (-1): the
    move is to another team.
    """
    best = -1
    rank = 2.0
    lots_with_all(world, person.number, world.scene.people, Purpose.MOVE_WHERE)
    for j in range(world.scene.people):
        if world.lots[0, j] < rank and can_exchange(person, world.people[j], world):
            best = j
            rank = world.lots[0, j]
    return best


@jitable
def can_exchange(person: Person, other: Person, world: World) -> bool:
    """Whether two people are of one profession, in different organisations, and the other has not moved this month."""
    free = other.moved != world.scene.month and other.organisation != person.organisation
    return free and other.profession == person.profession


@rule(
    "R9",
    claims=("C8", "C11"),
    source="assumed: half, as many as are kept",
    fixed={"TIES_LOST": "share of old ties that whoever moves loses"},
)
def lose_ties(person: Person, world: World) -> None:
    """Whoever moves keeps half the old ties, each by keyed lot; a tie kept across the move is a bridge."""
    for j in range(world.scene.people):
        if world.ties[person.number, j] == 1 and uniform(world, person.number, j, Purpose.TIE_KEPT) < TIES_LOST:
            untie(person, world.people[j], world)


@jitable
def untie(person: Person, other: Person, world: World) -> None:
    """Two people lose sight of each other."""
    world.ties[person.number, other.number] = 0
    world.ties[other.number, person.number] = 0
    world.acquaintances[person.number, other.organisation] -= 1
    world.acquaintances[other.number, person.organisation] -= 1


@jitable
def exchange_posts(person: Person, other: Person, world: World) -> None:
    """Two people take each other's seat; their friends now have an acquaintance where each has gone."""
    here = person.organisation
    there = other.organisation
    resettle(person, here, there, world)
    resettle(other, there, here, world)
    seat = person.seat
    person.seat = other.seat
    other.seat = seat
    world.members[there, person.seat] = person.number
    world.members[here, other.seat] = other.number
    leave_behind(person, world)
    leave_behind(other, world)


@jitable
def resettle(person: Person, here: int, there: int, world: World) -> None:
    """One person's organisation changes; what friends know and what backers count follows."""
    person.organisation = there
    for j in range(world.scene.people):
        if world.ties[person.number, j] == 1:
            world.acquaintances[j, here] -= 1
            world.acquaintances[j, there] += 1
    for p in range(world.scene.proposals):
        if world.stance[p, person.number] >= Stance.BACKS:
            world.backers[p, here] -= 1
            world.backers[p, there] += 1


@rule("R10", claims=("C8",), source="Storey and Holti 2013")
def leave_behind(person: Person, world: World) -> None:
    """Whoever has moved out of the reach of the redesign that they were leading, or helping to lead, leaves it
    behind.
    """
    if person.proposal < 0:
        return
    proposal = world.proposals[person.proposal]
    if world.scope[proposal.number, person.organisation] == 1:
        return
    if proposal.lead == person.number:
        proposal.abandoned = 1
    else:
        proposal.co_leads -= 1
        world.stance[proposal.number, person.number] = Stance.BACKS
        person.proposal = -1


@rule(
    "R11",
    claims=("C8",),
    source="Fulop et al. 2002; Storey and Holti 2013",
    off="managers stay through reorganisations",
    fixed={"TIES_LOST": "share of the last holder's ties that a successor does without"},
)
def replace_head(head: Person, organisation: Organisation, world: World) -> None:
    """A successor takes the post: strange to everyone, more or less open than the last, bound by no earlier promise."""
    if world.mechanisms.R11 == Switch.OFF:
        return
    number = head.number
    head.ambition = quantile(world, head.ambition_row, keyed_rank(world, number, Purpose.SUCCESSOR_AMBITION))
    head.capability = quantile(world, head.capability_row, keyed_rank(world, number, Purpose.SUCCESSOR_CAPABILITY))
    openness = world.case.manager_entrenchment_spread * (2.0 * keyed_rank(world, number, Purpose.SUCCESSOR) - 1.0)
    head.entrenchment = min(1.0, max(0.0, world.case.manager_entrenchment + openness))
    for j in range(world.scene.people):
        if j != number:
            world.trust[number, j] = world.case.trust_across
            world.trust[j, number] = world.case.trust_across
            if world.ties[number, j] == 1 and uniform(world, number, j, Purpose.SUCCESSOR_TIE) < TIES_LOST:
                untie(head, world.people[j], world)
    note(world, Event.MANAGER_REPLACED, number, -1, organisation.number, head.entrenchment)
    forget_promises(head, world)
    hand_over(head, world)


@rule("R12", claims=("C8",), source="Storey and Holti 2013")
def hand_over(head: Person, world: World) -> None:
    """The successor leads nothing yet: what the last holder led is abandoned, what they helped to lead goes on
    without.
    """
    head.backing = 0
    if head.proposal >= 0:
        proposal = world.proposals[head.proposal]
        if proposal.lead == head.number:
            proposal.abandoned = 1
            head.backing = 1
        else:
            proposal.co_leads -= 1
            head.proposal = -1


@rule("R13", claims=("C8", "C17"), source="Storey and Holti 2013")
def forget_promises(head: Person, world: World) -> None:
    """What the last holder of a post had authorised and is not yet done lapses: it has to be decided again."""
    for p in range(world.scene.proposals):
        proposal = world.proposals[p]
        world.persuaded[p, head.number] = 0.0
        if proposal.lead != head.number:
            world.stance[p, head.number] = Stance.NOT_ASKED
        if proposal.stage == Stage.AUTHORISED and proposal.imposed == 0 and has_promised(head, proposal, world):
            proposal.stage = Stage.BEFORE_DECISION
            proposal.since = world.scene.month
            note(world, Event.AUTHORISATION_LAPSED, head.number, -1, p, 0.0)


@rule("R15", claims=("C8", "C17"), source="Storey and Holti 2013")
def has_promised(head: Person, proposal: Proposal, world: World) -> bool:
    """Whether something is still to be done that the holder of a post had granted: at home, or where the tariff of a
    commissioner in the scope is to be paid.
    """
    if world.scope[proposal.number, head.organisation] == 0:
        return False
    for o in range(world.scene.organisations):
        granted_there = o == head.organisation or head.role == Role.COMMISSIONER
        if granted_there and world.scope[proposal.number, o] == 1:
            for k in range(PRACTICES):
                if has_say(head, k) and world.granted[proposal.number, o, k] > world.done[proposal.number, o, k]:
                    return True
    return False


@rule("R14", claims=("C17",), source="Storey and Holti 2013")
def has_say(head: Person, k: int) -> bool:
    """Service managers release booking and information systems, executives clinic organisation and roles,
    commissioners the tariff.
    """
    if k == Practice.BOOKING or k == Practice.INFORMATION_SYSTEMS:
        return head.role == Role.MANAGER
    if k == Practice.TARIFF:
        return head.role == Role.COMMISSIONER
    return head.role == Role.EXECUTIVE
