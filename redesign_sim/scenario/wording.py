"""From what the schema reports to what an author needs to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from redesign_sim.scenario.fields import AN_ID, PATTERNS, said_of
from redesign_sim.scenario.problems import Loc, Problem, dotted, shown
from redesign_sim.scenario.references import mistakes_across, nearest
from redesign_sim.scenario.schema import Scenario
from redesign_sim.scenario.walk import choices_of, core_of, field_at, fields_of, limits_of, sort_of, walk_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic.fields import FieldInfo

    Entry = Mapping[str, Any]


FEW = 12
"""Fields of a part that are named where none of them was meant."""
PER_CENT = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?) ?%")
MOST_FINDINGS = 200
"""Nobody reads more at once, and a file may hold tens of thousands."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before it has a line: where in the data it lies, and whether it is the key there that is wrong."""

    loc: Loc
    value: object
    message: str
    near: str = ""
    at_key: bool = False
    across: bool = False
    """Whether it is about what parts say of one another, each of which may be right by itself."""


def examine(data: Mapping[str, Any]) -> tuple[Scenario | None, list[Finding]]:
    """The scenario that plain data describe, or everything that is wrong with them."""
    try:
        return Scenario.model_validate(data), []
    except ValidationError as error:
        entries: list[Entry] = [entry for entry in error.errors(include_url=False) if not _follows_from_another(entry)]
    if all(entry["type"] != "across" for entry in entries):
        entries += [_as_entry(detail) for detail in mistakes_across(data)]
    findings = [_finding(entry, data) for entry in entries[:MOST_FINDINGS]]
    if more := len(entries) - len(findings):
        findings.append(Finding((), None, f"and {more:,} more problems"))
    return None, list({(finding.loc, finding.message): finding for finding in findings}.values())


def remarks(scenario: Scenario) -> list[Problem]:
    """What is allowed and yet probably not meant: whatever begins after the horizon, and so never."""
    months = {
        **{f"strategies[{index}].month": strategy.month for index, strategy in enumerate(scenario.strategies)},
        **{f"turbulence.events[{index}].month": event.month for index, event in enumerate(scenario.turbulence.events)},
        **({"network.from_month": scenario.network.from_month} if scenario.network.strength else {}),
    }
    late = f"lies after the horizon of {scenario.horizon_months} months, so it never happens"
    return [Problem(path, m, f"{m} {late}") for path, m in months.items() if m > scenario.horizon_months]


def expected(loc: Loc) -> str:
    """What may stand in a place, in words: `a number from 0 to 1 (share of a week)`."""
    info, annotation = field_at(loc)
    sort = sort_of(annotation)
    if info is None:
        return "nothing"
    if sort in {"number", "whole"}:
        return _numbers(info, annotation, "a whole number" if sort == "whole" else "a number")
    if sort == "choice":
        return f"one of {', '.join(choices_of(annotation))}"
    if sort == "words":
        return _texts(annotation, info)
    if sort == "list":
        return _lists(annotation, info)
    return "true or false" if sort == "yes or no" else _tables(annotation, loc)


def _tables(annotation: object, loc: Loc) -> str:
    """A table, or for a trait also a number."""
    fields = fields_of(annotation)
    number = f"{expected((*loc, 'mean'))} or " if "mean" in fields else ""
    return f"{number}a table with {', '.join(fields)}" if fields else "a table"


def _numbers(info: FieldInfo, annotation: object, word: str) -> str:
    low, high = limits_of(info, annotation)
    unit = said_of(info).unit
    return f"{word} from {low:g} to {high:g}{f' ({unit})' if unit != '0–1' else ''}"


def _texts(annotation: object, info: FieldInfo) -> str:
    inner = [limit for extra in get_args(annotation)[1:] for limit in getattr(extra, "metadata", ())]
    patterns = (getattr(limit, "pattern", None) for limit in inner or info.metadata)
    return next((PATTERNS[pattern] for pattern in patterns if pattern in PATTERNS), "a text")


def _lists(annotation: object, info: FieldInfo) -> str:
    kinds = get_args(core_of(annotation))
    if Ellipsis not in kinds:
        return f"a list of {len(kinds)}"
    least = next((limit.min_length for limit in info.metadata if hasattr(limit, "min_length")), 0)
    return f"a list of at least {least}" if least else "a list"


def _as_entry(detail: Mapping[str, Any]) -> Entry:
    custom = detail["type"]
    return {"type": custom.type, "loc": detail["loc"], "input": detail["input"], "ctx": custom.context}


def _follows_from_another(entry: Entry) -> bool:
    """Whether the schema says this only because of another mistake, which it reports as well."""
    if entry["type"] == "default_factory_not_called":
        return True
    return entry["type"] == "too_short" and bool(len(entry["input"]) >= entry["ctx"]["min_length"])


