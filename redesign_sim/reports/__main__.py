"""`python -m redesign_sim.reports`: write the generated pages of `docs/`, or check that they are fresh.

With `--sweep FOLDER` it puts the picture and the ranking of a finished sweep into the README instead, with
`--evidence FOLDER --because REASON` it makes a full run of the evidence the reference for every verdict.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from redesign_sim.evidence import reference
from redesign_sim.reports.evidence_files import make_reference, readme_with_verdicts
from redesign_sim.reports.excerpt import show_in_readme
from redesign_sim.reports.markdown import COMMAND
from redesign_sim.reports.tables import pages
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKOUT = Path(__file__).resolve().parents[2]
"""Where README and docs stand, if this is a checkout and no installed copy."""


def write(root: Path) -> None:
    """Write every generated page of a checkout, and the README's verdicts."""
    (root / "docs").mkdir(parents=True, exist_ok=True)
    for name, text in generated(root).items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")


def stale(root: Path) -> list[str]:
    """The pages that are missing, or say something else than the code does now."""
    return [name for name, text in generated(root).items() if not _says(root / name, text)]


def generated(root: Path) -> dict[str, str]:
    """What every generated page of a checkout should say, by its place there."""
    texts = {f"docs/{name}": text for name, text in pages().items()}
    if reference.TABLE.is_file():
        readme = root / "README.md"
        texts["README.md"] = readme_with_verdicts(readme.read_text("utf-8"), reference.read())
    return texts


def _says(file: Path, text: str) -> bool:
    """Whether a file says this; how its lines end is the platform's business."""
    return file.is_file() and file.read_bytes().replace(b"\r\n", b"\n") == text.encode()


def complaint(names: Sequence[str]) -> str:
    """What is stale, and what refreshes it, in one sentence."""
    *others, last = names
    what = f"{', '.join(others)} and {last} are" if others else f"{last} is"
    return f"{what} stale; `{COMMAND}` refreshes what is generated."


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with `--check` say which are stale; 0 where all is well, 1 where something is stale."""
    given = _parser().parse_args(arguments)
    root: Path = given.root
    if not (root / "pyproject.toml").is_file():
        return _complain("The pages stand in a checkout of redesign-sim, and this is none; name one with --root.", 2)
    if given.check:
        names = stale(root)
        return _complain(complaint(names), 1) if names else 0
    try:
        if given.sweep:
            show_in_readme(given.sweep, root)
            return 0
        if given.evidence:
            make_reference(given.evidence, given.because, datetime.now(UTC).date().isoformat(), root)
        write(root)
    except StudyError as error:
        return _complain(str(error), 2)
    return 0


def _parser() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="The generated pages of docs/, and the README's sweep.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    what.add_argument("--sweep", type=Path, help="put this results folder's picture and ranking into the README")
    what.add_argument("--evidence", type=Path, help="make this results folder of `evidence` the reference for verdicts")
    parser.add_argument("--because", default="", help="why the reference is made anew")
    parser.add_argument("--root", type=Path, default=CHECKOUT, help="the checkout [default: where this package stands]")
    return parser


def _complain(sentence: str, status: int) -> int:
    """Say what is wrong, and how wrong it is."""
    sys.stderr.write(sentence + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
