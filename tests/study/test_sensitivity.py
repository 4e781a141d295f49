"""Analyses with known answers: indices, elementary effects, surfaces, regret, effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris, sobol

from redesign_sim.study.analysis.effects import factorial_effects, one_at_a_time_effects
from redesign_sim.study.analysis.morris import morris_effects
from redesign_sim.study.analysis.regression import first_order_shares, regression_coefficients
from redesign_sim.study.analysis.responses import Responses, responses, values_of
from redesign_sim.study.analysis.robustness import robustness
from redesign_sim.study.analysis.scheffe import response_surface
from redesign_sim.study.analysis.sobol import sobol_indices
from redesign_sim.study.designs.sampled import Morris, Saltelli
from redesign_sim.study.errors import StudyError
from redesign_sim.study.factors import AnyMix, Range
from redesign_sim.study.mixes import mixes

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

THREE = {name: Range(low=-np.pi, high=np.pi) for name in ("x.one", "x.two", "x.three")}


def ishigami(x: Floats) -> Floats:
    """Ishigami and Homma's function, whose indices are known: first 0.314, 0.442, 0; total 0.558, 0.442, 0.244."""
    one, two, three = np.pi * (2 * x[:, :3] - 1).T
    return np.asarray(np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one))


def with_luck(means: Floats, replications: int, spread: float, seed: int = 1) -> Responses:
    luck = np.random.default_rng(seed).normal(size=(1, replications, means.size)) * spread
    return responses(means + luck, "independent")


def by(table: pd.DataFrame, column: str, order: str) -> dict[str, float]:
    return dict(
        zip(table.loc[table["order"] == order, "factor"], table.loc[table["order"] == order, column], strict=True)
    )


# --- Sobol ------------------------------------------------------------------------------------------------------------


def saltelli(points: int = 1024, **changes: Any) -> tuple[Saltelli, Floats]:  # noqa: ANN401  a design's fields
    design = Saltelli.model_validate({"kind": "saltelli", "points": points, **changes})
    return design, design.cube(THREE, 0)


def test_ishigamis_indices_are_found() -> None:
    _, cube = saltelli()
    table = sobol_indices(with_luck(ishigami(cube), 2, 0.0), [*THREE, "dummy"], second_order=False)
    assert by(table, "estimate", "first") == pytest.approx(
        {"x.one": 0.314, "x.two": 0.442, "x.three": 0, "dummy": 0}, abs=0.04
    )
    assert by(table, "estimate", "total") == pytest.approx(
        {"x.one": 0.558, "x.two": 0.442, "x.three": 0.244, "dummy": 0}, abs=0.04
    )
    assert (table["low"] <= table["estimate"]).all()


def test_luck_raises_total_orders_and_is_told_and_taken_out() -> None:
    _, cube = saltelli()
    table = sobol_indices(with_luck(ishigami(cube), 10, 8.0), [*THREE, "dummy"], second_order=False)
    raised, clean, floor = (by(table, column, "total") for column in ("estimate", "without_luck", "luck"))
    assert raised["dummy"] > 0.2
    assert raised["dummy"] == pytest.approx(floor["dummy"], abs=0.03)
    assert clean["dummy"] == pytest.approx(0, abs=0.05)
    assert clean["x.one"] == pytest.approx(0.558, abs=0.06)


def test_second_orders_and_groups() -> None:
    design, cube = saltelli(512, second_order=True, dummy=False)
    table = sobol_indices(with_luck(ishigami(cube), 2, 0.0), list(THREE), second_order=True)
    pair = table[(table["order"] == "second") & (table["factor"] == "x.one") & (table["with"] == "x.three")]
    assert pair["estimate"].item() == pytest.approx(0.244, abs=0.05)
    assert design.size(THREE) == len(cube)


def test_a_missing_outcome_and_one_that_never_varies_are_refused() -> None:
    _, cube = saltelli(8)
    means = ishigami(cube)
    means[3] = np.nan
    with pytest.raises(StudyError, match="no run that ended"):
        with_luck(means, 2, 0.0)
    with pytest.raises(StudyError, match="same at every point"):
        sobol_indices(with_luck(np.ones(len(cube)), 2, 0.0), [*THREE, "dummy"], second_order=False)
    with pytest.raises(StudyError, match="no Saltelli design of 4 factors"):
        sobol_indices(with_luck(ishigami(cube)[1:], 2, 0.0), [*THREE, "dummy"], second_order=False)


