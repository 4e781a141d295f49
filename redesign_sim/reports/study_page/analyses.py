"""What the analyses found, each with its figure: effects, sensitivity, conditions, surfaces over mixes, regret."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from redesign_sim import charts
from redesign_sim.reports.study_page.blocks import Block, Bullets, Figure, Section, Table, figure, table
from redesign_sim.reports.study_page.words import (
    MIX,
    brief,
    count,
    factor_words,
    fixed,
    number,
    outcome_words,
    per_cent,
    quantity,
)
from redesign_sim.study.interest import smallest_of_interest
from redesign_sim.study.mixes import TYPE_WORDS, TYPES, lattice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.reports.study_page.given import Given
    from redesign_sim.reports.study_page.words import Row

MOST_ROWS = 24
"""Rows of a figure; its table has all."""

LONGEST = 600
"""A sentence with more letters is a list of names that nobody reads; the table has them."""

FINENESS = 20
SLICES = (0.0, 0.25, 0.5, 0.75)
"""Where a surface over mixes is cut: shares of the fourth type, on a lattice of one twentieth."""


def sections(given: Given, shown: set[str]) -> list[Section]:
    """A section an analysis; figures and sentences that are `shown` elsewhere are left out."""
    made = [
        ("effects", "What each factor does", _effects),
        ("sensitivity", "Which factors decide", _sensitivity),
        ("conditions", "Under what conditions", _boxes),
        ("surface", "A smooth surface over the mixes", _surfaces),
        ("regret", "What holds up everywhere", _regret),
    ]
    found = [
        Section(name, title, [each for each in make(given) if each.name not in shown]) for name, title, make in made
    ]
    kept = [section for section in found if section.blocks]
    others = [sentence for sentence in given.sentences if sentence not in shown and len(sentence) <= LONGEST]
    said: list[Block] = [Bullets(others)] if others else []
    return [*([Section("analyses", "What the analyses say", said)] if said else []), *kept]


def first(given: Given) -> Figure | None:
    """The figure of the analysis that tells most of a study that ranks nothing, or of one that meets many draws."""
    makers = (_regret,) if given.ranks else (_sensitivity, _effects, _boxes)
    return next((each for make in makers for each in make(given)), None)


def _per_case(given: Given, name: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """The rows of a table for the outcome that the study selects on: by case a name, its title, the rows."""
    held = given.tables.get(name)
    if held is None:
        return
    selected = held[held["outcome"] == given.study.select_on]
    for place, (case, rows) in enumerate(selected.groupby("case", sort=False), start=1):
        yield f"{name}-{place}".replace("_", "-"), given.cases.get(str(case), str(case).capitalize()), rows


def _titled(given: Given, words: str, case: str) -> str:
    """A title, with the case where there are several."""
    return f"{words}: {case}" if len(given.cases) > 1 else words


def _whole(given: Given, name: str, columns: dict[str, Callable[[Row], str]], *, words: tuple[str, ...]) -> Table:
    """All rows of a table, for every case and outcome."""
    frame = given.tables[name]
    beside: dict[str, Callable[[Row], str]] = {}
    if len(frame["case"].unique()) > 1:
        beside["Case"] = lambda row: given.cases.get(str(row["case"]), str(row["case"]))
    if len(frame["outcome"].unique()) > 1:
        beside["Outcome"] = lambda row: outcome_words(str(row["outcome"]))
    return table(
        name,
        frame,
        {**columns, **beside},
        caption="In brackets: 95 % intervals. The file has every column",
        shut=f"All {count(len(frame), 'row')} as a table",
        words=("Case", "Outcome", *words),
    )


def _with_limits(row: Row, middle: str, low: str = "", high: str = "") -> str:
    """An estimate with its limits."""
    return f"{fixed(row[middle])} ({fixed(row[low or 'low'])} to {fixed(row[high or 'high'])})"


# --- effects ----------------------------------------------------------------------------------------------------------


def _effects(given: Given) -> list[Figure]:
    """Main effects and interactions."""
    outcome = given.study.select_on
    smallest = smallest_of_interest(outcome)
    band = charts.Band(-smallest, smallest, "too small to matter") if smallest else None
    return [
        figure(
            name,
            _titled(given, f"Effects on the {outcome_words(outcome).lower()}, the largest first", case),
            partial(
                charts.intervals,
                _largest(rows),
                scale=f"change of the {outcome_words(outcome).lower()}, with 95 % interval",
                band=band,
            ),
            says=f"{len(rows)} effects. The largest: {_effect_words(_largest(rows).iloc[0].to_dict())}.",
            reading="A main effect is the change from one level to another, over all levels of the other factors. An "
            "interaction (×) is how much larger the first change is where the second was made, too. Hollow: cannot be "
            "told from zero." + _cut(len(rows)),
            tables=(_effects_table(given),) if name.endswith("-1") else (),
        )
        for name, case, rows in _per_case(given, "effects")
    ]


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest effects, with their words."""
    order = rows["estimate"].abs().sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    top = rows.loc[order]
    told = (top["low"] > 0) | (top["high"] < 0)
    return top.assign(label=[_change_words(row) for row in top.to_dict("records")], told=told)


