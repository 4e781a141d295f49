"""Starting a redesign: anyone may, by one rule, when the worth they see times the chance they see exceeds the cost
of time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.draws import monthly_lot, uniform
from redesign_sim.happenings import Event, note
from redesign_sim.roles import PRACTICES, Practice, Purpose, Role, Stage, Stance, Switch
from redesign_sim.rulekit import Quantity, jitable, rule
from redesign_sim.rules.linking import across, change_stance, is_linked
from redesign_sim.rules.reorganising import attention_left
from redesign_sim.rules.scoping import leave_all_out, take_in
from redesign_sim.rules.strategising import alignment
from redesign_sim.rules.weighing import own_view

if TYPE_CHECKING:
    from redesign_sim.things import Person, Proposal, World


FREE_LEAVE = 0.5
QUIETEST_MONTH = 0.5
INTEREST_SHARE = 0.5
ALIKE = 0.5


class Initiating(NamedTuple):
    """What the rules of initiation read."""

    taking_stock: Annotated[
        float,
        Quantity(
            "Taking stock",
            "share of months",
            sweep=(0.1, 1.0),
            source="assumed; reviews of practice come a few times a year",
            confidence="L",
            meaning="how often a person without a live proposal considers starting one",
        ),
    ] = 0.2
    reach: Annotated[
        float,
        Quantity(
            "Reach",
            "organisations beyond one's own",
            sweep=(1.0, 8.0),
            source="assumed; the study's redesigns joined two to six owners",
            confidence="L",
            meaning="how many further organisations the most ambitious wants in a package",
        ),
    ] = 3.0
    time_cost: Annotated[
        float,
        Quantity(
            "Cost of time",
            "worth of a redesign per month of encounters and organisation",
            sweep=(0.02, 0.4),
            source="assumed; consultant job plans leave 5-10 % of a week",
            confidence="L",
            meaning="the worth, seen and likely, that makes up for a month's encounters per organisation involved",
        ),
    ] = 0.12
    learning: Annotated[
        float,
        Quantity(
            "Learning from colleagues",
            "share per outcome",
            sweep=(0.02, 0.5),
            source="assumed",
            confidence="L",
            meaning="how far one outcome among colleagues moves the chance that a person sees",
        ),
    ] = 0.3


@rule("I1", claims=("C1", "C11"), source="Storey and Holti 2013", rises_with=("ambition", "reach"))
def organisations_wanted(ambition: float, reach: float) -> int:
    """Ambition decides how many organisations a package is to span, to the nearest whole: slowly first, then fast."""
    return 1 + int(0.5 + reach * ambition * ambition)


@rule(
    "I2",
    claims=("C1", "C2", "C17", "C19"),
    source="Storey and Holti 2013",
    off="what its author holds to help and what policy wants do not decide where a package goes deep",
)
def depart(person: Person, proposal: Proposal, world: World) -> None:
    """How far a package departs from today in each practice: the person's ambition, most where it serves patients as
    they see them.

    What sponsors are known to want draws the package's emphasis to it and changes nothing in its amount; a lead short
    of the full range of practices (`elements.practices`) leaves those alone that are in others' hands.
    """
    best = 0.0
    for k in range(PRACTICES):
        best = max(best, person.sees[k])
    own = 0.0
    drawn = 0.0
    for k in range(PRACTICES):
        helps = person.sees[k] / best
        own += helps
        proposal.design[k] = drawn_to_policy(helps, world.scene.wanted[k], world.scene.salience)
        drawn += proposal.design[k]
    for k in range(PRACTICES):
        share = proposal.design[k] / drawn if world.mechanisms.I2 != Switch.OFF else 1.0 / PRACTICES
        within = 1.0 if person.controls[k] > 0.0 else world.case.element_practices
        proposal.design[k] = person.ambition * min(1.0, share * own) * within * world.practices[k].changeable


@rule("I23", claims=("C2", "C3"), source="Storey and Holti 2013", rises_with=("own", "wanted"), bounded=(0.0, 1.0))
def drawn_to_policy(own: float, wanted: float, salience: float) -> float:
    """A package is drawn from what its author holds to help towards what policy wants, as far as policy is heard."""
    return own * (1.0 - salience) + wanted * salience


@rule("I4", claims=("C7", "C11"), source="Storey and Holti 2013")
def next_organisation(person: Person, proposal: Proposal, world: World) -> int:
    """The organisation to ask next: across the busiest, least joined-up interface of those already in, where one
    knows someone.
    """
    best = -1
    busiest = -1
    need = 0.0
    for place in range(proposal.touches):
        inside = world.touched[proposal.number, place]
        for border in range(world.organisations[inside].borders):
            i = world.borders[inside, border]
            interface = world.interfaces[i]
            candidate = across(inside, interface.first, interface.second)
            unmet = interface.traffic * (1.0 - interface.integration)
            outside = candidate >= 0 and world.scope[proposal.number, candidate] == 0
            more = unmet > need or (unmet == need and i < busiest)
            if outside and more and is_linked(person, candidate, world):
                best = candidate
                busiest = i
                need = unmet
    return best


@rule("I5", claims=("C7", "C11"), source="Storey and Holti 2013")
def first_organisation(person: Person, world: World) -> int:
    """Where a package begins: at home; a commissioner begins at the busiest, least joined-up interface within reach."""
    if person.role != Role.COMMISSIONER:
        return person.organisation
    best = -1
    need = 0.0
    for i in range(world.scene.interfaces):
        interface = world.interfaces[i]
        unmet = interface.traffic * (1.0 - interface.integration)
        if unmet > need and is_linked(person, interface.first, world) and is_linked(person, interface.second, world):
            best = int(interface.first)
            need = unmet
    return best


@rule("I6", claims=("C1", "C7", "C11"), source="Storey and Holti 2013")
def span(person: Person, proposal: Proposal, world: World) -> None:
    """Spread a draft over as many organisations as the person wants and can reach; across boundaries commissioners
    join in.
    """
    leave_all_out(proposal, world)
    proposal.breadth = 0
    wanted = organisations_wanted(person.ambition, world.behaviour.reach)
    if person.role == Role.COMMISSIONER:
        wanted = max(2, wanted)
    joining = first_organisation(person, world)
    while joining >= 0 and proposal.breadth < wanted:
        take_in(joining, proposal, world)
        proposal.breadth += 1
        joining = next_organisation(person, proposal, world)
    if proposal.breadth > 1:
        for o in range(world.scene.organisations):
            if world.organisations[o].commissions == 1:
                take_in(o, proposal, world)


@rule("I7", claims=("C1", "C2"), source="Storey and Holti 2013")
def draft(person: Person, proposal: Proposal, world: World) -> None:
    """Write down what a person would propose today: where, how deep, how close to policy, and what it would do for
    patients.
    """
    proposal.lead = person.number
    span(person, proposal, world)
    proposal.guarantee = 0.0
    proposal.depth_asked = 0.0
    depart(person, proposal, world)
    for k in range(PRACTICES):
        if proposal.breadth == 1 and k == Practice.TARIFF:
            proposal.design[k] = 0.0
        proposal.asked[k] = proposal.design[k]
        proposal.depth_asked += proposal.design[k] / PRACTICES
    proposal.shortfall = shortfall(proposal, world)
    proposal.alignment = alignment(proposal, world)


@rule("I8", claims=("C2", "C7"), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def shortfall(proposal: Proposal, world: World) -> float:
    """What is still missing where a package would act: at the interfaces that it joins, or else within the
    organisations that it touches.
    """
    missing = 0.0
    weight = 0.0
    for place in range(proposal.joins):
        interface = world.interfaces[world.joined[proposal.number, place]]
        missing += interface.traffic * (1.0 - interface.integration)
        weight += interface.traffic
    if weight > 0.0:
        return missing / weight
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        if world.organisations[o].commissions == 0:
            for k in range(PRACTICES):
                missing += (1.0 - world.local[o, k]) * world.practices[k].changeable
                weight += world.practices[k].changeable
    if weight > 0.0:
        return missing / weight
    return 0.0


@rule(
    "I9",
    claims=("C2", "C7"),
    source="Storey and Holti 2013",
    rises_with=("interest", "stake"),
    bounded=(0.0, 1.0),
    off="nobody's reason to start depends on interest or on who owns the condition",
    fixed={"INTEREST_SHARE": "share of a reason to start that comes from interest; the rest comes from owning"},
)
def concern(interest: float, stake: float) -> float:
    """A reason to start comes half from interest in the condition, half from owning it; a thin stake weighs by its
    square root.
    """
    return INTEREST_SHARE * interest + (1.0 - INTEREST_SHARE) * math.sqrt(stake)


@rule("I10", claims=("C2",), source="Storey and Holti 2013", rises_with=("belief", "wanted"), bounded=(0.0, 1.0))
def chance_seen(belief: float, wanted: float) -> float:
    """The chance that one sees: learnt from what became of colleagues' proposals, raised by what sponsors are
    known to want.
    """
    return belief + (1.0 - belief) * wanted


@rule(
    "I11",
    claims=("C2",),
    source="consultant job plans",
    rises_with=("time_cost", "organisations"),
    falls_with=("encounters",),
)
def cost_of_time(time_cost: float, organisations: int, encounters: float) -> float:
    """What leading costs: a project and each organisation in it need encounters, dear to those with little time
    for leading.
    """
    return time_cost * (1 + organisations) / encounters


@rule("I24", claims=("C15", "C17", "C18"), source="consultant job plans", bounded=(0.0, 1.0))
def time_to_lead(person: Person, world: World) -> float:
    """The share of a week that a person has for leading here: what clinicians give to national work, and what a
    reorganisation disrupts, is not there.
    """
    nationally = world.case.national_share if person.role == Role.CLINICIAN else 0.0
    home = world.organisations[person.organisation]
    return person.time * (1.0 - nationally) * world.case.element_time * attention_left(home, world)


@rule("I12", claims=("C14", "C17", "C18"), source="consultant job plans")
def encounters_a_month(person: Person, world: World) -> float:
    """How many encounters a person's time for leading affords in a month."""
    return world.behaviour.encounters * time_to_lead(person, world)


