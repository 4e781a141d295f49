"""The page served by a process of its own on a free port, and a browser before it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from redesign_sim.ui import kit
from redesign_sim.ui.links import VIEWS
from tests.structure.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

STARTS_WITHIN, ENDS_WITHIN = 300.0, 60.0
"""Seconds; the rules may have to be compiled first."""
PATIENCE = 120_000
"""Milliseconds after which what was waited for is taken never to come."""
AT_REST = "document.getAnimations().every(each => each.playState !== 'running')"
"""Nothing fades or glides any more: holds in the browser."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as reply:  # noqa: S310  our own server
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def served(log: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The page on a free port, as a facilitator starts it, until one Ctrl-C."""
    port = free_port()
    start = "from redesign_sim.cli import main; main()"
    command = [sys.executable, "-c", start, "ui", "--no-open", "--port", str(port)]
    with log.open("w") as said:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        yield _up(f"http://localhost:{port}", server, log), server
    finally:
        _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """One Ctrl-C; whatever comes of it, nothing is left running."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(ENDS_WITHIN)
    finally:
        server.kill()


def chromium() -> str | None:
    """A browser on this machine."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Where the page is served, and by what."""
    if kit.missing(kit.place()):
        pytest.skip("the page's files are not here: redesign-sim ui --prepare")
    with served(tmp_path_factory.mktemp("page") / "log.txt") as running:
        yield running


@pytest.fixture(scope="session")
def address(server: tuple[str, subprocess.Popen[bytes]]) -> str:
    """Where the page is served."""
    return server[0]


def _up(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the server answers."""
    until = time.monotonic() + STARTS_WITHIN
    while not answers(address):
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)
    return address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser; its driver runs an event loop, which tests of other folders could not share."""
    api = pytest.importorskip("playwright.sync_api", reason="no browser is driven without playwright")
    place = chromium()
    if place is None:
        pytest.skip("there is no Chromium here")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address of the page as a visitor of one's own; whatever the page complains of fails the test."""
    contexts, complaints = [], []

    def go(path: str = "", size: tuple[int, int] = (1366, 768), *, touch: bool = False) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=touch)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/{path}")
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_view(visit: Callable[..., Page]) -> Callable[[str], Page]:
    """Open the page at a view, by its tab's words."""
    titles = {view: import_module(f"redesign_sim.ui.views.{view}").TITLE for view in VIEWS}

    def go(title: str) -> Page:
        page: Page = visit(f"?view={next(view for view, words in titles.items() if words == title)}")
        page.locator(f".rs-tab--now:has-text('{title}')").wait_for()
        return page

    return go
