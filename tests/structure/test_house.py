"""The house: short functions, few parameters, examples for each rule, nothing that only this machine knows."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from tests.structure.source import PACKAGE, ROOT, functions, rules_and_helpers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 40
MOST_PARAMETERS = 20
FEWEST_EXAMPLES = 2
EXAMPLES = ROOT / "tests" / "examples"

# Folders of one machine, and hosts of packages; the brackets keep the pattern from finding itself.
PLACES = re.compile(r"(?<![\w/.~-])/(?:home|root|Users|work|opt|tmp)/\w|\b[A-Z]:\\\\?Users")
REGISTRIES = re.compile(r"\b(?:pyp[i]|pythonhoste[d]|npmj[s]|debia[n]|anacond[a])\.(?:org|com|net)\b")


def too_long(trees: Mapping[str, ast.Module]) -> list[str]:
    return [
        f"{function}: {lines} lines"
        for function in functions(trees)
        if (body := function.body) and (lines := (body[-1].end_lineno or 0) - body[0].lineno + 1) > LONGEST
    ]


def test_functions_are_read_whole() -> None:
    trees = {str(file.relative_to(PACKAGE)): ast.parse(file.read_text("utf-8")) for file in PACKAGE.rglob("*.py")}
    assert not (found := too_long(trees)), "\n".join(found)


def test_a_long_function_is_seen_and_a_long_docstring_is_none() -> None:
    long = "def weigh():\n" + "    x = 1\n" * (LONGEST + 1)
    explained = 'def weigh():\n    """' + "\n" * LONGEST + '    """\n' + "    x = 1\n" * LONGEST
    assert too_long({"negotiating": ast.parse(long)})
    assert not too_long({"negotiating": ast.parse(explained)})


def test_behavioural_parameters_are_few() -> None:
    behaviour = getattr(importlib.import_module("redesign_sim.rules"), "Behaviour", None)
    if behaviour is None:
        pytest.skip("the rules' numbers are not gathered yet")
    assert 0 < len(behaviour._fields) <= MOST_PARAMETERS, behaviour._fields


def examples_by_rule(texts: Iterable[str]) -> Counter[str]:
    """How often each rule is named by a `rule:` of an example; one that lists `examples` counts each of them."""
    counted: Counter[str] = Counter()
    for text in texts:
        waiting: list[object] = [YAML(typ="safe").load(text)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                listed = next((node[key] for key in ("examples", "cases") if isinstance(node.get(key), list)), None)
                counted[str(node.get("rule"))] += 1 if listed is None else len(listed)
                waiting.extend(node.values())
            elif isinstance(node, list):
                waiting.extend(node)
    return counted


def lacking_examples(rules: Iterable[str], counted: Counter[str]) -> list[str]:
    return [f"{rule}: {counted[rule]}" for rule in rules if counted[rule] < FEWEST_EXAMPLES]


def test_every_rule_has_worked_examples() -> None:
    if not EXAMPLES.exists():
        pytest.skip("no worked examples yet")
    counted = examples_by_rule(file.read_text("utf-8") for file in EXAMPLES.rglob("*.yaml"))
    lacking = lacking_examples((rule for function in rules_and_helpers() if (rule := function.rule)), counted)
    assert not lacking, "\n".join(lacking)


def test_a_rule_with_one_example_is_seen() -> None:
    flat = "- rule: N1\n  gives: 0.2\n- rule: N1\n  gives: 0.3\n- rule: N2\n  gives: 0.1\n"
    gathered = "rule: N3\nexamples:\n  - gives: 0.2\n  - gives: 0.3\n"
    assert lacking_examples(["N1", "N2", "N3", "N4"], examples_by_rule([flat, gathered])) == ["N2: 1", "N4: 0"]


def texts_of_the_project() -> dict[str, str]:
    """Every text file that git tracks or would: what others get."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-coz", "--exclude-standard"],
        check=False,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        try:
            texts[name] = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    return texts


def machine_bound(texts: Mapping[str, str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if PLACES.search(line) or REGISTRIES.search(line)
    ]


def test_nothing_is_bound_to_one_machine() -> None:
    assert not (found := machine_bound(texts_of_the_project())), "\n".join(found)


@pytest.mark.parametrize(
    "line", ["cd " + "/root" + "/code", "'" + "/home" + "/ann/x'", "C:" + "\\Users\\ann", "see py" + "pi.org for it"]
)
def test_what_is_bound_to_a_machine_is_seen(line: str) -> None:
    assert machine_bound({"notes.md": line})


@pytest.mark.parametrize("line", ["#!/usr/bin/env bash", "https://example.org/home/x", "scenarios/home/x", "~/tmp/x"])
def test_ordinary_paths_are_bound_to_none(line: str) -> None:
    assert machine_bound({"notes.md": line}) == []
