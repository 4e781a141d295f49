"""The tables that are kept of controls and accessory assumptions say what the model does now."""

from __future__ import annotations

import numba
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from redesign_sim.evidence.accessories import ACCESSORIES, WATCHED, counts_months
from redesign_sim.evidence.claims import CASES
from redesign_sim.evidence.controls import CONTROLS
from redesign_sim.evidence.grounds import (
    COMMAND,
    claim_rows,
    control_rows,
    deciding_tests,
    kept,
    main,
    outcome_rows,
    rounded,
)

compiled_only = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="hundreds of runs, too slow interpreted")
STALE = f"what was kept is no longer what the model does; `{COMMAND}` tries everything anew (an hour of one core)"


def same(now: pd.DataFrame, before: pd.DataFrame) -> None:
    try:
        assert_frame_equal(now, before.reset_index(drop=True), check_dtype=False, atol=1e-9)
    except AssertionError as error:
        raise AssertionError(f"{STALE}\n{error}") from None


@compiled_only
@pytest.mark.parametrize(("name", "case"), [("traits_swapped", "neutral"), ("no_time", "dementia_manchester")])
def test_a_control_comes_out_as_kept(name: str, case: str) -> None:
    held = kept("controls")
    same(control_rows(CONTROLS[name], case), held[(held["control"] == name) & (held["case"] == case)])


@compiled_only
def test_an_accessory_assumption_comes_out_as_kept() -> None:
    held = kept("accessories")
    held = held[(held["accessory"] == "reverse_order") & (held["case"] == "neutral")]
    same(outcome_rows(ACCESSORIES["reverse_order"], "neutral").fillna(""), held.fillna(""))


def test_everything_declared_was_tried() -> None:
    tests = {each.id for control in CONTROLS.values() for each in control.expectations}
    assert {*kept("controls")["test"]} == tests
    assert {*kept("controls")["case"]} == {*CASES} == {*kept("accessories")["case"]}
    assert {*kept("accessories")["accessory"]} == {*ACCESSORIES}
    assert {*kept("accessories")["what"]} == {*WATCHED}


@compiled_only
def test_claims_under_a_rival_come_out_as_kept() -> None:
    tests = tuple(test for test in deciding_tests("neutral") if test.id.startswith("C13."))
    held = kept("claims")
    held = held[(held["accessory"] == "two_months") & (held["case"] == "neutral")]
    now = claim_rows(ACCESSORIES["two_months"], "neutral", tests)
    same(now, held[held["what"].isin([test.id for test in tests])])


def test_every_deciding_test_was_tried_under_every_rival_that_it_can_be() -> None:
    tried = {(str(a), str(c)): set(rows["what"]) for (a, c), rows in kept("claims").groupby(["accessory", "case"])}
    assert tried == {
        (name, case): {each.id for each in deciding_tests(case) if not (rival.other_steps and counts_months(each))}
        for name, rival in ACCESSORIES.items()
        for case in CASES
    }


def test_no_minus_nothing_is_kept() -> None:
    table = rounded(pd.DataFrame({"word": ["holds"], "estimate": [-0.00001]}))
    assert str(table.loc[0, "estimate"]) == "0.0"


def test_a_table_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["control"]) == 2
    assert capsys.readouterr().err == "There is no table control; there are controls, accessories, claims.\n"
