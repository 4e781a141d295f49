"""`bench`: how fast the model is on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redesign_sim.cli import console

if TYPE_CHECKING:
    from redesign_sim.benchmarks.page import Found, Sheet
    from redesign_sim.benchmarks.suite import Plan

BEGINS, ENDS = "<!-- bench: begins -->", "<!-- bench: ends -->"

Cases = Annotated[
    list[str] | None, typer.Argument(help="Cases to run [default: all that come along].", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Write the numbers as JSON, and nothing else.")]
Quick = Annotated[bool, typer.Option("--quick", help="In a few minutes: small sizes, few repeats, one case.")]
Write = Annotated[
    Path | None, typer.Option(help="Put the tables between the marks of this page, too.", show_default=False)
]
Only = Annotated[
    list[str] | None,
    typer.Option(help="Only this part: engines, stages, growth, threads, memory or starts.", show_default=False),
]


def bench(
    cases: Cases = None, as_json: Json = False, quick: Quick = False, write: Write = None, only: Only = None
) -> None:
    """Measure runs a second against Mesa, where time goes, how it grows, memory, and starting up."""
    from redesign_sim.benchmarks import suite  # noqa: PLC0415  `--help` would wait for what computes
    from redesign_sim.benchmarks.subject import REAL  # noqa: PLC0415

    plan = _plan(cases or [], quick=quick)
    parts = _parts(only or [])
    page = write.read_text("utf-8") if write else ""
    if write:
        between(page, "", write)
    if set(parts) & {"engines", "growth", "threads", "stages"}:
        console.warm_engine()
    found = suite.measure(plan, REAL, lambda what: console.complain(f"Measuring {what} ..."), parts)
    if as_json:
        console.say_json(found)
    else:
        tell(found)
    if write:
        from redesign_sim.benchmarks.page import markdown  # noqa: PLC0415

        write.write_text(between(page, markdown(found), write), encoding="utf-8", newline="\n")
        console.complain(f"The tables are in {write}.")


def _plan(cases: list[str], *, quick: bool) -> Plan:
    """How much is measured, on cases that can be read."""
    from redesign_sim.benchmarks import suite  # noqa: PLC0415
    from redesign_sim.scenario import load_scenario  # noqa: PLC0415

    for case in cases:
        load_scenario(case)
    plan = suite.quick() if quick else suite.whole()
    return plan._replace(cases=tuple(cases)) if cases else plan


def _parts(only: list[str]) -> list[str]:
    """The parts that were asked for, or all."""
    from redesign_sim.benchmarks.suite import PARTS  # noqa: PLC0415

    unknown = next((part for part in only if part not in PARTS), None)
    if unknown is not None:
        raise console.UsageError(f"There is no part {unknown!r}; there are {', '.join(PARTS)}.")
    return only or list(PARTS)


def between(text: str, new: str, file: Path) -> str:
    """A page with what stands between the marks replaced."""
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise console.UsageError(f"{file} has no {BEGINS} followed by {ENDS}.")
    return f"{before}{BEGINS}\n{new}\n{ENDS}{after}"


def tell(found: Found) -> None:
    """The tables for a terminal."""
    from redesign_sim.benchmarks.page import made_on, sheets  # noqa: PLC0415

    console.say(made_on(found))
    for sheet in sheets(found):
        _tell(sheet)


def _tell(sheet: Sheet) -> None:
    console.say()
    console.say(sheet.title)
    numbers = range(1, len(sheet.head)) if sheet.head[1] != "sizes" else (3, 4)
    console.say_table(sheet.head, sheet.rows, right=numbers)
    console.say(sheet.reading)
