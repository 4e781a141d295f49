"""Many sessions at once, one that goes away, and the end of all."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PATIENCE, served

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    OpenView = Callable[..., Page]

pytestmark = pytest.mark.slow

TWENTY = 20
AT_ONCE = 30
"""Seconds on a busy machine; open connections would hold an ordinary server for as long as the page is open."""
IDLE = 0.1
"""Seconds of computing in a second of an idle server, at most."""


def test_twenty_sessions_each_see_what_they_moved(visit: OpenView) -> None:
    pages = [visit("?view=futures&case=classroom") for _ in range(TWENTY)]
    for number, page in enumerate(pages):
        lever = page.get_by_label("A network across organisations", exact=True)
        for _ in range(1 + number % 4):
            lever.press("ArrowRight")
    for number, page in enumerate(pages):
        page.wait_for_selector(f".rs-slider-moved .rs-slider-value:text-is('{5 * (1 + number % 4)} %')")
        page.wait_for_selector(".rs-futures-picture:not(.rs-stale):has-text('in the pinned baseline')")
        page.wait_for_url(f"**network={0.05 * (1 + number % 4):.2g}&**")


def wait_until_idle(process: int) -> None:
    """Wait until a server does next to nothing."""
    until, now = time.monotonic() + PATIENCE / 1000, computing(process)
    while time.monotonic() < until:
        time.sleep(1.0)
        now, before = computing(process), now
        if now - before < IDLE:
            return
    pytest.fail("it goes on computing")


def computing(process: int) -> float:
    """Seconds of computing so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="what a process computes is read from Linux")
def test_a_closed_tab_stops_its_work(visit: OpenView, server: tuple[str, subprocess.Popen[bytes]]) -> None:
    link, hundred = "?view=futures&case=system&seed=77", "text=/\\) of 100 futures/"
    page = visit(link)
    page.wait_for_selector(hundred)
    page.close()
    wait_until_idle(server[1].pid)
    visit(link).wait_for_selector(hundred)  # with all of the thousand there, they alone would be shown


def test_one_ctrl_c_ends_it_at_once_while_a_history_plays(browser: Browser, server: object, tmp_path: Path) -> None:
    del server  # it skips where the page's files are not here
    with served(tmp_path / "log.txt") as (address, process):
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/?view=history")
        page.locator("button:has-text('Play')").click()
        page.wait_for_selector("button:has-text('Pause')")
        process.send_signal(signal.SIGINT)
        process.wait(AT_ONCE)
        page.close()
    assert "Traceback" not in (tmp_path / "log.txt").read_text()
