"""Known answers for intervals, paired differences and the set that cannot be told from the best."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from redesign_sim.study.statistics import (
    mean_interval,
    paired_difference,
    standings,
    wilson,
)

TRIALS = 1000


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, R. (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(successes: int, trials: int, low: float, high: float) -> None:
    interval = wilson(successes, trials)
    assert interval.estimate == successes / trials
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("successes", range(13))
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilson_equals_scipy(successes: int, confidence: float) -> None:
    theirs = stats.binomtest(successes, 12).proportion_ci(confidence, method="wilson")
    ours = wilson(successes, 12, confidence)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (3, 2), (-1, 5)])
def test_a_share_of_nothing_is_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="a share needs"):
        wilson(successes, trials)


def test_mean_interval_equals_scipy() -> None:
    values = np.random.default_rng(1).normal(size=17)
    theirs = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert mean_interval(values)[1:] == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_one_value_says_nothing_of_the_spread() -> None:
    assert mean_interval([0.4]) == (0.4, -math.inf, math.inf)


@pytest.mark.parametrize("values", [[], [0.1, math.nan], [math.inf]])
def test_a_missing_value_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="a mean needs"):
        mean_interval(values)


def test_paired_difference_equals_the_paired_t_test() -> None:
    random = np.random.default_rng(2)
    a, b = random.normal(size=40), random.normal(size=40)
    theirs = stats.ttest_rel(a, b).confidence_interval(0.95)
    ours = paired_difference(a, b)
    assert ours[:4] == pytest.approx((a.mean() - b.mean(), theirs.low, theirs.high, 40), abs=1e-12)


def test_shared_luck_saves_what_two_variances_say() -> None:
    luck = np.array([0.0, 1.0, 2.0, 3.0])
    noise = np.array([0.1, -0.1, 0.1, -0.1])
    a, b = luck + noise, luck
    # var(A) + var(B) over var(noise), by hand: sum of squares 4.64 + 5 over 0.04
    assert paired_difference(a, b).factor_saved == pytest.approx((4.64 + 5.0) / 0.04)
    assert paired_difference(luck, luck).factor_saved == math.inf
    assert paired_difference([1.0, 1.0], [1.0, 1.0]).factor_saved == 1.0


def test_independent_luck_saves_nothing() -> None:
    random = np.random.default_rng(3)
    saved = paired_difference(random.normal(size=20_000), random.normal(size=20_000)).factor_saved
    assert saved == pytest.approx(1.0, abs=0.03)


def test_pairs_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="as many runs of A as of B"):
        paired_difference([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.01, 0.03, "cannot be told from zero"),
        (0.005, 0.015, "too small to matter"),
        (0.01, 0.05, "perhaps not large enough"),
        (-0.09, -0.03, "large enough to matter"),
    ],
)
def test_a_difference_is_judged_against_the_smallest_effect_of_interest(low: float, high: float, words: str) -> None:
    values = np.array([low, high])
    middle, half = values.mean(), (high - low) / 2
    reach = stats.t.ppf(0.975, 1) / math.sqrt(2) * math.sqrt(2)
    difference = paired_difference([middle - half / reach, middle + half / reach], [0.0, 0.0])
    assert (difference.low, difference.high) == pytest.approx((low, high))
    assert words in difference.verdict()


def test_intervals_cover_as_often_as_they_say() -> None:
    random = np.random.default_rng(4)
    shares = [wilson(int(random.binomial(200, 0.1)), 200) for _ in range(TRIALS)]
    means = [mean_interval(random.normal(0.3, 0.2, size=30)) for _ in range(TRIALS)]
    assert 0.93 < np.mean([interval.low <= 0.1 <= interval.high for interval in shares]) < 0.975
    assert 0.935 < np.mean([interval.low <= 0.3 <= interval.high for interval in means]) < 0.965


def options(random: np.random.Generator, means: list[float], replications: int = 50) -> pd.DataFrame:
    """Replications of several options that share most of their luck."""
    luck = random.normal(scale=0.15, size=(replications, 1))
    own = random.normal(scale=0.05, size=(replications, len(means)))
    return pd.DataFrame(np.array(means) + luck + own)


def may_be_best(values: pd.DataFrame) -> list[object]:
    """The options that cannot be told from the best."""
    return [option for option, each in zip(values.columns, standings(values), strict=True) if each.may_be_best]


def test_the_true_best_is_kept_at_least_as_often_as_promised() -> None:
    random = np.random.default_rng(5)
    means = [0.5, 0.5, 0.5, 0.49, 0.48, 0.45, 0.4, 0.3]
    kept = [0 in may_be_best(options(random, means)) for _ in range(TRIALS)]
    assert np.mean(kept) >= 0.95


def test_simultaneous_limits_hold_for_all_options_at_once() -> None:
    """With a leader that is beyond doubt, the lower limits of the gaps are all right in at least 95 % of trials."""
    random = np.random.default_rng(6)
    means = np.array([0.9, 0.5, 0.45, 0.4, 0.4, 0.35])
    gaps = means[0] - means
    right = [
        all(standing.low <= gap for standing, gap in zip(standings(options(random, list(means))), gaps, strict=True))
        for _ in range(TRIALS)
    ]
    assert 0.94 <= np.mean(right) < 0.98


def test_shared_luck_shrinks_the_set_that_cannot_be_told_from_the_best() -> None:
    random = np.random.default_rng(7)
    means = [0.5, 0.47, 0.46, 0.4]
    shared = options(random, means, 100)
    apart = shared.apply(lambda column: random.permutation(column.to_numpy()))
    assert may_be_best(shared) == [0]
    assert len(may_be_best(apart)) > 1


def test_the_bound_is_bonferronis() -> None:
    table = options(np.random.default_rng(8), [0.5, 0.45, 0.48], 20)
    leader = int(table.mean().to_numpy().argmax())
    reach = stats.t.ppf(1 - 0.05 / 2, 19)
    behind = table[leader] - table[1]
    expected = behind.mean() - reach * behind.std(ddof=1) / math.sqrt(20)
    assert standings(table)[1].low == pytest.approx(expected)


def test_options_that_never_differ_cannot_be_told_apart_and_one_always_behind_can() -> None:
    table = pd.DataFrame({"a": [0.5, 0.6], "b": [0.5, 0.6], "c": [0.4, 0.5]})
    assert may_be_best(table) == ["a", "b"]


def test_one_replication_tells_nothing_apart() -> None:
    assert may_be_best(pd.DataFrame([[0.1, 0.9]])) == [0, 1]


def test_an_option_without_any_run_is_refused() -> None:
    with pytest.raises(ValueError, match="ranking needs"):
        standings(pd.DataFrame({"a": [math.nan, math.nan], "b": [0.1, 0.2]}))


def test_a_missing_run_is_left_out_of_the_pairs() -> None:
    table = pd.DataFrame({"a": [0.5, 0.6, 0.9, 0.8], "b": [0.1, 0.3, 0.2, math.nan]})
    found = standings(table)
    assert [standing.pairs for standing in found] == [4, 3]
    assert found[1].behind == pytest.approx(np.mean([0.4, 0.3, 0.7]))


def test_an_option_that_shares_no_replication_with_the_best_may_be_the_best() -> None:
    table = pd.DataFrame({"a": [0.5, 0.6, math.nan], "b": [0.1, 0.3, math.nan], "c": [math.nan, math.nan, 0.1]})
    shown = standings(table)[2]
    assert math.isnan(shown.behind)
    assert shown[1:] == (-math.inf, math.inf, True, 0)


def test_few_pairs_tell_nothing_apart_where_one_may_look_at_any_time() -> None:
    """Even a difference that never varied: with three pairs the bound has no end."""
    shown = standings(pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [0.0, 1.0, 2.0]}), adaptive=True)[1]
    assert (shown.behind, shown.low, shown.high, shown.may_be_best) == (1.0, -math.inf, math.inf, True)


def test_who_leads_does_not_depend_on_the_order_of_options() -> None:
    """Two were run as often; the third, in few runs, is ahead of one of them there and not of the other."""
    table = pd.DataFrame({"a": [0.5, 0.5, 0.9, 0.9], "b": [0.6, 0.6, 0.7, 0.7], "c": [0.58, 0.58, math.nan, math.nan]})
    for order in (["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]):
        shown = dict(zip(order, standings(table[order]), strict=True))
        assert {option for option, standing in shown.items() if standing.pairs == 2} == {"a", "b", "c"}
