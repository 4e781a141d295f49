"""What luck adds to a mean: limits that are those of the textbook where it has any, and that hold where it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from redesign_sim.study.analysis.effects import factorial_effects, one_at_a_time_effects
from redesign_sim.study.analysis.regression import first_order_shares
from redesign_sim.study.analysis.responses import (
    could_be_best,
    holm,
    linear,
    responses,
    values_of,
)
from redesign_sim.study.analysis.scheffe import fit, lack_of_fit, response_surface
from redesign_sim.study.errors import StudyError
from redesign_sim.study.interest import smallest_of_interest
from redesign_sim.study.mixes import mixes

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

DIFFERENCE = np.array([[-1.0, 1.0]])


def drawn(*shape: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(size=shape)


def limits(found: object) -> tuple[float, float]:
    low, high = found.limits()  # type: ignore[attr-defined]
    return float(low[0]), float(high[0])


# --- intervals --------------------------------------------------------------------------------------------------------


def test_under_common_luck_it_is_the_paired_t_interval() -> None:
    values = drawn(1, 9, 2)
    theirs = stats.ttest_rel(values[0, :, 1], values[0, :, 0])
    found = linear(responses(values, "common"), DIFFERENCE)
    assert limits(found) == pytest.approx(tuple(theirs.confidence_interval(0.95)))
    assert found.chances()[0] == pytest.approx(theirs.pvalue)


def test_under_independent_luck_it_is_welchs_interval() -> None:
    values = drawn(1, 9, 2) * np.array([1.0, 5.0])
    values[0, 6:, 0] = np.nan
    theirs = stats.ttest_ind(values[0, :, 1], values[0, :6, 0], equal_var=False)
    found = linear(responses(values, "independent"), DIFFERENCE)
    assert limits(found) == pytest.approx(tuple(theirs.confidence_interval(0.95)))


def test_over_contexts_of_independent_luck_it_is_the_t_interval_of_the_contexts() -> None:
    values = drawn(7, 4, 2)
    theirs = stats.ttest_1samp(np.diff(values.mean(axis=1), axis=1)[:, 0], 0)
    assert limits(linear(responses(values, "independent"), DIFFERENCE)) == pytest.approx(
        tuple(theirs.confidence_interval(0.95))
    )


def test_luck_that_all_contexts_share_is_not_averaged_away() -> None:
    shared = drawn(1, 6, 2)
    values = np.repeat(shared, 30, axis=0) + 0.001 * drawn(30, 6, 2, seed=2)
    alone, together = (linear(responses(each, "common"), DIFFERENCE) for each in (shared, values))
    assert together.errors[0] == pytest.approx(alone.errors[0], rel=0.05)
    assert linear(responses(values, "independent"), DIFFERENCE).errors[0] < 0.01


def test_unequal_replications_under_common_luck_use_what_each_point_has() -> None:
    values = drawn(1, 40, 2) * 0.1 + drawn(1, 40, 1, seed=2)
    whole = linear(responses(values, "common"), DIFFERENCE)
    values[0, 20:, 0] = np.nan
    part = linear(responses(values, "common"), DIFFERENCE)
    assert part.freedom[0] == 19
    assert part.errors[0] > 2 * whole.errors[0]


def test_one_replication_in_one_context_says_nothing_and_is_refused() -> None:
    with pytest.raises(StudyError, match="run at least two"):
        linear(responses(drawn(1, 1, 2), "common"), DIFFERENCE)
    assert np.isfinite(linear(responses(drawn(5, 1, 2), "common"), DIFFERENCE).errors).all()


def test_a_share_that_never_happened_is_not_certain() -> None:
    values = np.zeros((1, 50, 2))
    low, high = limits(linear(responses(values, "common", share=True), DIFFERENCE))
    assert low == -high == pytest.approx(-0.054, abs=0.005)
    assert limits(linear(responses(values, "common"), DIFFERENCE)) == (0, 0)


def test_log_odds_are_those_of_woolf_and_haldane() -> None:
    values = np.zeros((1, 40, 2))
    values[0, :10, 0] = values[0, :30, 1] = 1
    found = linear(responses(values, "independent", share=True).logits(), DIFFERENCE)
    odds = np.log(30.5 / 10.5)
    assert found.estimates[0] == pytest.approx(2 * odds)
    assert found.errors[0] == pytest.approx(np.sqrt(2 * (1 / 10.5 + 1 / 30.5)), rel=0.05)


def test_draws_vary_as_the_means_do() -> None:
    given = responses(drawn(1, 30, 1) + 0.1 * drawn(1, 30, 3, seed=2), "common")
    means = np.array([each[0] for each in given.drawn(4000, np.random.default_rng(3), heavy=False)])
    assert np.cov(means.T) == pytest.approx(linear(given, np.eye(3)).covariance, rel=0.1)


def test_luck_between_points_and_averages_over_contexts() -> None:
    values = drawn(1, 20, 1) + 0.1 * drawn(1, 20, 400, seed=2)
    assert responses(values, "common").between() == pytest.approx(0.01 / 20, rel=0.1)
    assert responses(values, "independent").between() > 0.01
    several = responses(drawn(4, 10, 3), "independent")
    weights = np.eye(3)
    assert linear(several.averaged(), weights).estimates == pytest.approx(linear(several, weights).estimates)
    assert several.averaged().errors() == pytest.approx(several.errors().sum(axis=0, keepdims=True) / 16)


# --- effects ----------------------------------------------------------------------------------------------------------


def test_levels_that_are_names_keep_their_order_and_numbers_theirs() -> None:
    design = pd.DataFrame({"rule": ["b", "b", "a", "a"], "x": [2.0, 1.0, 2.0, 1.0]})
    table = factorial_effects(responses(drawn(1, 5, 4), "common"), design, ["rule", "x"], 0.0)
    assert table["change"].tolist() == ["b to a", "1 to 2", "b to a"]
    assert table["given_change"].tolist() == ["", "", "1 to 2"]


def test_a_grid_with_a_hole_is_refused() -> None:
    design = pd.DataFrame({"a": [0, 0, 1], "b": [0, 1, 0]})
    with pytest.raises(StudyError, match="b=1 and a=1, so this is no full factorial"):
        factorial_effects(responses(drawn(1, 5, 3), "common"), design, ["a", "b"], 0.0)


def test_points_without_a_base_are_refused() -> None:
    design = pd.DataFrame({"a": [0, 1, 2], "b": [0, 1, 2]})
    with pytest.raises(StudyError, match="no one-at-a-time design"):
        one_at_a_time_effects(responses(drawn(1, 5, 3), "common"), design, ["a", "b"], 0.0)


def test_holm_is_the_textbooks() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_the_smallest_difference_of_interest_is_fixed_beforehand() -> None:
    found = {name: smallest_of_interest(name) for name in ("integrated", "integration_index", "proposals_started")}
    assert found == {"integrated": 0.05, "integration_index": 0.02, "proposals_started": 0.0}


def test_a_point_all_of_whose_runs_failed_is_named() -> None:
    runs = pd.DataFrame({"point": [0, 1], "replication": [0, 0], "x": [1.0, np.nan], "failure": [None, "trace"]})
    with pytest.raises(StudyError, match="Every run of point 1 failed"):
        values_of(runs, "x", [0, 1])


# --- which may be best ------------------------------------------------------------------------------------------------


def test_what_is_clearly_behind_cannot_be_the_best_however_wild_others_are() -> None:
    estimates = np.array([1.0, 0.99, 0.9, -5.0])
    luck = drawn(2000, 4) * np.array([0.01, 0.01, 0.01, 3.0])
    assert could_be_best(estimates, estimates + luck).tolist() == [True, True, False, False]


def test_the_best_is_kept_as_often_as_is_promised() -> None:
    truth = np.array([0.5, 0.5, 0.5, 0.45, 0.2])
    kept = []
    for seed in range(200):
        found = responses(truth + 0.2 * drawn(1, 10, 5, seed=seed), "common")
        luck = np.array([each[0] for each in found.drawn(300, np.random.default_rng(seed))])
        kept.append(could_be_best(found.means[0], luck)[0])
    assert 0.92 <= np.mean(kept) <= 1


def test_certain_differences_are_certain() -> None:
    estimates = np.array([0.3, 0.2, 0.3])
    assert could_be_best(estimates, np.tile(estimates, (50, 1))).tolist() == [True, False, True]


# --- surfaces ---------------------------------------------------------------------------------------------------------

LATTICE = np.array(mixes(4))
NAMES = ("passive", "localised", "lacking_followers", "high_impact")


def blended(replications: int, seed: int, spread: float = 0.1) -> Floats:
    truth = LATTICE @ [0.1, 0.2, 0.2, 0.3] + 0.8 * LATTICE[:, 1] * LATTICE[:, 3]
    luck = drawn(1, replications, 1, seed=seed) + drawn(1, replications, len(LATTICE), seed=seed + 1000)
    return np.asarray(truth + spread * luck)


def test_a_surface_fits_where_it_is_right_and_not_where_it_is_too_simple() -> None:
    refused = {1: 0, 2: 0}
    for seed in range(60):
        given = responses(blended(8, seed), "common")
        for most in refused:
            fitted = fit(given, LATTICE, most)
            assert fitted is not None
            refused[most] += lack_of_fit(given, fitted)[1] < 0.05
    assert refused[2] <= 8
    assert refused[1] >= 55


def test_how_far_off_a_surface_is_comes_in_the_unit_of_the_outcome() -> None:
    given = responses(blended(400, 1, spread=0.01), "common")
    straight, right = fit(given, LATTICE, 1), fit(given, LATTICE, 2)
    assert straight is not None
    assert right is not None
    left = given.means[0] - straight.hat @ given.means[0]
    assert lack_of_fit(given, straight)[0] == pytest.approx(np.sqrt((left**2).sum() / 31), rel=0.01)
    assert lack_of_fit(given, right)[0] < 0.001


def test_coefficients_are_the_fit_of_each_replication_averaged() -> None:
    values = blended(12, 3)
    given = responses(values, "common")
    fitted = fit(given, LATTICE, 1)
    assert fitted is not None
    each = np.linalg.lstsq(LATTICE, values[0].T, rcond=None)[0]
    theirs = stats.ttest_1samp(each[2], 0).confidence_interval(0.95)
    low, high = fitted.coefficients.limits()
    assert (low[2], high[2]) == pytest.approx((theirs.low, theirs.high))


def test_a_surface_through_every_mix_says_nothing_of_its_fit() -> None:
    few = np.array(mixes(2))
    surface = response_surface(responses(few @ [0.1, 0.2, 0.2, 0.3] + 0.01 * drawn(1, 5, 10), "common"), few, NAMES)
    degrees: Any = surface.degrees.set_index("degree")
    assert surface.degree == "linear"
    assert np.isnan(degrees.loc["quadratic", "lack_of_fit_p"])
    assert np.isnan(degrees.loc["quadratic", "cross_validated_error"])
    with pytest.raises(StudyError, match="do not determine a special cubic surface"):
        response_surface(responses(drawn(1, 5, 10), "common"), few, NAMES, degree="special cubic")


def test_the_best_mix_is_sought_between_the_mixes_that_were_run() -> None:
    inside = LATTICE[(LATTICE.max(axis=1) <= 0.5)]
    given = responses(inside @ [0.1, 0.2, 0.2, 0.3] + 0.001 * drawn(1, 5, len(inside)), "common")
    found = response_surface(given, inside, NAMES, degree="linear").mixes
    assert found[list(NAMES)].max().max() <= 0.5
    assert found.iloc[0]["high_impact"] == 0.5
    assert found[list(NAMES)].sum(axis=1).to_numpy() == pytest.approx(np.ones(len(found)))


# --- points in clusters -----------------------------------------------------------------------------------------------


def test_what_a_cluster_shares_is_told_from_what_varies_within_it() -> None:
    random = np.random.default_rng(5)
    worlds = np.repeat(np.arange(60), 4)
    frame = pd.DataFrame({"world": random.random(60)[worlds], "nothing": random.random(60)[worlds]})
    frame["lever"] = np.tile([0.0, 1.0, 2.0, 3.0], 60)
    outcome = (frame["lever"] + 2 * frame["world"]).to_numpy()
    shares = first_order_shares(frame, outcome, luck_share=0.0, clusters=worlds, resamples=50)
    table: Any = shares.set_index("factor")
    variance = 1.25 + 4 * np.var(frame["world"])
    assert table.loc["lever", "estimate"] == pytest.approx(1.25 / variance, abs=0.02)
    assert table.loc["world", "estimate"] == pytest.approx(1 - 1.25 / variance, abs=0.05)
    assert abs(table.loc["nothing", "estimate"]) < 0.05
