"""`sweep` runs a study and says what was found; `resume` goes on with one that was stopped."""

import sys
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from redesign_sim.cli import bars, console
from redesign_sim.study.analysis.summary import finding, is_of_mixes
from redesign_sim.study.engines import ENGINES
from redesign_sim.study.execution import available_cores
from redesign_sim.study.experiment import Experiment
from redesign_sim.study.mixes import TYPES
from redesign_sim.study.opening import same_study
from redesign_sim.study.piloting import piloted
from redesign_sim.study.reading import cases_at, cases_of, experiment_of, find_study, read_study, sound
from redesign_sim.study.results import Results
from redesign_sim.study.rounds import Shard, contexts
from redesign_sim.study.running import run_experiment
from redesign_sim.study.store import STUDY, Folder
from redesign_sim.study.work import EngineName, Progress, Work
from redesign_sim.world.measures import MEASURES

ROWS, INDEX = 15, "integration_index"
MOST_DRAWN = 12
"""More contexts than these get no charts of their own."""

READING = (
    "* cannot be told from the best (95 %, all at once, under the same luck). integrate: share of futures that "
    "integrate. {mean} behind: how far behind the best."
)
INDEX_READING = "index: how joined up care is at the end, 0-1."
MIX_READING = " Types in per cent: lacking = lacking followers, high = high-impact."
StudyFile = Annotated[str, typer.Argument(help="A study file, or the name of a shipped study.", show_default=False)]
Out = Annotated[Path | None, typer.Option(help="Results folder [default: results/NAME-DIGEST].", show_default=False)]
Replications = Annotated[
    int | None, typer.Option(help="Futures a point, instead of the file's.", min=1, show_default=False)
]
Scenarios = Annotated[list[str], typer.Option("--scenario", help="A case instead of the file's; may be repeated.")]
Threads = Annotated[int | None, typer.Option(help="Threads [default: one a core].", min=1, max=256, show_default=False)]
Processes = Annotated[
    int | None, typer.Option(help="Processes instead of threads.", min=1, max=1024, show_default=False)
]
Cluster = Annotated[
    str | None, typer.Option(help="A Dask scheduler that is running, such as tcp://host:8786.", show_default=False)
]
Engine = Annotated[str, typer.Option(help="compiled, or mesa (the same runs, hundreds of times slower).")]
ShardOption = Annotated[
    str | None,
    typer.Option("--shard", help="Only part i of n, as in 2/8; merge puts them together.", show_default=False),
]
MixRules = Annotated[bool, typer.Option("--mix-rules", help="Go on in a folder that was begun with other rules.")]
Plan = Annotated[bool, typer.Option("--plan", help="Say what it would take, and run nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Write the ranked table as JSON, and nothing else.")]


def sweep(  # noqa: PLR0913  options of a command
    study: StudyFile,
    out: Out = None,
    replications: Replications = None,
    scenarios: Scenarios = [],  # noqa: B006  typer copies it
    threads: Threads = None,
    processes: Processes = None,
    cluster: Cluster = None,
    engine: Engine = "compiled",
    shard: ShardOption = None,
    mix_rules: MixRules = False,
    plan: Plan = False,
    as_json: Json = False,
) -> None:
    """Run a study: many futures of every point, ranked, with what cannot be told from the best."""
    experiment = changed(find_study(study), replications, scenarios)
    work = Work(
        None, threads, processes, cluster, engine_named(engine), None, Shard.parse(shard) if shard else None, mix_rules
    )
    folder = out or _default_folder(experiment, work)
    if work.engine == "compiled":
        console.warm_engine()
    if plan:
        tell_plan(experiment, folder, work)
        return
    _run(experiment, folder, work, as_json=as_json)


def engine_named(name: str) -> EngineName:
    """An engine as one types it."""
    if name not in ENGINES:
        raise console.UsageError(f"The engine is compiled or mesa, not {name!r}.")
    return "mesa" if name == "mesa" else "compiled"


def _default_folder(experiment: Experiment, work: Work) -> Path:
    """A folder of its own for each shard."""
    folder = experiment.default_folder
    return folder.with_name(f"{folder.name}-{work.shard.number}-of-{work.shard.of}") if work.shard else folder


FolderArgument = Annotated[
    Path, typer.Argument(help="The results folder of a study that was stopped.", show_default=False)
]


