"""Cases of any size, alike in everything but their size, to see how cost grows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from scipy.optimize import brentq

from redesign_sim.scenario import Scenario
from redesign_sim.scenario.localities import CLINICAL_POSTS
from redesign_sim.scenario.people import Ties
from redesign_sim.study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STAFF: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("acute", ("nurses", "consultants", "junior_doctors")),
    ("mental_health", ("nurses", "consultants", "allied")),
    ("community", ("nurses", "allied")),
    ("general_practice", ("gps", "nurses")),
    ("local_authority", ("social_workers",)),
)
"""The kinds of organisation in turn, and the professions that work there, in turn."""

HEADS = 2
"""A service manager and an executive, whom every organisation that gives care has."""

FEWEST = 3
"""The fewest people of an organisation: its two heads and somebody who gives care."""


class Size(NamedTuple):
    """How large a case is.

    `people` counts everyone, `organisations` those that give care and the one commissioner, `ties` how many people a
    person of average standing may expect to know on the first day, `stock` the share of months in which a person
    without a live proposal considers starting one.
    """

    people: int = 80
    organisations: int = 6
    ties: float = 4.0
    months: int = 24
    stock: float = 0.2


def case_of(size: Size) -> Scenario:
    """A case of a given size: organisations in a ring, care passing between neighbours, one commissioner for all.

    Everyone knows `ties` others on average whatever the size, most of them near, as by the schema's own defaults.
    Raises StudyError where no such case can be.
    """
    givers = size.organisations - 1
    if givers < 2 or size.people < FEWEST * givers + 1:  # noqa: PLR2004  care has to pass between two
        raise StudyError(
            f"A case of {size.organisations} organisations and {size.people} people cannot be: there are at least "
            f"three organisations, with {FEWEST} people in each that gives care and a commissioner."
        )
    members = _members(size.people - 1, givers) | {
        "payer": {"name": "The commissioner", "kind": "commissioner", "commissioners": 1}
    }
    return Scenario.model_validate(
        {
            "name": f"bench_{size.people}_{size.organisations}_{size.months}",
            "title": f"{size.people} people in {size.organisations} organisations",
            "horizon_months": size.months,
            "organisations": {"members": members},
            "interfaces": [{"between": pair, "traffic": 1.0} for pair in _ring(givers)],
            "strategies": [{"name": "A national strategy", "month": 13, "strength": 0.6}],
            "ties": _ties(members, size),
            "behaviour": {"taking_stock": size.stock},
        }
    )


def _members(people: int, givers: int) -> dict[str, dict[str, Any]]:
    """Organisations that give care, everyone shared out as evenly as can be."""
    return {
        f"owner_{number}": _owner(number, people // givers + (number < people % givers)) for number in range(givers)
    }


def _owner(number: int, people: int) -> dict[str, Any]:
    kind, posts = STAFF[number % len(STAFF)]
    staff = Counter(posts[turn % len(posts)] for turn in range(people - HEADS))
    return {"name": f"Owner {number}", "kind": kind, **staff}


def _ring(givers: int) -> Iterator[tuple[str, str]]:
    """Each organisation and the next; two have one border."""
    for number in range(givers if givers > 2 else 1):  # noqa: PLR2004
        yield f"owner_{number}", f"owner_{(number + 1) % givers}"


def _ties(members: Mapping[str, Mapping[str, Any]], size: Size) -> dict[str, float]:
    """The schema's chances of a tie, all multiplied so that a person may expect the ties that are asked for.

    None goes above one; where some stand there, the others make up for it.
    """
    chances: dict[str, float] = Ties().model_dump(exclude={"cross_boundary"})
    pairs = _pairs_of(members)

    def expected(scale: float) -> float:
        return sum(min(1.0, scale * chances[name]) * number for name, number in pairs.items()) / size.people

    most = 1.0 / min(chances.values())
    if expected(most) < size.ties:
        raise StudyError(f"{size.people} people cannot have {size.ties:g} ties each.")
    scale = brentq(lambda scale: expected(scale) - size.ties, 0.0, most)
    return {name: min(1.0, scale * chance) for name, chance in chances.items()}


def _pairs_of(members: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """How many ordered pairs of people there are of each sort that the schema tells apart."""
    groups = [_professions(member) for member in members.values()]
    together = sum(groups, Counter[str]())
    everyone = together.total()
    here = sum(group.total() * (group.total() - 1) for group in groups)
    alike_here = sum(map(_alike, groups))
    alike = _alike(together)
    return {
        "same_profession_here": alike_here,
        "same_profession_elsewhere": alike - alike_here,
        "other_profession_here": here - alike_here,
        "both_different": everyone * (everyone - 1) - here - (alike - alike_here),
    }


def _professions(member: Mapping[str, Any]) -> Counter[str]:
    """How many people of each profession an organisation has; managers and executives are of one."""
    if member["kind"] == "commissioner":
        return Counter({"commissioning": member["commissioners"]})
    group: Counter[str] = Counter({"management": HEADS})
    for field, profession in CLINICAL_POSTS.items():
        group[profession] += member.get(field, 0)
    return group


def _alike(group: Counter[str]) -> int:
    """How many ordered pairs of people are of one profession."""
    return sum(number * (number - 1) for number in group.values())
