"""What the parts of a scenario say of one another: every name that is mentioned has to exist.

These checks read plain data and skip what is malformed, so that a file's wrong names and its wrong numbers are
reported in one go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from redesign_sim.scenario.localities import CLINICAL_POSTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import InitErrorDetails

    from redesign_sim.scenario.schema import Scenario

    Plain = Mapping[str, Any]
    Loc = tuple[str | int, ...]

MOST_PEOPLE = 5000
"""Matrices between people grow with the square: 5,000 people are 25 million pairs."""
MOST_TRAFFIC = 1000
BOTH_ENDS = 2
ALREADY_SHARES = 1e-9
"""Traffic that sums to one this closely is left alone, so that reading what was written changes nothing."""


def mistakes_across(data: Plain) -> Iterator[InitErrorDetails]:
    """Everything that is wrong between parts of a scenario, given as plain data that may itself be faulty."""
    yield from _commissioners(data)
    yield from _sizes(data)
    yield from _interfaces(data)
    yield from _journeys(data)
    yield from _strategies(data)
    yield from _events(data)
    yield from _focal(data)


def said_across(scenario: Scenario) -> tuple[object, ...]:
    """All that `mistakes_across` reads of a scenario: what its parts say of one another."""
    return (
        scenario.organisations,
        scenario.interfaces,
        scenario.journeys,
        scenario.strategies,
        scenario.turbulence.events,
        scenario.leadership.focal,
        scenario.pathway.organisations,
        scenario.commissioning.joint,
    )


def shares_of_traffic(data: Plain) -> Plain:
    """The same data, with the traffic of its interfaces made to sum to one."""
    rows = data.get("interfaces")
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) and _amount(row) for row in rows):
        return data
    total = sum(row["traffic"] for row in rows)
    if total <= 0 or abs(total - 1) <= ALREADY_SHARES:
        return data
    return {**data, "interfaces": tuple({**row, "traffic": row["traffic"] / total} for row in rows)}


def nearest(word: object, known: Iterable[str]) -> str:
    """The known word that is most like this one, or nothing."""
    by_lower = {each.lower(): each for each in known}
    return next((by_lower[each] for each in get_close_matches(str(word).lower(), by_lower, 1)), "")


def mistake(loc: Loc, given: object, words: str, near: str = "", *, at_key: bool = False) -> InitErrorDetails:
    """A located mistake in the form in which the schema reports its own."""
    context = {"words": words, "near": near, "at_key": at_key, "across": True}
    return {"type": PydanticCustomError("across", "{words}", context), "loc": loc, "input": given}


def _amount(row: Plain) -> bool:
    traffic = row.get("traffic")
    return isinstance(traffic, int | float) and not isinstance(traffic, bool) and 0 <= traffic <= MOST_TRAFFIC


def _part(data: object, *path: str) -> Plain:
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _members(data: Plain) -> Plain:
    return _part(data, "organisations", "members")


def _rows(data: Plain, name: str, inner: str = "") -> Iterator[tuple[int, Plain]]:
    rows = (_part(data, name) if inner else data).get(inner or name)
    for index, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
        if isinstance(row, Mapping):
            yield index, row


def _words(value: object) -> list[tuple[int, str]]:
    words = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return [(index, word) for index, word in enumerate(words) if isinstance(word, str)]


def _pairs(data: Plain) -> dict[frozenset[str], int]:
    """The interfaces by the two organisations that they join, with the first index of each."""
    pairs: dict[frozenset[str], int] = {}
    for index, row in _rows(data, "interfaces"):
        pairs.setdefault(frozenset(word for _, word in _words(row.get("between"))), index)
    return pairs


def _sound_pairs(data: Plain) -> dict[frozenset[str], int]:
    """The interfaces if each joins two organisations of the case, none otherwise: what they say cannot be relied on."""
    pairs, members = _pairs(data), _members(data)
    return pairs if all(len(pair) == BOTH_ENDS and pair <= members.keys() for pair in pairs) else {}


def _unknown(data: Plain, loc: Loc, ids: Iterable[tuple[int, str]]) -> Iterator[InitErrorDetails]:
    members = _members(data)
    for index, identity in ids:
        if members and identity not in members:
            yield mistake((*loc, index), identity, "is no organisation of this case", nearest(identity, members))


def _commissioners(data: Plain) -> Iterator[InitErrorDetails]:
    members = _members(data)
    if _part(data, "organisations").get("members") == {}:
        yield mistake(
            ("organisations", "members"), members, "list no organisation; a case needs two and a commissioner"
        )
    found = [identity for identity, member in members.items() if _part(member).get("kind") == "commissioner"]
    if members and not found:
        yield mistake(
            ("organisations", "members"), members, "lists no organisation of kind commissioner; a case needs one"
        )
    if len(found) == 1 and _part(data, "commissioning").get("joint") is True:
        yield mistake(
            ("commissioning", "joint"),
            given=True,
            words=f"joins the votes of several commissioners, and {found[0]} is the only one",
        )


def _sizes(data: Plain) -> Iterator[InitErrorDetails]:
    members = _members(data)
    clinicians = sum(_posts(member, CLINICAL_POSTS) for member in members.values())
    everybody = clinicians + sum(_posts(m, ("managers", "executives", "commissioners")) for m in members.values())
    if members and not clinicians:
        yield mistake(("organisations", "members"), members, "employ no clinician; a case needs at least one")
    if everybody > MOST_PEOPLE:
        yield mistake(
            ("organisations", "members"), members, f"have {everybody:,} posts; at most {MOST_PEOPLE:,} are possible"
        )
    owners = _part(data, "pathway").get("organisations")
    if isinstance(owners, int) and members and owners > clinicians:
        yield mistake(
            ("pathway", "organisations"), owners, f"owners are more than the {clinicians} clinicians of this case"
        )


def _posts(member: object, fields: Iterable[str]) -> int:
    counts = (_part(member).get(field, 0) for field in fields)
    return sum(count for count in counts if isinstance(count, int) and count > 0)


def _interfaces(data: Plain) -> Iterator[InitErrorDetails]:
    pairs = _pairs(data)
    for index, row in _rows(data, "interfaces"):
        loc: Loc = ("interfaces", index, "between")
        ends = _words(row.get("between"))
        yield from _unknown(data, loc, ends)
        pair = frozenset(word for _, word in ends)
        if len(ends) > len(pair):
            yield mistake(loc, row["between"], "names one organisation twice; an interface joins two")
        elif len(pair) == BOTH_ENDS and pairs[pair] < index:
            yield mistake(loc, row["between"], f"stands already in interfaces[{pairs[pair]}]")
    rows = [row for _, row in _rows(data, "interfaces")]
    if rows and all(_amount(row) and row["traffic"] == 0 for row in rows):
        yield mistake(("interfaces",), rows, "carry no traffic at all; at least one needs some")


def _journeys(data: Plain) -> Iterator[InitErrorDetails]:
    pairs, members = _sound_pairs(data), _members(data)
    for index, row in _rows(data, "journeys"):
        loc: Loc = ("journeys", index, "path")
        path = _words(row.get("path"))
        yield from _unknown(data, loc, path)
        for (_, one), (step, other) in pairwise(path):
            if pairs and one in members and other in members and frozenset((one, other)) not in pairs:
                yield mistake((*loc, step), other, f"is not reached from {one}: no interface joins the two")


def _strategies(data: Plain) -> Iterator[InitErrorDetails]:
    pairs = _sound_pairs(data)
    names = ["-".join(sorted(pair)) for pair in pairs]
    for index, row in _rows(data, "strategies"):
        focus = _part(row, "focus")
        for key in focus:
            if pairs and frozenset(str(key).split("-")) not in pairs:
                loc: Loc = ("strategies", index, "focus", key)
                words = f"is no interface; write two organisations that one joins, such as {names[0]}"
                yield mistake(loc, key, words, nearest(key, names), at_key=True)
        if focus and not any(isinstance(weight, int | float) and weight > 0 for weight in focus.values()):
            yield mistake(("strategies", index, "focus"), focus, "needs at least one weight above 0")


def _events(data: Plain) -> Iterator[InitErrorDetails]:
    for index, row in _rows(data, "turbulence", "events"):
        yield from _unknown(data, ("turbulence", "events", index, "scope"), _words(row.get("scope")))


def _focal(data: Plain) -> Iterator[InitErrorDetails]:
    focal = _part(data, "leadership", "focal")
    where, profession = focal.get("organisation"), focal.get("profession")
    if not isinstance(where, str):
        return
    loc: Loc = ("leadership", "focal")
    members = _members(data)
    if members and where not in members:
        yield mistake((*loc, "organisation"), where, "is no organisation of this case", nearest(where, members))
    field = next((field for field, name in CLINICAL_POSTS.items() if name == profession), None)
    if field and where in members and not _posts(members[where], (field,)):
        yield mistake((*loc, "profession"), profession, f"is not among the people of {where}{_staff(members[where])}")


def _staff(member: object) -> str:
    """Which clinicians an organisation has."""
    there = [name for field, name in CLINICAL_POSTS.items() if _posts(member, (field,))]
    return f"; there {'are' if len(there) > 1 else 'is only'} {', '.join(there)}" if there else ""
