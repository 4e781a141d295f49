"""Rooms: codes, guesses, and what a stranger may not do."""

from __future__ import annotations

from queue import Queue
from threading import Event, Thread, current_thread
from threading import enumerate as enumerate_threads
from typing import TYPE_CHECKING, Any

import pytest
import solara

from redesign_sim.ui import join
from redesign_sim.ui.join import follow, seat_of
from redesign_sim.ui.rooms import (
    AWAY,
    CODE_LENGTH,
    LONGEST_NAME,
    MOST_GUESSES,
    MOST_ROOMS,
    MOST_TRIES,
    POINTS,
    WAIT,
    Door,
    Guess,
    RoomError,
    Rooms,
    RoomState,
    Sheet,
    code_of,
    guess_of,
    line_of,
    name_of,
    number_of,
)
from tests.ui.conftest import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rooms(clock: Clock) -> Rooms:
    return Rooms(clock)


def test_a_room_is_found_by_its_code_however_it_is_typed(rooms: Rooms) -> None:
    room = rooms.open("How many?")
    assert rooms.find(f" {room.code.lower()[:2]} {room.code[2:]} ") is room
    assert len(room.code) == CODE_LENGTH


def test_rooms_hear_nothing_of_one_another(rooms: Rooms) -> None:
    one, other = rooms.open("How many?"), rooms.open("How many?")
    one.guess("a", Guess("Ann", 30), one.state.turn)
    assert other.state.guesses == {}
    assert one.code != other.code


def test_everyone_in_a_room_hears_of_every_guess_until_they_leave(rooms: Rooms) -> None:
    room, heard = rooms.open("How many?"), list[RoomState]()
    leave = room.listen(heard.append)
    room.guess("a", Guess("Ann", 30), room.state.turn)
    room.guess("a", Guess("Ann", 40), room.state.turn)
    leave()
    room.guess("b", Guess("Bob", 50), room.state.turn)
    assert [len(state.guesses) for state in heard] == [0, 1, 1]
    assert heard[-1].guesses["a"].number == 40


def test_a_page_that_has_gone_keeps_nobody_from_hearing(rooms: Rooms) -> None:
    room, heard = rooms.open("How many?"), list[RoomState]()

    def gone(state: RoomState) -> None:
        if state.guesses:
            raise RuntimeError("this page is closed")

    room.listen(gone)
    room.listen(heard.append)
    room.guess("a", Guess("Ann", 30), room.state.turn)
    room.guess("b", Guess("Bob", 31), room.state.turn)
    assert len(heard[-1].guesses) == 2


def test_after_the_answer_no_guess_is_taken_until_it_is_asked_anew(rooms: Rooms) -> None:
    room = rooms.open("How many?")
    room.guess("a", Guess("Ann", 30), room.state.turn)
    room.reveal("In 28 of 100.", room.state.turn)
    with pytest.raises(RoomError, match="already"):
        room.guess("a", Guess("Ann", 28), room.state.turn)
    room.ask("And now?")
    assert room.state == RoomState("And now?", turn=1)
    room.guess("a", Guess("Ann", 28), room.state.turn)


def test_a_room_takes_only_so_many_guesses_and_a_server_so_many_rooms(rooms: Rooms) -> None:
    room = rooms.open("How many?")
    leave = rooms.host(room, "one")
    for number in range(MOST_GUESSES):
        room.guess(str(number), Guess("", 1), room.state.turn)
    with pytest.raises(RoomError, match="full"):
        room.guess("one more", Guess("", 1), room.state.turn)
    room.guess("0", Guess("", 2), room.state.turn)
    for _ in range(MOST_ROOMS - 1):
        rooms.host(rooms.open("How many?"), "one")
    with pytest.raises(RoomError, match="rooms already"):
        rooms.open("How many?")
    leave()
    rooms.open("How many?")
    assert room.closed, "that of a page that has gone makes room"


