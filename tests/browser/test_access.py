"""Everyone can read and use every view: what axe-core finds wrong, in light and dark, large and small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import AT_REST

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    OpenView = Callable[..., Page]

pytestmark = pytest.mark.slow

SMALLEST = 16
"""Points of the screen that letters must have at least in presentation mode."""

READY = {
    "Case": "text=Who is in the room",
    "One history": ".rs-player-when",
    "Futures": "text=of 1,000 futures",
    "Mixes": "text=the smallest difference of interest",
    "Predict, then reveal": ".rs-place b",
    "Take away": "text=A page to send round",
}


def faults(page: Page) -> list[str]:
    """What is wrong, each with the element that it is wrong with."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core checks who can use the page")
    page.wait_for_function(AT_REST)
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def small_words(page: Page) -> list[str]:
    """What could not be read from the back of a room, each with its size."""
    found: list[str] = page.evaluate(f"""() => [...document.querySelectorAll('main *')]
        .filter(e => e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent.trim().slice(0, 40)])
        .filter(([size]) => size < {SMALLEST}).map(([size, words]) => size + ' ' + words)""")
    return found


@pytest.mark.parametrize("title", READY)
def test_a_view_has_no_barrier(open_view: OpenView, title: str) -> None:
    page = open_view(title)
    page.wait_for_selector(READY[title])
    assert faults(page) == []
    page.get_by_label("Dark page").click()
    page.wait_for_selector("html[data-look=dark]")
    assert faults(page) == []
    page.get_by_label("Presentation mode").click()
    page.wait_for_selector("html[data-presenting][data-look=dark]")
    assert faults(page) == []
    assert small_words(page) == []


@pytest.mark.parametrize("section", ["What is assumed", "The file"])
def test_a_section_of_the_case_has_no_barrier(open_view: OpenView, section: str) -> None:
    page = open_view("Case")
    page.get_by_role("tab", name=section).click()
    page.wait_for_selector(f"[role=tab][aria-selected=true]:has-text('{section}')")
    assert faults(page) == []


def test_drawing_a_line_has_no_barrier(open_view: OpenView) -> None:
    page = open_view("Predict, then reveal")
    page.get_by_role("tab", name="Draw a line").click()
    page.wait_for_selector(".rs-sketch svg")
    assert faults(page) == []
    page.get_by_label("Dark page").click()
    page.wait_for_selector("html[data-look=dark]")
    assert faults(page) == []


def test_the_way_in_from_a_phone_has_no_barrier(visit: OpenView) -> None:
    page = visit("join", size=(390, 844))
    page.get_by_label("The code on the screen").wait_for()
    assert faults(page) == []
