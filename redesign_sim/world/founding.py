"""The first day: traits, ties, trust and views, drawn once for each replicate, by one text for both executions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.draws import draw_lots, draw_lots_with_all, quantile
from redesign_sim.roles import PRACTICES, Purpose, Role, Switch
from redesign_sim.rulekit import jitable, unchecked
from redesign_sim.rules.linking import befriend
from redesign_sim.rules.weighing import weight_of_outcomes
from redesign_sim.world.activation import PEOPLE, put_in_order
from redesign_sim.world.measures import zone_of_packages

if TYPE_CHECKING:
    from redesign_sim.things import Interface, Person, Scene, Table, World

STYLE = 1
"""The row of `world.lots` that holds everyone's rank for style on the first day."""

POSITION, AMBITION, POSITION_LINK, CAPABILITY, TRAIT_LINK, ENTRENCHMENT, INTEREST, LOSS, FORMAL_ROLE = range(2, 11)
"""The rows that hold everyone's lots, on the first day, for what they are named after."""

LOW_AMBITION, HIGH_AMBITION, LOW_CAPABILITY, HIGH_CAPABILITY = 0, 1, 2, 3
"""Rows of `world.quantiles` that hold the halves of the two traits' distributions, where a mix is given."""

VIEW_SPREAD = 0.3
LEAST_SEEN = 0.05
OUTCOMES_FIRST = 0.5
AT_THE_EDGE = 0.5
LEAST_DEAR = 0.25
FIRST_BELIEF = 0.5

FIXED = {
    "VIEW_SPREAD": "how far what people hold to help patients may lie from what does, either way",
    "LEAST_SEEN": "the least worth that anyone sees in changing a practice",
    "OUTCOMES_FIRST": "the least weight that anyone gives to health outcomes rather than users' experience",
    "AT_THE_EDGE": "chance of a tie between two people at the very edge of the web, next to two of average position",
    "LEAST_DEAR": "how dear the least dear of a person's own practices may be, next to the average",
    "FIRST_BELIEF": "chance that everyone sees at first that a proposal will happen",
}
"""What is assumed of the first day, and is no parameter: each number by name, and what it means."""


@jitable
def spread_about(mean: float, spread: float, lot: float) -> float:
    """A trait about a mean, either way, kept between nothing and all."""
    return min(1.0, max(0.0, mean + spread * (2.0 * lot - 1.0)))


@jitable
def draw_first_lots(world: World) -> None:
    """Everybody's lots for what they bring with them."""
    month = int(world.scene.month)
    people = int(world.scene.people)
    draw_lots(world.key, 0, month, Purpose.POSITION, world.lots, POSITION, people)
    draw_lots(world.key, 0, month, Purpose.AMBITION, world.lots, AMBITION, people)
    draw_lots(world.key, 0, month, Purpose.POSITION_LINK, world.lots, POSITION_LINK, people)
    draw_lots(world.key, 0, month, Purpose.CAPABILITY, world.lots, CAPABILITY, people)
    draw_lots(world.key, 0, month, Purpose.TRAIT_LINK, world.lots, TRAIT_LINK, people)
    draw_lots(world.key, 0, month, Purpose.ENTRENCHMENT, world.lots, ENTRENCHMENT, people)
    draw_lots(world.key, 0, month, Purpose.INTEREST, world.lots, INTEREST, people)
    draw_lots(world.key, 0, month, Purpose.LOSS, world.lots, LOSS, people)
    draw_lots(world.key, 0, month, Purpose.FORMAL_ROLE, world.lots, FORMAL_ROLE, people)


@jitable
def take_position(person: Person, world: World) -> None:
    """Where a person stands in the web of ties, by keyed lot."""
    person.position = world.lots[POSITION, person.number]
    person.proposal = -1
    person.belief = FIRST_BELIEF


@jitable
def rank_for_style(world: World) -> None:
    """How many clinicians a keyed lot puts before each person; clinicians' styles are given out by this rank, which is
    kept as their lot.

    So neighbouring mixes share almost all of their people.
    """
    draw_lots(world.key, 0, int(world.scene.month), Purpose.STYLE, world.lots, 0, int(world.scene.people))
    put_in_order(world, PEOPLE, world.scene.people)
    before = 0.0
    for place in range(world.scene.people):
        number = world.order[PEOPLE, place]
        world.lots[STYLE, number] = before
        if world.people[number].role == Role.CLINICIAN:
            before += 1.0


