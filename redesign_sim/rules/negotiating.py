"""Negotiating a package: whom a lead approaches, what it reads in them, what it trades, and when it judges support
enough.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.draws import monthly_lot, uniform
from redesign_sim.happenings import Event, note
from redesign_sim.roles import PRACTICES, Practice, Purpose, Role, Stage, Stance, Switch
from redesign_sim.rulekit import Quantity, jitable, rule
from redesign_sim.rules.ending import give_up
from redesign_sim.rules.initiating import can_spare_time, encounters_a_month, shortfall
from redesign_sim.rules.linking import across, befriend, change_stance, come_to_trust, is_linked
from redesign_sim.rules.reorganising import attention_left
from redesign_sim.rules.scoping import leave_out
from redesign_sim.rules.strategising import alignment
from redesign_sim.rules.weighing import acceptable_depth, good_for_patients, good_in_practice, loss_in_practice

if TYPE_CHECKING:
    from redesign_sim.things import Person, Proposal, World


GUESSING = 0.5
KEEPS_TALKING = 0.2
EXCESS = 4.0
RESCOPES = 0.5
ROUNDING = 1e-9


class Negotiating(NamedTuple):
    """What the rules of negotiation read."""

    encounters: Annotated[
        float,
        Quantity(
            "Encounters",
            "encounters a month of full time",
            sweep=(15.0, 80.0),
            source="assumed; about two meetings a day of full time",
            confidence="L",
            meaning="how many encounters a month a person could hold who did nothing but lead",
        ),
    ] = 40.0
    backing_limit: Annotated[
        float,
        Quantity(
            "Limit on backing",
            "live proposals",
            sweep=(1.0, 8.0),
            source="assumed",
            confidence="L",
            meaning="how many live proposals a person can back at once",
        ),
    ] = 3.0
    trust_gain: Annotated[
        float,
        Quantity(
            "Gain of trust",
            "share of what is missing per good encounter",
            sweep=(0.01, 0.2),
            source="assumed",
            confidence="L",
            meaning="how much trust a good experience with someone, or purpose a meeting, adds to what is missing",
        ),
    ] = 0.08
    loss_ratio: Annotated[
        float,
        Quantity(
            "Losses of trust over gains",
            "ratio",
            sweep=(1.0, 5.0),
            source="losses weigh about twice as much as gains (prospect theory); level assumed",
            confidence="M",
            meaning="how much more a bad experience costs in trust than a good one brings",
        ),
    ] = 3.0
    concession_curve: Annotated[
        float,
        Quantity(
            "Curve of concession",
            "none",
            sweep=(0.2, 5.0),
            source="form after Faratin et al. 1998",
            confidence="M",
            meaning="above one a lead concedes little until time runs out, below one most of it early",
        ),
    ] = 1.0
    enough: Annotated[
        float,
        Quantity(
            "Support judged enough",
            "share of those asked",
            sweep=(0.4, 0.95),
            source="assumed",
            confidence="L",
            meaning="the share believed to be on board at which a lead takes a proposal to formal decision",
        ),
    ] = 0.8


@rule("N1", claims=("C14",), source="Storey and Holti 2013: micro-political capability", bounded=(0.0, 1.0))
def accuracy(person: Person) -> float:
    """How much of another's weighing a person reads: their political capability."""
    return person.capability


@rule(
    "N2",
    claims=("C14", "C16"),
    source="assumed: what cannot be read is filled in with one's own view",
    off="everybody is read rightly",
    rival="what cannot be read is taken for indifference",
)
def estimate(read: float, theirs: float, own: float, projection: int) -> float:
    """What a person takes another's weighing to be: as much of the true one as they read, the rest their own."""
    if projection == Switch.OFF:
        return theirs
    filled_in = own if projection != Switch.RIVAL else 0.0
    return read * theirs + (1.0 - read) * filled_in


