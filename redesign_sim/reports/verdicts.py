"""The verdicts on the claims as Markdown: a page of `docs/` with all figures, and the table of the README.

Both come from the reference table alone, so that they are as fresh as it is.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from redesign_sim.evidence.findings import FINDINGS, LABELS
from redesign_sim.evidence.robustness import LIVE
from redesign_sim.reports.controls import hanging_words
from redesign_sim.reports.examples import link_to_lines, links_to_examples
from redesign_sim.reports.markdown import page, table
from redesign_sim.rulekit import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SHORT = {
    "dementia_london": "dementia, London",
    "dementia_manchester": "dementia, Manchester",
    "sexual_health_london": "sexual health, London",
    "sexual_health_manchester": "sexual health, Manchester",
    "neutral": "neutral",
}
"""The cases in the heads of tables."""

AS_IT_STANDS = "as it stands"


def word(verdict: str) -> str:
    """A verdict as a table shows it: what does not hold stands out as much as what does."""
    return {"holds": "**holds**", "reversed": "**reversed**"}.get(verdict, verdict)


def effect(figures: Sequence[float | None]) -> str:
    """An effect with its interval."""
    estimate, low, high = (_figure(figure) for figure in figures)
    return f"{estimate} ({low} to {high})"


def _figure(value: float | None) -> str:
    """Three significant digits, with a proper minus; a dash where there is none."""
    return "–" if value is None else f"{value:.3g}".replace("-", "−")


def share(value: float | None) -> str:
    """A share in per cent."""
    return "–" if value is None else f"{100 * value:.0f} %"


def weakest(claim: Mapping[str, Any], which: str) -> tuple[float, float] | None:
    """Of the deciding tests tried over the space: the least share of points at which one holds, the most reversed."""
    spaces = [test["space"][which] for test in claim["tests"].values() if deciding(test) and which in test["space"]]
    known = [each for each in spaces if each["points"]]
    if not known:
        return None
    return min(each["holds"] for each in known), max(each["reversed"] for each in known)


def deciding(test: Mapping[str, Any]) -> bool:
    """Whether a test decides its claim's verdict."""
    return not test["secondary"] and test["expected"] != "open"


def over_space(claim: Mapping[str, Any], which: str) -> str:
    """The weakest test over the space, in words."""
    found = weakest(claim, which)
    return "not tried" if found is None else f"{share(found[0])} / {share(found[1])}"


def carried_by(claim: Mapping[str, Any]) -> str:
    """After which switches a deciding test that holds on the neutral case holds no longer."""
    held = [test for test in claim["tests"].values() if _holds_as_it_stands(test)]
    if not held:
        return "nothing holds there"
    gone = [name for name in claim["switched"] if any(lost(test, name) for test in held)]
    return ", ".join(gone) or "no single mechanism"


def lost(test: Mapping[str, Any], switch: str) -> bool:
    """Whether a test that holds is lost by a switch, by a change of its effect that can be told from luck."""
    verdict, _, told = test["switched"].get(switch, ("holds", None, False))
    return _holds_as_it_stands(test) and verdict != "holds" and bool(told)


def _holds_as_it_stands(test: Mapping[str, Any]) -> bool:
    """Whether a deciding test holds on the neutral case with nothing switched."""
    return deciding(test) and test["switched"].get(AS_IT_STANDS, ("",))[0] == "holds"


ORDER = ("reversed", "undetectable", "partly", "holds")


# --- README -----------------------------------------------------------------------------------------------------------


def readme_table(found: Mapping[str, Any]) -> str:
    """The verdicts as the README shows them: a row a claim, linked to all that stands behind it."""
    cases = found["cases"]
    head = (
        "",
        "the study's finding",
        "how much is written in",
        *(SHORT.get(case, case) for case in cases),
        "over the space",
    )
    rows = [
        (
            f"[{name}](docs/evidence.md#{name.lower()})",
            claim["sentence"],
            claim["label"],
            *(word(claim["cases"].get(case, "not tried")) for case in cases),
            over_space(claim, "all"),
        )
        for name, claim in found["claims"].items()
    ]
    return f"{tally(found)} {hanging_words('docs/controls.md#claims')}\n\n{table(head, rows)}"


