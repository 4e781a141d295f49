"""`sweep` runs a study and says what was found; `resume` goes on with one that was stopped."""

import sys
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from redesign_sim.cli import console
from redesign_sim.study.analysis import finding, is_of_mixes
from redesign_sim.study.execution import available_cores
from redesign_sim.study.experiment import Experiment, resolve
from redesign_sim.study.mixes import TYPES
from redesign_sim.study.reading import cases_of, experiment_of, find_study, read_study
from redesign_sim.study.running import Progress, Results, compiled, run_experiment, seconds_a_run
from redesign_sim.study.store import STUDY, Folder

ROWS = 15
MOST_DRAWN = 12
"""More contexts than these get no charts of their own."""

READING = (
    "* cannot be told from the best (95 %, all at once, under the same luck). integrate: share of futures that "
    "integrate. index: how joined up care is at the end, 0-1. behind: index behind the best."
)
MIX_READING = " Types in per cent: lacking = lacking followers, high = high-impact."
BYTES_A_RUN = 180
"""What a run takes on disk, measured on the shipped study; for an estimate only."""

StudyFile = Annotated[str, typer.Argument(help="A study file, or the name of a shipped study.", show_default=False)]
Out = Annotated[Path | None, typer.Option(help="Results folder [default: results/NAME-DIGEST].", show_default=False)]
Replications = Annotated[
    int | None, typer.Option(help="Futures a point, instead of the file's.", min=1, show_default=False)
]
Scenarios = Annotated[list[str], typer.Option("--scenario", help="A case instead of the file's; may be repeated.")]
Threads = Annotated[int | None, typer.Option(help="Threads [default: one a core].", min=1, max=256, show_default=False)]
Plan = Annotated[bool, typer.Option("--plan", help="Say what it would take, and run nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Write the ranked table as JSON, and nothing else.")]


def sweep(
    study: StudyFile,
    out: Out = None,
    replications: Replications = None,
    scenarios: Scenarios = [],  # noqa: B006  typer copies it
    threads: Threads = None,
    plan: Plan = False,
    as_json: Json = False,
) -> None:
    """Run a study: many futures of every point, ranked, with what cannot be told from the best."""
    experiment = changed(find_study(study), replications, scenarios)
    console.warm_engine()
    if plan:
        console.say(planned(experiment, threads or available_cores()))
        return
    _run(experiment, out or experiment.default_folder, threads, as_json=as_json)


FolderArgument = Annotated[
    Path, typer.Argument(help="The results folder of a study that was stopped.", show_default=False)
]


def resume(folder: FolderArgument, threads: Threads = None, as_json: Json = False) -> None:
    """Go on with a study that was stopped; what is done stays done."""
    Folder(folder).manifest()
    console.warm_engine()
    _run(experiment_of(folder / STUDY), folder, threads, as_json=as_json)


def changed(path: Path, replications: int | None, scenarios: list[str]) -> Experiment:
    """A study file's experiment, with other cases or another number of replications where they were asked for."""
    if not (replications or scenarios):
        return experiment_of(path)
    written, _ = read_study(path)
    changes = {"replications": replications or written.replications}
    study = written.model_copy(update=changes | ({"scenarios": tuple(scenarios)} if scenarios else {}))
    return resolve(study, cases_of(study, Path() if scenarios else path.parent))


def planned(experiment: Experiment, threads: int) -> str:
    """What a study would take, from a timed pilot."""
    seconds = seconds_a_run(experiment, compiled) * experiment.runs / threads
    megabytes = experiment.runs * BYTES_A_RUN / 1e6
    return (
        f"{experiment.study.question} {len(experiment.points)} points x {experiment.study.replications} futures = "
        f"{experiment.runs:,} runs: about {duration(seconds)} on {threads} thread{'s' * (threads > 1)}, "
        f"about {megabytes:,.1f} MB in {experiment.default_folder}."
    )


def duration(seconds: float) -> str:
    """A time as one says it."""
    if seconds < 90:  # noqa: PLR2004  people count seconds up to a minute and a half
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"  # noqa: PLR2004


def _run(experiment: Experiment, folder: Path, threads: int | None, *, as_json: bool) -> None:
    """Run, tell, draw; stopped, say how to go on."""
    try:
        results = _with_progress(experiment, folder, threads)
    except KeyboardInterrupt:
        console.complain(f"\nStopped. What is done is kept; go on with: redesign-sim resume {folder}")
        raise typer.Exit(130) from None
    if as_json:
        console.say_json(results.summary.astype(object).where(results.summary.notna(), None).to_dict("records"))
        return
    tell(results)
    draw(results)
    console.say(f"Everything is in {folder}: summary.csv, runs/, and the charts as .png and .svg.")


