"""Analyses with known answers: indices, elementary effects, boxes, surfaces, regret, effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from redesign_sim.study.analysis.door import analyse
from redesign_sim.study.analysis.effects import factorial_effects, one_at_a_time_effects
from redesign_sim.study.analysis.elsewhere import salib_problem, to_ema
from redesign_sim.study.analysis.morris import morris_effects
from redesign_sim.study.analysis.prim import prim
from redesign_sim.study.analysis.regression import first_order_shares, regression_coefficients
from redesign_sim.study.analysis.responses import Responses, responses, values_of
from redesign_sim.study.analysis.robustness import robustness
from redesign_sim.study.analysis.scheffe import response_surface
from redesign_sim.study.analysis.sobol import sobol_indices
from redesign_sim.study.designs.sampled import Morris, Saltelli
from redesign_sim.study.errors import StudyError
from redesign_sim.study.factors import Range
from redesign_sim.study.mixes import mixes
from redesign_sim.study.running import run_experiment
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from redesign_sim.scenario import Scenario

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


def test_regression_and_first_order_shares_find_what_matters() -> None:
    factors = pd.DataFrame(np.random.default_rng(2).random((400, 3)), columns=list("abc"))
    outcome = (2 * factors["a"] + factors["b"]).to_numpy()
    values = regression_coefficients(factors, outcome, luck_share=0.0).query("scale == 'value'").set_index("factor")
    assert values["estimate"].to_dict() == pytest.approx({"a": 0.894, "b": 0.447, "c": 0.0}, abs=0.05)
    assert values["r_squared"].iloc[0] == pytest.approx(1.0)
    shares = first_order_shares(factors, outcome, luck_share=0.0).set_index("factor")["estimate"].to_dict()
    assert shares == pytest.approx({"a": 0.8, "b": 0.2, "c": 0.0}, abs=0.07)


# --- boxes ------------------------------------------------------------------------------------------------------------


def space(points: int = 800, seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.random((points, 4)), columns=list("abcd"))
    return frame.assign(rule=random.choice(["unanimity", "supermajority", "lead_authority"], points))


def test_a_known_box_with_a_name_in_it_is_found() -> None:
    frame = space()
    hits = ((frame["a"] > 0.6) & (frame["b"] < 0.5) & (frame["rule"] != "unanimity")).to_numpy()
    box = prim(frame, hits, resamples=10)[0]
    limits = box.limits.set_index("factor")
    assert set(limits.index) == {"a", "b", "rule"}
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.04)
    assert limits.loc["b", "high"] == pytest.approx(0.5, abs=0.04)
    assert limits.loc["rule", "levels"] == "lead_authority, supermajority"
    assert box.coverage > 0.9
    assert box.density > 0.9
    assert (limits["quasi_p"] < 1e-3).all()
    assert (limits["found_again"] >= 0.9).all()


def test_two_boxes_are_found_one_after_the_other() -> None:
    frame = space(1500)
    hits = ((frame["a"] > 0.8) | (frame["b"] < 0.2)).to_numpy()
    boxes = prim(frame, hits, resamples=0)
    found = [set(box.limits["factor"]) for box in boxes[:2]]
    assert {"a"} in found or {"b"} in found
    assert sum(box.coverage for box in boxes) > 0.8
    assert not (boxes[0].inside & boxes[1].inside).any()


def test_noise_has_no_box_that_one_would_believe() -> None:
    frame = space(400)
    hits = np.random.default_rng(4).random(400) < 0.3
    boxes = prim(frame, hits, resamples=20)
    assert all((box.limits["found_again"] < 0.9).any() or box.coverage < 0.3 for box in boxes)


def test_all_or_none_of_interest_is_refused() -> None:
    with pytest.raises(StudyError, match="None of the points"):
        prim(space(50), np.zeros(50, dtype=np.bool_))
    with pytest.raises(StudyError, match="All of the points"):
        prim(space(50), np.ones(50, dtype=np.bool_))


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


# --- from a study to its analysis -------------------------------------------------------------------------------------


def answers(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """An outcome that users' voice raises and the pace of change does not, with luck."""
    luck = np.array([np.random.default_rng([seed, number]).normal() for number in replications])
    index = 0.2 + 0.5 * scenario.users.voice + 0.02 * luck
    frame = pd.DataFrame(dict.fromkeys(MEASURES, index)).assign(replication=list(replications))
    return frame.assign(integrated=index > 0.45, failure_mode="none")


HEAD = "name: tiny\nquestion: Which?\nscenarios: [locality.yaml]\nreplications: 6\n"
RANGES = "  users.voice: {low: 0, high: 1}\n  behaviour.pace: sweep\n"


@pytest.mark.parametrize(
    ("text", "tables", "told"),
    [
        ("design: {kind: saltelli, points: 64}\nuncertainties:\n" + RANGES, {"sobol"}, "hangs on users.voice "),
        (
            "design: {kind: morris, trajectories: 12}\nuncertainties:\n" + RANGES,
            {"morris"},
            "moves most with users.voice 0.5",
        ),
        (
            "design: {kind: sobol, points: 128}\nuncertainties:\n" + RANGES,
            {"regression", "first_order", "boxes", "boxes_way"},
            "users.voice alone accounts for 9",
        ),
        (
            "design: {kind: factorial}\nlevers: {users.voice: [0.1, 0.9], behaviour.pace: [0.2, 0.4]}\n",
            {"effects", "effects_logit", "shared_luck"},
            "is that of users.voice 0.1 to 0.9: +0.4",
        ),
        (
            "design: {kind: one_at_a_time}\nlevers: {users.voice: [0.9], behaviour.pace: [0.2]}\n",
            {"effects", "effects_logit", "shared_luck"},
            "main effect on integration_index is that of users.voice",
        ),
        (
            "design: {kind: simplex_lattice, divisions: 2}\nuncertainties:\n"
            + RANGES
            + "sample: {kind: sobol, points: 4}\n",
            {"surface_degrees", "surface_coefficients", "surface_mixes", "robustness", "shared_luck"},
            "9 others cannot be told from it",
        ),
    ],
)
def test_every_design_has_its_analysis(place: Path, text: str, tables: set[str], told: str) -> None:
    (place / "s.yaml").write_text(HEAD + text)
    found = analyse(run_experiment(place / "s.yaml", place / "r", simulate=answers, workers=1))
    assert set(found.tables) >= tables - {"shared_luck", "effects_logit"}
    assert any(told in sentence for sentence in found.sentences), found.sentences


def test_other_tools_get_the_shapes_that_they_take(place: Path) -> None:
    (place / "s.yaml").write_text(HEAD + "design: {kind: saltelli, points: 4}\nuncertainties:\n" + RANGES)
    results = run_experiment(place / "s.yaml", place / "r", simulate=answers, workers=1)
    experiments, outcomes = to_ema(results)
    assert len(experiments) == len(outcomes["integrated"]) == 6 * 4 * 5
    assert {"users.voice", "behaviour.pace", "scenario", "policy", "model"} == set(experiments)
    problem = salib_problem(results)
    assert problem["names"] == ["users.voice", "behaviour.pace", "dummy"]
    with pytest.raises(StudyError, match="has no case elsewhere; it has locality"):
        to_ema(results, "elsewhere")
