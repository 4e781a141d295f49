"""`run` tells one history; `compare` sets two scenarios side by side under the same luck."""

import json
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from redesign_sim.chronicle import (
    everything,
    happenings,
    headlines,
    lives,
    local_proposals,
    marks,
    names_of,
    when,
)
from redesign_sim.cli import bars, console
from redesign_sim.scenario import Scenario, load_scenario, override, scenario_digest
from redesign_sim.scenario.references import nearest
from redesign_sim.scenario.yamltext import Source, read_tree
from redesign_sim.study.interest import smallest_of_interest
from redesign_sim.study.provenance import rules_digest
from redesign_sim.study.runs import digest_of, words
from redesign_sim.study.statistics import PairedDifference, paired_difference
from redesign_sim.study.wording import content
from redesign_sim.world.measures import MEASURES, Kind, Measure
from redesign_sim.world.tables import Run

DIGITS = 15
"""Significant digits of an outcome that is written down: as many as a float surely holds, so that shares sum to 1."""

ScenarioName = Annotated[str, typer.Argument(help="A shipped scenario's name or a scenario file.", show_default=False)]
Seed = Annotated[
    int, typer.Option(help="Where everyone's luck comes from; the same seed gives the same history.", min=0)
]
Sets = Annotated[list[str], typer.Option("--set", help="Set a value: dotted.path=value. May be repeated.")]
Engine = Annotated[
    str, typer.Option(help="mesa (rules interpreted, on agents) or compiled: the same history, bit for bit.")
]
Out = Annotated[Path | None, typer.Option(help="Folder for chart, tables and chronicle.", show_default=False)]
Explain = Annotated[
    bool, typer.Option("--explain", help="Say why it came out so: from the outcome back to its causes.")
]
Trace = Annotated[
    str | None, typer.Option(metavar="PERSON", help="Follow one person: a number, or a name.", show_default=False)
]
TraceRule = Annotated[
    str | None,
    typer.Option(metavar="RULE", help="Show what a rule (N2) was given and gave at each call.", show_default=False),
]
Calls = Annotated[int, typer.Option(help="How many calls --trace-rule shows.", min=1)]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for a script, and nothing else.")]


def settings(given: Iterable[str]) -> dict[str, object]:
    """What was typed as `path=value`, values read as in a scenario file."""
    pairs = [text.partition("=") for text in given]
    wrong = next((path for path, equals, _ in pairs if not equals or not path), None)
    if wrong is not None:
        raise console.UsageError(f"{wrong!r} is not of the form dotted.path=value.")
    return {path.strip(): _value(text) for path, _, text in pairs}


def _value(text: str) -> Any:  # noqa: ANN401  whatever a scenario file may hold
    """A value as a scenario file would read it; a text that is no YAML is a text."""
    tree = read_tree(Source("--set", text.strip()))
    return text if tree.root is None or tree.problems else content(tree.root)


def scenario_with(name: str, changes: Mapping[str, object]) -> Scenario:
    """A scenario by name or path, with values set."""
    scenario = load_scenario(name)
    return override(scenario, changes) if changes else scenario


# --- run --------------------------------------------------------------------------------------------------------------


def run(  # noqa: PLR0913  options of a command
    scenario: ScenarioName,
    seed: Seed = 1,
    changes: Sets = [],  # noqa: B006  typer copies it
    engine: Engine = "mesa",
    out: Out = None,
    as_json: Json = False,
    explain: Explain = False,
    trace: Trace = None,
    trace_rule: TraceRule = None,
    calls: Calls = 40,
) -> None:
    """Tell one history: what came of it, what happened and why, and a chart."""
    import redesign_sim  # noqa: PLC0415  loading the engines takes a second, and `--help` needs none

    case = scenario_with(scenario, settings(changes))
    if engine not in {"mesa", "compiled"}:
        raise console.UsageError(f"The engine is mesa or compiled, not {engine!r}.")
    if trace_rule:
        from redesign_sim.cli.whys import follow_rule  # noqa: PLC0415  only those who ask load Mesa here

        follow_rule(case, seed, trace_rule, calls)
        return
    with bars.compiling() if engine == "compiled" else nullcontext():
        history = redesign_sim.simulate(case, seed, engine="mesa" if engine == "mesa" else "compiled")
    if as_json:
        console.say_json(
            {"scenario": case.name, "digest": scenario_digest(case), "seed": seed} | _values(history.outcomes)
        )
        return
    if trace or explain:
        _look_closer(case, seed, history, trace)
        return
    tell(case, seed, history, settings(changes))
    folder = out or Path("results") / f"{case.name}-seed{seed}-{_short(case, seed)}"
    _keep(folder, case, seed, history)


