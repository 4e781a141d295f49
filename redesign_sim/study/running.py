"""From a study to results on disk: run what is missing, keep what is there, read it back."""

from __future__ import annotations

import json
import math
import time
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from redesign_sim.scenario import dump_yaml, scenario_digest
from redesign_sim.study import store
from redesign_sim.study.analysis.summary import summarise
from redesign_sim.study.columns import described, monthly_schema, run_schema
from redesign_sim.study.crate import write_crate
from redesign_sim.study.engines import ENGINES, Engine
from redesign_sim.study.errors import StudyError
from redesign_sim.study.execution import Crash, Crew, Queue, cluster, given, processes, threads
from redesign_sim.study.failures import failures_of, note_failures, write_failures
from redesign_sim.study.living import Job, Lived
from redesign_sim.study.provenance import SEEDS, machine, now, rules_digest, versions
from redesign_sim.study.reading import dump_study, experiment_of, load_study
from redesign_sim.study.replication import Fixed
from redesign_sim.study.replication.rule import STOP_WORDS
from redesign_sim.study.rounds import Holding, Shard, final_targets, missing_stretches, next_targets, stops
from redesign_sim.study.runs import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    import pyarrow as pa

    from redesign_sim.study.engines import Follower, Simulator
    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.rounds import Targets
    from redesign_sim.study.runs import Batch, Point, Stretch
    from redesign_sim.study.schema import Study

EngineName = Literal["compiled", "mesa"]

SMALLEST_BLOCK, SECONDS_A_BLOCK, LARGEST_BLOCK = 25, 1.0, 500
"""Replications that are run of one point before the next has its turn: an interrupted study is balanced to this."""

SECONDS_A_BATCH, SECONDS_A_REMOTE_BATCH = 1.0, 4.0
LARGEST_BATCH = 10_000

LONG = 0.1
"""Seconds in which it can be told what a run costs: by one run, or by several short ones."""


class Progress(NamedTuple):
    """How far a study is, in runs; those that were there before are not counted. A rule may ask for more later."""

    done: int
    total: int
    failed: int


class Work(NamedTuple):
    """How a study is run; none of it changes a result.

    `executor`: anything with the interface of `concurrent.futures.Executor`; `address`: a Dask scheduler; `processes`:
    so many processes; otherwise `workers` threads, or processes for the Mesa engine. `simulate` stands in for the
    engine, and `follow` where courses are asked for. `shard`: only this part of the runs. `mix_rules`: go on in a
    folder that other rules have begun.
    """

    executor: Executor | None = None
    workers: int | None = None
    processes: int | None = None
    address: str | None = None
    engine: EngineName = "compiled"
    simulate: Simulator | None = None
    shard: Shard | None = None
    mix_rules: bool = False
    watch: Callable[[Progress], None] | None = None
    follow: Follower | None = None

    @property
    def runs_on(self) -> Engine:
        """What turns a scenario into runs."""
        usual = ENGINES[self.engine]
        return Engine(self.simulate or usual.simulate, self.follow or usual.follow)

    def crew(self) -> AbstractContextManager[Crew]:
        """Whoever does the work."""
        if self.executor is not None:
            return given(self.executor, self.workers)
        if self.address is not None:
            return cluster(self.address, rules=rules_digest())
        if self.processes or (self.engine == "mesa" and self.simulate is None):
            return processes(self.processes or self.workers)
        return threads(self.workers)