@rule("N3", claims=("C6", "C11"), source="Storey and Holti 2013", off="one need not know whom one approaches")
def within_reach(person: Person, other: Person, world: World) -> bool:
    """One can only persuade whom one can reach: someone one knows or works with; decision-makers only where one
    has access.
    """
    known = person.organisation == other.organisation or world.ties[person.number, other.number] == 1
    if world.mechanisms.N3 == Switch.OFF:
        known = True
    if other.role == Role.CLINICIAN or person.role != Role.CLINICIAN:
        return known
    return known and has_access(person, other.organisation, world, Purpose.ACCESS)


@rule("N4", claims=("C6",), source="NHS staff surveys 2009/10", off="decision-makers are open to everyone")
def has_access(person: Person, organisation: int, world: World, purpose: int) -> bool:
    """A month's access to the decision-makers of an organisation, by keyed lot; managers and commissioners have it."""
    if world.mechanisms.N4 == Switch.OFF or person.role != Role.CLINICIAN:
        return True
    included = max(person.inclusion, world.organisations[organisation].clinical_inclusion)
    return uniform(world, person.number, organisation, purpose) < included


@rule(
    "N5",
    claims=("C14", "C16"),
    source="Storey and Holti 2013",
    fixed={"GUESSING": "how far off, either way, is the guess of a lead who reads nothing in others"},
)
def whom_to_approach(person: Person, world: World, proposal: Proposal) -> int:
    """The likeliest of those not yet asked, as far as one reads them; the less one reads, the more chance decides.

    Nobody is approached whom the lead reads as further from accepting than its arguments could carry them.
    """
    best = -1
    own = person.consider(world, proposal)
    promise = -world.case.persuasion * good_for_patients(person, world, proposal)
    read = accuracy(person)
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        if covers(person, proposal, o):
            for seat in range(world.organisations[o].staff):
                other = world.people[world.members[o, seat]]
                if is_untapped(other, world, proposal) and within_reach(person, other, world):
                    seems = estimate(read, other.consider(world, proposal), own, world.mechanisms.N2)
                    if seems + (1.0 - read) * GUESSING > promise:
                        lot = 2.0 * uniform(world, person.number, other.number, Purpose.WHOM) - 1.0
                        hope = seems + (1.0 - read) * GUESSING * lot
                        if hope > promise:
                            best = other.number
                            promise = hope
    return best


@rule("N6", claims=("C1", "C15"), source="Storey and Holti 2013")
def covers(person: Person, proposal: Proposal, organisation: int) -> bool:
    """The lead works on everyone in the scope, a co-lead on the colleagues of the own organisation."""
    return proposal.lead == person.number or person.organisation == organisation


@rule("N7", claims=("C1",), source="assumed: attention is scarce")
def is_untapped(other: Person, world: World, proposal: Proposal) -> bool:
    """Whether someone has yet to be asked about a package as it stands, has attention left and does not back too
    much already.
    """
    if world.stance[proposal.number, other.number] > Stance.HAS_REFUSED or other.attention < 1.0:
        return False
    return other.backing < world.behaviour.backing_limit


@rule(
    "N8",
    claims=("C1", "C14", "C16", "C20"),
    source="Storey and Holti 2013",
    fixed={"ROUNDING": "how far below nothing a weighing may lie by the last digits of numbers alone"},
)
def encounter(person: Person, other: Person, world: World, proposal: Proposal) -> None:
    """An encounter: an offer, an argument, and where that is not enough a demand, which the lead meets as it reads it.

    Whoever is not won yet goes on talking as long as an encounter meets some of what was missing, and else says no.
    """
    other.attention -= 1.0
    offered = other.consider(world, proposal)
    note(world, Event.APPROACHED, person.number, other.number, proposal.number, offered)
    argue(person, other, world, proposal)
    if other.consider(world, proposal) < 0.0 and proposal.stage == Stage.NEGOTIATING:
        trade(person, other, world, proposal)
    answered = other.consider(world, proposal)
    if answered >= -ROUNDING:
        come_on_board(person, other, world, proposal)
    elif not goes_on_talking(offered, answered):
        decline(person, other, world, proposal)


@rule(
    "N9",
    claims=("C14", "C16", "C20"),
    source="assumed",
    fixed={"KEEPS_TALKING": "share of what was missing that an encounter has to meet for another to follow"},
)
def goes_on_talking(offered: float, answered: float) -> bool:
    """Whether an encounter has met enough of what was missing for another to be worth having: a fifth of it."""
    return answered - offered >= -KEEPS_TALKING * offered


