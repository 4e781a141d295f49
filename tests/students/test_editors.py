"""The schemas that editors use: generated, fresh, pointed at by what is shipped, and never stricter than the check."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from redesign_sim.scenario import ScenarioError, parse_scenario, shipped_scenarios, walk_fields
from redesign_sim.scenario.starting import POINTER
from redesign_sim.scenario.yamltext import Source, read_tree
from redesign_sim.study.editors import SCHEMAS, as_text, scenario_schema, study_schema
from redesign_sim.study.wording import content

ROOT = Path(__file__).resolve().parents[2]
CASES = Draft7Validator(scenario_schema())
STUDIES = Draft7Validator(study_schema())


def data_of(text: str) -> Any:  # noqa: ANN401  plain data
    tree = read_tree(Source("file", text))
    assert tree.root is not None
    return content(tree.root)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_in_the_repository_is_the_one_that_the_code_makes(name: str) -> None:
    held = (ROOT / name).read_text(encoding="utf-8")
    study = " --study" if "study" in name else ""
    assert held == as_text(SCHEMAS[name]()), f"refresh it: redesign-sim scenario schema{study} --out {name}"
    Draft7Validator.check_schema(json.loads(held))


@pytest.mark.parametrize("folder", ["scenarios", "experiments"])
def test_every_shipped_file_points_at_its_schema_and_obeys_it(folder: str) -> None:
    files = sorted((ROOT / folder).glob("*.yaml"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        schema = file.parent / text.splitlines()[0].removeprefix(POINTER)
        assert schema.is_file(), file
        validator = CASES if folder == "scenarios" else STUDIES
        assert [error.message for error in validator.iter_errors(data_of(text))] == [], file


def test_every_field_says_unit_range_and_source_under_the_mouse() -> None:
    strength = scenario_schema()["$defs"]["Strategy"]["properties"]["strength"]["description"]
    assert strength.startswith("Strategy strength (0–1): how much the strategy asks")
    assert "Usual range 0 to 1. Source: 0.3 text" in strength
    told = as_text(scenario_schema())
    assert all(json.dumps(field.meaning.split(";")[0], ensure_ascii=False)[1:-1] in told for field in walk_fields())


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"horizon_months": 500}, "maximum"),
        ({"horizn_months": 5}, "additionalProperties"),
        ({"strategies": [{"name": "A", "month": 3}]}, "required"),
        ({"commissioning": {"decision_rule": "majority"}}, "enum"),
    ],
)
@pytest.mark.parametrize(
    "base", [{"extends": "classroom"}, data_of(shipped_scenarios()["classroom"].read_text("utf-8"))]
)
def test_what_is_wrong_is_underlined(wrong: dict[str, Any], where: str, base: dict[str, Any]) -> None:
    errors = list(CASES.iter_errors(base | wrong))
    assert where in {inner.validator for error in errors for inner in (error, *(error.context or ()))}


@pytest.mark.parametrize("sound", [{"clinicians": {"interest": 0.4}}, {"organisations": {"members": {"clinic": None}}}])
def test_a_file_that_extends_another_may_state_as_little_as_it_likes(sound: dict[str, Any]) -> None:
    assert list(CASES.iter_errors({"extends": "classroom"} | sound)) == []
    assert list(CASES.iter_errors({"title": "Alone"} | sound))


@pytest.mark.parametrize("seed", range(60))
def test_what_the_check_accepts_no_editor_underlines(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    name = chance.choice(["classroom", "dementia_london", "sexual_health_london"])
    data = data_of(shipped_scenarios()[name].read_text(encoding="utf-8"))
    for _ in range(chance.randint(1, 3)):
        spoil(data, chance)
    try:
        parse_scenario(json.dumps(data), name)
    except ScenarioError:
        return
    assert [error.message for error in CASES.iter_errors(data)] == [], f"seed {seed}"


def spoil(data: Any, chance: random.Random) -> None:  # noqa: ANN401  plain data
    """Change one value somewhere."""
    node = data
    while True:
        key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if not isinstance(node[key], dict | list) or not node[key] or chance.random() < 0.1:
            node[key] = chance.choice([0, 1, 0.5, -1, "word", None, True, [], {}, copy.deepcopy(node[key])])
            return
        node = node[key]
