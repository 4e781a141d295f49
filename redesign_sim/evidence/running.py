"""Running what claims ask for: each scenario once, however many claims ask for it, stored so that it can be resumed.

A folder holds a manifest and `runs/<block>.parquet`, each written whole: the runs of some conditions in one setting.
What is there is not run again; what was made by other rules is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import pandas as pd

from redesign_sim.engine.replications import TooManyProposals
from redesign_sim.scenario import override, scenario_digest
from redesign_sim.study.errors import StudyError
from redesign_sim.study.execution import Queue, threads
from redesign_sim.study.provenance import rules_digest, versions
from redesign_sim.study.runs import SHORT, digest_of
from redesign_sim.study.store import write_frame, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from redesign_sim.evidence.claims import Changes, Condition, Expectation, Sheets
    from redesign_sim.scenario import Scenario

SEED = 2013
"""The seed of all evidence: the year of the study."""

RUNS_A_BLOCK = 1200
"""About how many runs a block has: few enough that an interrupt loses little, many enough that files are few."""


class Simulator(Protocol):
    """Whatever turns a scenario into a row a replication with the readings asked for."""

    def __call__(self, scenario: Scenario, replications: range, seed: int, wanted: Sequence[str], /) -> pd.DataFrame:
        """Columns `replication` and each reading wanted."""
        ...


@dataclass(frozen=True, eq=False)
class Setting:
    """Where claims are tried: a case, with changes laid over it that every condition shares, and its luck."""

    case: str
    name: str = "as stated"
    changes: Changes = field(default_factory=dict)
    seed: int = SEED

    def changes_under(self, base: Scenario, condition: Condition) -> dict[str, object]:
        """All that is changed in the case under a condition here."""
        return {**self.changes, **condition.changes_to(base)}


class Asked(NamedTuple):
    """What is to be run in a setting: readings of conditions, and how many replications."""

    setting: Setting
    expectations: tuple[Expectation, ...]
    replications: int


class World(NamedTuple):
    """A case with some changes, and what is read off its runs."""

    name: str
    changes: Mapping[str, object]
    wanted: tuple[str, ...]


class Block(NamedTuple):
    """Some worlds of a setting; the name says all that its runs depend on, except the rules."""

    name: str
    base: Scenario
    worlds: tuple[World, ...]
    seed: int
    replications: int

    @property
    def runs(self) -> int:
        """How many runs it holds."""
        return len(self.worlds) * self.replications


def world_name(changes: Mapping[str, object]) -> str:
    """What a case with these changes is called: equal changes, one world."""
    return digest_of(changes)[:SHORT]


def blocks_of(asked: Asked, base: Scenario) -> list[Block]:
    """The blocks of a setting: each different world once, with every reading that any expectation wants of it."""
    worlds: dict[str, dict[str, object]] = {}
    wanted: dict[str, set[str]] = {}
    for expectation in asked.expectations:
        for condition in expectation.effect.conditions:
            changes = asked.setting.changes_under(base, condition)
            name = world_name(changes)
            worlds[name] = changes
            wanted.setdefault(name, set()).update(expectation.effect.readings)
    every = [World(name, changes, tuple(sorted(wanted[name]))) for name, changes in worlds.items()]
    many = max(1, RUNS_A_BLOCK // asked.replications)
    return [_block(asked, base, tuple(every[at : at + many])) for at in range(0, len(every), many)]


def _block(asked: Asked, base: Scenario, worlds: tuple[World, ...]) -> Block:
    """A block and its name."""
    readings = {world.name: world.wanted for world in worlds}
    name = digest_of([scenario_digest(base), readings, asked.setting.seed, asked.replications])[:SHORT]
    return Block(name, base, worlds, asked.setting.seed, asked.replications)


def run_block(block: Block, simulate: Simulator) -> pd.DataFrame:
    """The runs of a block: a row a world and replication; runs that failed have no readings."""
    frames = []
    for world in block.worlds:
        scenario = override(block.base, world.changes) if world.changes else block.base
        try:
            frame = simulate(scenario, range(block.replications), block.seed, world.wanted)
        except TooManyProposals:
            frame = _one_by_one(simulate, scenario, block, world.wanted)
        frames.append(frame[["replication", *world.wanted]].assign(world=world.name))
    return pd.concat(frames, ignore_index=True)


def _one_by_one(simulate: Simulator, scenario: Scenario, block: Block, wanted: Sequence[str]) -> pd.DataFrame:
    """Replications each by itself, so that one that outgrew its room loses only its own numbers."""
    rows = []
    for replication in range(block.replications):
        try:
            rows.append(simulate(scenario, range(replication, replication + 1), block.seed, wanted))
        except TooManyProposals:
            rows.append(pd.DataFrame({"replication": [replication], **{name: [np.nan] for name in wanted}}))
    return pd.concat(rows, ignore_index=True)


class Shelf:
    """A folder of evidence: what has been run, by block."""

    def __init__(self, place: Path) -> None:
        """Only name it."""
        self.place = place

    def open(self) -> None:
        """Make the folder, or see that what is there was made by these rules; one sentence where it was not."""
        manifest = self.place / "manifest.json"
        made_by = {"format": "redesign-sim evidence", "rules": rules_digest()}
        if not manifest.is_file():
            if self.place.exists() and any(self.place.iterdir()):
                raise StudyError(f"{self.place} holds something else; choose another folder.")
            (self.place / "runs").mkdir(parents=True, exist_ok=True)
            write_text(manifest, json.dumps({**made_by, "versions": versions()}, indent=1) + "\n")
            return
        held = json.loads(manifest.read_text(encoding="utf-8"))
        if any(held.get(key) != value for key, value in made_by.items()):
            raise StudyError(f"{self.place} was filled by other rules; choose another folder, or remove it.")

    def has(self, block: Block) -> bool:
        """Whether a block has been run."""
        return self._file(block).is_file()

    def put(self, block: Block, frame: pd.DataFrame) -> None:
        """Keep the runs of a block."""
        write_frame(self._file(block), frame)

    def get(self, block: Block) -> pd.DataFrame:
        """The runs of a block; one sentence where they cannot be read."""
        try:
            return pd.read_parquet(self._file(block))
        except (OSError, ValueError) as error:
            raise StudyError(f"{self._file(block)} cannot be read; remove it and run the evidence again.") from error

    def _file(self, block: Block) -> Path:
        return self.place / "runs" / f"{block.name}.parquet"


def run_all(
    shelf: Shelf,
    blocks: Iterable[Block],
    simulate: Simulator,
    *,
    workers: int | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> None:
    """Run every block that is not there yet, side by side; `tell` hears how many runs are done, of how many.

    An interrupt keeps what is done; the same call goes on from there.
    """
    every = list({block.name: block for block in blocks}.values())
    missing = [block for block in every if not shelf.has(block)]
    runs = sum(block.runs for block in every)
    done = runs - sum(block.runs for block in missing)
    hear = tell or _nobody
    hear(done, runs)
    with threads(workers) as crew:
        queue = Queue(iter(missing), partial(_run_and_keep, shelf, simulate), crew)
        for block, _ in queue.completed():
            done += block.runs
            hear(done, runs)


def _nobody(_done: int, _runs: int) -> None:
    """Nobody listens."""


def _run_and_keep(shelf: Shelf, simulate: Simulator, block: Block) -> None:
    shelf.put(block, run_block(block, simulate))


def sheets_of(asked: Asked, shelf: Shelf, base: Scenario) -> Sheets:
    """The runs of a setting's conditions by name, in the order of replications."""
    held = pd.concat([shelf.get(block) for block in blocks_of(asked, base)])
    by_world = {str(name): rows.sort_values("replication") for name, rows in held.groupby("world")}
    return {
        condition.name: by_world[world_name(asked.setting.changes_under(base, condition))]
        for each in asked.expectations
        for condition in each.effect.conditions
    }
