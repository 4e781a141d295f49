"""One bilateral negotiation, held twice: by the model's rules, and by alternating offers of an established library.

Both parties have the model's own preferences in both: what they think of a package is asked of the rules. In the
library the lead opens with the package as asked and lowers its aspiration to nothing by the deadline (time-based
tactics of Faratin et al. 1998, which come with the library), and the other accepts whatever is not below nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from redesign_sim.model import RedesignModel
from redesign_sim.roles import PRACTICES, Role, Stage, Stance
from redesign_sim.rules.initiating import take_slot
from redesign_sim.rules.negotiating import encounter
from redesign_sim.rules.scoping import take_in
from redesign_sim.scenario import load_scenario, override
from redesign_sim.world.founding import share_out

if TYPE_CHECKING:
    from collections.abc import Sequence

GRIDS = {1: 50, 2: 20}
"""Steps from nothing to the depth asked, in which the library's parties make offers, by how many are in question."""

MOST_ENCOUNTERS = 60
"""Encounters after which a talk that goes on is called off."""


class Table(NamedTuple):
    """Two people and the package between them."""

    world: Any
    lead: Any
    other: Any
    proposal: Any


class Agreement(NamedTuple):
    """What came of a negotiation: the depths agreed, or None; how often they met."""

    depths: tuple[float, ...] | None
    rounds: int


def table_for(seed: int, at_stake: Sequence[int], *, capability: float = 1.0, concession: float = 1.0) -> Table:
    """A consultant and a GP, with drawn preferences, and a package that costs the GP something in some practices.

    The depth of the other practices is not in question: they take nothing from the GP. Nothing but concession is at
    work: no arguments, no guarantees, neutral trust, no colleagues, one month's patience.
    """
    changes = {"persuasion.strength": 0.0, "negotiation.guarantees": 0.0, "leadership.concession": concession}
    model = RedesignModel(override(load_scenario("classroom"), changes), rng=seed)
    world, rng = model.world, np.random.default_rng(seed)
    world.scene.month = 1
    world.case.patience = 1.0
    clinicians = [person for person in world.people if person.role == Role.CLINICIAN]
    lead = next(person for person in clinicians if world.organisations[person.organisation].number == 1)
    other = next(person for person in clinicians if world.organisations[person.organisation].number == 0)
    lead.capability = capability
    _draw_preferences(other, at_stake, rng)
    other.attention = 1000.0
    world.trust[other.number, lead.number] = 0.5
    return Table(world, lead, other, _put_forward(world, lead, rng))


def _draw_preferences(other: Any, at_stake: Sequence[int], rng: np.random.Generator) -> None:  # noqa: ANN401
    other.entrenchment = 1.0
    other.accountability = 0.0
    other.purpose = float(rng.uniform(0.3, 1.0))
    other.loss_weight = float(rng.uniform(0.0, 0.8))
    mine = rng.uniform(0.2, 1.0, PRACTICES)
    for k in range(PRACTICES):
        other.sees[k] = float(rng.uniform(0.05, 1.0))
        other.controls[k] = float(mine[k] / mine[list(at_stake)].sum()) if k in at_stake else 0.0
    share_out(other)


def _put_forward(world: Any, lead: Any, rng: np.random.Generator) -> Any:  # noqa: ANN401
    proposal = world.proposals[0]
    take_slot(proposal, world)
    proposal.lead, proposal.stage, proposal.breadth = lead.number, int(Stage.NEGOTIATING), 2
    proposal.started = proposal.since = 1
    proposal.shortfall, proposal.alignment = 0.9, 0.5
    lead.proposal = 0
    for o in range(world.scene.organisations):
        take_in(o, proposal, world)
    for k in range(PRACTICES):
        proposal.design[k] = float(rng.uniform(0.3, 0.9))
    return proposal


