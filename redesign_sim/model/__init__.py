"""The model on Mesa: the rules interpreted, on real agents that one can subclass, step and stop in."""

from __future__ import annotations

from redesign_sim.model.model import RedesignModel
from redesign_sim.model.people import Clinician, Commissioner, Executive, Manager

__all__ = ["Clinician", "Commissioner", "Executive", "Manager", "RedesignModel"]
