"""Formal decision: getting a hearing, granting practice by practice, and deciding together under the case's rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.happenings import Event, note
from redesign_sim.roles import PRACTICES, DecisionRule, Practice, Purpose, Stage, Stance, Switch
from redesign_sim.rulekit import jitable, rule
from redesign_sim.rules.ending import end, give_up
from redesign_sim.rules.initiating import learn, shortfall
from redesign_sim.rules.linking import change_stance, come_to_trust
from redesign_sim.rules.negotiating import burn_trust, drop_organisation, has_access, hold_together, patience_used
from redesign_sim.rules.strategising import alignment, closeness
from redesign_sim.rules.weighing import acceptable_depth, loss_in_practice, worth_of_practice

if TYPE_CHECKING:
    from redesign_sim.things import Organisation, Person, Proposal, World

NEUTRAL = 0.5
SUPERMAJORITY = 0.75
MOST = 0.5


@rule("D1", claims=("C6",), source="NHS staff surveys 2009/10")
def is_heard(proposal: Proposal, world: World) -> bool:
    """A proposal waits until its lead has access to the decision routines of the own organisation this month."""
    lead = world.people[proposal.lead]
    heard = has_access(lead, lead.organisation, world, Purpose.HEARING)
    if not heard:
        note(world, Event.NOT_HEARD, proposal.lead, -1, proposal.number, 0.0)
    return heard


@rule("D2", claims=("C3", "C17"), source="Storey and Holti 2013")
def who_grants(organisation: Organisation, k: int) -> int:
    """Service managers release booking and information systems; executives authorise clinic organisation and roles."""
    if k == Practice.BOOKING or k == Practice.INFORMATION_SYSTEMS:
        return organisation.manager
    return organisation.executive


@rule("D3", claims=("C3", "C17"), source="Storey and Holti 2013")
def grant(organisation: Organisation, world: World, proposal: Proposal) -> float:
    """An organisation grants practice by practice, each as deep as whoever has the say over it accepts.

    The share of the depth asked that is granted is returned; nothing granted is a refusal.
    """
    asked = 0.0
    given = 0.0
    executives = world.people[organisation.executive].consider(world, proposal)
    managers = world.people[organisation.manager].consider(world, proposal)
    for k in range(PRACTICES):
        if k != Practice.TARIFF:
            head = world.people[who_grants(organisation, k)]
            whole = managers if head.number == organisation.manager else executives
            asked += proposal.design[k]
            depth = depth_granted(head, world, proposal, k, whole) * world.case.element_authorisation
            world.granted[proposal.number, organisation.number, k] = depth
            given += depth
    if asked <= 0.0:
        return 0.0
    note(world, Event.GRANTED, organisation.executive, organisation.number, proposal.number, given / asked)
    return given / asked


@rule("D4", claims=("C3", "C17"), source="Storey and Holti 2013")
def depth_granted(head: Person, world: World, proposal: Proposal, k: int, whole: float) -> float:
    """Whoever has the say over a practice grants it as asked where the package is worth it as a whole, and else only as
    deep as the practice is worth it by itself: as asked, less, or not at all.

    `whole` is what the head thinks of the whole package.
    """
    asked = proposal.design[k]
    if asked <= 0.0 or whole >= 0.0:
        return asked
    loss = 0.0 if proposal.lead == head.number else loss_in_practice(head, world, proposal, k)
    return acceptable_depth(asked, worth_of_practice(head, world, proposal, k), loss, 0.0)


@rule(
    "D5",
    claims=("C3", "C6"),
    source="Storey and Holti 2013",
    fixed={"NEUTRAL": "share of the owners in favour that moves commissioners neither way"},
)
def commissioners_view(organisation: Organisation, world: World, proposal: Proposal, heard: float) -> float:
    """What the commissioners of one body, taken together, think of a package after hearing which share of the
    owners wants it.
    """
    view = 0.0
    for seat in range(organisation.staff):
        view += world.people[world.members[organisation.number, seat]].consider(world, proposal)
    return view / organisation.staff + world.behaviour.peer_weight * (heard - NEUTRAL)


@rule("D6", claims=("C3",), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def commissioning_bodies_in_favour(world: World, proposal: Proposal, heard: float) -> float:
    """The share of the commissioning bodies that favour a package; joint commissioners speak with one voice.

    `heard` is the share of the organisations touched that want it.
    """
    bodies = 0.0
    favour = 0.0
    together = 0.0
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        organisation = world.organisations[o]
        if organisation.commissions == 1:
            view = commissioners_view(organisation, world, proposal, heard)
            bodies += 1.0
            together += view
            favour += 1.0 if view >= 0.0 else 0.0
            if world.case.joint <= 0.0:
                note(world, Event.VOTED, organisation.executive, o, proposal.number, view)
    if bodies <= 0.0:
        return 1.0
    if world.case.joint > 0.0:
        note(world, Event.VOTED, -1, -1, proposal.number, together / bodies)
        return 1.0 if together >= 0.0 else 0.0
    return favour / bodies


@rule(
    "D7",
    claims=("C3", "C6", "C13"),
    source="decision rules described in the literature on such redesigns",
    fixed={
        "SUPERMAJORITY": "share of the voters who make a supermajority",
        "MOST": "share of the commissioning bodies who make most of them",
    },
)
def passes(rule_of_decision: int, in_favour: float, against: float, commissioners: float) -> bool:
    """Unanimity asks every voter; a supermajority three quarters of them; lead authority most commissioners and
    any provider.

    `in_favour` and `against` count voters; `commissioners` is the share of commissioning bodies in favour.
    """
    if rule_of_decision == DecisionRule.UNANIMITY:
        return against <= 0.0 and in_favour > 0.0
    if rule_of_decision == DecisionRule.SUPERMAJORITY:
        return in_favour >= SUPERMAJORITY * (in_favour + against)
    return commissioners >= MOST and in_favour > 0.0


@rule("D8", claims=("C3", "C6", "C17"), source="Storey and Holti 2013")
def decide(proposal: Proposal, world: World) -> None:
    """A proposal before decision is heard before its lead's patience is used up, each organisation grants or refuses,
    and the case's rule makes one decision of it.
    """
    if proposal.stage != Stage.BEFORE_DECISION:
        return
    if patience_used(proposal, world) >= 1.0:
        give_up(proposal, world)
        return
    if not is_heard(proposal, world):
        return
    proposal.shortfall = shortfall(proposal, world)
    proposal.alignment = alignment(proposal, world)
    ask_those_not_asked(proposal, world)
    in_favour, against = count_votes(proposal, world)
    commissioners = commissioning_bodies_in_favour(world, proposal, in_favour / (in_favour + against))
    wanted_by_an_owner = in_favour > 0.0
    if proposal.breadth > 1:
        bodies = 1.0 if world.case.joint > 0.0 else float(world.scene.commissioning_bodies)
        in_favour += commissioners * bodies
        against += (1.0 - commissioners) * bodies
    if wanted_by_an_owner and passes(int(world.case.decision_rule), in_favour, against, commissioners):
        authorise(proposal, world, commissioners)
    elif proposal.returned == 0:
        send_back(proposal, world)
    else:
        refuse(proposal, world, against / (in_favour + against))


@rule("D9", claims=("C6", "C13"), source="NHS staff surveys 2009/10")
def ask_those_not_asked(proposal: Proposal, world: World) -> None:
    """Before a decision whoever has no stance on the package as it stands is asked; clinicians as far as their
    organisation includes them.
    """
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        for seat in range(world.organisations[o].staff):
            person = world.people[world.members[o, seat]]
            unasked = world.stance[proposal.number, person.number] <= Stance.HAS_REFUSED
            if unasked and has_access(person, o, world, Purpose.ASKED):
                state_stance(person, world, proposal)


@rule("D10", claims=("C6", "C13"), source="Storey and Holti 2013")
def state_stance(person: Person, world: World, proposal: Proposal) -> None:
    """Someone who is asked says what they think: they back the package if they weigh it above nothing and have
    room for it.

    Being asked formally about something that one does not accept is a step too far of whoever put it forward.
    """
    weighing = person.consider(world, proposal)
    if weighing < 0.0:
        change_stance(person, proposal.number, Stance.REFUSES, world)
        note(world, Event.DECLINED, person.number, proposal.lead, proposal.number, weighing)
        burn_trust(world.people[proposal.lead], person, world, -weighing)
    elif person.backing < world.behaviour.backing_limit:
        change_stance(person, proposal.number, Stance.BACKS, world)
        note(world, Event.BACKED, person.number, proposal.lead, proposal.number, weighing)
    else:
        note(world, Event.OVERCOMMITTED, person.number, proposal.lead, proposal.number, weighing)


@rule("D11", claims=("C3", "C17"), source="Storey and Holti 2013")
def count_votes(proposal: Proposal, world: World) -> tuple[float, float]:
    """How many of the organisations touched grant something, and how many nothing."""
    in_favour = 0.0
    against = 0.0
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        organisation = world.organisations[o]
        if organisation.commissions == 0:
            if grant(organisation, world, proposal) > 0.0:
                in_favour += 1.0
            else:
                against += 1.0
                weighing = world.people[organisation.executive].consider(world, proposal)
                note(world, Event.VOTED_DOWN, organisation.executive, o, proposal.number, weighing)
    return in_favour, against


@rule("D12", claims=("C3", "C17"), source="Storey and Holti 2013")
def authorise(proposal: Proposal, world: World, commissioners: float) -> None:
    """An authorised package goes on without the organisations that refused, gets its tariff from the commissioners in
    favour, and money.
    """
    leave_out_those_against(proposal, world)
    agreed = 0.0
    for o in range(world.scene.organisations):
        if world.scope[proposal.number, o] == 1 and world.organisations[o].commissions == 0:
            tariff = proposal.design[Practice.TARIFF] * world.case.element_authorisation
            world.granted[proposal.number, o, Practice.TARIFF] = tariff * commissioners
            for k in range(PRACTICES):
                agreed += world.granted[proposal.number, o, k] / (PRACTICES * proposal.breadth)
    proposal.depth_agreed = agreed
    proposal.funding = funding_won(proposal, world)
    proposal.stage = Stage.AUTHORISED
    count_authorisation(proposal, world)
    note(world, Event.AUTHORISED, -1, proposal.lead, proposal.number, agreed)


@rule("D13", claims=("C13",), source="decision rules described in the literature on such redesigns")
def leave_out_those_against(proposal: Proposal, world: World) -> None:
    """Where others decide over them, organisations that grant nothing are left out, and their interfaces stay as they
    are.
    """
    left_out = 0
    for o in range(world.scene.organisations):
        if world.scope[proposal.number, o] == 1 and world.organisations[o].commissions == 0:
            given = 0.0
            for k in range(PRACTICES):
                given += world.granted[proposal.number, o, k] if k != Practice.TARIFF else 0.0
            if given <= 0.0:
                note(world, Event.LEFT_OUT, -1, o, proposal.number, 0.0)
                drop_organisation(o, world, proposal)
                left_out += 1
    if left_out > 0:
        hold_together(proposal, world)


@rule("D14", claims=("C3", "C17"), source="Storey and Holti 2013", off="strategies bring no money")
def funding_won(proposal: Proposal, world: World) -> float:
    """Money that a strategy brings goes to packages as far as they come close to it, while it is still heard."""
    won = 0.0
    if world.mechanisms.D14 != Switch.OFF:
        for s in range(world.scene.strategies):
            strategy = world.strategies[s]
            won += strategy.funding * strategy.salience * closeness(proposal, world, s)
    return won * world.case.element_resources


@jitable
def count_authorisation(proposal: Proposal, world: World) -> None:
    """An authorisation is counted the first time a proposal gets it."""
    if proposal.authorised == 0:
        proposal.authorised = world.scene.month
        world.scene.authorised += 1
        world.scene.funding_won += proposal.funding
        if world.scene.first_authorisation == 0:
            world.scene.first_authorisation = world.scene.month


@rule("D15", claims=("C16",), source="decision rules described in the literature on such redesigns")
def send_back(proposal: Proposal, world: World) -> None:
    """The first refusal returns the package to its lead, who may work on it once more."""
    proposal.returned = 1
    proposal.stage = Stage.NEGOTIATING
    note(world, Event.RETURNED, -1, proposal.lead, proposal.number, 0.0)
    expose(proposal, world)


@rule("D16", claims=("C14",), source="Storey and Holti 2013")
def refuse(proposal: Proposal, world: World, against: float) -> None:
    """The second refusal ends a proposal; colleagues learn from it."""
    proposal.reason = Event.REFUSED
    world.scene.refused += 1
    note(world, Event.REFUSED, -1, proposal.lead, proposal.number, against)
    expose(proposal, world)
    end(proposal, Stage.REFUSED, world)
    learn(proposal, world, 0.0)


@rule("D17", claims=("C14",), source="Storey and Holti 2013", off="a refusal exposes nobody")
def expose(proposal: Proposal, world: World) -> None:
    """A refusal exposes the lead before those in the scope who had not come on board, as far as it went beyond what
    they accept; whoever has said no to the package has lost trust by that already.
    """
    if world.mechanisms.D17 == Switch.OFF:
        return
    lead = world.people[proposal.lead]
    for place in range(proposal.touches):
        o = world.touched[proposal.number, place]
        for seat in range(world.organisations[o].staff):
            other = world.people[world.members[o, seat]]
            if world.stance[proposal.number, other.number] <= Stance.HAS_REFUSED:
                weighing = other.consider(world, proposal)
                if weighing < 0.0:
                    burn_trust(lead, other, world, -weighing)


@rule("D18", claims=("C1", "C2"), source="Storey and Holti 2013")
def share_credit(proposal: Proposal, world: World) -> None:
    """When a redesign is completed those who backed it trust its lead more, and colleagues see that it can be done."""
    lead = world.people[proposal.lead]
    for j in range(world.scene.people):
        if j != lead.number and world.stance[proposal.number, j] >= Stance.BACKS:
            come_to_trust(world.people[j], lead, world)
    learn(proposal, world, 1.0)
