"""`scenario watch`: whenever a case is saved, it is checked and run again, and what changed stands on one screen.

The file is looked at a few times a second: that works on every system and on network drives, and does not mind editors
that save by putting a new file in the old one's place. Files that the case extends are looked at, too.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from redesign_sim.cli import console
from redesign_sim.scenario import Scenario, ScenarioError, load_scenario, shipped_scenarios
from redesign_sim.scenario.comparing import differences
from redesign_sim.scenario.references import nearest
from redesign_sim.study.statistics import paired_difference
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    Simulate = Callable[[Scenario, int, int], pd.DataFrame]

OFTEN = 0.3
"""Seconds between two looks."""
SETTLED = 0.1
"""Seconds that a save may take: an editor empties a file before it fills it again."""
OUTCOMES = ("integration_index", "integrated", "redesigns_completed", "proposals_started", "follower_trust")

IN_DOUBT = "~"
"""Stands beside a difference that cannot be told from zero: in words, two of them would not fit into a terminal."""

File = Annotated[str, typer.Argument(help="A scenario file of yours.", show_default=False)]
Replications = Annotated[int, typer.Option(help="Futures a save.", min=10)]
Seed = Annotated[int, typer.Option(help="Where everyone's luck comes from; each save has the same luck.", min=0)]


class Result(NamedTuple):
    """A case that could be read, and its futures."""

    case: Scenario
    futures: pd.DataFrame


class Watcher:
    """What is known of the case so far: the last result, and the one before it."""

    def __init__(self, file: str, replications: int, seed: int, simulate: Simulate) -> None:
        """Nothing has been read yet."""
        self.file, self.replications, self.seed, self.simulate = file, replications, seed, simulate
        self.last: Result | None = None
        self.first: Result | None = None

    def saved(self) -> list[str]:
        """Read the file and run it; the lines of the screen. A broken save leaves the last good result standing."""
        try:
            case = load_scenario(self.file)
        except ScenarioError as error:
            kept = ["", "Below is the last save that was sound.", "", *self._table(None)] if self.last else []
            return [console.message(error), f"{_problems(len(error.problems))}; mend it and save again.", *kept]
        before, self.last = self.last, Result(case, self.simulate(case, self.replications, self.seed))
        self.first = self.first or self.last
        return [*self._changes(before), *self._table(before)]

    def _changes(self, before: Result | None) -> list[str]:
        """What was changed since the last save."""
        if before is None or self.last is None:
            return ["Change the file and save it; Ctrl-C ends this.", ""]
        found = differences(before.case, self.last.case)
        words = [
            f"Changed: {difference}".replace(" in A", " before").replace(" in B", " now") for difference in found[:6]
        ]
        more = [f"and {len(found) - len(words)} more changes"] if len(found) > len(words) else []
        return [*(words or ["Saved, and nothing that the model reads has changed."]), *more, ""]

    def _table(self, before: Result | None) -> list[str]:
        """Outcomes, and how far they moved since the last save and since the first."""
        if self.last is None or self.first is None:
            return []
        rows = [f"{'':28}{'now':>8}   {'since the last save':<22}since the first"]
        for name in OUTCOMES:
            now = float(self.last.futures[name].astype(float).mean())
            moved = (_moved(self.last, other, name) for other in (before, self.first))
            rows.append(f"{MEASURES[name].title:28}{now:8.3f}   {next(moved):<22}{next(moved)}")
        means = f"Means of {self.replications} futures, seed {self.seed}; ± is half a 95 % interval"
        doubt = f"; {IN_DOUBT} cannot be told from 0" if any(IN_DOUBT in row for row in rows) else ""
        return [*rows, "", f"{means}{doubt}."]


def _moved(now: Result, before: Result | None, name: str) -> str:
    """How far a mean moved under the same luck, and whether it can be told from zero."""
    if before is None or before is now:
        return "-"
    pairs = [result.futures[name].astype(float) for result in (now, before)]
    known = pairs[0].notna() & pairs[1].notna()
    if not known.any():
        return "-"
    difference = paired_difference(pairs[0][known], pairs[1][known])
    half = (difference.high - difference.low) / 2
    verdict = "" if difference.told_from_zero else f" {IN_DOUBT}" if half else " (the same)"
    return f"{difference.estimate:+.3f} ± {half:.3f}{verdict}" if half else f"{difference.estimate:+.3f}{verdict}"


def watch(file: File, replications: Replications = 100, seed: Seed = 1) -> None:
    """Check and run a case again whenever you save it: what came of it, and what your last change did."""
    import redesign_sim  # noqa: PLC0415  loading the engines takes a second

    place = _own_file(file)
    console.warm_engine()
    watcher = Watcher(file, replications, seed, redesign_sim.simulate_ensemble)
    follow(place, lambda: show(file, watcher.saved()))


def _own_file(file: str) -> Path:
    """The file that is to be watched. Raises UsageError where there is none that one could save."""
    place = Path(file)
    if place.is_file():
        return place
    if file in shipped_scenarios():
        raise console.UsageError(
            f"{file} comes with the package and is not yours to change. Begin one of your own from it: "
            f"redesign-sim scenario new my_case --from {file}"
        )
    near = nearest(place.name, (other.name for other in place.parent.glob("*.y*ml")))
    hint = f'; did you mean "{near}"?' if near else "; redesign-sim scenario new my_case begins one."
    raise console.UsageError(f"There is no file {file}{hint}")


def follow(place: Path, saved: Callable[[], None], *, looks: int | None = None) -> None:
    """Call `saved` at once and after each save, until Ctrl-C (or after so many looks)."""
    seen = ""
    try:
        while looks is None or looks > 0:
            now = _state(place)
            if now and now != seen:
                time.sleep(SETTLED)
                seen = _state(place) or now
                saved()
            looks = None if looks is None else looks - 1
            time.sleep(OFTEN)
    except KeyboardInterrupt:
        console.say()
        console.say("Watching has ended; your file is as you saved it last.")


def _state(place: Path) -> str:
    """What tells one state of the file, and of the cases beside it, from another; nothing while it is not there."""
    if not place.is_file():
        return ""
    beside = {place, *place.parent.glob("*.yaml"), *place.parent.glob("*.yml")}
    return " ".join(filter(None, (_stamp(file) for file in sorted(beside))))


def _stamp(file: Path) -> str:
    try:
        seen = file.stat()
    except OSError:  # it was there a moment ago: an editor is putting another in its place
        return ""
    return f"{file.name}:{seen.st_mtime_ns}:{seen.st_size}:{seen.st_ino}"


def show(file: str, lines: list[str]) -> None:
    """One screen: it is cleared first where that is possible."""
    console.clear()
    typer.echo(f"{file}, {time.strftime('%H:%M:%S')}")
    typer.echo()
    for line in lines:
        typer.echo(line)


def _problems(number: int) -> str:
    return f"{number} problem{'s' if number > 1 else ''}"
