"""Numbers, settings and outcomes as one says them."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from redesign_sim.scenario import walk_quantities
from redesign_sim.study.analysis.summary import mix_words
from redesign_sim.study.interest import is_share
from redesign_sim.study.mixes import TYPE_WORDS, TYPES
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from redesign_sim.scenario.walk import Walked
    from redesign_sim.study.factors import Factor

Row: TypeAlias = Mapping[Any, Any]
"""A row of a table, by the names of its columns."""

MIX, DUMMY = "leadership.mix", "dummy"
LONG_MIX = re.compile(r"(\d+ % [a-z -]+?)(?:, \d+ % [a-z -]+?)+(?= to |$)")
WITH_PARENT = (
    "trust.",
    "elements.",
    "sponsors.",
    "practices.",
    "organisations.members.",
    "leadership.focal.",
    "strategies",
)
"""Paths whose last part has a name that says little without the part before it."""


def number(value: object, digits: int = 3) -> str:
    """A number with as many significant digits as matter; a dash where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, float) and math.isinf(value):
        return "unknown"
    return f"{value:,.{digits}g}".replace("-", "−") if isinstance(value, float) else f"{value:,}"


def fixed(value: object, decimals: int = 3) -> str:
    """A number with so many decimals, for columns that are read downwards."""
    known = float(value)  # type: ignore[arg-type]
    return number(known) if not math.isfinite(known) else f"{known:,.{decimals}f}".replace("-", "−")


def per_cent(value: object, decimals: int = 0) -> str:
    """A share in per cent."""
    share = float(value)  # type: ignore[arg-type]
    return number(share) if not math.isfinite(share) else f"{100 * share:.{decimals}f} %"


def span(low: object, high: object, *, share: bool = False) -> str:
    """Two limits in words."""
    if share:
        return f"{per_cent(low).removesuffix(' %')} to {per_cent(high)}"
    return f"{fixed(low)} to {fixed(high)}"


def estimate(row: Row, outcome: str) -> str:
    """An outcome's estimate with its interval."""
    ends = row[f"{outcome}_low"], row[f"{outcome}_high"]
    if is_share(outcome):
        return f"{per_cent(row[outcome])} ({span(*ends, share=True)})"
    return f"{number(row[outcome])} ({number(ends[0])} to {number(ends[1])})"


def outcome_words(outcome: str) -> str:
    """An outcome's title; shares as what they are shares of."""
    special = {"integrated": "Futures that integrate", "integration_index": "Integration index"}
    return special.get(outcome) or (MEASURES[outcome].title if outcome in MEASURES else outcome)


def count(size: int, one: str, many: str = "") -> str:
    """A number of things."""
    return f"{size:,} {one if size == 1 else many or f'{one}s'}"


def listed(names: list[str]) -> str:
    """Names in a row, the last after `and`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def option_words(row: Row) -> str:
    """What an option is: its mix, its other settings, or both."""
    mix = mix_words(_series(row)) if TYPES[0] in row else ""
    return " with ".join(filter(None, (mix, settings_words(str(row.get("settings", ""))))))


def _series(row: Row) -> pd.Series[Any]:
    """A row as what the study layer words."""
    import pandas as pd  # noqa: PLC0415  only here

    return pd.Series(dict(row))


def settings_words(settings: str) -> str:
    """Settings (`path=value, path=value`) with the titles of their paths."""
    parts = re.split(r", (?=[a-z_]+[.\[])", settings)
    return ", ".join(_setting(part) for part in parts) if "=" in settings else settings


def _setting(part: str) -> str:
    path, _, value = part.partition("=")
    return f"{factor_words(path)} {value}" if value else part


def brief(change: str) -> str:
    """A change of level with long mixes cut to their largest part."""
    return LONG_MIX.sub(lambda mix: f"{mix[1]} …", change)


def factor_words(path: str) -> str:
    """A factor by the title of its quantity, and of what it belongs to where the title alone says little."""
    special = {MIX: "Mix of leadership types", DUMMY: "Dummy (nothing reads it)"}
    if path in special or path in TYPE_WORDS:
        return special.get(path) or f"Share of {TYPE_WORDS[path]}"
    if path.startswith("mechanisms."):
        return f"Rule {path.removeprefix('mechanisms.')}"
    found = quantity(path)
    if found is None:
        return path
    parent = path.split(".")[-2] if "." in path and path.startswith(WITH_PARENT) else ""
    if not parent or found.title.startswith("Strategy"):
        return found.title
    said = "Strategy" if parent.startswith("strategies") else parent.replace("_", " ").capitalize()
    return f"{said}: {found.title[0].lower()}{found.title[1:]}"


@cache
def quantity(path: str) -> Walked | None:
    """What a path leads to, if that is a number."""
    stated = re.split(r"[.\[\]]+", path)
    return next((each for each in walk_quantities() if _fits(stated, each.path.split("."))), None)


def _fits(stated: list[str], pattern: list[str]) -> bool:
    return len(stated) == len(pattern) and all(two in {one, "*"} for one, two in zip(stated, pattern, strict=True))


def range_words(factor: Factor) -> str:
    """What a factor may be set to."""
    stated = factor.model_dump(exclude_none=True, exclude_defaults=True)
    if "levels" in stated:
        return ", ".join(_level(level) for level in stated["levels"])
    if "mixture" in stated:
        return "any mix of the four types"
    ends = (
        f"{number(float(stated['low']))} to {number(float(stated['high']))}" if {"low", "high"} <= set(stated) else ""
    )
    rest = [
        f"{name} {_level(value)}" for name, value in stated.items() if name not in {"low", "high", "steps", "whole"}
    ]
    steps = [f"in {stated['steps']} steps"] if "steps" in stated else []
    return ", ".join(filter(None, [ends, *steps, *rest]))


def _level(level: object) -> str:
    if isinstance(level, bool):
        return "yes" if level else "no"
    return number(level) if isinstance(level, float) else str(level)


def kind_words(part: object) -> str:
    """What a design or a rule of replication says of itself, and how it was set."""
    said = (inspect.getdoc(type(part)) or "").split("\n\n")[0].replace("\n", " ").replace("`", "")
    stated = part.model_dump(exclude_none=True).items()  # type: ignore[attr-defined]
    given = ", ".join(f"{name.replace('_', ' ')} {_level(value)}" for name, value in stated if name != "kind")
    return f"{said.removesuffix('.')} ({given})." if given else said
