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

AT_A_TIME = 6
"""Scenarios of a block: few enough that an interrupt loses little."""


class Simulator(Protocol):
    """Whatever turns a scenario into a row a replication with the readings asked for."""

    def __call__(self, scenario: Scenario, replications: range, seed: int, wanted: Sequence[str], /) -> pd.DataFrame:
        """Columns `replication` and each reading wanted."""
        ...


@dataclass(frozen=True)
class Setting:
    """Where claims are tried: a case, with changes laid over it that every condition shares, and its luck."""

    case: str
    name: str = "as stated"
    changes: Changes = field(default_factory=dict)
    seed: int = SEED

    def scenario(self, base: Scenario, condition: Condition) -> Scenario:
        """The case as it stands under a condition here."""
        changes = {**self.changes, **condition.changes_to(base)}
        return override(base, changes) if changes else base


class Asked(NamedTuple):
    """What is to be run in a setting: readings of conditions, and how many replications."""

    setting: Setting
    expectations: tuple[Expectation, ...]
    replications: int


class Block(NamedTuple):
    """Some scenarios of a setting, and what is read off their runs."""

    name: str
    setting: Setting
    scenarios: tuple[tuple[str, Scenario], ...]
    wanted: Mapping[str, tuple[str, ...]]
    replications: int

    @property
    def runs(self) -> int:
        """How many runs it holds."""
        return len(self.scenarios) * self.replications


def blocks_of(asked: Asked, base: Scenario) -> list[Block]:
    """The blocks of a setting: each different scenario once, with every reading that any expectation wants of it."""
    scenarios: dict[str, Scenario] = {}
    wanted: dict[str, set[str]] = {}
    for expectation in asked.expectations:
        for condition in expectation.effect.conditions:
            scenario = asked.setting.scenario(base, condition)
            digest = scenario_digest(scenario)[:SHORT]
            scenarios[digest] = scenario
            wanted.setdefault(digest, set()).update(expectation.effect.readings)
    digests = list(scenarios)
    return [
        _block(asked, {digest: scenarios[digest] for digest in digests[at : at + AT_A_TIME]}, wanted)
        for at in range(0, len(digests), AT_A_TIME)
    ]


def _block(asked: Asked, scenarios: Mapping[str, Scenario], wanted: Mapping[str, set[str]]) -> Block:
    """A block named by all that its runs depend on."""
    readings = {digest: tuple(sorted(wanted[digest])) for digest in scenarios}
    name = digest_of([readings, asked.setting.seed, asked.replications])[:SHORT]
    return Block(name, asked.setting, tuple(scenarios.items()), readings, asked.replications)


def run_block(block: Block, simulate: Simulator) -> pd.DataFrame:
    """The runs of a block: a row a scenario and replication; runs that failed have no readings."""
    frames = []
    for digest, scenario in block.scenarios:
        wanted = block.wanted[digest]
        try:
            frame = simulate(scenario, range(block.replications), block.setting.seed, wanted)
        except TooManyProposals:
            frame = _one_by_one(simulate, scenario, block, wanted)
        frames.append(frame[["replication", *wanted]].assign(scenario=digest))
    return pd.concat(frames, ignore_index=True)


def _one_by_one(simulate: Simulator, scenario: Scenario, block: Block, wanted: Sequence[str]) -> pd.DataFrame:
    """Replications each by itself, so that one that outgrew its room loses only its own numbers."""
    rows = []
    for replication in range(block.replications):
        try:
            rows.append(simulate(scenario, range(replication, replication + 1), block.setting.seed, wanted))
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
    by_scenario = {str(digest): rows.sort_values("replication") for digest, rows in held.groupby("scenario")}
    names: dict[str, Condition] = {
        condition.name: condition for each in asked.expectations for condition in each.effect.conditions
    }
    return {
        name: by_scenario[scenario_digest(asked.setting.scenario(base, condition))[:SHORT]]
        for name, condition in names.items()
    }
