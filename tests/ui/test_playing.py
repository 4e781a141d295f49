"""A history is lived once, can be looked at anywhere, and is played no faster than it is drawn."""

from __future__ import annotations

from threading import Event, Lock, Semaphore
from typing import TYPE_CHECKING

import pytest

from redesign_sim.chronicle import happenings, headlines, local_proposals, names_of
from redesign_sim.roles import Stage
from redesign_sim.scenario import load_scenario, override
from redesign_sim.study.ensembles import simulate
from redesign_sim.ui import playing
from redesign_sim.ui.playing import History, Player
from tests.ui.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.ui.playing import Shown

CASE = override(load_scenario("classroom"), {"leadership.time_share": 0.25, "horizon_months": 18})
SEED = 3


@pytest.fixture(scope="module")
def history() -> History:
    lived = History(CASE, SEED)
    while lived.lived < lived.last_month:
        lived.live_on()
    return lived


def test_a_history_is_the_one_that_simulate_tells(history: History) -> None:
    run = simulate(CASE, SEED)
    assert history.course(18) == run.monthly["integration_index"].tolist()
    assert history.events == happenings(run.events)
    last = history.at(18)
    live = run.proposals[run.proposals["end"].isin(["negotiating", "before_decision", "authorised"])]
    assert [each.number for each in last.live] == live["proposal"].tolist()
    assert [way.integration for way in last.ways] == run.interfaces.tail(len(last.ways))["integration"].tolist()


def test_it_is_told_in_the_words_of_the_chronicle(history: History) -> None:
    run = simulate(CASE, SEED)
    told = headlines(
        happenings(run.events), names_of(CASE, run.proposals), CASE.clock_starts, local_proposals(run.proposals)
    )
    said = {text for month in range(19) for text in history.at(month).told}
    assert said
    assert said <= {entry.text for entry in told}


def test_months_that_were_lived_do_not_change(history: History) -> None:
    fresh = History(CASE, SEED)
    first = fresh.at(0)
    for month in range(1, 10):
        fresh.live_on()
        assert fresh.at(month) == history.at(month)
    assert fresh.at(0) is first
    assert first.month == 0
    assert first.live == ()


def test_everything_of_a_month_is_there_on_demand(history: History) -> None:
    assert sum(len(history.everything(month)) for month in range(19)) == len(history.events)
    busiest = max(range(19), key=lambda month: len(history.everything(month)))
    assert all(sentence.endswith(".") for sentence in history.everything(busiest))


def test_people_stand_in_seats_of_their_own_and_ties_run_between_organisations(history: History) -> None:
    for month in (0, 9, 18):
        people = history.at(month).people
        assert len({(person.organisation, person.seat) for person in people}) == len(people)
        assert {person.kind for person in people} >= {"manager", "executive", "commissioner"}
        for one, other in history.at(month).ties:
            assert one < other
            assert people[one].organisation != people[other].organisation


def test_live_proposals_have_not_ended(history: History) -> None:
    stages = {live.stage for month in range(19) for live in history.at(month).live}
    assert stages
    assert stages <= {Stage.NEGOTIATING, Stage.BEFORE_DECISION, Stage.AUTHORISED}


class Screen:
    """What a browser shows: it draws each month as it comes, unless it is held."""

    def __init__(self, player: Player) -> None:
        self.player, self.news, self.lock = player, Event(), Lock()
        self.shown: list[Shown] = []
        self.holds = False

    def __call__(self, shown: Shown) -> None:
        with self.lock:
            self.shown.append(shown)
        self.news.set()
        if not self.holds:
            self.player.drawn(shown.month)

    def until(self, done: Callable[[Shown], bool]) -> Shown:
        while True:
            with self.lock:
                if self.shown and done(self.shown[-1]):
                    return self.shown[-1]
            assert self.news.wait(PATIENCE), f"it never came; the last was {self.shown[-1:]}"
            self.news.clear()

    @property
    def months(self) -> list[int]:
        return [shown.month for shown in self.shown]


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen(Player(CASE, SEED))
    screen.player.pace(1000)
    close = screen.player.open(screen)
    yield screen
    close()


def test_it_opens_on_the_first_day_and_waits(screen: Screen) -> None:
    first = screen.until(lambda shown: shown.history is not None)
    assert (first.month, first.playing) == (0, False)
    assert screen.months == [0]


