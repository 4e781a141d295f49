"""Study files, read with the scenarios' own reader: every refusal says file, line, column and what is allowed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from redesign_sim.scenario import ScenarioError, load_scenario, override
from redesign_sim.scenario.fields import PATTERNS, Part, said_of
from redesign_sim.scenario.plaintext import is_file, text_of
from redesign_sim.scenario.problems import Loc, Problem, dotted, shown
from redesign_sim.scenario.references import nearest
from redesign_sim.scenario.yamltext import Node, Place, Source, read_tree
from redesign_sim.study.errors import StudyError
from redesign_sim.study.experiment import Experiment, resolve
from redesign_sim.study.schema import Study, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from redesign_sim.scenario import Scenario


def experiment_of(spec: Experiment | Study | Path | str) -> Experiment:
    """Whatever names a study, resolved: a file, a study as written, or one already resolved."""
    if isinstance(spec, Experiment):
        return spec
    if isinstance(spec, Study):
        return resolve(spec, cases_of(spec, Path()))
    study, tree = read_study(Path(spec))
    cases = cases_at(study, Path(spec).parent, tree)
    problems = list(factor_problems(study, cases, tree))
    if problems:
        raise ScenarioError(problems)
    return resolve(study, cases)


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
    scenarios = [load_scenario(_reference(name, beside)) for name in study.scenarios]
    names = [scenario.name for scenario in scenarios]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise StudyError(f"{study.name} names the scenario {twice} twice.")
    return dict(zip(names, scenarios, strict=True))


def cases_at(study: Study, beside: Path, tree: Node) -> dict[str, Scenario]:
    """The scenarios of a study's file; a name that leads nowhere is located where it stands in that file."""
    for index, name in enumerate(study.scenarios):
        try:
            load_scenario(_reference(name, beside))
        except ScenarioError as error:
            _, node = _true_place(("scenarios", index), tree)
            lost = [problem for problem in error.problems if not problem.line]
            raise ScenarioError(
                [
                    node.place.problem(
                        f"scenarios[{index}]", name, f"{shown(name)}: {problem.message}", problem.suggestion
                    )
                    if problem in lost
                    else problem
                    for problem in error.problems
                ]
            ) from None
    return cases_of(study, beside)


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
        problems = [_problem(dict(entry), tree.root) for entry in error.errors(include_url=False)]
        raise ScenarioError(sorted(problems, key=lambda problem: (problem.line, problem.column))) from None


def _text(path: Path) -> str:
    """The file's text. Raises StudyError where there is none, and ScenarioError where it cannot be read as text."""
    if not is_file(path) and not path.is_dir():
        raise StudyError(f"There is no study file {path}.")
    return text_of(path, str(path))


def content(node: Node) -> Any:  # noqa: ANN401  plain data of any depth
    """A tree as plain data."""
    if isinstance(node.content, dict):
        return {name: content(entry) for name, entry in node.content.items()}
    return [content(entry) for entry in node.content] if isinstance(node.content, list) else node.content