@rule("N10", claims=("C15", "C16"), source="Storey and Holti 2013", off="arguments move nobody")
def argue(person: Person, other: Person, world: World, proposal: Proposal) -> None:
    """Each time a case is made, a listener who trusts its maker takes over a share of what could still move them."""
    if world.mechanisms.N10 != Switch.OFF:
        heard = world.persuaded[proposal.number, other.number]
        room = good_for_patients(other, world, proposal) - heard
        trust = world.trust[other.number, person.number]
        world.persuaded[proposal.number, other.number] = heard + argument(room, trust, world.case.persuasion)


@rule("N11", claims=("C15",), source="Storey and Holti 2013", rises_with=("room", "trust", "strength"))
def argument(room: float, trust: float, strength: float) -> float:
    """What one argument adds, by trust in whoever makes it; all arguments together at most double the good that
    one sees.
    """
    return strength * trust * max(0.0, room)


@rule("N12", claims=("C14", "C16", "C20"), source="Storey and Holti 2013")
def trade(person: Person, other: Person, world: World, proposal: Proposal) -> None:
    """The lead answers a demand: a guarantee where it reads that roles hurt most, otherwise depth in the practice
    that hurts.
    """
    worst = most_painful(person, other, world, proposal)
    if worst == Practice.PROFESSIONAL_ROLES and proposal.guarantee < world.case.guarantees:
        proposal.guarantee = world.case.guarantees
        world.scene.guarantees += 1
        note(world, Event.GUARANTEED, person.number, other.number, proposal.number, proposal.guarantee)
        ask_again(world, proposal)
    elif worst >= 0:
        concede(person, other, world, proposal, worst)


@rule("N13", claims=("C14", "C20"), source="Storey and Holti 2013")
def most_painful(person: Person, other: Person, world: World, proposal: Proposal) -> int:
    """The practice in which a package takes most from another, as the lead reads it; -1 where nothing seems to hurt."""
    worst = -1
    pain = 0.0
    read = accuracy(person)
    for k in range(PRACTICES):
        theirs = loss_in_practice(other, world, proposal, k)
        own = loss_in_practice(person, world, proposal, k)
        felt = estimate(read, theirs, own, world.mechanisms.N2)
        if felt > pain:
            worst = k
            pain = felt
    return worst


@rule("N14", claims=("C16",), source="form after Faratin et al. 1998", off="no lead ever concedes depth")
def concede(person: Person, other: Person, world: World, proposal: Proposal, k: int) -> None:
    """Give up depth in a practice: the share conceded of what the lead reads the other to ask; it dilutes the
    design for everyone.
    """
    if world.mechanisms.N14 == Switch.OFF:
        return
    theirs = depth_asked_back(other, world, proposal, k)
    own = depth_asked_back(person, world, proposal, k)
    asked = estimate(accuracy(person), theirs, own, world.mechanisms.N2)
    given = (
        concession_now(world.case.concession, patience_used(proposal, world), world.behaviour.concession_curve) * asked
    )
    if given > 0.0:
        proposal.design[k] -= given
        proposal.conceded += given / PRACTICES
        world.scene.conceded += given / PRACTICES
        proposal.alignment = alignment(proposal, world)
        note(world, Event.CONCEDED, person.number, other.number, proposal.number, 10.0 * k + given)
        ask_again(world, proposal)


@rule("N15", claims=("C13", "C16"), source="assumed: a changed package is a new question")
def ask_again(world: World, proposal: Proposal) -> None:
    """Whoever refused a package may be asked again once it has changed; that they refused stands until they agree."""
    for j in range(world.scene.people):
        if world.stance[proposal.number, j] == Stance.REFUSES:
            world.stance[proposal.number, j] = Stance.HAS_REFUSED


