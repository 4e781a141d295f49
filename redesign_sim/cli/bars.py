"""What shows on stderr how far a long thing is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from redesign_sim.cli.console import columns, complain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redesign_sim.engine import waiting

QUARTERS = 4
ONCE = "Compiling the rules, once on this machine and for this version; it takes about half a minute ..."


class Rate(ProgressColumn):
    """Runs a second."""

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        return Text(f"{task.speed:,.0f} runs/s" if task.speed else "")


def progress() -> Progress:
    """A bar on stderr with rate and remaining time; nothing but silence where stderr is no terminal."""
    console = Console(file=sys.stderr, width=columns())
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f} %"),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=console,
        disable=not sys.stderr.isatty(),
        transient=True,
    )


@contextmanager
def compiling() -> Iterator[None]:
    """How far compiling is, where anything is compiled meanwhile: a bar, or where there is no terminal some lines."""
    from redesign_sim.engine.waiting import watched  # noqa: PLC0415  loading the compiler takes a second

    watcher = _Bar() if sys.stderr.isatty() else _Lines()
    try:
        with watched(watcher.tell):
            yield
    finally:
        watcher.stop()


class _Bar:
    """A bar that comes when the first function is compiled."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("Compiling the rules"),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.description}", style="dim"),
            console=Console(file=sys.stderr, width=columns()),
            transient=True,
        )

    def tell(self, progress: waiting.Progress) -> None:
        """Show how far it is."""
        if not self._bar.tasks:
            complain(ONCE)
            self._bar.add_task("", total=1.0)
            self._bar.start()
        self._bar.update(self._bar.tasks[0].id, description=progress.what, completed=progress.share)

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()


class _Lines:
    """A line a quarter, and one where another process is waited for."""

    def __init__(self) -> None:
        self._told = -1

    def tell(self, progress: waiting.Progress) -> None:
        """Say how far it is, if that is news."""
        from redesign_sim.engine import waiting  # noqa: PLC0415

        quarter = int(QUARTERS * progress.share)
        if progress.what == waiting.ELSEWHERE:
            complain(f"Compiling: {progress.what} ...")
        elif quarter > self._told:
            complain(f"Compiling: {100 * quarter / QUARTERS:.0f} % ({progress.what})" if quarter else ONCE)
            self._told = quarter

    def stop(self) -> None:
        """Nothing is left to take away."""
