"""From a study to its analysis: every design has the tables that fit it, and the sentence that it should have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from redesign_sim.study.analysis.door import Analysis, analyse
from redesign_sim.study.analysis.elsewhere import salib_problem, to_ema
from redesign_sim.study.errors import StudyError
from redesign_sim.study.results import load_results
from redesign_sim.study.running import run_experiment
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.results import Results

    Run = Callable[..., Results]


def answers(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """An outcome that users' voice and high-impact leads raise, more together, and the pace of change does not."""
    mix = scenario.leadership.mix
    high = 0.0 if mix is None else mix.high_impact
    luck = np.array([np.random.default_rng([seed, number]).normal() for number in replications])
    own = np.random.default_rng([round(1e6 * scenario.users.voice), seed]).normal(size=len(replications))
    index = 0.2 + 0.4 * scenario.users.voice * (1 + high) + 0.1 * high + 0.02 * luck + 0.002 * own
    frame = pd.DataFrame(dict.fromkeys(MEASURES, index)).assign(replication=list(replications))
    return frame.assign(integrated=index > 0.45, failure_mode="none")


HEAD = "name: tiny\nquestion: Which?\nscenarios: [locality.yaml]\n"
RANGES = "  users.voice: {low: 0, high: 1}\n  behaviour.pace: sweep\n"
STUDIES = {
    "saltelli": "design: {kind: saltelli, points: 32}\nuncertainties:\n"
    + RANGES
    + "  leadership.mix: {mixture: any}\n",
    "morris": "design: {kind: morris, trajectories: 10}\nuncertainties:\n"
    + RANGES
    + "  leadership.mix: {mixture: any}\n",
    "sobol": "design: {kind: sobol, points: 128}\nuncertainties:\n"
    + RANGES
    + "  commissioning.decision_rule: [unanimity, supermajority, lead_authority]\n",
    "sobol_of_mixes": "design: {kind: sobol, points: 256}\nuncertainties:\n"
    "  leadership.mix: {mixture: any}\n  behaviour.pace: sweep\n",
    "factorial": "design: {kind: factorial}\nlevers: {users.voice: [0.1, 0.9], behaviour.pace: [0.2, 0.4]}\n",
    "one_at_a_time": "design: {kind: one_at_a_time}\nlevers: {users.voice: [0.9], behaviour.pace: [0.2]}\n",
    "mixes": "design: {kind: simplex_lattice, divisions: 2}\nlevers: {users.voice: [0.1, 0.9]}\n",
    "worlds": "design: {kind: factorial}\nlevers: {users.voice: [0.1, 0.9], behaviour.pace: [0.2, 0.4]}\n"
    "uncertainties: {behaviour.trust_gain: sweep}\nsample: {kind: latin_hypercube, points: 16}\n",
    "mixes_in_worlds": "design: {kind: simplex_lattice, divisions: 1}\nuncertainties:\n"
    + RANGES
    + "sample: {kind: sobol, points: 16}\n",
}


@pytest.fixture
def run(place: Path) -> Run:
    def go(text: str, replications: str = "6") -> Results:
        (place / "s.yaml").write_text(f"{HEAD}replications: {replications}\n{text}")
        return run_experiment(place / "s.yaml", place / "r", simulate=answers, workers=1)

    return go


def told(found: Analysis, words: str) -> bool:
    return any(words in sentence for sentence in found.sentences)


def test_saltelli_gives_indices_of_every_factor_the_mix_as_one(run: Run) -> None:
    found = analyse(run(STUDIES["saltelli"]))
    totals = found.tables["sobol"].query("outcome == 'integration_index' and order == 'total'")
    table: Any = totals.set_index("factor")
    assert set(table.index) == {"users.voice", "behaviour.pace", "leadership.mix", "dummy"}
    assert table["estimate"].idxmax() == "users.voice"
    assert abs(table.loc["dummy", "without_luck"]) < 0.02
    assert told(found, "integration_index hangs on users.voice")
    assert told(found, "luck alone would show 0.0")