def _change_words(row: Row) -> str:
    """What is changed, and for an interaction where."""
    one = _step_words(row["factor"], row["change"])
    return f"{one} × {_step_words(row['given'], row['given_change'])}" if row["given"] else one


def _step_words(factor: object, change: object) -> str:
    """A change of one factor; mixes speak for themselves."""
    return brief(str(change)) if factor == MIX else f"{factor_words(str(factor))} {change}"


def _effect_words(row: Row) -> str:
    """An effect in words."""
    return f"{row['label']}, {_with_limits(row, 'estimate')}"


def _cut(rows: int) -> str:
    """A note on rows that a figure leaves out."""
    return f" The {rows - MOST_ROWS} below are in the table only." if rows > MOST_ROWS else ""


def _effects_table(given: Given) -> Table:
    return _whole(
        given,
        "effects",
        {
            "What is changed": _change_words,
            "Effect": lambda row: _with_limits(row, "estimate"),
            "p (Holm)": lambda row: fixed(row["p_holm"]),
            "Verdict": lambda row: str(row["verdict"]),
        },
        words=("Verdict",),
    )


# --- sensitivity ------------------------------------------------------------------------------------------------------


def _sensitivity(given: Given) -> list[Figure]:
    """Sobol indices, elementary effects, or shares of the variation: what the design allows."""
    return [*_sobol(given), *_morris(given), *_shares(given)]


ORDERS = {"first": "alone", "total": "with all that it acts together with"}


def _sobol(given: Given) -> list[Figure]:
    """First and total order, side by side, with what luck puts into the total."""
    outcome = outcome_words(given.study.select_on).lower()
    return [
        figure(
            name,
            _titled(given, f"How much of the variation of the {outcome} hangs on each factor", case),
            partial(
                charts.intervals,
                _orders(rows),
                scale="share of the variation, with 95 % interval",
                floor="by luck alone",
                shares=True,
            ),
            says=f"Sobol indices of {rows['factor'].nunique()} factors. The first in total order: "
            f"{_orders(rows)['label'].iloc[0]}.",
            reading="By how much the variation would shrink if the factor were known (alone), and what would be left "
            "if all but it were known (with all that it acts together with). Luck raises the second: the red stroke is "
            "what a factor without any influence would show. The dummy is such a factor.",
            tables=(_sobol_table(given),) if name.endswith("-1") else (),
        )
        for name, case, rows in _per_case(given, "sobol")
    ]


def _orders(rows: pd.DataFrame) -> pd.DataFrame:
    """First and total order of each factor, the largest total first."""
    total = rows[rows["order"] == "total"].set_index("factor")["estimate"].sort_values(ascending=False, kind="stable")
    kept = rows[rows["order"].isin(ORDERS) & rows["factor"].isin(total.index[:MOST_ROWS])]
    place = {factor: number for number, factor in enumerate(total.index)}
    ordered = kept.assign(place=kept["factor"].map(place)).sort_values(["place", "order"], kind="stable")
    return ordered.assign(
        label=ordered["factor"].map(factor_words),
        series=ordered["order"].map(ORDERS),
        floor=ordered["luck"].where(ordered["order"] == "total"),
    )


def _sobol_table(given: Given) -> Table:
    return _whole(
        given,
        "sobol",
        {
            "Factor": lambda row: " × ".join(factor_words(str(row[key])) for key in ("factor", "with") if row[key]),
            "Order": lambda row: str(row["order"]),
            "Index": lambda row: _with_limits(row, "estimate"),
            "By luck alone": lambda row: fixed(row["luck"]),
            "Without luck": lambda row: _with_limits(row, "without_luck", "without_luck_low", "without_luck_high"),
        },
        words=("Order",),
    )


