"""Why a run came out as it did: from the outcome back to what delivered it, who backed and who refused that, and why.

Everything here is read off a run's own tables and events; nothing is run again.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from redesign_sim.chronicle import (
    WORDING,
    Happening,
    Teller,
    happenings,
    names_of,
    so_many_people,
    when,
)
from redesign_sim.happenings import Event
from redesign_sim.roles import Role
from redesign_sim.world.tables import leadership_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.tables import Run

    Row = Mapping[str, Any]

KINDS = {
    "high_impact": "high-impact: much ambition, much political skill",
    "localised": "localised: little ambition, much political skill",
    "lacking_followers": "lacking followers: much ambition, little political skill",
    "passive": "passive: little ambition, little political skill",
}
NOTHING = 0.005
"""A smaller change of an interface is none that anyone would see."""
MOST_NAMED, MOST_SETBACKS, MOST_TOLD = 5, 4, 4
"""People named in a list, setbacks of a proposal told one by one, and proposals of each sort told whole."""
SETBACKS = {
    Event.VOTED_DOWN, Event.RETURNED, Event.REFUSED, Event.LEFT_OUT, Event.RESCOPED, Event.AUTHORISATION_LAPSED,
}  # fmt: skip
DEADLY = {
    Event.AUTHORISATION_LAPSED: "since its authorisation lapsed with a manager who left, and was not had again",
    Event.NOT_HEARD: "since those who decide did not hear it",
    Event.RETURNED: "since it was sent back and could not be changed enough",
    Event.AUTHORISED: "since it had been authorised and no longer got forward",
}
"""What a proposal that is given up dies of: the last of these that happened to it."""
STANCES = {Event.BACKED, Event.CO_LEADS, Event.DECLINED, Event.OVERCOMMITTED}
GIVEN = {Event.CONCEDED: "a concession", Event.GUARANTEED: "a guarantee of the role"}


class Cause(NamedTuple):
    """A line of the account, and how far back it lies behind the outcome: 0 is the outcome itself."""

    depth: int
    text: str


def account(run: Run, case: Scenario) -> list[Cause]:
    """The outcome, and behind each line the causes that the run holds for it, in plain words."""
    return list(_Account(run, case).lines())


class _Account:
    """A run being read backwards."""

    def __init__(self, run: Run, case: Scenario) -> None:
        self.run, self.case = run, case
        self.names = names_of(case, run.proposals)
        self.teller = Teller(self.names)
        self.events = happenings(run.events)
        self.about: dict[int, list[Happening]] = {}
        for happening in self.events:
            if WORDING[happening.event].about == "proposal":
                self.about.setdefault(happening.about, []).append(happening)

    def lines(self) -> Iterator[Cause]:
        yield Cause(0, self.outcome())
        rows: list[Row] = self.run.proposals.to_dict("records")  # type: ignore[assignment]  # by columns' names
        across = [row for row in rows if row["cross_boundary"]]
        told: set[int] = set()
        for place in self.changed():
            yield Cause(1, place.text)
            for row in across:
                if row["depth_implemented"] > 0 and place.within(row["organisations"]) and row["proposal"] not in told:
                    told.add(int(row["proposal"]))
                    yield from self.story(row, whole=len(told) <= MOST_TOLD)
        yield from self.others([row for row in across if row["proposal"] not in told])
        yield from self.within([row for row in rows if not row["cross_boundary"]])
        yield from self.never_begun()

    def outcome(self) -> str:
        """Where it ended, against where it began and the threshold."""
        got, case = self.run.outcomes, self.case
        start, end = got["integration_start"], got["integration_index"]
        text = f"Integration went from {start:.3f} to {end:.3f} (0 separate, 1 joined). "
        first = got["months_to_integration"]
        at = f"the threshold of {case.integrated_threshold:g}"
        if got["integrated"]:
            return text + f"It has counted as integrated, {at} being reached first in {self.date(first)}."
        if not math.isnan(first):
            return text + f"It reached {at} in {self.date(first)}, and lost it again."
        return text + f"It never reached {at}."

    def changed(self) -> list[_Place]:
        """Interfaces by how much of the outcome's change lies there, the largest first."""
        table = self.run.interfaces
        if "month" not in table or table.empty:
            return []
        first, last = (table[table["month"] == month].to_dict("records") for month in (0, table["month"].max()))
        places = []
        for before, now in zip(first, last, strict=True):
            sides = {self.names.organisation(int(now[side])) for side in ("first", "second")}
            reached = float(before["integration"]), float(now["integration"])
            places.append(_Place(str(now["name"]), sides, *reached, float(now["traffic"])))
        moved = [place for place in places if abs(place.now - place.before) > NOTHING]
        return sorted(moved, key=lambda place: -abs(place.now - place.before) * place.traffic)

    def story(self, row: Row, *, whole: bool) -> Iterator[Cause]:
        """A proposal: its end and, if it is told whole, how it was decided, who was for it and where it came from."""
        events = self.about.get(int(row["proposal"]), [])
        yield Cause(2, self.ended(row, events))
        for text in (*_decided(events, self), *_stances(events, self), *self.began(row)) if whole else ():
            yield Cause(3, text)

    def ended(self, row: Row, events: Sequence[Happening]) -> str:
        """What became of a proposal, and what it died of."""
        done = f"{100 * float(row['depth_implemented']):.0f} % of what could change"
        what = f"Proposal {int(row['proposal'])}, {self.names.scope(int(row['proposal']))}".rstrip(", ")
        at = self.date(row["ended"]) if row["ended"] > 0 else ""
        if row["end"] == "completed":
            return f"{what}: in place since {at}, with {done}."
        if row["end"] == "stalled":
            return f"{what}: given up in {at}, {_died_of(events)}. Of it there is {done}."
        if row["end"] == "refused":
            return f"{what}: refused in {at} by those who decide."
        if row["end"] == "faded":
            return f"{what}: faded away by {at}, since nobody kept it up. Of it there is {done}."
        return f"{what}: still {row['end'].replace('_', ' ')} at the end, with {done} in place."

    def began(self, row: Row) -> Iterator[str]:
        """Where a proposal came from: who, when, and what had been asked from above."""
        started = int(row["started"])
        if row["imposed"]:
            yield f"It was imposed from above in {self.date(started)} by {self.names.person(int(row['lead']))}."
            return
        kind = _kind(row)
        yield (
            f"It began in {self.date(started)} with {self.names.person(int(row['lead']))}"
            f" (ambition {row['lead_ambition']:.2f}, political capability {row['lead_capability']:.2f}{kind}),"
            f" who knew {so_many_people(int(row['lead_ties_before']))} elsewhere and asked for"
            f" {100 * row['depth_asked']:.0f} % of what could change."
        )
        published = [event for event in self.events if event.event == Event.STRATEGY_PUBLISHED]
        for event in [event for event in published if event.month <= started][-1:]:
            ago = started - event.month
            months = "that very month" if ago == 0 else f"{ago} month{'s' if ago > 1 else ''} before"
            name, close = self.names.strategy(event.about), row["alignment"]
            yield f"{name} had been published {months}; closeness to it {close:.2f} (0 to 1)."

    def others(self, rows: Sequence[Row]) -> Iterator[Cause]:
        """Proposals across boundaries that moved no interface."""
        if rows:
            yield Cause(1, "What was tried between organisations and changed no interface to speak of:")
        for place, row in enumerate(rows):
            yield from self.story(row, whole=place < MOST_TOLD)

    def within(self, rows: Sequence[Row]) -> Iterator[Cause]:
        """What stayed within one organisation, in a line: it joins nothing up."""
        if rows:
            ends = [str(row["end"]) for row in rows]
            counts = ", ".join(f"{ends.count(end)} {end.replace('_', ' ')}" for end in dict.fromkeys(ends))
            noun = "redesign" if len(rows) == 1 else "redesigns"
            yield Cause(1, f"{len(rows)} {noun} stayed within one organisation ({counts}); these join nothing up.")

    def never_begun(self) -> Iterator[Cause]:
        """Who asked for leave to propose something and did not get it."""
        refused = [event for event in self.events if event.event == Event.LEAVE_REFUSED]
        if refused:
            asked = _listed([self.names.person(who) for who in dict.fromkeys(event.who for event in refused)])
            times = "once" if len(refused) == 1 else f"{len(refused)} times"
            yield Cause(1, f"Not begun: managers refused leave to propose beyond the own clinic {times}, to {asked}.")

    def date(self, month: float) -> str:
        """A month as a calendar month."""
        return when(int(month), self.case.clock_starts)


