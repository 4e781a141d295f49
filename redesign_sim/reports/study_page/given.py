"""What a page is made from: the tables of a results folder, by the names of its cases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from redesign_sim.reports.study_page.words import factor_words, outcome_words
from redesign_sim.study.analysis.door import Analysis, analyse
from redesign_sim.study.analysis.summary import is_of_mixes
from redesign_sim.study.errors import StudyError
from redesign_sim.study.mixes import TYPES

if TYPE_CHECKING:
    import pandas as pd

    from redesign_sim.study.results import Results
    from redesign_sim.study.schema import Study

FEW = 4
"""More comparisons of one case than these are not shown one by one, but together."""


@dataclass(frozen=True)
class Given:
    """A results folder, read for a page."""

    results: Results

    @property
    def study(self) -> Study:
        """The study."""
        return self.results.study

    @property
    def summary(self) -> pd.DataFrame:
        """A row a point."""
        return self.results.summary

    @cached_property
    def cases(self) -> dict[str, str]:
        """The title of every case by its name; by its name where two titles are alike."""
        titles = {name: case.title for name, case in self.results.experiment.cases.items()}
        told = list(titles.values())
        return {name: title if title and told.count(title) == 1 else name for name, title in titles.items()}

    @cached_property
    def ranks(self) -> bool:
        """Whether the points are options to choose among, and not draws of what might be."""
        return not self.study.design.sampled and bool((self.summary.groupby("context").size() > 1).any())

    @cached_property
    def worlds(self) -> bool:
        """Whether options meet so many draws of what nobody chooses that one looks at all of them together."""
        return bool((self.summary.groupby("case")["context"].nunique() > FEW).any())

    @cached_property
    def contexts(self) -> dict[str, pd.DataFrame]:
        """The ranking of every comparison, under a name that says which it is."""
        return {
            str(name).replace(case := str(table["case"].iloc[0]), self.cases[case], 1): table
            for name, table in self.summary.groupby("context", sort=False)
        }

    @cached_property
    def across(self) -> dict[str, pd.DataFrame]:
        """The options of every case over all its contexts, those first that are most often among the best."""
        return {self.cases[str(case)]: _across(table) for case, table in self.summary.groupby("case", sort=False)}

    @cached_property
    def _analysis(self) -> Analysis:
        """What the analyses that fit the design found; nothing where none does."""
        try:
            return analyse(self.results)
        except StudyError:
            return Analysis()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the analyses by name."""
        return self._analysis.tables

    @cached_property
    def sentences(self) -> list[str]:
        """What the analyses say, in words."""
        return [self.said(sentence) for sentence in self._analysis.sentences]

    def said(self, text: str) -> str:
        """A text with cases, factors and outcomes by their titles."""
        names = {
            **self.cases,
            **{path: factor_words(path) for path in (*self.study.factors, "lacking_followers", "high_impact")},
        }
        names |= {name: f"the {outcome_words(name).lower()}" for name in (*self.study.outcomes, self.study.select_on)}
        names["integrated"] = "the share of futures that integrate"
        pattern = re.compile(
            r"(?<![\w.])(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?![\w])"
        )
        return pattern.sub(lambda found: names[found[1]], text).replace("=", " ")

    @cached_property
    def stopping(self) -> pd.DataFrame:
        """Where each point's runs ended and why, with its rank; empty where the rule still asks for runs."""
        beside = self.summary[["point", "case", "rank", "settings", *(kind for kind in TYPES if kind in self.summary)]]
        return self.results.stopping.merge(beside, on="point")


def _across(table: pd.DataFrame) -> pd.DataFrame:
    """One case: an option a row, its means over contexts, and in how many it may be the best."""
    keys = ["settings", *(TYPES if is_of_mixes(table) else ())]
    grouped = table.groupby(keys, sort=False)
    means = grouped[["integrated", "integration_index", "behind_best"]].mean()
    found = means.assign(best_in=grouped["may_be_best"].sum(), contexts=grouped.size()).reset_index()
    order = found.sort_values(["best_in", "behind_best"], ascending=[False, True], kind="stable", ignore_index=True)
    return order.assign(rank=range(1, len(order) + 1))
