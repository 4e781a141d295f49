"""Who owns the care of a condition: organisations, the interfaces between them, and patients' journeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from redesign_sim.rulekit import Quantity
from redesign_sim.scenario.fields import Fact, Identifier, Line, Part, Posts, Rows, Share, Weight, refused

Kind = Literal[
    "acute",
    "mental_health",
    "community",
    "general_practice",
    "local_authority",
    "third_sector",
    "independent",
    "commissioner",
]
Profession = Literal[
    "consultant", "junior_doctor", "nurse", "allied", "gp", "social_worker", "voluntary_worker", "care_worker"
]
CLINICAL_POSTS: dict[str, Profession] = {
    "consultants": "consultant",
    "junior_doctors": "junior_doctor",
    "nurses": "nurse",
    "allied": "allied",
    "gps": "gp",
    "social_workers": "social_worker",
    "voluntary_workers": "voluntary_worker",
    "care_workers": "care_worker",
}
"""The field of an organisation that counts the posts of each profession."""

INCLUSION = Quantity(
    "Clinical inclusion",
    "share",
    (0, 1),
    "NHS staff surveys 2009/10: 27 % say managers involve staff in important decisions",
    "M",
    "chance that a clinician without a formal role gets a hearing in managers' decision routines",
)
COMPARTMENTALISATION = Quantity(
    "Compartmentalisation",
    "0–1",
    (0, 1),
    "assumed",
    "L",
    "how far people work within their own clinic: they meet acquaintances elsewhere less, and managers give less leave",
)


def posts(title: str, meaning: str) -> Quantity:
    """A number of posts; the study published no sizes, so each is stylised."""
    return Quantity(title, "posts", (0, 10), "stylised locality", "L", meaning)


def by_kind(provider: int, commissioner: int) -> Any:  # noqa: ANN401  pydantic's Field is typed so too
    """A default that depends on whether the organisation provides care or commissions it."""
    return Field(default_factory=lambda data: commissioner if data.get("kind") == "commissioner" else provider)


class Organisation(Part):
    """One owner of care, or one commissioner: who works there, each person a post or a small team."""

    name: Annotated[Line, Fact("Name", "what the organisation is called in charts and tables")]
    kind: Annotated[Kind, Fact("Kind", "what sort of owner of care it is")]
    consultants: Annotated[Posts, posts("Consultants", "hospital consultants")] = 0
    junior_doctors: Annotated[Posts, posts("Junior doctors", "doctors in training")] = 0
    nurses: Annotated[Posts, posts("Nurses", "nurses")] = 0
    allied: Annotated[Posts, posts("Allied professions", "psychologists, occupational therapists, health advisers")] = 0
    gps: Annotated[Posts, posts("GPs", "general practitioners; they control referral")] = 0
    social_workers: Annotated[Posts, posts("Social workers", "social workers")] = 0
    voluntary_workers: Annotated[Posts, posts("Voluntary workers", "staff of charities")] = 0
    care_workers: Annotated[Posts, posts("Care workers", "staff of care homes")] = 0
    managers: Annotated[Posts, posts("Service managers", "they release staff time, booking and systems")] = by_kind(
        1, 0
    )
    executives: Annotated[Posts, posts("Executives", "they authorise a redesign, practice by practice")] = by_kind(1, 0)
    commissioners: Annotated[Posts, posts("Commissioners", "they fund, and control the tariff")] = by_kind(0, 2)
    specialities: Annotated[Rows[Line], Fact("Specialities", "words for display only; no rule reads them")] = ()
    clinical_inclusion: Annotated[float | None, Field(ge=0, le=1), INCLUSION] = None
    compartmentalisation: Annotated[float | None, Field(ge=0, le=1), COMPARTMENTALISATION] = None

    @field_validator(*CLINICAL_POSTS, "managers", "executives", "commissioners")
    @classmethod
    def _fits_the_kind(cls, number: int, info: ValidationInfo) -> int:
        kind = info.data.get("kind")
        if kind is not None:
            _refuse_misfit(str(info.field_name), number, commissions=kind == "commissioner")
        return number

    @property
    def clinicians(self) -> int:
        """Posts of all clinical, social and voluntary professions."""
        return sum(getattr(self, field) for field in CLINICAL_POSTS)

    @property
    def people(self) -> int:
        """All posts."""
        return self.clinicians + self.managers + self.executives + self.commissioners


def _refuse_misfit(field: str, number: int, *, commissions: bool) -> None:
    """Providers have a manager and an executive and no commissioners; commissioners have commissioners only."""
    if number == 0 and commissions and field == "commissioners":
        raise refused("is too few: an organisation of kind commissioner has at least one")
    if number > 0 and commissions and field != "commissioners":
        raise refused("is too many: an organisation of kind commissioner has commissioners only")
    if number > 0 and not commissions and field == "commissioners":
        raise refused("is too many: only organisations of kind commissioner have any")
    if number == 0 and not commissions and field in {"managers", "executives"}:
        raise refused("is too few: an organisation that provides care has at least one")


class Organisations(Part):
    """The organisations of a case, and what they have in common."""

    clinical_inclusion: Annotated[Share, INCLUSION] = 0.33
    compartmentalisation: Annotated[Share, COMPARTMENTALISATION] = 0.5
    members: Annotated[
        Mapping[Identifier, Organisation], Fact("Members", "each organisation by its id", "organisations")
    ]


class Interface(Part):
    """Where care passes between two organisations."""

    between: Annotated[
        tuple[Identifier, Identifier], Field(strict=False), Fact("Between", "the two organisations, by id")
    ]
    traffic: Annotated[
        Weight,
        Quantity(
            "Traffic", "share", (0, 1), "stylised locality", "L", "share of the pathway's hand-offs; made to sum to 1"
        ),
    ]
    start: Annotated[
        Share,
        Quantity(
            "Integration at the start", "0–1", (0, 0.5), "stylised locality", "L", "how joined up care is in month 0"
        ),
    ] = 0.1


class Journey(Part):
    """A way that patients take through the organisations."""

    name: Annotated[Line, Fact("Name", "what the journey is called")]
    path: Annotated[
        tuple[Identifier, ...],
        Field(strict=False, min_length=2),
        Fact("Path", "organisations in order, by id; each step is an interface"),
    ]


class Pathway(Part):
    """Over how many owners the pathway is spread, and who feels it is theirs."""

    organisations: Annotated[
        int | None,
        Field(ge=2, le=200),
        Quantity(
            "Owners of the pathway",
            "organisations",
            (2, 16),
            "assumed",
            "L",
            "the same staff and traffic over this many organisations that provide care; null leaves them as listed",
        ),
    ] = None
    ownership: Annotated[
        Share,
        Quantity(
            "Concentration of ownership",
            "0–1",
            (0, 1),
            "assumed",
            "L",
            "0: everybody has a thin stake; 1: one owner holds it",
        ),
    ] = 0.5
