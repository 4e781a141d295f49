"""Guessing: a ballot, the door of a room, and where to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

if TYPE_CHECKING:
    from collections.abc import Callable


@solara.component_vue("ballot.vue")
def Ballot(
    words: str,
    disabled: bool,  # noqa: FBT001  a property of the component
    named: bool,  # noqa: FBT001
    said: str,
    event_guess: Callable[[dict[str, Any]], None],
) -> None:
    """A number of a hundred, and a name; `event_guess` hears both, unchecked."""


@solara.component_vue("doorway.vue")
def Doorway(said: str, event_enter: Callable[[object], None]) -> None:
    """Where a code is typed; `event_enter` hears it, unchecked."""


@solara.component_vue("place.vue")
def Place(code: str, address: str, joined: str) -> None:
    """Where participants go and what they type there."""
