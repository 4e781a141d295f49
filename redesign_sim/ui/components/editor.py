"""A case as its file, with every mistake marked at its line as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable


@drawn_by("editor.vue")
def Editor(
    text: str,
    problems: list[dict[str, Any]],
    checked: int,
    longest: int,
    label: str,
    event_typed: Callable[[object], None],
) -> None:
    """`event_typed` hears a `text` that was typed or opened, and which `turn` of those it is. `problems`: `line` (0 for
    the whole file) and `text`; `checked`: the turn of the text that they are about.
    """