@dataclass(frozen=True)
class Results:
    """What a results folder holds, as tidy tables; each is read when it is asked for."""

    folder: store.Folder
    experiment: Experiment
    manifest: dict[str, Any]

    @property
    def study(self) -> Study:
        """The study that was run."""
        return self.experiment.study

    @cached_property
    def design(self) -> pd.DataFrame:
        """A row a point."""
        design: pd.DataFrame = pq.read_table(self.folder / store.DESIGN).to_pandas()
        return design

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run, every outcome."""
        return self.folder.runs()

    def outcomes(self, names: Sequence[str]) -> pd.DataFrame:
        """A row a run with only these outcomes, so that a very large study fits in memory."""
        return self.folder.runs([*names, "failure"])

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """A row a run and month, where the study asks for courses (`monthly:`)."""
        return self.folder.monthly()

    def parts(self, names: Sequence[str]) -> Iterator[pd.DataFrame]:
        """The same as `outcomes`, part by part as it was stored, for what needs no more than one part at a time."""
        for table in self.folder.tables(["point", "replication", *names, "failure"]):
            yield table.to_pandas()

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row a point, ranked within each context; see `summarise`."""
        shown = tuple(dict.fromkeys(("integrated", "integration_index", *self.study.outcomes, self.study.select_on)))
        adaptive = not isinstance(self.study.rule, Fixed)
        return summarise(self.design, self.outcomes(shown), shown, self.study.select_on, adaptive=adaptive)

    @cached_property
    def stopping(self) -> pd.DataFrame:
        """A row a point: sound runs, the estimate that the rule judged with its interval, and what ended its runs.

        Empty while the rule still asks for runs.
        """
        holding = self.holding()
        targets = final_targets(self.experiment, holding)
        columns = ["point", "context", "runs", "estimate", "low", "high", "stopped_by"]
        if targets is None:
            return pd.DataFrame(columns=columns)
        rows = zip(self.experiment.points, stops(self.experiment, holding, targets), strict=True)
        return pd.DataFrame(
            [(point.index, point.context, *stop[:-1], STOP_WORDS[stop.by]) for point, stop in rows], columns=columns
        )

    def holding(self) -> Holding:
        """What the folder holds of the outcome that the rule judges."""
        holding = Holding(self.folder, len(self.experiment.points), self.study.judged)
        holding.read()
        return holding

    @property
    def failures(self) -> pd.DataFrame:
        """The runs that failed: where each stood, the trace of what stopped it, and the command that runs it again."""
        return failures_of(self.folder, self.experiment)


def run_experiment(
    spec: Experiment | Study | Path | str,
    out: Path | str | None = None,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    simulate: Simulator | None = None,
    watch: Callable[[Progress], None] | None = None,
    work: Work | None = None,
) -> Results:
    """Run a study, or what is missing of it, and return what its folder then holds.

    `spec`: a study file, a `Study` or a resolved `Experiment`; `out`: the results folder, by default
    `results/<name>-<digest>`; `executor`: anything with the interface of `concurrent.futures.Executor`, by default
    `workers` threads in this process; `work` says all of that and more. A folder of the same study is continued; any
    other is refused and left as it is (StudyError). Interrupted, it keeps every part that is done, and calling it
    again goes on from there.
    """
    work = work or Work(executor=executor, workers=workers, simulate=simulate)
    work = work._replace(watch=watch or work.watch)
    experiment = experiment_of(spec)
    folder = store.Folder(out or experiment.default_folder)
    _can_be_sharded(experiment, work.shard)
    folder.create_or_keep()
    with folder.locked():
        open_folder(folder, experiment, work)
        began = now()
        fill(folder, experiment, work)
        return finish(folder, experiment, began)


def _can_be_sharded(experiment: Experiment, shard: Shard | None) -> None:
    if shard and not isinstance(experiment.study.rule, Fixed):
        raise StudyError(
            "Only a fixed number of replications can be divided into shards: a rule that looks at what came out has to "
            "see all of it. Use --cluster, or give a number."
        )


def finish(folder: store.Folder, experiment: Experiment, began: str) -> Results:
    """Write what is made from the runs: the summary, and the crate that says who made what from what.

    The points are the folder's own; what it was asked may be more than this time.
    """
    results = Results(folder, replace(experiment, study=load_study(folder / store.STUDY)), folder.manifest())
    if results.manifest.get("shard") is None:
        text = results.summary.to_csv(index=False, lineterminator="\n")
        store.write_text(folder / store.SUMMARY, text)
    write_crate(folder, experiment, began=began, ended=now())
    return results


def load_results(place: Path | str) -> Results:
    """The tidy tables of a results folder: design, runs, and the summary made from them."""
    folder = store.Folder(place)
    manifest = folder.manifest()
    return Results(folder, experiment_of(folder / store.STUDY), manifest)


def open_folder(folder: store.Folder, experiment: Experiment, work: Work) -> None:
    """Begin a results folder, or make sure that the one there holds this very study."""
    rules = [rules_digest()]
    manifest = folder.manifest() if folder.begun else None
    if manifest:
        same_study(folder, manifest, experiment, work)
        rules = list(dict.fromkeys([*_rules_of(manifest), *rules]))
    folder.make_shelves(monthly=bool(experiment.study.monthly))
    folder.tidy(_schemas(experiment.study))
    if not manifest or rules != _rules_of(manifest) or _asks_for_more(manifest, experiment):
        _freeze(folder, experiment, work, rules)
    write_failures(folder, experiment)


