"""What a choice does, told from a study's runs: effects, surfaces over mixes, regret, what shared luck has saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from redesign_sim.study.analysis import effects, robustness, scheffe
from redesign_sim.study.analysis.asked import MIX, Asked
from redesign_sim.study.analysis.responses import values_of
from redesign_sim.study.analysis.summary import is_of_mixes, mix_words
from redesign_sim.study.interest import is_share
from redesign_sim.study.mixes import TYPE_WORDS, TYPES
from redesign_sim.study.statistics import paired_difference

if TYPE_CHECKING:
    from redesign_sim.study.analysis.asked import Analysis, Frame
    from redesign_sim.study.analysis.responses import FloatArray
    from redesign_sim.study.results import Results


def effects_of(found: Analysis, asked: Asked) -> None:
    """Main effects and interactions, on the scale of the outcome and, for shares, on the logit scale too.

    In a design of mixes those of the other factors, over all mixes.
    """
    table, study = asked.factors(), asked.results.study
    factors = [str(name) for name in table if not (study.design.mixture and name == MIX)]
    if not factors and study.design.mixture:
        return
    given = asked.levers()
    estimate = effects.one_at_a_time_effects if study.design.kind == "one_at_a_time" else effects.factorial_effects
    estimated = estimate(given, table, factors, asked.smallest)
    found.add("effects", estimated, **asked.beside)
    _say_effects(found, asked, estimated)
    if is_share(asked.outcome):
        found.add("effects_logit", estimate(given.logits(), table, factors, 0.0), **asked.beside)


def _say_effects(found: Analysis, asked: Asked, table: Frame) -> None:
    """The largest effect of each kind."""
    if not asked.is_selected:
        return
    for kind, rows in table.groupby("kind", sort=False):
        top = rows.iloc[int(rows["estimate"].abs().to_numpy().argmax())]
        where = f" at {top['given']} {top['given_change']}" if top["given"] else ""
        found.say(
            f"{asked.case}: the largest {kind} on {asked.outcome} is that of {top['factor']} {top['change']}{where}: "
            f"{top['estimate']:+.3f} ({top['low']:+.3f} to {top['high']:+.3f}); it {top['verdict']}."
        )


# --- mixes ------------------------------------------------------------------------------------------------------------


def surfaces(found: Analysis, asked: Asked) -> None:
    """A response surface for each setting of the other factors, over all draws of the uncertainties."""
    for settings, points in asked.design.groupby("settings", sort=False):
        first = points[points["context"] == points["context"].iloc[0]]
        mixes = first[list(TYPES)].to_numpy(dtype=float)
        surface = scheffe.response_surface(asked.given(points), mixes, TYPES, seed=asked.seed)
        beside = {**asked.beside, "settings": str(settings)}
        found.add("surface_degrees", surface.degrees, **beside)
        found.add("surface_coefficients", surface.coefficients, **beside)
        if asked.is_selected:
            found.add("surface_mixes", surface.mixes[surface.mixes["may_be_best"]], **beside)
            _say_surface(found, asked, surface, str(settings))


def _say_surface(found: Analysis, asked: Asked, surface: scheffe.Surface, settings: str) -> None:
    """The mix that the surface holds to be best, how far others may be it, and whether the surface can be trusted."""
    best, near = surface.mixes.iloc[0], surface.mixes[surface.mixes["may_be_best"]]
    check = surface.degrees[surface.degrees["chosen"]].iloc[0]
    where = f"{asked.case} with {settings}" if settings else asked.case
    ranges = ", ".join(_range_words(kind, near[kind]) for kind in TYPES)
    found.say(
        f"{where}: the {surface.degree} surface over mixes is highest at {mix_words(best)} ({best['predicted']:.3f}, "
        f"{best['low']:.3f} to {best['high']:.3f}); mixes that may be the best have {ranges}. {_misfit_words(check)}"
    )


def _range_words(kind: str, shares: pd.Series[float]) -> str:
    """The range of a type's share."""
    low, high = 100 * float(shares.min()), 100 * float(shares.max())
    ends = f"{low:.0f}" if round(low) == round(high) else f"{low:.0f} to {high:.0f}"
    return f"{ends} % {TYPE_WORDS[kind]}"


def _misfit_words(check: pd.Series[float]) -> str:
    """Whether a surface describes the mixes that were run."""
    if np.isnan(check["lack_of_fit_p"]):
        return "It goes through every mix that was run, so that nothing tells whether it is right."
    if check["lack_of_fit_p"] > scheffe.SIGNIFICANT:
        return "It departs from the mixes that were run no more than luck would."
    return f"It departs from the mixes that were run by {check['lack_of_fit']:.3f} more than luck would."


# --- contexts ---------------------------------------------------------------------------------------------------------


def regrets_of(found: Analysis, asked: Asked) -> None:
    """Regret of every point of the levers over the contexts."""
    if asked.is_selected:
        _regrets(found, asked)


def regrets_across_cases(found: Analysis, results: Results, runs: Frame) -> None:
    """Which mix holds up in every case, where a study of mixes has several and nothing else is uncertain."""
    design = results.design
    cases = len(results.experiment.cases)
    if cases > 1 and design["context"].nunique() == cases and is_of_mixes(design) and results.study.design.mixture:
        _regrets(found, Asked(results, "all cases", results.study.select_on, design, runs))


def _regrets(found: Analysis, asked: Asked) -> None:
    """The table of regrets, and the option with the least."""
    table = robustness.robustness(asked.given(asked.design), asked.smallest, seed=asked.seed)
    named = _labels(asked.options).iloc[table["option"].to_numpy()].reset_index(drop=True)
    told = pd.concat([named, table], axis=1)
    found.add("robustness", told, **asked.beside)
    best = told.iloc[0]
    others = int(told["robust_by_mean"].sum()) - 1
    found.say(
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


def saved_by_luck(found: Analysis, asked: Asked) -> None:
    """How many times more runs independent luck would have needed for comparisons with the best point."""
    if not asked.is_selected:
        return
    for points in asked.contexts:
        factors = _factors_saved(values_of(asked.runs, asked.outcome, points["point"].to_numpy()))
        if factors:
            row = {"median": np.median(factors), "least": min(factors), "most": max(factors)}
            found.add("shared_luck", pd.DataFrame([row]), **asked.beside, context=str(points["context"].iloc[0]))


def _factors_saved(values: FloatArray) -> list[float]:
    """The factor of every comparison with the best point, where it is finite; `values`: replications x points."""
    best = int(np.nanmean(values, axis=0).argmax())
    pairs = [values[np.isfinite(values[:, [best, other]]).all(axis=1)] for other in range(values.shape[1])]
    factors = [
        paired_difference(both[:, best], both[:, other]).factor_saved
        for other, both in enumerate(pairs)
        if other != best and len(both) > 1
    ]
    return [factor for factor in factors if np.isfinite(factor)]