def resume(
    folder: FolderArgument,
    threads: Threads = None,
    processes: Processes = None,
    cluster: Cluster = None,
    mix_rules: MixRules = False,
    as_json: Json = False,
) -> None:
    """Go on with a study that was stopped; what is done stays done."""
    manifest = Folder(folder).manifest()
    shard = manifest.get("shard")
    engine = engine_named(str(manifest.get("engine")))
    work = Work(None, threads, processes, cluster, engine, None, Shard.parse(shard) if shard else None, mix_rules)
    if engine == "compiled":
        console.warm_engine()
    _run(experiment_of(folder / STUDY), folder, work, as_json=as_json)


def changed(path: Path, replications: int | None, scenarios: list[str]) -> Experiment:
    """A study file's experiment, with other cases or another number of replications where they were asked for."""
    if not (replications or scenarios):
        return experiment_of(path)
    written, tree = read_study(path)
    changes = {"replications": replications or written.replications}
    study = written.model_copy(update=changes | ({"scenarios": tuple(scenarios)} if scenarios else {}))
    cases = cases_of(study, Path()) if scenarios else cases_at(study, path.parent, tree)
    return sound(study, cases, tree)


def tell_plan(experiment: Experiment, folder: Path, work: Work) -> None:
    """Say what a study would take, from a timed pilot: what is there already, what is missing, time and disk."""
    least, most = (-(-bound // (work.shard.of if work.shard else 1)) for bound in experiment.bounds)
    there = _runs_there(experiment, folder, work)
    pilot = piloted(experiment, work)
    number = len(contexts(experiment))
    console.say(experiment.study.question)
    runs = f"{most:,} runs" if least == most else f"{least:,} to {most:,} runs, as the rule decides"
    share = f" in this shard ({work.shard})" if work.shard else ""
    console.say(f"{len(experiment.points):,} points in {number:,} context{'s' * (number > 1)}: {runs}{share}.")
    if there:
        left = " to ".join(dict.fromkeys(f"{max(bound - there, 0):,}" for bound in (least, most)))
        console.say(f"{there:,} of them are in {folder} already and are not run again; {left} are missing.")
    workers, who = _who(work)
    left_over = [max(bound - there, 0) for bound in (least, most)]
    times = " to ".join(dict.fromkeys(duration(runs * pilot.seconds / workers) for runs in left_over))
    sizes = " to ".join(dict.fromkeys(f"{bound * pilot.bytes / 1e6:,.1f}" for bound in (least, most)))
    console.say(f"About {times} on {who} like those here, and about {sizes} MB in {folder}.")


def _who(work: Work) -> tuple[int, str]:
    """How many will do the work, and what they are."""
    in_processes = work.processes or work.engine == "mesa"
    number = work.processes or work.workers or available_cores()
    return number, f"{number} {'process' if in_processes else 'thread'}{('es' if in_processes else 's') * (number > 1)}"


def _runs_there(experiment: Experiment, folder: Path, work: Work) -> int:
    """How many runs a folder holds, once it is sure that it is of this study."""
    there = Folder(folder)
    if not there.begun:
        return 0
    same_study(there, there.manifest(), experiment, work)
    return sum(table.num_rows for table in there.sound_tables(["point"]))


def duration(seconds: float) -> str:
    """A time as one says it."""
    if seconds < 90:  # noqa: PLR2004  people count seconds up to a minute and a half
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"  # noqa: PLR2004


def _run(experiment: Experiment, folder: Path, work: Work, *, as_json: bool) -> None:
    """Run, tell, draw; stopped, say how to go on."""
    try:
        results = _with_progress(experiment, folder, work)
    except KeyboardInterrupt:
        console.complain(f"\nStopped. What is done is kept; go on with: redesign-sim resume {folder}")
        raise typer.Exit(130) from None
    if work.shard:
        console.say(f"Shard {work.shard} is done, in {folder}; redesign-sim merge puts all shards together.")
        return
    if as_json:
        console.say_json(results.summary.astype(object).where(results.summary.notna(), None).to_dict("records"))
        return
    tell(results)
    draw(results)
    console.say(f"Everything is in {folder}: summary.csv, runs/, and the charts as .png and .svg.")


def _with_progress(experiment: Experiment, folder: Path, work: Work) -> Results:
    """Run with a bar; where there is no terminal, with a sentence before and after."""
    with bars.progress() as bar:
        task = bar.add_task("warming up", total=None)

        def watch(progress: Progress) -> None:
            bar.update(task, description=_words(progress), completed=progress.done, total=progress.total)

        if not sys.stderr.isatty():
            least, most = experiment.bounds
            runs = f"{most:,}" if least == most else f"{least:,} to {most:,}"
            points = len(experiment.points)
            console.complain(f"Running {runs} futures of {points} point{'s' if points > 1 else ''}.")
        return run_experiment(experiment, folder, work=work, watch=watch)


def _words(progress: Progress) -> str:
    """What the bar says."""
    return f"{progress.failed} failed" if progress.failed else "running"


# --- what was found ---------------------------------------------------------------------------------------------------


def tell(results: Results) -> None:
    """The ranked table of every context, and the finding in a sentence."""
    console.say(results.study.question)
    if not is_ranked(results):
        console.say(
            f"{len(results.design):,} points were run; redesign-sim analyse {results.folder} says what came out."
        )
        _say_failures(results)
        return
    for context, table in results.summary.groupby("context", sort=False):
        console.say()
        console.say(f"{context}: {len(table)} points, {_futures(table)}")
        head, rows, right = _ranked(table, results.study.select_on)
        console.say_table(head, rows, right=right)
        if len(table) > _shown(table):
            console.say(f"... and {len(table) - _shown(table)} more in summary.csv")
        console.say()
        console.say(_reading(results.study.select_on, table))
        console.say()
        console.say(finding(table, results.study.select_on).sentence)
    _say_failures(results)


def _say_failures(results: Results) -> None:
    """How many runs failed, if any did."""
    failed = len(results.failures)
    if failed:
        console.complain(f"{failed} run{'s' * (failed > 1)} failed and are left out; see failures.jsonl.")


def is_ranked(results: Results) -> bool:
    """Whether a ranking is what one reads: not of points that were drawn, nor in more contexts than one can read."""
    return not results.study.design.sampled and len(results.design["context"].unique()) <= MOST_DRAWN


def _futures(table: pd.DataFrame) -> str:
    """How many futures each point has."""
    fewest, most = int(table["runs"].min()), int(table["runs"].max())
    return f"{most} futures of each" if fewest == most else f"{fewest} to {most} futures of each"


def _shown(table: pd.DataFrame) -> int:
    """How many rows a reader gets: the set that cannot be told from the best and some below it, within reason."""
    return min(len(table), max(ROWS, min(int(table["may_be_best"].sum()) + 3, 2 * ROWS)))


def _reading(select_on: str, table: pd.DataFrame) -> str:
    """How to read a ranking."""
    mean = INDEX_READING if select_on == INDEX else f"mean: {MEASURES[select_on].title}, by which points are ranked."
    return READING.format(mean=mean) + (MIX_READING if is_of_mixes(table) else "")


def _ranked(table: pd.DataFrame, select_on: str) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[int, ...]]:
    """Head, rows and right-aligned columns of a ranking; a star marks what cannot be told from the best."""
    mix = is_of_mixes(table)
    names = ("passive", "localised", "lacking", "high") if mix else ("setting",)
    head = ("", *names, "integrate", "95 % interval", "index" if select_on == INDEX else "mean", "behind")
    rows = [_ranked_row(row, select_on, mix=mix) for row in table.head(_shown(table)).to_dict("records")]
    return head, rows, tuple(place for place, title in enumerate(head) if title != "setting")


def _ranked_row(row: dict[Any, Any], select_on: str, *, mix: bool) -> tuple[str, ...]:
    """A point in the ranking."""
    what = [f"{100 * row[kind]:.0f}" for kind in TYPES] if mix else [str(row["settings"])]
    interval = f"{100 * row['integrated_low']:.0f}-{100 * row['integrated_high']:.0f}"
    return (
        "*" if row["may_be_best"] else "",
        *what,
        f"{100 * row['integrated']:.1f} %",
        interval,
        f"{row[select_on]:.3f}",
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
        found = finding(table, results.study.select_on)
        by = "the integration index" if results.study.select_on == INDEX else MEASURES[results.study.select_on].title
        below = f"{context}, {int(table['runs'].min())} futures a mix, ranked by {by}"
        charts.save(
            charts.ranked_mixes(table, title=found.title, subtitle=below), results.folder / f"ranked_mixes{ending}"
        )
        what = charts.SHOWN[charts.telling_outcome(table)]
        subtitle = f"{context}: {what}, in per cent; heavy outline: cannot be told from the best"
        charts.save(charts.simplex(table, title=found.title, subtitle=subtitle), results.folder / f"simplex{ending}")
