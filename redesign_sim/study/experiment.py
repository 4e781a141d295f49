"""A study resolved: its cases read, every point tried as a whole scenario, nothing left that could still be wrong."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from redesign_sim.scenario import override, scenario_digest
from redesign_sim.study.errors import StudyError
from redesign_sim.study.mixes import TYPES
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.replication import Ocba
from redesign_sim.study.runs import SHORT, Point, digest_of, words
from redesign_sim.world.building import realised_mix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.designs import Planned
    from redesign_sim.study.schema import Study

WORDS = 4
"""With more settings than these a point is named by its number."""

MIX = "leadership.mix"


@dataclass(frozen=True)
class Experiment:
    """A study with its cases and its points."""

    study: Study
    cases: Mapping[str, Scenario]
    points: tuple[Point, ...]

    @cached_property
    def digest(self) -> str:
        """What the study is, whatever its file is called: points and seeds; not how often it is run, or by what."""
        points = [(point.digest, point.seed, point.context) for point in self.points]
        return digest_of([self.study.name, self.study.seed, points])

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """The fewest and the most runs that the study can take."""
        sizes = Counter(point.context for point in self.points).values()
        least, most = zip(*(self.study.rule.bounds(size) for size in sizes), strict=True)
        return sum(least), sum(most)

    @property
    def runs(self) -> int:
        """How many runs are asked for, at most where what comes out decides."""
        return self.bounds[1]

    @property
    def rule_words(self) -> str:
        """How often each point is run, as the file says it."""
        given = self.study.replications
        return str(given) if isinstance(given, int) else given.model_dump_json(exclude_none=True)

    @property
    def default_folder(self) -> Path:
        """Where results go unless told otherwise; another study, or changed rules, have another folder."""
        return Path("results") / f"{self.study.name}-{digest_of([self.digest, rules_digest()])[:8]}"

    @property
    def clinicians(self) -> dict[str, int]:
        """How many clinicians each case has."""
        return {
            case: sum(member.clinicians for member in scenario.organisations.members.values())
            for case, scenario in self.cases.items()
        }

    def table(self) -> pd.DataFrame:
        """The design, a row a point: its case, what was set, and the mix as it becomes people.

        `context` names what is compared with what: points of one case under the same uncertainties. `unit:` columns
        say where a drawn point lies in the unit cube, in the order in which the design drew it.
        """
        people = self.clinicians
        return pd.DataFrame([self._row(point, people[point.case]) for point in self.points])

    def _row(self, point: Point, clinicians: int) -> dict[str, object]:
        """A point as a row of the design."""
        apart = {path for path in point.settings if path in self.study.uncertainties or _is_mix(point.settings[path])}
        told = {path: value for path, value in point.settings.items() if path not in apart or self._one_context}
        told = {path: value for path, value in told.items() if not _is_mix(value)}
        row: dict[str, object] = {
            "point": point.index,
            "id": point.digest[:SHORT],
            "case": point.case,
            "context": point.context,
            "settings": words(told) if len(told) <= WORDS else f"draw {point.index + 1}",
        }
        for path, value in point.settings.items():
            row.update(_columns(path, value, clinicians))
        if any(path.startswith(f"{MIX}.") for path in point.settings):
            row.update(_mix_columns(_shares(point.scenario), clinicians))
        return row | {f"unit:{name}": unit for name, unit in point.units.items()}

    @property
    def _one_context(self) -> bool:
        """Whether uncertainties tell the points of a case apart, and not its contexts."""
        return self.study.design.sampled and self.study.sample is None


def _is_mix(value: object) -> bool:
    return isinstance(value, dict) and set(value) == set(TYPES)


def _columns(path: str, value: object, clinicians: int) -> Iterator[tuple[str, object]]:
    """A setting as columns: a mix as four shares and four numbers of people, anything else as itself or as JSON."""
    if _is_mix(value):
        yield from _mix_columns(tuple(float(value[kind]) for kind in TYPES), clinicians)  # type: ignore[index]
    else:
        yield path, value if isinstance(value, bool | int | float | str) else json.dumps(value)


def _mix_columns(shares: tuple[float, ...], clinicians: int) -> list[tuple[str, object]]:
    """A mix as shares and as people."""
    people = realised_mix(shares, clinicians)
    return [*zip(TYPES, shares, strict=True), *zip((f"people_{kind}" for kind in TYPES), people, strict=True)]


def _shares(scenario: Scenario) -> tuple[float, ...]:
    """The shares of a resolved scenario's mix."""
    mix = scenario.leadership.mix
    return tuple(float(getattr(mix, kind)) for kind in TYPES)


