"""What is asked of a study's runs: one outcome of one case, its points as responses and its factors as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from redesign_sim.scenario import walk_fields
from redesign_sim.study.analysis.responses import Luck, Responses, responses, values_of
from redesign_sim.study.analysis.summary import is_of_mixes, mix_words
from redesign_sim.study.interest import is_share, smallest_of_interest
from redesign_sim.study.mixes import TYPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from redesign_sim.study.results import Results

Frame = pd.DataFrame
MIX = "leadership.mix"


@dataclass
class Analysis:
    """What was found: tidy tables by name, and sentences, of which the first is the one to remember."""

    tables: dict[str, Frame] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    def add(self, name: str, table: Frame, **beside: str | float) -> None:
        """Put rows into a table, with what they are of in the columns before."""
        told = table.drop(columns=[column for column in beside if column in table])
        for place, (column, value) in enumerate(beside.items()):
            told.insert(place, column, value)
        held = self.tables.get(name)
        self.tables[name] = told if held is None else pd.concat([held, told], ignore_index=True)

    def say(self, sentence: str) -> None:
        """Add a sentence, once."""
        if sentence not in self.sentences:
            self.sentences.append(sentence)


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
    def is_selected(self) -> bool:
        """Whether it is the outcome by which the study ranks."""
        return self.outcome == self.results.study.select_on

    @property
    def seed(self) -> int:
        """From which resampling follows."""
        return self.results.study.seed

    @property
    def has_draws(self) -> bool:
        """Whether every point of the levers meets every draw of the uncertainties."""
        return self.results.study.sample is not None

    @cached_property
    def contexts(self) -> list[Frame]:
        """The points of each context."""
        return [points for _, points in self.design.groupby("context", sort=False)]

    @property
    def options(self) -> Frame:
        """What is compared within each context: its points, in the order that all contexts have."""
        return self.contexts[0].reset_index(drop=True)

    @property
    def clusters(self) -> NDArray[np.int64] | None:
        """The number of the draw that each point met; None where nothing was drawn apart."""
        return np.asarray(pd.factorize(self.design["context"])[0], dtype=np.int64) if self.has_draws else None

    def given(self, points: Frame | None = None) -> Responses:
        """The means of some points, contexts x points; of all of the case as one context where none are named."""
        tables = [self.design] if points is None else [each for _, each in points.groupby("context", sort=False)]
        values = [values_of(self.runs, self.outcome, each["point"].to_numpy()) for each in tables]
        most = max(map(len, values))
        padded = [np.pad(each, ((0, most - len(each)), (0, 0)), constant_values=np.nan) for each in values]
        luck: Luck = "common" if self.results.study.common_luck else "independent"
        return responses(np.stack(padded), luck, share=is_share(self.outcome))

    def levers(self) -> Responses:
        """The points of the design in its own order; over the draws of the uncertainties where there are any."""
        return self.given(self.design) if self.has_draws else self.given()

    def factors(self) -> Frame:
        """The design's own factors at its points, in words where they are mixes; those that were varied."""
        study = self.results.study
        table = factor_frame(self.results, self.options if self.has_draws else self.design, self.case)
        kept = table[[name for name in table if not self.has_draws or name in study.levers or name == MIX]]
        return kept[[name for name in kept if len(kept[name].unique()) > 1]]

    def measured(self) -> Frame:
        """Every factor at every point, for what cuts along numbers: a mix as the shares of its types."""
        table = factor_frame(self.results, self.design, self.case)
        if MIX in table:
            table = table.drop(columns=MIX).join(self.design[list(TYPES)])
        return table[[name for name in table if len(table[name].unique()) > 1]]

    def numbers(self) -> Frame:
        """Every factor at every point as numbers: names as one column a level, a mix without its first share."""
        table = self.measured()
        table = table.drop(columns=[name for name in table if name == TYPES[0]])
        names = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
        return pd.get_dummies(table, columns=names, prefix_sep=" = ", drop_first=True).astype(float)


def factor_frame(results: Results, design: Frame, case: str) -> Frame:
    """The factors of a case's points as columns; a mix in words, and what a point leaves open as the case has it."""
    own: dict[str, Any] = {walked.path: walked.value for walked in walk_fields(results.experiment.cases[case])}
    frame = pd.DataFrame(index=design.index)
    for path in results.study.factors:
        if path in design:
            column = design[path]
            frame[path] = column if own.get(path) is None or not column.isna().any() else column.fillna(own[path])
    if is_of_mixes(design) and not any(str(path).startswith(f"{MIX}.") for path in results.study.factors):
        frame[MIX] = [mix_words(row) if row[TYPES[0]] == row[TYPES[0]] else "own" for _, row in design.iterrows()]
    return frame