def test_morris_gives_elementary_effects_of_every_factor_the_mix_as_one(run: Run) -> None:
    found = analyse(run(STUDIES["morris"]))
    table: Any = found.tables["morris"].query("outcome == 'integration_index'").set_index("factor")
    assert set(table.index) == {"users.voice", "behaviour.pace", "leadership.mix", "dummy"}
    assert table.index[0] == "users.voice"
    assert np.isnan(table.loc["leadership.mix", "mu"])
    assert table.loc[["users.voice", "leadership.mix"], "above_luck"].all()
    assert table.loc[["behaviour.pace", "dummy"], "mu_star"].tolist() == [0, 0]
    assert told(found, "moves most with users.voice")
    assert told(found, "2 of 4 factors show no more than luck would")


def test_a_sample_gives_regression_shares_and_boxes(run: Run) -> None:
    found = analyse(run(STUDIES["sobol"]))
    assert set(found.tables) == {"regression", "first_order", "boxes", "boxes_way"}
    names = "commissioning.decision_rule = "
    assert sum(factor.startswith(names) for factor in found.tables["regression"]["factor"].unique()) == 2
    boxes = found.tables["boxes"].query("outcome == 'integrated'")
    assert boxes["factor"].tolist() == ["users.voice"]
    assert boxes["low"].item() == pytest.approx(0.479, abs=0.01)
    assert {"quasi_p", "found_again", "coverage", "density", "mass", "p_shuffled", "of_interest"} <= set(boxes)
    assert told(found, "users.voice alone accounts for 9")


def test_a_box_of_mixes_is_of_shares_as_of_any_numbers(run: Run) -> None:
    boxes = analyse(run(STUDIES["sobol_of_mixes"])).tables["boxes"].query("outcome == 'integration_index' and box == 1")
    assert boxes["factor"].tolist() == ["high_impact"]
    assert 0.3 < boxes["low"].item() < 0.5
    assert (boxes["levels"] == "").all()


def test_a_factorial_gives_effects_interactions_and_what_luck_saved(run: Run) -> None:
    found = analyse(run(STUDIES["factorial"]))
    assert set(found.tables) == {"effects", "effects_logit", "shared_luck"}
    assert set(found.tables["effects_logit"]["outcome"]) == {"integrated"}
    assert found.tables["effects"].query("outcome == 'integrated'")["smallest"].eq(0.05).all()
    assert told(found, "is that of users.voice 0.1 to 0.9: +0.3")
    assert told(found, "the largest interaction on integration_index")


def test_one_at_a_time_gives_effects_from_the_case_as_it_is(run: Run) -> None:
    found = analyse(run(STUDIES["one_at_a_time"]))
    assert set(found.tables["effects"]["kind"]) == {"main effect"}
    assert told(found, "main effect on integration_index is that of users.voice")


def test_mixes_give_a_surface_for_each_setting_and_the_effects_of_the_others(run: Run) -> None:
    found = analyse(run(STUDIES["mixes"]))
    assert set(found.tables["surface_coefficients"]["settings"]) == {"users.voice=0.1", "users.voice=0.9"}
    assert found.tables["effects"]["factor"].unique().tolist() == ["users.voice"]
    assert told(found, "highest at 100 % high-impact")


def test_effects_over_drawn_worlds_are_of_the_levers_and_worlds_count_as_a_sample(run: Run) -> None:
    found = analyse(run(STUDIES["worlds"]))
    effects = found.tables["effects"].query("outcome == 'integration_index' and kind == 'main effect'")
    assert effects["factor"].tolist() == ["users.voice", "behaviour.pace"]
    assert {"robustness", "regression", "first_order"} <= set(found.tables)
    assert found.tables["robustness"]["contexts"].eq(16).all()
    assert told(found, "over 16 contexts users.voice=0.9")


def test_mixes_in_drawn_worlds_give_regret_and_the_conditions(run: Run) -> None:
    found = analyse(run(STUDIES["mixes_in_worlds"]))
    assert {"surface_mixes", "robustness", "boxes", "shared_luck"} <= set(found.tables)
    assert told(found, "falls least behind the best of each, by 0.000 on average")
    assert "users.voice" in set(found.tables["boxes"]["factor"])


def test_an_outcome_that_is_missing_is_said_and_the_others_are_analysed(run: Run) -> None:
    text = STUDIES["factorial"] + "outcomes: [integration_index, months_to_integration]\n"
    results = run(text)
    object.__setattr__(results, "outcomes", _with_a_gap(results.outcomes))
    found = analyse(results)
    assert told(found, "months_to_integration is missing in 1 of 24 runs")
    assert set(found.tables["effects"]["outcome"]) == {"integration_index"}


