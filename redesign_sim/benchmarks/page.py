"""What was measured, as tables: for a terminal of 80 columns and for the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Found = dict[str, Any]


class Sheet(NamedTuple):
    """A table: what it shows, its head, its rows, and a sentence on how to read it."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    reading: str


def sheets(found: Found) -> list[Sheet]:
    """The tables of what was measured, in the order in which one asks."""
    return [sheet(found) for name, sheet in SHEETS.items() if name in found]


def made_on(found: Found) -> str:
    """The machine in a sentence, and how much its times differed."""
    here = found["machine"]
    load = "" if here["load"] is None else f" Load when it began: {here['load']}."
    return (
        f"{here['processor']}, {here['cores']} cores ({here['cores_to_use']} to use), {here['system']}; "
        f"Python {here['python']}, NumPy {here['numpy']}, numba {here['numba']}, llvmlite {here['llvmlite']}, "
        f"Mesa {here['mesa']}, pandas {here['pandas']}.{load} "
        f"Times of the same work differed by up to {100 * max(_noises(found), default=0.0):.0f} % by the clock."
    )


def _noises(value: object, under: str = "") -> Iterator[float]:
    """Every noise that was noted."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _noises(part, "noise" if under == "noise" else name)
    elif isinstance(value, list):
        for part in value:
            yield from _noises(part)
    elif under == "noise" and isinstance(value, float):
        yield value


def _engines(found: Found) -> Sheet:
    rows = [
        (
            row["case"],
            f"{row['compiled']['clock']:,.0f}",
            f"{row['compiled']['own']:,.0f}",
            f"{row['mesa']['clock']:,.2f}",
            f"{row['mesa']['own']:,.2f}",
            f"{row['times_faster']['own']:,.0f}",
        )
        for row in found["engines"]
    ]
    return Sheet(
        "Runs a second on one core",
        ("case", "compiled", "(own)", "Mesa", "(own)", "times faster"),
        rows,
        "Medians of repeats in turn, by the clock and of the process's own work. Mesa is mesa.batch_run with the same "
        "rules and the same outcomes; times faster is by own work, repeat by repeat.",
    )


def _stages(found: Found) -> Sheet:
    names = list(dict.fromkeys(stage for row in found["stages"] for stage in row["shares"]))
    rows = [(stage, *(f"{100 * row['shares'][stage]:.1f} %" for row in found["stages"])) for stage in names]
    return Sheet(
        "Where the time of a run goes",
        ("stage", *(_short(row["case"]) for row in found["stages"])),
        rows,
        "Share of all stages' time, each called by itself; what calling takes is taken off.",
    )


def _short(case: str) -> str:
    """A case's name as it fits over a column: the first letters of its words but the last."""
    *first, last = case.split("_")
    return "".join(word[:1] for word in first) + ("-" if first else "") + last[:10]


def _growth(found: Found) -> Sheet:
    rows = [_growth_row(each) for each in [*found["growth"], *([found["threads"]] if "threads" in found else [])]]
    return Sheet(
        "How the time of a run grows",
        ("with", "sizes", "ms a run", "exponent", "95 % interval"),
        rows,
        "Time grows as size to the power of the exponent, over all sizes given; people at constant ties each, all else "
        "held, but for the row that says that organisations keep their size instead of their number. With threads it "
        "is time by the clock, -1 being perfect; else own work on one thread.",
    )


def _growth_row(grown: Found) -> tuple[str, ...]:
    points, by, exponent = grown["points"], grown["by"], grown["exponent"]
    return (
        grown["with"],
        " ".join(f"{point['size']:.0f}" for point in points),
        " ".join(_ms(point[by]) for point in points),
        f"{exponent['estimate']:.2f}" if exponent else "",
        f"{exponent['low']:.2f} to {exponent['high']:.2f}" if exponent else "",
    )


def _ms(seconds: float) -> str:
    """Milliseconds to about three figures."""
    return f"{1000 * seconds:.{0 if seconds > 0.1 else 1 if seconds > 0.01 else 2}f}"  # noqa: PLR2004


def _memory(found: Found) -> Sheet:
    runs = list(found["memory"][0]["peak"])
    rows = [
        (
            row["case"],
            f"{row['state'] / 1e6:.2f}",
            f"{row['row']:,}",
            *("" if row["peak"][number] is None else f"{row['peak'][number] / 1e6:,.0f}" for number in runs),
        )
        for row in found["memory"]
    ]
    return Sheet(
        "Memory",
        (
            "case",
            "state, MB",
            "row, bytes",
            *(f"peak, {int(number):,} run{'s' * (int(number) > 1)}, MB" for number in runs),
        ),
        rows,
        "A thread works in one state, one more is kept to begin from; a run leaves a row. The peak is a whole "
        "process's, with Python and all that is loaded.",
    )


def _starts(found: Found) -> Sheet:
    rows = [(row["what"], f"{row['clock']:.2f}", f"{row['own']:.2f}") for row in found["starts"]]
    return Sheet(
        "Starting up, in seconds",
        ("from process start to", "clock", "own work"),
        rows,
        "python does nothing, help is redesign-sim --help; a first result is the outcomes of one run of the classroom.",
    )


SHEETS: dict[str, Callable[[Found], Sheet]] = {
    "engines": _engines,
    "stages": _stages,
    "growth": _growth,
    "memory": _memory,
    "starts": _starts,
}
"""The table of each part of the suite; threads stand with what else grows."""


def markdown(found: Found) -> str:
    """All tables for the documentation, the machine first."""
    parts = [made_on(found)]
    for sheet in sheets(found):
        lines = [sheet.head, tuple("---" for _ in sheet.head), *sheet.rows]
        rows = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        parts.append(f"### {sheet.title}\n\n{rows}\n\n{sheet.reading}")
    return "\n\n".join(parts)
