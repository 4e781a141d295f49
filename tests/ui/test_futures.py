"""A lever in the hand shows what would come of it, and moves the page only when it is let go."""

from __future__ import annotations

from contextlib import closing
from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest
import solara

from redesign_sim.engine.courses import Courses
from redesign_sim.scenario import scenario_digest
from redesign_sim.ui import ensembles, foresight, session
from redesign_sim.ui.computing import Desk, Pool
from redesign_sim.ui.foresight import EDGES, EdgeTrack, Foresight, LeverTrack
from redesign_sim.ui.setup import LEVERS, Setup, mix_values
from redesign_sim.ui.views import futures
from redesign_sim.ui.views.futures import Outcome, hand_on
from tests.ui.conftest import Bench, Watched, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.components.sliders import Hand

LEVER = LEVERS[1]
START = Setup("classroom")


class Noting(Foresight):
    """Foresight that notes what is near, and computes nothing."""

    def __init__(self) -> None:
        super().__init__(Desk(Pool(threads=1)))
        self.noted: list[tuple[str, object]] = []
        self.looked: list[tuple[Setup, int]] = []

    def look(self, setup: Setup, seed: int) -> None:
        self.looked.append((setup, seed))

    def near(self, what: str, track: object) -> None:
        self.noted.append((what, track))


@pytest.fixture(autouse=True)
def classroom() -> Iterator[None]:
    session.choose("classroom")
    session.past.value = ()
    yield
    session.choose()
    session.past.value = ()
    session.shown.value = {}


@pytest.fixture
def held() -> Any:  # noqa: ANN401  solara is not typed
    return solara.reactive(None)


def digest(setup: Setup) -> str:
    return scenario_digest(setup.case())


def on_lever(held: Any, near: Foresight | None = None) -> Hand:  # noqa: ANN401
    return hand_on(held, near or Noting(), LEVER.path, LEVER.values_at, {1: LeverTrack(LEVER)})


def test_what_is_held_is_shown_and_what_is_let_go_is_moved(held: Any) -> None:  # noqa: ANN401
    hand = on_lever(held)
    assert hand.hold
    hand.hold(0.4)
    assert held.value == START.with_values({LEVER.path: 0.4})
    assert session.setup.value == START
    assert session.past.value == ()
    hand.hold(0.6)
    hand.release(0.6)
    assert held.value is None
    assert session.setup.value == START.with_values({LEVER.path: 0.6})
    assert session.past.value == (START,), "what it passed on the way is not to be undone"


def test_what_is_let_go_where_it_was_has_not_moved(held: Any) -> None:  # noqa: ANN401
    hand = on_lever(held)
    assert hand.hold
    hand.hold(0.4)
    hand.release(session.setup.value.value(LEVER.path))
    assert held.value is None
    assert session.setup.value == START
    assert session.past.value == ()


@pytest.mark.parametrize(
    "place",
    [nan, inf, -1, 7.5, True, "half", None, [0.5], {"to": 0.5}, 10**400, pytest.param("x" * 100_000, id="huge")],
)
def test_a_place_that_is_none_is_neither_shown_nor_moved_to(held: Any, place: object) -> None:  # noqa: ANN401
    hand = on_lever(held)
    assert hand.hold
    hand.hold(place)
    assert held.value is None
    hand.release(place)
    assert session.setup.value == START


@pytest.mark.parametrize(
    "place", [[0, 0, 0, 0], [1, 1], [nan, 1, 1, 1], [-1, 1, 1, 0], "abcd", 3, None, [[1], 1, 1, 1], [10**400, 1, 1, 1]]
)
def test_shares_that_are_none_are_neither_shown_nor_moved_to(held: Any, place: object) -> None:  # noqa: ANN401
    hand = hand_on(held, Noting(), "mix", mix_values, {edge: EdgeTrack(edge) for edge in EDGES})
    assert hand.hold
    hand.hold(place)
    assert held.value is None
    hand.hold([0.4, 0.2, 0.2, 0.2])
    hand.release(place)
    assert held.value is None
    assert session.setup.value == START


def test_what_a_hand_is_near_is_foreseen_and_what_there_is_not_is_nothing(held: Any) -> None:  # noqa: ANN401
    noting = Noting()
    hand = on_lever(held, noting)
    assert hand.near
    for which in (1, 0, 7, "1", None, [1]):
        hand.near(which)
    nothing = (LEVER.path, None)
    assert noting.noted == [(LEVER.path, LeverTrack(LEVER)), *[nothing] * 5]


def test_a_case_is_never_compared_with_one_that_runs_over_other_months() -> None:
    session.baseline.value = Setup("dementia_london")
    assert futures.baseline_for(START) == START
    session.baseline.value = moved = START.with_values({LEVER.path: 0.4})
    assert futures.baseline_for(START) == moved


class Likely(Watched):
    """Runs of which some integrate."""

    def run(self, replications: range) -> Courses:
        rows = super().run(replications)
        return Courses(rows.outcomes % 2, rows.by_month / 10_000)


def test_what_is_held_cannot_be_taken_away_until_it_is_let_go(
    held: Any,  # noqa: ANN401
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def runner(scenario: Scenario, _: int) -> Likely:
        return Likely(bench, scenario.name)

    pool = Pool(runner, 1)
    for module in (ensembles, foresight):
        monkeypatch.setattr(module, "POOL", pool)
    whole: set[str] = set()
    reach = futures.use_reach

    def use_reach(picture: futures.Picture | None, shown: object) -> futures.Reach:
        found = reach(picture, shown)
        if picture and picture.runs == ensembles.FUTURES:
            solara.use_effect(lambda: whole.add(digest(held.value or session.setup.value)), [picture])
        else:
            solara.use_effect(lambda: None, [picture])
        return found

    monkeypatch.setattr(futures, "use_reach", use_reach)
    noting = Noting()

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        Outcome(held, noting)
        solara.Text("a view")

    def of() -> str:
        digest: str = session.shown.value["futures"].of[0][0]
        return digest

    _, page = solara.render(View(), handle_error=False)
    with closing(page):
        until(lambda: "futures" in session.shown.value)
        before, moved = of(), START.with_values({LEVER.path: 0.4})
        hand = on_lever(held)
        assert hand.hold
        hand.hold(0.4)
        until(lambda: digest(moved) in whole)
        assert of() == before == digest(START)
        assert noting.looked == [(START, 1), (moved, 1)], "it is from there that one looks ahead"
        hand.release(0.4)
        until(lambda: of() == digest(moved))
        assert session.in_force()
