"""What one browser tab holds: each reactive has a value of its own in every session, and sessions share none.

Views read `.value` while they render and are drawn again when it changes; they change it through the functions below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

import solara

from redesign_sim.scenario import scenario_digest
from redesign_sim.ui.links import Sight
from redesign_sim.ui.setup import FIRST_CASE, Setup, mix_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd
    from matplotlib.figure import Figure

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.rooms import Room

LONGEST_PAST, MOST_LUCK = 50, 999_999_999


Runs = tuple[str, int]
"""Which runs: a case's digest, and the seed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows, for those who take it away: what it says, its numbers, and a figure, drawn when asked for.

    `of`: which runs it shows, and after them those of the baseline that it compares them with, if any.
    """

    title: str
    subtitle: str
    table: pd.DataFrame
    figure: Callable[[], Figure]
    of: tuple[Runs, ...]


class Draft(NamedTuple):
    """A case's file as somebody has edited it, and has not used it yet."""

    of: Setup
    text: str


setup: solara.Reactive[Setup] = solara.reactive(Setup())
baseline: solara.Reactive[Setup] = solara.reactive(Setup())
seed: solara.Reactive[int] = solara.reactive(1)
view: solara.Reactive[str] = solara.reactive("case")
presenting: solara.Reactive[bool] = solara.reactive(False)  # noqa: FBT003  the value of a reactive
dark: solara.Reactive[bool] = solara.reactive(False)  # noqa: FBT003
key: solara.Reactive[tuple[str, int]] = solara.reactive(("", 0))
"""What a presenter pressed last (space, left, right, r), and how many keys so far."""
room: solara.Reactive[Room | None] = solara.reactive(cast("Room | None", None))
"""Where this session asks people what they expect, once it has."""
draft: solara.Reactive[Draft | None] = solara.reactive(cast("Draft | None", None))
left: solara.Reactive[tuple[Runs, int] | None] = solara.reactive(cast("tuple[Runs, int] | None", None))
"""Which history was looked at last, and in which month."""
past: solara.Reactive[tuple[Setup, ...]] = solara.reactive(())
shown: solara.Reactive[Mapping[str, Shown]] = solara.reactive({})
"""By view, what was last on screen there."""


def become(new: Setup) -> None:
    """Look at another setup; the one before can be had back by `undo`."""
    if new == setup.value:
        return
    past.value = (*past.value[1 - LONGEST_PAST :], setup.value)
    setup.value = new


def change(values: Mapping[str, float]) -> None:
    """Move levers: values by dotted path. Raises ScenarioError, and nothing moves, where they do not fit."""
    new = setup.value.with_values(values)
    new.case()
    become(new)


def change_mix(shares: Iterable[float]) -> None:
    """Set the four shares of the leadership mix, passive first; they are made to sum to one."""
    change(mix_values(shares))


def reset(paths: Iterable[str] | None = None) -> None:
    """Put some levers, or all, back where the case states them."""
    become(setup.value.without(dict(setup.value.changes) if paths is None else paths))


def undo() -> None:
    """Take the last change back. In another case the baseline is that case, as when it was chosen."""
    if past.value:
        before = past.value[-1]
        if (before.scenario, before.text) != (setup.value.scenario, setup.value.text):
            baseline.value = before
        setup.value = before
        past.value = past.value[:-1]


def pin() -> None:
    """Compare with what is there now, from here on."""
    baseline.value = setup.value


def choose(scenario: str = FIRST_CASE, text: str = "") -> None:
    """Open a case: it is the baseline, too, until another is pinned. Raises ScenarioError where it cannot be run."""
    new = Setup(scenario, text)
    new.case()
    become(new)
    baseline.value = new


def sight() -> Sight:
    """What the address restores."""
    return Sight(setup.value, baseline.value, seed.value, view.value)


def restore(what: Sight) -> None:
    """Look at what an address asks for."""
    setup.value, baseline.value, seed.value, view.value = what


def press(letter: str) -> None:
    """A presenter pressed a key."""
    key.value = (letter, key.value[1] + 1)


def use_pressed(act: Callable[[str], None]) -> None:
    """A hook: a view hears what a presenter presses from now on, and nothing of what was pressed in another view."""
    pressed = key.value
    last = solara.use_ref(pressed)

    def heed() -> None:
        if pressed != last.current:
            last.current = pressed
            act(pressed[0])

    solara.use_effect(heed, [pressed])


def try_luck(number: object) -> None:
    """Look at other luck, where a browser names one that an address can hold, too."""
    if type(number) is int and 0 <= number <= MOST_LUCK:
        seed.value = number


def go(name: str) -> None:
    """Turn to a view."""
    view.value = name


def runs_of(case: Scenario, seed: int, *, any_mix: bool = False) -> Runs:
    """Which runs these are; `any_mix`: those of every mix of leadership in this case, whichever it states."""
    return scenario_digest(case.model_copy(update={"leadership": None}) if any_mix else case), seed


def in_force() -> dict[str, Shown]:
    """By view, what was last on screen there, where it is of the case, levers, luck and baseline that are set now."""
    case = setup.value.case()
    now = {runs_of(case, seed.value), runs_of(case, seed.value, any_mix=True)}
    before = runs_of(baseline.value.case(), seed.value)
    return {name: what for name, what in shown.value.items() if what.of[0] in now and set(what.of[1:]) <= {before}}


def publish(name: str, what: Shown) -> None:
    """Hand what a view shows to those who take it away; call it in an effect, never while rendering."""
    shown.value = {**shown.value, name: what}
