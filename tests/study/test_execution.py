"""Tasks go side by side, a few at a time, and an interrupt drops what has not begun."""

from __future__ import annotations

import time
from concurrent.futures import Executor, Future
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest

from redesign_sim.study.execution import AHEAD, Crew, Queue, threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Waiting(Executor):
    """Takes tasks and does them only when asked to."""

    def __init__(self) -> None:
        self.held: list[Future[Any]] = []

    def submit(self, _: Callable[..., Any], /, *__: object, **___: object) -> Future[Any]:
        future: Future[Any] = Future()
        self.held.append(future)
        if len(self.held) == AHEAD * 2:
            self.held[0].set_result("done")
        return future


def test_only_a_few_tasks_are_handed_over_and_the_rest_is_dropped_when_it_ends() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    pool = Waiting()
    queue = Queue(tasks(), str, Crew(pool, lambda: 2))
    assert next(queue.completed()) == (0, "done")
    assert taken == list(range(AHEAD * 2))
    queue.drop()
    assert [future.cancelled() for future in pool.held] == [False, True, True, True]


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_every_task_is_done_once(workers: int) -> None:
    with threads(workers) as pool:
        done = dict(Queue(iter(range(50)), lambda number: number * number, pool).completed())
    assert done == {number: number * number for number in range(50)}


def test_tasks_run_side_by_side() -> None:
    lock, running, most = Lock(), [0], [0]

    def work(_: int) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1

    with threads(3) as pool:
        list(Queue(iter(range(9)), work, pool).completed())
    assert most == [3]


def test_an_error_of_the_work_itself_is_raised() -> None:
    with threads(1) as pool, pytest.raises(OSError, match="disk"):
        list(Queue(iter([1]), _fails, pool).completed())


def _fails(_: int) -> None:
    raise OSError("disk")
