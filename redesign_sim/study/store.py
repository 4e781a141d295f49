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
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANIFEST, STUDY, DESIGN, RUNS, SCENARIOS = "manifest.json", "study.yaml", "design.parquet", "runs", "scenarios"
FAILURES, LOCK = "failures.jsonl", ".lock"
BARE = {RUNS, SCENARIOS, STUDY, DESIGN, LOCK}
"""What may stand in a folder whose beginning was cut short before the manifest was written."""

FORMAT = "redesign-sim study"
FORMAT_VERSION = 2


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
    data = table_bytes(frame, schema)
    write_whole(path, lambda temporary: temporary.write_bytes(data))


def table_bytes(frame: pd.DataFrame, schema: pa.Schema) -> bytes:
    """A table as a Parquet file, with the columns, types, units and definitions of its schema."""
    columns = {name: frame[name] if name in frame else [None] * len(frame) for name in schema.names}
    table = pa.table({name: _column(columns[name], schema.field(name).type) for name in schema.names}, schema=schema)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


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
        version = manifest.get("format_version")
        if version != FORMAT_VERSION:
            age = "a newer" if isinstance(version, int) and version > FORMAT_VERSION else "an older"
            raise StudyError(
                f"{self} was written by {age} version of redesign-sim (format {version}, this one reads "
                f"{FORMAT_VERSION}); use that version, or choose another folder."
            )
        return manifest

    def __truediv__(self, name: str) -> Path:
        """A file in the folder."""
        return self.place / name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from filling the folder meanwhile; the lock of a process that died is no lock."""
        lock = FileLock(self / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StudyError(f"{self} is being filled by another process; wait for it, or stop it first.") from error
        except OSError as error:
            raise StudyError(f"{self} cannot be written to: {error.strerror or error}.") from error
        try:
            yield
        finally:
            lock.release()

    def create_or_keep(self) -> None:
        """Make the folder, or keep the results that are there; a folder with something else in it is refused."""
        if self.begun:
            self.manifest()
            return
        there = self.place.exists()
        if there and (not self.place.is_dir() or {each.name for each in self.place.iterdir()} - BARE):
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

    def write_part(self, name: str, data: bytes) -> None:
        """Store a batch's runs as one part."""
        write_whole(self / RUNS / f"part-{name}.parquet", lambda temporary: temporary.write_bytes(data))

    @property
    def has_runs(self) -> bool:
        """Whether there is any part."""
        return any((self / RUNS).glob("part-*.parquet"))

    def runs(self, columns: list[str] | None = None) -> pd.DataFrame:
        """All runs, sorted by point and replication, each once; all columns, or only some."""
        parts = [pq.read_table(part, columns=columns) for part in self.parts()]
        if not parts:
            raise StudyError(f"{self} holds no runs yet.")
        frame: pd.DataFrame = pa.concat_tables(parts).to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
        keys = ["point", "replication"]
        return frame.sort_values(keys, kind="stable").drop_duplicates(keys).reset_index(drop=True)
