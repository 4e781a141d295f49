"""The case in words, and its levers."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

import pytest
import solara

from redesign_sim.scenario import shipped_scenarios
from redesign_sim.ui import session
from redesign_sim.ui.links import LONGEST_TEXT
from redesign_sim.ui.setup import MONTH, Setup, mix_values
from redesign_sim.ui.views import case

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def classroom() -> Iterator[None]:
    session.choose("classroom")
    yield
    session.choose()
    session.past.value = ()


@pytest.mark.parametrize(
    ("months", "words"), [(6, "6 months"), (12, "1 year"), (36, "3 years"), (42, "42 months"), (96, "8 years")]
)
def test_a_case_is_followed_for_whole_years_or_so_many_months(months: int, words: str) -> None:
    assert case._length(months) == words  # noqa: SLF001


def test_one_of_a_kind_is_said_as_one() -> None:
    assert [case._one_of(n, "commissioners") for n in (0, 1, 2)] == ["commissioners", "commissioner", "commissioners"]  # noqa: SLF001
    assert case._one_of(1, "managers and executives") == "manager or executive"  # noqa: SLF001


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_a_strategy_can_come_in_any_month_of_the_case_and_in_none_after_it(name: str) -> None:
    there = Setup(name).original()
    lever = MONTH.within(there)
    assert (lever.low, lever.high) == (1, there.horizon_months)
    with pytest.raises(ValueError, match="between its ends"):
        lever.values_at(there.horizon_months + 1)


@pytest.mark.parametrize("given", [None, 7, "text", [], {}, {"text": None}, {"text": "x" * 10**6, "turn": "x"}])
def test_whatever_an_editor_sends_is_a_text_of_bounded_length(given: object, monkeypatch: pytest.MonkeyPatch) -> None:
    hears: list[Any] = []

    def editor(*, event_typed: Any, **_: object) -> Any:  # noqa: ANN401  of Solara
        hears.append(event_typed)
        return solara.Text("an editor")

    monkeypatch.setattr(case, "Editor", editor)
    _, page = solara.render(case.TheFile(session.setup.value), handle_error=False)
    hears[-1](given)
    page.close()
    draft = session.draft.value
    session.draft.value = None
    assert draft is not None
    assert len(draft.text) <= LONGEST_TEXT + 1


@pytest.mark.parametrize("place", [nan, -1, 2, True, "half", None, [0.5], {"to": 1}, 10**400])
def test_a_place_that_is_none_moves_nothing(place: object) -> None:
    before = session.setup.value
    for values in (case.STRENGTH.values_at, mix_values):
        case._move(values, place)  # noqa: SLF001
    assert session.setup.value == before
    case._move(case.STRENGTH.values_at, 0.35)  # noqa: SLF001
    assert session.setup.value.value(case.STRENGTH.path) == 0.35
