"""`python -m redesign_sim.evidence.grounds`: try controls and accessory assumptions anew, and keep what came out.

With names (`controls`, `accessories`, `claims`) only those tables are made.

The tables stand beside this module. `docs/controls.md` is made from them, and a test runs a part of them again and
fails where they no longer say what the model does.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from redesign_sim.evidence.accessories import (
    ACCESSORIES,
    WATCHED,
    Accessory,
    claims_under,
    outcomes_under,
    runnable,
    table_of,
)
from redesign_sim.evidence.claims import CASES
from redesign_sim.evidence.controls import CONTROLS, Control, try_control
from redesign_sim.evidence.declared import CLAIMS
from redesign_sim.evidence.running import SEED
from redesign_sim.evidence.ways import ORDINARY, sheets_in
from redesign_sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from redesign_sim.evidence.claims import Expectation, Sheets

FOLDER = Path(__file__).parent / "grounds"
COMMAND = "python -m redesign_sim.evidence.grounds"

REPLICATIONS = 200
"""Runs of each condition; enough that an effect of no interest is seen to be none."""

DIGITS = 4


def control_rows(control: Control, case: str) -> pd.DataFrame:
    """What came of a control in a case, a row an expectation."""
    found = try_control(control, load_scenario(case), range(REPLICATIONS), SEED)
    rows = [
        {
            "control": each.control,
            "case": each.case,
            "test": each.expectation.id,
            "expected": each.expectation.expected,
            "smallest": each.expectation.smallest,
            "word": each.verdict.word,
            "estimate": each.verdict.estimate,
            "low": each.verdict.low,
            "high": each.verdict.high,
        }
        for each in found
    ]
    return rounded(pd.DataFrame(rows))


def outcome_rows(accessory: Accessory, case: str) -> pd.DataFrame:
    """What a rival does to the outcomes of a case, a row an outcome."""
    return rounded(
        table_of(outcomes_under(accessory, load_scenario(case), range(REPLICATIONS), SEED, ordinary_runs(case)))
    )


@cache
def ordinary_runs(case: str) -> pd.DataFrame:
    """The ordinary runs of a case, with the outcomes that are watched."""
    return ORDINARY(load_scenario(case), range(REPLICATIONS), SEED, list(WATCHED))


def claim_rows(accessory: Accessory, case: str, tests: tuple[Expectation, ...]) -> pd.DataFrame:
    """What a rival does to tests of claims in a case, a row a test."""
    ordinary = ordinary_sheets(case, tests)
    return rounded(table_of(claims_under(accessory, tests, load_scenario(case), range(REPLICATIONS), SEED, ordinary)))


def deciding_tests(case: str) -> tuple[Expectation, ...]:
    """The tests that decide the claims' verdicts in a case, as far as they can be tried under a rival."""
    return tuple(runnable([test for claim in CLAIMS.values() for test in claim.primary], case))


@cache
def ordinary_sheets(case: str, tests: tuple[Expectation, ...]) -> Sheets:
    """The ordinary runs of all conditions of some tests in a case."""
    return sheets_in(load_scenario(case), tests, range(REPLICATIONS), SEED, lambda _: ORDINARY)


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """A table as it is kept: four digits, and no minus nothing."""
    numbers = table.select_dtypes("number").columns
    return table.assign(**{name: table[name].round(DIGITS) + 0.0 for name in numbers})


def kept(name: str) -> pd.DataFrame:
    """A table as it stands beside this module."""
    return pd.read_csv(FOLDER / f"{name}.csv", keep_default_na=False, na_values=["nan"])


def keep(name: str, parts: Iterable[pd.DataFrame]) -> None:
    """Write a table whole."""
    FOLDER.mkdir(exist_ok=True)
    table = pd.concat(list(parts), ignore_index=True)
    table.to_csv(FOLDER / f"{name}.csv", index=False, lineterminator="\n", na_rep="nan")
    sys.stdout.write(f"{name}: {len(table)} rows\n")


def try_controls() -> Iterable[pd.DataFrame]:
    """Every control in every case."""
    return _side_by_side(partial(control_rows, each, case) for each in CONTROLS.values() for case in CASES)


def try_accessories() -> Iterable[pd.DataFrame]:
    """Every rival in every case, by the outcomes that are watched."""
    return _side_by_side(partial(outcome_rows, each, case) for each in ACCESSORIES.values() for case in CASES)


def try_claims() -> Iterable[pd.DataFrame]:
    """Every rival in every case, by the tests that decide the claims' verdicts; the dearest of the three tables."""
    tests = {case: deciding_tests(case) for case in CASES}
    return _side_by_side(
        partial(claim_rows, each, case, tests[case]) for each in ACCESSORIES.values() for case in CASES
    )


def _side_by_side(jobs: Iterable[Callable[[], pd.DataFrame]]) -> list[pd.DataFrame]:
    with ThreadPoolExecutor(2) as crew:
        return [task.result() for task in [crew.submit(job) for job in jobs]]


TABLES: dict[str, Callable[[], Iterable[pd.DataFrame]]] = {
    "controls": try_controls,
    "accessories": try_accessories,
    "claims": try_claims,
}
"""The tables that are kept, and how each is made."""


def main(names: Sequence[str]) -> int:
    """Make the tables named, or all, and keep them; 2 where there is no such table."""
    if unknown := [name for name in names if name not in TABLES]:
        sys.stderr.write(f"There is no table {unknown[0]}; there are {', '.join(TABLES)}.\n")
        return 2
    for name in names or TABLES:
        keep(name, TABLES[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
