"""From a word that somebody asks about to what it means: a title and its lines, for a console or a page."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.chronicle import WORDING
from redesign_sim.evidence.findings import FINDINGS
from redesign_sim.happenings import Event
from redesign_sim.reports.explain.influence import CASE, FUTURES, INDEX, kept, span
from redesign_sim.reports.explain.readers import readers_of_field, reading
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.scenario import walk_fields
from redesign_sim.scenario.comparing import WORDS
from redesign_sim.scenario.references import nearest
from redesign_sim.study.statistics import SMALLEST_EFFECT
from redesign_sim.world.measures import COURSES, MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redesign_sim.rulekit import RuleCard
    from redesign_sim.scenario.walk import Walked
    from redesign_sim.world.measures import Measure

CONFIDENCE = {"H": "H, a sourced number", "M": "M, a sourced direction and a defensible range", "L": "L, an assumption"}
WIDTH = 30
"""Signs of a figure's scale."""
MOST_LISTED = 12


class Topic(NamedTuple):
    """What something means: paragraphs to be wrapped, and a figure to be shown as it is."""

    title: str
    paragraphs: tuple[str, ...]
    figure: tuple[str, ...] = ()


def explain(asked: str) -> Topic:
    """What a parameter, a rule, an outcome or an event's word means.

    Raises LookupError, whose message names what is nearest, where it is none of these.
    """
    word = asked.strip()
    if word.lower() in LISTS:
        return LISTS[word.lower()]()
    for find in (_rule, _outcome, _event, _rule_by_name, _parameter):
        topic = find(word)
        if topic is not None:
            return topic
    raise LookupError(_not_found(word))


def _not_found(word: str) -> str:
    last = {path.rsplit(".", 1)[-1]: path for path in _fields()}
    known = [*_fields(), *last, *(card.name for card in CATALOGUE.values()), *CATALOGUE, *MEASURES, *_words()]
    near = nearest(word, known) or nearest(word.lower(), known)
    hint = f'; did you mean "{last.get(near, near)}"?' if near else "."
    return f'Nothing here is called "{word}"{hint} Lists: redesign-sim explain {", ".join(LISTS)}.'


# --- parameters -------------------------------------------------------------------------------------------------------


def _fields() -> dict[str, Walked]:
    return {walked.path: walked for walked in walk_fields()}


def _parameter(word: str) -> Topic | None:
    """A field of a case, by its path (`strategies[0].strength` or `strategies.strength`) or its last name alone."""
    fields = _fields()
    plain = re.sub(r"\[[^\]]*\]|\.\*", "", word)
    found = [path for path in fields if word == path or path.replace(".*", "") == plain]
    found = found or [path for path in fields if _same_place(word, path)]
    found = found or [path for path in fields if path.rsplit(".", 1)[-1] == word]
    found = found or [path for path in fields if path.replace(".*", "").startswith(f"{plain}.")]
    if len(found) == 1:
        return _field(fields[found[0]])
    if found:
        return Topic(word, ("There are several:", *(f"{path}: {fields[path].meaning}" for path in found[:MOST_LISTED])))
    return None


def _same_place(word: str, path: str) -> bool:
    """Whether a path names an entry by its key where a pattern has a `*`."""
    stated, pattern = re.split(r"[.\[\]]+", word.rstrip("]")), path.split(".")
    return len(stated) == len(pattern) and all(one in {other, "*"} for one, other in zip(pattern, stated, strict=True))


def _field(walked: Walked) -> Topic:
    return Topic(f"{walked.path}: {walked.title}", tuple(_said(walked)), tuple(_figure(walked.path)))


