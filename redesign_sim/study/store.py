"""A study's results folder: written so that what is there is whole, and read so that what is not whole is set aside.

study.yaml          what was asked, frozen
scenarios/          the cases, resolved: nothing outside the folder is needed to run it again
manifest.json       versions, digests of rules and scenarios, scheme of seeds, platform, counts
design.parquet      a row a point: case, levers, the mix as realised in people
runs/part-*.parquet a row a run: point, replication, outcomes, and why it failed if it did
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANIFEST, STUDY, DESIGN, RUNS, SCENARIOS = "manifest.json", "study.yaml", "design.parquet", "runs", "scenarios"
FORMAT = "redesign-sim study"
There = np.ndarray[tuple[int, int], np.dtype[np.bool_]]
"""Which replications (columns) of which points (rows) a folder holds."""

FORMAT_VERSION = 1


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under a temporary name, force it to disk, then give it its name: it is there whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StudyError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_text(path: Path, text: str) -> None:
    """Write a text file whole."""
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n"))


def write_table(path: Path, frame: pd.DataFrame, schema: pa.Schema) -> None:
    """Write a table whole, with the columns, types, units and definitions of its schema; a missing column is empty."""
    columns = {name: frame[name] if name in frame else [None] * len(frame) for name in schema.names}
    table = pa.table({name: _column(columns[name], schema.field(name).type) for name in schema.names}, schema=schema)
    write_whole(path, lambda temporary: pq.write_table(table, temporary, compression="zstd"))


def _column(values: object, kind: pa.DataType) -> pa.Array:
    """A column in its type; what is not a number is missing."""
    return pa.Array.from_pandas(values if hasattr(values, "dtype") else pa.array(values, type=kind), type=kind)


def field(name: str, kind: pa.DataType, unit: str, definition: str) -> pa.Field:
    """A column with its unit and definition, which travel with the file."""
    return pa.field(name, kind, metadata={"unit": unit, "definition": definition})


class Folder:
    """A results folder on disk."""

    def __init__(self, place: Path | str) -> None:
        """Only name it; nothing is read or written yet."""
        self.place = Path(place)

    def __str__(self) -> str:
        """Where it is."""
        return str(self.place)

    @property
    def begun(self) -> bool:
        """Whether a study has been started here."""
        return (self.place / MANIFEST).is_file()

    def manifest(self) -> dict[str, object]:
        """What made this folder; one sentence where there is none, or one that this version cannot read."""
        try:
            manifest: dict[str, object] = json.loads((self.place / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise StudyError(f"{self} holds no study: there is no {MANIFEST} in it.") from error
        except (OSError, ValueError) as error:
            raise StudyError(f"{self / MANIFEST} cannot be read: {error}.") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise StudyError(f"{self} was not written by redesign-sim; choose another folder.")
        if manifest.get("format_version") != FORMAT_VERSION:
            raise StudyError(f"{self} was written by another version of redesign-sim; choose another folder.")
        return manifest

    def __truediv__(self, name: str) -> Path:
        """A file in the folder."""
        return self.place / name

    def create(self) -> None:
        """Make the folder; a folder with something else in it is left alone and refused."""
        if self.place.exists() and (not self.place.is_dir() or any(self.place.iterdir())):
            raise StudyError(f"{self} holds something else; choose another folder.")
        try:
            (self / RUNS).mkdir(parents=True, exist_ok=True)
            (self / SCENARIOS).mkdir(exist_ok=True)
        except OSError as error:
            raise StudyError(f"{self} cannot be made: {error.strerror or error}.") from error

    def parts(self) -> Iterator[Path]:
        """The parts that are whole, by name; one that cannot be read is set aside under another name."""
        for part in sorted((self / RUNS).glob("part-*.parquet")):
            try:
                pq.read_metadata(part)
            except (pa.ArrowInvalid, OSError):
                part.replace(part.with_suffix(".broken"))
            else:
                yield part

    def write_part(self, name: str, frame: pd.DataFrame, schema: pa.Schema) -> None:
        """Store a batch's runs as one part."""
        write_table(self / RUNS / f"part-{name}.parquet", frame, schema)

    def runs(self) -> pd.DataFrame:
        """All runs, sorted by point and replication, each once."""
        parts = [pq.read_table(part) for part in self.parts()]
        if not parts:
            raise StudyError(f"{self} holds no runs yet.")
        frame: pd.DataFrame = pa.concat_tables(parts).to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
        keys = ["point", "replication"]
        return frame.sort_values(keys, kind="stable").drop_duplicates(keys).reset_index(drop=True)

    def done(self, points: int, replications: int) -> There:
        """Which replications (columns) of which points (rows) are there."""
        there = np.zeros((points, replications), dtype=np.bool_)
        for part in self.parts():
            keys = pq.read_table(part, columns=["point", "replication"])
            point, replication = keys["point"].to_numpy(), keys["replication"].to_numpy()
            wanted = (point < points) & (replication < replications)
            there[point[wanted], replication[wanted]] = True
        return there
