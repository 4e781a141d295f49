"""Whom leaders have to win: what people are like, whom they trust and know, and where they meet."""

from __future__ import annotations

from typing import Annotated

from redesign_sim.rulekit import Quantity
from redesign_sim.scenario.fields import Beta, Fact, Month, Multiplier, Part, Share, Spread


def entrenchment_of(whose: str) -> Fact:
    """How little a person's view moves under persuasion."""
    return Fact(f"{whose} entrenchment", "how little a person's view moves under persuasion")


def interest_of(whose: str) -> Fact:
    """Intrinsic interest in patients beyond one's own clinic."""
    return Fact(f"{whose} interest", "intrinsic interest in patients beyond one's own clinic")


def loss_weight_of(whose: str) -> Fact:
    """How much a loss to one's own clinic and staff counts."""
    return Fact(f"{whose} loss weight", "how much a loss to one's own clinic and staff counts")


class Clinicians(Part):
    """What clinicians are like, beside leadership."""

    entrenchment: Annotated[Spread, entrenchment_of("Clinicians'")] = Spread(mean=0.4)
    interest: Annotated[Spread, interest_of("Clinicians'")] = Spread(mean=0.65)
    loss_weight: Annotated[Spread, loss_weight_of("Clinicians'")] = Spread(mean=0.4)
    accountability: Annotated[
        Share,
        Quantity(
            "Clinicians' accountability",
            "0–1",
            (0, 0.5),
            "assumed",
            "L",
            "how far clinicians answer for the national strategy",
        ),
    ] = 0.1


class Managers(Part):
    """What service managers, executives and commissioners are like."""

    entrenchment: Annotated[Spread, entrenchment_of("Managers'")] = Spread(mean=0.4)
    interest: Annotated[Spread, interest_of("Managers'")] = Spread(mean=0.6)
    loss_weight: Annotated[Spread, loss_weight_of("Managers'")] = Spread(mean=0.4)
    ambition: Annotated[
        Beta, Fact("Managers' ambition", "how far proposals of managers and commissioners depart from today")
    ] = Beta(mean=0.45)
    capability: Annotated[
        Beta, Fact("Managers' capability", "how accurately managers and commissioners read others")
    ] = Beta(mean=0.5)


class Accountability(Part):
    """How far each kind of sponsor answers for the national strategy."""

    managers: Annotated[
        Share,
        Quantity(
            "Service managers",
            "0–1",
            (0, 1),
            "assumed",
            "L",
            "how far service managers answer for the national strategy",
        ),
    ] = 0.4
    executives: Annotated[
        Share,
        Quantity("Executives", "0–1", (0, 1), "assumed", "L", "how far executives answer for the national strategy"),
    ] = 0.6
    commissioners: Annotated[
        Share,
        Quantity(
            "Commissioners", "0–1", (0, 1), "assumed", "L", "how far commissioners answer for the national strategy"
        ),
    ] = 0.8


class Sponsors(Part):
    """Those who authorise and fund."""

    accountability: Annotated[Accountability, Fact("Accountability", "how far sponsors answer for the strategy")] = (
        Accountability()
    )


class Trust(Part):
    """Trust on the first day."""

    clinician_manager: Annotated[
        Share,
        Quantity(
            "Clinicians and managers",
            "0–1",
            (0.3, 0.6),
            "NHS staff surveys 2009/10: 44–46 %",
            "M",
            "trust between clinicians and managers on the first day",
        ),
    ] = 0.45
    within: Annotated[
        Share,
        Quantity(
            "Within an organisation",
            "0–1",
            (0.4, 0.8),
            "assumed",
            "L",
            "trust among clinicians of one organisation on the first day",
        ),
    ] = 0.6
    across: Annotated[
        Share,
        Quantity(
            "Across organisations",
            "0–1",
            (0.3, 0.7),
            "assumed",
            "L",
            "trust among clinicians of two organisations on the first day",
        ),
    ] = 0.5
    spread: Annotated[
        Share, Quantity("Spread", "0–1", (0, 0.4), "assumed", "L", "how far a pair may lie from the mean, either way")
    ] = 0.2


WEST = "West et al. 1999; Mascia et al. 2015; level assumed"


class Ties(Part):
    """Who knows whom on the first day: probability of a tie between two people."""

    same_profession_here: Annotated[
        Share,
        Quantity(
            "Same profession, same organisation",
            "probability",
            (0.4, 0.6),
            WEST,
            "M",
            "how likely it is that two of one profession in one organisation know one another",
        ),
    ] = 0.5
    same_profession_elsewhere: Annotated[
        Share,
        Quantity(
            "Same profession elsewhere",
            "probability",
            (0.05, 0.15),
            WEST,
            "M",
            "how likely it is that two of one profession in two organisations know one another",
        ),
    ] = 0.1
    other_profession_here: Annotated[
        Share,
        Quantity(
            "Other profession, same organisation",
            "probability",
            (0.05, 0.2),
            WEST,
            "M",
            "how likely it is that two of two professions in one organisation know one another",
        ),
    ] = 0.12
    both_different: Annotated[
        Share,
        Quantity(
            "Other profession elsewhere",
            "probability",
            (0.01, 0.03),
            WEST,
            "M",
            "how likely it is that two of two professions in two organisations know one another",
        ),
    ] = 0.02
    cross_boundary: Annotated[
        Multiplier,
        Quantity(
            "Ties across boundaries",
            "times",
            (0, 3),
            "assumed; the lever of C11",
            "L",
            "multiplies both probabilities of a tie elsewhere",
        ),
    ] = 1.0


class Network(Part):
    """A network organisation that brings people of many organisations together."""

    strength: Annotated[
        Share,
        Quantity("Network", "0–1", (0, 1), "assumed; the lever of C10", "L", "how active it is; 0: there is none"),
    ] = 0.0
    from_month: Annotated[
        Month,
        Quantity(
            "Network begins", "month", (1, 60), "dated in the case", "H", "the month in which its first meeting is held"
        ),
    ] = 1
    includes_social_care: Annotated[bool, Fact("Social care joins", "whether local authorities are members")] = False
    includes_third_sector: Annotated[bool, Fact("Third sector joins", "whether charities are members")] = False
    includes_independent: Annotated[bool, Fact("Independents join", "whether independent providers are members")] = (
        False
    )
