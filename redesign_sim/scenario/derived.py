"""The parts of a scenario that the rules themselves declare: behavioural parameters, and switches of mechanisms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model

from redesign_sim.rulekit import CATALOGUE
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario.fields import Fact, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redesign_sim.rulekit import Parameter, RuleCard


def behaviour_model(parameters: Iterable[Parameter]) -> type[Part]:
    """A model with a field for each behavioural parameter, bounded by its sweep."""
    fields: dict[str, Any] = {
        parameter.name: (
            Annotated[float, Field(ge=parameter.quantity.sweep[0], le=parameter.quantity.sweep[1]), parameter.quantity],
            parameter.default,
        )
        for parameter in parameters
    }
    return create_model("Behaviour", __base__=Part, __doc__="The numbers that stand beside the rules.", **fields)


def mechanisms_model(cards: Iterable[RuleCard]) -> type[Part]:
    """A model with a switch for each rule that declares one, on unless said otherwise."""
    fields: dict[str, Any] = {
        card.id: (Annotated[_settings(card), _switch(card)], "on") for card in cards if card.switchable
    }
    return create_model("Mechanisms", __base__=Part, __doc__="Which rules are at work.", **fields)


def _settings(card: RuleCard) -> Any:  # noqa: ANN401  a Literal that only the catalogue knows
    if card.off and card.rival:
        return Literal["on", "off", "rival"]
    return Literal["on", "off"] if card.off else Literal["on", "rival"]


def _switch(card: RuleCard) -> Fact:
    words = [card.sentence, card.off and f"off: {card.off}", card.rival and f"rival: {card.rival}"]
    return Fact(card.name.replace("_", " ").capitalize(), " ".join(word for word in words if word), "switch")


if TYPE_CHECKING:

    class Behaviour(Part):
        """The numbers that stand beside the rules; which there are, only the rules know."""

        def __getattr__(self, name: str) -> float: ...

    class Mechanisms(Part):
        """Which rules are at work; which can be switched, only the catalogue knows."""

        def __getattr__(self, name: str) -> str: ...

else:
    Behaviour = behaviour_model(PARAMETERS.values())
    Mechanisms = mechanisms_model(CATALOGUE.values())
