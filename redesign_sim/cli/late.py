"""Commands that are loaded when they are called: `--help` and completion name them all and import none of them.

What a command needs (the compiler, tables, charts) takes seconds to load; its sentence in the list is read off its
source instead.
"""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAINER = (
    (r"Input should be a valid integer.*", "a whole number is expected"),
    (r"Input should be a valid number.*", "a number is expected"),
    (r"Input should be greater than or equal to (\S+)", r"a number of at least \1 is expected"),
    (r"Input should be less than or equal to (\S+)", r"a number of at most \1 is expected"),
)
"""What the library says of a value, and what is said instead."""
SHIPPED = "redesign-sim scenario list names those that come along; a file of yours is named with its ending."
WHERE = {
    **dict.fromkeys(("scenario", "a", "b", "files"), SHIPPED),
    "file": "redesign-sim scenario new my_case begins one.",
    "folder": "Studies write what comes out into folders below results.",
    "name": "Give one for your case, such as my_case.",
    "study": "redesign-sim sweep leadership_mixes is one that comes along.",
    "word": "Give a number (users.voice), a rule (N2), an outcome (integrated), or a list (parameters).",
}
"""What to give where an argument is missing."""
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class Late(TyperCommand):
    """A command known by its name and place (`module:function` in `redesign_sim.cli`) until it is called."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(name)
        module, _, self._function = place.partition(":")
        self._module = f"{__package__}.{module}"

    def get_short_help_str(self, limit: int = 45) -> str:
        """The command's sentence in a list."""
        self.help = self.help or _sentence(self._module, self._function)
        return super().get_short_help_str(limit)

    def loaded(self) -> Any:  # noqa: ANN401  a command, of click's or of typer's own copy of click
        """The command itself, with its options."""
        alone = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=CONTEXT
        )
        alone.command(self.name)(getattr(import_module(self._module), self._function))
        return typer.main.get_command(alone)


class LateCommands(TyperGroup):
    """Commands of which only the one that is called is loaded."""

    members: Mapping[str, str | type[LateCommands]] = {}
    """The place of each command by its name; or a group under it."""

    def __init__(self, *, name: str | None = None, **settings: Any) -> None:  # noqa: ANN401  typer's settings
        super().__init__(name=name, **settings)
        self.commands = {each: _member(each, place) for each, place in self.members.items()}

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  typer's or click's
        """The options, flags all of them, known to be off where they are not given: of a None Typer asks pydantic."""
        options = super().get_params(ctx)
        for option in options:
            option.default = option.default or False
        return options

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Do what was called; what was typed wrongly is said as plainly as everything else."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(getattr(error, "message", None), str):
                error.message = plainer(error.message, getattr(getattr(error, "param", None), "name", ""))  # type: ignore[attr-defined]
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401
        """The command that was called, loaded, and what was typed after it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.loaded() if isinstance(command, Late) else command, rest


def plainer(message: str, parameter: str | None) -> str:
    """What the command line's library says of a value, as a reader needs it; of what is missing, where to find it."""
    if not message:
        return WHERE.get(parameter or "", "")
    return next((re.sub(pattern, words, message) for pattern, words in PLAINER if re.search(pattern, message)), message)


def _member(name: str, place: str | type[LateCommands]) -> Any:  # noqa: ANN401
    """A command or a group of them, under its name."""
    if isinstance(place, str):
        return Late(name, place)
    return place(name=name, help=inspect.getdoc(place), no_args_is_help=True, rich_markup_mode=None)


def _sentence(module: str, function: str) -> str:
    """The docstring of a function, read off its source."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(module)
    for part in ast.parse(Path(found.origin).read_text(encoding="utf-8")).body:
        if isinstance(part, ast.FunctionDef) and part.name == function:
            return ast.get_docstring(part) or ""
    raise AttributeError(f"{module} has no function {function}")
