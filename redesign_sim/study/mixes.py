"""Mixes of the four leadership types, and the lattice of all mixes in equal steps."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from math import comb
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


DIGITS = 6
"""Decimals of a share: a millionth of a population is nobody."""


def stick_breaking(unit: Sequence[float]) -> Mix:
    """The mix that three numbers between 0 and 1 stand for; evenly spread numbers give evenly spread mixes.

    Each type takes of what is left the quantile of a Beta(1, k) with k types to come, which is how the shares of a mix
    drawn evenly from the simplex follow one another; points of a Sobol sequence so keep their even spread.
    """
    shares: list[float] = []
    for place, number in enumerate(unit):
        taken = 1.0 - (1.0 - number) ** (1.0 / (len(unit) - place))
        shares.append(round((1.0 - sum(shares)) * taken, DIGITS))
    return Mix._make([*shares, max(round(1.0 - sum(shares), DIGITS), 0.0)])


def centroids() -> list[Mix]:
    """Every type alone, and every two, three and four in equal shares (Scheffe's simplex centroid): 15 mixes."""
    subsets = [set(subset) for size in range(1, 5) for subset in combinations(range(4), size)]
    return [_even(subset) for subset in subsets]


def _even(subset: set[int]) -> Mix:
    return Mix(*(1 / len(subset) if place in subset else 0.0 for place in range(4)))


def axes(steps: int) -> list[Mix]:
    """The even mix, and `steps` mixes on the way from it to each type alone (Cornell's axial design)."""
    ways = [(kind, step / steps) for kind in range(4) for step in range(1, steps + 1)]
    return [_even({0, 1, 2, 3}), *(_towards(kind, way) for kind, way in ways)]


def _towards(kind: int, way: float) -> Mix:
    return Mix(*(0.25 + way * (0.75 if place == kind else -0.25) for place in range(4)))


def within(divisions: int, low: Mix, high: Mix) -> list[Mix]:
    """The mixes of a lattice between bounds, with the corners and the middle of what the bounds leave."""
    inside = [mix for mix in mixes(divisions) if _inside(mix, low, high)]
    corners = vertices(low, high)
    middle = [Mix(*(sum(shares) / len(corners) for shares in zip(*corners, strict=True)))] if corners else []
    return list(dict.fromkeys(_rounded(mix) for mix in (*inside, *corners, *middle)))


def _rounded(mix: Mix) -> Mix:
    """A mix in decimals that still add up to one; the largest share takes what rounding leaves."""
    shares = [round(share, DIGITS) for share in mix]
    largest = shares.index(max(shares))
    shares[largest] = round(1.0 - sum(share for place, share in enumerate(shares) if place != largest), DIGITS)
    return Mix._make(shares)


def vertices(low: Mix, high: Mix) -> list[Mix]:
    """The corners of what bounds leave of all mixes: three types at a bound, the fourth takes what is left."""
    found: dict[Mix, None] = {}
    for free in range(4):
        bounds = [(low[place], high[place]) if place != free else (0.0,) for place in range(4)]
        for chosen in product(*bounds):
            rest = round(1.0 - sum(chosen), DIGITS)
            corner = Mix(*(rest if place == free else round(chosen[place], DIGITS) for place in range(4)))
            if _inside(corner, low, high):
                found[corner] = None
    return list(found)


def _inside(mix: Mix, low: Mix, high: Mix) -> bool:
    nothing = 10.0**-DIGITS
    return all(lower - nothing <= share <= upper + nothing for lower, share, upper in zip(low, mix, high, strict=True))
