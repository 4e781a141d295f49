"""What two cases state differently, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from redesign_sim.scenario.problems import shown
from redesign_sim.scenario.walk import walk_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redesign_sim.scenario.schema import Scenario
    from redesign_sim.scenario.walk import Walked

WORDS = {"name", "title", "summary", "specialities"}
"""Last names of fields that no rule reads."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two cases state differently; where only one has the field, the other value is missing."""

    path: str
    title: str
    words: str
    only_words: bool

    def __str__(self) -> str:
        return f"{self.path} ({self.title}): {self.words}"


def differences(a: Scenario, b: Scenario) -> list[Difference]:
    """Every field in which two cases differ, in the order of a file; what only one has is told as a whole."""
    first, second = (_by_place(case) for case in (a, b))
    found = [_differs(path, first.get(path), second.get(path)) for path in {**first, **second}]
    return _without_repeats(difference for difference in found if difference)


def _by_place(case: Scenario) -> dict[str, Walked]:
    """Fields by their place; an interface is known by its two ends, a strategy by its name, not by its row."""
    keys: dict[str, str] = {}
    for index, interface in enumerate(case.interfaces):
        keys[f"interfaces[{index}]"] = f"interfaces[{'-'.join(sorted(interface.between))}]"
    for index, journey in enumerate(case.journeys):
        keys[f"journeys[{index}]"] = f"journeys[{journey.name}]"
    for index, event in enumerate(case.turbulence.events):
        keys[f"turbulence.events[{index}]"] = f"turbulence.events[{event.name}]"
    return {_known_by(walked.path, keys): walked for walked in walk_fields(case)}


def _known_by(path: str, keys: dict[str, str]) -> str:
    row, bracket, rest = path.partition("]")
    return keys.get(row + bracket, row + bracket) + rest


def _differs(path: str, one: Walked | None, other: Walked | None) -> Difference | None:
    said = one or other
    if said is None or (one and other and one.value == other.value):
        return None
    if path.endswith(".between") and one and other and set(one.value) == set(other.value):  # type: ignore[call-overload]
        return None
    words = "another text" if path == "summary" else _words(one, other)
    return Difference(path, said.title, words, path.rsplit(".", 1)[-1] in WORDS)


def _words(one: Walked | None, other: Walked | None) -> str:
    if one is None and other is not None:
        return f"only in B, {_value(other)}"
    if other is None and one is not None:
        return f"only in A, {_value(one)}"
    return f"{_value(one)} in A, {_value(other)} in B" if one and other else ""


def _value(walked: Walked) -> str:
    value = walked.value
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    unit = f" {walked.unit}" if isinstance(value, int | float) and walked.unit in {"months", "posts"} else ""
    return f"{value:g}{unit}" if isinstance(value, float) else f"{shown(value)}{unit}"


def _without_repeats(found: Iterable[Difference]) -> list[Difference]:
    """An entry that only one side has is told once, not field by field."""
    kept: list[Difference] = []
    told: set[str] = set()
    for difference in found:
        entry, alone = _entry(difference.path), difference.words.startswith("only in")
        if not (alone and entry):
            kept.append(difference)
        elif entry not in told:
            told.add(entry)
            kept.append(Difference(entry, "whole entry", difference.words.split(",")[0], only_words=False))
    return kept


def _entry(path: str) -> str:
    """The organisation or the row of a list in which a field lies; empty where it lies in neither."""
    if path.startswith("organisations.members."):
        return ".".join(path.split(".")[:3])
    return path.partition("]")[0] + "]" if "]" in path else ""
