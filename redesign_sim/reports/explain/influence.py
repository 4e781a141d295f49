"""What moves when one number moves alone: a small reference study, kept as a table and refreshed by one command.

`python -m redesign_sim.reports.explain` runs it anew; with `--check` it says whether the table is stale. Every number
that can be swept is set to five levels over its usual range, all else as in the classroom case, under the same luck.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redesign_sim.reports.explain.readers import spots
from redesign_sim.scenario import ScenarioError, load_scenario, override, walk_quantities
from redesign_sim.study.ensembles import simulate_ensemble
from redesign_sim.study.statistics import paired_difference
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from redesign_sim.scenario import Scenario
    from redesign_sim.scenario.walk import Walked

CASE, SEED, FUTURES, LEVELS = "classroom", 1, 300, 5
INDEX = "integration_index"
TABLE = Path(__file__).with_name("influence.json")
COMMAND = "python -m redesign_sim.reports.explain"
MOST_MOVED = 6
DIGITS = 6
PROBE = 2
"""Futures from which staleness is seen."""
TOGETHER = {
    "interfaces.*.start",
    "organisations.members.*.clinical_inclusion",
    "organisations.members.*.compartmentalisation",
}
"""Numbers of each organisation or interface that are moved in all of them at once; of others the first one is."""

Entry = dict[str, Any]


def kept() -> dict[str, Entry]:
    """The table as it is kept: an entry a number, by its path."""
    table: dict[str, Entry] = json.loads(TABLE.read_text(encoding="utf-8"))["numbers"]
    return table


def study(progress: Callable[[str], object]) -> dict[str, Entry]:
    """The study run anew: an entry for every number that the case lets one move."""
    case, table = load_scenario(CASE), {}
    for walked in walk_quantities():
        entry = _entry(case, walked)
        if entry:
            table[walked.path] = entry
            progress(walked.path)
    return table


def written(table: dict[str, Entry]) -> str:
    """The table as its file."""
    head = {"case": CASE, "seed": SEED, "futures": FUTURES, "refreshed by": COMMAND}
    rows = ",\n".join(f"  {json.dumps(path)}: {json.dumps(entry)}" for path, entry in table.items())
    return json.dumps(head)[:-1] + f', "numbers": {{\n{rows}\n}}}}\n'


def stale(table: dict[str, Entry]) -> list[str]:
    """The numbers whose entry is missing, superfluous, or not what comes out now, judged by the first futures alone."""
    case = load_scenario(CASE)
    movable = {walked.path: walked for walked in walk_quantities() if len(_cases(case, walked)) > 1}
    wrong = [path for path in {**table, **movable} if path not in table or path not in movable]
    for path, walked in movable.items():
        if path in table and table[path]["probe"] != _probe(_cases(case, walked)):
            wrong.append(path)
    return wrong


def _entry(case: Scenario, walked: Walked) -> Entry | None:
    """What comes of a number at each of its levels; None where the case does not let it be moved."""
    cases = _cases(case, walked)
    if len(cases) < PROBE:
        return None
    runs = [simulate_ensemble(each, FUTURES, SEED) for each in cases.values()]
    return {
        "levels": list(cases),
        INDEX: [round(float(run[INDEX].mean()), DIGITS) for run in runs],
        "integrated": [round(float(run["integrated"].astype(float).mean()), DIGITS) for run in runs],
        "moves": dict(_moves(runs[0], runs[-1])),
        "probe": [[_exact(value) for value in run[INDEX].head(PROBE)] for run in (runs[0], runs[-1])],
    }


def _probe(cases: dict[float, Scenario]) -> list[list[float]]:
    """The first futures at the lowest and at the highest level."""
    lowest, *_, highest = cases.values()
    runs = [simulate_ensemble(case, PROBE, SEED, threads=1) for case in (lowest, highest)]
    return [[_exact(value) for value in run[INDEX]] for run in runs]


def _exact(value: float) -> float:
    """A value to so many digits that no other run has it, and no two platforms differ in it."""
    return round(float(value), 12)


def _cases(case: Scenario, walked: Walked) -> dict[float, Scenario]:
    """The case with the number at each of its levels; those that the case refuses are left out."""
    paths = places(case, walked.path)
    found: dict[float, Scenario] = {}
    for level in _levels(walked):
        try:
            found[level] = override(case, dict.fromkeys(paths, level)) if paths else case
        except ScenarioError:
            continue
    return found if paths else {}


def places(case: Scenario, pattern: str) -> list[str]:
    """Where in a case a number stands: everywhere or in the first place where it stands in many."""
    found = spots(case, pattern)
    return found if pattern in TOGETHER else found[:1]


def _levels(walked: Walked) -> Iterator[float]:
    """Five levels over the usual range, whole where the number is whole, within what is allowed."""
    low, high = walked.sweep or (0.0, 1.0)
    levels = [low + (high - low) * step / (LEVELS - 1) for step in range(LEVELS)]
    yield from dict.fromkeys(round(level) if walked.sort == "whole" else round(level, DIGITS) for level in levels)


def _moves(low: pd.DataFrame, high: pd.DataFrame) -> Iterator[tuple[str, list[float]]]:
    """The outcomes that move most surely from the lowest level to the highest, and integration if it moves at all."""
    found = []
    for name, measure in MEASURES.items():
        known = low[name].notna() & high[name].notna()
        if measure.kind == "name" or known.sum() < FUTURES / 2:
            continue
        moved = paired_difference(high[name][known].astype(float), low[name][known].astype(float))
        if moved.told_from_zero:
            surely = abs(moved.estimate) / max(moved.high - moved.low, 1e-12)
            found.append((surely, name, [round(value, DIGITS) for value in moved[:3]]))
    for place, (_, name, moved_by) in enumerate(sorted(found, reverse=True)):
        if place < MOST_MOVED or name == INDEX:
            yield name, moved_by


def span() -> tuple[float, float]:
    """The lowest and the highest mean of the integration index in the table: the scale of every figure."""
    means = [mean for entry in kept().values() for mean in entry[INDEX] if math.isfinite(mean)]
    return min(means), max(means)
