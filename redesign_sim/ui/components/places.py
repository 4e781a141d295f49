"""Where organisations and the people in them stand on the map; the same case always gives the same map."""

from __future__ import annotations

from math import cos, hypot, pi, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 1600.0, 900.0
"""The map's own units; a browser stretches them to the room it has."""

GOLDEN = pi * (3 - sqrt(5))
ROUNDS = 200
NAME_ROOM = 46.0
"""Room that a name takes below its organisation."""


class Place(NamedTuple):
    """An organisation's place: the middle of its group, and how far the group reaches."""

    x: float
    y: float
    reach: float


def seat_at(seat: int, spacing: float) -> tuple[float, float]:
    """Where a seat lies from the middle of its group: the florets of a sunflower, which fill a disc evenly."""
    away, turn = spacing * sqrt(seat + 0.5), seat * GOLDEN
    return away * cos(turn), away * sin(turn)


def spacing_of(people: int) -> float:
    """The distance of neighbours, smaller where there are many people."""
    return 23.0 * min(1.0, sqrt(90 / max(people, 1)))


def places_of(staff: Sequence[int], ways: Sequence[tuple[int, int, float]]) -> list[Place]:
    """Organisations by their number: those between which care passes stand near each other, the others along the top.

    `staff`: people in each; `ways`: the two ends of each interface and its share of the traffic.
    """
    spacing = spacing_of(sum(staff))
    reaches = [spacing * (sqrt(people) + 0.9) for people in staff]
    graph = nx.Graph([(first, second) for first, second, _ in ways])
    joined = _arranged(graph)
    apart = [number for number in range(len(staff)) if number not in joined]
    points = joined | {number: ((k + 0.5) / len(apart), 0.0) for k, number in enumerate(apart)}
    return _pushed_apart([Place(*_in_the_box(*points[n], reaches[n]), reaches[n]) for n in range(len(staff))])


def _arranged(graph: nx.Graph[int]) -> dict[int, tuple[float, float]]:
    """The organisations of a pathway, as near each other as the hand-offs between them are few; between 0 and 1."""
    placed = nx.kamada_kawai_layout(graph, pos=nx.circular_layout(sorted(graph)))
    xs, ys = ([point[k] for point in placed.values()] for k in (0, 1))
    wide, high = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    return {n: (float((x - min(xs)) / wide), 0.16 + 0.84 * float((y - min(ys)) / high)) for n, (x, y) in placed.items()}


def _in_the_box(x: float, y: float, reach: float) -> tuple[float, float]:
    """From shares of width and height to the map's units, with room for the group and its name."""
    return reach + 30 + x * (WIDTH - 2 * reach - 60), reach + 8 + y * (HEIGHT - 2 * reach - 16 - NAME_ROOM)


def _pushed_apart(places: list[Place]) -> list[Place]:
    """No group over another: pairs that overlap give way to each other, a little at a time."""
    for _ in range(ROUNDS):
        moved = False
        for one in range(len(places)):
            for other in range(one):
                pushed = _give_way(places[one], places[other])
                if pushed:
                    places[one], places[other] = pushed
                    moved = True
        if not moved:
            break
    return places


def _give_way(one: Place, other: Place) -> tuple[Place, Place] | None:
    """Two groups that overlap, names included, moved apart by half of what is missing; None where there is room."""
    across, down = one.x - other.x, (one.y - other.y) * 0.8
    away = hypot(across, down) or 1.0
    short = one.reach + other.reach + NAME_ROOM * 0.8 - away
    if short <= 0.5:  # noqa: PLR2004  half a unit is not seen
        return None
    dx, dy = (across / away or 0.6) * short / 3, (down / away or 0.8) * short / 3
    return _kept(one, dx, dy), _kept(other, -dx, -dy)


def _kept(place: Place, dx: float, dy: float) -> Place:
    """A place moved, but not over the edge."""
    reach = place.reach
    x = min(max(place.x + dx, reach + 30), WIDTH - reach - 30)
    return Place(x, min(max(place.y + dy, reach + 8), HEIGHT - reach - 8 - NAME_ROOM), reach)