def _with_progress(experiment: Experiment, folder: Path, threads: int | None) -> Results:
    """Run with a bar; where there is no terminal, with a sentence before and after."""
    with console.progress() as bar:
        task = bar.add_task("warming up", total=None)

        def watch(progress: Progress) -> None:
            bar.update(task, description=_words(progress), completed=progress.done, total=progress.total)

        if not sys.stderr.isatty():
            console.complain(f"Running {experiment.runs:,} futures of {len(experiment.points)} points.")
        return run_experiment(experiment, folder, workers=threads, watch=watch)


def _words(progress: Progress) -> str:
    """What the bar says."""
    return f"{progress.failed} failed" if progress.failed else "running"


# --- what was found ---------------------------------------------------------------------------------------------------


def tell(results: Results) -> None:
    """The ranked table of every context, and the finding in a sentence."""
    console.say(results.study.question)
    for context, table in results.summary.groupby("context", sort=False):
        console.say()
        console.say(f"{context}: {len(table)} points, {int(table['runs'].min())} futures of each")
        head, rows, right = _ranked(table)
        console.say_table(head, rows, right=right)
        if len(table) > _shown(table):
            console.say(f"... and {len(table) - _shown(table)} more in summary.csv")
        console.say()
        console.say(READING + (MIX_READING if is_of_mixes(table) else ""))
        console.say()
        console.say(finding(table).sentence)
    if len(results.failures):
        console.complain(f"{len(results.failures)} runs failed and are left out; see `failure` in runs/.")


def _shown(table: pd.DataFrame) -> int:
    """How many rows a reader gets: the set that cannot be told from the best and some below it, within reason."""
    return min(len(table), max(ROWS, min(int(table["may_be_best"].sum()) + 3, 2 * ROWS)))


def _ranked(table: pd.DataFrame) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[int, ...]]:
    """Head, rows and right-aligned columns of a ranking; a star marks what cannot be told from the best."""
    mix = is_of_mixes(table)
    names = ("passive", "localised", "lacking", "high") if mix else ("setting",)
    head = ("", *names, "integrate", "95 % interval", "index", "behind")
    rows = [_ranked_row(row, mix=mix) for row in table.head(_shown(table)).to_dict("records")]
    return head, rows, tuple(place for place, title in enumerate(head) if title != "setting")


def _ranked_row(row: dict[Any, Any], *, mix: bool) -> tuple[str, ...]:
    """A point in the ranking."""
    what = [f"{100 * row[kind]:.0f}" for kind in TYPES] if mix else [str(row["settings"])]
    interval = f"{100 * row['integrated_low']:.0f}-{100 * row['integrated_high']:.0f}"
    return (
        "*" if row["may_be_best"] else "",
        *what,
        f"{100 * row['integrated']:.1f} %",
        interval,
        f"{row['integration_index']:.3f}",
        f"{row['behind_best']:.3f}",
    )


def _can_be_drawn(table: pd.DataFrame) -> bool:
    """Whether a context's points are mixes and nothing else."""
    return is_of_mixes(table) and not table["settings"].any()


def draw(results: Results) -> None:
    """The charts of a study of mixes, one pair a context, in its folder."""
    contexts = [(name, table) for name, table in results.summary.groupby("context", sort=False) if _can_be_drawn(table)]
    if not 0 < len(contexts) <= MOST_DRAWN:
        return
    from redesign_sim import charts  # noqa: PLC0415  matplotlib takes half a second to load

    for number, (context, table) in enumerate(contexts):
        ending = "" if len(contexts) == 1 else f"_{number + 1}"
        found = finding(table)
        below = f"{context}, {int(table['runs'].min())} futures a mix, ranked by the integration index"
        charts.save(
            charts.ranked_mixes(table, title=found.title, subtitle=below), results.folder / f"ranked_mixes{ending}"
        )
        what = charts.SHOWN[charts.telling_outcome(table)]
        subtitle = f"{context}: {what}, in per cent; heavy outline: cannot be told from the best"
        charts.save(charts.simplex(table, title=found.title, subtitle=subtitle), results.folder / f"simplex{ending}")
