"""National strategies: how clinical they turn out, how loudly they sound, and how close a package comes to them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.draws import uniform
from redesign_sim.happenings import Event, note
from redesign_sim.roles import PRACTICES, Practice, Purpose, Role, Switch
from redesign_sim.rulekit import Quantity, rule

if TYPE_CHECKING:
    from redesign_sim.things import Person, Proposal, Scene, Strategy, World


TO_EACH = 0.5
NEUTRAL = 0.5
CONTENT = 0.5


class Strategising(NamedTuple):
    """What the rules of national strategy read."""

    national_effort: Annotated[
        float,
        Quantity(
            "National effort",
            "months of full time per clinician",
            sweep=(0.1, 3.0),
            source="assumed; the study credits the clinical content of both strategies",
            confidence="L",
            meaning="time given to national work at which most of the clinical input that was missing is there",
        ),
    ] = 0.5


@rule("S1", claims=("C18",), source="Storey and Holti 2013", off="time given to national work changes no strategy")
def work_nationally(person: Person, world: World) -> None:
    """Those who lead give a share of their time for leading to the making of national strategies.

    This locality stands for every locality doing the same, so what counts is the average leader's time.
    """
    gives = person.role == Role.CLINICIAN and world.case.national_share > 0.0
    if world.mechanisms.S1 != Switch.OFF and gives:
        world.scene.national_time += person.time * world.case.national_share / world.scene.clinicians


@rule(
    "S2",
    claims=("C5", "C18"),
    source="Storey and Holti 2013",
    rises_with=("stated", "time"),
    falls_with=("effort",),
    bounded=(0.0, 1.0),
)
def realised_clinical_input(stated: float, time: float, effort: float) -> float:
    """Time given to national work brings the clinical input of strategies yet to come from its stated level
    towards one.
    """
    share = time / effort
    return stated + (1.0 - stated) * share / math.sqrt(1.0 + share * share)


@rule(
    "S3",
    claims=("C5",),
    source="Storey and Holti 2013",
    fixed={"TO_EACH": "share of a managed target that falls to each of booking and clinic organisation"},
)
def write_emphasis(strategy: Strategy, world: World) -> None:
    """A strategy's emphasis on practices is, as far as clinicians had a say, what would help patients; the rest is
    its makers'.

    What its makers want is stated by the case or else keyed noise; a managed target puts its share on booking and
    clinic organisation, where access is counted.
    """
    number = strategy.number
    heard = strategy.realised_input
    helpful = 0.0
    wanted = 0.0
    for k in range(PRACTICES):
        helpful += world.practices[k].outcome_gain + world.practices[k].experience_gain
        wanted += makers_wish(strategy, world, k)
    for k in range(PRACTICES):
        good = (world.practices[k].outcome_gain + world.practices[k].experience_gain) / helpful
        content = heard * good + (1.0 - heard) * makers_wish(strategy, world, k) / wanted
        access = TO_EACH if k == Practice.CLINIC_ORGANISATION or k == Practice.BOOKING else 0.0
        world.emphasis[number, k] = (1.0 - strategy.managed_target) * content + strategy.managed_target * access


@rule("S4", claims=("C5",), source="assumed", bounded=(0.0, 1.0))
def makers_wish(strategy: Strategy, world: World, k: int) -> float:
    """What a strategy's makers want of a practice: as the case states it, or a keyed whim that has favourites."""
    stated = world.stated_emphasis[strategy.number, k]
    if stated >= 0.0:
        return stated
    whim = 1.0 - uniform(world, strategy.number, k, Purpose.EMPHASIS)
    return whim * whim


@rule("S5", claims=("C5", "C7"), source="Storey and Holti 2013")
def write_focus(strategy: Strategy, world: World) -> None:
    """A strategy's focus on interfaces is, as far as clinicians had a say, where most patients cross; the rest is
    its makers'.
    """
    number = strategy.number
    heard = strategy.realised_input
    wanted = 0.0
    for i in range(world.scene.interfaces):
        wanted += makers_focus(strategy, world, i)
    for i in range(world.scene.interfaces):
        own = makers_focus(strategy, world, i) / wanted
        world.focus[number, i] = heard * world.interfaces[i].traffic + (1.0 - heard) * own


@rule("S6", claims=("C5",), source="assumed", bounded=(0.0, 1.0))
def makers_focus(strategy: Strategy, world: World, i: int) -> float:
    """What a strategy's makers want of an interface: as the case states it, or a keyed whim."""
    stated = world.stated_focus[strategy.number, i]
    if stated >= 0.0:
        return stated
    whim = 1.0 - uniform(world, strategy.number, i, Purpose.FOCUS)
    return whim * whim


@rule("S7", claims=("C2", "C3", "C4"), source="Storey and Holti 2013", off="strategies are never published")
def unfold(strategy: Strategy, world: World) -> None:
    """A strategy is published in its month, at its strength, and from then on is heard a little less each month."""
    if world.mechanisms.S7 == Switch.OFF:
        return
    if world.scene.month == strategy.month:
        strategy.realised_input = realised_clinical_input(
            strategy.clinical_input, world.scene.national_time, world.behaviour.national_effort
        )
        write_emphasis(strategy, world)
        write_focus(strategy, world)
        strategy.pressing = strategy.strength
        note(world, Event.STRATEGY_PUBLISHED, -1, -1, strategy.number, strategy.realised_input)
    else:
        strategy.pressing = strategy.pressing * strategy.monthly_fade
    strategy.salience = salience(strategy.pressing, strategy.standing)


