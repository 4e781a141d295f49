"""The package as text: its files, its functions, the names in them, and who calls whom."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "redesign_sim"
RULES = PACKAGE / "rules"


@dataclass(frozen=True)
class Function:
    """A function where it stands: the module's name, its own, and its syntax tree."""

    module: str
    name: str
    tree: ast.FunctionDef

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def rule(self) -> str | None:
        """The id that `@rule` gives it; None for a helper."""
        for decorator in self.tree.decorator_list:
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "rule":
                return str(ast.literal_eval(decorator.args[0]))
        return None

    @property
    def body(self) -> list[ast.stmt]:
        """The statements without the docstring."""
        return self.tree.body[1:] if ast.get_docstring(self.tree) else self.tree.body

    def walk(self) -> Iterator[ast.AST]:
        """Every node of the body; annotations and decorators are no part of what a function does."""
        for statement in self.body:
            yield from without_annotations(statement)

    def calls(self) -> set[str]:
        """The names of what it calls, as a function or as an act of somebody."""
        names = set()
        for node in self.walk():
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name):
                    names.add(node.func.id)
                elif isinstance(node.func, ast.Attribute):
                    names.add(node.func.attr)
        return names


def without_annotations(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from without_annotations(child)


def modules(folder: Path) -> dict[str, ast.Module]:
    """The syntax trees of a folder's files by module name; none where the folder is not there yet."""
    return {file.stem: ast.parse(file.read_text("utf-8"), file.name) for file in sorted(folder.glob("*.py"))}


def functions(trees: Mapping[str, ast.Module]) -> list[Function]:
    """Every function and method, also nested ones."""
    return [
        Function(module, node.name, node)
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]


def rules_and_helpers() -> list[Function]:
    """All that is compiled with the rules: the rules and the helpers that stand beside them."""
    return functions(modules(RULES))


def sample(text: str, module: str = "negotiating") -> list[Function]:
    """The functions of a few lines written for a test."""
    return functions({module: ast.parse(dedent(text))})


def closure(function: Function, among: Iterable[Function]) -> list[Function]:
    """The function with everything among these that it calls, directly or through others."""
    by_name = {other.name: other for other in among}
    found = {function.name: function}
    waiting = [function]
    while waiting:
        for name in waiting.pop().calls() & by_name.keys() - found.keys():
            found[name] = by_name[name]
            waiting.append(by_name[name])
    return list(found.values())


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that code uses, with its line; words in docstrings and comments are none."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        for field in ("id", "attr", "arg", "name", "asname"):
            word = getattr(node, field, None)
            if isinstance(word, str):
                yield line, word


def spelt(identifier: str) -> str:
    """An identifier in small letters and underscores, whichever case it is written in."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower()
