"""What the tests of scenarios share: a small case as text, and the lines that reading it complains with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import Scenario, ScenarioError, parse_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = """\
title: Small
horizon_months: 24
organisations:
  members:
    clinic: {name: Clinic, kind: acute, consultants: 2, nurses: 1}
    practice: {name: Practice, kind: general_practice, gps: 2}
    home: {name: Home, kind: independent, care_workers: 1}
    payer: {name: Payer, kind: commissioner}
interfaces:
  - {between: [clinic, practice], traffic: 0.5}
  - {between: [clinic, home], traffic: 0.3}
  - {between: [practice, home], traffic: 0.2}
journeys:
  - {name: There and on, path: [practice, clinic, home]}
leadership:
  mix: {passive: 0.4, localised: 0.3, lacking_followers: 0.2, high_impact: 0.1}
strategies:
  - {name: Strategy, month: 6, strength: 0.5}
"""


@pytest.fixture
def small() -> Scenario:
    return parse_scenario(SMALL, "small.yaml")


@pytest.fixture
def complaints() -> Callable[[str], list[str]]:
    """The lines with which reading a text complains."""

    def read(text: str) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            parse_scenario(text, "small.yaml")
        return str(caught.value).split("\n")

    return read


@pytest.fixture
def complaints_after(complaints: Callable[[str], list[str]]) -> Callable[[str, str], list[str]]:
    """The lines with which reading the small case complains after one change."""

    def read(old: str, new: str) -> list[str]:
        assert SMALL.count(old) == 1
        return complaints(SMALL.replace(old, new))

    return read
