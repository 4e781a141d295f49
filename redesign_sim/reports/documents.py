"""Documents that argue: their text stands in `texts/`, and what restates the code is filled in from there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, get_type_hints

from redesign_sim import things
from redesign_sim.evidence.findings import FINDINGS, LABELS
from redesign_sim.month import MONTH
from redesign_sim.reports import controls
from redesign_sim.reports.markdown import code, number, page, span, table
from redesign_sim.reports.tables import FILES, chapters, what_is_done
from redesign_sim.roles import Purpose
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario import load_scenario, shipped_scenarios, walk_quantities
from redesign_sim.study.statistics import SMALLEST_EFFECT
from redesign_sim.world import founding
from redesign_sim.world.building import build
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = Path(__file__).parent / "texts"

TITLES = {
    "odd.md": "The model, after the ODD protocol",
    "controls.md": "Controls, and what hangs on what",
    "what_it_cannot_tell.md": "What this model cannot tell you",
}
"""The documents by file name, and what they are called."""

INFORMANTS = 74
"""How many people Storey and Holti spoke with."""

ENTITIES = (
    ("People", things.Person),
    ("Organisations", things.Organisation),
    ("Interfaces", things.Interface),
    ("Proposals", things.Proposal),
    ("Strategies", things.Strategy),
    ("Practices", things.PracticeFacts),
)


def documents() -> dict[str, str]:
    """Every document by its file name in `docs/`."""
    return {name: page(title, filled(name)) for name, title in TITLES.items()}


def filled(name: str) -> str:
    """A text with each `{{part}}` filled in. Raises KeyError where a text asks for a part that nobody makes."""
    before, *rest = (TEXTS / name).read_text("utf-8").split("{{")
    pieces = [before]
    for each in rest:
        part, after = each.split("}}", 1)
        pieces += [PARTS[part](), after]
    return "".join(pieces).strip()


def _entities() -> str:
    """The kinds of things and their state variables, as the rules see them."""
    rows = [(name, f"`{kind.__name__}`", code(get_type_hints(kind))) for name, kind in ENTITIES]
    return table(("Entity", "In the code", "State variables"), rows)


def _schedule() -> str:
    """The stages of a month and what is done in each."""
    rows = [(str(place), stage.name, what_is_done(stage.acts)) for place, stage in enumerate(MONTH, start=1)]
    return table(("", "Stage", "Who does what (rule)"), rows)


def _submodels() -> str:
    """Every rule's sentence, by stage."""
    parts = []
    for chapter in chapters():
        cards = [card for card in CATALOGUE.values() if card.module == chapter.module]
        lines = [f"- **{card.id}** {card.sentence}" for card in cards]
        parts += [f"### {chapter.title}", f"[{chapter.module}.py]({FILES}/{chapter.module}.py)", "\n".join(lines)]
    return "\n\n".join(parts)


def _labels() -> str:
    counts = Counter(finding.label for finding in FINDINGS.values())
    return ", ".join(f"{counts[label]} {label}" for label in LABELS)


def _put_in() -> str:
    """The findings whose pattern a rule states, or that follow from how parts are joined."""
    lines = [
        f"- **{name}** ({finding.label}): {finding.said} {finding.because}"
        for name, finding in FINDINGS.items()
        if finding.label in {"assumed", "structural"}
    ]
    return "\n".join(lines)


def _confidence() -> str:
    """How many behavioural parameters are known how well."""
    counts = Counter(parameter.quantity.confidence for parameter in PARAMETERS.values())
    words = {"H": "have a sourced value", "M": "a sourced direction and a range", "L": "are assumptions with a range"}
    return ", ".join(f"{counts[level]} {words[level]}" for level in ("H", "M", "L"))


def _sizes() -> str:
    """How large the cases of the study are."""
    states = [build(load_scenario(name)).state for name in shipped_scenarios() if name.startswith(("dem", "sex"))]
    people = sorted(len(state.people) for state in states)
    organisations = sorted(len(state.organisations) for state in states)
    return f"{people[0]} to {people[-1]} people in {organisations[0]} to {organisations[-1]} organisations"


def _horizon() -> tuple[float, tuple[float, float]]:
    walked = next(each for each in walk_quantities() if each.path == "horizon_months")
    assert walked.sweep is not None  # noqa: S101  the horizon has a range
    return float(str(walked.default)), walked.sweep


PARTS: dict[str, Callable[[], str]] = {
    **controls.PARTS,
    "claims": lambda: number(len(FINDINGS)),
    "confidence": _confidence,
    "entities": _entities,
    "fixed": lambda: number(sum(len(card.fixed) for card in CATALOGUE.values()) + len(founding.FIXED)),
    "horizon": lambda: number(_horizon()[0]),
    "horizon_end": lambda: f"{number(_horizon()[1][1])} months",
    "horizon_sweep": lambda: span(*_horizon()[1]),
    "informants": lambda: number(INFORMANTS),
    "labels": _labels,
    "outcomes": lambda: number(len(MEASURES)),
    "parameters": lambda: number(len(PARAMETERS)),
    "purposes": lambda: ", ".join(purpose.name.lower().replace("_", " ") for purpose in Purpose),
    "put_in": _put_in,
    "schedule": _schedule,
    "sizes": _sizes,
    "smallest": lambda: number(SMALLEST_EFFECT),
    "submodels": _submodels,
}
"""What a text may ask to have filled in."""
