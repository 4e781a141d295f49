"""Choosing a case, and a section of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable


@drawn_by("picker.vue")
def Picker(cases: list[dict[str, str]], now: str, event_choose: Callable[[object], None]) -> None:
    """Cases as cards, `now` the name of the one chosen."""


@drawn_by("sections.vue")
def Sections(sections: dict[str, str], now: str, event_turn: Callable[[str], None]) -> None:
    """Sections of a view, by name and in words."""
