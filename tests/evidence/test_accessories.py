"""Accessory assumptions: the rivals are what they say, and what hangs on one is told apart from what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np
import pandas as pd
import pytest

from redesign_sim.evidence.accessories import (
    ACCESSORIES,
    STEPS,
    WATCHED,
    Accessory,
    Hangs,
    claims_under,
    in_steps_of,
    listed_backwards,
    often,
    outcomes_under,
    runnable,
    step,
    table_of,
)
from redesign_sim.evidence.claims import AS_IT_IS, Expectation, level
from redesign_sim.evidence.declared import CLAIMS
from redesign_sim.evidence.paper import DECIDED_AGAIN
from redesign_sim.evidence.verdicts import Verdict
from redesign_sim.evidence.ways import Way, sheets_in
from redesign_sim.scenario import load_scenario, override
from redesign_sim.world.building import build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redesign_sim.scenario import Scenario

compiled_only = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="many runs, too slow interpreted")
SEED = 2013


def verdict(word: str, estimate: float, half: float = 0.01) -> Verdict:
    return Verdict(word, estimate, estimate - half, estimate + half, 9, ())  # type: ignore[arg-type]


def test_a_case_listed_backwards_is_the_same_case() -> None:
    case = load_scenario("dementia_london")
    backwards = listed_backwards(case)
    assert list(backwards.organisations.members) == list(case.organisations.members)[::-1]
    assert listed_backwards(backwards) == case
    assert list(listed_backwards(backwards).organisations.members) == list(case.organisations.members)
    one, other = build(case).state, build(backwards).state
    assert sorted(one.people["profession"]) == sorted(other.people["profession"])
    assert one.interfaces["traffic"].tolist() == other.interfaces["traffic"][::-1].tolist()


def test_a_chance_by_the_step_is_that_of_its_months() -> None:
    assert often(0.2, 1.0) == pytest.approx(0.2)
    assert often(0.2, 2.0) == pytest.approx(0.36)
    assert 1 - (1 - often(0.2, 0.5)) ** 2 == pytest.approx(0.2)


def test_a_month_falls_in_its_step() -> None:
    assert [step(month, 2.0) for month in (1, 2, 3, 60)] == [1, 1, 2, 30]
    assert [step(month, 0.5) for month in (1, 2, 30)] == [1, 3, 59]


@pytest.mark.parametrize("months", [2.0, 0.5])
def test_steps_of_another_length_cover_the_same_time(months: float) -> None:
    case = override(load_scenario("dementia_london"), {"network.strength": 0.3})
    stepped = in_steps_of(months)(case)
    assert stepped.horizon_months == case.horizon_months / months
    assert stepped.negotiation.patience_months * months == pytest.approx(case.negotiation.patience_months)
    assert stepped.strategies[0].half_life_months * months == pytest.approx(case.strategies[0].half_life_months)
    assert stepped.behaviour.encounters / months == pytest.approx(case.behaviour.encounters)
    one, other = build(case).state.case[0], build(stepped).state.case[0]
    assert other["monthly_keeping"] == pytest.approx(one["monthly_keeping"] ** months)
    assert other["local_per_month"] == pytest.approx(often(one["local_per_month"], months))
    assert other["network_strength"] == pytest.approx(often(one["network_strength"], months))


def test_a_step_of_a_month_changes_nothing() -> None:
    case = load_scenario("dementia_manchester")
    stepped = in_steps_of(1.0)(case)
    for name in STEPS:
        for field, value in np.ndenumerate(np.array(_numbers(getattr(stepped, name)))):
            assert value == pytest.approx(_numbers(getattr(case, name))[field[0]]), (name, field)


def _numbers(part: object) -> list[float]:
    if isinstance(part, (int, float)):
        return [float(part)]
    if isinstance(part, tuple):
        return [number for each in part for number in _numbers(each)]
    values = part.model_dump().values()  # type: ignore[attr-defined]
    return [float(value) for value in values if isinstance(value, (int, float))]


def shifted(by: float) -> Accessory:
    """A stand-in for a rival that shifts every reading of the first run's luck by so much."""

    class Shift(Way):
        def __call__(
            self,
            scenario: Scenario,  # noqa: ARG002  a stand-in
            replications: range,
            seed: int,
            wanted: Sequence[str],
            /,
        ) -> pd.DataFrame:
            rng = np.random.default_rng([seed, len(wanted)])
            luck = rng.normal(0.5, 0.2, len(replications))
            noise = rng.normal(0.0, 0.001, len(replications))
            return pd.DataFrame({"replication": list(replications), **dict.fromkeys(wanted, luck + by + noise)})

    return Accessory("stand_in", "", "", Shift())


