"""Claims about national strategy and those who answer for it: C2, C3, C4, C5, C13."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.evidence.claims import AS_IT_IS, Claim, Condition, Expectation, claim, contrast, interaction, level
from redesign_sim.evidence.declared import sizes

if TYPE_CHECKING:
    from redesign_sim.evidence.claims import Changes
    from redesign_sim.scenario import Scenario

GAIN = "integration_gain"
RICH, POOR = 0.4, 0.05
"""Shares of high-impact leaders; the others share the rest as they did."""


def every_strategy(case: Scenario, **values: float) -> Changes:
    """The same values for each of a case's strategies."""
    return {
        f"strategies[{number}].{name}": value
        for number in range(len(case.strategies))
        for name, value in values.items()
    }


FEWER = 1 / 3
"""What decisions on paper take at a point of the usual runs: they are slow, and what they show is large."""

NO_LAST = Condition(
    "without the last strategy", of_case=lambda case: {f"strategies[{len(case.strategies) - 1}].strength": 0.0}
)
NO_STRATEGY = Condition("no strategy", of_case=lambda case: every_strategy(case, strength=0.0))

C2 = claim(
    "C2",
    Expectation(
        "C2.1",
        "more cross-boundary proposals are started in the year after a strategy than without it",
        contrast(AS_IT_IS, NO_LAST, "starts_soon"),
        smallest=sizes.RATE,
    ),
    Expectation(
        "C2.2",
        "two years later the strategy brings fewer starts than at first",
        contrast(AS_IT_IS, NO_LAST, "starts_soon_less_late"),
        smallest=sizes.RATE,
    ),
    ablations=(("S7", "off"), ("W3", "off"), ("I9", "off"), ("I21", "off"), ("I2", "off")),
)

C3 = claim(
    "C3",
    Expectation(
        "C3.1",
        "of the proposals decided while a strategy is heard fewer pass when they are decided again on paper with their "
        "emphasis turned away from it, at equal merit",
        level(AS_IT_IS, "passes_less_if_turned"),
        smallest=sizes.SHARE,
        slow=True,
        at_a_point=FEWER,
    ),
    Expectation(
        "C3.2",
        "once a strategy is published, packages come closer to its emphasis on practices than without it",
        contrast(AS_IT_IS, NO_LAST, "closeness_put_forward"),
        secondary=True,
    ),
    ablations=(("W3", "off"), ("D14", "off"), ("I2", "off")),
)


def _leaders(words: str, share: float, *, heard: bool) -> Condition:
    """A share of high-impact leaders, with the case's strategies or without any."""
    return Condition(
        f"{words} high-impact leaders, {'strategies' if heard else 'no strategy'}",
        {"leadership.mix.high_impact": share},
        None if heard else lambda case: every_strategy(case, strength=0.0),
    )


C4 = claim(
    "C4",
    Expectation(
        "C4.1",
        "strategy and high-impact leaders together bring more integration than the sum of each",
        interaction(
            _leaders("many", RICH, heard=True),
            _leaders("many", RICH, heard=False),
            _leaders("few", POOR, heard=True),
            _leaders("few", POOR, heard=False),
            GAIN,
        ),
        region="where integration is not full already: a gain below 0.5 with both",
    ),
    ablations=(("S9", "off"), ("D14", "off"), ("W3", "off"), ("S7", "off")),
)

LITTLE = Condition(
    "strong strategies, little clinical input",
    of_case=lambda case: every_strategy(case, strength=1.0, clinical_input=0.1),
)
MUCH = Condition(
    "strong strategies, much clinical input",
    of_case=lambda case: every_strategy(case, strength=1.0, clinical_input=0.9),
)

C5 = claim(
    "C5",
    Expectation(
        "C5.1",
        "strong strategies with little clinical input raise managers' support",
        contrast(LITTLE, NO_STRATEGY, "manager_support"),
        smallest=sizes.SHARE,
    ),
    Expectation(
        "C5.2",
        "strong strategies with little clinical input do not move clinicians' support",
        contrast(LITTLE, NO_STRATEGY, "clinician_support"),
        "nothing",
        smallest=sizes.SHARE,
    ),
    Expectation(
        "C5.3", "integration gains less with little clinical input than with much", contrast(LITTLE, MUCH, GAIN), "less"
    ),
    Expectation(
        "C5.4",
        "clinicians support more of what is put forward where clinical input is much",
        contrast(MUCH, LITTLE, "clinician_support"),
        smallest=sizes.SHARE,
        secondary=True,
    ),
    ablations=(("W3", "off"), ("I9", "off"), ("I2", "off"), ("D14", "off")),
)

ENTRENCHED = Condition("entrenched clinicians", {"clinicians.entrenchment": 0.8})
OPEN_MINDED = Condition("open-minded clinicians", {"clinicians.entrenchment": 0.2})
STRONG = Condition("strong strategies", of_case=lambda case: every_strategy(case, strength=1.0))

C13 = claim(
    "C13",
    Expectation(
        "C13.1",
        "the more entrenched clinicians are, the less say they have in changes to their practices",
        contrast(ENTRENCHED, OPEN_MINDED, "own_say"),
        "less",
        sizes.SHARE,
    ),
    Expectation("C13.2", "integration still gains where clinicians are entrenched", level(ENTRENCHED, GAIN)),
    Expectation(
        "C13.3",
        "more redesigns are imposed where clinicians are entrenched",
        contrast(ENTRENCHED, OPEN_MINDED, "redesigns_imposed"),
        smallest=sizes.IMPOSED,
    ),
    Expectation(
        "C13.4",
        "more redesigns are imposed where strategies are strong",
        contrast(STRONG, NO_STRATEGY, "redesigns_imposed"),
        smallest=sizes.IMPOSED,
    ),
    Expectation(
        "C13.5",
        "how often in a run a lead goes on without an organisation that refused",
        level(AS_IT_IS, "redrawn_by_leads"),
        "open",
        sizes.IMPOSED,
        secondary=True,
    ),
    Expectation(
        "C13.6",
        "leads go on without those who refuse more often where clinicians are entrenched",
        contrast(ENTRENCHED, OPEN_MINDED, "redrawn_by_leads"),
        smallest=sizes.IMPOSED,
        secondary=True,
    ),
    Expectation(
        "C13.7",
        "leads go on without those who refuse more often where strategies are strong",
        contrast(STRONG, NO_STRATEGY, "redrawn_by_leads"),
        smallest=sizes.IMPOSED,
        secondary=True,
    ),
    Expectation(
        "C13.8",
        "how often in a run an organisation that grants nothing is left out by the decision of others",
        level(AS_IT_IS, "left_out_by_decision"),
        "open",
        sizes.IMPOSED,
        secondary=True,
    ),
    ablations=(("M1", "off"), ("M2", "off"), ("N29", "off"), ("N10", "off")),
)

POLICY: tuple[Claim, ...] = (C2, C3, C4, C5, C13)
"""Claims about policy."""
