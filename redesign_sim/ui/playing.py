"""One history on Mesa's own agents: lived month by month on a thread of its own, each month kept as a frozen frame."""

from __future__ import annotations

import time
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from redesign_sim.chronicle import Account, Happening, LabelledNames, Teller, counted, scope_words
from redesign_sim.happenings import Event
from redesign_sim.model import RedesignModel
from redesign_sim.roles import Role, Stage, Stance
from redesign_sim.world.tables import leadership_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.building import Labels

SPEEDS = (2, 5, 10, 20)
"""Months a second."""

EVENT_SLOTS = 400_000
LONGEST_WAIT = 1.0
"""Seconds after which a browser that says nothing of what it has drawn is sent the next month all the same."""
LOOK_AGAIN = 0.5
"""Seconds after which a page that had gone is looked for again."""


class Someone(NamedTuple):
    """A person at the end of a month; `kind` is a leadership type, or the role of whoever is no clinician."""

    organisation: int
    seat: int
    kind: str
    ambition: float
    capability: float
    proposal: int


class Live(NamedTuple):
    """A proposal that is argued over or carried out."""

    number: int
    lead: int
    stage: Stage
    organisations: tuple[int, ...]
    backers: int


class Way(NamedTuple):
    """An interface at the end of a month."""

    integration: float
    tended: bool


class Frame(NamedTuple):
    """A case at the end of a month: where everyone stands, and how many of the history's events had happened."""

    month: int
    joined: float
    people: tuple[Someone, ...]
    live: tuple[Live, ...]
    ways: tuple[Way, ...]
    ties: tuple[tuple[int, int], ...]
    events: int
    told: tuple[str, ...]
    also: str


class Setting(NamedTuple):
    """What does not change in a history: its case, the words behind the numbers, interfaces and professions."""

    case: Scenario
    labels: Labels
    ways: tuple[tuple[int, int, float, float], ...]
    staff: tuple[int, ...]


class History:
    """A run that remembers every month; it is lived on demand, and any month can be looked at again."""

    def __init__(self, case: Scenario, seed: int) -> None:
        """Found the case: month 0 is there."""
        self.seed = seed
        model = RedesignModel(case, seed=seed, event_slots=EVENT_SLOTS)
        world: Any = model.world
        self._model, self._world = model, world
        self.setting = Setting(
            model.case,
            model.labels,
            tuple((i.first, i.second, i.traffic, i.start) for i in world.interfaces),
            tuple(organisation.staff for organisation in world.organisations),
        )
        self.events: list[Happening] = []
        self.local: set[int] = set()
        self._scopes: dict[int, str] = {}
        self.names = LabelledNames(model.labels, self._scopes)
        self._account = Account(self.names)
        self._frames = [self._look()]

    @property
    def last_month(self) -> int:
        """The month in which the history ends."""
        return int(self.setting.case.horizon_months)

    @property
    def lived(self) -> int:
        """The last month that has been lived so far."""
        return len(self._frames) - 1

    def at(self, month: int) -> Frame:
        """A month that has been lived."""
        return self._frames[month]

    def course(self, month: int) -> list[float]:
        """How joined up care was at the end of each month up to this one."""
        return [frame.joined for frame in self._frames[: month + 1]]

    def live_on(self) -> None:
        """Live through the next month."""
        for _ in self._model.stages():
            pass
        self._frames.append(self._look())

    def everything(self, month: int) -> list[str]:
        """All that happened in a month, a sentence each."""
        teller = Teller(self.names)
        begins = self._frames[month - 1].events if month else 0
        return [teller.tell(each) for each in self.events[begins : self._frames[month].events]]

    def _look(self) -> Frame:
        """Where everything stands now."""
        world = self._world
        self._note_scopes()
        new = list(self._new_events())
        self.events.extend(new)
        return Frame(
            int(world.scene.month),
            float(world.scene.index),
            tuple(map(_someone, world.people)),
            tuple(self._live()),
            tuple(Way(float(i.integration), i.tended == 1) for i in world.interfaces),
            _distant_ties(world.state.ties, np.array([person.organisation for person in world.people])),
            len(self.events),
            tuple(text for _, text in self._account.tell(new, self.local)),
            counted(new, self.local),
        )

    def _new_events(self) -> Iterator[Happening]:
        """What has happened since the last look."""
        world = self._world
        held = min(int(world.scene.events), len(world.state.event_amounts))
        since = slice(len(self.events), held)
        codes, amounts = world.state.event_codes[since].tolist(), world.state.event_amounts[since].tolist()
        for (month, event, who, whom, about), amount in zip(codes, amounts, strict=True):
            yield Happening(month, Event(event), who, whom, about, amount)

    def _note_scopes(self) -> None:
        """What the proposals put forward since the last look touch."""
        for number in range(len(self._scopes), int(self._world.scene.proposals)):
            places = self._scope(number)
            self._scopes[number] = scope_words(
                [self.setting.labels.organisations[o] for o in places], across=len(places) > 1
            )
            if len(places) == 1:
                self.local.add(number)

    def _scope(self, number: int) -> tuple[int, ...]:
        """The organisations of care that a proposal touches."""
        world = self._world
        return tuple(o.number for o in world.organisations if o.commissions == 0 and world.scope[number, o.number] == 1)

    def _live(self) -> Iterator[Live]:
        """Proposals that have not ended, oldest first."""
        world = self._world
        for number in range(int(world.scene.proposals)):
            proposal = world.proposals[number]
            if proposal.stage <= Stage.AUTHORISED:
                backers = int((world.state.stance[number] >= Stance.BACKS).sum())
                yield Live(number, proposal.lead, Stage(proposal.stage), self._scope(number), backers)


