"""How a study is run, by whom and where; none of it changes a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from redesign_sim.study.engines import ENGINES, Engine
from redesign_sim.study.execution import Crew, cluster, given, processes, threads
from redesign_sim.study.provenance import rules_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from redesign_sim.study.engines import Follower, Simulator
    from redesign_sim.study.rounds import Shard

EngineName = Literal["compiled", "mesa"]


class Progress(NamedTuple):
    """How far a study is, in runs; those that were there before are not counted. A rule may ask for more later."""

    done: int
    total: int
    failed: int


class Work(NamedTuple):
    """How a study is run; none of it changes a result.

    `executor`: anything with the interface of `concurrent.futures.Executor`; `address`: a Dask scheduler; `processes`:
    so many processes; otherwise `workers` threads, or processes for the Mesa engine. `simulate` stands in for the
    engine, and `follow` where courses are asked for. `shard`: only this part of the runs. `mix_rules`: go on in a
    folder that other rules have begun.
    """

    executor: Executor | None = None
    workers: int | None = None
    processes: int | None = None
    address: str | None = None
    engine: EngineName = "compiled"
    simulate: Simulator | None = None
    shard: Shard | None = None
    mix_rules: bool = False
    watch: Callable[[Progress], None] | None = None
    follow: Follower | None = None

    @property
    def runs_on(self) -> Engine:
        """What turns a scenario into runs."""
        usual = ENGINES[self.engine]
        return Engine(self.simulate or usual.simulate, self.follow or usual.follow)

    def crew(self) -> AbstractContextManager[Crew]:
        """Whoever does the work."""
        if self.executor is not None:
            return given(self.executor, self.workers)
        if self.address is not None:
            return cluster(self.address, rules=rules_digest())
        if self.processes or (self.engine == "mesa" and self.simulate is None):
            return processes(self.processes or self.workers)
        return threads(self.workers)
