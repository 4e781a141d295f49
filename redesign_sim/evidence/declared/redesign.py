"""Claims about what a redesign takes: C12, C15, C17, C19, C20."""

from __future__ import annotations

from redesign_sim.evidence.claims import Claim, Combination, Condition, Expectation, claim, contrast, interaction, level
from redesign_sim.evidence.declared import sizes
from redesign_sim.roles import Practice

GAIN = "integration_gain"
PRACTICE_NAMES = tuple(practice.name.lower() for practice in Practice)


def _weight(weakest: float | None) -> dict[str, object]:
    return {} if weakest is None else {"behaviour.weakest": weakest}


def _all_but_one(weakest: float | None) -> Combination:
    """The mean gain with one practice left out, each in turn, less four fifths of the gain with all five."""
    words = "" if weakest is None else f", weakest practice {weakest:g}"
    one_less = [
        Condition(
            f"all but {name.replace('_', ' ')}{words}", {"practices.changeable": _without(name), **_weight(weakest)}
        )
        for name in PRACTICE_NAMES
    ]
    every = Condition(f"all five practices{words}", {"practices.changeable": PRACTICE_NAMES, **_weight(weakest)})
    share = 1 / len(PRACTICE_NAMES)
    return Combination(GAIN, (*((each, share) for each in one_less), (every, share - 1)))


def _without(name: str) -> tuple[str, ...]:
    return tuple(each for each in PRACTICE_NAMES if each != name)


def _subset(number: int, words: str, weakest: float | None) -> Expectation:
    return Expectation(
        f"C12.{number}",
        f"changing four of five practices brings less than four fifths of the gain{words}",
        _all_but_one(weakest),
        "less",
        secondary=weakest is not None,
    )


C12 = claim(
    "C12",
    _subset(1, "", None),
    _subset(2, ", where the least changed practice counts for nothing by itself (w = 0)", 0.0),
    _subset(3, ", where an interface is as joined up as its least changed practice (w = 1)", 1.0),
    ablations=(("P4", "rival"),),
)

PERSUASION, PLANNING = "persuasion.strength", "planning.capacity"
PLANNED = 0.7
BOTH = Condition("persuasion and planning", {PERSUASION: 1.0, PLANNING: PLANNED})
PERSUASION_ALONE = Condition("persuasion alone", {PERSUASION: 1.0, PLANNING: 0.0})
PLANNING_ALONE = Condition("planning alone", {PERSUASION: 0.0, PLANNING: PLANNED})
NEITHER = Condition("neither persuasion nor planning", {PERSUASION: 0.0, PLANNING: 0.0})

C15 = claim(
    "C15",
    Expectation(
        "C15.1", "integration gains more with both than with persuasion alone", contrast(BOTH, PERSUASION_ALONE, GAIN)
    ),
    Expectation(
        "C15.2", "integration gains more with both than with planning alone", contrast(BOTH, PLANNING_ALONE, GAIN)
    ),
    Expectation(
        "C15.3",
        "persuasion and planning together bring more than the sum of each",
        interaction(BOTH, PERSUASION_ALONE, PLANNING_ALONE, NEITHER, GAIN),
    ),
    Expectation("C15.4", "planning alone brings next to nothing", level(PLANNING_ALONE, GAIN), "nothing"),
    Expectation(
        "C15.5",
        "integration: persuasion alone less planning alone (the study orders neither)",
        contrast(PERSUASION_ALONE, PLANNING_ALONE, GAIN),
        "open",
    ),
    ablations=(("P4", "rival"), ("N10", "off"), ("N23", "off")),
)

ELEMENTS = {
    "purpose": "purpose",
    "authorisation": "authorisation",
    "resources": "resources won with managers",
    "practices": "the full range of practices",
    "roles": "reworked roles",
    "time": "time and skills to lead",
}
WHOLE = Condition("all six elements", {f"elements.{name}": 1.0 for name in ELEMENTS})


def _element(number: int, name: str, left: float) -> Expectation:
    words = "without" if left == 0 else "with half of"
    return Expectation(
        f"C17.{number}",
        f"integration gains less {words} {ELEMENTS[name]}",
        contrast(Condition(f"{words} {ELEMENTS[name]}", {f"elements.{name}": left}), WHOLE, GAIN),
        "less",
        secondary=left > 0,
    )


C17 = claim(
    "C17",
    *(_element(number, name, 0.0) for number, name in enumerate(ELEMENTS, start=1)),
    *(_element(number, name, 0.5) for number, name in enumerate(ELEMENTS, start=1 + len(ELEMENTS))),
    ablations=(("P4", "rival"), ("D14", "off"), ("I2", "off")),
)

SILENT, LOUD = (
    Condition(f"users' voice {words}", {"users.voice": voice}) for words, voice in (("unheard", 0.0), ("loud", 1.0))
)

C19 = claim(
    "C19",
    Expectation("C19.1", "access improves more where users are heard", contrast(LOUD, SILENT, "access_improvement")),
    Expectation(
        "C19.2", "integration: users heard less unheard (it need not follow)", contrast(LOUD, SILENT, GAIN), "open"
    ),
    ablations=(("W10", "off"), ("I2", "off")),
)

DEFENSIVE, GENEROUS = (
    Condition(f"{words} to lose", {"clinicians.loss_weight": weight})
    for words, weight in (("much", 0.8), ("little", 0.1))
)
NO_GUARANTEE, GUARANTEED = (
    Condition(f"much to lose, {words}", {"clinicians.loss_weight": 0.8, "negotiation.guarantees": share})
    for words, share in (("nothing guaranteed", 0.0), ("roles guaranteed", 1.0))
)
ZONE = "zone_of_agreement"

C20 = claim(
    "C20",
    Expectation(
        "C20.1",
        "the zone of agreement is smaller where clinicians have much to lose",
        contrast(DEFENSIVE, GENEROUS, ZONE),
        "less",
        sizes.SHARE,
    ),
    Expectation(
        "C20.2",
        "guarantees on roles open it again",
        contrast(GUARANTEED, NO_GUARANTEE, ZONE),
        smallest=sizes.SHARE,
    ),
    Expectation("C20.3", "integration: much to lose less little", contrast(DEFENSIVE, GENEROUS, GAIN), "open"),
    Expectation("C20.4", "integration: roles guaranteed less not", contrast(GUARANTEED, NO_GUARANTEE, GAIN), "open"),
    ablations=(("W4", "off"), ("P4", "rival")),
)

REDESIGN: tuple[Claim, ...] = (C12, C15, C17, C19, C20)
"""Claims about what a redesign takes."""