def _with_a_gap(read: Callable[[Any], pd.DataFrame]) -> Callable[[Any], pd.DataFrame]:
    def gapped(names: Any) -> pd.DataFrame:  # noqa: ANN401  as it is called
        return read(names).assign(
            months_to_integration=lambda runs: runs["months_to_integration"].where(runs.index > 0)
        )

    return gapped


def test_runs_that_failed_are_told_and_left_out(place: Path) -> None:
    def failing(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
        if 2 in replications and scenario.users.voice > 0.5:
            raise ArithmeticError
        return answers(scenario, replications, seed)

    (place / "s.yaml").write_text(f"{HEAD}replications: 6\n" + STUDIES["factorial"])
    found = analyse(run_experiment(place / "s.yaml", place / "r", simulate=failing, workers=1))
    assert found.sentences[-1] == "2 of 24 runs failed and are left out."
    assert "effects" in found.tables


def test_adaptive_replication_is_told(run: Run) -> None:
    found = analyse(run(STUDIES["factorial"], replications="{kind: ocba, budget: 100, first: 10}"))
    assert found.sentences[-1].startswith("What came out has decided how often each point was run")
    assert "effects" in found.tables


def test_analysis_is_the_same_from_the_folder_again(run: Run, place: Path) -> None:
    first = analyse(run(STUDIES["saltelli"]))
    again = analyse(load_results(place / "r"))
    assert first.sentences == again.sentences
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])


# --- for other tools --------------------------------------------------------------------------------------------------


def test_ema_gets_experiments_and_outcomes_in_the_same_order(run: Run) -> None:
    results = run(STUDIES["mixes"])
    experiments, outcomes = to_ema(results, row="point")
    assert len(experiments) == 20 == len(outcomes["integration_index"])
    assert list(experiments)[-3:] == ["scenario", "policy", "model"]
    assert experiments["high_impact"].max() == 1
    runs = results.runs[results.runs["point"] == 7]
    assert outcomes["integration_index"][7] == pytest.approx(runs["integration_index"].mean())
    assert experiments["users.voice"][7] == results.design["users.voice"][7]
    each, values = to_ema(results)
    assert len(each) == 120 == len(values["integrated"])
    assert set(values["integrated"]) <= {0.0, 1.0}
    assert each["scenario"][1] == "locality, future 1"
    assert len(to_ema(results, "locality")[0]) == 120
    with pytest.raises(StudyError, match="has no case elsewhere; it has locality"):
        to_ema(results, "elsewhere")


def test_names_are_categories_for_ema(run: Run) -> None:
    rules = "[unanimity, supermajority]"
    text = f"design: {{kind: factorial}}\nlevers: {{users.voice: [0, 1], commissioning.decision_rule: {rules}}}\n"
    experiments, _ = to_ema(run(text))
    assert experiments["commissioning.decision_rule"].dtype == "category"
    assert pd.api.types.is_numeric_dtype(experiments["users.voice"])


def test_salib_gets_the_problem_of_the_unit_cube(run: Run) -> None:
    results = run(STUDIES["saltelli"])
    problem = salib_problem(results)
    mix = [f"leadership.mix[{place}]" for place in range(3)]
    assert problem["names"] == ["users.voice", "behaviour.pace", *mix, "dummy"]
    assert problem["groups"][2:5] == ["leadership.mix"] * 3
    assert {f"unit:{name}" for name in problem["names"]} <= set(results.design)


def test_salib_gets_the_problem_of_the_draws_and_none_where_nothing_was_drawn(run: Run, place: Path) -> None:
    assert salib_problem(run(STUDIES["worlds"]))["names"] == ["behaviour.trust_gain"]
    (place / "r").rename(place / "other")
    with pytest.raises(StudyError, match="no sample of the unit cube"):
        salib_problem(run(STUDIES["factorial"]))


def test_tables_are_plain_enough_for_json(run: Run) -> None:
    for table in analyse(run(STUDIES["morris"], replications="1")).tables.values():
        json.dumps(table.astype(object).where(table.notna(), None).to_dict("records"), allow_nan=False)