@rule(
    "I13",
    claims=("C9",),
    source="Storey and Holti 2013",
    falls_with=("compartmentalisation",),
    rises_with=("trust",),
    bounded=(0.0, 1.0),
    fixed={"FREE_LEAVE": "leave that a manager gives whatever the trust; full trust by half gives all"},
)
def chance_of_leave(compartmentalisation: float, trust: float) -> float:
    """A manager lets a clinician work beyond the own clinic the less, the more compartmentalised and the less
    trusting they are.
    """
    return (1.0 - compartmentalisation) * min(1.0, FREE_LEAVE + trust)


@rule("I14", claims=("C9",), source="Storey and Holti 2013", off="nobody needs the manager's leave")
def has_leave(person: Person, proposal: Proposal, world: World) -> bool:
    """What lies beyond one's own clinic needs the manager's leave; managers and commissioners give it to themselves."""
    if world.mechanisms.I14 == Switch.OFF or person.role != Role.CLINICIAN or proposal.breadth == 1:
        return True
    home = world.organisations[person.organisation]
    trust = world.trust[home.manager, person.number]
    given = uniform(world, person.number, 0, Purpose.LEAVE) < chance_of_leave(home.compartmentalisation, trust)
    if not given:
        note(world, Event.LEAVE_REFUSED, person.number, home.manager, -1, trust)
    return given


