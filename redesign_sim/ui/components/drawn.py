"""Components that the browser draws from what it is handed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, ParamSpec

import solara

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Whole:
    """Data for the browser alone. Solara looks into every list and mapping for parts of a page, several times a
    render, and a chart's thousands of numbers took most of it; into this it does not look.
    """

    data: Any


def drawn_by(file: str) -> Callable[[Callable[P, None]], Callable[P, Any]]:
    """Make a component of a Vue file beside the function that states its properties."""

    def make(stated: Callable[P, None]) -> Callable[P, Any]:
        opened = dict.fromkeys(signature(stated).parameters, _opened)
        component = solara.component_vue(file, to_json=opened)(stated)

        @wraps(stated)
        def element(*none: P.args, **properties: P.kwargs) -> Any:  # noqa: ANN401  an element; solara is not typed
            return component(*none, **{name: _whole(value) for name, value in properties.items()})

        return element

    return make


def _whole(value: object) -> object:
    return Whole(value) if isinstance(value, list | dict) else value


def _opened(value: object, _: object) -> object:
    """What is sent to the browser."""
    return value.data if isinstance(value, Whole) else value
