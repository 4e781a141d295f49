"""Worked examples: each rule's sentence with numbers in it, computed by hand, that a health-service expert can dispute.

An example names the `rule`, `says` it in words with the arithmetic, sets what is `given` in the little world, states
the `luck` of keyed draws, and `call`s the rule with numbers or things of the little world. It is `expect`ed what the
rule `returns` and what stands in the little world afterwards; `nothing_else: true` says that all else is as before.
Numbers may be written as arithmetic (`"0.2*0.5*0.6"`), codes by their names (`Stance.BACKS`).
"""

from __future__ import annotations

import ast
import importlib
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from redesign_sim import happenings, roles
from redesign_sim.roles import Purpose, Switch
from redesign_sim.rulekit import CATALOGUE
from tests.examples.little_world import KEPT, Luck, keep, little_world

if TYPE_CHECKING:
    from collections.abc import Iterator

FEWEST = 2
CLOSE = 1e-9

WORDS: dict[str, Any] = {
    **{name: getattr(roles, name) for name in ("Role", "Practice", "Stage", "Stance", "Failure", "DecisionRule")},
    "Profession": roles.Profession,
    "Purpose": Purpose,
    "Event": happenings.Event,
    "sqrt": math.sqrt,
    "min": min,
    "max": max,
}


def read(text: Any, words: dict[str, Any]) -> Any:  # noqa: ANN401  what an example says
    """What an example means by a number, a list, arithmetic, a code's name or a thing of the little world."""
    if isinstance(text, list):
        return [read(part, words) for part in text]
    # The examples are our own: arithmetic, names and places.
    return eval(text, {"__builtins__": {}}, words) if isinstance(text, str) else text  # noqa: S307


def things_of(world: Any) -> dict[str, Any]:  # noqa: ANN401
    """The little world by name, its tables as arrays."""
    return {name: np.asarray(part) if isinstance(part, memoryview) else part for name, part in vars(world).items()}


def put(world: Any, path: str, value: Any) -> None:  # noqa: ANN401
    """Set something in the little world; a table or a row of it is filled."""
    target = ast.parse(path, mode="eval").body
    if isinstance(target, ast.Attribute):
        thing = read(ast.unparse(target.value), things_of(world))
        assert hasattr(thing, target.attr), path
        setattr(thing, target.attr, value)
    elif isinstance(target, ast.Subscript):
        read(ast.unparse(target.value), things_of(world))[read(ast.unparse(target.slice), {})] = value
    else:
        things_of(world)[path][...] = value


def prepare(world: Any, given: dict[str, Any]) -> None:  # noqa: ANN401
    """Set what is given, in the order in which it is written."""
    for path, value in given.items():
        put(world, path, Switch[value.upper()] if path.startswith("mechanisms.") else read(value, WORDS))
    keep(world)


def agrees(value: Any, expected: Any) -> bool:  # noqa: ANN401
    """Whether a value, or each of a row, is what was computed by hand."""
    if isinstance(expected, list):
        rows = list(value)
        return len(rows) == len(expected) and all(map(agrees, rows, expected))
    if isinstance(expected, bool):
        return bool(value) is expected
    return not math.isnan(value) and abs(float(value) - float(expected)) <= CLOSE


def everything(world: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Every number of the little world by its path, except the history and what follows from the rest."""
    for name, part in things_of(world).items():
        if isinstance(part, np.ndarray):
            if not name.startswith("event_") and name not in KEPT:
                yield from ((f"{name}[{','.join(map(str, at))}]", x) for at, x in np.ndenumerate(part))
        elif part is not None:
            things = {f"{name}[{n}]": one for n, one in enumerate(part)} if isinstance(part, list) else {name: part}
            for label, thing in things.items():
                yield from ((f"{label}.{field}", x) for field, x in numbers_of(thing) if field != "events")


def numbers_of(thing: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """The fields of a thing; what is said of each practice number by number."""
    for field, value in vars(thing).items():
        if isinstance(value, list):
            yield from ((f"{field}[{k}]", x) for k, x in enumerate(value) if field not in KEPT)
        elif field not in KEPT:
            yield field, value


def within(path: str, named: str) -> bool:
    """Whether a number is one that an example names, by itself or with its row or table."""
    named = named.replace(" ", "").removesuffix("]")
    return path.removesuffix("]") == named or path.startswith((f"{named},", f"{named}["))


def examples() -> Iterator[Any]:
    counted: dict[str, int] = {}
    for file in sorted(Path(__file__).parent.glob("*.yaml")):
        for example in YAML(typ="safe").load(file.read_text("utf-8")):
            rule = example["rule"]
            counted[rule] = counted.get(rule, 0) + 1
            yield pytest.param(example, id=f"{rule}-{counted[rule]}")


@pytest.fixture
def world() -> Any:  # noqa: ANN401
    return little_world()


@pytest.mark.core
@pytest.mark.parametrize("example", list(examples()))
def test_example(example: dict[str, Any], world: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    assert not (unknown := example.keys() - {"rule", "says", "given", "luck", "call", "expect"}), unknown
    rule = CATALOGUE[example["rule"]].function
    prepare(world, example.get("given", {}))
    modules = [importlib.import_module(f"redesign_sim.rules.{card.module}") for card in CATALOGUE.values()]
    luck = Luck(example.get("luck"))
    for module in {importlib.import_module("redesign_sim.draws"), *modules}:
        if hasattr(module, "uniform"):
            monkeypatch.setattr(module, "uniform", luck)
        if hasattr(module, "monthly_lot"):
            monkeypatch.setattr(module, "monthly_lot", luck.of_the_month)
        if hasattr(module, "lots_with_those"):
            monkeypatch.setattr(module, "lots_with_those", luck.with_those)
        if hasattr(module, "lots_with_all"):
            monkeypatch.setattr(module, "lots_with_all", luck.with_all)
    before = dict(everything(world))
    arguments = {
        name: read(text, {**WORDS, **things_of(world), "world": world}) for name, text in example["call"].items()
    }
    returned = rule(**arguments)
    expected = dict(example["expect"])
    assert expected, "an example expects something"
    alone = expected.pop("nothing_else", False)
    for path, hand in expected.items():
        value = returned if path == "returns" else read(path, things_of(world))
        assert agrees(value, read(hand, WORDS)), f"{example['says']}\n{path} is {value}, by hand {hand}"
    if alone:
        changed = {path: now for path, now in everything(world) if now != before[path]}
        others = {path: now for path, now in changed.items() if not any(within(path, named) for named in expected)}
        assert not others, f"{example['says']}\nalso changed: {others}"


@pytest.mark.core
def test_every_rule_has_examples() -> None:
    counted = dict.fromkeys(CATALOGUE, 0)
    for example in examples():
        counted[example.values[0]["rule"]] += 1
    lacking = {rule: many for rule, many in counted.items() if many < FEWEST}
    assert not lacking, f"fewer than {FEWEST} examples: {lacking}"
