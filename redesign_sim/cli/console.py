"""What the command line writes: plain tables and sentences that need neither colour nor Unicode, 80 columns wide."""

from __future__ import annotations

import codecs
import io
import json
import shutil
import signal
import sys
import textwrap
import threading
import unicodedata
from typing import TYPE_CHECKING, TextIO, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redesign_sim.scenario import ScenarioError

WIDTH = 80
RULED = "    \n    \n -- \n    \n    \n    \n    \n    \n"
"""A table with one line of hyphens under its head, as `rich.box` has it drawn."""

PLAINER = {
    "\u2013": "-",  # en dash
    "\u2014": "-",  # em dash
    "\u2212": "-",  # minus
    "\u2026": "...",  # ellipsis
    "\u00d7": "x",  # times
    "\u00b1": "+/-",
    "\u2265": ">=",
    "\u2264": "<=",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2192": "->",
}
"""Signs that texts of this package use, and what stands for them where they cannot be written."""


class UsageError(ValueError):
    """Something that was typed cannot be honoured; the message is one clear sentence."""


def is_users(error: Exception) -> bool:
    """Whether an error is about what the user gave, or a place to write to, and not about this program."""
    return isinstance(error, UsageError | OSError) or _is_of_a_scenario(error) or _is_of_a_study(error)


def _is_of_a_scenario(error: Exception) -> TypeGuard[ScenarioError]:
    from redesign_sim.scenario import ScenarioError  # noqa: PLC0415  `--help` would wait for pydantic

    return isinstance(error, ScenarioError)


def _is_of_a_study(error: Exception) -> bool:
    from redesign_sim.study.errors import StudyError  # noqa: PLC0415  `--help` would wait for all that a study needs

    return isinstance(error, StudyError)


def message(error: Exception) -> str:
    """An error as a reader needs it: located problems with their lines, or one sentence."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'A file'} cannot be used: {error.strerror}."
    if _is_of_a_scenario(error):
        return error.rendered(terminal())
    if is_users(error):
        return str(error)
    what = f"{type(error).__name__}: {error}"
    return f"Something inside redesign-sim went wrong ({what}). REDESIGN_SIM_TRACEBACK=1 shows where."


def speak_plainly(*streams: TextIO) -> None:
    """Where a stream cannot hold a sign, let it hold the nearest that it can, and never fail over it."""
    codecs.register_error("plainer", _plainer)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="plainer")


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """The nearest plain signs for those that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAINER.get(sign) or _without_accent(sign) for sign in signs), error.end


def _without_accent(sign: str) -> str:
    """A letter without its accent, or a question mark."""
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


def stop_when_told() -> None:
    """Let SIGTERM, by which a batch system ends a job, stop as Ctrl-C does: what is done is kept."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def terminal() -> int:
    """The width of the terminal, 80 where there is none."""
    return shutil.get_terminal_size((WIDTH, 24)).columns


def columns() -> int:
    """The width to write for: the terminal's, at most what reads well, 80 where there is none."""
    return min(terminal(), 100)


def clear() -> None:
    """Empty the screen, if what is written goes to one that can be emptied."""
    from rich.console import Console  # noqa: PLC0415  `--help` clears nothing

    Console(file=sys.stdout).clear()


def say(text: str = "", *, indent: str = "") -> None:
    """Write a paragraph, wrapped to the width; later lines hang under the first by `indent`."""
    wrapped = textwrap.wrap(text, columns(), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    sys.stdout.write("\n".join(wrapped) + "\n")


def complain(text: str) -> None:
    """Write to stderr, as it is."""
    sys.stderr.write(text.rstrip("\n") + "\n")


def say_json(value: object) -> None:
    """Write JSON for a script; what is missing is null."""
    sys.stdout.write(json.dumps(value, indent=2, allow_nan=False, default=str) + "\n")


def say_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> None:
    """Write a table without colour; columns numbered in `right` are set to the right, the others wrap if they must."""
    from rich.box import Box  # noqa: PLC0415  `--help` draws no table
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    numbers = set(right)
    table = Table(box=Box(RULED, ascii=True), show_edge=False, pad_edge=False, header_style="", padding=(0, 1, 0, 0))
    for place, title in enumerate(head):
        table.add_column(title, justify="right" if place in numbers else "left", no_wrap=place in numbers)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    text = io.StringIO()
    Console(file=text, width=columns(), color_system=None, highlight=False, markup=False, legacy_windows=False).print(
        table
    )
    sys.stdout.write("".join(line.rstrip() + "\n" for line in text.getvalue().splitlines()))


def warm_engine() -> None:
    """Have the rules compiled before anything is counted or timed."""
    from redesign_sim.cli import bars  # noqa: PLC0415  `--help` draws no bar
    from redesign_sim.engine import warm_up  # noqa: PLC0415  loading the compiler takes a second

    with bars.compiling():
        warm_up()
