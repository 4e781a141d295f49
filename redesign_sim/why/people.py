"""One person's way through a run: who they are, and every event that they had a part in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redesign_sim.chronicle import WORDING, Entry, Happening, Teller, happenings, names_of, so_many_people, when
from redesign_sim.happenings import Event
from redesign_sim.scenario.references import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from redesign_sim.scenario import Scenario
    from redesign_sim.world.tables import Run

PEOPLE = {"person", "exchange"}
"""What `whom` may stand for where it is someone."""
FATE = {
    Event.AUTHORISED, Event.REFUSED, Event.RETURNED, Event.NOT_HEARD, Event.STALLED, Event.COMPLETED, Event.FADED,
    Event.LEFT_OUT, Event.VOTED_DOWN, Event.VOTED, Event.AUTHORISATION_LAPSED,
}  # fmt: skip
"""What happens to a proposal and so to those who lead it."""
OTHER = {"\u2019": "'", ",": " ", "(": " ", ")": " "}
"""Signs that a name may be written without, or otherwise."""


def find_person(run: Run, asked: str) -> int:
    """A person by number, by name (`GP 1, Hill Street Practice`) or by the beginning of a name that only one has.

    Raises LookupError, whose message names the nearest.
    """
    names = {int(number): str(name) for number, name in zip(run.people["person"], run.people["name"], strict=True)}
    if asked.strip().isdecimal() and int(asked) in names:
        return int(asked)
    wanted = _plain(asked)
    found = [number for number, name in names.items() if _plain(name) == wanted]
    found = found or [number for number, name in names.items() if _plain(name).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LookupError(f"{asked!r} may be {'; or '.join(names[number] for number in found[:4])}")
    near = nearest(asked, [*(name.split(",")[0] for name in names.values()), *names.values()])
    raise LookupError(
        f'there is nobody called "{asked}" in this case{f"; did you mean {near!r}?" if near else "."} Give a number '
        f'from 0 to {len(names) - 1}, or a name such as "{names[min(names)]}"'
    )


def life(run: Run, case: Scenario, person: int) -> Iterator[Entry]:
    """Everything that a person had a part in, or that befell a proposal while they led it."""
    teller, leads = Teller(names_of(case, run.proposals)), _led(run, person)
    for happening in happenings(run.events):
        if happening.event == Event.CO_LEADS and happening.who == person:
            leads.add(happening.about)
        if _concerns(happening, person, leads):
            yield Entry(happening.month, when(happening.month, case.clock_starts), teller.tell(happening))


def portrait(row: Mapping[str, Any]) -> str:
    """Who somebody is, in a sentence."""
    knows, elsewhere = int(row["ties_start"]), int(row["cross_boundary_ties_start"])
    kind = f", {str(row['leadership_type']).replace('_', ' ')} as a leader" if row["leadership_type"] else ""
    return (
        f"{row['name']}{kind}: ambition {row['ambition']:.2f}, political capability {row['capability']:.2f}, "
        f"entrenchment {row['entrenchment']:.2f}, interest in the condition {row['interest']:.2f}; knows "
        f"{so_many_people(knows)} on the first day{_elsewhere(knows, elsewhere)}, and has "
        f"{100 * row['time']:.0f} % of the week for leading."
    )


def _elsewhere(knows: int, elsewhere: int) -> str:
    """How many of those whom somebody knows are in other organisations."""
    if knows > 1:
        return f", {elsewhere or 'none'} of them elsewhere"
    return ", who works elsewhere" if elsewhere else ""


def _led(run: Run, person: int) -> set[int]:
    """The proposals that someone put forward or led last."""
    table = run.proposals
    mine = (table["lead"] == person) | (table["lead_end"] == person)
    return {int(number) for number in table.loc[mine, "proposal"]}


def _concerns(happening: Happening, person: int, leads: set[int]) -> bool:
    wording = WORDING[happening.event]
    if happening.who == person or (wording.whom in PEOPLE and happening.whom == person):
        return True
    return wording.about == "proposal" and happening.about in leads and happening.event in FATE


def _plain(name: str) -> str:
    """A name without case and signs."""
    return " ".join("".join(OTHER.get(sign, sign) for sign in name).casefold().split())
