"""Scenarios that differ in a few named places: what experiments vary and levers move."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import finalize

from pydantic import ValidationError

from redesign_sim.scenario.fields import Part
from redesign_sim.scenario.leaders import DISTRIBUTIONS, STYLES
from redesign_sim.scenario.problems import Loc, Problem, ScenarioError, dotted
from redesign_sim.scenario.references import nearest, said_across
from redesign_sim.scenario.walk import field_at, fields_of, sort_of, walk_fields
from redesign_sim.scenario.wording import examine

if TYPE_CHECKING:
    from redesign_sim.scenario.schema import Scenario

K = TypeVar("K")

TOKEN = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
PATH = re.compile(r"[^.\[\]]+(\[\d{1,6}\])*(\.[^.\[\]]+(\[\d{1,6}\])*)*")
MIX: Loc = ("leadership", "mix")
NO_SUCH_FIELD = "there is no such field"
NO_PATH = "is no path; write names and dots, as in strategies[0].strength"


def override(scenario: Scenario, changes: Mapping[str, object]) -> Scenario:
    """The scenario with some of its values replaced, by dotted path (`strategies[0].strength`), validated anew.

    One share of `leadership.mix` or one interface's `traffic` rescales the shares not named in proportion, so that they
    still sum to one. A trait given as a number keeps its spread. A mix replaces distributions, and the reverse.
    Raises ScenarioError, which names the nearest path, where there is no such field or the value does not fit.
    """
    wanted = {_loc(path): _plain(value) for path, value in changes.items()}
    replaced = _replaced(scenario, wanted)
    if shared := _sharing(scenario, replaced):
        return shared
    changed, findings = examine({**scenario.model_dump(), **replaced})
    if changed is None:
        raise ScenarioError([Problem(dotted(f.loc), f.value, f.message, f.near) for f in findings])
    return changed


def _replaced(scenario: Scenario, wanted: Mapping[Loc, object]) -> dict[str, Any]:
    """The parts that are touched as plain data, with what is wanted in its place."""
    data: Any = scenario.model_dump(include={str(loc[0]) for loc in wanted})
    if "leadership" in data:
        _choose_between_mix_and_distributions(data["leadership"], wanted)
    problems = []
    for loc in sorted(wanted, key=len):
        try:
            data = _with(data, loc, 0, wanted[loc])
        except LookupError:
            problems.append(Problem(dotted(loc), wanted[loc], NO_SUCH_FIELD, _nearest_path(scenario, loc)))
    if problems := problems or _rescale(data, wanted):
        raise ScenarioError(problems)
    return dict(data)


def _sharing(scenario: Scenario, replaced: Mapping[str, Any]) -> Scenario | None:
    """The scenario with some parts anew and all others the very ones that it has; None where that takes a whole check.

    A study has thousands of scenarios that differ in a part or two. What parts say of one another was right before; it
    is looked at again only where a part says something else of the others now.
    """
    kinds = {name: type(getattr(scenario, name)) for name in replaced}
    if not all(issubclass(kind, Part) for kind in kinds.values()):
        return None
    try:
        parts = {name: kinds[name].model_validate(data) for name, data in replaced.items()}
    except ValidationError:
        return None
    changed = scenario.model_copy(update=parts)
    return changed if said_across(changed) == said_across(scenario) else None


def scenario_digest(scenario: Scenario) -> str:
    """SHA-256 of a scenario in canonical form: equal digests, equal scenarios."""
    parts = (f'"{name}":{_canonical(value)}' for name, value in sorted(scenario, key=itemgetter(0)))
    return hashlib.sha256(f"{{{','.join(parts)}}}".encode()).hexdigest()


CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
"""Keys in order, no spaces."""

_texts: dict[int, str] = {}
"""The canonical form of parts by identity, for as long as each lives: nothing in a part can be changed in place."""


def _canonical(value: object) -> str:
    """A value in canonical JSON."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_canonical, value))}]"
    if not isinstance(value, Part):
        return CANONICAL.encode(value)
    text = _texts.get(id(value))
    if text is None:
        text = _texts[id(value)] = CANONICAL.encode(value.model_dump(mode="json"))
        finalize(value, _texts.pop, id(value), None).atexit = False
    return text


def _loc(path: str) -> Loc:
    if not PATH.fullmatch(path):
        raise ScenarioError([Problem(path, None, NO_PATH)])
    return tuple(name or int(index) for name, index in TOKEN.findall(path))


def _plain(value: object) -> object:
    """A value as a file would give it: from numpy's numbers, lists, and parts built in Python."""
    if isinstance(value, Part):
        return value.model_dump()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_plain(inner) for inner in value)
    return value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value


