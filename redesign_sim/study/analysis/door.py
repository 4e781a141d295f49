"""Every analysis that fits a study's design, as named tidy tables with a sentence each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from redesign_sim.scenario import walk_fields
from redesign_sim.study.analysis import effects, morris, prim, regression, robustness, scheffe, sobol
from redesign_sim.study.analysis.responses import Luck, Responses, is_share, responses, smallest_of_interest, values_of
from redesign_sim.study.analysis.summary import is_of_mixes, mix_words
from redesign_sim.study.designs.sampled import DUMMY
from redesign_sim.study.errors import StudyError
from redesign_sim.study.mixes import TYPES
from redesign_sim.study.statistics import paired_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.study.running import Results

Frame = pd.DataFrame


@dataclass
class Analysis:
    """What was found: tidy tables by name, and sentences, of which the first is the one to remember."""

    tables: dict[str, Frame] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    def add(self, name: str, table: Frame, **beside: str | float) -> None:
        """Put rows into a table, with what they are of in the columns before."""
        for place, (column, value) in enumerate(beside.items()):
            table.insert(place, column, value)
        held = self.tables.get(name)
        self.tables[name] = table if held is None else pd.concat([held, table], ignore_index=True)


@dataclass(frozen=True)
class Asked:
    """One case and one outcome of a study, ready to be analysed."""

    results: Results
    case: str
    outcome: str
    design: Frame
    runs: Frame

    @property
    def beside(self) -> dict[str, str]:
        """What the rows of its tables are of."""
        return {"case": self.case, "outcome": self.outcome}

    @property
    def smallest(self) -> float:
        """The smallest difference of interest."""
        return smallest_of_interest(self.outcome)

    @property
    def seed(self) -> int:
        """From which resampling follows."""
        return self.results.study.seed

    def given(self, points: Frame | None = None) -> Responses:
        """The means of some points, contexts x points; of all of the case as one context where none are named."""
        tables = [self.design] if points is None else [each for _, each in points.groupby("context", sort=False)]
        values = [values_of(self.runs, self.outcome, each["point"].to_numpy()) for each in tables]
        most = max(map(len, values))
        padded = [np.pad(each, ((0, most - len(each)), (0, 0)), constant_values=np.nan) for each in values]
        luck: Luck = "common" if self.results.study.common_luck else "independent"
        return responses(np.stack(padded), luck, share=is_share(self.outcome))


def analyse(results: Results) -> Analysis:
    """Analyse a study by what its design allows, case by case and outcome by outcome.

    Outcomes that some runs are without are left out, and a sentence says so. Raises StudyError where nothing can be
    analysed.
    """
    found = Analysis()
    outcomes = list(dict.fromkeys((results.study.select_on, *results.study.outcomes)))
    runs = results.outcomes(outcomes)
    for case, design in results.design.groupby("case", sort=False):
        of_case = runs[runs["point"].isin(design["point"])]
        for outcome in outcomes:
            _one(found, Asked(results, str(case), outcome, design, of_case))
    _across_cases(found, results, runs)
    if not found.tables:
        raise StudyError("Nothing in this study can be analysed: " + " ".join(found.sentences))
    return found


def _one(found: Analysis, asked: Asked) -> None:
    """Everything that the design allows for one outcome of one case; what cannot be done is said."""
    for step in _steps(asked):
        try:
            step(found, asked)
        except StudyError as error:
            found.sentences.append(f"{asked.case}, {asked.outcome}: {error}")
            return


def _steps(asked: Asked) -> Iterator[Callable[[Analysis, Asked], None]]:
    study = asked.results.study
    kind = study.design.kind
    if study.design.mixture:
        yield _surface
    if study.sample or (len(asked.design["context"].unique()) > 1 and study.design.mixture):
        yield _robust
    by_kind = {"factorial": _effects, "one_at_a_time": _effects, "saltelli": _sobol, "morris": _morris}
    if kind in by_kind:
        yield by_kind[kind]
    if kind in {"latin_hypercube", "sobol"}:
        yield _regressed
        yield _boxes
    if study.common_luck and not study.design.sampled:
        yield _saved


# --- factors ----------------------------------------------------------------------------------------------------------


def factor_frame(results: Results, design: Frame, case: str) -> Frame:
    """The factors of a case's points as columns; a mix in words, and what a point leaves open as the case has it."""
    own: dict[str, Any] = {walked.path: walked.value for walked in walk_fields(results.experiment.cases[case])}
    frame = pd.DataFrame(index=design.index)
    for path in results.study.factors:
        if path in design:
            column = design[path]
            frame[path] = column if own.get(path) is None or not column.isna().any() else column.fillna(own[path])
        elif is_of_mixes(design):
            frame[path] = [mix_words(row) if row[TYPES[0]] == row[TYPES[0]] else "own" for _, row in design.iterrows()]
    return frame