class _Place(NamedTuple):
    """An interface, and what became of it."""

    name: str
    sides: set[str]
    before: float
    now: float
    traffic: float

    @property
    def text(self) -> str:
        return f"{self.name} ({100 * self.traffic:.0f} % of the traffic): from {self.before:.3f} to {self.now:.3f}."

    def within(self, organisations: str) -> bool:
        """Whether a proposal's scope holds both sides."""
        return self.sides <= set(organisations.split("; "))


def _kind(row: Row) -> str:
    """The kind of leadership that a lead's traits make, in words; nothing for managers."""
    code = Role[str(row["lead_role"]).upper()]
    kind = leadership_type(code, float(row["lead_ambition"]), float(row["lead_capability"]))
    return f"; {KINDS[kind]}" if kind else ""


def _died_of(events: Sequence[Happening]) -> str:
    """Why a proposal was given up, as far as its events tell."""
    last = next((event.event for event in reversed(events) if event.event in DEADLY), None)
    return DEADLY[last] if last is not None else "since it did not find enough support in the time its lead had"


def _decided(events: Sequence[Happening], account: _Account) -> Iterator[str]:
    """The decision: when it was had, lost and had again, who refused what, and how often it was not heard."""
    yes = [event for event in events if event.event == Event.AUTHORISED]
    if yes:
        again = f", and again {_times(len(yes) - 1)} after it was lost" if len(yes) > 1 else ""
        yield f"It was authorised in {account.date(yes[0].month)}, at a depth of {100 * yes[0].amount:.0f} %{again}."
    against = [
        event for event in events if event.event in SETBACKS or (event.event == Event.VOTED and event.amount < 0)
    ]
    for event in against[:MOST_SETBACKS]:
        yield f"{account.date(event.month)}: {account.teller.tell(event)}"
    if len(against) > MOST_SETBACKS:
        yield f"and {len(against) - MOST_SETBACKS} more such setbacks, the last in {account.date(against[-1].month)}."
    unheard = [event for event in events if event.event == Event.NOT_HEARD]
    if unheard:
        yield f"Those who decide did not hear it {_times(len(unheard))}, first in {account.date(unheard[0].month)}."


