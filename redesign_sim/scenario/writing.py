"""A scenario as a YAML file that reads back as the same scenario."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from redesign_sim.scenario.fields import said_of
from redesign_sim.scenario.walk import field_at, fields_of, sort_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from redesign_sim.scenario.problems import Loc
    from redesign_sim.scenario.schema import Scenario

PLAIN = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")
NOT_WORDS = {"true", "false", "null"}
COMMENT_COLUMN = 40


def dump_yaml(scenario: Scenario) -> str:
    """A scenario written out whole, with what each number means beside it; `load_scenario` reads back an equal one."""
    return "\n".join(_table(scenario.model_dump(), (), 0)) + "\n"


def _table(table: dict[str, Any], loc: Loc, depth: int) -> Iterator[str]:
    for key, value in table.items():
        inner = (*loc, key)
        name = f"{'  ' * depth}{_scalar(key)}:"
        if isinstance(value, dict) and value and _fits_a_line(inner):
            yield f"{name} {_line(value, inner)}"
        elif isinstance(value, dict) and value:
            yield name
            yield from _table(value, inner, depth + 1)
        elif isinstance(value, tuple) and any(isinstance(row, dict) for row in value):
            yield name
            yield from _rows(value, inner, depth + 1)
        else:
            yield _commented(f"{name} {_scalar(value)}", inner, value)


def _rows(rows: tuple[Any, ...], loc: Loc, depth: int) -> Iterator[str]:
    for index, row in enumerate(rows):
        inner = (*loc, index)
        first, *rest = [_line(row, inner)] if _fits_a_line(inner) else _table(row, inner, depth + 1)
        yield f"{'  ' * depth}- {first.strip()}"
        yield from rest


def _fits_a_line(loc: Loc) -> bool:
    """Organisations, interfaces, journeys and events stand in lists or tables of their kind and hold no tables."""
    annotations = [info.annotation for info in fields_of(field_at(loc)[1]).values()]
    listed = not fields_of(field_at(loc[:-1])[1]) and len(loc) > 1
    return listed and not any(sort_of(annotation) == "table" for annotation in annotations)


def _line(row: dict[str, Any], loc: Loc) -> str:
    """A row on one line, without what it has by default."""
    fields = fields_of(field_at(loc)[1])
    told = {key: value for key, value in row.items() if value != _usual(fields[key], row)}
    return f"{{{', '.join(f'{key}: {_scalar(value)}' for key, value in told.items())}}}"


def _usual(info: FieldInfo, row: dict[str, Any]) -> object:
    return info.get_default(call_default_factory=True, validated_data=row)


def _commented(line: str, loc: Loc, value: object) -> str:
    info, _ = field_at(loc)
    if info is None or isinstance(value, str | tuple | dict):
        return line
    said = said_of(info)
    unit = f" ({said.unit})" if said.unit else ""
    return f"{line.ljust(COMMENT_COLUMN)}  # {said.meaning}{unit}"


def _scalar(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_scalar, value))}]"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, str) and PLAIN.fullmatch(value) and value not in NOT_WORDS:
        return value
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """Text in double quotes, with every sign escaped that YAML does not take as it is."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
