from __future__ import annotations

import ast

import pytest

from tests.structure.dialect import Facts, attributes_with_index, departures, imported, whole_attributes
from tests.structure.source import PACKAGE, RULES, modules, rules_and_helpers, sample

ROLES = "redesign_sim.roles"


def test_every_rule_keeps_to_the_dialect() -> None:
    functions = rules_and_helpers()
    facts = Facts(
        arrays=attributes_with_index(functions),
        whole=whole_attributes(modules(PACKAGE)["things"]),
        enums={name for name in imported(modules(RULES).values(), ROLES) if not name.isupper()},
    )
    found = [line for function in functions for line in departures(function, facts)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("x = person.trust ** 2", "Pow"),
        ("x **= 2", "Pow"),
        ("x = 1 << 3", "LShift"),
        ("x = world.trust[0] @ world.trust[1]", "MatMult"),
        ("x = person is other", "Is "),
        ("x = person is not other", "IsNot"),
        ("x = sum(world.hours)", "sum()"),
        ("x = round(person.trust, 2)", "round()"),
        ("x = pow(person.trust, 2)", "pow()"),
        ("x = any(world.hours)", "any()"),
        ("x = getattr(person, name)", "getattr()"),
        ("x = math.exp(person.trust)", "math.exp"),
        ("x = math.log(person.trust)", "math.log"),
        ("x = math.pi", "math.pi"),
        ("x = np.sqrt(person.trust)", "np.sqrt"),
        ("x = world.hours.sum()", ".sum()"),
        ("proposal.design.fill(0.0)", ".fill()"),
        ("x = proposal.design[0:2]", "Slice"),
        ("proposal.design = other.design", "a whole array"),
        ("proposal.design += 0.1", "a whole array"),
        ("proposal.design, x = other.design, 0.0", "a whole array"),
        ("world.people[0] = world.people[1]", "a whole thing"),
        ("x = Role(person.role)", "a code is a number already"),
        ("x = int(Role.CLINICIAN)", "a code is a number already"),
        ("x = lambda: 1.0", "Lambda"),
        ("x = [k for k in range(3)]", "ListComp"),
        ("x = [0.0, 1.0]", "List"),
        ("x = {0: 1.0}", "Dict"),
        ("x = min(k for k in range(3))", "GeneratorExp"),
        ("x = f'{person}'", "JoinedStr"),
        ("x = 'refused'", "only numbers"),
        ("x = None", "only numbers"),
        ("x = 9223372036854775808", "wider than 63 bits"),
        ("note(*who)", "Starred"),
        ("note(**who)", "a call with `**`"),
        ("x = (y := 1.0)", "NamedExpr"),
        ("raise ValueError", "Raise"),
        ("del person", "Delete"),
        ("import numpy", "Import"),
        ("yield person", "Yield"),
        ("global total", "Global"),
        ("x = 0.0 if person.trust > 0.5 else 1", "an int or a float"),
        ("x = 0\n    x += person.trust", "a sum that starts as an int"),
        ("x = 0\n    x = x + person.trust", "a sum that starts as an int"),
        ("x = 0\n    x = person.trust / 2.0", "x: an int here, a float there"),
        ("if person.trust > 0.5:\n        return 0\n    return 0.5", "return: an int here, a float there"),
        ("try:\n        x = 1.0\n    finally:\n        x = 0.0", "Try"),
        ("with person:\n        x = 1.0", "With"),
        ("def inner() -> None:\n        return", "FunctionDef"),
    ],
)
def test_what_leaves_the_dialect_is_seen(line: str, complaint: str) -> None:
    (function, *_) = sample(f"def weigh(person, other, world):\n    {line}\n")
    found = departures(function, Facts(arrays={"design"}, enums={"Role"}))
    assert any(complaint in what for what in found), found


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [("*people", "any number"), ("**people", "any number"), ("share=0.5", "default"), ("*, share=0.5", "default")],
)
def test_arguments_are_few_and_have_no_defaults(arguments: str, complaint: str) -> None:
    (function,) = sample(f"def weigh({arguments}):\n    return 0.0\n")
    assert complaint in departures(function, Facts())[0]


def test_the_dialect_itself_is_accepted() -> None:
    (function,) = sample(
        '''
        @rule("N0", claims=("C20",), source="a list of words", bounded=(0.0, 2.0 ** 3))
        def weigh(person: Person, proposal: Proposal, world: World | None) -> float:
            """What everything that a rule may say looks like."""
            total = 0.0
            people = 0
            for k in range(PRACTICES):
                if k in (Practice.BOOKING, Practice.TARIFF) and not person.role == Role.MANAGER:
                    continue
                total += world.weight[person.number, k] * proposal.design[k]
                people += 1
                people += int(world.counts[k]) + k
                people += world.acquaintances[person.number, k]
                proposal.design[k] = min(1.0, max(0.0, proposal.design[k] - 0.1))
            while total > 1.0 and people // 2 >= people % 3:
                total = -total / 2.0 if person.trust < 0.5 else total - 1.0
            other = world.people[people]
            low, high = other.consider(world, proposal), abs(total)
            person.trust += low
            note(world, Event.BACKED, person.number, -1, 0, amount=high)
            return total / math.sqrt(1.0 + total * total)
        '''
    )
    facts = Facts(arrays={"design", "weight", "counts"}, whole={"acquaintances"}, enums={"Role", "Practice"})
    assert departures(function, facts) == []


def test_indexed_attributes_are_arrays() -> None:
    assert attributes_with_index(sample("def weigh(p):\n    return p.design[0] + p.trust")) == {"design"}


def test_whole_attributes_are_whole_wherever_they_are_declared() -> None:
    things = ast.parse("class A:\n    n: int\n    ties: Codes\n    x: float\n    t: int\nclass B:\n    t: float\n")
    assert whole_attributes(things) == {"n", "ties"}
