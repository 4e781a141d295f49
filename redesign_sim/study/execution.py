"""Running batches side by side, on anything with the interface of `concurrent.futures.Executor`.

The default is threads in this process: the compiled engine releases the interpreter while it runs. Processes serve the
Mesa engine, a Dask scheduler serves many machines; serial is one thread, not a second path. Where a process may die,
only the task that it was at is in question: it is halved until the guilty run is known.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Task = TypeVar("Task")
Done = TypeVar("Done")

AHEAD = 2
"""Tasks handed over for each worker: enough to keep it busy, few enough that memory stays flat and a stop is quick."""


ANSWER = "10s"
"""How long a scheduler may take to answer."""


def available_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


@dataclass
class Crew:
    """Whoever does the work: an executor, and how many tasks it does at once now.

    `remote`: tasks travel, so they should be few and long; `killed_by`: what is raised for a task whose process died,
    and for that task alone.
    """

    executor: Executor
    size: Callable[[], int]
    remote: bool = False
    killed_by: tuple[type[BaseException], ...] = ()

    @property
    def ahead(self) -> int:
        """How many tasks it should have at hand."""
        return AHEAD * self.size()


@contextmanager
def threads(number: int | None = None) -> Iterator[Crew]:
    """Threads in this process, one a core unless told otherwise; leaving drops what has not begun."""
    number = number or available_cores()
    pool = ThreadPoolExecutor(max_workers=number, thread_name_prefix="runs")
    try:
        yield Crew(pool, lambda: number)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def processes(number: int | None = None) -> Iterator[Crew]:
    """Processes started afresh, one a core unless told otherwise; one that dies is replaced."""
    number = number or available_cores()
    pool = Processes(number)
    try:
        yield Crew(pool, lambda: number, killed_by=(BrokenExecutor,))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class Processes(Executor):
    """Processes that each do one task at a time, so that one that dies takes only its own task with it.

    One pool of many processes would lose everything that was under way, and not say which task it was.
    """

    def __init__(self, number: int) -> None:
        """Start none yet; each comes with its first task."""
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="processes")
        self._idle: deque[ProcessPoolExecutor] = deque()

    def submit(self, task: Callable[..., Done], /, *given: Any, **named: Any) -> Future[Done]:  # noqa: ANN401
        """Do a task in a process; raises BrokenExecutor from its future where that process dies."""
        return self._threads.submit(self._do, task, *given, **named)

    def _do(self, task: Callable[..., Done], /, *given: Any, **named: Any) -> Done:  # noqa: ANN401
        try:
            process = self._idle.pop()
        except IndexError:
            process = _process()
        try:
            done = process.submit(task, *given, **named).result()
        except BrokenExecutor:
            process.shutdown(wait=False)
            raise
        except BaseException:  # the task failed, its process did not
            self._idle.append(process)
            raise
        self._idle.append(process)
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  as inherited
        """Finish what has begun, drop the rest if asked to, and let the processes go."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        while self._idle:
            self._idle.pop().shutdown(wait)


def _process() -> ProcessPoolExecutor:
    """A process of its own, up and running."""
    spawn = multiprocessing.get_context("spawn")
    process = ProcessPoolExecutor(1, spawn, initializer=_attend)
    try:
        process.submit(available_cores).result()
    except BrokenExecutor as error:
        raise StudyError(
            "A process cannot be started here; a script that runs a study in processes has to do so under "
            "`if __name__ == '__main__':`."
        ) from error
    return process


def _attend() -> None:
    """What a process does first: leave stopping to the one that started it, and go when that one is gone."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    threading.Thread(target=_go_with_parent, daemon=True).start()


def _go_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def given(executor: Executor, workers: int | None = None) -> Iterator[Crew]:
    """An executor that somebody else made and will shut down."""
    number = workers or available_cores()
    yield Crew(executor, lambda: number)


@contextmanager
def cluster(address: str, *, rules: str) -> Iterator[Crew]:
    """The workers of a Dask scheduler that is already running, all of which must have these very rules.

    Workers may come and go meanwhile; each that comes is asked for its rules with its first task.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise StudyError(
            f"No Dask scheduler answers at {address}; start one, or give the address it prints."
        ) from error
    try:
        _same_rules(client, rules)
        executor = client.get_executor(pure=False)
        yield Crew(executor, partial(_size, client), remote=True, killed_by=(distributed.KilledWorker,))
    finally:
        client.close()


