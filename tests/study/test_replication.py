"""Rules of replication: what they promise over many seeded trials, and that they see only what they asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from redesign_sim.scenario import ScenarioError
from redesign_sim.study.reading import experiment_of
from redesign_sim.study.replication import Fixed, Kn, Ocba, UntilNarrow, spending
from redesign_sim.study.replication.selection import compared, differences, filled, formula, may_be_best, table_of
from redesign_sim.study.results import load_results
from redesign_sim.study.running import run_experiment
from redesign_sim.study.statistics import clopper_pearson, reach_at_any_time, standings

from .conftest import stand_in

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.replication import ReplicationRule

Values = "npt.NDArray[np.float64]"
TRIALS = 1000


def until(**changes: object) -> UntilNarrow:
    said: dict[str, Any] = {"kind": "until_narrow", "outcome": "integrated", "half_width": 0.1, **changes}
    return UntilNarrow.model_validate(said)


def followed(rule: ReplicationRule, runs: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """What is held when the rule is satisfied, given all that could be run (a row a replication, a column a point)."""
    return list(spending.followed(rule, runs, np.arange(len(runs))))


def luck(
    random: np.random.Generator, means: npt.ArrayLike, replications: int, shared: float
) -> npt.NDArray[np.float64]:
    """Normal outcomes with variance 1, of which `shared` comes from the luck that all points share."""
    wanted = np.asarray(means, dtype=float)
    common = random.normal(size=(replications, 1)) * np.sqrt(shared)
    return np.asarray(wanted + common + random.normal(size=(replications, wanted.size)) * np.sqrt(1 - shared))


# --- until the interval is narrow -------------------------------------------------------------------------------------


@pytest.mark.parametrize("interval", ["wilson", "clopper_pearson"])
@pytest.mark.parametrize(("share", "half_width"), [(0.02, 0.03), (0.1, 0.05), (0.5, 0.1)])
def test_an_interval_that_may_stop_early_covers_what_it_says(interval: str, share: float, half_width: float) -> None:
    random = np.random.default_rng(20)
    rule = until(interval=interval, half_width=half_width, most=3000)
    held = followed(rule, (random.random((3000, TRIALS)) < share).astype(float))
    stops = rule.stopped(held)
    covered = np.mean([stop.low <= share <= stop.high for stop in stops])
    assert covered >= (0.94 if interval == "clopper_pearson" else 0.93), covered
    assert all(stop.high - stop.low <= 2 * half_width for stop in stops if stop.by == "rule")
    assert {stop.by for stop in stops} == {"rule"}


def test_a_mean_of_skewed_values_is_covered() -> None:
    random = np.random.default_rng(21)
    rule = until(outcome="integration_index", interval="t", half_width=0.15, most=3000)
    stops = rule.stopped(followed(rule, random.gamma(2.0, 0.5, (3000, TRIALS))))
    assert np.mean([stop.low <= 1 <= stop.high for stop in stops]) >= 0.92
    assert min(stop.runs for stop in stops) >= 30


def test_looks_are_on_a_fixed_schedule_and_the_cap_is_told() -> None:
    rule = until(half_width=0.02, most=100)
    assert rule.looks() == [30, 38, 48, 60, 75, 94, 100]
    held = followed(rule, (np.random.default_rng(1).random((100, 3)) < 0.5).astype(float))
    assert [(stop.runs, stop.by) for stop in rule.stopped(held)] == [(100, "cap")] * 3


def test_runs_that_failed_are_no_trials_and_do_not_stall() -> None:
    values = np.where(np.arange(200) % 3 == 0, np.nan, 1.0)
    held = followed(until(half_width=0.05, most=200), values[:, None])
    stop = until(half_width=0.05, most=200).stopped(held)[0]
    assert (stop.by, stop.estimate) == ("rule", 1.0)
    assert stop.runs == np.isfinite(held[0]).sum()


@pytest.mark.parametrize("rule", [until(half_width=0.05), Ocba(kind="ocba", budget=900), Kn(kind="kn", most=200)])
def test_a_rule_sees_only_what_it_asked_for_and_treats_points_alike(rule: ReplicationRule) -> None:
    random = np.random.default_rng(3)
    runs = luck(random, [0.0, 0.05, 0.3, 0.4, 0.42], 5000, 0.5) * 0.1 + 0.5
    if isinstance(rule, UntilNarrow):
        runs = (runs > 0.5).astype(float)
    held = followed(rule, runs)
    again = followed(rule, np.vstack([runs[: max(map(len, held))], np.full((9, 5), 77.0)]))
    assert [list(values) for values in again] == [list(values) for values in held]
    turned = followed(rule, runs[:, ::-1])
    assert [len(values) for values in turned] == [len(values) for values in held][::-1]


def test_a_fixed_number_is_a_number() -> None:
    held = followed(Fixed(number=7), np.ones((10, 2)))
    assert [(stop.runs, stop.estimate, stop.by) for stop in Fixed(number=7).stopped(held)] == [(7, 1.0, "number")] * 2


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(0, 10, 0.0, 0.3085), (3, 10, 0.0667, 0.6525), (10, 10, 0.6915, 1)]
)
def test_clopper_and_pearson(successes: int, trials: int, low: float, high: float) -> None:
    assert clopper_pearson(successes, trials)[1:] == pytest.approx((low, high), abs=1e-4)


# --- selection --------------------------------------------------------------------------------------------------------

SLIPPAGE = [0.0] * 9 + [0.5]


def test_ocba_finds_the_best_more_often_than_runs_spread_evenly() -> None:
    random = np.random.default_rng(4)
    means = np.linspace(0, 0.9, 20)
    rule = Ocba(kind="ocba", budget=1000)
    right = np.zeros(2)
    for _ in range(200):
        runs = luck(random, means, 900, 0.7)
        right += [compared_best(followed(rule, runs)) == 19, runs[:50].mean(axis=0).argmax() == 19]
    assert right[0] > right[1] + 20, right


def compared_best(held: list[npt.NDArray[np.float64]]) -> int:
    found = compared(held)
    assert found is not None
    return found.best


def test_ocba_spends_its_budget_and_no_more_where_it_cannot_tell() -> None:
    rule = Ocba(kind="ocba", budget=500)
    held = followed(rule, luck(np.random.default_rng(5), [0.0] * 10, 500, 0.3))
    assert sum(map(len, held)) == 500
    assert min(map(len, held)) >= 10


def test_ocba_ends_before_its_budget_where_the_best_is_plain() -> None:
    rule = Ocba(kind="ocba", budget=5000)
    held = followed(rule, luck(np.random.default_rng(6), [0.0, 0.1, 5.0], 5000, 0.3))
    assert sum(map(len, held)) < 200
    assert [stop.by for stop in rule.stopped(held)] == ["excluded", "excluded", "rule"]


def test_ocba_gives_more_to_those_near_the_best() -> None:
    rule = Ocba(kind="ocba", budget=2000)
    held = followed(rule, luck(np.random.default_rng(8), [0.0, 0.5, 0.9, 1.0], 3000, 0.0))
    lengths = [len(values) for values in held]
    assert lengths[0] < lengths[1] < lengths[2]
    assert lengths[3] >= lengths[2] * 0.9


@pytest.mark.parametrize("rule", [Ocba(kind="ocba", budget=900), Kn(kind="kn", indifference=0.5, most=600)])
def test_points_that_never_differ_cost_nothing_and_stay_together(rule: ReplicationRule) -> None:
    runs = luck(np.random.default_rng(9), [0.0, 9.0], 900, 0.5)[:, [1, 0, 1, 1]]
    held = followed(rule, runs)
    assert {len(values) for values in held} == {rule.least}
    assert [stop.by for stop in rule.stopped(held)] == ["rule", "excluded", "rule", "rule"]


def test_a_rare_event_that_has_not_happened_yet_is_looked_for() -> None:
    held = followed(Ocba(kind="ocba", budget=300), np.zeros((300, 3)))
    assert sum(map(len, held)) == 300


@pytest.mark.parametrize("rule", [Ocba(kind="ocba", budget=900), Kn(kind="kn", indifference=0.5, most=600)])
def test_a_point_whose_runs_all_fail_stops_nobody_else(rule: ReplicationRule) -> None:
    runs = luck(np.random.default_rng(13), [0.0, 0.9, 1.0, 9.0], 900, 0.5)
    runs[:, 3] = np.nan
    held = followed(rule, runs)
    stops = rule.stopped(held)
    assert (len(held[3]), stops[3].runs, stops[3].by) == (rule.least, 0, "failed")
    assert min(len(held[1]), len(held[2])) > rule.least
    assert stops[0].by == "excluded"


def test_where_every_run_failed_nothing_more_is_asked_for() -> None:
    for rule in (Ocba(kind="ocba", budget=900), Kn(kind="kn")):
        held = followed(rule, np.full((900, 3), np.nan))
        assert [len(values) for values in held] == [rule.least] * 3
        assert [stop.by for stop in rule.stopped(held)] == ["failed"] * 3


def test_kn_decides_though_a_tenth_of_the_runs_fail() -> None:
    """Of 30 points hardly any replication is sound in all; pairs of points still have most of theirs."""
    random = np.random.default_rng(14)
    runs = luck(random, [0.0] * 29 + [0.6], 2000, 0.5)
    runs[random.random(runs.shape) < 0.1] = np.nan
    held = followed(Kn(kind="kn", indifference=0.5, most=2000), runs)
    assert Kn(kind="kn", indifference=0.5, most=2000).stopped(held)[29].by == "rule"
    assert max(map(len, held)) < 400


def test_differences_are_taken_over_what_both_have() -> None:
    random = np.random.default_rng(15)
    table = random.normal(size=(50, 4))
    table[random.random(table.shape) < 0.2] = np.nan
    expected = [[np.nanmean(table[:, one] - table[:, other]) for other in range(4)] for one in range(4)]
    assert differences(table) == pytest.approx(np.array(expected))
    same = np.repeat(table[:, [0]], 2, axis=1)
    assert (differences(same) == 0).all()


def test_ocba_gives_by_variance_and_gap() -> None:
    """Ratios by hand: v / d squared is 1.25 / 0.25, 2 / 1 and 5 / 4; the best gets as much as the most of them."""
    random = np.random.default_rng(16)
    runs = np.array([2.0, 1.5, 1.0, 0.0]) + random.normal(size=(40_000, 4)) * [1.0, 0.5, 1.0, 2.0]
    found = compared(list(runs.T))
    assert found is not None
    weight = formula(found)
    assert weight / weight[2] == pytest.approx([2.5, 2.5, 1.0, 0.625], rel=0.05)


def test_water_finds_its_level() -> None:
    assert list(filled(np.array([10, 10, 10]), np.array([1.0, 1.0, 1.0]), 6)) == [12, 12, 12]
    assert list(filled(np.array([10, 50, 10]), np.array([1.0, 1.0, 1.0]), 20)) == [20, 50, 20]
    assert list(filled(np.array([0, 0]), np.array([3.0, 1.0]), 8)) == [6, 2]
    assert filled(np.array([3, 1, 4]), np.array([0.2, 0.3, 0.5]), 7).sum() == 15


@pytest.mark.parametrize("shared", [0.0, 0.6])
def test_kn_keeps_the_best_as_often_as_it_says(shared: float) -> None:
    random = np.random.default_rng(10)
    rule = Kn(kind="kn", indifference=0.5, confidence=0.9, first=20, batch=10, most=2000)
    right = 0
    for _ in range(500):
        held = followed(rule, luck(random, SLIPPAGE, 2000, shared))
        right += rule.stopped(held)[9].by == "rule"
    assert right >= 0.9 * 500 - 3 * np.sqrt(500 * 0.09), right


def test_kn_needs_fewer_runs_where_luck_is_shared() -> None:
    rule = Kn(kind="kn", indifference=0.5, first=20, most=2000)
    spent = [
        sum(map(len, followed(rule, luck(np.random.default_rng(seed), SLIPPAGE, 2000, shared))))
        for shared in (0.0, 0.8)
        for seed in range(20)
    ]
    assert sum(spent[20:]) < 0.6 * sum(spent[:20])


def test_kn_tells_who_was_dropped_and_that_the_cap_ended_it() -> None:
    rule = Kn(kind="kn", indifference=0.2, first=20, most=60)
    held = followed(rule, luck(np.random.default_rng(11), [0.0, 5.0, 5.0], 60, 0.0))
    assert [stop.by for stop in rule.stopped(held)] == ["excluded", "cap", "cap"]
    assert [len(values) for values in held][1:] == [60, 60]


# --- what it costs ----------------------------------------------------------------------------------------------------


def test_what_was_spent_stands_against_the_same_for_all() -> None:
    spent = spending.spending([20, 20, 140])
    assert spent == (180, 20, 140, 60.0, 420)
    assert spent.times == pytest.approx(420 / 180)


def test_regret_is_simulated_on_a_study_that_was_run_in_full() -> None:
    values = pd.DataFrame(luck(np.random.default_rng(17), np.linspace(0, 0.9, 20), 400, 0.7))
    found = spending.simulated_regret(values, Ocba(kind="ocba", budget=600), trials=60)
    assert found.rule.regret < 0.7 * found.evenly.regret
    assert found.rule.right > found.evenly.right
    assert min(found.rule.holds_best, found.evenly.holds_best) >= 0.95
    assert found.rule.runs == found.evenly.runs == 600
    assert spending.simulated_regret(values, Ocba(kind="ocba", budget=600), trials=60) == found


def test_a_fixed_number_is_the_same_spread_evenly() -> None:
    values = pd.DataFrame(luck(np.random.default_rng(18), [0.0, 0.5, 0.6], 50, 0.5))
    found = spending.simulated_regret(values, Fixed(number=15), trials=20)
    assert found.rule == found.evenly
    assert found.rule.widest >= found.rule.regret > 0
    assert found.rule.regret_error > 0


def test_a_regret_needs_every_run() -> None:
    with pytest.raises(ValueError, match="a value of every point in every replication"):
        spending.simulated_regret(pd.DataFrame(np.array([[1.0, np.nan]])), Fixed(number=2))


# --- the set that cannot be told from the best ------------------------------------------------------------------------


def test_the_best_stays_in_the_set_though_what_was_seen_decides_who_is_run() -> None:
    random = np.random.default_rng(19)
    rule, kept = Ocba(kind="ocba", budget=400), 0
    for _ in range(300):
        held = followed(rule, luck(random, [0.0] * 9 + [0.05], 400, 0.5))
        found = compared(held)
        assert found is not None
        kept += bool(may_be_best(found)[9])
    assert kept >= 0.95 * 300


def test_the_rule_and_the_summary_know_the_same_set() -> None:
    held = followed(Ocba(kind="ocba", budget=700), luck(np.random.default_rng(22), np.linspace(0, 1, 12), 700, 0.5))
    found = compared(held)
    assert found is not None
    summary = [standing.may_be_best for standing in standings(pd.DataFrame(table_of(held)), adaptive=True)]
    assert summary == may_be_best(found).tolist()


def test_the_best_stays_in_the_set_however_often_one_looks() -> None:
    random = np.random.default_rng(12)
    kept = 0
    for _ in range(300):
        runs = luck(random, [0.0] * 5, 400, 0.3)
        looks = [compared([column[:number] for column in runs.T]) for number in range(10, 400, 10)]
        kept += all(may_be_best(found)[2] for found in looks if found)
    assert kept >= 0.95 * 300 - 3 * np.sqrt(300 * 0.05 * 0.95)


def test_the_bound_at_any_time_is_wider_than_t_and_comes_nearer() -> None:
    reaches = [reach_at_any_time(pairs, 0.05 / 34) for pairs in (2, 20, 100, 1000)]
    assert reaches[0] == np.inf
    assert 3 < reaches[2] < reaches[1] < 7
    assert standings.__doc__


# --- in a study -------------------------------------------------------------------------------------------------------

STUDY = """
name: tiny
question: Which?
scenarios: [locality.yaml]
design: {kind: simplex_lattice, divisions: 2}
seed: 7
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("replications: {kind: ocbaa, budget: 500}\n", 'there is no kind "ocbaa"; there are until_narrow, ocba, kn'),
        ("replications: {kind: ocba, budgt: 500}\n", 'did you mean "budget"?'),
        ("replications: {kind: until_narrow, outcome: integrated, half_width: 0.7}\n", "0.7 says nothing"),
        ("replications: {kind: until_narrow, outcome: integrated, half_width: 0.1, interval: t}\n", "is wilson or"),
        ("replications: {kind: until_narrow, outcome: integration_index, half_width: 0.1}\n", "is t"),
        ("replications: {kind: until_narrow, outcome: integrated, half_width: 0.1, first: 10}\n", "at least 30"),
        ("replications: {kind: kn, first: 100, most: 50}\n", "100 is more than 50, which is the most"),
        ("replications: {kind: kn}\nluck: independent\n", "points have to share their luck; say luck: common"),
        ("replications: {kind: kn, outcome: failure_mode}\n", '"failure_mode" is no outcome'),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(place: Path, text: str, told: str) -> None:
    (place / "s.yaml").write_text(STUDY + text)
    with pytest.raises(ScenarioError, match=r"s\.yaml") as error:
        experiment_of(place / "s.yaml")
    assert told in str(error.value), str(error.value)


