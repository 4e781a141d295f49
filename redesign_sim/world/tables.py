"""The tables of a run: who was there, what was proposed, what changed where and when, and what came of it.

A `Recorder` watches a run in either execution: it reads records and agents alike by their attributes. Each column
stands here once with its unit and definition, which a table carries in `attrs["units"]` and `attrs["definitions"]`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from redesign_sim.happenings import Event
from redesign_sim.roles import PRACTICES, Practice, Profession, Role, Stage
from redesign_sim.rules.initiating import distant_ties
from redesign_sim.world.measures import COURSES, MEASURES, Measure, trust_received, write_course, write_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from redesign_sim.things import Interface, Person, Proposal, World
    from redesign_sim.world.building import Labels
    from redesign_sim.world.measures import Row

    Readings = npt.NDArray[np.float64]

HALF = 0.5
"""The cut between the two halves of ambition and of capability that makes four kinds of leadership."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A finished run: which it was, and its tables.

    `monthly` has a row a month from month 0, `people` a row a person, `proposals` a row a proposal, `interfaces` a
    row a month and interface, `events` a row an event where a history was kept, `outcomes` each outcome by its name.
    """

    scenario_name: str
    seed: int
    replication: int
    monthly: pd.DataFrame
    people: pd.DataFrame
    proposals: pd.DataFrame
    interfaces: pd.DataFrame
    events: pd.DataFrame
    outcomes: pd.Series[Any]


R = TypeVar("R")


class Column(NamedTuple, Generic[R]):
    """A column of a table: its name, unit and definition, and how it is read off what a row is about."""

    name: str
    unit: str
    definition: str
    read: Callable[[R], object]


def table(columns: Sequence[Column[R]], rows: Iterable[R]) -> pd.DataFrame:
    """A table of these columns, a row for each thing that a row is about."""
    held = list(rows)
    frame = pd.DataFrame({column.name: [column.read(row) for row in held] for column in columns})
    return described(frame, columns)


def described(frame: pd.DataFrame, columns: Iterable[Column[R]]) -> pd.DataFrame:
    """The table with the units and definitions of its columns."""
    frame.attrs["units"] = {column.name: column.unit for column in columns}
    frame.attrs["definitions"] = {column.name: column.definition for column in columns}
    return frame


# People


class FirstDay(NamedTuple):
    """What of a person a run may change, as it was on the first day."""

    organisation: int
    ambition: float
    capability: float
    entrenchment: float
    trust_received: float
    ties: int
    ties_elsewhere: int


def first_day(person: Person, world: World) -> FirstDay:
    """A person before anything has happened."""
    elsewhere = int(distant_ties(person, world))
    return FirstDay(
        int(person.organisation),
        float(person.ambition),
        float(person.capability),
        float(person.entrenchment),
        float(trust_received(person.number, world)),
        elsewhere + int(world.acquaintances[person.number, person.organisation]),
        elsewhere,
    )


class Someone(NamedTuple):
    """A person of a finished run."""

    person: Person
    before: FirstDay
    world: World
    labels: Labels


def leadership_type(role: int, ambition: float, capability: float) -> str:
    """Which of the four kinds of leadership a clinician's traits make; empty for everyone else."""
    if role != Role.CLINICIAN:
        return ""
    if ambition >= HALF:
        return "high_impact" if capability >= HALF else "lacking_followers"
    return "localised" if capability >= HALF else "passive"


def share(part: float, whole: float) -> float:
    """A share; NaN of nothing."""
    return float(part) / float(whole) if whole > 0 else math.nan


