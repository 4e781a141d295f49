"""Random localities: small structures, with any value of every number and any setting of every switch."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

from redesign_sim.rulekit import switchable_rules
from redesign_sim.scenario import Scenario, override, walk_fields
from redesign_sim.scenario.localities import CLINICAL_POSTS
from redesign_sim.scenario.policies import PRACTICE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from redesign_sim.scenario import Walked

PROVIDERS = (
    "acute",
    "mental_health",
    "community",
    "general_practice",
    "local_authority",
    "third_sector",
    "independent",
)
STATED = re.compile(
    r"organisations\.members\.|interfaces\[|leadership\.mix\.|pathway\.organisations|horizon_months|\.emphasis\.|\.focus\."
)
"""Numbers that the structure settles, or that are shares of a whole."""


def maybe(rng: Generator, chance: float = 0.5) -> bool:
    return bool(rng.random() < chance)


def random_locality(rng: Generator, months: int) -> Scenario:
    """A case of two to five providers and one to three commissioners, in which anything may be set to anything."""
    whole = Scenario.model_validate(structure(rng, months))
    return override(whole, dict(settings(rng, whole)))


def structure(rng: Generator, months: int) -> dict[str, Any]:
    members = {f"owner_{n}": provider(rng) for n in range(rng.integers(2, 6))}
    members["owner_0"]["consultants"] = 1 + int(rng.integers(3))
    owners = list(members)
    commissioners = int(rng.integers(1, 4))
    members |= {
        f"payer_{n}": {"name": f"Payer {n}", "kind": "commissioner", "commissioners": 1 + int(rng.integers(2))}
        for n in range(commissioners)
    }
    pairs = list(combinations(owners, 2))
    crossings = [pairs[n] for n in rng.permutation(len(pairs))[: rng.integers(1, len(pairs) + 1)]]
    return {
        "name": f"random_{rng.integers(2**32)}",
        "title": "Anywhere",
        "horizon_months": months,
        "organisations": {"members": members},
        "interfaces": [
            {"between": pair, "traffic": 0.05 + float(rng.random()), "start": float(rng.random()) / 2.0}
            for pair in crossings
        ],
        "journeys": [{"name": "There and back", "path": [*crossings[0], crossings[0][0]]}] if maybe(rng) else [],
        "leadership": leadership(rng),
        "strategies": [strategy(rng, n, crossings) for n in range(rng.integers(0, 3))],
        "turbulence": {"events": [event(rng, n, list(members)) for n in range(rng.integers(0, 3))]},
        "commissioning": {
            "decision_rule": str(rng.choice(["unanimity", "supermajority", "lead_authority"])),
            "joint": commissioners > 1 and maybe(rng),
        },
        "pathway": {"organisations": owners_wanted(rng, members) if maybe(rng, 0.3) else None},
        "practices": {
            "changeable": [name for name in PRACTICE_NAMES if maybe(rng, 0.7)] or list(PRACTICE_NAMES),
        },
    }


def owners_wanted(rng: Generator, members: dict[str, Any]) -> int | None:
    """Two to seven owners, of whom there can be no more than clinicians."""
    clinicians = sum(member.get(posts, 0) for member in members.values() for posts in CLINICAL_POSTS)
    return int(rng.integers(2, min(7, clinicians) + 1)) if clinicians > 1 else None


def provider(rng: Generator) -> dict[str, Any]:
    """An organisation of care with a few clinicians of a few professions, now and then with none."""
    kind = str(rng.choice(PROVIDERS))
    posts = rng.choice(list(CLINICAL_POSTS), size=rng.integers(0, 4), replace=False)
    some = {str(name): 1 + int(rng.integers(3)) for name in posts}
    return {"name": f"The {kind}", "kind": kind, "managers": 1 + int(rng.integers(2)), **some}


def leadership(rng: Generator) -> dict[str, Any]:
    shares = rng.dirichlet([1.0] * 4).tolist()
    styles = ("passive", "localised", "lacking_followers", "high_impact")
    focal = {"organisation": "owner_0", "profession": "consultant", "ambition": 0.9, "capability": 0.8}
    own = {"by_profession": {"consultant": {"ambition": beta(rng)}}} if maybe(rng) else {}
    traits = {"ambition": beta(rng), "capability": beta(rng), **own}
    return {
        **({"mix": dict(zip(styles, shares, strict=True))} if maybe(rng) else traits),
        "focal": focal if maybe(rng, 0.3) else None,
    }


def beta(rng: Generator) -> dict[str, float]:
    return {"mean": 0.1 + 0.8 * float(rng.random()), "concentration": 2.0 + 20.0 * float(rng.random())}


def strategy(rng: Generator, number: int, crossings: list[tuple[str, str]]) -> dict[str, Any]:
    one, other = crossings[0]
    return {
        "name": f"Strategy {number}",
        "month": 1 + int(rng.integers(6)),
        "strength": float(rng.random()),
        "emphasis": {"booking": 0.5, str(rng.choice(PRACTICE_NAMES)): 1.0} if maybe(rng) else None,
        "focus": {f"{other}-{one}": 1.0} if maybe(rng) else None,
    }


def event(rng: Generator, number: int, members: list[str]) -> dict[str, Any]:
    scopes: list[Any] = ["all", "commissioners", [str(rng.choice(members))]]
    return {"month": 1 + int(rng.integers(8)), "name": f"Event {number}", "scope": scopes[rng.integers(3)]}


def settings(rng: Generator, scenario: Scenario) -> Iterator[tuple[str, object]]:
    """Any value of many numbers, from its sweep, now and then an end of it; and any setting of every switch."""
    yield "leadership.time_share", 0.05 + 0.2 * float(rng.random())
    for walked in walk_fields(scenario):
        if walked.sweep and not STATED.search(walked.path) and maybe(rng, 0.3):
            yield walked.path, any_value(rng, walked)
        elif walked.sort == "yes or no" and walked.path != "commissioning.joint":
            yield walked.path, maybe(rng)
    for card in switchable_rules():
        choices = ["on"] * 6 + ["off"] * bool(card.off) + ["rival"] * (2 * bool(card.rival))
        yield f"mechanisms.{card.id}", str(rng.choice(choices))


def any_value(rng: Generator, walked: Walked) -> float:
    assert walked.sweep is not None
    low, high = walked.sweep
    if walked.unit == "month":
        return float(rng.integers(1, 9))
    place = rng.choice([0.0, 1.0, rng.random(), rng.random(), rng.random()])
    value = float(low + (high - low) * place)
    return float(round(value)) if walked.sort == "whole" else min(high, max(low, value))
