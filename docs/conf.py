"""How the documentation site is built: `sphinx-build -W docs build/site`. Open `build/site/index.html`.

Pages that say what the code says (rules with their code and examples, commands, source files) are written into
`docs/generated` first. The site asks no other machine for anything, and its search works from a folder, too.
"""

import json
import os
import re
import sys
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
GENERATED = DOCS / "generated"
sys.path.insert(0, str(ROOT))

from redesign_sim import __version__  # noqa: E402  found only after the line above
from redesign_sim.cli import app as command_line  # noqa: E402
from redesign_sim.cli.reference import commands_page  # noqa: E402
from redesign_sim.reports.catalogue import anchor, rule_pages  # noqa: E402

project = "redesign-sim"
author = "The redesign-sim authors"
project_copyright = author
version = release = __version__
language = "en_GB"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
default_role = "code"
myst_enable_extensions = ["attrs_inline", "colon_fence"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
html_theme = "furo"
html_title = "redesign-sim"
html_static_path = ["style"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False

FILE_LINK = re.compile(r"\]\((?:\.\./)+((?:redesign_sim|scenarios|experiments|tests)/[\w./-]*)(?:#L[\dL-]+)?\)")
"""A link out of the documentation to a file of the checkout, to lines of it, or to a folder."""
RULE_ROW = re.compile(r"^\| <a id=\"\w+\"></a>(\w+) (`\w+`) \|", re.MULTILINE)
"""A rule in the list of rules."""
RULE_LINK = re.compile(r"\]\(rules\.md#([a-z]\d+)\)")
"""A link to a rule in that list."""
NOT_YET = re.compile(r"\[([\w.]+)\]\((?:evidence|evidence_log)\.md\)")
"""Links to the verdicts, where no full run of the evidence has been made the reference."""
ORPHAN = "---\norphan: true\n---\n\n"
"""How a page begins that no list of pages names."""


def write(name: str, text: str) -> None:
    """Write a generated page, unless it says that already: what has not changed is not built again."""
    file = GENERATED / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.is_file() or file.read_text("utf-8") != text:
        file.write_text(text, encoding="utf-8", newline="\n")


def generated_pages() -> dict[str, str]:
    """Every page that is written anew: rules, commands, the notebook, and each file that a page links to."""
    pages = {f"rules/{name}": text for name, text in rule_pages(ROOT).items()}
    pages["commands.md"] = commands_page(command_line, "redesign-sim")
    pages["a_researchers_hour.md"] = notebook(DOCS / "a_researchers_hour.ipynb")
    pages["changelog.md"] = (ROOT / "CHANGELOG.md").read_text("utf-8").replace("](docs/", "](/")
    texts = [*pages.values(), *(file.read_text("utf-8") for file in DOCS.glob("*.md"))]
    texts += [file.read_text("utf-8") for file in DOCS.glob("tutorials/*.md")]
    linked = {path for text in texts for path in FILE_LINK.findall(text)}
    linked |= {path for text in texts for path in re.findall(r"\(/generated/source/([\w./-]+)\.md\)", text)}
    for path in sorted(linked):
        pages |= source_pages(path.rstrip("/"))
    return pages


def source_pages(path: str) -> dict[str, str]:
    """The page of a file of the checkout; of a folder, a list of its files, and theirs."""
    if not (ROOT / path).is_dir():
        return {f"source/{path}.md": file_page(path)}
    inside = [file for file in (ROOT / path).iterdir() if file.suffix in {".yaml", ".py"}]
    files = sorted(file.relative_to(ROOT).as_posix() for file in inside)
    listed = "\n".join(f"- [{file}](/generated/source/{file}.md)" for file in files)
    pages = {f"source/{path}.md": f"{ORPHAN}# {path}\n\n{listed}\n"}
    return pages | {f"source/{file}.md": file_page(file) for file in files}


def file_page(path: str) -> str:
    """A file of the checkout with its lines numbered."""
    include = os.path.relpath(ROOT / path, (GENERATED / "source" / path).parent)
    language = "python" if path.endswith(".py") else "yaml"
    shown = f"```{{literalinclude}} {include}\n:language: {language}\n:linenos:\n```"
    return f"{ORPHAN}# {path}\n\n{shown}\n"


def notebook(file: Path) -> str:
    """A notebook as a page: its text as it stands, its code as code."""
    cells = json.loads(file.read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    return "\n\n".join(
        f"```python\n{text}\n```" if cell["cell_type"] == "code" else text
        for cell, text in zip(cells, texts, strict=True)
    )


def write_generated(_app: object) -> None:
    """Write what is generated, and take away what was and is no longer."""
    pages = generated_pages()
    for file in [*GENERATED.rglob("*.md")]:
        if file.relative_to(GENERATED).as_posix() not in pages:
            file.unlink()
    for name, text in pages.items():
        write(name, text)


def lead_within_the_site(_app: object, name: str, source: list[str]) -> None:
    """Turn links to files of the checkout, which work where the text is read in the repository, into links to pages."""
    text = RULE_LINK.sub(lambda found: f"](#{anchor(found[1])})", source[0])
    if not (DOCS / "evidence.md").is_file():
        text = NOT_YET.sub(r"`\1`", text)
    text = text.replace("](../CHANGELOG.md)", "](/generated/changelog.md)")
    if name == "rules":
        text = list_of_rules(text)
    source[0] = FILE_LINK.sub(lambda found: f"](/generated/source/{found[1].rstrip('/')}.md)", text)


def list_of_rules(text: str) -> str:
    """The list of rules with a link to the section of each, which has their lines and examples, and those sections."""
    rows = [line.rsplit(" | ", 2)[0] + " |" if line.startswith("| ") else line for line in text.splitlines()]
    linked = RULE_ROW.sub(lambda found: f"| [{found[1]} {found[2]}](#{anchor(found[1])}) |", "\n".join(rows))
    stages = "\n".join(f"generated/rules/{page.removesuffix('.md')}" for page in rule_pages(ROOT))
    return f"{linked}\n\n```{{toctree}}\n:hidden:\n\n{stages}\n```\n"


def setup(app: object) -> None:
    """Tell Sphinx when to do so."""
    app.connect("builder-inited", write_generated)  # type: ignore[attr-defined]
    app.connect("source-read", lead_within_the_site)  # type: ignore[attr-defined]
