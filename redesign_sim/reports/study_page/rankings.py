"""The options of each case: mixes on the simplex, the ranking, and the set that cannot be told from the best."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from redesign_sim import charts
from redesign_sim.reports.study_page.blocks import Block, Figure, Prose, Section, Table, figure, table
from redesign_sim.reports.study_page.findings import standing
from redesign_sim.reports.study_page.words import (
    brief,
    count,
    estimate,
    factor_words,
    fixed,
    option_words,
    outcome_words,
    per_cent,
    settings_words,
    span,
)
from redesign_sim.study.analysis.summary import finding, is_of_mixes, mix_words
from redesign_sim.study.mixes import TYPE_WORDS, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from redesign_sim.reports.study_page.given import Given
    from redesign_sim.reports.study_page.words import Row

LEAST_SHOWN, BELOW, MOST_DRAWN = 15, 5, 40
"""Rows of a ranking at least, rows below the set that cannot be told from the best, and rows at most."""


def sections(given: Given) -> list[Section]:
    """A section a comparison, or a case where there are many comparisons of each."""
    if not given.ranks:
        return []
    if len(given.contexts) == 1:
        return []
    if given.worlds:
        return []
    return [_section(given, number, words, each) for number, (words, each) in enumerate(given.contexts.items(), 1)]


def only(given: Given) -> list[Figure]:
    """The figures of the one comparison that there is, or of many taken together; none where there are a few."""
    if given.ranks and given.worlds:
        return [_across(number, case, options) for number, (case, options) in enumerate(given.across.items(), 1)]
    if not given.ranks or len(given.contexts) > 1:
        return []
    (ranked,) = given.contexts.values()
    return [*([_mixes(1, given, ranked)] if _one_mix_each(ranked) else []), _ranking(1, given, ranked)]


def _section(given: Given, number: int, words: str, ranked: pd.DataFrame) -> Section:
    """One comparison: the mixes if there are any, then the ranking."""
    said = [Prose(standing(ranked, given.study.select_on))]
    drawn = [_mixes(number, given, ranked)] if _one_mix_each(ranked) else []
    blocks: list[Block] = [*said, *drawn, _ranking(number, given, ranked)]
    return Section(f"case-{number}", words, blocks)


def _one_mix_each(ranked: pd.DataFrame) -> bool:
    """Whether every option is a mix and nothing else, so that each has one place on the simplex."""
    return is_of_mixes(ranked) and not ranked.duplicated(list(TYPES)).any()


def _mixes(number: int, given: Given, ranked: pd.DataFrame) -> Figure:
    """The simplex."""
    shown = charts.telling_outcome(ranked)
    runs = _runs_words(ranked)
    return figure(
        f"mixes-{number}",
        "How futures end under every mix of the four types",
        partial(charts.simplex, ranked),
        says=finding(ranked, given.study.select_on).sentence,
        reading=f"Each cell is a mix of the four leadership types among the clinicians: the corner that it lies near "
        f"has most. {_cell_words(shown, ranked)} {runs}",
        tables=(_full_table(number, given, ranked),),
    )


def _cell_words(shown: str, ranked: pd.DataFrame) -> str:
    """What stands in a cell."""
    what = (
        "the share of futures in which services integrate, in per cent"
        if shown == "integrated"
        else "the mean index of integration, times 100"
    )
    held = charts.cell_of(ranked)
    return {
        "both": f"Its number is {what}, and under it half of the 95 % interval.",
        "estimate": f"Its number is {what}; a cell shrinks as its 95 % interval widens, to half its size at ±25.",
        "nothing": f"Its colour is {what}.",
    }[held]


def _runs_words(ranked: pd.DataFrame) -> str:
    """How many futures each option had."""
    least, most = int(ranked["runs"].min()), int(ranked["runs"].max())
    return f"{least:,} futures of each mix." if least == most else f"{least:,} to {most:,} futures of each mix."


def _ranking(number: int, given: Given, ranked: pd.DataFrame) -> Figure:
    """The top of the ranking."""
    best = int(ranked["may_be_best"].sum())
    rows = min(len(ranked), max(LEAST_SHOWN, min(best + BELOW, MOST_DRAWN)))
    mixes = _one_mix_each(ranked)
    what = "mixes" if mixes else "settings"
    title = (
        f"{best} of {len(ranked)} {what} cannot be told from the best"
        if best > 1
        else f"One of {len(ranked)} {what} is told apart from all others"
    )
    if best == len(ranked):
        title = f"None of the {len(ranked)} {what} can be told from any other"
    left_out = f" The {len(ranked) - rows} ranked below are in the table." if rows < len(ranked) else ""
    top = ranked.head(rows)
    top = top.assign(settings=[option_words(row) for row in top.to_dict("records")])
    if is_of_mixes(top):
        top = top.assign(mix=[brief(mix_words(row)) for _, row in top.iterrows()])
    return figure(
        f"ranking-{number}",
        title,
        lambda width: (
            charts.ranked_mixes(top, of=len(ranked), width=width)
            if mixes
            else charts.ranked_settings(top, of=len(ranked), columns=_columns(given, top), width=width)
        ),
        says=f"The first {rows} of {len(ranked)} {what} by the mean index of integration. First: "
        f"{option_words(ranked.iloc[0].to_dict())}.",
        reading=_ranking_words(given) + left_out,
        tables=() if mixes else (_full_table(number, given, ranked),),
    )


def _columns(given: Given, ranked: pd.DataFrame) -> dict[str, str]:
    """What tells options apart, a column each: the mix by its largest part, then the other factors."""
    paths = [path for path in given.study.combined if path in ranked and path not in given.study.uncertainties]
    mix = {"mix": "Mix of types"} if is_of_mixes(ranked) else {}
    return mix | {path: factor_words(path) for path in paths}


def _ranking_words(given: Given) -> str:
    """How to read a ranking."""
    paired = "future by future under the same luck, so" if given.study.common_luck else "and"
    return (
        f"Ranked by the mean {outcome_words(given.study.select_on).lower()}. Highlighted, with filled dots: those that "
        f"may be the best, with 95 % confidence for all comparisons together. Each is compared with the first {paired} "
        "two options whose own intervals overlap can still be told apart."
    )


def _full_table(number: int, given: Given, ranked: pd.DataFrame) -> Table:
    """Every option with every outcome that the study shows."""
    outcomes = list(dict.fromkeys(("integrated", "integration_index", *given.study.outcomes, given.study.select_on)))
    columns: dict[str, Callable[[Row], str]] = {
        "Rank": lambda row: f"{row['rank']}{' *' if row['may_be_best'] else ''}"
    }
    if is_of_mixes(ranked):
        columns |= {TYPE_WORDS[kind].capitalize(): _share_of(kind) for kind in TYPES}
    if ranked["settings"].astype(bool).any():
        columns["Setting"] = lambda row: settings_words(str(row["settings"]))
    columns |= {outcome_words(name): _estimate_of(name) for name in outcomes}
    columns["Behind the best"] = lambda row: (
        f"{fixed(row['behind_best'])} ({span(row['behind_low'], row['behind_high'])})"
    )
    columns["Futures"] = lambda row: f"{row['runs']:,}"
    return table(
        f"ranking_{number}",
        ranked,
        columns,
        caption="Every option, ranked; * cannot be told from the best. In brackets: 95 % intervals",
        shut=f"All {count(len(ranked), 'option')} as a table",
        words=("Setting",),
    )


def _share_of(kind: str) -> Callable[[Row], str]:
    return lambda row: per_cent(row[kind])


def _estimate_of(outcome: str) -> Callable[[Row], str]:
    return lambda row: estimate(row, outcome)


def _across(number: int, case: str, options: pd.DataFrame) -> Figure:
    """A case with many contexts: in how many each option may be the best."""
    named = options.assign(label=[option_words(row) for row in options.to_dict("records")])
    contexts = int(options["contexts"].iloc[0])
    shown = table(
        f"options_{number}",
        options,
        {
            "Option": option_words,
            "Among the best in": lambda row: f"{row['best_in']} of {row['contexts']}",
            "Futures that integrate": lambda row: per_cent(row["integrated"]),
            "Integration": lambda row: fixed(row["integration_index"]),
            "Behind the best of its draw": lambda row: fixed(row["behind_best"]),
        },
        caption="Every option over all draws of what is uncertain",
        shut=f"All {count(len(options), 'option')} as a table",
    )
    return figure(
        f"across-{number}",
        f"{case}: in how many of {contexts} draws of what is uncertain each option may be the best",
        partial(
            charts.shares,
            named.assign(share=named["best_in"] / named["contexts"]),
            scale="draws in which it may be the best",
        ),
        says=f"{len(options)} options. First: {named['label'].iloc[0]}, in {options['best_in'].iloc[0]} of {contexts}.",
        reading="In each draw of what is uncertain the options are compared under the same luck, and several may be "
        "the best.",
        tables=(shown,),
    )
