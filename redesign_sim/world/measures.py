"""The outcomes of a run: each one's name, unit, definition and reading of a world, once.

A measure is a function of a world in the dialect of the rules, so that both executions read the same bits off it.
`MEASURES` holds the outcomes in the order in which every table shows them, `COURSES` what is followed month by month.
A measure's docstring is its definition.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from redesign_sim.roles import PRACTICES, Failure, OrganisationKind, Practice, Role, Stage, Stance, Switch
from redesign_sim.rulekit import jitable
from redesign_sim.rules.initiating import distant_ties
from redesign_sim.rules.weighing import own_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.things import Interface, Person, Proposal, World

Kind = Literal["number", "count", "yes or no", "name"]
"""How a table shows a measure: as it is, as a whole number, as true or false, or by the name of its code."""

Reading = Callable[["World"], float]

NEVER = math.nan
"""What a measure reads where there is nothing to measure."""

STEPS = 3
"""The depths of the grid of packages: a third, two thirds, the whole way."""

PACKAGES = STEPS * STEPS * STEPS
"""How many packages the grid has: each depth for clinics and roles, for booking and systems, and for the tariff."""


class Row(Protocol):
    """Where readings are written, one place a measure."""

    def __setitem__(self, at: int, value: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: its name, unit, title and definition, and how it is read off a world.

    `missing` says in words when there is no value (NaN); empty where there always is one. `names` are what the codes
    of a measure of kind `name` mean.
    """

    name: str
    unit: str
    title: str
    definition: str
    function: Reading
    has_course: bool
    kind: Kind = "number"
    missing: str = ""
    names: tuple[str, ...] = ()


MEASURES: dict[str, Measure] = {}
"""Every outcome of a run by its name, in the order of all tables."""

COURSES: dict[str, Measure] = {}
"""What is followed month by month: the outcomes that have a course, then what is only of interest as one."""


def measure(
    title: str,
    *,
    unit: str,
    kind: Kind = "number",
    missing: str = "",
    names: tuple[str, ...] = (),
    monthly: bool = True,
    outcome: bool = True,
) -> Callable[[Reading], Reading]:
    """File a measure and make it callable from compiled code; the function itself is returned.

    `monthly`: it has a course; `outcome`: it is read at the end of a run. Raises ValueError where a name is used twice.
    """

    def file(function: Reading) -> Reading:
        name = function.__name__
        if name in MEASURES or name in COURSES:
            raise ValueError(f"two measures are called {name}")
        definition = " ".join((inspect.getdoc(function) or "").split())
        entry = Measure(name, unit, title, definition, function, monthly, kind, missing, names)
        if outcome:
            MEASURES[name] = entry
        if monthly:
            COURSES[name] = entry
        return jitable(function)

    return file


# Integration


@measure("Integration", unit="0–1")
def integration_index(world: World) -> float:
    """How joined up the pathway is: the integration of its interfaces, each by its share of the traffic."""
    return world.scene.index


@measure("Integration at the start", unit="0–1", monthly=False)
def integration_start(world: World) -> float:
    """The integration index of month 0."""
    return world.scene.index_start


@measure("Gain in integration", unit="0–1")
def integration_gain(world: World) -> float:
    """The integration index less that of month 0."""
    return world.scene.index - world.scene.index_start


@measure("Integrated", unit="yes or no", kind="yes or no")
def integrated(world: World) -> float:
    """Whether the integration index has reached the case's threshold (`integrated_threshold`), and still does."""
    return 1.0 if world.scene.index >= world.case.integrated_threshold else 0.0


@measure("Months to integration", unit="months", missing="it never was integrated", monthly=False)
def months_to_integration(world: World) -> float:
    """The first month at whose end the integration index reached the threshold, whether or not it stayed there."""
    return month_or_never(world.scene.first_integrated)


@jitable
def month_or_never(month: int) -> float:
    """A month that is counted from 1, and is 0 for what never happened."""
    return float(month) if month > 0 else NEVER


@measure("Nominal integration", unit="share of interfaces")
def nominal_integration(world: World) -> float:
    """The share of interfaces at which a redesign has been completed, whatever its depth and whatever is left of it."""
    redesigned = 0.0
    for i in range(world.scene.interfaces):
        if world.interfaces[i].redesigned == 1:
            redesigned += 1.0
    return redesigned / world.scene.interfaces


