"""What the rules may know: no type of leadership, no two traits at once, and nobody's position when they weigh."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING

import pytest

from redesign_sim.rulekit import CATALOGUE
from tests.structure.source import (
    PACKAGE,
    RULES,
    Function,
    closure,
    functions,
    identifiers,
    modules,
    rules_and_helpers,
    sample,
    spelt,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPES = ("passive", "localised", "lacking_followers", "high_impact", "mix", "leadership_type", "quadrant")

TRAITS = ("ambition", "capability")
MAY_READ = {
    # How far a proposal departs from today, and how wide it reaches.
    "ambition": {"initiating.depart", "initiating.organisations_wanted", "initiating.span"},
    # How accurately others are read; whom one approaches, what one trades and when one goes formal follow from that.
    "capability": {"negotiating.accuracy"},
}

# How a person weighs a proposal must be no question of what they are: "no term asks who is a clinician".
POSITIONS = {"role", "Role", "profession", "Profession", "CLINICIAN"}


def names_of_types(tree: ast.AST) -> list[str]:
    return [
        f"line {line}: {name}"
        for line, name in identifiers(tree)
        if any(f"_{word}_" in f"_{spelt(name)}_" for word in TYPES)
    ]


def traits_read(function: Function) -> set[str]:
    """The traits of people that the function's own text reads; numbers of the case that set traits are none."""
    return {trait for node in function.walk() for trait in TRAITS if _reads(node, trait)}


def _reads(node: ast.AST, trait: str) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        owner = getattr(node.value, "attr", getattr(node.value, "id", ""))
        return _is_trait(node.attr, trait) and owner not in {"case", "behaviour"}
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and _is_trait(node.id, trait)


def _is_trait(name: str, trait: str) -> bool:
    return name == trait or name.endswith(f"_{trait}")


def readers(all_functions: Iterable[Function]) -> dict[str, set[str]]:
    """Which traits each rule reads, itself or through helpers that are no rules and so have no name of their own."""
    known = list(all_functions)
    helpers = [function for function in known if function.rule is None]
    return {
        str(function): {trait for part in closure(function, helpers) for trait in traits_read(part)}
        for function in known
    }


def positions_read(function: Function, among: Iterable[Function]) -> set[str]:
    """What a function, or anything that it calls, asks about somebody's position."""
    return {
        f"{part}: {name}"
        for part in closure(function, among)
        for statement in part.body
        for _, name in identifiers(statement)
        if name in POSITIONS
    }


def weighing(all_functions: Iterable[Function]) -> list[Function]:
    """The rules by which a proposal is weighed, when it is put to somebody and when somebody thinks of starting it."""
    return [function for function in all_functions if function.module == "weighing" or "worth" in function.name]


def test_no_rule_knows_a_type_of_leadership() -> None:
    assert {name: found for name, tree in modules(RULES).items() if (found := names_of_types(tree))} == {}


@pytest.mark.parametrize(
    "code", ["if person.high_impact: pass", "x = Leadership.PASSIVE", "x = world.case.mix", "class HighImpact: pass"]
)
def test_a_type_of_leadership_is_seen(code: str) -> None:
    assert names_of_types(ast.parse(code))


def test_words_about_types_are_no_knowledge_of_them() -> None:
    assert names_of_types(ast.parse('"""The passive wait."""\nmixed = 1  # high_impact\nmixture = 2')) == []


def test_no_rule_reads_two_traits() -> None:
    assert {name for name, traits in readers(rules_and_helpers()).items() if len(traits) > 1} == set()


@pytest.mark.parametrize("trait", TRAITS)
def test_a_trait_is_read_where_the_table_says_and_nowhere_else(trait: str) -> None:
    there = modules(RULES)
    listed = {name for name in MAY_READ[trait] if name.split(".")[0] in there}
    assert {name for name, traits in readers(rules_and_helpers()).items() if trait in traits} == listed


def test_two_traits_are_seen_also_behind_a_helper() -> None:
    found = readers(
        sample(
            """
            @rule("N1", claims=(), source="")
            def weigh(person, world):
                return person.ambition * hidden(person)

            @rule("N2", claims=(), source="")
            def call(person, world):
                return weigh(person, world)

            def hidden(person):
                return skill(person.capability)

            def skill(capability):
                return capability
            """
        )
    )
    assert found["negotiating.weigh"] == {"ambition", "capability"}
    assert found["negotiating.call"] == set()


@pytest.mark.parametrize("code", ["person.ambition", "ambition + 1.0", "proposal.lead_ambition", "f(lead.ambition)"])
def test_a_trait_is_seen(code: str) -> None:
    (function,) = sample(f"def weigh(person, world):\n    return {code}\n")
    assert traits_read(function) == {"ambition"}