PEOPLE: tuple[Column[Someone], ...] = (
    Column("person", "number", "who, by number", lambda one: int(one.person.number)),
    Column("name", "name", "profession and place on the first day", lambda one: one.labels.people[one.person.number]),
    Column("role", "name", "what the person is in a decision", lambda one: Role(one.person.role).name.lower()),
    Column(
        "profession",
        "name",
        "what the person was trained as",
        lambda one: Profession(one.person.profession).name.lower(),
    ),
    Column(
        "organisation",
        "name",
        "where the person worked on the first day",
        lambda one: one.labels.organisations[one.before.organisation],
    ),
    Column(
        "organisation_end",
        "name",
        "where the person works at the end",
        lambda one: one.labels.organisations[one.person.organisation],
    ),
    Column(
        "leadership_type",
        "name",
        "the kind of leadership that a clinician's ambition and capability make, each cut at a half",
        lambda one: leadership_type(one.person.role, one.before.ambition, one.before.capability),
    ),
    Column("ambition", "0–1", "scale of ambition on the first day", lambda one: one.before.ambition),
    Column("capability", "0–1", "micro-political capability on the first day", lambda one: one.before.capability),
    Column(
        "entrenchment",
        "0–1",
        "how little the person's view moves under persuasion, on the first day",
        lambda one: one.before.entrenchment,
    ),
    Column("interest", "0–1", "intrinsic interest in the condition", lambda one: float(one.person.interest)),
    Column(
        "loss_weight",
        "weight",
        "what a package takes from one's own clinic and staff weighs so much",
        lambda one: float(one.person.loss_weight),
    ),
    Column("accountability", "0–1", "how far one answers for policy", lambda one: float(one.person.accountability)),
    Column("position", "0–1", "how central one stands in the web of ties", lambda one: float(one.person.position)),
    Column("time", "share of the week", "time for leading", lambda one: float(one.person.time)),
    Column("ties_start", "people", "how many people one knew on the first day", lambda one: one.before.ties),
    Column(
        "cross_boundary_ties_start",
        "people",
        "how many people beyond the own organisation one knew on the first day",
        lambda one: one.before.ties_elsewhere,
    ),
    Column(
        "trust_received_start",
        "0–1",
        "mean trust of those who knew the person on the first day; missing where nobody did",
        lambda one: one.before.trust_received,
    ),
    Column(
        "trust_received_end",
        "0–1",
        "mean trust of those who know the person at the end; missing where nobody does",
        lambda one: float(trust_received(one.person.number, one.world)),
    ),
    Column("proposals_started", "proposals", "redesigns put forward", lambda one: int(one.person.started)),
    Column(
        "depth_led",
        "0–1, summed",
        "mean depth of what one led into practice, summed",
        lambda one: float(one.person.depth_led),
    ),
    Column(
        "local_improvement_led",
        "0–1, summed",
        "the same of redesigns within one organisation",
        lambda one: float(one.person.local_led),
    ),
    Column(
        "own_say",
        "share of changes",
        "of the changes to practices that one controls, the share one had agreed; missing where nothing was changed",
        lambda one: share(one.person.agreed, one.person.changes),
    ),
    Column(
        "outmanoeuvred",
        "redesigns",
        "how many redesigns changed what one controls against one's stated refusal",
        lambda one: int(one.person.outmanoeuvred),
    ),
)
"""The columns of `Run.people`. A post keeps its row when its holder is replaced; traits are those of the first day."""


# Proposals


class Opening(NamedTuple):
    """What of a proposal's lead is to be remembered from the month in which it was put forward."""

    lead: int
    ambition: float
    capability: float


class Put(NamedTuple):
    """A proposal of a finished run."""

    proposal: Proposal
    opening: Opening
    world: World
    labels: Labels


REASONS = (Event.REFUSED, Event.STALLED, Event.FADED, Event.IMPOSED)
"""Why a proposal ended as it did, where there is more to say than that it was completed."""


def reason(proposal: Proposal) -> str:
    """Why a proposal ended as it did, or how it came about; empty for what was completed or still goes on."""
    return Event(proposal.reason).name.lower() if proposal.reason in REASONS else ""


def of_care(put: Put) -> list[str]:
    """The organisations that provide care in a proposal's scope."""
    scope, number = put.world.scope, put.proposal.number
    return [
        put.labels.organisations[organisation.number]
        for organisation in put.world.organisations
        if organisation.commissions == 0 and scope[number, organisation.number] == 1
    ]


def month(number: int) -> float:
    """A month, counted from 1; missing for never."""
    return float(number) if number > 0 else math.nan


def unless_imposed(put: Put, value: float) -> float:
    """What only makes sense of a redesign that somebody put forward; missing for one that was imposed."""
    return math.nan if put.proposal.imposed == 1 else float(value)


