"""The study files that the documentation shows are sound, and the shipped ones are listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from redesign_sim.study.reading import experiment_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "studies.md").read_text("utf-8")
SHOWN = re.findall(r"<!-- study -->\n```yaml\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.mark.parametrize("text", SHOWN)
def test_a_study_in_the_documentation_can_be_run(text: str, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(text)
    assert experiment_of(tmp_path / "study.yaml").points


def test_every_shipped_study_is_listed_and_sound() -> None:
    shipped = sorted((ROOT / "experiments").glob("*.yaml"))
    assert len(shipped) >= 5
    for study in shipped:
        assert f"(../experiments/{study.name})" in TEXT
        assert experiment_of(study).study.name == study.stem


def test_there_are_as_many_as_meant() -> None:
    assert len(SHOWN) == 3
