"""The command line, `redesign-sim`: its commands, and the one place where errors become a sentence and an exit code."""

import os
import sys
from typing import Annotated

import typer

from redesign_sim import __version__
from redesign_sim.cli import console
from redesign_sim.cli.late import CONTEXT, LateCommands

INTERNAL, USAGE, INTERRUPTED = 1, 2, 130
TRACEBACK = "REDESIGN_SIM_TRACEBACK"


class Scenarios(LateCommands):
    """Scenario files: check, list."""

    members = {  # noqa: RUF012  nothing changes it
        "check": "cases:check",
        "list": "cases:list_",
    }


class Commands(LateCommands):
    """All commands, in the order in which `--help` shows them.

    A new command is one line here: its name, and the module and function of `redesign_sim.cli` that do it. It says
    what it is for in the first sentence of the function's docstring, and what its options are in the function's
    signature; its module is loaded only when it is called.
    """

    members = {  # noqa: RUF012  nothing changes it
        "run": "histories:run",
        "compare": "histories:compare",
        "sweep": "studies:sweep",
        "resume": "studies:resume",
        "status": "folders:status",
        "replay": "folders:replay",
        "merge": "folders:merge",
        "analyse": "analysing:analyse",
        "report": "reporting:report",
        "scenario": Scenarios,
        "parameters": "cases:parameters",
        "ui": "workshop:ui",
        "bench": "speed:bench",
    }


app = typer.Typer(
    name="redesign-sim",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=CONTEXT,
)


def _say_version(asked: bool) -> None:
    """Say the version and stop."""
    if asked:
        console.say(f"redesign-sim {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_say_version)
]


@app.callback()
def about(version: Version = False) -> None:
    """How clinical leadership, management and national strategy join to redesign health services."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; whatever a user got wrong is one clear message on stderr and exit code 2."""
    console.speak_plainly(sys.stdout, sys.stderr)
    console.stop_when_told()
    try:
        app(args=arguments, prog_name="redesign-sim")
    except KeyboardInterrupt:
        console.complain("Stopped.")
        sys.exit(INTERRUPTED)
    except Exception as error:  # what nobody foresaw is a sentence too, and a traceback for those who ask
        if TRACEBACK in os.environ:
            raise
        console.complain(console.message(error))
        sys.exit(USAGE if console.is_users(error) else INTERNAL)
