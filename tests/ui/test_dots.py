"""Stacks of dots: each on the side of the threshold on which it counts, and none across it."""

from __future__ import annotations

import numpy as np
import pytest

from redesign_sim.ui.components import dots
from redesign_sim.ui.components.dots import WIDTHS, Dot, Stacks, dots_of

MOST = (0.4, 0.6, 0.8, 1.0)


@pytest.mark.parametrize("most", MOST)
@pytest.mark.parametrize("threshold", [0.15, 0.25, 0.3, 0.5, 0.237])
def test_a_dot_stands_on_the_side_on_which_it_counts(most: float, threshold: float) -> None:
    stacks = Stacks.up_to(most, threshold)
    assert stacks.width * stacks.below == pytest.approx(threshold)
    for spread in (0.02, 0.1, 0.2):
        ends = np.clip(threshold + spread * np.linspace(-1, 1, 999), 0, most)
        for dot in dots_of(ends, threshold):
            assert (stacks.middle(stacks.of(dot)) > threshold) == dot.integrated


def test_a_dot_of_futures_of_both_kinds_stands_on_the_side_of_most_of_them() -> None:
    stacks = Stacks.up_to(0.4, 0.25)
    assert [stacks.of(Dot(end, counts)) for end, counts in ((0.251, False), (0.249, True))] == [24, 25]


@pytest.mark.parametrize("most", MOST)
def test_what_ends_at_the_end_of_the_axis_stands_on_it(most: float) -> None:
    stacks = Stacks.up_to(most, 0.25)
    assert stacks.middle(stacks.of(Dot(most, integrated=True))) < most


@pytest.mark.parametrize("most", MOST)
def test_stacks_are_of_a_round_width_where_they_can_be(most: float) -> None:
    stacks = Stacks.up_to(most, 0.25)
    assert stacks.width in WIDTHS
    assert 25 <= most / stacks.width <= 60
    assert stacks.words(stacks.below).startswith("25 to ")


def test_each_dot_has_a_place_of_its_own_and_the_outline_is_as_high_as_the_stacks() -> None:
    stacks = Stacks.up_to(0.4, 0.25)
    placed = dots._stacked([Dot(0.101, False), Dot(0.109, False), Dot(0.31, True)], stacks)  # noqa: SLF001, FBT003
    assert placed == [(10, 1), (10, 2), (31, 1)]
    outline = dots._outline(placed, stacks)  # noqa: SLF001
    assert outline["x"][20:22] == pytest.approx([0.1, 0.11])
    assert outline["high"][20:22] == [2, 2]
    assert sum(outline["high"]) / 2 == 3