PROPOSALS: tuple[Column[Put], ...] = (
    Column("proposal", "number", "which, by number", lambda put: int(put.proposal.number)),
    Column("lead", "number", "who put it forward or imposed it", lambda put: put.opening.lead),
    Column("lead_name", "name", "the same by name", lambda put: put.labels.people[put.opening.lead]),
    Column(
        "lead_role", "name", "what the lead is", lambda put: Role(put.world.people[put.opening.lead].role).name.lower()
    ),
    Column("lead_end", "number", "who led it last", lambda put: int(put.proposal.lead)),
    Column("co_leads", "people", "how many helped to lead it at last", lambda put: int(put.proposal.co_leads)),
    Column("lead_ambition", "0–1", "ambition of the lead when it began", lambda put: put.opening.ambition),
    Column("lead_capability", "0–1", "capability of the lead when it began", lambda put: put.opening.capability),
    Column(
        "lead_ties_before",
        "people",
        "how many people beyond the own organisation the lead knew when it began; missing if imposed",
        lambda put: unless_imposed(put, put.proposal.lead_ties),
    ),
    Column("organisations", "names", "organisations of care in its scope at last", lambda put: "; ".join(of_care(put))),
    Column("breadth", "organisations", "how many these are", lambda put: int(put.proposal.breadth)),
    Column("cross_boundary", "yes or no", "whether it spans more than one", lambda put: bool(put.proposal.breadth > 1)),
    Column("imposed", "yes or no", "whether sponsors imposed it", lambda put: bool(put.proposal.imposed == 1)),
    Column("started", "month", "when it began", lambda put: month(put.proposal.started)),
    Column("authorised", "month", "when it was first authorised", lambda put: month(put.proposal.authorised)),
    Column("ended", "month", "when it ended; missing while it goes on", lambda put: month(put.proposal.ended)),
    Column(
        "alignment", "0–1", "closeness to the strategies in force, at last", lambda put: float(put.proposal.alignment)
    ),
    Column(
        "merit",
        "0–1",
        "what it would have done for patients when it began, of all that could be done; missing if imposed",
        lambda put: unless_imposed(put, put.proposal.merit),
    ),
    Column(
        "depth_asked", "0–1", "mean depth over practices when it began", lambda put: float(put.proposal.depth_asked)
    ),
    Column("depth_agreed", "0–1", "mean depth granted at last", lambda put: float(put.proposal.depth_agreed)),
    Column(
        "depth_implemented", "0–1", "mean depth put into practice", lambda put: float(put.proposal.depth_implemented)
    ),
    Column("depth_conceded", "0–1", "mean depth that its lead gave up", lambda put: float(put.proposal.conceded)),
    Column("guarantee", "0–1", "share of lost roles that was guaranteed", lambda put: float(put.proposal.guarantee)),
    Column("funding", "share", "what strategy money adds to project capacity", lambda put: float(put.proposal.funding)),
    Column("end", "name", "where it stood at last", lambda put: Stage(put.proposal.stage).name.lower()),
    Column("reason", "name", "why it ended so, or that it was imposed", lambda put: reason(put.proposal)),
)
"""The columns of `Run.proposals`."""


# Interfaces by month


class Moment(NamedTuple):
    """An interface at the end of a month."""

    month: int
    interface: Interface
    world: World
    labels: Labels


def depth_in(moment: Moment, k: int) -> float:
    """How far a practice has changed at an interface, the mean of its two sides."""
    depth, number = moment.world.depth, moment.interface.number
    return (float(depth[number, 0, k]) + float(depth[number, 1, k])) / 2.0


def depth_at(moment: Moment) -> float:
    """How far the practices that can be changed have changed at an interface, on average."""
    depths = [depth_in(moment, k) for k in range(PRACTICES) if moment.world.practices[k].changeable > 0]
    return share(sum(depths), len(depths))


def practice_column(practice: Practice) -> Column[Moment]:
    """The column of one practice's depth."""
    name = practice.name.lower()
    return Column(
        f"depth_{name}",
        "0–1",
        f"how far {name.replace('_', ' ')} has changed, the mean of both sides",
        lambda at: depth_in(at, practice),
    )


INTERFACES: tuple[Column[Moment], ...] = (
    Column("month", "month", "at the end of which month; 0 is the first day", lambda at: at.month),
    Column("interface", "number", "which, by number", lambda at: int(at.interface.number)),
    Column("name", "name", "the two organisations", lambda at: at.labels.interfaces[at.interface.number]),
    Column("first", "number", "one organisation", lambda at: int(at.interface.first)),
    Column("second", "number", "the other organisation", lambda at: int(at.interface.second)),
    Column("traffic", "share", "share of the pathway's traffic", lambda at: float(at.interface.traffic)),
    Column("integration", "0–1", "how joined up it is", lambda at: float(at.interface.integration)),
    Column("depth", "0–1", "mean change of the practices that can be changed", depth_at),
    *(practice_column(practice) for practice in Practice),
    Column(
        "pressure",
        "months of salience",
        "policy heard while nothing moved here",
        lambda at: float(at.interface.pressure),
    ),
    Column("tended", "yes or no", "whether a project works on it", lambda at: bool(at.interface.tended == 1)),
    Column(
        "redesigned",
        "yes or no",
        "whether a redesign has been completed",
        lambda at: bool(at.interface.redesigned == 1),
    ),
)
"""The columns of `Run.interfaces`."""