def _effects(found: Analysis, asked: Asked) -> None:
    """Main effects and interactions, on the scale of the outcome and, for shares, on the logit scale too."""
    frame = factor_frame(asked.results, asked.design, asked.case)
    factors = [name for name in frame.columns if len(frame[name].unique()) > 1]
    given = asked.given()
    one = asked.results.study.design.kind == "one_at_a_time"
    estimate = effects.one_at_a_time_effects if one else effects.factorial_effects
    table = estimate(given, frame, factors, asked.smallest)
    found.add("effects", table, **asked.beside)
    _say_effects(found, asked, table)
    if is_share(asked.outcome):
        found.add("effects_logit", estimate(given.logits(), frame, factors, 0.0), **asked.beside)


def _say_effects(found: Analysis, asked: Asked, table: Frame) -> None:
    if asked.outcome != asked.results.study.select_on:
        return
    for kind, rows in table.groupby("kind", sort=False):
        top = rows.iloc[int(rows["estimate"].abs().to_numpy().argmax())]
        where = f" at {top['given']} {top['given_change']}" if top["given"] else ""
        found.sentences.append(
            f"{asked.case}: the largest {kind} on {asked.outcome} is that of {top['factor']} {top['change']}{where}: "
            f"{top['estimate']:+.3f} ({top['low']:+.3f} to {top['high']:+.3f}); it {top['verdict']}."
        )


# --- sensitivity ------------------------------------------------------------------------------------------------------


def _sobol(found: Analysis, asked: Asked) -> None:
    """Sobol indices, the mix as one factor, the dummy among them."""
    design = asked.results.study.design
    names = [*asked.results.study.factors, *([DUMMY] if design.dummy else [])]  # type: ignore[union-attr]
    table = sobol.sobol_indices(asked.given(), names, second_order=design.second_order, seed=asked.seed)  # type: ignore[union-attr]
    found.add("sobol", table, **asked.beside)
    total = table[(table["order"] == "total") & (table["factor"] != DUMMY)]
    top = total.sort_values("estimate", ascending=False).head(3)
    words = ", ".join(f"{row['factor']} {row['estimate']:.2f}" for _, row in top.iterrows())
    floor = float(total["luck"].mean())
    found.sentences.append(
        f"{asked.case}: most of the variation of {asked.outcome} hangs on {words} (total-order indices; luck alone "
        f"would show {floor:.2f})."
    )


def _morris(found: Analysis, asked: Asked) -> None:
    """Elementary effects."""
    units = asked.design[[name for name in asked.design if str(name).startswith("unit:")]]
    groups = [str(name).removeprefix("unit:").partition("[")[0] for name in units]
    paths = list(asked.results.study.factors)
    named = [next((path for path in paths if str(name) in _unit_names(path)), DUMMY) for name in units]
    table = morris.morris_effects(asked.given(), units.to_numpy(float), named or groups, seed=asked.seed)
    found.add("morris", table, **asked.beside)
    top = ", ".join(f"{row['factor']} {row['mu_star']:.3f}" for _, row in table.head(3).iterrows())
    found.sentences.append(f"{asked.case}: {asked.outcome} moves most with {top} (mean size over the whole range).")


def _unit_names(path: str) -> set[str]:
    return {f"unit:{path}", *(f"unit:{path}[{place}]" for place in range(3))}


def _regressed(found: Analysis, asked: Asked) -> None:
    """Regression and first-order shares of numbers."""
    frame = _numbers(asked)
    given = asked.given()
    means, luck = given.means[0], _luck_share(given)
    table = regression.regression_coefficients(frame, means, luck_share=luck, seed=asked.seed)
    found.add("regression", table, **asked.beside)
    shares = regression.first_order_shares(frame, means, luck_share=luck, seed=asked.seed)
    found.add("first_order", shares, **asked.beside)
    top = shares.sort_values("estimate", ascending=False).iloc[0]
    found.sentences.append(
        f"{asked.case}: {top['factor']} alone accounts for {100 * top['estimate']:.0f} % of the variation of "
        f"{asked.outcome} between points, more than any other; luck for {100 * luck:.0f} %."
    )


def _luck_share(given: Responses) -> float:
    """The share of the variance between points that is luck; unknown with one replication a point."""
    if not given.spread_is_known:
        return float("nan")
    variance = float(given.means[0].var())
    return min(float(given.errors()[0].mean()) / variance, 1.0) if variance else float("nan")


def _numbers(asked: Asked) -> Frame:
    """The factors that are numbers; a mix as its shares."""
    frame = factor_frame(asked.results, asked.design, asked.case)
    if is_of_mixes(asked.design):
        frame = frame.drop(columns=[name for name in frame if name == "leadership.mix"])
        frame = frame.join(asked.design[list(TYPES[1:])])
    return frame.select_dtypes("number")


def _boxes(found: Analysis, asked: Asked) -> None:
    """Where the best quarter of the points lies; for shares, the points at which more than half of the futures do."""
    if asked.outcome != asked.results.study.select_on and not is_share(asked.outcome):
        return
    frame = factor_frame(asked.results, asked.design, asked.case)
    means = asked.given().means[0]
    hits, words = _of_interest(means, share=is_share(asked.outcome))
    for number, box in enumerate(prim.prim(frame, hits, seed=asked.seed), start=1):
        told = {"box": number, "coverage": box.coverage, "density": box.density, "mass": box.mass}
        found.add("boxes", box.limits.assign(of_interest=words), **asked.beside, **told)
        found.add("boxes_way", box.way, **asked.beside, box=number)
        limits = ", ".join(_limit_words(row) for _, row in box.limits.iterrows())
        found.sentences.append(
            f"{asked.case}: {100 * box.coverage:.0f} % of the points with {words} of {asked.outcome} lie where "
            f"{limits}; "
            f"{100 * box.density:.0f} % of the points there are such, and {100 * hits.mean():.0f} % of all."
        )


