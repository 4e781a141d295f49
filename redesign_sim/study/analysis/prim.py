"""Scenario discovery: the simply stated parts of the space of factors in which an outcome comes about.

Patient rule induction (Friedman and Fisher 1999) as scenario discovery uses it (Bryant and Lempert 2010): a box has a
coverage (the share of all cases of interest that are in it), a density (the share of its cases that are of interest)
and few restricted factors. The search looks at many boxes and so finds some even where there is nothing; how often
shuffled outcomes give as good a one, and what a box found on some cases holds on others, say how far to trust it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betainc

from redesign_sim.study.analysis.boxes import PEEL, SMALLEST_MASS, Box, Cases, cases_of, paste, peel
from redesign_sim.study.analysis.regression import redrawn
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redesign_sim.study.analysis.boxes import Rows
    from redesign_sim.study.analysis.responses import FloatArray

SIGNIFICANT = 0.05
MOST_BOXES, RESAMPLES, SHUFFLES = 3, 50, 99


class Measured(NamedTuple):
    """What a box holds: the share of all that is of interest, how much of it is, and its share of all cases."""

    coverage: float
    density: float
    mass: float
    held: float

    @property
    def balance(self) -> float:
        """The harmonic mean of coverage and density, by which a box is chosen unless one is picked."""
        both = self.coverage + self.density
        return 2 * self.coverage * self.density / both if both else 0.0


class Discovery(NamedTuple):
    """What was found: boxes (a row each), limits (a row a restricted factor of each), and the ways on which.

    `boxes` has `coverage`, `density` and `mass`; both measures on points that the search did not see (`_held_out`);
    `p_shuffled`, how often shuffled outcomes do as well; and how many factors are `restricted`. `limits` has each
    restricted factor's `low` and `high`, or the `levels` that are left, its `quasi_p`, `found_again` (the share of
    resamples in which it is restricted too) and the 95 % ranges of its limits there. `ways` are the peelings: every
    box from all points down, of which one was `chosen`.
    """

    boxes: pd.DataFrame
    limits: pd.DataFrame
    ways: pd.DataFrame


class Search(NamedTuple):
    """How boxes are sought and tried."""

    peel: float = PEEL
    smallest_mass: float = SMALLEST_MASS
    boxes: int = MOST_BOXES
    resamples: int = RESAMPLES
    shuffles: int = SHUFFLES


def discover(
    factors: pd.DataFrame,
    interest: FloatArray,
    *,
    search: Search | None = None,
    clusters: Rows | None = None,
    pick: int | None = None,
    seed: int = 1,
) -> Discovery:
    """Find the boxes that hold what is of interest, one after the other in what the boxes before have left.

    `factors`: cases x factors, numbers or categories; `interest`: 0 to 1 a case, true or false or a share of futures;
    `clusters`: cases that are drawn together because they share a sampled point; `pick`: the step on the way that the
    first box is to be, instead of the one with the best balance of coverage and density. Further boxes are kept only
    where they are denser than all cases together and shuffled outcomes seldom do as well. A box without limits says
    that nothing stands out. Raises StudyError where nothing or everything is of interest.
    """
    cases = cases_of(factors, interest)
    _refuse_unusable(cases)
    search = search or Search()
    groups = np.arange(len(interest)) if clusters is None else clusters
    found = list(_covering(cases, groups, search, pick, np.random.default_rng(seed)))
    boxes, limits, ways = zip(*found, strict=True)
    numbers = range(1, len(found) + 1)
    return Discovery(
        pd.DataFrame([{"box": number, **row} for number, row in zip(numbers, boxes, strict=True)]),
        _numbered(numbers, limits),
        _numbered(numbers, ways),
    )


def _numbered(numbers: range, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables one under the other, with the number of the box that each belongs to."""
    told = [table.assign(box=number) for number, table in zip(numbers, tables, strict=True)]
    table = pd.concat([each for each in told if len(each)] or told[:1], ignore_index=True)
    return table[["box", *table.columns.drop("box")]]


def _refuse_unusable(cases: Cases) -> None:
    """Refuse interests in which there is nothing to discover."""
    given = cases.interest
    if not np.isfinite(given).all() or (given < 0).any() or (given > 1).any():
        raise StudyError("What is of interest has to be given as 0 to 1 for every point, and is not.")
    if np.ptp(given) == 0:
        raise StudyError(f"Every point is of interest to the same degree ({given[0]:g}), so no part can stand out.")
    if not np.isfinite(cases.numbers).all():
        raise StudyError("A factor is missing at some points, so boxes cannot be found.")


