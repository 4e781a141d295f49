"""The state as records and tables: one structured array for each kind of thing, derived from `things.py`."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

import numpy as np

from redesign_sim import rulekit, things
from redesign_sim.roles import PRACTICES
from redesign_sim.rules import PARAMETERS
from redesign_sim.rules.weighing import weigh

if TYPE_CHECKING:
    import numpy.typing as npt

    from redesign_sim.draws import Key

KINDS = ("people", "organisations", "interfaces", "proposals")
"""The kinds of things that are activated in keyed order; a kind's place is its row in `world.order`."""

RECORDS: dict[str, type] = {
    "scene": things.Scene,
    "case": things.Case,
    "people": things.Person,
    "organisations": things.Organisation,
    "interfaces": things.Interface,
    "proposals": things.Proposal,
    "strategies": things.Strategy,
    "practices": things.PracticeFacts,
}
"""The parts of the world that are records, and the type that says which fields they have."""

SINGLE = ("scene", "case", "mechanisms", "behaviour")
"""The parts of the world of which there is one."""


def fields_of(thing: type) -> dict[str, Any]:
    """The fields of a kind of thing, in the order in which they are declared, with their types."""
    return {name: hint for name, hint in get_type_hints(thing).items() if not name.startswith("_")}


def record_of(thing: type) -> np.dtype[np.void]:
    """The record that holds a kind of thing: eight bytes a number, five floats for what is said of each practice."""
    kinds: dict[Any, Any] = {int: "i8", float: "f8", things.Practicewise: ("f8", (PRACTICES,))}
    columns = []
    for name, hint in fields_of(thing).items():
        kind = kinds[hint]
        columns.append((name, *kind) if isinstance(kind, tuple) else (name, kind))
    return np.dtype(columns, align=True)


class PersonRecord(np.record):  # type: ignore[misc]  # its stub calls it final; it is not
    """A person's record, which weighs a proposal as the rule says; compiled code is taught the same in the engine."""

    def consider(self, world: Any, proposal: Any) -> float:  # noqa: ANN401  a world of records
        """What this person thinks of a proposal."""
        return weigh(self, world, proposal)


def blank_records(name: str, many: int) -> npt.NDArray[np.void]:
    """So many empty records of a kind, readable by attribute also where the compiler is off."""
    kind = PersonRecord if name == "people" else np.record
    return np.zeros(many, DTYPES[name]).view(np.dtype((kind, DTYPES[name])))


DTYPES: dict[str, np.dtype[np.void]] = {name: record_of(thing) for name, thing in RECORDS.items()} | {
    "mechanisms": np.dtype([(card.id, "i8") for card in rulekit.switchable_rules()], align=True),
    "behaviour": np.dtype([(name, "f8") for name in PARAMETERS], align=True),
}


class State(NamedTuple):
    """A world's arrays; `scene`, `case`, `mechanisms` and `behaviour` hold one record.

    Shapes: P people, O organisations, I interfaces, S proposal slots, T strategies, E dated reorganisations,
    K practices, J journeys. The tables' meanings stand in `things.World`.
    """

    behaviour: npt.NDArray[np.void]
    mechanisms: npt.NDArray[np.void]
    case: npt.NDArray[np.void]
    scene: npt.NDArray[np.void]
    people: npt.NDArray[np.void]
    organisations: npt.NDArray[np.void]
    interfaces: npt.NDArray[np.void]
    proposals: npt.NDArray[np.void]
    strategies: npt.NDArray[np.void]
    practices: npt.NDArray[np.void]
    trust: npt.NDArray[np.float64]
    ties: npt.NDArray[np.uint8]
    acquaintances: npt.NDArray[np.int64]
    converted: npt.NDArray[np.int64]
    borders: npt.NDArray[np.int64]
    members: npt.NDArray[np.int64]
    stance: npt.NDArray[np.uint8]
    persuaded: npt.NDArray[np.float64]
    scope: npt.NDArray[np.uint8]
    touched: npt.NDArray[np.int64]
    joined: npt.NDArray[np.int64]
    backers: npt.NDArray[np.int64]
    granted: npt.NDArray[np.float64]
    done: npt.NDArray[np.float64]
    depth: npt.NDArray[np.float64]
    upkeep: npt.NDArray[np.float64]
    local: npt.NDArray[np.float64]
    emphasis: npt.NDArray[np.float64]
    focus: npt.NDArray[np.float64]
    stated_emphasis: npt.NDArray[np.float64]
    stated_focus: npt.NDArray[np.float64]
    quantiles: npt.NDArray[np.float64]
    reorganisation_months: npt.NDArray[np.int64]
    reorganised: npt.NDArray[np.uint8]
    journeys: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    live: npt.NDArray[np.int64]
    lots: npt.NDArray[np.float64]
    outcomes: npt.NDArray[np.float64]
    event_codes: npt.NDArray[np.int64]
    event_amounts: npt.NDArray[np.float64]


BY_PROPOSAL = ("proposals", "stance", "persuaded", "scope", "touched", "joined", "backers", "granted", "done")
"""The parts of the state that have a row for each proposal; a run changes the rows of those that it started."""

CHANGING = tuple(
    name
    for name in State._fields
    if name
    not in {
        *BY_PROPOSAL,
        "trust",  # drawn afresh for everyone on the first day
        "behaviour",
        "mechanisms",
        "case",
        "practices",
        "borders",
        "stated_emphasis",
        "stated_focus",
        "quantiles",
        "reorganisation_months",
        "reorganised",
        "journeys",
    }
)
"""The other parts of the state that a run changes and that every replication starts afresh."""


def _seen_world() -> Any:  # noqa: ANN401  a class made here
    return namedtuple("SeenWorld", ("key", *State._fields))  # noqa: PYI024  typed in `things.World`


SeenWorld = _seen_world()
"""What rules and measures read outside compiled code: the state's arrays, the single records taken out, and the key."""


def copy_of(state: State) -> State:
    """A state of its own: a thread's working copy, or a run's."""
    return State(*(part.copy(order="K") for part in state))  # type: ignore[arg-type]  # each of its own kind


def seen_by_rules(state: State, key: Key) -> things.World:
    """A state as rules and measures read it, outside compiled code."""
    parts = (getattr(state, name) for name in State._fields)
    seen = (part[0] if name in SINGLE else part for name, part in zip(State._fields, parts, strict=True))
    world: things.World = SeenWorld(key, *seen)
    return world
