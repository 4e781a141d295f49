"""Predict, then reveal: the room writes down what it expects, and only then sees."""

from __future__ import annotations

import statistics
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import solara

from redesign_sim import charts
from redesign_sim.study.statistics import Interval, wilson
from redesign_sim.ui import session
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.ballot import Ballot, Place
from redesign_sim.ui.components.chart import Chart
from redesign_sim.ui.components.numbers import Numbers
from redesign_sim.ui.computing import order
from redesign_sim.ui.ensembles import FUTURES, use_ensembles
from redesign_sim.ui.exports import moves
from redesign_sim.ui.join import use_room
from redesign_sim.ui.rooms import ROOMS, Guess, Room, RoomError, guess_of
from redesign_sim.ui.serving import listening

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from redesign_sim.ui.computing import Key
    from redesign_sim.ui.ensembles import Ensemble
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
    """What came out: the share of futures that integrate, with its interval, in hundredths."""

    share: Interval

    @property
    def words(self) -> str:
        """The answer in a sentence."""
        estimate, low, high = (100 * limit for limit in self.share)
        return f"Services integrate in {estimate:.0f} of 100 futures ({low:.0f} to {high:.0f}, of {FUTURES:,} runs)."


@solara.component
def Page() -> None:
    """A question about the case as it stands, in a room of one's own."""
    asked = question(session.setup.value, session.baseline.value)
    room = solara.use_memo(lambda: _open(asked), [])
    solara.use_effect(lambda: lambda: ROOMS.close(room) if room else None, [room])
    solara.Style(STYLE)
    if room is None:
        solara.Text("There are too many rooms on this server.", classes=["rs-view", "rs-quiet"])
    else:
        Asking(room, asked)


@solara.component
def Asking(room: Room, asked: str) -> None:
    """First the question, then the answer."""
    setup, seed = session.setup.value, session.seed.value
    (found,) = use_ensembles([order(setup.case(), seed, FUTURES)])
    solara.use_effect(lambda: _ask(room, asked), [setup, seed])
    state = use_room(room)
    reveal = partial(_reveal, room, found.ensemble if found.whole else None)
    pressed = session.key.value
    solara.use_effect(lambda: _pressed(pressed, reveal), [pressed])
    with solara.Div(classes=["rs-view", "rs-predict"]):
        if state.answer and found.ensemble:
            Revealed(list(state.guesses.values()), answer_of(found.ensemble), found.order.key, lambda: room.ask(asked))
        else:
            _asking(room, state.guesses, asked, reveal, ready=found.whole, problem=found.problem)


def _open(asked: str) -> Room | None:
    try:
        return ROOMS.open(asked)
    except RoomError:
        return None


def _ask(room: Room, asked: str) -> None:
    """Ask about what is there now; what was guessed or revealed about something else is put away."""
    room.ask(asked)


def question(setup: Setup, baseline: Setup) -> str:
    """What the room is asked, about the case and what was moved in it."""
    title, moved = setup.case().title, list(moves(setup.changes))
    given = f" with {'; '.join(moved)}" if moved and setup != baseline else ""
    return f"{title}{given}. In how many of 100 possible futures do services integrate?"


def answer_of(ensemble: Ensemble) -> Answer:
    """What came of the futures."""
    return Answer(wilson(int(ensemble.outcome("integrated").sum()), ensemble.runs))


def _reveal(room: Room, ensemble: Ensemble | None) -> None:
    if ensemble is not None:
        room.reveal(answer_of(ensemble).words)


def _pressed(pressed: tuple[str, int], reveal: Callable[[], None]) -> None:
    """The presenter's R reveals."""
    if pressed[0] == "r" and pressed[1]:
        reveal()


def _asking(
    room: Room, guesses: dict[str, Guess], asked: str, reveal: Callable[[], None], *, ready: bool, problem: str
) -> None:
    """Before: the question, a ballot, and where to join."""
    with solara.Div():
        solara.HTML(tag="h1", unsafe_innerHTML="What do you expect?", classes=["rs-headline"])
        solara.Text(asked, classes=["rs-predict-question"], style={"display": "block"})
        Guessing(room, done=HERE in guesses)
        with solara.Div(classes=["rs-row"], style={"margin-top": "2rem"}):
            Act("Reveal", reveal, main=True, disabled=not ready or not guesses)
            solara.Text(problem or _waiting(len(guesses), ready=ready), classes=["rs-quiet"])
    with solara.Div(classes=["rs-card"]):
        where = listening()
        Place(code=room.code, address=f"{where.address}/join" if where.wide else "", joined=_joined(guesses))
        if not where.wide:
            solara.HTML(tag="p", unsafe_innerHTML=THIS_MACHINE, classes=["rs-quiet", "rs-small"])


@solara.component
def Guessing(room: Room, *, done: bool) -> None:
    """The ballot on the screen itself."""
    said, set_said = solara.use_state("")

    def guess(sent: object) -> None:
        try:
            room.guess(HERE, Guess("on the screen", guess_of(sent).number))
            set_said("Written down.")
        except RoomError as why:
            set_said(str(why))

    Ballot(words="Write it down", done=done, disabled=False, named=False, said=said, event_guess=guess)


def _waiting(guesses: int, *, ready: bool) -> str:
    if not guesses:
        return "First a guess, then the answer."
    return "Everyone ready?" if ready else "The futures are still being computed …"


def _joined(guesses: dict[str, Guess]) -> str:
    others = sum(who != HERE for who in guesses)
    return "Nobody has guessed yet." if not others else f"{others} {'guess' if others == 1 else 'guesses'} so far."


@solara.component
def Revealed(guesses: list[Guess], answer: Answer, of: Key, again: Callable[[], None]) -> None:
    """After: the guesses as a crowd, and where the answer lies among them."""
    solara.use_effect(lambda: _publish(guesses, answer, of), [guesses, answer, of])
    with solara.Div(classes=["rs-predict-wide"]):
        solara.HTML(tag="h1", unsafe_innerHTML=answer.words, classes=["rs-headline"])
        solara.Text(spread(guesses), classes=["rs-predict-question"], style={"display": "block"})
        Crowd(guesses, answer)
        with solara.Div(classes=["rs-row"], style={"margin-top": "var(--gap)"}):
            Act("See why, in Futures", partial(session.go, "futures"), main=True)
            Act("Guess again", again)


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


def _publish(guesses: Sequence[Guess], answer: Answer, of: Key) -> None:
    """Guesses can be taken away without anybody's name."""
    table = pd.DataFrame({"guess": sorted(guess.number for guess in guesses)})
    figure = partial(figure_of, table, answer)
    session.publish("predict", session.Shown(answer.words, spread(guesses), table, figure, (of,)))


def figure_of(table: pd.DataFrame, answer: Answer) -> Figure:
    """The guesses and the answer as a static figure."""
    return charts.guesses(table["guess"], answer.share, title=answer.words, subtitle="Each dot is a guess.")
