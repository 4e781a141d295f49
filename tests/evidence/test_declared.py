"""The twenty claims are declared whole: they resolve on every case, read what there is, and run."""

from __future__ import annotations

import numpy as np
import pytest

from redesign_sim.engine import run_ensemble
from redesign_sim.evidence import readings
from redesign_sim.evidence.claims import CASES, Claim, Expectation
from redesign_sim.evidence.declared import CLAIMS
from redesign_sim.evidence.findings import FINDINGS
from redesign_sim.evidence.paper import DECIDED_AGAIN
from redesign_sim.evidence.readings import OFF_MONTHS, OFF_OUTCOMES, OFF_STATE, compiled, last_days
from redesign_sim.evidence.running import Asked, Setting, Shelf, blocks_of, run_all, sheets_of
from redesign_sim.evidence.verdicts import judge
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.scenario import load_scenario, override
from redesign_sim.study.ensembles import simulate
from redesign_sim.world.measures import MEASURES

EVERY = [expectation for claim in CLAIMS.values() for expectation in claim.expectations]


def test_each_claim_of_the_study_is_tested() -> None:
    assert list(CLAIMS) == list(FINDINGS)
    assert all(claim.primary and claim.ablations and claim.rules for claim in CLAIMS.values())
    assert len({each.id for each in EVERY}) == len(EVERY)
    assert all(each.id.split(".")[0] == claim.id for claim in CLAIMS.values() for each in claim.expectations)


def test_what_is_read_is_there() -> None:
    known = {*MEASURES, *OFF_STATE, *OFF_MONTHS, *OFF_OUTCOMES, DECIDED_AGAIN}
    assert {reading for each in EVERY for reading in each.effect.readings} <= known


def test_what_is_ablated_can_be_switched() -> None:
    for claim in CLAIMS.values():
        for rule, setting in claim.ablations:
            assert getattr(CATALOGUE[rule], setting), f"{claim.id}: {rule} has no {setting}"


@pytest.mark.parametrize("case", CASES)
def test_every_condition_is_a_scenario_of_every_case_it_is_tried_on(case: str) -> None:
    base, seen = load_scenario(case), dict[str, dict[str, object]]()
    for each in EVERY:
        if case in each.cases:
            for condition in each.effect.conditions:
                changes = condition.changes_to(base)
                assert seen.setdefault(condition.name, changes) == changes, f"{condition.name} stands for two things"
    for changes in seen.values():
        override(base, changes)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))
def test_a_claim_runs_from_its_conditions_to_its_verdicts(
    claim: Claim, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = load_scenario("neutral")
    tried: tuple[Expectation, ...] = tuple(each for each in claim.expectations if "neutral" in each.cases)
    asked, shelf = Asked(Setting("neutral"), tried, 4), Shelf(tmp_path_factory.mktemp("shelf") / "evidence")
    shelf.open()
    run_all(shelf, blocks_of(asked, base), compiled)
    sheets = sheets_of(asked, shelf, base)
    for each in tried:
        assert judge(each, sheets).runs == np.isfinite(each.effect.scores(sheets)).sum(), each.id
        assert all(len(sheets[condition.name]) == 4 for condition in each.effect.conditions)


def test_every_deciding_test_is_mapped_over_the_space() -> None:
    assert {each.id for each in EVERY if each.mapped} == {
        each.id for claim in CLAIMS.values() for each in claim.primary
    }


def test_what_happened_is_counted_off_the_events_and_changes_nothing_else() -> None:
    case, wanted = load_scenario("sexual_health_london"), ["redrawn_by_leads", "left_out_by_decision"]
    outcomes, held = last_days(case, range(6), 2013, wanted)
    assert outcomes.equals(run_ensemble(case, range(6), 2013))
    for replication in range(6):
        happened = simulate(case, 2013, engine="compiled", replication=replication).events["event"]
        counted = [int((happened == name).sum()) for name in ("rescoped", "left_out")]
        assert list(held.loc[replication]) == counted
    assert held.to_numpy().sum() > 0
    never = override(case, {"mechanisms.N29": "off"})
    assert not last_days(never, range(6), 2013, wanted)[1]["redrawn_by_leads"].any()


def test_what_there_was_no_room_to_note_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "EVENTS", 5)
    held = last_days(load_scenario("neutral"), range(2), 2013, ["redrawn_by_leads"])[1]
    assert held["redrawn_by_leads"].isna().all()