def _morris(given: Given) -> list[Figure]:
    """Mean sizes of elementary effects, with what luck alone would reach."""
    outcome = outcome_words(given.study.select_on).lower()
    return [
        figure(
            name,
            _titled(given, f"How far each factor moves the {outcome} over its whole range", case),
            partial(
                charts.intervals,
                _screened(rows),
                scale=f"mean size of the change of the {outcome}",
                floor="by luck alone",
            ),
            says=f"Elementary effects of {len(rows)} factors. The largest: {_screened(rows)['label'].iloc[0]}.",
            reading="The mean size of the change for a step over the factor's whole range, from many places in the "
            "space of the others. What lies left of its red stroke, or cannot be told from it (hollow), may be luck."
            + _cut(len(rows)),
            tables=(_morris_table(given),) if name.endswith("-1") else (),
        )
        for name, case, rows in _per_case(given, "morris")
    ]


def _screened(rows: pd.DataFrame) -> pd.DataFrame:
    """Factors by the mean size of their effects."""
    top = rows.sort_values("mu_star", ascending=False, kind="stable").head(MOST_ROWS)
    return top.assign(
        label=top["factor"].map(factor_words),
        estimate=top["mu_star"],
        low=top["mu_star_low"],
        high=top["mu_star_high"],
        told=top["above_luck"].fillna(value=True).astype(bool),
    )


def _morris_table(given: Given) -> Table:
    return _whole(
        given,
        "morris",
        {
            "Factor": lambda row: factor_words(str(row["factor"])),
            "Mean size": lambda row: _with_limits(row, "mu_star", "mu_star_low", "mu_star_high"),
            "By luck alone": lambda row: fixed(row["floor"]),
            "Mean": lambda row: _with_limits(row, "mu", "mu_low", "mu_high"),
            "Spread": lambda row: _with_limits(row, "sigma", "sigma_low", "sigma_high"),
        },
        words=(),
    )