def test_of_rooms_without_a_host_the_one_left_first_makes_room(rooms: Rooms, clock: Clock) -> None:
    one, other = rooms.open("How many?"), rooms.open("How many?")
    for _ in range(MOST_ROOMS - 2):
        rooms.host(rooms.open("How many?"), "one")
    leave_one, leave_other = rooms.host(one, "one"), rooms.host(other, "other")
    leave_other()
    clock.now = 1.0
    leave_one()
    rooms.open("How many?")
    assert other.closed
    assert not one.closed


def test_a_room_outlives_its_hosts_page_for_a_while_and_its_key_opens_it_again(rooms: Rooms, clock: Clock) -> None:
    room, another = rooms.open("How many?"), rooms.open("How many?")
    for gone in (rooms.host(room, "one"), rooms.host(another, "another")):
        gone()
    room.guess("a", Guess("Ann", 30), room.state.turn)
    clock.now = AWAY - 1
    assert rooms.of_key(room.key) is room
    leave = rooms.host(room, "one")
    clock.now = 3 * AWAY
    assert rooms.find(room.code) is room
    assert another.closed
    leave()
    clock.now += AWAY + 1
    assert rooms.of_key(room.key) is None
    assert rooms.find(room.code) is None
    with pytest.raises(RoomError, match="closed"):
        room.guess("a", Guess("", 1), room.state.turn)


def test_two_pages_that_ask_in_a_room_keep_it_as_long_as_one_is_there(rooms: Rooms, clock: Clock) -> None:
    room = rooms.open("How many?")
    leave = rooms.host(room, "one")
    rooms.host(room, "other")
    leave()
    clock.now = 2 * AWAY
    assert rooms.find(room.code) is room


def test_a_room_knows_whether_a_page_that_asks_is_there(rooms: Rooms) -> None:
    room, heard = rooms.open("How many?"), list[int]()
    room.listen(lambda state: heard.append(len(state.hosts)))
    leave, other = rooms.host(room, "one"), rooms.host(room, "other")
    room.ask("And now?", about="now", by="one")
    leave()
    other()
    assert heard == [0, 1, 2, 2, 1, 0]
    assert (room.state.about, room.state.by) == ("now", "one")


@pytest.mark.parametrize("key", ["", None, 7, "x" * 100_000, ["a"], {"key": 1}, "ä\ud800"])
def test_what_is_no_key_opens_nothing(rooms: Rooms, key: object) -> None:
    room = rooms.open("How many?")
    assert rooms.of_key(key) is None
    assert rooms.of_key(room.code) is None


def test_a_seat_is_taken_again_in_its_room_and_nowhere_else(rooms: Rooms) -> None:
    door = Door(rooms)
    room, who = rooms.open("How many?"), "0123456789abcdef"
    assert seat_of(f"{room.code} {who}", door) == (room, who)
    nowhere = "AAAAA" if room.code != "AAAAA" else "BBBBB"
    others = (f"{room.code} the screen", f"{nowhere} {who}", f"{room.code} {who}0", f"{room.code} {who}\n")
    for kept in ("", None, room.code, *others, [room.code, who]):
        assert seat_of(kept, door) is None


def test_remembered_seats_are_tried_no_oftener_than_codes(rooms: Rooms, clock: Clock) -> None:
    room, door, who = rooms.open("How many?"), Door(rooms, clock), "0123456789abcdef"
    nowhere = "AAAAA" if room.code != "AAAAA" else "BBBBB"
    for _ in range(MOST_TRIES):
        assert seat_of(f"{nowhere} {who}", door) is None
    assert seat_of(f"{room.code} {who}", door) is None
    clock.now = WAIT + 1
    assert seat_of(f"{room.code} {who}", door) == (room, who)


