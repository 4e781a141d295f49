"""The suite: what is measured how often, and the numbers that come of it, as plain data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from redesign_sim.benchmarks.cases import Size, case_of
from redesign_sim.benchmarks.growth import exponent_of
from redesign_sim.benchmarks.machine import machine
from redesign_sim.benchmarks.timing import Took, interleaved, middle, noise, timed
from redesign_sim.scenario import Scenario, load_scenario, shipped_scenarios
from redesign_sim.study.execution import available_cores
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redesign_sim.benchmarks.subject import Subject

VERSION = 1
"""Of the form of the numbers: a script that reads them can tell when it changes."""


class Plan(NamedTuple):
    """How much is measured.

    `cases` are run by both executions for at least `seconds` each time (Mesa once), `repeats` times; `grown` gives the
    sizes along which cost is followed; `memory` the numbers of runs whose memory is taken; `starts` how often each way
    of starting is timed, and `cold` whether with nothing compiled, too.
    """

    cases: tuple[str, ...]
    seconds: float
    repeats: int
    grown: Mapping[str, tuple[Size, ...]]
    threads: tuple[int, ...]
    memory: tuple[int, ...]
    starts: int
    cold: bool


REGION = (20, 80, 320, 1280, 5000)
"""Numbers of people from a ward round to a region."""

WARD = 13
"""People of an organisation that stays as large as it is, however many organisations there are."""

ALONGSIDE = "people, as many organisations for each"
"""Growth in which organisations keep their size; what is followed stands before the comma."""


def whole() -> Plan:
    """Every case that comes along, and sizes from a ward round to a region."""
    return Plan(
        cases=tuple(shipped_scenarios()),
        seconds=0.5,
        repeats=5,
        grown={
            "people": tuple(Size(people, months=12) for people in REGION),
            ALONGSIDE: tuple(Size(people, max(3, people // WARD), months=12) for people in REGION),
            "organisations": tuple(Size(320, many) for many in (3, 6, 12, 24, 48)),
            "proposals": tuple(Size(stock=stock) for stock in (0.1, 0.2, 0.4, 0.8)),
            "months": tuple(Size(months=months) for months in (12, 24, 48, 96, 192)),
        },
        threads=tuple(2**power for power in range(available_cores().bit_length())),
        memory=(1, 10_000),
        starts=5,
        cold=True,
    )


def quick() -> Plan:
    """The smallest that says something: one case, two sizes a question, nothing compiled afresh."""
    return Plan(
        cases=("classroom",),
        seconds=0.1,
        repeats=2,
        grown={
            "people": (Size(20, months=12), Size(80, months=12)),
            ALONGSIDE: (Size(20, 3, months=12), Size(80, 80 // WARD, months=12)),
            "organisations": (Size(80, 3), Size(80, 12)),
            "proposals": (Size(stock=0.1), Size(stock=0.8)),
            "months": (Size(months=12), Size(months=48)),
        },
        threads=tuple(sorted({1, available_cores()})),
        memory=(1,),
        starts=2,
        cold=False,
    )


Say = Callable[[str], None]


def measure(plan: Plan, subject: Subject, say: Say, parts: Sequence[str] = ()) -> dict[str, Any]:
    """Everything that is measured, or some parts of it; `say` is told what is being measured now."""
    asked = [name for name in PARTS if name in (parts or PARTS)]
    return {"version": VERSION, "machine": machine()} | {name: PARTS[name](plan, subject, say) for name in asked}


def engines(plan: Plan, subject: Subject, say: Say) -> list[dict[str, Any]]:
    """Runs a second on each case, of the compiled engine and in `mesa.batch_run`, on one core, in turn."""
    rows = []
    for name in plan.cases:
        say(f"runs a second: {name}")
        case = load_scenario(name)
        runs = _enough(case, subject, plan.seconds)
        works = {
            "compiled": partial(timed, partial(subject.ensemble, case, runs, 1)),
            "mesa": partial(timed, partial(subject.batch, case, 1)),
        }
        rows.append({"case": name} | _compared(interleaved(works, plan.repeats), runs))
    return rows


def _compared(took: Mapping[str, list[Took]], runs: int) -> dict[str, Any]:
    """Both executions' runs a second and how many times faster one is, repeat by repeat and then the median."""
    compiled, mesa = [each / runs for each in took["compiled"]], took["mesa"]
    ratios = [Took(slow.clock / fast.clock, slow.own / fast.own) for slow, fast in zip(mesa, compiled, strict=True)]
    return {
        "runs": runs,
        "compiled": _rates(middle(compiled)),
        "mesa": _rates(middle(mesa)),
        "times_faster": middle(ratios)._asdict(),
        "noise": {"compiled": noise(compiled), "mesa": noise(mesa)},
    }


def _rates(took: Took) -> dict[str, float]:
    """Runs a second, by the clock and of own work."""
    return {name: 1.0 / seconds for name, seconds in took._asdict().items()}


