"""Running what claims ask for: once each, stored whole, resumed, under common luck."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from redesign_sim.engine.replications import TooManyProposals
from redesign_sim.evidence.claims import AS_IT_IS, Condition, Expectation, contrast, interaction, level
from redesign_sim.evidence.readings import compiled
from redesign_sim.evidence.running import Asked, Setting, Shelf, blocks_of, run_all, sheets_of
from redesign_sim.evidence.verdicts import judge
from redesign_sim.scenario import load_scenario
from redesign_sim.study.ensembles import simulate_ensemble
from redesign_sim.study.errors import StudyError

from .conftest import stand_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from redesign_sim.scenario import Scenario

ALL = Condition("conceding all", {"leadership.concession": 1.0})
NONE = Condition("conceding nothing", {"leadership.concession": 0.0})
ALL_AGAIN = Condition("all conceded", {"leadership.concession": 1.0})
BOTH, ONE, OTHER, NEITHER = (
    Condition(name, {"persuasion.strength": float(p), "planning.capacity": float(q)})
    for name, p, q in (("both", 1, 1), ("one", 1, 0), ("other", 0, 1), ("neither", 0, 0))
)
CONCEDING = Expectation("T.1", "conceding helps", contrast(ALL, NONE, "integration_gain"))
SHARED = Expectation("T.2", "the same run, another reading", level(ALL_AGAIN, "own_say"), "open")
TANDEM = Expectation("T.3", "in tandem", interaction(BOTH, ONE, OTHER, NEITHER, "integration_gain"))


def asked(runs: int = 40, **changes: object) -> Asked:
    return Asked(Setting("classroom", changes=changes), (CONCEDING, SHARED, TANDEM), runs)


def test_a_scenario_that_two_claims_ask_for_is_run_once(classroom: Scenario) -> None:
    blocks = blocks_of(asked(), classroom)
    worlds = [world.name for block in blocks for world in block.worlds]
    assert len(worlds) == len(set(worlds)) == 6
    wanted = {world.wanted for block in blocks for world in block.worlds}
    assert ("integration_gain", "own_say") in wanted


def test_known_effects_come_back(tmp_path: Path, classroom: Scenario) -> None:
    shelf = Shelf(tmp_path / "evidence")
    shelf.open()
    run_all(shelf, blocks_of(asked(), classroom), stand_in, workers=2)
    sheets = sheets_of(asked(), shelf, classroom)
    conceding, tandem = judge(CONCEDING, sheets), judge(TANDEM, sheets)
    assert (conceding.word, round(conceding.estimate, 6)) == ("holds", 0.1)
    assert (tandem.word, round(tandem.estimate, 6)) == ("holds", 0.2)
    assert list(sheets["both"]["replication"]) == list(range(40))


def test_a_setting_lies_under_every_condition(classroom: Scenario) -> None:
    setting = Setting("classroom", changes={"behaviour.pace": 0.5, "leadership.concession": 0.5})
    assert setting.changes_under(classroom, ALL) == {"behaviour.pace": 0.5, "leadership.concession": 1.0}
    assert setting.changes_under(classroom, AS_IT_IS) == setting.changes


def test_other_changes_other_luck_and_other_cases_are_other_blocks(classroom: Scenario) -> None:
    one = blocks_of(asked(), classroom)[0].name
    pace = Asked(Setting("classroom", changes={"behaviour.pace": 0.5}), asked().expectations, 40)
    luck = Asked(Setting("classroom", seed=1), asked().expectations, 40)
    assert one != blocks_of(pace, classroom)[0].name
    assert one != blocks_of(luck, classroom)[0].name
    assert one != blocks_of(asked(41), classroom)[0].name
    assert one != blocks_of(asked(), load_scenario("neutral"))[0].name
    assert one == blocks_of(asked(), classroom)[0].name


class StoppedError(RuntimeError):
    pass


def test_what_is_done_stays_done(tmp_path: Path, classroom: Scenario) -> None:
    many = [Condition(f"{n}", {"leadership.concession": n / 40}) for n in range(30)]
    wide = Asked(Setting("classroom"), tuple(Expectation(c.name, "", level(c, "own_say")) for c in many), 200)
    shelf, blocks, ran = Shelf(tmp_path / "evidence"), blocks_of(wide, classroom), []
    shelf.open()

    def stopping(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
        ran.append(scenario.leadership.concession)
        if len(ran) == 15:
            raise StoppedError
        return stand_in(scenario, replications, seed, wanted)

    with pytest.raises(StoppedError):
        run_all(shelf, blocks, stopping, workers=1)
    kept = sum(shelf.has(block) for block in blocks)
    assert 0 < kept < len(blocks)
    heard: list[tuple[int, int]] = []
    again: list[float] = []

    def counting(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
        again.append(scenario.leadership.concession)
        return stand_in(scenario, replications, seed, wanted)

    Shelf(tmp_path / "evidence").open()
    run_all(shelf, blocks, counting, workers=1, tell=lambda done, runs: heard.append((done, runs)))
    assert len(again) == 30 - kept * 6
    assert heard[0] == (kept * 1200, 6000)
    assert heard[-1] == (6000, 6000)


def test_a_folder_of_other_rules_or_of_something_else_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "evidence")
    shelf.open()
    manifest = tmp_path / "evidence" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"rules": "others"}))
    with pytest.raises(StudyError, match="filled by other rules"):
        shelf.open()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(StudyError, match="something else"):
        Shelf(tmp_path / "mine").open()


def test_a_run_that_outgrew_its_room_loses_only_its_own_numbers(tmp_path: Path, classroom: Scenario) -> None:
    def crowded(scenario: Scenario, replications: range, seed: int, wanted: Sequence[str]) -> pd.DataFrame:
        if 3 in replications:
            raise TooManyProposals("no room")
        return stand_in(scenario, replications, seed, wanted)

    shelf = Shelf(tmp_path / "evidence")
    shelf.open()
    run_all(shelf, blocks_of(asked(10), classroom), crowded, workers=1)
    assert judge(CONCEDING, sheets_of(asked(10), shelf, classroom)).runs == 9


def test_readings_of_the_last_day_leave_the_outcomes_as_they_are(classroom: Scenario) -> None:
    wanted = ("integration_gain", "lead_ties_gap", "starts_soon", "activity_seen", "not_started")
    frame = compiled(classroom, range(3, 9), 5, wanted)
    plain = simulate_ensemble(classroom, 6, 5, first_replication=3, threads=1)
    assert list(frame["integration_gain"]) == list(plain["integration_gain"])
    assert list(frame["replication"]) == list(range(3, 9))
    assert list(frame["not_started"]) == [float(mode == "not_started") for mode in plain["failure_mode"]]
    assert frame["starts_soon"].notna().all()
