"""`python -m redesign_sim.reports`: write the generated pages of `docs/`, or check that they are fresh."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from redesign_sim.reports.tables import COMMAND, pages

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS = Path(__file__).resolve().parents[2] / "docs"
"""Where the pages stand in a checkout."""


def write(folder: Path) -> None:
    """Write every generated page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def stale(folder: Path) -> list[str]:
    """The pages that are missing, or say something else than the code does now."""
    return [name for name, text in pages().items() if not _says(folder / name, text)]


def _says(file: Path, text: str) -> bool:
    """Whether a file says this; how its lines end is the platform's business."""
    return file.is_file() and file.read_bytes().replace(b"\r\n", b"\n") == text.encode()


def complaint(names: Sequence[str]) -> str:
    """What is stale, and what refreshes it, in one sentence."""
    *others, last = [f"docs/{name}" for name in names]
    what = f"{', '.join(others)} and {last} are" if others else f"{last} is"
    return f"{what} stale; `{COMMAND}` refreshes what is generated."


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with `--check` say which are stale; 0 where all is well, 1 where something is stale."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="The generated pages of docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    parser.add_argument("--folder", type=Path, default=DOCS, help="where the pages stand [default: docs/]")
    given = parser.parse_args(arguments)
    if not given.check:
        write(given.folder)
        return 0
    if names := stale(given.folder):
        sys.stderr.write(complaint(names) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