def _look_closer(case: Scenario, seed: int, history: Run, person: str | None) -> None:
    """The causes behind the outcome, or one person's way; nothing is kept."""
    from redesign_sim.cli import whys  # noqa: PLC0415

    number = whys.whom(history, person) if person else None
    console.say(f"{case.title} ({case.name}), seed {seed}")
    console.say()
    if number is not None:
        whys.follow_person(history, case, number)
    else:
        whys.explain(history, case)


def _values(outcomes: "pd.Series[Any]") -> dict[str, object]:
    """Outcomes for JSON: plain numbers, and null for what is missing."""
    return {"outcomes": {name: None if pd.isna(value) else _plain(value) for name, value in outcomes.items()}}


def _plain(value: object) -> object:
    """A value of numpy as Python's own."""
    plain = value.item() if isinstance(value, np.generic) else value
    return float(f"{plain:.{DIGITS}g}") if isinstance(plain, float) else plain


def _short(case: Scenario, seed: int) -> str:
    """A history's own name: what is run, with which rules and which luck."""
    return digest_of([rules_digest(), scenario_digest(case), seed])[:8]


def tell(case: Scenario, seed: int, history: Run, changes: Mapping[str, object]) -> None:
    """Outcomes in words with their units, then the chronicle."""
    begins, ends = when(1, case.clock_starts), when(case.horizon_months, case.clock_starts)
    console.say(
        f"{case.title} ({case.name}), {begins} to {ends}, seed {seed}" + (f", with {words(changes)}" if changes else "")
    )
    console.say()
    rows = [(each.title, _told(history.outcomes[each.name], each), each.unit) for each in MEASURES.values()]
    console.say_table(("What came of it", "", "Unit"), rows, right=(1,))
    console.say()
    console.say("What happened between organisations")
    names, local = names_of(case, history.proposals), local_proposals(history.proposals)
    for entry in headlines(happenings(history.events), names, case.clock_starts, local):
        console.say(f"{entry.when}: {entry.text}", indent="  ")


def _told(value: object, measure: Measure) -> str:
    """An outcome of one history, in which months are whole."""
    whole = "month" in measure.unit and isinstance(value, float) and value.is_integer()
    return shown(value, "count" if whole else measure.kind)


def shown(value: object, kind: Kind = "number") -> str:
    """A value as a reader wants it: counts whole, others to three places, a dash for what is missing."""
    if pd.isna(value):  # type: ignore[call-overload]
        return "-"
    if kind == "name":
        return str(value).replace("_", " ")
    if kind == "yes or no":
        return "yes" if value else "no"
    number = float(value)  # type: ignore[arg-type]
    return f"{number:,.0f}" if kind == "count" else f"{number:.3f}"