def _size(client: Any) -> int:  # noqa: ANN401  distributed ships no types
    """How many tasks the workers do at once now; those that are gone may come again."""
    return max(1, sum(client.nthreads().values())) if client.status == "running" else 1


def _distributed() -> Any:  # noqa: ANN401  a module
    try:
        import distributed  # noqa: PLC0415  an extra
    except ImportError as error:
        raise StudyError("A cluster needs Dask: pip install 'redesign-sim[cluster]'.") from error
    return distributed


def _same_rules(client: Any, rules: str) -> None:  # noqa: ANN401  distributed ships no types
    from redesign_sim.study.provenance import rules_digest  # noqa: PLC0415  what each worker is asked

    try:
        client.wait_for_workers(1, timeout=30)
    except TimeoutError as error:
        raise StudyError("The Dask scheduler has no workers yet; start some, or wait until they have begun.") from error
    try:
        digests = client.run(rules_digest)
    except (ImportError, AttributeError) as error:
        raise StudyError(
            "The workers of the cluster do not have redesign-sim as it is here; install it there."
        ) from error
    others = [worker for worker, digest in digests.items() if digest != rules]
    if others:
        raise StudyError(f"The worker {others[0]} has other rules than this machine; install the same version there.")


# --- tasks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crash:
    """A single run that took its process down, the second time while nothing else was under way."""

    words: str


@dataclass
class Queue(Generic[Task, Done]):
    """Tasks on their way through a crew."""

    waiting: Iterator[Task]
    do: Callable[[Task], Done]
    crew: Crew
    running: dict[Future[Done], Task] = field(default_factory=dict)
    halved: deque[Task] = field(default_factory=deque)
    suspects: deque[Task] = field(default_factory=deque)

    def completed(self) -> Iterator[tuple[Task, Done | Crash]]:
        """Hand tasks over a few at a time and give each result as it comes; an error of `do` itself is raised here.

        A task whose process dies is halved and run again until the one run that does it is known; that comes back as
        a `Crash`, once it has done it a second time with nothing else under way.
        """
        while True:
            self._hand_over()
            if not self.running:
                break
            for future in wait(self.running, return_when=FIRST_COMPLETED).done:
                yield from self._settled(self.running.pop(future), future)
        while self.suspects:
            yield self._tried_alone(self.suspects.popleft())

    def _hand_over(self) -> None:
        """As many tasks as the crew can use."""
        for task in islice(chain(_drained(self.halved), self.waiting), max(0, self.crew.ahead - len(self.running))):
            self.running[self.crew.executor.submit(self.do, task)] = task

    def _settled(self, task: Any, future: Future[Done]) -> Iterator[tuple[Task, Done]]:  # noqa: ANN401
        """What came of a task; one whose process died is halved, or put aside if it is one run."""
        try:
            done = self._result(future)
        except self.crew.killed_by:
            if task.runs > 1:
                self.halved.extend(task.halves())
            else:
                self.suspects.append(task)
        else:
            yield task, done

    def _tried_alone(self, task: Task) -> tuple[Task, Done | Crash]:
        """A suspect again, with nothing else under way."""
        try:
            return task, self._result(self.crew.executor.submit(self.do, task))
        except self.crew.killed_by as error:
            return task, Crash(f"The process that ran it died, twice ({type(error).__name__}).")

    @staticmethod
    def _result(future: Future[Done]) -> Done:
        try:
            return future.result()
        except CancelledError as error:
            raise StudyError("Whoever ran this is gone; what is done is kept, and resume goes on.") from error

    def under_way(self) -> Iterator[tuple[Task, Done]]:
        """After an interrupt: drop what has not begun, wait for what has, and give what came of it."""
        begun = {future: task for future, task in self.running.items() if not future.cancel()}
        wait(begun)
        for future, task in begun.items():
            if future.exception() is None:
                yield task, future.result()

    def drop(self) -> None:
        """Cancel what has not begun, so that an end comes soon."""
        for future in self.running:
            future.cancel()


def _drained(tasks: deque[Task]) -> Iterator[Task]:
    """Tasks one by one, each taken out."""
    while tasks:
        yield tasks.popleft()
