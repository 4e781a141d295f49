"""The page as a whole: nothing leaves it, links restore it, a room guesses, the editor marks, files are saved."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd
import pytest

from redesign_sim.scenario import dump_yaml, load_scenario, override, parse_scenario
from redesign_sim.ui.ensembles import parts
from redesign_sim.ui.links import Sight, query_of
from redesign_sim.ui.setup import Setup
from tests.browser.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    OpenView = Callable[..., Page]

pytestmark = pytest.mark.slow

SEEN = {
    "Case": "text=Who is in the room",
    "One history": ".rs-account-now",
    "Futures": "text=of 1,000 futures",
    "Mixes": "text=the smallest difference of interest",
    "Predict, then reveal": "text=What do you expect?",
    "Take away": "text=A page to send round",
}
"""The tabs, and what is seen once a view is there."""
TABS = list(SEEN)
HOSTILE = "<img src=x onerror=alert(1)>"


def test_the_page_stands_with_six_views_and_asks_nobody_else(visit: OpenView, address: str) -> None:
    page, asked = visit("join"), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("text=Who is in the room")
    assert page.locator(".rs-tab").all_inner_texts() == TABS
    for title in TABS:
        page.locator(f".rs-tab:has-text('{title}')").click()
        page.wait_for_selector(f".rs-tab--now:has-text('{title}')")
    page.wait_for_selector("html[lang=en-GB]")
    assert "user-scalable=no" not in (page.locator("meta[name=viewport]").get_attribute("content") or "")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def test_the_browser_itself_keeps_the_page_from_asking_others(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    assert page.evaluate("fetch('http://192.0.2.1/').then(() => 'out', () => 'kept in')") == "kept in"
    page.close()


def test_a_reload_restores_the_levers_and_a_bad_link_is_a_sentence(open_view: OpenView, address: str) -> None:
    page = open_view("Futures")
    page.get_by_label("A network across organisations", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**network=0.05**")
    page.reload()
    page.wait_for_selector(".rs-slider-moved .rs-slider-value:text-is('5 %')")
    page.goto(f"{address}/?view=case&case=../../etc/passwd&seed=x")
    page.wait_for_selector(".rs-note")
    assert "does not come with the page" in page.locator(".rs-note").inner_text()
    assert "Traceback" not in page.locator("body").inner_text()
    page.goto(
        f"{address}/?" + "&".join(f"{field}={quote(HOSTILE)}" for field in ("view", "case", "seed", "network", "mix"))
    )
    page.wait_for_selector(".rs-note:has-text('does not come with the page')")
    assert page.locator("img[src=x]").count() == 0


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
    page.locator("button:has-text('Use this case'):disabled").wait_for()
    area.fill(text.replace("title: Two organisations and a commissioner", "title: Ours <b>now</b>"))
    page.wait_for_selector("text=This is a case that can be run")
    page.locator("button:has-text('Use this case'):enabled").click()
    page.wait_for_selector("h1:has-text('Ours <b>now</b>')")
    page.wait_for_url("**text=**")
    page.reload()
    page.wait_for_selector("h1:has-text('Ours <b>now</b>')")


def test_markup_in_a_case_stays_words_in_every_view(visit: OpenView) -> None:
    shipped = load_scenario("classroom")
    name = next(iter(shipped.organisations.members.values())).name
    text = dump_yaml(shipped)
    for words in (shipped.title, shipped.summary, name, shipped.strategies[0].name):
        text = text.replace(words, f"{words[:20]} {HOSTILE}")
    assert text.count(HOSTILE) >= 4
    page = visit(f"?{query_of(Sight(Setup('classroom', text), Setup('classroom'), 1, 'case'))}")
    page.wait_for_selector(f"h1:has-text('{HOSTILE}')")
    for title in TABS:
        page.locator(f".rs-tab:has-text('{title}')").click()
        page.wait_for_selector(f".rs-tab--now:has-text('{title}')")
        page.wait_for_selector(SEEN[title])
        assert page.locator("img[src=x]").count() == 0
        assert HOSTILE in page.locator("body").inner_text()
    page.locator(".rs-tab:has-text('Predict')").click()
    guest = visit("join")
    enter(guest, page.locator(".rs-place b").inner_text())
    guest.wait_for_selector(f"text={HOSTILE}")
    assert guest.locator("img[src=x]").count() == 0


def enter(page: Page, code: str) -> None:
    """Type a code."""
    page.get_by_label("The code on the screen").fill(code)
    page.get_by_role("button", name="Join").click()


def phone_at(visit: OpenView, code: str) -> Page:
    """Somebody joins, after a wrong code."""
    page = visit("join", size=(390, 844), touch=True)
    for typed in ("QQQQQ", code.lower()):
        enter(page, typed)
        if typed == "QQQQQ":
            page.wait_for_selector("text=There is no room with this code")
    return page


def phone(visit: OpenView, code: str, name: str, number: int) -> Page:
    """Somebody joins, and guesses."""
    page = phone_at(visit, code)
    page.get_by_label("Your name").fill(name)
    page.locator("input[type=range]").fill(str(number))
    page.get_by_role("button", name="Send my guess").click()
    page.wait_for_selector("text=It is counted.")
    return page


def test_a_room_guesses_from_two_phones_and_sees_the_answer(open_view: OpenView, visit: OpenView) -> None:
    page = open_view("Predict, then reveal")
    code = page.locator(".rs-place b").inner_text()
    phones = [phone(visit, code, *who) for who in (("<i>Ann</i>", 20), ("Bob", 70))]
    page.wait_for_selector("text=2 guesses so far")
    assert not any(each.locator("text=Services integrate in").count() for each in (page, *phones))
    page.get_by_role("button", name="Reveal", exact=True).click()
    page.wait_for_selector("h1:has-text('Services integrate in')")
    page.wait_for_selector(".rs-predict-question:has-text('2 guesses, from 20 to 70')")
    for each, number in zip(phones, (20, 70), strict=True):
        each.wait_for_selector(f"text=You said {number}. Services integrate in")
    page.locator("summary").click()
    page.wait_for_selector(".rs-figures tbody td:text-is('<i>Ann</i>')")
    page.locator("button:has-text('Guess again')").click()
    page.wait_for_selector("text=Nobody has guessed yet.")


def test_a_room_lasts_while_its_host_looks_elsewhere_and_when_pages_are_loaded_anew(
    open_view: OpenView, visit: OpenView
) -> None:
    page = open_view("Predict, then reveal")
    code = page.locator(".rs-place b").inner_text()
    guest = phone(visit, code, "Ann", 20)
    page.wait_for_selector("text=1 guess so far")
    page.locator(".rs-tab:has-text('One history')").click()
    page.locator(".rs-player-when").wait_for()
    page.locator(".rs-tab:has-text('Predict')").click()
    page.wait_for_selector("text=1 guess so far")
    for each in (page, guest):
        each.reload()
    page.wait_for_selector("text=1 guess so far")
    assert page.locator(".rs-place b").inner_text() == code
    guest.locator("input[type=range]").fill("60")
    guest.get_by_role("button", name="Change my guess").click()
    guest.wait_for_selector("text=It is counted.")
    page.get_by_role("button", name="Reveal", exact=True).click()
    page.wait_for_selector(".rs-predict-question:has-text('The guess was 60.')")
    page.locator(".rs-tab:has-text('Futures')").click()
    page.locator(".rs-futures-difference").wait_for()
    page.locator(".rs-tab:has-text('Predict')").click()
    page.wait_for_selector(".rs-predict-question:has-text('The guess was 60.')")
    page.reload()
    page.wait_for_selector(".rs-predict-question:has-text('The guess was 60.')")
    guest.wait_for_selector("text=You said 60. Services integrate in")


def test_what_is_asked_is_asked_anew_once_the_levers_have_moved(open_view: OpenView, visit: OpenView) -> None:
    page = open_view("Predict, then reveal")
    guest = phone(visit, page.locator(".rs-place b").inner_text(), "Ann", 20)
    page.wait_for_selector("text=1 guess so far")
    page.locator(".rs-tab:has-text('Futures')").click()
    page.get_by_label("A network across organisations", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**network=0.05&**")
    page.locator(".rs-tab:has-text('Predict')").click()
    page.wait_for_selector("text=Nobody has guessed yet.")
    guest.wait_for_selector("text=/network across organisations/i")
    guest.get_by_role("button", name="Send my guess").wait_for()


def test_a_phone_can_leave_for_another_room(open_view: OpenView, visit: OpenView) -> None:
    page = open_view("Predict, then reveal")
    guest = phone(visit, page.locator(".rs-place b").inner_text(), "Ann", 20)
    page.close()
    guest.wait_for_selector("text=nobody asks here at the moment")
    guest.get_by_role("button", name="Join another room").click()
    guest.get_by_label("The code on the screen").wait_for()
    guest.reload()
    guest.get_by_label("The code on the screen").wait_for()
    other = open_view("Predict, then reveal")
    enter(guest, other.locator(".rs-place b").inner_text())
    guest.get_by_role("button", name="Send my guess").wait_for()


def test_a_duplicated_page_leaves_the_question_of_the_other_alone(open_view: OpenView, visit: OpenView) -> None:
    page = open_view("Predict, then reveal")
    phone(visit, page.locator(".rs-place b").inner_text(), "Ann", 20)
    page.wait_for_selector("text=1 guess so far")
    with page.expect_popup() as opened:
        page.evaluate("window.open(location.href.replace('&case', '&network=0.3&case'))")
    other = opened.value
    other.wait_for_selector("text=Another page of yours asks something else here")
    assert page.locator("text=1 guess so far").is_visible()
    other.get_by_role("button", name="Ask from here").click()
    other.wait_for_selector("text=Nobody has guessed yet.")
    page.wait_for_selector("text=Another page of yours asks something else here")


def drawn(page: Page) -> list[int]:
    """Where the points of a line stand."""
    return [int(str(point.get_attribute("aria-valuenow"))) for point in page.locator(".rs-sketch-point").all()]


def along(page: Page, across: float, down: float) -> tuple[float, float]:
    """A place in the sketch, by shares of its width and height."""
    box = page.locator(".rs-sketch-box").bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def draw_by_keys(page: Page) -> None:
    before = drawn(page)
    for key in ("PageUp", "PageUp", "ArrowUp", "ArrowDown", "ArrowUp"):
        page.locator(".rs-sketch-point").last.press(key)
    assert drawn(page) == [*before[:-1], before[-1] + 21]


def draw_by_finger(page: Page) -> None:
    before = drawn(page)
    page.touchscreen.tap(*along(page, 0.97, 0.5))
    assert drawn(page)[:-1] == before[:-1]
    assert drawn(page)[-1] > 40


def draw_by_mouse(page: Page) -> None:
    page.mouse.move(*along(page, 0.2, 0.85))
    page.mouse.down()
    page.mouse.move(*along(page, 1, 0.1), steps=3)
    page.mouse.up()
    assert sorted(set(drawn(page))) == drawn(page)
    assert drawn(page)[-1] > 80


def test_a_room_draws_lines_and_sees_them_over_the_futures(open_view: OpenView, visit: OpenView) -> None:
    page = open_view("Predict, then reveal")
    phones = [phone_at(visit, page.locator(".rs-place b").inner_text()) for _ in range(2)]
    page.get_by_role("tab", name="Draw a line").click()
    for each, draw in zip((*phones, page), (draw_by_keys, draw_by_finger, draw_by_mouse), strict=True):
        each.locator(".rs-sketch svg").wait_for()
        draw(each)
        each.locator("button[type=submit]").click()
        each.wait_for_selector("text=/It is counted|Written down/")
    ends = [drawn(each)[-1] for each in phones]
    page.wait_for_selector("text=2 guesses so far")
    page.get_by_role("button", name="Reveal", exact=True).click()
    page.wait_for_selector(".rs-predict-question:has-text('3 lines end between')")
    page.wait_for_selector(".rs-chart-box > svg[aria-label*='nine in ten between']")
    for each, end in zip(phones, ends, strict=True):
        each.wait_for_selector(f"text=Your line ends at {end} %. Half of 1,000 futures end above")
    page.locator("summary").click()
    assert page.locator(".rs-figures tbody tr").count() == 4
    page.locator(".rs-tab:has-text('Take away')").click()
    name, content = save(page, "CSV")
    assert name == "dementia-london-predict.csv"
    assert list(pd.read_csv(io.BytesIO(content)).columns[-3:]) == ["guess_1", "guess_2", "guess_3"]


def save(page: Page, words: str) -> tuple[str, bytes]:
    """What a button hands out: the file's name and its content."""
    button = page.locator(f"button:text-is('{words}'):enabled")
    button.wait_for()
    with page.expect_download() as saving:
        button.click()
    return saving.value.suggested_filename, saving.value.path().read_bytes()


