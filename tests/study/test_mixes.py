"""Mixes: how many there are, that they add up, and what they are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redesign_sim.study.mixes import lattice, lattice_size, mixes


@pytest.mark.parametrize(("divisions", "size"), [(1, 4), (4, 35), (5, 56), (10, 286)])
def test_the_lattice_holds_every_mix_once(divisions: int, size: int) -> None:
    points = list(lattice(divisions))
    assert len(points) == len(set(points)) == size == lattice_size(divisions)
    assert all(sum(point) == divisions and min(point) >= 0 for point in points)


def test_the_lattice_of_two_parts_on_three_components_is_the_textbook_one() -> None:
    assert set(lattice(2, 3)) == {(2, 0, 0), (0, 2, 0), (0, 0, 2), (1, 1, 0), (1, 0, 1), (0, 1, 1)}


@given(st.integers(1, 20))
def test_shares_of_a_mix_add_up_to_one(divisions: int) -> None:
    assert all(abs(sum(mix) - 1) < 1e-12 for mix in mixes(divisions))
