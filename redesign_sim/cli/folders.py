"""`status`, `replay` and `merge`: what a results folder holds, one of its runs again, and shards put together."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from redesign_sim.cli import console, histories
from redesign_sim.cli.studies import duration, engine_named
from redesign_sim.study.merging import merge as merge_shards
from redesign_sim.study.replaying import replay as replay_run
from redesign_sim.study.replaying import which_run
from redesign_sim.study.results import Results, load_results, still_missing

FolderArgument = Annotated[Path, typer.Argument(help="A results folder.", show_default=False)]
RunName = Annotated[
    str, typer.Argument(help="A run: POINT:REPLICATION as in runs/, or a run's id.", metavar="RUN", show_default=False)
]
Shards = Annotated[list[Path], typer.Argument(help="The results folders of all shards.", show_default=False)]
Out = Annotated[Path, typer.Option(help="The folder for all of it.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for a script, and nothing else.")]


def status(folder: FolderArgument, as_json: Json = False) -> None:
    """Say how far a study is; another process may be filling the folder meanwhile."""
    results = load_results(folder)
    held = _held(results)
    if as_json:
        console.say_json(held)
        return
    console.say(f"{results.study.question}")
    console.say(_how_far(held))
    if held["filled_by"]:
        console.say(f"It is being filled by {held['filled_by']}{_pace(held)}.")
    if held["failed"]:
        console.say(f"{held['failed']} runs failed; failures.jsonl says what stopped each and how to run it again.")
    console.say_table(
        ("case", "runs", "failed", "fewest a point", "most a point"),
        [(case, *(f"{number:,}" for number in row.values())) for case, row in held["cases"].items()],
        right=(1, 2, 3, 4),
    )
    if held["broken"]:
        console.say(f"Parts that cannot be read: {held['broken']}; resume sets them aside and runs them again.")
    if not (held["complete"] or held["filled_by"]):
        console.say(f"Go on with: redesign-sim resume {folder}")


def _held(results: Results) -> dict[str, Any]:
    """What the folder holds, in numbers."""
    points, folder = results.experiment.points, results.folder
    counts, failed = np.zeros(len(points), dtype=int), np.zeros(len(points), dtype=int)
    for runs in folder.sound_tables(["point", "failure"]):
        np.add.at(counts, runs["point"].to_numpy(), 1)
        np.add.at(failed, runs.filter(runs["failure"].is_valid())["point"].to_numpy(), 1)
    cases: dict[str, dict[str, int]] = {}
    for case in results.experiment.cases:
        mine = [point.index for point in points if point.case == case]
        of_case = counts[mine]
        cases[case] = {
            "runs": int(of_case.sum()),
            "failed": int(failed[mine].sum()),
            "fewest": int(of_case.min()),
            "most": int(of_case.max()),
        }
    least, most = results.experiment.bounds
    missing = still_missing(results)
    return {
        "runs": int(counts.sum()),
        "failed": int(failed.sum()),
        "least": least,
        "most": most,
        "missing": missing,
        "shard": results.manifest.get("shard"),
        "complete": missing == 0,
        "filled_by": folder.filled_by,
        "runs_a_second": folder.pace(),
        "broken": folder.broken,
        "cases": cases,
    }


def _how_far(held: dict[str, Any]) -> str:
    """How far it is, in a sentence."""
    asked = f"{held['most']:,}" if held["least"] == held["most"] else f"between {held['least']:,} and {held['most']:,}"
    state = "complete" if held["complete"] else f"{held['missing']:,} are missing now"
    part = f" in all shards, of which this is {held['shard']}" if held["shard"] else ""
    return f"{held['runs']:,} runs are there; the study asks for {asked}{part}: {state}."


def _pace(held: dict[str, Any]) -> str:
    """How fast it is filled, and how long that leaves."""
    rate = held["runs_a_second"]
    if not rate:
        return ""
    return f", {rate:,.1f} runs a second, about {duration(held['missing'] / rate)} for what is missing"


def replay(folder: FolderArgument, run: RunName, engine: histories.Engine = "mesa") -> None:
    """Run one run again as a whole history: what happened and why; and check it against what is stored."""
    results = load_results(folder)
    which = which_run(results, run)
    point = which.point
    console.say(f"Point {point.index} of {results.study.name}, replication {which.replication}: {point}")
    if which.trace:
        console.complain(f"This run failed; nothing of it is stored but what stopped it:\n{which.trace}")
        raise typer.Exit(1)
    again = replay_run(which, "compiled" if engine_named(engine) == "compiled" else "mesa")
    histories.tell(point.scenario, point.seed, again.history, dict(point.settings))
    if which.row is None:
        console.say("The folder holds no run of that name, so there is nothing to compare it with.")
    elif again.different:
        console.complain(
            f"It differs from what is stored in: {', '.join(again.different)}. Other rules, or other versions?"
        )
        raise typer.Exit(1)
    else:
        console.say("Every outcome is the one that is stored, bit for bit.")


def merge(shards: Shards, out: Out) -> None:
    """Put the shards of a study together in one results folder."""
    results = merge_shards(shards, out)
    runs = sum(len(part) for part in results.parts([]))
    console.say(
        f"{runs:,} runs of {results.study.name} are in {out}; redesign-sim status {out} says whether it is all."
    )
