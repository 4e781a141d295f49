"""Which rules read a number of a case: found by changing it, looking at what is different on the first day, and
looking up who reads that in the rules' own text.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import redesign_sim.rules
import redesign_sim.world.founding
import redesign_sim.world.measures
from redesign_sim.model import RedesignModel
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.scenario import ScenarioError, load_scenario, override, walk_fields
from redesign_sim.world.measures import COURSES, MEASURES
from redesign_sim.world.records import DTYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from redesign_sim.scenario import Scenario
    from redesign_sim.scenario.walk import Walked

KINDS = {
    "Person": "people", "Proposal": "proposals", "Organisation": "organisations", "Interface": "interfaces",
    "Strategy": "strategies", "PracticeFacts": "practices", "Scene": "scene", "Case": "case",
}  # fmt: skip
"""The lists of a world, by the type of what they hold."""
SINGLE = {"case", "behaviour", "mechanisms", "scene"}
FIRST_DAY = "the first day"


class Reader(NamedTuple):
    """What reads something: a rule by its id, an outcome by its name, or the first day."""

    sort: str
    name: str


EXAMPLES = ("classroom", "dementia_london", "sexual_health_london")
"""Cases in which a field is tried, one after the other, until something differs on the first day."""
TRAITS = {"ambition": 0.5, "capability": 0.5}
PREPARED: dict[str, dict[str, Any]] = {
    "leadership.focal": {"leadership.focal": {"organisation": "{first}", "profession": "nurse", **TRAITS}},
    "leadership.by_profession": {"leadership.by_profession": {"nurse": TRAITS}},
    "network": {"network.strength": 0.6},
}
"""What has to be stated before a field beneath one of these has any meaning."""


def readers_of_field(walked: Walked) -> list[Reader] | None:
    """Who reads a field of a case, tried on shipped cases; None where it changes who there is."""
    for before, after in _pairs(walked):
        found = readers_of(before, after)
        if found is None or found:
            return found
    return []


def _pairs(walked: Walked) -> Iterator[tuple[Scenario, Scenario]]:
    """Cases that differ in the field alone, by as much as it is usually varied."""
    for name in EXAMPLES:
        case = _prepared(load_scenario(name), walked.path)
        for path in spots(case, walked.path):
            cases = [changed for value in _values(walked) if (changed := _tried(case, path, value))]
            yield from ((one, other) for one, other in pairwise(cases))


def _prepared(case: Scenario, path: str) -> Scenario:
    """The case with what a field needs around it."""
    first = next(key for key, member in case.organisations.members.items() if member.nurses)
    for under, changes in PREPARED.items():
        if path.startswith(f"{under}."):
            return override(case, {at: _filled(value, first) for at, value in changes.items()})
    return case


def _filled(value: Any, first: str) -> Any:  # noqa: ANN401  a number or a table
    return {k: first if v == "{first}" else v for k, v in value.items()} if isinstance(value, dict) else value


def _tried(case: Scenario, path: str, value: object) -> Scenario | None:
    """The case with a value in a place; None where it refuses it."""
    try:
        return override(case, {path: value})
    except ScenarioError:
        return None


def _values(walked: Walked) -> list[object]:
    """Values far apart that a field may take."""
    if walked.choices:
        return list(walked.choices)
    if walked.sort == "yes or no":
        return [True, False]
    low, high = walked.sweep or (0.0, 1.0)
    return [low, (low + high) / 2, high]


def spots(case: Scenario, pattern: str) -> list[str]:
    """Every place of a case for which a path with `*` stands."""
    if "*" not in pattern:
        return [pattern]
    wanted = pattern.split(".")
    return [walked.path for walked in walk_fields(case) if _fits(walked.path, wanted)]


def _fits(path: str, wanted: list[str]) -> bool:
    stated = path.replace("[", ".").replace("]", "").split(".")
    return len(stated) == len(wanted) and all(one in {other, "*"} for one, other in zip(wanted, stated, strict=True))


def readers_of(before: Scenario, after: Scenario) -> list[Reader] | None:
    """Who reads what differs between two cases on their first day; None where the people themselves are others."""
    touched = changed(before, after)
    if touched is None:
        return None
    found = (reader for reader, reads in reading().items() if _meets(reads, touched))
    return sorted(found, key=lambda reader: (reader.sort != "rule", reader.sort))


def changed(before: Scenario, after: Scenario) -> set[str] | None:
    """What differs on the first day (`case.voice`, `people.entrenchment`, `trust`); None where the counts do."""
    worlds = [RedesignModel(case, seed=1).world for case in (before, after)]
    if any(len(getattr(worlds[0], name)) != len(getattr(worlds[1], name)) for name in set(KINDS.values()) - SINGLE):
        return None
    return {name for name in _states(worlds[0]) if not _same(*(_state(world, name) for world in worlds))}


def _states(world: Any) -> Iterator[str]:  # noqa: ANN401  a world of either execution
    """Everything that a world holds, by name."""
    for kind, dtype in DTYPES.items():
        if kind != "scene":
            yield from (f"{kind}.{field}" for field in dtype.names or ())
    yield from (
        name
        for name in ("emphasis", "focus", "stated_emphasis", "stated_focus", "trust", "ties")
        if hasattr(world, name)
    )
    yield from ("quantiles", "reorganisation_months", "reorganised")


def _state(world: Any, name: str) -> Any:  # noqa: ANN401
    kind, _, field = name.partition(".")
    held = getattr(world, kind)
    if not field:
        return np.asarray(held)
    return np.asarray([getattr(each, field) for each in ([held] if kind in SINGLE else held)])


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401
    return bool(one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))


def _meets(reads: Iterable[str], touched: set[str]) -> bool:
    """Whether what is read is among what was touched; `?.field` is a field of something unknown."""
    fields = {name.partition(".")[2] for name in touched if name.partition(".")[0] not in SINGLE}
    return any(read in touched or (read.startswith("?.") and read[2:] in fields) for read in reads)


@cache
def reading() -> dict[Reader, frozenset[str]]:
    """What each rule, each outcome and the first day read, helpers that are no rules included."""
    texts = _functions()
    rules = {card.name: Reader("rule", card.id) for card in CATALOGUE.values()}
    found = {reader: _gathered(name, texts, set(rules), set()) for name, reader in rules.items()}
    for name in (*MEASURES, *COURSES):
        found[Reader("outcome", name)] = _gathered(name, texts, set(rules), set())
    first_day = {
        each for name in vars(redesign_sim.world.founding) for each in _gathered(name, texts, set(rules), set())
    }
    found[Reader("first day", FIRST_DAY)] = frozenset(first_day)
    return found


def _gathered(name: str, texts: dict[str, ast.FunctionDef], rules: set[str], seen: set[str]) -> frozenset[str]:
    """What a function reads itself or through helpers that are no rules."""
    if name not in texts or name in seen:
        return frozenset()
    seen.add(name)
    own = set(_reads(texts[name]))
    called = {
        call.func.id for call in ast.walk(texts[name]) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    for helper in called - rules:
        own |= _gathered(helper, texts, rules, seen)
    return frozenset(own)


def _functions() -> dict[str, ast.FunctionDef]:
    """The text of every rule, helper and measure, by name."""
    modules = {inspect.getmodule(card.function) for card in CATALOGUE.values()}
    modules |= {redesign_sim.world.founding, redesign_sim.world.measures}
    trees = [ast.parse(inspect.getsource(module)) for module in modules if module is not None]
    return {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _reads(function: ast.FunctionDef) -> Iterator[str]:
    """What a function reads: `case.voice`, `people.ambition`, `trust`, and `?.field` where it is not plain whose."""
    known = dict(_known(function))
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            if isinstance(node.value, ast.Name) and node.value.id == "world":
                yield node.attr
            else:
                yield f"{_whose(node.value, known)}.{node.attr}"


def _known(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Of which list a local name's thing is, where its annotation or its assignment says so."""
    for argument in function.args.args:
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id in KINDS:
            yield argument.arg, KINDS[argument.annotation.id]
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            kind = _whose(node.value, {})
            if kind != "?":
                yield node.targets[0].id, kind


def _whose(node: ast.expr, known: dict[str, str]) -> str:
    """Of which list of the world something is; `?` where the text alone does not say."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "?")
    if isinstance(node, ast.Subscript):
        return _whose(node.value, known)
    return node.attr if isinstance(node, ast.Attribute) and node.attr in {*KINDS.values(), *SINGLE} else "?"
