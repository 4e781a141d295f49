"""What turns a scenario into rows: the compiled engine, or Mesa, each with and without courses by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from redesign_sim.scenario import Scenario


class Simulator(Protocol):
    """Whatever turns a scenario into a row a replication: the compiled engine, Mesa, or a stand-in in a test."""

    def __call__(self, scenario: Scenario, replications: range, seed: int, /) -> pd.DataFrame:
        """Columns `replication` and every outcome; the same rows whatever else is run beside them."""
        ...


class Follower(Protocol):
    """The same with courses: the simulator's rows, bit for bit, and a row a replication and month."""

    def __call__(
        self, scenario: Scenario, replications: range, seed: int, courses: Sequence[str], /
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows, and a table of `replication`, `month` and the named courses."""
        ...


class Engine(NamedTuple):
    """A way to run a case, without courses and with them."""

    simulate: Simulator
    follow: Follower


def compiled(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """The compiled engine on one thread: the pool puts batches side by side."""
    from redesign_sim.engine import run_ensemble  # noqa: PLC0415  loading the compiler takes a second

    return run_ensemble(scenario, replications, seed, threads=1)


def compiled_by_month(
    scenario: Scenario, replications: range, seed: int, courses: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same, with courses."""
    from redesign_sim.engine import run_courses  # noqa: PLC0415

    return run_courses(scenario, replications, seed, courses, threads=1)


def interpreted(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """Mesa, one run after the other."""
    return interpreted_by_month(scenario, replications, seed, ())[0]


def interpreted_by_month(
    scenario: Scenario, replications: range, seed: int, courses: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same, with courses."""
    from redesign_sim.study.ensembles import interpreted as on_mesa  # noqa: PLC0415  it loads both engines

    return on_mesa(scenario, replications, seed, courses)


ENGINES: dict[str, Engine] = {
    "compiled": Engine(compiled, compiled_by_month),
    "mesa": Engine(interpreted, interpreted_by_month),
}
"""The engines by name; the same rows from either, bit for bit."""
