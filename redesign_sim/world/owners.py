"""The same staff and traffic over more or fewer owners (`pathway.organisations`)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from redesign_sim.scenario.localities import CLINICAL_POSTS

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation as a run sees it: its staff by profession, and the access and walls that it has."""

    id: str
    name: str
    kind: str
    staff: dict[str, int]
    managers: int
    executives: int
    commissioners: int
    clinical_inclusion: float
    compartmentalisation: float
    stands_for: tuple[str, ...] = ()

    @property
    def commissions(self) -> bool:
        """Whether it is a commissioning body."""
        return self.kind == "commissioner"

    @property
    def clinicians(self) -> int:
        """How many clinicians work there."""
        return sum(self.staff.values())

    @property
    def people(self) -> int:
        """How many people work there."""
        return self.clinicians + self.managers + self.executives + self.commissioners


@dataclass(frozen=True, slots=True)
class Crossing:
    """An interface as a run sees it: two owners by id (the same one where both sides have been merged)."""

    first: str
    second: str
    traffic: float
    start: float
    listed: int


@dataclass(frozen=True, slots=True)
class Locality:
    """Owners, crossings and journeys."""

    owners: tuple[Owner, ...]
    crossings: tuple[Crossing, ...]
    journeys: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def providers(self) -> list[Owner]:
        """The owners that provide care."""
        return [owner for owner in self.owners if not owner.commissions]


def locality_of(scenario: Scenario) -> Locality:
    """The owners of a case, as listed or spread over as many organisations of care as `pathway.organisations` says."""
    locality = _as_listed(scenario)
    wanted = scenario.pathway.organisations
    while wanted is not None and len(locality.providers) < wanted:
        locality = _split_largest(locality)
    while wanted is not None and len(locality.providers) > wanted:
        locality = _merge_smallest(locality)
    return locality


def _as_listed(scenario: Scenario) -> Locality:
    common = scenario.organisations
    owners = tuple(
        Owner(
            identity,
            member.name,
            member.kind,
            {profession: getattr(member, posts) for posts, profession in CLINICAL_POSTS.items()},
            member.managers,
            member.executives,
            member.commissioners,
            common.clinical_inclusion if member.clinical_inclusion is None else member.clinical_inclusion,
            common.compartmentalisation if member.compartmentalisation is None else member.compartmentalisation,
            (identity,),
        )
        for identity, member in common.members.items()
    )
    crossings = tuple(
        Crossing(interface.between[0], interface.between[1], interface.traffic, interface.start, number)
        for number, interface in enumerate(scenario.interfaces)
    )
    return Locality(owners, crossings, tuple(journey.path for journey in scenario.journeys))


def _split_largest(locality: Locality) -> Locality:
    """The owner of most clinicians becomes two, each with half the staff, a head of its own and half of each
    crossing.
    """
    largest = max(locality.providers, key=lambda owner: (owner.clinicians, owner.id))
    halves = [_half(largest, 0), _half(largest, 1)]
    owners = [o for owner in locality.owners for o in (halves if owner is largest else [owner])]
    crossings = [c for crossing in locality.crossings for c in _halved(crossing, largest.id, halves)]
    journeys = tuple(tuple(halves[0].id if step == largest.id else step for step in path) for path in locality.journeys)
    return Locality(tuple(owners), tuple(crossings), journeys)


def _half(owner: Owner, which: int) -> Owner:
    """One half of an owner. No listed id has a stroke in it, so that no listed owner can have the same id."""
    staff = {profession: (posts + 1 - which) // 2 for profession, posts in owner.staff.items()}
    return replace(owner, id=f"{owner.id}/{which + 1}", name=f"{owner.name} ({which + 1})", staff=staff)


def _halved(crossing: Crossing, split: str, halves: list[Owner]) -> list[Crossing]:
    if split not in {crossing.first, crossing.second}:
        return [crossing]
    if crossing.first == crossing.second:
        return [replace(crossing, first=halves[0].id, second=halves[1].id)]
    return [
        replace(
            crossing,
            first=half.id if crossing.first == split else crossing.first,
            second=half.id if crossing.second == split else crossing.second,
            traffic=crossing.traffic / 2.0,
        )
        for half in halves
    ]


def _merge_smallest(locality: Locality) -> Locality:
    """The owner of fewest clinicians joins the neighbour with which it shares most traffic, or the next smallest."""
    smallest = min(locality.providers, key=lambda owner: (owner.clinicians, owner.id))
    shared: dict[str, float] = {}
    for crossing in locality.crossings:
        if crossing.first != crossing.second and smallest.id in {crossing.first, crossing.second}:
            other = crossing.second if crossing.first == smallest.id else crossing.first
            shared[other] = shared.get(other, 0.0) + crossing.traffic
    rest = [owner for owner in locality.providers if owner is not smallest]
    host = max(rest, key=lambda owner: (shared.get(owner.id, 0.0), -owner.clinicians, owner.id))
    merged = replace(
        host,
        staff={profession: posts + smallest.staff[profession] for profession, posts in host.staff.items()},
        stands_for=host.stands_for + smallest.stands_for,
    )
    owners = tuple(merged if owner is host else owner for owner in locality.owners if owner is not smallest)

    def now(identity: str) -> str:
        return host.id if identity == smallest.id else identity

    crossings = tuple(replace(c, first=now(c.first), second=now(c.second)) for c in locality.crossings)
    return Locality(owners, crossings, tuple(tuple(now(step) for step in path) for path in locality.journeys))
