"""What one waits for while an entry of the engine is compiled: which function is at work, and how far it is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from numba.core import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FUNCTIONS = 370
"""How many functions a whole run is made of, about; a single stage has fewer and is done sooner than it says."""

READ = 0.6
"""The share of the time in which functions are read one by one; in the rest all of them are optimised together."""


class Progress(NamedTuple):
    """The function that is being compiled (or what is waited for), and the share of the entry that is done."""

    what: str
    share: float


OPTIMISING = "putting it all together"
ELSEWHERE = "another process compiles the rules; waiting for it"

_watchers: list[Callable[[Progress], None]] = []


@contextmanager
def watched(watch: Callable[[Progress], None]) -> Iterator[None]:
    """Tell somebody of everything that is compiled meanwhile in this process; nobody is told where nothing is."""
    _watchers.append(watch)
    try:
        yield
    finally:
        _watchers.remove(watch)


def tell(what: str, share: float) -> None:
    """Tell whoever watches."""
    for watch in tuple(_watchers):
        watch(Progress(what, share))


class _Counting(event.Listener):  # type: ignore[misc]  # numba is not typed
    """Counts the functions of an entry as they are done, and names them; those made on the way have no name to tell."""

    def __init__(self) -> None:
        self.done = 0
        self._named = ""

    def on_start(self, started: event.Event) -> None:
        """A function is read; those that it calls are read within."""
        function = started.data["dispatcher"].py_func
        if "<locals>" not in function.__qualname__:
            self._named = function.__name__.strip("_").replace("_", " ")
        tell(self._named, self._share())

    def on_end(self, _: event.Event) -> None:
        """It is read."""
        self.done += 1

    def _share(self) -> float:
        return READ * min(1.0, self.done / FUNCTIONS)


@contextmanager
def told_of_functions() -> Iterator[None]:
    """Tell whoever watches of every function of the entry that is compiled meanwhile, and of its end."""
    if not _watchers:
        yield
        return
    with event.install_listener("numba:compile", _Counting()):
        yield
    tell("done", 1.0)
