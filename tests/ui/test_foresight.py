"""What a hand is near is computed before it is asked for, while nobody waits for anything, and is there then."""

from __future__ import annotations

import itertools
import random
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import solara

from redesign_sim.scenario import scenario_digest
from redesign_sim.ui import computing, foresight
from redesign_sim.ui.computing import FIRST_RUNS, Desk, Pool, order
from redesign_sim.ui.ensembles import FIRST, FUTURES
from redesign_sim.ui.foresight import EDGES, EdgeTrack, Foresight, LeverTrack, ahead, futures_of, use_foresight
from redesign_sim.ui.setup import ADJUSTABLE, LEVERS, Setup, mix_values
from tests.ui.conftest import run_elsewhere, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.computing import Order
    from redesign_sim.ui.setup import Lever
    from tests.ui.conftest import Bench

HERE = Setup("classroom")


class Noted(Desk):
    """A desk that notes what is asked, and has none of it computed."""

    def __init__(self) -> None:
        super().__init__(Pool(threads=1))
        self.asked: list[list[tuple[str, int]]] = []

    def ask(self, orders: object) -> list[computing.Work]:
        self.asked.append([(each.key[0], each.runs) for each in orders])  # type: ignore[attr-defined]
        return []


def digest(setup: Setup) -> str:
    return scenario_digest(setup.case())


@pytest.mark.parametrize("lever", ADJUSTABLE.values(), ids=lambda lever: lever.key)
def test_a_lever_can_be_moved_to_each_of_its_steps(lever: Lever) -> None:
    track = LeverTrack(lever)
    places = track.places(Setup())
    assert next(iter(places)) == lever.low
    assert list(places)[-1] == lever.high
    assert {track.place(there) for there in places.values()} == set(places)


@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_can_be_moved_between_its_neighbours_and_nothing_else_moves(edge: int) -> None:
    setup = HERE.with_values(mix_values((0.1, 0.2, 0.3, 0.4)))
    low, high = [(0.0, 0.3), (0.1, 0.6), (0.3, 1.0)][edge - 1]
    places = EdgeTrack(edge).places(setup)
    assert list(places) == pytest.approx([low + 0.05 * n for n in range(round((high - low) / 0.05) + 1)])
    for at, there in places.items():
        assert there.mix
        assert sum(there.mix) == pytest.approx(1)
        assert EdgeTrack(edge).place(there) == pytest.approx(at)
        for other in EDGES:
            if other != edge:
                assert EdgeTrack(other).place(there) == EdgeTrack(other).place(setup)


def test_a_case_without_shares_has_no_edges_to_move() -> None:
    setup = Setup("classroom", "extends: classroom\nname: traits\nleadership: {ambition: 0.7, capability: 0.4}\n")
    assert setup.mix is None
    assert EdgeTrack(1).places(setup) == {}


@pytest.mark.parametrize("seed", range(5))
def test_a_mix_that_a_hand_has_dragged_together_is_the_one_that_was_foreseen(seed: int) -> None:
    # The browser adds shares up and takes them apart with every move; what it sends then is not exact to the last bit.
    draw, shares = random.Random(seed), [0.13, 0.37, 0.25, 0.25]  # noqa: S311  no secret
    setup = HERE.with_values(mix_values(shares))
    for _ in range(60):
        edge = draw.choice(EDGES)
        low, high = sum(shares[: edge - 1]), sum(shares[: edge + 1]) if edge < 3 else 1.0
        at = max(low, min(high, round(draw.random() * 20) / 20))
        foreseen = EdgeTrack(edge).places(setup)
        shares[edge - 1 : edge + 1] = max(0.0, at - low), max(0.0, high - at)
        setup = setup.with_values(mix_values(shares))
        assert digest(setup) in {digest(there) for there in foreseen.values()}, f"seed {seed}, {shares}"


def test_the_first_futures_everywhere_come_before_all_of_any_and_what_is_near_before_what_is_far() -> None:
    places = {at / 4: futures_of(there, 1) for at, there in enumerate(LeverTrack(LEVERS[1]).places(HERE).values())}
    asked = ahead(places, 1.1)
    names = {order.key: at for at, order in places.items()}
    assert [each.runs for each in asked] == [runs for runs in (FIRST, 500, FUTURES) for _ in places]
    away = [abs(names[each.key] - 1.1) for each in asked]
    assert away[: len(places)] == sorted(away[: len(places)])
    assert away == 3 * away[: len(places)]


