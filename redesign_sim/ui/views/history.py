"""One history on Mesa's own agents: the map, the plane, the timeline, and a plain account of every month."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, cast

import solara

from redesign_sim import charts
from redesign_sim.chronicle import lives, marks, when
from redesign_sim.ui import session
from redesign_sim.ui.components.account import Account
from redesign_sim.ui.components.band import Fan, backdrop_of, fan_of
from redesign_sim.ui.components.map import KINDS, Map, frame_of, map_label, place_of
from redesign_sim.ui.components.plane import Plane
from redesign_sim.ui.components.player import Controls
from redesign_sim.ui.components.timeline import Line, Timeline, as_table
from redesign_sim.ui.computing import Order, order
from redesign_sim.ui.ensembles import FIRST, page_is_there, use_ensembles
from redesign_sim.ui.playing import SPEEDS, History, Player, Shown

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = "One history"

STYLE = """
.rs-history { display: grid; grid-template-columns: minmax(0, 1fr); gap: calc(0.5 * var(--gap)) var(--gap); }
.rs-history > * { min-width: 0; }
.rs-history-courses { display: flex; flex-wrap: wrap; gap: 0 var(--gap); font-size: var(--small); }
.rs-history-courses > * { flex: 1 1 min(100%, 22.5em); min-width: 0; }
.rs-history-courses > :nth-child(2) { flex-grow: 1.4; }
.rs-history-map .rs-map-box { min-height: 15.5rem; }
.rs-history-account .rs-account { max-height: 22rem; }
@media (max-width: 1150px) { .rs-history-map .rs-map-box { min-height: 19rem; } }
@media (min-width: 901px) {
  .rs-history { padding-top: 0.5rem; padding-bottom: 0.25rem; min-height: calc(100vh - var(--bar));
    grid-template-columns: minmax(0, 1.35fr) minmax(20rem, 1fr);
    grid-template-rows: auto minmax(min-content, 1fr) auto; }
  .rs-history-bar, .rs-history-courses { grid-column: 1 / -1; }
  .rs-history-account { contain: size; }
  .rs-history-account .rs-account { height: 100%; max-height: none; }
  .rs-history-map .rs-map { display: flex; flex-direction: column; height: 100%; }
  .rs-history-map .rs-map-box { flex: 1 1 0; height: auto !important; contain: size; }
}
"""

FOUNDING = "The case is being founded: everyone takes up their post …"
AGAIN = "The history is being lived again, up to the month at which it was left …"

STRIP = "clamp(10.5rem, 25vh, 18rem)"
"""How tall the charts under the map are."""

RECENT = 6
"""Months of the account that stay on screen."""


@solara.component
def Page() -> None:
    """Play a history of the case as it stands, under the page's seed."""
    case, seed = session.setup.value.case(), session.seed.value
    speed, set_speed = solara.use_state(SPEEDS[1])
    screen, set_screen = solara.use_state(cast("tuple[Player | None, Shown]", (None, Shown())))
    runs = solara.use_memo(lambda: session.runs_of(case, seed), [case, seed])
    player = solara.use_memo(lambda: Player(case, seed, page_is_there(), first=_left_at(runs)), [case, seed])
    solara.use_effect(lambda: player.open(lambda shown: set_screen((player, shown))), [player])
    solara.use_effect(lambda: player.pace(speed), [player, speed])
    session.use_pressed(partial(_pressed, player))
    owner, shown = screen
    solara.use_effect(lambda: _remember(runs, shown, theirs=owner is player), [owner, shown.history, shown.month])
    solara.use_effect(lambda: _publish(shown), [shown.history, shown.month, shown.playing])
    solara.Style(STYLE)
    solara.HTML(tag="h1", unsafe_innerHTML=escape(f"{TITLE}: {case.title}"), classes=["rs-visually-hidden"])
    if owner is not player or shown.history is None:
        solara.Text(shown.problem or (AGAIN if _left_at(runs) else FOUNDING), classes=["rs-view", "rs-quiet"])
    if shown.history:
        with solara.Div(classes=["rs-view", "rs-history", *([] if owner is player else ["rs-stale"])]):
            _Bar(shown, shown.history, player, speed, set_speed)
            _Map(shown, shown.history, player)
            with solara.Div(classes=["rs-history-account"]):
                Account(months=list(_account(shown, shown.history)))
            _Courses(shown, shown.history, player)


def _left_at(runs: session.Runs) -> int:
    """The month at which this history was left; a history that was not has its first day before it."""
    whose, month = session.left.peek() or (None, 0)
    return month if whose == runs else 0


def _remember(runs: session.Runs, shown: Shown, *, theirs: bool) -> None:
    """Note the month on screen, for whoever comes back from another view."""
    if theirs and shown.history:
        session.left.value = (runs, shown.month)