def _keep(folder: Path, case: Scenario, seed: int, history: Run) -> None:
    """Write chart, tables and the full chronicle, unless this very history is there already."""
    from redesign_sim import charts  # noqa: PLC0415

    stamp = folder / "history.json"
    identity = {"scenario": scenario_digest(case), "rules": rules_digest(), "seed": seed}
    if stamp.is_file() and json.loads(stamp.read_text()) == identity:
        console.say(f"This history is already in {folder}.")
        return
    if folder.exists() and any(folder.iterdir()):
        raise console.UsageError(f"{folder} holds something else; choose another folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    names, events = names_of(case, history.proposals), happenings(history.events)
    lines = [f"{entry.when}: {entry.text}" for entry in everything(events, names, case.clock_starts)]
    (folder / "chronicle.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for table in ("monthly", "people", "proposals", "interfaces", "events"):
        getattr(history, table).to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")
    outcomes = pd.Series(_values(history.outcomes)["outcomes"], dtype=object)
    outcomes.to_csv(folder / "outcomes.csv", header=["value"], lineterminator="\n")
    local = local_proposals(history.proposals)
    timeline = charts.Timeline(
        history.monthly, lives(events, local), marks(events, names), case.integrated_threshold, case.clock_starts
    )
    charts.save(charts.history(timeline, title=case.title, subtitle=_ended(case, seed, history)), folder / "history")
    stamp.write_text(json.dumps(identity) + "\n", encoding="utf-8")
    console.say(f"Chart (history.png, history.svg), tables and the full chronicle are in {folder}.")


def _ended(case: Scenario, seed: int, history: Run) -> str:
    """How it ended, under the chart."""
    index = f"{100 * history.outcomes['integration_index']:.0f} %"
    end = "integrated" if history.outcomes["integrated"] else "not integrated"
    local = len(local_proposals(history.proposals))
    return f"{case.name}, seed {seed}: {end} at the end (integration {index}); {local} local redesigns are not shown"


# --- compare ----------------------------------------------------------------------------------------------------------

Second = Annotated[str | None, typer.Argument(help="The scenario to compare it with; by default the same one.")]
Replications = Annotated[int, typer.Option(help="Pairs of futures.", min=2)]
SetsA = Annotated[list[str], typer.Option("--set-a", help="Set a value in A only: dotted.path=value.")]
SetsB = Annotated[list[str], typer.Option("--set-b", help="Set a value in B only: dotted.path=value.")]
Outcomes = Annotated[list[str], typer.Option("--outcome", help="What to compare; may be repeated.")]


def compare(  # noqa: PLR0913  options of a command
    a: ScenarioName,
    b: Second = None,
    replications: Replications = 400,
    seed: Seed = 1,
    set_a: SetsA = [],  # noqa: B006
    set_b: SetsB = [],  # noqa: B006
    outcomes: Outcomes = ["integration_index", "integrated"],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Set two scenarios side by side, future by future under the same luck."""
    import redesign_sim  # noqa: PLC0415

    unknown = next((name for name in outcomes if name not in MEASURES or MEASURES[name].kind == "name"), None)
    if unknown:
        near = nearest(unknown, (name for name in MEASURES if MEASURES[name].kind != "name"))
        hint = f'; did you mean "{near}"?' if near else "; redesign-sim explain outcomes lists them."
        raise console.UsageError(f"{unknown} is no outcome that can be compared{hint}")
    first, second = scenario_with(a, settings(set_a)), scenario_with(b or a, settings(set_b))
    if scenario_digest(first) == scenario_digest(second):
        raise console.UsageError("A and B are the same scenario; name another, or set a value with --set-b.")
    console.warm_engine()
    runs = [redesign_sim.simulate_ensemble(each, replications, seed) for each in (first, second)]
    labels = [_label(first, set_a), _label(second, set_b)]
    differences = {name: (*paired(runs[1][name], runs[0][name]),) for name in outcomes}
    if as_json:
        console.say_json(
            {"a": labels[0], "b": labels[1], "seed": seed} | {n: d[0]._asdict() for n, d in differences.items()}
        )
        return
    console.say(f"A: {labels[0]}")
    console.say(f"B: {labels[1]}")
    for name, (difference, mean_b, mean_a) in differences.items():
        console.say()
        console.say(sentence(name, difference, mean_a, mean_b))


def _label(scenario: Scenario, given: list[str]) -> str:
    """A side of a comparison in words."""
    return f"{scenario.name} with {', '.join(given)}" if given else scenario.name


def paired(b: "pd.Series[float]", a: "pd.Series[float]") -> tuple[PairedDifference, float, float]:
    """B minus A over the futures in which both have a value, and the two means."""
    known = a.notna() & b.notna()
    if not known.any():
        raise console.UsageError(f"{a.name} is missing in every pair of futures, so it cannot be compared.")
    first, second = a[known].astype(float), b[known].astype(float)
    return paired_difference(second, first), float(second.mean()), float(first.mean())


def sentence(name: str, difference: PairedDifference, mean_a: float, mean_b: float) -> str:
    """A paired difference in plain words."""
    outcome = MEASURES[name]
    smallest = smallest_of_interest(name)
    text = (
        f"{outcome.title}: {mean_a:.3f} in A, {mean_b:.3f} in B. B - A = {difference.estimate:+.3f} "
        f"(95 % interval {difference.low:+.3f} to {difference.high:+.3f}, {difference.pairs} pairs), "
        f"which {difference.verdict(smallest)}"
    )
    text += f" (smallest difference of interest {smallest})." if smallest else "."
    return text + _saved(difference)


def _saved(difference: PairedDifference) -> str:
    """What sharing luck saved, in words."""
    factor = difference.factor_saved
    if not np.isfinite(factor):
        return ""
    pairs = round(difference.pairs * factor)
    return f" Sharing luck saved a factor of {factor:.1f}: independent futures would take {pairs:,} of each."
