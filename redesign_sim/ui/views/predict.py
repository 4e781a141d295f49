"""Predict, then reveal: the room writes down what it expects, and only then sees."""

from __future__ import annotations

import statistics
from dataclasses import replace
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import solara

from redesign_sim import charts
from redesign_sim.study.statistics import Interval, wilson
from redesign_sim.ui import session
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.ballot import Ballot, Place
from redesign_sim.ui.components.band import fan_of
from redesign_sim.ui.components.chart import Chart
from redesign_sim.ui.components.keeper import Keeper
from redesign_sim.ui.components.numbers import Numbers, percent
from redesign_sim.ui.components.picker import Sections
from redesign_sim.ui.components.sketch import Drawn, Sketch
from redesign_sim.ui.computing import order
from redesign_sim.ui.ensembles import FUTURES, use_ensembles
from redesign_sim.ui.exports import moves
from redesign_sim.ui.join import use_room
from redesign_sim.ui.rooms import ROOMS, Guess, Room, RoomError, RoomState, guess_of
from redesign_sim.ui.serving import listening
from redesign_sim.ui.sketching import course_words, lines_table, lines_words, sheet_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from redesign_sim.ui.components.band import Fan
    from redesign_sim.ui.computing import Key
    from redesign_sim.ui.ensembles import Asked, Ensemble
    from redesign_sim.ui.rooms import Sheet
    from redesign_sim.ui.setup import Setup

TITLE = "Predict, then reveal"

STYLE = """
.rs-predict { display: grid; grid-template-columns: minmax(0, 1.4fr) minmax(16rem, 1fr); gap: calc(2 * var(--gap)); }
.rs-predict-question { font-size: var(--large); margin-bottom: 1.2rem; }
.rs-predict .rs-card { align-self: start; }
.rs-predict-wide { grid-column: 1 / -1; }
@media (max-width: 900px) { .rs-predict { grid-template-columns: minmax(0, 1fr); } }
"""
THIS_MACHINE = (
    "Only this machine can reach the page now. To let people join from their phones, start it with "
    "<code>redesign-sim ui --host 0.0.0.0</code>."
)
HERE = "the screen"
"""Who guesses for the room at the facilitator's own screen."""
NEARBY = 5
"""Guesses so many apart stand in one stack."""


class Answer(NamedTuple):
    """What came out: the share of futures that integrate, with its interval, in hundredths, and of how many."""

    share: Interval
    runs: int

    @property
    def words(self) -> str:
        """The answer in a sentence."""
        estimate, low, high = (100 * limit for limit in self.share)
        return f"Services integrate in {estimate:.0f} of 100 futures ({low:.0f} to {high:.0f}, of {self.runs:,} runs)."


KINDS = {"number": "Guess a number", "line": "Draw a line"}
"""What the room is asked for."""


@solara.component
def Page() -> None:
    """A question about the case as it stands, in a room of one's own, which lasts while other views are looked at and
    when the page is loaded anew.
    """
    said, set_said = solara.use_state("")
    room = session.room.value
    here = room if room and not room.closed else None

    def found(key: object) -> None:
        if session.room.value and not session.room.value.closed:
            return
        try:
            session.room.value = ROOMS.of_key(key) or ROOMS.open(question(session.setup.value))
        except RoomError as why:
            set_said(str(why))

    solara.Style(STYLE)
    Keeper(name="asking", kept=here.key if here else "", event_found=found)
    if here:
        Asking(here).key(here.code)
    else:
        solara.Text(said, classes=["rs-view", "rs-quiet"])


@solara.component
def Asking(room: Room) -> None:
    """First the question, then the answer."""
    kind, set_kind = solara.use_state("line" if room.state.sheet else "number")
    setup, seed = session.setup.value, session.seed.value
    asked, about = question(setup, kind), (setup, seed, kind)
    (found,) = use_ensembles([order(setup.case(), seed, FUTURES)])
    sheet = sheet_of(found.ensemble) if kind == "line" and found.ensemble else None
    state = use_room(room)
    me = solara.get_kernel_id()
    mine, alone = state.about == about, state.by in {"", me} or state.hosts <= {me}
    ask = partial(_ask, room, asked, about, sheet, me)
    solara.use_effect(lambda: ask() if alone and room.state.about != about else None, [about, sheet, alone])
    reveal = partial(_reveal, room, about, found.ensemble if found.whole else None)
    session.use_pressed(lambda letter: reveal() if letter == "r" else None)
    with solara.Div(classes=["rs-view", "rs-predict"]):
        if mine and state.answer and found.ensemble and found.whole:
            Revealed(state.question, told(state, found.ensemble), ask)
        elif mine and state.answer:
            _answered(state.answer, found.problem)
        elif mine or alone:
            _asking(room, state if mine else RoomState(asked), reveal, _Choice(kind, set_kind), found)
        else:
            Elsewhere(ask)


