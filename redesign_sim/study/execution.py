"""Running batches side by side, on anything with the interface of `concurrent.futures.Executor`.

The default is threads in this process: the compiled engine releases the interpreter while it runs. Processes serve the
Mesa engine, a Dask scheduler serves many machines; serial is one thread, not a second path. Where a process may die,
what it was at is run again alone and halved until the guilty task is known.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Task = TypeVar("Task")
Done = TypeVar("Done")

AHEAD = 2
"""Tasks handed over for each worker: enough to keep it busy, few enough that memory stays flat and a stop is quick."""

STRIKES = 2
"""How often a single task may take its worker down before it is held guilty."""


def available_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


@dataclass
class Crew:
    """Whoever does the work: an executor, how many tasks it does at once, and how to get another if it breaks.

    `remote`: tasks travel, so they should be few and long.
    """

    executor: Executor
    workers: int
    again: Callable[[], Executor] | None = None
    remote: bool = False
    broken_by: tuple[type[BaseException], ...] = field(default=(BrokenExecutor,))

    def replace(self, error: BaseException) -> None:
        """Another executor for one that broke."""
        if self.again is None:
            raise StudyError("The executor broke down; what is done is kept, and resume goes on.") from error
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.again()

    def dismiss(self) -> None:
        """Wait for what has begun and drop the rest."""
        self.executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def threads(number: int | None = None) -> Iterator[Crew]:
    """Threads in this process, one a core unless told otherwise."""
    number = number or available_cores()
    yield from _at_work(Crew(ThreadPoolExecutor(max_workers=number, thread_name_prefix="runs"), number))


@contextmanager
def processes(number: int | None = None) -> Iterator[Crew]:
    """Processes started afresh, one a core unless told otherwise; one that dies is replaced."""
    number = number or available_cores()

    def fresh() -> Executor:
        return ProcessPoolExecutor(max_workers=number, mp_context=get_context("spawn"))

    yield from _at_work(Crew(fresh(), number, fresh, remote=True))


@contextmanager
def given(executor: Executor, workers: int | None = None) -> Iterator[Crew]:
    """An executor that somebody else made and will shut down."""
    yield Crew(executor, workers or available_cores())


@contextmanager
def cluster(address: str, *, rules: str) -> Iterator[Crew]:
    """The workers of a Dask scheduler that is already running, all of which must have these very rules."""
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise StudyError(
            f"No Dask scheduler answers at {address}; start one, or give the address it prints."
        ) from error
    try:
        _same_rules(client, rules)
        workers = sum(client.nthreads().values())
        lost = (distributed.KilledWorker, distributed.client.FutureCancelledError)
        yield Crew(client.get_executor(pure=False), workers, lambda: _reached(client), remote=True, broken_by=lost)
    finally:
        client.close()


def _distributed() -> Any:  # noqa: ANN401  a module
    try:
        import distributed  # noqa: PLC0415  an extra
    except ImportError as error:
        raise StudyError("A cluster needs Dask: pip install 'redesign-sim[cluster]'.") from error
    return distributed


def _reached(client: Any) -> Executor:  # noqa: ANN401  distributed ships no types
    """The scheduler's executor anew, while there is a scheduler."""
    if client.status != "running" or not client.nthreads():
        raise StudyError("The Dask scheduler or all of its workers are gone; what is done is kept, and resume goes on.")
    executor: Executor = client.get_executor(pure=False)
    return executor


def _same_rules(client: Any, rules: str) -> None:  # noqa: ANN401  distributed ships no types
    from redesign_sim.study.provenance import rules_digest  # noqa: PLC0415  what each worker is asked

    try:
        client.wait_for_workers(1, timeout=30)
        digests = client.run(rules_digest)
    except (TimeoutError, ImportError, ModuleNotFoundError) as error:
        raise StudyError("The cluster has no workers on which redesign-sim is installed.") from error
    others = [worker for worker, digest in digests.items() if digest != rules]
    if others:
        raise StudyError(f"The worker {others[0]} has other rules than this machine; install the same version there.")


def _at_work(crew: Crew) -> Iterator[Crew]:
    try:
        yield crew
    finally:
        crew.dismiss()


# --- tasks ------------------------------------------------------------------------------------------------------------


class Divisible(Protocol):
    """A task that can be halved until it is one run."""

    @property
    def runs(self) -> int:
        """How many runs it holds."""
        ...

    def halves(self) -> tuple[Any, Any]:
        """The task in two."""
        ...


@dataclass(frozen=True)
class Crash:
    """A single run that took its worker down, alone, more than once."""

    words: str


@dataclass
class _Queue(Generic[Task, Done]):
    """Tasks on their way through a crew."""

    waiting: Iterator[Task]
    do: Callable[[Task], Done]
    crew: Crew
    running: dict[Future[Done], Task] = field(default_factory=dict)
    suspects: deque[tuple[Task, int]] = field(default_factory=deque)

    def hand_over(self) -> None:
        """As many tasks as the crew can use; none while a suspect is to be run alone."""
        while not self.suspects and len(self.running) < AHEAD * self.crew.workers:
            try:
                task = next(self.waiting)
            except StopIteration:
                return
            self._submit(task)

    def _submit(self, task: Task) -> None:
        try:
            self.running[self.crew.executor.submit(self.do, task)] = task
        except self.crew.broken_by as error:
            self.suspects.append((task, 0))
            self._fallen(error)

    def finished(self) -> Iterator[tuple[Task, Done]]:
        """Wait for one, and give what is done; if the crew broke, what was under way is suspected."""
        for future in wait(self.running, return_when=FIRST_COMPLETED).done:
            if future not in self.running:
                continue
            task = self.running.pop(future)
            try:
                yield task, future.result()
            except self.crew.broken_by as error:
                self.suspects.append((task, 0))
                self._fallen(error)

    def _fallen(self, error: BaseException) -> None:
        """Whatever was under way may be what broke the crew, unless it is done all the same."""
        self.suspects.extend((task, 0) for task in self.running.values())
        self.running.clear()
        self.crew.replace(error)

    def cleared(self) -> Iterator[tuple[Task, Done | Crash]]:
        """Run suspects one at a time: what breaks the crew alone is guilty, or holds who is."""
        while self.suspects:
            task, strikes = self.suspects.popleft()
            try:
                yield task, self.crew.executor.submit(self.do, task).result()
            except self.crew.broken_by as error:
                self.crew.replace(error)
                yield from self._judged(task, strikes + 1, error)

    def _judged(self, task: Any, strikes: int, error: BaseException) -> Iterator[tuple[Task, Crash]]:  # noqa: ANN401
        if task.runs > 1:
            self.suspects.extendleft((half, 0) for half in reversed(task.halves()))
        elif strikes < STRIKES:
            self.suspects.appendleft((task, strikes))
        else:
            yield task, Crash(f"The process that ran it died, {STRIKES} times: {type(error).__name__}: {error}")


def as_completed(tasks: Iterable[Task], do: Callable[[Task], Done], crew: Crew) -> Iterator[tuple[Task, Done | Crash]]:
    """Hand tasks over a few at a time and give each result as it comes; an error of `do` itself is raised here.

    A task on which a process dies is halved and run again until the one run that does it is known; that comes back as
    a `Crash`. However it ends, what was handed over and had not begun is cancelled, so that an interrupt stops soon.
    """
    queue: _Queue[Task, Done] = _Queue(iter(tasks), do, crew)
    try:
        while True:
            queue.hand_over()
            if queue.running:
                yield from queue.finished()
            elif queue.suspects:
                yield from queue.cleared()
            else:
                return
    finally:
        for future in queue.running:
            future.cancel()
