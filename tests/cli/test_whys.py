"""Why a run came out as it did: every line rests on the run's tables, and listening to a rule changes nothing."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import redesign_sim
from redesign_sim.chronicle import happenings
from redesign_sim.happenings import Event
from redesign_sim.model import tracing
from redesign_sim.model.tracing import calls_of
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.rules import negotiating
from redesign_sim.scenario import Scenario, load_scenario, override
from redesign_sim.study.ensembles import simulate
from redesign_sim.why import account, find_person, life
from redesign_sim.why.people import portrait

from .conftest import one_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from redesign_sim.world.tables import Run

    Command = Callable[..., tuple[int, str, str]]


@cache
def history(name: str, seed: int) -> tuple[Scenario, Run]:
    case = load_scenario(name)
    return case, simulate(case, seed)


STUDY = """name: tiny
question: What comes of it?
scenarios: [classroom]
levers: {users.voice: [0.1, 0.9]}
design: {kind: factorial}
replications: 2
"""
RUNS = [("classroom", 1), ("classroom", 3), ("classroom", 8)]


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_every_proposal_across_boundaries_is_accounted_for_once(name: str, seed: int) -> None:
    case, run = history(name, seed)
    lines = [cause.text for cause in account(run, case)]
    for row in (
        SimpleNamespace(**{str(name): value for name, value in held.items()})
        for held in run.proposals.to_dict("records")
    ):
        told = [line for line in lines if line.startswith(f"Proposal {row.proposal}, ")]
        assert len(told) == (1 if row.cross_boundary else 0)
        if row.cross_boundary:
            assert f"{100 * row.depth_implemented:.0f} %" in told[0]
            assert (" in place since " in told[0]) == (row.end == "completed")


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_the_account_begins_with_the_outcome_and_sets_causes_in_under_it(name: str, seed: int) -> None:
    case, run = history(name, seed)
    causes = account(run, case)
    assert f"{run.outcomes['integration_index']:.3f}" in causes[0].text
    assert causes[0].depth == 0
    assert all(later.depth <= earlier.depth + 1 for earlier, later in pairwise(causes))
    assert all(cause.depth > 0 for cause in causes[1:])


def test_who_is_not_persuaded_is_named_with_what_it_came_to_for_them() -> None:
    case, run = history("classroom", 1)
    declined = [event for event in happenings(run.events) if event.event == Event.DECLINED]
    assert declined
    text = " ".join(cause.text for cause in account(run, case))
    assert "Not persuaded, since to them it costs more than it brings" in text
    assert any(f"({event.amount:+.2f})" in text for event in declined)


def test_a_run_in_which_nothing_is_ever_begun_is_explained_too() -> None:
    case = override(load_scenario("classroom"), {"leadership.time_share": 0.0, "leadership.role_share": 0.0})
    causes = account(simulate(case, 1), case)
    assert causes
    assert "Integration went from" in causes[0].text


def test_a_run_is_explained_with_what_went_wrong_across_many_owners() -> None:
    case, run = history("dementia_manchester", 1)
    text = "\n".join(cause.text for cause in account(run, case))
    assert "given up in" in text or "refused in" in text or "still" in text


@pytest.mark.parametrize("person", range(12))
def test_a_life_holds_all_that_someone_did_and_nothing_of_others_alone(person: int) -> None:
    case, run = history("classroom", 1)
    lines = [entry.text for entry in life(run, case, person)]
    mine = [event for event in happenings(run.events) if event.who == person and event.event != Event.VOTED]
    name = str(run.people.loc[person, "name"]).split(", ")[0]
    assert len(lines) >= len(mine)
    assert sum(name.lower() in line.lower() for line in lines) >= len(mine)


@pytest.mark.parametrize(
    ("asked", "number"),
    [("0", 0), ("11", 11), ("GP 1", 1), ("gp 1, hill street practice", 1), ("GP 1 (Hill Street Practice)", 1)],
)
def test_a_person_is_found_by_number_or_name(asked: str, number: int) -> None:
    assert find_person(history("classroom", 1)[1], asked) == number


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("GP", "may be GP 1, Hill Street Practice; or GP 2"),
        ("12", "a number from 0 to 11"),
        ("GP 7", "did you mean 'GP"),
    ],
)
def test_whom_nobody_is_called_is_answered_with_who_there_is(asked: str, says: str) -> None:
    with pytest.raises(LookupError) as caught:
        find_person(history("classroom", 1)[1], asked)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("knows", "elsewhere", "says"),
    [
        (0, 0, "knows nobody on the first day, and has"),
        (1, 0, "knows one person on the first day, and has"),
        (1, 1, "knows one person on the first day, who works elsewhere, and has"),
        (3, 0, "knows 3 people on the first day, none of them elsewhere, and has"),
        (3, 2, "knows 3 people on the first day, 2 of them elsewhere, and has"),
    ],
)
def test_whom_somebody_knows_is_told_as_one_would_say_it(knows: int, elsewhere: int, says: str) -> None:
    _, run = history("classroom", 1)
    met = {"ties_start": knows, "cross_boundary_ties_start": elsewhere}
    assert says in portrait({str(name): value for name, value in run.people.iloc[0].items()} | met)


def test_listening_to_a_rule_changes_nothing_and_hears_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    case, run = history("classroom", 1)
    counted: list[int] = []
    ending: list[float] = []
    model = redesign_sim.RedesignModel

    class Watched(model):  # type: ignore[misc, valid-type]
        def stages(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
            yield from super().stages()
            ending.append(float(self.world.scene.index))

    monkeypatch.setattr(tracing, "RedesignModel", Watched)
    calls = list(calls_of(case, 1, "N2"))
    assert ending[-1] == run.outcomes["integration_index"]
    assert negotiating.estimate is CATALOGUE["N2"].function
    original = negotiating.estimate

    def counting(*given: Any) -> float:  # noqa: ANN401
        counted.append(1)
        return original(*given)

    monkeypatch.setattr(negotiating, "estimate", counting)
    simulate(case, 1)
    assert len(calls) == len(counted) > 50
    first = calls[0]
    read, theirs, own = (float(first.given[name]) for name in ("read", "theirs", "own"))
    assert float(first.returned) == pytest.approx(read * theirs + (1 - read) * own, rel=1e-3)


@pytest.mark.parametrize("rule", CATALOGUE)
def test_every_rule_can_be_listened_to(rule: str) -> None:
    case = override(load_scenario("classroom"), {"horizon_months": 4})
    for call in calls_of(case, 1, rule):
        assert 0 <= call.month <= 4
        assert all(call.given.values())
        assert call.returned


def test_an_act_of_the_month_is_heard_as_well() -> None:
    case = override(load_scenario("classroom"), {"horizon_months": 3})
    assert [call.month for call in calls_of(case, 1, "M1")] == [1, 2, 3]


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """The histories of the model itself, on Mesa."""
    run = history("classroom", 1)[1]
    monkeypatch.setattr(redesign_sim, "simulate", lambda *_, **__: run, raising=False)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--explain"], "It was authorised in"),
        (["--trace", "GP 1"], "GP 1, Hill Street Practice, passive as a leader"),
        (["--trace-rule", "N2", "--calls", "3"], " times; the first 3 are shown (--calls)"),
    ],
)
def test_run_looks_closer(command: Command, real: None, arguments: list[str], says: str, tmp_path: Path) -> None:
    del real
    code, out, err = command("run", "classroom", *arguments)
    assert (code, err) == (0, "")
    assert says in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--trace", "GP"], "may be GP 1"),
        (["--trace", "Zoe"], 'There is nobody called "Zoe" in this case. Give a number from 0 to'),
        (["--trace-rule", "N222"], "did you mean N2"),
        (["--trace-rule", "estimte"], "estimate"),
    ],
)
def test_what_cannot_be_followed_is_refused(command: Command, real: None, arguments: list[str], says: str) -> None:
    del real
    code, _, err = command("run", "classroom", *arguments)
    assert code == 2
    assert says in err


def test_a_run_of_a_study_is_explained(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = tmp_path / "tiny.yaml"
    study.write_text(STUDY)
    command("sweep", str(study), "--out", "results", "--engine", "mesa")
    code, out, err = command("why", "results", "0:1")
    assert (code, err) == (0, "")
    assert "Integration went from 0.100" in " ".join(out.split())
    code, out, _ = command("why", "results", "0:1", "--trace", "0")
    assert "as a leader" in " ".join(out.split())
    assert command("why", "results", "9:9")[0] == 2
    from redesign_sim.study import replaying  # noqa: PLC0415

    monkeypatch.setattr(replaying, "simulate", one_run_with_replication)
    code, _, err = command("why", "results", "0:1")
    assert code == 2
    assert "give another run than the one stored" in " ".join(err.split())


def one_run_with_replication(scenario: Scenario, seed: int, *, engine: str = "mesa", replication: int = 0) -> object:
    del replication
    return one_run(scenario, seed, engine=engine)
