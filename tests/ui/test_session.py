"""What a session hands out is of what it looks at now."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import solara
from matplotlib.figure import Figure

from redesign_sim.ui import session
from redesign_sim.ui.links import Sight, query_of, sight_of
from redesign_sim.ui.setup import Setup

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """The first case and nothing shown, before and after."""
    session.restore(Sight())
    session.shown.value, session.past.value = {}, ()
    yield
    session.restore(Sight())
    session.shown.value, session.past.value = {}, ()


def show(name: str, *of: session.Runs) -> None:
    session.publish(name, session.Shown(name, "", pd.DataFrame(), Figure, of))


def now(*, any_mix: bool = False) -> session.Runs:
    return session.runs_of(session.setup.value.case(), session.seed.value, any_mix=any_mix)


def test_what_was_shown_of_another_case_other_levers_or_luck_is_not_handed_out() -> None:
    session.choose("classroom")
    show("futures", now())
    assert set(session.in_force()) == {"futures"}
    session.change({"network.strength": 0.5})
    assert not session.in_force()
    session.undo()
    assert set(session.in_force()) == {"futures"}
    session.seed.value = 2
    assert not session.in_force()
    session.seed.value = 1
    session.choose("neutral")
    assert not session.in_force()


def test_undo_goes_back_to_another_case_with_that_case_as_baseline() -> None:
    session.choose("neutral")
    session.change({"network.strength": 0.35})
    session.choose("classroom")
    session.undo()
    assert session.setup.value == Setup("neutral").with_values({"network.strength": 0.35})
    assert session.baseline.value == session.setup.value
    session.pin()
    session.undo()
    assert session.setup.value == Setup("neutral")
    assert session.baseline.value != session.setup.value, "within a case the baseline is what was pinned"


@pytest.mark.parametrize("number", [-1, 10**9, 10**20, 1.5, True, "7", None, [7]])
def test_other_luck_is_tried_only_where_an_address_can_hold_it(number: object) -> None:
    before = session.seed.value
    session.try_luck(number)
    assert session.seed.value == before
    session.try_luck(999_999_999)
    sight, problems = sight_of(query_of(session.sight()))
    session.try_luck(before)
    assert (sight.seed, problems) == (999_999_999, [])


def test_a_key_is_heard_by_the_view_that_is_there_when_it_is_pressed() -> None:
    heard: list[str] = []

    @solara.component  # type: ignore[untyped-decorator]  # solara is not typed
    def View() -> None:  # noqa: N802  a component
        session.use_pressed(heard.append)
        solara.Text("a view")

    session.press("space")
    _, page = solara.render(View(), handle_error=False)
    with closing(page):
        assert heard == []
        session.press("right")
        session.press("right")
        assert heard == ["right", "right"]


def test_a_comparison_with_another_baseline_is_not_handed_out() -> None:
    session.choose("classroom")
    before = now()
    session.change({"network.strength": 0.5})
    show("futures", now(), before)
    assert set(session.in_force()) == {"futures"}
    session.pin()
    assert not session.in_force()


def test_all_mixes_of_a_case_are_handed_out_whichever_it_states() -> None:
    session.choose("classroom")
    show("mixes", now(any_mix=True))
    show("futures", now())
    session.change_mix((0.1, 0.2, 0.3, 0.4))
    assert set(session.in_force()) == {"mixes"}
    session.change({"network.strength": 0.5})
    assert not session.in_force()
