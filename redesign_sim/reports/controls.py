"""The parts of the page on controls and accessory assumptions, from the tables that were kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redesign_sim.evidence.accessories import ACCESSORIES, NOT_CARRIED_OVER
from redesign_sim.evidence.controls import CONTROLS
from redesign_sim.evidence.grounds import COMMAND, REPLICATIONS, kept
from redesign_sim.evidence.verdicts import together
from redesign_sim.reports.markdown import table

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def effect(row: Any) -> str:  # noqa: ANN401  a named row of a table
    """An effect with its interval, as one writes it."""
    return f"{row.estimate:+.3f} ({row.low:+.3f} to {row.high:+.3f})"


def _controls() -> str:
    """What each control takes away, what must come out, and its teeth."""
    lines = []
    for name, control in CONTROLS.items():
        lines.append(f"- **{name}**: {control.taken_away}")
        lines += [f"    - {each.id}, must: {each.says}." for each in control.must]
        lines += [f"    - {each.id}, teeth: {each.says}." for each in control.teeth]
    return "\n".join(lines)


def _said() -> str:
    """In a sentence: how many of what must come out did, and which teeth do not bite."""
    found = kept("controls")
    must = {each.id for control in CONTROLS.values() for each in control.must}
    judged = found[found["test"].isin(must)]
    held = int((judged["word"] == "holds").sum())
    blunt = found[~found["test"].isin(must) & (found["expected"] != "open") & (found["word"] != "holds")]
    said = f"Of {len(judged)} things that must come out (each in each case), {held} hold"
    failed = sorted(set(judged.loc[judged["word"] != "holds", "test"]))
    said += f"; not everywhere: {', '.join(failed)}." if failed else "."
    if len(blunt):
        where = "; ".join(f"{test} in {len(rows)} of {_cases(found)} cases" for test, rows in blunt.groupby("test"))
        said += f" Teeth that do not bite: {where}. There the control had little to take away, and shows little."
    return said


def _cases(found: pd.DataFrame) -> int:
    return int(found["case"].nunique())


def _controls_table() -> str:
    """A row an expectation: how often it holds, and its smallest and its largest effect over the cases."""
    rows = []
    for test, found in kept("controls").groupby("test", sort=False):
        ordered = list(found.sort_values("estimate").itertuples())
        words = found["word"].value_counts()
        came_out = ", ".join(f"{word} {count} of {len(found)}" for word, count in words.items())
        expected = str(found["expected"].iloc[0])
        rows.append(
            (str(test), expected, came_out, *(f"{effect(row)}, {row.case}" for row in (ordered[0], ordered[-1])))
        )
    return table(("Test", "Expected", "Came out", "Smallest effect", "Largest effect"), rows)


def _accessories() -> str:
    rows = [(f"`{each.id}`", each.assumed, each.rival) for each in ACCESSORIES.values()]
    return table(("Rival", "What is assumed", "What takes its place"), rows)


def _accessories_table() -> str:
    """A row a rival: the outcomes that hang on it, and those of which it cannot be told, with the cases."""
    rows = []
    for name, found in kept("accessories").groupby("accessory", sort=False):
        gain = found[found["what"] == "integration_gain"].sort_values("estimate", key=abs)
        largest = next(gain.iloc[[-1]].itertuples())
        rows.append(
            (f"`{name}`", _which(found, "yes"), _which(found, "cannot be told"), f"{effect(largest)}, {largest.case}")
        )
    return table(("Rival", "Hang on it", "Cannot be told", "Largest change of `integration_gain`"), rows)


def _which(found: pd.DataFrame, word: str) -> str:
    """The outcomes with this word, and in how many cases."""
    counts = found.loc[found["hangs"] == word, "what"].value_counts(sort=False)
    return ", ".join(f"`{what}` ({count} of {_cases(found)} cases)" for what, count in counts.items()) or "none"


def _claims_said() -> str:
    """In a sentence: how many tests keep their verdict, hang, or cannot be told, and whether any is turned round."""
    found = kept("claims")
    same, hang, unsure = (int((found["hangs"] == word).sum()) for word in ("no", "yes", "cannot be told"))
    both = found[["ordinary", "under_rival"]].isin(["holds", "reversed"]).all(axis=1)
    turned = int((both & (found["hangs"] == "yes")).sum())
    return (
        f"Of {len(found):,} comparisons {same:,} come to the same verdict, {hang} hang on the assumption, and of "
        f"{unsure} it cannot be told; {turned or 'none'} of those that hang goes from *holds* to *reversed* or back."
    )


def _claims_named() -> str:
    """Each claim of which a test hangs on something: which test, under which rival, where, and what becomes of it."""
    hanging = kept("claims").query("hangs == 'yes'")
    lines = [
        f"- **{claim}**: " + "; ".join(_changed(row) for row in rows.itertuples()) + _whole(str(claim))
        for claim, rows in hanging.groupby(hanging["what"].map(claim_of), sort=False)
    ]
    return "\n".join(sorted(lines, key=lambda line: int(line[5:].split("*")[0]))) or "No claim is among them."


def _changed(row: Any) -> str:  # noqa: ANN401  a named row of a table
    return f"{row.what} under `{row.accessory}` in {row.case} ({row.ordinary}, then {row.under_rival}: {effect(row)})"


def _whole(claim: str) -> str:
    """Where the verdict on the whole claim, by the tests that can be tried, is another because one of them hangs."""
    found = kept("claims")
    own = found[found["what"].map(claim_of) == claim]
    changed = [
        f"{before}, then {after} under `{accessory}` in {case}"
        for (accessory, case), rows in own.groupby(["accessory", "case"], sort=False)
        if (rows["hangs"] == "yes").any()
        and (before := together(rows["ordinary"])) != (after := together(rows["under_rival"]))
    ]
    return f". *The claim itself*: {'; '.join(changed)}." if changed else ". The claim itself keeps its verdict."


def claim_of(test: str) -> str:
    """The claim that a test belongs to."""
    return test.partition(".")[0]


def hanging_words(place: str) -> str:
    """In a sentence for whoever reads verdicts: on which claims they hang on something accessory, and where to look."""
    hanging = kept("claims").query("hangs == 'yes'")
    other_steps = hanging["accessory"].isin([name for name, each in ACCESSORIES.items() if each.other_steps])
    said = [
        f"of {_listed(rows)} {when}"
        for rows, when in (
            (hanging[other_steps], "where a step of time has another length"),
            (hanging[~other_steps], "where turns, lists or ties are in another order"),
        )
        if len(rows)
    ]
    if not said:
        return f"No verdict hangs on [what had to be settled somehow]({place}) and the study says nothing of."
    return (
        f"Some verdicts hang on [what had to be settled somehow]({place}) and the study says nothing of: a test "
        f"{', and '.join(said)}, comes to another verdict in at least one case."
    )


def _listed(rows: pd.DataFrame) -> str:
    """The claims of some tests, in their order."""
    names = sorted({claim_of(test) for test in rows["what"]}, key=lambda name: int(name[1:]))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _claims_table() -> str:
    """A row a rival: how many tests keep their verdict, which hang on it, and of which it cannot be told."""
    rows = [
        (
            f"`{name}`",
            f"{int((found['hangs'] == 'no').sum())} of {len(found)}",
            _which(found, "yes"),
            _which(found, "cannot be told"),
        )
        for name, found in kept("claims").groupby("accessory", sort=False)
    ]
    return table(("Rival", "Same verdict", "Hang on it", "Cannot be told"), rows)


def _capability_effect() -> str:
    """What capability does to the gain where all are ambitious: the least and the most over the cases."""
    found = kept("controls")
    effects = found.loc[found["test"] == "all_want_the_same.2", "estimate"]
    return f"{effects.min():.3f} to {effects.max():.3f}"


PARTS: dict[str, Callable[[], str]] = {
    "command": lambda: COMMAND,
    "capability_effect": _capability_effect,
    "replications": lambda: str(REPLICATIONS),
    "controls": _controls,
    "controls_said": _said,
    "controls_table": _controls_table,
    "accessories": _accessories,
    "accessories_table": _accessories_table,
    "claims_said": _claims_said,
    "claims_named": _claims_named,
    "claims_table": _claims_table,
    "not_carried_over": lambda: (
        "\n".join(f"- {each};" for each in NOT_CARRIED_OVER[:-1]) + f"\n- {NOT_CARRIED_OVER[-1]}."
    ),
}
"""What the page's text may ask to have filled in."""
