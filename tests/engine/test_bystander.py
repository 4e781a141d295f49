"""One more person who does nothing leaves everybody else's traits, ties and history alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from redesign_sim.draws import replicate_key
from redesign_sim.engine.replications import STAGE_ENTRIES
from redesign_sim.happenings import Event
from redesign_sim.month import MONTH
from redesign_sim.roles import OrganisationKind, Role
from redesign_sim.scenario import load_scenario, override
from redesign_sim.world.building import build
from redesign_sim.world.records import State, copy_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from redesign_sim.scenario import Scenario

pytestmark = pytest.mark.core

PEOPLE_ON = {"people": (0,), "trust": (0, 1), "ties": (0, 1), "acquaintances": (0,), "stance": (1,), "persuaded": (1,)}
ORGANISATIONS_ON = {
    "organisations": (0,),
    "acquaintances": (1,),
    "members": (0,),
    "scope": (1,),
    "backers": (1,),
    "granted": (1,),
    "done": (1,),
    "local": (0,),
    "reorganised": (1,),
}
"""Along which axes of which tables there is a place for each person, and for each organisation."""

COUNTS = {"people", "organisations", "reorganisations", "events"}
"""What is counted over everyone, the bystander and the bystander's own organisation included."""

NOBODYS_PROFESSION = 99


def one_more(state: State) -> State:
    """A state with room for one more person in one more organisation, nowhere connected."""
    parts: dict[str, npt.NDArray[Any]] = {}
    for name in State._fields:
        part = getattr(state, name)
        for axis in (*PEOPLE_ON.get(name, ()), *ORGANISATIONS_ON.get(name, ())):
            part = np.insert(part, part.shape[axis], np.zeros((), part.dtype), axis=axis)
        parts[name] = np.array(part, order="C")
    for name in ("people", "organisations"):
        parts[name] = parts[name].view(getattr(state, name).dtype)
    return State(**parts)


def with_a_bystander(state: State) -> State:
    """Someone of a profession of their own, without time, alone in an organisation that stands at no interface."""
    wider = one_more(state)
    number, home = len(state.people), len(state.organisations)
    wider.scene[0]["people"] += 1
    wider.scene[0]["organisations"] += 1
    wider.members[home] = -1
    wider.members[home, 0] = number
    person, organisation = wider.people[number], wider.organisations[home]
    for name, value in (("number", number), ("role", Role.MANAGER), ("organisation", home), ("proposal", -1)):
        person[name] = value
    person["profession"] = NOBODYS_PROFESSION
    person["controls"] = (1.0, 0.0, 0.0, 0.0, 0.0)
    for name, value in (("number", home), ("kind", OrganisationKind.INDEPENDENT), ("staff", 1)):
        organisation[name] = value
    organisation["executive"] = organisation["manager"] = number
    return wider


def live(state: State, months: int, seed: int) -> State:
    state, key = copy_of(state), replicate_key(seed, 0)
    STAGE_ENTRIES["founding"](state, *key)
    for _ in range(months):
        state.scene[0].month += 1
        for stage in MONTH:
            STAGE_ENTRIES[stage.name](state, *key)
    return state


def without_the_last(state: State) -> State:
    """The same state seen without its last person and its last organisation."""
    parts = {}
    for name in State._fields:
        part = getattr(state, name)
        for axis in (*PEOPLE_ON.get(name, ()), *ORGANISATIONS_ON.get(name, ())):
            part = np.delete(part, -1, axis=axis)
        parts[name] = part
    return State(**parts)


def told(state: State, stranger: int, elsewhere: int) -> list[tuple[float, ...]]:
    """The events of a run in which the stranger and the stranger's organisation have no part."""
    rows = zip(state.event_codes[: state.scene[0].events].tolist(), state.event_amounts.tolist(), strict=False)
    return [
        (*codes, amount)
        for codes, amount in rows
        if stranger not in codes[2:4] and not (codes[1] == Event.REORGANISED and codes[4] == elsewhere)
    ]


def changes(one: State, other: State) -> list[str]:
    """What differs between two runs, but for the counts over everyone and the places in the order of a month."""
    found = []
    for name in State._fields:
        here, there = getattr(one, name), getattr(other, name)
        for field in here.dtype.names or ("",):
            skipped = name in {"order", "places", "lots", "event_codes", "event_amounts"} or (
                name == "scene" and field in COUNTS
            )
            mine, theirs = (here[field], there[field]) if field else (here, there)
            if not skipped and mine.tobytes() != theirs.tobytes():
                found.append(f"{name}.{field}")
    return found


def eventful(name: str) -> Scenario:
    """A case in which nobody knows people who share neither profession nor organisation, and much happens."""
    return override(
        load_scenario(name),
        {
            "ties.both_different": 0.0,
            "leadership.time_share": 0.25,
            "network.strength": 1.0,
            "turbulence.local_per_year": 4.0,
            "turbulence.national_per_year": 1.0,
        },
    )


@pytest.mark.parametrize(("name", "months"), [("classroom", 24), ("sexual_health_manchester", 8)])
def test_a_bystander_changes_nothing_for_anyone(name: str, months: int, seed: int) -> None:
    template = build(eventful(name), event_slots=20_000).state
    without = live(template, months, seed)
    joined = live(with_a_bystander(template), months, seed)
    stranger, home = len(template.people), len(template.organisations)
    assert changes(without, without_the_last(joined)) == []
    assert told(without, stranger, home) == told(joined, stranger, home)
    assert joined.people[stranger]["proposal"] == -1
    assert joined.ties[stranger].sum() == 0
    assert (
        joined.organisations[home]["reorganisations"] + without.scene[0]["reorganisations"]
        == (joined.scene[0]["reorganisations"])
    )


def test_someone_who_gives_time_is_seen(seed: int) -> None:
    template = build(override(eventful("classroom"), {"leadership.national_share": 0.5})).state
    helpful = with_a_bystander(template)
    helpful.people[-1]["role"], helpful.people[-1]["time"] = Role.CLINICIAN, 0.5
    without, joined = live(template, 2, seed), live(helpful, 2, seed)
    assert "scene.national_time" in changes(without, without_the_last(joined))