def test_whoever_tries_many_codes_has_to_wait(rooms: Rooms, clock: Clock) -> None:
    room, door = rooms.open("How many?"), Door(rooms, clock)
    for _ in range(MOST_TRIES):
        with pytest.raises(RoomError, match="no room"):
            door.enter("AAAAA" if room.code != "AAAAA" else "BBBBB")
    with pytest.raises(RoomError, match="wait"):
        door.enter(room.code)
    clock.now = WAIT + 1
    assert door.enter(room.code) is room


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCDEF", "ABC1E", "../..", "AB\nCD", "ÄBCDE", None, "A" * 100_000])
def test_what_cannot_be_a_code_is_none(typed: object) -> None:
    assert code_of(typed) == ""


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ann\tSmith ", "Ann Smith"),
        ("a\u202eb\u0000c", "a b c"),
        ("x" * 1000, "x" * LONGEST_NAME),
        ("<b>Ann</b>", "<b>Ann</b>"),
    ],
)
def test_a_name_is_one_short_printable_line(typed: str, name: str) -> None:
    assert name_of(typed) == name


@pytest.mark.parametrize("typed", ["", "-1", "101", "1.5", "٣", "1e2", "fifty", None, {"number": 1}])
def test_a_guess_is_a_whole_number_of_a_hundred(typed: object) -> None:
    with pytest.raises(RoomError, match="whole number"):
        number_of(typed)
    assert number_of(" 42 ") == 42


def test_a_guess_is_kept_short_however_long_it_was_sent() -> None:
    sent = {"number": 42, "name": ["x" * 10_000_000], "more": "y" * 1000}
    assert guess_of(sent, None) == Guess("['" + "x" * 28, 42)
    with pytest.raises(RoomError, match="whole number"):
        guess_of({"number": "4" * 10_000_000}, None)


SHEET = Sheet(10, 25, (6, 12, 18, 24, 30, 36), ("a", "b", "c", "d", "e", "f"))


def test_a_line_is_whole_per_cents_at_its_points() -> None:
    assert line_of([0, 10, 20.4, 20.6, 99, 100]) == (0, 10, 20, 21, 99, 100)


@pytest.mark.parametrize(
    "point", [float("nan"), float("inf"), -1, 100.5, pytest.param(10**400, id="huge"), "10", None, True, [10], {"y": 1}]
)
def test_no_point_of_a_line_may_be_anything_else(point: object) -> None:
    with pytest.raises(RoomError, match="numbers from 0 to 100"):
        line_of([10, 10, point, 10, 10, 10])


@pytest.mark.parametrize(
    "typed", [None, "101010", {}, 10, [], [10] * (POINTS - 1), [10] * 100_000, tuple([10] * POINTS)]
)
def test_a_line_has_so_many_points_and_is_a_list(typed: object) -> None:
    with pytest.raises(RoomError, match="numbers from 0 to 100"):
        line_of(typed)


@pytest.mark.parametrize("given", [None, [], "10", 7, {}, {"line": [1]}, {"number": "200"}])
@pytest.mark.parametrize("sheet", [None, SHEET])
def test_whatever_a_browser_sends_is_a_guess_or_a_sentence(given: object, sheet: Sheet | None) -> None:
    with pytest.raises(RoomError):
        guess_of(given, sheet)


def test_a_guess_is_read_as_the_sort_that_is_asked_for() -> None:
    sent = {"name": " Ann ", "number": "30", "line": [10, 11, 12, 13, 14, 15]}
    assert guess_of(sent, None) == Guess("Ann", 30)
    assert guess_of(sent, SHEET) == Guess("Ann", 15, (10, 11, 12, 13, 14, 15))


def test_guess_and_answer_belong_to_the_question_they_were_made_for(rooms: Rooms) -> None:
    room = rooms.open("How many?")
    before = room.state.turn
    room.guess("a", Guess("Ann", 30), before)
    room.ask("How many?", about="something else that reads the same")
    assert room.state.guesses == {}
    with pytest.raises(RoomError, match="question has changed"):
        room.guess("a", Guess("Ann", 30), before)
    room.reveal("In 28 of 100.", before)
    assert room.state.guesses == {}
    assert room.state.is_open
    room.guess("a", Guess("Ann", 31), room.state.turn)
    assert room.state.guesses == {"a": Guess("Ann", 31)}


def test_whoever_looks_while_a_page_goes_closes_no_room(rooms: Rooms, clock: Clock) -> None:
    room = rooms.open("How many?")
    leave = rooms.host(room, "one")
    clock.now = 2 * AWAY
    room.listen(lambda state: None if state.hosts else (rooms.find(room.code), None)[1])
    leave()
    assert not room.closed


