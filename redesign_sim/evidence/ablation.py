"""What carries a claim: each mechanism off, or its rival in its place, and every test again.

Everything is tried on the neutral case, under the same luck with and without the mechanism.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.evidence.running import Asked, Setting
from redesign_sim.rulekit import switchable_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from redesign_sim.evidence.claims import Claim, Expectation

WHERE = "neutral"
"""The case on which mechanisms are switched."""


class Switched(NamedTuple):
    """A mechanism put out of work, or exchanged for its rival; `rule` is empty for the model as it stands."""

    rule: str
    setting: str

    @property
    def name(self) -> str:
        """What it is called in a table."""
        return f"{self.rule} {self.setting}" if self.rule else "as it stands"

    @property
    def there(self) -> Setting:
        """The neutral case with it."""
        changes = {f"mechanisms.{self.rule}": self.setting} if self.rule else {}
        return Setting(WHERE, self.name, changes)


AS_IT_STANDS = Switched("", "")


def every_switch() -> list[Switched]:
    """The model as it stands, then each rule off and each rival."""
    switches = [
        Switched(card.id, setting)
        for card in switchable_rules()
        for setting in ("off", "rival")
        if getattr(card, setting)
    ]
    return [AS_IT_STANDS, *switches]


def asked_with(switched: Switched, expectations: Iterable[Expectation], replications: int) -> Asked:
    """The deciding tests with a mechanism switched; slow ones only with those that are said to make their pattern."""
    kept = tuple(
        each for each in expectations if WHERE in each.cases and not each.secondary and each.expected != "open"
    )
    return Asked(switched.there, kept, replications)


def own_switches(claims: Mapping[str, Claim]) -> set[tuple[str, Switched]]:
    """Which switches each claim names as its own."""
    return {(name, Switched(*pair)) for name, claim in claims.items() for pair in claim.ablations}