def test_a_budget_that_the_first_stage_uses_up_is_refused(place: Path) -> None:
    (place / "s.yaml").write_text(STUDY + "replications: {kind: ocba, budget: 100}\n")
    with pytest.raises(
        ScenarioError, match=r"s\.yaml:7:1 replications: A budget of 100 runs is used up by the first 10 of 10 "
    ):
        experiment_of(place / "s.yaml")


RULES = (
    "{kind: ocba, budget: 600}",
    "{kind: kn, most: 200, indifference: 0.005}",
    "{kind: until_narrow, outcome: integrated, half_width: 0.1, most: 400}",
)


@pytest.mark.parametrize("rule", RULES)
def test_neither_workers_nor_a_stop_change_what_a_rule_asks_for(place: Path, rule: str) -> None:
    (place / "s.yaml").write_text(STUDY + f"replications: {rule}\n")
    whole = run_experiment(place / "s.yaml", place / "whole", simulate=stand_in, workers=1)
    calls = [0]

    def dying(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
        calls[0] += 1
        if calls[0] > 12:
            raise KeyboardInterrupt
        return stand_in(scenario, replications, seed)

    with pytest.raises(KeyboardInterrupt):
        run_experiment(place / "s.yaml", place / "r", simulate=dying, workers=1)
    resumed = run_experiment(place / "s.yaml", place / "r", simulate=stand_in, workers=8)
    assert resumed.runs.equals(whole.runs)
    assert resumed.stopping.equals(whole.stopping)
    assert (place / "r/summary.csv").read_bytes() == (place / "whole/summary.csv").read_bytes()
    assert load_results(place / "r").stopping["runs"].sum() == len(whole.runs)
    assert len(whole.summary) == 10


def test_a_study_that_is_not_done_has_no_stopping_table(place: Path) -> None:
    (place / "s.yaml").write_text(STUDY + "replications: {kind: ocba, budget: 600}\n")
    run_experiment(place / "s.yaml", place / "r", simulate=stand_in, workers=1)
    next((place / "r/runs").glob("part-*.parquet")).unlink()
    assert load_results(place / "r").stopping.empty


def test_a_rule_is_checked_by_itself() -> None:
    with pytest.raises(ValidationError):
        Ocba.model_validate({"kind": "ocba", "budget": 10})
