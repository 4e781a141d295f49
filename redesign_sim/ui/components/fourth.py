"""Which type stands outside the triangle, and how much of it there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable


@drawn_by("fourth.vue")
def Fourth(
    kinds: list[dict[str, str]],
    fourth: str,
    tenths: int,
    event_fourth: Callable[[str], None],
    event_tenths: Callable[[int], None],
) -> None:
    """A choice of type and a slider of tenths, fired on release."""
