"""Buttons that hand a file, made when it is asked for, to the browser."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

import solara

from redesign_sim.ui.components.drawn import drawn_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class File(NamedTuple):
    """A file to be saved: its name, what sort it is, and its bytes."""

    name: str
    type: str
    content: bytes


class Offer(NamedTuple):
    """A button: its words, and what makes the file; without a maker it copies the page's link."""

    words: str
    make: Callable[[], File] | None
    main: bool = False
    disabled: bool = False


@drawn_by("saver.vue")
def _Saver(items: list[dict[str, Any]], file: dict[str, Any], problem: str, event_ask: Callable[[str], None]) -> None:
    """`event_ask` hears the place of an offer; a new `file` is saved by the browser."""


@solara.component
def Saver(offers: Sequence[Offer]) -> None:
    """Offers side by side."""
    file, set_file = solara.use_state({"number": 0})
    problem, set_problem = solara.use_state("")

    def ask(place: str) -> None:
        set_problem("")
        makers: Mapping[str, Offer] = {str(number): offer for number, offer in enumerate(offers)}
        offer = makers.get(str(place))
        if offer is None or offer.make is None:
            return
        try:
            made = offer.make()
        except Exception:  # noqa: BLE001  the room is told in a sentence, whatever it was
            set_problem("This file could not be made.")
        else:
            content = b64encode(made.content).decode()
            set_file({"name": made.name, "type": made.type, "data": content, "number": file["number"] + 1})

    items = [
        {
            "name": str(number),
            "words": each.words,
            "main": each.main,
            "disabled": each.disabled,
            "copy": each.make is None,
        }
        for number, each in enumerate(offers)
    ]
    _Saver(items=items, file=file, problem=problem, event_ask=ask)
