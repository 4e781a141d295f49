"""Many futures of a case for the page: shared by all sessions because nothing in them is anyone's, a few at a time."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Event, Lock, Semaphore, Thread
from typing import TYPE_CHECKING, cast

import pandas as pd
import solara

from redesign_sim.scenario import scenario_digest
from redesign_sim.study.ensembles import simulate_ensemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.scenario import Scenario

FUTURES = 1_000
FIRST, THEN = 100, 300
"""The first futures are shown at once, the rest in parts of this size, between which a part may be given up."""
KEPT = 60
"""Cases whose futures are kept, for levers that move back and forth."""

_kept: OrderedDict[tuple[str, int], pd.DataFrame] = OrderedDict()
_lock = Lock()
_turn = Semaphore(1)
"""One part at a time uses all cores, so that twenty sessions each wait a little and none waits long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known so far: futures of `case`, a row each; `stale` while they are those of another case."""

    futures: pd.DataFrame | None = None
    stale: bool = True
    whole: bool = False
    problem: str = ""


def parts(case: Scenario, seed: int, number: int = FUTURES) -> Iterator[pd.DataFrame]:
    """Futures of a case, ever more of them until there are so many; kept from one call to the next."""
    key = (scenario_digest(case), seed)
    known = _recall(key)
    while known is None or len(known) < number:
        done = 0 if known is None else len(known)
        with _turn:
            more = simulate_ensemble(case, min(THEN if done else FIRST, number - done), seed, first_replication=done)
        known = more if known is None else pd.concat([known, more], ignore_index=True)
        _remember(key, known)
        yield known
    yield known.head(number)


def _recall(key: tuple[str, int]) -> pd.DataFrame | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _remember(key: tuple[str, int], futures: pd.DataFrame) -> None:
    with _lock:
        if key not in _kept or len(_kept[key]) < len(futures):
            _kept[key] = futures
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def use_futures(case: Scenario, seed: int, number: int = FUTURES) -> Answer:
    """A hook: the futures of a case as they come; the last ones stay, marked stale, until the first new ones are there.

    The work stops when the case changes or the view is left.
    """
    answer, set_answer = solara.use_state(Answer())

    def start() -> Callable[[], None]:
        stop = Event()
        set_answer(lambda last: Answer(last.futures))
        Thread(target=_work, args=(case, seed, number, stop, set_answer), daemon=True).start()
        return stop.set

    solara.use_effect(start, [scenario_digest(case), seed, number])
    return cast("Answer", answer)


def _work(case: Scenario, seed: int, number: int, stop: Event, tell: Callable[[Answer], None]) -> None:
    try:
        for futures in parts(case, seed, number):
            if stop.is_set():
                return
            tell(Answer(futures, stale=False, whole=len(futures) >= number))
    except Exception as error:  # noqa: BLE001  the room is told in one sentence, whatever it was
        if not stop.is_set():
            tell(Answer(problem=f"These futures could not be computed: {error}"))
