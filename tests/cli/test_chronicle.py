"""Every event has its wording, and a history says who refused what and why."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from redesign_sim.chronicle import (
    WORDING,
    Happening,
    Teller,
    everything,
    happenings,
    headlines,
    lives,
    local_proposals,
    marks,
    names_of,
    when,
)
from redesign_sim.happenings import Event
from redesign_sim.scenario import load_scenario


class People:
    """Names that say what was looked up."""

    def person(self, number: int) -> str:
        return f"person {number}"

    def organisation(self, number: int) -> str:
        return f"organisation {number}"

    def proposal(self, number: int) -> str:
        return f"proposal {number}"

    def scope(self, number: int) -> str:
        return f"joining {number}"

    def interface(self, number: int) -> str:
        return f"interface {number}"

    def strategy(self, number: int) -> str:
        return f"strategy {number}"


def event(month: int, code: Event, who: int = -1, whom: int = -1, about: int = -1, amount: float = 0.0) -> Happening:
    return Happening(month, code, who, whom, about, amount)


def told(*events: Happening) -> list[str]:
    return [f"{entry.when}: {entry.text}" for entry in headlines(events, People(), "2007-01")]


@pytest.mark.parametrize("code", Event)
def test_every_event_has_a_wording_that_can_be_told(code: Event) -> None:
    sentence = Teller(People()).tell(event(1, code, 1, 2, 3, 0.5))
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_no_wording_is_left_over() -> None:
    assert set(WORDING) == set(Event)


@pytest.mark.parametrize(
    ("happening", "sentence"),
    [
        (
            event(1, Event.CONCEDED, 1, 2, 3, 10 * 4 + 0.2),
            "Person 1 concedes to person 2 over proposal 3: 20 % less change in professional roles.",
        ),
        (
            event(1, Event.CONCEDED, 1, 2, 3, 10 * 1 + 0.0004),
            "Person 1 concedes to person 2 over proposal 3: under 1 % less change in booking.",
        ),
        (
            event(1, Event.COMPLETED, 1, -1, 3, 0.0),
            "Proposal 3, led by person 1, is in place: 0 % of what could change has.",
        ),
        (
            event(1, Event.STAFF_MOVED, 1, 2, 3),
            "Person 1 moves away from organisation 3, changing places with person 2.",
        ),
        (event(1, Event.STAFF_MOVED, 1, -1, 3), "Person 1 moves away from organisation 3."),
        (event(1, Event.STALLED, 1, -1, 3, 1.0), "Person 1 gives up proposal 3 after a month."),
        (
            event(1, Event.RESCOPED, 1, -1, 3, 5.0),
            "Person 1 redraws proposal 3 without organisation 5, where nobody is on board.",
        ),
        (
            event(1, Event.APPROACHED, 1, 2, 3, -0.1),
            "Person 1 goes to see person 2 about proposal 3, who is not persuaded.",
        ),
    ],
)
def test_events_in_words(happening: Happening, sentence: str) -> None:
    assert Teller(People()).tell(happening) == sentence


@pytest.mark.parametrize(
    ("month", "clock", "words"),
    [
        (1, "2007-01", "January 2007"),
        (26, "2007-01", "February 2009"),
        (41, "2001-01", "May 2004"),
        (2, "2006-12", "January 2007"),
    ],
)
def test_months_have_their_dates(month: int, clock: str, words: str) -> None:
    assert when(month, clock) == words


def test_a_refusal_names_those_who_granted_nothing() -> None:
    lines = told(
        event(3, Event.VOTED_DOWN, 9, 1, 7),
        event(3, Event.VOTED_DOWN, 8, 2, 7),
        event(3, Event.VOTED_DOWN, 8, 4, 6),
        event(3, Event.REFUSED, -1, 5, 7, 0.5),
    )
    assert lines == [
        (
            "March 2007: Proposal 7, led by person 5, is refused: 50 % of the voters are against. "
            "Against: organisation 1, organisation 2."
        )
    ]


def test_what_lapses_with_one_post_is_told_in_one_sentence() -> None:
    lines = told(
        event(3, Event.AUTHORISATION_LAPSED, 9, -1, 4),
        event(3, Event.AUTHORISATION_LAPSED, 9, -1, 5),
        event(3, Event.AUTHORISATION_LAPSED, 9, -1, 7),
        event(3, Event.AUTHORISATION_LAPSED, 8, -1, 4),
        event(4, Event.AUTHORISATION_LAPSED, 8, -1, 4),
    )
    assert lines == [
        (
            "March 2007: What person 9 had authorised for proposal 4, proposal 5 and proposal 7 lapses: the post "
            "changes hands."
        ),
        "March 2007: What person 8 had authorised for proposal 4 lapses: the post changes hands.",
        "April 2007: What person 8 had authorised for proposal 4 lapses: the post changes hands.",
    ]


def test_votes_of_an_earlier_round_are_not_told_again() -> None:
    lines = told(
        event(3, Event.VOTED_DOWN, 9, 1, 7),
        event(3, Event.RETURNED, -1, 5, 7),
        event(9, Event.VOTED_DOWN, 8, 2, 7),
        event(9, Event.REFUSED, -1, 5, 7, 0.5),
    )
    assert lines[0].endswith("Against: organisation 1.")
    assert lines[1].endswith("Against: organisation 2.")


def test_where_every_organisation_grants_something_the_commissioners_refused() -> None:
    assert told(event(3, Event.REFUSED, -1, 5, 7, 0.2))[0].endswith("Against: the commissioners.")


def test_giving_up_names_those_who_were_not_persuaded_and_not_those_who_came_round() -> None:
    lines = told(
        *(event(2, Event.DECLINED, who, 5, 7, -0.1) for who in (1, 2, 3, 4, 6)),
        event(3, Event.BACKED, 2, 5, 7, 0.1),
        event(8, Event.STALLED, 5, -1, 7, 7.0),
    )
    assert lines[-1] == (
        "August 2007: Person 5 gives up proposal 7 after 7 months. "
        "Not persuaded: person 1, person 3, person 4 and 1 more."
    )


def test_giving_up_unheard_says_so() -> None:
    lines = told(*[event(2, Event.NOT_HEARD, 5, -1, 7)] * 2, event(3, Event.STALLED, 5, -1, 7, 3.0))
    assert lines[0].endswith("It was not heard by those who decide (2 times tried).")


def test_frequent_events_are_counted_by_year_in_the_headlines_and_told_in_full_elsewhere() -> None:
    events = [event(month, Event.LINK_MADE, 1, 2) for month in (1, 2, 13)]
    assert told(*events) == ["2007: In the year: 2 informal links made.", "2008: In the year: 1 informal link made."]
    assert len(list(everything(events, People(), "2007-01"))) == 3


def test_a_table_of_events_becomes_happenings() -> None:
    table = pd.DataFrame(
        {"month": [4], "event": ["BACKED"], "who": [1], "whom": [2], "about": [3], "amount": [0.25], "more": ["label"]}
    )
    assert happenings(table) == [event(4, Event.BACKED, 1, 2, 3, 0.25)]


def test_lives_of_proposals() -> None:
    table = lives(
        [
            event(2, Event.PROPOSAL_STARTED, 1, -1, 0, 0.5),
            event(3, Event.PROPOSAL_STARTED, 2, -1, 1, 0.5),
            event(4, Event.IMPOSED, 3, 0, 2, 0.5),
            event(6, Event.AUTHORISED, -1, 1, 0, 0.5),
            event(7, Event.AUTHORISATION_LAPSED, 3, -1, 0),
            event(8, Event.AUTHORISED, -1, 1, 0, 0.5),
            event(7, Event.REFUSED, -1, 2, 1, 0.5),
            event(9, Event.COMPLETED, 1, -1, 0, 0.5),
        ]
    )
    rows = table.fillna({"ended": 0}).drop(columns=["proposal", "authorised"]).to_numpy().tolist()
    assert rows == [[2, 9, "completed", False], [3, 7, "refused", False], [4, 0, "open", True]]
    assert [len(spans) for spans in table["authorised"]] == [2, 0, 1]
    assert table["authorised"][0][0] == [6, 7]
    assert table["authorised"][0][1][0] == 8
    assert math.isnan(table["authorised"][0][1][1])
    assert list(lives([]).columns) == list(table.columns)


def test_local_redesigns_are_counted_and_not_told() -> None:
    proposals = pd.DataFrame({"proposal": [0, 1], "organisations": ["A", "A; B"], "cross_boundary": [False, True]})
    local = local_proposals(proposals)
    events = [
        event(2, Event.PROPOSAL_STARTED, 1, -1, 0, 0.5),
        event(3, Event.PROPOSAL_STARTED, 1, -1, 1, 0.5),
        event(4, Event.COMPLETED, 1, -1, 0, 0.5),
        event(5, Event.REORGANISED, -1, -1, 0, 0.5),
    ]
    lines = [entry.text for entry in headlines(events, People(), "2007-01", local)]
    assert lines == [
        "Person 1 puts forward proposal 1 joining 1, asking for 50 % of what could change.",
        "In the year: 1 organisation reorganised, 1 local redesign proposed, 1 local redesign in place.",
    ]
    assert lives(events, local)["proposal"].tolist() == [1]


def test_names_come_from_the_scenario_and_the_runs_proposals() -> None:
    proposals = pd.DataFrame({"proposal": [0, 1], "organisations": ["A", "A; B"], "cross_boundary": [False, True]})
    names = names_of(load_scenario("classroom"), proposals)
    assert (names.scope(0), names.scope(1), names.scope(2)) == ("within A", "joining A and B", "")
    assert names.person(0).endswith(")")
    assert names.person(-1) == "someone"
    assert names.organisation(0) in names.interface(0)


def test_marks_of_a_history() -> None:
    table = marks([event(2, Event.STRATEGY_PUBLISHED, about=0), event(3, Event.REORGANISED, about=4)], People())
    assert table.to_numpy().tolist() == [[2, "strategy", "strategy 0"], [3, "reorganisation", "organisation 4"]]
