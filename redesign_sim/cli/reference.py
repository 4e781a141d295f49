"""The command line described by itself, for the documentation site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from redesign_sim.reports.markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands_page(app: typer.Typer, name: str) -> str:
    """Every command with its usage, its arguments and its options, as Markdown."""
    command = typer.main.get_command(app)
    intro = f"What `{name} COMMAND --help` says of each command, in one place."
    context = command.context_class(command, info_name=name)
    return "\n\n".join(["# The commands", intro, *_sections(command, context)]) + "\n"


def _sections(command: Any, context: Any) -> Iterator[str]:  # noqa: ANN401  typer brings its own click
    """A section a command, in the order in which the command line lists them, those of a group after one another."""
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        _, inner, _ = command.resolve_command(context, [name])
        within = inner.context_class(inner, info_name=name, parent=context)
        if not hasattr(inner, "list_commands"):
            yield _section(inner, within)
        yield from _sections(inner, within)


def _section(command: Any, context: Any) -> str:  # noqa: ANN401
    """A command: what it does, how it is typed, and what it takes."""
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    rows = [(f"`{how}`", _escaped(what)) for how, what in filter(None, records)]
    usage = context.get_usage().removeprefix("Usage: ")
    parts = [f"## {context.command_path}", command.help, f"```text\n{usage}\n```", table(("", "What it is"), rows)]
    return "\n\n".join(parts)


def _escaped(text: str) -> str:
    """A text in which Markdown finds nothing to interpret."""
    return "".join(f"\\{sign}" if sign in "*_[]<>`" else sign for sign in text)