def _said(walked: Walked) -> Iterator[str]:
    """Meaning, unit, range, source, confidence, readers and what moves."""
    yield f"{walked.meaning[:1].upper()}{walked.meaning[1:]}."
    may = f"one of {', '.join(walked.choices)}" if walked.choices else walked.sort
    if walked.low is not None and walked.high is not None:
        may = f"{'a whole number' if walked.sort == 'whole' else 'a number'} from {walked.low:g} to {walked.high:g}"
    unit = f", in {walked.unit}" if walked.unit not in {"", "0–1"} else ""
    default = f"; where it is not stated it is {walked.default}" if walked.default is not None else ""
    yield f"Value: {may}{unit}{default}."
    if walked.sweep:
        yield f"Usual range: {walked.sweep[0]:g} to {walked.sweep[1]:g}."
        yield f"Source: {walked.source}. Confidence: {CONFIDENCE[walked.confidence]}."
    yield _read_by(walked)
    yield from _moved(walked.path)


def _read_by(walked: Walked) -> str:
    """Who reads a field, in a sentence."""
    switch = walked.path.removeprefix("mechanisms.")
    if switch in CATALOGUE:
        return f"It switches rule {switch}; redesign-sim explain {switch} says more."
    if walked.path == "horizon_months":
        return "It says for how many months every rule is at work."
    if walked.path.rsplit(".", 1)[-1] in WORDS or walked.sort == "words":
        return "No rule reads it; it is for people."
    readers = None if walked.sort == "list" else readers_of_field(walked)
    if readers is None:
        return "It changes who there is, or what stands between whom, and so every rule sees it."
    rules = [
        f"{reader.name} ({CATALOGUE[reader.name].name.replace('_', ' ')})"
        for reader in readers
        if reader.sort == "rule"
    ]
    others = [reader.name for reader in readers if reader.sort != "rule"]
    more = f" and {len(rules) - MOST_LISTED} more" if len(rules) > MOST_LISTED else ""
    if not readers:
        return "Which rules read it depends on the rest of the case."
    told = f"Read by the rules {', '.join(rules[:MOST_LISTED])}{more}" if rules else "No rule reads it as it stands"
    return f"{told}{'; also by ' + ', '.join(others[:4]) if others else ''}."


def _moved(path: str) -> Iterator[str]:
    """What moves when it moves, in words."""
    entry = kept().get(path)
    if entry is None:
        return
    low, high = entry["levels"][0], entry["levels"][-1]
    if INDEX in entry["moves"]:
        by, least, most = entry["moves"][INDEX]
        small = ", which is too small to matter" if max(abs(least), abs(most)) < SMALLEST_EFFECT else ""
        interval = f"95 % interval {least:+.3f} to {most:+.3f}"
        yield f"From {low:g} to {high:g} integration changes by {by:+.3f} ({interval}){small}."
    else:
        yield f"From {low:g} to {high:g} no change of integration can be told from zero."
    others = [
        f"{MEASURES[name].title} {by:+.3g} ({least:+.3g} to {most:+.3g})"
        for name, (by, least, most) in entry["moves"].items()
        if name != INDEX
    ]
    if others:
        yield f"What else moves, most surely first: {'; '.join(others)}."


def _figure(path: str) -> Iterator[str]:
    """Integration at each level, on one scale for all numbers."""
    entry = kept().get(path)
    if entry is None:
        return
    low, high = span()
    yield f"Integration as it moves alone ({CASE} case, {FUTURES} futures each, same luck):"
    yield f"{'':>10}  {low:<8.2f}{'':{WIDTH - 12}}{high:.2f}"
    for level, mean in zip(entry["levels"], entry[INDEX], strict=True):
        at = round((mean - low) / (high - low) * (WIDTH - 1))
        yield f"{level:>10g}  {('-' * at + 'o').ljust(WIDTH, ' ')}  {mean:.3f}"


# --- rules ------------------------------------------------------------------------------------------------------------


def _rule(word: str) -> Topic | None:
    card = CATALOGUE.get(word.upper())
    return None if card is None else _of_rule(card)


def _rule_by_name(word: str) -> Topic | None:
    name = word.lower().replace(" ", "_")
    return next((_of_rule(card) for card in CATALOGUE.values() if card.name == name), None)


def _of_rule(card: RuleCard) -> Topic:
    return Topic(f"{card.id}: {card.name.replace('_', ' ')}, a rule of {card.module}", tuple(_card(card)))


