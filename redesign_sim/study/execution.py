"""Running batches side by side, on anything with the interface of `concurrent.futures.Executor`.

The default is threads in this process: the compiled engine releases the interpreter while it runs. A process pool or
a cluster's executor fits in the same place; serial is one thread, not a second path.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Task = TypeVar("Task")
Done = TypeVar("Done")

AHEAD = 2
"""Tasks handed over for each worker: enough to keep it busy, few enough that memory stays flat and a stop is quick."""


def available_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


@contextmanager
def threads(number: int | None = None) -> Iterator[Executor]:
    """A pool of threads, one a core unless told otherwise; leaving it waits for what has begun and drops the rest."""
    pool = ThreadPoolExecutor(max_workers=number or available_cores(), thread_name_prefix="runs")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def as_completed(
    tasks: Iterable[Task], do: Callable[[Task], Done], executor: Executor, workers: int
) -> Iterator[tuple[Task, Done]]:
    """Hand tasks over a few at a time and give each result as it comes; an error of `do` itself is raised here.

    However it ends, what was handed over and had not begun is cancelled, so that an interrupt stops soon.
    """
    waiting = iter(tasks)
    running: dict[Future[Done], Task] = {}
    try:
        while True:
            for task in _next(waiting, AHEAD * workers - len(running)):
                running[executor.submit(do, task)] = task
            if not running:
                return
            finished = wait(running, return_when=FIRST_COMPLETED).done
            for future in finished:
                yield running.pop(future), future.result()
    finally:
        for future in running:
            future.cancel()


def _next(tasks: Iterator[Task], number: int) -> Iterator[Task]:
    """The next few tasks."""
    for _, task in zip(range(number), tasks, strict=False):
        yield task
