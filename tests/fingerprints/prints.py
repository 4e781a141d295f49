"""What each case comes to, as one hash: any change of any outcome's last bit changes it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numba
import numpy as np

from redesign_sim.scenario import load_scenario, shipped_scenarios
from redesign_sim.study.ensembles import simulate_ensemble

HERE = Path(__file__).parent
FILE = HERE / "fingerprints.json"
LOG = HERE / "refreshed.log"
SEED = 20130305
RUNS = {"system": 1}
"""Replications of each case: three, unless stated otherwise."""


def cases() -> list[str]:
    return sorted(shipped_scenarios())


def fingerprint(name: str) -> str:
    """The hash of the outcomes of a few replications, each column by its name and bit for bit.

    Where the compiler is off the agents are asked: they answer the same, sooner than records do.
    """
    engine = "mesa" if numba.config.DISABLE_JIT else "compiled"
    frame = simulate_ensemble(load_scenario(name), RUNS.get(name, 3), SEED, engine=engine)  # type: ignore[arg-type]
    sink = hashlib.sha256()
    for column in frame:
        values = frame[column]
        sink.update(str(column).encode())
        if values.dtype.kind in "biuf":
            # One pattern of bits for everything that is missing.
            sink.update(np.where(np.isnan(numbers := values.to_numpy(np.float64)), np.nan, numbers).tobytes())
        else:
            sink.update("\n".join(values.astype(str)).encode())
    return sink.hexdigest()


def known(file: Path = FILE) -> dict[str, dict[str, Any]]:
    """Each case's hash, with the day and the reason of its last refresh; nothing where there is no file yet."""
    found: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def refresh(reason: str, file: Path = FILE, log: Path = LOG) -> list[str]:
    """Write down what each case comes to now; the cases whose hash has changed are returned, and the log says why.

    Raises ValueError where no reason is given.
    """
    words = " ".join(reason.split())
    if not words:
        raise ValueError('say why the fingerprints change: python -m tests.fingerprints --refresh "reason"')
    before, today = known(file), datetime.now(UTC).date().isoformat()
    after, lines = {}, []
    for name in cases():
        now, then = fingerprint(name), before.get(name, {})
        if now == then.get("sha256"):
            after[name] = then
        else:
            after[name] = {"sha256": now, "date": today, "reason": words}
            lines.append(f"{today} {name} {str(then.get('sha256', 'none'))[:12]} -> {now[:12]}: {words}")
    file.write_text(json.dumps(after, indent=2, ensure_ascii=False) + "\n", "utf-8")
    with log.open("a", encoding="utf-8") as sink:
        sink.writelines(f"{line}\n" for line in lines)
    return lines
