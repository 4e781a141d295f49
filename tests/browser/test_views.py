"""Futures, Mixes and One history as a visitor meets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    OpenView = Callable[[str], Page]

pytestmark = pytest.mark.slow

ALL = "text=of 1,000 futures"


def move(page: Page, title: str, key: str = "ArrowRight") -> None:
    """Move a lever by a step with the keyboard."""
    page.get_by_label(title, exact=True).focus()
    page.keyboard.press(key)


def test_a_lever_says_what_it_changes_and_undo_takes_it_back(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    before = page.locator("h1").inner_text()
    assert re.fullmatch(r"In \d+ of 100 futures services integrate", before)
    assert "This is the pinned baseline" in page.locator(".rs-futures-difference").inner_text()
    for _ in range(4):
        move(page, "A network across organisations")
    page.wait_for_selector("text=/more in 100 than in the pinned baseline .*told from zero/")
    page.wait_for_selector(ALL)
    page.locator("button:has-text('Put all back')").click()
    page.wait_for_selector("text=This is the pinned baseline")
    assert page.locator("h1").inner_text() == before


def test_what_one_visitor_moves_stays_with_them(open_view: OpenView) -> None:
    one, other = open_view("Futures"), open_view("Futures")
    for page in (one, other):
        page.wait_for_selector(ALL)
    move(one, "A network across organisations")
    one.wait_for_selector("text=than in the pinned baseline")
    assert other.locator("text=This is the pinned baseline").is_visible()


def test_a_chart_is_read_with_the_keyboard_and_as_a_table(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    chart = page.locator(".rs-chart-box > svg").first
    assert "nine in ten futures between" in (chart.get_attribute("aria-label") or "")
    chart.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator(".rs-chart .rs-tip strong").first.inner_text() == "February 2007"
    page.locator("summary").first.click()
    assert page.locator(".rs-figures tbody tr").count() > 10


def test_a_history_plays_pauses_and_can_be_looked_at_anywhere(open_view: OpenView) -> None:
    page = open_view("One history")
    month = page.locator(".rs-player-when")
    month.wait_for()
    assert month.inner_text() == "The first day"
    page.locator("button:has-text('Play')").click()
    page.wait_for_selector(".rs-player-when:has-text('2008')")
    page.locator("button:has-text('Pause')").click()
    page.wait_for_selector("button:has-text('Play')")
    page.locator(".rs-player-month input").evaluate("e => { e.value = 40; e.dispatchEvent(new Event('input')) }")
    page.wait_for_selector(".rs-player-when:has-text('April 2010')")
    page.wait_for_selector(".rs-account-now:has-text('April 2010')")
    told = page.locator(".rs-account-now").inner_text()
    page.get_by_label("A month back").click()
    page.wait_for_selector(".rs-player-when:has-text('March 2010')")
    page.get_by_label("A month on").click()
    page.wait_for_selector(".rs-account-now:has-text('April 2010')")
    assert page.locator(".rs-account-now").inner_text() == told
    page.locator("button:has-text('Another history')").click()
    page.wait_for_selector(".rs-player-when:has-text('The first day')")


def test_the_map_is_walked_with_the_keyboard(open_view: OpenView) -> None:
    page = open_view("One history")
    board = page.locator(".rs-map-box > svg")
    board.wait_for()
    board.focus()
    page.keyboard.press("ArrowRight")
    tip = page.locator(".rs-map .rs-tip")
    assert "Northern acute trust" in tip.inner_text()
    assert "people" in tip.inner_text()
    page.keyboard.press("Escape")
    assert tip.count() == 0


def test_a_mix_is_taken_from_the_triangle_to_futures(open_view: OpenView) -> None:
    page = open_view("Mixes")
    page.wait_for_selector("text=the smallest difference of interest")
    assert page.locator(".rs-simplex-cell").count() == 45
    page.locator(".rs-simplex-cell").last.click()
    picked = page.locator(".rs-mixes-picked").inner_text()
    assert "20 % high-impact" in picked
    page.locator("button:has-text('Take it to Futures')").click()
    page.wait_for_selector(".rs-mixbar")
    for share in picked.split(", "):
        number, kind = share.split(" % ")
        assert f"{kind} {number} %" in page.locator(".rs-mixbar-key").inner_text()
