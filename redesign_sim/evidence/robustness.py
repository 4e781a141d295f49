"""How far a claim holds over the space of parameters: at space-filling points over all behavioural parameters.

Each point has its own values of all behavioural parameters, each drawn over its whole sweep range, one of the cases,
and luck of its own that its conditions share. A point has few replications, so its verdict is mostly undetectable
where the effect is small; what the effects would be like without that luck is estimated beside (`without_luck`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm, qmc

from redesign_sim.evidence.claims import AS_IT_IS, CASES, Expectation, level
from redesign_sim.evidence.running import SEED, Asked, Setting, sheets_of
from redesign_sim.evidence.verdicts import judge
from redesign_sim.rules import PARAMETERS
from redesign_sim.study.analysis.regression import first_order_shares
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redesign_sim.evidence.claims import Expected, FloatArray
    from redesign_sim.evidence.running import Shelf
    from redesign_sim.scenario import Scenario

LIVE = (0.1, 0.9)
"""Between which gains, as the point stands, something happens and not everything has."""

BASE = Expectation("base", "the gain as the point stands", level(AS_IT_IS, "integration_gain"), "open")
"""What says whether a point is live."""

FEWEST = 64
"""Fewer points than this say nothing of which parameter decides."""

FEWEST_RUNS = 3
"""However few runs a test takes at a point, so many: the jackknife needs them."""

SAMPLE = 1024
"""Points of the whole sample of the space."""


def points(number: int) -> list[Setting]:
    """The first so many of a scrambled Sobol sample of every behavioural parameter over its whole sweep; cases take
    turns, shuffled.

    A shallower look takes part of the same sample, so that a deeper one adds to it. Balanced at powers of two.
    """
    names = list(PARAMETERS)
    cube = qmc.Sobol(len(names), rng=np.random.default_rng(SEED)).random_base2(SAMPLE.bit_length() - 1)
    low, high = (np.array([PARAMETERS[name].quantity.sweep[end] for name in names]) for end in (0, 1))
    values = (low + cube * (high - low))[:number]
    turns = np.random.default_rng(SEED + 1).permutation(np.arange(SAMPLE) % len(CASES))[:number]
    return [
        Setting(
            CASES[turn],
            f"point {at}",
            {f"behaviour.{name}": float(value) for name, value in zip(names, row, strict=True)},
            SEED + 1 + at,
        )
        for at, (row, turn) in enumerate(zip(values, turns, strict=True))
    ]


def asked_at(setting: Setting, expectations: Iterable[Expectation], replications: int) -> list[Asked]:
    """What is run at a point: the gain as it stands with the tests that take the usual runs, then those that take
    fewer or more.
    """
    by_runs: dict[int, list[Expectation]] = {replications: [BASE]}
    for each in expectations:
        if each.mapped and setting.case in each.cases:
            runs = max(FEWEST_RUNS, round(each.at_a_point * replications))
            by_runs.setdefault(runs, []).append(each)
    return [Asked(setting, tuple(tests), runs) for runs, tests in by_runs.items()]


def effects(shelf: Shelf, every: Sequence[Asked], bases: dict[str, Scenario]) -> pd.DataFrame:
    """A row a point and test: the effect, its standard error, the verdict, the base gain, and the parameters.

    At each point what is asked with the base gain comes first.
    """
    rows = []
    gain = np.nan
    for asked in every:
        sheets = sheets_of(asked, shelf, bases[asked.setting.case])
        gain = judge(BASE, sheets).estimate if BASE in asked.expectations else gain
        values = {name.removeprefix("behaviour."): value for name, value in asked.setting.changes.items()}
        for each in asked.expectations:
            scores = each.effect.scores(sheets)
            known = scores[np.isfinite(scores)]
            error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else np.nan
            estimate = float(known.mean()) if len(known) else np.nan
            found = {"test": each.id, "effect": estimate, "error": error, "word": judge(each, sheets).word}
            rows.append({**found, "case": asked.setting.case, "point": asked.setting.name, "base": gain, **values})
    return pd.DataFrame(rows)


class Held(NamedTuple):
    """Over so many points, the share at which a test holds, is undetectable, is reversed; and the same without luck.

    `luck` is the share of the variance of the effects between points that is luck. The last three are estimated: the
    distribution of the true effects that, with each point's luck on top, makes what was seen most likely.
    """

    points: int
    holds: float
    undetectable: float
    reversed: float
    luck: float
    clean_holds: float
    clean_undetectable: float
    clean_reversed: float


def held(rows: pd.DataFrame, expectation: Expectation) -> Held:
    """How far a test holds over some points."""
    words = rows["word"].replace({"above": "holds", "below": "reversed"})
    shares = [float((words == word).mean()) if len(rows) else np.nan for word in ("holds", "undetectable", "reversed")]
    known = rows[np.isfinite(rows["effect"]) & np.isfinite(rows["error"])]
    estimates, errors = known["effect"].to_numpy(float), known["error"].to_numpy(float)
    clean = without_luck(estimates, errors, expectation.expected, expectation.smallest)
    return Held(len(rows), shares[0], shares[1], shares[2], luck_share(estimates, errors), *clean)


def luck_share(estimates: FloatArray, errors: FloatArray) -> float:
    """The share of the variance between points that is luck; 1 where all of it may be."""
    if len(estimates) < 2 or np.ptp(estimates) == 0:  # noqa: PLR2004  one point has no spread
        return np.nan
    return float(min(1.0, np.mean(errors**2) / estimates.var(ddof=1)))


GRID, ROUNDS = 161, 400


def without_luck(
    estimates: FloatArray, errors: FloatArray, expected: Expected, smallest: float
) -> tuple[float, float, float]:
    """The shares of true effects that hold, are too small, are reversed.

    From the distribution on a grid under which estimates with these normal errors are likeliest (Kiefer and Wolfowitz
    1956), found by expectation and maximisation. NaN where there is nothing to go by.
    """
    if len(estimates) < 2:  # noqa: PLR2004  one point has no distribution
        return np.nan, np.nan, np.nan
    reach = max(float(np.abs(estimates).max()), 2 * smallest)
    grid = np.linspace(-reach, reach, GRID)
    errors = np.maximum(errors, (grid[1] - grid[0]) / 2)
    likely = norm.pdf(estimates[:, None], grid[None, :], errors[:, None]) + np.finfo(float).tiny
    weights = np.full(GRID, 1 / GRID)
    for _ in range(ROUNDS):
        joint = likely * weights
        weights = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    above, below = float(weights[grid > smallest].sum()), float(weights[grid < -smallest].sum())
    inside = 1 - above - below
    if expected == "nothing":
        return inside, 0.0, above + below
    return (above, inside, below) if expected in {"more", "open"} else (below, inside, above)


def deciding(rows: pd.DataFrame, *, resamples: int = 200) -> pd.DataFrame:
    """How much of the differences of an effect between points each parameter, and the case, accounts for alone.

    Columns `factor`, `estimate`, `low`, `high`, `without_luck` (the share of what is not luck); the largest first, a
    factor that nothing reads (`dummy`) among them. Empty where there are too few points, or no differences.
    """
    known = rows[np.isfinite(rows["effect"])]
    effects_seen = known["effect"].to_numpy(float)
    if len(known) < FEWEST or np.ptp(effects_seen) == 0:
        return pd.DataFrame(columns=["factor", "estimate", "low", "high", "without_luck"])
    factors = known[list(PARAMETERS)].assign(
        case=known["case"].map({case: number for number, case in enumerate(CASES)}),
        dummy=np.random.default_rng(SEED).random(len(known)),
    )
    luck = min(luck_share(effects_seen, known["error"].fillna(0).to_numpy(float)), 1 - 1e-9)
    try:
        table = first_order_shares(factors, effects_seen, luck_share=luck, resamples=resamples)
    except StudyError:
        return pd.DataFrame(columns=["factor", "estimate", "low", "high", "without_luck"])
    ordered = table.sort_values("estimate", ascending=False, ignore_index=True)
    return ordered[["factor", "estimate", "low", "high", "without_luck"]]
