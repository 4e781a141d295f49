"""Claims about those who lead: C1, C11, C14, C16, C18."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.evidence.claims import Claim, Condition, Expectation, claim, contrast, interaction, level
from redesign_sim.evidence.declared import sizes
from redesign_sim.evidence.effects import Peak

if TYPE_CHECKING:
    from redesign_sim.evidence.claims import Changes
    from redesign_sim.scenario import Scenario

GAIN = "integration_gain"
LOW, HIGH = 0.25, 0.75
"""The middle of either half of ambition and of capability."""

MOST = 0.7
"""The share of clinicians of the kind that a locality is mostly made of; the others share the rest."""


def focal_post(case: Scenario) -> tuple[str, str]:
    """Where the focal clinician works, and as what: a consultant of the care organisation that has most of them."""
    members = case.organisations.members
    place = max(members, key=lambda name: members[name].consultants)
    return place, "consultant"


def focal(name: str, ambition: float, capability: float) -> Condition:
    """One clinician with these traits, in the same post of a case and with the same luck."""

    def given(case: Scenario) -> Changes:
        organisation, profession = focal_post(case)
        post = {"organisation": organisation, "profession": profession}
        return {"leadership.focal": {**post, "ambition": ambition, "capability": capability}}

    return Condition(f"focal clinician {name}", of_case=given)


PASSIVE, LOCALISED = focal("passive", LOW, LOW), focal("localised", LOW, HIGH)
LACKING, IMPACT = focal("lacking followers", HIGH, LOW), focal("high-impact", HIGH, HIGH)


def mostly(style: str) -> Condition:
    """A locality most of whose clinicians lead in one way."""
    rest = (1 - MOST) / 3
    shares = dict.fromkeys(("passive", "localised", "lacking_followers", "high_impact"), rest)
    return Condition(f"mostly {style.replace('_', ' ')}", {"leadership.mix": {**shares, style: MOST}})


def _highest(other: Condition, words: str, number: int) -> Expectation:
    return Expectation(
        f"C1.{number}",
        f"integration gains more when the focal clinician is high-impact than when {words}",
        contrast(IMPACT, other, GAIN),
    )


def _least_trusted(other: Condition, words: str, number: int) -> Expectation:
    return Expectation(
        f"C1.{number}",
        f"the focal clinician is less trusted in the end when lacking followers than when {words}",
        contrast(LACKING, other, "focal_trust"),
        "less",
    )


def _mostly(style: str, number: int) -> Expectation:
    return Expectation(
        f"C1.{number}",
        f"integration gains more where most clinicians are high-impact than where most are {style.replace('_', ' ')}",
        contrast(mostly("high_impact"), mostly(style), GAIN),
        secondary=True,
    )


C1 = claim(
    "C1",
    _highest(LACKING, "lacking followers", 1),
    _highest(LOCALISED, "localised", 2),
    _highest(PASSIVE, "passive", 3),
    Expectation(
        "C1.4",
        "the focal clinician leads more improvement within the organisation when localised than when lacking followers",
        contrast(LOCALISED, LACKING, "focal_local_led"),
    ),
    _least_trusted(LOCALISED, "localised", 5),
    _least_trusted(IMPACT, "high-impact", 6),
    _least_trusted(PASSIVE, "passive", 7),
    Expectation(
        "C1.8",
        "the focal clinician leads less into practice when passive than when localised",
        contrast(PASSIVE, LOCALISED, "focal_depth_led"),
        "less",
    ),
    Expectation(
        "C1.9",
        "the focal clinician leads less into practice when passive than when high-impact",
        contrast(PASSIVE, IMPACT, "focal_depth_led"),
        "less",
    ),
    Expectation(
        "C1.10",
        "integration: the focal clinician localised, less lacking followers (the study orders neither)",
        contrast(LOCALISED, LACKING, GAIN),
        "open",
    ),
    _mostly("lacking_followers", 11),
    _mostly("localised", 12),
    _mostly("passive", 13),
    ablations=(("N2", "off"), ("N2", "rival"), ("N21", "off"), ("N23", "off"), ("I2", "off")),
)

WIDE, NARROW = (
    Condition(f"{words} ties elsewhere", {"ties.cross_boundary": many})
    for words, many in (("twice the", 2.0), ("half the", 0.5))
)

C11 = claim(
    "C11",
    Expectation(
        "C11.1",
        "leads of completed cross-boundary redesigns knew more people elsewhere when they began than leads of failed "
        "ones",
        level(Condition("as it is"), "lead_ties_gap"),
        smallest=sizes.TIES,
    ),
    Expectation(
        "C11.2", "integration gains more where there are more ties across boundaries", contrast(WIDE, NARROW, GAIN)
    ),
    ablations=(("N3", "off"), ("L11", "off"), ("L1", "off")),
)

AMBITIONS = (0.1, 0.3, 0.5, 0.7, 0.9)


def _ambitious(ambition: float, capability: float) -> Condition:
    return Condition(
        f"ambition {ambition:g}, capability {capability:g}",
        {"leadership.ambition": ambition, "leadership.capability": capability},
    )


AT_LOW = tuple(_ambitious(ambition, LOW) for ambition in AMBITIONS)
AT_HIGH = tuple(_ambitious(ambition, HIGH) for ambition in AMBITIONS)

C14 = claim(
    "C14",
    Expectation(
        "C14.1",
        "where capability is low, those who lead are trusted less the more ambitious clinicians are",
        contrast(AT_LOW[-1], AT_LOW[0], "follower_trust"),
        "less",
    ),
    Expectation(
        "C14.2",
        "where capability is low, integration gains most at an ambition between the ends",
        Peak(GAIN, AT_LOW),
    ),
    Expectation(
        "C14.3",
        "where capability is high, integration gains most at an ambition between the ends",
        Peak(GAIN, AT_HIGH),
        region="any; where nothing punishes ambition any more the optimum may lie at its end",
    ),
    Expectation(
        "C14.4",
        "the best ambition rises with capability: more ambition pays more where capability is high",
        interaction(AT_HIGH[3], AT_HIGH[1], AT_LOW[3], AT_LOW[1], GAIN),
    ),
    ablations=(("N2", "off"), ("N2", "rival"), ("N21", "off"), ("D17", "off")),
)

CONCESSIONS = tuple(
    Condition(f"concession {share:g}", {"leadership.concession": share}) for share in (0.0, 0.15, 0.3, 0.5, 0.75, 1.0)
)

C16 = claim(
    "C16",
    Expectation("C16.1", "integration gains most between never conceding and conceding all", Peak(GAIN, CONCESSIONS)),
    ablations=(("N14", "off"), ("N10", "off"), ("N2", "off"), ("N29", "off")),
)

NATIONAL = tuple(
    Condition(f"national work {share:g}", {"leadership.national_share": share})
    for share in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
)

C18 = claim(
    "C18",
    Expectation(
        "C18.1",
        "integration gains most at a share of time for national work between none and all",
        Peak(GAIN, NATIONAL),
        cases=("neutral",),
        region="one strategy in month 24 whose stated clinical input is low, as in the neutral case",
    ),
    ablations=(("S1", "off"), ("W3", "off")),
)

LEADERS: tuple[Claim, ...] = (C1, C11, C14, C16, C18)
"""Claims about those who lead."""
