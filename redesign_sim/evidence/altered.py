"""What may be altered in a run that no rule would alter: null models, orders of activation, rival networks.

What is altered happens on the first day or at the beginning of a month, never inside a rule, and by the same text in
both executions (`altering`). Ordinary runs know nothing of it. Its draws are keyed like all others, under a purpose
that no rule uses, so that an altered run shares the rest of its luck with the ordinary one.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from redesign_sim.draws import uniform
from redesign_sim.roles import PRACTICES, Purpose, Role
from redesign_sim.rulekit import jitable
from redesign_sim.rules.linking import befriend
from redesign_sim.rules.reorganising import untie
from redesign_sim.world.activation import take_turns
from redesign_sim.world.founding import LEAST_SEEN, OUTCOMES_FIRST, share_out, tie_chance
from redesign_sim.world.measures import zone_of_packages

if TYPE_CHECKING:
    from redesign_sim.things import Person, World


class Alteration(IntEnum):
    """What is altered in a run; each is described where it is done."""

    NOTHING = 0
    TRAITS_SWAPPED = 1
    TIES_REWIRED = 2
    TIES_REWIRED_ALIKE = 3
    TIES_CLUSTERED = 4
    TIES_EVEN = 5
    ALL_WANT_THE_SAME = 6
    NOTHING_ACCEPTABLE = 7
    FIXED_ORDER = 8
    REVERSE_ORDER = 9


SWEEPS = 3
"""How often each tie is rewired: enough that who knew whom on the first day no longer shows."""
CLOSED = 0.5
"""Share of ties that a clustered network lays anew, among acquaintances of acquaintances."""
SHARED_PURPOSE = 0.65
SHARED_TRUST = 0.6
DEAR_BEYOND_ALL = 50.0

TURNS = (0, 1, 2)
"""The rows of `world.order` that hold for a month: people, organisations, interfaces."""
PROPOSALS = 3


# --- the first day ----------------------------------------------------------------------------------------------------


@jitable
def kind_of_tie(person: Person, other: Person) -> int:
    """Whether two people share organisation, profession, both or neither: what decides how likely a tie is."""
    here = 2 if person.organisation == other.organisation else 0
    return here + (1 if person.profession == other.profession else 0)


@jitable
def nth_acquaintance(person: int, share: float, world: World) -> int:
    """One of a person's acquaintances, by a lot between 0 and 1; nobody (-1) where there is none."""
    known = 0
    for j in range(world.scene.people):
        known += world.ties[person, j]
    nth = int(share * known)
    for j in range(world.scene.people):
        if world.ties[person, j] == 1:
            if nth == 0:
                return j
            nth -= 1
    return -1


@jitable
def may_exchange(a: int, b: int, c: int, d: int, world: World, alike: int) -> bool:
    """Whether the ties a-b and c-d can become a-d and c-b: four people, no tie doubled, one kind if that is asked."""
    people = world.people
    if (a - c) * (a - d) * (b - c) * (b - d) == 0 or world.ties[a, d] == 1 or world.ties[c, b] == 1:
        return False
    kind = kind_of_tie(people[a], people[b])
    same = kind_of_tie(people[c], people[d]) == kind and kind_of_tie(people[a], people[d]) == kind
    return alike == 0 or (same and kind_of_tie(people[c], people[b]) == kind)


@jitable
def exchange_tie(a: int, b: int, sweep: int, world: World, alike: int) -> None:
    """Exchange the far ends of a tie and of another, by keyed lots; everyone goes on knowing as many people."""
    people = world.people
    each = world.scene.people
    c = int(uniform(world, a, b + each * 2 * sweep, Purpose.SHUFFLE) * each)
    d = nth_acquaintance(c, uniform(world, a, b + each * (2 * sweep + 1), Purpose.SHUFFLE), world)
    if d >= 0 and may_exchange(a, b, c, d, world, alike):
        untie(people[a], people[b], world)
        untie(people[c], people[d], world)
        befriend(people[a], people[d], world)
        befriend(people[c], people[b], world)


@jitable
def rewire(world: World, alike: int) -> None:
    """Everyone knows as many people as before, and others; with `alike`, as many of each kind of tie."""
    for sweep in range(SWEEPS):
        for a in range(world.scene.people):
            for b in range(a):
                if world.ties[a, b] == 1:
                    exchange_tie(a, b, sweep, world, alike)


@jitable
def shared_acquaintances(a: int, b: int, world: World) -> int:
    """How many people two people both know."""
    shared = 0
    for j in range(world.scene.people):
        shared += world.ties[a, j] * world.ties[b, j]
    return shared


@jitable
def closest_stranger(a: int, kind: int, world: World) -> int:
    """The stranger of a kind with whom someone shares most acquaintances; nobody (-1) where none shares any."""
    best = -1
    most = 0
    for j in range(world.scene.people):
        if j != a and world.ties[a, j] == 0 and kind_of_tie(world.people[a], world.people[j]) == kind:
            shared = shared_acquaintances(a, j, world)
            if shared > most:
                best = j
                most = shared
    return best


