"""The page as a whole: nothing leaves it, links restore it, a room guesses, the editor marks, files are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import load_scenario, parse_scenario
from tests.browser.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    OpenView = Callable[..., Page]

pytestmark = pytest.mark.slow

TABS = ["Case", "One history", "Futures", "Mixes", "Predict, then reveal", "Take away"]


def test_the_page_stands_with_six_views_and_asks_nobody_else(browser: Browser, address: str) -> None:
    page, asked = browser.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("text=Who is in the room")
    assert page.locator(".rs-tab").all_inner_texts() == TABS
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert "user-scalable=no" not in (page.locator("meta[name=viewport]").get_attribute("content") or "")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert page.evaluate("fetch('http://192.0.2.1/').then(() => 'out', () => 'kept in')") == "kept in"
    page.close()


def test_a_reload_restores_the_levers_and_a_bad_link_is_a_sentence(open_view: OpenView, address: str) -> None:
    page = open_view("Futures")
    page.get_by_label("A network across organisations", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**network=0.05**")
    page.reload()
    page.wait_for_selector(".rs-slider-moved")
    assert page.locator(".rs-slider-moved .rs-slider-value").inner_text() == "5 %"
    page.goto(f"{address}/?view=case&case=../../etc/passwd&seed=x")
    page.wait_for_selector(".rs-note")
    assert "does not come with the page" in page.locator(".rs-note").inner_text()
    assert "Traceback" not in page.locator("body").inner_text()


def test_the_editor_marks_a_mistake_at_its_line_and_takes_a_case_without(open_view: OpenView) -> None:
    page = open_view("Case")
    page.get_by_role("radio", name="Two organisations").click()
    page.wait_for_selector("h1:has-text('Two organisations')")
    page.get_by_role("tab", name="The file").click()
    area = page.get_by_label("The case as a YAML file")
    text = area.input_value()
    area.fill(text.replace("horizon_months: 36", "horizon_months: many"))
    line = str(1 + text[: text.index("horizon_months")].count("\n"))
    page.wait_for_selector(f".rs-editor-marked:text-is('{line}')")
    assert page.locator("button:has-text('Use this case')").is_disabled()
    area.fill(text.replace("title: Two organisations and a commissioner", "title: Ours <b>now</b>"))
    page.wait_for_selector("text=This is a case that can be run")
    page.locator("button:has-text('Use this case')").click()
    page.wait_for_selector("h1:has-text('Ours <b>now</b>')")
    page.reload()
    page.wait_for_selector("h1:has-text('Ours <b>now</b>')")


def phone(browser: Browser, address: str, code: str, name: str, number: int) -> Page:
    """Somebody joins, after a wrong code, and guesses."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/join")
    for typed in ("QQQQQ", code.lower()):
        page.get_by_label("The code on the screen").fill(typed)
        page.get_by_role("button", name="Join").click()
        if typed == "QQQQQ":
            page.wait_for_selector("text=There is no room with this code")
    page.get_by_label("Your name").fill(name)
    page.locator("input[type=range]").fill(str(number))
    page.get_by_role("button", name="Send my guess").click()
    page.wait_for_selector("text=It is counted.")
    return page


def test_a_room_guesses_from_two_phones_and_sees_the_answer(
    open_view: OpenView, address: str, browser: Browser
) -> None:
    page = open_view("Predict, then reveal")
    code = page.locator(".rs-place b").inner_text()
    phones = [phone(browser, address, code, *who) for who in (("<i>Ann</i>", 20), ("Bob", 70))]
    page.wait_for_selector("text=2 guesses so far")
    assert not any(each.locator("text=Services integrate in").count() for each in (page, *phones))
    page.get_by_role("button", name="Reveal", exact=True).click()
    page.wait_for_selector("h1:has-text('Services integrate in')")
    assert "2 guesses, from 20 to 70" in page.locator(".rs-predict-question").inner_text()
    for each, number in zip(phones, (20, 70), strict=True):
        each.wait_for_selector(f"text=You said {number}. Services integrate in")
        each.context.close()
    page.locator("summary").click()
    assert page.locator(".rs-figures tbody td").first.inner_text() == "<i>Ann</i>"
    page.locator("button:has-text('Guess again')").click()
    page.wait_for_selector("text=Nobody has guessed yet.")


def test_what_was_seen_is_saved(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector("text=of 1,000 futures")
    said = page.locator("h1").inner_text()
    page.locator(".rs-tab:has-text('Take away')").click()
    saved = {}
    for words, name, begins in (
        ("Save as YAML", "dementia-london.yaml", b"name:"),
        ("Save as HTML", "dementia-london.html", b"<!doctype html>"),
        ("CSV", "dementia-london-futures.csv", b"month,"),
        ("PNG", "dementia-london-futures.png", b"\x89PNG"),
    ):
        page.locator(f"button:text-is('{words}'):enabled").wait_for()
        with page.expect_download() as saving:
            page.locator(f"button:text-is('{words}')").click()
        assert saving.value.suggested_filename == name
        saved[words] = saving.value.path().read_bytes()
        assert saved[words].startswith(begins)
    assert said in saved["Save as HTML"].decode()
    assert "<script" not in saved["Save as HTML"].decode()
    assert parse_scenario(saved["Save as YAML"].decode()) == load_scenario("dementia_london")
    months = saved["CSV"].decode().splitlines()
    assert len(months) == 2 + load_scenario("dementia_london").horizon_months


def test_presentation_mode_is_driven_by_keys(open_view: OpenView) -> None:
    page = open_view("One history")
    page.locator(".rs-player-when").wait_for()
    page.get_by_label("Presentation mode").click()
    page.wait_for_selector("html[data-presenting]")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".rs-player-when:has-text('January 2007')")
    page.keyboard.press("b")
    page.locator(".rs-blank").wait_for()
    page.keyboard.press("b")
    page.locator(".rs-blank").wait_for(state="detached")
    page.keyboard.press("Escape")
    page.wait_for_selector("html:not([data-presenting])")
