"""The page: a bar with the views, and the view in front of the room."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import solara

from redesign_sim.ui import session

if TYPE_CHECKING:
    from types import ModuleType

STYLE = """
:root { --paper: #ffffff; --ink: #1a1a1a; --quiet: #5f6368; --faint: #d9dce0; --wash: #f5f6f7;
        --accent: #0b3c6f; --accent-soft: #56b4e9; --warm: #e69f00; --bad: #b2182b; --highlight: #fff3cd; }
"""


def views() -> dict[str, ModuleType]:
    """The views that are there, by name, in the order of the tabs."""
    return {
        name: import_module(f"redesign_sim.ui.views.{name}")
        for name in session.VIEWS
        if find_spec(f"redesign_sim.ui.views.{name}")
    }


@solara.component
def Page() -> None:
    """All that a facilitator stands in front of."""
    there = views()
    name = session.view.value if session.view.value in there else next(iter(there), "")
    solara.Style(STYLE)
    with solara.Row():
        for each, module in there.items():
            solara.Button(module.TITLE, on_click=lambda each=each: session.go(each), text=each != name)
    if name:
        there[name].Page()