@rule("N16", claims=("C16", "C20"), source="assumed")
def depth_asked_back(other: Person, world: World, proposal: Proposal, k: int) -> float:
    """What someone asks back in a practice: the step down from which the package would be worth it, with what it does
    there given up as well as what it takes; or down to where it hurts least.
    """
    weighing = other.consider(world, proposal)
    loss = loss_in_practice(other, world, proposal, k)
    if weighing >= 0.0 or loss <= 0.0:
        return 0.0
    good = good_in_practice(other, world, proposal, k)
    step = proposal.design[k]
    return step - acceptable_depth(step, good, loss, weighing - good + loss)


@rule(
    "N17",
    claims=("C16",),
    source="form after Faratin et al. 1998",
    rises_with=("concession", "time"),
    falls_with=("curve",),
    bounded=(0.0, 1.0),
)
def concession_now(concession: float, time: float, curve: float) -> float:
    """The share of the gap that a lead concedes, rising as its patience is used up: concession times t / (t + s (1
    - t)).
    """
    return concession * time / (time + curve * (1.0 - time))


@rule("N18", claims=("C16",), source="form after Faratin et al. 1998", bounded=(0.0, 1.0))
def patience_used(proposal: Proposal, world: World) -> float:
    """The share of a lead's patience that is used up since the start, or since an authorisation lapsed, counting the
    present month.
    """
    return min(1.0, (world.scene.month - proposal.since + 1.0) / world.case.patience)


@rule("N19", claims=("C1",), source="Storey and Holti 2013")
def come_on_board(person: Person, other: Person, world: World, proposal: Proposal) -> None:
    """Whoever weighs a package above nothing backs it, and trusts and knows whoever won them."""
    change_stance(other, proposal.number, Stance.BACKS, world)
    come_to_trust(other, person, world)
    befriend(person, other, world)
    note(world, Event.BACKED, other.number, person.number, proposal.number, other.consider(world, proposal))
    join_in_leading(person, other, world, proposal)


@rule("N20", claims=("C14",), source="Storey and Holti 2013; losses weigh more than gains")
def decline(person: Person, other: Person, world: World, proposal: Proposal) -> None:
    """Whoever is pressed beyond what they accept says no, and trusts whoever pressed them less the further it went."""
    weighing = other.consider(world, proposal)
    change_stance(other, proposal.number, Stance.REFUSES, world)
    note(world, Event.DECLINED, other.number, person.number, proposal.number, weighing)
    burn_trust(person, other, world, -weighing)


@rule("N21", claims=("C14",), source="Storey and Holti 2013; losses weigh more than gains", off="no trust is ever lost")
def burn_trust(person: Person, other: Person, world: World, excess: float) -> None:
    """Another's trust in a person shrinks with how far a step went beyond what they accept."""
    if world.mechanisms.N21 == Switch.OFF:
        return
    trust = world.trust[other.number, person.number]
    lost = trust_lost(trust, excess, world.behaviour.trust_gain, world.behaviour.loss_ratio)
    world.trust[other.number, person.number] = trust - lost
    note(world, Event.HELD, person.number, other.number, -1, lost)


@rule(
    "N22",
    claims=("C14",),
    source="losses weigh more than gains",
    rises_with=("trust", "excess", "gain", "ratio"),
    bounded=(0.0, 1.0),
    fixed={"EXCESS": "how steeply trust lost rises with the worth by which a step went too far"},
)
def trust_lost(trust: float, excess: float, gain: float, ratio: float) -> float:
    """The trust lost: nothing for a step just short of what is accepted, several times what a good experience brings a
    stranger for one far beyond, and as much from little trust as from much, as long as there is any.
    """
    step = EXCESS * excess
    return min(trust, gain * ratio * step / math.sqrt(1.0 + step * step))


@rule("N23", claims=("C1", "C15"), source="Storey and Holti 2013", off="nobody helps to lead another's proposal")
def join_in_leading(person: Person, other: Person, world: World, proposal: Proposal) -> None:
    """A backer elsewhere with time and nothing of their own in hand may help to lead it there, and starts nothing
    meanwhile.
    """
    if world.mechanisms.N23 == Switch.OFF or other.proposal >= 0 or other.organisation == person.organisation:
        return
    if can_spare_time(other, world, other.consider(world, proposal)):
        change_stance(other, proposal.number, Stance.CO_LEADS, world)
        other.proposal = proposal.number
        proposal.co_leads += 1
        note(world, Event.CO_LEADS, other.number, person.number, proposal.number, 0.0)


