"""Hatch runs this while the project is installed: it puts the page's files beside the package."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from platformdirs import user_cache_path

KIT = runpy.run_path(str(Path(__file__).with_name("kit.py")))
"""What `kit.py` defines; the package itself cannot be imported yet."""


class KitHook(BuildHookInterface):  # type: ignore[misc]  # hatch is there only while building
    """Fetch the kit once into the user's cache, and install it from there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Without a network the rest is installed all the same: `redesign-sim ui` says how to get the kit later."""
        del version
        folder = user_cache_path("redesign-sim", appauthor=False) / "kit"
        try:
            if KIT["missing"](folder):
                KIT["fetch"](folder)
        except (KIT["NoKit"], OSError) as why:
            self.app.display_warning(f"the workshop page's files are not here: {why}")
            return
        build_data["shared_data"][str(folder)] = KIT["FOLDER"].as_posix()
