"""`analyse`: tables in the study's folder, and what they say in a terminal of 80 columns or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., tuple[int, str, str]]

HEAD = "name: tiny\nquestion: What decides?\nscenarios: [classroom]\nreplications: 8\n"
RANGES = "uncertainties: {users.voice: {low: 0, high: 1}, behaviour.pace: sweep, leadership.mix: {mixture: any}}\n"
DESIGNS = {
    "factorial": "design: {kind: factorial}\n"
    "levers: {users.voice: [0.1, 0.5, 0.9], commissioning.outside_option: [0, 0.5]}\n",
    "saltelli": "design: {kind: saltelli, points: 8}\n" + RANGES,
    "morris": "design: {kind: morris, trajectories: 4}\n" + RANGES,
    "latin_hypercube": "design: {kind: latin_hypercube, points: 40}\n" + RANGES,
    "mixes": "design: {kind: simplex_lattice, divisions: 1}\nuncertainties: {users.voice: {low: 0, high: 1}}\n"
    "sample: {kind: sobol, points: 4}\n",
}


def swept(command: Command, design: str) -> None:
    Path("s.yaml").write_text(HEAD + DESIGNS[design])
    assert command("sweep", "s.yaml", "--out", "r")[0] == 0


@pytest.mark.parametrize("design", DESIGNS)
def test_tables_and_sentences_fit_eighty_columns(command: Command, design: str) -> None:
    swept(command, design)
    code, out, err = command("analyse", "r")
    assert (code, err) == (0, "")
    assert out.startswith("What decides?")
    assert [line for line in out.splitlines() if len(line) > 80] == []
    assert "classroom: " in out
    assert "All tables are in r/analysis: " in " ".join(out.split())


def test_an_effect_is_told_in_full(command: Command) -> None:
    swept(command, "factorial")
    text = " ".join(command("analyse", "r")[1].split())
    assert "users.voice 0.1 to 0.9 x " in text
    assert "commissioning.outside_option 0 to" in text
    assert "\u2026" not in text


def test_every_table_is_kept_in_full(command: Command) -> None:
    swept(command, "factorial")
    command("analyse", "r")
    kept = {path.stem: pd.read_csv(path) for path in Path("r/analysis").iterdir()}
    assert set(kept) == {"effects", "effects_logit", "shared_luck"}
    effects = kept["effects"]
    assert set(effects["outcome"]) == {"integration_index", "integrated"}
    assert set(effects["kind"]) == {"main effect", "interaction"}
    assert {"low", "high", "p_holm", "smallest", "verdict"} <= set(effects)


def test_json_is_all_tables_and_nothing_else(command: Command) -> None:
    swept(command, "saltelli")
    code, out, _ = command("analyse", "r", "--json")
    tables = json.loads(out)
    assert code == 0
    assert set(tables) == {"sobol"}
    assert {row["factor"] for row in tables["sobol"]} == {"users.voice", "behaviour.pace", "leadership.mix", "dummy"}


def test_a_folder_without_a_study_is_one_sentence(command: Command) -> None:
    Path("empty").mkdir()
    code, out, err = command("analyse", "empty")
    assert (code, out) == (2, "")
    assert "empty holds no study" in err
    assert not Path("empty/analysis").exists()
