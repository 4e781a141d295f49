"""What shows how far compiling is: a bar on a terminal, some lines elsewhere, nothing where nothing is compiled."""

from __future__ import annotations

import sys

import pytest

from redesign_sim.cli import bars
from redesign_sim.engine import waiting

STEPS = (("negotiate", 0.0), ("weigh", 0.2), ("impose", 0.26), ("turn", 0.3), (waiting.OPTIMISING, 0.7), ("done", 1.0))


def test_where_there_is_no_terminal_each_quarter_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with bars.compiling():
        for step in STEPS:
            waiting.tell(*step)
    assert capsys.readouterr().err.splitlines() == [
        bars.ONCE,
        "Compiling: 25 % (impose)",
        "Compiling: 50 % (putting it all together)",
        "Compiling: 100 % (done)",
    ]


def test_who_waits_for_another_process_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    with bars.compiling():
        waiting.tell(waiting.ELSEWHERE, 0.0)
    assert capsys.readouterr().err == "Compiling: another process compiles the rules; waiting for it ...\n"


def test_where_nothing_is_compiled_nothing_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for terminal in (True, False):
        monkeypatch.setattr(sys.stderr, "isatty", lambda terminal=terminal: terminal)
        with bars.compiling():
            pass
        assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar_that_names_what_is_compiled_and_goes_when_it_is_stopped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")

    def stopped() -> None:
        with bars.compiling():
            waiting.tell("negotiate", 0.35)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    err = capsys.readouterr().err
    assert bars.ONCE in err
    assert "negotiate" in err
    assert "35 %" in err
    with bars.compiling():
        assert waiting._watchers  # noqa: SLF001
    assert not waiting._watchers  # noqa: SLF001