def _pressed(player: Player, letter: str) -> None:
    """What a key of the presenter does here."""
    acts: dict[str, Callable[[], None]] = {
        "space": player.toggle,
        "left": partial(player.step, -1),
        "right": partial(player.step, 1),
        "r": partial(player.go, 0),
    }
    if letter in acts:
        acts[letter]()


def _Bar(shown: Shown, history: History, player: Player, speed: int, set_speed: Callable[[int], None]) -> None:
    """Play, step, speed, seed."""
    case = history.setting.case
    with solara.Div(classes=["rs-history-bar"]):
        Controls(
            month=shown.month,
            last=history.last_month,
            when=when(shown.month, case.clock_starts) if shown.month else "The first day",
            playing=shown.playing,
            speed=speed,
            speeds=list(SPEEDS),
            seed=session.seed.value,
            most_luck=session.MOST_LUCK,
            event_toggle=lambda _: player.toggle(),
            event_step=player.step,
            event_go=player.go,
            event_pace=set_speed,
            event_luck=session.try_luck,
        )


@solara.component
def _Map(shown: Shown, history: History, player: Player) -> None:
    """The map of the month on screen."""
    frame = history.at(shown.month)
    place = solara.use_memo(lambda: place_of(history.setting), [history])
    with solara.Div(classes=["rs-history-map"]):
        Map(
            place=place,
            frame=frame_of(frame, place["spacing"]),
            label=map_label(frame, history.setting),
            kinds=list(KINDS.values()),
            height="min(26rem, 100vw)",
            event_drawn=player.drawn,
        )


def use_fan(history: History) -> Fan | None:
    """A hook: how the first futures of a case spread, once they are there; this history is one of them."""
    wanted: Order = solara.use_memo(lambda: order(history.setting.case, history.seed, FIRST), [history])
    (asked,) = use_ensembles([wanted])
    known = asked.ensemble
    fan: Fan | None = solara.use_memo(lambda: fan_of(known.index) if known else None, [wanted.key, known is None])
    return fan


@solara.component
def _Courses(shown: Shown, history: History, player: Player) -> None:
    """Side by side: the course of the history so far, the redesigns across boundaries, and the plane."""
    frame, backdrop = history.at(shown.month), backdrop_of(history.setting.case)
    events = history.events[: frame.events]
    with solara.Div(classes=["rs-history-courses"]):
        with solara.Div():
            Line(
                history.course(shown.month),
                history.last_month,
                backdrop,
                futures=use_fan(history),
                height=STRIP,
                on_month=player.go,
            )
        with solara.Div():
            Timeline(
                lives(events, history.local),
                marks(events, history.names),
                shown.month,
                history.last_month,
                backdrop,
                height=STRIP,
                on_month=player.go,
            )
        with solara.Div():
            Plane(frame, history.setting, height=STRIP)


def _account(shown: Shown, history: History) -> Any:  # noqa: ANN401  months as the component reads them
    """The month on screen in full, and those before it."""
    clock = history.setting.case.clock_starts
    for month in range(shown.month, max(-1, shown.month - RECENT), -1):
        frame, now = history.at(month), month == shown.month
        yield {
            "month": month,
            "when": when(month, clock) if month else "The first day",
            "told": list(frame.told),
            "also": (frame.also[:1].upper() + frame.also[1:] if not frame.told else frame.also)
            or ("" if month else "everyone is in post, and nothing has been proposed yet"),
            "now": now,
            "everything": history.everything(month) if now and not shown.playing else [],
        }


def _publish(shown: Shown) -> None:
    """Hand over what can be taken away, while nothing moves."""
    if shown.history and not shown.playing:
        case = shown.history.setting.case
        month = when(max(shown.month, 1), case.clock_starts)
        title = f"{case.title}, {month}: care is {100 * shown.history.at(shown.month).joined:.0f} % joined up"
        subtitle = f"One history (seed {shown.history.seed}), as it stood in {month}."
        figure = partial(_figure, shown.history, shown.month, title, subtitle)
        of = (session.runs_of(case, shown.history.seed),)
        session.publish("history", session.Shown(title, subtitle, as_table(shown.history, shown.month), figure, of))


def _figure(history: History, month: int, title: str, subtitle: str) -> Any:  # noqa: ANN401  a figure
    """The history so far as a static figure."""
    events = history.events[: history.at(month).events]
    timeline = charts.Timeline(
        as_table(history, month),
        lives(events, history.local),
        marks(events, history.names),
        history.setting.case.integrated_threshold,
        history.setting.case.clock_starts,
    )
    return charts.history(timeline, title=title, subtitle=subtitle)
