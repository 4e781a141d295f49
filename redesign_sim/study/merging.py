"""The shards of a study as one results folder."""

from __future__ import annotations

import json
import shutil
from functools import partial
from typing import TYPE_CHECKING

from redesign_sim.study import store
from redesign_sim.study.errors import StudyError
from redesign_sim.study.provenance import now
from redesign_sim.study.running import Results, finish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ALIKE = ("study", "rules", "engine", "scenarios", "seeds", "counts", "schema")
"""What shards of one study have in common."""


def merge(places: Sequence[Path], out: Path) -> Results:
    """Put the runs of shards together in a new folder; the shards stay as they are.

    All have to be of one study, made by the same rules. What no shard holds is missing afterwards, and resuming the
    new folder runs it. Raises StudyError.
    """
    folders = [store.Folder(place) for place in places]
    manifests = [folder.manifest() for folder in folders]
    for folder, manifest in zip(folders, manifests, strict=True):
        _alike(folder, manifest, manifests[0])
    merged = store.Folder(out)
    merged.create_or_keep()
    if merged.begun:
        raise StudyError(f"{merged} holds results already; choose another folder.")
    with merged.locked():
        for folder in folders:
            _take(folder, merged)
        _begin(folders[0], merged, manifests[0])
        return finish(merged, now())


def _alike(folder: store.Folder, manifest: dict[str, object], first: dict[str, object]) -> None:
    different = next((name for name in ALIKE if manifest.get(name) != first.get(name)), None)
    if different:
        raise StudyError(f"{folder} is no shard of the same study: its {different} differ from those of the first.")


def _take(folder: store.Folder, merged: store.Folder) -> None:
    """Copy a shard's parts whole."""
    for part in folder.parts():
        _copy(part, merged / store.RUNS / part.name)


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