def _covering(
    cases: Cases, clusters: Rows, search: Search, pick: int | None, rng: np.random.Generator
) -> Iterator[tuple[dict[str, object], pd.DataFrame, pd.DataFrame]]:
    """Box after box: its measures, its limits and its trade-off."""
    left, whole = np.arange(len(cases.interest)), float(cases.interest.sum())
    for number in range(search.boxes):
        rest = cases.take(left)
        if np.ptp(rest.interest) == 0:
            return
        box, trajectory, at = _found(rest, search, pick if number == 0 else None)
        measured, chance = measure(rest, box, whole), _chance(rest, search, rng)
        if number and (measured.density <= cases.interest.mean() or chance > SIGNIFICANT):
            return
        tried = Tried(rest, box, clusters[left], search, rng)
        row = _box_row(measured, box, rest, len(cases.interest)) | {"p_shuffled": chance} | tried.held_out()
        yield row, _limits_table(rest, box).merge(tried.limits(), on="factor"), _way(rest, trajectory, whole, at)
        left = left[~box.holds(rest)]
        if chance > SIGNIFICANT or not len(left):
            return


def _found(cases: Cases, search: Search, pick: int | None = None) -> tuple[Box, list[Box], int]:
    """The box that was picked or is best balanced, pasted, without needless restrictions; the way; and its place there.

    A box that was picked stays as it is.
    """
    trajectory = peel(cases, search.peel, search.smallest_mass)
    if pick is not None:
        if not 0 <= pick < len(trajectory):
            raise StudyError(f"The way has steps 0 to {len(trajectory) - 1}, and no step {pick}.")
        return trajectory[pick], trajectory, pick
    at = int(np.argmax([measure(cases, box).balance for box in trajectory]))
    return pruned(cases, paste(cases, trajectory[at], search.peel)), trajectory, at


def measure(cases: Cases, box: Box, whole: float | None = None) -> Measured:
    """Coverage, density and mass of a box; `whole`: all that is of interest, if the cases are not all there are."""
    inside = cases.interest[box.holds(cases)]
    total = float(cases.interest.sum()) if whole is None else whole
    held = float(inside.sum())
    mass = len(inside) / len(cases.interest)
    return Measured(held / total if total else 0.0, held / len(inside) if len(inside) else 0.0, mass, held)


def quasi_p(cases: Cases, box: Box, factor: int) -> float:
    """How likely the box would be as dense by chance if this factor's restriction meant nothing.

    The chance of as many cases of interest among as many, drawn at the density of the box without the restriction
    (Bryant and Lempert 2010). Quasi, for the box was sought on the same cases: it ranks restrictions and proves none.
    """
    inside = cases.interest[box.holds(cases)]
    beside = cases.interest[box.without(factor, cases).holds(cases)]
    held, size = float(inside.sum()), len(inside)
    if held <= 0:
        return 1.0
    # The binomial tail, continued to shares that add up to no whole number.
    return float(betainc(held, max(size - held, 0.0) + 1, beside.mean()))


def pruned(cases: Cases, box: Box) -> Box:
    """A box without the restrictions that chance would explain, the weakest dropped first."""
    while factors := box.restricted(cases):
        chances = [quasi_p(cases, box, factor) for factor in factors]
        if max(chances) < SIGNIFICANT:
            return box
        box = box.without(factors[int(np.argmax(chances))], cases)
    return box


def _chance(cases: Cases, search: Search, rng: np.random.Generator) -> float:
    """How often shuffled outcomes have a box as well balanced as the best one here (a permutation test)."""
    best = _best_balance(cases, cases.interest, search)
    reached = sum(
        _best_balance(cases, rng.permutation(cases.interest), search) >= best - 1e-12 for _ in range(search.shuffles)
    )
    return (1 + reached) / (1 + search.shuffles)


def _best_balance(cases: Cases, interest: FloatArray, search: Search) -> float:
    """The best balance on a peeling trajectory."""
    given = Cases(cases.numbers, cases.codes, interest, cases.numeric, cases.categorical, cases.names)
    return max(measure(given, box).balance for box in peel(given, search.peel, search.smallest_mass))


