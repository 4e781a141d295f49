"""A row of an ensemble depends on scenario, seed and replication alone: on no thread, chunk, engine or hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import pytest

from redesign_sim.engine import TooManyProposals, replications, run_ensemble
from redesign_sim.engine.courses import Runner
from redesign_sim.scenario import load_scenario, override
from redesign_sim.study.ensembles import simulate, simulate_ensemble
from redesign_sim.world import building
from redesign_sim.world.measures import MEASURES
from tests.engine.localities import random_locality
from tests.structure.source import ROOT

if TYPE_CHECKING:
    import pandas as pd

    from redesign_sim.scenario import Scenario

pytestmark = pytest.mark.core

LIVELY = {"leadership.time_share": 0.25, "horizon_months": 8}


@pytest.fixture(scope="module")
def case() -> Scenario:
    return override(load_scenario("classroom"), LIVELY)


def bits(frame: pd.DataFrame) -> dict[str, bytes]:
    """Every column of some outcomes, bit for bit; words as words."""
    return {
        str(name): "\n".join(column).encode() if column.dtype.kind in "OTU" else column.to_numpy().tobytes()
        for name, column in frame.items()
    }


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return bits(one) == bits(other) and list(one.dtypes) == list(other.dtypes)


@pytest.mark.parametrize("threads", [1, 2, 8, None])
def test_threads_change_nothing(
    case: Scenario, monkeypatch: pytest.MonkeyPatch, threads: int | None, seed: int
) -> None:
    # Shares so small that every thread has several.
    monkeypatch.setattr(replications, "SHARE", 2)
    alone = run_ensemble(case, range(9), seed, threads=1)
    assert same(run_ensemble(case, range(9), seed, threads=threads), alone)
    assert alone["replication"].tolist() == list(range(9))
    assert len(alone.drop(columns="replication").drop_duplicates()) > 3


@pytest.mark.parametrize("chunk", [range(3, 5), range(7, 8), range(8), range(1, 8, 3)])
def test_a_row_is_the_same_in_whichever_chunk_it_was_run(case: Scenario, chunk: range, seed: int) -> None:
    whole = run_ensemble(case, range(8), seed, threads=1)
    part = run_ensemble(case, chunk, seed, threads=2)
    assert same(part, whole.iloc[list(chunk)])


def test_the_first_replication_is_where_one_says(case: Scenario) -> None:
    whole = simulate_ensemble(case, 6, 4, threads=1)
    assert same(simulate_ensemble(case, 2, 4, first_replication=3), whole.iloc[3:5])
    assert same(simulate_ensemble(case, 2, 4, first_replication=3, engine="mesa"), whole.iloc[3:5])


@pytest.mark.parametrize("seed_of_study", [0, 1, 2**40])
def test_one_history_is_a_row_of_the_ensemble_on_either_engine(case: Scenario, seed_of_study: int) -> None:
    row = run_ensemble(case, range(3), seed_of_study).iloc[2]
    for engine in ("mesa", "compiled"):
        outcomes = simulate(case, seed_of_study, engine=engine, replication=2).outcomes
        assert list(outcomes.index) == list(MEASURES)
        for name in MEASURES:
            assert plain(row[name]) == plain(outcomes[name]), (engine, name)


def plain(value: Any) -> object:  # noqa: ANN401  a number, a word, or yes or no
    return np.float64(value).tobytes() if isinstance(value, float | np.floating) else value


@pytest.mark.parametrize("number", range(3))
def test_both_engines_read_the_same_outcomes_of_random_localities(number: int, seed: int) -> None:
    rng = np.random.default_rng([seed, 2, number])
    anywhere = random_locality(rng, 10)
    assert same(simulate_ensemble(anywhere, 2, seed), simulate_ensemble(anywhere, 2, seed, engine="mesa"))


def test_seed_nought_is_a_seed(case: Scenario) -> None:
    assert same(run_ensemble(case, range(4), 0), run_ensemble(case, range(4), 0))
    assert not same(run_ensemble(case, range(4), 0), run_ensemble(case, range(4), 1))


def test_what_was_run_before_leaves_no_trace(case: Scenario) -> None:
    first = run_ensemble(case, range(3), 5, threads=1)
    run_ensemble(override(case, {"leadership.concession": 0.9}), range(3), 5, threads=1)
    run_ensemble(load_scenario("classroom").model_copy(update={"horizon_months": 3}), range(2), 9, threads=1)
    assert same(run_ensemble(case, range(3), 5, threads=1), first)


def test_common_random_numbers(case: Scenario) -> None:
    """What is settled on the first day does not change with a lever that acts later."""
    here = run_ensemble(case, range(4), 6)
    there = run_ensemble(override(case, {"leadership.concession": 0.9, "name": "other"}), range(4), 6)
    for name in ("zone_of_agreement", "integration_start", "months_to_first_proposal"):
        assert np.array_equal(here[name], there[name], equal_nan=True)


SCRIPT = """
import hashlib
from redesign_sim import load_scenario, override, simulate, simulate_ensemble
case = override(load_scenario("classroom"), {"leadership.time_share": 0.25, "horizon_months": 6})
print(hashlib.sha256(simulate_ensemble(case, 5, 3).to_csv().encode()).hexdigest())
print(hashlib.sha256(simulate(case, 3).outcomes.to_csv().encode()).hexdigest())
"""


def printed_under(hash_seed: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_the_hash_seed_of_a_process_changes_nothing(case: Scenario) -> None:
    short = override(case, {"horizon_months": 6})
    here = hashlib.sha256(simulate_ensemble(short, 5, 3).to_csv().encode()).hexdigest()
    assert printed_under("1")[0] == here
    assert printed_under("1") == printed_under("2")


def test_a_run_that_outgrows_its_room_holds_no_numbers(case: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "room_for_proposals", lambda *_: 1)
    crowded = override(case, {"name": "crowded"})
    with pytest.raises(TooManyProposals, match=r"^crowded, seed 3, replication \d: more proposals"):
        run_ensemble(crowded, range(4), 3)


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_no_scenario_makes_the_engine_compile_again_nor_does_the_page(seed: int) -> None:
    for number in range(10):
        locality = random_locality(np.random.default_rng([seed, 3, number]), 2)
        run_ensemble(locality, range(1), number, threads=1)
        Runner(locality, number).run(range(1 + number))
    assert len(replications.replicate.entry.signatures) == 1  # type: ignore[attr-defined]