def stages(plan: Plan, subject: Subject, say: Say) -> list[dict[str, Any]]:
    """Each stage's share of a run's time."""
    rows = []
    for name in plan.cases:
        say(f"stages of a month: {name}")
        took = subject.stages(load_scenario(name), 5 * plan.repeats)
        whole = sum(took.values())
        rows.append({"case": name, "shares": {stage: seconds / whole for stage, seconds in took.items()}})
    return rows


def growth(plan: Plan, subject: Subject, say: Say) -> list[dict[str, Any]]:
    """How the time of a run grows with each size, as an exponent."""
    rows = []
    for what, sizes in plan.grown.items():
        say(f"growth with {what}")
        cases = {size: case_of(size) for size in sizes}
        runs = {size: _enough(case, subject, plan.seconds) for size, case in cases.items()}
        works = {size: partial(timed, partial(subject.ensemble, cases[size], runs[size], 1)) for size in sizes}
        took = {size: [each / runs[size] for each in all_] for size, all_ in interleaved(works, plan.repeats).items()}
        measured = {size: _size_along(what, size, cases[size], runs[size], subject) for size in sizes}
        rows.append({"with": what} | _grown([(measured[size], took[size]) for size in sizes]))
    return rows


def _size_along(what: str, size: Size, case: Scenario, runs: int, subject: Subject) -> float:
    """The size that is followed: what the case states, or how many proposals its runs come to."""
    if what == "proposals":
        return float(subject.ensemble(case, runs, 1)["proposals_started"].mean())
    return float(getattr(size, what.partition(",")[0]))


def threads(plan: Plan, subject: Subject, say: Say) -> dict[str, Any]:
    """How the time by the clock falls with threads; perfect would be an exponent of -1."""
    say("growth with threads")
    case = case_of(Size())
    runs = max(plan.threads) * _enough(case, subject, plan.seconds)
    works = {number: partial(timed, partial(subject.ensemble, case, runs, number)) for number in plan.threads}
    took = {number: [each / runs for each in all_] for number, all_ in interleaved(works, plan.repeats).items()}
    return {"with": "threads"} | _grown([(float(number), took[number]) for number in plan.threads], by="clock")


def _grown(points: list[tuple[float, list[Took]]], by: str = "own") -> dict[str, Any]:
    """Sizes with their times, and the exponent that is read off all of them."""
    sizes = [size for size, took in points for _ in took]
    exponent = (
        exponent_of(sizes, [getattr(each, by) for _, took in points for each in took]) if len(points) > 1 else None
    )
    return {
        "by": by,
        "points": [{"size": size} | middle(took)._asdict() for size, took in points],
        "exponent": exponent._asdict() if exponent else None,
        "noise": max(noise(took) for _, took in points),
    }


def memory(plan: Plan, subject: Subject, say: Say) -> list[dict[str, Any]]:
    """The state a run works in, the row it leaves, and the most memory of a process that ran so many."""
    rows = []
    for name in plan.cases:
        say(f"memory: {name}")
        peaks = {str(runs): subject.peak(name, runs) for runs in plan.memory}
        rows.append({"case": name, "state": subject.room(load_scenario(name)), "row": 8 * len(MEASURES), "peak": peaks})
    return rows


FIRST = "import redesign_sim; redesign_sim.simulate_ensemble('classroom', 1, 1)"
STARTS: dict[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "help": ("-m", "redesign_sim.cli", "--help"),
    "first result, compiled before": ("-c", FIRST),
}
COLD = "first result, nothing compiled"


def starts(plan: Plan, subject: Subject, say: Say) -> list[dict[str, Any]]:
    """From the start of a process to its help or to the first run's outcomes."""
    say("starting up")
    subject.started(STARTS["first result, compiled before"], {})
    works = {what: partial(subject.started, arguments, {}) for what, arguments in STARTS.items()}
    took = interleaved(works, plan.starts)
    if plan.cold:
        say("starting up with nothing compiled")
        with tempfile.TemporaryDirectory() as empty:
            took[COLD] = [subject.started(("-c", FIRST), {"REDESIGN_SIM_CACHE": empty})]
    return [{"what": what, "noise": noise(times)} | middle(times)._asdict() for what, times in took.items()]


PARTS: dict[str, Callable[[Plan, Subject, Say], Any]] = {
    "engines": engines,
    "stages": stages,
    "growth": growth,
    "threads": threads,
    "memory": memory,
    "starts": starts,
}
"""The parts of the suite by the names under which their numbers stand."""


def _enough(case: Scenario, subject: Subject, seconds: float) -> int:
    """How many runs take about so many seconds; the first of them builds and loads what is needed."""
    subject.ensemble(case, 1, 1)
    runs = 1
    while (took := timed(partial(subject.ensemble, case, runs, 1)).own) < seconds / 4.0 and runs < 1_000_000:  # noqa: PLR2004
        runs *= 4
    return max(1, round(runs * min(4.0, seconds / max(took, 1e-9))))
