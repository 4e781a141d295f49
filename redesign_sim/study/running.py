"""From a study to results on disk: run what is missing, keep what is there, read it back."""

from __future__ import annotations

import json
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from redesign_sim.scenario import dump_yaml, scenario_digest
from redesign_sim.study import store
from redesign_sim.study.analysis.summary import summarise
from redesign_sim.study.columns import run_schema
from redesign_sim.study.crate import write_crate
from redesign_sim.study.errors import StudyError
from redesign_sim.study.execution import Crash, Crew, as_completed, cluster, given, processes, threads
from redesign_sim.study.failures import failures_of, write_failures
from redesign_sim.study.provenance import SEEDS, machine, now, rules_digest, versions
from redesign_sim.study.reading import dump_study, experiment_of
from redesign_sim.study.replication import Fixed
from redesign_sim.study.replication.rule import STOP_WORDS
from redesign_sim.study.rounds import Holding, Shard, final_targets, missing_stretches, next_targets, stops
from redesign_sim.study.runs import Batch, Simulator, batches, crashed, run_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from redesign_sim.scenario import Scenario
    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.rounds import Targets
    from redesign_sim.study.schema import Study

EngineName = Literal["compiled", "mesa"]

SMALLEST_BLOCK, SECONDS_A_BLOCK, LARGEST_BLOCK = 25, 0.25, 500
"""Replications that are run of one point before the next has its turn: an interrupted study is balanced to this."""

SECONDS_A_BATCH, SECONDS_A_REMOTE_BATCH = 1.0, 4.0
LARGEST_BATCH = 2000


class Progress(NamedTuple):
    """How far a study is, in runs; those that were there before are not counted. A rule may ask for more later."""

    done: int
    total: int
    failed: int


class Work(NamedTuple):
    """How a study is run; none of it changes a result.

    `executor`: anything with the interface of `concurrent.futures.Executor`; `address`: a Dask scheduler; `processes`:
    so many processes; otherwise `workers` threads, or processes for the Mesa engine. `simulate` stands in for the
    engine. `shard`: only this part of the runs. `mix_rules`: go on in a folder that other rules have begun.
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

    @property
    def simulator(self) -> Simulator:
        """What turns a scenario into runs."""
        return self.simulate or {"compiled": compiled, "mesa": interpreted}[self.engine]

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
    manifest: dict[str, object]

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
        return self.folder.runs(["point", "replication", *dict.fromkeys(names), "failure"])

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
        try:
            fill(folder, experiment, work)
        finally:
            write_failures(folder, experiment)
        return finish(folder, began)


def _can_be_sharded(experiment: Experiment, shard: Shard | None) -> None:
    if shard and not isinstance(experiment.study.rule, Fixed):
        raise StudyError(
            "Only a fixed number of replications can be divided into shards: a rule that looks at what came out has to "
            "see all of it. Use --cluster, or give a number."
        )


def finish(folder: store.Folder, began: str) -> Results:
    """Write what is made from the runs: the summary, and the crate that says who made what from what."""
    results = load_results(folder.place)
    if results.folder.manifest().get("shard") is None:
        text = results.summary.to_csv(index=False, lineterminator="\n")
        store.write_text(folder / "summary.csv", text)
    write_crate(folder, results.experiment, began=began, ended=now())
    return results


def load_results(place: Path | str) -> Results:
    """The tidy tables of a results folder: design, runs, and the summary made from them."""
    folder = store.Folder(place)
    manifest = folder.manifest()
    return Results(folder, experiment_of(folder / store.STUDY), manifest)


def open_folder(folder: store.Folder, experiment: Experiment, work: Work) -> None:
    """Begin a results folder, or make sure that the one there holds this very study."""
    rules = [rules_digest()]
    if folder.begun:
        manifest = folder.manifest()
        _same_study(folder, manifest, experiment, work)
        rules = list(dict.fromkeys([*_rules_of(manifest), *rules]))
        if rules == _rules_of(manifest) and not _asks_for_more(manifest, experiment):
            return
    _freeze(folder, experiment, work, rules)


def _rules_of(manifest: dict[str, object]) -> list[str]:
    rules = manifest["rules"]
    return [str(each) for each in rules] if isinstance(rules, list) else [str(rules)]


def _asks_for_more(manifest: dict[str, object], experiment: Experiment) -> bool:
    """Whether more replications are asked for than the folder was begun for."""
    held = manifest["counts"]
    another = not isinstance(experiment.study.rule, Fixed) and held["rule"] != experiment.rule_words  # type: ignore[index]
    return another or held["runs"] < experiment.runs  # type: ignore[index, no-any-return]


def _same_study(folder: store.Folder, manifest: dict[str, object], experiment: Experiment, work: Work) -> None:
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


def _shard_words(shard: object) -> str:
    return f"shard {shard}" if shard else "all runs"


def _freeze(folder: store.Folder, experiment: Experiment, work: Work, rules: list[str]) -> None:
    """Write what the study is; the manifest last, because it says that the rest is there."""
    for case, scenario in experiment.cases.items():
        store.write_text(folder / store.SCENARIOS / f"{case}.yaml", dump_yaml(scenario))
    store.write_text(folder / store.STUDY, dump_study(experiment.study, experiment.cases))
    design = experiment.table()
    store.write_table(folder / store.DESIGN, design, pa.Schema.from_pandas(design, preserve_index=False))
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
        "schema": [f"{column.name}: {column.type}" for column in run_schema()],
        "versions": versions(),
        "platform": machine(),
    }


def fill(folder: store.Folder, experiment: Experiment, work: Work) -> None:
    """Run what the folder does not hold yet, round by round as the rule asks, and store it part by part."""
    holding = Holding(folder, len(experiment.points), experiment.study.judged)
    holding.read()
    targets: Targets = np.zeros(len(experiment.points), dtype=np.int64)
    told = _Teller(work.watch)
    seconds = 0.0
    with nullcontext() if _complete(experiment, holding, work) else work.crew() as crew:
        while (wanted := next_targets(experiment, holding, targets)).tolist() != targets.tolist():
            targets = wanted
            there = holding.there(int(targets.max()))
            if crew is not None and next(missing_stretches(there, targets, experiment.points, 1, work.shard), None):
                seconds = seconds or seconds_a_run(experiment, work.simulator)
                _round(folder, experiment, work, crew, (there, targets, seconds), told)
                holding.read()


def _complete(experiment: Experiment, holding: Holding, work: Work) -> bool:
    """Whether nothing is missing, so that no crew has to be called together."""
    targets = final_targets(experiment, holding)
    if targets is None and work.shard is None:
        return False
    targets = (
        next_targets(experiment, holding, np.zeros(len(experiment.points), np.int64)) if targets is None else targets
    )
    there = holding.there(int(targets.max()))
    return next(missing_stretches(there, targets, experiment.points, 1, work.shard), None) is None


class _Teller:
    """Tells whoever watches how far it is."""

    def __init__(self, watch: Callable[[Progress], None] | None) -> None:
        self._watch = watch
        self._done = self._total = self._failed = 0

    def asked(self, runs: int) -> None:
        """A round asks for so many runs more."""
        self._total += runs

    def did(self, runs: int, failed: int) -> None:
        """So many are done."""
        self._done, self._failed = self._done + runs, self._failed + failed
        if self._watch:
            self._watch(Progress(self._done, self._total, self._failed))


def _round(
    folder: store.Folder,
    experiment: Experiment,
    work: Work,
    crew: Crew,
    asked: tuple[np.ndarray[tuple[int, int], np.dtype[np.bool_]], Targets, float],
    told: _Teller,
) -> None:
    """Run what one round asks for, and store each part as it comes."""
    there, targets, seconds = asked
    stretches = partial(missing_stretches, there, targets, experiment.points, block_size(seconds), work.shard)
    told.asked(sum(stretch.runs for stretch in stretches()))
    tasks = batches(stretches(), batch_size(seconds, remote=crew.remote))
    for batch, part in as_completed(tasks, partial(made_part, simulate=work.simulator), crew):
        whole = part_of(batch, crashed(batch, part.words)) if isinstance(part, Crash) else part
        folder.write_part(whole.name, whole.data)
        told.did(batch.runs, whole.failed)


class Part(NamedTuple):
    """Runs as they are stored, made where they were run: a worker needs no access to the results folder."""

    name: str
    data: bytes
    failed: int


def made_part(batch: Batch, simulate: Simulator) -> Part:
    """Run a batch and give it as it is stored."""
    return part_of(batch, run_batch(batch, simulate))


def part_of(batch: Batch, frame: pd.DataFrame) -> Part:
    """A batch's runs as they are stored."""
    failed = int(frame["failure"].notna().sum()) if "failure" in frame else 0
    return Part(batch.name, store.table_bytes(frame, run_schema()), failed)


