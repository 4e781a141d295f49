"""The suite on stand-ins that cost nothing: everything is run in its turn, and the numbers keep their form."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from redesign_sim.benchmarks import subject as subjects
from redesign_sim.benchmarks import suite
from redesign_sim.benchmarks.cases import Size
from redesign_sim.benchmarks.page import made_on, markdown, sheets
from redesign_sim.benchmarks.timing import Took, interleaved, middle, noise

from .standins import TINY, Calls

if TYPE_CHECKING:
    from collections.abc import Callable

FORM = {
    "version": 1,
    "machine": {
        "processor": "str",
        "cores": "int",
        "cores_to_use": "int",
        "system": "str",
        "python": "str",
        "numpy": "str",
        "numba": "str",
        "llvmlite": "str",
        "mesa": "str",
        "pandas": "str",
        "load": "float",
    },
    "engines": [
        {
            "case": "str",
            "runs": "int",
            "compiled": {"clock": "float", "own": "float"},
            "mesa": {"clock": "float", "own": "float"},
            "times_faster": {"clock": "float", "own": "float"},
            "noise": {"compiled": "float", "mesa": "float"},
        }
    ],
    "stages": [{"case": "str", "shares": {"founding": "float", "negotiation": "float"}}],
    "growth": [
        {
            "with": "str",
            "by": "str",
            "points": [{"size": "float", "clock": "float", "own": "float"}],
            "exponent": {"estimate": "float", "low": "float", "high": "float"},
            "noise": "float",
        }
    ],
    "threads": {
        "with": "str",
        "by": "str",
        "points": [{"size": "float", "clock": "float", "own": "float"}],
        "exponent": {"estimate": "float", "low": "float", "high": "float"},
        "noise": "float",
    },
    "memory": [{"case": "str", "state": "int", "row": "int", "peak": {"1": "int", "5": "int"}}],
    "starts": [{"what": "str", "noise": "float", "clock": "float", "own": "float"}],
}
"""The form of the numbers. Scripts read it: whoever changes it raises `suite.VERSION`."""


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def found(calls: Calls) -> dict[str, Any]:
    return suite.measure(TINY, calls.subject(), lambda _: None)


def form_of(value: Any) -> Any:  # noqa: ANN401
    """A value's form: names, and what sort of thing stands under each; of a list its first, all being alike."""
    if isinstance(value, dict):
        return {name: form_of(part) for name, part in value.items()}
    if isinstance(value, list):
        assert all(form_of(part) == form_of(value[0]) for part in value)
        return [form_of(value[0])]
    return type(value).__name__


def test_the_form_of_the_numbers_is_the_one_that_scripts_know(found: dict[str, Any]) -> None:
    through_json = json.loads(json.dumps(found, allow_nan=False))
    assert FORM["version"] == suite.VERSION
    assert form_of(through_json) == FORM | {"version": "int"}


def test_both_executions_are_run_in_turn_in_one_process(calls: Calls) -> None:
    suite.measure(TINY, calls.subject(), lambda _: None, ["engines"])
    assert [call[0] for call in calls[-4:]] == ["ensemble", "batch", "ensemble", "batch"]
    assert {call[1] for call in calls} == {"classroom"}


def test_shares_of_stages_sum_to_one(found: dict[str, Any]) -> None:
    assert found["stages"][0]["shares"] == {"founding": 0.25, "negotiation": 0.75}


def test_proposals_are_counted_in_the_runs_and_other_sizes_are_those_asked_for(found: dict[str, Any]) -> None:
    sizes = {each["with"]: [point["size"] for point in each["points"]] for each in found["growth"]}
    assert sizes == {"people": [20, 40], "proposals": [10, 40]}


def test_what_grows_alongside_is_told_after_a_comma(calls: Calls) -> None:
    plan = TINY._replace(grown={suite.ALONGSIDE: (Size(20, 3), Size(40, 6))})
    (grown,) = suite.measure(plan, calls.subject(), lambda _: None, ["growth"])["growth"]
    assert [point["size"] for point in grown["points"]] == [20, 40]
    assert {size.people // size.organisations for size in suite.whole().grown[suite.ALONGSIDE][1:]} == {suite.WARD}


def test_threads_reach_the_engine(calls: Calls) -> None:
    suite.measure(TINY, calls.subject(), lambda _: None, ["threads"])
    assert {call[2] for call in calls[-4:]} == {"1", "2"}


def test_a_cold_start_has_an_empty_cache_of_its_own_and_comes_after_the_warm_ones(calls: Calls) -> None:
    found = suite.measure(TINY, calls.subject(), lambda _: None, ["starts"])
    assert [call[-1] == "REDESIGN_SIM_CACHE" for call in calls] == [False] * 7 + [True]
    assert [row["what"] for row in found["starts"]] == [*suite.STARTS, suite.COLD]


def test_it_says_what_it_is_measuring(calls: Calls) -> None:
    told: list[str] = []
    suite.measure(TINY, calls.subject(), told.append, ["memory", "engines"])
    assert told == ["runs a second: classroom", "memory: classroom"]


def test_the_page_says_every_part_and_the_machine(found: dict[str, Any]) -> None:
    page = markdown(found)
    assert page.startswith(made_on(found))
    assert [line for line in page.splitlines() if line.startswith("### ")] == [
        f"### {sheet.title}" for sheet in sheets(found)
    ]
    assert len(sheets(found)) == 5
    assert "| classroom | 1.50 |" in page
    assert "| negotiation | 75.0 % |" in page
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert all(line.count("|") > 2 for line in rows)


def test_the_noise_that_is_stated_is_the_largest(found: dict[str, Any]) -> None:
    found["engines"][0]["noise"]["mesa"] = 7.77
    assert "by up to 777 %" in made_on(found)


def test_times_in_turn_are_gone_round_and_their_middle_and_noise_are_read_off() -> None:
    order: list[str] = []

    def taking(name: str, clocks: list[float]) -> Callable[[], Took]:
        def work() -> Took:
            order.append(name)
            return Took(clocks.pop(0), 1.0)

        return work

    took = interleaved({"a": taking("a", [1.0, 9.0, 2.0]), "b": taking("b", [4.0, 4.0, 4.0])}, 3)
    assert order == ["a", "b"] * 3
    assert middle(took["a"]) == Took(2.0, 1.0)
    assert (noise(took["a"]), noise(took["b"])) == (4.0, 0.0)


@pytest.mark.slow
def test_the_real_subject_is_measured_in_its_smallest_setting() -> None:
    plan = TINY._replace(grown={"months": (Size(20, 4, months=2), Size(20, 4, months=4))}, starts=1, cold=False)
    found = suite.measure(plan, subjects.REAL, lambda _: None)
    assert set(found["stages"][0]["shares"]) >= {"founding", "negotiation", "accounting"}
    assert sum(found["stages"][0]["shares"].values()) == pytest.approx(1.0)
    assert found["engines"][0]["times_faster"]["own"] > 0.0
    assert found["memory"][0]["peak"]["1"] > found["memory"][0]["state"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system counts what the parent had")
def test_a_peak_is_that_of_its_own_process() -> None:
    ballast = np.ones(100_000_000)
    peak = subjects.peak("classroom", 1)
    assert peak
    assert peak < ballast.nbytes