@measure("Hand-offs per journey", unit="hand-offs", missing="the case lists no journey")
def handoffs_per_journey(world: World) -> float:
    """The mean over the case's journeys of the hand-offs on the way, each counting as much as it is not joined up."""
    journeys = world.journeys.shape[0]
    if journeys == 0:
        return NEVER
    handoffs = 0.0
    for journey in range(journeys):
        for step in range(1, world.journeys.shape[1]):
            there = world.journeys[journey, step]
            if there >= 0:
                handoffs += handoff(world.journeys[journey, step - 1], there, world)
    return handoffs / journeys


@jitable
def handoff(here: int, there: int, world: World) -> float:
    """What a step from one organisation to another counts: 1 less the integration of the interface between them.

    Where several interfaces join the same two, it is their mean; within one owner, where there is none, it is 0.
    """
    apart = 0.0
    interfaces = 0.0
    for i in range(world.scene.interfaces):
        interface = world.interfaces[i]
        there_and_back = interface.first == there and interface.second == here
        if there_and_back or (interface.first == here and interface.second == there):
            apart += 1.0 - interface.integration
            interfaces += 1.0
    if interfaces <= 0.0:
        return 0.0
    return apart / interfaces


@measure("Clarity of referral", unit="0–1", missing="no interface has general practice on either side")
def referral_clarity(world: World) -> float:
    """How far clinics are organised for referral where general practice refers.

    It is the depth of change in clinic organisation on general practice's side of its interfaces, by their traffic.
    """
    clear = 0.0
    traffic = 0.0
    for i in range(world.scene.interfaces):
        interface = world.interfaces[i]
        for side in range(2):
            owner = interface.first if side == 0 else interface.second
            if world.organisations[owner].kind == OrganisationKind.GENERAL_PRACTICE:
                clear += interface.traffic * world.depth[i, side, Practice.CLINIC_ORGANISATION]
                traffic += interface.traffic
    if traffic <= 0.0:
        return NEVER
    return clear / traffic


# Within organisations and for users


@measure("Local improvement", unit="0–1", missing="no practice can be changed")
def local_improvement(world: World) -> float:
    """How far practices have improved inside the organisations that provide care, whoever proposed it, joint or not.

    It is the mean over these organisations and over the practices that can be changed.
    """
    improved = 0.0
    counted = 0.0
    for o in range(world.scene.organisations):
        if world.organisations[o].commissions == 0:
            for k in range(PRACTICES):
                if world.practices[k].changeable > 0.0:
                    improved += world.local[o, k]
                    counted += 1.0
    return improved / counted if counted > 0.0 else NEVER


@measure("Improvement in access", unit="0–1", missing="no practice does anything for users' experience")
def access_improvement(world: World) -> float:
    """What users notice: the depth gained since month 0 at the interfaces, by their traffic.

    Practices weigh as much as they serve users' experience; the two sides of an interface weigh the same.
    """
    served = 0.0
    for k in range(PRACTICES):
        served += world.practices[k].experience_gain
    if served <= 0.0:
        return NEVER
    gained = 0.0
    for i in range(world.scene.interfaces):
        interface = world.interfaces[i]
        for k in range(PRACTICES):
            depth = (world.depth[i, 0, k] + world.depth[i, 1, k]) / 2.0
            gained += interface.traffic * world.practices[k].experience_gain * (depth - interface.start)
    return gained / served


# Process


@measure("Proposals started", unit="proposals", kind="count")
def proposals_started(world: World) -> float:
    """How many redesigns anyone has put forward so far; imposed ones are not among them."""
    return float(world.scene.started)


@measure("Cross-boundary proposals started", unit="proposals", kind="count")
def cross_boundary_started(world: World) -> float:
    """How many redesigns of more than one organisation anyone has put forward so far."""
    return float(world.scene.cross_boundary_started)


@measure("Proposals authorised", unit="proposals", kind="count")
def proposals_authorised(world: World) -> float:
    """How many proposals have been authorised so far, each counted once; imposed ones are not among them."""
    return float(world.scene.authorised)


@measure("Proposals refused", unit="proposals", kind="count")
def proposals_refused(world: World) -> float:
    """How many proposals have been refused for good so far."""
    return float(world.scene.refused)


@measure("Proposals stalled", unit="proposals", kind="count")
def proposals_stalled(world: World) -> float:
    """How many proposals have been given up so far, without support enough or without a hearing."""
    return float(world.scene.stalled)


@measure("Redesigns completed", unit="redesigns", kind="count")
def redesigns_completed(world: World) -> float:
    """How many redesigns have been put into practice so far as granted, imposed ones among them."""
    return float(world.scene.completed)


