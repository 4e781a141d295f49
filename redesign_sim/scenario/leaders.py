"""Who leads: traits, time, and what leads can bring to bear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from redesign_sim.rulekit import Quantity
from redesign_sim.scenario.fields import (
    Beta,
    Correlation,
    Fact,
    Identifier,
    Month,
    Multiplier,
    Part,
    Share,
    refused,
)
from redesign_sim.scenario.localities import Profession

STYLES = ("passive", "localised", "lacking_followers", "high_impact")
DISTRIBUTIONS = ("ambition", "capability", "by_profession")
"""What stands in place of a mix."""
SUM_TOLERANCE = 1e-6
STUDY = "Storey and Holti 2013; shares stylised"


class Mix(Part):
    """Shares of the four kinds of leadership among clinicians; they sum to 1."""

    passive: Annotated[Share, Quantity("Passive", "share", (0, 1), STUDY, "L", "low ambition, low capability")]
    localised: Annotated[Share, Quantity("Localised", "share", (0, 1), STUDY, "L", "low ambition, high capability")]
    lacking_followers: Annotated[
        Share, Quantity("Lacking followers", "share", (0, 1), STUDY, "L", "high ambition, low capability")
    ]
    high_impact: Annotated[
        Share, Quantity("High-impact", "share", (0, 1), STUDY, "L", "high ambition, high capability")
    ]

    @model_validator(mode="after")
    def _sums_to_one(self) -> Mix:
        shares = {style: float(getattr(self, style)) for style in STYLES}
        total = sum(shares.values())
        if abs(total - 1) > SUM_TOLERANCE:
            each = ", ".join(f"{style} {share:g}" for style, share in shares.items())
            raise refused(f"the four shares sum to {total:.6g} ({each}); they have to sum to 1")
        return self


AMBITION = Fact("Ambition", "how far proposals depart from today and how wide they reach, among clinicians")
CAPABILITY = Fact("Capability", "micro-political: how accurately others are read, whom one approaches, what one trades")


class ProfessionTraits(Part):
    """Traits of one profession where they differ from the rest."""

    ambition: Annotated[Beta | None, AMBITION] = None
    capability: Annotated[Beta | None, CAPABILITY] = None


class Focal(Part):
    """One clinician whose traits are set, so that four lives differ in nothing else."""

    organisation: Annotated[Identifier, Fact("Organisation", "where the focal clinician works, by id")]
    profession: Annotated[Profession, Fact("Profession", "the profession of the focal clinician")]
    ambition: Annotated[
        Share, Quantity("Ambition", "0–1", (0, 1), "assumed; the lever of C1", "L", "ambition of the focal clinician")
    ]
    capability: Annotated[
        Share,
        Quantity("Capability", "0–1", (0, 1), "assumed; the lever of C1", "L", "capability of the focal clinician"),
    ]


class Leadership(Part):
    """Leadership among clinicians: a mix of four kinds, or two distributions, and the time that it gets."""

    mix: Annotated[Mix | None, Fact("Leadership mix", "shares of the four kinds; instead of distributions")] = None
    ambition: Annotated[Beta | None, AMBITION] = None
    capability: Annotated[Beta | None, CAPABILITY] = None
    by_profession: Annotated[
        Mapping[Profession, ProfessionTraits], Fact("By profession", "distributions of professions that differ")
    ] = Field(default_factory=dict)
    correlation: Annotated[
        Correlation,
        Quantity(
            "Ambition with capability",
            "correlation",
            (-0.4, 0.4),
            "none known",
            "L",
            "how far the ambitious are also the capable",
        ),
    ] = 0.0
    position_correlation: Annotated[
        Correlation,
        Quantity(
            "Ambition with position",
            "correlation",
            (-0.6, 0),
            "Lockett et al. 2012",
            "M",
            "below 0: the well placed want less change",
        ),
    ] = -0.3
    focal: Annotated[Focal | None, Fact("Focal clinician", "one clinician whose traits are set; null for none")] = None
    time_share: Annotated[
        Share,
        Quantity(
            "Time for leading",
            "share of a week",
            (0, 0.25),
            "consultant job plans: 5–10 %",
            "M",
            "how much of a week a clinician has for leading",
        ),
    ] = 0.08
    role_share: Annotated[
        Share,
        Quantity(
            "Formal leadership roles",
            "share",
            (0, 0.4),
            "assumed",
            "L",
            "how many clinicians hold a formal leadership role",
        ),
    ] = 0.15
    role_time: Annotated[
        Multiplier,
        Quantity(
            "Time for leading in a role",
            "times",
            (2, 3),
            "consultant job plans: 15–25 % against 5–10 %",
            "M",
            "how many times the usual time for leading a clinician with a formal role has",
        ),
    ] = 2.5
    role_inclusion: Annotated[
        Share,
        Quantity(
            "Hearing in a role",
            "share",
            (0.6, 0.8),
            "assumed above staff surveys",
            "M",
            "chance that a clinician with a formal role gets a hearing where managers decide",
        ),
    ] = 0.7
    national_share: Annotated[
        Share,
        Quantity(
            "National work",
            "share of leading",
            (0, 1),
            "assumed",
            "L",
            "how much of the time for leading goes to national strategy-making",
        ),
    ] = 0.1
    concession: Annotated[
        Share,
        Quantity(
            "Concession",
            "share of the gap per encounter",
            (0, 1),
            "after Faratin et al. 1998",
            "M",
            "how much of the gap between what is asked and what the other wants a lead gives way in",
        ),
    ] = 0.3

    @model_validator(mode="before")
    @classmethod
    def _without_mix_both_distributions(cls, given: object) -> object:
        """Where no mix is given both traits are Beta(4, 4) unless stated."""
        if not isinstance(given, Mapping) or given.get("mix") is not None:
            return given
        return {**given, **{trait: Beta() for trait in ("ambition", "capability") if given.get(trait) is None}}

    @model_validator(mode="after")
    def _mix_or_distributions(self) -> Leadership:
        if self.mix is not None and (self.ambition or self.capability or self.by_profession):
            raise refused("give a mix, or ambition and capability (also by_profession), not both")
        return self


class Persuasion(Part):
    """Lateral persuasion: leads go to colleagues, outside formal decisions."""

    strength: Annotated[
        Share,
        Quantity(
            "Persuasion",
            "0–1",
            (0, 1),
            "assumed; the lever of C15",
            "L",
            "0: nobody approaches colleagues; 1: all who would, do",
        ),
    ] = 1.0


class Planning(Part):
    """Formal planning: project managers and their time."""

    capacity: Annotated[
        Share,
        Quantity(
            "Project capacity",
            "0–1",
            (0, 1),
            "assumed; the lever of C15",
            "L",
            "what each organisation gives; 0: leads' own time only",
        ),
    ] = 0.7


class Negotiation(Part):
    """What leads may offer, and how long and how often people talk."""

    guarantees: Annotated[
        Share,
        Quantity(
            "Role guarantees",
            "0–1",
            (0, 1),
            "assumed; the lever of C20",
            "L",
            "how much of the loss of a role a lead may promise away",
        ),
    ] = 0.3
    attention: Annotated[
        float,
        Field(ge=0, le=100),
        Quantity(
            "Attention",
            "encounters a month",
            (1, 12),
            "assumed",
            "L",
            "how many encounters a person can take part in as the other party",
        ),
    ] = 4.0
    patience_months: Annotated[
        Month,
        Quantity(
            "Patience",
            "months",
            (6, 36),
            "comparable redesigns took 10–36 months",
            "M",
            "how long a lead goes on negotiating before giving up",
        ),
    ] = 12
