"""One walk over every field of a scenario; forms, documents, samples and messages are derived from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from redesign_sim.rulekit import Quantity
from redesign_sim.scenario.fields import Central, Fact, Part, said_of
from redesign_sim.scenario.problems import Loc, dotted
from redesign_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

Sort = Literal["number", "whole", "yes or no", "choice", "words", "list", "table"]
SORTS: dict[object, Sort] = {
    float: "number",
    int: "whole",
    bool: "yes or no",
    str: "words",
    Literal: "choice",
    tuple: "list",
}


@dataclass(frozen=True, slots=True)
class Walked:
    """A field of a scenario: where it stands and all that it says of itself.

    `low` and `high` are the values allowed, None where there is no such limit; `sweep` is the range over which it may
    sensibly be varied; `default` is None where the field has to be stated or may be left open; `value` is that of the
    scenario walked, None where none was given.
    """

    path: str
    title: str
    unit: str
    meaning: str
    sort: Sort
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    default: object
    value: object
    sweep: tuple[float, float] | None
    source: str
    confidence: str


def walk_fields(scenario: Scenario | None = None) -> Iterator[Walked]:
    """Walk every field that holds a value.

    Without a scenario each list and table appears once, its index or key written `*` (`strategies.*.month`); with one,
    every entry appears with its own path, which `override` accepts, and its value.
    """
    yield from _walk_part(Scenario, scenario, None, ())


def walk_quantities(scenario: Scenario | None = None) -> Iterator[Walked]:
    """Walk every number that can be swept, behavioural parameters included; paths as in `walk_fields`."""
    return (walked for walked in walk_fields(scenario) if walked.sweep is not None)


def field_at(loc: Loc) -> tuple[FieldInfo | None, object]:
    """The field in which a place lies, and what that place holds: None and None where there is no such place."""
    found: FieldInfo | None = None
    annotation: object = Scenario
    for token in loc:
        fields = fields_of(annotation)
        if fields and token not in fields:
            return None, None
        found = fields[str(token)] if fields else found
        annotation = found.annotation if fields and found else entry_of(annotation)
        if annotation is None:
            return None, None
    return found, annotation


def fields_of(annotation: object) -> Mapping[str, FieldInfo]:
    """The fields of a part of a scenario, none where the annotation is no part."""
    kind = core_of(annotation)
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, Part) else {}


def entry_of(annotation: object) -> object:
    """What the entries of a list or a table are, None where the annotation is neither."""
    kind = core_of(annotation)
    return get_args(kind)[-1 if get_origin(kind) is Mapping else 0] if get_origin(kind) in {tuple, Mapping} else None


def core_of(annotation: object) -> Any:  # noqa: ANN401  annotations have no common type
    """What a field holds where it holds something; of alternatives the first."""
    if get_origin(annotation) is Annotated:
        return core_of(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return core_of(get_args(annotation)[0])
    return annotation


def sort_of(annotation: object) -> Sort:
    """What sort of value a field holds."""
    kind = core_of(annotation)
    return SORTS.get(get_origin(kind) or kind, "table")


def choices_of(annotation: object) -> tuple[str, ...]:
    """The words among which a field chooses, none where it is no choice."""
    kind = core_of(annotation)
    return get_args(kind) if get_origin(kind) is Literal else ()


def limits_of(info: FieldInfo, annotation: object) -> tuple[float | None, float | None]:
    """The lowest and the highest number allowed in a field, or in each entry of it."""
    limits = info.metadata
    if get_origin(annotation) is Annotated:
        limits = [limit for inner in get_args(annotation)[1:] for limit in getattr(inner, "metadata", ())]
    low = next((limit.ge for limit in limits if hasattr(limit, "ge")), None)
    return low, next((limit.le for limit in limits if hasattr(limit, "le")), None)


def default_of(info: FieldInfo) -> object:
    """The default of a field: a provider's where commissioners have another, None where it has to be stated."""
    return None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})


def _walk_part(kind: object, part: object, default: object, loc: Loc) -> Iterator[Walked]:
    """Walk a part (None: of no scenario) whose fields default to those of `default` where that is a part too."""
    for name, info in fields_of(kind).items():
        usual = getattr(default, name) if isinstance(default, Part) else default_of(info)
        if part is None:
            yield from _walk_value(info, info.annotation, None, usual, (*loc, name))
        elif getattr(part, name) is not None or not fields_of(info.annotation):
            yield from _walk_value(info, info.annotation, getattr(part, name), usual, (*loc, name), open_ended=False)


def _walk_value(
    info: FieldInfo, annotation: object, value: object, default: object, loc: Loc, *, open_ended: bool = True
) -> Iterator[Walked]:
    entry = entry_of(annotation)
    if fields_of(annotation):
        yield from _walk_part(core_of(annotation), value, default, loc)
    elif entry is None or not (fields_of(entry) or sort_of(entry) == "number"):
        yield _walked(info, annotation, value, default, loc)
    else:
        for token, inner in [("*", None)] if open_ended else _entries(value):
            yield from _walk_value(info, entry, inner, None, (*loc, token), open_ended=open_ended)


def _entries(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, tuple) else ()


def _walked(info: FieldInfo, annotation: object, value: object, default: object, loc: Loc) -> Walked:
    said = said_of(info)
    whole = _trait(loc)
    low, high = limits_of(info, annotation)
    return Walked(
        path=dotted(loc),
        title=f"{whole.title}: {said.title.lower()}" if whole else said.title,
        unit=said.unit,
        meaning=f"{whole.meaning}; {said.meaning}" if whole else said.meaning,
        sort=sort_of(annotation),
        low=low,
        high=high,
        choices=choices_of(annotation),
        default=default,
        value=value,
        sweep=said.sweep if isinstance(said, Quantity) else None,
        source=said.source if isinstance(said, Quantity) else "",
        confidence=said.confidence if isinstance(said, Quantity) else "",
    )


def _trait(loc: Loc) -> Quantity | Fact | None:
    """The trait of which a place is the mean or the spread, None where it is no such thing."""
    info, annotation = field_at(loc[:-1])
    kind = core_of(annotation)
    return said_of(info) if info and isinstance(kind, type) and issubclass(kind, Central) else None
