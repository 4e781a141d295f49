"""Every sort of mistake is reported where it stands, in words that say what may stand there."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import ScenarioError, parse_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    After = Callable[[str, str], list[str]]

KINDS = "acute, mental_health, community, general_practice, local_authority, third_sector, independent, commissioner"
PROFESSIONS = "consultant, junior_doctor, nurse, allied, gp, social_worker, voluntary_worker, care_worker"
AN_ID = "an id (lower-case letters, digits and _, a letter first, at most 40)"
MIX = "{passive: 0.4, localised: 0.3, lacking_followers: 0.2, high_impact: 0.1}"

FIELDS = {
    "no such field, misspelt": (
        "high_impact: 0.1",
        "high_impct: 0.1",
        (
            "16:3 leadership.mix.high_impact: is missing; a number from 0 to 1 (share) is expected: "
            "high ambition, high capability"
        ),
        '16:63 leadership.mix.high_impct: not a field of leadership.mix; did you mean "high_impact"?',
    ),
    "a field in the wrong part": (
        "horizon_months: 24",
        "time_share: 0.1",
        '2:1 time_share: not a field of a scenario; did you mean "leadership.time_share"?',
    ),
    "a field that is nowhere": ("horizon_months: 24", "zzzz: 1", "2:1 zzzz: not a field of a scenario"),
    "out of range": (
        "months: 24",
        "months: 241",
        "2:17 horizon_months: 241 stands where a whole number from 1 to 240 (months) is expected",
    ),
    "out of range, without unit": (
        "strength: 0.5",
        "strength: -0.5",
        "18:42 strategies[0].strength: -0.5 stands where a number from 0 to 1 is expected",
    ),
    "no whole number": (
        "months: 24",
        "months: 24.5",
        "2:17 horizon_months: 24.5 stands where a whole number from 1 to 240 (months) is expected",
    ),
    "in quotes": (
        "months: 24",
        'months: "24"',
        '2:17 horizon_months: "24" stands where a whole number from 1 to 240 (months) is expected, without quotes',
    ),
    "decimal comma": (
        "strength: 0.5",
        "strength: '0,5'",
        '18:42 strategies[0].strength: "0,5" stands where a number from 0 to 1 is expected; did you mean "0.5"?',
    ),
    "true is no number": (
        "months: 24",
        "months: true",
        "2:17 horizon_months: true stands where a whole number from 1 to 240 (months) is expected",
    ),
    "infinite": (
        "strength: 0.5",
        "strength: .inf",
        "18:42 strategies[0].strength: Infinity stands where a number from 0 to 1 is expected",
    ),
    "longer than any number": (
        "months: 24",
        f"months: {'9' * 5000}",
        "2:17 horizon_months: Infinity stands where a whole number from 1 to 240 (months) is expected",
    ),
    "the only row of a list that may not be empty": (
        (
            "  - {between: [clinic, practice], traffic: 0.5}\n  - {between: [clinic, home], traffic: 0.3}\n"
            "  - {between: [practice, home], traffic: 0.2}\njourneys:\n"
            "  - {name: There and on, path: [practice, clinic, home]}\n"
        ),
        "  - {between: [clinic, practice], traffic: much}\n",
        '10:44 interfaces[0].traffic: "much" stands where a number from 0 to 1000 (share) is expected',
    ),
    "not a number": (
        "strength: 0.5",
        "strength: .nan",
        "18:42 strategies[0].strength: NaN stands where a number from 0 to 1 is expected",
    ),
    "nothing there": (
        "months: 24",
        "months:",
        "2:1 horizon_months: null stands where a whole number from 1 to 240 (months) is expected",
    ),
    "a number for a text": (
        "title: Small",
        "title: 12",
        "1:8 title: 12 stands where a text on one line (1 to 200 characters) is expected, in quotes",
    ),
    "two lines for one": (
        "title: Small",
        'title: "a\\nb"',
        '1:8 title: "a\\nb" stands where a text on one line (1 to 200 characters) is expected',
    ),
    "no month of the year": (
        "title: Small",
        "title: Small\nclock_starts: 2007-13",
        '2:15 clock_starts: "2007-13" stands where a year and month as "2007-01" is expected',
    ),
    "no is a word": (
        "title: Small",
        "title: Small\ncommissioning: {joint: no}",
        '2:24 commissioning.joint: "no" stands where true or false is expected; did you mean "false"?',
    ),
    "none of the choices": (
        "title: Small",
        "title: Small\ncommissioning: {decision_rule: unanimty}",
        (
            '2:32 commissioning.decision_rule: "unanimty" stands where one of unanimity, supermajority, lead_authority '
            'is expected; did you mean "unanimity"?'
        ),
    ),
    "a list for a table": (
        MIX,
        "[0.4, 0.6]",
        (
            "16:3 leadership.mix: a list of 2 stands where a table with passive, localised, lacking_followers, "
            "high_impact is expected"
        ),
    ),
    "a text for a list": (
        "path: [practice, clinic, home]",
        "path: practice",
        '14:32 journeys[0].path: "practice" stands where a list of at least 2 is expected',
    ),
    "too short a list": (
        "path: [practice, clinic, home]",
        "path: [practice]",
        "14:26 journeys[0].path: a list of 1 stands where a list of at least 2 is expected",
    ),
    "three ends": (
        "between: [clinic, home]",
        "between: [clinic, home, practice]",
        "11:6 interfaces[1].between: a list of 3 stands where a list of 2 is expected",
    ),
    "one end": (
        "between: [clinic, home]",
        "between: [clinic]",
        "11:6 interfaces[1].between: a list of 1 stands where a list of 2 is expected",
    ),
    "an id that is none": (
        "home: {name",
        "The Home: {name",
        f'7:5 organisations.members.The Home: "The Home" stands where {AN_ID} is expected',
        '11:24 interfaces[1].between[1]: "home" is no organisation of this case; did you mean "The Home"?',
        '12:26 interfaces[2].between[1]: "home" is no organisation of this case; did you mean "The Home"?',
        '14:51 journeys[0].path[2]: "home" is no organisation of this case; did you mean "The Home"?',
    ),
    "no such profession": (
        f"  mix: {MIX}",
        "  by_profession: {nurses: {}}",
        (
            f'16:19 leadership.by_profession.nurses: "nurses" stands where one of {PROFESSIONS} is expected; '
            'did you mean "nurse"?'
        ),
    ),
    "no such kind": (
        "kind: independent, care_workers: 1",
        "kind: independant, care_workers: 1",
        (
            f'7:30 organisations.members.home.kind: "independant" stands where one of {KINDS} is expected; '
            'did you mean "independent"?'
        ),
    ),
    "a field of the rules that is none": (
        "title: Small",
        "title: Small\nbehaviour: {paec: 0.2}",
        '2:13 behaviour.paec: not a field of behaviour; did you mean "pace"?',
    ),
    "a decimal comma among braces": (
        "title: Small",
        "title: Small\nusers: {voice: 0,5}",
        (
            "2:18 users.5: not a field of users; of a number with decimals it is the point that is missing: "
            "write 0.5, not 0,5"
        ),
    ),
    "per cent": (
        "title: Small",
        "title: Small\nusers: {voice: 50 %}",
        '2:16 users.voice: "50 %" stands where a number from 0 to 1 is expected; did you mean "0.5"?',
    ),
    "a colon forgotten": (
        "title: Small",
        "title: Small\nusers:\n  voice 0.5",
        '3:3 users: "voice 0.5" stands where a table with voice is expected; a colon is missing after "voice"',
    ),
    "a whole number with a point": (
        "months: 24",
        "months: 24.0",
        (
            "2:17 horizon_months: 24.0 stands where a whole number from 1 to 240 (months) is expected; "
            'did you mean "24"?'
        ),
    ),
    "true for on": (
        "title: Small",
        "title: Small\nmechanisms: {N2: true}",
        '2:18 mechanisms.N2: true stands where one of on, off, rival is expected; did you mean "on"?',
    ),
    "the wrong case": (
        "title: Small",
        "title: Small\nmechanisms: {n2: off}",
        '2:14 mechanisms.n2: not a field of mechanisms; did you mean "N2"?',
    ),
    "none of a few fields": (
        "title: Small",
        "title: Small\nnetwork: {zzz: 1}",
        (
            "2:11 network.zzz: not a field of network; there are strength, from_month, includes_social_care, "
            "includes_third_sector, includes_independent"
        ),
    ),
    "a word for a trait": (
        "title: Small",
        "title: Small\nclinicians: {interest: low}",
        ('2:24 clinicians.interest: "low" stands where a number from 0 to 1 or a table with mean, spread is expected'),
    ),
    "no such switch": (
        "title: Small",
        "title: Small\nmechanisms: {Z99: off}",
        "2:14 mechanisms.Z99: not a field of mechanisms",
    ),
}

WHOLES = {
    "shares that do not sum to one": (
        "passive: 0.4",
        "passive: 0.5",
        (
            "16:3 leadership.mix: the four shares sum to 1.1 (passive 0.5, localised 0.3, lacking_followers 0.2, "
            "high_impact 0.1); they have to sum to 1"
        ),
    ),
    "a mix and a distribution": (
        f"  mix: {MIX}",
        f"  mix: {MIX}\n  ambition: 0.5",
        "15:1 leadership: give a mix, or ambition and capability (also by_profession), not both",
    ),
    "an end that does not exist": (
        "between: [clinic, practice]",
        "between: [clinc, practice]",
        '10:16 interfaces[0].between[0]: "clinc" is no organisation of this case; did you mean "clinic"?',
    ),
    "one organisation at both ends": (
        "between: [clinic, home]",
        "between: [clinic, clinic]",
        "11:6 interfaces[1].between: names one organisation twice; an interface joins two",
    ),
    "an interface twice": (
        "between: [practice, home]",
        "between: [home, clinic]",
        "12:6 interfaces[2].between: stands already in interfaces[1]",
    ),
    "no traffic": (
        (
            "interfaces:\n  - {between: [clinic, practice], traffic: 0.5}\n  - {between: [clinic, home], "
            "traffic: 0.3}\n"
            "  - {between: [practice, home], traffic: 0.2}\n"
        ),
        "interfaces:\n  - {between: [clinic, practice], traffic: 0}\n  - {between: [clinic, home], traffic: 0}\n",
        "9:1 interfaces: carry no traffic at all; at least one needs some",
    ),
    "a journey where there is no way": (
        "path: [practice, clinic, home]",
        "path: [practice, payer, home]",
        '14:43 journeys[0].path[1]: "payer" is not reached from practice: no interface joins the two',
        '14:50 journeys[0].path[2]: "home" is not reached from payer: no interface joins the two',
    ),
    "a focus on no interface": (
        "strength: 0.5}",
        "strength: 0.5, focus: {clinic-hom: 1}}",
        (
            '18:55 strategies[0].focus.clinic-hom: "clinic-hom" is no interface; write two organisations that one '
            'joins, such as clinic-practice; did you mean "clinic-home"?'
        ),
    ),
    "a focus on nothing": (
        "strength: 0.5}",
        "strength: 0.5, focus: {clinic-home: 0}}",
        "18:47 strategies[0].focus: needs at least one weight above 0",
    ),
    "an emphasis on nothing": (
        "strength: 0.5}",
        "strength: 0.5, emphasis: {booking: 0}}",
        "18:47 strategies[0].emphasis: at least one practice needs a weight above 0",
    ),
    "an event for nobody": (
        "title: Small",
        "title: Small\nturbulence: {events: [{month: 3, name: Merger, scope: [clinic, hom]}]}",
        '2:64 turbulence.events[0].scope[1]: "hom" is no organisation of this case; did you mean "home"?',
    ),
    "an event for a word that is no scope": (
        "title: Small",
        "title: Small\nturbulence: {events: [{month: 3, name: Merger, scope: al}]}",
        '2:55 turbulence.events[0].scope: "al" stands where one of commissioners, all is expected; did you mean "all"?',
    ),
    "a focal clinician nowhere": (
        "leadership:",
        "leadership:\n  focal: {organisation: hom, profession: nurse, ambition: 1, capability: 1}",
        '16:25 leadership.focal.organisation: "hom" is no organisation of this case; did you mean "home"?',
    ),
    "a focal clinician whom nobody employs": (
        "leadership:",
        "leadership:\n  focal: {organisation: home, profession: nurse, ambition: 1, capability: 1}",
        '16:43 leadership.focal.profession: "nurse" is not among the people of home; there is only care_worker',
    ),
    "no commissioner": (
        "    payer: {name: Payer, kind: commissioner}\n",
        "",
        "4:3 organisations.members: lists no organisation of kind commissioner; a case needs one",
    ),
    "joint with oneself": (
        "title: Small",
        "title: Small\ncommissioning: {joint: true}",
        "2:24 commissioning.joint: true joins the votes of several commissioners, and payer is the only one",
    ),
    "commissioners where care is given": (
        "gps: 2",
        "gps: 2, commissioners: 1",
        (
            "6:79 organisations.members.practice.commissioners: 1 is too many: only organisations of kind commissioner "
            "have any"
        ),
    ),
    "nobody who commissions": (
        "kind: commissioner}",
        "kind: commissioner, commissioners: 0}",
        (
            "8:61 organisations.members.payer.commissioners: 0 is too few: an organisation of kind commissioner has at "
            "least one"
        ),
    ),
    "care where it is commissioned": (
        "kind: commissioner}",
        "kind: commissioner, nurses: 2}",
        (
            "8:54 organisations.members.payer.nurses: 2 is too many: an organisation of kind commissioner has "
            "commissioners only"
        ),
    ),
    "no manager": (
        "gps: 2",
        "gps: 2, managers: 0",
        (
            "6:74 organisations.members.practice.managers: 0 is too few: an organisation that provides "
            "care has at least "
            "one"
        ),
    ),
    "no executive": (
        "gps: 2",
        "gps: 2, executives: 0",
        (
            "6:76 organisations.members.practice.executives: 0 is too few: an organisation that provides care has at "
            "least one"
        ),
    ),
    "more owners than clinicians": (
        "title: Small",
        "title: Small\npathway: {organisations: 7}",
        "2:26 pathway.organisations: 7 owners are more than the 6 clinicians of this case",
    ),
    "more people than can be simulated": (
        "gps: 2",
        "gps: 2000, nurses: 2000, allied: 1999",
        "4:3 organisations.members: have 6,011 posts; at most 5,000 are possible",
    ),
    "a practice twice": (
        "title: Small",
        "title: Small\npractices: {changeable: [booking, booking]}",
        "2:13 practices.changeable: lists a practice twice",
    ),
}

TEXTS = {
    "a key twice": (
        "horizon_months: 24",
        "title: Again",
        "2:1 title: stands twice; first in line 1",
    ),
    "a tab": ("horizon_months: 24", "\thorizon_months: 24", "2:1: a tab cannot indent YAML; use spaces"),
    "an anchor": (
        "title: Small",
        "title: &a Small",
        "1:8: anchors and aliases are not used in scenarios; write the value out, or use extends",
    ),
    "an alias": (
        "title: Small",
        "title: *a",
        "1:8: anchors and aliases are not used in scenarios; write the value out, or use extends",
    ),
    "a tag": (
        "title: Small",
        "title: !!python/name:os.system Small",
        "1:8: the tag !!python/name:os.system is not used in scenarios; take it out",
    ),
    "a directive": (
        "title: Small",
        "# 100\n%YAML 1.1\n---\ntitle: Small",
        "2:1: directives are not used in scenarios; take this line out",
    ),
    "two documents": (
        "horizon_months: 24",
        "---\nhorizon_months: 24",
        "3:1: a file holds one scenario; a second one begins here",
    ),
    "a list for a name": ("title: Small", "? [a]\n: Small", "1:3: a name is expected here, not a list or a table"),
    "a colon in a text": (
        "title: Small",
        "title: Small: still",
        '1:13: a ": " is not expected here; put the text in quotes, or mend the indentation',
    ),
    "a quotation mark left open": (
        "title: Small",
        'title: "Small',
        "1:8: a quotation mark is not closed",
    ),
    "a sign that cannot begin": (
        "title: Small",
        "title: @Small",
        "1:8: this sign cannot begin a value; put the text in quotes",
    ),
    "a bracket left open": ("path: [practice, clinic, home]", "path: [practice", '14:32: a "]" or a comma is missing'),
    "a brace left open": ("traffic: 0.5}", "traffic: 0.5", '10:5: a "}" or a comma is missing'),
    "a name without a colon": ("horizon_months: 24", "horizon", "2:1: a colon is missing after this name"),
    "a list beside a name": (
        "title: Small",
        "title: - Small",
        "1:8: a list cannot begin here; put it on lines of its own, or the text in quotes",
    ),
    "what does not go on": (
        "title: Small",
        "{title: Small}",
        "2:1: this does not go on from the lines above; mend the indentation, or take it out",
    ),
    "the wrong indentation": (
        "    home: {name",
        "   home: {name",
        "7:4: the indentation does not fit the lines above",
    ),
    "a sign not allowed": ("title: Small", "title: Sm\x07all", "1:10: the character U+0007 is not allowed in YAML"),
    "too deep": (
        "title: Small",
        f"title: {'[' * 40}",
        "1:37: is nested more than 30 levels deep",
    ),
}


@pytest.mark.parametrize(("old", "new", "lines"), [(o, n, m) for o, n, *m in FIELDS.values()], ids=FIELDS)
def test_a_wrong_field_is_located(old: str, new: str, lines: list[str], complaints_after: After) -> None:
    assert complaints_after(old, new) == [f"small.yaml:{line}" for line in lines]


@pytest.mark.parametrize(("old", "new", "lines"), [(o, n, m) for o, n, *m in WHOLES.values()], ids=WHOLES)
def test_parts_that_do_not_fit_are_located(old: str, new: str, lines: list[str], complaints_after: After) -> None:
    assert complaints_after(old, new) == [f"small.yaml:{line}" for line in lines]


@pytest.mark.parametrize(("old", "new", "lines"), [(o, n, m) for o, n, *m in TEXTS.values()], ids=TEXTS)
def test_broken_text_is_located(old: str, new: str, lines: list[str], complaints_after: After) -> None:
    assert complaints_after(old, new) == [f"small.yaml:{line}" for line in lines]


def test_a_case_without_organisations_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"organisations\.members: list no organisation; a case needs two"):
        parse_scenario("title: Nobody\norganisations: {members: {}}\ninterfaces: [{between: [a, b], traffic: 1}]\n")


def test_where_an_inherited_part_no_longer_fits_it_is_said_which_file_has_to_state_it_anew() -> None:
    with pytest.raises(ScenarioError) as error:
        parse_scenario("extends: classroom\norganisations: {members: {clinic: null}}\n", "mine.yaml")
    ends, *journeys = map(str, error.value.problems)
    assert ends.endswith(
        'interfaces[0].between[1]: "clinic" is no organisation of this case; mine.yaml changes that, and has to state '
        "interfaces anew"
    )
    assert all(line.endswith("has to state journeys anew") for line in journeys)


@pytest.mark.parametrize(("text", "words"), [("", "is empty"), ("# no more\n", "is empty"), ("- a", "is no table")])
def test_a_text_without_fields(text: str, words: str, complaints: Callable[[str], list[str]]) -> None:
    (line,) = complaints(text)
    assert line.startswith(f"small.yaml:1:1: {words}")


def test_all_mistakes_at_once_in_the_order_of_the_file(complaints: Callable[[str], list[str]]) -> None:
    text = """\
