"""Futures, Mixes and One history as a visitor meets them."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import load_scenario, override
from redesign_sim.ui.ensembles import parts
from redesign_sim.ui.playing import History
from tests.browser.conftest import AT_REST

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, WebSocketRoute

    OpenView = Callable[[str], Page]

pytestmark = pytest.mark.slow

ALL = "text=of 1,000 futures"
NETWORK = "A network across organisations"


def move(page: Page, title: str, key: str = "ArrowRight") -> None:
    """Move a lever by a step with the keyboard."""
    page.get_by_label(title, exact=True).focus()
    page.keyboard.press(key)


def test_a_lever_says_what_it_changes_and_undo_takes_it_back(open_view: OpenView) -> None:
    *_, futures = parts(load_scenario("dementia_london"), 1)
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    page.wait_for_selector(".rs-futures-difference:has-text('This is the pinned baseline')")
    before = f"In {100 * futures['integrated'].mean():.0f} of 100 futures services integrate"
    page.wait_for_selector(f"h1:text-is('{before}')")
    for _ in range(4):
        move(page, NETWORK)
    page.wait_for_selector("text=/more in 100 than in the pinned baseline .*more than luck/")
    page.wait_for_selector(ALL)
    page.locator("button:has-text('Put all back')").click()
    page.wait_for_selector("text=This is the pinned baseline")
    page.wait_for_selector(f"h1:text-is('{before}')")


def test_a_lever_stays_where_it_was_put_however_late_the_answer_comes(visit: Callable[..., Page]) -> None:
    page = visit("join")
    held: list[Callable[[], None]] = []
    late = Event()

    def between(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        server.on_message(lambda told: held.append(lambda: browser.send(told)) if late.is_set() else browser.send(told))

    page.route_web_socket("**", between)
    page.goto(page.url.replace("join", "?view=futures&case=classroom"))
    page.wait_for_selector(ALL)
    late.set()
    for _ in range(2):
        move(page, NETWORK)
        page.evaluate("new Promise(done => setTimeout(done, 4000))")  # longer than anyone would wait for a page
    page.wait_for_selector(".rs-slider-value:text-is('10 %')")
    late.clear()
    for tell in held:
        tell()
    page.wait_for_url("**network=0.1&**")
    page.wait_for_selector(".rs-slider-moved .rs-slider-value:text-is('10 %')")


BASELINE, DIFFERENT = "text=This is the pinned baseline", "text=/than in the pinned baseline/"


def futures_at(network: float) -> str:
    """What the headline says of a strength of the network."""
    *_, futures = parts(override(load_scenario("dementia_london"), {"network.strength": network}), 1)
    return f"h1:text-is('In {100 * futures['integrated'].mean():.0f} of 100 futures services integrate')"


def on_track(page: Page, label: str) -> Callable[[float], tuple[float, float]]:
    """Where a lever's thumb is taken hold of."""
    box = page.get_by_label(label, exact=True).bounding_box()
    assert box
    return lambda place: (box["x"] + 8 + place * (box["width"] - 16), box["y"] + box["height"] / 2)


def test_a_lever_in_the_hand_shows_what_would_come_of_it_and_moves_the_page_only_when_released(
    open_view: OpenView,
) -> None:
    there = futures_at(0.5)
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    at = on_track(page, NETWORK)
    page.mouse.move(*at(0))
    page.mouse.down()
    page.mouse.move(*at(0.5), steps=3)
    page.wait_for_selector(".rs-slider-value:text-is('50 %')")
    page.wait_for_selector(ALL)
    page.wait_for_selector(there)
    assert page.locator(DIFFERENT).is_visible()
    assert "network=" not in page.url
    assert page.get_by_role("button", name="Undo").is_disabled()
    page.mouse.up()
    page.wait_for_url("**network=0.5&**")
    assert page.locator(there).is_visible()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(BASELINE)
    page.wait_for_selector("button:has-text('Undo')[disabled]")


