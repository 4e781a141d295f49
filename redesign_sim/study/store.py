"""A study's results folder: written so that what is there is whole, and read so that what is not whole is noticed.

study.yaml             what was asked, frozen
scenarios/             the cases, resolved: nothing outside the folder is needed to run it again
manifest.json          versions, digests of rules and scenarios, scheme of seeds, columns, platform, counts
design.parquet         a row a point: case, levers, the mix as realised in people
runs/part-*.parquet    a row a run: point, replication, outcomes, and why it failed if it did
monthly/part-*.parquet a row a run and month, where the study asks for courses; named as the part of their runs
failures.jsonl         a line a failed run: which, where, its settings and trace, and how to run it again

Only the process that holds the lock writes here; whoever reads changes nothing.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from redesign_sim.scenario.references import nearest
from redesign_sim.study.columns import KEYS, as_file, described
from redesign_sim.study.errors import StudyError
from redesign_sim.study.provenance import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt

MANIFEST, STUDY, DESIGN, SCENARIOS = "manifest.json", "study.yaml", "design.parquet", "scenarios"
RUNS, MONTHLY, FAILURES, SUMMARY = "runs", "monthly", "failures.jsonl", "summary.csv"
LOCK, HOLDER = ".lock", ".filled-by"
BARE = {RUNS, MONTHLY, SCENARIOS, STUDY, DESIGN, LOCK, HOLDER}
"""What may stand in a folder whose beginning was cut short before the manifest was written."""

PATIENCE = 1.0
"""Seconds to wait for a folder: whoever only asks whether it is being filled holds it for a moment."""

FORMAT = "redesign-sim study"
FORMAT_VERSION = 3


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under a temporary name, force it to disk, then give it its name: it is there whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StudyError(f"{path} cannot be written: {error.strerror or error}.") from error
    except BaseException:  # an interrupt may come at any moment
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file whole."""
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes whole."""
    write_whole(path, lambda temporary: temporary.write_bytes(data))


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a table whole, in the types that it has."""
    write_bytes(path, as_file(pa.Table.from_pandas(frame, preserve_index=False)))


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

    def _no_study(self) -> str:
        """What is said of a folder that is none, or holds none, with one beside it that is probably meant."""
        beside = {each.parent.name: each.parent for each in sorted(self.place.parent.glob(f"*/{MANIFEST}"))}
        near = nearest(self.place.name, beside)
        hint = f'; did you mean "{beside[near]}"?' if near else "."
        if self.place.is_dir():
            return f"{self} holds no study: there is no {MANIFEST} in it{hint}"
        return f"There is no folder {self}{hint}"

    def manifest(self) -> dict[str, Any]:
        """What made this folder; one sentence where there is none, or one that this version cannot read."""
        try:
            manifest: dict[str, Any] = json.loads((self.place / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise StudyError(self._no_study()) from error
        except (OSError, ValueError) as error:
            raise StudyError(f"{self / MANIFEST} cannot be read: {error}.") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise StudyError(f"{self} was not written by redesign-sim; choose another folder.")
        self._readable(manifest.get("format_version"))
        return manifest

    def _readable(self, version: object) -> None:
        """Refuse a format that this version does not know."""
        if version != FORMAT_VERSION:
            age = "a newer" if isinstance(version, int) and version > FORMAT_VERSION else "an older"
            raise StudyError(
                f"{self} was written by {age} version of redesign-sim (format {version}, this one reads "
                f"{FORMAT_VERSION}); use that version, or choose another folder."
            )

    def __truediv__(self, name: str) -> Path:
        """A file in the folder."""
        return self.place / name

    # Whose it is

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from filling the folder meanwhile.

        The lock is the operating system's own: that of a process that was killed is gone with it, on Windows, too.
        """
        lock = FileLock(self / LOCK, thread_local=False)
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout as error:
            raise StudyError(f"{self} is being filled by {self._holder()}; wait for it, or stop it first.") from error
        except OSError as error:
            raise StudyError(f"{self} cannot be written to: {error.strerror or error}.") from error
        try:
            write_text(self / HOLDER, f"process {os.getpid()} on {platform.node()} since {now()}")
            yield
        finally:
            (self / HOLDER).unlink(missing_ok=True)
            lock.release()

    def _holder(self) -> str:
        """Who fills the folder, in words."""
        try:
            return (self / HOLDER).read_text(encoding="utf-8")
        except OSError:
            return "another process"

    @property
    def filled_by(self) -> str | None:
        """Who fills the folder now, in words; nobody: None."""
        if not (self / LOCK).is_file():
            return None
        lock = FileLock(self / LOCK, thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return self._holder()
        except OSError:  # one may only read here; whoever fills it has left word
            return self._holder() if (self / HOLDER).is_file() else None
        lock.release()
        return None

    def create_or_keep(self) -> None:
        """Make the folder, or keep the results that are there; a folder with something else in it is refused."""
        if self.begun:
            self.manifest()
            return
        if self.place.exists() and not self._may_be_begun():
            raise StudyError(f"{self} holds something else; choose another folder.")
        try:
            self.place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(f"{self} cannot be made: {error.strerror or error}.") from error

    def _may_be_begun(self) -> bool:
        """Whether it is empty, or was begun by a process that was killed at it: its lock is there, and no runs."""
        if not self.place.is_dir():
            return False
        held = {each.name for each in self.place.iterdir()}
        known = {
            name
            for name in held
            if name in BARE or name.startswith((f".{MANIFEST}.", f".{STUDY}.", f".{DESIGN}.", f".{HOLDER}."))
        }
        return not held or (LOCK in held and held == known and not self.has_runs)

    def make_shelves(self, *, monthly: bool) -> None:
        """Make the folders inside it."""
        for name in (SCENARIOS, RUNS, *([MONTHLY] if monthly else [])):
            try:
                (self / name).mkdir(exist_ok=True)
            except OSError as error:
                raise StudyError(f"{self / name} cannot be made: {error.strerror or error}.") from error

    # Parts

    def parts(self, shelf: str = RUNS) -> list[Path]:
        """The parts by name; of courses those whose runs are there."""
        held = sorted((self / shelf).glob("part-*.parquet"))
        return held if shelf == RUNS else [part for part in held if (self / RUNS / part.name).is_file()]

    @property
    def has_runs(self) -> bool:
        """Whether there is any part."""
        return any((self / RUNS).glob("part-*.parquet"))

    def keep(self, name: str, files: Mapping[str, bytes]) -> None:
        """Store a batch: its courses first, because a run counts as there when its row in `runs` is."""
        for shelf in sorted(files, key=lambda shelf: shelf == RUNS):
            write_bytes(self / shelf / f"part-{name}.parquet", files[shelf])

    def tidy(self, schemas: Mapping[str, pa.Schema]) -> None:
        """Set aside parts that are broken or have other columns, and drop what a killed process left half written.

        Only for whoever holds the folder.
        """
        for shelf in (self.place, self / SCENARIOS, *(self / name for name in schemas)):
            for rest in shelf.glob(".*.*"):
                rest.unlink()
        broken = {
            part.name for shelf, schema in schemas.items() for part in self.parts(shelf) if not sound(part, schema)
        }
        for part in (self / shelf / name for shelf in schemas for name in broken):
            if part.is_file():
                part.replace(part.with_suffix(".broken"))
        for part in (self / MONTHLY).glob("part-*.parquet"):
            if not (self / RUNS / part.name).is_file():
                part.unlink()

    def tables(self, columns: Sequence[str], shelf: str = RUNS) -> Iterator[pa.Table]:
        """The parts one after the other, of each only the columns that are asked for."""
        for part in self.parts(shelf):
            yield read_part(part, columns)

    def sound_tables(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """The same, without parts that cannot be read: a folder may be looked at in any state."""
        for part in self.parts():
            try:
                yield read_part(part, columns)
            except StudyError:
                continue

    @property
    def broken(self) -> int:
        """How many parts cannot be read."""
        return len(self.parts()) - sum(1 for _ in self.sound_tables(["point"]))

    def pace(self, parts: int = 20) -> float | None:
        """Runs a second over the last few parts; None where there are too few to say."""
        latest = sorted(((part.stat().st_mtime, part) for part in self.parts()), reverse=True)[:parts]
        seconds = latest[0][0] - latest[-1][0] if latest else 0.0
        runs = sum(_rows(part) for _, part in latest[:-1])
        return runs / seconds if seconds > 0.0 else None

    def row(self, asked: Mapping[str, object]) -> dict[str, Any] | None:
        """The first run with these values, as a row; None where there is none."""
        conditions = [(name, "==", value) for name, value in asked.items()]
        for part in self.parts():
            found = read_part(part, None, conditions)
            if found.num_rows:
                return dict(found.slice(0, 1).to_pylist()[0])
        return None

    def runs(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """All runs, sorted by point and replication, each once; all columns, or only some."""
        return self._sorted(RUNS, KEYS, columns)

    def monthly(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """All courses, sorted by point, replication and month; all, or only some."""
        return self._sorted(MONTHLY, (*KEYS, "month"), columns)

    def _sorted(self, shelf: str, keys: tuple[str, ...], columns: Sequence[str] | None) -> pd.DataFrame:
        asked = None if columns is None else list(dict.fromkeys([*keys, *columns]))
        parts = [read_part(part, asked) for part in self.parts(shelf)]
        if not parts:
            raise StudyError(f"{self} holds no {'runs' if shelf == RUNS else 'courses'} yet.")
        whole = pa.concat_tables(parts)
        parts.clear()
        whole = whole.take(_in_order([whole[key].to_numpy() for key in keys]))
        frame: pd.DataFrame = whole.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
        return frame


def _in_order(keys: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.intp]:
    """The places of rows in the order of their keys, each key once."""
    order = np.lexsort(keys[::-1])
    new = np.zeros(len(order), np.bool_)
    new[:1] = True
    for key in keys:
        new[1:] |= key[order[1:]] != key[order[:-1]]
    return order[new]


def read_part(
    part: Path, columns: Sequence[str] | None, where: list[tuple[str, str, object]] | None = None
) -> pa.Table:
    """Some columns of a part, or all, of some rows, or all; one sentence where it cannot be read."""
    try:
        return pq.read_table(part, columns=None if columns is None else list(columns), filters=where)
    except (pa.ArrowException, OSError) as error:
        raise StudyError(
            f"{part} cannot be read (was it cut short?); redesign-sim resume {part.parents[1]} sets it aside and runs "
            "it again."
        ) from error


def _rows(part: Path) -> int:
    """How many rows a part has; none if it is broken."""
    try:
        return int(pq.read_metadata(part).num_rows)
    except (pa.ArrowException, OSError):
        return 0


def sound(part: Path, schema: pa.Schema) -> bool:
    """Whether a part is whole, as far as its end can say, and has the columns of the study."""
    try:
        return described(pq.read_schema(part)) == described(schema)
    except (pa.ArrowException, OSError):
        return False
