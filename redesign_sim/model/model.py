"""`RedesignModel`: a case on Mesa, stepped a month at a time."""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from redesign_sim.draws import replicate_key
from redesign_sim.model.people import AGENTS
from redesign_sim.model.world import InterpretedWorld
from redesign_sim.month import MONTH
from redesign_sim.roles import Role
from redesign_sim.scenario import Scenario, load_scenario, override
from redesign_sim.world.activation import take_turns
from redesign_sim.world.building import build
from redesign_sim.world.founding import found
from redesign_sim.world.measures import COURSES
from redesign_sim.world.records import KINDS, copy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from redesign_sim.model.people import Person
    from redesign_sim.month import Act, MonthStage

REPORTED = ("ambition", "capability", "purpose", "belief", "backing", "depth_led", "outmanoeuvred")
"""What the data collector notes of each agent every month."""


class RedesignModel(mesa.Model):  # type: ignore[misc]  # Mesa is not typed
    """A case of service redesign, one month a step.

    `scenario` is a `Scenario`, the name of a shipped one, or the path of a file; `seed` (or `rng`) makes its luck,
    the same as replication 0 of `simulate_ensemble` under that seed; any field of the scenario may be set by its
    dotted path, `RedesignModel("classroom", seed=1, **{"network.strength": 0.5})`. `agents` puts one's own classes
    in place of `model.people.AGENTS`, by role. Raises ScenarioError where the scenario or a path is wrong.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "dementia_london",
        *,
        rng: int | np.integer[Any] | None = None,
        replication: int = 0,
        event_slots: int = 100_000,
        agents: Mapping[Role, type[Person]] | None = None,
        # Mesa 3.3's page asks for this name, and Mesa 3.5's `batch_run` empties a `seed` that the signature names.
        **kwargs: Any,  # noqa: ANN401  a seed, and fields of the scenario by dotted path
    ) -> None:
        """Found the case: everyone in their post on the first day, nothing proposed yet."""
        seed = kwargs.pop("seed", None)
        given = seed if seed is not None else rng
        self.luck = int(given) if given is not None else int(np.random.SeedSequence().generate_state(1)[0])
        super().__init__(rng=self.luck)
        self.replication = replication
        case = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        self.case = override(case, kwargs) if kwargs else case
        template = build(self.case, event_slots=event_slots)
        self.labels = template.labels
        classes = {**AGENTS, **(agents or {})}
        people = [classes[Role(int(role))](self) for role in template.state.people["role"]]
        key = replicate_key(self.luck, replication)
        self.world: Any = InterpretedWorld(copy_of(template.state), key, people)
        world: Any = self.world
        found(world)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: _reading(measure.function) for name, measure in COURSES.items()},
            agent_reporters={name: name for name in REPORTED},
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Live through a month: every stage in its order."""
        for _ in self.stages():
            pass
        self.datacollector.collect(self)
        self.running = self.world.scene.month < self.case.horizon_months

    def stages(self) -> Iterator[MonthStage]:
        """Live through a month stage by stage; each is handed out when it has happened."""
        self.world.scene.month += 1
        for stage in MONTH:
            for act in stage.acts:
                self._do(act)
            yield stage

    def _do(self, act: Act) -> None:
        """Everyone concerned does an act, in this month's keyed order."""
        world, rule = self.world, act.rule
        if act.whom == "scene":
            rule(world.scene, world)
        elif act.whom == "strategies":
            for number in range(world.scene.strategies):
                rule(world.strategies[number], world)
        elif act.whom == "people":
            own_act = methodcaller(act.name)
            for person in self._in_turn("people"):
                own_act(person)
        else:
            for thing in self._in_turn(act.whom):
                rule(thing, world)

    def _in_turn(self, whom: str) -> Iterator[Any]:
        """The things of a kind in this month's keyed order."""
        world, kind = self.world, KINDS.index(whom)
        things, order = getattr(world, whom), world.order
        for place in range(take_turns(world, kind, getattr(world.scene, whom))):
            yield things[order[kind, place]]


def _reading(measure: Callable[[Any], float]) -> Callable[[RedesignModel], float]:
    return lambda model: measure(model.world)