def tally(found: Mapping[str, Any]) -> str:
    """How many claims come to which verdict, on all the cases on which they are tried, and what labels hold."""
    worst = {name: min(claim["cases"].values(), key=ORDER.index) for name, claim in found["claims"].items()}
    counts = Counter(worst.values())
    labels = Counter(found["claims"][name]["label"] for name, verdict in worst.items() if verdict == "holds")
    depth = found["depth"]
    return (
        f"Of {len(found['claims'])} claims {counts['holds']} hold on every case, {counts['partly']} hold in part, "
        f"{counts['undetectable']} are undetectable and {counts['reversed']} are reversed on at least one case. "
        f"How much of those that hold is written in: {', '.join(f'{labels[label]} {label}' for label in LABELS)}. "
        f"{depth['replications']} runs of each condition on each case; over the space {depth['points']:,} points with "
        f"{depth['at_a_point']} runs of each condition."
    )


# --- the page ---------------------------------------------------------------------------------------------------------

INTRO = (
    "Each claim was declared as a small study before anything was run: conditions, an effect, its sign, and the "
    "smallest effect that anyone would care about (0.02 on the gain in integration and other means from 0 to 1, five "
    "points on a share). A test *holds* where the 95 % interval of the effect lies beyond that, in the direction "
    "expected; it is *reversed* where it lies beyond it in the other; else it is *undetectable*, and *too small* is "
    "added where the whole interval lies within the smallest effect: then it was looked for and is not there. A claim "
    "holds in a case where all its deciding tests do, in part where some do and none is reversed, however much these "
    "matter to it. Every verdict that has changed since the first full run is in [the log](evidence_log.md). [How it "
    "was done](evidence_method.md)."
)

SPACE = (
    "*Over the space*: every behavioural parameter drawn over its whole sweep range, at space-filling points that the "
    "cases take in turn; constants inside rules and what a case states are left as they are. The two shares are those "
    "of points at which the claim's weakest test holds, and at which its worst is reversed; at a point there are few "
    "runs, so that small effects are undetectable there. *Live* are the {live:,} of {points:,} points at which "
    "integration gains between {low:g} and {high:g}. *Goes without*: the switches after which a deciding test that "
    "holds on the neutral case holds no longer, by a change that can be told from luck."
)


def evidence_page(found: Mapping[str, Any]) -> str:
    """All verdicts, with their figures, what carries them, and where each rule and its worked examples stand."""
    claims = found["claims"]
    return page(
        "The evidence",
        INTRO,
        tally(found),
        hanging_words("controls.md#claims"),
        _overview(found),
        live_words(SPACE, found),
        *(part for name, claim in claims.items() for part in _claim(name, claim, found)),
        "## What carries them",
        "Each mechanism off, or its rival in its place, on the neutral case, under the same luck: the verdict on each "
        "claim. Bold: a deciding test that held is lost.",
        _switches(claims),
        "## Enough replications?",
        "The standard deviation of each outcome of the neutral case over its first so many runs. Where it has settled "
        "more runs only narrow the interval, as one over the square root.",
        _spreads(found["spreads"]),
    )


def live_words(text: str, found: Mapping[str, Any]) -> str:
    """How many points there are, and how many of them are live."""
    return text.format(live=found["live_points"], points=found["depth"]["points"], low=LIVE[0], high=LIVE[1])


def _overview(found: Mapping[str, Any]) -> str:
    """A row a claim."""
    cases = found["cases"]
    head = ("Claim", *(SHORT.get(case, case) for case in cases), "all points", "live points", "goes without")
    rows = [
        (
            f"[{name}](#{name.lower()})",
            *(word(claim["cases"].get(case, "not tried")) for case in cases),
            over_space(claim, "all"),
            over_space(claim, "live"),
            carried_by(claim),
        )
        for name, claim in found["claims"].items()
    ]
    return table(head, rows)