@jitable
def take_style(person: Person, world: World) -> None:
    """Where the case gives a mix, a clinician's rank decides from which half of each distribution the traits come."""
    if world.case.by_mix > 0.0 and person.role == Role.CLINICIAN:
        rank = world.lots[STYLE, person.number]
        ambitious = rank >= world.case.localised_until
        capable = rank >= world.case.lacking_followers_until or (
            rank >= world.case.passive_until and rank < world.case.localised_until
        )
        person.ambition_row = HIGH_AMBITION if ambitious else LOW_AMBITION
        person.capability_row = HIGH_CAPABILITY if capable else LOW_CAPABILITY


@jitable
def linked_lot(own: float, other: float, linked: float, correlation: float) -> float:
    """A lot that repeats another, or mirrors it, as often as the correlation asks, and otherwise is one's own."""
    if correlation > 0.0 and linked < correlation:
        return other
    if correlation < 0.0 and linked < -correlation:
        return 1.0 - other
    return own


@jitable
def take_traits(person: Person, world: World) -> None:
    """Ambition goes against position as far as the case says, capability along with ambition; the rest by keyed lot."""
    take_style(person, world)
    n = person.number
    clinician = person.role == Role.CLINICIAN
    lot = world.lots[AMBITION, n]
    position_linked = world.lots[POSITION_LINK, n]
    if clinician:
        lot = linked_lot(lot, person.position, position_linked, world.case.position_correlation)
    trait_linked = world.lots[TRAIT_LINK, n]
    skill = linked_lot(world.lots[CAPABILITY, n], lot, trait_linked, world.case.correlation)
    person.ambition = quantile(world, person.ambition_row, lot)
    person.capability = quantile(world, person.capability_row, skill)
    if n == world.case.focal:
        person.ambition = world.case.focal_ambition
        person.capability = world.case.focal_capability


@jitable
def take_character(person: Person, world: World) -> None:
    """Entrenchment, interest and loss weight, about the case's means; a formal role for some clinicians."""
    n = person.number
    case = world.case
    stiff = world.lots[ENTRENCHMENT, n]
    keen = world.lots[INTEREST, n]
    touchy = world.lots[LOSS, n]
    if person.role == Role.CLINICIAN:
        person.entrenchment = spread_about(case.clinician_entrenchment, case.clinician_entrenchment_spread, stiff)
        person.interest = spread_about(case.clinician_interest, case.clinician_interest_spread, keen)
        person.loss_weight = spread_about(case.clinician_loss, case.clinician_loss_spread, touchy)
        if world.lots[FORMAL_ROLE, n] < case.role_share:
            person.inclusion = case.role_inclusion
            person.time = case.role_time
    else:
        person.entrenchment = spread_about(case.manager_entrenchment, case.manager_entrenchment_spread, stiff)
        person.interest = spread_about(case.manager_interest, case.manager_interest_spread, keen)
        person.loss_weight = spread_about(case.manager_loss, case.manager_loss_spread, touchy)
    person.purpose = person.interest


@jitable
def take_view(person: Person, world: World) -> None:
    """What a person holds to help: outcomes and experience by their own weights, which users' voice draws to
    experience.
    """
    month = int(world.scene.month)
    draw_lots_with_all(world.key, person.number, month, Purpose.VIEW, world.lots, 0, PRACTICES + 1)
    own = OUTCOMES_FIRST + (1.0 - OUTCOMES_FIRST) * world.lots[0, PRACTICES]
    voice = world.case.voice if world.mechanisms.W10 != Switch.OFF else 0.0
    weight = weight_of_outcomes(own, voice)
    for k in range(PRACTICES):
        helps = weight * world.practices[k].outcome_gain + (1.0 - weight) * world.practices[k].experience_gain
        person.sees[k] = max(LEAST_SEEN, spread_about(helps, VIEW_SPREAD, world.lots[0, k]))
    share_out(person)


@jitable
def share_out(person: Person) -> None:
    """How much of all the worth that a person sees lies in each practice."""
    seen = 0.0
    for k in range(PRACTICES):
        seen += person.sees[k]
    for k in range(PRACTICES):
        person.share[k] = person.sees[k] / seen


