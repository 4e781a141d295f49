"""A run's history in plain words: every event worded once, with who, whom, what and why."""

from __future__ import annotations

import math
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pandas as pd

from redesign_sim.happenings import Event
from redesign_sim.roles import Practice
from redesign_sim.world.building import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.building import Labels

NOBODY = -1
LEAST_SHOWN = 0.005
"""A share that per cent without decimals show."""


class Names(Protocol):
    """What people and things are called, by their number in a run."""

    def person(self, number: int) -> str:
        """Someone, by profession and place."""
        ...

    def organisation(self, number: int) -> str:
        """An owner of care, or a commissioner."""
        ...

    def proposal(self, number: int) -> str:
        """A proposed redesign."""
        ...

    def scope(self, number: int) -> str:
        """What a proposal touches, to stand after it; may be empty."""
        ...

    def interface(self, number: int) -> str:
        """A place where care passes between two organisations."""
        ...

    def strategy(self, number: int) -> str:
        """A national strategy."""
        ...


class LabelledNames(NamedTuple):
    """Names out of a world's labels; a proposal has the number that the tables of a run give it."""

    labels: Labels
    scopes: Mapping[int, str] = MappingProxyType({})

    def person(self, number: int) -> str:
        """`consultant 2 (Memory clinic)`; nobody in particular where the event names no one."""
        if number == NOBODY:
            return "someone"
        who, _, where = self.labels.people[number].partition(", ")
        return f"{who} ({where})" if where else who

    def organisation(self, number: int) -> str:
        """The organisation's name."""
        return self.labels.organisations[number]

    def proposal(self, number: int) -> str:
        """`proposal 7`."""
        return f"proposal {number}"

    def scope(self, number: int) -> str:
        """`joining A and B`, or `within A`; nothing where the run's proposals are not known."""
        return self.scopes.get(number, "")

    def interface(self, number: int) -> str:
        """Both sides of it."""
        return self.labels.interfaces[number]

    def strategy(self, number: int) -> str:
        """The strategy's name."""
        return self.labels.strategies[number]


def names_of(scenario: Scenario, proposals: pd.DataFrame) -> Names:
    """What people and things are called in a run of a scenario, given the run's table of proposals."""
    scopes = zip(proposals["proposal"], proposals["organisations"], proposals["cross_boundary"], strict=True)
    words = {int(number): scope_words(where.split("; "), across=bool(across)) for number, where, across in scopes}
    return LabelledNames(build(scenario).labels, words)


def scope_words(organisations: Sequence[str], *, across: bool) -> str:
    """What a redesign touches, as one says it: `joining A; B and C`, or `within A`."""
    *others, last = organisations
    names = f"{'; '.join(others)} and {last}" if others else last
    return f"{'joining' if across else 'within'} {names}"


class Happening(NamedTuple):
    """One row of a run's events."""

    month: int
    event: Event
    who: int
    whom: int
    about: int
    amount: float


class Wording(NamedTuple):
    """How an event is told, what its numbers stand for, and whether a reader in a hurry should see it.

    `text` may name `{who}`, `{whom}`, `{about}` and `{amount}`; `whom`, `about` and `amount` say how each is looked up.
    """

    text: str
    whom: str = "person"
    about: str = "proposal"
    amount: str = "per_cent"
    headline: bool = False