def _claim(name: str, claim: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """A claim's section."""
    finding = FINDINGS[name]
    tests = claim["tests"]
    return [
        f"## {name}",
        f"{claim['sentence']} *Looked for*: {finding.pattern} *Label*: **{claim['label']}**. {finding.because}",
        table(
            ("Test", "What is expected", *(SHORT.get(case, case) for case in found["cases"])), _test_rows(tests, found)
        ),
        *_space(tests),
        f"Said to make the pattern: {', '.join(claim['own'])}. Goes without: {carried_by(claim)}.",
        table(("Rule", "What it says", "Lines", "Worked examples"), map(_rule, claim["rules"])),
    ]


def _test_rows(tests: Mapping[str, Mapping[str, Any]], found: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    """A row a test, a column a case."""
    for name, test in tests.items():
        kind = " (secondary)" if test["secondary"] else " (no order expected)" if test["expected"] == "open" else ""
        where = f" Expected in: {test['region']}." if test["region"] else ""
        cells = [_cell(test["cases"].get(case), test["smallest"]) for case in found["cases"]]
        yield (name, f"{test['says'][:1].upper()}{test['says'][1:]}{kind}.{where}", *cells)


def too_small(verdict: Mapping[str, Any], smallest: float) -> bool:
    """Whether an undetectable effect is known to be smaller than anyone would care about."""
    _, low, high = verdict["effect"]
    known = low is not None and high is not None
    return verdict["word"] == "undetectable" and known and -smallest < low and high < smallest


def _cell(verdict: Mapping[str, Any] | None, smallest: float) -> str:
    """A verdict with its figures."""
    if verdict is None:
        return "not tried"
    logit = verdict["logit"]
    sign = f"; logit {_figure(logit[0])}" if logit else ""
    scale = ", **scale-dependent**" if verdict["scale_dependent"] else ""
    small = ", too small," if too_small(verdict, smallest) else ""
    return f"{word(verdict['word'])}{small} {effect(verdict['effect'])}{sign}{scale}"


def _space(tests: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """How far the tests hold over the space, and what decides it."""
    head = (
        "Test",
        "points",
        "holds",
        "undetectable",
        "reversed",
        "luck",
        "without luck: holds",
        "reversed",
        "what decides",
    )
    rows = [
        (
            f"{name}, {which}",
            f"{int(each['points']):,}",
            *(
                share(each[key])
                for key in ("holds", "undetectable", "reversed", "luck", "clean_holds", "clean_reversed")
            ),
            decisive(test) if which == "all" else "",
        )
        for name, test in tests.items()
        for which, each in test["space"].items()
    ]
    return [table(head, rows)] if rows else []


def decisive(test: Mapping[str, Any]) -> str:
    """The parameters that account for most of the differences between points, down to what nothing accounts for."""
    told = [(name, own) for name, own, low, _, _ in test["deciding"] if low is not None and low > 0 and name != "dummy"]
    return ", ".join(f"{name} {share(own)}" for name, own in told) or "none that can be told"


def _rule(identity: str) -> tuple[str, ...]:
    """A rule, with its lines and worked examples."""
    card = CATALOGUE[identity]
    return (
        f"[{card.id}](rules.md#{card.id.lower()}) `{card.name}`",
        card.sentence,
        link_to_lines(card),
        links_to_examples(card),
    )


def _switches(claims: Mapping[str, Mapping[str, Any]]) -> str:
    """Claims by mechanisms."""
    names = list(dict.fromkeys(name for claim in claims.values() for name in claim["switched"]))
    rows = [
        (
            name if name == AS_IT_STANDS else f"[{name}](rules.md#{name.split()[0].lower()})",
            *(_switched(claim, name) for claim in claims.values()),
        )
        for name in names
    ]
    return table(("", *claims), rows)


def _switched(claim: Mapping[str, Any], name: str) -> str:
    """A verdict with a mechanism switched, bold where a test is lost."""
    verdict = str(claim["switched"].get(name, ""))
    return f"**{verdict}**" if any(lost(test, name) for test in claim["tests"].values()) else verdict


def _spreads(spreads: Mapping[str, Mapping[str, float | None]]) -> str:
    """Outcomes by numbers of replications."""
    sizes = list(dict.fromkeys(size for each in spreads.values() for size in each))
    rows = [(f"`{name}`", *(_figure(each.get(size)) for size in sizes)) for name, each in spreads.items()]
    return table(("Outcome", *(f"{size} runs" for size in sizes)), rows)
