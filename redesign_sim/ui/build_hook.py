"""Hatch runs this while the project is installed: it puts the page's files beside the package."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

import kit  # noqa: E402  it stands beside this file, and the package itself is not there yet


class KitHook(BuildHookInterface):  # type: ignore[type-arg]
    """Fetch the kit once into the user's cache, and install it from there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Without a network the rest is installed all the same: `redesign-sim ui` says how to get the kit later."""
        del version
        folder = user_cache_path("redesign-sim", appauthor=False) / "kit"
        try:
            if kit.missing(folder):
                kit.fetch(folder)
        except kit.NoKit as why:
            self.app.display_warning(f"the workshop page's files are not here: {why}")
            return
        build_data["shared_data"][str(folder)] = kit.FOLDER.as_posix()
