"""A study's results in the shape in which other tools take them, for those who go on there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redesign_sim.study.analysis.door import factor_frame
from redesign_sim.study.designs.sampled import Grouped
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from redesign_sim.study.running import Results


def to_ema(results: Results, case: str | None = None) -> tuple[pd.DataFrame, dict[str, npt.NDArray[np.float64]]]:
    """Experiments and outcomes as EMA Workbench's analyses take them: a row a sound run, and an array for each outcome.

    `case`: which, where a study has several. Raises StudyError for a case that is not there.
    """
    name = case or next(iter(results.experiment.cases))
    if name not in results.experiment.cases:
        raise StudyError(f"{results.folder} has no case {name}; it has {', '.join(results.experiment.cases)}.")
    design = results.design[results.design["case"] == name]
    factors = factor_frame(results, design, name).assign(point=design["point"])
    runs = results.outcomes(results.study.outcomes)
    sound = runs[runs["failure"].isna()].merge(factors, on="point")
    experiments = sound[[*results.study.factors]].assign(
        scenario=sound["replication"], policy=sound["point"], model=name
    )
    return experiments, {outcome: sound[outcome].to_numpy(dtype=float) for outcome in results.study.outcomes}


def salib_problem(results: Results) -> dict[str, Any]:
    """The problem as SALib takes it (names, bounds, groups), of a study whose design is one of SALib's.

    Its points lie in the `unit:` columns of the design, row by row as SALib drew them. Raises StudyError for others.
    """
    design = results.study.design
    if not isinstance(design, Grouped):
        raise StudyError(f"A {design.kind} design is none of SALib's; morris and saltelli are.")
    return design.problem(results.study.factors)
