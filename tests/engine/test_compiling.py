"""Compiled entries are kept and shared: none calls another's functions, none is compiled in vain, none is spoiled."""

from __future__ import annotations

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


@needs_compiler
def test_compiling_tells_every_function_and_how_far_it_is_and_loading_tells_nothing(tmp_path: Path) -> None:
    cold, warm = (result(start(tmp_path, "plain")) for _ in range(2))
    assert [what for what, _ in cold["told"]] == ["little", "sixth", "third", waiting.OPTIMISING, "done"]
    shares = [share for _, share in cold["told"]]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert (warm["compiled"], warm["loaded"], warm["told"]) == (0, 1, [])


@needs_compiler
def test_a_stop_while_compiling_leaves_a_sound_cache_and_no_lock(tmp_path: Path) -> None:
    stopped = result(start(tmp_path, "stopped"))
    assert (stopped["stopped"], stopped["result"]) == (True, 0.0)
    again, after = (result(start(tmp_path, "plain")) for _ in range(2))
    assert (again["compiled"], again["result"], again["told"][0][0]) == (1, 2.0, "little")
    assert (after["compiled"], after["loaded"], after["result"]) == (0, 1, 2.0)


@needs_compiler
def test_a_kept_file_that_was_cut_off_is_compiled_again(tmp_path: Path) -> None:
    result(start(tmp_path, "plain"))
    kept = list((tmp_path / "cache").rglob("*.nbc"))
    assert len(kept) == 1
    kept[0].unlink()
    again = result(start(tmp_path, "plain"))
    assert (again["compiled"], again["result"]) == (1, 2.0)


def test_whoever_no_longer_watches_is_told_nothing() -> None:
    told: list[waiting.Progress] = []
    with waiting.watched(told.append):
        waiting.tell("a", 0.5)
    waiting.tell("b", 0.6)
    assert told == [("a", 0.5)]
