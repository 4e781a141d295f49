"""Everyone can read and use every view: what axe-core finds wrong, in light and dark, large and small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    OpenView = Callable[..., Page]

pytestmark = pytest.mark.slow

READY = {
    "Case": "text=Who is in the room",
    "One history": ".rs-player-when",
    "Futures": "text=of 1,000 futures",
    "Mixes": ".rs-simplex-cell",
    "Predict, then reveal": ".rs-place b",
    "Take away": "text=A page to send round",
}


def faults(page: Page) -> list[str]:
    """What is wrong, each with the element that it is wrong with."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core checks who can use the page")
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


@pytest.mark.parametrize("title", READY)
def test_a_view_has_no_barrier(open_view: OpenView, title: str) -> None:
    page = open_view(title)
    page.wait_for_selector(READY[title])
    for look in ("Dark page", "Presentation mode"):
        assert faults(page) == []
        page.get_by_label(look).click()
    page.wait_for_selector("html[data-presenting][data-look=dark]")
    assert faults(page) == []


@pytest.mark.parametrize("section", ["What is assumed", "The file"])
def test_a_section_of_the_case_has_no_barrier(open_view: OpenView, section: str) -> None:
    page = open_view("Case")
    page.get_by_role("tab", name=section).click()
    page.wait_for_selector(f"[role=tab][aria-selected=true]:has-text('{section}')")
    assert faults(page) == []


def test_the_way_in_from_a_phone_has_no_barrier(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/join")
    page.get_by_label("The code on the screen").wait_for()
    assert faults(page) == []
    page.close()
