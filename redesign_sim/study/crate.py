"""Who made what from what, as a Process Run Crate (RO-Crate 1.1, profile 0.5); written by hand: it is one file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from redesign_sim.study import store
from redesign_sim.study.provenance import versions

if TYPE_CHECKING:
    from redesign_sim.study.experiment import Experiment

CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILES = ("https://w3id.org/ro/crate/1.1", "https://w3id.org/ro/wfrun/process/0.5")
SOFTWARE = "#redesign-sim"
DESCRIBED = {
    store.STUDY: "what was asked",
    store.MANIFEST: "what made the results: versions, digests, seeds, platform",
    store.DESIGN: "a row a point",
    "summary.csv": "a row a point, ranked",
    store.FAILURES: "the runs that failed",
}


def write_crate(folder: store.Folder, experiment: Experiment, *, began: str, ended: str) -> None:
    """Write the crate's metadata beside what it describes; `began`, `ended`: ISO times of the last filling."""
    text = json.dumps(crate(folder, experiment, began=began, ended=ended), indent=2)
    store.write_text(folder / CRATE, text + "\n")


def crate(folder: store.Folder, experiment: Experiment, *, began: str, ended: str) -> dict[str, Any]:
    """The metadata: the action, its software, its inputs and its results."""
    inputs = [store.STUDY, *(f"{store.SCENARIOS}/{case}.yaml" for case in experiment.cases)]
    made = [name for name in DESCRIBED if name not in inputs and (folder / name).is_file()]
    results = [*made, f"{store.RUNS}/"]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": experiment.study.name,
        "description": experiment.study.question,
        "datePublished": ended,
        "license": "to be chosen by whoever publishes it",
        "conformsTo": {"@id": PROFILES[1]},
        "hasPart": [{"@id": name} for name in (*inputs, *results)],
        "mentions": {"@id": "#run"},
    }
    files = [_file(name) for name in (*inputs, *made)]
    runs = {"@id": f"{store.RUNS}/", "@type": "Dataset", "name": "runs", "description": "Parquet, a row a run"}
    profile = {"@id": PROFILES[1], "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    graph = [_descriptor(), root, profile, _software(), _action(inputs, results, began, ended), *files, runs]
    return {"@context": CONTEXT, "@graph": graph}


def _descriptor() -> dict[str, Any]:
    return {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILES[0]},
        "about": {"@id": "./"},
    }


def _software() -> dict[str, Any]:
    return {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "redesign-sim",
        "softwareVersion": versions()["redesign-sim"],
        "softwareRequirements": [f"{name} {version}" for name, version in versions().items() if name != "redesign-sim"],
    }


def _action(inputs: list[str], results: list[str], began: str, ended: str) -> dict[str, Any]:
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "redesign-sim sweep",
        "instrument": {"@id": SOFTWARE},
        "object": [{"@id": name} for name in inputs],
        "result": [{"@id": name} for name in results],
        "startTime": began,
        "endTime": ended,
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }


def _file(name: str) -> dict[str, Any]:
    return {"@id": name, "@type": "File", "name": name, "description": DESCRIBED.get(name, "a case, resolved")}
