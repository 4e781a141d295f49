"""What leaves the room: tables, figures, the case as a file, and a page of HTML that needs no script to be read."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from redesign_sim.charts import save
from redesign_sim.chronicle import when
from redesign_sim.scenario import dump_yaml, scenario_digest
from redesign_sim.study.provenance import rules_digest
from redesign_sim.ui.components.numbers import percent
from redesign_sim.ui.components.saver import File
from redesign_sim.ui.setup import ADJUSTABLE, MIX_PATHS, MONTH, STYLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from redesign_sim.ui.links import Sight
    from redesign_sim.ui.session import Shown
    from redesign_sim.ui.setup import Setup

ROWS = 400
"""More rows than these are left to the CSV file."""
LOOK = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:60rem;margin:2.5rem auto;padding:0 1rem}"
    "h1{line-height:1.2}table{border-collapse:collapse;font-size:.85rem}th,td{border-bottom:1px solid #d9dce0;"
    "padding:.25em .8em .25em 0;text-align:left}svg{max-width:100%;height:auto}small,.quiet{color:#5f6368}"
    "pre{background:#f5f6f7;padding:1rem;overflow:auto;font-size:.8rem}"
)


def stem(name: str) -> str:
    """A name that is safe for a file, whatever it was made from."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "case"


def as_csv(shown: Shown, name: str) -> File:
    """The numbers behind a view."""
    return File(f"{stem(name)}.csv", "text/csv", shown.table.to_csv(index=False, lineterminator="\n").encode())


def as_picture(shown: Shown, name: str, kind: str) -> File:
    """A view as a figure: `svg` or `png`."""
    sort = "image/svg+xml" if kind == "svg" else "image/png"
    return File(f"{stem(name)}.{kind}", sort, _pictures(shown)[kind])


def _pictures(shown: Shown) -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        return {path.suffix[1:]: path.read_bytes() for path in save(shown.figure(), Path(folder) / "figure")}


def as_yaml(sight: Sight) -> File:
    """The case with the levers as they stand, written out whole."""
    case = sight.setup.case()
    return File(f"{stem(case.name)}.yaml", "text/yaml", dump_yaml(case).encode())


def as_page(sight: Sight, views: Mapping[str, Shown]) -> File:
    """One file of HTML without any script: what was seen, the levers, the assumptions changed, and the case."""
    case = sight.setup.case()
    body = "".join([*_opening(sight), *(_section(shown) for shown in views.values()), *_closing(sight)])
    page = (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(case.title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{LOOK}</style></head><body>{body}</body></html>\n"
    )
    return File(f"{stem(case.name)}.html", "text/html", page.encode())


def _opening(sight: Sight) -> Iterator[str]:
    case = sight.setup.case()
    yield f"<h1>{escape(case.title)}</h1><p>{escape(case.summary)}</p>"
    yield "<h2>What was moved</h2>" + _levers(sight)


def _levers(sight: Sight) -> str:
    """The levers that stand elsewhere than in the case, in words."""
    moved = list(moves(sight.setup))
    if not moved:
        return "<p>Nothing: the case as it states itself.</p>"
    return "<ul>" + "".join(f"<li>{escape(words)}</li>" for words in moved) + "</ul>"


def moves(setup: Setup) -> Iterator[str]:
    """What was moved, a line a lever, in the units in which it is moved."""
    values, levers = dict(setup.changes), {lever.path: lever for lever in ADJUSTABLE.values()}
    if MIX_PATHS[0] in values:
        shares = ", ".join(
            f"{100 * values[path]:.0f} % {style.replace('_', ' ')}"
            for path, style in zip(MIX_PATHS, STYLES, strict=True)
        )
        yield f"Leadership among clinicians: {shares}"
    for path, value in values.items():
        if path in levers:
            place = when(round(value), setup.case().clock_starts) if levers[path] == MONTH else percent(value)
            yield f"{levers[path].title}: {place}"


def _section(shown: Shown) -> str:
    """A view: what it says, its figure, its numbers."""
    figure = re.sub(r"^.*?(?=<svg)", "", _pictures(shown)["svg"].decode(), count=1, flags=re.DOTALL)
    return f"<h2>{escape(shown.title)}</h2><p>{escape(shown.subtitle)}</p>{figure}{_table(shown.table)}"


def _table(table: pd.DataFrame) -> str:
    rows = table.head(ROWS).to_html(index=False, border=0, float_format="{:.3f}".format, na_rep="–")
    left = f"<p>The other {len(table) - ROWS:,} rows are in the CSV file.</p>" if len(table) > ROWS else ""
    return f"<details><summary>The numbers</summary>{rows}{left}</details>"


def _closing(sight: Sight) -> Iterator[str]:
    case = sight.setup.case()
    yield (
        "<h2>The case as a file</h2><details><summary>Show</summary><pre>"
        + escape(dump_yaml(case))
        + "</pre></details>"
    )
    yield (
        "<p class=quiet>The model shows that these mechanisms are enough for a pattern; it forecasts nothing. "
        "Most of its numbers are assumptions. "
        f"Seed {sight.seed}; case {scenario_digest(case)[:12]}; rules {rules_digest()[:12]}.</p>"
    )
