"""The generated pages of `docs/`: rules, parameters, outcomes and claims, each derived from what the code says once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import redesign_sim.rules
import redesign_sim.world.founding
from redesign_sim.evidence import reference
from redesign_sim.evidence.findings import FINDINGS, LABELS, carriers
from redesign_sim.month import MONTH
from redesign_sim.reports.examples import link_to_lines, links_to_examples
from redesign_sim.reports.markdown import code, number, page, span, table
from redesign_sim.reports.verdicts import evidence_page
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.rules import PARAMETERS
from redesign_sim.scenario import walk_quantities
from redesign_sim.world.measures import COURSES, MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from redesign_sim.month import Act, MonthStage
    from redesign_sim.rulekit import RuleCard
    from redesign_sim.scenario.walk import Walked
    from redesign_sim.world.measures import Measure

FILES = "../redesign_sim/rules"
CONFIDENCE = (
    "Confidence: H = a sourced number, M = a sourced direction and a defensible range, L = an assumption, to be swept."
)
FIRST_NEEDED = {"weighing": "initiating"}
"""Modules of rules that no stage of the month owns, and before which they are best read; others come last."""


def pages() -> dict[str, str]:
    """Every generated page by its file name in `docs/`."""
    makers: dict[str, Callable[[], str]] = {
        "rules.md": rules_page,
        "parameters.md": parameters_page,
        "outcomes.md": outcomes_page,
        "claims.md": claims_page,
    }
    if reference.TABLE.is_file():
        makers["evidence.md"] = lambda: evidence_page(reference.read())
    return {name: make() for name, make in makers.items()}


# --- rules ------------------------------------------------------------------------------------------------------------


class Chapter(NamedTuple):
    """The rules of a stage, and what is done in it."""

    title: str
    module: str
    acts: tuple[Act, ...]

    @property
    def about(self) -> str:
        """What its module says that it is about."""
        text: str = (getattr(redesign_sim.rules, self.module).__doc__ or "").split("\n\n")[0]
        return text


def chapters() -> list[Chapter]:
    """The stages of a month that have rules of their own, in their order, and the modules that no stage owns."""
    found: dict[str, MonthStage] = {}
    for stage in MONTH:
        found.setdefault(_module(stage.acts[0].rule), stage)
    stages = [Chapter(stage.name.capitalize(), module, stage.acts) for module, stage in found.items()]
    for module in dict.fromkeys(card.module for card in CATALOGUE.values()):
        if module not in found:
            modules = [chapter.module for chapter in stages]
            place = modules.index(FIRST_NEEDED[module]) if module in FIRST_NEEDED else len(stages)
            stages.insert(place, Chapter(module.capitalize(), module, ()))
    return stages


def rules_page() -> str:
    """Every rule in the order of a month."""
    intro = (
        f"The {len(CATALOGUE)} rules of the model in the order of a month. Each is one Python function in "
        "`redesign_sim/rules/`, run as it stands by Mesa's agents and compiled by the ensemble engine. *Certain* is "
        "what a rule declares of itself and a test tries: with what its result can only rise or fall, and between "
        "which bounds it lies. A rule with an entry under *Switch* can be turned off, or exchanged for its rival, in a "
        "scenario (`mechanisms.<rule id>: off`). Claims are listed in [claims.md](claims.md), numbers in "
        "[parameters.md](parameters.md). Worked examples are sentences with numbers, computed by hand, that a test "
        "holds a rule to; each links to its line."
    )
    return page("The rules", intro, *(part for chapter in chapters() for part in _chapter(chapter)))


def _chapter(chapter: Chapter) -> list[str]:
    """A stage: its heading, what its module is about, who does what, and its rules."""
    file = f"{chapter.module}.py"
    cards = [card for card in CATALOGUE.values() if card.module == chapter.module]
    head = ("Rule", "What it says", "Claims", "Source", "Certain", "Switch", "Lines", "Worked examples")
    rows = [_rule_row(card) for card in cards]
    return [f"## {chapter.title}", f"{chapter.about} [{file}]({FILES}/{file})", steps(chapter.acts), table(head, rows)]


def steps(acts: tuple[Act, ...]) -> str:
    """What is done in a stage, by whom, in which order."""
    if not acts:
        return "No stage of its own: other stages call these rules when they need them."
    return "Each month: " + "; then ".join(f"{act.whom} {_act(act)}" for act in acts) + "."


def _act(act: Act) -> str:
    """An act by its name, with the id of its rule if it is one."""
    card = next((card for card in CATALOGUE.values() if card.function is act.rule), None)
    return f"`{act.name}` ({card.id})" if card else f"`{act.name}` (bookkeeping, no rule)"


def _rule_row(card: RuleCard) -> tuple[str, ...]:
    """A rule as it describes itself."""
    name = f'<a id="{card.id.lower()}"></a>{card.id} `{card.name}`'
    about = (card.sentence, ", ".join(card.claims), card.source, laws(card), _switch(card))
    return name, *about, link_to_lines(card), links_to_examples(card)


def laws(card: RuleCard) -> str:
    """What a rule declares of itself."""
    declared = [
        card.rises_with and f"rises with {code(card.rises_with)}",
        card.falls_with and f"falls with {code(card.falls_with)}",
        card.bounded and span(*card.bounded),
    ]
    return "; ".join(law for law in declared if law)


def _switch(card: RuleCard) -> str:
    """What `mechanisms.<id>` can make of a rule."""
    return "; ".join(filter(None, [card.off and f"off: {card.off}", card.rival and f"rival: {card.rival}"]))


def _module(function: Callable[..., object]) -> str:
    return function.__module__.rsplit(".", 1)[-1]


# --- parameters -------------------------------------------------------------------------------------------------------


def parameters_page() -> str:
    """The behavioural parameters, then every number that a case may state."""
    quantities = [walked for walked in walk_quantities() if not walked.path.startswith("behaviour.")]
    intro = (
        f"The model has {len(PARAMETERS)} behavioural parameters: numbers that a rule reads and no case sets. A case "
        f"states the rest, {len(quantities)} quantities, most of them with a default. *Sweep* is the range over which "
        f"a number may sensibly be varied; studies set any of them by its path (`--set path=value`). {CONFIDENCE}"
    )
    parts = [part for name, group in groupby(quantities, _top) for part in _quantities(name, list(group))]
    return page(
        "The numbers",
        intro,
        "## Behavioural parameters",
        "Set as `behaviour.<name>`. Each stands in the code beside the rules that read it.",
        _behaviour(),
        "## Fixed numbers inside rules",
        "Assumed, not swept, and no parameters: constants of the rules' own text, and of the first day, most of them "
        "halves for want of anything better. Whoever doubts one changes it there.",
        _fixed(),
        "## What a case states",
        "In a path `*` stands for an entry of a list or a table: `strategies[0].month`, "
        "`organisations.members.acute_north.nurses`. No default: a case has to state it, or may leave it open.",
        *parts,
    )


def _behaviour() -> str:
    """The table of behavioural parameters."""
    head = ("Name", "Title", "Unit", "Default", "Sweep", "Source", "Confidence", "Meaning", "Read in")
    rows = []
    for parameter in PARAMETERS.values():
        said = parameter.quantity
        file = f"[{parameter.group}.py]({FILES}/{parameter.group}.py)"
        about = (number(parameter.default), span(*said.sweep), said.source, said.confidence, said.meaning, file)
        rows.append((f"`{parameter.name}`", said.title, said.unit, *about))
    return table(head, rows)


def _fixed() -> str:
    """The table of the constants that rules declare, and of those of the first day."""
    founding = redesign_sim.world.founding
    first_day = "[the first day](../redesign_sim/world/founding.py)"
    rows = [
        (f"{card.id} [`{card.name}`](rules.md)", f"`{name}`", number(card.numbers[name]), meaning)
        for card in CATALOGUE.values()
        for name, meaning in card.fixed.items()
    ]
    rows += [(first_day, f"`{name}`", number(getattr(founding, name)), said) for name, said in founding.FIXED.items()]
    return table(("Rule", "Number", "Value", "Meaning"), rows)


def _top(walked: Walked) -> str:
    """The part of a scenario in which a quantity stands; the case itself where it stands at the top."""
    return walked.path.split(".")[0] if "." in walked.path else ""


def _quantities(name: str, quantities: list[Walked]) -> list[str]:
    """A part of a scenario: its heading and the numbers in it."""
    head = ("Path", "Title", "Unit", "Default", "Sweep", "Source", "Confidence", "Meaning")
    rows = [
        (
            f"`{each.path}`",
            each.title,
            each.unit,
            number(each.default),
            span(*each.sweep) if each.sweep else "",
            each.source,
            each.confidence,
            each.meaning,
        )
        for each in quantities
    ]
    return [f"### `{name}`" if name else "### The case itself", table(head, rows)]


# --- outcomes ---------------------------------------------------------------------------------------------------------


def outcomes_page() -> str:
    """Every outcome of a run."""
    only_monthly = [measure for name, measure in COURSES.items() if name not in MEASURES]
    intro = (
        f"The {len(MEASURES)} outcomes of a run, in the order of every table: a column each of `simulate_ensemble`, an "
        "entry each of `simulate(...).outcomes`. Those marked *monthly* are also followed month by month in `.monthly`."
    )
    head = ("Name", "Title", "Unit", "Definition", "Monthly")
    return page(
        "The outcomes",
        intro,
        table(head, map(_outcome_row, MEASURES.values())),
        "## Followed month by month, and no outcome",
        table(head[:-1], [_outcome_row(measure)[:-1] for measure in only_monthly]),
    )


def _outcome_row(measure: Measure) -> tuple[str, ...]:
    """An outcome, and when there is none."""
    missing = f" Missing where {measure.missing}." if measure.missing else ""
    monthly = "monthly" if measure.has_course else ""
    return f"`{measure.name}`", measure.title, measure.unit, measure.definition + missing, monthly


# --- claims -----------------------------------------------------------------------------------------------------------


def claims_page() -> str:
    """The study's findings, which rules carry each, and how much of it is written in."""
    intro = (
        "The findings of Storey and Holti (2013) in our words, the pattern that a simulation has to show, and the "
        "rules that carry it. The label says how much of the pattern is *written into the rules*; it is found by "
        "reading them, and is no verdict. Whether a pattern does appear, how strongly, and in which part of the space "
        "of parameters, only runs can tell."
    )
    head = ("Claim", "The study's finding", "The pattern looked for", "Carried by", "Label", "Why this label")
    rows = [
        (f"**{name}**", finding.said, finding.pattern, _carried_by(name), finding.label, finding.because)
        for name, finding in FINDINGS.items()
    ]
    return page("The claims", intro, _legend(), table(head, rows), _source())


def _legend() -> str:
    """What the labels mean, and how many claims have each."""
    counts = {label: sum(claim.label == label for claim in FINDINGS.values()) for label in LABELS}
    return "\n".join(f"- **{label}** ({counts[label]} of {len(FINDINGS)}): {LABELS[label]}." for label in LABELS)


def _carried_by(claim: str) -> str:
    """The rules of a claim in the order of a month, each stage's linked to its chapter."""
    order = {chapter.module: place for place, chapter in enumerate(chapters())}
    cards = sorted(carriers(claim), key=lambda card: order[card.module])
    titles = {chapter.module: chapter.title for chapter in chapters()}
    stages = [(titles[module], [card.id for card in group]) for module, group in groupby(cards, lambda c: c.module)]
    return "; ".join(
        f"{title} {' '.join(f'[{name}](rules.md#{name.lower()})' for name in ids)}" for title, ids in stages
    )


def _source() -> str:
    return (
        "Source: Storey, J. and Holti, R. (2013), 'Clinical leadership in action', *Health Service Journal*, "
        "5 March 2013."
    )