def thinks(who: Any, table: Table, depths: Sequence[float], at_stake: Sequence[int]) -> float:  # noqa: ANN401
    """What one of the two thinks of these depths, by the model's own weighing."""
    asked = list(table.proposal.design)
    for k, depth in zip(at_stake, depths, strict=True):
        table.proposal.design[k] = depth
    weighing = float(who.consider(table.world, table.proposal))
    table.proposal.design[:] = asked
    return weighing


def by_the_rules(table: Table, at_stake: Sequence[int]) -> Agreement:
    """Encounters by the rules, one after the other, until the other is on board or says no."""
    stance = table.world.stance
    rounds = 0
    while rounds < MOST_ENCOUNTERS:
        rounds += 1
        encounter(table.lead, table.other, table.world, table.proposal)
        now = stance[table.proposal.number, table.other.number]
        if now >= Stance.BACKS:
            return Agreement(tuple(table.proposal.design[k] for k in at_stake), rounds)
        if now == Stance.REFUSES:
            break
    return Agreement(None, rounds)


def by_alternating_offers(table: Table, at_stake: Sequence[int], steps: int = 200) -> Agreement:
    """The same two by the library's stacked alternating offers, over a grid of depths."""
    import negmas  # noqa: PLC0415  a development-only extra
    from negmas.sao import ResponseType, SAOMechanism, SAONegotiator, TimeBasedConcedingNegotiator  # noqa: PLC0415

    asked = [table.proposal.design[k] for k in at_stake]
    grid = GRIDS[len(at_stake)]

    def depths(offer: Sequence[int]) -> tuple[float, ...]:
        return tuple(depth * (step / grid) for depth, step in zip(asked, offer, strict=True))

    def utility(who: Any) -> Any:  # noqa: ANN401
        values = {offer: thinks(who, table, depths(offer), at_stake) for offer in space.enumerate()}
        return negmas.MappingUtilityFunction(values, outcome_space=space, reserved_value=0.0)

    class Stakeholder(SAONegotiator):  # type: ignore[misc]  # the library is not typed
        """Accepts whatever is not below nothing, and offers what it likes best."""

        def propose(self, state: Any, dest: Any = None) -> Any:  # noqa: ANN401, ARG002
            return self.ufun.best()

        def respond(self, state: Any, source: Any = None) -> Any:  # noqa: ANN401, ARG002
            accepts = self.ufun(state.current_offer) >= 0.0
            return ResponseType.ACCEPT_OFFER if accepts else ResponseType.REJECT_OFFER

    space = negmas.make_os([negmas.make_issue(grid + 1, f"practice {k}") for k in at_stake])
    talk = SAOMechanism(outcome_space=space, n_steps=steps)
    talk.add(TimeBasedConcedingNegotiator(name="lead", offering_curve="linear"), ufun=utility(table.lead))
    talk.add(Stakeholder(name="other"), ufun=utility(table.other))
    state = talk.run()
    agreed = None if state.agreement is None else depths(state.agreement)
    return Agreement(agreed, state.step)


class Docked(NamedTuple):
    """One negotiation held twice, with the depths asked, and what either thinks of what was agreed."""

    asked: tuple[float, ...]
    rules: Agreement
    library: Agreement
    zone: bool
    lead_by_rules: float
    lead_by_library: float


def dock(seed: int, at_stake: Sequence[int], *, capability: float = 1.0, concession: float = 1.0) -> Docked:
    """Hold a negotiation by the rules and by the library, from the same drawn preferences."""
    untouched = table_for(seed, at_stake, capability=capability, concession=concession)
    held = table_for(seed, at_stake, capability=capability, concession=concession)
    library = by_alternating_offers(untouched, at_stake)
    rules = by_the_rules(held, at_stake)
    asked = tuple(untouched.proposal.design[k] for k in at_stake)
    zone = thinks(untouched.other, untouched, [0.0] * len(at_stake), at_stake) >= 0.0

    def worth(agreement: Agreement) -> float:
        return 0.0 if agreement.depths is None else thinks(untouched.lead, untouched, agreement.depths, at_stake)

    return Docked(asked, rules, library, zone, worth(rules), worth(library))
