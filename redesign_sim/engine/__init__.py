"""The ensemble engine: the rules compiled, replications side by side."""

from __future__ import annotations

from redesign_sim.engine.replications import TooManyProposals, WarmUp, is_cold, run_courses, run_ensemble, warm_up

__all__ = ["TooManyProposals", "WarmUp", "is_cold", "run_courses", "run_ensemble", "warm_up"]
