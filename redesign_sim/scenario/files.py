"""Scenario files: found by path or name, `extends:` resolved, every mistake located in the file in which it stands."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from redesign_sim.scenario.leaders import DISTRIBUTIONS
from redesign_sim.scenario.plaintext import is_file, text_of
from redesign_sim.scenario.problems import Loc, Problem, ScenarioError, dotted, shown
from redesign_sim.scenario.references import nearest
from redesign_sim.scenario.wording import Finding, examine
from redesign_sim.scenario.yamltext import Node, Place, Source, read_tree

if TYPE_CHECKING:
    from redesign_sim.scenario.schema import Scenario

ENDINGS = (".yaml", ".yml")
LONGEST_CHAIN = 20
"""Files that extend one another."""
PACKAGE = Path(__file__).resolve().parents[1]
SHELVES = (PACKAGE / "_shipped" / "scenarios", PACKAGE.parent / "scenarios")
"""Where shipped scenarios lie: inside the installed package, or at the top of a checkout."""


def shipped_scenarios() -> dict[str, Path]:
    """The scenarios that come with the package, by name."""
    shelf = next((shelf for shelf in SHELVES if shelf.is_dir()), None)
    return {path.stem: path for path in sorted(shelf.glob("*.yaml"))} if shelf else {}


def find_scenario(name: str) -> Path:
    """The file of a shipped scenario. Raises ScenarioError, which names the nearest, where there is none."""
    shipped = shipped_scenarios()
    if name not in shipped:
        known = ", ".join(shipped) or "none"
        here = next((f"{name}{ending}" for ending in ENDINGS if is_file(Path(f"{name}{ending}"))), "")
        words = f'no scenario is called "{name}"; shipped are {known}'
        words += ", and a file is named with its ending" if here else ""
        raise ScenarioError([Problem("", name, words, here or nearest(name, shipped))])
    return shipped[name]


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Read a scenario file, or a shipped scenario by its bare name.

    Raises ScenarioError with every problem of the file and of the files that it extends.
    """
    path = _path_of(path_or_name)
    reading = _Reading()
    return reading.scenario(reading.file(path, str(path_or_name if path == Path(path_or_name) else path), ()))


def parse_scenario(text: str, name: str = "scenario") -> Scenario:
    """Read a scenario from text, as after an upload; it may extend shipped scenarios, by name, and no other file.

    Raises ScenarioError as `load_scenario` does, naming the text by `name`.
    """
    reading = _Reading()
    return reading.scenario(reading.grown(Source(name, text.removeprefix("\ufeff")), None, ()))


def _path_of(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    bare = isinstance(path_or_name, str) and path.name == path_or_name and path.suffix not in {".yaml", ".yml"}
    return find_scenario(str(path_or_name)) if bare and not is_file(path) and not _is_folder(path) else path


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  of a name that no file can have it says no, and pathlib raises


def _real(path: Path) -> Path:
    """Where a file really lies; a link that goes round in a circle lies where it stands."""
    return Path(os.path.realpath(path))


def _cases_beside(path: Path) -> dict[str, str]:
    """The case files of a folder, by their names without ending."""
    try:
        return {other.stem: other.name for other in path.parent.iterdir() if other.suffix in ENDINGS}
    except (OSError, ValueError):
        return {}


class _Reading:
    """One scenario being read, out of one file or several, with all that is wrong so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def file(self, path: Path, name: str, chain: tuple[Path, ...]) -> Node:
        """The tree of a file, grown out of those that it extends."""
        return self.grown(Source(name, text_of(path, name)), path, chain)

    def grown(self, source: Source, path: Path | None, chain: tuple[Path, ...]) -> Node:
        """The tree of a text, laid over that of the file that it extends."""
        root = self.table(source)
        content = _entries(root)
        name = Node(path.stem if path else source.name, root.place)
        own = replace(root, content={"name": name} | {key: node for key, node in content.items() if key != "extends"})
        if "extends" not in content:
            return own
        return self.merged(self.extended(content["extends"], path, chain), own, ())

    def table(self, source: Source) -> Node:
        """The table of fields that a text holds."""
        tree = read_tree(source)
        self.problems += tree.problems
        if tree.root is not None and isinstance(tree.root.content, dict):
            return tree.root
        if not tree.problems:
            said = "is empty" if tree.root is None or tree.root.content is None else "is no table of fields"
            self.problems.append(
                Place(source, 0).problem("", None, f"{said}; a scenario has one `field: value` a line")
            )
        raise ScenarioError(self.problems)

    def extended(self, node: Node, path: Path | None, chain: tuple[Path, ...]) -> Node:
        """The tree of the file that `extends` names: a path seen from this file, or a shipped scenario's name."""
        target = self.target(node, path)
        chain = (*chain, _real(path)) if path else chain
        if _real(target) in chain:
            circle = [*chain[chain.index(_real(target)) :], target]
            self.stop(node, f"goes round in a circle: {' → '.join(step.name for step in circle)}")
        if len(chain) > LONGEST_CHAIN:
            self.stop(node, f"is a chain of more than {LONGEST_CHAIN} files")
        if not is_file(target):
            beside = _cases_beside(target)
            near = beside.get(nearest(target.stem, beside), "")
            self.stop(node, f"{shown(node.content)}: there is no such file", near)
        return self.file(target, str(target), chain)

    def target(self, node: Node, path: Path | None) -> Path:
        name = node.content
        if not isinstance(name, str) or not name or "\0" in name:
            self.stop(node, f"{shown(name)} stands where a file or the name of a shipped scenario is expected")
        elif name in (shipped := shipped_scenarios()):
            return shipped[name]
        elif path is None or not name.endswith((".yaml", ".yml")):
            beside = _cases_beside(path) if path else {}
            near = beside.get(name) or nearest(name, shipped)
            self.stop(node, f"{shown(name)} is no shipped scenario and no .yaml file", near)
        return Path(path or "").parent / str(name).replace("\\", "/")

    def stop(self, node: Node, words: str, near: str = "") -> NoReturn:
        self.problems.append(node.place.problem("extends", node.content, words, near))
        raise ScenarioError(self.problems)

    def merged(self, base: Node, own: Node, path: Loc) -> Node:
        """What a file states laid over what it extends: tables entry by entry, all else whole."""
        base, own = _as_tables(base, own)
        if not isinstance(base.content, dict) or not isinstance(own.content, dict):
            return own
        left = _left_standing(base.content, own.content) if path == ("leadership",) else base.content
        entries = dict(left)
        for key, node in own.content.items():
            if path == ("organisations", "members") and node.content is None:
                self.remove(entries, key, node)
            else:
                entries[key] = self.merged(entries[key], node, (*path, key)) if key in entries else node
        return replace(own, content=entries)

    def remove(self, members: dict[str, Node], key: str, node: Node) -> None:
        """An organisation written as null is not in this locality."""
        if members.pop(key, None) is None:
            words = "is null, which takes an inherited organisation away, and none of this id is inherited"
            self.problems.append(node.place.problem(f"organisations.members.{key}", None, words, nearest(key, members)))

    def scenario(self, root: Node) -> Scenario:
        """The scenario that a tree describes."""
        scenario, findings = examine(_plain(root))
        self.problems += [_in_context(root, finding) for finding in findings]
        if scenario is None or self.problems:
            first = root.place.source.name
            raise ScenarioError(sorted(self.problems, key=lambda p: (p.file != first, p.file, p.line, p.column)))
        return scenario


def _entries(node: Node) -> dict[str, Node]:
    return node.content if isinstance(node.content, dict) else {}


def _as_tables(base: Node, own: Node) -> tuple[Node, Node]:
    """A trait may be written as its mean; where one file does and the other writes it out, both are written out."""
    if isinstance(base.content, dict) and _is_number(own.content):
        return base, replace(own, content={"mean": own})
    if isinstance(own.content, dict) and _is_number(base.content):
        return replace(base, content={"mean": base}), own
    return base, own


def _is_number(content: object) -> bool:
    return isinstance(content, int | float) and not isinstance(content, bool)


def _left_standing(base: dict[str, Node], own: dict[str, Node]) -> dict[str, Node]:
    """What is inherited of leadership: a mix replaces distributions, and distributions a mix."""
    stated = {key for key, node in own.items() if node.content is not None}
    gone = set(DISTRIBUTIONS) if "mix" in stated else {"mix"} if stated & set(DISTRIBUTIONS) else set()
    return {key: node for key, node in base.items() if key not in gone}


def _plain(node: Node) -> Any:  # noqa: ANN401  plain data of any depth
    if isinstance(node.content, dict):
        return {key: _plain(inner) for key, inner in node.content.items()}
    if isinstance(node.content, list):
        return tuple(_plain(inner) for inner in node.content)
    return node.content


def _located(root: Node, finding: Finding) -> Problem:
    """A finding at the place in the file that its author has to look at."""
    node = root
    for token in finding.loc:
        inner = _child(node, token)
        if inner is None:
            break
        node = inner
    place = node.key_place if finding.at_key and node.key_place else node.named_at
    return place.problem(dotted(finding.loc), finding.value, finding.message, finding.near)


def _in_context(root: Node, finding: Finding) -> Problem:
    """A finding in its place; where an inherited part no longer fits what was changed, how to mend that here."""
    problem, own = _located(root, finding), root.place.source.name
    if not finding.across or problem.file == own:
        return problem
    return replace(problem, message=f"{problem.message}; {own} changes that, and has to state {finding.loc[0]} anew")


def _child(node: Node, token: str | int) -> Node | None:
    if isinstance(node.content, dict):
        return node.content.get(str(token))
    return node.content[token] if isinstance(node.content, list) and isinstance(token, int) else None
