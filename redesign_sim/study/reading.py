"""Study files, read with the scenarios' own reader: every refusal says file, line, column and what is allowed."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from ruamel.yaml import YAML

from redesign_sim.scenario import ScenarioError, load_scenario, override
from redesign_sim.scenario.overrides import NO_PATH, NO_SUCH_FIELD
from redesign_sim.scenario.plaintext import is_file, text_of
from redesign_sim.scenario.problems import Problem, dotted, shown
from redesign_sim.scenario.references import nearest
from redesign_sim.scenario.yamltext import Node, Place, Source, read_tree
from redesign_sim.study.errors import StudyError
from redesign_sim.study.experiment import Experiment, resolve
from redesign_sim.study.schema import Study, plain
from redesign_sim.study.wording import content, located, problems_of, true_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redesign_sim.scenario import Scenario


def experiment_of(spec: Experiment | Study | Path | str) -> Experiment:
    """Whatever names a study, resolved: a file, a study as written, or one already resolved."""
    if isinstance(spec, Experiment):
        return spec
    if isinstance(spec, Study):
        return resolve(spec, cases_of(spec, Path()))
    study, tree = read_study(Path(spec))
    return sound(study, cases_at(study, Path(spec).parent, tree), tree)


def sound(study: Study, cases: Mapping[str, Scenario], tree: Node) -> Experiment:
    """A study of a file, resolved. Raises ScenarioError where something in it cannot be, each thing with its place."""
    problems = list(factor_problems(study, cases, tree))
    if problems:
        raise ScenarioError(problems)
    try:
        return resolve(study, cases)
    except ScenarioError as error:
        varied = next((name for name in ("levers", "uncertainties") if name in _table(tree)), "design")
        raise ScenarioError([_together(varied, problem, tree) for problem in error.problems]) from None
    except StudyError as error:
        raise ScenarioError([_told(error, tree)]) from None


def _together(varied: str, problem: Problem, tree: Node) -> Problem:
    """What a case has against several settings at once, each of which it takes alone."""
    where = f"{problem.path}: " if problem.path else ""
    return located((varied,), tree, f"cannot all be set together: {where}{problem.message}")


def _told(error: StudyError, tree: Node) -> Problem:
    """A refusal, where it lies in the study's file."""
    place, node = true_place(error.at, tree)
    return node.named_at.problem(dotted(place), None, str(error))


PACKAGE = Path(__file__).resolve().parents[1]
SHELVES = (PACKAGE / "_shipped" / "experiments", PACKAGE.parent / "experiments")
"""Where shipped studies lie: inside the installed package, or at the top of a checkout."""


def find_study(path_or_name: Path | str) -> Path:
    """A study file by its path; a shipped study also by its bare name, or by the path it has in a checkout."""
    path = Path(path_or_name)
    if is_file(path):
        return path
    shipped = {file.stem: file for shelf in SHELVES if shelf.is_dir() for file in sorted(shelf.glob("*.yaml"))}
    if path.stem in shipped and path.parent in {Path(), Path("experiments")}:
        return shipped[path.stem]
    near = nearest(path.stem, shipped)
    raise StudyError(f"There is no study file {path}" + (f'; did you mean "{near}"?' if near else "."))


def load_study(path: Path | str) -> Study:
    """A study file as it states it; ScenarioError lists everything that is wrong with it, each with its place."""
    return read_study(Path(path))[0]


def cases_of(study: Study, beside: Path) -> dict[str, Scenario]:
    """The scenarios that a study names, by their own names; paths count from the study's file."""
    cases: dict[str, Scenario] = {}
    for index, name in enumerate(study.scenarios):
        scenario = load_scenario(_reference(name, beside))
        if scenario.name in cases:
            here = "; two files of one name need other names" if name not in study.scenarios[:index] else ""
            words = f"{study.name} names the scenario {scenario.name} twice; a study names a case once{here}"
            raise StudyError(words, ("scenarios", index))
        cases[scenario.name] = scenario
    return cases


def cases_at(study: Study, beside: Path, tree: Node) -> dict[str, Scenario]:
    """The scenarios of a study's file; a name that leads nowhere is located where it stands in that file."""
    try:
        return cases_of(study, beside)
    except StudyError as error:
        raise ScenarioError([_told(error, tree)]) from None
    except ScenarioError:
        raise ScenarioError(list(_lost(study, beside, tree))) from None


def _lost(study: Study, beside: Path, tree: Node) -> Iterator[Problem]:
    """What is wrong with the cases that a study names."""
    for index, name in enumerate(study.scenarios):
        try:
            load_scenario(_reference(name, beside))
        except ScenarioError as error:
            for problem in error.problems:
                words = problem.message if f'"{name}"' in problem.message else f"{shown(name)}: {problem.message}"
                _, node = true_place(("scenarios", index), tree)
                lost = node.place.problem(f"scenarios[{index}]", name, words, problem.suggestion)
                yield problem if problem.line else lost


def _reference(name: str, beside: Path) -> str | Path:
    """A shipped scenario by its bare name, a file by its path."""
    is_path = "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))
    return beside / name.replace("\\", "/") if is_path else name


