"""What made a result: the rules by digest, the versions of what they ran on, the scheme of seeds, the platform."""

from __future__ import annotations

import hashlib
import platform
import sys
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
DECIDING = (
    "draws.py",
    "happenings.py",
    "month.py",
    "roles.py",
    "rulekit.py",
    "things.py",
    "rules",
    "world",
    "engine",
    "scenario",
)
"""Whatever can change a run's numbers; wording, charts and this study layer cannot."""

LIBRARIES = ("redesign-sim", "mesa", "numpy", "numba", "llvmlite", "pandas", "pyarrow", "scipy", "pydantic")
SEEDS = "Philox4x32-10, keyed by SeedSequence(seed, spawn_key=(replication,)).generate_state(2); replications share it"


@cache
def rules_digest() -> str:
    """The sha256 of every source file that decides what a run gives."""
    digest = hashlib.sha256()
    for source in sorted(_sources(), key=lambda path: path.relative_to(PACKAGE).as_posix()):
        digest.update(source.relative_to(PACKAGE).as_posix().encode() + b"\0")
        digest.update(source.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _sources() -> list[Path]:
    """The files themselves."""
    places = [PACKAGE / name for name in DECIDING]
    return [path for place in places for path in ([place] if place.is_file() else place.rglob("*.py"))]


def versions() -> dict[str, str]:
    """Python and every library that a result could depend on."""
    return {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}


def _version(name: str) -> str:
    """An installed version; a checkout that was never installed has none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def now() -> str:
    """The time, for the record of who made what and when; no result depends on it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def machine() -> dict[str, str]:
    """The platform, in so far as it could matter to a result."""
    return {"system": platform.system(), "machine": platform.machine(), "byte_order": sys.byteorder}
