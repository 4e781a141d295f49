"""A case in plain words, with a picture of its organisations and interfaces in signs that every console has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redesign_sim.scenario.localities import Interface, Organisation
    from redesign_sim.scenario.policies import Strategy
    from redesign_sim.scenario.schema import Scenario

MOST_DRAWN = 16
"""Interfaces that a picture shows; the others are counted."""
LINE, BAR = 10, 5
"""Signs of the thickest line between two organisations, and of a whole bar of integration."""
NARROWEST, WIDEST = 8, 28
"""Signs of an organisation's name in the picture."""

PLURALS = {
    "consultants": ("consultant", "consultants"),
    "junior_doctors": ("junior doctor", "junior doctors"),
    "nurses": ("nurse", "nurses"),
    "allied": ("allied professional", "allied professionals"),
    "gps": ("GP", "GPs"),
    "social_workers": ("social worker", "social workers"),
    "voluntary_workers": ("voluntary worker", "voluntary workers"),
    "care_workers": ("care worker", "care workers"),
    "managers": ("manager", "managers"),
    "executives": ("executive", "executives"),
    "commissioners": ("commissioner", "commissioners"),
}
KINDS = {
    "passive": "are passive (little ambition, little political skill)",
    "localised": "localised (little ambition, much skill)",
    "lacking_followers": "lack followers (much ambition, little skill)",
    "high_impact": "high-impact (much of both)",
}
RULES = {
    "unanimity": "Everyone concerned has to agree.",
    "supermajority": "Three in four of those concerned have to agree.",
    "lead_authority": "The commissioners decide, after hearing everyone concerned.",
}
ASKING = ((0.45, "by a text alone"), (0.8, "by a text and money"), (1.0, "by a text, money and a managed target"))
"""Up to which strength a strategy asks how."""


def paragraphs(case: Scenario) -> Iterator[str]:
    """The case in plain words, a paragraph at a time."""
    yield f"{case.title}. {case.summary}".strip()
    yield _places(case)
    yield _leaders(case)
    yield _deciding(case)
    yield from (_strategy(strategy, case.clock_starts) for strategy in case.strategies)
    if not case.strategies:
        yield "No national strategy asks for anything."
    yield _turbulence(case)
    yield _judged(case)


def organisations(case: Scenario) -> Iterator[tuple[str, str, str]]:
    """Each organisation's id, name and people."""
    for identity, member in case.organisations.members.items():
        yield identity, member.name, _staff(member)