def _shares(given: Given) -> list[Figure]:
    """The share of the variation that each factor accounts for alone."""
    outcome = outcome_words(given.study.select_on).lower()
    return [
        figure(
            name,
            _titled(given, f"How much of the variation of the {outcome} each factor accounts for alone", case),
            partial(
                charts.intervals,
                _ordered(rows),
                scale="share of the variation between points, with 95 % interval",
                shares=True,
            ),
            says=f"First-order shares of {len(rows)} factors. The largest: {_ordered(rows)['label'].iloc[0]}.",
            reading=f"Luck accounts for {per_cent(rows['luck_share'].iloc[0])} of the variation between points. "
            "Hollow: cannot be told from nothing." + _cut(len(rows)),
            tables=(_shares_table(given),) if name.endswith("-1") else (),
        )
        for name, case, rows in _per_case(given, "first_order")
    ]


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Factors by their share."""
    top = rows.sort_values("estimate", ascending=False, kind="stable").head(MOST_ROWS)
    return top.assign(label=top["factor"].map(factor_words), told=top["low"] > 0)


def _shares_table(given: Given) -> Table:
    return _whole(
        given,
        "first_order",
        {
            "Factor": lambda row: factor_words(str(row["factor"])),
            "Share": lambda row: _with_limits(row, "estimate"),
            "Luck": lambda row: fixed(row["luck_share"]),
        },
        words=(),
    )


# --- conditions -------------------------------------------------------------------------------------------------------


def _boxes(given: Given) -> list[Figure]:
    """The boxes of numbers, each with what it holds."""
    held = given.tables.get("boxes")
    if held is None:
        return []
    groups = held.groupby(["case", "outcome", "box"], sort=False)
    return [_box(given, place, rows) for place, (_, rows) in enumerate(groups, start=1) if rows["low"].notna().any()]


def _box(given: Given, place: int, rows: pd.DataFrame) -> Figure:
    """One box."""
    head = rows.iloc[0].to_dict()
    bars = _bars(given, rows[rows["low"].notna()])
    outcome = outcome_words(str(head["outcome"])).lower()
    named = "; ".join(
        f"{factor_words(row['factor'])} is {row['levels']}" for _, row in rows.iterrows() if row["levels"]
    )
    what = f"{per_cent(head['density'])} of the draws in this part have {head['of_interest']} of the {outcome}"
    return figure(
        f"box-{place}",
        _titled(given, f"Part {head['box']}: {what}", given.cases.get(str(head["case"]), str(head["case"]))),
        partial(charts.boxes, bars),
        says="; ".join(
            f"{row['label']} from {number(row['low'])} to {number(row['high'])}" for _, row in bars.iterrows()
        ),
        reading=f"Dark: the part of each range in which they lie; thin: where the limit may be, by 95 % of resamples. "
        f"The part holds {per_cent(head['coverage'])} of all draws with {head['of_interest']} of the {outcome}, and "
        f"{per_cent(head['mass'])} of all draws. {_trust(head)}" + (f" Besides: {named}." if named else ""),
        tables=(_boxes_table(given),) if place == 1 else (),
    )


def _trust(head: Row) -> str:
    """How far a part can be trusted: what it holds of draws that the search did not see, and what chance makes."""
    return (
        f"Of draws that the search did not see, {per_cent(head['density_held_out'])} in such a part have it, against "
        f"{per_cent(head['density_of_all'])} of all; outcomes dealt out at random do as well in "
        f"{per_cent(head['p_shuffled'])} of trials."
    )


def _bars(given: Given, rows: pd.DataFrame) -> pd.DataFrame:
    """Restrictions with the whole range of each factor."""
    ends = [_ends(given, factor) for factor in rows["factor"]]
    names = {"low_from": "low_low", "low_to": "low_high", "high_from": "high_low", "high_to": "high_high"}
    return rows.assign(
        label=rows["factor"].map(factor_words),
        range_low=[low for low, _ in ends],
        range_high=[high for _, high in ends],
    ).rename(columns=names)


def _ends(given: Given, factor: str) -> tuple[float, float]:
    """The range over which a factor was varied."""
    if factor in given.summary:
        column = given.summary[factor].astype(float)
        return float(column.min()), float(column.max())
    found = quantity(factor)
    return found.sweep if found and found.sweep else (0.0, 1.0)


def _boxes_table(given: Given) -> Table:
    return _whole(
        given,
        "boxes",
        {
            "Factor": lambda row: factor_words(str(row["factor"])),
            "Part": lambda row: str(row["box"]),
            "Range": lambda row: str(row["levels"]) or f"{number(row['low'])} to {number(row['high'])}",
            "Quasi-p": lambda row: fixed(row["quasi_p"]),
            "Found again": lambda row: per_cent(row["found_again"]),
            "Coverage": lambda row: per_cent(row["coverage"]),
            "Density": lambda row: per_cent(row["density"]),
            "Density unseen": lambda row: per_cent(row["density_held_out"]),
        },
        words=("Range",),
    )


# --- surfaces ---------------------------------------------------------------------------------------------------------


def _surfaces(given: Given) -> list[Figure]:
    """The surface of each case, cut at some shares of the fourth type."""
    drawn: list[Figure] = []
    for name, case, rows in _per_case(given, "surface_coefficients"):
        for place, (settings, terms) in enumerate(rows.groupby("settings", sort=False)):
            where = given.said(" with ".join(filter(None, (case if len(given.cases) > 1 else "", str(settings)))))
            drawn.append(_surface(given, f"{name}-{place}", where, terms, first=not drawn))
    return drawn


def _surface(given: Given, name: str, where: str, terms: pd.DataFrame, *, first: bool) -> Figure:
    """One surface."""
    degree, misfit = _fit_words(given, terms)
    surface = predicted(terms, given.tables.get("surface_mixes"))
    title = f"The {degree} surface through all mixes" + (f": {where}" if where else "")
    best = surface.iloc[int(surface["predicted"].to_numpy().argmax())]
    return figure(
        name,
        title,
        partial(charts.simplex, surface, outcome=("predicted", "predicted, times 100"), levels=SLICES),
        says=f"Predicted {outcome_words(given.study.select_on).lower()}: the highest is {best['predicted']:.3f}.",
        reading=f"Scheffé's polynomial, times 100. {misfit} Marked: mixes in steps of 5 % that may be the best if the "
        "surface is right.",
        tables=(_terms_table(given), _degrees_table(given)) if first else (),
    )


def _fit_words(given: Given, terms: pd.DataFrame) -> tuple[str, str]:
    """The chosen degree, and how well it describes the means."""
    head = terms.iloc[0]
    degrees = given.tables["surface_degrees"]
    same = (degrees[["case", "outcome", "settings"]] == head[["case", "outcome", "settings"]]).all(axis=1)
    chosen = degrees[same & degrees["chosen"]].iloc[0]
    left = number(chosen["lack_of_fit"])
    words = f"It misses mixes that it was not fitted to by {number(chosen['cross_validated_error'])} on average"
    fits = f", and those that it was by {left} more than luck would." if chosen["lack_of_fit"] > 0 else "."
    return str(chosen["degree"]), words + fits


def predicted(terms: pd.DataFrame, best: pd.DataFrame | None) -> pd.DataFrame:
    """A polynomial's value at every mix of a lattice of one twentieth, and whether that mix may be the best."""
    mixes = pd.DataFrame(np.array(list(lattice(FINENESS))) / FINENESS, columns=list(TYPES))
    parts = [
        estimate * mixes[term.split(" x ")].prod(axis=1)
        for term, estimate in zip(terms["term"], terms["estimate"], strict=True)
    ]
    kept = set() if best is None else {_place(row) for row in _same(best, terms).to_dict("records")}
    flags = [_place(row) in kept for row in mixes.to_dict("records")]
    return mixes.assign(predicted=sum(parts), predicted_low=np.nan, predicted_high=np.nan, may_be_best=flags)


