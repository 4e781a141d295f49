"""The laws that rules declare on their cards, tried on random numbers: what raises or lowers a result, its bounds."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redesign_sim.roles import Switch
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.rules import PARAMETERS

if TYPE_CHECKING:
    from redesign_sim.rulekit import RuleCard

ROUNDING = 1e-12

RANGES: dict[str, tuple[float, float]] = {
    "S2.time": (0.0, 3.0),
    "S2.effort": PARAMETERS["national_effort"].quantity.sweep,
    "I11.encounters": (0.01, 80.0),
    # Less than nothing where more has been heard than there is good to see.
    "N11.room": (-1.0, 1.0),
    "N17.curve": PARAMETERS["concession_curve"].quantity.sweep,
    "N22.excess": (0.0, 3.0),
    # What takes something is a step; all the rest is for or against it.
    "W11.step": (0.001, 1.0),
    "W11.rest": (-1.0, 1.0),
    "N22.gain": PARAMETERS["trust_gain"].quantity.sweep,
    "N22.ratio": PARAMETERS["loss_ratio"].quantity.sweep,
    # A practice needs something; in the rival form it is shared out between the two needs.
    "P4.adoption_needed": (0.01, 1.0),
}
"""Where an argument's meaning is not a share and it is no behavioural parameter of the same name."""


SWITCHES = {"additive": [Switch.ON, Switch.RIVAL], "projection": list(Switch)}
"""Arguments that are a rule's own switch."""


def is_scalar(card: RuleCard) -> bool:
    """Whether a rule takes plain numbers and returns one."""
    signature = inspect.signature(card.function)
    kinds = [each.annotation for each in signature.parameters.values()]
    return {*kinds, signature.return_annotation} <= {"float", "int"}


LAWFUL = [
    card
    for card in CATALOGUE.values()
    if is_scalar(card) and (card.rises_with or card.falls_with or card.bounded is not None)
]


def numbers_for(card: RuleCard, argument: str, least: float | None = None) -> st.SearchStrategy[float]:
    """The meaningful range of an argument, or what lies in it from `least` on: a share, unless it is something else."""
    if inspect.signature(card.function).parameters[argument].annotation == "int":
        return st.sampled_from(SWITCHES[argument]) if argument in SWITCHES else st.integers(int(least or 1), 14)
    known = PARAMETERS[argument].quantity.sweep if argument in PARAMETERS else (0.0, 1.0)
    low, high = RANGES.get(f"{card.id}.{argument}", known)
    return st.floats(low if least is None else least, high)


@pytest.mark.core
@pytest.mark.parametrize("card", LAWFUL, ids=lambda card: f"{card.id}-{card.name}")
@given(data=st.data())
def test_a_rule_keeps_the_laws_on_its_card(card: RuleCard, data: st.DataObject) -> None:
    def called(arguments: dict[str, float]) -> float:
        return cast("float", card.function(**arguments))

    first = {name: data.draw(numbers_for(card, name), name) for name in inspect.signature(card.function).parameters}
    result = called(first)
    if card.bounded is not None:
        low, high = card.bounded
        assert low - ROUNDING <= result <= high + ROUNDING, f"{card.name}({first}) = {result}, beyond {card.bounded}"
    for name in (*card.rises_with, *card.falls_with):
        more = first | {name: data.draw(numbers_for(card, name, first[name]), f"more {name}")}
        change = called(more) - result
        word, kept = ("rise", change >= -ROUNDING) if name in card.rises_with else ("fall", change <= ROUNDING)
        assert kept, f"{card.name} can only {word} with {name}: {first} gives {result}, {more} gives {called(more)}"
