"""How large a difference of an outcome has to be to matter to anyone; fixed before anything was run."""

from __future__ import annotations

from redesign_sim.study.statistics import SMALLEST_EFFECT, SMALLEST_SHARE
from redesign_sim.world.measures import MEASURES

JUDGED = {"integration_index", "integration_gain"}
"""The outcomes beside shares for which a smallest difference of interest was fixed beforehand."""


def is_share(outcome: str) -> bool:
    """Whether the mean of an outcome is a share of futures."""
    return outcome in MEASURES and MEASURES[outcome].kind == "yes or no"


def smallest_of_interest(outcome: str) -> float:
    """The smallest difference of an outcome that anyone would care about; 0 where none was fixed beforehand."""
    return SMALLEST_SHARE if is_share(outcome) else SMALLEST_EFFECT if outcome in JUDGED else 0.0
