"""The map of a case: organisations as groups of people, who knows whom, what is proposed, where care joins up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redesign_sim.roles import Stage
from redesign_sim.study.mixes import TYPE_WORDS
from redesign_sim.ui.components.drawn import drawn_by
from redesign_sim.ui.components.places import HEIGHT, NAME_ROOM, WIDTH, places_of, seat_at, spacing_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.ui.playing import Frame, Live, Setting

TYPE_FILLS = {
    "high_impact": "var(--high-impact)",
    "localised": "var(--localised)",
    "lacking_followers": "var(--lacking)",
    "passive": "var(--passive)",
}
KINDS: dict[str, dict[str, str]] = {
    **{
        kind: {
            "words": f"clinician, {TYPE_WORDS[kind]}",
            "brief": TYPE_WORDS[kind],
            "shape": "circle",
            "fill": fill,
            "stroke": "var(--quiet)",
        }
        for kind, fill in TYPE_FILLS.items()
    },
    "manager": {"words": "manager or executive", "shape": "square", "fill": "var(--paper)", "stroke": "var(--ink)"},
    "commissioner": {"words": "commissioner", "shape": "diamond", "fill": "var(--paper)", "stroke": "var(--ink)"},
}
"""What people are drawn as."""

PLACES = {kind: place for place, kind in enumerate(KINDS)} | {"executive": list(KINDS).index("manager")}


@drawn_by("map.vue")
def Map(
    place: dict[str, Any],
    frame: dict[str, Any],
    label: str,
    kinds: list[dict[str, str]],
    height: str = "32rem",
    event_drawn: Callable[[int], None] | None = None,
) -> None:
    """`place` stays as it is over a history, `frame` is a month of it; `event_drawn` hears which month is on screen.

    Beyond 200 people it is drawn on a canvas.
    """


def place_of(setting: Setting) -> dict[str, Any]:
    """What of the map does not change."""
    labels = setting.labels
    places = places_of(setting.staff, [(first, second, traffic) for first, second, traffic, _ in setting.ways])
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "room": NAME_ROOM,
        "spacing": spacing_of(sum(setting.staff)),
        "organisations": [
            {"name": name, "x": round(x), "y": round(y), "reach": round(reach, 1)}
            for name, (x, y, reach) in zip(labels.organisations, places, strict=True)
        ],
        "ways": [
            {"first": first, "second": second, "traffic": traffic, "start": start, "name": name}
            for (first, second, traffic, start), name in zip(setting.ways, labels.interfaces, strict=True)
        ],
        "people": list(labels.people),
    }


def frame_of(frame: Frame, spacing: float) -> dict[str, Any]:
    """A month as the map draws it."""
    seats = [seat_at(person.seat, spacing) for person in frame.people]
    return {
        "month": frame.month,
        "homes": [person.organisation for person in frame.people],
        "xy": [round(number, 1) for seat in seats for number in seat],
        "kinds": [PLACES[person.kind] for person in frame.people],
        "live": [_live(live) for live in frame.live],
        "ways": [round(way.integration, 4) for way in frame.ways],
        "tended": [way.tended for way in frame.ways],
        "ties": [number for pair in frame.ties for number in pair],
    }


def _live(live: Live) -> dict[str, Any]:
    """A live proposal as the map draws it."""
    agreed = live.stage == Stage.AUTHORISED
    state = "authorised" if agreed else "argued over"
    return {
        "number": live.number,
        "lead": live.lead,
        "agreed": agreed,
        "organisations": list(live.organisations),
        "words": f"proposal {live.number}: {state}, {live.backers} on board",
    }


def map_label(frame: Frame, setting: Setting) -> str:
    """The map in a sentence."""
    across = sum(len(live.organisations) > 1 for live in frame.live)
    return (
        f"{len(setting.labels.organisations)} organisations and {len(frame.people)} people in month {frame.month}; "
        f"{len(frame.live)} live redesigns, {across} of them across boundaries; arrow keys go from one to the next."
    )
