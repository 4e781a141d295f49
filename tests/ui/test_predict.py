"""A room is shown the answer to what it was asked, when somebody asks for it, and to nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import solara

from redesign_sim.engine.courses import Courses
from redesign_sim.ui import ensembles, session
from redesign_sim.ui.computing import Pool
from redesign_sim.ui.links import Sight
from redesign_sim.ui.rooms import Guess, Rooms
from redesign_sim.ui.setup import LEVERS, Setup
from redesign_sim.ui.views import predict
from tests.ui.conftest import Bench, Watched, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.rooms import Room

HERE = Setup("classroom")
MOVED = HERE.with_values({LEVERS[1].path: 0.4})


class Likely(Watched):
    """Runs of which every other one integrates."""

    def run(self, replications: range) -> Courses:
        rows = super().run(replications)
        return Courses(rows.outcomes % 2, rows.by_month / 10_000)


class Seen:
    """What is drawn in place of the real parts."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.ready = False

    def revealed(self, _asked: str, told: predict.Told, _again: object) -> None:
        self.drawn.append(told.answer)

    def asking(self, *given: Any) -> None:  # noqa: ANN401  what the view hands over
        self.drawn.append("asking")
        self.ready = given[-1].whole

    def elsewhere(self, _: object) -> None:
        self.drawn.append("elsewhere")


@pytest.fixture(autouse=True)
def classroom() -> Iterator[None]:
    session.restore(Sight(HERE, HERE))
    session.past.value, session.shown.value = (), {}
    yield
    session.restore(Sight())
    session.past.value, session.shown.value, session.room.value = (), {}, None


@pytest.fixture
def seen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Seen:
    def runner(scenario: Scenario, _: int) -> Likely:
        return Likely(bench, scenario.name)

    seen = Seen()
    monkeypatch.setattr(ensembles, "POOL", Pool(runner, 1))
    monkeypatch.setattr(solara, "get_kernel_id", lambda: "me")
    for name, part in (("Revealed", seen.revealed), ("_asking", seen.asking), ("Elsewhere", seen.elsewhere)):
        monkeypatch.setattr(predict, name, part)
    return seen


def room_about(setup: Setup, by: str = "me") -> Room:
    """A room that has guessed about a setup."""
    room = Rooms().open("")
    room.ask("How many?", about=(setup, 1, "number"), by=by)
    room.guess("a", Guess("Ann", 30), room.state.turn)
    return room


@contextmanager
def shown(room: Room) -> Iterator[None]:
    _, page = solara.render(predict.Asking(room), handle_error=False)
    try:
        yield
    finally:
        page.close()


def compute(seen: Seen) -> None:
    """Have the futures of the case that is looked at."""
    with shown(room_about(HERE)):
        until(lambda: seen.ready)
    seen.drawn.clear()


def test_the_question_says_what_was_moved_though_it_was_pinned() -> None:
    session.baseline.value = MOVED
    asked = predict.question(MOVED)
    assert "with levers moved (A network across organisations: 40 %)" in asked
    assert "levers" not in predict.question(HERE)


def test_the_answer_to_another_question_is_never_shown(seen: Seen) -> None:
    compute(seen)
    room = room_about(MOVED)
    room.reveal("In 30 of 100.", room.state.turn)
    with shown(room):
        until(lambda: seen.ready)
        assert set(seen.drawn) == {"asking"}
        assert room.state.about == (HERE, 1, "number")
        assert room.state.guesses == {}


def test_what_was_guessed_about_the_same_question_is_kept(seen: Seen) -> None:
    room = room_about(HERE)
    with shown(room):
        until(lambda: seen.ready)
        assert len(room.state.guesses) == 1
    room.reveal("In 30 of 100.", room.state.turn)
    seen.drawn.clear()
    with shown(room):
        until(lambda: "Services integrate in 50 of 100" in seen.drawn[-1])


def test_an_answer_whose_futures_were_dropped_is_shown_as_it_was_until_they_are_back(
    seen: Seen, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[str] = []
    monkeypatch.setattr(predict, "_answered", lambda answer, _: answered.append(answer))
    room = room_about(HERE)
    room.reveal("In 27 of 100 futures.", room.state.turn)
    bench.held_from = 100
    bench.gate.clear()
    with shown(room):
        until(lambda: bench.runs_of("classroom") >= 100)
        until(lambda: bool(answered or seen.drawn))
        bench.gate.set()
        until(lambda: bool(seen.drawn))
        assert set(answered) == {"In 27 of 100 futures."}
        assert all("of 1,000 runs" in answer for answer in seen.drawn)


def test_the_answer_to_what_is_asked_no_more_is_not_revealed(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    compute(seen)
    room = room_about(HERE)
    found = predict.answer_of

    def slow(ensemble: Any) -> predict.Answer:  # noqa: ANN401  what the view hands over
        room.ask("And now?", about="something else", by="me")
        return found(ensemble)

    with shown(room):
        until(lambda: seen.ready)
        monkeypatch.setattr(predict, "answer_of", slow)
        session.press("r")
        assert not room.state.answer


def test_only_a_key_that_is_pressed_here_reveals(seen: Seen) -> None:
    room = room_about(HERE)
    session.press("r")
    with shown(room):
        until(lambda: seen.ready)
        assert not room.state.answer
        session.press("left")
        assert not room.state.answer
        session.press("r")
        assert "Services integrate in 50 of 100" in room.state.answer


@pytest.mark.parametrize(
    ("by", "pages", "kept"),
    [
        ("another", "another me", True),
        ("another", "another", True),
        ("another", "me", False),
        ("me", "another me", False),
    ],
)
def test_two_pages_that_ask_in_one_room_leave_each_others_questions_alone(
    seen: Seen, by: str, pages: str, *, kept: bool
) -> None:
    compute(seen)
    room = room_about(MOVED, by)
    for page in pages.split():
        room.attend(page, 0.0, there=True)
    with shown(room):
        if kept:
            until(lambda: bool(seen.drawn))
            session.press("r")
            assert set(seen.drawn) == {"elsewhere"}
        else:
            until(lambda: seen.ready)
        assert bool(room.state.guesses) == kept
        assert not room.state.answer


def test_a_page_that_has_a_room_opens_no_other(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    hears: list[Any] = []
    rooms = Rooms()
    monkeypatch.setattr(predict, "ROOMS", rooms)
    monkeypatch.setattr(predict, "Keeper", lambda *, event_found, **_: hears.append(event_found))
    _, page = solara.render(predict.Page(), handle_error=False)
    hears[-1]("no key")
    room = session.room.value
    assert room
    hears[0](room.key)
    hears[0]("")
    assert session.room.value is room
    until(lambda: seen.ready)
    page.close()
