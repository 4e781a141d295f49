"""`python -m tests.fuzz --files 100000`: mutated scenario and study files; what goes wrong is shown with its seed.

A file is read as the command line reads it. Wrong are a traceback, an error without a place, a text that a terminal
would obey, and more than a second for one file.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.scenario import ScenarioError, load_scenario, override, remarks, scenario_digest, shipped_scenarios
from redesign_sim.scenario.describing import paragraphs, picture
from redesign_sim.study.errors import StudyError
from redesign_sim.study.reading import cases_at, experiment_of, factor_problems, read_study
from tests.fuzz.mutations import mutated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LONGEST = 1.0
"""Seconds of processor time that a file may take."""
SMALL = 40
"""Points of a study that are resolved; of a larger one that is planning, which may take its time."""
STUDIES = Path(__file__).resolve().parents[2] / "experiments"
TINY = """name: tiny
question: What may be stated?
scenarios: [classroom]
levers:
  network.strength: [0, 0.3, 0.6]
  leadership.mix: {mixture: any}
uncertainties:
  users.voice: {low: 0, high: 1}
  behaviour.pace: {distribution: triangular, low: 0.1, mode: 0.3, high: 0.8}
design: {kind: latin_hypercube, points: 16}
replications: {kind: until_narrow, outcome: integration_index, interval: t, half_width: 0.02, first: 30, most: 200}
luck: common
seed: 3
outcomes: [integrated, integration_index]
"""


class Case(NamedTuple):
    """A file to begin from, and how it is read."""

    name: str
    text: str
    read: Callable[[Path], object]


def bases() -> list[Case]:
    """The shipped files, and one small study that uses much of what there is."""
    cases = [
        Case(name, path.read_text("utf-8"), _case) for name, path in shipped_scenarios().items() if name != "system"
    ]
    studies = [Case(path.stem, path.read_text("utf-8"), _study) for path in sorted(STUDIES.glob("*.yaml"))]
    return [*cases, *cases, *studies, Case("tiny", TINY, _study)]


def _case(path: Path) -> object:
    """A scenario, and what `check` and `describe` say of it."""
    case = load_scenario(path)
    scenario_digest(override(case, {"users.voice": 0.5}))
    return [*paragraphs(case), *picture(case, 80), *map(str, remarks(case))]


def _study(path: Path) -> object:
    """A study, checked in every case as `sweep` does first; a small one is also resolved into its points."""
    study, tree = read_study(path)
    if study.points * len(study.scenarios) <= SMALL:
        return experiment_of(path)
    problems = list(factor_problems(study, cases_at(study, path.parent, tree), tree))
    if problems:
        raise ScenarioError(problems)
    return study


def wrong(case: Case, seed: int, folder: Path) -> str:
    """What is wrong with how a mutated file is read; nothing where it is read or refused as it should be."""
    path = folder / "file.yaml"
    path.write_bytes(mutated(case.text, random.Random(seed)))  # noqa: S311  no secret
    began = time.process_time()
    try:
        said = _said(case, path)
    except Exception:  # noqa: BLE001  whatever it is, it should not have come so far
        return f"a traceback\n{traceback.format_exc(limit=-4)}"
    took = time.process_time() - began
    return f"took {took:.1f} s" if took > LONGEST else said


def _said(case: Case, path: Path) -> str:
    try:
        case.read(path)
    except ScenarioError as error:
        return _faults(error, path)
    except StudyError as error:
        return "" if str(error) else "an empty message"
    return ""


def _faults(error: ScenarioError, path: Path) -> str:
    """What is wrong with an error: each has a file, a line where the file is text, and words that can be shown."""
    for problem in error.problems:
        text = str(problem)
        if not problem.file and "more problems" not in text:
            return f"an error without a place: {text}"
        if problem.file and not problem.line and not any(words in text for words in WHOLE):
            return f"an error without a line: {text}"
        if len(text) > MOST_SAID + len(str(path)):
            return f"an error of {len(text)} signs: {text[:300]}"
    shown = error.rendered()
    shown.encode()
    return "a sign that a terminal would obey" if any(not (s.isprintable() or s in "\n\t") for s in shown) else ""


MOST_SAID = 1500
WHOLE = ("is larger than", "looks like UTF-16", "and then is not")
"""What concerns a file as a whole, and so has no line."""


def fuzz(files: int, first: int = 0) -> Iterator[tuple[Case, int, str]]:
    """Every file that is read wrongly, with the seed that makes it again."""
    cases = bases()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + files):
            case = cases[seed % len(cases)]
            fault = wrong(case, seed, Path(folder))
            if fault:
                yield case, seed, fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Say what went wrong, sort by sort, with the first of each; 0 where nothing did."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=2000, help="how many mutated files")
    parser.add_argument("--first", type=int, default=0, help="the seed of the first; one file replays with --files 1")
    given = parser.parse_args(arguments)
    began, sorts = time.monotonic(), Counter[str]()
    for case, seed, fault in fuzz(given.files, given.first):
        sort = fault.strip().split("\n")[-1][:60]
        sorts[sort] += 1
        if sorts[sort] == 1:
            sys.stdout.write(f"--- {case.name}, seed {seed} (--first {seed} --files 1): {fault}\n")
            sys.stdout.flush()
    found = ", ".join(f"{number} x {sort}" for sort, number in sorts.most_common()) or "nothing wrong"
    sys.stdout.write(f"{given.files:,} files in {time.monotonic() - began:.0f} s: {found}\n")
    return int(bool(sorts))


if __name__ == "__main__":
    sys.exit(main())