def _problem(entry: Mapping[str, Any], root: Node) -> Problem:
    """What pydantic reports, where the author will find it."""
    loc, node = _true_place(entry["loc"], root)
    path, value = dotted(loc), entry["input"]
    if entry["type"] == "extra_forbidden":
        place = node.key_place or node.place
        return place.problem(
            path,
            value,
            "not a field of a study",
            nearest(loc[-1], _names_beside(loc, _true_place(loc[:-1], root)[1].content)),
        )
    if entry["type"] == "missing":
        return node.named_at.problem(dotted((*loc, entry["loc"][-1])), None, f"is missing{_meant(entry['loc'])}")
    if entry["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return _no_such_kind(path, node, _kinds_at(str(loc[0])))
    return node.named_at.problem(path, value, _in_words(entry, value))


EXPECTED = {
    "tuple_type": "a list, as [a, b],",
    "list_type": "a list, as [a, b],",
    "dict_type": "a table, with a name: value a line,",
    "mapping_type": "a table, with a name: value a line,",
    "model_type": "a table, as {{kind: factorial}},",
    "model_attributes_type": "a table, as {{kind: factorial}},",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number that is not infinite",
    "string_type": "a text",
    "bool_type": "true or false",
    "greater_than_equal": "a number of at least {ge}",
    "greater_than": "a number above {gt}",
    "less_than_equal": "a number of at most {le}",
    "less_than": "a number below {lt}",
    "literal_error": "{expected}",
}
"""What is expected where the schema reports one of these."""


def _in_words(entry: Mapping[str, Any], value: object) -> str:
    """What the schema reports, as an author reads it: what stands there, and what may stand there."""
    kind, context = str(entry["type"]), entry.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        wanted = PATTERNS.get(context["pattern"], "a dotted path, such as users.voice,")
        return f"{shown(value)} stands where {wanted} is expected"
    if not entry["loc"] and kind == "model_type":
        return "is no table of fields; a study has one `field: value` a line"
    if kind in EXPECTED:
        return f"{shown(value)} stands where {EXPECTED[kind].format(**context)} is expected"
    words = str(entry["msg"]).removeprefix("Input ").removeprefix("Value error, ")
    return words if isinstance(value, dict | list | tuple) else f"{shown(value)}: {words}"


def _meant(loc: Loc) -> str:
    """What a field that has to be stated is about."""
    field = Study.model_fields.get(str(loc[0])) if len(loc) == 1 else None
    return f": {said_of(field).meaning}" if field else ""


def _no_such_kind(path: str, node: Node, kinds: Mapping[str, type[Part]]) -> Problem:
    """Nothing, or something unknown, stands where a kind is expected."""
    entries = node.content if isinstance(node.content, dict) else {}
    named = entries.get("kind")
    allowed = "; there are " + ", ".join(kinds)
    if named is None:
        return node.named_at.problem(path, None, f"says no kind{allowed}")
    given = content(named)
    near = nearest(str(given), kinds)
    hint = f'; did you mean "{near}"?' if near else ""
    return named.named_at.problem(f"{path}.kind", given, f"there is no kind {shown(given)}{hint}{allowed}")


def _kinds_at(field: str) -> dict[str, type[Part]]:
    """The parts among which a field of a study chooses, by kind."""
    return {part.model_fields["kind"].annotation.__args__[0]: part for part in _parts_of(Study.model_fields[field])}  # type: ignore[union-attr]


def _parts_of(annotation: Any) -> list[type[Part]]:  # noqa: ANN401  annotations have no common type
    """Every part that an annotation allows."""
    inner = annotation.annotation if isinstance(annotation, FieldInfo) else annotation
    if isinstance(inner, type):
        return [inner] if issubclass(inner, Part) else []
    return [part for argument in get_args(inner) for part in _parts_of(argument)]


def _true_place(loc: Loc, root: Node) -> tuple[Loc, Node]:
    """The place in the file, without the names that pydantic adds for alternatives and keys."""
    place: list[str | int] = []
    node = root
    for token in loc:
        entries = node.content
        if isinstance(entries, dict) and token in entries:
            node = entries[str(token)]
        elif isinstance(entries, list) and isinstance(token, int) and token < len(entries):
            node = entries[token]
        else:
            continue
        place.append(token)
    return tuple(place), node


def _names_beside(loc: Loc, entries: object) -> list[str]:
    """The fields that would be right in the same place."""
    if len(loc) == 1:
        return list(Study.model_fields)
    parts = _parts_of(Study.model_fields[str(loc[0])])
    kind = content(entries["kind"]) if isinstance(entries, dict) and "kind" in entries else None
    chosen = [part for part in parts if "kind" in part.model_fields and _kinds_at(str(loc[0])).get(str(kind)) is part]
    return list(dict.fromkeys(name for part in chosen or parts for name in part.model_fields))


def factor_problems(study: Study, cases: Mapping[str, Scenario], root: Node) -> Iterator[Problem]:
    """Paths and levels that a case refuses, each at its place in the study's file."""
    sound = _sound_at_once(study, cases)
    for group, factors in (("levers", study.levers), ("uncertainties", study.uncertainties)):
        for path, factor in factors.items():
            if path in sound:
                continue
            _, node = _true_place((group, path), root)
            seen = set()
            for problem in _refusals(path, (*factor.values, *factor.extremes), cases):
                words = (
                    f"{problem.message}; did you mean {problem.suggestion}?" if problem.suggestion else problem.message
                )
                if words not in seen:
                    yield (node.key_place or node.place).problem(f"{group}.{path}", problem.value, words)
                seen.add(words)


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


def _refusals(path: str, values: tuple[Any, ...], cases: Mapping[str, Scenario]) -> Iterator[Problem]:
    """Everything that any case has against setting a path to any of some values."""
    for scenario in cases.values():
        for value in values:
            try:
                override(scenario, {path: plain(value)})
            except ScenarioError as error:
                yield from error.problems


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
