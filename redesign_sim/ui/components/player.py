"""The buttons that a history is played with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable


@drawn_by("player.vue")
def Controls(  # noqa: PLR0913  its properties
    month: int,
    last: int,
    when: str,
    playing: bool,  # noqa: FBT001  a property of the component
    speed: int,
    speeds: list[int],
    seed: int,
    most_luck: int,
    event_toggle: Callable[[object], None],
    event_step: Callable[[int], None],
    event_go: Callable[[int], None],
    event_pace: Callable[[int], None],
    event_luck: Callable[[int], None],
) -> None:
    """Play, pause, step, go to a month, set speed and seed, which is `most_luck` at most."""