def test_it_plays_to_the_end_month_by_month_and_stops_there(screen: Screen) -> None:
    screen.until(lambda shown: shown.history is not None)
    screen.player.play(on=True)
    screen.until(lambda shown: shown.month == 18 and not shown.playing)
    assert sorted(set(screen.months)) == list(range(19))
    assert screen.months == sorted(screen.months)


def test_from_the_last_month_on_it_is_played_again(screen: Screen) -> None:
    screen.player.go(18)
    screen.until(lambda shown: shown.month == 18)
    begins = len(screen.shown)
    screen.player.toggle()
    screen.until(lambda shown: shown.month == 18 and not shown.playing and len(screen.shown) > begins + 18)
    assert sorted(set(screen.months[begins:])) == list(range(19))


def test_it_opens_on_the_month_at_which_it_was_left(history: History) -> None:
    player = Player(CASE, SEED, first=11)
    screen = Screen(player)
    close = player.open(screen)
    opened = screen.until(lambda shown: shown.history is not None)
    assert (opened.month, opened.playing) == (11, False)
    assert screen.months == [11]
    assert opened.history
    assert opened.history.at(11) == history.at(11)
    player.step(1)
    screen.until(lambda shown: shown.month == 12)
    close()


def test_any_month_can_be_looked_at_and_steps_stay_within_the_history(screen: Screen) -> None:
    player = screen.player
    player.go(7)
    screen.until(lambda shown: shown.month == 7)
    player.step(-1)
    screen.until(lambda shown: shown.month == 6)
    player.go(99)
    screen.until(lambda shown: shown.month == 18)
    player.go(-5)
    assert screen.until(lambda shown: shown.month == 0).history


def test_steps_that_come_faster_than_pictures_all_count(screen: Screen) -> None:
    for _ in range(9):
        screen.player.step(1)
    screen.until(lambda shown: shown.month == 9)
    screen.player.step(-1)
    screen.player.step(-1)
    screen.until(lambda shown: shown.month == 7)


def test_a_pause_says_so_at_once(screen: Screen) -> None:
    screen.player.pace(2)
    screen.player.play(on=True)
    screen.until(lambda shown: shown.playing and shown.month >= 1)
    screen.player.toggle()
    paused = screen.until(lambda shown: not shown.playing)
    assert paused.month <= 3


def test_it_waits_for_a_browser_that_has_not_drawn(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "LONGEST_WAIT", PATIENCE)
    screen.until(lambda shown: shown.history is not None)
    screen.holds = True
    screen.player.play(on=True)
    screen.until(lambda shown: shown.month == 1)
    assert screen.months[-1] == 1
    screen.player.drawn(1)
    screen.until(lambda shown: shown.month == 2)
    assert 3 not in screen.months
    screen.player.play(on=False)


def test_the_next_month_is_lived_while_the_browser_draws(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    lived, live_on = Semaphore(0), History.live_on

    def watched(history: History) -> None:
        live_on(history)
        lived.release()

    monkeypatch.setattr(History, "live_on", watched)
    monkeypatch.setattr(playing, "LONGEST_WAIT", PATIENCE)
    screen.until(lambda shown: shown.history is not None)
    screen.holds = True
    screen.player.play(on=True)
    assert lived.acquire(timeout=PATIENCE)
    assert lived.acquire(timeout=PATIENCE / 2), "the browser has the first month to draw, and draws"
    assert screen.until(lambda shown: shown.month == 1).playing
    screen.player.play(on=False)


def test_nothing_is_lived_for_a_page_that_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "LOOK_AGAIN", 0.01)
    there = Event()
    looked = Event()

    def present() -> bool:
        looked.set()
        return there.is_set()

    player = Player(CASE, SEED, present)
    screen = Screen(player)
    close = player.open(screen)
    assert looked.wait(PATIENCE)
    assert screen.months == []
    there.set()
    screen.until(lambda shown: shown.month == 0)
    close()


def test_a_history_that_stops_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: History) -> None:
        raise RuntimeError("the rules gave up")

    monkeypatch.setattr(History, "live_on", fail)
    player = Player(CASE, SEED)
    screen = Screen(player)
    close = player.open(screen)
    player.go(3)
    assert screen.until(lambda shown: bool(shown.problem)).problem == "This history stopped: the rules gave up"
    close()