@rule("N24", claims=("C14",), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def support_judged(person: Person, world: World, proposal: Proposal) -> float:
    """The share of those asked whom a lead believes to be on board: those who said so, and those it takes to weigh
    it well.
    """
    believed = 0.0
    asked = 0.0
    own = person.consider(world, proposal)
    read = accuracy(person)
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        for seat in range(world.organisations[o].staff):
            other = world.people[world.members[o, seat]]
            asked += 1.0
            stance = world.stance[proposal.number, other.number]
            if stance >= Stance.BACKS:
                believed += 1.0
            elif stance != Stance.REFUSES:
                theirs = other.consider(world, proposal)
                believed += 1.0 if estimate(read, theirs, own, world.mechanisms.N2) >= 0.0 else 0.0
    return believed / asked


@rule("N25", claims=("C1", "C6", "C15"), source="Storey and Holti 2013")
def negotiate(person: Person, world: World) -> None:
    """Month by month a lead, or whoever helps to lead, meets those not yet on board, until it judges support
    enough or gives up.
    """
    if person.proposal < 0:
        return
    proposal = world.proposals[person.proposal]
    if proposal.stage != Stage.NEGOTIATING and proposal.stage != Stage.AUTHORISED:
        return
    if proposal.stage == Stage.NEGOTIATING and proposal.lead == person.number:
        proposal.shortfall = shortfall(proposal, world)
        proposal.alignment = alignment(proposal, world)
    if world.case.persuasion > 0.0:
        hold_encounters(person, world, proposal)
    if proposal.stage == Stage.NEGOTIATING and proposal.lead == person.number:
        take_it_further(person, world, proposal)


@rule("N26", claims=("C1", "C15", "C18"), source="consultant job plans")
def hold_encounters(person: Person, world: World, proposal: Proposal) -> None:
    """Hold as many encounters as the month's time affords; the fraction of one is held by keyed lot."""
    afforded = encounters_a_month(person, world) + monthly_lot(world, person.number, Purpose.ENCOUNTERS)
    while afforded >= 1.0:
        afforded -= 1.0
        whom = whom_to_approach(person, world, proposal)
        if whom >= 0:
            encounter(person, world.people[whom], world, proposal)
        elif not be_introduced(person, world, proposal):
            afforded = 0.0


@rule("N27", claims=("C9", "C11"), source="Storey and Holti 2013")
def be_introduced(person: Person, world: World, proposal: Proposal) -> bool:
    """Where nobody within reach is left, an encounter goes on being introduced to someone in an organisation where
    one is known.
    """
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        if covers(person, proposal, o) and is_linked(person, o, world):
            for seat in range(world.organisations[o].staff):
                other = world.people[world.members[o, seat]]
                unknown = world.ties[person.number, other.number] == 0 and other.number != person.number
                if unknown and o != person.organisation and is_untapped(other, world, proposal):
                    befriend(person, other, world)
                    note(world, Event.INTRODUCED, person.number, other.number, proposal.number, 0.0)
                    return True
    return False


@rule(
    "N28",
    claims=("C14", "C16"),
    source="Storey and Holti 2013",
    fixed={"RESCOPES": "share of a lead's patience after which it thinks of going on without an organisation"},
)
def take_it_further(person: Person, world: World, proposal: Proposal) -> None:
    """Go formal once support seems enough; otherwise leave out an organisation that refuses, or give up when
    patience is used up.
    """
    judged = support_judged(person, world, proposal)
    if judged >= world.behaviour.enough:
        proposal.stage = Stage.BEFORE_DECISION
        note(world, Event.WENT_FORMAL, person.number, -1, proposal.number, judged)
    elif patience_used(proposal, world) >= 1.0:
        give_up(proposal, world)
    elif patience_used(proposal, world) >= RESCOPES and proposal.breadth > 2:
        leave_out_refusers(person, world, proposal)


@rule("N29", claims=("C13", "C16"), source="Storey and Holti 2013", off="no lead re-scopes round a refuser")
def leave_out_refusers(person: Person, world: World, proposal: Proposal) -> None:
    """Re-scope round an organisation, not one's own, of which nobody is on board and somebody has refused."""
    if world.mechanisms.N29 == Switch.OFF:
        return
    for o in range(world.scene.organisations):
        inside = world.scope[proposal.number, o] == 1 and world.organisations[o].commissions == 0
        if inside and o != person.organisation and proposal.breadth > 2 and only_refusals(o, world, proposal):
            note(world, Event.RESCOPED, person.number, -1, proposal.number, float(o))
            drop_organisation(o, world, proposal)
            hold_together(proposal, world)


@rule("N30", claims=("C13",), source="Storey and Holti 2013")
def only_refusals(organisation: int, world: World, proposal: Proposal) -> bool:
    """Whether somebody in an organisation has refused a proposal and nobody there backs it."""
    refused = False
    for seat in range(world.organisations[organisation].staff):
        stance = world.stance[proposal.number, world.members[organisation, seat]]
        if stance >= Stance.BACKS:
            return False
        if stance == Stance.REFUSES:
            refused = True
    return refused


@jitable
def drop_organisation(organisation: int, world: World, proposal: Proposal) -> None:
    """Take an organisation out of a package; whoever helped to lead there is free again."""
    leave_out(organisation, proposal, world)
    proposal.breadth -= 1 - world.organisations[organisation].commissions
    for seat in range(world.organisations[organisation].staff):
        other = world.people[world.members[organisation, seat]]
        if other.number != proposal.lead and world.stance[proposal.number, other.number] >= Stance.BACKS:
            step_back(other, world, proposal)


@rule("N34", claims=("C7", "C13"), source="Storey and Holti 2013")
def hold_together(proposal: Proposal, world: World) -> None:
    """When organisations have left a package, so do those that no longer share an interface with any other in it; what
    is left to one organisation is local, and asks for no tariff.
    """
    stranded = next_stranded(proposal, world)
    while stranded >= 0:
        note(world, Event.LEFT_OUT, -1, stranded, proposal.number, 0.0)
        drop_organisation(stranded, world, proposal)
        stranded = next_stranded(proposal, world)
    if proposal.breadth == 1:
        proposal.design[Practice.TARIFF] = 0.0
        for o in range(world.scene.organisations):
            if world.scope[proposal.number, o] == 1 and world.organisations[o].commissions == 1:
                drop_organisation(o, world, proposal)
    proposal.shortfall = shortfall(proposal, world)
    proposal.alignment = alignment(proposal, world)


@rule("N35", claims=("C7",), source="Storey and Holti 2013")
def next_stranded(proposal: Proposal, world: World) -> int:
    """An organisation in a package, not the lead's own, that shares no interface with any other in it; none (-1) where
    all do or only one is left.
    """
    if proposal.breadth <= 1:
        return -1
    for o in range(world.scene.organisations):
        inside = world.scope[proposal.number, o] == 1 and world.organisations[o].commissions == 0
        if inside and o != world.people[proposal.lead].organisation and neighbours(o, proposal, world) == 0:
            return o
    return -1


@jitable
def neighbours(organisation: int, proposal: Proposal, world: World) -> int:
    """With how many others in a package's scope an organisation shares an interface."""
    found = 0
    for place in range(world.organisations[organisation].borders):
        interface = world.interfaces[world.borders[organisation, place]]
        other = across(organisation, interface.first, interface.second)
        if other >= 0 and world.scope[proposal.number, other] == 1:
            found += 1
    return found


@jitable
def step_back(person: Person, world: World, proposal: Proposal) -> None:
    """Someone who backed a proposal, or helped to lead it, is no longer asked about it."""
    if person.proposal == proposal.number:
        person.proposal = -1
        proposal.co_leads -= 1
    change_stance(person, proposal.number, Stance.NOT_ASKED, world)


@rule("N32", claims=("C1",), source="assumed: attention is scarce")
def gather_attention(person: Person, world: World) -> None:
    """Each month a person has attention for a few encounters as the other party, fewer after a reorganisation."""
    person.attention = world.case.attention * attention_left(world.organisations[person.organisation], world)
