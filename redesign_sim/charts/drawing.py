"""What all figures share: colours, an empty page, headings, and how a figure becomes a file or a part of a page."""

from __future__ import annotations

import io
import re
from html import escape
from textwrap import fill
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.text import Text

INK, QUIET, FAINT, HIGHLIGHT, ALARM = "#1a1a1a", "#5f6368", "#d9dce0", "#fff3cd", "#b2182b"
TYPE_COLOURS = {
    "high_impact": "#0b3c6f",
    "localised": "#56b4e9",
    "lacking_followers": "#e69f00",
    "passive": "#c9c9c9",
}
"""The four leadership types, from the most to the least that a lead can do; light to dark also in grey."""

WIDE, NARROW = 8.0, 3.65
"""Inches across, of a figure on a desk and on A4, and of one on a telephone; letters are the same size on both."""

LETTERS, SMALL = 9.5, 8.5
"""Points, of labels and of what stands in second place."""

MARGIN = 0.02
"""What a heading leaves free at either side, as a part of the width."""

BESIDE_A_HEADING = 2 * mpl.rcParamsDefault["figure.constrained_layout.h_pad"]
"""Inches that the layout keeps free above and below a title or a caption."""

_SAVING = Lock()
_TEXT = {"svg.fonttype": "none", "svg.hashsalt": "redesign-sim"}
_NAMESPACE = re.compile(r"\{[^}]*\}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_FONT = re.compile(r"font-family: [^;]*;?")
_BESIDE_A_LETTER = re.compile(r" ?([MLCQz]) ?")
_BESIDE_A_SIGN = re.compile(r"([:;]) ")
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")


def save(figure: Figure, place: Path, *, dots: int = 150) -> list[Path]:
    """Write a figure as SVG (text stays text) and PNG beside each other; returns the two paths."""
    svg, png = place.with_suffix(".svg"), place.with_suffix(".png")
    with _SAVING, mpl.rc_context(_TEXT):  # type: ignore[arg-type]
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": "redesign-sim"})
        figure.savefig(png, format="png", dpi=dots, metadata={"Software": "redesign-sim"})
    return [svg, png]


def inline(figure: Figure, name: str, title: str, description: str) -> str:
    """A figure as an SVG element for a page: text in the page's fonts, a title and a description for screen readers.

    `name` is put before every id, so that figures of one page never share one.
    """
    written = io.BytesIO()
    with _SAVING, mpl.rc_context(_TEXT):  # type: ignore[arg-type]
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    root = ET.fromstring(written.getvalue())  # noqa: S314  matplotlib wrote it a moment ago
    kept = _referenced(root)
    body = "".join(_markup(child, name, kept) for child in root if _tag(child) != "metadata")
    view = _shorter(root.attrib["viewBox"])
    return (
        f'<svg viewBox="{view}" width="{view.split()[2]}pt" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'stroke-linejoin="round" stroke-linecap="butt"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{body}</svg>'
    )


def _referenced(root: ET.Element) -> set[str]:
    """The ids that something in a drawing points to."""
    values = [value for each in root.iter() for value in each.attrib.values()]
    return {name for value in values for name in _REFERENCE.findall(value)} | {
        value[1:] for value in values if value.startswith("#")
    }


def _markup(element: ET.Element, name: str, kept: set[str]) -> str:
    """An element of a drawing as compact markup: no namespaces, no ids that nothing points to, two decimals."""
    tag = _tag(element)
    if tag == "style":
        return ""
    inside = escape((element.text or "").strip()) + "".join(_markup(child, name, kept) for child in element)
    attributes = dict(_attributes(element, name, kept))
    if tag == "g" and not attributes:
        return inside
    if not inside and tag in {"g", "defs"}:
        return ""
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


def _attributes(element: ET.Element, name: str, kept: set[str]) -> list[tuple[str, str]]:
    """The attributes that matter, each as short as it can be."""
    found = []
    for key, value in ((_NAMESPACE.sub("", key), value) for key, value in element.attrib.items()):
        if key == "id":
            found += [(key, f"{name}-{value}")] if value in kept else []
            continue
        pointed = f"#{name}-{value[1:]}" if key == "href" else _REFERENCE.sub(rf"url(#{name}-\1)", value)
        # Pages have their own letters, and a turn by nothing is none.
        plain = _shorter(_FONT.sub("", _NO_TURN.sub("", " ".join(pointed.split())))).strip("; ")
        tight = _BESIDE_A_LETTER.sub(r"\1", plain) if key == "d" else _BESIDE_A_SIGN.sub(r"\1", plain)
        found += [(key, tight)] if tight else []
    return found


def _shorter(text: str) -> str:
    """Numbers with two decimals at most: a hundredth of a point is less than anyone can see."""
    return _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), text)