@jitable
def take_to_heart(person: Person, world: World) -> None:
    """What a person holds dearest of the practices that are their own work differs, by keyed lot; together they
    are all of it.
    """
    month = int(world.scene.month)
    draw_lots_with_all(world.key, person.number, month, Purpose.CONTROL, world.lots, 0, PRACTICES)
    whole = 0.0
    for k in range(PRACTICES):
        dear = LEAST_DEAR + 2.0 * (1.0 - LEAST_DEAR) * world.lots[0, k]
        person.controls[k] = person.controls[k] * dear
        whole += person.controls[k]
    for k in range(PRACTICES):
        person.controls[k] = person.controls[k] / whole


@jitable
def make_ties(person: Person, world: World) -> None:
    """Who knows whom on the first day: by profession and organisation, more among those at the centre."""
    month = int(world.scene.month)
    draw_lots_with_all(world.key, person.number, month, Purpose.TIE, world.lots, 0, person.number)
    far = max(world.case.tie_same_profession_elsewhere, world.case.tie_both_different) * centrality(
        person.position, 1.0
    )
    for j in range(person.number):
        if world.lots[0, j] < far:
            perhaps_tie(person, world.people[j], world)
    for seat in range(world.organisations[person.organisation].staff):
        j = world.members[person.organisation, seat]
        if j < person.number and world.lots[0, j] >= far:
            perhaps_tie(person, world.people[j], world)


@jitable
def perhaps_tie(person: Person, other: Person, world: World) -> None:
    """Two people know each other if the lot that they drew says so."""
    chance = tie_chance(person, other, world) * centrality(person.position, other.position)
    if world.lots[0, other.number] < chance:
        befriend(person, other, world)


@jitable
def centrality(one: float, other: float) -> float:
    """How much commoner than on average a tie is between two people, by where they stand in the web."""
    return AT_THE_EDGE + (1.0 - AT_THE_EDGE) * (one + other)


@jitable
def tie_chance(person: Person, other: Person, world: World) -> float:
    """The chance that two people know each other, of average position."""
    if person.organisation == other.organisation:
        if person.profession == other.profession:
            return world.case.tie_same_profession_here
        return world.case.tie_other_profession_here
    if person.profession == other.profession:
        return world.case.tie_same_profession_elsewhere
    return world.case.tie_both_different


@jitable
def meet_with_trust(person: Person, world: World) -> None:
    """What each other person trusts a person on the first day."""
    n = int(person.number)
    draw_lots(world.key, n, int(world.scene.month), Purpose.TRUST, world.lots, 0, int(world.scene.people))
    trust_a_stranger(world.trust, n, world.case.trust_across, world.case.trust_spread, world.lots, 0)
    for seat in range(world.organisations[person.organisation].staff):
        j = world.members[person.organisation, seat]
        crosses = (person.role == Role.CLINICIAN) != (world.people[j].role == Role.CLINICIAN)
        mean = world.case.trust_clinician_manager if crosses else world.case.trust_within
        world.trust[j, n] = spread_about(mean, world.case.trust_spread, world.lots[0, j])


@unchecked
def trust_a_stranger(trust: Table, n: int, mean: float, spread: float, lots: Table, row: int) -> None:
    """What everyone trusts a person of whom nothing is known."""
    for j in range(min(trust.shape[0], lots.shape[1])):
        trust[j, n] = spread_about(mean, spread, lots[row, j])


@jitable
def open_interface(interface: Interface, world: World) -> None:
    """On the first day every practice on both sides stands where the interface stands."""
    interface.integration = interface.start
    for side in range(2):
        for k in range(PRACTICES):
            world.depth[interface.number, side, k] = interface.start


@jitable
def open_account(scene: Scene, world: World) -> None:
    """The integration index of month 0. What follows are events of the run, not of its past."""
    scene.events = 0
    scene.index = 0.0
    for i in range(scene.interfaces):
        scene.index += world.interfaces[i].traffic * world.interfaces[i].integration
    scene.index_start = scene.index
    scene.index_peak = scene.index


@jitable
def found(world: World) -> None:
    """The whole first day, in the order of numbers; each draw is keyed, so the order decides nothing."""
    rank_for_style(world)
    draw_first_lots(world)
    for i in range(world.scene.people):
        take_position(world.people[i], world)
    for i in range(world.scene.people):
        person = world.people[i]
        take_traits(person, world)
        take_character(person, world)
        take_view(person, world)
        take_to_heart(person, world)
        make_ties(person, world)
        meet_with_trust(person, world)
    for i in range(world.scene.interfaces):
        open_interface(world.interfaces[i], world)
    open_account(world.scene, world)
    world.scene.zone = zone_of_packages(world)
