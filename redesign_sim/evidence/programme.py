"""All the evidence: what is run, how deep, and what is said of it in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redesign_sim.evidence.ablation import AS_IT_STANDS, Switched, asked_with, every_switch, own_switches
from redesign_sim.evidence.claims import AS_IT_IS, CASES, Claim, Expectation, level
from redesign_sim.evidence.declared import CLAIMS
from redesign_sim.evidence.power import Power, power_of, steadiness
from redesign_sim.evidence.readings import compiled
from redesign_sim.evidence.robustness import LIVE, SAMPLE, Held, asked_at, deciding, effects, held, points
from redesign_sim.evidence.running import Asked, Setting, Shelf, blocks_of, run_all, sheets_of
from redesign_sim.evidence.verdicts import Verdict, judge, together
from redesign_sim.scenario import load_scenario
from redesign_sim.study.statistics import Interval, mean_interval
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from redesign_sim.evidence.claims import FloatArray, Sheets
    from redesign_sim.evidence.running import Block, Simulator
    from redesign_sim.scenario import Scenario


class Depth(NamedTuple):
    """How deep the evidence goes: replications on each case, points of the space and replications at each, and
    replications with each mechanism switched.
    """

    name: str
    replications: int
    points: int
    at_a_point: int
    switched: int


QUICK = Depth("quick", 12, 16, 4, 4)
"""To see that everything runs, in about a minute: most verdicts are undetectable."""

FULL = Depth("full", 200, SAMPLE, 12, 60)
"""What the reference table of verdicts stands on."""

OUTCOMES = tuple(
    Expectation(f"outcome {name}", measure.title, level(AS_IT_IS, name), "open")
    for name, measure in MEASURES.items()
    if measure.kind != "name"
)
"""Every outcome of the case as it stands: how its spread settles."""


@dataclass(frozen=True)
class Programme:
    """What is to be run: the cases, the points of the space, the mechanisms switched."""

    depth: Depth
    claims: Mapping[str, Claim]
    cases: tuple[Asked, ...]
    space: tuple[Asked, ...]
    switches: Mapping[Switched, Asked]
    bases: Mapping[str, Scenario]

    @property
    def blocks(self) -> Iterator[Block]:
        """All that is run: what every claim stands on first."""
        for asked in (*self.cases, *self.switches.values(), *self.space):
            yield from blocks_of(asked, self.bases[asked.setting.case])


def programme(depth: Depth, claims: Mapping[str, Claim] = CLAIMS, cases: Sequence[str] = CASES) -> Programme:
    """Everything that is to be run for these claims, as deep as asked."""
    every = [each for claim in claims.values() for each in claim.expectations]
    bases = {name: load_scenario(name) for name in dict.fromkeys([*cases, *CASES])}
    on_cases = tuple(
        Asked(Setting(case), (*(each for each in every if case in each.cases), *OUTCOMES), depth.replications)
        for case in cases
    )
    own = own_switches(claims)
    switches = {
        switched: asked_with(switched, [each for each in every if _worth(each, switched, own)], depth.switched)
        for switched in every_switch()
    }
    space = tuple(asked for setting in points(depth.points) for asked in asked_at(setting, every, depth.at_a_point))
    return Programme(depth, claims, on_cases, space, switches, bases)


def _worth(expectation: Expectation, switched: Switched, own: set[tuple[str, Switched]]) -> bool:
    """Whether a test is tried with a switch: a slow one only with its own."""
    claim = expectation.id.split(".")[0]
    return not expectation.slow or switched == AS_IT_STANDS or (claim, switched) in own


def run(
    plan: Programme,
    place: Path,
    simulate: Simulator = compiled,
    *,
    workers: int | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Findings:
    """Run what is missing in a folder, and say what was found. Raises StudyError where the folder is another's."""
    shelf = Shelf(place)
    shelf.open()
    run_all(shelf, plan.blocks, simulate, workers=workers, tell=tell)
    return findings(plan, shelf)


