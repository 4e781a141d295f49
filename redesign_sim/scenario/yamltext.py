"""YAML text as a tree in which every key and every value knows its line and column.

YAML 1.2 with its core schema: `no` and `off` are words. What a scenario has no use for is refused: anchors and aliases
(they can grow without bound), tags other than the core ones, directives, several documents, duplicate keys.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from redesign_sim.scenario.problems import Problem, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

Scalar = str | int | float | bool | None

DEEPEST = 30
MOST_VALUES = 50_000
"""Far more than any scenario needs (a thousand people take about 1,300), and few enough to be read in seconds."""
LONGEST_WHOLE = 40
"""Digits; a longer whole number is read as a float, and then refused as out of any range."""
CORE = "tag:yaml.org,2002:"
CORE_SCHEMA: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("null", re.compile(r"null|Null|NULL|~|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?[0-9]+|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,16}")),
    ("float", re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")),
)
PLAINER = (
    (r"\\t.*cannot start any token", "a tab cannot indent YAML; use spaces"),
    (r"cannot start any token", "this sign cannot begin a value; put the text in quotes"),
    (r"mapping values are not allowed", 'a ": " is not expected here; put the text in quotes, or mend the indentation'),
    (r"could not find expected ':'", "a colon is missing after this name"),
    (r"expected <block end>", "the indentation does not fit the lines above"),
    (r"expected ',' or '\]'", 'a "]" or a comma is missing'),
    (r"expected ',' or '\}'", 'a "}" or a comma is missing'),
    (r"expected the node content", "a value is missing here"),
    (
        r"sequence entries are not allowed",
        "a list cannot begin here; put it on lines of its own, or the text in quotes",
    ),
    (r"expected '<document start>'", "this does not go on from the lines above; mend the indentation, or take it out"),
    (r"unexpected end of stream", "a quotation mark is not closed"),
)
"""The parser's sayings that people meet, in plainer words."""
LEFT_OPEN = ("expected ':'", "expected ','", "end of stream")
"""Where one of these is said, the mistake lies where the thing began, not where its end was missed."""


