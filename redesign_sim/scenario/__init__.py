"""What a case is: its schema, its files, changes by dotted path, and one walk over every quantity."""

from redesign_sim.scenario.files import find_scenario, load_scenario, parse_scenario, shipped_scenarios
from redesign_sim.scenario.overrides import override, scenario_digest
from redesign_sim.scenario.problems import Problem, ScenarioError
from redesign_sim.scenario.schema import Scenario
from redesign_sim.scenario.walk import Walked, walk_fields, walk_quantities
from redesign_sim.scenario.wording import remarks
from redesign_sim.scenario.writing import dump_yaml

__all__ = [
    "Problem",
    "Scenario",
    "ScenarioError",
    "Walked",
    "dump_yaml",
    "find_scenario",
    "load_scenario",
    "override",
    "parse_scenario",
    "remarks",
    "scenario_digest",
    "shipped_scenarios",
    "walk_fields",
    "walk_quantities",
]