def _schemas(study: Study) -> dict[str, pa.Schema]:
    """The columns of every table that has parts."""
    return {store.RUNS: run_schema(), **({store.MONTHLY: monthly_schema(study.monthly)} if study.monthly else {})}


def _columns(study: Study) -> dict[str, dict[str, str]]:
    """The same as names and types."""
    return {shelf: described(schema) for shelf, schema in _schemas(study).items()}


def _rules_of(manifest: dict[str, Any]) -> list[str]:
    rules = manifest["rules"]
    return [str(each) for each in rules] if isinstance(rules, list) else [str(rules)]


def _asks_for_more(manifest: dict[str, Any], experiment: Experiment) -> bool:
    """Whether more replications are asked for than the folder was begun for."""
    held = manifest["counts"]
    another = not isinstance(experiment.study.rule, Fixed) and held["rule"] != experiment.rule_words
    return bool(another or held["runs"] < experiment.runs)


def same_study(folder: store.Folder, manifest: dict[str, Any], experiment: Experiment, work: Work) -> None:
    """Refuse a folder of other rules, of another study, engine or shard."""
    if manifest["study"] != experiment.digest:
        raise StudyError(f"{folder} holds another study (other points, cases or seed); choose another folder.")
    if rules_digest() not in _rules_of(manifest) and not work.mix_rules:
        raise StudyError(
            f"{folder} was made with other rules than these; choose another folder to keep both, or say --mix-rules."
        )
    shard = str(work.shard) if work.shard else None
    if manifest.get("shard") != shard:
        raise StudyError(f"{folder} holds {_shard_words(manifest.get('shard'))}, not {_shard_words(shard)}.")
    if manifest.get("engine") != work.engine:
        raise StudyError(f"{folder} was begun with the {manifest.get('engine')} engine; go on with --engine of that.")
    if manifest["columns"] != _columns(experiment.study):
        raise StudyError(f"{folder} has other columns ({_different(manifest, experiment)}); choose another folder.")


def _different(manifest: dict[str, Any], experiment: Experiment) -> str:
    """The first column that a folder has and the study has not, or the other way round, or that is of another type."""
    held, asked = manifest["columns"], _columns(experiment.study)
    pairs = [(shelf, name) for part in (held, asked) for shelf, columns in part.items() for name in columns]
    shelf, name = next(
        (shelf, name) for shelf, name in pairs if held.get(shelf, {}).get(name) != asked.get(shelf, {}).get(name)
    )
    return f"{name} in {shelf}"


def _shard_words(shard: object) -> str:
    return f"shard {shard}" if shard else "all runs"


def _freeze(folder: store.Folder, experiment: Experiment, work: Work, rules: list[str]) -> None:
    """Write what the study is; the manifest last, because it says that the rest is there."""
    for case, scenario in experiment.cases.items():
        store.write_text(folder / store.SCENARIOS / f"{case}.yaml", dump_yaml(scenario))
    store.write_text(folder / store.STUDY, dump_study(experiment.study, experiment.cases))
    store.write_frame(folder / store.DESIGN, experiment.table())
    store.write_text(folder / store.MANIFEST, json.dumps(_manifest(experiment, work, rules), indent=2) + "\n")


def _manifest(experiment: Experiment, work: Work, rules: list[str]) -> dict[str, object]:
    """What made a folder."""
    study = experiment.study
    return {
        "format": store.FORMAT,
        "format_version": store.FORMAT_VERSION,
        "study": experiment.digest,
        "rules": rules[0] if len(rules) == 1 else rules,
        "engine": work.engine,
        "shard": str(work.shard) if work.shard else None,
        "scenarios": {case: scenario_digest(scenario) for case, scenario in experiment.cases.items()},
        "seeds": {"scheme": SEEDS, "master": study.seed, "common_random_numbers": study.common_luck},
        "counts": {
            "cases": len(experiment.cases),
            "points": len(experiment.points),
            "contexts": len({point.context for point in experiment.points}),
            "rule": experiment.rule_words,
            "runs": experiment.runs,
        },
        "columns": _columns(study),
        "versions": versions(),
        "platform": machine(),
    }