def read_study(path: Path) -> tuple[Study, Node]:
    """A study and the tree of its file, for messages that come later."""
    source = Source(str(path), _text(path))
    tree = read_tree(source)
    if tree.root is None or tree.problems:
        empty = Place(source, 0).problem(
            "", None, "is empty; a study has one `field: value` a line, name and question first"
        )
        raise ScenarioError(tree.problems or [empty])
    try:
        return Study.model_validate(content(tree.root)), tree.root
    except ValidationError as error:
        raise ScenarioError(problems_of(error, tree.root)) from None


def _text(path: Path) -> str:
    """The file's text. Raises StudyError where there is none, and ScenarioError where it cannot be read as text."""
    if not is_file(path) and not path.is_dir():
        raise StudyError(f"There is no study file {path}.")
    return text_of(path, str(path))


MOST_REFUSED = 5
"""Values of a factor that are told; one that a case refuses is often one of hundreds."""


def factor_problems(study: Study, cases: Mapping[str, Scenario], root: Node) -> Iterator[Problem]:
    """Paths and levels that a case refuses, each at its place in the study's file."""
    sound = _sound_at_once(study, cases)
    for group, factors in (("levers", study.levers), ("uncertainties", study.uncertainties)):
        for path, factor in factors.items():
            if path not in sound:
                _, node = true_place((group, path), root)
                where = f"{group}.{path}"
                ends = list(_refused(where, path, factor.extremes, cases, node))
                yield from ends or _refused(where, path, factor.values, cases, node)
    for path, value in getattr(study.design, "baseline", {}).items():
        _, node = true_place(("design", "baseline", path), root)
        yield from _refused(f"design.baseline.{path}", path, (value,), cases, node)


def _refused(
    where: str, path: str, values: Sequence[object], cases: Mapping[str, Scenario], node: Node
) -> Iterator[Problem]:
    """The first values of a factor that a case refuses, each where it is written."""
    found = list(islice(_refusals(path, values, cases), MOST_REFUSED + 1))
    for value, words, near in found[:MOST_REFUSED]:
        wrong_path = words.startswith((NO_PATH, NO_SUCH_FIELD))
        yield (_named(node) if wrong_path else _written(node, value)).problem(where, value, words, near)
    if found[MOST_REFUSED:]:
        yield _named(node).problem(where, None, "and more values of it are refused")


def _refusals(path: str, values: Sequence[object], cases: Mapping[str, Scenario]) -> Iterator[tuple[object, str, str]]:
    """What cases have against setting a path to values: the value, the words, what was meant. A wrong path once."""
    for value in {str(value): value for value in values}.values():
        said: dict[str, list[str]] = {}
        near = ""
        for name, scenario in cases.items():
            for problem in _against(scenario, path, value):
                said.setdefault(problem.message, []).append(name)
                near = near or problem.suggestion
        for words, names in said.items():
            yield value, words if len(names) == len(cases) else f"{words}, in {', '.join(names)}", near
        if {NO_PATH, NO_SUCH_FIELD} & set(said):
            return


def _against(scenario: Scenario, path: str, value: object) -> tuple[Problem, ...]:
    """What a case has against setting a path to a value."""
    try:
        override(scenario, {path: plain(value)})
    except ScenarioError as error:
        return error.problems
    return ()


def _written(node: Node, value: object) -> Place:
    """Where a value of a factor is written: as a level, as an end of a range; else where the factor is named."""
    table = _table(node)
    levels = table["levels"].content if "levels" in table else node.content
    written = [*(levels if isinstance(levels, list) else ()), *(table[end] for end in ("low", "high") if end in table)]
    if not isinstance(node.content, dict | list):
        return node.place
    return next((each.place for each in written if content(each) == value), _named(node))


def _named(node: Node) -> Place:
    return node.key_place or node.place


def _table(node: Node) -> dict[str, Node]:
    return node.content if isinstance(node.content, dict) else {}


def _sound_at_once(study: Study, cases: Mapping[str, Scenario]) -> set[str]:
    """The behavioural parameters that may be set as the study asks, tried together: each stands for itself alone."""
    behavioural = {path: factor for path, factor in study.factors.items() if path.startswith("behaviour.")}
    most = max((len(factor.extremes) for factor in behavioural.values()), default=0)
    try:
        for turn in range(most):
            changes = {
                path: plain(factor.extremes[turn % len(factor.extremes)]) for path, factor in behavioural.items()
            }
            for scenario in cases.values():
                override(scenario, changes)
    except ScenarioError:
        return set()
    return {
        path for path, factor in behavioural.items() if set(map(str, factor.values)) <= set(map(str, factor.extremes))
    }


def dump_study(study: Study, cases: Mapping[str, Scenario]) -> str:
    """A study as a file that stands in its results folder, with the cases resolved beside it."""
    data = study.model_dump(mode="json", exclude_none=True, exclude_defaults=False)
    data["scenarios"] = [f"scenarios/{case}.yaml" for case in cases]
    for group in ("levers", "uncertainties"):
        data[group] = {path: {k: v for k, v in factor.items() if v != []} for path, factor in data[group].items()}
    text = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.sort_base_mapping_type_on_output = False, False  # type: ignore[assignment]
    yaml.dump(data, text)
    return text.getvalue()
