"""The finding of a study: one sentence and one figure, whatever its design."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from redesign_sim import charts
from redesign_sim.reports.study_page import analyses
from redesign_sim.reports.study_page.blocks import Figure, figure, table
from redesign_sim.reports.study_page.words import (
    count,
    estimate,
    number,
    option_words,
    outcome_words,
    per_cent,
    span,
)
from redesign_sim.study.analysis.summary import Finding, finding, is_of_mixes, mean_words, near_words
from redesign_sim.study.mixes import TYPES

if TYPE_CHECKING:
    from redesign_sim.reports.study_page.given import Given
    from redesign_sim.reports.study_page.words import Row


FEW_NAMES = 3
HIDDEN = "Luck hides most of the differences at so few futures of each; more futures would tell options apart."


class Headline(NamedTuple):
    """The finding in a sentence, what else belongs to it, and the figure that shows it."""

    sentence: str
    more: str
    figure: Figure | None


def headline(given: Given) -> Headline:
    """What the study found."""
    if not given.ranks:
        return _of_draws(given)
    if given.worlds:
        return _of_worlds(given)
    if len(given.contexts) == 1:
        ((words, ranked),) = given.contexts.items()
        return _of_one(words, ranked, given.study.select_on)
    return _of_many(given)


def _of_one(words: str, ranked: pd.DataFrame, select_on: str) -> Headline:
    """One ranking: its title and sentence; its figure is the first of its section."""
    found = finding(ranked, select_on)
    first, last = ranked.iloc[0], ranked.iloc[-1]
    most, least = per_cent(first["integrated"]), per_cent(last["integrated"])
    shares = f"{most} of futures with the first-ranked, {least} with the last"
    return Headline(f"{found.title}; services integrate in {shares}.", f"{words}. {standing(ranked, select_on)}", None)


def standing(ranked: pd.DataFrame, select_on: str) -> str:
    """One ranking in sentences: the set that may be the best, the first and the last."""
    first, last = ranked.iloc[0].to_dict(), ranked.iloc[-1].to_dict()
    near = near_words(ranked, select_on, "options")
    mean = mean_words(select_on, number(first[select_on]))
    return (
        f"{_set_words(finding(ranked, select_on))} First is {option_words(first)}: {estimate(first, 'integrated')} of "
        f"futures integrate{mean}{f'; {near}' if near else ''}. Last is {option_words(last)}: "
        f"{estimate(last, 'integrated')}. In brackets: 95 % intervals."
    )


def _set_words(found: Finding) -> str:
    """How many options may be the best."""
    if found.best == 1:
        return f"One of {found.points} options can be told apart from all others."
    if found.best == found.points:
        return f"None of the {found.points} options can be told from any other."
    return f"{found.best} of {found.points} options cannot be told from the best."


def _of_many(given: Given) -> Headline:
    """Several rankings: what is among the best in all of them, and how much the choice matters in each."""
    tables = list(given.contexts.values())
    everywhere = set.intersection(*(set(map(_key, _best(each))) for each in tables))
    one, many = ("mix", "mixes") if is_of_mixes(tables[0]) else ("setting", "settings")
    where = _everywhere(len(tables), "case" if len(tables) == len(given.cases) else "comparison")
    names = [option_words(row) for row in _best(tables[0]) if _key(row) in everywhere]
    if not names:
        sentence = f"No {one} is among the best in {where}: which {one} is best depends on where."
    elif len(names) == 1:
        sentence = f"One {one} is among the best in {where}: {names[0]}."
    elif len(names) <= FEW_NAMES:
        sentence = f"{count(len(names), one, many)} are among the best in {where}: {'; '.join(names)}."
    else:
        sentence = f"{len(names)} of {count(len(tables[0]), one, many)} are among the best in {where}."
    hidden = [HIDDEN] if len(names) > len(tables[0]) / 2 else []
    return Headline(sentence, " ".join([*hidden, _stakes_words(given)]), _stakes(given))


def _everywhere(number: int, what: str) -> str:
    """All of some things."""
    return f"both {what}s" if number == 2 else f"all {number} {what}s"  # noqa: PLR2004  there is a word for two


def _of_worlds(given: Given) -> Headline:
    """Options met by many draws of what nobody chooses: what falls least behind."""
    if given.sentences:
        return Headline(given.sentences[0], "", analyses.first(given))
    steady = next(iter(given.across.values())).iloc[0].to_dict()
    times = f"{steady['best_in']} of {steady['contexts']} draws of what is uncertain"
    return Headline(f"{option_words(steady)} may be the best in {times}.", "", None)


def _best(ranked: pd.DataFrame) -> list[Row]:
    """The options that cannot be told from the best."""
    return list(ranked[ranked["may_be_best"]].to_dict("records"))


def _key(row: Row) -> tuple[object, ...]:
    """What makes an option the same one in another case."""
    return (*(round(float(row[kind]), 9) for kind in TYPES if kind in row), row["settings"])


def _stakes_words(given: Given) -> str:
    """How far the best is from the worst, where least and where most."""
    gaps = {
        words: float(ranked["integrated"].max() - ranked["integrated"].min())
        for words, ranked in given.contexts.items()
    }
    least, most = min(gaps, key=gaps.__getitem__), max(gaps, key=gaps.__getitem__)
    points = {words: f"{100 * gap:.0f} points" for words, gap in gaps.items()}
    where = f"{points[least]} in {least} and {points[most]} in {most}"
    if points[least] == points[most]:
        where = f"{points[least]} in each case"
    return f"Between the options with the most and the fewest futures that integrate lie {where}."


def _stakes(given: Given) -> Figure:
    """How much the choice matters: the first and the last of each ranking."""
    rows = [
        {"label": words, "series": series, "option": option_words(row), "outcome": "integrated"}
        | {"estimate": row["integrated"], "low": row["integrated_low"], "high": row["integrated_high"]}
        for words, ranked in given.contexts.items()
        for series, row in (("ranked first", ranked.iloc[0].to_dict()), ("ranked last", ranked.iloc[-1].to_dict()))
    ]
    frame = pd.DataFrame(rows)
    shown = table(
        "first_and_last",
        frame,
        {
            "Where": lambda row: str(row["label"]),
            "Which": lambda row: str(row["series"]),
            "What": lambda row: str(row["option"]),
            "Futures that integrate": lambda row: (
                f"{per_cent(row['estimate'])} ({span(row['low'], row['high'], share=True)})"
            ),
        },
        caption="The option ranked first and the one ranked last, with 95 % intervals",
        shut="The numbers behind this figure",
        words=("Which", "What"),
    )
    return figure(
        "stakes",
        "How much the choice matters in each case",
        partial(charts.intervals, frame, scale="futures that integrate, with 95 % interval", zero=False, shares=True),
        says=_stakes_words(given),
        reading="The two options are those with the highest and the lowest mean index of integration.",
        tables=(shown,),
    )


def _of_draws(given: Given) -> Headline:
    """Draws that are no options: how the outcome spreads over them."""
    outcome = given.study.select_on
    values = given.summary[outcome].astype(float)
    low, high = (number(float(each), 2) for each in np.quantile(values, (0.05, 0.95)))
    sentence = (
        f"Over {count(len(values), 'draw')} of what was varied, services integrate in "
        f"{per_cent(given.summary['integrated'].mean())} of futures; in nine draws of ten the mean "
        f"{outcome_words(outcome).lower()} lies between {low} and {high}."
    )
    if given.sentences:
        return Headline(given.sentences[0], sentence, analyses.first(given))
    return Headline(sentence, "", _spread(given, outcome))


def _spread(given: Given, outcome: str) -> Figure:
    """The outcome of every draw, from the lowest to the highest."""
    frame = given.summary.sort_values(outcome, kind="stable", ignore_index=True)
    shown = table(
        "draws",
        frame.drop(columns=[name for name in frame if str(name).startswith("unit:")]),
        {
            "Draw": lambda row: str(row["settings"]),
            outcome_words(outcome): lambda row: estimate(row, outcome),
        },
        caption="Every draw, the lowest first; the file also holds what was set",
        shut="The numbers behind this figure",
    )
    return figure(
        "spread",
        "How the outcome spreads over the draws",
        partial(charts.spread, frame, outcome),
        says=f"{len(frame)} draws in order of {outcome_words(outcome).lower()}.",
        reading="Each draw is one line: its estimate and, in grey, its 95 % interval, which is luck. The rise of the "
        "line from left to right is what the draws make different.",
        tables=(shown,),
    )
