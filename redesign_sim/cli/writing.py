"""`scenario new` and `scenario schema`: a case of one's own to begin with, and help for the editor."""

from pathlib import Path
from typing import Annotated

import typer

from redesign_sim.cli import console
from redesign_sim.scenario import load_scenario, shipped_scenarios
from redesign_sim.scenario.starting import CLASSROOM, SCHEMA, classroom_case, extending_case, place_of, title_for
from redesign_sim.study.editors import as_text, scenario_schema, study_schema

Name = Annotated[
    str, typer.Argument(help="What to call it: my_case, or a file such as work/my_case.yaml.", show_default=False)
]
From = Annotated[str, typer.Option("--from", help="A case to begin from: a shipped one by name, or a file.")]
Study = Annotated[bool, typer.Option("--study", help="The schema of study files, not of scenario files.")]
Out = Annotated[Path | None, typer.Option(help="Write it into this file [default: show it].", show_default=False)]
ENDINGS = {".yaml", ".yml"}


def new(name: Name, base: From = "classroom") -> None:
    """Begin a case of your own: a file that explains itself, ready to be changed and run."""
    place = _place(name)
    text = classroom_case(place.name, title_for(place)) if base == CLASSROOM else _extending(place, base)
    _create(place, text)

    if not (place.parent / SCHEMA).exists():
        _create(place.parent / SCHEMA, as_text(scenario_schema()))
    shown = f'"{place}"' if " " in str(place) else str(place)
    console.say(f"Your case is {place}. Open it in a text editor: each line says what it means.")
    console.say(f"Then: redesign-sim run {shown}, or redesign-sim scenario watch {shown} while you change it.")


def _place(name: str) -> Path:
    """The file that a name asks for. Raises UsageError where it cannot be one, or is there already."""
    place = Path(name) if Path(name).suffix.lower() in ENDINGS else Path(f"{name}.yaml")
    if not place.stem.strip(". ") or place.name in ENDINGS or not name.isprintable():
        raise console.UsageError(f"{name!r} is no name for a file; write something like my_case.")
    if place.exists() or place.is_symlink():
        raise console.UsageError(f"{place} is there already, and nothing is written over; choose another name.")
    if not place.parent.is_dir():
        raise console.UsageError(f"There is no folder {place.parent}; make it first, or leave it out of the name.")
    return place


def _extending(place: Path, base: str) -> str:
    """The text of a case that extends another."""
    case = load_scenario(base)
    known = base in shipped_scenarios() and not Path(base).is_file()
    return extending_case(place.name, title_for(place), base if known else place_of(Path(base), place.parent), case)


def _create(place: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with place.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise console.UsageError(f"{place} is there already, and nothing is written over.") from None


def schema(study: Study = False, out: Out = None) -> None:
    """Show the JSON schema from which editors complete and explain scenario files (or, with --study, study files)."""
    text = as_text(study_schema() if study else scenario_schema())
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8", newline="\n")
    console.say(
        f"The schema is {out}. A file points at it in its first line: # yaml-language-server: $schema={out.name}"
    )