title: 1
title: 2
horizon_months: 0
organisations:
  members:
    a: {name: A, kind: acut, nurses: -1}
    b: {name: B, kind: acute, managers: 0}
interfaces:
  - {between: [a, x], traffic: 2}
leadership:
  mix: {passive: 1, localised: 1, lacking_followers: 0, high_impact: 0}
  time_share: 2
colour: red
"""
    places = [line.split(" ")[0].removeprefix("small.yaml:") for line in complaints(text)]
    assert places == ["1:8", "2:1", "3:17", "5:3", "5:3", "6:24", "6:38", "7:41", "9:19", "11:3", "12:15", "13:1"]


def test_thousands_of_mistakes_are_counted_and_not_all_told(complaints: Callable[[str], list[str]]) -> None:
    lines = complaints("\n".join(f"k{number}: 1" for number in range(2000)))
    assert len(lines) == 201
    assert "small.yaml:1:1: and 1,803 more problems" in lines


def test_a_text_has_its_number_of_values(
    complaints: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redesign_sim.scenario.yamltext.MOST_VALUES", 10)
    assert complaints(f"title: [{'1, ' * 12}1]") == ["small.yaml:1:33: holds more than 10 values"]


def test_a_terminal_sees_the_line_with_a_caret() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario("title: Small\n\n  bad: [1, 2\n", "x.yaml")
    assert caught.value.rendered().split("\n")[1:] == ["     3 |   bad: [1, 2", "       |      ^"]


def test_a_terminal_is_not_given_orders() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario('title: "\\e[31m\\uD800"\n', "x\x1b.yaml")
    assert caught.value.rendered().isprintable() or "\x1b" not in caught.value.rendered()
    caught.value.rendered().encode()


def test_problems_carry_their_parts_and_cross_process_borders() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario("title: 3\n", "x.yaml")
    problem = pickle.loads(pickle.dumps(caught.value)).problems[0]  # noqa: S301  our own pickle
    assert (problem.file, problem.line, problem.column, problem.path, problem.value) == (
        "x.yaml",
        1,
        1,
        "organisations",
        None,
    )
