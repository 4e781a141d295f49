"""The table of the docking's page, made from the negotiations themselves."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import NamedTuple

from redesign_sim.reports.markdown import table
from redesign_sim.roles import Practice
from tests.docking.bargaining import Docked, dock

PAGE = Path(__file__).resolve().parents[2] / "docs" / "docking.md"
BEGINS, ENDS = "<!-- docking: begins -->", "<!-- docking: ends -->"
ROLES, CLINIC = int(Practice.PROFESSIONAL_ROLES), int(Practice.CLINIC_ORGANISATION)
PAIRS = 40


class Setting(NamedTuple):
    """Who negotiates over what."""

    words: str
    at_stake: tuple[int, ...]
    capability: float = 1.0
    concession: float = 1.0


SETTINGS = (
    Setting("one practice; the lead reads fully and concedes all that is missing", (ROLES,)),
    Setting("one practice; reads fully, concedes half of what is missing", (ROLES,), concession=0.5),
    Setting("one practice; reads fully, concedes a tenth of what is missing", (ROLES,), concession=0.1),
    Setting("one practice; reads nothing, concedes all it reads to be missing", (ROLES,), capability=0.0),
    Setting("two practices; reads fully, concedes all that is missing", (CLINIC, ROLES)),
)


def rows() -> list[tuple[str, ...]]:
    """A row a setting: how often each comes to agree, how often on the same, and what the lead has of it."""
    return [_row(setting) for setting in SETTINGS]


def _row(setting: Setting) -> tuple[str, ...]:
    held = [
        dock(seed, setting.at_stake, capability=setting.capability, concession=setting.concession)
        for seed in range(PAIRS)
    ]
    both = [each for each in held if each.rules.depths is not None and each.library.depths is not None]
    share = mean(each.lead_by_rules / each.lead_by_library for each in both)
    return (
        setting.words,
        _count(each.library.depths is not None for each in held),
        _count(each.rules.depths is not None for each in held),
        _count(_asked_by_both(each) for each in held),
        f"{mean(each.rules.rounds for each in held):.1f}",
        f"{100 * share:.1f} %",
    )


def _asked_by_both(each: Docked) -> bool:
    return each.rules.depths == each.asked == each.library.depths


def _count(found: object) -> str:
    return f"{sum(found)} of {PAIRS}"  # type: ignore[call-overload]  # a generator of yes and no


def refreshed(text: str) -> str:
    """The page with its table made anew."""
    head = (
        "Setting",
        "the library agrees",
        "the rules agree",
        "both as asked",
        "encounters by the rules",
        "worth to the lead by the rules, of that by the library, where both agree",
    )
    before, _, rest = text.partition(BEGINS)
    after = rest.partition(ENDS)[2]
    return f"{before}{BEGINS}\n{table(head, rows())}\n{ENDS}{after}"
