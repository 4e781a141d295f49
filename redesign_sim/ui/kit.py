"""The files that the page needs in the browser, taken once from a package, so that it works with no network at all.

Solara's own front end is fetched from afar at run time. Here it is taken from the package index, with pip as it is set
up on the machine, by `redesign-sim ui --prepare` or the first `redesign-sim ui`, and kept among the user's data.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from platformdirs import user_data_path

PACKAGE = "solara-assets==1.58.2 --hash=sha256:2191e72d9bd6b0f1290ba07686fb04b61b7b19c47e670b7e9f8cfd0390c1511f\n"
"""What carries the files (239 MB, of which 4 are needed), and the hash of its archive."""
FRONT = "@widgetti/solara-vuetify-app@10.1.1/dist"
NEEDED = (
    "requirejs@2.3.6/require.js",
    f"{FRONT}/main8.css",
    f"{FRONT}/fonts.css",
    f"{FRONT}/solara-vuetify-app8.min.js",
)
"""Without any of these the page stays blank."""
WANTED = re.compile(
    "|".join(
        [*map(re.escape, NEEDED), re.escape(FRONT) + r"/\w+\.woff2", re.escape(FRONT) + r"/.*8\.min\.js\.LICENSE\.txt"]
    )
)
"""These are taken: what is needed, the fonts, and the licences."""


class NoKit(RuntimeError):  # noqa: N818  named for what is the matter
    """The files could not be had; says why."""


def place() -> Path:
    """Where the kit is kept: the folder that `REDESIGN_SIM_KIT` names, or one among the user's data."""
    stated = os.environ.get("REDESIGN_SIM_KIT")
    return Path(stated) if stated else user_data_path("redesign-sim", appauthor=False) / "kit"


def missing(folder: Path) -> list[str]:
    """What the page needs and a folder does not hold."""
    return [name for name in NEEDED if not (folder / name).is_file()]


def fetch(folder: Path) -> None:
    """Fill a folder, with pip as it is set up here. Raises NoKit, and leaves nothing half-done, where that fails."""
    with TemporaryDirectory() as work:
        archive = _download(Path(work))
        taken = _take(archive, Path(work) / "kit")
        if missing(taken):
            raise NoKit(f"{archive.name} does not hold {', '.join(missing(taken))}")
        for source in sorted(each for each in taken.rglob("*") if each.is_file()):
            target = folder / source.relative_to(taken)
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, source.read_bytes())


def _write(target: Path, content: bytes) -> None:
    """A file that is there whole or not at all."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(target)


def _download(work: Path) -> Path:
    """The archive, its hash checked by pip, which shows how far it is where somebody sits before a terminal."""
    wanted = work / "kit.txt"
    wanted.write_text(PACKAGE)
    seen = sys.stderr.isatty()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary=:all:", "--require-hashes"]
    command += ["--retries=2", "--disable-pip-version-check", *([] if seen else ["--quiet"])]
    done = subprocess.run(  # noqa: S603  our own words
        [*command, "--dest", str(work), "--requirement", str(wanted)],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr if seen else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    archive = next(work.glob("*.tar.gz"), None)
    if archive is None:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise NoKit(f"pip could not get {PACKAGE.split(maxsplit=1)[0]}: {said[-1]}")
    return archive


def _take(archive: Path, folder: Path) -> Path:
    """The files of the kit out of the archive; names decide, and nothing else of it is unpacked."""
    with tarfile.open(archive) as packed:
        for member in packed:
            name = str(PurePosixPath(*PurePosixPath(member.name).parts[2:]))
            file = packed.extractfile(member) if member.isfile() and WANTED.fullmatch(name) else None
            if file:
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read())
    return folder