def _same(table: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """The rows of the same case, outcome and settings."""
    head = terms.iloc[0]
    return table[(table[["case", "outcome", "settings"]] == head[["case", "outcome", "settings"]]).all(axis=1)]


def _place(row: Row) -> tuple[float, ...]:
    return tuple(round(float(row[kind]), 6) for kind in TYPES)


def _term_words(term: object) -> str:
    """A term by the types that it joins."""
    return " × ".join(TYPE_WORDS[kind] for kind in str(term).split(" x "))


def _terms_table(given: Given) -> Table:
    return _whole(
        given,
        "surface_coefficients",
        {
            "Term": lambda row: _term_words(row["term"]),
            "Coefficient": lambda row: _with_limits(row, "estimate"),
            "p": lambda row: fixed(row["p"]),
        },
        words=(),
    )


def _degrees_table(given: Given) -> Table:
    return _whole(
        given,
        "surface_degrees",
        {
            "Polynomial": lambda row: f"{row['degree']}{' (chosen)' if row['chosen'] else ''}",
            "R squared": lambda row: fixed(row["r_squared"]),
            "Left over beyond luck": lambda row: fixed(row["lack_of_fit"]),
            "Error at mixes not fitted to": lambda row: fixed(row["cross_validated_error"]),
        },
        words=(),
    )


# --- regret -----------------------------------------------------------------------------------------------------------


def _regret(given: Given) -> list[Figure]:
    """How far each option falls behind the best of each draw, on average and at worst."""
    smallest = smallest_of_interest(given.study.select_on)
    band = charts.Band(0, smallest, "too small to matter") if smallest else None
    return [
        figure(
            name,
            _titled(given, f"How far each option falls behind the best of {_contexts_words(given, rows)}", case),
            partial(
                charts.intervals,
                _regrets(given, rows),
                scale=f"{outcome_words(given.study.select_on).lower()} forgone",
                band=band,
            ),
            says=f"Regret of {len(rows)} options. The least on average: {_regrets(given, rows)['label'].iloc[0]}.",
            reading="What one forgoes by an option where another would have been best. Filled: cannot be told from the "
            "most robust option." + _cut(len(rows)),
            tables=(_regret_table(given),) if name.endswith("-1") else (),
        )
        for name, case, rows in _per_case(given, "robustness")
    ]


def _contexts_words(given: Given, rows: pd.DataFrame) -> str:
    """What an option had to stand up in."""
    return count(int(rows["contexts"].iloc[0]), "draw" if given.study.sample else "context")


def _regrets(given: Given, rows: pd.DataFrame) -> pd.DataFrame:
    """Mean and largest regret of each option, the least mean first."""
    top = rows.sort_values("mean_regret", kind="stable").head(MOST_ROWS)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "label": top["label"].map(given.said),
                    "series": words,
                    "estimate": top[name],
                    "low": top[f"{name}_low"],
                    "high": top[f"{name}_high"],
                    "told": top[flag],
                }
            )
            for name, words, flag in (
                ("mean_regret", "on average", "robust_by_mean"),
                ("max_regret", "at worst", "robust_by_max"),
            )
        ],
        ignore_index=True,
    )


def _regret_table(given: Given) -> Table:
    return _whole(
        given,
        "robustness",
        {
            "Option": lambda row: given.said(str(row["label"])),
            "Regret on average": lambda row: _with_limits(row, "mean_regret", "mean_regret_low", "mean_regret_high"),
            "At worst": lambda row: _with_limits(row, "max_regret", "max_regret_low", "max_regret_high"),
            "Nearly best in": lambda row: per_cent(row["near_best"]),
            "May be best in": lambda row: per_cent(row["may_be_best_share"]),
        },
        words=(),
    )