@solara.component
def Elsewhere(ask: Callable[[], None]) -> None:
    """Another page of the same host, a duplicate of this one, asks something else in the room."""
    with solara.Div(classes=["rs-predict-wide"]):
        solara.HTML(
            tag="h1", unsafe_innerHTML="Another page of yours asks something else here", classes=["rs-headline"]
        )
        solara.HTML(
            tag="p", unsafe_innerHTML="Asking from here puts away what has been guessed there.", classes=["rs-quiet"]
        )
        Act("Ask from here", ask, main=True)


def _answered(answer: str, problem: str) -> None:
    """The answer alone, while its futures, which were dropped since, are computed once more."""
    with solara.Div(classes=["rs-predict-wide"]):
        solara.HTML(tag="h1", unsafe_innerHTML=escape(answer), classes=["rs-headline"])
        solara.Text(problem or "The picture is being drawn again …", classes=["rs-quiet"])


class _Choice(NamedTuple):
    """What the room is asked for, and how to ask for something else."""

    kind: str
    turn: Callable[[str], None]


def _ask(room: Room, asked: str, about: tuple[Setup, int, str], sheet: Sheet | None, me: str) -> None:
    """Ask about what is there now; what was guessed or revealed about something else is put away."""
    if sheet or about[-1] != "line":
        room.ask(asked, sheet, about, me)


def question(setup: Setup, kind: str = "number") -> str:
    """What the room is asked, about the case and all that was moved in it: not everyone was there to see it."""
    title, moved = setup.case().title, list(moves(setup))
    given = f", with levers moved ({'; '.join(moved)})" if moved else ""
    if kind == "line":
        return f"{title}{given}. How joined up will care be as time goes on?"
    return f"{title}{given}. In how many of 100 possible futures do services integrate?"


def answer_of(ensemble: Ensemble) -> Answer:
    """What came of the futures."""
    return Answer(wilson(int(ensemble.outcome("integrated").sum()), ensemble.runs), ensemble.runs)


def _reveal(room: Room, about: object, ensemble: Ensemble | None) -> None:
    """Show the answer to what the room was asked, once there are guesses and all futures."""
    state = room.state
    if ensemble is None or not state.guesses or state.about != about:
        return
    if state.sheet:
        band = fan_of(ensemble.index)
        room.reveal(course_words(band, ensemble.runs), state.turn, band)
    else:
        room.reveal(answer_of(ensemble).words, state.turn)


def _asking(room: Room, state: RoomState, reveal: Callable[[], None], choice: _Choice, found: Asked) -> None:
    """Before: the question, a ballot as soon as it has been asked, and where to join."""
    guesses = state.guesses
    with solara.Div():
        solara.HTML(tag="h1", unsafe_innerHTML="What do you expect?", classes=["rs-headline"])
        Sections(sections=KINDS, now=choice.kind, event_turn=choice.turn)
        solara.Text(state.question, classes=["rs-predict-question"], style={"display": "block"})
        if state.about is not None:
            Guessing(room, state, done=HERE in guesses).key(str(state.turn))
        with solara.Div(classes=["rs-row"], style={"margin-top": "var(--gap)"}):
            Act("Reveal", reveal, main=True, disabled=not found.whole or not guesses)
            solara.Text(found.problem or _waiting(len(guesses), ready=found.whole), classes=["rs-quiet"])
    with solara.Div(classes=["rs-card"]):
        where = listening()
        Place(code=room.code, address=f"{where.address}/join" if where.wide else "", joined=_joined(guesses))
        if not where.wide:
            solara.HTML(tag="p", unsafe_innerHTML=THIS_MACHINE, classes=["rs-quiet", "rs-small"])


@solara.component
def Guessing(room: Room, state: RoomState, *, done: bool) -> None:
    """The ballot on the screen itself."""
    said, set_said = solara.use_state("")

    def guess(given: object) -> None:
        try:
            room.guess(HERE, replace(guess_of(given, state.sheet), name="on the screen"), state.turn)
            set_said("Written down.")
        except RoomError as why:
            set_said(str(why))

    words = "Change my guess" if done else "Write it down"
    if state.sheet:
        Sketch(state.sheet, words, named=False, said=said, event_guess=guess)
    else:
        Ballot(words=words, disabled=False, named=False, said=said, event_guess=guess)


def _waiting(guesses: int, *, ready: bool) -> str:
    if not guesses:
        return "First a guess, then the answer."
    return "Everyone ready?" if ready else "The futures are still being computed …"


def _joined(guesses: dict[str, Guess]) -> str:
    others = sum(who != HERE for who in guesses)
    return "Nobody has guessed yet." if not others else f"{others} {'guess' if others == 1 else 'guesses'} so far."


class Told(NamedTuple):
    """All that is shown of an answer: its words, those of the guesses, the chart, and what can be taken away."""

    answer: str
    guesses: str
    draw: Callable[[], None]
    taken: session.Shown