@measure("Redesigns imposed", unit="redesigns", kind="count")
def redesigns_imposed(world: World) -> float:
    """How many redesigns sponsors have imposed so far."""
    return float(world.scene.imposed)


@measure(
    "Failure mode",
    unit="name",
    kind="name",
    names=tuple(failure.name.lower() for failure in Failure),
    monthly=False,
)
def failure_mode(world: World) -> float:
    """Why the pathway is not integrated: the first of these that is true.

    none: it is integrated; not_started: nobody ever put forward a redesign across a boundary; imposed: most of the
    depth put into practice was imposed; eroded: the index once was more than halfway from month 0 to the threshold
    and no longer is; refused: of the redesigns across boundaries more were refused than stalled; else stalemate.
    """
    if world.scene.index >= world.case.integrated_threshold:
        return float(Failure.NONE.value)
    if world.scene.cross_boundary_started == 0:
        return float(Failure.NOT_STARTED.value)
    if 2.0 * imposed_depth(world) > implemented_depth(world):
        return float(Failure.IMPOSED.value)
    if has_fallen_back(world):
        return float(Failure.ERODED.value)
    if ended_across(Stage.REFUSED, world) > ended_across(Stage.STALLED, world):
        return float(Failure.REFUSED.value)
    return float(Failure.STALEMATE.value)


@jitable
def depth_of(proposal: Proposal) -> float:
    """What a proposal has put into practice: depth, summed over its organisations."""
    return proposal.depth_implemented * proposal.breadth


@jitable
def implemented_depth(world: World) -> float:
    """What all proposals together have put into practice."""
    depth = 0.0
    for p in range(world.scene.proposals):
        depth += depth_of(world.proposals[p])
    return depth


@jitable
def imposed_depth(world: World) -> float:
    """What imposed redesigns have put into practice."""
    depth = 0.0
    for p in range(world.scene.proposals):
        if world.proposals[p].imposed == 1:
            depth += depth_of(world.proposals[p])
    return depth


@jitable
def has_fallen_back(world: World) -> bool:
    """Whether the index once was more than halfway from month 0 to the threshold and no longer is."""
    halfway = (world.scene.index_start + world.case.integrated_threshold) / 2.0
    return world.scene.index_peak > halfway and world.scene.index <= halfway


@jitable
def ended_across(stage: int, world: World) -> float:
    """How many proposals across boundaries ended in a stage."""
    ended = 0.0
    for p in range(world.scene.proposals):
        if world.proposals[p].stage == stage and world.proposals[p].breadth > 1:
            ended += 1.0
    return ended


@measure("Months to the first proposal", unit="months", missing="nobody ever proposed anything", monthly=False)
def months_to_first_proposal(world: World) -> float:
    """The month in which anyone first put forward a redesign."""
    return month_or_never(world.scene.first_proposal)


@measure("Months to authorisation", unit="months", missing="nothing was ever authorised", monthly=False)
def months_to_authorisation(world: World) -> float:
    """The month in which a proposal was first authorised."""
    return month_or_never(world.scene.first_authorisation)


@measure("Funding won", unit="project capacities")
def funding_won(world: World) -> float:
    """The money of strategies so far: the share that it adds to project capacity, summed over proposals authorised."""
    return world.scene.funding_won


@measure("Depth conceded", unit="depth, summed over proposals")
def depth_conceded(world: World) -> float:
    """The depth that leads have given up so far to win others."""
    return world.scene.conceded


@measure("Guarantees given", unit="guarantees", kind="count")
def guarantees_given(world: World) -> float:
    """How many proposals have come to guarantee professional roles so far."""
    return float(world.scene.guarantees)


@measure("Zone of agreement", unit="share of packages", monthly=False)
def zone_of_agreement(world: World) -> float:
    """The share of a grid of packages that every party would back on the first day, by its own view.

    The grid has the depths of a third, two thirds and the whole way for clinic organisation and roles, for booking and
    information systems, and for the tariff. Parties are, on either side of an interface, the clinicians taken together,
    the service manager and the executive, and for the tariff each commissioning body; each knows that colleagues back
    it, and roles are guaranteed as far as the case allows. Interfaces count by their traffic.
    """
    return world.scene.zone


