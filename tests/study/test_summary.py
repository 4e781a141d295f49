"""The summary of a study and its finding, on numbers small enough to check by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from redesign_sim.study.analysis.summary import finding, mix_words, point_words, summarise
from redesign_sim.study.mixes import TYPES
from redesign_sim.study.statistics import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

MIXES = ((0.0, 0.4, 0.0, 0.6), (0.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 0.0))


def design(contexts: Sequence[str] = ("here",)) -> pd.DataFrame:
    rows = [
        {"context": context, "case": context, "settings": "", **dict(zip(TYPES, mix, strict=True))}
        for context in contexts
        for mix in MIXES
    ]
    return pd.DataFrame(rows).rename_axis("point").reset_index()


def runs(indices: Sequence[Sequence[float]], threshold: float = 0.5) -> pd.DataFrame:
    """Runs of points in order, a row of indices each."""
    frames = [
        pd.DataFrame({"point": point, "replication": range(len(values)), "integration_index": values})
        for point, values in enumerate(indices)
    ]
    table = pd.concat(frames, ignore_index=True)
    table["integrated"] = (table["integration_index"] >= threshold).astype("boolean")
    table["months_to_integration"] = np.where(table["integrated"], 30.0, np.nan)
    return table.assign(failure=None)


OUTCOMES = ("integrated", "integration_index", "months_to_integration")
HIGH, MIDDLE, LOW = [0.6, 0.7, 0.4, 0.8], [0.61, 0.68, 0.42, 0.78], [0.1, 0.3, 0.1, 0.3]


def test_estimates_are_those_of_the_formulas() -> None:
    table = summarise(design(), runs([HIGH, MIDDLE, LOW]), OUTCOMES, "integration_index").set_index("point")
    assert tuple(table.loc[0, ["integrated", "integrated_low", "integrated_high"]]) == pytest.approx(wilson(3, 4))
    theirs = stats.ttest_1samp(HIGH, 0).confidence_interval(0.95)
    limits = table.loc[0, ["integration_index", "integration_index_low", "integration_index_high"]]
    assert tuple(limits) == pytest.approx((0.625, theirs.low, theirs.high))
    assert table["runs"].tolist() == [4, 4, 4]


def test_points_are_ranked_and_compared_with_the_best_pair_by_pair() -> None:
    table = summarise(design(), runs([LOW, HIGH, MIDDLE]), OUTCOMES, "integration_index")
    assert table["point"].tolist() == [1, 2, 0]
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["may_be_best"].tolist() == [True, True, False]
    assert table["behind_best"].tolist() == pytest.approx([0.0, 0.0025, 0.425])
    reach = stats.t.ppf(1 - 0.05 / 2, 3)
    gaps = np.array(HIGH) - np.array(LOW)
    assert table["behind_low"].iloc[2] == pytest.approx(gaps.mean() - reach * gaps.std(ddof=1) / 2)


def test_each_context_has_its_own_ranking() -> None:
    table = summarise(design(("here", "there")), runs([HIGH, LOW, LOW, LOW, LOW, HIGH]), OUTCOMES, "integration_index")
    assert table[table["rank"] == 1][["context", "point"]].to_numpy().tolist() == [["here", 0], ["there", 5]]


def test_an_outcome_that_may_be_missing_is_averaged_over_those_that_have_it() -> None:
    table = summarise(design(), runs([HIGH, MIDDLE, LOW]), OUTCOMES, "integration_index").set_index("point")
    assert table.loc[0, "months_to_integration"] == 30.0
    assert table.loc[0, "months_to_integration_known"] == 3
    assert table["months_to_integration"].isna().tolist() == [False, False, True]


def test_a_point_is_compared_over_the_replications_that_the_best_has_too() -> None:
    table = summarise(design(), runs([HIGH, MIDDLE, LOW[:3]]), OUTCOMES, "integration_index")
    assert table.set_index("point")["pairs"].to_dict() == {0: 4, 1: 4, 2: 3}
    assert table.loc[table["point"] == 0, "integration_index"].item() == pytest.approx(0.625)


def test_the_finding_names_the_set_and_what_it_has_in_common() -> None:
    found = finding(summarise(design(), runs([HIGH, MIDDLE, LOW]), OUTCOMES, "integration_index"), "integration_index")
    assert (found.points, found.best) == (3, 2)
    assert found.sentence == (
        "In here 2 of 3 mixes cannot be told from the best; they have 60 to 100 % high-impact, 0 % lacking followers, "
        "0 to 40 % localised, 0 % passive. Of the best-ranked, 60 % high-impact, 40 % localised, "
        "75 % of futures integrate (30 % to 95 %), at a mean index of 0.62; "
        "2 of 3 mixes lie within 0.02 of it, the smallest difference of interest."
    )


def test_the_title_of_a_chart_says_what_came_out() -> None:
    titles = [
        finding(summarise(design(), runs(indices), OUTCOMES, "integration_index"), "integration_index").title
        for indices in ([HIGH, MIDDLE, LOW], [HIGH, LOW, LOW], [HIGH, HIGH, HIGH])
    ]
    few = summarise(design(), runs([HIGH, MIDDLE, LOW]), OUTCOMES, "integration_index")
    few = pd.concat([few, *[few[~few["may_be_best"]]] * 2])
    titles.append(finding(few, "integration_index").title)
    assert titles == [
        "2 of 3 mixes cannot be told from the best",
        "One mix comes out ahead: 60 % high-impact, 40 % localised",
        "No mix can be told from any other",
        "The best mixes have 60 to 100 % high-impact, 0 % lacking followers, 0 to 40 % localised, 0 % passive",
    ]


def test_one_winner_and_no_winner_are_said() -> None:
    one = finding(summarise(design(), runs([HIGH, LOW, LOW]), OUTCOMES, "integration_index"), "integration_index")
    assert "one of 3 mixes comes out ahead of all others. Of the best-ranked, 60 % high-impact" in one.sentence
    none = finding(summarise(design(), runs([HIGH, HIGH, HIGH]), OUTCOMES, "integration_index"), "integration_index")
    assert "no mix can be told from any other" in none.sentence


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("integrated", "2 of 3 mixes lie within 5 in 100 of it, the smallest difference of interest."),
        ("months_to_integration", "at a mean of 4.00 for what they are ranked by (Months to integration)."),
    ],
)
def test_what_is_near_the_best_is_said_in_the_unit_by_which_points_are_ranked(by: str, says: str) -> None:
    table = summarise(design(), runs([HIGH, MIDDLE, HIGH]), OUTCOMES, "integrated").assign(months_to_integration=4.0)
    table["behind_best"] = [0.0, 0.03, 0.2]
    sentence = finding(table, by).sentence
    assert says in sentence
    assert "0.02" not in sentence
    assert "index" not in sentence


def test_words_of_a_point() -> None:
    point = pd.Series(
        {"passive": 0.2, "localised": 0.0, "lacking_followers": 0.2, "high_impact": 0.6, "settings": "a=1"}
    )
    assert mix_words(point) == "60 % high-impact, 20 % passive, 20 % lacking followers"
    assert point_words(point) == "60 % high-impact, 20 % passive, 20 % lacking followers with a=1"
    assert point_words(point[["settings"]]) == "a=1"
