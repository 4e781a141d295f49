"""The shards of a study as one results folder."""

from __future__ import annotations

import json
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from redesign_sim.study import store
from redesign_sim.study.columns import KEYS
from redesign_sim.study.errors import StudyError
from redesign_sim.study.failures import write_failures
from redesign_sim.study.provenance import now
from redesign_sim.study.results import Results, load_results
from redesign_sim.study.running import finish
from redesign_sim.world.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ALIKE = ("study", "rules", "engine", "scenarios", "seeds", "counts", "columns")
"""What shards of one study have in common."""


def merge(places: Sequence[Path], out: Path) -> Results:
    """Put the runs of shards together in a new folder; the shards stay as they are.

    All have to be of one study, made by the same rules, and where two hold the same run it has to be the same. What no
    shard holds is missing afterwards, and resuming the new folder runs it. Raises StudyError.
    """
    folders = [store.Folder(place) for place in places]
    manifests = [folder.manifest() for folder in folders]
    for folder, manifest in zip(folders, manifests, strict=True):
        _alike(folder, manifest, manifests[0])
    _agree(folders)
    merged = store.Folder(out)
    merged.create_or_keep()
    if merged.begun:
        raise StudyError(f"{merged} holds results already; choose another folder.")
    with merged.locked():
        began = now()
        merged.make_shelves(monthly=store.MONTHLY in manifests[0]["columns"])
        for folder in folders:
            _take(folder, merged)
        _begin(folders[0], merged, manifests[0])
        experiment = load_results(merged.place).experiment
        write_failures(merged, experiment, beside=folders)
        return finish(merged, experiment, began)


def _agree(folders: Sequence[store.Folder]) -> None:
    """Refuse shards that hold the same run with different outcomes."""
    held = [folder for folder in folders if folder.has_runs]
    keys = pd.concat([folder.runs([]) for folder in held]) if held else pd.DataFrame(columns=KEYS)
    if not keys.duplicated().any():
        return
    twice = set(keys[keys.duplicated()].itertuples(index=False, name=None))
    runs = pd.concat([folder.runs([*MEASURES]) for folder in held], ignore_index=True)
    named = runs[[key in twice for key in zip(runs["point"], runs["replication"], strict=True)]].drop_duplicates()
    if len(named) > len(twice):
        point, replication = named.loc[named.duplicated([*KEYS]), [*KEYS]].iloc[0]
        raise StudyError(f"Two of the folders hold different outcomes of run {point}:{replication}; leave one out.")


def _alike(folder: store.Folder, manifest: dict[str, object], first: dict[str, object]) -> None:
    different = next((name for name in ALIKE if manifest.get(name) != first.get(name)), None)
    if different:
        raise StudyError(
            f"{folder} is no shard of the same study: `{different}` in its manifest is not as in the first."
        )


def _take(folder: store.Folder, merged: store.Folder) -> None:
    """Copy a shard's parts whole, courses first: a run counts as there when its row in `runs` is."""
    for shelf in (store.MONTHLY, store.RUNS):
        for part in folder.parts(shelf):
            _copy(part, merged / shelf / part.name)


def _copy(source: Path, place: Path) -> None:
    store.write_whole(place, partial(shutil.copyfile, source))


def _begin(folder: store.Folder, merged: store.Folder, manifest: dict[str, object]) -> None:
    """Copy what the study is; the manifest last, because it says that the rest is there."""
    names = [store.STUDY, store.DESIGN, *(f"{store.SCENARIOS}/{each.name}" for each in _scenarios(folder))]
    for name in names:
        _copy(folder / name, merged / name)
    store.write_text(merged / store.MANIFEST, json.dumps({**manifest, "shard": None}, indent=2) + "\n")


def _scenarios(folder: store.Folder) -> list[Path]:
    return sorted((folder / store.SCENARIOS).glob("*.yaml"))
