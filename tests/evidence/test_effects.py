"""Effects that are no weighted sum, on answers that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from redesign_sim.evidence.claims import Condition, Expectation, Sheets
from redesign_sim.evidence.effects import Peak, Statistic, cut, explained, foretelling
from redesign_sim.evidence.power import needed, power_of, steadiness, told
from redesign_sim.evidence.verdicts import judge

LEVELS = tuple(Condition(f"{level}") for level in range(5))
HUMP = Expectation("T.1", "best between the ends", Peak("gain", LEVELS))


def ladder(means: list[float], runs: int = 300, seed: int = 5, spread: float = 0.05) -> Sheets:
    rng = np.random.default_rng(seed)
    return {
        level.name: pd.DataFrame({"gain": mean + rng.normal(0, spread, runs)})
        for level, mean in zip(LEVELS, means, strict=True)
    }


def test_an_optimum_inside_holds_and_one_at_an_end_is_reversed() -> None:
    assert judge(HUMP, ladder([0.1, 0.2, 0.3, 0.2, 0.1])).word == "holds"
    assert judge(HUMP, ladder([0.3, 0.2, 0.1, 0.1, 0.1])).word == "reversed"
    assert judge(HUMP, ladder([0.1, 0.1, 0.1, 0.2, 0.3])).word == "reversed"
    found = judge(HUMP, ladder([0.15, 0.2, 0.3, 0.2, 0.1]))
    assert found.estimate == pytest.approx(0.15, abs=0.02)


def test_choosing_the_best_of_noisy_levels_favours_nothing() -> None:
    flat = [judge(HUMP, ladder([0.2] * 5, runs=20, seed=seed)).estimate for seed in range(300)]
    assert abs(np.mean(flat)) < 3 * np.std(flat) / np.sqrt(300)


def test_an_onlooker_who_sees_noise_as_well_foretells_worse() -> None:
    rng = np.random.default_rng(2)
    gain, noise = rng.normal(size=400), rng.normal(size=400)
    seen = pd.DataFrame({"gain": gain, "redesign": gain + 0.5 * noise, "all": gain + 2 * rng.normal(size=400)})
    noisy, calm = Condition("noisy"), Condition("calm")
    asked = Expectation("T.1", "", foretelling(noisy, None, "all", "redesign", "gain"), "less", 0.05)
    found = judge(asked, {"noisy": seen})
    truth = explained(seen["gain"].to_numpy(), seen["all"].to_numpy()) - explained(
        seen["gain"].to_numpy(), seen["redesign"].to_numpy()
    )
    assert found.word == "holds"
    assert found.estimate == pytest.approx(truth, abs=0.02)
    again = Expectation("T.2", "", foretelling(noisy, calm, "all", "redesign", "gain"), "less", 0.05)
    clear = seen.assign(all=seen["redesign"])
    assert judge(again, {"noisy": seen, "calm": clear}).word == "holds"
    assert judge(again, {"noisy": clear, "calm": seen}).word == "reversed"


def test_of_a_mean_the_jackknife_gives_the_values_themselves() -> None:
    values = np.random.default_rng(8).normal(0.3, 0.1, 30)
    mean = Statistic((LEVELS[0],), ("gain",), lambda held: float(held[LEVELS[0].name, "gain"].mean()))
    assert mean.scores({LEVELS[0].name: pd.DataFrame({"gain": values})}) == pytest.approx(values)


def test_nothing_varies_and_nothing_is_foretold() -> None:
    assert explained(np.ones(5), np.arange(5.0)) == 0


def test_what_is_cut_more_is_told() -> None:
    closed, loose = Condition("closed"), Condition("open")
    rng = np.random.default_rng(4)
    before = pd.DataFrame({"redesigns": rng.normal(10, 1, 100), "links": rng.normal(100, 5, 100)})
    after = pd.DataFrame({"redesigns": rng.normal(5, 1, 100), "links": rng.normal(80, 5, 100)})
    asked = Expectation("T.1", "", cut(closed, loose, "redesigns", "links"), smallest=0.05)
    found = judge(asked, {"open": before, "closed": after})
    assert found.word == "holds"
    assert found.estimate == pytest.approx(0.3, abs=0.05)


def test_power_is_what_trials_show() -> None:
    rng = np.random.default_rng(6)
    spread, smallest, runs = 0.1, 0.02, 200
    asked = Expectation("T.1", "", Peak("gain", LEVELS))
    assert asked.smallest == smallest
    trials = rng.normal(2 * smallest, spread, (2000, runs))
    low = trials.mean(axis=1) - 1.972 * trials.std(axis=1, ddof=1) / np.sqrt(runs)
    assert told(spread, smallest, runs) == pytest.approx((low > smallest).mean(), abs=0.03)
    enough = needed(spread, smallest)
    assert told(spread, smallest, enough) >= 0.9 > told(spread, smallest, enough - 1)
    found = power_of(trials[0], smallest)
    assert found.runs == 200
    assert found.half == pytest.approx(1.972 * found.spread / np.sqrt(200), rel=1e-3)


def test_what_never_varies_needs_no_more_runs() -> None:
    assert power_of(np.full(10, 0.3), 0.02)[3:] == (1.0, 2)
    assert power_of(np.array([np.nan]), 0.02).needed == 0


def test_the_spread_is_looked_at_as_far_as_there_are_runs() -> None:
    values = np.random.default_rng(1).normal(size=60)
    assert list(steadiness(values)) == [10, 20, 50]
    assert steadiness(values)[10] == pytest.approx(values[:10].std(ddof=1))
