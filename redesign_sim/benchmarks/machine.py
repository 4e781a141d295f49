"""What a measurement was made on: numbers of speed mean nothing without it."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from redesign_sim.study.execution import available_cores

PACKAGES = ("numpy", "numba", "llvmlite", "Mesa", "pandas")


def machine() -> dict[str, str | int | float | None]:
    """Processor, cores, system, the versions that decide speed, and how busy the machine was with other things."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "cores_to_use": available_cores(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{package.lower(): version(package) for package in PACKAGES},
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    """The processor's name as the system has it."""
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