def _tag(element: ET.Element) -> str:
    """An element's name without its namespace."""
    return _NAMESPACE.sub("", element.tag)


def page(width: float, height: float) -> Figure:
    """An empty page with its own canvas."""
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(wspace=0.05)  # type: ignore[union-attr, call-arg]
    return figure


def heading(figure: Figure, title: str, subtitle: str) -> None:
    """What was found in large letters, how it was found in small ones; nothing where a page says it.

    The picture grows by what they take, however long they are, so that what is drawn keeps its room.
    """
    look: dict[str, Any] = {"x": MARGIN, "ha": "left", "parse_math": False}
    if title:
        _make_room(figure, figure.suptitle(title, fontsize=14, fontweight="bold", color=INK, **look))
    if subtitle:
        _make_room(figure, figure.supxlabel(subtitle, fontsize=9, color=QUIET, **look))


def _make_room(figure: Figure, text: Text) -> None:
    """Break a heading into lines that fit between the margins, and make the figure so much taller."""
    words, room, wide = text.get_text(), (1 - 2 * MARGIN) * figure.bbox.width, text.get_window_extent().width
    letters = max(map(len, words.splitlines()))
    if wide > room:
        # Letters differ in width: begin with more than can fit, and take away until every line does.
        letters = min(letters, int(1.5 * letters * room / wide))
    while text.get_window_extent().width > room and letters > 0:
        text.set_text(_broken(words, letters))
        letters -= 1
    text.set_text(_evened(words, text.get_text(), letters))
    figure.set_figheight(figure.get_figheight() + text.get_window_extent().height / figure.dpi + BESIDE_A_HEADING)


def _evened(words: str, broken: str, letters: int) -> str:
    """As many lines, of more even lengths: no word is left alone at the end."""
    for fewer in range(letters, 0, -1):
        narrower = _broken(words, fewer)
        if narrower.count("\n") > broken.count("\n"):
            break
        broken = narrower
    return broken


def _broken(words: str, letters: int) -> str:
    """Words in lines of at most so many letters; a number stays with its per cent."""
    lines = words.replace(" %", "\N{NO-BREAK SPACE}%").splitlines()
    broken = "\n".join(fill(line, letters, break_on_hyphens=False) for line in lines)
    return broken.replace("\N{NO-BREAK SPACE}%", " %")


def inches(figure: Figure, *, left: float, right: float, bottom: float, top: float, between: float = 0.0) -> None:
    """Margins by hand, for figures in which what is written may stand over what is drawn."""
    width, height = figure.get_size_inches()
    figure.set_layout_engine(None)
    figure.subplots_adjust(left / width, bottom / height, 1 - right / width, 1 - top / height, between)


def is_narrow(width: float) -> bool:
    """Whether there is no room for labels beside what they name."""
    return width < (WIDE + NARROW) / 2


def bare(axes: Axes, *keep: str) -> None:
    """Take away every line that says nothing."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
        spine.set_color(FAINT)
    axes.tick_params(length=0, colors=QUIET, labelsize=9)


def per_cent() -> PercentFormatter:
    """Shares as whole per cent."""
    return PercentFormatter(1, decimals=0, symbol=" %")
