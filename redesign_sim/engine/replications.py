"""Replications of a case by compiled code, side by side on threads, each a pure function of its own key."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from redesign_sim.draws import replicate_key
from redesign_sim.engine.compiling import compiled, folder
from redesign_sim.engine.months import STAGES, WHOLE_MONTH
from redesign_sim.engine.reference import in_a_world, in_a_world_with
from redesign_sim.rulekit import jitable, unchecked
from redesign_sim.scenario import scenario_digest
from redesign_sim.world.building import Template, build
from redesign_sim.world.founding import found
from redesign_sim.world.measures import COURSES, MEASURES, integration_index, write_course, write_outcomes
from redesign_sim.world.records import BY_PROPOSAL, CHANGING, State, copy_of
from redesign_sim.world.tables import courses_table, outcomes_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    import pandas as pd

    from redesign_sim.scenario import Scenario

SHARE = 64
"""Replications that a thread takes at a time: short enough to stop soon after Ctrl-C."""


class Bytes(NamedTuple):
    """The parts of a state that a run changes, as bytes: those that are put back whole, and those with a row for each
    proposal.
    """

    whole: tuple[npt.NDArray[np.uint8], ...]
    by_proposal: tuple[npt.NDArray[np.uint8], ...]


def bytes_of(state: State) -> Bytes:
    """The bytes of a state, by reference."""
    return Bytes(
        tuple(getattr(state, name).reshape(-1).view(np.uint8) for name in CHANGING),
        tuple(rows.reshape(rows.shape[0], -1).view(np.uint8) for rows in (getattr(state, n) for n in BY_PROPOSAL)),
    )


@unchecked
def put_back(source: Any, target: Any) -> None:  # noqa: ANN401  bytes of the same length
    """Make some bytes what others are."""
    for at in range(source.shape[0]):
        target[at] = source[at]


@jitable
def begin_again(work: Bytes, template: Bytes, proposals: int) -> None:
    """Put a working state back to where every replication begins, after a run that started so many proposals.

    The row that comes next was used for drafts.
    """
    for part in range(len(template.whole)):
        put_back(template.whole[part], work.whole[part])
    for part in range(len(template.by_proposal)):
        for row in range(min(proposals + 1, template.by_proposal[part].shape[0])):
            put_back(template.by_proposal[part][row], work.by_proposal[part][row])


@jitable
def live_through(world: Any, index: Any) -> None:  # noqa: ANN401  a world of records, a row
    """A whole run: the first day, every month to the horizon, and the outcomes, with the integration index of the first
    day and of every month's end as far as the row has room for it.
    """
    found(world)
    keep_index(world, index)
    for _ in range(int(world.case.horizon)):
        world.scene.month += 1
        WHOLE_MONTH(world)
        keep_index(world, index)
    write_outcomes(world, world.outcomes)


@jitable
def keep_index(world: Any, index: Any) -> None:  # noqa: ANN401
    """Write the integration index of this month down, if there is room for it."""
    if world.scene.month < index.shape[0]:
        index[int(world.scene.month)] = integration_index(world)


one_run = in_a_world_with(live_through)


def _replicate(work, work_bytes, template_bytes, keys, outcomes, turned_away, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for r in range(keys.shape[0]):
        begin_again(work_bytes, template_bytes, int(work.scene[0].proposals))
        one_run(work, int(keys[r, 0]), int(keys[r, 1]), index[r])
        for m in range(outcomes.shape[1]):
            outcomes[r, m] = work.outcomes[m]
        turned_away[r] = work.scene[0].turned_away


@jitable
def live_a_month(world: Any) -> None:  # noqa: ANN401  a world of records
    """A month, as `live_through` lives each."""
    world.scene.month += 1
    WHOLE_MONTH(world)


first_day, one_month = in_a_world(found), in_a_world(live_a_month)
read_course, read_outcomes = in_a_world_with(write_course), in_a_world_with(write_outcomes)


def _replicate_by_month(work, work_bytes, template_bytes, keys, outcomes, turned_away, courses):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for r in range(keys.shape[0]):
        low, high = int(keys[r, 0]), int(keys[r, 1])
        begin_again(work_bytes, template_bytes, int(work.scene[0].proposals))
        first_day(work, low, high)
        read_course(work, low, high, courses[r, 0])
        for month in range(1, courses.shape[1]):
            one_month(work, low, high)
            read_course(work, low, high, courses[r, month])
        read_outcomes(work, low, high, outcomes[r])
        turned_away[r] = work.scene[0].turned_away


def _entry(step: Callable[[Any], None]) -> Callable[[State, int, int], None]:
    taken = in_a_world(step)

    def enter(state, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        taken(state, low, high)

    return compiled(enter)


replicate = compiled(_replicate)
"""Run so many replications one after the other, each from its key, into rows of outcomes, and of the integration index
month by month where its rows have room for the first day and every month (`no_index` has none).
"""

replicate_by_month = compiled(_replicate_by_month)
"""The same with all that is followed month by month, from the first day on; compiled only where it is asked for, so
that whoever wants outcomes alone neither waits for it nor runs slower.
"""

STAGE_ENTRIES: dict[str, Callable[[State, int, int], None]] = {
    "founding": _entry(found),
    **{name: _entry(step) for name, step in STAGES.items()},
}
"""Each stage of the month (and the first day before all) by itself, for those who look at a run between stages."""


@dataclass(frozen=True, slots=True)
class WarmUp:
    """What warming up took: seconds, and whether anything had to be compiled."""

    seconds: float
    cold: bool


def is_cold() -> bool:
    """Whether the engine has to be compiled on this machine before its first run (once for each version of the
    rules).
    """
    place = folder()
    entry = getattr(replicate, "entry", None)
    return bool(entry and not entry.signatures and (place is None or not any(place.rglob("*_replicate*.nbc"))))


def warm_up() -> WarmUp:
    """Compile the engine, or load what was compiled before; the compiler's own cache keeps it from run to run."""
    from redesign_sim.scenario import load_scenario  # noqa: PLC0415  only here is a case needed

    cold, began = is_cold(), time.perf_counter()
    run_ensemble(load_scenario("classroom"), range(1), 0, threads=1)
    return WarmUp(time.perf_counter() - began, cold)


