"""A study resolved: its cases read, every point a whole scenario, nothing left that could still be wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from redesign_sim.scenario import override, scenario_digest
from redesign_sim.study.errors import StudyError
from redesign_sim.study.mixes import TYPES
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.runs import SHORT, Point, digest_of, words
from redesign_sim.world.building import realised_mix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.schema import Study


@dataclass(frozen=True)
class Experiment:
    """A study with its cases and its points."""

    study: Study
    cases: Mapping[str, Scenario]
    points: tuple[Point, ...]

    @cached_property
    def digest(self) -> str:
        """What the study is, whatever its file is called: points, seed and rules; not how often it is run."""
        return digest_of([self.study.name, self.study.seed, rules_digest(), [point.digest for point in self.points]])

    @property
    def runs(self) -> int:
        """How many runs are asked for."""
        return len(self.points) * self.study.replications

    @property
    def default_folder(self) -> Path:
        """Where results go unless told otherwise; another study, or changed rules, have another folder."""
        return Path("results") / f"{self.study.name}-{self.digest[:8]}"

    @property
    def clinicians(self) -> dict[str, int]:
        """How many clinicians each case has."""
        return {
            case: sum(member.clinicians for member in scenario.organisations.members.values())
            for case, scenario in self.cases.items()
        }

    def table(self) -> pd.DataFrame:
        """The design, a row a point: its case, what was set, and the mix as it becomes people.

        `context` names what is compared with what: points of one case under the same uncertainties.
        """
        return pd.DataFrame([self._row(point) for point in self.points])

    def _row(self, point: Point) -> dict[str, object]:
        """A point as a row of the design."""
        given = {path: value for path, value in point.settings.items() if path in self.study.uncertainties}
        apart = {self.study.mixture, *given}
        row: dict[str, object] = {
            "point": point.index,
            "id": point.digest[:SHORT],
            "case": point.case,
            "context": ", ".join(filter(None, (point.case, words(given)))),
            "settings": words({path: value for path, value in point.settings.items() if path not in apart}),
        }
        for path, value in point.settings.items():
            row.update(_columns(path, value, self.clinicians[point.case], mixture=path == self.study.mixture))
        return row


def _columns(path: str, value: object, clinicians: int, *, mixture: bool) -> Iterator[tuple[str, object]]:
    """A setting as columns: a mix as four shares and four numbers of people, anything else as itself or as JSON."""
    if mixture and isinstance(value, dict):
        shares = tuple(float(value[kind]) for kind in TYPES)
        yield from zip(TYPES, shares, strict=True)
        people = realised_mix(shares, clinicians)
        yield from zip((f"people_{kind}" for kind in TYPES), people, strict=True)
    else:
        yield path, value if isinstance(value, bool | int | float | str) else json.dumps(value)


def resolve(study: Study, cases: Mapping[str, Scenario]) -> Experiment:
    """Set every point's levers in every case; an unknown path or a value out of bounds is the scenario's own error."""
    settings = list(study.design.points(study.factors))
    if not settings:
        raise StudyError(f"The design of {study.name} has no points.")
    points = [
        _point(index, case, scenario, each)
        for index, (case, scenario, each) in enumerate(
            (case, scenario, each) for case, scenario in cases.items() for each in settings
        )
    ]
    return Experiment(study, cases, tuple(points))


def _point(index: int, case: str, scenario: Scenario, settings: Mapping[str, object]) -> Point:
    """One case with its levers set."""
    resolved = override(scenario, settings)
    return Point(index, case, settings, resolved, scenario_digest(resolved))