WORDING: dict[Event, Wording] = {
    Event.STRATEGY_PUBLISHED: Wording(
        "National strategy published: {about}. {amount} of what it stresses would help patients.",
        about="strategy",
        headline=True,
    ),
    Event.REORGANISED: Wording(
        "{about} is reorganised; {amount} of its people's attention is lost to it for a while.", about="organisation"
    ),
    Event.STAFF_MOVED: Wording("{who} moves away from {about}{whom}.", whom="exchange", about="organisation"),
    Event.MANAGER_REPLACED: Wording("{about} has a new manager as {who}.", about="organisation"),
    Event.AUTHORISATION_LAPSED: Wording(
        "What {who} had authorised for {about} lapses: the post changes hands.", headline=True
    ),
    Event.LINK_MADE: Wording("{who} and {whom} get to know each other."),
    Event.NETWORK_MET: Wording("The network meets; {amount} come.", amount="people"),
    Event.LEAVE_REFUSED: Wording(
        "{who} wants to propose something beyond the own clinic; {whom} does not give leave for it."
    ),
    Event.PROPOSAL_STARTED: Wording(
        "{who} puts forward {about} {scope}, asking for {amount} of what could change.", headline=True
    ),
    Event.APPROACHED: Wording("{who} goes to see {whom} about {about}, who {amount}.", amount="leaning"),
    Event.BACKED: Wording("{who} comes on board of {about}, led by {whom}: it brings more than it costs."),
    Event.DECLINED: Wording("{who} declines to back {about} of {whom}: it costs more than it brings."),
    Event.OVERCOMMITTED: Wording("{who} would back {about} of {whom}, but already backs too much."),
    Event.CONCEDED: Wording("{who} concedes to {whom} over {about}: {amount}.", amount="concession"),
    Event.GUARANTEED: Wording("{who} guarantees {whom} {amount} of the role that {about} would take away."),
    Event.HELD: Wording("{who} holds out against {whom}; trust suffers ({amount}).", amount="loss"),
    Event.INTRODUCED: Wording("{who} is introduced to {whom}, on account of {about}."),
    Event.CO_LEADS: Wording("{who} joins {whom} in leading {about}."),
    Event.RESCOPED: Wording(
        "{who} redraws {about} without {amount}, where nobody is on board.", amount="organisation", headline=True
    ),
    Event.WENT_FORMAL: Wording("{who} puts {about} up for decision, judging {amount} of those concerned on board."),
    Event.NOT_HEARD: Wording("{who} is not heard: {about} does not get onto the table."),
    Event.GRANTED: Wording(
        "{who} agrees to {about} for {whom}, granting {amount} of the depth asked.", whom="organisation"
    ),
    Event.VOTED_DOWN: Wording(
        "{who} grants nothing of {about} for {whom}: it costs more there than it brings.", whom="organisation"
    ),
    Event.RETURNED: Wording("{about} is sent back to {whom} to be changed.", headline=True),
    Event.REFUSED: Wording("{about}, led by {whom}, is refused: {amount} of the voters are against.", headline=True),
    Event.AUTHORISED: Wording("{about}, led by {whom}, is authorised at a depth of {amount}.", headline=True),
    Event.LEFT_OUT: Wording("{whom} is left out of {about} and stays as it was.", whom="organisation", headline=True),
    Event.STALLED: Wording("{who} gives up {about} after {amount}.", amount="months", headline=True),
    Event.IMPOSED: Wording(
        "{who} goes round those who refuse and imposes {about} on {whom}, after too long without change.",
        whom="interface",
        headline=True,
    ),
    Event.OUTMANOEUVRED: Wording(
        "{who} is outmanoeuvred: {about} changes their {amount}, against their word.", amount="practice"
    ),
    Event.COMPLETED: Wording("{about}, led by {who}, is in place: {amount} of what could change has.", headline=True),
    Event.FADED: Wording("{about}, led by {who}, has faded away: {amount} of it is left.", headline=True),
    Event.VOTED: Wording(
        "On {about} {whom} votes {amount} after hearing the organisations.", whom="body", amount="vote"
    ),
}
"""How each event is told."""


def leaning(weighing: float) -> str:
    """How someone leans who weighs a proposal so."""
    if weighing > 0:
        return "is inclined to back it"
    return "is not persuaded"


def vote(weighing: float) -> str:
    """How commissioners vote who weigh a proposal so, and why."""
    if weighing >= 0:
        return f"for it, since to them it brings more than it costs ({weighing:+.2f}),"
    return f"against it, since to them it costs more than it brings ({weighing:+.2f}),"


