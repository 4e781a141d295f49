"""Every number and every switch moves something: a slider that does nothing is a mistake."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numba
import pytest

from redesign_sim.engine import run_ensemble
from redesign_sim.rulekit import switchable_rules
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario import load_scenario, override, walk_fields
from redesign_sim.scenario.policies import PRACTICE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from redesign_sim.scenario import Scenario

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="thousands of runs, too slow interpreted")

RUNS = (5, 60)
"""A few runs show most; the rest is looked for in many."""
MONTHS = 60
SEED = 2013

LIVELY: dict[str, object] = {
    "leadership.time_share": 0.2,
    "network.strength": 0.6,
    "network.from_month": 6,
    "turbulence.national_per_year": 0.5,
    "strategies[0].month": 8,
    "strategies[0].strength": 0.8,
    "strategies[0].funding": 0.6,
    "horizon_months": MONTHS,
}
"""What gives every rule something to do; for the levers of design and the rules' own numbers the rest is as shipped."""

FOCAL = {"organisation": "clinic", "profession": "consultant", "ambition": 0.9, "capability": 0.9}

BASES: tuple[tuple[str, dict[str, object]], ...] = (
    ("classroom", LIVELY),
    ("classroom", {}),
    ("dementia_london", LIVELY),
    ("sexual_health_london", LIVELY),
    ("sexual_health_manchester", LIVELY),
    ("dementia_manchester", LIVELY | {"commissioning.decision_rule": "supermajority"}),
    ("classroom", LIVELY | {"leadership.ambition": {"mean": 0.5, "concentration": 8.0}}),
    ("classroom", LIVELY | {"leadership.focal": FOCAL}),
    ("dementia_london", LIVELY | {"leadership.focal": FOCAL | {"organisation": "acute_north"}}),
)

LEVERS: dict[str, tuple[object, ...]] = {
    "leadership.ambition": ({"mean": 0.2, "concentration": 8.0}, {"mean": 0.8, "concentration": 8.0}),
    "leadership.capability": ({"mean": 0.2, "concentration": 8.0}, {"mean": 0.8, "concentration": 8.0}),
    "leadership.focal": tuple(
        FOCAL | {"organisation": where} for where in ("clinic", "acute_north", "gum_trust", "gum_north")
    ),
    "strategies[0].emphasis": ({"tariff": 1.0}, {"booking": 1.0}),
    "strategies[0].focus": ({"practice-clinic": 1.0}, {"gp_east-mental_health": 1.0}, {"gp_east-charity": 1.0}),
    "practices.changeable": (["booking"], [name for name in PRACTICE_NAMES if name != "booking"]),
    "commissioning.decision_rule": ("unanimity", "supermajority", "lead_authority"),
    "commissioning.joint": (True, False),
    "network.includes_social_care": (True, False),
    "network.includes_third_sector": (True, False),
    "network.includes_independent": (True, False),
    "pathway.organisations": (2, 3, 16),
    "turbulence.events": ([], [{"month": 12, "name": "All change", "scope": "all"}]),
}
"""Levers that are no single number, with values to try; those that do not fit a case are passed over."""

UNREAD = re.compile(r"^(clock_starts|name|title|summary)$|\.(name|title|specialities|kind|between|path)$")
"""Words for people, not for rules, and what makes the structure."""


@cache
def base(number: int) -> Scenario:
    name, lively = BASES[number]
    return override(load_scenario(name), lively)


@cache
def usual(number: int, runs: int) -> pd.DataFrame:
    return run_ensemble(base(number), range(runs), SEED)


def moved(number: int, changes: Mapping[str, object], runs: int) -> bool:
    """Whether one of so many runs of a case comes out otherwise with these changes; no, where they do not fit."""
    try:
        scenario = override(base(number), changes)
    except ValueError:
        return False
    return scenario != base(number) and not run_ensemble(scenario, range(runs), SEED).equals(usual(number, runs))


def moves(path: str, values: tuple[object, ...]) -> bool:
    """Whether a lever moves some run of some case. `*` in its path stands for any index or key."""
    return any(
        moved(number, {concrete: value}, runs)
        for runs in RUNS
        for number in range(len(BASES))
        for concrete in concretes(path, base(number))
        for value in values
    )


def concretes(path: str, scenario: Scenario) -> Iterator[str]:
    """The paths of a case that a path with `*` stands for: the first of a list, any organisation, some professions."""
    path = path.replace("strategies.*", "strategies[0]").replace("interfaces.*", "interfaces[0]")
    path = path.replace("events.*", "events[0]")
    path = path.replace("focus.*", "focus." + "-".join(scenario.interfaces[0].between))
    tables = {"members.*": scenario.organisations.members, "by_profession.*": ("gp", "consultant", "nurse")}
    for table, entries in tables.items():
        if table in path:
            yield from (path.replace(table, f"{table[:-2]}.{entry}") for entry in entries)
            return
    yield path


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("end", ["low", "high"])
def test_each_number_of_the_rules_moves_something(name: str, end: str) -> None:
    value = PARAMETERS[name].quantity.sweep[end == "high"]
    assert moves(f"behaviour.{name}", (value,)), f"{name} at {value} changes no run of any case"


@pytest.mark.parametrize("rule", [card.id for card in switchable_rules()])
def test_each_switch_moves_something(rule: str) -> None:
    card = next(card for card in switchable_rules() if card.id == rule)
    for setting in ["off"] * bool(card.off) + ["rival"] * bool(card.rival):
        assert moves(f"mechanisms.{rule}", (setting,)), f"{card.name} {setting} changes no run of any case"


SWEPT = {
    walked.path: walked.sweep
    for walked in walk_fields()
    if walked.sweep and not walked.path.startswith("behaviour.") and walked.path not in LEVERS
}


@pytest.mark.parametrize("path", SWEPT)
def test_each_number_of_a_scenario_moves_something(path: str) -> None:
    assert moves(path, SWEPT[path]), f"{path} from {SWEPT[path][0]} to {SWEPT[path][1]} changes no run of any case"


@pytest.mark.parametrize("path", LEVERS)
def test_each_other_lever_moves_something(path: str) -> None:
    assert moves(path, LEVERS[path]), f"{path} changes no run of any case"


def test_every_field_that_a_rule_could_read_is_tried() -> None:
    tried = {*SWEPT, *LEVERS, *(f"behaviour.{name}" for name in PARAMETERS)}
    tried |= {f"mechanisms.{card.id}" for card in switchable_rules()}
    fields = {walked.path for walked in walk_fields() if not UNREAD.search(walked.path)}
    left = {path for path in fields - tried if not path.startswith(tuple(LEVERS))}
    assert not left, left


def test_a_dead_lever_is_seen() -> None:
    assert not moves("title", ("Another title",))
    assert not moves("no.such.lever", (1.0,))