# Events


class Meaning(NamedTuple):
    """What the numbers of an event stand for."""

    whom: str = "person"
    about: str = "proposal"


MEANINGS: dict[Event, Meaning] = {
    Event.STRATEGY_PUBLISHED: Meaning(about="strategy"),
    Event.REORGANISED: Meaning(about="organisation"),
    Event.STAFF_MOVED: Meaning(about="organisation"),
    Event.MANAGER_REPLACED: Meaning(about="organisation"),
    Event.GRANTED: Meaning(whom="organisation"),
    Event.VOTED_DOWN: Meaning(whom="organisation"),
    Event.VOTED: Meaning(whom="organisation"),
    Event.LEFT_OUT: Meaning(whom="organisation"),
    Event.IMPOSED: Meaning(whom="interface"),
}
"""Whom and what events are about, where it is not a person and a proposal."""


class Happened(NamedTuple):
    """An event of a finished run."""

    month: int
    event: Event
    who: int
    whom: int
    about: int
    amount: float
    labels: Labels

    @property
    def meaning(self) -> Meaning:
        """What its numbers stand for."""
        return MEANINGS.get(self.event, Meaning())


def called(number: int, what: str, labels: Labels) -> str:
    """What a person, organisation, interface, strategy or proposal is called; nothing for nobody."""
    if number < 0:
        return ""
    if what == "proposal":
        return f"proposal {number}"
    names = {
        "person": labels.people,
        "organisation": labels.organisations,
        "interface": labels.interfaces,
        "strategy": labels.strategies,
    }
    return names[what][number]


EVENTS: tuple[Column[Happened], ...] = (
    Column("month", "month", "when", lambda it: it.month),
    Column("event", "name", "what happened", lambda it: it.event.name.lower()),
    Column("who", "number", "who did it; -1 for nobody", lambda it: it.who),
    Column("whom", "number", "whom it concerns; -1 for nobody", lambda it: it.whom),
    Column("about", "number", "what it is about; -1 for nothing", lambda it: it.about),
    Column("amount", "as the event says", "how much", lambda it: it.amount),
    Column("who_name", "name", "who did it", lambda it: called(it.who, "person", it.labels)),
    Column("whom_name", "name", "whom it concerns", lambda it: called(it.whom, it.meaning.whom, it.labels)),
    Column("about_name", "name", "what it is about", lambda it: called(it.about, it.meaning.about, it.labels)),
)
"""The columns of `Run.events`."""


def events_of(world: World, labels: Labels) -> pd.DataFrame:
    """A run's events; `attrs["lost"]` counts those for which its buffer had no room."""
    happened = int(world.scene.events)
    held = min(happened, world.event_amounts.shape[0])
    codes = np.asarray(world.event_codes)[:held].tolist()
    amounts = np.asarray(world.event_amounts)[:held].tolist()
    frame = table(
        EVENTS,
        (
            Happened(month, Event(event), who, whom, about, amount, labels)
            for (month, event, who, whom, about), amount in zip(codes, amounts, strict=True)
        ),
    )
    frame.attrs["lost"] = happened - held
    return frame


# Measures


def as_shown(measure: Measure, readings: Readings) -> npt.NDArray[Any]:
    """Readings as a table shows them: numbers, whole numbers, true or false, or the names of codes."""
    if measure.kind == "name":
        return np.array(measure.names, dtype=object)[readings.astype(np.int64)]
    if measure.kind == "yes or no":
        return readings > 0.0
    return readings.astype(np.int64) if measure.kind == "count" else readings.copy()


def measures_table(measures: Sequence[Measure], readings: Readings) -> pd.DataFrame:
    """Readings as a table: a column for each measure, in their order, and a row for each row of readings."""
    shown = {measure.name: as_shown(measure, readings[:, place]) for place, measure in enumerate(measures)}
    frame = pd.DataFrame(shown)
    frame.attrs["units"] = {measure.name: measure.unit for measure in measures}
    frame.attrs["definitions"] = {measure.name: definition_of(measure) for measure in measures}
    return frame


def definition_of(measure: Measure) -> str:
    """What is measured, and when there is no value."""
    return f"{measure.definition} Missing: {measure.missing}." if measure.missing else measure.definition


