"""The course of a replication is the history's own, bit for bit, and its outcomes are the ensemble's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from redesign_sim.engine import TooManyProposals, run_ensemble
from redesign_sim.engine.courses import Runner
from redesign_sim.scenario import load_scenario, override
from redesign_sim.study.ensembles import simulate
from redesign_sim.world import building
from redesign_sim.world.tables import outcomes_table
from tests.engine.test_ensembles import same

CASE = override(load_scenario("classroom"), {"leadership.time_share": 0.25, "horizon_months": 8})


@pytest.mark.core
def test_a_course_is_that_of_the_history() -> None:
    rows = Runner(CASE, 5).run(range(2, 5))
    for row, replication in zip(rows.by_month, range(2, 5), strict=True):
        monthly = simulate(CASE, 5, replication=replication).monthly
        assert row.tolist() == monthly["integration_index"].tolist()


def test_outcomes_are_those_of_the_ensemble_on_any_number_of_threads() -> None:
    runner = Runner(CASE, 7)
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda first: runner.run(range(first, first + 3)), range(0, 24, 3)))
    whole = run_ensemble(CASE, range(24), 7)
    for number, part in enumerate(parts):
        which = range(3 * number, 3 * number + 3)
        assert same(outcomes_table(part.outcomes, which), whole.iloc[list(which)])


def test_a_run_that_outgrew_its_room_gives_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MOST_SLOTS", 2)
    with pytest.raises(TooManyProposals, match="replication 0"):
        Runner(override(CASE, {"name": "crowded"}), 1).run(range(2))
