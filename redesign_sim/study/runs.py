"""Runs as values: a point is a case with its levers set, a batch is some points for some replications.

Nothing here knows where or when a batch is run; a batch travels to another thread, process or machine as it is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.scenario import override

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from redesign_sim.scenario import Scenario

SHORT = 16
"""Hexadecimal digits of a digest that serves as a name: 64 bits, no two of a billion runs alike in practice."""


def digest_of(value: object) -> str:
    """The sha256 of a value's canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Point:
    """One condition of a study: a case with its levers set.

    `digest` names the scenario that this makes; `seed` is what the luck of its runs follows from; `context` is what it
    may be compared within; `units` is where it lies in the unit cube, in a sampled design.
    """

    index: int
    case: str
    settings: Mapping[str, object]
    base: Scenario
    digest: str
    seed: int
    context: str
    units: Mapping[str, float] = field(default_factory=dict)

    @property
    def scenario(self) -> Scenario:
        """The scenario that is run, made when it is asked for: a study may have more points than memory holds."""
        return override(self.base, self.settings)

    def __str__(self) -> str:
        """The case and what was set, for a message."""
        return f"{self.case} with {words(self.settings)}" if self.settings else self.case


def words(settings: Mapping[str, object]) -> str:
    """Settings as one types them: `path=value`, a mapping in braces."""
    return ", ".join(f"{path}={json.dumps(value)}" for path, value in settings.items())


class Stretch(NamedTuple):
    """Some consecutive replications of one point."""

    point: Point
    first: int
    runs: int

    @property
    def replications(self) -> range:
        """The replication numbers."""
        return range(self.first, self.first + self.runs)

    def halves(self) -> tuple[Stretch, Stretch]:
        """The stretch in two."""
        half = self.runs // 2
        return Stretch(self.point, self.first, half), Stretch(self.point, self.first + half, self.runs - half)


@dataclass(frozen=True, slots=True)
class Batch:
    """Stretches that are run in one go and stored as one part."""

    stretches: tuple[Stretch, ...]

    @property
    def runs(self) -> int:
        """How many runs it holds."""
        return sum(stretch.runs for stretch in self.stretches)

    @property
    def name(self) -> str:
        """A name that only these runs have: a digest of points, replications and seed."""
        return digest_of([(s.point.digest, s.point.seed, s.first, s.runs) for s in self.stretches])[:SHORT]

    def halves(self) -> tuple[Batch, Batch]:
        """The batch in two, by stretches, or its only stretch in two."""
        if len(self.stretches) == 1:
            first, second = self.stretches[0].halves()
            return Batch((first,)), Batch((second,))
        half = len(self.stretches) // 2
        return Batch(self.stretches[:half]), Batch(self.stretches[half:])


def run_names(rules: str, stretch: Stretch) -> list[str]:
    """The names of runs: digests of rules, resolved point, seed and replication, which decide what they give."""
    start = hashlib.sha256(f"{rules} {stretch.point.digest} {stretch.point.seed} ".encode())
    return [_carried_on(start, replication).hexdigest()[:SHORT] for replication in stretch.replications]


def _carried_on(start: hashlib._Hash, replication: int) -> hashlib._Hash:
    digest = start.copy()
    digest.update(str(replication).encode())
    return digest


def batches(missing: Iterable[Stretch], runs: int) -> Iterator[Batch]:
    """Gather stretches, in the order given, into batches of about `runs` runs."""
    gathered: list[Stretch] = []
    held = 0
    for stretch in missing:
        gathered.append(stretch)
        held += stretch.runs
        if held >= runs:
            yield Batch(tuple(gathered))
            gathered, held = [], 0
    if gathered:
        yield Batch(tuple(gathered))
