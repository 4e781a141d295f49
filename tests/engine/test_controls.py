"""Negative controls: what has to come to nothing does, and what is switched off leaves no trace."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numba
import pytest

from redesign_sim.engine import run_ensemble
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.scenario import load_scenario, override

if TYPE_CHECKING:
    import pandas as pd

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="hundreds of runs, too slow interpreted")

CASES = ("classroom", "dementia_london", "dementia_manchester", "sexual_health_london", "sexual_health_manchester")
RUNS = 24
SEED = 7


def switch(rule: str) -> str:
    """The path of the switch of a rule, by the rule's name."""
    return next(f"mechanisms.{card.id}" for card in CATALOGUE.values() if card.name == rule)


@cache
def runs(name: str, changes: tuple[tuple[str, object], ...]) -> pd.DataFrame:
    return run_ensemble(override(load_scenario(name), dict(changes)), range(RUNS), SEED)


def same_outcomes(name: str, one: dict[str, object], other: dict[str, object]) -> bool:
    return runs(name, tuple(one.items())).equals(runs(name, tuple(other.items())))


@pytest.mark.parametrize("name", CASES)
def test_without_time_to_lead_nobody_starts_anything(name: str) -> None:
    found = runs(name, (("leadership.time_share", 0.0),))
    assert not found["proposals_started"].any()
    assert not found["redesigns_completed"].sub(found["redesigns_imposed"]).gt(0).any()


@pytest.mark.parametrize("name", CASES)
def test_without_time_to_lead_hardly_anything_is_joined_up(name: str) -> None:
    assert runs(name, (("leadership.time_share", 0.0),))["integration_gain"].mean() < 0.02


@pytest.mark.parametrize("name", CASES)
def test_reorganisation_alone_joins_nothing_up(name: str) -> None:
    alone = {
        "leadership.time_share": 0.0,
        "commissioning.outside_option": 0.0,
        "turbulence.local_per_year": 6.0,
        "turbulence.national_per_year": 1.0,
    }
    found = runs(name, tuple(alone.items()))
    assert found["reorganisations"].min() > 0
    assert found["integration_gain"].abs().max() < 1e-9
    assert not found[["proposals_started", "redesigns_completed", "redesigns_imposed"]].to_numpy().any()


@pytest.mark.parametrize("name", CASES)
def test_a_strategy_that_is_never_published_does_nothing(name: str) -> None:
    found = runs(name, ((switch("unfold"), "off"),))
    assert not found["redesigns_imposed"].any()
    assert not found["funding_won"].any()
    assert found[["strategy_standing", "strategy_clinical_input"]].isna().all(axis=None)


@pytest.mark.parametrize("name", CASES)
def test_what_is_off_leaves_no_trace(name: str) -> None:
    assert not runs(name, ((switch("reorganise"), "off"),))["reorganisations"].any()
    assert not runs(name, ((switch("impose"), "off"),))["redesigns_imposed"].any()
    assert not runs(name, ((switch("concede"), "off"),))["depth_conceded"].any()
    assert not runs(name, ((switch("link"), "off"),))["informal_links"].any()


@pytest.mark.parametrize("name", CASES)
def test_a_switch_that_is_off_is_a_lever_at_nothing(name: str) -> None:
    calm = {"turbulence.local_per_year": 0.0, "turbulence.national_per_year": 0.0, "turbulence.events": []}
    assert same_outcomes(name, {switch("attend"): "off"}, {"network.strength": 0.0})
    assert same_outcomes(name, {switch("impose"): "off"}, {"commissioning.outside_option": 0.0})
    assert override(load_scenario(name), calm).turbulence.events == ()
    assert run_ensemble(override(load_scenario(name), calm), range(RUNS), SEED).equals(
        runs(name, ((switch("reorganise"), "off"),))
    )


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_authorised_where_nobody_can_authorise(name: str) -> None:
    found = runs(name, (("elements.authorisation", 0.0), ("commissioning.outside_option", 0.0)))
    assert found["integration_gain"].abs().max() < 1e-9