@rule(
    "S8",
    claims=("C4",),
    source="Storey and Holti 2013",
    rises_with=("pressing", "standing"),
    bounded=(0.0, 1.0),
)
def salience(pressing: float, standing: float) -> float:
    """A strategy is heard as far as it still presses, and more where completed local redesigns have given it
    standing.
    """
    return pressing + pressing * (1.0 - pressing) * standing


@rule("S9", claims=("C4",), source="Storey and Holti 2013", off="completed redesigns give strategies no standing")
def raise_standing(proposal: Proposal, world: World) -> None:
    """A completed local redesign raises the standing of the strategies in force, as far as it accords with them."""
    if world.mechanisms.S9 == Switch.OFF:
        return
    for s in range(world.scene.strategies):
        strategy = world.strategies[s]
        if strategy.pressing > 0.0:
            credit = closeness(proposal, world, s) / world.scene.interfaces
            strategy.standing += (1.0 - strategy.standing) * credit


@rule("S10", claims=("C2", "C3"), source="Storey and Holti 2013")
def sound(scene: Scene, world: World) -> None:
    """Several strategies at once are heard together: each adds to what the others left unheard."""
    quiet = 1.0
    for s in range(world.scene.strategies):
        quiet = quiet * (1.0 - world.strategies[s].salience)
    scene.salience = 1.0 - quiet
    for k in range(PRACTICES):
        scene.wanted[k] = loudest_emphasis(world, k)


@rule("I3", claims=("C2", "C5"), source="Storey and Holti 2013", bounded=(0.0, 1.0))
def loudest_emphasis(world: World, k: int) -> float:
    """What the strategy heard most loudly wants of a practice, next to what it wants most."""
    loudest = -1
    for s in range(world.scene.strategies):
        if loudest < 0 or world.strategies[s].salience > world.strategies[loudest].salience:
            loudest = s
    if loudest < 0:
        return 0.0
    most = 0.0
    for j in range(PRACTICES):
        most = max(most, world.emphasis[loudest, j])
    if most <= 0.0:
        return 0.0
    return world.emphasis[loudest, k] / most


@rule(
    "S11",
    claims=("C3",),
    source="Storey and Holti 2013",
    bounded=(0.0, 1.0),
    fixed={"CONTENT": "share of closeness that what a package changes makes up; the rest is where it changes it"},
)
def closeness(proposal: Proposal, world: World, s: int) -> float:
    """How close a package comes to a strategy: half by what it changes, half by where it changes it."""
    where = closeness_of_place(proposal, world, s)
    return CONTENT * closeness_of_practices(proposal, world, s) + (1.0 - CONTENT) * where


@rule("S12", claims=("C3",), source="assumed", bounded=(0.0, 1.0))
def closeness_of_practices(proposal: Proposal, world: World, s: int) -> float:
    """The overlap of two profiles: how much of the strategy's emphasis the package's own emphasis covers."""
    depth = 0.0
    for k in range(PRACTICES):
        depth += proposal.design[k]
    if depth <= 0.0:
        return 0.0
    overlap = 0.0
    for k in range(PRACTICES):
        overlap += min(proposal.design[k] / depth, world.emphasis[s, k])
    return overlap


@rule(
    "S13",
    claims=("C3",),
    source="assumed",
    bounded=(0.0, 1.0),
    fixed={"NEUTRAL": "closeness of a package that touches no interface"},
)
def closeness_of_place(proposal: Proposal, world: World, s: int) -> float:
    """How much more than an average interface the strategy stresses those that the package touches: x / (1 + x)."""
    stressed = 0.0
    touched = 0.0
    if proposal.breadth == 1:
        home = world.touched[proposal.number, 0]
        for place in range(world.organisations[home].borders):
            stressed += world.focus[s, world.borders[home, place]]
            touched += 1.0
    else:
        for place in range(proposal.joins):
            stressed += world.focus[s, world.joined[proposal.number, place]]
            touched += 1.0
    if touched <= 0.0:
        return NEUTRAL
    ratio = stressed / touched * world.scene.interfaces
    return ratio / (1.0 + ratio)


@rule(
    "S14",
    claims=("C3", "C4"),
    source="Storey and Holti 2013",
    bounded=(0.0, 1.0),
    fixed={"NEUTRAL": "alignment, half of all there is, where no strategy is heard"},
)
def alignment(proposal: Proposal, world: World) -> float:
    """A package's closeness to the strategies in force, each as loud as it is heard; one half where none is heard."""
    heard = 0.0
    close = 0.0
    for s in range(world.scene.strategies):
        loudness = world.strategies[s].salience
        if loudness > 0.0:
            heard += loudness
            close += loudness * closeness(proposal, world, s)
    if heard <= 0.0:
        return NEUTRAL
    return close / heard
