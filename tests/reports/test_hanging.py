"""What verdicts hang on is named where verdicts are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from redesign_sim.evidence import reference
from redesign_sim.reports import controls
from redesign_sim.reports.evidence_page import evidence_html
from redesign_sim.reports.verdicts import evidence_page, readme_table

if TYPE_CHECKING:
    import pytest


def held(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    """A table of claims under rivals: rival, test, whether it hangs, the verdict before and after."""
    names = ["accessory", "what", "hangs", "ordinary", "under_rival"]
    return pd.DataFrame(rows, columns=names).assign(case="neutral", estimate=0.1, low=0.0, high=0.2)


def keeps(monkeypatch: pytest.MonkeyPatch, *rows: tuple[str, str, str, str, str]) -> None:
    monkeypatch.setattr(controls, "kept", lambda _: held(*rows))


def test_the_claims_that_hang_are_named_with_what_they_hang_on(monkeypatch: pytest.MonkeyPatch) -> None:
    keeps(
        monkeypatch,
        ("two_months", "C14.1", "yes", "holds", "undetectable"),
        ("two_months", "C2.1", "yes", "holds", "undetectable"),
        ("fixed_order", "C14.1", "yes", "holds", "reversed"),
        ("fixed_order", "C3.1", "cannot be told", "holds", "undetectable"),
    )
    assert controls.hanging_words("here") == (
        "Some verdicts hang on [what had to be settled somehow](here) and the study says nothing of: a test of C2 and "
        "C14 where a step of time has another length, and of C14 where turns, lists or ties are in another order, "
        "comes to another verdict in at least one case."
    )
    said = controls.PARTS["claims_said"]()
    assert "Of 4 comparisons 0 come to the same verdict, 3 hang on the assumption, and of 1 it cannot be told" in said
    assert "1 of those that hang goes from *holds* to *reversed*" in said


def test_a_claim_is_named_with_its_tests_and_with_its_own_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    keeps(
        monkeypatch,
        ("two_months", "C14.1", "yes", "holds", "undetectable"),
        ("two_months", "C14.2", "no", "holds", "holds"),
        ("even_ties", "C14.1", "cannot be told", "holds", "undetectable"),
        ("even_ties", "C14.2", "no", "holds", "holds"),
        ("fixed_order", "C2.1", "yes", "undetectable", "holds"),
        ("fixed_order", "C2.2", "no", "reversed", "reversed"),
    )
    first, second = controls.PARTS["claims_named"]().splitlines()
    assert first.startswith("- **C2**: C2.1 under `fixed_order` in neutral (undetectable, then holds: +0.100")
    assert first.endswith("The claim itself keeps its verdict.")
    assert second.endswith("*The claim itself*: holds, then partly under `two_months` in neutral.")


def test_where_nothing_hangs_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    keeps(monkeypatch, ("two_months", "C14.1", "no", "holds", "holds"))
    assert controls.hanging_words("x").startswith("No verdict hangs on")
    assert controls.PARTS["claims_named"]() == "No claim is among them."


def test_whoever_reads_verdicts_is_led_there() -> None:
    found = reference.read()
    assert controls.hanging_words("controls.md#claims") in evidence_page(found)
    assert controls.hanging_words("docs/controls.md#claims") in readme_table(found)
    assert "what had to be settled somehow and the study says nothing of" in evidence_html(found)