def test_looking_ahead_has_enough_after_a_while_and_begins_again_elsewhere(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count()
    monkeypatch.setattr(computing, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    pool = Pool(bench, 1)
    foreseen, leave = hand(pool, monkeypatch)
    foreseen.look(HERE, 1)
    foreseen.near("a lever", LeverTrack(LEVERS[1]))
    run_elsewhere(pool, case("elsewhere"), FUTURES)
    pieces = int(computing.LONGEST_AHEAD / 2)
    until(lambda: bench.runs_of("classroom") >= pieces)
    run_elsewhere(pool, case("elsewhere"), FUTURES + 100)
    assert bench.runs_of("classroom") == pieces, "a piece takes two seconds here, one of them to prepare"
    foreseen.look(HERE.with_values({LEVERS[1].path: 0.4}), 1)
    until(lambda: bench.runs_of("classroom") >= 2 * pieces)
    leave()


def test_nothing_is_foreseen_once_the_view_is_left(bench: Bench) -> None:
    pool = Pool(bench, 1)
    foreseen = Foresight(Desk(pool, ahead=True))
    foreseen.look(HERE, 1)
    foreseen.close()
    bench.gate.clear()
    foreseen.near("a lever", LeverTrack(LEVERS[1]))
    bench.gate.set()
    assert not any(pool.peek(futures_of(there, 1)) for there in LeverTrack(LEVERS[1]).places(HERE).values())


def test_only_what_a_hand_came_near_last_is_foreseen_from_where_things_stand() -> None:
    desk = Noted()
    one, other = LeverTrack(LEVERS[1]), LeverTrack(LEVERS[2])
    foreseen = Foresight(desk)

    def around(track: LeverTrack, setup: Setup) -> set[str]:
        return {digest(there) for there in track.places(setup).values()}

    def last() -> set[str]:
        return {name for name, _ in desk.asked[-1]}

    foreseen.look(HERE, 1)
    assert last() == set(), "no hand is near anything"
    foreseen.near("one", one)
    assert last() == around(one, HERE)
    foreseen.near("other", other)
    assert last() == around(other, HERE)
    moved = HERE.with_values({LEVERS[2].path: 0.4})
    foreseen.look(moved, 1)
    assert last() == around(other, moved)
    foreseen.near("other", None)
    assert last() == around(one, moved)
    foreseen.near("one", None)
    assert last() == set()


def test_a_lever_that_another_case_lacks_is_not_foreseen_there() -> None:
    desk = Noted()
    foreseen = Foresight(desk)
    foreseen.near("strategy", LeverTrack(ADJUSTABLE["strategy"]))
    foreseen.look(HERE, 1)
    assert desk.asked[-1]
    foreseen.look(Setup("classroom", "extends: classroom\nname: none\nstrategies: []\n"), 1)
    assert desk.asked[-1] == []


def test_nothing_is_foreseen_for_a_page_that_has_gone(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foresight, "page_is_there", lambda: lambda: False)
    pool = Pool(bench, 1)
    foreseen, leave = hand(pool, monkeypatch)
    foreseen.look(HERE, 1)
    foreseen.near("a lever", LeverTrack(LEVERS[1]))
    run_elsewhere(pool, case("elsewhere"), FUTURES)
    leave()
    assert bench.runs_of("classroom") == 0


def test_no_further_is_looked_than_can_be_kept(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "KEPT_BYTES", 10 * computing.A_CASE)
    bench.gate.clear()
    looks_ahead = Desk(Pool(bench, 1), ahead=True)
    looks_ahead.ask([order(case(f"place{n}"), 1, 100) for n in range(20)])
    assert [work.case.name for work, _ in looks_ahead.wanted] == [f"place{n}" for n in range(10)]
    looks_ahead.close()
    bench.gate.set()


def test_what_is_foreseen_waits_until_nobody_wants_anything(bench: Bench, case: Callable[[str], Scenario]) -> None:
    pool = Pool(bench, 1)
    looks_ahead, waits = Desk(pool, ahead=True), Desk(pool)
    bench.gate.clear()
    (foreseen,) = looks_ahead.ask([order(case("foreseen"), 1, 500)])
    (wanted,) = waits.ask([order(case("wanted"), 1, 500)])
    bench.gate.set()
    until(lambda: foreseen.ready >= 500)
    assert wanted.ready >= 500
    names = [name for name, _ in bench.log]
    last = len(names) - 1 - names[::-1].index("wanted")
    assert names[:last].count("foreseen") <= 1, "a piece that was begun is finished"


def test_a_thread_stays_with_what_is_foreseen_for_a_moment_only(case: Callable[[str], Scenario]) -> None:
    work = computing.Work(order(case("a"), 1, 1000))
    assert len(work.claim(1000)) == FIRST_RUNS
    assert len(work.claim(1000, seconds=computing.BRIEFLY)) == 1, "nobody knows how long it takes"
    work.pace = computing.A_WHILE / 80
    assert len(work.claim(1000)) == 80
    assert len(work.claim(1000, seconds=computing.BRIEFLY)) == 20


def test_what_was_never_begun_is_forgotten_with_the_wish(bench: Bench, case: Callable[[str], Scenario]) -> None:
    pool = Pool(bench, 1)
    bench.gate.clear()
    looks_ahead, waits, busy = Desk(pool, ahead=True), Desk(pool), Desk(pool)
    (held_up,) = busy.ask([order(case("held up"), 1, 100)])
    until(lambda: held_up.begun > 0)
    orders = [order(case(f"place{n}"), 1, 100) for n in range(9)]
    looks_ahead.ask(orders[:6])
    (shared,) = waits.ask([orders[0]])
    looks_ahead.ask(orders[5:])
    assert [pool.peek(each) is not None for each in orders] == [True, *[False] * 4, *[True] * 4]
    looks_ahead.close()
    assert [pool.peek(each) for each in orders] == [shared, *[None] * 8]
    busy.close()
    assert pool.peek(order(case("held up"), 1, 1)) is held_up
    bench.gate.set()


def test_what_has_failed_is_tried_again_by_whoever_waits_and_not_by_foresight(
    bench: Bench, case: Callable[[str], Scenario]
) -> None:
    bench.failing.add("bad")
    pool = Pool(bench, 1)
    waits, looks_ahead = Desk(pool), Desk(pool, ahead=True)
    (failed,) = waits.ask([order(case("bad"), 1, 100)])
    until(lambda: bool(failed.problem))
    looks_ahead.ask([order(case("bad"), 1, 100)])
    assert pool.peek(order(case("bad"), 1, 100)) is failed
    run_elsewhere(pool, case("good"), 100)
    assert bench.runs_of("bad") == FIRST_RUNS
    assert waits.ask([order(case("bad"), 1, 100)]) != [failed]


def test_nothing_that_is_looked_at_is_dropped_for_what_is_foreseen(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "KEPT_BYTES", 700_000)
    pool = Pool(bench, 1)
    views, looks_ahead = [Desk(pool), Desk(pool)], Desk(pool, ahead=True)
    seen = [desk.ask([order(case(f"seen{n}"), 1, 100)])[0] for n, desk in enumerate(views)]
    until(lambda: all(work.ready >= 100 for work in seen))
    names = [f"foreseen{n}" for n in range(20)]
    looks_ahead.ask([order(case(name), 1, 100) for name in names])
    until(lambda: not any(work.ready < until_ for work, until_ in looks_ahead.wanted))
    assert [pool.peek(order(case(f"seen{n}"), 1, 1)) for n in range(2)] == seen
    kept = [name for name in names if pool.peek(order(case(name), 1, 1))]
    run = {name for name, _ in bench.log if name.startswith("foreseen")}
    assert 1 <= len(kept) < len(names)
    assert len(run) < len(names), "what would not be kept is not computed"


def hand(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> tuple[Foresight, Callable[[], None]]:
    """Foresight in a view of its own, and what leaves the view."""
    monkeypatch.setattr(foresight, "POOL", pool)
    hands: list[Foresight] = []

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        hands.append(use_foresight())
        solara.Text("a view")

    _, page = solara.render(View(), handle_error=False)
    return hands[0], page.close


def test_what_is_foreseen_no_more_is_left(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool(bench, 1)
    foreseen, leave = hand(pool, monkeypatch)
    bench.gate.clear()
    foreseen.look(HERE, 1)
    foreseen.near("passed over", LeverTrack(LEVERS[1]))
    foreseen.near("passed over", None)
    bench.gate.set()
    run_elsewhere(pool, case("elsewhere"), FUTURES)
    assert bench.runs_of("classroom") <= FIRST_RUNS
    bench.gate.clear()
    foreseen.near("left", LeverTrack(LEVERS[1]))
    leave()
    bench.gate.set()
    run_elsewhere(pool, case("elsewhere"), 3 * FUTURES)
    assert bench.runs_of("classroom") <= 2 * FIRST_RUNS


def test_a_thread_that_looks_ahead_is_soon_there_for_whoever_comes_to_wait(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "BRIEFLY", 0.0)
    pool = Pool(bench, 1)
    foreseen, leave = hand(pool, monkeypatch)
    foreseen.look(HERE, 1)
    foreseen.near("a lever", LeverTrack(LEVERS[1]))
    until(lambda: len(bench.log) > 3 * FIRST)
    leave()
    assert {len(which) for _, which in bench.log if which.start} == {1}


def test_what_was_foreseen_is_there_when_it_is_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(bench, 1)
    foreseen, leave = hand(pool, monkeypatch)
    foreseen.look(HERE, 1)
    foreseen.near("a lever", LeverTrack(LEVERS[1]))
    places = [futures_of(there, 1) for there in LeverTrack(LEVERS[1]).places(HERE).values()]

    def there(wanted: Order) -> bool:
        work = pool.peek(wanted)
        return work is not None and work.ready >= FUTURES

    until(lambda: all(there(each) for each in places))
    leave()
