"""The plane of ambition and capability, with everyone who leads a redesign standing out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redesign_sim.study.mixes import TYPE_WORDS
from redesign_sim.ui.components.chart import Chart, Layer
from redesign_sim.ui.components.map import KINDS, PLACES
from redesign_sim.ui.components.numbers import Numbers, percent

if TYPE_CHECKING:
    from redesign_sim.ui.playing import Frame, Setting, Someone

CORNERS = (("passive", 0.0, 0.0), ("localised", 1.0, 0.0), ("lacking_followers", 0.0, 1.0), ("high_impact", 1.0, 1.0))
"""In which corner of the plane each leadership type lies: capability to the right, ambition upwards."""


def Plane(frame: Frame, setting: Setting, *, height: str = "18rem") -> None:
    """People by capability and ambition; those who lead a live redesign are ringed, others faint."""
    leads = {live.lead: live.number for live in frame.live}
    Chart(
        x={"min": 0, "max": 1, "label": "Political capability →"},
        y={"min": 0, "max": 1, "label": "↑ Scale of ambition"},
        layers=[*_quarters(), {"kind": "points", "points": _points(frame, setting, leads), "size": 5}],
        label=f"Ambition and capability of {len(frame.people)} people; {len(leads)} lead a live redesign.",
        height=height,
    )
    rows = [_row(frame.people[number], setting.labels.people[number], f"proposal {leads[number]}") for number in leads]
    Numbers(columns=["Who leads", "Ambition", "Capability", "What"], rows=rows)


def _quarters() -> list[Layer]:
    """The cuts between the four types, and their names in the corners."""
    words = [
        {
            "x": x, "y": y, "text": TYPE_WORDS[kind], "anchor": "end" if x else "start",
            "dx": -6 if x else 6, "dy": 16 if y else -8,
        }
        for kind, x, y in CORNERS
    ]  # fmt: skip
    return [
        {"kind": "line", "x": [0.5, 0.5], "y": [0, 1], "stroke": "var(--faint)", "width": 1.5},
        {"kind": "line", "x": [0, 1], "y": [0.5, 0.5], "stroke": "var(--faint)", "width": 1.5},
        {"kind": "words", "words": words},
    ]


def _points(frame: Frame, setting: Setting, leads: dict[int, int]) -> list[dict[str, Any]]:
    """Everyone, those who lead last, so that they lie on top."""
    order = sorted(range(len(frame.people)), key=lambda number: number in leads)
    return [_point(frame.people[number], setting.labels.people[number], leads.get(number)) for number in order]


def _point(person: Someone, name: str, proposal: int | None) -> dict[str, Any]:
    """A person on the plane."""
    kind = list(KINDS.values())[PLACES[person.kind]]
    look = {
        "fill": kind["fill"],
        "shape": kind["shape"],
        "x": round(person.capability, 3),
        "y": round(person.ambition, 3),
    }
    if proposal is None:
        return {**look, "stroke": kind["stroke"], "line": 0.6, "opacity": 0.4, "size": 4}
    lines = [kind["words"], f"leads proposal {proposal}"]
    return {**look, "stroke": "var(--ink)", "line": 2.2, "size": 7, "title": name, "lines": lines}


def _row(person: Someone, name: str, what: str) -> list[str]:
    """A lead as a row of the table."""
    return [name, percent(person.ambition), percent(person.capability), what]
