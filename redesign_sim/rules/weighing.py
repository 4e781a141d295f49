"""Weighing a package: what it would do for patients and for policy, against what it takes from one's own clinic
and staff.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, NamedTuple

from redesign_sim.roles import PRACTICES, Practice, Switch
from redesign_sim.rulekit import Quantity, rule
from redesign_sim.rules.linking import colleagues_on_board

if TYPE_CHECKING:
    from redesign_sim.things import Person, Proposal, World


NEUTRAL = 0.5
VOICE_DRAWS = 0.5


class Weighing(NamedTuple):
    """What the rules of weighing read."""

    trust_weight: Annotated[
        float,
        Quantity(
            "Weight of trust",
            "worth of a redesign",
            sweep=(0.0, 1.0),
            source="Storey and Holti 2013, direction",
            confidence="L",
            meaning="what full trust in the lead, rather than none, adds to the weighing of a package",
        ),
    ] = 0.4
    peer_weight: Annotated[
        float,
        Quantity(
            "Weight of colleagues",
            "worth of a redesign",
            sweep=(0.0, 1.0),
            source="Storey and Holti 2013, direction",
            confidence="L",
            meaning="what the backing of all clinicians of one's organisation, rather than none, adds",
        ),
    ] = 0.4


@rule("W1", claims=("C5", "C19"), source="Storey and Holti 2013")
def good_for_patients(person: Person, world: World, proposal: Proposal) -> float:
    """What a package would do for patients as a person sees it: deeper is better, in what they hold to help, where
    most is missing.
    """
    good = 0.0
    for k in range(PRACTICES):
        good += good_in_practice(person, world, proposal, k)
    return good


@rule("W2", claims=("C5", "C17", "C19"), source="Storey and Holti 2013")
def good_in_practice(person: Person, world: World, proposal: Proposal, k: int) -> float:
    """The same for one practice: its share of all the good that a person sees to be done, as deep as the package
    goes there.
    """
    return person.purpose * world.case.element_purpose * proposal.shortfall * person.share[k] * proposal.design[k]


@rule("W3", claims=("C3", "C5"), source="Storey and Holti 2013", off="nobody answers for policy")
def accord_with_policy(person: Person, world: World, proposal: Proposal) -> float:
    """What a package is worth to whoever answers for policy: more than nothing if it comes close, less if it goes
    elsewhere.
    """
    if world.mechanisms.W3 == Switch.OFF:
        return 0.0
    stressed = world.case.accord_weight * person.accountability * world.scene.salience
    return stressed * (2.0 * proposal.alignment - 1.0)


@rule("W4", claims=("C7", "C20"), source="Storey and Holti 2013", off="nobody minds what a package takes from them")
def loss_in_practice(person: Person, world: World, proposal: Proposal, k: int) -> float:
    """What a package takes from one's own clinic and staff in a practice.

    Part of it comes with any change at all, part grows with how far the step goes; it weighs more where more owners'
    practices are joined, and less in professional roles as far as the lead has guaranteed them.
    """
    if world.mechanisms.W4 == Switch.OFF:
        return 0.0
    step = proposal.design[k]
    kept = proposal.guarantee if k == Practice.PROFESSIONAL_ROLES else 0.0
    joined = 2.0 - 1.0 / max(1.0, float(proposal.breadth))
    return person.loss_weight * person.controls[k] * (step + step * step) * joined * (1.0 - kept)


@rule("W5", claims=("C20",), source="Storey and Holti 2013")
def step_cost(person: Person, world: World, proposal: Proposal) -> float:
    """What a package takes from one's own clinic and staff over all practices; what one puts forward oneself takes
    nothing.
    """
    if proposal.lead == person.number:
        return 0.0
    loss = 0.0
    for k in range(PRACTICES):
        loss += loss_in_practice(person, world, proposal, k)
    return loss


@rule("W6", claims=("C2", "C5", "C20"), source="Storey and Holti 2013")
def own_view(person: Person, world: World, proposal: Proposal) -> float:
    """What one thinks of a package by oneself: its good for patients and accord with policy, less what it takes."""
    good = good_for_patients(person, world, proposal) + accord_with_policy(person, world, proposal)
    return good - step_cost(person, world, proposal)


@rule("W7", claims=("C1", "C13", "C14"), source="Storey and Holti 2013")
def weigh(person: Person, world: World, proposal: Proposal) -> float:
    """One's own view of a package, moved by trust in its lead, colleagues' backing and arguments as far as
    entrenchment lets it.
    """
    return own_view(person, world, proposal) + (1.0 - person.entrenchment) * moved_by_others(person, world, proposal)


@rule(
    "W8",
    claims=("C1", "C14", "C16"),
    source="Storey and Holti 2013",
    rises_with=("trust",),
    fixed={"NEUTRAL": "trust that moves nobody either way"},
)
def moved_by_others(person: Person, world: World, proposal: Proposal) -> float:
    """What others add to one's own view: trust in the lead above or below the neutral half, colleagues on board,
    arguments heard.
    """
    trust = world.trust[person.number, proposal.lead] if person.number != proposal.lead else NEUTRAL
    on_board = colleagues_on_board(person, world, proposal)
    heard = world.persuaded[proposal.number, person.number]
    return world.behaviour.trust_weight * (trust - NEUTRAL) + world.behaviour.peer_weight * on_board + heard


@rule("W9", claims=("C17",), source="Storey and Holti 2013")
def worth_of_practice(person: Person, world: World, proposal: Proposal, k: int) -> float:
    """What one practice of a package is worth to whoever has to grant it, before what it takes: its own good, and a
    share of all the rest.
    """
    rest = accord_with_policy(person, world, proposal)
    rest += (1.0 - person.entrenchment) * moved_by_others(person, world, proposal)
    return good_in_practice(person, world, proposal, k) + rest / PRACTICES


@rule(
    "W10",
    claims=("C19",),
    source="Storey and Holti 2013",
    rises_with=("own",),
    falls_with=("voice",),
    bounded=(0.0, 1.0),
    off="users' voice moves nobody",
    fixed={"VOICE_DRAWS": "share of the weight on outcomes that users' full voice draws to their experience"},
)
def weight_of_outcomes(own: float, voice: float) -> float:
    """What a person values health outcomes by, rather than users' experience: their own weight, and the less of it
    the more users are heard.
    """
    return own * (1.0 - VOICE_DRAWS * voice)


@rule("W11", claims=("C16", "C17"), source="Storey and Holti 2013", rises_with=("good", "rest"), bounded=(0.0, 1.0))
def acceptable_depth(step: float, good: float, loss: float, rest: float) -> float:
    """The deepest step in a practice, up to the one proposed, at which what it does, what it takes and all the rest
    come to no less than nothing; where there is none, the step that hurts least.

    `good` and `loss` are what the step proposed does and takes; a shallower one does less in proportion and takes less
    by more than that (W4). `rest` does not depend on the step.
    """
    if loss <= 0.0:
        return step if good + rest >= 0.0 else 0.0
    does = good / step
    takes = loss / (step + step * step)
    room = (takes - does) * (takes - does) + 4.0 * takes * rest
    return min(step, max(0.0, does - takes + math.sqrt(max(0.0, room))) / (2.0 * takes))
