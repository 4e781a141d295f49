"""The columns of a run: every outcome with its type, unit and definition, one schema for all parts of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from redesign_sim.study.store import field
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from redesign_sim.world.measures import Kind

TYPE_OF: dict[Kind, pa.DataType] = {
    "number": pa.float64(),
    "count": pa.float64(),
    "yes or no": pa.bool_(),
    "name": pa.string(),
}
"""How an outcome is stored. A count is a float too, so that one that is missing changes no type."""


def run_schema() -> pa.Schema:
    """A row a run: which point, which replication, what came of it, and why it failed if it did."""
    outcomes = [field(each.name, TYPE_OF[each.kind], each.unit, each.definition) for each in MEASURES.values()]
    return pa.schema(
        [
            field("point", pa.int32(), "", "row of design.parquet"),
            field("replication", pa.int32(), "", "number of the future; the same number shares its luck"),
            *outcomes,
            field("failure", pa.string(), "", "the trace of what stopped the run; missing if it ran"),
        ]
    )