@pytest.mark.parametrize(("by", "word"), [(0.0, "no"), (0.005, "no"), (0.6, "yes")])
def test_an_outcome_hangs_on_what_changes_it_by_more_than_anyone_cares_about(by: float, word: str) -> None:
    case = load_scenario("classroom")
    ordinary = shifted(0.0).way(case, range(50), SEED, list(WATCHED))
    found = outcomes_under(shifted(by), case, range(50), SEED, ordinary)
    assert {each.what for each in found} == set(WATCHED)
    assert {each.word for each in found} == {word}


def test_a_claim_hangs_on_what_changes_its_verdict_and_its_effect() -> None:
    def word(ordinary: Verdict, rival: Verdict) -> str:
        return Hangs("", "", "", rival, ordinary).word

    assert word(verdict("holds", 0.05), verdict("holds", 0.2)) == "no"
    assert word(verdict("holds", 0.05), verdict("reversed", -0.05)) == "yes"
    assert word(verdict("holds", 0.031), verdict("undetectable", 0.029)) == "cannot be told"


def test_claims_are_judged_under_both() -> None:
    case = load_scenario("classroom")
    test = Expectation("T.1", "the gain is large", level(AS_IT_IS, "integration_gain"), cases=("classroom",))
    ordinary = sheets_in(case, [test], range(50), SEED, lambda _: shifted(0.0).way)
    found = claims_under(shifted(-1.0), [test], case, range(50), SEED, ordinary)
    assert [(each.what, each.word) for each in found] == [("T.1", "yes")]
    row = table_of(found).to_dict("records")[0]
    assert [row["hangs"], row["ordinary"], row["under_rival"]] == ["yes", "holds", "reversed"]


def test_what_counts_months_is_not_tried_in_other_steps() -> None:
    case = load_scenario("classroom")
    tests = [
        Expectation(reading, "", level(AS_IT_IS, reading), cases=("classroom",))
        for reading in ("integration_gain", "starts_soon", "months_to_authorisation")
    ]
    ordinary = sheets_in(case, tests, range(20), SEED, lambda _: shifted(0.0).way)
    monthly, stepped = shifted(0.0), shifted(0.0)._replace(other_steps=True)
    assert len(claims_under(monthly, tests, case, range(20), SEED, ordinary)) == 3
    assert [each.what for each in claims_under(stepped, tests, case, range(20), SEED, ordinary)] == ["integration_gain"]
    assert {name for name, each in ACCESSORIES.items() if each.other_steps} == {"two_months", "half_months"}


def test_tests_of_other_cases_and_of_decisions_on_paper_are_left_out() -> None:
    every = [each for claim in CLAIMS.values() for each in claim.expectations]
    kept = runnable(every, "neutral")
    assert 0 < len(kept) < len(every)
    assert not any(DECIDED_AGAIN in each.effect.readings for each in kept)


@compiled_only
@pytest.mark.parametrize("name", ACCESSORIES)
def test_each_rival_gives_another_run_and_every_outcome(name: str) -> None:
    case = load_scenario("neutral")
    ordinary = Way()(case, range(4), SEED, list(WATCHED))
    rival = ACCESSORIES[name].way(case, range(4), SEED, list(WATCHED))
    assert list(rival) == list(ordinary)
    assert not rival.equals(ordinary)
