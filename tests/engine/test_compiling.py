"""Compiled entries are kept and shared: none calls another's functions, none is compiled in vain, none is spoiled."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from llvmlite.binding import Linkage
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Flags

from redesign_sim.engine import compiling, waiting
from redesign_sim.rulekit import jitable


@jitable
def helper(number: float) -> float:
    return number / 3.0


def entry(numbers):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    numbers[0] = helper(numbers[1])


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_what_an_entry_calls_is_seen_by_no_other_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    linkages: list[Linkage] = []

    def look(library: Any) -> None:  # noqa: ANN401
        linkages.extend(f.linkage for f in library._final_module.functions if "helper" in f.name)  # noqa: SLF001

    monkeypatch.setattr(compiling, "folder", lambda: None)
    monkeypatch.setattr(JITCodeLibrary, "_optimize_final_module", look)
    numbers = np.array([0.0, 6.0])
    compiling.compiled(entry)(numbers)
    assert numbers[0] == 2.0
    assert linkages
    assert set(linkages) == {Linkage.internal}


HERE = Path(__file__).parent
needs_compiler = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")


def start(place: Path, role: str) -> subprocess.Popen[str]:
    """The little engine in a process of its own, with a cache that is empty at first."""
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1]), "REDESIGN_SIM_CACHE": str(place / "cache")}
    return subprocess.Popen(
        [sys.executable, str(HERE / "a_little_engine.py"), str(place), role],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen[str]) -> Any:  # noqa: ANN401
    """What it said at its end."""
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return json.loads(out)


@needs_compiler
def test_of_two_processes_that_start_cold_one_compiles_and_the_other_waits_says_so_and_loads(tmp_path: Path) -> None:
    first, second = (result(process) for process in [start(tmp_path, role) for role in ("first", "second")])
    assert (first["compiled"], first["loaded"], first["result"]) == (1, 0, 2.0)
    assert (second["compiled"], second["loaded"], second["result"]) == (0, 1, 2.0)
    assert second["told"][0][0] == waiting.ELSEWHERE


@pytest.fixture(scope="module")
def in_a_row(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Processes one after the other: stopped while compiling, with nothing kept, with all of it, with a part of it."""
    place = tmp_path_factory.mktemp("in_a_row")
    found = {"stopped": result(start(place, "stopped"))}
    found |= {name: result(start(place, "plain")) for name in ("cold", "warm")}
    for kept in (place / "cache").rglob("*.nbc"):
        kept.unlink()
    return found | {"in part": result(start(place, "plain"))}


@needs_compiler
def test_compiling_tells_every_function_that_has_a_name_and_how_far_it_is_and_loading_tells_nothing(
    in_a_row: dict[str, Any],
) -> None:
    told = in_a_row["cold"]["told"]
    assert [what for what, _ in told] == ["little", "sixth", "a third of", "a third of", waiting.OPTIMISING, "done"]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    warm = in_a_row["warm"]
    assert (warm["compiled"], warm["loaded"], warm["told"], warm["result"]) == (0, 1, [], 2.0)


@needs_compiler
def test_a_stop_while_compiling_leaves_a_sound_cache_and_no_lock(in_a_row: dict[str, Any]) -> None:
    stopped, cold = in_a_row["stopped"], in_a_row["cold"]
    assert (stopped["stopped"], stopped["result"]) == (True, 0.0)
    assert (cold["compiled"], cold["loaded"], cold["result"], cold["told"][0][0]) == (1, 0, 2.0, "little")


@needs_compiler
def test_what_is_kept_in_part_is_compiled_again(in_a_row: dict[str, Any]) -> None:
    assert (in_a_row["in part"]["compiled"], in_a_row["in part"]["result"]) == (1, 2.0)


def test_whoever_no_longer_watches_is_told_nothing() -> None:
    told: list[waiting.Progress] = []
    with waiting.watched(told.append):
        waiting.tell("a", 0.5)
    waiting.tell("b", 0.6)
    assert told == [("a", 0.5)]


def test_what_is_switched_off_for_compiling_is_on_again_also_after_a_stop() -> None:
    values = Flags.values

    def stopped() -> None:
        with compiling._unhindered():  # noqa: SLF001
            assert not gc.isenabled()
            assert Flags.values is not values
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert gc.isenabled()
    assert Flags.values is values


def test_flags_have_the_same_values_asked_at_once() -> None:
    flags = Flags()
    flags.nrt = True
    assert list(compiling._values_at_once(flags).items()) == list(flags.values().items())  # noqa: SLF001
    assert compiling._values_at_once(flags) != Flags().values()  # noqa: SLF001
