"""Boxes with known answers: found where they are, not found where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from redesign_sim.study.analysis.boxes import cases_of, paste, peel
from redesign_sim.study.analysis.prim import Search, discover, measure, pruned, quasi_p
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

QUICK = Search(resamples=8, shuffles=19)


def space(points: int = 800, seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.random((points, 4)), columns=list("abcd"))
    frame = frame.assign(people=random.integers(1, 6, points))
    return frame.assign(rule=random.choice(["unanimity", "supermajority", "lead_authority"], points))


def in_the_box(frame: pd.DataFrame) -> Floats:
    return np.asarray((frame["a"] > 0.6) & (frame["b"] < 0.5) & (frame["rule"] != "unanimity"), dtype=float)


def test_a_known_box_with_a_name_in_it_is_found() -> None:
    frame = space()
    found = discover(frame, in_the_box(frame), search=QUICK)
    limits: Any = found.limits[found.limits["box"] == 1].set_index("factor")
    assert set(limits.index) == {"a", "b", "rule"}
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.04)
    assert limits.loc["b", "high"] == pytest.approx(0.5, abs=0.04)
    assert limits.loc["rule", "levels"] == "lead_authority, supermajority"
    assert (limits["quasi_p"] < 1e-3).all()
    assert (limits["found_again"] == 1).all()
    assert limits.loc["a", "low_from"] - 0.02 < 0.6 < limits.loc["a", "low_to"] + 0.02
    box = found.boxes.iloc[0]
    assert box[["coverage", "density", "coverage_held_out", "density_held_out"]].min() > 0.9
    assert box["p_shuffled"] == 1 / 20
    assert box["density_of_all"] == pytest.approx(in_the_box(frame).mean())


def test_whole_numbers_are_cut_between_them() -> None:
    frame = space()
    found = discover(frame, np.asarray(frame["people"] >= 4, dtype=float), search=QUICK).limits
    assert found[["factor", "low", "high"]].to_numpy().tolist() == [["people", 4.0, 5.0]]


def test_noise_has_no_box() -> None:
    frame = space(300)
    for seed in range(5):
        hits = (np.random.default_rng(seed).random(300) < 0.3).astype(float)
        found = discover(frame, hits, search=QUICK._replace(resamples=2))
        assert len(found.boxes) == 1
        assert found.limits.empty
        assert found.boxes["p_shuffled"].item() > 0.05
        assert found.boxes[["coverage", "mass"]].iloc[0].tolist() == [1, 1]


def test_two_boxes_are_found_one_after_the_other() -> None:
    frame = space(1500)
    hits = np.asarray((frame["a"] > 0.8) | (frame["b"] < 0.2), dtype=float)
    found = discover(frame, hits, search=QUICK._replace(resamples=2))
    first, second = (found.limits[found.limits["box"] == number] for number in (1, 2))
    assert {first["factor"].iloc[0], second["factor"].iloc[0]} == {"a", "b"}
    assert found.boxes["coverage"].sum() == pytest.approx(1, abs=0.05)
    assert (found.boxes["density"] > 0.9).all()
    assert found.boxes["mass"].sum() == pytest.approx(hits.mean(), abs=0.02)


def test_shares_of_futures_can_be_of_interest_too() -> None:
    frame = space()
    shares = 0.1 + 0.6 * in_the_box(frame)
    box = discover(frame, shares, search=QUICK).boxes.iloc[0]
    assert box["density"] == pytest.approx(0.7, abs=0.03)
    assert box["coverage"] == pytest.approx(shares[in_the_box(frame) > 0].sum() / shares.sum(), abs=0.03)


def test_coverage_density_mass_and_quasi_p_are_those_of_the_formulas() -> None:
    frame = pd.DataFrame({"x": np.arange(10.0), "y": [0.0, 1.0] * 5})
    cases = cases_of(frame, np.array([0, 0, 0, 1, 0, 1, 1, 1, 1, 1.0]))
    box = cases.whole.with_limits(0, 5.0, np.inf)
    assert measure(cases, box)[:3] == pytest.approx((5 / 6, 1.0, 0.5))
    assert measure(cases, box).balance == pytest.approx(2 * (5 / 6) / (11 / 6))
    assert quasi_p(cases, box, 0) == pytest.approx(0.6**5)
    within_both = box.with_limits(1, 1.0, 1.0)
    assert quasi_p(cases, within_both, 1) == pytest.approx(1.0)
    assert pruned(cases, box.with_limits(1, 1.0, 1.0)).restricted(cases) == []


def test_peeling_takes_the_slice_that_raises_density_most_for_what_it_costs() -> None:
    frame = pd.DataFrame({"x": np.arange(20.0), "y": np.tile([0.0, 1.0], 10)})
    cases = cases_of(frame, np.asarray(frame["x"] >= 10, dtype=float))
    way = peel(cases, share=0.05)
    assert [float(box.low[0]) for box in way[1:]] == list(range(1, 11))
    assert all(box.restricted(cases) == [0] for box in way[1:])
    assert measure(cases, way[-1])[:2] == (1, 1)


def test_pasting_gives_back_what_was_cut_too_deep() -> None:
    frame = pd.DataFrame({"x": np.arange(100.0)})
    hits = np.asarray((frame["x"] >= 40) & (frame["x"] != 50), dtype=float)
    cases = cases_of(frame, hits)
    tight = cases.whole.with_limits(0, 50.0, np.inf)
    assert paste(cases, tight).low[0] <= 41


def test_names_are_pasted_back_too() -> None:
    frame = pd.DataFrame({"rule": list("aabbcc") * 10, "x": np.zeros(60)})
    cases = cases_of(frame, np.array([1, 0, 1, 1, 0, 0] * 10, dtype=float))
    kept = cases.whole.with_kept(0, frozenset({0}))
    assert paste(cases, kept).kept[0] == frozenset({0, 1})


def test_another_step_of_the_way_can_be_picked_and_stays_as_it_is() -> None:
    frame = space()
    way = discover(frame, in_the_box(frame), search=QUICK).ways.query("box == 1")
    assert way["step"].tolist() == list(range(len(way)))
    assert way["chosen"].sum() == 1
    picked = discover(frame, in_the_box(frame), search=QUICK._replace(boxes=1), pick=3)
    expected = way.iloc[3]
    assert picked.boxes[["coverage", "density"]].iloc[0].tolist() == pytest.approx(
        expected[["coverage", "density"]].tolist()
    )
    with pytest.raises(StudyError, match="no step 999"):
        discover(frame, in_the_box(frame), search=QUICK, pick=999)


def test_the_same_seed_finds_the_same() -> None:
    frame = space(400)
    once, again, other = (discover(frame, in_the_box(frame), search=QUICK, seed=seed).limits for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(once, again)
    assert not once.equals(other)


def test_points_of_one_draw_are_resampled_together() -> None:
    frame = space(100)
    twice = pd.concat([frame, frame], ignore_index=True)
    hits = np.concatenate([in_the_box(frame), in_the_box(frame)])
    apart = discover(twice, hits, search=QUICK._replace(boxes=1))
    together = discover(twice, hits, search=QUICK._replace(boxes=1), clusters=np.tile(np.arange(100), 2))
    # Held out alone, a point's twin is among those that the search saw.
    assert together.boxes["density_held_out"].item() < apart.boxes["density_held_out"].item()


@pytest.mark.parametrize(
    ("interest", "words"),
    [
        (np.zeros(50), "of interest to the same degree"),
        (np.ones(50), "of interest to the same degree"),
        (np.linspace(0, 2, 50), "as 0 to 1"),
        (np.append(np.zeros(49), np.nan), "as 0 to 1"),
    ],
)
def test_interest_without_a_meaning_is_refused(interest: Floats, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        discover(space(50), interest)


def test_a_missing_factor_is_refused() -> None:
    frame = space(50)
    frame.loc[3, "a"] = np.nan
    with pytest.raises(StudyError, match="A factor is missing"):
        discover(frame, in_the_box(frame))