@dataclass(frozen=True)
class Source:
    """A text and the name under which it is reported."""

    name: str
    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", self.text))]

    def locate(self, index: int) -> tuple[int, int]:
        """Line and column of a character, both counted from 1."""
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line."""
        end = self.starts[number] if number < len(self.starts) else None
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Place:
    """A character of a source."""

    source: Source
    index: int

    def problem(self, path: str, value: object, message: str, near: str = "") -> Problem:
        """A problem that lies here."""
        line, column = self.source.locate(self.index)
        return Problem(path, value, message, near, self.source.name, line, column, self.source.line(line))


@dataclass(frozen=True, slots=True)
class Node:
    """A value, or a table or list of nodes; where it stands, and where its key stands."""

    content: Scalar | dict[str, Node] | list[Node]
    place: Place
    key_place: Place | None = None

    @property
    def named_at(self) -> Place:
        """Where a reader looks for it: at the value itself, for tables and lists at the key."""
        return self.key_place if self.key_place and isinstance(self.content, dict | list) else self.place


@dataclass
class Tree:
    """What was read: the root where there is one, and all that was wrong on the way."""

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)


class _Refusal(Exception):  # noqa: N818  it ends the reading of one text and never leaves this module
    """The text cannot be read any further."""


def read_tree(source: Source) -> Tree:
    """Read a text; whatever it holds, the outcome is a tree, a list of problems, or both."""
    tree = Tree()
    try:
        reader = _Reader(source, tree.problems)
        tree.root = reader.document()
    except _Refusal:
        tree.root = None
    except ReaderError as error:
        words = f"the character U+{ord(source.text[error.position]):04X} is not allowed in YAML"
        tree.problems.append(Place(source, error.position).problem("", None, words))
    except MarkedYAMLError as error:
        tree.problems.append(_syntax(source, error))
    except Exception as error:  # noqa: BLE001  the parser has raised IndexError, ValueError and others on broken text
        tree.problems.append(Place(source, 0).problem("", None, f"cannot be read as YAML ({type(error).__name__})"))
    return tree


def _syntax(source: Source, error: MarkedYAMLError) -> Problem:
    said = f"{error.problem or error.context or 'cannot be read as YAML'}"
    words = next((plain for pattern, plain in PLAINER if re.search(pattern, said)), said)
    begun = error.context_mark if any(word in said for word in LEFT_OPEN) else None
    mark = begun or error.problem_mark or error.context_mark
    return Place(source, min(mark.index, len(source.text)) if mark else 0).problem("", None, words)


class _Reader:
    """Builds the tree from the parser's events, so that nothing is expanded or constructed on the way."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.values = 0
        self.events: Iterator[Any] = YAML(typ="safe", pure=True).parse(source.text)

    def document(self) -> Node | None:
        """The one document of the text."""
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                self.refuse_directives(event)
            elif isinstance(event, NodeEvent) and root is None:
                root = self.node(event, (), None)
            elif isinstance(event, NodeEvent):
                raise self.refusal(event, "a file holds one scenario; a second one begins here")
        return root

    def refuse_directives(self, event: DocumentStartEvent) -> None:
        if event.version or event.tags:
            line = re.search(r"^%", self.source.text, re.MULTILINE)
            place = Place(self.source, line.start() if line else 0)
            self.problems.append(place.problem("", None, "directives are not used in scenarios; take this line out"))
            raise _Refusal

    def node(self, event: NodeEvent, path: tuple[str | int, ...], key: Place | None) -> Node:
        """The node that begins with this event."""
        if isinstance(event, AliasEvent) or event.anchor:
            raise self.refusal(
                event, "anchors and aliases are not used in scenarios; write the value out, or use extends"
            )
        if len(path) >= DEEPEST:
            raise self.refusal(event, f"is nested more than {DEEPEST} levels deep")
        self.values += 1
        if self.values > MOST_VALUES:
            raise self.refusal(event, f"holds more than {MOST_VALUES:,} values")
        place = Place(self.source, event.start_mark.index)
        if isinstance(event, ScalarEvent):
            nothing = not event.value and event.style is None
            return Node(self.scalar(event), key if nothing and key else place, key)
        if isinstance(event, SequenceStartEvent):
            return Node(self.sequence(event, path), place, key)
        return Node(self.mapping(cast("MappingStartEvent", event), path), place, key)

    def sequence(self, start: SequenceStartEvent, path: tuple[str | int, ...]) -> list[Node]:
        self.check_tag(start, "seq")
        rows: list[Node] = []
        while isinstance(event := next(self.events), NodeEvent):
            rows.append(self.node(event, (*path, len(rows)), None))
        return rows

    def mapping(self, start: MappingStartEvent, path: tuple[str | int, ...]) -> dict[str, Node]:
        self.check_tag(start, "map")
        entries: dict[str, Node] = {}
        while isinstance(event := next(self.events), NodeEvent):
            if not isinstance(event, ScalarEvent):
                raise self.refusal(event, "a name is expected here, not a list or a table")
            self.check_characters(event)
            key = Place(self.source, event.start_mark.index)
            name = str(event.value)
            entry = self.node(next(self.events), (*path, name), key)
            if name in entries:
                self.refuse_twice(name, key, entries[name], path)
            entries.setdefault(name, entry)
        return entries

    def refuse_twice(self, name: str, key: Place, first: Node, path: tuple[str | int, ...]) -> None:
        line = first.key_place.source.locate(first.key_place.index)[0] if first.key_place else 0
        self.problems.append(key.problem(dotted((*path, name)), name, f"stands twice; first in line {line}"))

    def scalar(self, event: ScalarEvent) -> Scalar:
        """The value of a scalar by the core schema."""
        self.check_characters(event)
        tag = event.tag
        if tag is None and not event.implicit[0]:
            return str(event.value)
        if tag in {"!", f"{CORE}str"}:
            return str(event.value)
        found = next((kind for kind, pattern in CORE_SCHEMA if pattern.fullmatch(event.value)), "str")
        if tag is not None:
            self.check_tag(event, found)
        return _constructed(found, str(event.value))

    def check_characters(self, event: ScalarEvent) -> None:
        """Refuse half of a pair of surrogates, which an escape can write and no text can hold."""
        if any("\ud800" <= sign <= "\udfff" for sign in event.value):
            raise self.refusal(event, "holds half of a character; write the character itself")

    def check_tag(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent, kind: str) -> None:
        if event.tag not in {None, "!", f"{CORE}{kind}"}:
            raise self.refusal(
                event, f"the tag {str(event.tag).replace(CORE, '!!')} is not used in scenarios; take it out"
            )

    def refusal(self, event: Event, words: str) -> _Refusal:
        """Note what is wrong here, so that reading can end."""
        self.problems.append(Place(self.source, event.start_mark.index).problem("", None, words))
        return _Refusal()


def _constructed(kind: str, text: str) -> Scalar:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and len(text) <= LONGEST_WHOLE:
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if kind in {"int", "float"}:
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
