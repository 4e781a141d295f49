"""Mixes of the four leadership types, and the lattice of all mixes in equal steps."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import comb
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = ("passive", "localised", "lacking_followers", "high_impact")
"""The study's four kinds of leadership (claim C1), in the order of a mix."""

TYPE_WORDS = {
    "passive": "passive",
    "localised": "localised",
    "lacking_followers": "lacking followers",
    "high_impact": "high-impact",
}


class Mix(NamedTuple):
    """The shares of clinicians of each leadership type; they add up to one."""

    passive: float
    localised: float
    lacking_followers: float
    high_impact: float

    @property
    def dominant(self) -> str:
        """The type with the largest share, or `mixed` where two share the first place."""
        first, second, *_ = sorted(self, reverse=True)
        return "mixed" if first == second else TYPES[self.index(first)]


def lattice(divisions: int, components: int = 4) -> Iterator[tuple[int, ...]]:
    """All ways to put `divisions` equal parts on `components` (Scheffe's simplex lattice), as counts of parts.

    From all parts on the last component to all on the first; `lattice_size` gives how many there are.
    """
    slots = divisions + components - 1
    for bars in combinations(range(slots), components - 1):
        edges = (-1, *bars, slots)
        yield tuple(right - left - 1 for left, right in pairwise(edges))


def lattice_size(divisions: int, components: int = 4) -> int:
    """How many mixes a lattice holds: 56 with five divisions of four types, 286 with ten."""
    return comb(divisions + components - 1, components - 1)


def mixes(divisions: int) -> list[Mix]:
    """Every mix of the four types in steps of one `divisions`-th."""
    return [Mix(*(parts / divisions for parts in counts)) for counts in lattice(divisions)]
