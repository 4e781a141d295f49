"""How factors become points: combinations of levels, samples of the unit cube, and mixes of leadership."""

from typing import Annotated

from pydantic import Field

from redesign_sim.study.designs.combined import Factorial, OneAtATime
from redesign_sim.study.designs.mixtures import (
    BoundedMixes,
    SimplexAxial,
    SimplexCentroid,
    SimplexLattice,
    SpaceFilling,
)
from redesign_sim.study.designs.planned import Planned, Settings
from redesign_sim.study.designs.sampled import LatinHypercube, Morris, Saltelli, Sobol

Design = Annotated[
    Factorial
    | OneAtATime
    | LatinHypercube
    | Sobol
    | Morris
    | Saltelli
    | SimplexLattice
    | SimplexCentroid
    | SimplexAxial
    | BoundedMixes
    | SpaceFilling,
    Field(discriminator="kind"),
]
"""How the factors of a study are combined into points."""

Sample = Annotated[LatinHypercube | Sobol, Field(discriminator="kind")]
"""How uncertainties are drawn where every draw meets every point of the levers."""

__all__ = ["Design", "Planned", "Sample", "Settings"]
