"""Futures come in order, stop when nobody wants them, are shared fairly, and are kept within bounds."""

from __future__ import annotations

import os
import sys
from threading import Event, Thread, get_native_id
from typing import TYPE_CHECKING

import numpy as np
import pytest

from redesign_sim.ui import computing
from redesign_sim.ui.computing import Desk, Pool, Work, order, waiting
from redesign_sim.ui.ensembles import _rests
from tests.ui.conftest import PATIENCE, Bench, Watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.engine.courses import Courses
    from redesign_sim.scenario import Scenario

    Case = Callable[[str], Scenario]


def until(desk: Desk, done: Callable[[], bool]) -> None:
    """Wait for news at a desk until there is enough."""
    while not done():
        assert desk.changed.wait(PATIENCE), "no news came"
        desk.changed.clear()


def ready(work: Work, runs: int) -> Callable[[], bool]:
    return lambda: work.ready >= runs


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_futures_stand_in_the_order_of_replications_whoever_ran_them(bench: Bench, case: Case, threads: int) -> None:
    desk = Desk(Pool(bench, threads))
    (work,) = desk.ask([order(case("a"), 1, 500)])
    until(desk, ready(work, 500))
    assert work.known().outcomes[:, 0].tolist() == list(range(500))
    assert work.known().by_month[:, 5].tolist() == list(range(500))
    assert bench.runs_of("a") == 500


def test_what_is_left_of_an_order_is_shared_by_all_threads(case: Case) -> None:
    work = Work(order(case("a"), 1, 100))
    work.pace = computing.A_WHILE / 100
    pieces = [len(work.claim(100, 2)) for _ in range(5)]
    assert pieces == [50, 25, 13, 6, 4]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads are not told apart")
def test_threads_that_compute_stand_back_behind_those_that_draw(case: Case) -> None:
    standing: list[int] = []

    class Watching(Watched):
        def run(self, replications: range) -> Courses:
            standing.append(os.getpriority(os.PRIO_PROCESS, get_native_id()))
            return super().run(replications)

    mine = os.getpriority(os.PRIO_PROCESS, get_native_id())
    desk = Desk(Pool(lambda scenario, _: Watching(Bench(), scenario.name), 1))
    (work,) = desk.ask([order(case("a"), 1, 10)])
    until(desk, ready(work, 10))
    assert set(standing) == {min(19, mine + computing.GIVES_WAY)}
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) == mine


def test_a_view_is_told_when_the_first_are_there_and_when_all_are(bench: Bench, case: Case) -> None:
    bench.gate.clear()
    bench.held_from = 100
    desk, seen = Desk(Pool(bench, 1)), []
    (work, _) = desk.ask([order(case("a"), 1, 100), order(case("a"), 1, 1000)])
    for _ in waiting(desk, Event()):
        seen.append(work.ready)
        if work.ready == 100:
            bench.gate.set()
        if work.ready == 1000:
            break
    assert 100 in seen
    assert len(seen) <= 3, "it is told of what it asked for, not of every piece"


def test_what_was_superseded_is_left_where_it_is(bench: Bench, case: Case) -> None:
    bench.gate.clear()
    desk = Desk(Pool(bench, 2))
    desk.ask([order(case("before"), 1, 100_000)])
    (after,) = desk.ask([order(case("after"), 1, 50)])
    bench.gate.set()
    until(desk, ready(after, 50))
    assert bench.runs_of("before") <= 2 * computing.FIRST_RUNS


def test_a_desk_that_is_closed_costs_nothing_more(bench: Bench, case: Case) -> None:
    bench.gate.clear()
    pool = Pool(bench, 1)
    desk, other = Desk(pool), Desk(pool)
    desk.ask([order(case("closed"), 1, 100_000)])
    desk.close()
    (work,) = other.ask([order(case("open"), 1, 30)])
    bench.gate.set()
    until(other, ready(work, 30))
    assert bench.runs_of("closed") <= computing.FIRST_RUNS


def test_nothing_is_computed_for_a_page_that_has_gone_until_it_is_back(bench: Bench, case: Case) -> None:
    pool, there = Pool(bench, 1), Event()
    gone, other = Desk(pool, there.is_set), Desk(pool)
    (waits,) = gone.ask([order(case("gone"), 1, 10)])
    (work,) = other.ask([order(case("open"), 1, 300)])
    until(other, ready(work, 300))
    assert bench.runs_of("gone") == 0
    there.set()
    until(gone, ready(waits, 10))


def test_a_small_wish_does_not_wait_for_a_large_one(bench: Bench, case: Case) -> None:
    bench.gate.clear()
    pool = Pool(bench, 1)
    large, small = Desk(pool), Desk(pool)
    large.ask([order(case("large"), 1, 1_000_000)])
    (work,) = small.ask([order(case("small"), 1, 100)])
    bench.gate.set()
    until(small, ready(work, 100))
    pieces = [name for name, _ in bench.log]
    last = len(pieces) - 1 - pieces[::-1].index("small")
    assert pieces[:last].count("large") <= pieces.count("small") + 1
    large.close()


def test_what_is_new_comes_before_what_has_long_been_going_on(bench: Bench, case: Case) -> None:
    pool = Pool(bench, 1)
    old, new = Desk(pool), Desk(pool)
    (long, _) = old.ask([order(case("old"), 1, 2000), order(case("old"), 1, 1_000_000)])
    until(old, ready(long, 2000))
    bench.gate.clear()
    (work,) = new.ask([order(case("new"), 1, 1000)])
    already = len(bench.log)
    bench.gate.set()
    until(new, ready(work, 1000))
    old.close()
    since = [name for name, _ in bench.log[already:]]
    last = len(since) - 1 - since[::-1].index("new")
    assert since[:last].count("old") <= 2, "a piece that was begun is finished, and then the new one has its turn"


