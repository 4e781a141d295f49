"""Entries that two processes compiled and cached must not call each other's functions once both are loaded."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from llvmlite.binding import Linkage
from numba.core.codegen import JITCodeLibrary

from redesign_sim.engine import compiling
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