def told(state: RoomState, ensemble: Ensemble) -> Told:
    """The answer to what the room was asked."""
    guesses = list(state.guesses.values())
    if state.sheet and state.band:
        return told_of_lines(guesses, state.sheet, state.band, state.answer, ensemble.order.key)
    answer = answer_of(ensemble)
    table = pd.DataFrame({"guess": sorted(guess.number for guess in guesses)})
    figure = partial(figure_of, table, answer)
    taken = session.Shown(answer.words, spread(guesses), table, figure, (ensemble.order.key,))
    return Told(answer.words, spread(guesses), partial(Crowd, guesses, answer), taken)


def told_of_lines(guesses: list[Guess], sheet: Sheet, band: Fan, answer: str, of: Key) -> Told:
    """The lines that were drawn, over the futures."""
    lines = [guess.line for guess in guesses]
    words, table = lines_words(lines, band), lines_table(lines, sheet, band)
    case = session.setup.value.case()
    figure = partial(charts.fan, table, case.integrated_threshold, case.clock_starts, title=answer, subtitle=words)
    return Told(
        answer,
        words,
        partial(Sketched, guesses, sheet, band, f"{words} {answer}"),
        session.Shown(answer, words, table, figure, (of,)),
    )


@solara.component
def Revealed(asked: str, told: Told, again: Callable[[], None]) -> None:
    """After: what was asked, the guesses as a crowd, and where the answer lies among them."""
    solara.use_effect(lambda: session.publish("predict", told.taken), [told.answer, told.guesses, told.taken.of])
    with solara.Div(classes=["rs-predict-wide"]):
        solara.Text(asked, classes=["rs-quiet"], style={"display": "block"})
        solara.HTML(tag="h1", unsafe_innerHTML=told.answer, classes=["rs-headline"])
        solara.Text(told.guesses, classes=["rs-predict-question"], style={"display": "block"})
        told.draw()
        with solara.Div(classes=["rs-row"], style={"margin-top": "var(--gap)"}):
            Act("See why, in Futures", partial(session.go, "futures"), main=True)
            Act("Guess again", again)


def Sketched(guesses: Sequence[Guess], sheet: Sheet, band: Fan, label: str) -> None:
    """Each guess a line over the futures, and the same as a table."""
    lines = [guess.line for guess in guesses]
    Drawn(lines, sheet, band, label=label, height="max(16rem, calc(100vh - var(--bar) - 20rem))")
    rows = [[guess.name or "someone", *(f"{point} %" for point in guess.line)] for guess in guesses]
    middle = ["the middle future", *(percent(band.median[month]) for month in sheet.months)]
    Numbers(columns=["Who", *sheet.words], rows=[*rows, middle])


def spread(guesses: Sequence[Guess]) -> str:
    """What was guessed, in a sentence."""
    numbers = sorted(guess.number for guess in guesses)
    if len(numbers) == 1:
        return f"The guess was {numbers[0]}."
    middle = statistics.median(numbers)
    return f"{len(numbers)} guesses, from {numbers[0]} to {numbers[-1]}; half of them at {middle:g} or below."


def Crowd(guesses: Sequence[Guess], answer: Answer) -> None:
    """Each guess a dot over 0 to 100, the answer with its interval across them."""
    points = points_of(guesses)
    highest = max(4.0, *(point["y"] for point in points))
    estimate, low, high = (100 * limit for limit in answer.share)
    ticks = [{"at": at, "label": str(at)} for at in range(0, 101, 10)]
    x = {"min": 0, "max": 100, "ticks": ticks, "label": "Futures of 100 in which services integrate"}
    y = {"min": 0, "max": highest + 1, "label": "Each dot is one guess"}
    layers = [
        {
            "kind": "area",
            "x": [low, high],
            "low": [0, 0],
            "high": [highest + 1] * 2,
            "fill": "var(--accent-soft)",
            "opacity": 0.35,
        },
        {"kind": "moment", "at": estimate, "stroke": "var(--accent)", "text": f"the answer: {estimate:.0f}"},
        {"kind": "points", "points": points, "size": 9},
    ]
    label = f"{spread(guesses)} {answer.words}"
    Chart(x=x, y=y, layers=layers, label=label, height="max(16rem, calc(100vh - var(--bar) - 20rem))")
    Numbers(columns=["Who", "Guess"], rows=[[guess.name or "someone", str(guess.number)] for guess in guesses])


def points_of(guesses: Sequence[Guess]) -> list[dict[str, Any]]:
    """A place for each guess: near ones stand upon one another."""
    heights: dict[int, int] = {}
    points = []
    for guess in sorted(guesses, key=lambda each: each.number):
        stack = guess.number // NEARBY
        heights[stack] = heights.get(stack, 0) + 1
        told = {"title": guess.name or "someone", "lines": [f"{guess.number} of 100"]}
        points.append(
            {"x": guess.number, "y": heights[stack] - 0.5, "fill": "var(--warm)", "stroke": "var(--ink)", **told}
        )
    return points


def figure_of(table: pd.DataFrame, answer: Answer) -> Figure:
    """The guesses and the answer as a static figure."""
    return charts.guesses(table["guess"], answer.share, title=answer.words, subtitle="Each dot is a guess.")
