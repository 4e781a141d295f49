"""From what the schema of a study reports to what its author needs to read: where, and what may stand there."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from pydantic.fields import FieldInfo

from redesign_sim.scenario.fields import PATTERNS, Part, said_of
from redesign_sim.scenario.problems import Loc, Problem, dotted, shown
from redesign_sim.scenario.references import nearest
from redesign_sim.scenario.walk import walk_quantities
from redesign_sim.scenario.wording import slip
from redesign_sim.study.factors import DISTRIBUTIONS, AnyMix, Levels, Range
from redesign_sim.study.schema import Study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

    from redesign_sim.scenario.yamltext import Node

SORT_AT = {"levers": 2, "uncertainties": 2, "design": 1, "sample": 1, "replications": 1}
"""Where the schema names the sort that it took something for, which no file states."""
FACTORS: dict[str, tuple[str, type[Part]]] = {
    "levels": ("a list of levels", Levels),
    "range": ("a range", Range),
    "mixture": ("any mix", AnyMix),
    **{name: (f"the {name} distribution", kind) for name, kind in DISTRIBUTIONS.items()},
}
A_TABLE = "a table, with a name: value a line,"
EXPECTED = {
    "dict_type": A_TABLE,
    "mapping_type": A_TABLE,
    "model_type": "a table, as {{kind: {example}}},",
    "model_attributes_type": "a table, as {{kind: {example}}},",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number that is not infinite",
    "string_type": "a text",
    "bool_type": "true or false",
    "greater_than_equal": "a number of at least {ge:,}",
    "greater_than": "a number above {gt:,}",
    "less_than_equal": "a number of at most {le:,}",
    "less_than": "a number below {lt:,}",
}
"""What is expected where the schema reports one of these."""
LIMITS = ("ge", "gt", "le", "lt")
NUMBERS = {"int_type": "whole", "float_type": "number"}
EXAMPLES = {"design": "factorial", "sample": "latin_hypercube", "replications": "ocba"}


def problems_of(error: ValidationError, root: Node) -> list[Problem]:
    """What the schema reports of a study, each where the author will find it, in the order of the file."""
    entries = [dict(entry) for entry in error.errors(include_url=False)]
    problems = [_problem(entry, root) for entry in entries if not _follows_from_another(entry)]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def content(node: Node) -> Any:  # noqa: ANN401  plain data of any depth
    """A tree as plain data."""
    if isinstance(node.content, dict):
        return {name: content(entry) for name, entry in node.content.items()}
    return [content(entry) for entry in node.content] if isinstance(node.content, list) else node.content


def true_place(loc: Loc, root: Node) -> tuple[Loc, Node]:
    """As much of a place as is in the file, and what stands there."""
    place: list[str | int] = []
    node = root
    for token in loc:
        entries = node.content
        if isinstance(entries, dict) and token in entries:
            node = entries[str(token)]
        elif isinstance(entries, list) and isinstance(token, int) and token < len(entries):
            node = entries[token]
        else:
            break
        place.append(token)
    return tuple(place), node


def located(loc: Loc, root: Node, words: str, *, near: str = "", at_key: bool = False) -> Problem:
    """Words about what stands in a place, or about its name; they follow it, unless it is a list or a table."""
    place, node = true_place(loc, root)
    about = loc[-1] if at_key else content(node)
    told = words if isinstance(about, dict | list) else f"{shown(about)} {words}"
    stands = (node.key_place if at_key else None) or node.named_at
    return stands.problem(dotted(loc if at_key else place), about, told, near)


def _follows_from_another(entry: Mapping[str, Any]) -> bool:
    """Whether a list is called too short only because what stands in it is wrong, which is told as well."""
    return entry["type"] == "too_short" and bool(len(entry["input"]) >= entry["ctx"]["min_length"])


def _problem(entry: Mapping[str, Any], root: Node) -> Problem:
    """What the schema reports, where it stands."""
    kind, context, loc = entry["type"], entry.get("ctx") or {}, _stated(entry["loc"])
    if kind == "extra_forbidden":
        return _unknown_field(entry["loc"], root)
    if kind == "missing" and isinstance(loc[-1], str):
        return _missing(entry["loc"], root)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _no_such_kind(loc, root)
    if "words" in context:
        near = context["near"] or (nearest(loc[-1], _sweepable()) if kind == "sweep" else "")
        return located((*loc, *context["at"]), root, context["words"], near=near, at_key=context["at_key"])
    return _misfit(entry, loc, root)


@cache
def _sweepable() -> tuple[str, ...]:
    """The paths of numbers with a published range."""
    return tuple(walked.path for walked in walk_quantities())


def _stated(loc: Loc) -> Loc:
    """A place as the file has it, without the sort that the schema names."""
    at = SORT_AT.get(str(loc[0])) if loc else None
    return (*loc[:at], *loc[at + 1 :]) if at is not None else loc


def _unknown_field(given: Loc, root: Node) -> Problem:
    """A field that is none, with the one that was probably meant, or all that there are."""
    loc = _stated(given)
    place, node = true_place(loc, root)
    what, part = _part(given)
    near = nearest(loc[-1], part.model_fields)
    there = f"; there {'are' if len(part.model_fields) > 1 else 'is only'} {', '.join(part.model_fields)}"
    words = f"not a field of {what}{'' if near else there}"
    return (node.key_place or node.place).problem(dotted(place), content(node), words, near)


def _missing(given: Loc, root: Node) -> Problem:
    """A field that has to be stated, and what it is about."""
    loc, (_, part) = _stated(given), _part(given)
    _, node = true_place(loc[:-1], root)
    field = part.model_fields.get(str(loc[-1]))
    meant = f" ({said_of(field).title}: {said_of(field).meaning})" if field else ""
    return node.named_at.problem(dotted(loc), None, f"is missing{meant}")


def _part(given: Loc) -> tuple[str, type[Part]]:
    """Whose field it is, in words, and that part."""
    at = SORT_AT.get(str(given[0]))
    if at is None or len(given) <= at + 1:
        return "a study", Study
    field, sort = str(given[0]), str(given[at])
    if sort in FACTORS:
        return FACTORS[sort]
    what = "replications" if field == "replications" else f"a {field}"
    return f"{what} of kind {sort}", _kinds_at(field)[sort]


def _no_such_kind(loc: Loc, root: Node) -> Problem:
    """Nothing, or something unknown, stands where a kind is expected."""
    place, node = true_place(loc, root)
    kinds = _kinds_at(str(loc[0]))
    allowed = "; there are " + ", ".join(kinds)
    named = node.content.get("kind") if isinstance(node.content, dict) else None
    if named is None:
        return node.named_at.problem(dotted(place), None, f"says no kind{allowed}")
    given = content(named)
    words = f"there is no kind {shown(given)}{allowed}"
    return named.named_at.problem(f"{dotted(place)}.kind", given, words, nearest(str(given).lower(), kinds))


def _kinds_at(field: str) -> dict[str, type[Part]]:
    """The parts among which a field of a study chooses, by kind."""
    return {part.model_fields["kind"].annotation.__args__[0]: part for part in _parts_of(Study.model_fields[field])}  # type: ignore[union-attr]


def _parts_of(annotation: Any) -> list[type[Part]]:  # noqa: ANN401  annotations have no common type
    """Every part that an annotation allows."""
    inner = annotation.annotation if isinstance(annotation, FieldInfo) else annotation
    if isinstance(inner, type):
        return [inner] if issubclass(inner, Part) else []
    return [part for argument in get_args(inner) for part in _parts_of(argument)]


def _misfit(entry: Mapping[str, Any], loc: Loc, root: Node) -> Problem:
    """Something stands where something else is expected."""
    if not loc:
        return root.place.problem("", None, "is no table of fields; a study has one `field: value` a line")
    kind, context, at_key = str(entry["type"]), entry.get("ctx") or {}, entry["loc"][-1] == "[key]"
    if kind in {"too_short", "too_long"}:
        return located(loc, root, _wrong_number(context))
    value = loc[-1] if at_key else content(true_place(loc, root)[1])
    wanted = _wanted(entry, loc, value)
    hint, near = slip(value, NUMBERS.get(kind, "words" if kind == "string_type" else ""))
    near = near or nearest(str(value).lower(), _choices(context))
    thing = f"{shown(value)} " if isinstance(value, dict | list) else ""
    return located(loc, root, f"{thing}stands where {wanted} is expected{hint}", near=near, at_key=at_key)


def _wanted(entry: Mapping[str, Any], loc: Loc, value: object) -> str:
    """What may stand in a place."""
    kind, context = entry["type"], entry.get("ctx") or {}
    if choices := _choices(context):
        return f"one of {', '.join(choices)}" if len(choices) > 1 else choices[0]
    if kind in {"tuple_type", "list_type"}:
        return f"a list, as [{value}]," if isinstance(value, str | int | float) else "a list, as [a, b],"
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], "a dotted path, such as users.voice,")
    limits = {name: int(limit) if limit == int(limit) else limit for name, limit in context.items() if name in LIMITS}
    if kind not in EXPECTED:
        return str(entry["msg"])
    return EXPECTED[kind].format(**limits, example=_example(str(loc[0]), value))


def _choices(context: Mapping[str, Any]) -> list[str]:
    """The words among which the schema chooses, where it does."""
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


def _example(field: str, value: object) -> str:
    """A kind that may stand in a field: the one that was written without saying so, or a plain one."""
    usual = EXAMPLES.get(field, "factorial")
    return value if field in EXAMPLES and isinstance(value, str) and value in _kinds_at(field) else usual


def _wrong_number(context: Mapping[str, Any]) -> str:
    """A list of another length than may be."""
    least, most = context.get("min_length"), context.get("max_length")
    number = f"at least {least}" if least else f"at most {most}"
    return f"holds {context['actual_length'] or 'nothing'}; {number} {'is' if 1 in (least, most) else 'are'} needed"
