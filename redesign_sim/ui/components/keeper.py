"""What a tab remembers when its page is loaded anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable


@drawn_by("keeper.vue")
def Keeper(name: str, kept: str, event_found: Callable[[object], None]) -> None:
    """Keeps a word under a name for as long as the tab is open; nothing is seen of it. Where there is none at first,
    `event_found` hears what was kept before, unchecked, or an empty word; where there is none any more, an empty word.
    """