def compiled(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """The compiled engine on one thread: the pool puts batches side by side."""
    from redesign_sim.engine import run_ensemble  # noqa: PLC0415  loading the compiler takes a second

    return run_ensemble(scenario, replications, seed, threads=1)


def interpreted(scenario: Scenario, replications: range, seed: int) -> pd.DataFrame:
    """The same runs on Mesa's agents."""
    from redesign_sim.study.ensembles import simulate_ensemble  # noqa: PLC0415  loading Mesa takes a second

    first = replications.start
    return simulate_ensemble(scenario, len(replications), seed, engine="mesa", first_replication=first)


def seconds_a_run(experiment: Experiment, simulate: Simulator) -> float:
    """What a run costs here, from a few timed runs of the first point (the first of all pays for warming up)."""
    point = experiment.points[0]
    scenario, pilot = point.scenario, range(3)
    try:
        simulate(scenario, range(1), point.seed)
        began = time.perf_counter()
        simulate(scenario, pilot, point.seed)
    except Exception:  # noqa: BLE001  the run itself will tell what fails, and where
        return SECONDS_A_BATCH / SMALLEST_BLOCK
    return (time.perf_counter() - began) / len(pilot)


def block_size(seconds: float) -> int:
    """Replications in a block: enough to be worth setting a scenario up for, few enough to stay balanced."""
    return max(SMALLEST_BLOCK, min(LARGEST_BLOCK, int(SECONDS_A_BLOCK / max(seconds, 1e-6))))


def batch_size(seconds: float, *, remote: bool = False) -> int:
    """Runs in a batch that takes about a second: short enough to stop soon, long enough to be worth a file."""
    long = SECONDS_A_REMOTE_BATCH if remote else SECONDS_A_BATCH
    return max(1, min(LARGEST_BATCH, int(long / max(seconds, 1e-6))))