def _someone(person: Any) -> Someone:  # noqa: ANN401  an agent
    """An agent as a frame keeps it."""
    kind = leadership_type(person.role, person.ambition, person.capability) or Role(person.role).name.lower()
    return Someone(person.organisation, person.seat, kind, person.ambition, person.capability, person.proposal)


def _distant_ties(ties: Any, home: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401  arrays
    """Pairs who know each other and work for different organisations."""
    first, second = np.nonzero(np.triu(ties, 1))
    apart = home[first] != home[second]
    return tuple(zip(first[apart].tolist(), second[apart].tolist(), strict=True))


class Shown(NamedTuple):
    """What is on screen: a month of a history, and whether it plays; no history yet while the case is founded."""

    history: History | None = None
    month: int = 0
    playing: bool = False
    problem: str = ""


def _nobody(shown: Shown) -> None:
    """Show a month to nobody."""


class Player:
    """Plays a history for one page. Its thread alone lives months; the page tells it what to show next.

    `present` tells whether a browser still looks on; without one nothing goes on. It opens on the month `first`.
    """

    def __init__(
        self, case: Scenario, seed: int, present: Callable[[], bool] = lambda: True, *, first: int = 0
    ) -> None:
        """Nothing is played until it is opened."""
        self._case, self._seed, self._present = case, seed, present
        self._show: Callable[[Shown], None] = _nobody
        self._news = Condition()
        self._playing, self._stopped = False, False
        self._wanted: int | None = first
        self._drawn = -1
        self._month, self._aim = 0, first
        self._speed = SPEEDS[1]

    def open(self, show: Callable[[Shown], None]) -> Callable[[], None]:
        """Found the case and show the month to open on, calling `show` from a thread; returns what ends the thread."""
        self._show = show
        Thread(target=self._run, name="a history", daemon=True).start()
        return self._stop

    def pace(self, speed: int) -> None:
        """So many months a second from now on."""
        self._speed = speed

    def play(self, *, on: bool) -> None:
        """Go on, or pause; from the last month on it is played again."""
        with self._news:
            if on and self._aim >= self._case.horizon_months:
                self._wanted, self._aim = 0, 0
            self._playing = on
            self._news.notify_all()

    def toggle(self) -> None:
        """Pause what plays, play what is paused."""
        self.play(on=not self._playing)

    def go(self, month: int) -> None:
        """Pause, and look at a month."""
        with self._news:
            self._playing, self._wanted, self._aim = False, month, month
            self._news.notify_all()

    def step(self, months: int) -> None:
        """Pause, and look some months on or back."""
        self.go(self._aim + months)

    def drawn(self, month: int) -> None:
        """The browser says which month it has drawn."""
        with self._news:
            self._drawn = month
            self._news.notify_all()

    def _stop(self) -> None:
        with self._news:
            self._stopped = True
            self._news.notify_all()

    def _run(self) -> None:
        """The thread: found the case, then show what is wanted until the page goes."""
        try:
            history = History(self._case, self._seed)
            while not self._stopped:
                self._turn(history)
        except Exception as error:  # noqa: BLE001  the room is told in one sentence, whatever it was
            self._show(Shown(problem=f"This history stopped: {error}"))

    def _turn(self, history: History) -> None:
        """Show the month that was asked for, or the next one, or wait."""
        with self._news:
            if not self._present():
                self._news.wait(LOOK_AGAIN)
                return
            wanted, self._wanted = self._wanted, None
            if wanted is None and not self._playing:
                self._news.wait(LOOK_AGAIN)
                return
        if wanted is not None:
            self._look_at(history, max(0, min(wanted, history.last_month)))
        else:
            self._play_on(history)

    def _look_at(self, history: History, month: int) -> None:
        """Live up to a month, if need be, and show it."""
        while history.lived < month and not self._stopped:
            history.live_on()
        self._put(history, month)

    def _play_on(self, history: History) -> None:
        """The next month, no faster than asked for or than the browser draws; the one after it is lived meanwhile."""
        began = time.monotonic()
        if self._month >= history.last_month:
            self.play(on=False)
            self._put(history, self._month)
            return
        self._look_at(history, self._month + 1)
        if history.lived < history.last_month:
            history.live_on()
        with self._news:
            self._news.wait_for(lambda: self._stopped or self._drawn >= self._month or not self._playing, LONGEST_WAIT)
            left = 1 / self._speed - (time.monotonic() - began)
            if left > 0:
                self._news.wait_for(lambda: self._stopped or not self._playing, left)
        if not self._playing:
            self._put(history, self._month)

    def _put(self, history: History, month: int) -> None:
        """Have a month shown; whoever waits for the browser waits for this one."""
        with self._news:
            self._month, self._drawn = month, -1
            self._aim = month if self._wanted is None else self._wanted
        self._show(Shown(history, month, self._playing))
