"""The world by reference: what every compiled rule is handed is one pointer to the parts of the world.

Handing over the parts themselves, some thirty arrays, made each call pack and unpack two hundred numbers, and
compiling several times as slow. Interpreted, the world is handed over as it is.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, overload, register_model

from redesign_sim.draws import Key
from redesign_sim.rulekit import jitable
from redesign_sim.world.records import SINGLE, State, seen_by_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.things import World


class Place(NamedTuple):
    """A replicate's luck and state: all that a world is made of."""

    key: Key
    state: State


class WorldReference(types.Type):  # type: ignore[misc]  # numba has no types of its own
    """The type of a pointer to a place of this type."""

    def __init__(self, place: Any) -> None:  # noqa: ANN401  a numba type
        self.place = place
        self.parts = place[1]
        super().__init__(name="World#" + hashlib.sha256(str(place).encode()).hexdigest()[:12])


@register_model(WorldReference)
class WorldReferenceModel(models.PrimitiveModel):  # type: ignore[misc]
    """In memory and in registers: one pointer."""

    def __init__(self, dmm: Any, fe_type: WorldReference) -> None:  # noqa: ANN401
        super().__init__(dmm, fe_type, ir.IntType(8).as_pointer())


@infer_getattr
class WorldParts(AttributeTemplate):  # type: ignore[misc]
    """Which type `world.trust` has."""

    key = WorldReference

    def generic_resolve(self, typ: WorldReference, attr: str) -> Any:  # noqa: ANN401
        """The type of a part, or None where there is no such part."""
        if attr == "key":
            return typ.place[0]
        if attr not in typ.parts.fields:
            return None
        part = typ.parts[typ.parts.fields.index(attr)]
        return part.dtype if attr in SINGLE else part


@lower_getattr_generic(WorldReference)  # type: ignore[untyped-decorator]
def _part_of_world(context: Any, builder: Any, typ: WorldReference, world: Any, attr: str) -> Any:  # noqa: ANN401
    """Fetch one part through the pointer; of what there is only one, the record itself."""
    place = builder.bitcast(world, context.get_value_type(typ.place).as_pointer())
    if attr == "key":
        return builder.load(cgutils.gep_inbounds(builder, place, 0, 0))
    number = typ.parts.fields.index(attr)
    part = builder.load(cgutils.gep_inbounds(builder, place, 0, 1, number))
    if attr not in SINGLE:
        return part
    kind = typ.parts[number]
    return builder.bitcast(
        context.make_array(kind)(context, builder, value=part).data, context.get_value_type(kind.dtype)
    )


@intrinsic  # type: ignore[untyped-decorator]
def _pointer_to(typingctx: Any, place: Any) -> Any:  # noqa: ANN401, ARG001
    """Put a place on the stack of the caller and point there."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        return builder.bitcast(cgutils.alloca_once_value(builder, args[0]), ir.IntType(8).as_pointer())

    return WorldReference(place)(place), codegen


def world_at(place: Place) -> World:
    """The world as rules are handed it: compiled a pointer, interpreted the thing itself."""
    return seen_by_rules(place.state, place.key)


@overload(world_at, strict=False, inline="always", jit_options={"_nrt": False})  # type: ignore[untyped-decorator]
def _world_at(place: Any) -> Any:  # noqa: ANN401, ARG001
    return lambda place: _pointer_to(place)  # noqa: PLW0108  numba compiles the text of this lambda


def in_a_world(step: Callable[[Any], None]) -> Callable[[State, int, int], None]:
    """Do a step in the world of a replicate: its state as the rules see it, and its own luck (two words of key).

    Compiled code cannot return a world, since records are places in memory, so the step is taken inside.
    """

    @jitable
    def taken(state: State, low: int, high: int) -> None:
        step(world_at(Place(Key(low, high), state)))

    return taken


def in_a_world_with(step: Callable[[Any, Any], None]) -> Callable[[State, int, int, Any], None]:
    """The same for a step that is handed something beside the world, such as a row to write into."""

    @jitable
    def taken(state: State, low: int, high: int, beside: Any) -> None:  # noqa: ANN401
        step(world_at(Place(Key(low, high), state)), beside)

    return taken
