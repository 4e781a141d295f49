"""Futures for a view: hooks that ask the shared pool, and hand over what is there as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

import solara
from reacton.core import get_render_context
from solara.server.kernel_context import PageStatus, get_current_context, has_current_context

from redesign_sim.engine.courses import Courses
from redesign_sim.ui.computing import POOL, Desk, Order, order, waiting
from redesign_sim.world.measures import MEASURES
from redesign_sim.world.tables import outcomes_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.tables import Readings

FUTURES = 1_000
FIRST = 100
"""The first futures are shown as soon as they are there, the rest all together."""

A_MOMENT = 0.005
"""Seconds after which is looked whether a picture has been drawn."""

PLACES = {name: place for place, name in enumerate(MEASURES)}


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Futures of a case under a seed, a row each in the order of replications, and their course by month."""

    order: Order
    rows: Courses

    @property
    def case(self) -> Scenario:
        """The case that they are futures of."""
        return self.order.case

    @property
    def runs(self) -> int:
        """How many futures there are."""
        return len(self.rows.outcomes)

    @property
    def index(self) -> Readings:
        """How joined up care is: a row a future, a column a month from month 0 on."""
        return self.rows.by_month

    def outcome(self, name: str) -> Readings:
        """One outcome of every future."""
        return self.rows.outcomes[:, PLACES[name]]

    def first(self, runs: int) -> Ensemble:
        """The first so many of them."""
        return self if runs == self.runs else Ensemble(self.order, Courses(*(part[:runs] for part in self.rows)))

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every outcome, as `simulate_ensemble` gives it."""
        return outcomes_table(self.rows.outcomes, range(self.runs))


class Asked(NamedTuple):
    """An order, and what there is of it: nothing yet, or some futures, or a sentence on what went wrong."""

    order: Order
    ensemble: Ensemble | None
    problem: str = ""

    @property
    def whole(self) -> bool:
        """Whether all that was ordered is there."""
        return self.ensemble is not None and self.ensemble.runs >= self.order.runs


def use_ensembles(orders: Sequence[Order], steps: Sequence[int] = (FIRST,), *, rest: float = 0.0) -> list[Asked]:
    """A hook: what there is of each order. First come the least of `steps` of every one, then the next, then all.

    The work stops when the orders change, the view is left or the page goes; a step that is not full is not shown.
    `rest` seconds pass at least between one picture and the next.
    """
    _, set_news = solara.use_state(0)
    present = solara.use_memo(page_is_there, [])
    drawing = solara.use_memo(lambda: get_render_context().thread_lock.locked, [])
    keys = [(*each.key, each.runs) for each in orders]
    asked = [_asked(each, steps) for each in orders]
    seen = solara.use_ref(_extent(asked))
    seen.current = _extent(asked)

    def look() -> None:
        if _extent([_asked(each, steps) for each in orders]) != seen.current:
            set_news(lambda last: last + 1)

    def ask() -> Callable[[], None]:
        desk, stop = Desk(POOL, present), Event()
        desk.ask(_stages(orders, steps))
        Thread(target=_tell, args=(desk, stop, partial(_rests, stop, drawing, rest), look), daemon=True).start()

        def leave() -> None:
            stop.set()
            desk.close()
            desk.changed.set()

        return leave

    solara.use_effect(ask, [keys, list(steps)])
    return asked


def _extent(asked: Sequence[Asked]) -> list[tuple[str, int, int, str]]:
    """How much there is of what was asked for: less than this need not be drawn again."""
    return [(*each.order.key, each.ensemble.runs if each.ensemble else 0, each.problem) for each in asked]


def _stages(orders: Sequence[Order], steps: Sequence[int]) -> list[Order]:
    """Every order to the first step, then every one to the next, and at last to the end."""
    ends = (*steps, max(each.runs for each in orders))
    return [each._replace(runs=min(end, each.runs)) for end in ends for each in orders]


def _asked(wanted: Order, steps: Sequence[int]) -> Asked:
    """What there is of an order, up to the last step that is full."""
    work = POOL.peek(wanted)
    if work is None or work.problem:
        return Asked(wanted, None, f"These futures could not be computed: {work.problem}" if work else "")
    full = max((step for step in (*steps, wanted.runs) if step <= min(work.ready, wanted.runs)), default=0)
    return Asked(wanted, Ensemble(wanted, work.known(full)) if full else None)


def _tell(desk: Desk, stop: Event, rests: Callable[[], None], look: Callable[[], None]) -> None:
    """Look whether there is more to see whenever there is news."""
    for _ in waiting(desk, stop):
        rests()
        look()


def _rests(stop: Event, drawing: Callable[[], bool], rest: float) -> None:
    """Wait a little, and then until nothing is being drawn: news in the midst of it would have it begin again, and
    whoever waits for the picture would never get it.
    """
    stop.wait(rest)
    while drawing() and not stop.wait(A_MOMENT):
        pass


def page_is_there() -> Callable[[], bool]:
    """Whether a browser still shows the page that asks; without a page (in a test) somebody always looks on."""
    if not has_current_context():
        return lambda: True
    status = get_current_context().page_status
    return lambda: not status or PageStatus.CONNECTED in tuple(status.values())


def parts(case: Scenario, seed: int, number: int = FUTURES) -> Iterator[pd.DataFrame]:
    """Futures of a case, the first ones and then all of them. Raises RuntimeError where they cannot be computed."""
    desk = Desk(POOL)
    wanted = order(case, seed, number)
    desk.ask(_stages([wanted], (FIRST,)))
    try:
        for _ in waiting(desk, Event()):
            asked = _asked(wanted, (FIRST,))
            if asked.problem:
                raise RuntimeError(asked.problem)
            if asked.ensemble:
                yield asked.ensemble.table
            if asked.whole:
                return
    finally:
        desk.close()