def concession(packed: float) -> str:
    """Which practice a lead gave ground on, and how much; the event packs both into one number."""
    practice = int(packed // 10)
    return f"{per_cent(packed - 10 * practice)} less change in {practice_words(practice)}"


def per_cent(share: float) -> str:
    """A share in per cent; one that is not nothing never reads as if it were."""
    return "under 1 %" if 0 < share < LEAST_SHOWN else f"{100 * share:.0f} %"


def practice_words(practice: int) -> str:
    """A practice as one says it."""
    return Practice(practice).name.lower().replace("_", " ")


class Teller:
    """Tells events, given what people and things are called."""

    def __init__(self, names: Names) -> None:
        """Look names up in `names`."""
        self._thing: dict[str, Callable[[int], str]] = {
            "person": names.person,
            "organisation": names.organisation,
            "proposal": names.proposal,
            "interface": names.interface,
            "strategy": names.strategy,
            "body": lambda number: "the commissioners, jointly," if number == NOBODY else names.organisation(number),
            "exchange": lambda number: "" if number == NOBODY else f", changing places with {names.person(number)}",
        }
        self._scope = names.scope
        self._number: dict[str, Callable[[float], str]] = {
            "per_cent": per_cent,
            "people": lambda number: f"{number:.0f} people",
            "months": lambda number: "a month" if number == 1 else f"{number:.0f} months",
            "loss": lambda lost: f"{-abs(lost):.2f}",
            "leaning": leaning,
            "vote": vote,
            "practice": lambda number: practice_words(int(number)),
            "concession": concession,
            "organisation": lambda number: names.organisation(int(number)),
        }

    def tell(self, happening: Happening, *also: int) -> str:
        """One event as one sentence; `also` lists what else it is about."""
        wording = WORDING[happening.event]
        things = [self._thing[wording.about](number) for number in (happening.about, *also)]
        sentence = wording.text.format(
            who=self._thing["person"](happening.who),
            whom=self._thing[wording.whom](happening.whom),
            about=f"{', '.join(things[:-1])} and {things[-1]}" if also else things[0],
            scope=self._scope(happening.about),
            amount=self._number[wording.amount](happening.amount),
        )
        tidy = sentence.replace(" ,", ",")
        return tidy[0].upper() + tidy[1:]


class Entry(NamedTuple):
    """A line of a chronicle."""

    month: int
    when: str
    text: str


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NOT_PERSUADED = {Event.DECLINED, Event.OVERCOMMITTED}
CAME_ROUND = {Event.BACKED, Event.CO_LEADS}
COUNTED = {
    Event.LINK_MADE: ("informal link made", "informal links made"),
    Event.REORGANISED: ("organisation reorganised", "organisations reorganised"),
    Event.MANAGER_REPLACED: ("manager replaced", "managers replaced"),
    Event.LEAVE_REFUSED: ("refusal of leave to propose", "refusals of leave to propose"),
    Event.NOT_HEARD: ("proposal not heard", "proposals not heard"),
}
"""What happens too often to be told one by one, and is counted by year."""

COUNTED_LOCALLY = {
    Event.PROPOSAL_STARTED: ("local redesign proposed", "local redesigns proposed"),
    Event.COMPLETED: ("local redesign in place", "local redesigns in place"),
}
"""The same, of redesigns within one organisation."""


def when(month: int, clock_starts: str) -> str:
    """The calendar month of a month of the case, month 1 being `clock_starts` (such as `2007-01`)."""
    year, first = (int(part) for part in clock_starts.split("-"))
    years, place = divmod(first - 1 + month - 1, 12)
    return f"{MONTHS[place]} {year + years}"


def happenings(events: pd.DataFrame) -> list[Happening]:
    """A run's table of events, row by row."""
    columns = (events[name] for name in ("month", "event", "who", "whom", "about", "amount"))
    return [
        Happening(int(month), Event[str(event).upper()], int(who), int(whom), int(about), float(amount))
        for month, event, who, whom, about, amount in zip(*columns, strict=True)
    ]


def everything(events: Sequence[Happening], names: Names, clock_starts: str) -> Iterator[Entry]:
    """Every event, one line each."""
    teller = Teller(names)
    for happening in events:
        yield Entry(happening.month, when(happening.month, clock_starts), teller.tell(happening))


def headlines(
    events: Sequence[Happening], names: Names, clock_starts: str, local: AbstractSet[int] = frozenset()
) -> Iterator[Entry]:
    """What a reader in a hurry should know, with the reasons, and for each year a line of what happened too often.

    `local`: proposals within one organisation, which are counted and not told.
    """
    account = Account(names)
    for year, of_year in _by_year(events, clock_starts):
        for month, text in account.tell(of_year, local):
            yield Entry(month, when(month, clock_starts), text)
        summary = counted(of_year, local)
        if summary:
            yield Entry(of_year[-1].month, str(year), f"In the year: {summary}.")


class Account:
    """Tells a history as it goes on: what a reader in a hurry should know, with the reasons given so far."""

    def __init__(self, names: Names) -> None:
        """Nothing has happened yet."""
        self._names, self._teller, self._minds = names, Teller(names), Minds()

    def tell(self, events: Iterable[Happening], local: AbstractSet[int]) -> Iterator[tuple[int, str]]:
        """The month and the sentence of each event that is told; all of them are heard."""
        lapsed: list[Happening] = []
        for happening in events:
            self._minds.hear(happening)
            if lapsed and not _of_one_post(lapsed[0], happening):
                yield self._of_lapsed(lapsed)
                lapsed = []
            if not WORDING[happening.event].headline or _is_local(happening, local):
                continue
            if happening.event == Event.AUTHORISATION_LAPSED:
                lapsed.append(happening)
            else:
                yield happening.month, self._teller.tell(happening) + self._minds.why(happening, self._names)
        if lapsed:
            yield self._of_lapsed(lapsed)

    def _of_lapsed(self, lapsed: Sequence[Happening]) -> tuple[int, str]:
        """All that lapses with one post, in one sentence."""
        return lapsed[0].month, self._teller.tell(lapsed[0], *(happening.about for happening in lapsed[1:]))


def _of_one_post(first: Happening, other: Happening) -> bool:
    """Whether what lapses in one event lapses with the same post as in another."""
    return (first.event, first.month, first.who) == (other.event, other.month, other.who)


def _by_year(events: Sequence[Happening], clock_starts: str) -> Iterator[tuple[str, list[Happening]]]:
    """Events by calendar year."""
    years: dict[str, list[Happening]] = {}
    for happening in events:
        years.setdefault(when(happening.month, clock_starts).split()[1], []).append(happening)
    yield from years.items()


def _is_local(happening: Happening, local: AbstractSet[int]) -> bool:
    """Whether an event is about a redesign within one organisation."""
    return WORDING[happening.event].about == "proposal" and happening.about in local


def local_proposals(proposals: pd.DataFrame) -> frozenset[int]:
    """The proposals of a run that stayed within one organisation."""
    return frozenset(int(number) for number in proposals.loc[~proposals["cross_boundary"].astype(bool), "proposal"])


def counted(events: Sequence[Happening], local: AbstractSet[int]) -> str:
    """Frequent events in one line, such as `3 informal links made, 1 manager replaced`; empty without any."""
    here = [happening.event for happening in events if _is_local(happening, local)]
    elsewhere = [happening.event for happening in events if not _is_local(happening, local)]
    words = [*_numbers(elsewhere, COUNTED), *_numbers(here, COUNTED_LOCALLY)]
    return ", ".join(words)


def so_many_people(number: int) -> str:
    """`nobody`, `one person`, `3 people`."""
    return "one person" if number == 1 else f"{number} people" if number else "nobody"


def _numbers(events: Sequence[Event], worded: Mapping[Event, tuple[str, str]]) -> Iterator[str]:
    """How many of each event there were."""
    counts = Counter(events)
    for event, (one, many) in worded.items():
        if counts[event]:
            yield f"{counts[event]} {one if counts[event] == 1 else many}"


class Minds:
    """Who stands where on each proposal, as far as they have said so: the reasons behind a refusal."""

    def __init__(self) -> None:
        """Nobody has said anything yet."""
        self._against: dict[int, list[int]] = {}
        self._doubting: dict[int, dict[int, None]] = {}
        self._unheard: Counter[int] = Counter()

    def hear(self, happening: Happening) -> None:
        """Take note of what someone says about a proposal."""
        doubting = self._doubting.setdefault(happening.about, {})
        if happening.event in NOT_PERSUADED:
            doubting[happening.who] = None
        elif happening.event in CAME_ROUND:
            doubting.pop(happening.who, None)
        elif happening.event == Event.VOTED_DOWN:
            self._against.setdefault(happening.about, []).append(happening.whom)
        elif happening.event == Event.NOT_HEARD:
            self._unheard[happening.about] += 1

    def why(self, happening: Happening, names: Names) -> str:
        """The reason for a refusal or for giving up, as far as anyone gave one; votes are forgotten once told."""
        if happening.event in {Event.REFUSED, Event.RETURNED}:
            against = self._against.pop(happening.about, [])
            return _listed("Against", [names.organisation(one) for one in against]) or " Against: the commissioners."
        if happening.event == Event.STALLED and self._unheard[happening.about]:
            return f" It was not heard by those who decide ({_times(self._unheard[happening.about])} tried)."
        if happening.event == Event.STALLED:
            return _listed("Not persuaded", [names.person(one) for one in self._doubting.get(happening.about, {})])
        return ""


def _times(number: int) -> str:
    """How often, in words."""
    return "once" if number == 1 else f"{number} times"


NAMED = 3
"""More people than these are counted, not named."""


def _listed(what: str, people: Sequence[str]) -> str:
    """A few names, and how many more."""
    if not people:
        return ""
    more = len(people) - NAMED
    return f" {what}: {', '.join(people[:NAMED])}{f' and {more} more' if more > 0 else ''}."


# --- for the chart of a history ---------------------------------------------------------------------------------------

ENDED = {
    Event.COMPLETED: "completed",
    Event.REFUSED: "refused",
    Event.STALLED: "stalled",
    Event.FADED: "faded",
}


def lives(events: Iterable[Happening], leave_out: AbstractSet[int] = frozenset()) -> pd.DataFrame:
    """The life of every proposal in months: `began`, `ended` (missing if never), its `end`, and if it was `imposed`.

    `authorised` holds the spans in which it was; an authorisation lapses when the manager who gave it leaves.
    """
    rows: dict[int, dict[str, Any]] = {}
    for happening in events:
        row = rows.get(happening.about)
        if happening.event in {Event.PROPOSAL_STARTED, Event.IMPOSED}:
            rows[happening.about] = _born(happening)
        elif row is None:
            continue
        elif happening.event == Event.AUTHORISED:
            row["authorised"].append([happening.month, math.nan])
        elif happening.event == Event.AUTHORISATION_LAPSED and row["authorised"]:
            row["authorised"][-1][1] = happening.month
        elif happening.event in ENDED:
            row |= {"ended": happening.month, "end": ENDED[happening.event]}
    kept = [row for number, row in rows.items() if number not in leave_out]
    return pd.DataFrame(kept, columns=["proposal", "began", "authorised", "ended", "end", "imposed"])


def _born(happening: Happening) -> dict[str, Any]:
    """A proposal's first month; what is imposed needs no authorisation."""
    imposed = happening.event == Event.IMPOSED
    return {
        "proposal": happening.about,
        "began": happening.month,
        "authorised": [[happening.month, math.nan]] if imposed else [],
        "ended": math.nan,
        "end": "open",
        "imposed": imposed,
    }


def marks(events: Iterable[Happening], names: Names) -> pd.DataFrame:
    """What came from above and around: strategies by name, and every reorganisation of an organisation."""
    rows = [
        (happening.month, "strategy", names.strategy(happening.about))
        if happening.event == Event.STRATEGY_PUBLISHED
        else (happening.month, "reorganisation", names.organisation(happening.about))
        for happening in events
        if happening.event in {Event.STRATEGY_PUBLISHED, Event.REORGANISED}
    ]
    return pd.DataFrame(rows, columns=["month", "kind", "label"])