@dataclass(frozen=True)
class Findings:
    """What was found: of each test on each case its verdict and power; with mechanisms switched; over the space.

    `changed` is by how much a switch changes an effect, within replications.
    """

    depth: Depth
    claims: Mapping[str, Claim]
    verdicts: Mapping[tuple[str, str], Verdict]
    powers: Mapping[tuple[str, str], Power]
    spreads: Mapping[str, Mapping[int, float]]
    switched: Mapping[tuple[str, str], Verdict]
    changed: Mapping[tuple[str, str], Interval]
    space: pd.DataFrame
    held: Mapping[tuple[str, str], Held]
    deciding: Mapping[str, pd.DataFrame]

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases, in order."""
        return tuple(dict.fromkeys(case for _, case in self.verdicts))

    def on(self, claim: Claim, case: str) -> str:
        """The verdict on a claim in a case; empty where it is not tried there."""
        words = [self.verdicts[each.id, case].word for each in claim.primary if (each.id, case) in self.verdicts]
        return together(words) if words else ""

    def without(self, claim: Claim, switched: Switched) -> str:
        """The verdict on a claim in the neutral case with a mechanism switched; empty where it was not tried."""
        names = [(each.id, switched.name) for each in claim.primary]
        words = [self.switched[name].word for name in names if name in self.switched]
        return together(words) if words else ""


def findings(plan: Programme, shelf: Shelf) -> Findings:
    """What a folder of finished runs says."""
    on_cases = {asked: sheets_of(asked, shelf, plan.bases[asked.setting.case]) for asked in plan.cases}
    tested = [
        (each, asked.setting.case, sheets)
        for asked, sheets in on_cases.items()
        for each in asked.expectations
        if each not in OUTCOMES
    ]
    space = effects(shelf, plan.space, dict(plan.bases))
    every = {each.id: each for claim in plan.claims.values() for each in claim.expectations}
    return Findings(
        plan.depth,
        plan.claims,
        {(each.id, case): judge(each, sheets) for each, case, sheets in tested},
        {(each.id, case): power_of(each.effect.scores(sheets), each.smallest) for each, case, sheets in tested},
        _spreads(plan, on_cases),
        *_switched(plan, shelf),
        space,
        _held(space, every),
        {str(name): deciding(rows) for name, rows in space.groupby("test") if name in every},
    )


def _spreads(plan: Programme, on_cases: Mapping[Asked, Sheets]) -> dict[str, dict[int, float]]:
    """How the spread of each outcome settles, on the last case of all, the neutral one."""
    sheets = on_cases[plan.cases[-1]]
    return {each.effect.readings[0]: steadiness(each.effect.scores(sheets)) for each in OUTCOMES}


def _switched(plan: Programme, shelf: Shelf) -> tuple[dict[tuple[str, str], Verdict], dict[tuple[str, str], Interval]]:
    """The verdicts with each mechanism switched, and by how much the switch changes each effect."""
    verdicts: dict[tuple[str, str], Verdict] = {}
    changed: dict[tuple[str, str], Interval] = {}
    as_it_stands: dict[str, FloatArray] = {}
    for switched, asked in plan.switches.items():
        sheets = sheets_of(asked, shelf, plan.bases[asked.setting.case])
        for each in asked.expectations:
            scores = each.effect.scores(sheets)
            before = as_it_stands.setdefault(each.id, scores)
            verdicts[each.id, switched.name] = judge(each, sheets)
            changed[each.id, switched.name] = _change(scores, before)
    return verdicts, changed


def _change(after: FloatArray, before: FloatArray) -> Interval:
    """The mean change of scores, pair by pair; where some have no partner, nothing is known of its limits."""
    if len(after) != len(before):
        return Interval(float(np.nanmean(after) - np.nanmean(before)), -np.inf, np.inf)
    pairs = after - before
    known = pairs[np.isfinite(pairs)]
    return mean_interval(known) if known.size else Interval(np.nan, -np.inf, np.inf)


def _held(space: pd.DataFrame, every: Mapping[str, Expectation]) -> dict[tuple[str, str], Held]:
    """How far each test holds over all points, and over the live ones."""
    alive = space["base"].between(*LIVE)
    return {
        (str(name), which): held(rows, every[str(name)])
        for which, kept in (("all", space), ("live", space[alive]))
        for name, rows in kept.groupby("test")
        if name in every
    }
