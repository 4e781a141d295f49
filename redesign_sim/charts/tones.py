"""Which colour stands for which share, in pictures that are saved and on the page alike."""

from __future__ import annotations

from math import ceil, floor
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.colors import to_hex, to_rgb

LEAST_SPAN_OF_SHARES = 0.4
"""The colours span at least so much, so that mixes that hardly differ do not look as if they did."""
PALETTE, FIRST_TONE = "viridis", 0.08
"""Told apart with any colour vision; its darkest tones would be lost on a dark page."""


class Ends(NamedTuple):
    """The values at the two ends of the colours."""

    low: float
    high: float

    @classmethod
    def around(cls, low: float, high: float) -> Ends:
        """Round ends for shares that hold all from `low` to `high`, no closer together than the least range."""
        least = round(LEAST_SPAN_OF_SHARES * 10)
        first = min(floor(10 * low + 1e-9), 10 - least)
        last = max(ceil(10 * high - 1e-9), least)
        missing = max(0, least - (last - first))
        first = max(0, first - missing // 2)
        return cls(first / 10, max(last, first + least) / 10)

    def tone(self, value: float) -> float:
        """Where a value lies between the ends, from 0 to 1."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def colour(self, value: float) -> str:
        """The colour of a value."""
        return to_hex(mpl.colormaps[PALETTE](FIRST_TONE + (1 - FIRST_TONE) * self.tone(value)))


def ink_on(colour: str) -> str:
    """White or black, whichever stands out more: by at least 4.5 to 1, as WCAG 2 counts contrast."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]  # noqa: PLR2004  as sRGB is defined
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "#000000"
