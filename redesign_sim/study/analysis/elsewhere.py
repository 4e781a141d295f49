"""A study's results in the shapes in which other tools take them, for those who go on there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from redesign_sim.study.analysis.asked import MIX, factor_frame
from redesign_sim.study.designs.sampled import Grouped, dimensions
from redesign_sim.study.errors import StudyError
from redesign_sim.study.mixes import TYPES

if TYPE_CHECKING:
    from redesign_sim.study.analysis.responses import FloatArray
    from redesign_sim.study.results import Results


def to_ema(
    results: Results, case: str | None = None, *, row: Literal["run", "point"] = "run"
) -> tuple[pd.DataFrame, dict[str, FloatArray]]:
    """Experiments and outcomes as EMA Workbench's analyses take them: a table of factors, and an array an outcome.

    A row is a run that ended, or a point with its outcomes averaged over them (NaN where none has a value). A mix
    stands as its shares, names are categories; `scenario`, `policy` and `model` are the context (for a run with the
    number of its future), the settings and the case. `case`: only that one. Raises StudyError where it is not there.
    """
    cases = list(results.experiment.cases)
    if case is not None and case not in cases:
        raise StudyError(f"{results.folder} has no case {case}; it has {', '.join(cases)}.")
    experiments = _experiments(results, cases if case is None else [case])
    runs = results.outcomes(results.study.outcomes)
    sound = runs[runs["failure"].isna() & runs["point"].isin(experiments.index)]
    values = sound[list(results.study.outcomes)].astype(float).set_axis(sound["point"])
    if row == "point":
        values = values.groupby(level=0).mean().reindex(experiments.index)
    table = experiments.loc[values.index].reset_index(drop=True)
    if row == "run":
        table["scenario"] = [
            f"{one}, future {n}" for one, n in zip(table["scenario"], sound["replication"], strict=True)
        ]
    return table, {str(name): values[name].to_numpy(dtype=float) for name in values}


def _experiments(results: Results, cases: list[str]) -> pd.DataFrame:
    """Factors and names of every point of some cases, by its number."""
    design = results.design[results.design["case"].isin(cases)].set_index("point")
    table = pd.concat([factor_frame(results, rows, str(one)) for one, rows in design.groupby("case", sort=False)])
    if MIX in table:
        table = table.drop(columns=MIX).join(design[list(TYPES)])
    words = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    named = design[["context", "settings", "case"]].set_axis(["scenario", "policy", "model"], axis=1)
    return table.astype(dict.fromkeys(words, "category")).join(named)


def salib_problem(results: Results) -> dict[str, Any]:
    """The problem as SALib takes it: names, bounds and groups of the coordinates of the unit cube.

    Its points lie in the `unit:` columns of the design, row by row as they were drawn; those of the draws of the
    uncertainties where only they were drawn. Raises StudyError for a study that draws nothing from the unit cube.
    """
    study = results.study
    if isinstance(study.design, Grouped):
        return study.design.problem(study.combined)
    if not (study.design.sampled or study.sample):
        raise StudyError(f"A {study.design.kind} design is no sample of the unit cube, so SALib has no problem for it.")
    names, groups = zip(*dimensions(study.combined if study.design.sampled else study.uncertainties), strict=True)
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names), "groups": list(groups)}
