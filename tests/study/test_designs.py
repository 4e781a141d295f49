"""Designs: what they promise of their points, and what they refuse."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy.stats import qmc

from redesign_sim.study.experiment import resolve
from redesign_sim.study.factors import Factor
from redesign_sim.study.mixes import Mix, axes, centroids, stick_breaking, vertices, within
from redesign_sim.study.schema import Study
from redesign_sim.world.building import realised_mix

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario
    from redesign_sim.study.experiment import Experiment

VOICE, SUPPORT = "users.voice", "network.strength"
TWO: dict[str, object] = {VOICE: {"low": 0.0, "high": 1.0}, SUPPORT: [0.1, 0.2, 0.4]}
MIXED: dict[str, object] = {**TWO, "leadership.mix": {"mixture": "any"}}


def experiment_with(locality: Scenario, **changes: object) -> Experiment:
    said: dict[str, Any] = {"name": "tiny", "question": "Which?", "scenarios": ["locality"], "replications": 3}
    return resolve(Study.model_validate({**said, **changes}), {"locality": locality})


def factor(given: object) -> Any:  # noqa: ANN401  any of the factors
    return TypeAdapter(Factor).validate_python(given)


# --- factors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "unit", "value"),
    [
        ({"low": 2.0, "high": 4.0}, 0.25, 2.5),
        ({"low": 1.0, "high": 4.0, "whole": True}, 0.24, 1),
        ({"low": 1.0, "high": 4.0, "whole": True}, 0.26, 2),
        ({"low": 1.0, "high": 4.0, "whole": True}, 1.0, 4),
        ({"levels": ["a", "b", "c", "d"]}, 0.74, "c"),
        ({"levels": ["a", "b"], "weights": [3.0, 1.0]}, 0.74, "a"),
        ({"levels": ["a", "b"], "weights": [3.0, 1.0]}, 0.76, "b"),
        ({"levels": ["a", "b"]}, 1.0, "b"),
        ({"distribution": "uniform", "low": 2.0, "high": 4.0}, 0.25, 2.5),
        ({"distribution": "log_uniform", "low": 1.0, "high": 100.0}, 0.5, 10.0),
        ({"distribution": "normal", "mean": 3.0, "sd": 1.0}, 0.5, 3.0),
        ({"distribution": "normal", "mean": 0.0, "sd": 1.0, "low": 0.0}, 0.5, 0.6744897501960817),
        ({"distribution": "beta", "a": 1.0, "b": 1.0, "low": 2.0, "high": 4.0}, 0.25, 2.5),
        ({"distribution": "triangular", "low": 0.0, "mode": 0.5, "high": 1.0}, 0.125, 0.25),
    ],
)
def test_a_factor_turns_a_share_of_the_unit_interval_into_a_value(given: object, unit: float, value: object) -> None:
    found = factor(given).at((unit,))
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"distribution": "weibull"}, "is no distribution; there are uniform"),
        ({"distribution": "normal", "mean": 0.0, "sd": 0.0}, "greater than 0"),
        ({"distribution": "triangular", "low": 0.0, "mode": 2.0, "high": 1.0}, "mode does not lie between"),
        ({"distribution": "beta", "a": 1.0, "b": 1.0, "low": 1.0, "high": 1.0}, "low has to be below high"),
        ({"levels": [1, 2], "weights": [1.0]}, "one number for each of the"),
        ("everything", "levels, as"),
        ({"mixture": "some"}, "any"),
    ],
)
def test_a_factor_that_says_nothing_usable_is_refused(given: object, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        factor(given)


def test_extremes_of_a_distribution_without_ends_are_finite() -> None:
    low, high = factor({"distribution": "normal", "mean": 0.0, "sd": 1.0}).extremes
    assert -7 < low < -5 < 5 < high < 7


# --- mixes ------------------------------------------------------------------------------------------------------------


def test_stick_breaking_spreads_mixes_more_evenly_than_drawing_them() -> None:
    cube = qmc.Sobol(3, scramble=True, rng=np.random.default_rng(5)).random(256)
    even = np.array([stick_breaking(row) for row in cube.tolist()])
    drawn = np.random.default_rng(5).dirichlet(np.ones(4), 256)
    # Of evenly spread mixes every share has mean 1/4 and every product of two mean 1/20.
    wrong = [
        np.abs(mixes.mean(axis=0) - 0.25).max() + abs((mixes[:, 0] * mixes[:, 3]).mean() - 0.05)
        for mixes in (even, drawn)
    ]
    assert 2 * wrong[0] < wrong[1]


def test_a_mix_from_the_cube_sums_to_one_and_becomes_all_the_people() -> None:
    rng = np.random.default_rng(11)
    for row in [*rng.random((200, 3)).tolist(), [0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0]]:
        mix = stick_breaking(row)
        assert sum(mix) == pytest.approx(1, abs=1e-12), row
        assert min(mix) >= 0
        assert sum(realised_mix(mix, 44)) == 44


def test_there_are_fifteen_centroids_and_axes_end_at_the_types() -> None:
    assert len(set(centroids())) == 15
    assert len(axes(3)) == 13
    assert set(axes(3)) >= {Mix(1, 0, 0, 0), Mix(0, 0, 0, 1), Mix(0.25, 0.25, 0.25, 0.25)}
    assert all(sum(mix) == pytest.approx(1) for mix in axes(3))


def test_bounds_keep_mixes_between_them_and_give_their_corners() -> None:
    low, high = Mix(0.1, 0, 0, 0), Mix(0.5, 1, 0.3, 0.4)
    found = within(10, low, high)
    assert all(
        least - 1e-6 <= share <= most + 1e-6 for mix in found for least, share, most in zip(low, mix, high, strict=True)
    )
    assert Mix(0.3, 0, 0.3, 0.4) in vertices(low, high)
    assert set(vertices(low, high)) <= set(found)
    assert all(sum(mix) == pytest.approx(1, abs=1e-12) for mix in found)
    thirds = within(6, Mix(0.2, 0, 0, 0.1), Mix(1, 1, 1, 0.4))
    assert all(sum(mix) == pytest.approx(1, abs=1e-12) for mix in thirds)


def test_corners_without_bounds_are_the_types_alone() -> None:
    assert set(vertices(Mix(0, 0, 0, 0), Mix(1, 1, 1, 1))) == {mix for mix in centroids() if max(mix) == 1}


# --- designs ----------------------------------------------------------------------------------------------------------

DESIGNS: list[tuple[dict[str, object], dict[str, object], int]] = [
    ({"kind": "one_at_a_time"}, TWO, 1 + 2 + 3),
    ({"kind": "latin_hypercube", "points": 9}, MIXED, 9),
    ({"kind": "sobol", "points": 16}, MIXED, 16),
    ({"kind": "morris", "trajectories": 5}, TWO, 5 * 4),
    ({"kind": "saltelli", "points": 8}, MIXED, 8 * (3 + 1 + 2)),
    ({"kind": "saltelli", "points": 8, "dummy": False}, TWO, 8 * (2 + 2)),
    ({"kind": "saltelli", "points": 8, "second_order": True}, TWO, 8 * (2 * 3 + 2)),
    ({"kind": "simplex_centroid"}, {}, 15),
    ({"kind": "simplex_axial", "steps": 2}, {SUPPORT: [0.1, 0.2]}, 18),
    ({"kind": "bounded_mixes", "bounds": {"high_impact": [0.5, 1.0]}, "divisions": 2}, {}, 5),
    ({"kind": "space_filling_mixes", "points": 8}, {}, 8),
]


@pytest.mark.parametrize(("design", "levers", "points"), DESIGNS)
def test_a_design_has_the_points_that_it_promises(
    locality: Scenario, design: dict[str, object], levers: dict[str, object], points: int
) -> None:
    experiment = experiment_with(locality, design=design, levers=levers)
    table = experiment.table()
    assert len(table) == len(experiment.points) == experiment.study.points == points
    if "people_passive" in table:
        assert (table[[f"people_{kind}" for kind in Mix._fields]].sum(axis=1) == 11).all()


@pytest.mark.parametrize(("design", "levers", "points"), DESIGNS)
def test_the_same_seed_draws_the_same_points(
    locality: Scenario, design: dict[str, object], levers: dict[str, object], points: int
) -> None:
    digests = [
        [point.digest for point in experiment_with(locality, design=design, levers=levers, seed=seed).points]
        for seed in (0, 0, 1)
    ]
    drawn = design["kind"] in {"latin_hypercube", "sobol", "morris", "saltelli", "space_filling_mixes"}
    assert digests[0] == digests[1]
    assert (digests[0] != digests[2]) is drawn, points


def test_a_trajectory_moves_one_factor_at_a_time_and_a_mix_as_a_whole(locality: Scenario) -> None:
    experiment = experiment_with(locality, design={"kind": "morris", "trajectories": 4}, levers=MIXED)
    rows = np.array([list(point.units.values()) for point in experiment.points]).reshape(4, -1, 6)
    groups = np.array([0, 1, 2, 2, 2, 3])
    for trajectory in rows:
        moved = [set(groups[np.flatnonzero(step)]) for step in np.diff(trajectory, axis=0)]
        assert sorted(map(len, moved)) == [1, 1, 1, 1]
        assert set.union(*moved) == {0, 1, 2, 3}


def test_a_dummy_meets_new_luck_and_no_other_scenario(locality: Scenario) -> None:
    experiment = experiment_with(locality, design={"kind": "saltelli", "points": 2}, levers=TWO)
    alike = Counter(point.digest for point in experiment.points)
    assert max(alike.values()) >= 2
    assert len({point.seed for point in experiment.points}) == len(experiment.points)


def test_luck_is_common_for_comparisons_and_not_for_surfaces(locality: Scenario) -> None:
    kinds = {
        str(design["kind"]): experiment_with(locality, design=design, levers=levers) for design, levers, _ in DESIGNS
    }
    common = {kind for kind, experiment in kinds.items() if experiment.study.common_luck}
    assert common == {"one_at_a_time", "morris", "simplex_centroid", "simplex_axial", "bounded_mixes"}
    for experiment in kinds.values():
        assert (len({point.seed for point in experiment.points}) == 1) is experiment.study.common_luck
    stated = experiment_with(locality, design={"kind": "sobol", "points": 4}, levers=TWO, luck="common")
    assert {point.seed for point in stated.points} == {stated.study.seed}


# --- uncertainties drawn apart ----------------------------------------------------------------------------------------


def test_every_draw_of_the_uncertainties_meets_every_mix(locality: Scenario) -> None:
    experiment = experiment_with(
        locality,
        design={"kind": "simplex_lattice", "divisions": 1},
        uncertainties={"behaviour.*": "sweep"},
        sample={"kind": "latin_hypercube", "points": 5},
    )
    table = experiment.table()
    assert len(table) == 20
    assert list(table["context"].unique()) == [f"{locality.name}, world {number}" for number in range(1, 6)]
    assert (table.groupby("context")["behaviour.pace"].nunique() == 1).all()
    assert table["behaviour.pace"].nunique() == 5
    assert set(table["unit:behaviour.pace"].mul(5).astype(int)) == {0, 1, 2, 3, 4}
    assert {point.seed for point in experiment.points} == {experiment.study.seed}


def test_sweep_is_the_published_range_and_a_named_one_stands_over_the_star() -> None:
    study = Study.model_validate(
        {
            "name": "tiny",
            "question": "Which?",
            "scenarios": ["x"],
            "design": {"kind": "sobol", "points": 4},
            "uncertainties": {
                "behaviour.*": "sweep",
                "behaviour.pace": [0.2, 0.4],
                "strategies[0].month": "sweep",
                "users.voice": "sweep",
            },
        }
    )
    factors = study.uncertainties
    assert len([path for path in factors if path.startswith("behaviour.")]) == 20
    assert factors["behaviour.pace"].values == (0.2, 0.4)
    assert factors["behaviour.weakest"].extremes == (0.0, 1.0)
    assert factors["strategies[0].month"].whole  # type: ignore[union-attr]
    assert factors["users.voice"].extremes == (0.0, 1.0)
    assert isinstance(factors["behaviour.reach"].at((0.5,)), int | float)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"design": {"kind": "sobol", "points": 12}, "levers": TWO}, "take 8 or 16"),
        ({"design": {"kind": "morris", "trajectories": 2, "grid": 5}, "levers": TWO}, "even"),
        ({"design": {"kind": "sobol", "points": 8}}, "a sobol design needs at least one lever"),
        ({"design": {"kind": "simplex_lattice"}, "levers": MIXED}, "leadership.mix is varied by a"),
        ({"design": {"kind": "simplex_lattice"}, "sample": {"kind": "sobol", "points": 4}}, "there are none"),
        ({"design": {"kind": "one_at_a_time", "baseline": {"x.y": 1}}, "levers": TWO}, "x.y is no lever"),
        ({"design": {"kind": "bounded_mixes", "bounds": {"passive": [0.5, 0.2]}}}, "above the greatest"),
        ({"design": {"kind": "bounded_mixes", "bounds": {"passive": [0.6, 1], "localised": [0.5, 1]}}}, "no mix lies"),
        ({"design": {"kind": "bounded_mixes", "bounds": {"passive": [0, 1.5]}}}, "less than or equal to 1"),
        ({"design": {"kind": "factorial"}, "levers": {f"a.b{n}": [*range(200)] for n in range(3)}}, "8,000,000 points"),
        ({"design": {"kind": "sobol", "points": 4}, "levers": {"users.vioce": "sweep"}}, "published range"),
    ],
)
def test_what_cannot_be_a_design_is_refused(changes: dict[str, object], told: str) -> None:
    said = {"name": "tiny", "question": "Which?", "scenarios": ["x"]}
    with pytest.raises(ValidationError, match=told):
        Study.model_validate({**said, **changes})
