"""Time, by the clock and of this process's own work: whatever else the machine does lengthens only the first."""

from __future__ import annotations

import gc
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

K = TypeVar("K", bound="Hashable")


class Took(NamedTuple):
    """Seconds by the clock, and seconds of processor time of this process, all its threads together."""

    clock: float
    own: float

    def __truediv__(self, runs: float) -> Took:
        """The same for one of so many."""
        return Took(self.clock / runs, self.own / runs)


def timed(work: Callable[[], object]) -> Took:
    """How long something takes, without what the collector of garbage had to do before."""
    gc.collect()
    began = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began[0], time.process_time() - began[1])


def interleaved(works: Mapping[K, Callable[[], Took]], repeats: int) -> dict[K, list[Took]]:
    """Each in turn, so many times round, so that a busy moment of the machine hits all alike."""
    took: dict[K, list[Took]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            took[name].append(work())
    return took


def middle(took: Sequence[Took]) -> Took:
    """The medians."""
    return Took(median(each.clock for each in took), median(each.own for each in took))


def noise(took: Sequence[Took]) -> float:
    """How far apart times of the same work were by the clock, as a share of their median."""
    clocks = [each.clock for each in took]
    return (max(clocks) - min(clocks)) / median(clocks)
