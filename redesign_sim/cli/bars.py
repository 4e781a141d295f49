"""What shows on stderr how far a long thing is."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from redesign_sim.cli.console import columns


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
