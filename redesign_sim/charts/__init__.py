"""Figures from tidy tables, for the command line, the page and the reports alike.

Colours keep apart for colour-blind readers and in grey print; nothing rests on colour alone. Figures are built without
any global state of matplotlib, and the same table gives the same bytes.
"""

from redesign_sim.charts.boxes import boxes
from redesign_sim.charts.drawing import NARROW, TYPE_COLOURS, WIDE, inline, save
from redesign_sim.charts.guesses import guesses
from redesign_sim.charts.histories import Timeline, fan, history
from redesign_sim.charts.intervals import Band, intervals, shares
from redesign_sim.charts.localities import locality
from redesign_sim.charts.ranking import SHOWN, ranked_mixes, ranked_settings, telling_outcome
from redesign_sim.charts.simplex import cell_of, simplex
from redesign_sim.charts.spread import spread
from redesign_sim.charts.stopping import allocation

__all__ = [
    "NARROW",
    "SHOWN",
    "TYPE_COLOURS",
    "WIDE",
    "Band",
    "Timeline",
    "allocation",
    "boxes",
    "cell_of",
    "fan",
    "guesses",
    "history",
    "inline",
    "intervals",
    "locality",
    "ranked_mixes",
    "ranked_settings",
    "save",
    "shares",
    "simplex",
    "spread",
    "telling_outcome",
]
