"""Who made what from what, as a Process Run Crate (RO-Crate 1.1, profile 0.5).

Written by hand: it is one file of some ten entities, of which a library (`rocrate`) would save three and bring
`requests`, `jinja2` and `arcp` with it; and it has to be written whole, as everything else in a results folder.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from redesign_sim.study import store
from redesign_sim.study.provenance import versions

if TYPE_CHECKING:
    from redesign_sim.study.experiment import Experiment

CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILES = ("https://w3id.org/ro/crate/1.1", "https://w3id.org/ro/wfrun/process/0.5")
SOFTWARE = "#redesign-sim"
PARQUET = "application/vnd.apache.parquet"
FORMATS = {
    ".yaml": "application/yaml",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".csv": "text/csv",
    ".parquet": PARQUET,
}
TABLES = {store.RUNS: "a row a run, in parts", store.MONTHLY: "a row a run and month, in parts"}
DESCRIBED = {
    store.STUDY: "what was asked",
    store.MANIFEST: "what made the results: versions, digests, seeds, platform",
    store.DESIGN: "a row a point",
    store.SUMMARY: "a row a point, ranked",
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
    shelves = [f"{shelf}/" for shelf in TABLES if (folder / shelf).is_dir()]
    results = [*made, *shelves]
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
    profile = {"@id": PROFILES[1], "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    graph = [
        _descriptor(),
        root,
        profile,
        _software(),
        _action(inputs, results, began, ended),
        *files,
        *map(_tables, shelves),
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _tables(shelf: str) -> dict[str, Any]:
    name = shelf.removesuffix("/")
    return {"@id": shelf, "@type": "Dataset", "name": name, "description": TABLES[name], "encodingFormat": PARQUET}


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
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "description": DESCRIBED.get(name, "a case, resolved"),
        "encodingFormat": FORMATS[PurePath(name).suffix],
    }
