"""Case: whose services, who is in the room, what comes from above; every assumption; and the file itself."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import solara

from redesign_sim.chronicle import when
from redesign_sim.scenario import ScenarioError, load_scenario, shipped_scenarios
from redesign_sim.scenario.localities import CLINICAL_POSTS
from redesign_sim.ui import session
from redesign_sim.ui.assumptions import Assumptions
from redesign_sim.ui.checking import problems_of, text_of
from redesign_sim.ui.components.acts import Act
from redesign_sim.ui.components.editor import Editor
from redesign_sim.ui.components.picker import Picker, Sections
from redesign_sim.ui.components.saver import File, Offer, Saver
from redesign_sim.ui.components.sliders import Hand, LeverSlider, MixBar
from redesign_sim.ui.exports import stem
from redesign_sim.ui.links import LONGEST_TEXT
from redesign_sim.ui.setup import CLINICAL, LEVERS, MONTH, NO_PLACE, mix_values, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from redesign_sim.scenario import Scenario
    from redesign_sim.ui.setup import Setup

TITLE = "Case"

STYLE = """
.rs-case { display: grid; grid-template-columns: minmax(15rem, 1fr) minmax(0, 3.4fr); gap: calc(1.6 * var(--gap)); }
.rs-case-two { display: grid; gap: calc(1.6 * var(--gap));
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.rs-case-summary { max-width: 52rem; font-size: 1.08em; }
.rs-case-facts { display: flex; flex-wrap: wrap; gap: 0.4rem 2.4rem; margin: 1.1rem 0 1.6rem; }
.rs-case-facts b { display: block; font-size: var(--headline); font-weight: 650; line-height: 1.1; }
.rs-case-facts span { color: var(--quiet); font-size: var(--small); }
@media (max-width: 900px) { .rs-case { grid-template-columns: minmax(0, 1fr); } }
"""
SECTIONS = {"words": "The case in words", "assumed": "What is assumed", "file": "The file"}
KINDS = {
    "acute": "hospital trust",
    "mental_health": "mental health trust",
    "community": "community provider",
    "general_practice": "general practice",
    "local_authority": "council",
    "third_sector": "charity",
    "independent": "independent provider",
    "commissioner": "commissioner",
}
"""Kinds of organisation as people in the room call them."""
STRENGTH = LEVERS[0]


@solara.component
def Page() -> None:
    """The cases on the left, the one chosen on the right."""
    section, set_section = solara.use_state("words")
    setup = session.setup.value
    solara.Style(STYLE)
    with solara.Div(classes=["rs-view", "rs-case"]):
        Picker(cases=cases(), now="" if setup.text else setup.scenario, event_choose=_choose)
        with solara.Div(style={"min-width": "0"}):
            solara.HTML(tag="h1", unsafe_innerHTML=escape(setup.case().title), classes=["rs-headline"])
            Sections(sections=SECTIONS, now=section, event_turn=set_section)
            if section == "assumed":
                Assumptions(setup)
            elif section == "file":
                TheFile(setup).key(f"{setup.scenario} {hash(setup)}")
            else:
                _words(setup)


def _choose(name: object) -> None:
    """Open a case that comes along; a name from the browser counts only if it is one of them."""
    if name in shipped_scenarios():
        session.choose(str(name))


def cases() -> list[dict[str, str]]:
    """What may be chosen: name, title, and how large it is."""
    return [
        {"name": name, "title": case.title, "size": _size(case)}
        for name, case in ((name, load_scenario(name)) for name in shipped_scenarios())
    ]


def _size(case: Scenario) -> str:
    people = sum(people_of(case).values())
    return f"{len(case.organisations.members)} organisations, {people:,} people"


def people_of(case: Scenario) -> dict[str, int]:
    """How many clinicians, managers and commissioners there are."""
    members = [member.model_dump() for member in case.organisations.members.values()]
    return {
        "clinicians": _count(members, CLINICAL_POSTS),
        "managers and executives": _count(members, ("managers", "executives")),
        "commissioners": _count(members, ("commissioners",)),
    }


def _count(members: list[dict[str, Any]], posts: Iterable[str]) -> int:
    return sum(int(member.get(post) or 0) for post in posts for member in members)


def _words(setup: Setup) -> None:
    """The case for people who know the services and not the model."""
    case = setup.case()
    solara.HTML(tag="p", unsafe_innerHTML=escape(case.summary), classes=["rs-case-summary"])
    facts = {"organisations": len(case.organisations.members), **people_of(case)}
    numbers = "".join(f"<div><b>{n:,}</b><span>{escape(_one_of(n, words))}</span></div>" for words, n in facts.items())
    span = f"{when(1, case.clock_starts)} to {when(case.horizon_months, case.clock_starts)}"
    numbers += f"<div><b>{_length(case.horizon_months)}</b><span>{escape(span)}</span></div>"
    solara.HTML(unsafe_innerHTML=numbers, classes=["rs-case-facts"])
    with solara.Div(classes=["rs-case-two"]):
        with solara.Div():
            _heading("Who leads")
            if setup.mix:
                MixBar(setup.mix, Hand(partial(_move, mix_values)))
            else:
                solara.Text("This case states no mix; the file says what clinicians are like.", classes=["rs-quiet"])
            _strategy(setup)
            _acts(setup)
        with solara.Div():
            _heading("Who is in the room")
            solara.HTML(unsafe_innerHTML=_organisations(case))


def _length(months: int) -> str:
    """How long a case is followed: in years where they are whole ones."""
    years = months / 12
    return f"{months} months" if months % 12 else "1 year" if years == 1 else f"{years:.0f} years"


def _one_of(number: int, words: str) -> str:
    """What a number of people or organisations is called: `1 commissioner`, `2 managers and executives`."""
    return " or ".join(word.removesuffix("s") for word in words.split(" and ")) if number == 1 else words


def _heading(words: str) -> None:
    solara.HTML(tag="h2", unsafe_innerHTML=escape(words), classes=["rs-title"])


def _strategy(setup: Setup) -> None:
    """What comes from above: when, how hard, and with whose hand in it."""
    case, original = setup.case(), setup.original()
    _heading("What comes from above")
    if not case.strategies:
        solara.Text("No national strategy is published in this case.", classes=["rs-quiet"])
        return
    others = "; ".join(f"{each.name}, {when(each.month, case.clock_starts)}" for each in case.strategies[1:])
    name = escape(case.strategies[0].name) + (
        f"<br><span class='rs-quiet'>Later: {escape(others)}</span>" if others else ""
    )
    solara.HTML(tag="p", unsafe_innerHTML=name)
    months = [when(month, case.clock_starts) for month in range(1, case.horizon_months + 1)]
    for each in (MONTH, STRENGTH, CLINICAL):
        lever = each.within(case)
        names, hand = months if each is MONTH else (), Hand(partial(_move, lever.values_at))
        LeverSlider(lever, setup.value(lever.path), reading(original, lever.path), hand, names)


def _move(values: Callable[[Any], Mapping[str, float]], place: object) -> None:
    """Move a lever, or the mix, to where a browser says."""
    with suppress(*NO_PLACE):
        session.change(values(place))


def _acts(setup: Setup) -> None:
    with solara.Div(classes=["rs-row"], style={"margin-top": "var(--gap)"}):
        Act("See many futures", partial(session.go, "futures"), main=True)
        Act("Play one history", partial(session.go, "history"))
        Act("Undo", session.undo, disabled=not session.past.value)
        Act("Put all back", session.reset, disabled=not setup.changes)


def _organisations(case: Scenario) -> str:
    """Every organisation, its kind, and who works there."""
    rows = "".join(
        f"<tr><td>{escape(member['name'])}</td><td class='rs-quiet'>{KINDS.get(member['kind'], member['kind'])}</td>"
        f"<td>{escape(_staff(member))}</td></tr>"
        for member in (each.model_dump() for each in case.organisations.members.values())
    )
    head = "<tr><th>Organisation</th><th>Kind</th><th>Who</th></tr>"
    return f"<table class='rs-table'><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _staff(member: dict[str, Any]) -> str:
    posts = [*CLINICAL_POSTS, "managers", "executives", "commissioners"]
    return ", ".join(_number(int(member[post]), post) for post in posts if member.get(post))


def _number(count: int, post: str) -> str:
    """`2 consultants`, `1 GP`."""
    words = {"gps": "GPs", "allied": "allied professionals"}.get(post, post.replace("_", " "))
    return f"{count} {words if count > 1 else words.removesuffix('s')}"


@solara.component
def TheFile(setup: Setup) -> None:
    """The file in an editor; what is wrong is marked at its line, and a file without mistakes can be used.

    What has been typed stays there while other views are looked at.
    """
    start = solara.use_memo(lambda: text_of(setup), [])
    checked, set_checked = solara.use_state(0)
    dropped, set_dropped = solara.use_state(0)
    draft = session.draft.value
    text = draft.text if draft and draft.of == setup else start
    problems = problems_of(text)

    def typed(given: object) -> None:
        fields = given if isinstance(given, dict) else {}
        session.draft.value = session.Draft(setup, str(fields.get("text", ""))[: LONGEST_TEXT + 1])
        set_checked(fields.get("turn", 0))

    def drop() -> None:
        session.draft.value = None
        set_dropped(dropped + 1)

    said = "A copy of your own: what you change here changes this page, and no file on any disk, until you save it."
    solara.HTML(tag="p", unsafe_innerHTML=said, classes=["rs-quiet"])
    Editor(
        text=text,
        problems=[{"line": line, "text": words} for line, words in problems],
        checked=checked,
        longest=LONGEST_TEXT,
        label="The case as a YAML file",
        event_typed=typed,
    ).key(str(dropped))
    with solara.Div(classes=["rs-row"]):
        Act("Use this case", lambda: _use(text), main=True, disabled=bool(problems) or text == start)
        Saver([Offer("Save as a file", lambda: File(f"{stem(setup.case().name)}.yaml", "text/yaml", text.encode()))])
        Act("Drop my changes", drop, disabled=text == start)


def _use(text: str) -> None:
    """Look at the edited case; it has been checked, and is checked once more."""
    if not problems_of(text):
        try:
            session.choose(session.setup.value.scenario, text)
        except ScenarioError:
            return
