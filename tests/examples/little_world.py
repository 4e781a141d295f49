"""The little world of the worked examples: two organisations of care, a commissioning body, a redesign in the making.

Hospital A (organisation 0) has clinicians 0 and 1, service manager 2 and executive 3; practice B (organisation 1) has
clinicians 4 and 5, service manager 6 and executive 7; body C (organisation 2) has commissioner 8. Clinicians 0 and 4
are consultants, 1 and 5 nurses. It is month 1, and clinician 0 leads proposal 0. Whatever an example does not set
is as the functions below say; what they leave out is nought. There is room for a second strategy (like the first)
and for two more interfaces (A-C and B-C, with no traffic), which count once an example sets `scene.strategies` or
`scene.interfaces`; and for two dated reorganisations.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any, get_type_hints

import numpy as np

from redesign_sim import things
from redesign_sim.roles import PRACTICES, OrganisationKind, Profession, Purpose, Role, Stage, Stance, Switch
from redesign_sim.rulekit import switchable_rules
from redesign_sim.rules import PARAMETERS
from redesign_sim.rules.scoping import is_joined
from redesign_sim.rules.strategising import loudest_emphasis
from redesign_sim.rules.weighing import weigh
from redesign_sim.world.founding import share_out

HALF = 0.5
A, B, C = 0, 1, 2
ORGANISATIONS = 3
CROSSINGS = ((A, B), (A, C), (B, C))
STRATEGIES = 2
EVENTS = 2
SLOTS = 8
HISTORY = 40

CONTROLS = {
    Role.CLINICIAN: [0.5, 0.0, 0.0, 0.0, 0.5],
    Role.MANAGER: [0.0, 0.5, 0.5, 0.0, 0.0],
    Role.EXECUTIVE: [0.2, 0.2, 0.2, 0.2, 0.2],
    Role.COMMISSIONER: [0.0, 0.0, 0.0, 1.0, 0.0],
}

POSTS = (
    (Role.CLINICIAN, Profession.CONSULTANT, A),
    (Role.CLINICIAN, Profession.NURSE, A),
    (Role.MANAGER, Profession.MANAGEMENT, A),
    (Role.EXECUTIVE, Profession.MANAGEMENT, A),
    (Role.CLINICIAN, Profession.CONSULTANT, B),
    (Role.CLINICIAN, Profession.NURSE, B),
    (Role.MANAGER, Profession.MANAGEMENT, B),
    (Role.EXECUTIVE, Profession.MANAGEMENT, B),
    (Role.COMMISSIONER, Profession.COMMISSIONING, C),
)
PEOPLE = len(POSTS)

HALVES = """position ambition capability entrenchment interest loss_weight accountability inclusion purpose belief"""
"""What is one half in every person."""


class Thing(SimpleNamespace):
    """A person, place or paper with the fields of its kind."""


class Somebody(Thing):
    """A person, who weighs a proposal as the rule says."""

    def consider(self, world: Any, proposal: Any) -> float:  # noqa: ANN401  the little world is not typed
        return weigh(self, world, proposal)


BEHAVIOUR = {"reach": 4.0, "time_cost": 0.1}
"""Numbers that the examples count with, whatever the defaults are."""


def little_world() -> Any:  # noqa: ANN401  plain objects and small arrays in the place of a world
    """A little world of its own for one example."""
    world = SimpleNamespace(
        key=None,
        behaviour=Thing(**{name: parameter.default for name, parameter in PARAMETERS.items()} | BEHAVIOUR),
        mechanisms=Thing(**{card.id: int(Switch.ON) for card in switchable_rules()}),
        case=a_case(),
        scene=a_scene(),
        people=[a_person(number) for number in range(PEOPLE)],
        organisations=[an_organisation(number) for number in range(ORGANISATIONS)],
        interfaces=[an_interface(number) for number in range(len(CROSSINGS))],
        proposals=[blank(things.Proposal, number=number) for number in range(SLOTS)],
        strategies=[a_strategy(number) for number in range(STRATEGIES)],
        practices=[a_practice(number) for number in range(PRACTICES)],
    )
    for name, table in tables().items():
        # A view hands out Python numbers, as the interpreted execution does.
        setattr(world, name, memoryview(table))  # type: ignore[arg-type]  # an array is a buffer
    acquaint(world)
    put_forward(world)
    return world


@cache
def fields_of(kind: type) -> dict[str, Any]:
    """The fields of a kind of thing and their types."""
    return get_type_hints(kind)


def blank(kind: type, thing: type[Thing] = Thing, /, **known: Any) -> Any:  # noqa: ANN401
    """A thing of a kind with all its fields: nought, or what is known of it."""
    fresh: dict[str, Any] = {}
    for name, hint in fields_of(kind).items():
        fresh[name] = [0.0] * PRACTICES if hint is things.Practicewise else hint(0)
    assert not (unknown := known.keys() - fresh.keys()), unknown
    return thing(**fresh | known)


def a_person(number: int) -> Any:  # noqa: ANN401
    role, profession, organisation = POSTS[number]
    return blank(
        things.Person,
        Somebody,
        number=number,
        role=int(role),
        profession=int(profession),
        organisation=organisation,
        clinical=int(role == Role.CLINICIAN),
        seat=[n for n, post in enumerate(POSTS) if post[2] == organisation].index(number),
        ambition_row=0,
        capability_row=1,
        proposal=-1,
        time=0.1,
        attention=4.0,
        sees=[HALF] * PRACTICES,
        controls=list(CONTROLS[role]),
        **dict.fromkeys(HALVES.split(), HALF),
    )


def an_organisation(number: int) -> Any:  # noqa: ANN401
    kinds = (OrganisationKind.ACUTE, OrganisationKind.GENERAL_PRACTICE, OrganisationKind.COMMISSIONER)
    return blank(
        things.Organisation,
        number=number,
        kind=int(kinds[number]),
        commissions=int(number == C),
        manager=(2, 6, 8)[number],
        executive=(3, 7, 8)[number],
        staff=(4, 4, 1)[number],
        clinicians=(2, 2, 0)[number],
        in_network=1,
        clinical_inclusion=HALF,
        compartmentalisation=HALF,
        stake=HALF,
    )


def an_interface(number: int) -> Any:  # noqa: ANN401
    first, second = CROSSINGS[number]
    return blank(things.Interface, number=number, first=first, second=second, traffic=float(number == 0))


def a_strategy(number: int) -> Any:  # noqa: ANN401
    """A strategy to be published in month 24; nobody has heard of it."""
    halves = dict.fromkeys(("clinical_input", "funding"), HALF)
    return blank(things.Strategy, number=number, month=24, strength=0.6, monthly_fade=0.97, **halves)


def a_practice(number: int) -> Any:  # noqa: ANN401
    facts: dict[str, Any] = dict.fromkeys(("outcome_gain", "experience_gain", "work", "adoption"), HALF)
    return blank(things.PracticeFacts, number=number, changeable=1.0, **facts)


def a_scene() -> Any:  # noqa: ANN401
    return blank(
        things.Scene,
        month=1,
        people=PEOPLE,
        clinicians=4,
        organisations=ORGANISATIONS,
        interfaces=1,
        strategies=1,
        proposals=1,
        network_members=ORGANISATIONS,
        commissioning_bodies=1,
    )


def a_case() -> Any:  # noqa: ANN401
    """The case's numbers: unanimity, no chance reorganisations, no time for national work, all elements in place."""
    elements = "purpose authorisation resources practices roles time"
    return blank(
        things.Case,
        horizon=60.0,
        integrated_threshold=HALF,
        concession=HALF,
        persuasion=HALF,
        planning=HALF,
        guarantees=0.3,
        attention=4.0,
        patience=12.0,
        network_strength=HALF,
        network_from=1.0,
        disruption=0.3,
        local_months=6.0,
        national_months=18.0,
        outside_option=0.2,
        accord_weight=HALF,
        monthly_keeping=0.96,
        manager_entrenchment=HALF,
        manager_entrenchment_spread=0.2,
        trust_clinician_manager=HALF,
        trust_within=HALF,
        trust_across=HALF,
        focal=-1.0,
        **{f"element_{name}": 1.0 for name in elements.split()},
    )


