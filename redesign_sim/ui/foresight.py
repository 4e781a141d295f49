"""What may be asked for next: the futures of what a hand is near, computed while nobody waits for any.

Whoever is about to move a lever has the pointer on it, or the keyboard's focus; and there are only so many places to
which it can go. At each of them the first futures are computed ahead, the nearest places first, then half of them
everywhere, so that from nowhere it is far to the whole, and then all: once, for a lever that is moved along leaves the
places along it what they are. After half a minute that is enough, until something moves.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol

import solara

from redesign_sim.scenario import ScenarioError
from redesign_sim.ui.computing import POOL, Desk, Order, order
from redesign_sim.ui.ensembles import FIRST, FUTURES, page_is_there
from redesign_sim.ui.setup import SHARE_PARTS, Lever, Setup, mix_values

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = (FIRST, FUTURES // 2, FUTURES)
"""How many futures of every place are computed ahead before there are more of any."""
EDGES = (1, 2, 3)
"""The edges in the bar of leadership, from the left."""


class Track(Protocol):
    """Something that a hand moves along."""

    def place(self, setup: Setup) -> float:
        """Where it stands in a setup."""
        ...

    def places(self, setup: Setup) -> dict[float, Setup]:
        """Where it can be moved to, and what the setup is then."""
        ...


class LeverTrack(NamedTuple):
    """The track of a lever."""

    lever: Lever

    def place(self, setup: Setup) -> float:
        """Where the lever stands."""
        return setup.value(self.lever.path)

    def places(self, setup: Setup) -> dict[float, Setup]:
        """The steps of the lever."""
        return {at: setup.with_values({self.lever.path: at}) for at in self.lever.steps}


class EdgeTrack(NamedTuple):
    """The track of an edge in the bar of leadership."""

    edge: int

    def place(self, setup: Setup) -> float:
        """Where the edge stands, from the left; nowhere in a case without shares."""
        return round(sum((setup.mix or ())[: self.edge]), 6)

    def places(self, setup: Setup) -> dict[float, Setup]:
        """Its neighbours, and every part of the bar between them."""
        if not setup.mix:
            return {}
        edges = [0.0, *(EdgeTrack(number).place(setup) for number in EDGES), 1.0]
        low, high = edges[self.edge - 1], edges[self.edge + 1]
        found = {}
        parts = (part / SHARE_PARTS for part in range(SHARE_PARTS + 1))
        for at in sorted({low, high, *(part for part in parts if low <= part <= high)}):
            shares = list(setup.mix)
            shares[self.edge - 1 : self.edge + 1] = at - low, high - at
            found[at] = setup.with_values(mix_values(shares))
        return found


@lru_cache(maxsize=256)
def futures_of(setup: Setup, seed: int) -> Order:
    """All futures of a setup."""
    return order(setup.case(), seed, FUTURES)


def ahead(places: Mapping[float, Order], at: float) -> list[Order]:
    """What to compute for a hand that is somewhere: the first futures at every place, nearest first, then more."""
    nearest = sorted(places, key=lambda place: abs(place - at))
    return [places[place]._replace(runs=runs) for runs in STEPS for place in nearest]


class Foresight:
    """Has computed what a hand is near; nothing of it is drawn, and whoever waits for something has it first."""

    def __init__(self, desk: Desk) -> None:
        """No hand is near anything."""
        self._desk = desk
        self._lock = Lock()
        self._near: dict[str, Track] = {}
        self._from: tuple[Setup, int] | None = None
        self._closed = False

    def look(self, setup: Setup, seed: int) -> None:
        """This is what is looked at now: whatever is moved next is moved from here."""
        with self._lock:
            self._from = setup, seed
            self._ask()

    def near(self, what: str, track: Track | None) -> None:
        """A hand has come near something that has this track, or has left it; what it came near last is what it is
        likely to move.
        """
        with self._lock:
            self._near.pop(what, None)
            if track:
                self._near[what] = track
            self._ask()

    def close(self) -> None:
        """Nothing is looked at any more; what is still said of hands is not heard."""
        with self._lock:
            self._closed = True
            self._desk.close()

    def _ask(self) -> None:
        if self._from and not self._closed:
            track = next(reversed(self._near.values()), None)
            self._desk.ask(_around(track, *self._from) if track else [])


def _around(track: Track, setup: Setup, seed: int) -> list[Order]:
    """What to compute around a hand; nothing where the case does not have what the hand was near in another one."""
    try:
        places = {at: futures_of(there, seed) for at, there in track.places(setup).items()}
        return ahead(places, track.place(setup))
    except (ScenarioError, LookupError):
        return []


def use_foresight() -> Foresight:
    """A hook: foresight for a view, which ends when the view is left or its page has gone."""
    present = solara.use_memo(page_is_there, [])
    foresight: Foresight = solara.use_memo(lambda: Foresight(Desk(POOL, present, ahead=True)), [])
    solara.use_effect(lambda: foresight.close, [])
    return foresight
