"""What a participant has on the phone: a code to join, a number to guess, and the answer once it is revealed."""

from __future__ import annotations

import secrets
from threading import Event, Thread
from typing import TYPE_CHECKING

import solara

from redesign_sim.ui.components.ballot import Ballot, Doorway
from redesign_sim.ui.rooms import ROOMS, Door, Room, RoomError, RoomState, guess_of

if TYPE_CHECKING:
    from collections.abc import Callable


@solara.component
def Join() -> None:
    """Join a room, then guess in it."""
    door = solara.use_memo(lambda: Door(ROOMS), [])
    room, set_room = solara.use_state(_no_room())
    said, set_said = solara.use_state("")

    def enter(code: object) -> None:
        try:
            set_room(door.enter(str(code)))
        except RoomError as why:
            set_said(str(why))

    with solara.Div(classes=["rs-view"], style={"max-width": "40rem"}):
        if room is None:
            solara.HTML(tag="h1", unsafe_innerHTML="Join the room", classes=["rs-headline"])
            Doorway(said=said, event_enter=enter)
        else:
            Participant(room)


def _no_room() -> Room | None:
    return None


@solara.component
def Participant(room: Room) -> None:
    """Guess; change the guess while it is open; see the answer."""
    who = solara.use_memo(lambda: secrets.token_hex(8), [])
    state = use_room(room)
    said, set_said = solara.use_state("")
    mine = state.guesses.get(who)

    def guess(sent: object) -> None:
        try:
            room.guess(who, guess_of(sent))
            set_said("It is counted.")
        except RoomError as why:
            set_said(str(why))

    solara.HTML(tag="h1", unsafe_innerHTML="What do you expect?", classes=["rs-headline"])
    solara.Text(state.question, style={"display": "block", "margin-bottom": "1.2rem"})
    if state.answer:
        yours = f"You said {mine.number}. " if mine else ""
        solara.Text(yours + state.answer, classes=["rs-title"])
    else:
        Ballot(words="Send my guess", done=mine is not None, disabled=False, named=True, said=said, event_guess=guess)


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