def _finding(entry: Entry, data: Mapping[str, Any]) -> Finding:
    """What an entry of the schema's report means for the author."""
    kind, value, context = entry["type"], entry["input"], entry.get("ctx") or {}
    missing = kind == "missing" and not isinstance(entry["loc"][-1], int)
    loc = _place_in(data, entry["loc"], missing=missing)
    if kind == "extra_forbidden":
        return _unknown_field(loc, value)
    if entry["loc"][-1] == "[key]":
        return _bad_key(loc)
    if missing:
        return _missing(loc)
    if "words" in context:
        return _spoken(loc, value, context)
    return _misfit(loc, _at(data, loc))


def _place_in(data: object, loc: Loc, *, missing: bool) -> Loc:
    """The place in the data, without the names that the schema adds for alternatives and keys."""
    place: list[str | int] = []
    for token in loc[:-1] if missing else loc:
        if _has(data, token):
            place.append(token)
            data = data[token]  # type: ignore[index]
    return (*place, loc[-1]) if missing else tuple(place)


def _has(data: object, token: str | int) -> bool:
    if isinstance(data, Mapping):
        return token in data
    return isinstance(data, list | tuple) and isinstance(token, int) and token < len(data)


def _at(data: Any, loc: Sequence[str | int]) -> object:  # noqa: ANN401  plain data of any depth
    for token in loc:
        data = data[token]
    return data


def _unknown_field(loc: Loc, value: object) -> Finding:
    _, annotation = field_at(loc[:-1])
    fields = fields_of(annotation if loc[:-1] else Scenario)
    near = nearest(loc[-1], fields) or _elsewhere(loc[-1])
    there = f"; there {'are' if len(fields) > 1 else 'is only'} {', '.join(fields)}"
    hint = there if not near and 0 < len(fields) <= FEW else ""
    if value is None and str(loc[-1]).isdigit():
        hint = "; of a number with decimals it is the point that is missing: write 0.5, not 0,5"
    return Finding(loc, value, f"not a field of {dotted(loc[:-1]) or 'a scenario'}{hint}", near, at_key=True)


def _elsewhere(name: str | int) -> str:
    """The path of a field of this name in another part of a scenario."""
    return _last_names().get(str(name), "")


@cache
def _last_names() -> dict[str, str]:
    """The first path of each field's name."""
    paths = [walked.path for walked in walk_fields()]
    return {path.rsplit(".", 1)[-1]: path for path in reversed(paths) if "." in path}


def _bad_key(loc: Loc) -> Finding:
    """A key that its table does not allow."""
    info, _ = field_at(loc[:-1])
    choices = choices_of(get_args(core_of(info.annotation))[0]) if info else ()
    wanted = f"one of {', '.join(choices)}" if choices else PATTERNS[AN_ID]
    return Finding(
        loc, loc[-1], f"{shown(loc[-1])} stands where {wanted} is expected", nearest(loc[-1], choices), at_key=True
    )


def _missing(loc: Loc) -> Finding:
    info, _ = field_at(loc)
    meaning = said_of(info).meaning if info else ""
    return Finding(loc, None, f"is missing; {expected(loc)} is expected: {meaning}")


def _spoken(loc: Loc, value: object, context: Entry) -> Finding:
    """What a check of our own found; lists and tables are not repeated."""
    short = value is None or isinstance(value, str | int | float)
    words = f"{shown(value)} {context['words']}" if short else str(context["words"])
    return Finding(
        loc, value, words, str(context["near"]), at_key=bool(context["at_key"]), across=bool(context.get("across"))
    )


def _misfit(loc: Loc, value: object) -> Finding:
    """A value of the wrong sort or out of range."""
    hint, near = _hint(loc, value)
    return Finding(loc, value, f"{shown(value)} stands where {expected(loc)} is expected{hint}", near)


def _hint(loc: Loc, value: object) -> tuple[str, str]:
    """What to do about it, and what was probably meant."""
    _, annotation = field_at(loc)
    first, _, others = value.strip().partition(" ") if isinstance(value, str) else ("", "", "")
    if others and first in fields_of(annotation):
        return f'; a colon is missing after "{first}"', ""
    hint, near = slip(value, sort_of(annotation))
    meant = ("off", "on")[value] if isinstance(value, bool) else value
    return hint, near or nearest(meant, choices_of(annotation))


def slip(value: object, sort: str) -> tuple[str, str]:
    """What is often written where something of a sort is expected: what to do about it, and what was meant."""
    if sort in {"number", "whole"} and isinstance(value, str) and re.fullmatch(r"[-+]?\d+([.,]\d+)?", value):
        return ("", value.replace(",", ".")) if "," in value else (", without quotes", "")
    if sort == "number" and isinstance(value, str) and (per_cent := PER_CENT.fullmatch(value)):
        return "", f"{float(per_cent[1].replace(',', '.')) / 100:g}"
    if sort == "whole" and isinstance(value, float) and value.is_integer():
        return "", f"{value:.0f}"
    if sort == "yes or no" and isinstance(value, str):
        return "", {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(value.lower(), "")
    if sort == "words" and isinstance(value, int | float) and not isinstance(value, bool):
        return ", in quotes", ""
    return "", ""
