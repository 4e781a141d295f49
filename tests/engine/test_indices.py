"""Compiled rules read nothing that lies out of range, on either side."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from redesign_sim.engine import compiling


def pick(numbers, at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    numbers[0, 0] = numbers[1, at]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_an_index_beyond_either_end_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "folder", lambda: None)
    numbers, picked = np.arange(6.0).reshape(2, 3), compiling.compiled(pick)
    for at in (-1, 3, 2**62, -(2**62)):
        with pytest.raises(IndexError):
            picked(numbers, at)
    picked(numbers, 2)
    assert numbers[0, 0] == 5.0