def test_the_same_seed_gives_the_same_limits_and_nought_is_a_seed() -> None:
    _, cube = saltelli(64)
    tables = [
        sobol_indices(with_luck(ishigami(cube), 3, 1.0), [*THREE, "dummy"], second_order=False, seed=s)
        for s in (0, 0, 1)
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert not tables[0]["low"].equals(tables[2]["low"])


def test_salib_finds_the_same_indices() -> None:
    design, cube = saltelli(256, second_order=True)
    means = ishigami(cube)
    theirs = sobol.analyze(design.problem(THREE), means, calc_second_order=True, num_resamples=4)
    ours = sobol_indices(with_luck(means, 2, 0.0), [*THREE, "dummy"], second_order=True, resamples=4)
    for order, name in (("first", "S1"), ("total", "ST")):
        assert ours.loc[ours["order"] == order, "estimate"].tolist() == pytest.approx(theirs[name].tolist())
    pairs = theirs["S2"][np.triu_indices(4, 1)]
    assert ours.loc[ours["order"] == "second", "estimate"].tolist() == pytest.approx(pairs.tolist())


def test_with_one_replication_nothing_is_said_of_luck() -> None:
    _, cube = saltelli(64)
    table = sobol_indices(with_luck(ishigami(cube), 1, 1.0), [*THREE, "dummy"], second_order=False)
    assert table[["luck", "without_luck", "without_luck_low"]].isna().all(axis=None)
    assert table[["estimate", "low", "high"]].notna().all(axis=None)


def test_luck_that_points_share_hardly_raises_an_index() -> None:
    _, cube = saltelli(256)
    shared = np.random.default_rng(3).normal(size=(1, 10, 1)) * 20
    table = sobol_indices(responses(ishigami(cube) + shared, "common"), [*THREE, "dummy"], second_order=False)
    assert by(table, "luck", "total") == pytest.approx(dict.fromkeys([*THREE, "dummy"], 0.0), abs=1e-9)
    assert by(table, "without_luck", "total") == pytest.approx(by(table, "estimate", "total"))


# --- Morris and regression --------------------------------------------------------------------------------------------


def test_elementary_effects_of_a_linear_function_are_its_slopes() -> None:
    design = Morris(kind="morris", trajectories=20)
    cube = design.cube(THREE, 5)
    table = morris_effects(with_luck(cube @ [2.0, -1.0, 0.0, 0.0], 2, 0.0), cube, [*THREE, "dummy"]).set_index("factor")
    assert table["mu"].to_dict() == pytest.approx({"x.one": 2.0, "x.two": -1.0, "x.three": 0.0, "dummy": 0.0}, abs=1e-9)
    assert table["sigma"].max() == pytest.approx(0.0, abs=1e-9)


def test_luck_alone_stays_below_the_floor() -> None:
    cube = Morris(kind="morris", trajectories=40).cube(THREE, 5)
    table = morris_effects(with_luck(cube @ [2.0, 0.0, 0.0, 0.0], 5, 0.3), cube, [*THREE, "dummy"]).set_index("factor")
    assert table["above_luck"].to_dict() == {"x.one": True, "x.two": False, "x.three": False, "dummy": False}


def test_rows_that_are_no_trajectories_are_refused() -> None:
    cube = np.random.default_rng(1).random((8, 3))
    with pytest.raises(StudyError, match="no Morris trajectories"):
        morris_effects(with_luck(cube.sum(axis=1), 2, 0.1), cube, list(THREE))


def test_salib_finds_the_same_elementary_effects() -> None:
    design = Morris(kind="morris", trajectories=15)
    cube = design.cube(THREE, 2)
    theirs = morris.analyze(design.problem(THREE), cube, ishigami(cube), num_resamples=4)
    ours = morris_effects(with_luck(ishigami(cube), 2, 0.0), cube, [*THREE, "dummy"]).set_index("factor")
    for name in ("mu", "mu_star", "sigma"):
        assert ours.loc[theirs["names"], name].tolist() == pytest.approx(list(theirs[name]))


def test_coordinates_that_move_together_are_one_factor_of_which_only_sizes_count() -> None:
    mixed: dict[str, Any] = {"x.one": THREE["x.one"], "mix": AnyMix(mixture="any")}
    cube = Morris(kind="morris", trajectories=12).cube(mixed, 5)
    groups = ["x.one", "mix", "mix", "mix", "dummy"]
    table = morris_effects(with_luck(cube @ [1.0, 1, 1, 1, 0], 2, 0.0), cube, groups).set_index("factor")
    assert table["mu_star"]["x.one"] == pytest.approx(1)
    assert 1 <= table["mu_star"]["mix"] <= 3
    assert np.isnan(table["mu"]["mix"])


def test_with_one_replication_there_is_no_floor() -> None:
    cube = Morris(kind="morris", trajectories=4).cube(THREE, 5)
    table = morris_effects(with_luck(cube[:, 0], 1, 0.1), cube, [*THREE, "dummy"])
    assert table[["floor", "above_luck", "sigma_without_luck"]].isna().all(axis=None)


def test_regression_and_first_order_shares_find_what_matters() -> None:
    factors = pd.DataFrame(np.random.default_rng(2).random((400, 3)), columns=list("abc"))
    outcome = (2 * factors["a"] + factors["b"]).to_numpy()
    values = regression_coefficients(factors, outcome, luck_share=0.0).query("scale == 'value'").set_index("factor")
    assert values["estimate"].to_dict() == pytest.approx({"a": 0.894, "b": 0.447, "c": 0.0}, abs=0.05)
    assert values["r_squared"].iloc[0] == pytest.approx(1.0)
    shares = first_order_shares(factors, outcome, luck_share=0.0).set_index("factor")["estimate"].to_dict()
    assert shares == pytest.approx({"a": 0.8, "b": 0.2, "c": 0.0}, abs=0.07)


def test_a_factor_without_influence_is_seldom_told_from_nothing() -> None:
    told, trials = 0, 20
    for seed in range(trials):
        random = np.random.default_rng(seed)
        factors = pd.DataFrame(random.random((256, 4)), columns=list("abcd"))
        outcome = factors["a"].to_numpy() + random.normal(scale=0.3, size=256)
        shares = first_order_shares(factors, outcome, luck_share=0.0, seed=seed, resamples=100)
        assert ((shares["low"] <= shares["estimate"]) & (shares["estimate"] <= shares["high"])).all()
        told += int((shares["low"][1:] > 0).sum())
    assert told <= 0.1 * 3 * trials


# --- surfaces and regret ----------------------------------------------------------------------------------------------

TYPES = ["passive", "localised", "lacking_followers", "high_impact"]


def test_a_known_surface_over_mixes_is_found_with_its_best_mix() -> None:
    points = np.array(mixes(4))
    truth = points @ [0.1, 0.2, 0.2, 0.3] + 0.8 * points[:, 1] * points[:, 3]
    shared = np.random.default_rng(6).normal(size=(1, 40, 1)) * 0.1
    own = np.random.default_rng(7).normal(size=(1, 40, len(points))) * 0.02
    surface = response_surface(responses(truth + shared + own, "common"), points, TYPES)
    coefficients = surface.coefficients.set_index("term")
    assert surface.degree in {"quadratic", "special cubic"}
    assert coefficients.loc["localised x high_impact", "estimate"] == pytest.approx(0.8, abs=0.1)
    best = surface.mixes.iloc[0]
    assert (best["localised"], best["high_impact"]) == pytest.approx((0.45, 0.55), abs=0.06)
    assert 0 < surface.mixes["may_be_best"].sum() < 100


def test_shares_that_are_no_mix_are_refused() -> None:
    with pytest.raises(StudyError, match="add up to one"):
        response_surface(responses(np.ones((1, 3, 2)), "common"), np.array([[0.5, 0.2, 0.1, 0.1]] * 2), TYPES)


def test_regret_on_a_table_made_by_hand() -> None:
    means = np.array([[1.0, 0.9, 0.0], [0.0, 0.5, 1.0], [1.0, 0.8, 0.1]])
    values = means[:, None, :] + np.array([0.001, -0.001])[None, :, None]
    table = robustness(responses(values, "common"), 0.15).set_index("option")
    assert table["max_regret"].to_dict() == pytest.approx({0: 1.0, 1: 0.5, 2: 1.0})
    assert table["mean_regret"].to_dict() == pytest.approx({0: 1 / 3, 1: 0.8 / 3, 2: 1.9 / 3})
    assert table["near_best"].to_dict() == pytest.approx({0: 2 / 3, 1: 1 / 3, 2: 1 / 3})
    with pytest.raises(StudyError, match="several contexts"):
        robustness(responses(values[:1], "common"), 0.15)


# --- effects ----------------------------------------------------------------------------------------------------------


def crossed() -> pd.DataFrame:
    return pd.DataFrame([(a, b) for a in (0.0, 1.0) for b in (0.0, 1.0)], columns=["a", "b"])


def test_effects_and_interactions_are_contrasts_under_shared_luck() -> None:
    design = crossed()
    truth = (0.1 * design["a"] + 0.2 * design["b"] + 0.05 * design["a"] * design["b"]).to_numpy()
    luck = np.random.default_rng(8).normal(size=(1, 50, 1))
    own = np.random.default_rng(9).normal(size=(1, 50, 4)) * 0.001
    table = factorial_effects(responses(truth + luck + own, "common"), design, ["a", "b"], 0.02)
    found = table.set_index(["kind", "factor"])["estimate"].to_dict()
    assert found == pytest.approx(
        {("main effect", "a"): 0.125, ("main effect", "b"): 0.225, ("interaction", "a"): 0.05}, abs=1e-3
    )
    assert (table["high"] - table["low"]).max() < 0.002
    apart = factorial_effects(responses(truth + luck + own, "independent"), design, ["a", "b"], 0.02)
    assert (apart["high"] - apart["low"]).min() > 0.2


def test_one_factor_at_a_time_is_set_against_the_base() -> None:
    design = pd.DataFrame({"a": [0.0, 1.0, 0.0], "b": [0.0, 0.0, 1.0]})
    values = np.array([0.0, 0.3, -0.1]) + np.zeros((1, 5, 1)) + np.arange(5)[None, :, None]
    table = one_at_a_time_effects(responses(values, "common"), design, ["a", "b"], 0.0).set_index("factor")
    assert table["estimate"].to_dict() == pytest.approx({"a": 0.3, "b": -0.1})


def test_an_outcome_that_runs_can_be_without_is_refused() -> None:
    runs = pd.DataFrame({"point": [0, 0], "replication": [0, 1], "x": [1.0, np.nan], "failure": [None, None]})
    with pytest.raises(StudyError, match="x is missing in 1 of 2 runs"):
        values_of(runs, "x", [0])
