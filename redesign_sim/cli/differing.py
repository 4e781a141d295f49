"""What comes of a difference between two cases, future by future under the same luck, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.cli.histories import paired, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redesign_sim.scenario import Scenario

OUTCOMES = ("integration_index", "integrated", "redesigns_completed", "follower_trust")
"""What a student looks at first."""


def effects(a: Scenario, b: Scenario, pairs: int, seed: int, outcomes: Sequence[str]) -> Iterator[str]:
    """A sentence an outcome: the two means, the paired difference with its interval, and what can be said of it."""
    import redesign_sim  # noqa: PLC0415  loading the engines takes a second

    runs = [redesign_sim.simulate_ensemble(each, pairs, seed) for each in (a, b)]
    for name in outcomes:
        if (runs[0][name].notna() & runs[1][name].notna()).any():
            difference, mean_b, mean_a = paired(runs[1][name], runs[0][name])
            yield sentence(name, difference, mean_a, mean_b)
