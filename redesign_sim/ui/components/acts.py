"""What one may do, as buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solara
from reacton.core import get_render_context

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = {"text-transform": "none", "letter-spacing": "0"}
"""Words as they are written."""


def Act(words: str, on_click: Callable[[], object], *, disabled: bool = False, main: bool = False) -> None:
    """A button with words on it; `main` for what one most likely wants. All that a click changes is drawn at once."""
    drawing = get_render_context()

    def act() -> None:
        with drawing:
            on_click()

    classes = ["rs-button", *(["rs-button--main"] if main else [])]
    solara.Button(words, on_click=act, disabled=disabled, classes=classes, style=PLAIN)
