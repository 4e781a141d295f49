"""Where the numbers come from: failures, versions, digests, seeds, what repeats it all, and what to cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redesign_sim.reports.study_page.blocks import Block, Bullets, Code, Facts, Prose, Section, table
from redesign_sim.reports.study_page.words import count

if TYPE_CHECKING:
    import pandas as pd

    from redesign_sim.reports.study_page.given import Given
    from redesign_sim.reports.study_page.words import Row

CANNOT_TELL = (
    (
        "It explains and never forecasts. It shows that these mechanisms are enough for a pattern, not that they were "
        "at work, nor that nothing else would do."
    ),
    (
        "Most of the model's numbers are assumptions with a range, and few are sourced. A result holds for the numbers "
        "it was run with; before you lean on one, vary them."
    ),
    (
        "The cases are stylised localities. Dates, kinds of organisation and decision rules are facts; sizes, traffic, "
        "traits and the threshold of integration are not. No case was fitted to data."
    ),
    (
        "There are no patients in it. Integration is how far practices are joined at interfaces, and says nothing of "
        "health."
    ),
    "It has England's NHS of 2001 to 2012 in mind: commissioners apart from providers, and strategies from the centre.",
)
STUDY = "Storey, J. and Holti, R. (2013), 'Clinical leadership in action', Health Service Journal, 5 March 2013."
MOST_FAILURES = 50
MANY = f" The first {MOST_FAILURES} are shown; failures.jsonl in the results folder has all."


def limits() -> Section:
    """What no number of the page can say."""
    return Section("limits", "What this cannot tell", [Bullets(CANNOT_TELL)])


def failures(given: Given) -> Section:
    """The runs that failed, each with the command that runs it again."""
    found = given.results.failures
    if found.empty:
        return Section("failures", "Runs that failed", [Prose("None.")])
    shown = found.head(MOST_FAILURES).assign(
        replay=[_replay(given, row) for row in found.head(MOST_FAILURES).to_dict("records")],
        reason=found["failure"].map(_last_line),
    )
    left_out = (
        f" The first {MOST_FAILURES} are shown; failures.jsonl in the results folder has all."
        if len(found) > MOST_FAILURES
        else ""
    )
    blocks: list[Block] = [
        Prose(
            f"{count(len(found), 'run')} stopped with an error. They hold no numbers and are left out of every "
            f"estimate.{left_out}"
        ),
        _failures_table(given, shown),
        *(Code(text) for text in dict.fromkeys(shown["failure"].head(3))),
    ]
    return Section("failures", "Runs that failed", blocks)


def _failures_table(given: Given, shown: pd.DataFrame) -> Block:
    return table(
        "failures",
        shown.drop(columns="failure"),
        {
            "Point": lambda row: str(row["point"]),
            "Future": lambda row: str(row["replication"]),
            "Case": lambda row: given.cases[str(row["case"])],
            "What stopped it": lambda row: str(row["reason"]),
            "Run it again": lambda row: str(row["replay"]),
        },
        caption="Runs that failed; the commands are typed where the results folder stands",
        words=("Case", "What stopped it", "Run it again"),
    )


def _replay(given: Given, row: Row) -> str:
    """The command, with the folder's name alone: where it stands is nobody's business."""
    return str(row["replay"]).replace(str(given.results.folder), given.results.folder.place.resolve().name)


def _last_line(trace: str) -> str:
    """What stopped a run, without the way there."""
    return next((line for line in reversed(trace.splitlines()) if line.strip()), "")


def section(given: Given) -> Section:
    """Versions, digests, seeds, platform, and the command that repeats it all."""
    name = given.results.folder.place.resolve().name
    blocks: list[Block] = [
        Facts(_facts(given)),
        Prose("The same runs again, from the study file and the resolved cases that lie in the results folder:"),
        Code(f"redesign-sim sweep {name}/study.yaml --out again"),
        Prose("How to cite:"),
        Bullets((STUDY, _citation(given))),
    ]
    return Section("origin", "Where the numbers come from", blocks)


def _facts(given: Given) -> list[tuple[str, str]]:
    """The manifest in words."""
    manifest = given.results.manifest
    seeds, versions, platform, scenarios = (
        _entries(manifest, key) for key in ("seeds", "versions", "platform", "scenarios")
    )
    rules = manifest["rules"]
    return [
        ("Rules (sha256)", ", ".join(rules) if isinstance(rules, list) else str(rules)),
        ("Study (sha256)", str(manifest["study"])),
        *((f"Case {name} (sha256)", digest) for name, digest in scenarios.items()),
        ("Engine", str(manifest.get("engine", "compiled"))),
        ("Seeds", f"{seeds['scheme']}; master seed {seeds['master']}"),
        ("Versions", ", ".join(f"{library} {version}" for library, version in versions.items())),
        ("Platform", f"{platform['system']}, {platform['machine']}, byte order {platform['byte_order']}"),
    ]


def _entries(manifest: dict[str, object], key: str) -> dict[str, str]:
    """A part of the manifest as names and words."""
    part = manifest.get(key)
    return {str(name): str(value) for name, value in part.items()} if isinstance(part, dict) else {}


def _citation(given: Given) -> str:
    """What to cite of the software, with what pins this result down."""
    manifest = given.results.manifest
    version = _entries(manifest, "versions")["redesign-sim"]
    numbered = f", version {version}" if version[:1].isdigit() else ""
    rules = manifest["rules"]
    digest = str(rules[0] if isinstance(rules, list) else rules)[:16]
    return (
        "The redesign-sim authors, redesign-sim: an agent-based model of clinical leadership and the redesign of "
        f"health services{numbered}; study {given.study.name} ({str(manifest['study'])[:16]}), seed "
        f"{given.study.seed}, rules {digest}."
    )
