"""Docking: the model's encounter and an established library's alternating offers, on the same preferences.

Each test says where both must come to the same, or why they do not. Skipped where the library is not installed.
"""

from __future__ import annotations

from functools import cache

import pytest

from redesign_sim.roles import Practice
from tests.docking.bargaining import GRIDS, Docked, dock

pytest.importorskip("negmas", reason='docking needs NegMAS: pip install -c constraints.txt -e ".[docking]"')

ROLES = (int(Practice.PROFESSIONAL_ROLES),)
CLINIC_AND_ROLES = (int(Practice.CLINIC_ORGANISATION), int(Practice.PROFESSIONAL_ROLES))


@cache
def docked(
    at_stake: tuple[int, ...] = ROLES, many: int = 24, capability: float = 1.0, concession: float = 1.0
) -> tuple[Docked, ...]:
    return tuple(dock(seed, at_stake, capability=capability, concession=concession) for seed in range(many))


def in_steps(each: Docked) -> float:
    """How far apart two agreements are, in steps of the library's grid."""
    assert each.rules.depths is not None
    assert each.library.depths is not None
    pairs = zip(each.rules.depths, each.library.depths, each.asked, strict=True)
    return max(abs(one - other) / asked * GRIDS[len(each.asked)] for one, other, asked in pairs)


def agreed_by_both(found: tuple[Docked, ...]) -> list[Docked]:
    return [each for each in found if each.rules.depths is not None and each.library.depths is not None]


def test_what_is_acceptable_as_asked_is_agreed_as_asked_by_both() -> None:
    as_asked = [each for each in docked() if each.rules.depths == each.asked]
    assert len(as_asked) > 3
    assert all(each.library.depths == each.asked for each in as_asked)
    assert [each.library.depths == each.asked for each in docked()].count(True) == len(as_asked)


def test_a_lead_who_reads_and_concedes_fully_comes_to_the_same_depth() -> None:
    both = agreed_by_both(docked())
    assert len(both) >= 18
    assert max(in_steps(each) for each in both) <= 1.0


def test_where_there_is_something_to_agree_on_such_a_lead_finds_it() -> None:
    for each in docked():
        assert each.library.depths is not None
        assert each.rules.depths is not None


def test_over_two_practices_the_rules_give_the_lead_about_as_much_though_not_the_same_package() -> None:
    both = agreed_by_both(docked(CLINIC_AND_ROLES, 10))
    assert len(both) >= 6
    assert max(in_steps(each) for each in both) > 2.0
    assert all(0.85 < each.lead_by_rules / each.lead_by_library < 1.05 for each in both)


def test_a_lead_who_reads_nothing_concedes_nothing() -> None:
    for each in docked(many=10, capability=0.0):
        assert each.rules.depths in {None, each.asked}
        assert each.library.depths is not None


def test_who_concedes_a_tenth_at_a_time_is_left_standing() -> None:
    for each in docked(many=10, concession=0.1):
        assert each.rules.depths in {None, each.asked}


def test_who_concedes_half_of_what_is_left_comes_near_and_needs_many_encounters() -> None:
    slow = [each for each in docked(many=10, concession=0.5) if each.rules.depths != each.asked]
    assert len(slow) >= 5
    assert all(each.rules.rounds > 20 for each in slow)
    assert all(each.rules.depths is not None for each in slow)