def tables() -> dict[str, np.ndarray[Any, Any]]:
    """The facts between people, places and papers; what is stated of a strategy is nothing (-1)."""
    members = np.full((ORGANISATIONS, 4), -1, np.int64)
    for organisation in range(ORGANISATIONS):
        here = [n for n, post in enumerate(POSTS) if post[2] == organisation]
        members[organisation, : len(here)] = here
    return {
        "trust": np.full((PEOPLE, PEOPLE), HALF),
        "ties": np.zeros((PEOPLE, PEOPLE), np.int64),
        "acquaintances": np.zeros((PEOPLE, ORGANISATIONS), np.int64),
        "converted": np.zeros((PEOPLE, ORGANISATIONS), np.int64),
        "members": members,
        "stance": np.zeros((SLOTS, PEOPLE), np.int64),
        "persuaded": np.zeros((SLOTS, PEOPLE)),
        "scope": np.zeros((SLOTS, ORGANISATIONS), np.int64),
        "borders": np.zeros((ORGANISATIONS, len(CROSSINGS)), np.int64),
        "touched": np.zeros((SLOTS, ORGANISATIONS), np.int64),
        "joined": np.zeros((SLOTS, len(CROSSINGS)), np.int64),
        "backers": np.zeros((SLOTS, ORGANISATIONS), np.int64),
        "granted": np.zeros((SLOTS, ORGANISATIONS, PRACTICES)),
        "done": np.zeros((SLOTS, ORGANISATIONS, PRACTICES)),
        "depth": np.zeros((len(CROSSINGS), 2, PRACTICES)),
        "upkeep": np.zeros((len(CROSSINGS), 2)),
        "local": np.zeros((ORGANISATIONS, PRACTICES)),
        "emphasis": np.zeros((STRATEGIES, PRACTICES)),
        "focus": np.zeros((STRATEGIES, len(CROSSINGS))),
        "stated_emphasis": np.full((STRATEGIES, PRACTICES), -1.0),
        "stated_focus": np.full((STRATEGIES, len(CROSSINGS)), -1.0),
        # Of two rows, ambition's and capability's: any value between 0 and 1 is as likely as any other.
        "quantiles": np.tile(np.array([0.0, HALF, 1.0]), (2, 1)),
        "reorganisation_months": np.zeros(EVENTS, np.int64),
        "reorganised": np.zeros((EVENTS, ORGANISATIONS), np.int64),
        "journeys": np.array([[A, B]], np.int64),
        "order": np.zeros((4, PEOPLE), np.int64),
        "places": np.zeros(PEOPLE + 1, np.int64),
        "live": np.zeros(SLOTS, np.int64),
        "lots": np.zeros((6, PEOPLE)),
        "outcomes": np.zeros(1),
        "event_codes": np.zeros((HISTORY, 5), np.int64),
        "event_amounts": np.zeros(HISTORY),
    }


