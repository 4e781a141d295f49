"""redesign-sim: which mixes of clinical leadership produce integrated services, under what conditions, and how
sure we can be.

An agent-based laboratory after Storey, J. and Holti, R. (2013), "Clinical leadership in action", Health Service
Journal, 5 March 2013. What stands here is the public door; nothing else is public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redesign_sim.model import RedesignModel
    from redesign_sim.scenario import Scenario, ScenarioError, load_scenario, override
    from redesign_sim.study.analysis.door import analyse
    from redesign_sim.study.ensembles import simulate, simulate_ensemble
    from redesign_sim.study.results import load_results
    from redesign_sim.study.running import run_experiment
    from redesign_sim.study.statistics import paired_difference
    from redesign_sim.world.tables import Run

__version__ = "0.1.0"

_DOORS = {
    "RedesignModel": "redesign_sim.model",
    "Run": "redesign_sim.world.tables",
    "Scenario": "redesign_sim.scenario",
    "ScenarioError": "redesign_sim.scenario",
    "analyse": "redesign_sim.study.analysis.door",
    "load_results": "redesign_sim.study.results",
    "load_scenario": "redesign_sim.scenario",
    "override": "redesign_sim.scenario",
    "paired_difference": "redesign_sim.study.statistics",
    "run_experiment": "redesign_sim.study.running",
    "simulate": "redesign_sim.study.ensembles",
    "simulate_ensemble": "redesign_sim.study.ensembles",
}
"""Where each public name lives. Loaded when first asked for: the compiler alone takes a second."""

__all__ = [
    "RedesignModel",
    "Run",
    "Scenario",
    "ScenarioError",
    "analyse",
    "load_results",
    "load_scenario",
    "override",
    "paired_difference",
    "run_experiment",
    "simulate",
    "simulate_ensemble",
]


def __getattr__(name: str) -> object:
    """A public name, loaded now."""
    if name not in _DOORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  only where a name is asked for

    return getattr(import_module(_DOORS[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*__all__, "__version__"])
