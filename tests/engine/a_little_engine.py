"""An entry of the engine that is compiled in a moment, in a process of its own that says what became of it.

python a_little_engine.py PLACE ROLE: `first` begins to compile, says so by a file in PLACE, and goes on when it is told
that another waits; `second` says by a file that it waits; `stopped` is stopped as by Ctrl-C half-way; `plain` does
nothing of that. Prints what was told, and how often the entry was compiled and how often it was loaded.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from redesign_sim.engine import waiting
from redesign_sim.engine.compiling import compiled
from redesign_sim.rulekit import jitable

if TYPE_CHECKING:
    from collections.abc import Callable


def made() -> Callable[[float], float]:
    @jitable
    def nameless(number: float) -> float:
        return number / 2.0

    return nameless


half = made()


@jitable
def a_third_of(number: float) -> float:
    return number / 3.0


@jitable
def sixth(number: float) -> float:
    return half(a_third_of(number))


def little(numbers):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    numbers[0] = sixth(numbers[1])


def until(file: Path) -> None:
    for _ in range(20_000):
        if file.exists():
            return
        time.sleep(0.01)
    sys.exit(f"{file.name} never came")


def main(place: Path, role: str) -> None:
    told: list[tuple[str, float]] = []

    def watch(progress: waiting.Progress) -> None:
        told.append(progress)
        if role == "first" and progress.what == "little":
            (place / "begun").touch()
            until(place / "waits")
        if role == "second" and progress.what == waiting.ELSEWHERE:
            (place / "waits").touch()
        if role == "stopped" and progress.what == "a third of":
            raise KeyboardInterrupt

    if role == "second":
        until(place / "begun")
    entry, numbers, stopped = compiled(little), np.array([0.0, 12.0]), False
    try:
        with waiting.watched(watch):
            entry(numbers)
    except KeyboardInterrupt:
        stopped = True
    stats = entry.entry.stats  # type: ignore[attr-defined]
    compilings, loadings = sum(stats.cache_misses.values()), sum(stats.cache_hits.values())
    result = {"told": told, "compiled": compilings, "loaded": loadings, "result": numbers[0], "stopped": stopped}
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
