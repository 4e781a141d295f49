"""JSON schemas of scenario and study files, from which text editors take completion and help under the mouse.

They are derived from what is checked, and are a little more lenient: what one part of a file says of another only
`scenario check` knows.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from redesign_sim.scenario import Scenario
from redesign_sim.study.factors import SWEEP
from redesign_sim.study.schema import Study

if TYPE_CHECKING:
    from collections.abc import Callable

    Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What editors understand best."""

CONFIDENCE = {"H": "a sourced number", "M": "a sourced direction and a defensible range", "L": "an assumption"}
EXTENDS = {
    "type": "string",
    "title": "Extends",
    "description": "Another case, by name or by path from this file: what is not stated here is as it is there.",
}
PARTLY = "PartOf"
"""Before the name of a part of which a file that extends another may state as little as it likes."""


def scenario_schema() -> Schema:
    """The JSON schema of scenario files, whole or extending another."""
    schema = _told(Scenario.model_json_schema())
    parts = {name: _or_a_number(part) for name, part in schema.pop("$defs").items()}
    schema["properties"] = {"extends": EXTENDS, **schema["properties"]}
    whole = {**schema, "required": [name for name in schema["required"] if name != "name"]}
    partly = {f"{PARTLY}{name}": _in_part(part) for name, part in parts.items()}
    members = partly[f"{PARTLY}Organisations"]["properties"]["members"]
    _allow(members, {"type": "null", "description": "not in this case, though in the one that it extends"})
    return {
        "$schema": DRAFT,
        "title": "A case of redesign-sim",
        "if": {"required": ["extends"]},
        "then": _in_part(schema),
        "else": whole,
        "$defs": parts | partly,
    }


def study_schema() -> Schema:
    """The JSON schema of study files."""
    schema = _told(Study.model_json_schema())
    for group in ("levers", "uncertainties"):
        field = schema["properties"][group]
        field["patternProperties"] = {".*": next(iter(field["patternProperties"].values()))}
        shorthand: list[Schema] = [{"type": "array", "minItems": 1, "description": "levels"}]
        shorthand.append({"const": SWEEP, "description": "the published range of this number"})
        field["patternProperties"][".*"] = {"anyOf": [*shorthand, field["patternProperties"][".*"]]}
    return {"$schema": DRAFT, **schema, "title": "A study of redesign-sim"}


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "scenarios/scenario.schema.json": scenario_schema,
    "experiments/study.schema.json": study_schema,
}
"""Where each schema stands in a checkout, beside the files that point at it, and what writes it."""


def as_text(schema: Schema) -> str:
    """A schema as its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _told(node: Any) -> Any:  # noqa: ANN401  JSON of any depth
    """A schema in which every field's description says what the field is, with unit, usual range and source."""
    if isinstance(node, list):
        return [_told(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    told = {key: _told(value) for key, value in node.items() if key not in {"discriminator", "prefixItems"}}
    if "unit" in told:
        told = _field(told)
    if "prefixItems" in node:
        told["items"] = _told(node["prefixItems"][0])
    if "$ref" in told and len(told) > 1:
        told["allOf"] = [{"$ref": told.pop("$ref")}]
    return told


def _field(field: Schema) -> Schema:
    """A field as an editor shows it: what is ours alone becomes words."""
    unit, sweep, source = field.pop("unit"), field.pop("sweep", None), field.pop("source", "")
    confidence = field.pop("confidence", "")
    words = f"{field['title']}{f' ({unit})' if unit else ''}: {field.get('description', '')}."
    if sweep:
        words += f" Usual range {sweep[0]:g} to {sweep[1]:g}. Source: {source} ({CONFIDENCE[confidence]})."
    return {**field, "description": words}


def _or_a_number(part: Schema) -> Schema:
    """A trait of people may be written as one number, its mean."""
    mean = part.get("properties", {}).get("mean")
    return {"anyOf": [mean, part], "description": part["description"]} if mean else part


def _in_part(part: Schema) -> Schema:
    """A part of which nothing has to be stated; entries of lists are replaced whole and stay as they are."""
    loose: Schema = _renamed({key: value for key, value in deepcopy(part).items() if key != "required"})
    return loose


def _renamed(node: Any, *, listed: bool = False) -> Any:  # noqa: ANN401  JSON of any depth
    if isinstance(node, list):
        return [_renamed(entry, listed=listed) for entry in node]
    if not isinstance(node, dict):
        return node
    loose = {key: _renamed(value, listed=listed or key == "items") for key, value in node.items() if key != "required"}
    if "required" in node and not isinstance(node["required"], list):
        loose["required"] = node["required"]
    if "$ref" in node and not listed:
        loose["$ref"] = node["$ref"].replace("#/$defs/", f"#/$defs/{PARTLY}")
    return loose


def _allow(table: Schema, more: Schema) -> None:
    """Let the entries of a table be something else, too."""
    for keyword in ("patternProperties", "additionalProperties"):
        entries = table.get(keyword)
        if keyword == "patternProperties" and entries:
            table[keyword] = {key: {"anyOf": [entry, more]} for key, entry in entries.items()}
        elif isinstance(entries, dict):
            table[keyword] = {"anyOf": [entries, more]}
