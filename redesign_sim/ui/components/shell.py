"""The bar above every view: where one is, presentation mode, light or dark, and the address that restores it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable


@drawn_by("document.vue")
def Document() -> None:
    """What Solara's own page leaves out for those who read with their ears, or need to enlarge it."""


@drawn_by("shell.vue")
def Bar(  # noqa: PLR0913  its properties
    tabs: list[dict[str, str]],
    now: str,
    subject: str,
    query: str,
    dark: bool,  # noqa: FBT001  a property of the component
    presenting: bool,  # noqa: FBT001
    event_go: Callable[[str], None],
    event_dark: Callable[[bool], None],
    event_present: Callable[[bool], None],
    event_key: Callable[[str], None],
) -> None:
    """The tabs; `event_key` hears what a presenter presses: space, left, right, r."""
