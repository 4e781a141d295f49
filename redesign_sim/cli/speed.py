"""`bench`: how fast the engine is on this machine."""

from typing import Annotated

import typer

from redesign_sim.cli import console
from redesign_sim.scenario import load_scenario

Scenario = Annotated[str, typer.Argument(help="The scenario to run.")]
Runs = Annotated[int, typer.Option(help="Compiled runs in each repeat.", min=1)]
MesaRuns = Annotated[int, typer.Option(help="Runs in mesa.batch_run in each repeat.", min=1)]
Repeats = Annotated[int, typer.Option(help="How often each has its turn.", min=1)]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


def bench(
    scenario: Scenario = "dementia_london",
    runs: Runs = 200,
    mesa_runs: MesaRuns = 1,
    repeats: Repeats = 3,
    as_json: Json = False,
) -> None:
    """Runs a second of the compiled engine and of the same model in mesa.batch_run, one core each."""
    from redesign_sim.study.bench import measure  # noqa: PLC0415  loading the engines takes a second

    case = load_scenario(scenario)
    console.warm_engine()
    speed = measure(case, compiled_runs=runs, mesa_runs=mesa_runs, repeats=repeats)
    if as_json:
        console.say_json({"scenario": scenario} | speed._asdict())
        return
    console.say(f"{scenario}, one core, medians of {speed.repeats} interleaved repeats")
    rows = [
        ("compiled engine", f"{speed.compiled:,.1f}", f"{1000 / speed.compiled:,.2f}"),
        ("mesa.batch_run", f"{speed.mesa:,.2f}", f"{1000 / speed.mesa:,.0f}"),
    ]
    console.say_table(("", "runs a second", "ms a run"), rows, right=(1, 2))
    console.say(f"The compiled engine is {speed.ratio:,.0f} times faster per core.")