def test_however_fast_a_lever_is_moved_the_last_place_is_shown(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    slide = """(e, places) => places.forEach(place => { e.value = place; e.dispatchEvent(new Event('input')) })"""
    page.get_by_label(NETWORK, exact=True).evaluate(slide, [0.2, 0.5, 0])
    page.wait_for_selector(".rs-slider-value:text-is('0 %')")
    page.wait_for_selector(BASELINE)
    page.wait_for_function("!document.querySelector('.rs-stale')")
    page.get_by_label(NETWORK, exact=True).evaluate(slide, [0.2, 0, 0.5])
    page.wait_for_selector(futures_at(0.5))


def test_a_lever_that_is_put_back_before_it_is_let_go_has_not_moved(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    move(page, NETWORK)
    page.wait_for_url("**network=0.05&**")
    at = on_track(page, NETWORK)
    page.mouse.move(*at(0.05))
    page.mouse.down()
    page.mouse.move(*at(0.5), steps=3)
    page.wait_for_selector(".rs-slider-value:text-is('50 %')")
    page.wait_for_selector(DIFFERENT)
    page.mouse.move(*at(0.05), steps=3)
    page.wait_for_selector(".rs-slider-value:text-is('5 %')")
    page.mouse.up()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(BASELINE)
    page.wait_for_selector("button:has-text('Undo')[disabled]")
    assert "network=" not in page.url


def test_a_lever_that_is_drawn_back_past_its_end_is_let_go(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    move(page, "Project staff to plan and carry out", "ArrowLeft")
    page.wait_for_selector(DIFFERENT)
    at = on_track(page, NETWORK)
    page.mouse.move(*at(0))
    page.mouse.down()
    page.mouse.move(*at(0.5), steps=3)
    page.wait_for_selector(".rs-slider-value:text-is('50 %')")
    page.mouse.move(*at(-0.2), steps=3)
    page.wait_for_selector(".rs-slider-value:text-is('0 %')")
    page.mouse.up()
    page.get_by_role("button", name="Undo").evaluate("undo => undo.click()")  # the focus stays on the lever
    page.wait_for_selector(BASELINE)


def test_a_key_held_down_moves_a_lever_once_and_shows_the_way(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    page.get_by_label(NETWORK, exact=True).focus()
    for _ in range(4):
        page.keyboard.down("ArrowRight")
    page.wait_for_selector(".rs-slider-value:text-is('20 %')")
    page.wait_for_url("**network=0.05&**")
    page.keyboard.up("ArrowRight")
    page.wait_for_url("**network=0.2&**")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**network=0.05&**")


def test_a_lever_whose_hand_has_gone_stays_where_it_was_left(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    page.get_by_label(NETWORK, exact=True).focus()
    for _ in range(3):
        page.keyboard.down("ArrowRight")
    page.locator(".rs-chart-box > svg").first.focus()
    page.wait_for_url("**network=0.15&**")


def test_an_edge_of_the_mix_in_the_hand_shows_what_would_come_of_it(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    box = page.locator(".rs-mixbar-edge").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 200, box["y"] + box["height"] / 2, steps=3)
    page.wait_for_selector(DIFFERENT)
    assert "mix=" not in page.url
    page.mouse.up()
    page.wait_for_url("**mix=**")
    page.wait_for_selector(DIFFERENT)


def test_what_a_hand_is_near_is_told_and_what_it_passes_is_not(visit: Callable[..., Page]) -> None:
    page = visit("join")
    with page.expect_websocket() as opened:
        page.goto(page.url.replace("join", "?view=futures&case=classroom"))
    page.wait_for_selector(ALL)
    told: list[str] = []
    opened.value.on("framesent", lambda sent: told.append(str(sent)) if "event_near" in str(sent) else None)
    at = on_track(page, NETWORK)
    with opened.value.expect_event("framesent", lambda sent: "event_near" in str(sent)):
        page.mouse.move(*at(0.3))
    with opened.value.expect_event("framesent", lambda sent: "event_near" in str(sent)):
        page.mouse.move(5, 5)
    assert len(told) == 2
    page.locator(".rs-slider").nth(2).evaluate(
        "e => ['pointerenter', 'pointerleave'].forEach(name => e.dispatchEvent(new PointerEvent(name)))"
    )
    with opened.value.expect_event("framesent", lambda sent: "event_near" in str(sent)):
        page.get_by_label("Project staff to plan and carry out", exact=True).focus()
    assert len(told) == 3


def test_what_one_visitor_moves_stays_with_them(open_view: OpenView) -> None:
    one, other = open_view("Futures"), open_view("Futures")
    for page in (one, other):
        page.wait_for_selector(ALL)
    move(one, NETWORK)
    one.wait_for_selector("text=than in the pinned baseline")
    assert other.locator("text=This is the pinned baseline").is_visible()


def test_a_chart_is_read_with_the_keyboard_and_as_a_table(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    chart = page.locator(".rs-chart-box > svg").first
    page.wait_for_selector(".rs-chart-box > svg[aria-label*='nine in ten futures between']")
    chart.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(".rs-chart .rs-tip strong:text-is('February 2007')")
    page.locator("summary").first.click()
    page.locator(".rs-figures tbody tr").nth(10).wait_for()


def test_a_history_plays_pauses_and_can_be_looked_at_anywhere(open_view: OpenView) -> None:
    page = open_view("One history")
    month = page.locator(".rs-player-when")
    month.wait_for()
    assert month.inner_text() == "The first day"
    page.locator("button:has-text('Play')").click()
    page.wait_for_selector(".rs-player-when:text-matches('20(0[89]|1.)')")
    page.locator("button:has-text('Pause')").click()
    page.wait_for_selector("button:has-text('Play')")
    page.locator(".rs-player-month input").evaluate("e => { e.value = 40; e.dispatchEvent(new Event('input')) }")
    page.wait_for_selector(".rs-player-when:has-text('April 2010')")
    page.wait_for_selector(".rs-account-now:has-text('April 2010')")
    told = page.locator(".rs-account-now").inner_text()
    history = History(load_scenario("dementia_london"), 1)
    for _ in range(40):
        history.live_on()
    assert history.at(40).told
    assert [sentence for sentence in history.at(40).told if sentence not in told] == []
    page.locator(".rs-account-now summary").click()
    for sentence in history.everything(40):
        page.locator(".rs-account-now").get_by_text(sentence, exact=True).first.wait_for()
    page.locator(".rs-account-now summary").click()
    page.get_by_label("A month back").click()
    page.wait_for_selector(".rs-player-when:has-text('March 2010')")
    page.get_by_label("A month on").click()
    page.wait_for_selector(".rs-account-now:has-text('April 2010')")
    assert page.locator(".rs-account-now").inner_text() == told
    page.locator("button:has-text('Another history')").click()
    page.wait_for_selector(".rs-player-when:has-text('The first day')")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize("presenting", [False, True])
def test_a_history_is_in_sight_as_a_whole(visit: Callable[..., Page], size: tuple[int, int], presenting: bool) -> None:  # noqa: FBT001  a parameter of the test
    page = visit("?view=history", size=size)
    page.locator(".rs-player-when").wait_for()
    if presenting:
        page.get_by_label("Presentation mode").click()
        page.wait_for_selector("html[data-presenting]")
    page.wait_for_function(AT_REST)
    for part in page.locator(".rs-map-box, .rs-map-key, .rs-account, .rs-chart-box, .rs-chart-key").all():
        box = part.bounding_box()
        assert box
        assert box["width"] >= 300
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]
    account = page.locator(".rs-account").bounding_box()
    assert account
    assert account["height"] >= 0.44 * size[1]


def test_on_a_phone_nothing_of_a_history_lies_beyond_the_edge(visit: Callable[..., Page]) -> None:
    page = visit("?view=history", size=(390, 844))
    page.locator(".rs-player-when").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_map_is_walked_with_the_keyboard(open_view: OpenView) -> None:
    page = open_view("One history")
    board = page.locator(".rs-map-box > svg")
    board.wait_for()
    board.focus()
    page.keyboard.press("ArrowRight")
    tip = page.locator(".rs-map .rs-tip")
    tip.locator("text=Northern acute trust").wait_for()
    assert "people" in tip.inner_text()
    page.keyboard.press("Escape")
    tip.wait_for(state="detached")


def test_a_mix_is_taken_from_the_triangle_to_futures(open_view: OpenView) -> None:
    page = open_view("Mixes")
    page.wait_for_selector("text=the smallest difference of interest")
    assert page.locator(".rs-simplex-cell").count() == 45
    page.locator(".rs-simplex-cell").last.click()
    picked = page.locator(".rs-mixes-picked").inner_text()
    assert "20 % high-impact" in picked
    page.locator("button:has-text('Take it to Futures')").click()
    for share in picked.split(", "):
        number, kind = share.split(" % ")
        page.wait_for_selector(f".rs-mixbar-key:has-text('{kind} {number} %')")