@rule(
    "I15",
    claims=("C1", "C2", "C7", "C9"),
    source="Storey and Holti 2013",
    fixed={"QUIETEST_MONTH": "cost of time in the quietest month, of the usual; the busiest costs as much more"},
)
def initiate(person: Person, world: World) -> None:
    """Now and then one takes stock, and starts a redesign if the worth seen times the chance seen exceeds this
    month's cost.
    """
    if person.proposal >= 0:
        return
    lot = monthly_lot(world, person.number, Purpose.TAKING_STOCK)
    if lot >= world.behaviour.taking_stock:
        return
    encounters = encounters_a_month(person, world)
    if encounters <= 0.0:
        return
    if world.scene.proposals >= world.stance.shape[0]:
        world.scene.turned_away += 1
        return
    proposal = world.proposals[world.scene.proposals]
    draft(person, proposal, world)
    if proposal.breadth == 0:
        return
    workload = QUIETEST_MONTH + 2.0 * (1.0 - QUIETEST_MONTH) * lot / world.behaviour.taking_stock
    cost = cost_of_time(world.behaviour.time_cost, proposal.breadth, encounters)
    if worth_starting(person, proposal, world) > cost * workload and has_leave(person, proposal, world):
        open_proposal(person, proposal, world)


@rule(
    "I16",
    claims=("C2", "C7", "C17"),
    source="Storey and Holti 2013",
    fixed={"ALIKE": "everybody's reason to start where `concern` (I9) is off"},
)
def worth_starting(person: Person, proposal: Proposal, world: World) -> float:
    """The worth seen in the package one would propose, times the chance seen of its passing."""
    stake = world.organisations[person.organisation].stake
    moved_by = concern(person.interest, stake) if world.mechanisms.I9 != Switch.OFF else ALIKE
    wanted = world.scene.salience * proposal.alignment * world.case.element_authorisation
    return own_view(person, world, proposal) * moved_by * chance_seen(person.belief, wanted)


