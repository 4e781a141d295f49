"""What was asked: the design, levers and uncertainties with their ranges, outcomes with their definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from redesign_sim.reports.study_page.blocks import Block, Facts, Section, Table, table
from redesign_sim.reports.study_page.words import (
    count,
    factor_words,
    kind_words,
    listed,
    outcome_words,
    quantity,
    range_words,
)
from redesign_sim.study.replication import Fixed
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from redesign_sim.reports.study_page.given import Given


def in_numbers(given: Given) -> Facts:
    """The study at a glance."""
    runs = given.summary["runs"]
    each = f"{int(runs.min()):,}" if runs.min() == runs.max() else f"{int(runs.min()):,} to {int(runs.max()):,}"
    failed = int(given.summary["failed"].sum())
    pairs = [
        (count(len(given.cases), "case").split(" ")[1], f"{len(given.cases)}"),
        ("points", f"{len(given.summary):,}"),
        ("futures of each", each),
        ("runs", f"{int(runs.sum()) + failed:,}"),
        ("runs that failed", f"{failed:,}"),
    ]
    return Facts(pairs, "numbers")


def section(given: Given) -> Section:
    """The design."""
    blocks: list[Block] = [Facts(_facts(given))]
    if given.study.factors:
        blocks.append(_factors(given))
    return Section("design", "What was asked", [*blocks, _outcomes(given)])


def _facts(given: Given) -> list[tuple[str, str]]:
    """The design in words."""
    study = given.study
    rule = study.rule
    often = f"{rule.number:,} futures of every point" if isinstance(rule, Fixed) else kind_words(rule)
    return [
        ("Question", study.question),
        ("Cases", "; ".join(_case_words(given, name) for name in given.cases)),
        ("Points", f"{kind_words(study.design)} {count(len(given.summary), 'point')} in all."),
        *(
            [("Uncertainties", f"{kind_words(study.sample)} Every draw meets every point of the levers.")]
            if study.sample
            else []
        ),
        ("Futures", often),
        ("Luck", "shared by all points" if study.common_luck else "each point's own"),
        ("Seed", f"{study.seed}"),
        ("Ranked by", outcome_words(study.select_on))
        if given.ranks
        else ("Looked at", listed([outcome_words(name) for name in study.outcomes])),
    ]


def _case_words(given: Given, name: str) -> str:
    """A case with the numbers that one has to know of it."""
    case = given.results.experiment.cases[name]
    return (
        f"{given.cases[name]} ({name}: {case.horizon_months} months, {given.results.experiment.clinicians[name]} "
        f"clinicians, integrated from an index of {case.integrated_threshold:g})"
    )


def _factors(given: Given) -> Table:
    """What was varied, and how far."""
    rows = [
        {"group": group, "path": path, "what": factor_words(path), "values": range_words(factor), **_about(path)}
        for group, factors in (("lever", given.study.levers), ("uncertainty", given.study.uncertainties))
        for path, factor in factors.items()
    ]
    return table(
        "factors",
        pd.DataFrame(rows),
        {
            "What": lambda row: str(row["what"]),
            "Path": lambda row: str(row["path"]),
            "Role": lambda row: str(row["group"]),
            "Values": lambda row: str(row["values"]),
            "Unit": lambda row: str(row["unit"]),
            "Meaning": lambda row: str(row["meaning"]),
        },
        caption="What was varied: levers (what a health system could choose) and uncertainties (what nobody chooses)",
        shut=f"What was varied: {count(len(given.study.levers), 'lever')}, "
        f"{count(len(given.study.uncertainties), 'uncertainty', 'uncertainties')}",
        words=("Path", "Role", "Values", "Unit", "Meaning"),
    )


def _about(path: str) -> dict[str, str]:
    """A quantity's unit and meaning."""
    found = quantity(path)
    return {"unit": found.unit, "meaning": found.meaning} if found else {"unit": "", "meaning": ""}


def _outcomes(given: Given) -> Table:
    """The outcomes that the page shows, as they are defined."""
    names = dict.fromkeys(("integrated", "integration_index", *given.study.outcomes, given.study.select_on))
    rows = pd.DataFrame(
        [{"name": name, "unit": MEASURES[name].unit, "definition": MEASURES[name].definition} for name in names]
    )
    return table(
        "outcomes",
        rows,
        {
            "Outcome": lambda row: outcome_words(str(row["name"])),
            "Column": lambda row: str(row["name"]),
            "Unit": lambda row: str(row["unit"]),
            "Definition": lambda row: str(row["definition"]).replace("`", ""),
        },
        caption="The outcomes shown here, as the model defines them",
        shut="The outcomes and their definitions",
        words=("Column", "Unit", "Definition"),
    )