class Phone:
    """What a participant's page has drawn last, with what it sends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rooms: Rooms) -> None:
        self.hears: dict[str, Any] = {}
        self.kept, self.said = "", ""
        self.leave: Callable[[], None] = lambda: None
        monkeypatch.setattr(join, "ROOMS", rooms)
        monkeypatch.setattr(join, "Keeper", self._keeper)
        monkeypatch.setattr(join, "Doorway", lambda *, event_enter, **_: self.hears.update(enter=event_enter))
        monkeypatch.setattr(join, "Ballot", self._ballot)
        monkeypatch.setattr(join, "Act", lambda _, act: setattr(self, "leave", act))

    def _keeper(self, *, kept: str, event_found: Any, **_: object) -> None:  # noqa: ANN401  of Solara
        self.kept, self.hears["found"] = kept, event_found

    def _ballot(self, *, said: str, event_guess: Any, **_: object) -> None:  # noqa: ANN401  of Solara
        self.said, self.hears["guess"] = said, event_guess


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch, rooms: Rooms) -> Iterator[Phone]:
    phone = Phone(monkeypatch, rooms)
    _, page = solara.render(join.Join(), handle_error=False)
    yield phone
    page.close()


def test_whoever_leaves_a_room_and_comes_back_counts_once(phone: Phone, rooms: Rooms) -> None:
    room = rooms.open("How many?")
    phone.hears["enter"](room.code)
    phone.hears["guess"]({"name": "Ann", "number": "30"})
    phone.leave()
    assert phone.kept == ""
    phone.hears["found"]("")
    phone.hears["enter"](room.code)
    phone.hears["guess"]({"name": "Ann", "number": "40"})
    assert [guess.number for guess in room.state.guesses.values()] == [40]


def test_a_browser_chooses_once_who_it_is(phone: Phone, rooms: Rooms) -> None:
    room = rooms.open("How many?")
    for number in range(5):
        phone.hears["found"](f"{room.code} {number:016x}")
        phone.hears["guess"]({"name": "Ann", "number": "30"})
    assert set(room.state.guesses) == {f"{0:016x}"}


def test_what_was_counted_is_not_said_to_be_once_it_is_asked_anew(phone: Phone, rooms: Rooms) -> None:
    room = rooms.open("How many?")
    phone.hears["enter"](room.code)
    phone.hears["guess"]({"name": "Ann", "number": "30"})
    until(lambda: phone.said == "It is counted.")
    room.ask("How many?", about="something else that reads the same")
    until(lambda: phone.said == "")


def test_a_page_that_has_gone_leaves_no_listener_and_no_thread(
    phone: Phone, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def followers() -> set[Thread]:
        return {thread for thread in enumerate_threads() if "follow" in thread.name}

    room, before, ended = rooms.open("How many?"), followers(), list[bool]()
    listen = room.listen

    def listening(tell: Callable[[RoomState], None]) -> Callable[[], None]:
        forget = listen(tell)
        return lambda: ended.append(forget() is None)

    monkeypatch.setattr(room, "listen", listening)
    phone.hears["enter"](room.code)
    until(lambda: len(followers() - before) == 1)
    (mine,) = followers() - before
    assert not ended
    phone.leave()
    until(lambda: bool(ended) and not mine.is_alive())


def test_a_session_hears_of_a_room_on_a_thread_of_its_own(rooms: Rooms) -> None:
    room, news, left = rooms.open("How many?"), Event(), Event()
    heard: Queue[tuple[str, Thread]] = Queue()

    def tell(state: RoomState) -> None:
        heard.put((state.answer, current_thread()))

    forget = room.listen(lambda _: news.set())
    thread = Thread(target=follow, args=(room, news, left, tell), daemon=True)
    thread.start()
    assert heard.get(timeout=PATIENCE) == ("", thread)
    room.reveal("58 of 100", room.state.turn)
    assert heard.get(timeout=PATIENCE) == ("58 of 100", thread)
    forget()
    left.set()
    news.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert heard.empty()