def outcomes_table(readings: Readings, replications: range | None = None) -> pd.DataFrame:
    """Every outcome of some runs, a row a run, from what `measures.write_outcomes` wrote of each.

    Where `replications` says which runs these are, the column `replication` comes first.
    """
    frame = measures_table(list(MEASURES.values()), readings)
    if replications is not None:
        frame.insert(0, "replication", np.asarray(replications, np.int64))
    return frame


def courses_table(courses: Readings, replications: range, names: Sequence[str]) -> pd.DataFrame:
    """Named courses of some runs, a row a run and month, from what `measures.write_course` wrote of each month."""
    runs, months, _ = courses.shape
    places = [list(COURSES).index(name) for name in names]
    frame = measures_table([COURSES[name] for name in names], courses[:, :, places].reshape(runs * months, -1))
    frame.insert(0, "month", np.tile(np.arange(months), runs))
    frame.insert(0, "replication", np.repeat(np.asarray(replications, np.int64), months))
    return frame


class Recorder:
    """Watches a run and makes its tables: founded on the first day, told of each month's end, asked at last.

    `world` is a founded world of either execution that is read by attributes; it is only ever read. `course` and
    `outcomes` may be compiled forms of `measures.write_course` and `measures.write_outcomes`.
    """

    def __init__(
        self,
        world: World,
        labels: Labels,
        *,
        scenario_name: str,
        seed: int,
        replication: int = 0,
        course: Callable[[World, Row], None] = write_course,
        outcomes: Callable[[World, Row], None] = write_outcomes,
    ) -> None:
        """Look at everyone, and at every interface, on the first day."""
        self._world = world
        self._labels = labels
        self._run = (scenario_name, seed, replication)
        self._course = course
        self._outcomes = outcomes
        self._before = [first_day(person, world) for person in _first(world.people, world.scene.people)]
        self._openings: list[Opening] = []
        self._months: list[int] = []
        self._courses: list[Readings] = []
        self._moments: list[tuple[object, ...]] = []
        self.month()

    def month(self) -> None:
        """Write down where everything stands at the end of a month."""
        world = self._world
        now = int(world.scene.month)
        self._months.append(now)
        self._courses.append(_read(self._course, len(COURSES), world))
        for interface in _first(world.interfaces, world.scene.interfaces):
            at = Moment(now, interface, world, self._labels)
            self._moments.append(tuple(column.read(at) for column in INTERFACES))
        for number in range(len(self._openings), int(world.scene.proposals)):
            lead = world.people[world.proposals[number].lead]
            self._openings.append(Opening(int(lead.number), float(lead.ambition), float(lead.capability)))

    def finish(self) -> Run:
        """The tables of the run as it stands now."""
        world, labels = self._world, self._labels
        people = zip(_first(world.people, world.scene.people), self._before, strict=True)
        proposals = zip(_first(world.proposals, world.scene.proposals), self._openings, strict=True)
        return Run(
            *self._run,
            monthly=self._monthly(),
            people=table(PEOPLE, (Someone(person, before, world, labels) for person, before in people)),
            proposals=table(PROPOSALS, (Put(proposal, opening, world, labels) for proposal, opening in proposals)),
            interfaces=self._by_month_and_interface(),
            events=events_of(world, labels),
            outcomes=self._final(),
        )

    def _monthly(self) -> pd.DataFrame:
        """What is followed month by month."""
        frame = measures_table(list(COURSES.values()), np.array(self._courses))
        frame.insert(0, "month", self._months)
        frame.attrs["units"] = {"month": "month"} | frame.attrs["units"]
        frame.attrs["definitions"] = {"month": "at the end of which month; 0 is the first day"} | frame.attrs[
            "definitions"
        ]
        return frame

    def _by_month_and_interface(self) -> pd.DataFrame:
        """Where each interface stood at the end of each month."""
        frame = pd.DataFrame(self._moments, columns=[column.name for column in INTERFACES])
        return described(frame, INTERFACES)

    def _final(self) -> pd.Series[Any]:
        """The outcomes as the world stands now."""
        frame = outcomes_table(_read(self._outcomes, len(MEASURES), self._world).reshape(1, -1))
        outcomes = frame.astype(object).iloc[0].rename("outcome")
        outcomes.attrs.update(frame.attrs)
        return outcomes


def _first(things: Iterable[R], number: int) -> list[R]:
    """The first so many of a list of the world's."""
    return [thing for thing, _ in zip(things, range(int(number)), strict=False)]


def _read(write: Callable[[World, Row], None], places: int, world: World) -> Readings:
    """What a writer of measures writes of a world."""
    row = np.zeros(places)
    write(world, row)
    return row