def _stances(events: Sequence[Happening], account: _Account) -> Iterator[str]:
    """Who came on board and what that took, and who stayed against it and why."""
    eased = {
        Event.CONCEDED: {event.whom for event in events if event.event == Event.CONCEDED},
        Event.GUARANTEED: {event.whom for event in events if event.event == Event.GUARANTEED},
    }
    last = {event.who: event for event in events if event.event in STANCES}
    board = [who for who, event in last.items() if event.event in {Event.BACKED, Event.CO_LEADS}]
    if board:
        yield f"On board ({len(board)}): {_listed([account.names.person(who) + _after(who, eased) for who in board])}."
    for word, kind in (
        ("Not persuaded, since to them it costs more than it brings", Event.DECLINED),
        ("Willing, but backing too much already", Event.OVERCOMMITTED),
    ):
        people = [(who, event) for who, event in last.items() if event.event == kind]
        if people:
            people.sort(key=lambda each: each[1].amount)
            named = [account.names.person(who) + _weighed(event) for who, event in people]
            yield f"{word} ({len(people)}): {_listed(named)}."


def _weighed(event: Happening) -> str:
    """What a proposal came to for someone who declined it."""
    return f" ({event.amount:+.2f})" if event.event == Event.DECLINED else ""


def _after(who: int, eased: Mapping[Event, set[int]]) -> str:
    """What was given to win someone."""
    given = [words for event, words in GIVEN.items() if who in eased[event]]
    return f" (after {' and '.join(given)})" if given else ""


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _listed(words: Sequence[str]) -> str:
    """Some words, and how many more."""
    more = len(words) - MOST_NAMED
    return "; ".join(words[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