def _with(data: Any, loc: Loc, depth: int, value: object) -> Any:  # noqa: ANN401  plain data of any depth
    """The data with one place replaced. Raises LookupError where there is no such place."""
    if depth == len(loc):
        return _fitting(data, loc, value)
    token, info = loc[depth], field_at(loc[: depth + 1])[0]
    if info is None:
        raise LookupError
    if isinstance(data, tuple) and isinstance(token, int) and token < len(data):
        return (*data[:token], _with(data[token], loc, depth + 1, value), *data[token + 1 :])
    if isinstance(data, dict | None) and isinstance(token, str):
        table = data or {}
        return {**table, token: _with(table.get(token), loc, depth + 1, value)}
    raise LookupError


def _fitting(old: object, loc: Loc, value: object) -> object:
    """A number for a trait is its mean; a float for a whole number is one, where nothing is lost."""
    annotation = field_at(loc)[1]
    if isinstance(value, int | float) and not isinstance(value, bool) and "mean" in fields_of(annotation):
        return {**(old if isinstance(old, dict) else {}), "mean": value}
    return int(value) if isinstance(value, float) and value.is_integer() and sort_of(annotation) == "whole" else value


def _nearest_path(scenario: Scenario, loc: Loc) -> str:
    paths = [*(walked.path for walked in walk_fields(scenario)), *_fixed_paths()]
    parts = [path.rsplit(".", depth)[0] for path in paths for depth in (1, 2)]
    return nearest(dotted(loc), dict.fromkeys([*paths, *parts]))


@cache
def _fixed_paths() -> tuple[str, ...]:
    """The paths that every scenario has."""
    return tuple(walked.path for walked in walk_fields() if "*" not in walked.path)


def _choose_between_mix_and_distributions(leadership: dict[str, Any], wanted: Mapping[Loc, object]) -> None:
    """What is asked for replaces its alternative; asked for both, the scenario's own check refuses."""
    stated = {loc[1] for loc, value in wanted.items() if loc[0] == "leadership" and len(loc) > 1 and value is not None}
    if "mix" in stated:
        leadership |= {"ambition": None, "capability": None, "by_profession": {}}
        leadership["mix"] = leadership["mix"] or dict.fromkeys(STYLES, 1 / len(STYLES))
    if stated & set(DISTRIBUTIONS):
        leadership["mix"] = leadership["mix"] if "mix" in stated else None


def _rescale(data: dict[str, Any], wanted: Mapping[Loc, object]) -> list[Problem]:
    """Give the shares that are not named what is left, in proportion."""
    named = {str(loc[2]) for loc in wanted if loc[:2] == MIX and len(loc) == len(MIX) + 1}
    if named:
        mix = data["leadership"]["mix"]
        data["leadership"]["mix"] = _shared_out(mix, named)
        if data["leadership"]["mix"] is mix and _too_much(mix, named):
            words = f"{' and '.join(sorted(named))} come to {math.fsum(mix[name] for name in named):g}"
            return [Problem(dotted(MIX), None, f"{words}; they are shares of at most 1 together")]
    indices = {loc[1] for loc in wanted if loc[0] == "interfaces" and loc[2:] == ("traffic",)}
    if not indices:
        return []
    traffic: dict[str | int, Any] = {index: row["traffic"] for index, row in enumerate(data["interfaces"])}
    shares = _shared_out(traffic, indices)
    for row, share in zip(data["interfaces"], shares.values(), strict=True):
        row["traffic"] = share
    over = shares == traffic and len(indices) < len(traffic) and math.fsum(traffic[index] for index in indices) > 1
    words = "leave nothing for the other interfaces; together they are shares of at most 1"
    return [Problem(f"interfaces[{min(indices)}].traffic", None, words)] if over else []


def _too_much(mix: Mapping[str, Any], named: AbstractSet[str]) -> bool:
    """Whether some of the shares, each of which may be, come to more than there is, and the others are left as is."""
    given = [mix[name] for name in named]
    shares = all(isinstance(share, int | float) and 0 <= share <= 1 for share in given)
    return len(given) < len(mix) and shares and math.fsum(given) > 1


def _shared_out(shares: dict[K, Any], named: AbstractSet[object]) -> dict[K, Any]:
    """Shares of which the named ones stay as they are and the others fill up to one, where that is possible."""
    others = [key for key in shares if key not in named]
    given = [share for key, share in shares.items() if key in named]
    if not others or not all(isinstance(share, int | float) and share >= 0 for share in given) or math.fsum(given) > 1:
        return shares
    left, before = 1 - math.fsum(given), math.fsum(shares[key] for key in others)
    return shares | {key: left * (shares[key] / before if before else 1 / len(others)) for key in others}