def _card(card: RuleCard) -> Iterator[str]:
    function = inspect.unwrap(card.function)
    yield card.sentence
    yield f"Source: {card.source}. Findings that lean on it: {'; '.join(map(_claim, card.claims)) or 'none'}."
    for word, names in (("rises", card.rises_with), ("falls", card.falls_with)):
        if names:
            yield f"It is certain that what it gives {word} (or stays) with {', '.join(names)}."
    if card.off:
        yield f"mechanisms.{card.id}: off would mean: {card.off}."
    if card.rival:
        yield f"mechanisms.{card.id}: rival would mean: {card.rival}."
    yield from (f"{name} = {card.numbers[name]:g}: {said}." for name, said in card.fixed.items())
    yield f"Numbers of a case that it reads: {', '.join(sorted(_numbers(card))) or 'none'}."
    line = inspect.getsourcelines(function)[1]
    yield f"Its text: redesign_sim/rules/{card.module}.py, line {line}."
    yield f"It at work: redesign-sim run classroom --trace-rule {card.id}"


def _claim(claim: str) -> str:
    return f"{claim}, {FINDINGS[claim].said.rstrip('.')}" if claim in FINDINGS else claim


def _numbers(card: RuleCard) -> set[str]:
    """The behavioural parameters and the case's numbers that a rule reads itself."""
    reads = next(reads for reader, reads in reading().items() if reader.name == card.id)
    return {
        read.removeprefix("case.") if read.startswith("case.") else read
        for read in reads
        if read.startswith(("case.", "behaviour."))
    }


# --- outcomes and events ----------------------------------------------------------------------------------------------


def _outcome(word: str) -> Topic | None:
    measures = {**COURSES, **MEASURES}
    by_title = {measure.title.lower(): measure for measure in measures.values()}
    measure = measures.get(word.lower().replace(" ", "_")) or by_title.get(word.lower())
    return Topic(f"{measure.name}: {measure.title}, an outcome", tuple(_measured(measure))) if measure else None


def _measured(measure: Measure) -> Iterator[str]:
    yield measure.definition
    yield f"Unit: {measure.unit}." + (f" Missing where {measure.missing}." if measure.missing else "")
    if measure.names:
        yield f"It is one of: {', '.join(name.replace('_', ' ') for name in measure.names)}."
    moving = sorted(
        ((path, entry["moves"][measure.name]) for path, entry in kept().items() if measure.name in entry["moves"]),
        key=lambda each: -abs(each[1][0]),
    )
    if moving:
        told = (f"{path} {by:+.3g} ({least:+.3g} to {most:+.3g})" for path, (by, least, most) in moving[:6])
        yield f"What moves it most, each alone over its usual range in the {CASE} case: {'; '.join(told)}."


def _words() -> dict[str, Event]:
    return {event.name.lower(): event for event in Event}


def _event(word: str) -> Topic | None:
    event = _words().get(word.lower().replace(" ", "_").replace("-", "_"))
    if event is None:
        return None
    wording = WORDING[event]
    numbers = (
        f"who is a person's number (-1: nobody), whom a {wording.whom}, about a {wording.about}, amount is told as "
        f"{wording.amount.replace('_', ' ')}"
    )
    told = wording.text.format(who="(who)", whom="(whom)", about="(about)", scope="(where)", amount="(amount)")
    return Topic(
        f"{event.name.lower()}: an event in a history",
        (
            f"In the chronicle: {told}",
            f"In events.csv: {numbers}.",
        ),
    )


# --- lists ------------------------------------------------------------------------------------------------------------


def _list(title: str, lines: Sequence[str]) -> Topic:
    return Topic(title, tuple(lines))


LISTS = {
    "parameters": lambda: _list(
        "All fields of a case", [f"{path}: {walked.title}" for path, walked in _fields().items()]
    ),
    "rules": lambda: _list("All rules", [f"{card.id} {card.name}: {card.sentence}" for card in CATALOGUE.values()]),
    "outcomes": lambda: _list("All outcomes", [f"{name}: {measure.title}" for name, measure in MEASURES.items()]),
    "events": lambda: _list("All events", list(_words())),
}
