"""The smallest effects that anyone would care about, fixed before any run."""

from redesign_sim.study.statistics import SMALLEST_EFFECT, SMALLEST_SHARE

GAIN = SMALLEST_EFFECT
"""On integration, local improvement, access, trust and other means on a scale from 0 to 1."""

SHARE = SMALLEST_SHARE
"""On shares: of runs, stances, packages, changes, variance."""

RATE = 1.0
"""On starts per hundred person-years: about a tenth of what is usual."""

MONTH = 1.0
"""On the time until something happens, in months."""

PROPOSAL = 1.0
"""On how many proposals a run has."""

IMPOSED = 0.5
"""On redesigns imposed, of which a run has few."""

TIES = 0.5
"""On how many people somebody knows elsewhere."""

LINK = 1.0
"""On how many links are made in a run."""
