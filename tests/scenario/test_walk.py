"""Whatever a scenario holds says its title, unit, meaning, range, source; forms and documents come from one walk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from redesign_sim import roles
from redesign_sim.rulekit import Parameter, Quantity, RuleCard
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario import Scenario, load_scenario, walk_fields, walk_quantities
from redesign_sim.scenario.derived import behaviour_model, mechanisms_model
from redesign_sim.scenario.fields import PATTERNS
from redesign_sim.scenario.localities import CLINICAL_POSTS
from redesign_sim.scenario.walk import choices_of, field_at

if TYPE_CHECKING:
    import enum


def test_every_field_says_what_it_is() -> None:
    for walked in walk_fields():
        assert walked.title, walked.path
        assert walked.meaning or walked.path.startswith("behaviour."), walked.path


def test_every_quantity_has_a_unit_a_range_and_a_source() -> None:
    for walked in walk_quantities():
        assert walked.unit, walked.path
        assert walked.source, walked.path
        assert walked.confidence in {"H", "M", "L"}, walked.path
        assert walked.low is not None, walked.path
        assert walked.high is not None, walked.path
        assert walked.sweep is not None
        assert walked.low <= walked.sweep[0] < walked.sweep[1] <= walked.high, walked.path


def test_every_default_lies_in_its_range() -> None:
    for walked in walk_quantities():
        if isinstance(walked.default, int | float) and walked.low is not None and walked.high is not None:
            assert walked.low <= walked.default <= walked.high, walked.path


def test_paths_are_unique_and_a_concrete_walk_says_the_same_of_each() -> None:
    general = {walked.path: walked for walked in walk_fields()}
    assert len(general) == len(list(walk_fields()))
    for walked in walk_fields(load_scenario("sexual_health_manchester")):
        path = re.sub(r"(members|focus|by_profession)\.[^.]+", r"\1.*", re.sub(r"\[\d+\]", ".*", walked.path))
        assert general[path].title == walked.title


def test_defaults_of_traits_are_those_of_their_field() -> None:
    defaults = {walked.path: walked.default for walked in walk_quantities()}
    assert defaults["managers.ambition.mean"] == 0.45
    assert defaults["practices.booking.experience_gain"] == 0.9
    assert defaults["organisations.members.*.managers"] == 1


def test_behaviour_is_what_the_rules_declare() -> None:
    walked = {w.path.removeprefix("behaviour."): w for w in walk_quantities() if w.path.startswith("behaviour.")}
    assert list(walked) == list(PARAMETERS)
    for name, parameter in PARAMETERS.items():
        assert walked[name].default == parameter.default
        assert walked[name].sweep == parameter.quantity.sweep


def test_models_are_derived_from_any_rules() -> None:
    quantity = Quantity("Concession", "share", (0.0, 0.5), "assumed", "L")
    behaviour = behaviour_model([Parameter("concession", 0.2, quantity)])
    assert behaviour().model_dump() == {"concession": 0.2}
    with pytest.raises(ValidationError):
        behaviour.model_validate({"concession": 0.6})
    cards = [
        RuleCard("N1", "talk", len, ("C1",), "", off="nobody talks", rival="all talk"),
        RuleCard("N2", "walk", len, ("C1",), ""),
        RuleCard("N3", "balk", len, ("C1",), "", rival="all balk"),
    ]
    mechanisms = mechanisms_model(cards)
    assert mechanisms().model_dump() == {"N1": "on", "N3": "on"}
    assert mechanisms.model_validate({"N1": "off", "N3": "rival"}).model_dump() == {"N1": "off", "N3": "rival"}
    with pytest.raises(ValidationError):
        mechanisms.model_validate({"N3": "off"})


@pytest.mark.parametrize(
    ("path", "codes", "without"),
    [
        (("organisations", "members", "*", "kind"), roles.OrganisationKind, ()),
        (("leadership", "focal", "profession"), roles.Profession, ("management", "commissioning")),
        (("commissioning", "decision_rule"), roles.DecisionRule, ()),
        (("practices", "changeable", "*"), roles.Practice, ()),
    ],
)
def test_words_are_those_of_the_codes(
    path: tuple[str, ...], codes: type[enum.IntEnum], without: tuple[str, ...]
) -> None:
    words = [code.name.lower() for code in codes if code.name.lower() not in without]
    assert list(choices_of(field_at(path)[1])) == words


def test_every_profession_has_its_field() -> None:
    assert list(CLINICAL_POSTS.values()) == list(choices_of(field_at(("leadership", "focal", "profession"))[1]))


def test_places_that_are_none() -> None:
    assert field_at(("leadership", "mixture")) == (None, None)
    assert field_at(("horizon_months", "x")) == (None, None)


def test_the_json_schema_says_what_fields_are() -> None:
    schema = Scenario.model_json_schema()
    share = schema["$defs"]["Leadership"]["properties"]["time_share"]
    assert (share["title"], share["type"], share["default"]) == ("Time for leading", "number", 0.08)
    assert (share["unit"], share["sweep"], share["minimum"], share["maximum"]) == ("share of a week", [0, 0.25], 0, 1)
    assert schema["$defs"]["Organisation"]["additionalProperties"] is False
    assert set(schema["required"]) == {"name", "title", "organisations", "interfaces"}


def test_patterns_mean_the_same_in_every_language() -> None:
    for pattern in PATTERNS:
        assert "(?" not in pattern
        re.compile(pattern)


def test_nothing_in_a_scenario_can_be_changed_in_place() -> None:
    case = load_scenario("classroom")
    with pytest.raises(ValidationError):
        case.horizon_months = 3
    assert isinstance(case.interfaces, tuple)
