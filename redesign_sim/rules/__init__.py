"""The science: what people do in a month, one module a stage, and every number that these rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.rulekit import Parameter, parameters_of
from redesign_sim.rules import (
    deciding,
    ending,
    implementing,
    imposing,
    initiating,
    linking,
    negotiating,
    reorganising,
    strategising,
    weighing,
)

if TYPE_CHECKING:
    from typing import Any

GROUPS = (
    strategising.Strategising,
    reorganising.Reorganising,
    linking.Linking,
    initiating.Initiating,
    weighing.Weighing,
    negotiating.Negotiating,
    imposing.Imposing,
    implementing.Implementing,
)

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for group in GROUPS for parameter in parameters_of(group)}
"""Every behavioural parameter by name, in the order of a month."""

Behaviour: Any = NamedTuple("Behaviour", [(name, float) for name in PARAMETERS])  # type: ignore[misc]
"""All behavioural parameters, flat, as the rules read them (`world.behaviour.reach`)."""
Behaviour.__new__.__defaults__ = tuple(parameter.default for parameter in PARAMETERS.values())

__all__ = [
    "GROUPS",
    "PARAMETERS",
    "Behaviour",
    "deciding",
    "ending",
    "implementing",
    "imposing",
    "initiating",
    "linking",
    "negotiating",
    "reorganising",
    "strategising",
    "weighing",
]
