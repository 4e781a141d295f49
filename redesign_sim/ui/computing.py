"""Futures computed behind the page: by a few threads that all sessions share, a little for each in turn.

A desk is where one view of one session asks. What it asks anew supersedes what it asked before; a desk that is closed,
or whose page has gone, costs nothing; one that looks ahead has what nobody else needs. What has been computed is kept
for everyone, because nothing in it is anyone's.
"""

from __future__ import annotations

import os
import sys
import time
from collections import OrderedDict
from contextlib import suppress
from threading import Condition, Event, Lock, Thread, get_native_id
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from solara.server.kernel_context import without_context

from redesign_sim.engine.courses import Courses, Runner
from redesign_sim.scenario import Scenario, scenario_digest
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from redesign_sim.world.tables import Readings

A_WHILE, BRIEFLY = 0.04, 0.01
"""Seconds that a thread stays with one piece of work: after so long whatever was superseded has stopped. With one that
nobody waits for it stays a moment, so that whoever comes to wait has it soon.
"""
FIRST_RUNS, MOST_RUNS, FEWEST_RUNS = 8, 100, 4
"""Runs of the first piece of a case, of which nobody knows how long it takes (one, where nobody waits for it), of the
largest one, and of one that is shared so that all threads are done together.
"""
LONGEST_AHEAD = 30.0
"""Seconds of all threads that looking ahead from one place may take: a slow case keeps no machine busy for hours."""
A_CASE = 100_000
"""Bytes that a case takes up beside its results."""
KEPT_BYTES, KEPT_STATES = 192_000_000, 256_000_000
"""Room for results that are kept, and for the states in which cases are run."""
GIVES_WAY = 5
"""How far threads that compute stand back behind those that draw, by the system's own measure, which ends at 19."""
LOOK_AGAIN = 0.5
"""Seconds after which a page that had gone is looked for again."""


class Runs(Protocol):
    """Whatever runs replications of a case: the compiled engine, or a stand-in in a test."""

    @property
    def size(self) -> int:
        """Bytes of the states that it works in."""
        ...

    def run(self, replications: range) -> Courses:
        """Outcomes and courses, a row a replication."""
        ...


Key = tuple[str, int]
"""What decides the results of runs: a case's digest, and the seed."""


class Order(NamedTuple):
    """So many futures of a case under a seed; made by `order`."""

    case: Scenario
    seed: int
    runs: int
    key: Key


def order(case: Scenario, seed: int, runs: int) -> Order:
    """Ask for the first so many futures of a case."""
    return Order(case, seed, runs, (scenario_digest(case), seed))