class Draw(NamedTuple):
    """What is not chosen: one draw of the uncertainties, or none."""

    name: str
    planned: Planned | None


def resolve(study: Study, cases: Mapping[str, Scenario]) -> Experiment:
    """Set every point's levers in every case; an unknown path or a value out of bounds is the scenario's own error."""
    points = tuple(_points(study, cases))
    if not points:
        raise StudyError(f"The design of {study.name} has no points.", ("design",))
    experiment = Experiment(study, cases, points)
    _budget_is_enough(experiment)
    return experiment


def _budget_is_enough(experiment: Experiment) -> None:
    """A budget has to reach beyond the first stage, or nothing is left to give where it helps."""
    rule = experiment.study.rule
    largest = max(Counter(point.context for point in experiment.points).values())
    if isinstance(rule, Ocba) and rule.budget <= largest * rule.first:
        raise StudyError(
            f"A budget of {rule.budget:,} runs is used up by the first {rule.first} of {largest} points; "
            f"give more than {largest * rule.first:,}.",
            ("replications",),
        )


def _points(study: Study, cases: Mapping[str, Scenario]) -> Iterator[Point]:
    """Every point: case by case, within it draw by draw, within that the design's own order."""
    listed = list(study.design.plan(study.combined, study.seed))
    seen: Counter[str] = Counter()
    index = 0
    for case, scenario in cases.items():
        for draw in _draws(study):
            for planned in listed:
                point = _point(study, index, (case, scenario), draw, planned)
                yield point if study.common_luck else replace(point, seed=_seed_of(study, point, seen[point.digest]))
                seen[point.digest] += 1
                index += 1


def _draws(study: Study) -> list[Draw]:
    """The draws of the uncertainties, numbered; one without a name where the design takes them itself."""
    if study.sample is None:
        return [Draw("", None)]
    drawn = study.sample.plan(study.uncertainties, study.seed)
    return [Draw(f"world {number}", each) for number, each in enumerate(drawn, start=1)]


def _point(study: Study, index: int, named: tuple[str, Scenario], draw: Draw, planned: Planned) -> Point:
    """One case with its levers set, tried as a whole scenario."""
    case, scenario = named
    given = draw.planned.settings if draw.planned else {}
    units = {**(draw.planned.units if draw.planned else {}), **planned.units}
    settings = {**planned.settings, **given}
    digest = scenario_digest(override(scenario, settings))
    context = ", ".join(filter(None, (case, draw.name or _uncertain(study, planned))))
    return Point(index, case, settings, scenario, digest, study.seed, context, units)


def _uncertain(study: Study, planned: Planned) -> str:
    """The uncertainties of a point in words, where levels of them are combined with those of the levers."""
    if study.design.sampled:
        return ""
    return words({path: value for path, value in planned.settings.items() if path in study.uncertainties})


def _seed_of(study: Study, point: Point, copies: int) -> int:
    """A seed of its own, which follows from the study's, from the scenario and from how often that was there before.

    The last so that a dummy factor, which changes no scenario, meets new luck all the same: that is what it is for.
    """
    mixed = np.random.SeedSequence([study.seed, int(point.digest[:SHORT], 16), copies])
    return int(mixed.generate_state(1, np.uint64)[0] >> np.uint64(1))
