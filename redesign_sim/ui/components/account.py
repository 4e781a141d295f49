"""What happened and why, month by month, the latest first."""

from __future__ import annotations

from typing import Any

from redesign_sim.ui.components.drawn import drawn_by


@drawn_by("account.vue")
def Account(months: list[dict[str, Any]]) -> None:
    """Each of `months` holds `month`, `when`, `told` and `also`, `now` if it is on screen, and perhaps `everything`."""