def acquaint(world: Any) -> None:  # noqa: ANN401
    """Everyone knows everyone in the own organisation, and nobody elsewhere."""
    for one, (_, _, here) in enumerate(POSTS):
        for other, (_, _, there) in enumerate(POSTS):
            if one != other and here == there:
                world.ties[one, other] = 1
                world.acquaintances[one, there] += 1


def put_forward(world: Any) -> None:  # noqa: ANN401
    """Clinician 0 leads proposal 0: A and B change every practice by two fifths of the way, with C's tariff."""
    proposal = world.proposals[0]
    proposal.stage = int(Stage.NEGOTIATING)
    proposal.breadth = 2
    proposal.started = 1
    proposal.since = 1
    proposal.shortfall = 1.0
    proposal.alignment = HALF
    proposal.merit = 0.4
    proposal.depth_asked = 0.4
    proposal.design = [0.4] * PRACTICES
    proposal.asked = [0.4] * PRACTICES
    for organisation in range(ORGANISATIONS):
        world.scope[0, organisation] = 1
    world.stance[0, 0] = int(Stance.CO_LEADS)
    world.backers[0, A] = 1
    world.people[0].proposal = 0
    world.people[0].backing = 1


KEPT = ("share", "wanted", "live", "places", "lots", "borders", "touched", "touches", "joined", "joins")
"""What is kept because it is read often, and follows from the rest."""


