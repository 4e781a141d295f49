"""What comes from above and around: national strategies, reorganisations, commissioning, users and practices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from redesign_sim.rulekit import Quantity
from redesign_sim.scenario.fields import (
    Fact,
    Identifier,
    Line,
    Month,
    Months,
    Part,
    PerYear,
    Rows,
    Share,
    Weight,
    refused,
)

PracticeName = Literal["clinic_organisation", "booking", "information_systems", "tariff", "professional_roles"]
PRACTICE_NAMES: tuple[PracticeName, ...] = (
    "clinic_organisation",
    "booking",
    "information_systems",
    "tariff",
    "professional_roles",
)
DecisionRuleName = Literal["unanimity", "supermajority", "lead_authority"]
GAIN = "structural assumption, swept"


def emphasis_on(practice: str) -> Quantity:
    """A strategy's weight on one practice."""
    return Quantity(
        f"Emphasis on {practice}",
        "weight",
        (0, 1),
        "stylised from the text",
        "L",
        "how much the strategy is about it, against the other practices",
    )


class Emphasis(Part):
    """What a strategy is about: weights over the five practices; only their proportions matter."""

    clinic_organisation: Annotated[Weight, emphasis_on("clinic organisation")] = 0.0
    booking: Annotated[Weight, emphasis_on("booking")] = 0.0
    information_systems: Annotated[Weight, emphasis_on("information systems")] = 0.0
    tariff: Annotated[Weight, emphasis_on("tariff")] = 0.0
    professional_roles: Annotated[Weight, emphasis_on("professional roles")] = 0.0

    @model_validator(mode="after")
    def _is_about_something(self) -> Emphasis:
        if not any(getattr(self, practice) for practice in PRACTICE_NAMES):
            raise refused("at least one practice needs a weight above 0")
        return self


class Strategy(Part):
    """A national strategy, from the month of its publication."""

    name: Annotated[Line, Fact("Name", "what the strategy is called")]
    month: Annotated[
        Month,
        Quantity(
            "Published",
            "month",
            (1, 60),
            "dated in the case",
            "H",
            "the month in which it happens; 1 is the first of the case",
        ),
    ]
    strength: Annotated[
        Share,
        Quantity(
            "Strategy strength",
            "0–1",
            (0, 1),
            "0.3 text, 0.6 text and money, 1 also a managed target",
            "M",
            "how much the strategy asks, from a text alone to a managed target",
        ),
    ]
    clinical_input: Annotated[
        Share,
        Quantity(
            "Clinical input",
            "0–1",
            (0, 1),
            "the study credits both strategies",
            "M",
            "how near the strategy's emphasis lies to what would help patients",
        ),
    ] = 0.7
    emphasis: Annotated[
        Emphasis | None,
        Fact("Emphasis", "weights over practices; null: what would help patients, as far as clinical input goes"),
    ] = None
    focus: Annotated[
        Mapping[str, Weight] | None,
        Quantity(
            "Focus",
            "weight",
            (0, 1),
            "stylised from the text",
            "L",
            "weights over interfaces, `one-other`; null: as traffic",
        ),
    ] = None
    funding: Annotated[
        Share,
        Quantity(
            "Funding",
            "0–1",
            (0, 1),
            "stylised from the sums published",
            "L",
            "how much of the money asked for comes with the strategy",
        ),
    ] = 0.0
    managed_target: Annotated[
        Share,
        Quantity(
            "Managed target", "0–1", (0, 1), "48-hour target 2004", "M", "how hard a target is managed from above"
        ),
    ] = 0.0
    half_life_months: Annotated[
        Months,
        Quantity("Half-life", "months", (24, 36), "dementia money ran two years", "M", "until half its pull is gone"),
    ] = 30.0


class Event(Part):
    """A dated national reorganisation."""

    month: Annotated[
        Month,
        Quantity(
            "Month",
            "month",
            (1, 240),
            "dated in the case",
            "H",
            "the month in which it happens; 1 is the first of the case",
        ),
    ]
    name: Annotated[Line, Fact("Name", "what happened")]
    scope: Annotated[
        Annotated[Literal["commissioners", "all"], Tag("word")] | Annotated[Rows[Identifier], Tag("list")],
        Discriminator(lambda scope: "word" if isinstance(scope, str) else "list"),
        Fact("Scope", "commissioners, all, or a list of organisations by id"),
    ] = "commissioners"


class Turbulence(Part):
    """Reorganisations: they move staff and eat attention, and touch no interface."""

    local_per_year: Annotated[
        PerYear,
        Quantity(
            "Local reorganisations",
            "per organisation and year",
            (0, 3),
            '"commonplace"; no count known',
            "L",
            "how often each organisation is reorganised, drawn by chance",
        ),
    ] = 1.0
    national_per_year: Annotated[
        PerYear,
        Quantity(
            "National reorganisations",
            "per year",
            (0, 1),
            "Walshe 2010: 0.5",
            "H",
            "how often all are reorganised, drawn by chance beside the dated events",
        ),
    ] = 0.5
    disruption: Annotated[
        Share, Quantity("Disruption", "0–1", (0, 0.6), "assumed", "L", "share of attention lost while one lasts")
    ] = 0.3
    local_months: Annotated[
        Months,
        Quantity(
            "Local disruption lasts",
            "months",
            (1, 12),
            "assumed",
            "L",
            "how long a local reorganisation distracts the organisation",
        ),
    ] = 4.0
    national_months: Annotated[
        Months,
        Quantity(
            "National disruption lasts",
            "months",
            (6, 24),
            "Fulop et al. 2002: 18",
            "H",
            "how long a national reorganisation distracts those it touches",
        ),
    ] = 18.0
    events: Annotated[Rows[Event], Fact("Dated reorganisations", "national reorganisations as they happened")] = ()


