"""The month folded into compiled code: the data of `month.py`, read once, as a chain of closures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import types
from numba.extending import overload_method

from redesign_sim.month import MONTH, Act
from redesign_sim.rulekit import jitable
from redesign_sim.rules.weighing import weigh
from redesign_sim.world.activation import take_turns
from redesign_sim.world.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Step = Callable[[Any], None]


@overload_method(types.Record, "consider", strict=False)  # type: ignore[untyped-decorator]
def _consider(person: Any, world: Any, proposal: Any) -> Any:  # noqa: ANN401, ARG001  numba passes types here
    """What an agent's method does, a record does by the rule."""
    return weigh


def _by_scene(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401  a world of records
        rule(world.scene, world)

    return act


def _by_strategies(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(world.scene.strategies):
            rule(world.strategies[i], world)

    return act


def _by_people(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(take_turns(world, 0, world.scene.people)):
            rule(world.people[world.order[0, i]], world)

    return act


def _by_people_alone(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(world.scene.people):
            rule(world.people[i], world)

    return act


def _by_organisations(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(take_turns(world, 1, world.scene.organisations)):
            rule(world.organisations[world.order[1, i]], world)

    return act


def _by_organisations_alone(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(world.scene.organisations):
            rule(world.organisations[i], world)

    return act


def _by_interfaces(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(take_turns(world, 2, world.scene.interfaces)):
            rule(world.interfaces[world.order[2, i]], world)

    return act


def _by_interfaces_alone(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(world.scene.interfaces):
            rule(world.interfaces[i], world)

    return act


def _by_proposals(rule: Callable[..., None]) -> Step:
    @jitable
    def act(world: Any) -> None:  # noqa: ANN401
        for i in range(take_turns(world, 3, world.scene.proposals)):
            rule(world.proposals[world.order[3, i]], world)

    return act


WHOM: dict[str, Callable[[Callable[..., None]], Step]] = {
    "scene": _by_scene,
    "strategies": _by_strategies,
    "people": _by_people,
    "organisations": _by_organisations,
    "interfaces": _by_interfaces,
    "proposals": _by_proposals,
}
"""How everyone concerned does an act in turn, by the name that `month.py` gives them."""

ALONE: dict[str, Callable[[Callable[..., None]], Step]] = {
    "people": _by_people_alone,
    "organisations": _by_organisations_alone,
    "interfaces": _by_interfaces_alone,
}
"""How they do an act in which nobody's turn matters."""


def chain(steps: Sequence[Step]) -> Step:
    """Several steps as one; none as doing nothing."""
    if not steps:

        @jitable
        def nothing(world: Any) -> None:  # noqa: ANN401, ARG001
            return

        return nothing
    first, rest = steps[0], chain(steps[1:])

    @jitable
    def go(world: Any) -> None:  # noqa: ANN401
        first(world)
        rest(world)

    return go


def step_of(act: Act) -> Step:
    """An act of the month as a compiled step."""
    return (ALONE if act.alone else WHOM)[act.whom](act.rule)


STAGES: dict[str, Step] = {stage.name: chain([step_of(act) for act in stage.acts]) for stage in MONTH}
"""Each stage of the month as one step."""

WHOLE_MONTH: Step = chain(list(STAGES.values()))
"""All of a month's stages in their order."""

assert tuple(KINDS) == ("people", "organisations", "interfaces", "proposals")  # noqa: S101  the rows of `order` above
