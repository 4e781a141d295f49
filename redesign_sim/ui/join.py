"""What a participant has on the phone: a code to join, a number or a line to guess, and in the end the answer."""

from __future__ import annotations

import re
import secrets
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple, cast

import solara

from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.ballot import Ballot, Doorway
from redesign_sim.ui.components.keeper import Keeper
from redesign_sim.ui.components.sketch import Drawn, Sketch
from redesign_sim.ui.rooms import CODE, ROOMS, Door, Room, RoomError, RoomState, guess_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.ui.rooms import Guess


SEAT = re.compile(f"(?P<code>{CODE.pattern}) (?P<who>[0-9a-f]{{16}})")
"""What a participant's browser remembers."""


class Seat(NamedTuple):
    """Somebody's place in a room: nobody else knows who they are."""

    room: Room
    who: str


@solara.component
def Join() -> None:
    """Join a room, then guess in it; a page that is loaded anew is in the room it was in.

    Whoever comes back to a room is who they were there: nobody counts twice.
    """
    door = solara.use_memo(lambda: Door(ROOMS), [])
    me = solara.use_ref("")
    seat, set_seat = solara.use_state(cast("Seat | None", None))
    said, set_said = solara.use_state("")

    def sit_down(there: Seat) -> None:
        me.current = there.who
        set_seat(there)

    def enter(code: object) -> None:
        try:
            sit_down(Seat(door.enter(str(code)), me.current or secrets.token_hex(8)))
        except RoomError as why:
            set_said(str(why))

    def found(before: object) -> None:
        there = None if me.current else seat_of(before, door)
        if there:
            sit_down(there)

    Keeper(name="guessing", kept=f"{seat.room.code} {seat.who}" if seat else "", event_found=found)
    with solara.Div(classes=["rs-view"], style={"max-width": "40rem"}):
        if seat is None:
            solara.HTML(tag="h1", unsafe_innerHTML="Join the room", classes=["rs-headline"])
            Doorway(said=said, event_enter=enter)
        else:
            Participant(seat, lambda: set_seat(None))


def seat_of(kept: object, door: Door) -> Seat | None:
    """The seat that a browser remembers, if it is one and the room is still there."""
    remembered = SEAT.fullmatch(str(kept)[:40])
    try:
        return Seat(door.enter(remembered["code"]), remembered["who"]) if remembered else None
    except RoomError:
        return None


@solara.component
def Participant(seat: Seat, leave: Callable[[], None]) -> None:
    """Guess; change the guess while it is open; see the answer; leave for another room."""
    room, who = seat
    state = use_room(room)
    said, set_said = solara.use_state("")
    mine = state.guesses.get(who)
    solara.use_effect(lambda: set_said(""), [state.turn, state.is_open])

    def guess(given: object) -> None:
        try:
            room.guess(who, guess_of(given, state.sheet), state.turn)
            set_said("It is counted.")
        except RoomError as why:
            set_said(str(why))

    head = "What do you expect?" if state.is_open else "What came out"
    solara.HTML(tag="h1", unsafe_innerHTML=head, classes=["rs-headline"])
    solara.Text(state.question, style={"display": "block", "margin-bottom": "1.2rem"})
    words = "Change my guess" if mine else "Send my guess"
    if state.answer:
        Answered(state, mine)
    elif state.sheet:
        Sketch(state.sheet, words, named=True, said=said, event_guess=guess)
    else:
        Ballot(words=words, disabled=False, named=True, said=said, event_guess=guess)
    with solara.Div(classes=["rs-row", "rs-quiet", "rs-small"], style={"margin-top": "2rem"}):
        solara.Text(f"Room {room.code}." if state.hosts else f"Room {room.code}: nobody asks here at the moment.")
        Act("Join another room", leave)


@solara.component
def Answered(state: RoomState, mine: Guess | None) -> None:
    """The answer, beside what one had guessed."""
    yours = "" if mine is None else f"Your line ends at {mine.number} %. " if mine.line else f"You said {mine.number}. "
    solara.Text(yours + state.answer, classes=["rs-title"])
    if state.sheet and state.band:
        lines = [mine.line] if mine else []
        Drawn(lines, state.sheet, state.band, label=yours + state.answer, height="20rem")


def use_room(room: Room) -> RoomState:
    """A hook: the room as it is now."""
    state, set_state = solara.use_state(room.state)

    def listen() -> Callable[[], None]:
        news, left = Event(), Event()
        forget = room.listen(lambda _: news.set())
        Thread(target=follow, args=(room, news, left, set_state), daemon=True).start()

        def leave() -> None:
            forget()
            left.set()
            news.set()

        return leave

    solara.use_effect(listen, [room])
    return state  # type: ignore[no-any-return]  # solara is not typed


def follow(room: Room, news: Event, left: Event, tell: Callable[[RoomState], None]) -> None:
    """Tell one session what is new in a room, on a thread of its own: a page is drawn by nobody else's."""
    while True:
        news.wait()
        news.clear()
        if left.is_set():
            return
        tell(room.state)