@jitable
def take_slot(proposal: Proposal, world: World) -> None:
    """The next free slot is taken, by a proposal that is live from now on."""
    world.live[world.scene.live] = proposal.number
    world.scene.live += 1
    world.scene.proposals += 1


@jitable
def open_proposal(person: Person, proposal: Proposal, world: World) -> None:
    """A draft becomes a live proposal: from now on it takes its lead's time and others' attention."""
    number = proposal.number
    take_slot(proposal, world)
    proposal.stage = Stage.NEGOTIATING
    proposal.started = world.scene.month
    proposal.since = world.scene.month
    proposal.merit = merit(proposal, world)
    proposal.lead_ties = distant_ties(person, world)
    person.proposal = number
    person.started += 1
    world.scene.started += 1
    if proposal.breadth > 1:
        world.scene.cross_boundary_started += 1
        count_conversion(person, proposal, world)
    if world.scene.first_proposal == 0:
        world.scene.first_proposal = world.scene.month
    change_stance(person, number, Stance.CO_LEADS, world)
    note(world, Event.PROPOSAL_STARTED, person.number, -1, number, proposal.depth_asked)


@rule("I17", claims=("C5", "C19"), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def merit(proposal: Proposal, world: World) -> float:
    """What a package would do for patients' health and experience, of all that the same practices could do."""
    done = 0.0
    possible = 0.0
    for k in range(PRACTICES):
        gain = world.practices[k].outcome_gain + world.practices[k].experience_gain
        done += gain * proposal.design[k]
        possible += gain
    return done / possible * proposal.shortfall


@rule("I18", claims=("C11",), source="Storey and Holti 2013")
def distant_ties(person: Person, world: World) -> int:
    """How many people a person knows beyond the own organisation."""
    known = 0
    for o in range(world.scene.organisations):
        if o != person.organisation:
            known += world.acquaintances[person.number, o]
    return known


@rule("I19", claims=("C9",), source="Storey and Holti 2013")
def count_conversion(person: Person, proposal: Proposal, world: World) -> None:
    """Informal links that lead to organisations of a proposal have been converted into formal redesign, each once."""
    for o in range(world.scene.organisations):
        if o != person.organisation and world.scope[proposal.number, o] == 1:
            known = world.acquaintances[person.number, o]
            world.scene.links_converted += max(0, known - world.converted[person.number, o])
            world.converted[person.number, o] = max(known, world.converted[person.number, o])


@rule("I20", claims=("C2", "C8"), source="assumed", bounded=(0.0, 1.0), rises_with=("outcome",))
def revised(belief: float, outcome: float, learning: float) -> float:
    """One outcome moves the chance one sees a share of the way towards it."""
    return belief + learning * (outcome - belief)


@rule("I21", claims=("C2",), source="Storey and Holti 2013", off="nobody learns from what became of proposals")
def learn(proposal: Proposal, world: World, outcome: float) -> None:
    """The lead and those who know the lead learn from what became of a proposal."""
    if world.mechanisms.I21 == Switch.OFF:
        return
    lead = proposal.lead
    for j in range(world.scene.people):
        if j == lead or world.ties[lead, j] == 1:
            person = world.people[j]
            person.belief = revised(person.belief, outcome, world.behaviour.learning)


@rule("I22", claims=("C2", "C7"), source="assumed")
def can_spare_time(person: Person, world: World, worth: float) -> bool:
    """Whether a worth seen makes up for the time that helping to lead in one's own organisation would cost."""
    encounters = encounters_a_month(person, world)
    if encounters <= 0.0:
        return False
    return worth * person.belief > cost_of_time(world.behaviour.time_cost, 1, encounters)
