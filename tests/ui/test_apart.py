"""What one tab holds no other tab has, and nothing goes on for a tab that has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import solara
from solara import toestand
from solara.server.kernel import Kernel
from solara.server.kernel_context import PageStatus, VirtualKernelContext

from redesign_sim.ui import ensembles, playing, session
from redesign_sim.ui.computing import FIRST_RUNS, Pool, order
from redesign_sim.ui.ensembles import FUTURES, page_is_there, use_ensembles
from redesign_sim.ui.playing import Player
from redesign_sim.ui.views import history
from tests.ui.conftest import run_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.scenario import Scenario
    from tests.ui.conftest import Bench

HELD = sorted(name for name, value in vars(session).items() if isinstance(value, solara.Reactive))
"""What a tab holds, by name."""
OPEN, GONE = PageStatus.CONNECTED, (PageStatus.DISCONNECTED, PageStatus.CLOSED)


def tab(name: str) -> VirtualKernelContext:
    """A tab as the server holds it for a visitor."""
    return VirtualKernelContext(name, Kernel(), f"visitor with {name}", page_status={name: OPEN})


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a server, where what a reactive holds is told apart by tab."""
    monkeypatch.setattr(toestand, "_using_solara_server", lambda: True)


def test_a_tab_holds_what_it_looks_at() -> None:
    assert {"setup", "baseline", "seed", "view", "past", "shown", "key"} <= set(HELD)


@pytest.mark.parametrize("name", HELD)
def test_what_one_tab_changes_no_other_tab_sees(name: str) -> None:
    held, heard = getattr(session, name), list[object]()
    one, other = tab("one"), tab("other")
    with other:
        before, forget = held.value, held.subscribe(heard.append)
    with one:
        held.value = "changed"
    with other:
        assert held.value == before
        forget()
    assert heard == []


def test_a_tab_that_has_gone_is_noticed() -> None:
    one = tab("one")
    with one:
        there = page_is_there()
    assert there()
    for gone in GONE:
        one.page_status["one"] = gone
        assert not there()
    one.page_status["one"] = OPEN
    assert there()


@pytest.mark.parametrize("leaves", ["the tab", "the view"])
def test_what_a_view_asked_for_is_left_once_nobody_looks_at_it(
    leaves: str, bench: Bench, case: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, one = Pool(bench, 1), tab("one")
    bench.gate.clear()
    monkeypatch.setattr(ensembles, "POOL", pool)

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        use_ensembles([order(case("left"), 1, FUTURES)])
        solara.Text("a view")

    with one:
        _, page = solara.render_fixed(View(), handle_error=False)
        if leaves == "the view":
            page.close()
    if leaves == "the tab":
        one.page_status["one"] = GONE[0]
    bench.gate.set()
    run_elsewhere(pool, case("elsewhere"), 3 * FUTURES)
    assert bench.runs_of("left") <= FIRST_RUNS
    if leaves == "the tab":
        with one:
            page.close()


def test_a_history_asks_whether_its_tab_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Callable[[], bool]] = []

    class Noted(Player):
        def __init__(self, case: Scenario, seed: int, present: Callable[[], bool], **more: Any) -> None:  # noqa: ANN401
            asked.append(present)
            super().__init__(case, seed, present, **more)

        def open(self, show: Callable[[playing.Shown], None]) -> Callable[[], None]:
            del show
            return lambda: None

    monkeypatch.setattr(history, "Player", Noted)
    one = tab("one")
    with one:
        _, page = solara.render_fixed(history.Page(), handle_error=False)
        assert [present() for present in asked] == [True]
        one.page_status["one"] = GONE[1]
        assert [present() for present in asked] == [False]
        page.close()
