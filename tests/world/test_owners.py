"""The same staff and traffic over more or fewer owners."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from redesign_sim.scenario import Scenario, load_scenario, override
from redesign_sim.world.building import build
from redesign_sim.world.owners import Locality, locality_of
from tests.engine.localities import random_locality

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.core

CASES = ("classroom", "dementia_london", "dementia_manchester", "sexual_health_london", "sexual_health_manchester")


def town(members: Mapping[str, Any], *crossings: tuple[str, str, float], owners: int | None) -> Scenario:
    payer = {"name": "Payer", "kind": "commissioner"}
    named = {identity: {"name": identity.title(), "kind": "acute", **posts} for identity, posts in members.items()}
    return Scenario.model_validate(
        {
            "name": "town",
            "title": "A town",
            "organisations": {"members": named | {"payer": payer}},
            "interfaces": [{"between": (one, other), "traffic": traffic} for one, other, traffic in crossings],
            "pathway": {"organisations": owners},
        }
    )


def staff(locality: Locality) -> Counter[str]:
    return sum((Counter(owner.staff) for owner in locality.owners), Counter())


def traffic(locality: Locality) -> dict[int, float]:
    """The traffic of each listed interface, over all that it has been spread over."""
    shares: dict[int, float] = {}
    for crossing in locality.crossings:
        shares[crossing.listed] = shares.get(crossing.listed, 0.0) + crossing.traffic
    return shares


def sound(locality: Locality) -> None:
    ids = [owner.id for owner in locality.owners]
    assert len(set(ids)) == len(ids)
    ends = [(crossing.first, crossing.second) for crossing in locality.crossings]
    assert {end for pair in ends for end in pair} <= set(ids)
    pairs = {frozenset(pair) for pair in ends}
    for path in locality.journeys:
        assert all(one == other or frozenset((one, other)) in pairs for one, other in pairwise(path))


@pytest.mark.parametrize(
    ("name", "owners"),
    [("classroom", 7), *((name, owners) for name in CASES[1:] for owners in (9, 16, 30))]
    + [(name, owners) for name in CASES for owners in (None, 2, 3, 5)],
)
def test_staff_and_traffic_stay_the_same_over_any_number_of_owners(name: str, owners: int | None) -> None:
    listed = load_scenario(name)
    before = locality_of(override(listed, {"pathway.organisations": None}))
    after = locality_of(override(listed, {"pathway.organisations": owners}))
    sound(after)
    assert len(after.providers) == (owners or len(before.providers))
    assert staff(after) == staff(before)
    assert traffic(after) == pytest.approx(traffic(before))
    assert [owner for owner in after.owners if owner.commissions] == [o for o in before.owners if o.commissions]
    assert len(after.journeys) == len(before.journeys)


@pytest.mark.parametrize("number", range(20))
def test_random_localities_stay_sound(number: int, seed: int) -> None:
    scenario = random_locality(np.random.default_rng([seed, 4, number]), 3)
    locality = locality_of(scenario)
    before = locality_of(override(scenario, {"pathway.organisations": None}))
    sound(locality)
    assert staff(locality) == staff(before)
    assert traffic(locality) == pytest.approx(traffic(before))
    build(scenario)


def test_as_listed_where_no_number_is_stated() -> None:
    locality = locality_of(town({"one": {"nurses": 3}, "two": {"gps": 2}}, ("one", "two", 1.0), owners=None))
    assert [owner.id for owner in locality.owners] == ["one", "two", "payer"]
    assert [(owner.clinicians, owner.stands_for) for owner in locality.providers] == [(3, ("one",)), (2, ("two",))]


def test_the_largest_is_split_in_halves_with_a_head_each() -> None:
    locality = locality_of(town({"one": {"nurses": 3, "gps": 2}, "two": {"gps": 2}}, ("one", "two", 1.0), owners=3))
    first, second, other, _ = locality.owners
    assert [first.name, second.name, other.name] == ["One (1)", "One (2)", "Two"]
    assert {name: posts for name, posts in first.staff.items() if posts} == {"nurse": 2, "gp": 1}
    assert {name: posts for name, posts in second.staff.items() if posts} == {"nurse": 1, "gp": 1}
    assert (first.managers, first.executives, second.managers, second.executives) == (1, 1, 1, 1)
    assert [(c.first, c.second, c.traffic) for c in locality.crossings] == [
        (first.id, "two", 0.5),
        (second.id, "two", 0.5),
    ]


def test_the_smallest_joins_the_neighbour_of_most_traffic() -> None:
    members = {"one": {"nurses": 9}, "two": {"nurses": 5}, "three": {"nurses": 1}}
    scenario = town(members, ("three", "one", 0.2), ("three", "two", 0.3), ("one", "two", 0.5), owners=2)
    locality = locality_of(scenario)
    assert [(owner.id, owner.clinicians, owner.stands_for) for owner in locality.providers] == [
        ("one", 9, ("one",)),
        ("two", 6, ("two", "three")),
    ]
    assert [(c.first, c.second) for c in locality.crossings] == [("two", "one"), ("two", "two"), ("one", "two")]


def test_without_a_neighbour_the_smallest_joins_the_next_smallest() -> None:
    members = {"one": {"nurses": 9}, "two": {"nurses": 5}, "three": {"nurses": 1}}
    locality = locality_of(town(members, ("one", "two", 1.0), owners=2))
    assert [(owner.id, owner.clinicians) for owner in locality.providers] == [("one", 9), ("two", 6)]


def test_an_owner_who_is_called_like_a_half_of_another_is_no_half() -> None:
    scenario = town({"one": {"nurses": 4}, "one_1": {"gps": 1}}, ("one", "one_1", 1.0), owners=3)
    sound(locality_of(scenario))
    template = build(scenario)
    assert template.labels.organisations == ("One (1)", "One (2)", "One_1", "Payer")
    assert template.state.interfaces["second"].tolist() == [2, 2]


def test_who_stands_out_stands_out_in_whatever_the_organisation_became() -> None:
    focal = {"organisation": "clinic", "profession": "nurse", "ambition": 0.9, "capability": 0.9}
    for owners in (None, 2, 3, 5):
        template = build(
            override(load_scenario("classroom"), {"leadership.focal": focal, "pathway.organisations": owners})
        )
        person = template.state.people[int(template.state.case[0]["focal"])]
        assert template.labels.people[int(person["number"])].startswith("nurse 1, The hospital clinic")
