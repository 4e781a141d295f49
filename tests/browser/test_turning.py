"""Back and forth: between views, between cases, between what is typed and what is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    OpenView = Callable[[str], Page]

pytestmark = pytest.mark.slow

ALL = "text=of 1,000 futures"


def turn(page: Page, title: str) -> None:
    page.locator(f".rs-tab:has-text('{title}')").click()
    page.wait_for_selector(f".rs-tab--now:has-text('{title}')")


@pytest.mark.parametrize("other", ["Two organisations", "Sexual-health services, London"])
def test_undo_brings_back_a_case_that_runs_over_other_months(open_view: OpenView, other: str) -> None:
    page = open_view("Case")
    page.get_by_role("radio", name=other).click()
    page.wait_for_selector(f"h1:has-text('{other}')")
    turn(page, "Futures")
    page.wait_for_selector(ALL)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(".rs-bar-case:has-text('Dementia')")
    page.wait_for_selector(ALL)
    page.wait_for_selector("text=This is the pinned baseline")


def test_the_back_button_turns_to_the_view_before_and_levers_stay(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    turn(page, "Mixes")
    turn(page, "Futures")
    page.get_by_label("A network across organisations", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**view=futures**network=0.05**")
    page.go_back()
    page.wait_for_selector(".rs-tab--now:has-text('Mixes')")
    page.wait_for_url("**view=mixes**network=0.05**")
    page.go_back()
    page.wait_for_selector(".rs-tab--now:has-text('Futures')")
    page.wait_for_selector(".rs-slider-moved .rs-slider-value:text-is('5 %')")
    page.go_forward()
    page.wait_for_selector(".rs-tab--now:has-text('Mixes')")
    turn(page, "Take away")
    page.go_back()
    page.wait_for_selector(".rs-tab--now:has-text('Mixes')")


def test_edges_of_the_mix_that_lie_on_one_another_can_be_drawn_apart(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    bar = page.locator(".rs-mixbar-bar").bounding_box()
    assert bar
    left, width, middle = bar["x"], bar["width"], bar["y"] + bar["height"] / 2

    def drag(start: float, to: float) -> None:
        page.mouse.move(left + start * width, middle)
        page.mouse.down()
        page.mouse.move(left + to * width, middle, steps=5)
        page.mouse.up()

    for edge in (3, 2, 1):
        box = page.locator(".rs-mixbar-edge").nth(edge - 1).bounding_box()
        assert box
        drag((box["x"] + box["width"] / 2 - left) / width, 1)
    page.wait_for_url("**mix=100-0-0-0**")
    drag(1, 0.4)
    page.wait_for_url("**mix=40-60-0-0**")
    drag(1, 0.6)
    page.wait_for_url("**mix=40-20-40-0**")


def test_the_label_of_a_lever_keeps_its_place_when_it_is_moved(open_view: OpenView) -> None:
    page = open_view("Futures")
    page.wait_for_selector(ALL)
    tops = "[...document.querySelectorAll('.rs-slider')].map(each => each.getBoundingClientRect().top)"
    before = page.evaluate(tops)
    for lever in page.locator(".rs-slider input").all():
        lever.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelectorAll('.rs-slider-moved').length >= 5")
    assert page.evaluate(tops) == before


def the_file(page: Page) -> None:
    page.get_by_role("radio", name="Two organisations").click()
    page.wait_for_selector("h1:has-text('Two organisations')")
    page.get_by_role("tab", name="The file").click()


def test_an_edit_that_leaves_the_text_as_long_as_it_was_is_checked_and_kept(open_view: OpenView) -> None:
    page = open_view("Case")
    the_file(page)
    area = page.get_by_label("The case as a YAML file")
    text = area.input_value()
    edited = text.replace("horizon_months: 36", "horizon_months: 48")
    area.fill(edited)
    page.wait_for_selector("text=This is a case that can be run")
    turn(page, "Mixes")
    turn(page, "Case")
    page.get_by_role("tab", name="The file").click()
    assert area.input_value() == edited
    page.get_by_role("button", name="Drop my changes").click()
    page.wait_for_function("old => document.querySelector('textarea').value === old", arg=text)
    page.wait_for_selector("button:has-text('Drop my changes')[disabled]")


def test_a_file_of_ones_own_is_opened_checked_and_used(open_view: OpenView, tmp_path: Path) -> None:
    page = open_view("Case")
    the_file(page)
    mine = tmp_path / "mine.yaml"
    mine.write_bytes(b"extends: classroom\r\ntitle: Ours from a file\r\nhorizon_months: many\r\n")
    page.get_by_label("Open a file of yours").set_input_files(mine)
    page.wait_for_selector(".rs-editor-marked:text-is('3')")
    mine.write_text("extends: classroom\ntitle: Ours from a file\n", encoding="utf-8")
    page.get_by_label("Open a file of yours").set_input_files(mine)
    page.wait_for_selector("text=This is a case that can be run")
    page.locator("button:has-text('Use this case'):enabled").click()
    page.wait_for_selector("h1:has-text('Ours from a file')")


def test_space_plays_whatever_was_clicked_before(open_view: OpenView) -> None:
    page = open_view("One history")
    page.get_by_role("button", name="Presentation mode").click()
    page.get_by_role("button", name="A month on").click()
    page.wait_for_selector(".rs-player-when:not(:has-text('The first day'))")
    page.keyboard.press("Space")
    page.wait_for_selector("button:has-text('Pause')")


def test_space_presses_a_button_to_which_keys_have_come(open_view: OpenView) -> None:
    page = open_view("One history")
    page.get_by_role("button", name="Presentation mode").click()
    page.get_by_role("button", name="A month on").click()
    page.wait_for_selector(".rs-player-when:has-text('January')")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.wait_for_selector(".rs-player-when:has-text('February')")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".rs-player-when:has-text('March')")
    page.keyboard.press("Space")
    page.wait_for_selector(".rs-player-when:has-text('April')")
    assert page.get_by_role("button", name="Pause").count() == 0