@jitable
def zone_of_packages(world: World) -> float:
    """The zone of agreement of the people and interfaces as they are, before policy is heard.

    It uses the next free proposal as drafts do, and leaves it blank; read on the first day, when one is free.
    """
    proposal = world.proposals[world.scene.proposals]
    proposal.lead = -1
    zone = 0.0
    for i in range(world.scene.interfaces):
        interface = world.interfaces[i]
        proposal.breadth = 2 if interface.first != interface.second else 1
        proposal.shortfall = 1.0 - interface.integration
        proposal.alignment = 0.5
        proposal.guarantee = world.case.guarantees
        agreed = 0.0
        for package in range(PACKAGES):
            write_package(package, proposal, world)
            if all_would_back(interface, proposal, world):
                agreed += 1.0
        zone += interface.traffic * agreed / PACKAGES
    blank(proposal)
    return zone


@jitable
def write_package(package: int, proposal: Proposal, world: World) -> None:
    """One package of the grid, as far as the case lets practices be changed."""
    clinics = (1.0 + package // (STEPS * STEPS)) / STEPS
    systems = (1.0 + package // STEPS % STEPS) / STEPS
    tariff = (1.0 + package % STEPS) / STEPS
    for k in range(PRACTICES):
        depth = clinics
        if k == Practice.BOOKING or k == Practice.INFORMATION_SYSTEMS:  # noqa: PLR1714  a set does not compile
            depth = systems
        elif k == Practice.TARIFF:
            depth = tariff
        proposal.design[k] = depth * world.practices[k].changeable


@jitable
def blank(proposal: Proposal) -> None:
    """Clear a sheet that was only used to ask what people would think."""
    proposal.lead = 0
    proposal.breadth = 0
    proposal.shortfall = 0.0
    proposal.alignment = 0.0
    proposal.guarantee = 0.0
    for k in range(PRACTICES):
        proposal.design[k] = 0.0


@jitable
def all_would_back(interface: Interface, proposal: Proposal, world: World) -> bool:
    """Whether every party to a package at an interface would back it by its own view, knowing that its colleagues do.

    Parties are, on each side, the clinicians taken together, the service manager and the executive, and where the
    tariff changes each commissioning body taken together.
    """
    if not side_would_back(interface.first, proposal, world) or not side_would_back(interface.second, proposal, world):
        return False
    if proposal.design[Practice.TARIFF] > 0.0:
        for o in range(world.scene.organisations):
            pays = world.organisations[o].commissions == 1
            if pays and view_together(o, Role.COMMISSIONER, proposal, world) < 0.0:
                return False
    return True


@jitable
def side_would_back(number: int, proposal: Proposal, world: World) -> bool:
    """Whether the heads and the clinicians of an organisation of care on one side of an interface would back a package;
    a commissioning body is asked as such.
    """
    organisation = world.organisations[number]
    if organisation.commissions == 1:
        return True
    heads = min(
        view_with_colleagues(world.people[organisation.executive], proposal, world),
        view_with_colleagues(world.people[organisation.manager], proposal, world),
    )
    return heads >= 0.0 and view_together(number, Role.CLINICIAN, proposal, world) >= 0.0


@jitable
def view_together(organisation: int, role: int, proposal: Proposal, world: World) -> float:
    """What those of one role in an organisation think of a package, added up."""
    together = 0.0
    for seat in range(world.organisations[organisation].staff):
        person = world.people[world.members[organisation, seat]]
        if person.role == role:
            together += view_with_colleagues(person, proposal, world)
    return together


@jitable
def view_with_colleagues(person: Person, proposal: Proposal, world: World) -> float:
    """What someone thinks of a package that colleagues back, of a lead whom they trust by half."""
    return own_view(person, world, proposal) + (1.0 - person.entrenchment) * world.behaviour.peer_weight


@measure("Redesign activity", unit="proposal months")
def redesign_activity(world: World) -> float:
    """How much has gone on in redesign so far: live proposals, summed over the months."""
    return world.scene.redesign_activity


@measure("Reorganisations", unit="reorganisations", kind="count")
def reorganisations(world: World) -> float:
    """How often an organisation has been reorganised so far; one that hits several counts for each."""
    return float(world.scene.reorganisations)


@measure("Activity", unit="proposal months and reorganisations")
def activity(world: World) -> float:
    """All that an onlooker has seen going on so far, redesign and reorganisation alike."""
    return world.scene.redesign_activity + world.scene.reorganisations


@measure("Informal links", unit="links", kind="count")
def informal_links(world: World) -> float:
    """How many acquaintances interested clinicians have made across boundaries so far, of themselves."""
    return float(world.scene.links_made)


@measure("Links converted", unit="links", kind="count")
def links_converted(world: World) -> float:
    """How many acquaintances of leads were in organisations that their cross-boundary proposals touched, so far."""
    return float(world.scene.links_converted)


@measure("Cross-boundary ties", unit="ties per clinician", missing="the case has no clinicians")
def cross_boundary_ties(world: World) -> float:
    """How many people a clinician knows, on average, beyond the own organisation."""
    ties = 0.0
    for j in range(world.scene.people):
        if world.people[j].role == Role.CLINICIAN:
            ties += distant_ties(world.people[j], world)
    return ties / world.scene.clinicians if world.scene.clinicians > 0 else NEVER


# People


@measure("Clinicians' support", unit="share of stances", missing="no clinician has taken a stance")
def clinician_support(world: World) -> float:
    """Of the stances that clinicians have taken on others' proposals so far, the share in favour."""
    return support(True, world)  # noqa: FBT003  the dialect has no keywords


@measure("Managers' support", unit="share of stances", missing="no manager has taken a stance")
def manager_support(world: World) -> float:
    """Of the stances that managers, executives and commissioners have taken on others' proposals, the share in favour.

    What a manager had said is forgotten once a successor has come.
    """
    return support(False, world)  # noqa: FBT003  the dialect has no keywords


@jitable
def support(clinicians: bool, world: World) -> float:  # noqa: FBT001  the dialect has no keywords
    """The share of stances in favour among clinicians, or among all others; leads take none on their own proposals."""
    asked = 0.0
    in_favour = 0.0
    for p in range(world.scene.proposals):
        for j in range(world.scene.people):
            stance = int(world.stance[p, j])
            counts = stance != Stance.NOT_ASKED and world.proposals[p].lead != j
            if counts and (world.people[j].role == Role.CLINICIAN) == clinicians:
                asked += 1.0
                if stance >= Stance.BACKS:
                    in_favour += 1.0
    return in_favour / asked if asked > 0.0 else NEVER


@measure("Trust between clinicians and managers", unit="0–1", missing="no provider of care has clinicians")
def clinician_manager_trust(world: World) -> float:
    """How far clinicians and the service manager and executive of their organisation trust each other, both ways.

    It is the mean over the organisations that provide care, each counting the same.
    """
    trust = 0.0
    counted = 0.0
    for o in range(world.scene.organisations):
        home = world.organisations[o]
        if home.commissions == 0 and home.clinicians > 0:
            within = 0.0
            for seat in range(home.staff):
                number = world.members[o, seat]
                if world.people[number].role == Role.CLINICIAN:
                    within += mutual_trust(number, home.manager, world) + mutual_trust(number, home.executive, world)
            trust += within / (2.0 * home.clinicians)
            counted += 1.0
    return trust / counted if counted > 0.0 else NEVER


@jitable
def mutual_trust(one: int, other: int, world: World) -> float:
    """The mean of two people's trust in each other."""
    return (world.trust[one, other] + world.trust[other, one]) / 2.0


@measure("Followers' trust", unit="0–1", missing="no clinician whom anyone knows has put a redesign forward")
def follower_trust(world: World) -> float:
    """How far clinicians who put redesigns forward are trusted by those who know them, on average."""
    trust = 0.0
    leads = 0.0
    for j in range(world.scene.people):
        if world.people[j].role == Role.CLINICIAN and world.people[j].started > 0:
            received = trust_received(j, world)
            if received >= 0.0:
                trust += received
                leads += 1.0
    return trust / leads if leads > 0.0 else NEVER


@jitable
def trust_received(number: int, world: World) -> float:
    """The mean trust in a person of those who know them; NaN where nobody does."""
    trust = 0.0
    known = 0.0
    for j in range(world.scene.people):
        if world.ties[number, j] == 1:
            trust += world.trust[j, number]
            known += 1.0
    return trust / known if known > 0.0 else NEVER


@measure("Shared purpose", unit="0–1")
def shared_purpose(world: World) -> float:
    """How far everyone in the case feels a shared purpose, on average."""
    purpose = 0.0
    for j in range(world.scene.people):
        purpose += world.people[j].purpose
    return purpose / world.scene.people


@measure("Clinical influence", unit="share of depth", missing="nothing has been put into practice")
def clinical_influence(world: World) -> float:
    """The share of the depth put into practice so far that clinicians led; it may have eroded since."""
    led = 0.0
    for p in range(world.scene.proposals):
        if world.people[world.proposals[p].lead].role == Role.CLINICIAN:
            led += depth_of(world.proposals[p])
    depth = implemented_depth(world)
    return led / depth if depth > 0.0 else NEVER


@measure("Own say", unit="share of changes", missing="no practice that a clinician controls has been changed")
def own_say(world: World) -> float:
    """Of the changes made so far to practices that clinicians control, the share that those concerned had agreed."""
    changes = 0.0
    agreed = 0.0
    for j in range(world.scene.people):
        changes += world.people[j].changes
        agreed += world.people[j].agreed
    return agreed / changes if changes > 0.0 else NEVER


@measure("Clinicians outmanoeuvred", unit="clinicians", kind="count")
def clinicians_outmanoeuvred(world: World) -> float:
    """How many clinicians have seen a practice that they control changed against their stated refusal, so far."""
    outmanoeuvred = 0.0
    for j in range(world.scene.people):
        if world.people[j].role == Role.CLINICIAN and world.people[j].outmanoeuvred > 0:
            outmanoeuvred += 1.0
    return outmanoeuvred


# National


@measure("Clinical input of strategies", unit="0–1", missing="no strategy has been published")
def strategy_clinical_input(world: World) -> float:
    """How near the emphasis of the strategies published so far lies to what would help patients, on average."""
    heard = 0.0
    for s in range(world.scene.strategies):
        if is_published(s, world):
            heard += world.strategies[s].realised_input
    strategies = published(world)
    return heard / strategies if strategies > 0.0 else NEVER


@measure("Standing of strategies", unit="0–1", missing="no strategy has been published")
def strategy_standing(world: World) -> float:
    """The standing that completed local redesigns have given the strategies published so far, on average."""
    standing = 0.0
    for s in range(world.scene.strategies):
        if is_published(s, world):
            standing += world.strategies[s].standing
    strategies = published(world)
    return standing / strategies if strategies > 0.0 else NEVER


@jitable
def published(world: World) -> float:
    """How many strategies have been published so far."""
    strategies = 0.0
    for s in range(world.scene.strategies):
        if is_published(s, world):
            strategies += 1.0
    return strategies


@jitable
def is_published(s: int, world: World) -> bool:
    """Whether a strategy's month has come, in a case in which strategies are published at all."""
    return world.mechanisms.S7 != Switch.OFF and world.strategies[s].month <= world.scene.month


# Of interest month by month only


@measure("Salience", unit="0–1", outcome=False)
def salience(world: World) -> float:
    """How loudly national strategies are heard this month, all together."""
    return world.scene.salience


@measure("At risk of proposing", unit="people", kind="count", outcome=False)
def at_risk(world: World) -> float:
    """How many people have no live proposal, their own or one that they help to lead, at the end of the month."""
    free = 0.0
    for j in range(world.scene.people):
        if world.people[j].proposal < 0:
            free += 1.0
    return free


def writer(measures: Sequence[Measure]) -> Callable[[World, Row], None]:
    """A function that writes these measures of a world into a row, in their order; it can be compiled.

    The compiler cannot loop over functions, and a chain of forty is too deep for it, so they are joined by halves, down
    to a handful; a function for each takes twice as long to compile.
    """
    return _written([measure.function for measure in measures], 0)


def _written(readings: list[Reading], place: int) -> Callable[[World, Row], None]:
    """Write readings from a place on: four, one, or two halves of more."""
    if len(readings) == 4:  # noqa: PLR2004
        one, two, three, four = readings
        return _four_written(one, two, three, four, place)
    if len(readings) == 1:
        read = readings[0]

        @jitable
        def write(world: World, row: Row) -> None:
            row[place] = read(world)

        return write
    half = max(4, len(readings) // 8 * 4) if len(readings) > 4 else len(readings) // 2  # noqa: PLR2004
    first, rest = _written(readings[:half], place), _written(readings[half:], place + half)

    @jitable
    def write_both(world: World, row: Row) -> None:
        first(world, row)
        rest(world, row)

    return write_both


def _four_written(
    first: Reading, second: Reading, third: Reading, fourth: Reading, place: int
) -> Callable[[World, Row], None]:
    """Write four readings from a place on."""

    @jitable
    def write_four(world: World, row: Row) -> None:
        row[place] = first(world)
        row[place + 1] = second(world)
        row[place + 2] = third(world)
        row[place + 3] = fourth(world)

    return write_four


write_outcomes = writer(list(MEASURES.values()))
"""Write every outcome of a world into a row, in the order of `MEASURES`."""

write_course = writer(list(COURSES.values()))
"""Write what is followed month by month into a row, in the order of `COURSES`."""
