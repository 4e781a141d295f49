"""A view is drawn again when there is more to see, and not otherwise."""

from __future__ import annotations

from threading import Event, Semaphore
from typing import TYPE_CHECKING

import solara

from redesign_sim.ui import ensembles
from redesign_sim.ui.computing import FIRST_RUNS, Pool, order, waiting
from redesign_sim.ui.ensembles import FIRST, FUTURES, use_ensembles, use_foresight
from tests.ui.conftest import PATIENCE, run_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.computing import Desk
    from tests.ui.conftest import Bench


def test_a_view_is_drawn_again_only_when_there_is_more_to_see(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.gate.clear()
    heeded, drawn = Semaphore(0), list[int]()

    def watched(desk: Desk, stop: Event) -> Iterator[None]:
        for news in waiting(desk, stop):
            yield news
            heeded.release()

    monkeypatch.setattr(ensembles, "POOL", Pool(bench, 1))
    monkeypatch.setattr(ensembles, "waiting", watched)
    wanted = [order(case("a"), 1, FUTURES)]

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        (asked,) = use_ensembles(wanted)
        drawn.append(asked.ensemble.runs if asked.ensemble else 0)
        solara.Text("a view")

    _, page = solara.render(View(), handle_error=False)
    assert heeded.acquire(timeout=PATIENCE), "that it is waited for is news, too"
    assert drawn == [0]
    bench.gate.set()
    while drawn[-1] < FUTURES:
        assert heeded.acquire(timeout=PATIENCE)
    page.close()
    assert drawn in ([0, FUTURES], [0, FIRST, FUTURES])


def ready(pool: Pool, case: Scenario) -> bool:
    work = pool.peek(order(case, 1, FUTURES))
    return work is not None and work.ready >= FUTURES


def until(state: Callable[[], bool]) -> None:
    for _ in range(int(100 * PATIENCE)):
        if state():
            return
        Event().wait(0.01)
    raise AssertionError("it never came")


def test_what_is_foreseen_is_computed_and_drawn_only_once_it_is_asked_for(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, drawn = Pool(bench, 1), list[tuple[str, int]]()
    hands: dict[str, Callable[..., None]] = {}
    monkeypatch.setattr(ensembles, "POOL", pool)

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        name, release = solara.use_state("a")
        (asked,) = use_ensembles([order(case(name), 1, FUTURES)])
        drawn.append((name, asked.ensemble.runs if asked.ensemble else 0))
        hands.update(foresee=use_foresight(), release=release)
        solara.Text("a view")

    _, page = solara.render(View(), handle_error=False)
    until(lambda: drawn[-1] == ("a", FUTURES))
    before = len(drawn)
    hands["foresee"](case("b"), 1)
    until(lambda: ready(pool, case("b")))
    assert len(drawn) == before
    hands["release"]("b")
    assert drawn[before] == ("b", FUTURES)
    page.close()


def test_what_is_foreseen_no_more_is_left(
    bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool(bench, 1)
    hands: list[Callable[[Scenario, int], None]] = []
    monkeypatch.setattr(ensembles, "POOL", pool)

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        hands.append(use_foresight())
        solara.Text("a view")

    _, page = solara.render(View(), handle_error=False)
    bench.gate.clear()
    hands[0](case("passed over"), 1)
    hands[0](case("rested on"), 1)
    bench.gate.set()
    until(lambda: ready(pool, case("rested on")))
    bench.gate.clear()
    hands[0](case("left"), 1)
    page.close()
    bench.gate.set()
    run_elsewhere(pool, case("elsewhere"), 3 * FUTURES)
    assert bench.runs_of("passed over") <= FIRST_RUNS
    assert bench.runs_of("left") <= FIRST_RUNS
