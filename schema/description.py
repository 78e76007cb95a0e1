"""What ``plan.schema.json`` says about the fields of a programme: titles, order, known names.

The schema is the one place where a field is described; editors, the validator, the dialogs and
the splice that inserts a new key in its place all read it from here.
"""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pkgutil import get_data
from typing import Any, Final

from kvartal.schema.problems import DataPath

Node = Mapping[str, Any]
"""A part of the JSON Schema."""

_LOCAL: Final = "#/$defs/"
# The one definition that refers to itself.
_SECTION: Final = "section"


@cache
def plan_schema() -> Node:
    """Return the JSON Schema of a plan file. Shared: do not modify it."""
    schema: dict[str, Any] = json.loads(schema_bytes())
    return schema


def schema_bytes() -> bytes:
    """Return the text of the JSON Schema, read by the importer: it may be in a zip archive."""
    return get_data("kvartal.schema", "plan.schema.json") or b""


def definition(name: str) -> Node:
    """Return a shared part of the schema by its name under ``$defs``."""
    part: Node = plan_schema()["$defs"][name]
    return part


def resolved_schema() -> Node:
    """Return the whole schema with each reference replaced by what it refers to.

    A validator accepts the same data, twice as fast. What refers to itself, as sections in sections
    do, stays a reference inside itself.
    """
    recursive = {_SECTION: _deeply_resolved(definition(_SECTION), (_SECTION,))}
    whole: Node = _deeply_resolved({**plan_schema(), "$defs": {}}, ())
    return {**whole, "$defs": recursive}


def describe(path: DataPath) -> Node:
    """Return what the schema says about the value at a data path; empty for an unknown one.

    Shared: do not modify it.

    Args:
        path: Keys and indexes from the root of the data, such as ``("measures", 3, "term")``.
    """
    return _describe(tuple(0 if isinstance(step, int) else step for step in path))


@lru_cache(maxsize=1024)
def _describe(path: DataPath) -> Node:
    node = _resolved(plan_schema())
    for step in path:
        found = [_below(part, step) for part in _alternatives(node)]
        below = next((one for one in found if isinstance(one, dict)), None)
        if below is None:
            return {}
        node = _resolved(below)
    return node


def title(path: DataPath) -> str:
    """Return the Russian name of a field; for an item of a list, that of the list."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return str(describe(path).get("title", ""))


def key_order(path: DataPath) -> tuple[str, ...]:
    """Return the names of the fields of the mapping at a path, in their canonical order."""
    return tuple(key for part in _alternatives(describe(path)) for key in _properties(part))


def shapes(path: DataPath) -> tuple[Node, ...]:
    """Return the shapes that the value at a path may have: several where the schema allows them."""
    whole, *choice = _alternatives(describe(path))
    return tuple(choice) or (whole,)


def _alternatives(node: Node) -> tuple[Node, ...]:
    """Return the shapes that a value may have: the node, and each of a choice of types."""
    choice = [_resolved(part) for part in node.get("oneOf", ())]
    return (node, *choice) if any("type" in part for part in choice) else (node,)


def _below(node: Node, step: str | int) -> object:
    """Return what the schema says of an item of a list, or of a key of a mapping."""
    if isinstance(step, int):
        return node.get("items")
    return _properties(node).get(step, node.get("additionalProperties"))


def _properties(node: Node) -> Node:
    found: Node = node.get("properties", {})
    return found


def _resolved(node: Node) -> Node:
    """Return the node with what it refers to merged in; the keywords of the node itself win."""
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    target = _resolved(definition(reference.removeprefix(_LOCAL)))
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def _deeply_resolved(part: Any, inside: tuple[str, ...]) -> Any:  # noqa: ANN401 - any part of JSON
    if isinstance(part, list):
        return [_deeply_resolved(item, inside) for item in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("$ref", "")).removeprefix(_LOCAL)
    if name in inside:
        return part
    within = (*inside, name) if name == _SECTION else inside
    return {key: _deeply_resolved(value, within) for key, value in _resolved(part).items()}
