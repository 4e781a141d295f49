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
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from redesign_sim.ui import kit
from tests.structure.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

STARTS_WITHIN = 180.0
PATIENCE = 60_000
"""Milliseconds after which what was waited for is taken never to come."""


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
        server.send_signal(signal.SIGINT)
        server.wait(20)


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; its driver runs an event loop, which tests of other modules could not share."""
    api = pytest.importorskip("playwright.sync_api", reason="no browser is driven without playwright")
    place = chromium()
    if place is None:
        pytest.skip("there is no Chromium here")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_view(address: str, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Open the page as a visitor of one's own, at a view; whatever the page complains of fails the test."""
    contexts, complaints = [], []

    def go(title: str) -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address)
        page.locator(f"button:has-text('{title}')").first.click()
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []
