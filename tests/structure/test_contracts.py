"""The import contracts of pyproject.toml: kept by the package, and broken by small packages that should break them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.structure.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"


def lint(folder: Path) -> tuple[bool, str]:
    """Run the contracts as `lint-imports` does in a folder: whether they are kept, and what is said."""
    done = subprocess.run([sys.executable, "-c", LINT], cwd=folder, check=False, capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project under the same contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tests" / "structure", tmp_path / "tests" / "structure")
    write(tmp_path, "redesign_sim/__init__.py", "")
    return tmp_path


def write(project: Path, file: str, text: str) -> None:
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text(text, "utf-8")
    (project / file).with_name("__init__.py").touch()


def test_the_package_keeps_the_contracts() -> None:
    kept, said = lint(ROOT)
    assert kept, said


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("rules/negotiating.py", "import redesign_sim.world", "is not allowed to import redesign_sim.world"),
        ("rules/negotiating.py", "from redesign_sim.things import World", "imports redesign_sim.things"),
        ("rules/negotiating.py", "import numpy", "imports numpy"),
        ("rules/negotiating.py", "import random", "imports random"),
        ("draws.py", "import redesign_sim.happenings", "redesign_sim.happenings"),
        ("model/people.py", "import redesign_sim.engine", "redesign_sim.engine"),
        ("ui/page.py", "import redesign_sim.reports", "redesign_sim.reports"),
        ("study/runs.py", "import redesign_sim.charts", "redesign_sim.charts"),
        ("helpers.py", "", "redesign_sim.helpers"),
    ],
)
def test_a_wrong_import_or_a_module_without_a_layer_is_seen(
    project: Path, file: str, text: str, complaint: str
) -> None:
    for name in ("world", "model", "engine", "reports"):
        write(project, f"redesign_sim/{name}/__init__.py", "")
    for name in ("charts", "draws", "happenings", "things"):
        write(project, f"redesign_sim/{name}.py", "")
    write(project, f"redesign_sim/{file}", text)
    kept, said = lint(project)
    assert not kept
    assert complaint in said


def test_right_imports_and_types_are_accepted(project: Path) -> None:
    for name in ("rulekit", "roles", "draws", "happenings", "things"):
        write(project, f"redesign_sim/{name}.py", "")
    write(
        project,
        "redesign_sim/rules/negotiating.py",
        "from __future__ import annotations\n"
        "import math\nfrom typing import TYPE_CHECKING\n"
        "import redesign_sim.rulekit, redesign_sim.roles, redesign_sim.draws, redesign_sim.happenings\n"
        "from redesign_sim.rules import weighing\n"
        "if TYPE_CHECKING:\n    from collections.abc import Iterable\n    from redesign_sim.things import World\n",
    )
    write(project, "redesign_sim/rules/weighing.py", "")
    write(project, "redesign_sim/study/runs.py", "import redesign_sim.rules.negotiating\nimport pandas\n")
    kept, said = lint(project)
    assert kept, said
