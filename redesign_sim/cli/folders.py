"""`status`, `replay` and `merge`: what a results folder holds, one of its runs again, and shards put together."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from redesign_sim.cli import console, histories
from redesign_sim.study.merging import merge as merge_shards
from redesign_sim.study.replaying import replay as replay_run
from redesign_sim.study.rounds import final_targets
from redesign_sim.study.running import Results, load_results

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
    if held["failed"]:
        console.say(f"{held['failed']} runs failed; failures.jsonl says what stopped each and how to run it again.")
    console.say_table(
        ("case", "runs", "fewest a point", "most a point"),
        [(case, f"{row['runs']:,}", str(row["fewest"]), str(row["most"])) for case, row in held["cases"].items()],
        right=(1, 2, 3),
    )
    if not held["complete"]:
        console.say(f"Go on with: redesign-sim resume {folder}")


def _held(results: Results) -> dict[str, Any]:
    """What the folder holds, in numbers."""
    holding = results.holding()
    there = holding.there(1)
    runs = results.outcomes([]) if results.folder.has_runs else None
    counts = np.zeros(len(there), dtype=int)
    if runs is not None:
        np.add.at(counts, runs["point"].to_numpy(), 1)
    cases: dict[str, dict[str, int]] = {}
    for case in results.experiment.cases:
        of_case = counts[[point.index for point in results.experiment.points if point.case == case]]
        cases[case] = {"runs": int(of_case.sum()), "fewest": int(of_case.min()), "most": int(of_case.max())}
    least, most = results.experiment.bounds
    return {
        "runs": int(counts.sum()),
        "failed": 0 if runs is None else int(runs["failure"].notna().sum()),
        "least": least,
        "most": most,
        "shard": results.manifest.get("shard"),
        "complete": final_targets(results.experiment, holding) is not None,
        "cases": cases,
    }


def _how_far(held: dict[str, Any]) -> str:
    """How far it is, in a sentence."""
    asked = f"{held['most']:,}" if held["least"] == held["most"] else f"between {held['least']:,} and {held['most']:,}"
    state = "complete" if held["complete"] else "not complete"
    part = f" (shard {held['shard']} of them)" if held["shard"] else ""
    return f"{held['runs']:,} runs are there; the study asks for {asked}{part}: {state}."


def replay(folder: FolderArgument, run: RunName, engine: histories.Engine = "mesa") -> None:
    """Run one run again as a whole history: what happened and why; and check it against what is stored."""
    results = load_results(folder)
    again = replay_run(results, run, "compiled" if engine == "compiled" else "mesa")
    point = again.point
    console.say(f"Point {point.index} of {results.study.name}, replication {again.replication}: {point}")
    histories.tell(point.scenario, point.seed, again.history, dict(point.settings))
    if not again.stored:
        console.say("The folder holds no sound run of that name, so there is nothing to compare it with.")
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
    runs = sum(len(frame) for frame in [results.outcomes([])])
    console.say(
        f"{runs:,} runs of {results.study.name} are in {out}; redesign-sim status {out} says whether it is all."
    )