def test_what_was_seen_is_saved(visit: OpenView) -> None:
    networked = override(load_scenario("classroom"), {"network.strength": 0.5})
    *_, futures = parts(networked, 3)
    said = f"In {100 * futures['integrated'].mean():.0f} of 100 futures services integrate"
    page = visit("?view=futures&case=classroom&network=0.5&seed=3&was_case=classroom")
    page.wait_for_selector("text=of 1,000 futures")
    page.wait_for_selector(f"h1:text-is('{said}')")
    page.locator(".rs-tab:has-text('Take away')").click()
    name, content = save(page, "Save as YAML")
    assert name == "classroom.yaml"
    assert parse_scenario(content.decode()) == networked
    name, content = save(page, "Save as HTML")
    assert name == "classroom.html"
    assert said in content.decode()
    assert "<script" not in content.decode()
    name, content = save(page, "PNG")
    assert name == "classroom-futures.png"
    assert content.startswith(b"\x89PNG")
    name, content = save(page, "CSV")
    assert name == "classroom-futures.csv"
    table = pd.read_csv(io.BytesIO(content))
    assert list(table["month"]) == list(range(1 + networked.horizon_months))
    assert table["median"].iloc[-1] == pytest.approx(futures["integration_index"].median(), abs=6e-5)
    page.locator(".rs-tab:has-text('Case')").click()
    page.get_by_label("How hard national strategy pushes", exact=True).press("ArrowRight")
    page.wait_for_url("**strategy=**")
    page.locator(".rs-tab:has-text('Take away')").click()
    page.wait_for_selector("text=Futures last showed another case, other levers or another luck")
    assert page.locator("button:text-is('CSV')").count() == 0


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