EVEN, FEW = 0.5, 0.05


def _of_interest(means: np.ndarray[Any, np.dtype[np.float64]], *, share: bool) -> tuple[Any, str]:
    """Which points are of interest, and what that means in words."""
    if share and FEW <= (means >= EVEN).mean() <= 1 - FEW:
        return means >= EVEN, "a share of half or more"
    return means >= np.quantile(means, 0.75), "the highest quarter"


def _limit_words(row: pd.Series[Any]) -> str:
    if row["levels"]:
        return f"{row['factor']} is {row['levels']}"
    return f"{row['factor']} is {row['low']:.3g} to {row['high']:.3g}"


# --- mixes ------------------------------------------------------------------------------------------------------------


def _surface(found: Analysis, asked: Asked) -> None:
    """A response surface for each setting of the other factors, over all draws of the uncertainties."""
    for settings, points in asked.design.groupby("settings", sort=False):
        first = points[points["context"] == points["context"].iloc[0]]
        mixes = first[list(TYPES)].to_numpy(dtype=float)
        surface = scheffe.response_surface(asked.given(points), mixes, TYPES, seed=asked.seed)
        beside = {**asked.beside, "settings": str(settings)}
        found.add("surface_degrees", surface.degrees, **beside)
        found.add("surface_coefficients", surface.coefficients, **beside)
        if asked.outcome == asked.results.study.select_on:
            found.add("surface_mixes", surface.mixes[surface.mixes["may_be_best"]], **beside)


def _robust(found: Analysis, asked: Asked) -> None:
    """Regret of every point of the levers over the draws of the uncertainties."""
    if asked.outcome != asked.results.study.select_on:
        return
    options = asked.design[asked.design["context"] == asked.design["context"].iloc[0]].reset_index(drop=True)
    _regrets(found, robustness.robustness(asked.given(asked.design), asked.smallest, seed=asked.seed), options, asked)


def _regrets(found: Analysis, table: Frame, options: Frame, asked: Asked) -> None:
    labels = _labels(options)
    named = labels.iloc[table["option"].to_numpy()].reset_index(drop=True)
    told = pd.concat([named, table], axis=1)
    found.add("robustness", told, **asked.beside)
    best = told.iloc[0]
    others = int(told["robust_by_mean"].sum()) - 1
    found.sentences.append(
        f"{asked.case}: over {int(best['contexts'])} contexts {best['label']} falls least behind the best of each, by "
        f"{best['mean_regret']:.3f} on average and {best['max_regret']:.3f} at worst; "
        f"{others} other{'s' * (others != 1)} cannot be told from it."
    )


def _labels(options: Frame) -> Frame:
    """What each option is, in words, with its shares where it is a mix."""
    mixes = is_of_mixes(options)
    words = [
        " with ".join(filter(None, (mix_words(row) if mixes else "", str(row["settings"])))) or "the case as it is"
        for _, row in options.iterrows()
    ]
    return pd.DataFrame({"label": words}).join(options[list(TYPES)] if mixes else options[[]])


def _across_cases(found: Analysis, results: Results, runs: Frame) -> None:
    """Which mix holds up in every case, where a study of mixes has several and nothing else is uncertain."""
    design = results.design
    if len(results.experiment.cases) < 2 or design["context"].nunique() != design["case"].nunique():  # noqa: PLR2004  one case
        return
    if not is_of_mixes(design):
        return
    asked = Asked(results, "all cases", results.study.select_on, design, runs)
    options = design[design["case"] == design["case"].iloc[0]].reset_index(drop=True)
    _regrets(found, robustness.robustness(asked.given(design), asked.smallest, seed=asked.seed), options, asked)


def _saved(found: Analysis, asked: Asked) -> None:
    """How many times more runs independent luck would have needed for comparisons with the best point."""
    if asked.outcome != asked.results.study.select_on:
        return
    for context, points in asked.design.groupby("context", sort=False):
        values = values_of(asked.runs, asked.outcome, points["point"].to_numpy())
        best = int(np.nanmean(values, axis=0).argmax())
        pairs = [np.isfinite(values[:, [best, other]]).all(axis=1) for other in range(values.shape[1])]
        factors = [
            paired_difference(values[shared, best], values[shared, other]).factor_saved
            for other, shared in enumerate(pairs)
            if other != best and shared.sum() > 1
        ]
        finite = [each for each in factors if np.isfinite(each)]
        if finite:
            row = {"context": context, "median": np.median(finite), "least": min(finite), "most": max(finite)}
            found.add("shared_luck", pd.DataFrame([row]), **asked.beside)
