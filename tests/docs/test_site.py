"""The documentation site builds without a warning, fetches nothing from elsewhere, and is searched from a folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from redesign_sim.rulekit import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
FETCHED = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["'](https?:)?//""")
"""What a browser would fetch from another machine; a link that one may click is no such thing."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once, also where several workers want it."""
    folder = tmp_path_factory.getbasetemp().parent / "documentation"
    with FileLock(f"{folder}.lock"):
        if not (folder / "index.html").is_file():
            command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "docs", str(folder)]
            built = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
            if built.returncode:
                shutil.rmtree(folder, ignore_errors=True)
            assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture
def page(site: Path) -> Iterator[Page]:
    """A browser before the site's folder that fails the test if it asks for anything else."""
    api = pytest.importorskip("playwright.sync_api", reason="no browser is driven without playwright")
    place = shutil.which("chromium") or shutil.which("google-chrome")
    if place is None:
        pytest.skip("there is no Chromium here")
    asked: list[str] = []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((site / "index.html").as_uri())
        yield tab
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = [file for file in site.rglob("*.html") if "_modules" not in file.parts]
    assert len(pages) > len({card.module for card in CATALOGUE.values()})
    assert [str(file) for file in pages if FETCHED.search(file.read_text("utf-8"))] == []


def test_what_is_fetched_is_seen() -> None:
    assert FETCHED.search('<link rel="stylesheet" href="https://fonts.example.org/a.css">')
    assert not FETCHED.search('<a href="https://example.org">')


def test_every_rule_is_on_the_site(site: Path) -> None:
    text = "".join(file.read_text("utf-8") for file in (site / "generated" / "rules").glob("*.html"))
    assert [rule for rule in CATALOGUE if f'id="rule-{rule.lower()}"' not in text] == []


def test_a_rule_is_found_by_a_search_in_a_folder_without_a_server(page: Page) -> None:
    page.goto(page.url.replace("index.html", "search.html?q=trust_lost"))
    page.locator("#search-results li a").first.wait_for()
    found = page.locator("#search-results li a").all_inner_texts()
    assert "Negotiation" in " ".join(found)


@pytest.mark.parametrize("name", ["index", "rules", "parameters", "generated/commands", "api"])
def test_a_page_is_no_wider_than_a_phone(page: Page, name: str) -> None:
    page.goto(page.url.replace("index.html", f"{name}.html"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
