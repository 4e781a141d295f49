"""The command line, `redesign-sim`: its commands, and the one place where errors become a sentence and an exit code."""

import os
import sys

import typer

from redesign_sim.cli import analysing, cases, console, folders, histories, reporting, speed, studies, workshop

INTERNAL, USAGE, INTERRUPTED = 1, 2, 130
TRACEBACK = "REDESIGN_SIM_TRACEBACK"

app = typer.Typer(
    name="redesign-sim",
    help="How clinical leadership, management and national strategy join to redesign health services.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
app.command("run")(histories.run)
app.command("compare")(histories.compare)
app.command("sweep")(studies.sweep)
app.command("resume")(studies.resume)
app.command("status")(folders.status)
app.command("replay")(folders.replay)
app.command("merge")(folders.merge)
app.command("analyse")(analysing.analyse)
app.command("report")(reporting.report)
app.add_typer(cases.app, name="scenario")
app.command("parameters")(cases.parameters)
app.command("ui")(workshop.ui)
app.command("bench")(speed.bench)


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
