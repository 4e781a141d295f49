"""Take away: the link, the figures and numbers last seen, the case as a file, and one page of HTML."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import solara

from redesign_sim.ui import session
from redesign_sim.ui.components.saver import Offer, Saver
from redesign_sim.ui.exports import as_csv, as_page, as_picture, as_yaml, moves
from redesign_sim.ui.links import fits_in_a_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redesign_sim.ui.session import Shown

TITLE = "Take away"

STYLE = """
.rs-take { display: grid; gap: var(--gap);
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); }
.rs-take-head { margin-bottom: var(--gap); max-width: 60rem; }
"""
NAMES = {"history": "One history", "futures": "Futures", "mixes": "Mixes", "predict": "Predict, then reveal"}
FILE = "It opens in this page, under Case, The file, and with redesign-sim on the command line."
NOTHING = (
    "Open One history, Futures or Mixes first: what they last showed can be saved here as a picture and as a table."
)
AGAIN = "{views} last showed another case, other levers or another luck: open it again, and it can be saved here."


@solara.component
def Page() -> None:
    """All that one can take home."""
    shown, sight = session.in_force(), session.sight()
    gone = [NAMES[name] for name in session.shown.value if name not in shown]
    solara.Style(STYLE)
    with solara.Div(classes=["rs-view"]):
        with solara.Div(classes=["rs-take-head"]):
            solara.HTML(tag="h1", unsafe_innerHTML="Take it with you", classes=["rs-headline"])
            moved = list(moves(sight.setup))
            solara.Text("; ".join(moved) or "The case as it states itself, no lever moved.", classes=["rs-quiet"])
        with solara.Div(classes=["rs-take"]):
            _link(in_link=fits_in_a_link(sight.setup))
            _card("The case as a file", FILE, Offer("Save as YAML", partial(as_yaml, sight)))
            _whole(shown)
            for name, what in shown.items():
                _seen(name, what)
        if gone or not shown:
            said = AGAIN.format(views=" and ".join(gone)) if gone else NOTHING
            solara.Text(said, classes=["rs-quiet"], style={"display": "block", "margin-top": "var(--gap)"})


def _card(title: str, words: str, *offers: Offer) -> None:
    """A box with a heading, a sentence, and offers."""
    with solara.Div(classes=["rs-card"]):
        solara.HTML(tag="h2", unsafe_innerHTML=title, classes=["rs-title"])
        with solara.Div(classes=["rs-quiet"], style={"margin-bottom": "0.8rem"}):
            solara.Text(words)
        Saver(offers)


def _link(*, in_link: bool) -> None:
    """The address restores everything but an edited file that is too long for it."""
    words = "Whoever opens it, with this page on their machine, sees what you see: the case, the levers, the baseline."
    if not in_link:
        words = "The edited file is too long for a link; send it beside the link, as YAML."
    _card("A link", words, Offer("Copy the link", None, main=True))


def _whole(shown: Mapping[str, Shown]) -> None:
    words = "What was seen, with its numbers and the case, in one file that opens in any browser and needs no script."
    _card(
        "A page to send round",
        words,
        Offer("Save as HTML", partial(as_page, session.sight(), shown), disabled=not shown),
    )


def _seen(name: str, shown: Shown) -> None:
    """What a view last showed."""
    file = f"{session.setup.value.case().name}-{name}"
    _card(
        NAMES.get(name, name),
        f"{shown.title.rstrip('.')}. {shown.subtitle}".strip(),
        Offer("PNG", partial(as_picture, shown, file, "png")),
        Offer("SVG", partial(as_picture, shown, file, "svg")),
        Offer("CSV", partial(as_csv, shown, file)),
    )
