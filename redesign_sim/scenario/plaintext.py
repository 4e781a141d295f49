"""The text of a file that people wrote, on whatever system: UTF-8, or UTF-16 with its byte-order mark.

Everything else is refused where it goes wrong, with what to do about it.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from redesign_sim.scenario.problems import Problem, ScenarioError
from redesign_sim.scenario.yamltext import Place, Source

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000
"""Bytes of one file."""
WITH_A_MARK = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""What a file is encoded in that begins so; the longer marks come first, for one begins with another."""
HOW = "in the editor choose Save As, and UTF-8 as the encoding"


def text_of(path: Path, name: str) -> str:
    """The text of a file of modest size, reported as `name`. Raises ScenarioError, which says what is wrong with it."""
    try:
        raw = _beginning(path)
    except (OSError, ValueError) as error:
        raise _refused(name, _why_unread(path, error)) from None
    if len(raw) > LARGEST:
        raise _refused(name, f"is larger than {LARGEST:,} bytes, which no file written by hand is")
    return _decoded(raw, name)


def is_file(path: Path) -> bool:
    """Whether there is a file, also where the name is one that the system cannot even look for."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _beginning(path: Path) -> bytes:
    """As much of a file as may be read, and one byte more."""
    if not path.is_file() and (path.is_dir() or path.is_symlink() or not path.exists()):
        raise FileNotFoundError
    if not path.is_file():
        raise ValueError
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _why_unread(path: Path, error: OSError | ValueError) -> str:
    """Why a file cannot be had, in words."""
    try:
        if path.is_dir():
            return "is a folder; name a file in it"
        if path.is_symlink():
            return "is a link that leads nowhere"
    except OSError:
        pass
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return f"cannot be read ({getattr(error, 'strerror', None) or 'it is no ordinary file'})"


def _decoded(raw: bytes, name: str) -> str:
    """Bytes as text."""
    mark, encoding = next(((m, e) for m, e in WITH_A_MARK.items() if raw.startswith(m)), (b"", "utf-8"))
    if not mark and raw[:4].count(b"\0") > 1:
        raise _refused(name, f"is not UTF-8 but looks like UTF-16 without its mark; {HOW}")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding not in {"utf-8", "utf-8-sig"}:
            raise _refused(name, f"begins as {encoding.upper()} and then is not; {HOW}") from None
        raise _no_utf8(raw, len(mark) + error.start if mark else error.start, name) from None


def _no_utf8(raw: bytes, start: int, name: str) -> ScenarioError:
    """A byte that is none of UTF-8, and which letter it would be where Western Europe writes without it."""
    before = Source(name, raw[:start].decode("utf-8-sig", "replace"))
    byte = raw[start : start + 1]
    letter = byte.decode("cp1252", "replace")
    meant = f' (in Windows-1252 or Latin-1 it would be "{letter}")' if letter.isalpha() else ""
    words = f"the byte 0x{byte[0]:02x} is not UTF-8{meant}; {HOW}"
    return ScenarioError([Place(before, len(before.text)).problem("", None, words)])


def _refused(name: str, words: str) -> ScenarioError:
    return ScenarioError([Problem("", name, words, file=name)])
