"""Imposing: where pressure has built up at an interface that stays as it was, sponsors may go round those who
refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.happenings import Event, note
from redesign_sim.roles import PRACTICES, Stage, Stance, Switch
from redesign_sim.rulekit import Quantity, rule
from redesign_sim.rules.deciding import ask_those_not_asked
from redesign_sim.rules.initiating import shortfall, take_slot, time_to_lead
from redesign_sim.rules.linking import change_stance
from redesign_sim.rules.scoping import leave_all_out, take_in
from redesign_sim.rules.strategising import alignment

if TYPE_CHECKING:
    from redesign_sim.things import Interface, Proposal, World


RELIEF = 0.5


class Imposing(NamedTuple):
    """What the rules of imposition read."""

    pressure: Annotated[
        float,
        Quantity(
            "Pressure borne",
            "months of undiminished salience at an interface left wholly apart",
            sweep=(2.0, 40.0),
            source="assumed",
            confidence="L",
            meaning="how much pressure builds up at an untended interface before sponsors go round those who refuse",
        ),
    ] = 18.0


@rule(
    "M1",
    claims=("C13",),
    source="Storey and Holti 2013",
    off="no pressure ever builds up",
    fixed={"RELIEF": "share of the pressure that a month's work at an interface takes away"},
)
def build_pressure(interface: Interface, world: World) -> None:
    """Pressure builds up at an interface while policy is heard and nothing moves there; when something moves it
    halves.
    """
    if world.mechanisms.M1 == Switch.OFF:
        return
    if interface.tended == 1:
        interface.pressure = interface.pressure * (1.0 - RELIEF)
    else:
        interface.pressure += world.scene.salience * (1.0 - interface.integration)


@rule("M2", claims=("C13",), source="Storey and Holti 2013; Fulop et al. 2002", off="sponsors never impose")
def impose(interface: Interface, world: World) -> None:
    """Sponsors with an outside option impose a thin redesign where pressure has become more than they bear."""
    build_pressure(interface, world)
    barred = world.mechanisms.M2 == Switch.OFF or world.case.outside_option <= 0.0
    if barred or interface.pressure <= world.behaviour.pressure:
        return
    sponsor = who_imposes(world)
    if sponsor >= 0 and world.scene.proposals < world.stance.shape[0]:
        interface.pressure = 0.0
        proposal = world.proposals[world.scene.proposals]
        take_slot(proposal, world)
        write_order(proposal, interface, sponsor, world)
        ask_those_not_asked(proposal, world)
        bypass(proposal, interface, world)


@rule("M3", claims=("C13",), source="Storey and Holti 2013")
def who_imposes(world: World) -> int:
    """The commissioner with time to lead and nothing else in hand who answers for the pathway; nobody (-1) if all are
    busy.
    """
    for o in range(world.scene.organisations):
        if world.organisations[o].commissions == 1:
            for seat in range(world.organisations[o].staff):
                person = world.people[world.members[o, seat]]
                if person.proposal < 0 and time_to_lead(person, world) > 0.0:
                    return person.number
    return -1


@rule("M4", claims=("C13",), source="assumed: an outside option is worth a share of the agreement it stands in for")
def write_order(proposal: Proposal, interface: Interface, sponsor: int, world: World) -> None:
    """What is imposed is a share of a full redesign, the outside option, drawn by what policy stresses; it grants
    itself.
    """
    leave_all_out(proposal, world)
    take_in(interface.first, proposal, world)
    take_in(interface.second, proposal, world)
    proposal.breadth = 2 if interface.first != interface.second else 1
    proposal.lead = sponsor
    proposal.imposed = 1
    proposal.started = world.scene.month
    proposal.since = world.scene.month
    proposal.authorised = world.scene.month
    proposal.stage = Stage.AUTHORISED
    proposal.reason = Event.IMPOSED
    proposal.guarantee = 0.0
    proposal.depth_asked = 0.0
    for k in range(PRACTICES):
        depth = world.case.outside_option * world.scene.wanted[k] * world.practices[k].changeable
        proposal.design[k] = depth
        proposal.asked[k] = depth
        proposal.depth_asked += depth / PRACTICES
        world.granted[proposal.number, interface.first, k] = depth
        world.granted[proposal.number, interface.second, k] = depth
    proposal.depth_agreed = proposal.depth_asked
    proposal.shortfall = shortfall(proposal, world)
    proposal.alignment = alignment(proposal, world)


@rule("M5", claims=("C13",), source="Storey and Holti 2013")
def bypass(proposal: Proposal, interface: Interface, world: World) -> None:
    """The sponsor goes ahead; proposals for the same place that are still being argued over go on as they may."""
    sponsor = world.people[proposal.lead]
    sponsor.proposal = proposal.number
    change_stance(sponsor, proposal.number, Stance.CO_LEADS, world)
    world.scene.imposed += 1
    note(world, Event.IMPOSED, sponsor.number, interface.number, proposal.number, world.behaviour.pressure)
