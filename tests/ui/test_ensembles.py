"""A view is drawn again when there is more to see, and not otherwise."""

from __future__ import annotations

from threading import Event, Semaphore
from typing import TYPE_CHECKING

import solara

from redesign_sim.ui import ensembles
from redesign_sim.ui.computing import Pool, order, waiting
from redesign_sim.ui.ensembles import FIRST, FUTURES, use_ensembles
from tests.ui.conftest import PATIENCE

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
