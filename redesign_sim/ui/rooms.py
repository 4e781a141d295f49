"""Rooms that participants join by a code, to guess before they see. Nothing else is shared between sessions."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.ui.components.band import Fan

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
"""Those that nobody takes for a digit or for one another."""
CODE_LENGTH = 5
CODE = re.compile(f"[{LETTERS}]{{{CODE_LENGTH}}}")
MOST_ROOMS, MOST_GUESSES, LONGEST_NAME = 50, 300, 30
AWAY = 15 * 60.0
"""Seconds after which a room is closed whose host's page has gone: time enough to reload it."""
MOST_TRIES = 8
"""Wrong codes after which a session has to wait, and for so many seconds."""
WAIT = 30.0
POINTS = 6
"""Points of a line that someone draws; the last one stands at the last month."""


class Sheet(NamedTuple):
    """What a line is drawn on: how joined up care is at first and when it counts as integrated (per cent), the months
    of the line's points, and what they are called.
    """

    start: int
    threshold: int
    months: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """What someone believes: in so many of a hundred futures services integrate.

    Where a `line` is asked for, it holds how joined up care is at each of its points, and `number` is the last of them.
    """

    name: str
    number: int
    line: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomState:
    """What everyone in a room sees: the question, the guesses by participant, and, once revealed, the answer.

    Where lines are asked for there is a `sheet` to draw them on, and with the answer the `band` of futures. `turn`
    counts the questions, of which two may read the same. `about` is what is asked about, in whatever terms hosts
    compare it, and `by` which of their pages asked; `hosts` are those that are there.
    """

    question: str
    guesses: dict[str, Guess] = field(default_factory=dict)
    answer: str = ""
    sheet: Sheet | None = None
    band: Fan | None = None
    turn: int = 0
    about: object = None
    by: str = ""
    hosts: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether guesses are still taken."""
        return not self.answer


class RoomError(ValueError):
    """Why something cannot be done in a room, in a sentence for whoever tried."""


class Room:
    """One room: its code, its state, and those who want to know when it changes.

    `key` opens it for whoever asks in it; `left` is when the last of their pages went.
    """

    def __init__(self, code: str, question: str, now: float) -> None:
        """Open for guesses."""
        self.code = code
        self.key = secrets.token_urlsafe(16)
        self.left = now
        self.state = RoomState(question)
        self.closed = False
        self._lock = Lock()
        self._listeners: dict[int, Callable[[RoomState], None]] = {}

    def guess(self, who: str, guess: Guess, turn: int) -> None:
        """Enter a participant's guess at the question of that turn; a second one replaces the first. Raises RoomError
        where it comes too late.
        """
        with self._lock:
            if self.closed:
                raise RoomError("The room has been closed.")
            if turn != self.state.turn:
                raise RoomError("The question has changed; guess once more.")
            if not self.state.is_open:
                raise RoomError("The answer is already on the screen.")
            if who not in self.state.guesses and len(self.state.guesses) >= MOST_GUESSES:
                raise RoomError(f"The room is full: it takes {MOST_GUESSES} guesses.")
            self._become(replace(self.state, guesses={**self.state.guesses, who: guess}))

    def ask(self, question: str, sheet: Sheet | None = None, about: object = None, by: str = "") -> None:
        """Ask anew, for a number or for a line on a sheet: earlier guesses are put away."""
        with self._lock:
            turn, hosts = self.state.turn + 1, self.state.hosts
            self._become(RoomState(question, sheet=sheet, turn=turn, about=about, by=by, hosts=hosts))

    def reveal(self, answer: str, turn: int, band: Fan | None = None) -> None:
        """Show the answer to the question of that turn, unless another one is asked by now; no guess is taken then."""
        with self._lock:
            if turn == self.state.turn:
                self._become(replace(self.state, answer=answer, band=band))

    def attend(self, page: str, now: float, *, there: bool) -> None:
        """A page asks in it from now on, or does no more."""
        with self._lock:
            self.left = now  # before the page goes: whoever finds nobody there has to find when that was, too
            self._become(replace(self.state, hosts=self.state.hosts | {page} if there else self.state.hosts - {page}))

    def listen(self, tell: Callable[[RoomState], None]) -> Callable[[], None]:
        """Tell of every change from now on; returns what ends it."""
        with self._lock:
            self._listeners[id(tell)] = tell
        tell(self.state)
        return lambda: self._forget(id(tell))

    def _forget(self, listener: int) -> None:
        with self._lock:
            self._listeners.pop(listener, None)

    def _become(self, state: RoomState) -> None:
        """Change, and tell; someone whose page has gone keeps nobody else from hearing it."""
        self.state = state
        for number, tell in list(self._listeners.items()):
            try:
                tell(state)
            except Exception:  # noqa: BLE001  whatever a closed page raises
                self._listeners.pop(number, None)


class Rooms:
    """All rooms of a server, by code."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """`clock` counts seconds."""
        self._clock, self._lock = clock, Lock()
        self._rooms: dict[str, Room] = {}

    def open(self, question: str) -> Room:
        """A new room under a code that nobody can foresee. Raises RoomError where there are too many."""
        with self._lock:
            self._sweep()
            if len(self._rooms) >= MOST_ROOMS and not self._drop_one():
                raise RoomError(f"There are {MOST_ROOMS} rooms already.")
            room = Room(self._new_code(), question, self._clock())
            self._rooms[room.code] = room
            return room

    def find(self, code: str) -> Room | None:
        """The room of a code as someone typed it."""
        with self._lock:
            self._sweep()
            return self._rooms.get(code_of(code))

    def of_key(self, typed: object) -> Room | None:
        """The room that a key opens, if it is one."""
        key = str(typed)[:64].encode(errors="replace")
        with self._lock:
            self._sweep()
            return next((room for room in self._rooms.values() if compare_digest(room.key.encode(), key)), None)

    def host(self, room: Room, page: str) -> Callable[[], None]:
        """Note that a page is there that asks in the room; returns what notes that it has gone."""
        room.attend(page, self._clock(), there=True)
        return lambda: room.attend(page, self._clock(), there=False)

    def _close(self, room: Room) -> None:
        room.closed = True
        self._rooms.pop(room.code, None)

    def _drop_one(self) -> bool:
        """Close the room that has been without a host for longest, if there is one."""
        gone = [room for room in self._rooms.values() if not room.state.hosts]
        if gone:
            self._close(min(gone, key=lambda room: room.left))
        return bool(gone)

    def _new_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            if code not in self._rooms:
                return code

    def _sweep(self) -> None:
        """Close rooms that have been without a host for too long."""
        for room in list(self._rooms.values()):
            if not room.state.hosts and self._clock() - room.left > AWAY:
                self._close(room)


class Door:
    """Before the rooms of one session: whoever tries too many wrong codes waits."""

    def __init__(self, rooms: Rooms, clock: Callable[[], float] = monotonic) -> None:
        """One for each session."""
        self._rooms, self._clock = rooms, clock
        self._wrong, self._until = 0, 0.0

    def enter(self, code: str) -> Room:
        """The room of a code. Raises RoomError where there is none, or after too many wrong ones."""
        if self._clock() < self._until:
            raise RoomError("Too many wrong codes; wait half a minute.")
        room = self._rooms.find(code)
        if room is None:
            self._wrong += 1
            if self._wrong >= MOST_TRIES:
                self._wrong, self._until = 0, self._clock() + WAIT
            raise RoomError("There is no room with this code. It stands on the screen in front of you.")
        self._wrong = 0
        return room


def code_of(typed: object) -> str:
    """A code as someone typed it, or nothing where it can be none."""
    code = str(typed)[:20].strip().upper().replace(" ", "")
    return code if CODE.fullmatch(code) else ""


def name_of(typed: object) -> str:
    """A name as it may be shown: one line, printable, short; nothing where none was given."""
    text = unicodedata.normalize("NFC", str(typed)[:200])
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split())[:LONGEST_NAME]


def number_of(typed: object) -> int:
    """A guess as a whole number of a hundred. Raises RoomError where it is none."""
    text = str(typed).strip()
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or int(text) > 100:  # noqa: PLR2004  of a hundred
        raise RoomError("A guess is a whole number from 0 to 100.")
    return int(text)


def line_of(typed: object) -> tuple[int, ...]:
    """A line as whole per cents at its points. Raises RoomError where it is none."""
    points = typed[: POINTS + 1] if isinstance(typed, list) else []
    line = tuple(round(point) for point in points if _is_per_cent(point))
    if not len(points) == len(line) == POINTS:
        raise RoomError(f"A line is {POINTS} numbers from 0 to 100.")
    return line


def _is_per_cent(point: object) -> bool:
    """Whether it is a number from 0 to 100; what looks like one in words is none, nor are true and false."""
    return type(point) in {int, float} and 0 <= point <= 100  # type: ignore[operator]  # noqa: PLR2004  per cent


def guess_of(given: object, sheet: Sheet | None) -> Guess:
    """A guess as a browser sends it, for a number or a line. Raises RoomError where it is none."""
    fields = given if isinstance(given, dict) else {}
    name = name_of(fields.get("name", ""))
    if sheet is None:
        return Guess(name, number_of(fields.get("number", "")))
    line = line_of(fields.get("line"))
    return Guess(name, line[-1], line)


ROOMS = Rooms()
"""The rooms of this server."""
