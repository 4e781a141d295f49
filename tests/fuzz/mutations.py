"""Files that people, editors and accidents might make of a good one: mutated in bytes, in tokens and in structure."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from redesign_sim.scenario.yamltext import Source, read_tree
from redesign_sim.study.wording import content

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

NASTY = (
    "*a",
    "&a [*a, *a]",
    "&x 1",
    "<<: *b",
    "<<: {a: 1}",
    "!!python/object/apply:os.system [x]",
    "!!binary aGk=",
    "!x 1",
    "!!timestamp 2001-01-01",
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "12:30:45",
    ".nan",
    ".inf",
    "-.inf",
    "1e999",
    "-1e999",
    "9" * 400,
    "0x" + "f" * 30,
    "0o777",
    "1_000",
    "0,5",
    "5 %",
    "½",
    "١٢",
    "1e-400",
    "-0",
    "+.5",
    ".",
    "-",
    "?",
    "null",
    "~",
    "yes",
    "No",
    "on",
    "True",
    "''",
    '""',
    '"\\uD800"',
    '"\\x00"',
    "'unclosed",
    '"unclosed',
    "[",
    "{",
    "]",
    "}",
    "[[[[[[[[[[",
    "{a: {a: {a: {a: {a: {}}}}}}",
    "|\n  text",
    ">-\n text",
    "|9\n x",
    "---",
    "...",
    "--- x",
    "%YAML 1.1",
    "%TAG ! x",
    "# c",
    "\ufeff",
    "\u2028",
    "\x85",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "😀",
    "é",
    "\t",
    "  ",
    "\r",
    "\r\n",
    "\n\n",
    ": ",
    " #",
    "- ",
    "[" * 60 + "]" * 60,
    "{a: " * 40 + "1" + "}" * 40,
    "- " * 40 + "1",
    "a" * 3000,
    "sweep",
    "any",
    "\\",
    "..\\x.yaml",
)
"""What YAML, Python or a terminal takes seriously."""
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    0.5,
    1e308,
    -1e308,
    10**30,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "x",
    "0.5",
    "no",
    "a b",
    "A",
    "ü",
    "\x00",
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"kind": "x"},
    {"mean": "x"},
    [1, "a"],
    "sweep",
    "gp-clinic",
    {"levels": []},
    {"low": 1, "high": 0},
    {"distribution": "normal"},
    {"mixture": "any"},
    "classroom",
    "../x.yaml",
    1e-320,
    {"low": float("nan"), "high": 1},
    {"low": -1e308, "high": 1e308, "steps": 1000},
    {"kind": "sobol", "points": 10**9},
)
"""What may stand where something else is expected."""


def mutated(text: str, chance: random.Random) -> bytes:
    """A text changed in one to four places, in one of three ways."""
    way: Callable[[str, random.Random], bytes] = chance.choice(
        (_bytes, _bytes, _tokens, _tokens, _structure, _structure)
    )
    return way(text, chance)


def _times(chance: random.Random) -> range:
    return range(chance.choice((1, 1, 1, 2, 3, 4)))


def _bytes(text: str, chance: random.Random) -> bytes:
    """Bytes flipped, dropped, doubled and put in, or the whole in another encoding."""
    if chance.random() < 0.1:
        return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7")), "replace")
    raw = bytearray(text.encode())
    for _ in _times(chance):
        at = chance.randrange(len(raw) + 1)
        cut = chance.choice((0, 0, 1, 2, 8, 200))
        put = bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 1, 2, 5))))
        raw[at : at + cut] = put if chance.random() < 0.8 else raw[at : at + cut] * 2
    return bytes(raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.05 else raw)


def _tokens(text: str, chance: random.Random) -> bytes:
    """Words, signs and lines replaced by what YAML takes seriously, swapped, moved in or out."""
    lines = text.split("\n")
    for _ in _times(chance):
        at = chance.randrange(len(lines))
        line = lines[at]
        spot = chance.randrange(len(line) + 1)
        nasty = chance.choice(NASTY)
        lines[at] = chance.choice(
            (
                line[:spot] + nasty + line[spot:],
                f"{line.partition(':')[0]}: {nasty}",
                f"{nasty}:{line.partition(':')[2]}",
                " " * chance.randrange(5) + line,
                line.removeprefix("  "),
                line.replace(":", chance.choice((" :", "", "=", "::")), 1),
                line.replace(",", "", 1),
                f"{line}\n{line}",
                "",
                chance.choice(lines),
            )
        )
    return "\n".join(lines).encode("utf-8", "replace")


def _structure(text: str, chance: random.Random) -> bytes:
    """Values replaced, removed, renamed, doubled or nested, in a file that is YAML still."""
    tree = read_tree(Source("file", text))
    data = content(tree.root) if tree.root else {}
    for _ in _times(chance):
        _spoil(data, chance)
    return (
        json.dumps(data, ensure_ascii=chance.random() < 0.5)
        .replace("NaN", ".nan")
        .replace("Infinity", ".inf")
        .encode("utf-8", "replace")
    )


def _spoil(node: Any, chance: random.Random) -> None:  # noqa: ANN401  plain data of any depth
    """Change one thing somewhere below."""
    while isinstance(node, dict | list) and node:
        key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
        below = node[key]
        if isinstance(below, dict | list) and below and chance.random() < 0.8:
            node = below
            continue
        deed = chance.randrange(6)
        if deed == 0:
            del node[key]
        elif deed == 1 and isinstance(node, dict):
            node[_misspelt(str(key), chance)] = node.pop(key)
        elif deed == 2 and isinstance(node, list):
            node.append(copy.deepcopy(below))
        elif deed == 3:
            node[key] = [below] if chance.random() < 0.5 else {"x": below}
        else:
            node[key] = copy.deepcopy(chance.choice(VALUES))
        return


def _misspelt(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) + 1)
    return word[:at] + chance.choice(("", "x", " ", ".", "-", "é", "\n", word[:1])) + word[at + 1 :]
