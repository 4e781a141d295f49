"""One history: where it goes on, and that nothing on it lies over anything else, at any size of a room's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import load_scenario, shipped_scenarios
from tests.browser.conftest import AT_REST

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visit = Callable[..., Page]

pytestmark = pytest.mark.slow

SIZES = [(1366, 820), (1920, 1080), (1093, 656), (911, 547)]
"""A laptop, a projector, and the laptop at 125 and 150 %."""
ROOMS = SIZES[:2]
"""Where somebody presents."""
MEASURED = [name for name in shipped_scenarios() if name != "system"]
"""Cases whose map is made of parts that can be measured; the largest is drawn on a canvas."""

DRAWN = """month => {
  const map = document.querySelector('.rs-map')
  return map && map.__vue__.frame.month === month && document.querySelector('.rs-map-name')
}"""

FITTED = """() => {
  const map = document.querySelector('.rs-map').__vue__, box = document.querySelector('.rs-map-box')
  const em = parseFloat(getComputedStyle(box).fontSize)
  return map.w === box.clientWidth && map.h === box.clientHeight && map.em === em
}"""
"""The map has heard of its room: holds in the browser."""

FAULTS = """() => {
  const box = document.querySelector('.rs-map-box').getBoundingClientRect()
  const rect = (e, slack) => {
    const r = e.getBoundingClientRect(), less = slack * r.height  // digits fill less than the height of a line
    return {l: r.left, r: r.right, t: r.top + less, b: r.bottom - less, said: e.textContent}
  }
  const all = (selector, slack) => [...document.querySelectorAll(selector)].map(e => rect(e, slack))
  const names = all('.rs-map-name', 0), numbers = all('.rs-map-number', 0.17)
  const groups = all('.rs-map-group', 0).map(g => ({x: (g.l + g.r) / 2, y: (g.t + g.b) / 2, r: (g.r - g.l) / 2}))
  const over = (a, b) => Math.min(a.r, b.r) - Math.max(a.l, b.l) > 0.3 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 0.3
  const words = names.concat(numbers)
  const pairs = words.flatMap((a, i) => words.slice(i + 1).filter(b => over(a, b)).map(b => a.said + ' over ' + b.said))
  const away = (n, g) => Math.hypot(Math.max(n.l - g.x, 0, g.x - n.r), Math.max(n.t - g.y, 0, g.y - n.b))
  const inside = names.filter(n => groups.some(g => away(n, g) < g.r - 0.3)).map(n => n.said + ' on a group')
  const cut = n => n.l < box.left - 0.3 || n.r > box.right + 0.3 || n.t < box.top - 0.3 || n.b > box.bottom + 0.3
  return {names: names.length, groups: groups.length, numbers: numbers.length,
          found: pairs.concat(inside, words.filter(cut).map(n => n.said + ' cut'))}
}"""

TITLES = """() => {
  const found = [...document.querySelectorAll('.rs-history-courses .rs-chart-axis')]
  const titles = found.map(e => e.getBoundingClientRect())
  return titles.every((a, i) => a.right <= innerWidth && titles.slice(i + 1).every(
    b => a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top))
}"""

MARKS_BELOW = """() => {
  const chart = document.querySelectorAll('.rs-history-courses .rs-chart-box')[1]
  const words = [...chart.querySelectorAll('.rs-chart-note')].map(e => e.getBoundingClientRect())
  const marks = [...chart.querySelectorAll('path')].filter(p => p.style.fill === 'var(--bad)')
  const below = (m, w) => m.getBoundingClientRect().top >= w.bottom - 3
  return words.length && marks.length && words.every(w => marks.every(m => below(m, w)))
}"""
"""Every reorganisation is drawn under the words for strategies; what a line keeps below its letters is theirs."""


def look_at(page: Page, month: int) -> None:
    """Turn to a month, and wait until the map has drawn it."""
    seek = "(e, month) => { e.value = month; e.dispatchEvent(new Event('input')) }"
    page.locator(".rs-player-month input").evaluate(seek, month)
    page.wait_for_function(DRAWN, arg=month)


def present(page: Page, *, on: bool) -> None:
    """Turn presentation mode on or off."""
    if on != bool(page.locator("html[data-presenting]").count()):
        page.get_by_label("presentation mode").click()
    page.wait_for_selector("html[data-presenting]" if on else "html:not([data-presenting])")


@pytest.mark.parametrize("name", MEASURED)
def test_nothing_on_the_map_lies_over_a_name_or_is_cut_off(visit: Visit, name: str) -> None:
    last, page = load_scenario(name).horizon_months, visit(f"?view=history&case={name}", size=SIZES[0])
    page.locator(".rs-player-when").wait_for()
    found = {}
    for month in (2 * last // 3, last):
        look_at(page, month)
        for size in SIZES:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            for presenting in (False, True) if size in ROOMS else (False,):
                present(page, on=presenting)
                page.wait_for_function(AT_REST)
                page.wait_for_function(FITTED)
                told = page.evaluate(FAULTS)
                assert told["names"] == told["groups"] > 0
                found[month, size, presenting] = told["found"]
            present(page, on=False)
    assert {where: faults for where, faults in found.items() if faults} == {}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("presenting", [False, True])
def test_the_titles_of_charts_stand_apart_and_strategies_over_reorganisations(
    visit: Visit,
    size: tuple[int, int],
    presenting: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    page = visit("?view=history&case=sexual_health_manchester", size=size)
    page.locator(".rs-chart-axis:text-matches('9 in 10|nine in ten')").wait_for()
    present(page, on=presenting)
    look_at(page, 96)
    page.wait_for_function(AT_REST)
    page.wait_for_function(TITLES)
    page.wait_for_function(MARKS_BELOW)


def test_at_the_end_a_history_is_played_again(visit: Visit) -> None:
    page = visit("?view=history&case=classroom")
    page.locator(".rs-player-when").wait_for()
    look_at(page, 36)
    page.get_by_role("button", name="Play again from the first day").click()
    page.wait_for_function("Number(document.querySelector('.rs-player-month input').value) < 36")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()


@pytest.mark.parametrize("playing", [False, True])
def test_a_history_is_found_at_the_month_at_which_it_was_left(visit: Visit, playing: bool) -> None:  # noqa: FBT001  a parameter of the test
    page = visit("?view=history&case=classroom")
    when = page.locator(".rs-player-when")
    when.wait_for()
    look_at(page, 7)
    if playing:
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function("Number(document.querySelector('.rs-player-month input').value) > 9")
    page.locator(".rs-tab:has-text('Take away')").click()
    when.wait_for(state="detached")
    page.locator(".rs-tab:has-text('One history')").click()
    when.wait_for()
    month = int(page.locator(".rs-player-month input").input_value())
    assert month > 9 if playing else month == 7
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.get_by_role("button", name="Another history").click()
    page.wait_for_selector(".rs-player-when:has-text('The first day')")