class TooManyProposals(RuntimeError):  # noqa: N818  named for what happened
    """A run wanted more proposals than it has room for; it holds no numbers."""


_templates: OrderedDict[str, Template] = OrderedDict()
_templates_lock = Lock()


def template_of(scenario: Scenario) -> Template:
    """The state before the first day of a scenario, kept for the last few that were asked for."""
    name = scenario_digest(scenario)
    with _templates_lock:
        if name in _templates:
            _templates.move_to_end(name)
            return _templates[name]
    template = build(scenario)
    with _templates_lock:
        _templates[name] = template
        while len(_templates) > 8:  # noqa: PLR2004  a workshop's levers back and forth
            _templates.popitem(last=False)
    return template


def run_ensemble(scenario: Scenario, replications: range, seed: int, threads: int | None = None) -> pd.DataFrame:
    """Replications of a scenario by the compiled engine: a row a run, `replication` and every outcome.

    The row of a replication depends on the scenario, the seed and the replication's number alone. Raises
    `TooManyProposals` where a run outgrew its room.
    """
    readings = np.zeros((len(replications), len(MEASURES)))
    run_by_entry(scenario, replications, seed, threads, replicate, (readings, no_index(len(replications))))
    return outcomes_table(readings, replications)


def no_index(runs: int) -> npt.NDArray[np.float64]:
    """Rows without room for the course of so many runs."""
    return np.zeros((runs, 0))


def run_courses(
    scenario: Scenario, replications: range, seed: int, names: Sequence[str], threads: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replications with courses: the outcomes as of `run_ensemble`, bit for bit, and a row a run and month.

    The second table has `replication`, `month` (from 0, the first day) and the courses that were named.
    """
    readings = np.zeros((len(replications), len(MEASURES)))
    courses = np.zeros((len(replications), scenario.horizon_months + 1, len(COURSES)))
    run_by_entry(scenario, replications, seed, threads, replicate_by_month, (readings, courses))
    return outcomes_table(readings, replications), courses_table(courses, replications, names)


def run_by_entry(
    scenario: Scenario,
    replications: range,
    seed: int,
    threads: int | None,
    entry: Callable[..., object],
    sheets: tuple[npt.NDArray[Any], ...],
) -> None:
    """Run replications on threads by an entry that takes the rows of these sheets, outcomes first."""
    template = template_of(scenario)
    threads = max(1, min(threads or os.cpu_count() or 1, len(replications)))
    turned_away = np.zeros(len(replications), np.int64)
    shares = [slice(start, start + SHARE) for start in range(0, len(replications), SHARE)]

    def work_through(mine: list[slice]) -> None:
        work = copy_of(template.state)
        work_bytes, template_bytes = bytes_of(work), bytes_of(template.state)
        for part in mine:
            keys = keys_of(seed, replications[part])
            outcomes, *others = (sheet[part] for sheet in sheets)
            entry(work, work_bytes, template_bytes, keys, outcomes, turned_away[part], *others)

    if threads == 1:
        work_through(shares)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work_through, [shares[n::threads] for n in range(threads)]))
    refuse_cut_short(turned_away, scenario, replications, seed)


def refuse_cut_short(turned_away: npt.NDArray[np.int64], scenario: Scenario, replications: range, seed: int) -> None:
    """A run that wanted more proposals than it has room for holds no numbers: raises `TooManyProposals`."""
    if turned_away.any():
        which = replications[int(np.flatnonzero(turned_away)[0])]
        raise TooManyProposals(
            f"{scenario.name}, seed {seed}, replication {which}: more proposals than a run has room for"
        )


def keys_of(seed: int, replications: range) -> npt.NDArray[np.int64]:
    """The keys of replications, a row each."""
    return np.array([replicate_key(seed, replication) for replication in replications], np.int64).reshape(-1, 2)
