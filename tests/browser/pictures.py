"""The pictures of the page in the README, made anew: `python -m tests.browser.pictures`."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import PATIENCE, chromium, served
from tests.structure.source import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1366, "height": 820}


def futures(page: Page) -> None:
    """A network across organisations, against the case without."""
    page.wait_for_selector("text=of 1,000 futures")
    for _ in range(6):
        page.get_by_label("A network across organisations", exact=True).press("ArrowRight")
    page.wait_for_selector(".rs-slider-moved .rs-slider-value:text-is('30 %')")
    page.wait_for_selector(".rs-futures-picture:not(.rs-stale):has-text('than in the pinned baseline')")
    page.wait_for_selector("text=of 1,000 futures")


def history(page: Page) -> None:
    """The months after the national strategy."""
    for _ in range(29):
        page.get_by_label("A month on").click()
    page.wait_for_selector(".rs-player-when:has-text('May 2009')")


def mixes(page: Page) -> None:
    """Every mix of three types, once all futures are there."""
    page.wait_for_selector("text=the smallest difference of interest")
    page.wait_for_selector("text=more are on their way", state="detached")


def save(page: Page, name: str) -> None:
    """A picture with as many colours as it needs, and small."""
    page.evaluate("document.activeElement.blur()")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        IMAGES / f"page_{name}.png", optimize=True
    )


def main() -> None:
    """Serve the page, look at three views, and keep what is seen."""
    with TemporaryDirectory() as folder, served(Path(folder, "log.txt")) as (address, _), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for look in (futures, history, mixes):
            page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]  # a size
            page.set_default_timeout(2 * PATIENCE)
            page.goto(f"{address}/?view={look.__name__}")
            look(page)
            save(page, look.__name__)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
