"""A small town, made by hand: a hospital, a practice, a community trust, their commissioners, and two interfaces."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from redesign_sim.roles import PRACTICES, OrganisationKind, Practice, Profession, Role, Stance
from redesign_sim.world.building import Labels
from redesign_sim.world.records import blank_records

if TYPE_CHECKING:
    from collections.abc import Callable

Town = Any
"""A world made by hand, or a part of it: records or agents, of which attributes are read and set."""

HOSPITAL, GPS, COMMUNITY, COMMISSIONERS = range(4)
ANN, BEN, MANAGER, EXECUTIVE, GIA, GPS_MANAGER, GPS_EXECUTIVE, CAL, CARE_MANAGER, CARE_EXECUTIVE, CARLA = range(11)
"""Ann and Ben work in the hospital, Gia is a GP, Cal works in the community, Carla commissions."""
STAFF = {
    HOSPITAL: (ANN, BEN, MANAGER, EXECUTIVE),
    GPS: (GIA, GPS_MANAGER, GPS_EXECUTIVE),
    COMMUNITY: (CAL, CARE_MANAGER, CARE_EXECUTIVE),
    COMMISSIONERS: (CARLA,),
}
CLINICIANS = (ANN, BEN, GIA, CAL)
KINDS = (
    OrganisationKind.ACUTE,
    OrganisationKind.GENERAL_PRACTICE,
    OrganisationKind.COMMUNITY,
    OrganisationKind.COMMISSIONER,
)
SLOTS, EVENTS = 6, 3

LABELS = Labels(
    people=("Ann", "Ben", "manager", "executive", "Gia", "m 1", "e 1", "Cal", "m 2", "e 2", "Carla"),
    organisations=("Hospital", "Practice", "Community", "Commissioners"),
    interfaces=("Hospital – Practice", "Hospital – Community"),
    strategies=("the plan",),
    events=(),
)


def town() -> Town:
    """The town at the end of month 12, before anything was done: records, read by attribute."""
    people, organisations = blank_records("people", len(LABELS.people)), blank_records("organisations", len(STAFF))
    world: Town = SimpleNamespace(
        people=people,
        organisations=organisations,
        interfaces=blank_records("interfaces", 2),
        proposals=blank_records("proposals", SLOTS),
        strategies=blank_records("strategies", 1),
        practices=blank_records("practices", PRACTICES),
        scene=blank_records("scene", 1)[0],
        case=blank_records("case", 1)[0],
        mechanisms=blank_records("mechanisms", 1)[0],
        behaviour=blank_records("behaviour", 1)[0],
        members=np.full((len(STAFF), 4), -1),
        trust=np.full((len(people), len(people)), 0.5),
        ties=np.zeros((len(people), len(people)), np.uint8),
        acquaintances=np.zeros((len(people), len(organisations)), np.int64),
        stance=np.zeros((SLOTS, len(people)), np.uint8),
        scope=np.zeros((SLOTS, len(organisations)), np.uint8),
        depth=np.zeros((2, 2, PRACTICES)),
        local=np.zeros((len(organisations), PRACTICES)),
        journeys=np.array([[GPS, HOSPITAL, COMMUNITY], [GPS, HOSPITAL, -1]]),
        event_codes=np.full((EVENTS, 5), -1),
        event_amounts=np.zeros(EVENTS),
    )
    for name in world.mechanisms.dtype.names:
        world.mechanisms[name] = 1
    _fill_scene(world)
    _fill_organisations(world)
    _fill_interfaces(world)
    for k in range(PRACTICES):
        world.practices[k].changeable = 1.0
    world.strategies[0].month = 24
    return world


def _fill_scene(world: Town) -> None:
    scene = world.scene
    scene.month = 12
    scene.people, scene.clinicians, scene.organisations = len(world.people), len(CLINICIANS), len(STAFF)
    scene.interfaces, scene.strategies, scene.commissioning_bodies = 2, 1, 1
    world.case.integrated_threshold = 0.5


def _fill_organisations(world: Town) -> None:
    for number, staff in STAFF.items():
        organisation = world.organisations[number]
        organisation.number, organisation.kind, organisation.staff = number, KINDS[number], len(staff)
        organisation.commissions = int(number == COMMISSIONERS)
        organisation.clinicians = sum(one in CLINICIANS for one in staff)
        organisation.manager, organisation.executive = (staff * 2)[-2:]
        world.members[number, : len(staff)] = staff
        for seat, one in enumerate(staff):
            person = world.people[one]
            person.number, person.organisation, person.seat, person.proposal = one, number, seat, -1
            person.role = Role.CLINICIAN if one in CLINICIANS else (Role.MANAGER, Role.EXECUTIVE)[one % 3 == 0]
            person.profession = Profession.NURSE if one in CLINICIANS else Profession.MANAGEMENT
    world.people[CARLA].role, world.people[CARLA].profession = Role.COMMISSIONER, Profession.COMMISSIONING


def _fill_interfaces(world: Town) -> None:
    for number, (first, second, traffic) in enumerate(((HOSPITAL, GPS, 0.75), (HOSPITAL, COMMUNITY, 0.25))):
        interface = world.interfaces[number]
        interface.number, interface.first, interface.second, interface.traffic = number, first, second, traffic


def befriend(world: Town, one: int, other: int) -> None:
    """Make two people know each other."""
    for here, there in ((one, other), (other, one)):
        world.ties[here, there] = 1
        world.acquaintances[here, world.people[there].organisation] += 1


def put_forward(world: Town, lead: int, *scope: int, **facts: float) -> int:
    """Put a proposal forward, for these organisations of care; its number is returned."""
    number = int(world.scene.proposals)
    proposal = world.proposals[number]
    proposal.number, proposal.lead, proposal.breadth = number, lead, len(scope)
    for name, value in facts.items():
        setattr(proposal, name, value)
    for organisation in scope:
        world.scope[number, organisation] = 1
    world.stance[number, lead] = Stance.CO_LEADS
    world.scene.proposals = number + 1
    return number


def as_agents(world: Town) -> Town:
    """The same world as objects with Python numbers, and memoryviews: what the interpreted execution reads."""

    def agent(record: Town) -> Town:
        return SimpleNamespace(**{name: record[name].tolist() for name in record.dtype.names})

    things = ("people", "organisations", "interfaces", "proposals", "strategies", "practices")
    singles = ("scene", "case", "mechanisms", "behaviour")
    held = world._asdict() if hasattr(world, "_asdict") else vars(world)
    parts: dict[str, Any] = {name: [agent(record) for record in held[name]] for name in things}
    parts |= {name: agent(held[name]) for name in singles}
    tables = {name: part.data for name, part in held.items() if isinstance(part, np.ndarray) and name not in things}
    return SimpleNamespace(**parts, **tables)


def read(measure: Callable[[Town], float], world: Town) -> float:
    """What a measure reads off a world; records and agents have to give the same."""
    of_records, of_agents = measure(world), measure(as_agents(world))
    assert np.float64(of_records).tobytes() == np.float64(of_agents).tobytes()
    return float(of_records)


def change(world: Town, interface: int, practice: Practice, first: float, second: float) -> None:
    """Set the depth of a practice on the two sides of an interface."""
    world.depth[interface, 0, practice] = first
    world.depth[interface, 1, practice] = second
