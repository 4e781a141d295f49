"""The dialect of rules: what gives the same bits interpreted and compiled. What is not listed here is not in it."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from tests.structure.source import Function

STATEMENTS = (
    *(ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Pass),
    *(ast.If, ast.For, ast.While, ast.Break, ast.Continue),
)
EXPRESSIONS = (
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword),
    *(ast.Attribute, ast.Subscript, ast.Name, ast.Constant, ast.Tuple, ast.expr_context),
)
OPERATORS = (
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.USub, ast.UAdd),
    *(ast.And, ast.Or, ast.Not, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn),
)
DIALECT = (*STATEMENTS, *EXPRESSIONS, *OPERATORS)
BUILTINS = {"abs", "bool", "float", "int", "len", "max", "min", "range"}
"""`len` of a list of agents and of an array of records are the same; `enumerate` and `zip` are not tried."""

METHODS_OF_ARRAYS = {
    *("all", "any", "append", "argmax", "argmin", "argsort", "astype", "copy", "cumsum", "dot", "extend", "fill"),
    *("format", "get", "items", "join", "keys", "max", "mean", "min", "pop", "prod", "ravel", "reshape", "round"),
    *("sort", "std", "sum", "take", "tolist", "update", "values", "var", "view"),
}
THINGS = {"interfaces", "organisations", "people", "practices", "proposals", "strategies"}
"""What the world holds lists of: on records, putting a whole thing elsewhere copies it, on agents it aliases."""

WHOLE = {"int", "Codes", "Numbers"}

INTEGER_LIMIT = 2**63


@dataclass(frozen=True)
class Facts:
    """What the dialect has to know of the names in a rule."""

    arrays: AbstractSet[str] = frozenset()
    """Attributes that hold arrays."""
    whole: AbstractSet[str] = frozenset()
    """Attributes that hold whole numbers, one or an array of them."""
    enums: AbstractSet[str] = frozenset()
    """Enumerations of codes."""


def departures(function: Function, facts: Facts) -> list[str]:
    """Where a function leaves the dialect."""
    found = [
        *_signature(function),
        *((line, what) for line, node in _located(function) for what in _node(node, facts)),
        *_numbers(function, facts.whole),
    ]
    return [f"{function}:{line} {what}" for line, what in found]


def attributes_with_index(functions: Iterable[Function]) -> set[str]:
    """The attributes that some rule indexes, `proposal.design[k]`: those are arrays."""
    return {
        node.value.attr
        for function in functions
        for node in function.walk()
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute)
    }


def whole_attributes(things: ast.Module) -> set[str]:
    """The attributes that are whole numbers wherever they are declared, `int` or tables of codes."""
    declared = [node for node in ast.walk(things) if isinstance(node, ast.AnnAssign)]
    kinds = {(ast.unparse(node.target), ast.unparse(node.annotation)) for node in declared}
    return {name for name, kind in kinds if kind in WHOLE} - {name for name, kind in kinds if kind not in WHOLE}


def imported(trees: Iterable[ast.Module], source: str) -> set[str]:
    """The names that modules take from a module of the package."""
    return {
        alias.asname or alias.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == source
        for alias in node.names
    }


def _signature(function: Function) -> Iterator[tuple[int, str]]:
    arguments = function.tree.args
    if arguments.vararg or arguments.kwarg:
        yield function.tree.lineno, "takes any number of arguments"
    if arguments.defaults or any(arguments.kw_defaults):
        yield function.tree.lineno, "an argument has a default: a rule's numbers stand in its NamedTuple"


def _located(function: Function) -> Iterator[tuple[int, ast.AST]]:
    """Every node with its line; an operator, which has none, stands where what comes before it does."""
    line = function.tree.lineno
    for node in function.walk():
        line = getattr(node, "lineno", line)
        yield line, node


def _node(node: ast.AST, facts: Facts) -> Iterator[str]:
    if not isinstance(node, DIALECT):
        yield f"{type(node).__name__} is not in the dialect of rules"
    elif isinstance(node, ast.Call):
        yield from _call(node, facts.enums)
    elif isinstance(node, ast.Constant):
        yield from _constant(node)
    elif isinstance(node, ast.Attribute) and node.attr != "sqrt" and _root(node) == "math":
        yield f"math.{node.attr}: of `math` only the square root"
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        for target in _targets(node):
            yield from _target(target, facts.arrays)


def _root(node: ast.expr) -> str | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _call(node: ast.Call, enums: AbstractSet[str]) -> Iterator[str]:
    if any(keyword.arg is None for keyword in node.keywords):
        yield "a call with `**`"
    if isinstance(node.func, ast.Attribute):
        if _root(node.func) in {"np", "numpy", "numba", "random"}:
            yield f"{ast.unparse(node.func)}: a library's function"
        elif node.func.attr in METHODS_OF_ARRAYS:
            yield f".{node.func.attr}(): a method of arrays or containers"
    elif isinstance(node.func, ast.Name):
        name = node.func.id
        if hasattr(builtins, name) and name not in BUILTINS:
            yield f"{name}(): not among {', '.join(sorted(BUILTINS))}"
        if name in enums:
            yield f"{name}(...): a code is a number already"
        if name == "int" and node.args and _root(node.args[0]) in enums:
            yield f"{ast.unparse(node)}: a code is a number already"
    else:
        yield "a call of something that has no name"


def _constant(node: ast.Constant) -> Iterator[str]:
    if not isinstance(node.value, (bool, int, float)):
        yield f"{node.value!r}: only numbers"
    elif isinstance(node.value, int) and node.value >= INTEGER_LIMIT:
        yield f"{node.value}: wider than 63 bits"


def _targets(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> list[ast.expr]:
    stated = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [part for target in stated for part in (target.elts if isinstance(target, ast.Tuple) else [target])]


def _target(target: ast.expr, arrays: AbstractSet[str]) -> Iterator[str]:
    if isinstance(target, ast.Attribute) and target.attr in arrays | THINGS and _owner(target) != "scene":
        yield f"{ast.unparse(target)} = ...: a whole array; set it item by item"
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute) and target.value.attr in THINGS:
        yield f"{ast.unparse(target)} = ...: a whole thing; set its fields one by one"


def _owner(node: ast.Attribute) -> str:
    """Whose attribute it is; the scene holds nothing but counters, some under the names of what they count."""
    return getattr(node.value, "attr", getattr(node.value, "id", ""))


def _numbers(function: Function, whole_facts: AbstractSet[str]) -> Iterator[tuple[int, str]]:
    """Names, results and choices that hold an int here and a float there, and sums of floats that start as an int."""
    kinds = _kinds(function)
    for name, seen in kinds.items():
        if {"int", "float"} <= seen:
            yield function.tree.lineno, f"{name}: an int here, a float there"
    whole = {name for name, seen in kinds.items() if seen == {"int"}} | whole_facts
    for line, node in _located(function):
        grown = _grown(node)
        if grown and "int" in kinds.get(grown[0], ()) and not _whole(grown[1], whole):
            yield line, f"{grown[0]}: a sum that starts as an int; start at 0.0, or add int(...)"
        if isinstance(node, ast.IfExp) and {_kind(node.body), _kind(node.orelse)} == {"int", "float"}:
            yield line, f"{ast.unparse(node)}: an int or a float"


def _kinds(function: Function) -> dict[str, set[str]]:
    """What each name is certainly set to somewhere, growth left out; `return` stands for the result."""
    kinds: dict[str, set[str]] = {}
    for node in function.walk():
        if isinstance(node, ast.Return) and node.value is not None:
            kinds.setdefault("return", set()).add(_kind(node.value))
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name) and _is_range(node.iter):
            kinds.setdefault(node.target.id, set()).add("int")
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and not _grown(node):
            kinds.setdefault(node.targets[0].id, set()).add(_kind(node.value))
    return kinds


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


def _grown(node: ast.AST) -> tuple[str, ast.expr] | None:
    """The name and the growth in `name += growth` and `name = name + growth`."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.BinOp):
        name = node.targets[0].id
        if isinstance(node.value.left, ast.Name) and node.value.left.id == name:
            return name, node.value.right
    return None


def _kind(node: ast.expr) -> str:
    """What an expression certainly is, or `any`."""
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
        return _kind(node.operand)
    if isinstance(node, ast.BinOp):
        return _kind_of_result(node)
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return {"int": "int", "len": "int", "float": "float", "sqrt": "float"}.get(name, "any")
    return "any"


def _kind_of_result(node: ast.BinOp) -> str:
    sides = {_kind(node.left), _kind(node.right)}
    if isinstance(node.op, ast.Div) or "float" in sides:
        return "float"
    return "int" if sides == {"int"} else "any"


def _whole(node: ast.expr, whole: AbstractSet[str]) -> bool:
    """Whether an expression is certainly a whole number, given the names that are."""
    if isinstance(node, ast.Subscript):
        return _whole(node.value, whole)
    if isinstance(node, ast.Name | ast.Attribute):
        return getattr(node, "attr", getattr(node, "id", "")) in whole
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Div):
        return _whole(node.left, whole) and _whole(node.right, whole)
    return _kind(node) == "int"
