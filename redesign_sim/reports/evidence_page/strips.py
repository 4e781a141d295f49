"""Two small drawings that stand in a line of text: an effect with its interval, and shares of a space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 150, 16
REACH = 6.0
"""Smallest effects of interest from the middle to either end; what lies beyond is drawn at the end."""


def strip(figures: Sequence[float | None], smallest: float) -> Markup:
    """An effect with its 95 % interval on a line from minus to plus six times the smallest effect of interest.

    What is too small to matter is shaded. Empty where there is no effect.
    """
    estimate, low, high = figures
    if estimate is None:
        return Markup()
    ends = [_place(end, smallest, edge) for end, edge in ((low, -REACH), (high, REACH))]
    band = _place(-smallest, smallest, 0), _place(smallest, smallest, 0)
    return Markup(
        '<svg class="strip" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<rect x="{:.1f}" width="{:.1f}" y="0" height="{}" class="band"/>'
        '<line x1="{}" x2="{}" y1="0" y2="{}" class="zero"/>'
        '<line x1="{:.1f}" x2="{:.1f}" y1="8" y2="8" class="reach"/><circle cx="{:.1f}" cy="8" r="3.2"/></svg>'
    ).format(
        *(WIDTH, HEIGHT, WIDTH, HEIGHT, f"{estimate:.3g}"),
        *(band[0], band[1] - band[0], HEIGHT, WIDTH / 2, WIDTH / 2, HEIGHT),
        *(ends[0], ends[1], _place(estimate, smallest, 0)),
    )


def _place(value: float | None, smallest: float, missing: float) -> float:
    """Where a value lies on the line."""
    units = missing if value is None else max(-REACH, min(REACH, value / smallest))
    return WIDTH / 2 + units / REACH * (WIDTH / 2 - 4)


def bar(each: Mapping[str, Any]) -> Markup:
    """The shares of points at which a test holds, is undetectable, is reversed, as one bar."""
    parts = [(name, 100 * (each[name] or 0.0)) for name in ("holds", "undetectable", "reversed")]
    words = ", ".join(f"{name} {value:.0f} %" for name, value in parts)
    pieces = Markup().join(
        Markup('<i class="{}" style="width:{:.1f}%"></i>').format(name, value) for name, value in parts
    )
    return Markup('<span class="bar" role="img" aria-label="{}">{}</span>').format(words, pieces)
