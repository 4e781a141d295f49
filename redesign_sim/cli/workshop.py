"""`ui`: the page that a facilitator stands in front of."""

import webbrowser
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from redesign_sim.cli import console

Host = Annotated[str, typer.Option(help="Where to listen; 0.0.0.0 lets others in your network join.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65_535)]
Browser = Annotated[bool, typer.Option("--open/--no-open", help="Open a browser at the page.")]
Prepare = Annotated[bool, typer.Option("--prepare", help="Have all that the page needs here, and stop.")]

WIDER = (
    "Warning: everyone who can reach this machine can open the page and move its levers; there is no password. "
    "Use it in a network that you trust, and stop it afterwards."
)
FETCHING = (
    "Getting what the page needs in the browser, once on this machine: pip fetches 55 MB, of which 4 are kept ..."
)
NO_FILES = (
    "The page's files are not here, and could not be had: {why}\n"
    "With a network, once: redesign-sim ui --prepare. Or copy them from a machine that has them, at the place that "
    "--prepare says there, to {place}."
)


def ui(host: Host = "localhost", port: Port = 8765, browser: Browser = True, prepare: Prepare = False) -> None:
    """Open the workshop page. Once its files are here it needs no network, and asks nobody for anything."""
    from redesign_sim.ui import serving  # noqa: PLC0415  the page is loaded only by those who open it

    if not prepare:
        _check_place(host, port)
    folder = _files()
    console.warm_engine()
    if prepare:
        console.say(f"The page is ready, with no network too; its files are in {folder}.")
        return
    serving.switch(folder)
    serving.serve(host, port, partial(_say_where, serving.address_of(host, port), browser=browser))


def _files() -> Path:
    """Where the page's files are, fetched first where they are not here yet."""
    from redesign_sim.ui import kit  # noqa: PLC0415

    folder = kit.place()
    if kit.missing(folder):
        console.complain(FETCHING)
        try:
            kit.fetch(folder)
        except kit.NoKit as why:
            raise console.UsageError(NO_FILES.format(why=why, place=folder)) from None
    return folder


def _check_place(host: str, port: int) -> None:
    """Whether one can listen there, and a warning where others can hear."""
    from redesign_sim.ui import serving  # noqa: PLC0415

    try:
        free = serving.is_free(host, port)
    except OSError as error:
        raise console.UsageError(f"This machine cannot listen at {host}, port {port}: {error.strerror}.") from None
    if not free:
        raise console.UsageError(f"Port {port} is in use; stop what uses it, or choose another with --port.")
    if not serving.is_local(host):
        console.complain(WIDER)


def _say_where(address: str, *, browser: bool) -> None:
    console.say(f"The page is at {address} - Ctrl-C stops it.")
    if browser:
        webbrowser.open(address)