def keep(world: Any) -> None:  # noqa: ANN401
    """Work out what follows from the rest of the world, as it is given."""
    for person in world.people:
        share_out(person)
    world.scene.wanted = [loudest_emphasis(world, k) for k in range(PRACTICES)]
    live = [p for p in range(world.scene.proposals) if world.proposals[p].stage <= Stage.AUTHORISED]
    world.scene.live = len(live)
    for place, number in enumerate(live):
        world.live[place] = number
    for o, organisation in enumerate(world.organisations):
        crossings = world.interfaces[: world.scene.interfaces]
        sides = [i for i, interface in enumerate(crossings) if o in (interface.first, interface.second)]
        organisation.borders = fill(world.borders, o, sides)
    for p, proposal in enumerate(world.proposals):
        proposal.touches = fill(world.touched, p, [o for o in range(ORGANISATIONS) if world.scope[p, o] == 1])
        proposal.joins = fill(
            world.joined, p, [i for i in range(world.scene.interfaces) if is_joined(i, proposal, world)]
        )


def fill(table: Any, row: int, numbers: list[int]) -> int:  # noqa: ANN401
    """Write a list into the row of a table; how long it is is returned."""
    for place, number in enumerate(numbers):
        table[row, place] = number
    return len(numbers)


class Luck:
    """What keyed draws return in an example: one number for all, or one for each purpose that it names.

    A purpose's number may again be told apart: by the partner or sub-draw (`3`), or by who and partner (`"0,3"`), with
    one for whoever is left (`else`).
    """

    def __init__(self, stated: float | dict[str, Any] | None) -> None:
        self.stated = stated

    def __call__(self, _world: object, who: int, partner: int, purpose: int) -> float:
        number = self.said(who, partner, purpose)
        asked = f"{Purpose(purpose).name} of ({who}, {partner})"
        assert number is not None, f"the example draws {asked}, and says nothing of its luck"
        return float(number)

    def said(self, who: int, partner: int, purpose: int) -> float | None:
        """What the example says that someone draws, or None."""
        number = self.stated.get(Purpose(purpose).name) if isinstance(self.stated, dict) else self.stated
        if isinstance(number, dict):
            return number.get(f"{who},{partner}", number.get(partner, number.get("else")))
        return number

    def of_the_month(self, world: object, who: int, purpose: int) -> float:
        """The lot of someone for what everybody draws a lot for every month."""
        return self(world, who, 0, purpose)

    def with_those(self, world: Any, who: int, partners: Any, of: int, number: int, purpose: int) -> None:  # noqa: ANN401
        """Someone's lots with the first so many partners on a list."""
        for place in range(number):
            world.lots[0, place] = self(world, who, int(partners[of, place]), purpose)

    def with_all(self, world: Any, who: int, number: int, purpose: int) -> None:  # noqa: ANN401
        """Someone's lots with all partners who have numbers below `number`; whoever the example says nothing of draws
        the last, for most of them do not come into question.
        """
        for partner in range(number):
            said = self.said(who, partner, purpose)
            world.lots[0, partner] = 1.0 if said is None else float(said)
