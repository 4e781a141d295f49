"""Claims about organisations and what lies between them: C6, C7, C8, C9, C10."""

from __future__ import annotations

from redesign_sim.evidence.claims import STUDIED, Claim, Condition, Expectation, claim, contrast, interaction, level
from redesign_sim.evidence.declared import sizes
from redesign_sim.evidence.declared.leaders import HIGH, LOW, MOST
from redesign_sim.evidence.effects import cut, foretelling

GAIN = "integration_gain"

SHUT = Condition("clinicians shut out", {"organisations.clinical_inclusion": 0.0})
INCLUDED = Condition("clinicians included", {"organisations.clinical_inclusion": 0.7})
ABLE = {"leadership.mix.high_impact": MOST}
SHUT_ABLE = Condition("most leaders high-impact, shut out", {**ABLE, **SHUT.changes})
INCLUDED_ABLE = Condition("most leaders high-impact, included", {**ABLE, **INCLUDED.changes})

C6 = claim(
    "C6",
    Expectation(
        "C6.1",
        "the first authorisation comes later where clinicians are shut out",
        contrast(SHUT, INCLUDED, "months_to_authorisation"),
        smallest=sizes.MONTH,
    ),
    Expectation(
        "C6.2",
        "fewer proposals are authorised where clinicians are shut out",
        contrast(SHUT, INCLUDED, "proposals_authorised"),
        "less",
        sizes.PROPOSAL,
    ),
    Expectation("C6.3", "integration gains less where clinicians are shut out", contrast(SHUT, INCLUDED, GAIN), "less"),
    Expectation(
        "C6.4",
        "integration gains less where they are shut out although most leaders are high-impact",
        contrast(SHUT_ABLE, INCLUDED_ABLE, GAIN),
        "less",
    ),
    ablations=(("N4", "off"), ("N3", "off")),
)

FEW, MANY = 4, 12
"""Owners of the same pathway."""


def owned(organisations: int, capability: float | None = None) -> Condition:
    """The same staff and traffic over so many organisations, among clinicians as capable as stated."""
    words = "" if capability is None else f", capability {capability:g}"
    traits = {} if capability is None else {"leadership.capability": capability}
    return Condition(f"{organisations} owners{words}", {"pathway.organisations": organisations, **traits})


C7 = claim(
    "C7",
    Expectation(
        "C7.1",
        "integration gains less over twelve owners than over four",
        contrast(owned(MANY), owned(FEW), GAIN),
        "less",
    ),
    Expectation(
        "C7.2",
        "the fall is steeper where capability is low",
        interaction(owned(MANY, HIGH), owned(FEW, HIGH), owned(MANY, LOW), owned(FEW, LOW), GAIN),
    ),
    Expectation(
        "C7.3",
        "many owners with thin stakes fail by not starting rather than by stalemate",
        level(Condition("as it is"), "not_started_less_stalemate"),
        smallest=sizes.SHARE,
        cases=tuple(case for case in STUDIED if case.startswith("dementia")),
        region="the dementia cases",
    ),
    Expectation(
        "C7.4",
        "two blocs fail by stalemate rather than by not starting",
        level(Condition("as it is"), "not_started_less_stalemate"),
        "less",
        sizes.SHARE,
        tuple(case for case in STUDIED if case.startswith("sexual_health")),
        region="the sexual-health cases",
    ),
    ablations=(("W4", "off"), ("I9", "off"), ("N3", "off"), ("L11", "off")),
)

MORE = 2.0
"""How many times the usual runs the onlooker's tests take at a point: a share of variance needs many."""

NOISE = {"turbulence.local_per_year": 3.0, "turbulence.national_per_year": 1.0}
NOISY = Condition("much reorganisation", NOISE)
CALM = Condition("little reorganisation", {"turbulence.local_per_year": 0.5, "turbulence.national_per_year": 0.0})
NOISE_ALONE = Condition("reorganisation alone", {**NOISE, "leadership.time_share": 0.0})

C8 = claim(
    "C8",
    Expectation("C8.1", "reorganisations alone bring no integration", level(NOISE_ALONE, GAIN), "nothing"),
    Expectation(
        "C8.2",
        "amid much reorganisation all activity of two years foretells the gain worse than redesign activity alone",
        foretelling(NOISY, None, "activity_seen", "redesign_seen", GAIN),
        "less",
        sizes.SHARE,
        slow=True,
        at_a_point=MORE,
    ),
    Expectation(
        "C8.3",
        "all activity foretells the gain worse amid much reorganisation than amid little",
        foretelling(NOISY, CALM, "activity_seen", "redesign_seen", GAIN),
        "less",
        sizes.SHARE,
        slow=True,
        at_a_point=MORE,
    ),
    Expectation("C8.4", "integration: much reorganisation less little", contrast(NOISY, CALM, GAIN), "open"),
    ablations=(("R2", "off"), ("R11", "off"), ("P16", "off")),
)

CLOSED = Condition("closed clinics", {"organisations.compartmentalisation": 0.9})
LOOSE = Condition("open clinics", {"organisations.compartmentalisation": 0.1})

C9 = claim(
    "C9",
    Expectation(
        "C9.1",
        "closed clinics cut cross-boundary redesigns started by a larger share than informal links",
        cut(CLOSED, LOOSE, "cross_boundary_started", "informal_links"),
        smallest=sizes.SHARE,
    ),
    Expectation("C9.2", "links are still made in closed clinics", level(CLOSED, "informal_links"), smallest=sizes.LINK),
    Expectation(
        "C9.3",
        "closed clinics cut links converted by a larger share than links made",
        cut(CLOSED, LOOSE, "links_converted", "informal_links"),
        smallest=sizes.SHARE,
        secondary=True,
    ),
    ablations=(("I14", "off"), ("L1", "off"), ("L11", "off")),
)

FROM_THE_START = {"network.from_month": 1}
NARROWLY = {f"network.includes_{whom}": False for whom in ("social_care", "third_sector", "independent")}
WIDELY = dict.fromkeys(NARROWLY, True)
NETWORK = Condition("a network", {"network.strength": 0.8, **FROM_THE_START, **NARROWLY})
WIDE_NETWORK = Condition("a wide network", {"network.strength": 0.8, **FROM_THE_START, **WIDELY})
NO_NETWORK = Condition("no network", {"network.strength": 0.0, **FROM_THE_START, **NARROWLY})

C10 = claim(
    "C10",
    Expectation("C10.1", "integration gains more with a network organisation", contrast(NETWORK, NO_NETWORK, GAIN)),
    Expectation(
        "C10.2",
        "clinicians know more people elsewhere with a network organisation",
        contrast(NETWORK, NO_NETWORK, "cross_boundary_ties"),
        smallest=sizes.TIES,
    ),
    Expectation(
        "C10.3",
        "the interfaces of social care, the third sector and independent providers gain more when they belong to it",
        contrast(WIDE_NETWORK, NETWORK, "outer_gain"),
    ),
    Expectation(
        "C10.4", "integration: a wide network less a narrow one", contrast(WIDE_NETWORK, NETWORK, GAIN), "open"
    ),
    ablations=(("L6", "off"), ("L11", "off"), ("N3", "off")),
)

SYSTEMS: tuple[Claim, ...] = (C6, C7, C8, C9, C10)
"""Claims about organisations."""