def test_what_one_session_has_computed_the_next_one_has_at_once(bench: Bench, case: Case) -> None:
    pool = Pool(bench, 2)
    one, other = Desk(pool), Desk(pool)
    (first,) = one.ask([order(case("a"), 1, 200)])
    until(one, ready(first, 200))
    one.close()
    (second,) = other.ask([order(case("a"), 1, 200)])
    assert second.ready == 200
    assert bench.runs_of("a") == 200
    (another_seed,) = other.ask([order(case("a"), 2, 10)])
    assert another_seed is not second


def test_two_who_want_the_same_do_not_have_it_run_twice(bench: Bench, case: Case) -> None:
    bench.gate.clear()
    pool = Pool(bench, 2)
    one, other = Desk(pool), Desk(pool)
    (work,), (same,) = (desk.ask([order(case("a"), 1, 150)]) for desk in (one, other))
    bench.gate.set()
    until(other, ready(same, 150))
    assert work is same
    assert bench.runs_of("a") == 150


def test_results_are_shared_and_cannot_be_written_to(bench: Bench, case: Case) -> None:
    desk = Desk(Pool(bench, 1))
    (work,) = desk.ask([order(case("a"), 1, 20)])
    until(desk, ready(work, 20))
    known = work.known(10)
    assert known.outcomes.shape[0] == 10
    with pytest.raises(ValueError, match="read-only"):
        known.outcomes[0, 0] = 7
    desk.ask([order(case("a"), 1, 3000)])
    until(desk, ready(work, 3000))
    assert known.outcomes[:, 0].tolist() == list(range(10)), "what was handed out stays as it was"


def test_the_least_recently_wanted_is_dropped_where_room_is_short(
    bench: Bench, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "KEPT_BYTES", 200_000)
    pool = Pool(bench, 1)
    desk = Desk(pool)
    names = [f"case{number}" for number in range(8)]
    for name in names:
        (work,) = desk.ask([order(case(name), 1, 100)])
        until(desk, ready(work, 100))
    kept = [name for name in names if pool.peek(order(case(name), 1, 1))]
    assert kept == names[-len(kept) :]
    assert 1 <= len(kept) < len(names)


def test_a_page_that_has_gone_holds_up_no_room_and_has_its_futures_again_when_it_is_back(
    bench: Bench, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "KEPT_BYTES", 1_000_000)
    pool, there = Pool(bench, 1), Event()
    there.set()
    gone, looks_ahead, other = Desk(pool, there.is_set), Desk(pool, ahead=True), Desk(pool)
    mine = [order(case(f"mine{n}"), 1, 300) for n in range(8)]
    works = gone.ask(mine)
    until(gone, lambda: all(work.ready >= 300 for work in works))
    assert [pool.peek(each) for each in mine] == works, "what is looked at is kept, whatever room it takes"
    there.clear()
    gone.changed.clear()
    looks_ahead.ask([order(case("ahead"), 1, 300)])
    (last,) = other.ask([order(case("last"), 1, 300)])
    until(other, ready(last, 300))
    assert pool.peek(order(case("ahead"), 1, 1)), "there is room to look ahead"
    assert not all(pool.peek(each) for each in mine)
    there.set()
    until(gone, lambda: all((work := pool.peek(each)) and work.ready >= 300 for each in mine))


def test_a_case_that_cannot_be_run_says_so_and_holds_up_nobody(bench: Bench, case: Case) -> None:
    bench.failing.add("bad")
    pool = Pool(bench, 1)
    bad, good = Desk(pool), Desk(pool)
    (failed,) = bad.ask([order(case("bad"), 1, 50)])
    (work,) = good.ask([order(case("good"), 1, 50)])
    until(bad, lambda: bool(failed.problem))
    until(good, ready(work, 50))
    assert bench.runs_of("bad") == computing.FIRST_RUNS, "it is not tried again and again"
    assert failed.problem == "more proposals than a run has room for"
    bench.failing.clear()
    (again,) = bad.ask([order(case("bad"), 1, 5)])
    assert again is not failed


def test_twenty_desks_are_all_served(bench: Bench, case: Case) -> None:
    pool = Pool(bench, 2)
    desks = [Desk(pool) for _ in range(20)]
    works = [desk.ask([order(case(f"case{n}"), 1, 120)])[0] for n, desk in enumerate(desks)]
    for desk, work in zip(desks, works, strict=True):
        until(desk, ready(work, 120))
    assert all(np.array_equal(work.known().outcomes[:, 3], np.arange(120.0)) for work in works)


def test_whoever_waits_is_let_go(bench: Bench) -> None:
    desk, stop = Desk(Pool(bench, 1)), Event()
    waiter = Thread(target=lambda: list(waiting(desk, stop)))
    waiter.start()
    stop.set()
    desk.changed.set()
    waiter.join(PATIENCE)
    assert not waiter.is_alive()


def test_news_waits_until_the_picture_before_has_been_drawn() -> None:
    drawn, looked = Event(), list[bool]()

    def drawing() -> bool:
        looked.append(True)
        return len(looked) < 5

    def rests() -> None:
        _rests(Event(), drawing, 0.0)
        drawn.set()

    rests()
    assert drawn.is_set()
    assert len(looked) == 5


def test_nobody_waits_for_a_picture_once_the_view_is_left() -> None:
    left = Event()
    left.set()
    _rests(left, lambda: True, 0.0)
