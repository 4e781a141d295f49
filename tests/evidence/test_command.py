"""`redesign-sim evidence`, at a depth that takes a moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from redesign_sim.cli import main
from redesign_sim.evidence import programme, reference
from redesign_sim.evidence.programme import Depth

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme, "QUICK", Depth("quick", 4, 2, 2, 2))
    monkeypatch.setattr(reference, "probe", lambda: "as it is")


@pytest.mark.usefixtures("shallow")
def test_one_claim_is_tested_and_everything_is_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "evidence"
    arguments = ["evidence", "--quick", "--claim", "C19", "--out", str(place), "--threads", "1"]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr().out
    assert ended.value.code in {0, None}
    assert "C19" in said
    assert "Of 1 claims" in said
    assert "evidence.html" in said
    told = json.loads((place / "reference.json").read_text())
    assert list(told["claims"]) == ["C19"]
    assert (place / "evidence.html").read_text().count("<h2") > 3


def test_a_claim_that_there_is_not_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evidence", "--claim", "C99", "--out", str(tmp_path)])
    assert ended.value.code == 2
    assert "There is no claim C99" in capsys.readouterr().err