def fill(folder: store.Folder, experiment: Experiment, work: Work) -> None:
    """Run what the folder does not hold yet, round by round as the rule asks, and store it part by part."""
    holding = Holding(folder, len(experiment.points), experiment.study.judged)
    holding.read()
    targets: Targets = np.zeros(len(experiment.points), dtype=np.int64)
    filling = _Filling(folder, experiment, work)
    with ExitStack() as stack:
        crew: Crew | None = None
        while (wanted := next_targets(experiment, holding, targets)).tolist() != targets.tolist():
            targets = wanted
            missing = partial(
                missing_stretches, holding.there(int(targets.max())), targets, experiment.points, shard=work.shard
            )
            if next(missing(LARGEST_BLOCK), None):
                crew = crew or stack.enter_context(work.crew())
                filling.round(crew, missing)
                holding.read()


def still_missing(results: Results) -> int:
    """How many runs are missing before the rule has to be asked again; none where it is satisfied."""
    experiment, holding = results.experiment, results.holding()
    shard = results.manifest.get("shard")
    targets: Targets = np.zeros(len(experiment.points), dtype=np.int64)
    while (wanted := next_targets(experiment, holding, targets)).tolist() != targets.tolist():
        targets = wanted
        there = holding.there(int(targets.max()))
        stretches = missing_stretches(
            there, targets, experiment.points, LARGEST_BLOCK, Shard.parse(shard) if shard else None
        )
        if missing := sum(stretch.runs for stretch in stretches):
            return missing
    return 0


class _Filling:
    """A folder while it is filled."""

    def __init__(self, folder: store.Folder, experiment: Experiment, work: Work) -> None:
        """Nothing is done yet."""
        self._folder, self._experiment, self._work = folder, experiment, work
        self._job = Job(work.runs_on, experiment.study.monthly, rules_digest())
        self._seconds = 0.0
        self._done = self._total = self._failed = 0

    def round(self, crew: Crew, missing: Callable[[int], Iterator[Stretch]]) -> None:
        """Run what one round asks for, and store each part as it comes; stopped, keep what has begun."""
        self._seconds = self._seconds or _pilot(crew, self._experiment.points[0], self._work.runs_on.simulate)
        block = block_size(self._seconds)
        runs = sum(stretch.runs for stretch in missing(block))
        self._total += runs
        most = min(batch_size(self._seconds, remote=crew.remote), math.ceil(runs / crew.ahead))
        queue: Queue[Batch, Lived] = Queue(batches(missing(block), most), self._job, crew)
        try:
            for batch, lived in queue.completed():
                self._keep(batch, self._job.lost(batch, lived) if isinstance(lived, Crash) else lived)
        except KeyboardInterrupt:
            for batch, lived in queue.under_way():
                self._keep(batch, lived, tell=False)
            raise
        finally:
            queue.drop()

    def _keep(self, batch: Batch, lived: Lived, *, tell: bool = True) -> None:
        """Store a batch, and tell whoever watches how far it is."""
        note_failures(self._folder, self._experiment, lived)
        self._folder.keep(lived.name, lived.files)
        self._done, self._failed = self._done + batch.runs, self._failed + len(lived.failures)
        if tell and self._work.watch:
            self._work.watch(Progress(self._done, self._total, self._failed))


def _pilot(crew: Crew, point: Point, simulate: Simulator) -> float:
    """What a run costs where the work is done."""
    try:
        return crew.executor.submit(seconds_a_run, point, simulate).result()
    except crew.killed_by:
        return SECONDS_A_BATCH / SMALLEST_BLOCK


def seconds_a_run(point: Point, simulate: Simulator) -> float:
    """What a run of a point costs here; the first pays for warming up, and a short one is timed more than once."""
    scenario = point.scenario
    try:
        simulate(scenario, range(1), point.seed)
        seconds = _timed(partial(simulate, scenario, range(1), point.seed))
        several = min(SMALLEST_BLOCK, int(LONG / max(seconds, 1e-6)))
        return seconds if several < 2 else _timed(partial(simulate, scenario, range(several), point.seed)) / several  # noqa: PLR2004
    except Exception:  # noqa: BLE001  the run itself will tell what fails, and where
        return SECONDS_A_BATCH / SMALLEST_BLOCK


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def block_size(seconds: float) -> int:
    """Replications in a block: enough to be worth setting a scenario up for, few enough to stay balanced."""
    return max(SMALLEST_BLOCK, min(LARGEST_BLOCK, int(SECONDS_A_BLOCK / max(seconds, 1e-6))))


def batch_size(seconds: float, *, remote: bool = False) -> int:
    """Runs in a batch that takes about a second: short enough to stop soon, long enough to be worth a file."""
    long = SECONDS_A_REMOTE_BATCH if remote else SECONDS_A_BATCH
    return max(1, min(LARGEST_BATCH, int(long / max(seconds, 1e-6))))
