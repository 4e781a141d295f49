"""What a study's runs say: a row a point with intervals, ranked within each context, and the finding in a sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from redesign_sim.study.errors import StudyError
from redesign_sim.study.interest import is_share, smallest_of_interest
from redesign_sim.study.mixes import TYPE_WORDS, TYPES
from redesign_sim.study.statistics import Interval, standings, t_interval, wilson
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Sequence


def summarise(
    design: pd.DataFrame, runs: pd.DataFrame, outcomes: Sequence[str], select_on: str, *, adaptive: bool = False
) -> pd.DataFrame:
    """A row a point: runs, failures, each outcome with its 95 % interval, and its standing within its context.

    Shares (true-or-false outcomes) carry Wilson intervals, means t intervals; an outcome that can be missing is
    averaged over the runs that have it, counted in `<outcome>_known`. `rank` orders the points of a context by the
    mean of `select_on`; `behind_best` with its simultaneous limits and `may_be_best` come from paired differences.
    `adaptive`: what came out has decided how often each point was run (see `standings`).
    """
    sound = runs[runs["failure"].isna()]
    if sound.empty:
        raise StudyError("Every run failed, so there is nothing to summarise.")
    failed = runs.groupby("point")["failure"].count().rename("failed").reset_index()
    table = design.merge(failed, on="point").merge(_estimates(sound, outcomes), on="point", how="left")
    context = sound["point"].map(dict(zip(design["point"], design["context"], strict=True)))
    by_context = dict(list(sound.groupby(context, sort=False)))
    ranked = [
        _ranked(alike, by_context.get(context, sound[:0]), select_on, adaptive=adaptive)
        for context, alike in table.groupby("context", sort=False)
    ]
    return pd.concat(ranked, ignore_index=True)


def _estimates(runs: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """A row a point: how many runs there are, and each outcome."""
    points = runs["point"]
    table = points.value_counts(sort=False).sort_index().rename("runs").reset_index()
    return pd.concat([table, *(_estimated(outcome, runs[outcome], points) for outcome in outcomes)], axis=1)


def _estimated(outcome: str, values: pd.Series[float], points: pd.Series[int]) -> pd.DataFrame:
    """An outcome of every point with its limits, as columns; and how many runs have it, where any has not."""
    groups = pd.Series(values.to_numpy(dtype=float, na_value=np.nan), points.index).groupby(points)
    known, means, spreads = groups.count().tolist(), groups.mean().tolist(), groups.std(ddof=1).tolist()
    if pd.api.types.is_bool_dtype(values):
        limits = [_share(mean, number) for mean, number in zip(means, known, strict=True)]
    else:
        each = zip(means, spreads, known, strict=True)
        limits = [t_interval(mean, spread / math.sqrt(max(number, 1)), number) for mean, spread, number in each]
    table = pd.DataFrame(limits).set_axis([outcome, f"{outcome}_low", f"{outcome}_high"], axis=1)
    if known != groups.size().tolist():
        table[f"{outcome}_known"] = known
    return table


def _share(share: float, known: int) -> Interval:
    """A share with its limits; nothing is known of it where no run has the outcome."""
    return wilson(round(share * known), known) if known else Interval(math.nan, math.nan, math.nan)


def _ranked(alike: pd.DataFrame, of_these: pd.DataFrame, select_on: str, *, adaptive: bool) -> pd.DataFrame:
    """The points of one context, best first, each against the best over the replications that both have."""
    values = of_these.pivot(index="replication", columns="point", values=select_on)  # noqa: PD010  it refuses doubles
    try:
        found = standings(values.astype(float), adaptive=adaptive)
    except ValueError as error:
        raise StudyError(f"Some points have no run with a value of {select_on}, so they cannot be ranked.") from error
    compared = pd.DataFrame(found, index=values.columns).rename(
        columns={"behind": "behind_best", "low": "behind_low", "high": "behind_high"}
    )
    ordered = alike.merge(compared, left_on="point", right_index=True).sort_values("behind_best", kind="stable")
    return ordered.assign(rank=range(1, len(ordered) + 1))


class Finding(NamedTuple):
    """What came out of one context, for a sentence, a chart's title and a table's heading."""

    context: str
    points: int
    best: int
    share: Interval
    title: str
    sentence: str


def finding(table: pd.DataFrame, select_on: str) -> Finding:
    """What one context's ranking by `select_on` says: the best point, how wide the set around it is and what its points
    share.
    """
    leader, best = table.iloc[0], table[table["may_be_best"]]
    share = Interval(leader["integrated"], leader["integrated_low"], leader["integrated_high"])
    context = str(leader["context"])
    return Finding(
        context, len(table), len(best), share, _title(table, best), _sentence(context, table, best, select_on)
    )


def _title(table: pd.DataFrame, best: pd.DataFrame) -> str:
    """What came out, for the head of a chart."""
    one, many = _nouns(table)
    if len(best) == len(table):
        return f"No {one} can be told from any other"
    if len(best) == 1:
        return f"One {one} comes out ahead: {point_words(best.iloc[0])}"
    if is_of_mixes(table) and 2 * len(best) <= len(table):  # what more than half have in common says little
        return f"The best mixes have {_in_common(best)}"
    return f"{len(best)} of {len(table)} {many} cannot be told from the best"


def _nouns(table: pd.DataFrame) -> tuple[str, str]:
    """What a point is called, one and many."""
    return ("mix", "mixes") if is_of_mixes(table) else ("setting", "settings")


def _sentence(context: str, table: pd.DataFrame, best: pd.DataFrame, select_on: str) -> str:
    """What came out, for someone who will read only that; and how far that is a difference that matters."""
    one, many = _nouns(table)
    near = near_words(table, select_on, many)
    rest = f"{_best_words(best.iloc[0], select_on)}{f'; {near}' if near else ''}."
    if len(best) == len(table):
        return f"In {context} no {one} can be told from any other. {rest}"
    if len(best) == 1:
        return f"In {context} one of {len(table)} {many} comes out ahead of all others. {rest}"
    common = f"; they have {_in_common(best)}" if is_of_mixes(table) else ""
    return f"In {context} {len(best)} of {len(table)} {many} cannot be told from the best{common}. {rest}"


def _best_words(leader: pd.Series[Any], select_on: str) -> str:
    """The best-ranked point: its share of futures that integrate, and the mean that it is ranked by."""
    low, high = _percent(leader["integrated_low"]), _percent(leader["integrated_high"])
    words = f"Of the best-ranked, {point_words(leader)}, {_percent(leader['integrated'])} of futures integrate"
    return f"{words} ({low} to {high}){mean_words(select_on, f'{leader[select_on]:.2f}')}"


def mean_words(select_on: str, mean: str) -> str:
    """The mean that points are ranked by, within a sentence that has named the share of futures that integrate."""
    if select_on == "integrated":
        return ""
    if select_on == "integration_index":
        return f", at a mean index of {mean}"
    return f", at a mean of {mean} for what they are ranked by ({MEASURES[select_on].title})"


def near_words(table: pd.DataFrame, select_on: str, many: str) -> str:
    """How many points lie so near the best that nobody would care; nothing where no such difference was fixed."""
    smallest = smallest_of_interest(select_on)
    near = int((table["behind_best"] < smallest).sum())
    words = f"{100 * smallest:.0f} in 100" if is_share(select_on) else f"{smallest}"
    said = f"{near} of {len(table)} {many} lie within {words} of it, the smallest difference of interest"
    return said if smallest else ""


def is_of_mixes(table: pd.DataFrame) -> bool:
    """Whether the points are mixes of leadership."""
    return set(TYPES) <= set(table.columns)


def point_words(point: pd.Series[Any]) -> str:
    """A point in words: its mix, its other settings, or both."""
    parts = [mix_words(point) if TYPES[0] in point else "", str(point["settings"])]
    return " with ".join(filter(None, parts))


def mix_words(mix: pd.Series[Any]) -> str:
    """A mix in words, the largest share first: `60 % high-impact, 40 % localised`."""
    shares = sorted(((float(mix[kind]), kind) for kind in TYPES), key=lambda pair: -pair[0])
    return ", ".join(f"{_percent(share)} {TYPE_WORDS[kind]}" for share, kind in shares if share > 0)


def _in_common(best: pd.DataFrame) -> str:
    """The range of each type's share over the best set, the types that vary least first."""
    ranges = {kind: (float(best[kind].min()), float(best[kind].max())) for kind in reversed(TYPES)}
    words = [f"{_range(low, high)} {TYPE_WORDS[kind]}" for kind, (low, high) in ranges.items() if high - low < 1]
    return ", ".join(words) or "nothing in common"


def _range(low: float, high: float) -> str:
    """A range of shares in per cent."""
    return _percent(low) if low == high else f"{_percent(low).removesuffix(' %')} to {_percent(high)}"


def _percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.0f} %"
