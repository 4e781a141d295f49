"""The agents: each act of theirs is one rule. They hold no formulas; a subclass may act or think otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from redesign_sim.roles import Role
from redesign_sim.rules import initiating, linking, negotiating, strategising, weighing

if TYPE_CHECKING:
    from redesign_sim.model.model import RedesignModel
    from redesign_sim.things import Proposal, World


class Person(mesa.Agent):  # type: ignore[misc]  # Mesa is not typed
    """Someone in a post, with the attributes of `things.Person`."""

    model: RedesignModel
    number: int

    def consider(self, world: World, proposal: Proposal) -> float:
        """What one thinks of a proposal."""
        return weighing.weigh(self, world, proposal)

    def work_nationally(self) -> None:
        """Give time to the making of national strategies."""
        strategising.work_nationally(self, self.model.world)

    def link(self) -> None:
        """Meet people across boundaries."""
        linking.link(self, self.model.world)

    def attend(self) -> None:
        """Go to the meeting of the network organisation."""
        linking.attend(self, self.model.world)

    def fall_back(self) -> None:
        """Lose some of the shared purpose that nothing renews."""
        linking.fall_back(self, self.model.world)

    def initiate(self) -> None:
        """Take stock, and perhaps start a redesign."""
        initiating.initiate(self, self.model.world)

    def gather_attention(self) -> None:
        """Begin the month's encounters afresh."""
        negotiating.gather_attention(self, self.model.world)

    def negotiate(self) -> None:
        """Meet those whom one's proposal needs."""
        negotiating.negotiate(self, self.model.world)


class Clinician(Person):
    """A clinician, social worker, voluntary or care worker: whoever looks after patients."""


class Manager(Person):
    """A service manager: releases staff time, booking and systems."""


class Executive(Manager):
    """A trust executive: authorises, practice by practice."""


class Commissioner(Person):
    """A commissioner: funds, and controls the tariff."""


AGENTS: dict[Role, type[Person]] = {
    Role.CLINICIAN: Clinician,
    Role.MANAGER: Manager,
    Role.EXECUTIVE: Executive,
    Role.COMMISSIONER: Commissioner,
}
"""Which agent has which role. A researcher's own agents are given to `RedesignModel(agents=…)` in its place."""