def _box_row(measured: Measured, box: Box, cases: Cases, every: int) -> dict[str, object]:
    """A box as a row."""
    inside = int(box.holds(cases).sum())
    return {
        "coverage": measured.coverage,
        "density": measured.density,
        "density_of_all": float(cases.interest.mean()),
        "mass": inside / every,
        "cases": inside,
        "restricted": len(box.restricted(cases)),
    }


def _limits_table(cases: Cases, box: Box) -> pd.DataFrame:
    """The restricted factors of a box, with their limits and quasi-p values."""
    names = (*cases.numeric, *cases.categorical)
    rows = [{"factor": names[at], **_ends(cases, box, at), "quasi_p": quasi_p(cases, box, at)} for at in _all(box)]
    table = pd.DataFrame(rows, columns=["factor", "low", "high", "levels", "quasi_p"])
    return table[[at in set(box.restricted(cases)) for at in _all(box)]].reset_index(drop=True)


def _all(box: Box) -> range:
    """The places of all factors."""
    return range(len(box.low) + len(box.kept))


def _ends(cases: Cases, box: Box, factor: int) -> dict[str, object]:
    """The limits of a factor in a box; an open side ends with the data."""
    if factor >= len(box.low):
        column = factor - len(box.low)
        return {"low": np.nan, "high": np.nan, "levels": ", ".join(sorted(_names(cases, box, column)))}
    values = cases.numbers[:, factor]
    low, high = max(float(box.low[factor]), values.min()), min(float(box.high[factor]), values.max())
    return {"low": low, "high": high, "levels": ""}


def _names(cases: Cases, box: Box, column: int) -> list[str]:
    """The categories that a box keeps."""
    return [str(cases.names[column][code]) for code in box.kept[column]]


def _way(cases: Cases, trajectory: list[Box], whole: float, chosen: int) -> pd.DataFrame:
    """Every box of a peeling trajectory: what is won in density and lost in coverage."""
    names = (*cases.numeric, *cases.categorical)
    rows = [
        {
            **measure(cases, box, whole)._asdict(),
            "restricted": len(box.restricted(cases)),
            "factors": ", ".join(names[at] for at in box.restricted(cases)),
        }
        for box in trajectory
    ]
    table = pd.DataFrame(rows).drop(columns="held").assign(step=range(len(rows)))
    return table.assign(chosen=table["step"] == chosen)


class Tried:
    """The search done again on resampled cases: which restrictions come back, where, and what holds on cases unseen."""

    def __init__(self, cases: Cases, box: Box, clusters: Rows, search: Search, rng: np.random.Generator) -> None:
        self.cases, self.box = cases, box
        self.found: list[Box] = []
        self.unseen: list[Measured] = []
        for rows in redrawn(clusters, rng, search.resamples):
            again = cases.take(rows)
            if np.ptp(again.interest) == 0:
                continue
            self.found.append(_found(again, search)[0])
            aside = cases.take(np.setdiff1d(np.arange(len(clusters)), rows))
            if aside.interest.any():
                self.unseen.append(measure(aside, self.found[-1]))

    def held_out(self) -> dict[str, object]:
        """Coverage and density, averaged, on the cases that the search did not see."""
        names = ("coverage", "density")
        return {
            f"{name}_held_out": float(np.mean([getattr(each, name) for each in self.unseen])) if self.unseen else np.nan
            for name in names
        }

    def limits(self) -> pd.DataFrame:
        """How often each factor is restricted again, and between what its limits then lie (95 %)."""
        names = (*self.cases.numeric, *self.cases.categorical)
        return pd.DataFrame([{"factor": names[at], **self._again(at)} for at in _all(self.box)])

    def _again(self, factor: int) -> dict[str, object]:
        """One factor over all resamples; where it was left free its limits are the ends of the data."""
        ends = pd.DataFrame([_ends(self.cases, box, factor) for box in self.found])
        kept = float(np.mean([factor in box.restricted(self.cases) for box in self.found]))
        low, high = (ends[side].quantile([0.025, 0.975]).to_numpy() for side in ("low", "high"))
        return {
            "found_again": kept,
            "low_from": low[0],
            "low_to": low[1],
            "high_from": high[0],
            "high_to": high[1],
        }