class PracticeNumbers(Part):
    """What a practice gives, and what changing it takes."""

    outcome_gain: Annotated[
        Share, Quantity("Health gain", "0–1", (0, 1), GAIN, "L", "how much it serves health outcomes")
    ] = 0.5
    experience_gain: Annotated[
        Share, Quantity("Gain for users", "0–1", (0, 1), GAIN, "L", "how much it serves users' experience")
    ] = 0.5
    work: Annotated[
        Share, Quantity("Work needed", "0–1", (0, 1), GAIN, "L", "how much planned project work it takes")
    ] = 0.5
    adoption: Annotated[
        Share, Quantity("Adoption needed", "0–1", (0, 1), GAIN, "L", "how far staff have to take it up")
    ] = 0.5


def numbers(outcome: float, experience: float, work: float, adoption: float) -> PracticeNumbers:
    """The four numbers of a practice, in the order of the table."""
    return PracticeNumbers(outcome_gain=outcome, experience_gain=experience, work=work, adoption=adoption)


class Practices(Part):
    """The five practices at every interface, and which of them may change."""

    changeable: Annotated[
        tuple[PracticeName, ...],
        Field(strict=False, min_length=1),
        Fact("Changeable practices", "those that a redesign may touch"),
    ] = PRACTICE_NAMES
    clinic_organisation: Annotated[
        PracticeNumbers, Fact("Clinic organisation", "where, when and with whom; referral")
    ] = numbers(0.7, 0.7, 0.4, 0.6)
    booking: Annotated[PracticeNumbers, Fact("Booking", "how appointments are made; hours")] = numbers(
        0.2, 0.9, 0.6, 0.3
    )
    information_systems: Annotated[
        PracticeNumbers, Fact("Information systems", "records and tests seen on both sides")
    ] = numbers(0.5, 0.3, 0.9, 0.2)
    tariff: Annotated[PracticeNumbers, Fact("Tariff", "what is paid for, and to whom")] = numbers(0.4, 0.1, 0.7, 0.1)
    professional_roles: Annotated[PracticeNumbers, Fact("Professional roles", "who does what")] = numbers(
        0.9, 0.4, 0.3, 0.9
    )

    @field_validator("changeable")
    @classmethod
    def _each_once(cls, changeable: tuple[PracticeName, ...]) -> tuple[PracticeName, ...]:
        if len(set(changeable)) < len(changeable):
            raise refused("lists a practice twice")
        return changeable


class Commissioning(Part):
    """How commissioners and the organisations touched decide."""

    decision_rule: Annotated[
        DecisionRuleName,
        Fact("Decision rule", "all agree; three in four; or commissioners decide after hearing all"),
    ] = "unanimity"
    joint: Annotated[bool, Fact("Joint commissioning", "the commissioners cast one vote")] = False
    outside_option: Annotated[
        float,
        Field(ge=0, le=0.5),
        Quantity(
            "Outside option",
            "share of a proposal's value",
            (0, 0.5),
            "assumed",
            "L",
            "what sponsors get by going round those who refuse",
        ),
    ] = 0.2
    accord_weight: Annotated[
        Share,
        Quantity(
            "Weight of accord",
            "0–1",
            (0, 1),
            "assumed; the lever of C3",
            "L",
            "how much accord with policy counts for sponsors",
        ),
    ] = 0.5


class Users(Part):
    """The people who use the services."""

    voice: Annotated[
        Share,
        Quantity(
            "Users' voice",
            "0–1",
            (0, 1),
            "assumed; the lever of C19",
            "L",
            "how far consultation moves weights towards users' experience",
        ),
    ] = 0.3


def element(title: str, meaning: str) -> Quantity:
    """One of the six elements that a redesign needs (C17); 0 knocks it out."""
    return Quantity(title, "0–1", (0, 1), "assumed; the lever of C17", "L", meaning)


class Elements(Part):
    """The six elements that a redesign needs, each a state that some rule reads."""

    purpose: Annotated[Share, element("Purpose", "how much a shared purpose counts")] = 1.0
    authorisation: Annotated[Share, element("Authorisation", "how far sponsors can authorise")] = 1.0
    resources: Annotated[Share, element("Resources", "how much can be won with managers")] = 1.0
    practices: Annotated[Share, element("Range of practices", "how much of the range can be changed")] = 1.0
    roles: Annotated[Share, element("Reworked roles", "how far roles can be reworked")] = 1.0
    time: Annotated[Share, element("Time and skills", "how much time and project skill leads have")] = 1.0
