"""The order of a month, written once, as data that both executions follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.rules import deciding, ending, implementing, imposing, initiating, linking, negotiating, reorganising
from redesign_sim.rules import strategising as strategy_rules

if TYPE_CHECKING:
    from collections.abc import Callable


class Act(NamedTuple):
    """Something done in a month: by whom (a list of the world, or the scene), and the rule that says how.

    An act that the agents of the interpreted execution carry out is a method of that name on them. Where `alone`,
    nobody's act touches another's, so that nothing hangs on the order: compiled code goes through the list as it
    stands, which takes less time.
    """

    whom: str
    rule: Callable[..., None]
    alone: bool = False

    @property
    def name(self) -> str:
        """The act's name: the rule's."""
        return self.rule.__name__


class MonthStage(NamedTuple):
    """A stage of the month: its name and its acts, each done by everyone concerned before the next begins."""

    name: str
    acts: tuple[Act, ...]


MONTH = (
    MonthStage(
        "strategy",
        (
            Act("people", strategy_rules.work_nationally),
            Act("strategies", strategy_rules.unfold),
            Act("scene", strategy_rules.sound),
        ),
    ),
    MonthStage(
        "turbulence",
        (
            Act("scene", reorganising.stir_nationally),
            Act("organisations", reorganising.reorganise),
            Act("proposals", ending.carry_on),
        ),
    ),
    MonthStage(
        "networking",
        (Act("people", linking.link), Act("people", linking.attend), Act("people", linking.fall_back, alone=True)),
    ),
    MonthStage("initiation", (Act("people", initiating.initiate),)),
    MonthStage(
        "negotiation", (Act("people", negotiating.gather_attention, alone=True), Act("people", negotiating.negotiate))
    ),
    MonthStage("decision", (Act("proposals", deciding.decide),)),
    MonthStage("imposition", (Act("interfaces", imposing.impose),)),
    MonthStage(
        "implementation",
        (
            Act("scene", implementing.count_projects),
            Act("proposals", implementing.implement),
            Act("interfaces", implementing.erode, alone=True),
            Act("organisations", implementing.erode_within, alone=True),
            Act("interfaces", implementing.take_up, alone=True),
        ),
    ),
    MonthStage("accounting", (Act("scene", implementing.keep_account),)),
)
"""Strategy, turbulence, networking, initiation, negotiation, decision, imposition, implementation, accounting."""
