"""A results folder is begun, or shown to hold this very study."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from redesign_sim.scenario import dump_yaml, scenario_digest
from redesign_sim.study import store
from redesign_sim.study.columns import described, monthly_schema, run_schema
from redesign_sim.study.errors import StudyError
from redesign_sim.study.failures import write_failures
from redesign_sim.study.provenance import SEEDS, machine, rules_digest, versions
from redesign_sim.study.reading import dump_study
from redesign_sim.study.replication import Fixed

if TYPE_CHECKING:
    import pyarrow as pa

    from redesign_sim.study.experiment import Experiment
    from redesign_sim.study.schema import Study
    from redesign_sim.study.work import Work


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