@pytest.mark.parametrize(
    "code", ["person.ambition = 0.5", "x = world.case.ambition", "x = person.ambition_row", "x = Purpose.AMBITION"]
)
def test_setting_a_trait_is_not_reading_it(code: str) -> None:
    (function,) = sample(f"def weigh(person, world):\n    {code}\n")
    assert traits_read(function) == set()


def test_no_weighing_asks_for_a_position() -> None:
    among = rules_and_helpers()
    assert {found for function in weighing(among) for found in positions_read(function, among)} == set()


def test_there_is_a_weighing_to_look_at() -> None:
    assert {function.name for function in weighing(rules_and_helpers())} >= {"weigh", "worth_starting"}


@pytest.mark.parametrize("code", ["person.role == Role.CLINICIAN", "person.profession", "is_heard(person)"])
def test_a_position_in_a_weighing_is_seen(code: str) -> None:
    among = sample(
        f"""
        def worth_starting(person, proposal, world):
            return 1.0 if {code} else 0.0

        def is_heard(person):
            return person.role == 0
        """
    )
    (function,) = weighing(among)
    assert positions_read(function, among)


PLAIN = {0, 1, 2, -1}
NO_PARAMETERS = {
    ("initiating.organisations_wanted", 0.5): "rounding to the nearest whole",
    ("linking.anyone_in", 1000): "another sub-draw",
    ("negotiating.concede", 10.0): "two numbers of an event in one",
    ("weighing.acceptable_depth", 4.0): "the root of a quadratic",
}
"""Numbers in the text of a rule that are no assumption about anybody."""


def hidden_numbers(all_functions: Iterable[Function]) -> set[tuple[str, object]]:
    """Numbers in the text of rules that nobody has named: what a reviewer would call a parameter."""
    return {
        (str(function), node.value)
        for function in all_functions
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and type(node.value) in {int, float} and node.value not in PLAIN
    }


def constants(tree: ast.Module) -> set[str]:
    """The numbers that a module names at its top."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, int | float)
    }


def test_no_rule_hides_a_number() -> None:
    assert hidden_numbers(rules_and_helpers()) == set(NO_PARAMETERS)


def test_a_hidden_number_is_seen() -> None:
    assert hidden_numbers(sample("def weigh(person):\n    return 0.3 * person.trust + 1.0\n")) == {
        ("negotiating.weigh", 0.3)
    }


def test_each_named_number_stands_on_the_card_of_every_rule_that_reads_it() -> None:
    trees = modules(RULES)
    readers_of = {
        (function.rule, name)
        for function in rules_and_helpers()
        if function.rule is not None
        for statement in function.body
        for _, name in identifiers(statement)
        if name in constants(trees[function.module])
    }
    assert readers_of == {(card.id, name) for card in CATALOGUE.values() for name in card.fixed}
    named = {(module, name) for module, tree in trees.items() for name in constants(tree)}
    assert named == {(card.module, name) for card in CATALOGUE.values() for name in card.fixed}, "a number nobody reads"


def test_a_card_knows_what_its_numbers_are() -> None:
    for card in CATALOGUE.values():
        module = importlib.import_module(card.function.__module__)
        assert card.numbers == {name: getattr(module, name) for name in card.fixed}


FORMULAS = (ast.BinOp, ast.BoolOp, ast.Compare, ast.AugAssign, ast.UnaryOp, ast.IfExp)


def formulas(all_functions: Iterable[Function]) -> list[str]:
    """Where an agent's act computes or decides something itself instead of calling a rule."""
    return [
        f"{function}:{node.lineno}: {ast.unparse(node)}"
        for function in all_functions
        if not function.name.startswith("__")
        for node in function.walk()
        if isinstance(node, FORMULAS)
    ]


def test_agents_hold_no_formulas() -> None:
    agents = {name: tree for name, tree in modules(PACKAGE / "model").items() if name == "people"}
    if not agents:
        pytest.skip("no agents yet")
    assert not (found := formulas(functions(agents))), "\n".join(found)


@pytest.mark.parametrize(
    "code",
    ["self.trust + 0.1", "self.trust > 0.5", "-self.trust", "self.heard and self.asked", "1 if self.heard else 0"],
)
def test_a_formula_in_an_agent_is_seen(code: str) -> None:
    text = f"class Clinician:\n    def consider(self, world):\n        return {code}\n"
    assert formulas(functions({"people": ast.parse(text)}))


def test_calling_a_rule_is_no_formula() -> None:
    text = """
class Clinician:
    def __init__(self, number: int | None) -> None:
        self.number = number or 0

    def consider(self, world: World | None) -> float:
        return consider(self, world)
"""
    assert formulas(functions({"people": ast.parse(text)})) == []
