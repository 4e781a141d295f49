"""Guessing: a ballot, the door of a room, and where to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable


@drawn_by("ballot.vue")
def Ballot(
    words: str,
    disabled: bool,  # noqa: FBT001  a property of the component
    named: bool,  # noqa: FBT001
    said: str,
    event_guess: Callable[[object], None],
) -> None:
    """A number of a hundred, and a name; `event_guess` hears both, unchecked."""


@drawn_by("doorway.vue")
def Doorway(said: str, event_enter: Callable[[object], None]) -> None:
    """Where a code is typed; `event_enter` hears it, unchecked."""


@drawn_by("place.vue")
def Place(code: str, address: str, joined: str) -> None:
    """Where participants go and what they type there."""
