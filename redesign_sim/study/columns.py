"""The columns of a study's tables: each with its type, unit and definition, one schema for all parts of a study."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from redesign_sim.world.measures import COURSES, MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redesign_sim.world.measures import Kind, Measure

TYPE_OF: dict[Kind, pa.DataType] = {
    "number": pa.float64(),
    "count": pa.float64(),
    "yes or no": pa.bool_(),
    "name": pa.string(),
}
"""How an outcome is stored. A count is a float too, so that one that is missing changes no type."""

KEYS = ("point", "replication")
"""What tells runs apart."""


def field(name: str, kind: pa.DataType, unit: str, definition: str) -> pa.Field:
    """A column with its unit and definition, which travel with the file."""
    return pa.field(name, kind, metadata={"unit": unit, "definition": definition})


@cache
def run_schema() -> pa.Schema:
    """A row a run: which run, point and replication, what came of it, and why it failed if it did."""
    return pa.schema(
        [
            field("run", pa.string(), "", "the run's name: a digest of rules, point, seed and replication"),
            *_key_fields(),
            *(_outcome(each) for each in MEASURES.values()),
            field("failure", pa.string(), "", "the trace of what stopped the run; missing if it ran"),
        ]
    )


@cache
def monthly_schema(courses: tuple[str, ...]) -> pa.Schema:
    """A row a run and month: where each course stood at its end."""
    month = field("month", pa.int16(), "month", "at the end of which month; 0 is the first day")
    return pa.schema([*_key_fields(), month, *(_outcome(COURSES[name]) for name in courses)])


def _key_fields() -> list[pa.Field]:
    """Which run a row belongs to."""
    return [
        field("point", pa.int32(), "", "row of design.parquet"),
        field("replication", pa.int32(), "", "number of the future; the same number shares its luck"),
    ]


def _outcome(measure: Measure) -> pa.Field:
    """The column of an outcome or course."""
    return field(measure.name, TYPE_OF[measure.kind], measure.unit, measure.definition)


def described(schema: pa.Schema) -> dict[str, str]:
    """A schema as names and types, for the manifest."""
    return {column.name: str(column.type) for column in schema}


def table_of(columns: Mapping[str, object], rows: int, schema: pa.Schema) -> pa.Table:
    """Columns in the types of a schema; a column that is missing is empty, and what is no number is missing."""
    arrays = [_array(columns.get(each.name), rows, each.type) for each in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: object, rows: int, kind: pa.DataType) -> pa.Array:
    """A column in its type."""
    if values is None:
        return pa.nulls(rows, kind)
    if hasattr(values, "dtype"):
        return pa.Array.from_pandas(values, type=kind)
    return pa.array(values, type=kind)


def as_file(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file. Names of runs are all different: no dictionary makes them smaller."""
    sink = io.BytesIO()
    repeating = [name for name in table.schema.names if name != "run"]
    pq.write_table(table, sink, compression="zstd", use_dictionary=repeating)
    return sink.getvalue()
