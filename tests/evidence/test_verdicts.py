"""Verdicts on effects that are known."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from redesign_sim.evidence.claims import Condition, Expectation, Sheets, contrast, interaction, level
from redesign_sim.evidence.verdicts import judge, together

SEED = 7
ON, OFF = Condition("on"), Condition("off")
BOTH, ONE, OTHER, NEITHER = (Condition(name) for name in ("both", "one", "other", "neither"))


def sheets(
    means: dict[str, float], runs: int = 200, own: float = 0.01, shared: float = 0.1, seed: int = SEED
) -> Sheets:
    """Runs about these means: luck of their own, and much more that they share."""
    rng = np.random.default_rng(seed)
    luck = rng.normal(0, shared, runs)
    return {name: pd.DataFrame({"gain": mean + luck + rng.normal(0, own, runs)}) for name, mean in means.items()}


@pytest.mark.parametrize(
    ("expected", "effect", "word"),
    [
        ("more", 0.05, "holds"),
        ("more", 0.019, "undetectable"),
        ("more", 0.0, "undetectable"),
        ("more", -0.05, "reversed"),
        ("less", -0.05, "holds"),
        ("less", 0.05, "reversed"),
        ("nothing", 0.001, "holds"),
        ("nothing", 0.02, "undetectable"),
        ("nothing", -0.05, "reversed"),
        ("open", 0.05, "above"),
        ("open", -0.05, "below"),
        ("open", 0.01, "undetectable"),
    ],
)
def test_an_effect_has_to_lie_beyond_the_smallest_of_interest(expected: str, effect: float, word: str) -> None:
    asked = Expectation("T.1", "on beats off", contrast(ON, OFF, "gain"), expected)  # type: ignore[arg-type]
    found = judge(asked, sheets({"on": 0.3 + effect, "off": 0.3}))
    assert found.word == word, found
    assert found.runs == 200


def test_shared_luck_is_taken_out() -> None:
    asked = Expectation("T.1", "on beats off", contrast(ON, OFF, "gain"))
    found = judge(asked, sheets({"on": 0.33, "off": 0.3}, runs=50))
    assert found.high - found.low < 0.01


def test_a_verdict_is_read_at_several_thresholds() -> None:
    asked = Expectation("T.1", "on beats off", contrast(ON, OFF, "gain"))
    assert judge(asked, sheets({"on": 0.33, "off": 0.3})).at == ("holds", "holds", "holds", "undetectable")


def test_nothing_is_known_from_runs_without_the_reading() -> None:
    asked = Expectation("T.1", "it is there", level(ON, "gain"))
    found = judge(asked, {"on": pd.DataFrame({"gain": [math.nan] * 5})})
    assert (found.word, found.runs) == ("undetectable", 0)
    one = judge(asked, {"on": pd.DataFrame({"gain": [0.5, math.nan]})})
    assert (one.word, one.runs) == ("undetectable", 1)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    asked = Expectation("T.1", "on beats off", contrast(ON, OFF, "gain"))
    seen = [judge(asked, sheets({"on": 0.35, "off": 0.3}, runs=12, own=0.05, seed=seed)) for seed in range(400)]
    covered = sum(each.low <= 0.05 <= each.high for each in seen)
    assert 365 <= covered <= 393, covered  # 95 % of 400, and three standard errors either way


def test_an_interaction_whose_sign_is_another_on_the_logit_scale_is_scale_dependent() -> None:
    asked = Expectation("T.1", "more than the sum", interaction(BOTH, ONE, OTHER, NEITHER, "gain"))
    # On D: 0.36 - 0.15 - 0.15 + 0.02 > 0; on logits two steps from 0.02 to 0.15 would have made far more than 0.36.
    means = {"both": 0.36, "one": 0.15, "other": 0.15, "neither": 0.02}
    found = judge(asked, sheets(means, shared=0.001))
    assert found.word == "holds"
    assert found.logit is not None
    assert found.logit.estimate < 0
    assert found.scale_dependent
    logits = {name: math.log(mean / (1 - mean)) for name, mean in means.items()}
    truth = logits["both"] - logits["one"] - logits["other"] + logits["neither"]
    assert found.logit.low < truth < found.logit.high
    same = judge(asked, sheets({"both": 0.9, "one": 0.5, "other": 0.5, "neither": 0.3}, shared=0.001))
    assert not same.scale_dependent


def test_there_is_no_logit_of_a_mean_at_an_end() -> None:
    asked = Expectation("T.1", "more than the sum", interaction(BOTH, ONE, OTHER, NEITHER, "gain"))
    found = judge(asked, sheets({"both": 0.36, "one": 0.15, "other": 0.15, "neither": 0.0}, shared=0.0001, own=0.0001))
    assert found.logit is None
    assert not found.scale_dependent


def test_a_claim_is_as_good_as_the_worst_of_its_tests() -> None:
    assert together(["holds", "holds"]) == "holds"
    assert together(["holds", "undetectable"]) == "partly"
    assert together(["undetectable", "undetectable"]) == "undetectable"
    assert together(["holds", "reversed"]) == "reversed"
    assert together([]) == "undetectable"
