"""The fit of growth recovers exponents that are known, and its interval holds them as often as it says."""

from __future__ import annotations

import numpy as np
import pytest

from redesign_sim.benchmarks.growth import exponent_of

SIZES = [20.0, 80.0, 320.0, 1280.0, 5000.0]


@pytest.mark.parametrize("power", [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
def test_a_power_law_gives_its_exponent_without_doubt(power: float) -> None:
    fitted = exponent_of(SIZES, [3e-4 * size**power for size in SIZES])
    assert fitted == pytest.approx((power, power, power), abs=1e-9)


def test_the_interval_holds_the_exponent_in_about_nineteen_of_twenty() -> None:
    rng = np.random.default_rng(1)
    times = 2000
    held = 0
    for _ in range(times):
        costs = [size**1.5 * float(np.exp(rng.normal(scale=0.1))) for size in SIZES]
        fitted = exponent_of(SIZES, costs)
        held += fitted.low <= 1.5 <= fitted.high
    assert 0.93 < held / times < 0.97


def test_more_repeats_make_it_surer() -> None:
    rng = np.random.default_rng(2)
    sizes = SIZES * 8
    costs = [size * float(np.exp(rng.normal(scale=0.1))) for size in sizes]
    few, many = exponent_of(sizes[:5], costs[:5]), exponent_of(sizes, costs)
    assert many.high - many.low < few.high - few.low


def test_two_points_give_a_slope_and_no_interval() -> None:
    assert exponent_of([1.0, 10.0], [1.0, 100.0]) == pytest.approx((2.0, 2.0, 2.0))


def test_one_size_is_no_growth() -> None:
    with pytest.raises(ValueError, match="at least two sizes"):
        exponent_of([5.0, 5.0], [1.0, 2.0])
