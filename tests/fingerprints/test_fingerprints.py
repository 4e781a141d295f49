"""Each case comes to what it came to: whoever changes an outcome says why."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numba
import pytest

from redesign_sim.study.ensembles import simulate_ensemble
from tests.fingerprints import prints
from tests.fingerprints.__main__ import main
from tests.fingerprints.prints import cases, fingerprint, known, refresh

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.core

ASK = 'If that is meant: python -m tests.fingerprints --refresh "reason"'


@pytest.mark.parametrize("name", cases())
def test_each_case_comes_to_what_it_came_to(name: str) -> None:
    if name == "system" and numba.config.DISABLE_JIT:
        pytest.skip("a thousand people, too slow interpreted")
    assert name in known(), f"{name} has no fingerprint yet. {ASK}"
    assert fingerprint(name) == known()[name]["sha256"], f"{name} no longer comes to what it came to. {ASK}"


def test_every_hash_has_its_reason_and_its_day() -> None:
    assert set(known()) <= set(cases()), "a case that is no longer there"
    for name, entry in known().items():
        assert set(entry) == {"sha256", "date", "reason"}, name
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", entry["date"])
        assert len(entry["reason"].split()) > 1, f"{name}: a reason is more than a word"
        assert prints.LOG.read_text("utf-8").count(f" {name} ")


@pytest.fixture
def one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prints, "cases", lambda: ["classroom"])


@pytest.mark.usefixtures("one_case")
def test_a_refresh_writes_hash_reason_and_day_and_logs_only_what_changed(tmp_path: Path) -> None:
    file, log = tmp_path / "prints.json", tmp_path / "refreshed.log"
    assert len(refresh("the  first\nrules", file, log)) == 1
    entry = json.loads(file.read_text("utf-8"))["classroom"]
    assert entry == {"sha256": fingerprint("classroom"), "date": entry["date"], "reason": "the first rules"}
    assert refresh("nothing has changed", file, log) == []
    assert known(file)["classroom"] == entry
    assert len(log.read_text("utf-8").splitlines()) == 1


@pytest.mark.usefixtures("one_case")
def test_a_changed_outcome_changes_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, log = tmp_path / "prints.json", tmp_path / "refreshed.log"
    refresh("the first rules", file, log)
    before = fingerprint("classroom")

    def nudged(*arguments: object, **settings: object) -> object:
        frame = simulate_ensemble(*arguments, **settings)  # type: ignore[arg-type]
        frame["shared_purpose"] *= 1.0 + 2.0**-52
        return frame

    monkeypatch.setattr(prints, "simulate_ensemble", nudged)
    assert fingerprint("classroom") != before
    assert refresh("purpose grew by a bit", file, log)[0].endswith(": purpose grew by a bit")
    assert len(log.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_without_a_reason_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reason: str
) -> None:
    with pytest.raises(ValueError, match="say why"):
        refresh(reason, tmp_path / "prints.json", tmp_path / "refreshed.log")
    monkeypatch.setattr(prints, "FILE", tmp_path / "prints.json")
    with pytest.raises(SystemExit) as refused:
        main(["--refresh", reason])
    assert refused.value.code == 2
    assert "say why the fingerprints change" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_refresh_without_its_reason_is_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--refresh"])
    assert "expected one argument" in capsys.readouterr().err