class Work:
    """The futures of one case under one seed, computed so far; others may look on, the pool alone writes."""

    def __init__(self, order: Order) -> None:
        """Nothing has been computed yet."""
        self.key, self.case, self.seed = order.key, order.case, order.seed
        self.problem = ""
        self.pace = 0.0
        self.ready = 0
        self.begun = 0
        self._finished: dict[int, int] = {}
        self._rows = Courses(np.zeros((0, len(MEASURES))), np.zeros((0, order.case.horizon_months + 1)))

    def known(self, most: int | None = None) -> Courses:
        """The futures that are there, from the first on without a gap; they cannot be written to."""
        ready = self.ready if most is None else min(most, self.ready)
        return Courses(*(_sealed(part[:ready]) for part in self._rows))

    @property
    def size(self) -> int:
        """Bytes that it takes up."""
        return A_CASE + sum(part.nbytes for part in self._rows)

    def claim(self, until: int, hands: int = 1, seconds: float = A_WHILE) -> range:
        """The next replications that nobody is at yet: as many as take so long, and towards the end a hand's share."""
        first = FIRST_RUNS if seconds >= A_WHILE else 1
        runs = first if not self.pace else min(max(1, round(seconds / self.pace)), MOST_RUNS)
        runs = min(runs, max(FEWEST_RUNS, -(-(until - self.begun) // hands)))
        start, self.begun = self.begun, min(self.begun + runs, until)
        return range(start, self.begun)

    def put(self, which: range, rows: Courses, seconds: float) -> None:
        """Enter what was run, and see how far there is no gap."""
        self.pace = seconds / len(which)
        if which.stop > len(self._rows.outcomes):
            self._rows = Courses(*(_grown(part, which.stop) for part in self._rows))
        for kept, new in zip(self._rows, rows, strict=True):
            kept[which.start : which.stop] = new
        self._finished[which.start] = which.stop
        while self.ready in self._finished:
            self.ready = self._finished.pop(self.ready)


def _is_open(work: Work, until: int) -> bool:
    """Whether something of an order is left to be begun."""
    return work.begun < until and not work.problem


def _sealed(rows: Readings) -> Readings:
    """Rows that nobody can write to."""
    rows.flags.writeable = False
    return rows


def _grown(rows: Readings, least: int) -> Readings:
    """The same rows with room for more; whoever holds the old ones keeps them as they are."""
    room = np.zeros((max(least, 2 * len(rows), 128), rows.shape[1]))
    room[: len(rows)] = rows
    return room


class Desk:
    """Where a view asks for futures; `changed` is set whenever an order is fulfilled or fails."""

    def __init__(self, pool: Pool, present: Callable[[], bool] = lambda: True, *, ahead: bool = False) -> None:
        """`present` tells whether anybody still looks on; one that looks `ahead` waits while others want anything, and
        has had enough after a while.
        """
        self.changed = Event()
        self.present = present
        self.ahead = ahead
        self.orders: Sequence[Order] = ()
        self.wanted: list[tuple[Work, int]] = []
        self.lost = False
        self.served = 0
        self.spent = 0.0
        self._pool = pool

    def ask(self, orders: Sequence[Order]) -> list[Work]:
        """Want these and nothing else, in this order; returns their works, which may hold something already."""
        return self._pool.take(self, orders)

    def close(self) -> None:
        """Want nothing any more."""
        self._pool.leave(self)


class Pool:
    """A thread a core; each piece is for the desk that has had the least since it asked, so what is new comes first."""

    def __init__(self, runner: Callable[[Scenario, int], Runs] = Runner, threads: int | None = None) -> None:
        """`runner` makes what runs a case; `threads` is the number of cores where none is stated."""
        self._runner = runner
        self._threads = threads or os.cpu_count() or 1
        self._desks: list[Desk] = []
        self._works: OrderedDict[Key, Work] = OrderedDict()
        self._runners: OrderedDict[Key, Runs] = OrderedDict()
        self._building = Lock()
        self._news = Condition()
        self._started = False

    def take(self, desk: Desk, orders: Sequence[Order]) -> list[Work]:
        """Note what a desk wants now."""
        with self._news:
            desk.served, desk.spent = 0, 0.0
            before, desk.orders = desk.wanted, orders
            works = self._want(desk)
            if desk not in self._desks:
                self._desks.append(desk)
            self._forget(before)
            self._make_room()
            self._start()
            self._news.notify_all()
            desk.changed.set()
            return works

    def leave(self, desk: Desk) -> None:
        """Forget a desk."""
        with self._news:
            if desk in self._desks:
                self._desks.remove(desk)
            self._forget(desk.wanted)

    def _forget(self, wanted: Sequence[tuple[Work, int]]) -> None:
        """Forget what was wanted, is wanted by nobody now, and has not been begun."""
        still = {work.key for desk in self._desks for work, _ in desk.wanted}
        for work, _ in wanted:
            if not work.begun and work.key not in still and self._works.get(work.key) is work:
                del self._works[work.key]

    def _want(self, desk: Desk) -> list[Work]:
        """Have what a desk ordered among what is wanted."""
        works = [self._work_of(order, retry=not desk.ahead) for order in reversed(desk.orders)][::-1]
        desk.wanted = [(work, order.runs) for work, order in zip(works, desk.orders, strict=True)]
        desk.lost = False
        return works

    def _work_of(self, order: Order, *, retry: bool) -> Work:
        """What is kept of a case, or a new piece of work; what has failed is tried again for whoever waits for it."""
        work = self._works.pop(order.key, None)
        if work is None or (work.problem and retry):
            work = Work(order)
        self._works[order.key] = work
        return work

    def _make_room(self) -> None:
        """Drop what was wanted least recently where room is short, but nothing that is being looked at, and look no
        further ahead where it would not be kept. A page that has gone has what it lost computed again if it comes back.
        """
        kept = sum(each.size for each in self._works.values())
        if kept <= KEPT_BYTES:
            return
        idle = [desk for desk in self._desks if desk.ahead or not desk.present()]
        seen = {work.key for desk in self._desks if desk not in idle for work, _ in desk.wanted}
        for key in [key for key in self._works if key not in seen]:
            kept -= self._works.pop(key).size
            if kept <= KEPT_BYTES:
                break
        for desk in idle:
            kept_works = [each for each in desk.wanted if self._works.get(each[0].key) is each[0]]
            desk.lost = desk.lost or (not desk.ahead and len(kept_works) < len(desk.wanted))
            desk.wanted = kept_works

    def peek(self, order: Order) -> Work | None:
        """What is kept of a case under a seed, without wanting any of it."""
        with self._news:
            return self._works.get(order.key)

    def _start(self) -> None:
        """Start the threads, which belong to no session."""
        if not self._started:
            self._started = True
            with without_context():
                for number in range(self._threads):
                    Thread(target=self._serve, name=f"futures {number}", daemon=True).start()

    def _serve(self) -> None:
        """What a thread does all day."""
        give_way()
        while True:
            with self._news:
                task = self._next()
                while task is None:
                    self._news.wait(LOOK_AGAIN if any(desk.wanted or desk.lost for desk in self._desks) else None)
                    task = self._next()
            self._do(*task)

    def _next(self) -> tuple[Desk, Work, range] | None:
        """A piece for the desk that has had the least and that is still looked at; of equals, for the one in turn; for
        one that looks ahead only when there is nothing else, until it has had enough.
        """
        for desk in self._desks:
            if desk.lost and desk.present():
                self._want(desk)
                desk.changed.set()
        for desk in sorted(self._desks, key=lambda each: (each.ahead, each.served)):
            if desk.ahead and desk.spent >= LONGEST_AHEAD * self._threads:
                continue
            work, until = next((order for order in desk.wanted if _is_open(*order)), (None, 0))
            if work and desk.present():
                which = work.claim(until, self._threads, BRIEFLY if desk.ahead else A_WHILE)
                desk.served += len(which)
                self._desks.remove(desk)
                self._desks.append(desk)
                return desk, work, which
        return None

    def _do(self, desk: Desk, work: Work, which: range) -> None:
        began = time.perf_counter()
        try:
            runner = self._runner_of(work)
            ready = time.perf_counter()
            rows = runner.run(which)
        except Exception as error:  # noqa: BLE001  the room is told in one sentence, whatever it was
            with self._news:
                work.problem = str(error) or type(error).__name__
                self._tell(work, 0)
        else:
            with self._news:
                before, size, now = work.ready, work.size, time.perf_counter()
                work.put(which, rows, now - ready)
                desk.spent += now - began
                if work.size > size:
                    self._make_room()
                self._tell(work, before)

    def _runner_of(self, work: Work) -> Runs:
        """What runs a case; the last few are kept, as far as there is room."""
        with self._building:
            runner = self._runners.pop(work.key, None) or self._runner(work.case, work.seed)
            self._runners[work.key] = runner
            while len(self._runners) > 1 and sum(each.size for each in self._runners.values()) > KEPT_STATES:
                self._runners.popitem(last=False)
            return runner

    def _tell(self, work: Work, before: int) -> None:
        """Wake those who waited for this."""
        for desk in self._desks:
            if any(each is work and (work.problem or before < until <= work.ready) for each, until in desk.wanted):
                desk.changed.set()


def give_way() -> None:
    """Let pages be drawn before this thread goes on computing, where the system tells threads apart."""
    if sys.platform == "linux":
        with suppress(OSError):
            mine = get_native_id()
            os.setpriority(os.PRIO_PROCESS, mine, os.getpriority(os.PRIO_PROCESS, mine) + GIVES_WAY)


POOL = Pool()
"""The one that all sessions share."""


def waiting(desk: Desk, stop: Event) -> Iterator[None]:
    """Hand over each time that there is news, until told to stop (set `stop`, then `desk.changed`)."""
    while True:
        desk.changed.wait()
        desk.changed.clear()
        if stop.is_set():
            return
        yield
