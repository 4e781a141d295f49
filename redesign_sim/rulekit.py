"""What every rule and every number of the model carries: its card, its source, what is certain about it.

A rule is a plain Python function. `@rule` files its card in `CATALOGUE`, makes the function callable from compiled
code, and returns the function itself, so that a breakpoint in it, its signature and its doctests stay what they are.
This module is the only clever one in the package.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from numba.extending import register_jitable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Confidence = Literal["H", "M", "L"]
"""H = a sourced number, M = a sourced direction and a defensible range, L = an assumption to be swept."""

Label = Literal["assumed", "structural", "partly assumed", "emergent"]

F = TypeVar("F", bound="Callable[..., object]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the model: what it means, in which unit, how far it may be swept, and where it comes from."""

    title: str
    unit: str
    sweep: tuple[float, float]
    source: str
    confidence: Confidence
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class RuleCard:
    """What a rule says of itself: its sentence, the claims it carries, its source and the laws that are certain."""

    id: str
    name: str
    function: Callable[..., object]
    claims: tuple[str, ...]
    source: str
    rises_with: tuple[str, ...] = ()
    falls_with: tuple[str, ...] = ()
    bounded: tuple[float, float] | None = None
    off: str = ""
    rival: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, float]:
        """The fixed numbers that the rule reads: constants of its module, by name."""
        return {name: float(inspect.unwrap(self.function).__globals__[name]) for name in self.fixed}

    @property
    def sentence(self) -> str:
        """The first sentence of the rule's docstring."""
        return inspect.cleandoc(self.function.__doc__ or "").split("\n\n")[0].replace("\n", " ")

    @property
    def module(self) -> str:
        """The stage of the month that the rule belongs to, e.g. `negotiating`."""
        return self.function.__module__.rsplit(".", 1)[-1]

    @property
    def switchable(self) -> bool:
        """Whether `mechanisms.<id>` may turn the rule off or put its rival in its place."""
        return bool(self.off or self.rival)


CATALOGUE: dict[str, RuleCard] = {}
"""Every rule of the model by its id, in the order of a month."""


def jitable(function: F) -> F:
    """Make a helper callable from compiled code; it allocates nothing and indexes out of range raise.

    Without the reference counting of arrays (`_nrt=False`) a run takes half the time and the compiler refuses
    anything that allocates. Bounds are checked because garbage read out of range would look like a result.
    """
    compiled: F = register_jitable(_nrt=False, boundscheck=True, no_cfunc_wrapper=True, no_cpython_wrapper=True)(
        function
    )
    return compiled


def unchecked(function: F) -> F:
    """The same for a helper that does one thing along a whole row, whose length it makes sure of itself.

    Without a check at every step the compiler does several steps at once.
    """
    compiled: F = register_jitable(_nrt=False, boundscheck=False, no_cfunc_wrapper=True, no_cpython_wrapper=True)(
        function
    )
    return compiled


def rule(  # noqa: PLR0913  a card has these entries
    identity: str,
    *,
    claims: tuple[str, ...],
    source: str,
    rises_with: tuple[str, ...] = (),
    falls_with: tuple[str, ...] = (),
    bounded: tuple[float, float] | None = None,
    off: str = "",
    rival: str = "",
    fixed: Mapping[str, str] | None = None,
) -> Callable[[F], F]:
    """File a rule in the catalogue and make it callable from compiled code; the function itself is returned.

    `rises_with` and `falls_with` name arguments (or attributes, `person.trust`) with which the result can only rise
    or fall; `bounded` gives the interval that holds the result; `off` and `rival` say in words what happens when
    `mechanisms.<id>` is `off` or `rival`; `fixed` says what each constant means that stands in the rule's module, is
    assumed, and is no parameter. Raises ValueError where an id is used twice.
    """

    def file(function: F) -> F:
        if identity in CATALOGUE and CATALOGUE[identity].function.__qualname__ != function.__qualname__:
            msg = f"rule id {identity} is used by {CATALOGUE[identity].name} and by {function.__name__}"
            raise ValueError(msg)
        laws = (rises_with, falls_with, bounded)
        CATALOGUE[identity] = RuleCard(
            identity, function.__name__, function, claims, source, *laws, off, rival, fixed or {}
        )
        return jitable(function)

    return file


def switchable_rules() -> list[RuleCard]:
    """The rules that `mechanisms` may switch, in the order of the catalogue."""
    return [card for card in CATALOGUE.values() if card.switchable]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A behavioural parameter: its name, default and quantity, and the module whose rules read it."""

    name: str
    default: float
    quantity: Quantity
    group: str = field(default="")


def parameters_of(group: Any) -> Iterator[Parameter]:  # noqa: ANN401  a class of named numbers
    """Walk the numbers that stand beside a module's rules."""
    hints = get_type_hints(group, include_extras=True)
    defaults = group._field_defaults
    for name, hint in hints.items():
        quantity = next(extra for extra in get_args(hint) if isinstance(extra, Quantity)) if get_origin(hint) else None
        if quantity is None:
            msg = f"{group.__name__}.{name} has no Quantity"
            raise TypeError(msg)
        yield Parameter(name, float(defaults[name]), quantity, group.__module__.rsplit(".", 1)[-1])