@jitable
def cluster(world: World) -> None:
    """Half of all ties are laid anew among acquaintances of acquaintances, as many of each kind as before."""
    people = world.people
    for a in range(world.scene.people):
        for b in range(a):
            if world.ties[a, b] == 1 and uniform(world, a, b, Purpose.SHUFFLE) < CLOSED:
                stranger = closest_stranger(a, kind_of_tie(people[a], people[b]), world)
                if stranger >= 0:
                    untie(people[a], people[b], world)
                    befriend(people[a], people[stranger], world)


@jitable
def level(world: World) -> None:
    """Ties are drawn anew at the same chances for each kind, and nobody stands nearer to the centre than others."""
    for a in range(world.scene.people):
        for b in range(a):
            person, other = world.people[a], world.people[b]
            if world.ties[a, b] == 1:
                untie(person, other, world)
            if uniform(world, a, b, Purpose.SHUFFLE) < tie_chance(person, other, world):
                befriend(person, other, world)


@jitable
def want_the_same(world: World) -> None:
    """Everyone sees the same worth, minds no loss, answers to nobody, trusts everyone alike and can be moved."""
    outcomes = OUTCOMES_FIRST + (1.0 - OUTCOMES_FIRST) / 2.0
    for i in range(world.scene.people):
        person = world.people[i]
        person.loss_weight = 0.0
        person.accountability = 0.0
        person.entrenchment = 0.0
        person.interest = SHARED_PURPOSE
        person.purpose = SHARED_PURPOSE
        for k in range(PRACTICES):
            helps = outcomes * world.practices[k].outcome_gain + (1.0 - outcomes) * world.practices[k].experience_gain
            person.sees[k] = max(LEAST_SEEN, helps)
        share_out(person)
        for j in range(world.scene.people):
            world.trust[i, j] = SHARED_TRUST


@jitable
def accept_nothing(world: World) -> None:
    """Any step in any practice takes more from everyone else than it, their trust and all arguments could make up."""
    for i in range(world.scene.people):
        person = world.people[i]
        person.loss_weight = DEAR_BEYOND_ALL
        person.accountability = 0.0
        for k in range(PRACTICES):
            person.controls[k] = 1.0 / PRACTICES


@jitable
def alter_first_day(world: World, altered: int) -> None:
    """What is altered before the first month begins, and the zone of agreement as it then is."""
    if altered == Alteration.TIES_REWIRED:
        rewire(world, 0)
    if altered == Alteration.TIES_REWIRED_ALIKE:
        rewire(world, 1)
    if altered == Alteration.TIES_CLUSTERED:
        cluster(world)
    if altered == Alteration.TIES_EVEN:
        level(world)
    if altered == Alteration.ALL_WANT_THE_SAME:
        want_the_same(world)
    if altered == Alteration.NOTHING_ACCEPTABLE:
        accept_nothing(world)
    world.scene.events = 0
    world.scene.zone = zone_of_packages(world)


# --- the beginning of a month -----------------------------------------------------------------------------------------


@jitable
def nth_clinician(nth: int, world: World) -> int:
    """The number of a clinician, counted among clinicians only."""
    for j in range(world.scene.people):
        if world.people[j].role == Role.CLINICIAN:
            if nth == 0:
                return j
            nth -= 1
    return -1


@jitable
def exchange_traits(person: Person, other: Person) -> None:
    """Two people take each other's ambition and capability."""
    ambition, capability = person.ambition, person.capability
    person.ambition, person.capability = other.ambition, other.capability
    other.ambition, other.capability = ambition, capability


@jitable
def swap_traits(world: World) -> None:
    """Pairs of ambition and capability are dealt anew among clinicians (Fisher and Yates), by keyed lot."""
    counted = 0
    for i in range(world.scene.people):
        if world.people[i].role == Role.CLINICIAN:
            counted += 1
            nth = int(uniform(world, i, 0, Purpose.SHUFFLE) * counted)
            exchange_traits(world.people[i], world.people[nth_clinician(nth, world)])


@jitable
def rearrange(world: World, kind: int, number: int, altered: int) -> None:
    """Put those whose turns have been drawn into the order of their numbers, or into its reverse."""
    for place in range(1, number):
        who = world.order[kind, place]
        at = place
        while at > 0 and (world.order[kind, at - 1] > who) == (altered == Alteration.FIXED_ORDER):
            world.order[kind, at] = world.order[kind, at - 1]
            at -= 1
        world.order[kind, at] = who


@jitable
def turns_of(world: World, kind: int) -> int:
    """How many things of a kind may take a turn."""
    if kind == 0:
        return world.scene.people
    if kind == 1:
        return world.scene.organisations
    if kind == 2:  # noqa: PLR2004  the third row of `order`
        return world.scene.interfaces
    return world.scene.proposals


@jitable
def take_altered_turns(world: World, kind: int, altered: int) -> int:
    """This month's turns of a kind, in the altered order; how many there are."""
    number = take_turns(world, kind, turns_of(world, kind))
    if altered == Alteration.FIXED_ORDER or altered == Alteration.REVERSE_ORDER:  # noqa: PLR1714  compiled
        rearrange(world, kind, number, altered)
    return number


@jitable
def alter_month(world: World, altered: int) -> None:
    """What is altered when a month begins."""
    if altered == Alteration.TRAITS_SWAPPED:
        swap_traits(world)
    for kind in TURNS:
        take_altered_turns(world, kind, altered)
