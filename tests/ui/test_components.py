"""What holds of every component that the browser runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import redesign_sim.ui.components

FILES = sorted(Path(redesign_sim.ui.components.__file__).parent.glob("*.vue"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_in_a_component_is_named_like_what_it_tells_the_page(file: Path) -> None:
    # Solara puts an event `event_key` into the component as `key`, too, in place of a method of that name.
    text, python = file.read_text(encoding="utf-8"), "".join(each.read_text() for each in file.parent.glob("*.py"))
    told = set(re.findall(r"\bevent_(\w+)", text)) | _events(python, file.name)
    own = set(re.findall(r"^\s+(\w+): function", text, re.MULTILINE))
    assert not told & own


def _events(python: str, name: str) -> set[str]:
    """The events of the component that is made of a file."""
    stated = re.search(rf'component_vue\("{re.escape(name)}"\)\s*def \w+\((.*?)\) -> None', python, re.DOTALL)
    return set(re.findall(r"\bevent_(\w+)", stated[1])) if stated else set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_component_puts_words_into_the_page_as_words(file: Path) -> None:
    assert "v-html" not in file.read_text(encoding="utf-8")
    assert "innerHTML" not in file.read_text(encoding="utf-8")
