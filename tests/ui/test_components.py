"""What holds of every component that the browser runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pytest
import solara

import redesign_sim.ui
import redesign_sim.ui.components
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.numbers import Numbers
from redesign_sim.ui.components.sliders import Move, use_heard

ELSEWHERE = re.compile(r"""\b(?:https?|wss?|ftp):|["'`(=]//|@import""")
"""What begins an address of another machine."""
FILES = sorted(Path(redesign_sim.ui.components.__file__).parent.glob("*.vue"))
PAGE = Path(redesign_sim.ui.__file__).parent
SENT = sorted({*PAGE.glob("*.css"), *PAGE.rglob("*.py")} - {PAGE / "serving.py"})
"""Styles of the page, and the code of its parts; how it is served holds the address of this machine alone."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_in_a_component_is_named_like_what_it_tells_the_page(file: Path) -> None:
    # Solara puts an event `event_key` into the component as `key`, too, in place of a method of that name.
    text, python = file.read_text(encoding="utf-8"), "".join(each.read_text() for each in file.parent.glob("*.py"))
    told = set(re.findall(r"\bevent_(\w+)", text)) | _events(python, file.name)
    own = set(re.findall(r"^\s+(\w+): function", text, re.MULTILINE))
    assert not told & own


def _events(python: str, name: str) -> set[str]:
    """The events of the component that is made of a file."""
    stated = re.search(rf'drawn_by\("{re.escape(name)}"\)\s*def \w+\((.*?)\) -> None', python, re.DOTALL)
    return set(re.findall(r"\bevent_(\w+)", stated[1])) if stated else set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_component_puts_words_into_the_page_as_words(file: Path) -> None:
    assert "v-html" not in file.read_text(encoding="utf-8")
    assert "innerHTML" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", [*FILES, *SENT], ids=lambda file: file.name)
def test_nothing_in_the_page_is_fetched_from_elsewhere(file: Path) -> None:
    assert not ELSEWHERE.findall(file.read_text(encoding="utf-8"))


def test_the_browser_gets_the_numbers_and_solara_does_not_walk_through_them() -> None:
    rows = [["January", "3 %"], ["February", "4 %"]]
    _, page = solara.render_fixed(Numbers(columns=["Month", "Median"], rows=rows), handle_error=False)
    table: Any = page.find().widgets[0]
    assert table.get_state(["rows"])["rows"] == rows
    assert not isinstance(table.rows, list | tuple | dict)


def test_all_that_a_click_changes_is_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clicks: list[Any] = []
    monkeypatch.setattr(solara, "Button", lambda _, *, on_click, **__: clicks.append(on_click))
    one, other = solara.reactive(0), solara.reactive(0)
    seen: list[tuple[int, int]] = []

    def both() -> None:
        one.value = other.value = 1

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        seen.append((one.value, other.value))
        Act("Both", both)
        solara.Text("a view")

    _, page = solara.render(View(), handle_error=False)
    clicks[-1]()
    page.close()
    assert seen == [(0, 0), (1, 1)]


def test_all_that_a_move_changes_is_drawn_at_once() -> None:
    one, other, drawn = solara.reactive(0), solara.reactive(0), []
    hears = []

    def act(to: int) -> None:
        one.value = to
        other.value = to

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def Lever() -> None:  # noqa: N802  a component
        heard, hear = use_heard(act)
        hears.append(hear)
        drawn.append((one.value, other.value, heard))
        solara.Text("a lever")

    solara.render(Lever(), handle_error=False)
    hears[-1](cast("Move", {"to": 3, "turn": 1}))
    assert drawn == [(0, 0, 0), (3, 3, 1)]
