"""The page: a bar with the views, and the view in front of the room."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import solara

from redesign_sim.ui import session
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.shell import Bar, Document
from redesign_sim.ui.join import Join
from redesign_sim.ui.links import VIEWS, query_of, sight_of
from redesign_sim.ui.rooms import ROOMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

STYLE = Path(__file__).with_name("page.css")
OTHERS = "The other views still work. What went wrong stands in the terminal."
logger = logging.getLogger(__name__)


def views() -> dict[str, ModuleType]:
    """The views that are there, by name, in the order of the tabs."""
    return {
        name: import_module(f"redesign_sim.ui.views.{name}")
        for name in VIEWS
        if find_spec(f"redesign_sim.ui.views.{name}")
    }


@solara.component
def Page() -> None:
    """All that a facilitator stands in front of; whatever goes wrong, the room never sees a traceback."""
    solara.Title("redesign-sim")
    solara.Style(STYLE)
    with solara.Div(classes=["rs-page"]):
        Document()
        Kept("The page", Whole, "Reloading it may help. What went wrong stands in the terminal.")


@solara.component
def Whole() -> None:
    """The bar, and the view in front of the room."""
    problems = use_address()
    room = session.room.value
    solara.use_effect(lambda: ROOMS.host(room, solara.get_kernel_id()) if room else None, [room])
    there = views()
    name = session.view.value if session.view.value in there else next(iter(there))
    Bar(
        tabs=[{"name": each, "title": module.TITLE} for each, module in there.items()],
        now=name,
        subject=session.setup.value.case().title,
        query=query_of(session.sight()),
        dark=session.dark.value,
        presenting=session.presenting.value,
        event_go=session.go,
        event_dark=session.dark.set,
        event_present=session.presenting.set,
        event_key=session.press,
    )
    with solara.v.Html(tag="main"):
        _Problems(problems)
        Kept(there[name].TITLE, there[name].Page, OTHERS).key(name)


def use_address() -> list[str]:
    """A hook: look at what the address asks for, once; returns what of it could not be had."""
    search = solara.use_router().search

    def restore() -> list[str]:
        sight, problems = sight_of(search)
        session.restore(sight)
        return problems

    return solara.use_memo(restore, [])  # type: ignore[no-any-return]  # solara is not typed


@solara.component
def _Problems(problems: list[str]) -> None:
    """What of a link could not be had, until it is put away."""
    seen, set_seen = solara.use_state(False)  # noqa: FBT003  the value of a state
    if problems and not seen:
        with solara.Div(classes=["rs-view"], style={"padding-bottom": "0"}), solara.Div(classes=["rs-note"]):
            for problem in problems:
                solara.Text(problem)
            Act("All right", lambda: set_seen(True))


@solara.component
def Kept(title: str, inside: Callable[[], object], comfort: str) -> None:
    """A part of the page; whatever goes wrong in it is noted for the facilitator's terminal, and the room sees a
    sentence.
    """
    error, clear = solara.use_exception()
    solara.use_effect(lambda: _note(title, error), [error])
    if error is None:
        inside().key("inside")  # type: ignore[attr-defined]  # a component makes an element
    else:
        Sorry(title, comfort, clear).key("sorry")


@solara.component
def Sorry(title: str, comfort: str, clear: Callable[[], None]) -> None:
    """What the room sees in place of a part that failed."""
    with solara.Div(classes=["rs-view"]):
        solara.HTML(tag="h1", unsafe_innerHTML=f"{title} cannot be shown", classes=["rs-headline"])
        solara.Text(comfort, classes=["rs-quiet"])
        with solara.Div(classes=["rs-row"], style={"margin-top": "1rem"}):
            Act("Try again", clear, main=True)
            Act("Back to the case as shipped", lambda: _afresh(clear))


def _note(title: str, error: BaseException | None) -> None:
    """Tell the facilitator's terminal what went wrong."""
    if error is not None:
        logger.error("%s cannot be shown", title, exc_info=error)


def _afresh(clear: Callable[[], None]) -> None:
    """Put the case back to what comes with the page, then try again."""
    session.choose()
    clear()


@solara.component
def Plain(children: list[object]) -> None:
    """The page stands alone: no bar or footer of Solara's own."""
    solara.Div(children=children)


@solara.component
def Joining() -> None:
    """The way in from a phone, kept like the page."""
    solara.Title("Join the room")
    solara.Style(STYLE)
    with solara.Div(classes=["rs-page"]):
        Document()
        with solara.v.Html(tag="main"):
            Kept("The room", Join, "Reload the page to try once more.")


routes = [
    solara.Route(path="/", component=Page, layout=Plain, label="redesign-sim"),
    solara.Route(path="join", component=Joining, layout=Plain, label="Join the room"),
]