def picture(case: Scenario, width: int) -> list[str]:
    """The interfaces as lines between organisations, the busiest first, as thick as their share of the traffic.

    The bar to the right is how joined up care is there on the first day. ASCII, at most `width` columns.
    """
    rows = sorted(case.interfaces, key=lambda interface: -interface.traffic)
    names = {identity: member.name for identity, member in case.organisations.members.items()}
    room = max(NARROWEST, min(WIDEST, (width - LINE - BAR - 23) // 2))
    room = min(room, max(len(names[end]) for row in rows for end in row.between))
    most = rows[0].traffic or 1.0
    lines = [_drawn(row, names, room, row.traffic / most) for row in rows[:MOST_DRAWN]]
    more = len(rows) - len(lines)
    return [*lines, f"... and {more} more, with less traffic"] if more else lines


def _drawn(row: Interface, names: dict[str, str], room: int, share: float) -> str:
    first, second = (_clipped(names[end], room) for end in row.between)
    line = ("=" * max(1, round(share * (LINE - 2)))).center(LINE - 2, "-") if share else "." * (LINE - 2)
    bar = "#" * round(row.start * BAR)
    joined = f"{row.start:.2f} [{bar.ljust(BAR, '.')}]"
    return f"{first.ljust(room)} <{line}> {second.ljust(room)} {100 * row.traffic:3.0f} %  {joined}"


def _clipped(name: str, room: int) -> str:
    return name if len(name) <= room else f"{name[: room - 2]}.."


def _staff(member: Organisation) -> str:
    """Who works there, in words."""
    counts = [(getattr(member, field), words) for field, words in PLURALS.items()]
    return _listed([f"{number} {words[number > 1]}" for number, words in counts if number])


def _places(case: Scenario) -> str:
    members = case.organisations.members.values()
    people, clinicians = sum(m.people for m in members), sum(m.clinicians for m in members)
    care = [member for member in members if member.kind != "commissioner"]
    payers = len(case.organisations.members) - len(care)
    spread = case.pathway.organisations
    text = (
        f"{_number(len(care), 'organisation')} {'give' if len(care) > 1 else 'gives'} care and "
        f"{_number(payers, 'commissioner')} {'pay' if payers > 1 else 'pays'} for it: {people} people, of whom "
        f"{clinicians} are clinicians or care staff. Care passes between organisations at "
        f"{_number(len(case.interfaces), 'interface')}."
    )
    return text + (f" Their staff and traffic are spread over {spread} organisations of care." if spread else "")


def _leaders(case: Scenario) -> str:
    lead = case.leadership
    if lead.mix is not None:
        shares = [(words, getattr(lead.mix, style)) for style, words in KINDS.items()]
        who = "Of the clinicians " + _listed([f"{100 * share:.0f} % {words}" for words, share in shares if share])
    elif lead.ambition and lead.capability:
        who = (
            f"The clinicians' ambition is {lead.ambition.mean:g} on average and their political capability "
            f"{lead.capability.mean:g} (each from 0 to 1)"
        )
    else:
        who = "The clinicians' traits are drawn as usual"
    return f"{who}. They have {100 * lead.time_share:.0f} % of a week for leading, more if it is their role."


def _deciding(case: Scenario) -> str:
    heard = f"{100 * case.organisations.clinical_inclusion:.0f} % of clinicians are heard where managers decide."
    joint = " The commissioners cast one vote together." if case.commissioning.joint else ""
    return f"{RULES[case.commissioning.decision_rule]}{joint} {heard}"


def _strategy(strategy: Strategy, clock_starts: str) -> str:
    how = next(words for most, words in ASKING if strategy.strength <= most)
    asks = (
        "asks for nothing yet (strength 0)"
        if strategy.strength == 0
        else f"asks for change {how} ({strategy.strength:g})"
    )
    money = f", with {100 * strategy.funding:.0f} % of the money asked for" if strategy.funding else ", without money"
    when = f"month {strategy.month} ({calendar(strategy.month, clock_starts)})"
    return (
        f"{strategy.name}: published in {when}, it {asks}{money}; {100 * strategy.clinical_input:.0f} % of clinical "
        f"input. Half its pull is gone after {strategy.half_life_months:g} months."
    )


def _turbulence(case: Scenario) -> str:
    turbulence = case.turbulence
    text = (
        f"By chance, each organisation is reorganised {_often(turbulence.local_per_year)}, and all of them together "
        f"{_often(turbulence.national_per_year)}; {100 * turbulence.disruption:.0f} % of attention is lost meanwhile."
    )
    dated = [f"{event.name} ({calendar(event.month, case.clock_starts)})" for event in turbulence.events]
    return text + (f" Dated: {_listed(dated)}." if dated else "")


def _often(a_year: float) -> str:
    """How often something happens, from how often it does in a year."""
    if a_year == 0:
        return "never"
    if a_year < 1:
        return f"about once in {1 / a_year:.3g} years"
    return "about once a year" if a_year == 1 else f"about {a_year:g} times a year"


def _judged(case: Scenario) -> str:
    start = sum(row.traffic * row.start for row in case.interfaces)
    return (
        f"It is followed for {case.horizon_months} months from {calendar(1, case.clock_starts)}. Integration begins at "
        f"{start:.2f}, where 0 is separate and 1 fully joined; from {case.integrated_threshold:g} on it counts as "
        "integrated."
    )


def calendar(month: int, clock_starts: str) -> str:
    """A month of the case as year and month."""
    year, first = (int(part) for part in clock_starts.split("-"))
    years, place = divmod(first - 1 + month - 1, 12)
    return f"{year + years}-{place + 1:02d}"


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' if number != 1 else ''}"


def _listed(words: Sequence[str]) -> str:
    """Words with commas, and `and` before the last."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
