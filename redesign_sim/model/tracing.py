"""Listening to a rule while the interpreted model runs: what it was given and what it gave, each time it was called.

The rule's source stays as it is. For the time of listening, every module that calls the rule by its name calls a
listener instead, which calls the rule; the months, the draws and the results are those of any other run.
"""

from __future__ import annotations

import inspect
import sys
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from redesign_sim.model.model import RedesignModel
from redesign_sim.month import MonthStage
from redesign_sim.rulekit import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from redesign_sim.scenario import Scenario

PACKAGE = "redesign_sim"
SHOWN_OF_A_PERSON = ("ambition", "capability", "purpose", "belief")


NAMED_BY = {"stake": "organisations", "traffic": "interfaces", "realised_input": "strategies"}
"""An attribute that only things of one sort have, and where their names are among the labels of a world."""


class Call(NamedTuple):
    """A rule's work once: the month, its arguments by name as they are shown, and what it returned."""

    month: int
    given: Mapping[str, str]
    returned: str


def calls_of(scenario: Scenario, seed: int, rule: str) -> Iterator[Call]:
    """Every call of a rule in a run on Mesa, in their order. Raises KeyError where no rule has this id."""
    model = RedesignModel(scenario, seed=seed)
    function = CATALOGUE[rule].function
    for _ in range(model.case.horizon_months):
        heard: list[Call] = []
        with _listened_to(function, lambda given, result: heard.append(_shown(model, function, given, result))):  # noqa: B023
            for _stage in model.stages():
                pass
        yield from heard


def _shown(model: RedesignModel, function: Callable[..., object], given: tuple[Any, ...], result: object) -> Call:
    """A call, in words."""
    names = list(inspect.signature(function).parameters)
    words = {name: shown(value, model.labels) for name, value in zip(names, given, strict=False) if name != "world"}
    return Call(int(model.world.scene.month), words, shown(result, model.labels))


def shown(value: Any, labels: Any) -> str:  # noqa: ANN401  whatever a rule takes or returns
    """A rule's argument or result: numbers to four digits, people and things by their names."""
    if value is None:
        return "nothing"
    if hasattr(value, "ambition"):
        facts = ", ".join(f"{name} {float(getattr(value, name)):.3g}" for name in SHOWN_OF_A_PERSON)
        return f"{labels.people[int(value.number)]} [{facts}]"
    if hasattr(value, "design"):
        return f"proposal {int(value.number)}"
    named = next((names for sign, names in NAMED_BY.items() if hasattr(value, sign)), None)
    return str(getattr(labels, named)[int(value.number)]) if named else _number(value)


def _number(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return "yes" if value else "no"
    if getattr(value, "shape", ()):
        return f"[{', '.join(f'{float(one):.4g}' for one in list(value)[:8])}]"
    try:
        return f"{float(value):.4g}"
    except (TypeError, ValueError):
        return type(value).__name__.lower()


@contextmanager
def _listened_to(function: Callable[..., Any], hear: Callable[[tuple[Any, ...], object], None]) -> Iterator[None]:
    """Put a listener in the place of a rule wherever the package calls it by name, and the rule back afterwards."""

    @wraps(function)
    def listener(*given: Any) -> Any:  # noqa: ANN401  any rule
        result = function(*given)
        hear(given, result)
        return result

    places = list(_places(function, listener))
    try:
        for names, name, _, instead in places:
            names[name] = instead
        yield
    finally:
        for names, name, before, _ in places:
            names[name] = before


def _places(function: object, listener: Callable[..., Any]) -> Iterator[tuple[dict[str, Any], str, object, object]]:
    """Where a rule stands under a name: in modules that call it, and in the order of the month."""
    modules = [vars(module) for name, module in list(sys.modules.items()) if name.startswith(f"{PACKAGE}.")]
    for names in modules:
        for name, value in list(names.items()):
            if value is function:
                yield names, name, value, listener
            elif isinstance(value, tuple) and value and all(isinstance(stage, MonthStage) for stage in value):
                yield names, name, value, tuple(_with(stage, function, listener) for stage in value)


def _with(stage: MonthStage, function: object, listener: Callable[..., Any]) -> MonthStage:
    acts = tuple(act._replace(rule=listener) if act.rule is function else act for act in stage.acts)
    return MonthStage(stage.name, acts)
