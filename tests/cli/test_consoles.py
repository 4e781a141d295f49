"""Consoles without colour, without Unicode and without anything: all is said, and in signs that the console has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [
    ["scenario", "new", "été"],
    ["scenario", "describe", "dementia_london"],
    ["scenario", "check", "classroom", "gone – here.yaml"],
    ["scenario", "list"],
    ["explain", "strategies.strength"],
    ["run", "classroom", "--explain", "--set", "horizon_months=14"],
    ["run", "classroom", "--trace-rule", "M1", "--set", "horizon_months=3"],
]
SCRIPT = f"""
from redesign_sim.cli import main
for command in {COMMANDS!r}:
    try:
        main(command)
    except SystemExit as end:
        print("ended with", end.code)
"""
CONSOLES = {
    "ascii": {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"},
    "windows": {"PYTHONIOENCODING": "cp1252", "TERM": "dumb"},
    "dos": {"PYTHONIOENCODING": "cp437", "COLUMNS": "60"},
    "bare": {"PYTHONIOENCODING": "utf-8", "TERM": ""},
}


@pytest.mark.parametrize("console", CONSOLES)
def test_every_console_is_spoken_to_in_its_signs(console: str, tmp_path: Path) -> None:
    folder = tmp_path / "a folder, with spaces"
    folder.mkdir()
    setting = CONSOLES[console]
    done = subprocess.run(
        [sys.executable, "-W", "error::UnicodeWarning", "-c", SCRIPT],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0", **setting},
        capture_output=True,
        check=False,
    )
    out, err = (text.decode(setting["PYTHONIOENCODING"]) for text in (done.stdout, done.stderr))
    assert done.returncode == 0, err
    assert [line for line in out.splitlines() if line.startswith("ended with")] == [
        f"ended with {2 if command[1] == 'check' else 0}" for command in COMMANDS
    ]
    assert "Traceback" not in err
    assert "\x1b" not in out + err
    assert max(len(line) for line in out.splitlines()) <= 80
    assert (folder / "été.yaml").is_file()
    assert "there is no such file" in err
