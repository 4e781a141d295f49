"""Why outcomes differ, told from a study's runs: Sobol indices, elementary effects, regression, boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redesign_sim.study.analysis import morris, prim, regression, sobol
from redesign_sim.study.designs.sampled import DUMMY, Grouped, Saltelli
from redesign_sim.study.errors import StudyError
from redesign_sim.study.interest import is_share

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd
    from numpy.typing import NDArray

    from redesign_sim.study.analysis.asked import Analysis, Asked, Frame
    from redesign_sim.study.analysis.responses import FloatArray, Responses

HALF, FEW = 0.5, 0.05
HIGHEST = 0.75


def sobol_of(found: Analysis, asked: Asked) -> None:
    """Sobol indices, the mix as one factor, the dummy among them; of the mean over all draws where there are any."""
    design, names = _grouped(asked), list(dict.fromkeys(_groups(asked)))
    pairs = isinstance(design, Saltelli) and design.second_order
    table = sobol.sobol_indices(asked.levers().averaged(), names, second_order=pairs, seed=asked.seed)
    found.add("sobol", table, **asked.beside)
    total = table[(table["order"] == "total") & (table["factor"] != DUMMY)]
    top = total.sort_values("estimate", ascending=False).head(3)
    words = ", ".join(f"{row['factor']} {row['estimate']:.2f}" for _, row in top.iterrows())
    found.say(
        f"{asked.case}: most of the variation of {asked.outcome} hangs on {words} (total-order indices; "
        f"{_floor_words(float(total['luck'].mean()))})."
    )


def _floor_words(luck: float) -> str:
    """What a factor without influence would show."""
    if np.isnan(luck):
        return "with one run a point luck cannot be told from interaction, and the dummy alone says how much it is"
    return f"luck alone would show {luck:.2f}"


def elementary_effects_of(found: Analysis, asked: Asked) -> None:
    """Elementary effects, and which factors luck would explain."""
    names = _grouped(asked).names(asked.results.study.combined)
    units = asked.options[[f"unit:{name}" for name in names]].to_numpy(dtype=float)
    table = morris.morris_effects(asked.levers().averaged(), units, _groups(asked), seed=asked.seed)
    found.add("morris", table, **asked.beside)
    top = ", ".join(f"{row['factor']} {row['mu_star']:.3f}" for _, row in table.head(3).iterrows())
    found.say(f"{asked.case}: {asked.outcome} moves most with {top} (mean size over the whole range){_lucky(table)}.")


def _lucky(table: Frame) -> str:
    """How many factors show no more than luck would."""
    known = table["above_luck"].dropna().astype(bool)
    return f"; {int((~known).sum())} of {len(table)} factors show no more than luck would" if len(known) else ""


def _grouped(asked: Asked) -> Grouped:
    """The design, if it is one that moves whole factors."""
    design = asked.results.study.design
    if not isinstance(design, Grouped):
        raise StudyError(f"A {design.kind} design does not move one factor after another.")
    return design


def _groups(asked: Asked) -> list[str]:
    """The factor that each coordinate belongs to, in the design's order."""
    return [str(name) for name in _grouped(asked).problem(asked.results.study.combined)["groups"]]


# --- any sample -------------------------------------------------------------------------------------------------------


def regressed(found: Analysis, asked: Asked) -> None:
    """Regression and first-order shares of every factor that was varied."""
    given = asked.given()
    numbers, means, luck = asked.numbers(), given.means[0], _luck_share(given)
    settled: dict[str, Any] = {"luck_share": luck, "clusters": asked.clusters, "seed": asked.seed}
    found.add("regression", regression.regression_coefficients(numbers, means, **settled), **asked.beside)
    shares = regression.first_order_shares(numbers, means, **settled)
    found.add("first_order", shares, **asked.beside)
    top = shares.sort_values("estimate", ascending=False).iloc[0]
    noise = "" if np.isnan(luck) else f"; luck for {100 * luck:.0f} %"
    found.say(
        f"{asked.case}: {top['factor']} alone accounts for {100 * top['estimate']:.0f} % of the variation of "
        f"{asked.outcome} between points, more than any other{noise}."
    )


def _luck_share(given: Responses) -> float:
    """The share of the variance between points that is luck; unknown with one replication a point."""
    variance = float(given.means[0].var())
    return min(given.between() / variance, 1.0) if variance and given.spread_is_known else float("nan")


def boxes_of(found: Analysis, asked: Asked) -> None:
    """Where the points of interest lie, as boxes that hold on points that the search did not see."""
    if not (asked.is_selected or is_share(asked.outcome)):
        return
    hits, words = _of_interest(asked.given().means[0], share=is_share(asked.outcome))
    discovery = prim.discover(asked.measured(), hits.astype(float), clusters=asked.clusters, seed=asked.seed)
    for row in discovery.boxes.to_dict("records"):
        box = {str(name): value for name, value in row.items() if name not in {"restricted", "cases"}}
        limits, way = (table[table["box"] == box["box"]] for table in (discovery.limits, discovery.ways))
        found.add("boxes_way", way, **asked.beside, box=box["box"])
        if box["p_shuffled"] <= prim.SIGNIFICANT and len(limits):
            found.add("boxes", limits.assign(of_interest=words), **asked.beside, **box)
            _say_box(found, asked, limits, box, words)
            continue
        found.say(
            f"{asked.case}: no part of the space stands out by {words} of {asked.outcome} (outcomes dealt out at "
            f"random do as well in {100 * box['p_shuffled']:.0f} % of trials)."
        )


def _say_box(found: Analysis, asked: Asked, limits: Frame, box: dict[str, float], words: str) -> None:
    """A box as a sentence."""
    where = ", ".join(_limit_words(row) for _, row in limits.iterrows())
    found.say(
        f"{asked.case}: {100 * box['coverage']:.0f} % of the points with {words} of {asked.outcome} lie where {where}; "
        f"{100 * box['density']:.0f} % of the points there are such ({100 * box['density_held_out']:.0f} % of those "
        f"that the search did not see), and {100 * box['density_of_all']:.0f} % of all."
    )


def _of_interest(means: FloatArray, *, share: bool) -> tuple[NDArray[np.bool_], str]:
    """Which points are of interest, and what that means in words."""
    if share and FEW <= (means >= HALF).mean() <= 1 - FEW:
        return means >= HALF, "a share of half or more"
    return means >= np.quantile(means, HIGHEST), "the highest quarter"


def _limit_words(row: pd.Series[float]) -> str:
    """A limit in words."""
    if row["levels"]:
        return f"{row['factor']} is {row['levels']}"
    ends = f"{row['low']:.3g}", f"{row['high']:.3g}"
    return f"{row['factor']} is {' to '.join(dict.fromkeys(ends))}"
