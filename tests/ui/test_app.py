"""Whatever goes wrong in a part of the page, the room sees a sentence, and the facilitator can go on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import solara

from redesign_sim.ui.app import Kept

if TYPE_CHECKING:
    import pytest


def test_a_part_that_fails_is_a_sentence_and_can_be_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    broken = [True]

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def Inside() -> None:  # noqa: N802  a component
        if broken:
            raise RuntimeError("a pin fell out")
        solara.Text("All is well.")

    with caplog.at_level(logging.ERROR):
        box, page = solara.render(Kept("Futures", Inside, "The other views still work."), handle_error=False)
    assert "a pin fell out" in caplog.text
    seen = said(box)
    assert "The other views still work." in seen
    assert "pin" not in seen
    broken.clear()
    page.find(children=["Try again"]).widget.click()
    assert "All is well." in said(box)


def said(box: object) -> str:
    """All words in a widget."""
    if isinstance(box, str):
        return box
    template = getattr(getattr(box, "template", ""), "template", "")
    return " ".join([*map(said, getattr(box, "children", ())), template])
