"""What a page is made of: sections of prose, facts, figures and tables; how they look is the templates' business."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from markupsafe import Markup

from redesign_sim import charts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from matplotlib.figure import Figure as Drawing

    from redesign_sim.reports.study_page.words import Row

DIGITS = 6
"""Significant digits in a file for download: more than any run can tell apart."""

MOST_SHOWN, MOST_KEPT = 300, 2000
"""Rows of a table that a page shows, and that it holds for download; the results folder holds them all."""


@dataclass(frozen=True)
class Prose:
    """A paragraph; the first of a page is its lead, a note stands back."""

    text: str
    style: str = ""
    kind: ClassVar[str] = "prose"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str]
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True)
class Facts:
    """Names and what they are; `style` numbers sets few of them large and side by side."""

    pairs: Sequence[tuple[str, str]]
    style: str = ""
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Code:
    """Text as it is typed or printed."""

    text: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True)
class Table:
    """A table of words, with its numbers as a file for download; `shut` says what it is while it is folded away."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    file: str
    csv: Markup
    words: frozenset[int] = frozenset({0})
    shut: str = ""
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Figure:
    """A drawing for wide and for narrow pages, what it shows, how to read it, and the tables behind it."""

    name: str
    title: str
    wide: Markup
    narrow: Markup
    reading: str = ""
    tables: Sequence[Table] = ()
    kind: ClassVar[str] = "figure"


class Draw(Protocol):
    """Whatever draws a figure at a width."""

    def __call__(self, *, width: float) -> Drawing:
        """The figure, so many inches wide."""
        ...


Block = Prose | Bullets | Facts | Code | Table | Figure


@dataclass(frozen=True)
class Section:
    """A part of the page under a heading of its own."""

    name: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)


def figure(
    name: str,
    title: str,
    draw: Draw,
    *,
    says: str,
    reading: str = "",
    tables: Sequence[Table] = (),
) -> Figure:
    """A figure drawn at both widths; `says` tells those who cannot see it what it shows."""
    wide, narrow = (
        Markup(charts.inline(draw(width=width), f"{name}-{size}", title, says))  # noqa: S704  it escapes what it is given
        for size, width in (("wide", charts.WIDE), ("narrow", charts.NARROW))
    )
    return Figure(name, title, wide, narrow, reading, tables)


def table(
    file: str,
    frame: pd.DataFrame,
    columns: dict[str, Callable[[Row], str]],
    *,
    caption: str,
    shut: str = "",
    words: Sequence[str] = (),
) -> Table:
    """A frame as a table: each column a function of a row; the whole frame goes into the file.

    `words`: columns that are no numbers, besides the first.
    """
    records = frame.head(MOST_SHOWN).to_dict("records")
    rows = [tuple(tell(record) for tell in columns.values()) for record in records]
    plain = frozenset({0, *(place for place, name in enumerate(columns) if name in words)})
    left_out = f" (the first {MOST_SHOWN} of {len(frame):,} rows)" if len(frame) > MOST_SHOWN else ""
    address = as_address(frame) if len(frame) <= MOST_KEPT else Markup()
    return Table(caption + left_out, tuple(columns), rows, f"{file}.csv", address, plain, shut)


def as_address(frame: pd.DataFrame) -> Markup:
    """A frame as the address of a CSV file that the page itself holds."""
    text = frame.to_csv(index=False, lineterminator="\n", float_format=f"%.{DIGITS}g")
    return Markup("data:text/csv;base64,") + base64.b64encode(text.encode()).decode()  # letters and digits only
