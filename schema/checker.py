"""What the JSON Schema finds wrong with data, checked by functions compiled from it once.

The keywords mean what JSON Schema 2020-12 says, with two exceptions: 2024.0 is not an integer, and
neither nan nor infinity is a number. Data is visited in its own order, every value once, and each
fault is handed over as it is found: a million faults take no more memory than none. Of several
faults of a single value only the first is reported; of a value of the wrong type, only that.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Final

from kvartal.schema.description import Node
from kvartal.schema.problems import DataPath


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the JSON Schema finds wrong.

    Attributes:
        kind: The keyword that failed.
        path: Where in the data.
        value: The value there.
        wanted: The value of the keyword; what is missing for ``required`` and
            ``dependentRequired``, the name that is too many for ``additionalProperties``, and the
            field that excludes with the one excluded for ``dependentSchemas``.
        schema: The part of the schema with the keyword.
    """

    kind: str
    path: DataPath
    value: Any
    wanted: Any
    schema: Node


Report = Callable[[Fault], None]
"""Takes a fault as it is found."""

Check = Callable[[Any, DataPath, Report], None]
"""Checks a value at a path."""

Test = Callable[[Any], bool]
"""Returns whether a value satisfies one keyword."""

_ANNOTATIONS: Final = frozenset({"$schema", "$id", "$defs", "title", "description", "examples"})

# Of several faults of a single value the first in this order is reported.
_OF_A_VALUE: Final[Mapping[str, Callable[[Any], Test]]] = {
    "const": lambda wanted: lambda value: _same(value, wanted),
    "enum": lambda wanted: lambda value: any(_same(value, one) for one in wanted),
    "minLength": lambda wanted: lambda value: len(value) >= wanted,
    "pattern": lambda wanted: _found(re.compile(wanted)),
    "not": lambda wanted: _not_found(re.compile(wanted["pattern"])),
    "maxLength": lambda wanted: lambda value: len(value) <= wanted,
    "format": lambda wanted: {"date": _is_day}[wanted],
    "minimum": lambda wanted: lambda value: value >= wanted,
    "maximum": lambda wanted: lambda value: value <= wanted,
}

_TYPES: Final[Mapping[str, Test]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) is int or (type(value) is float and isfinite(value)),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}

_OF_A_LIST: Final = ("minItems", "uniqueItems", "items")
_OF_A_MAPPING: Final = (
    *("additionalProperties", "required", "minProperties", "dependentRequired"),
    *("dependentSchemas", "anyOf", "oneOf", "properties"),
)


class UnknownKeyword(Exception):
    """The schema has a keyword that is not checked here: an error of the programmer."""


def compiled(schema: Node) -> Check:
    """Return the check for a schema without references.

    Raises:
        UnknownKeyword: It has a keyword, or a form of one, that is not known here.
    """
    keywords = {key: wanted for key, wanted in schema.items() if key not in _ANNOTATIONS}
    kind = keywords.pop("type", None)
    if kind == "object":
        return _mapping_check(schema, _only(keywords, _OF_A_MAPPING))
    if kind == "array":
        return _list_check(schema, _only(keywords, _OF_A_LIST))
    return _value_check(schema, kind, _only(keywords, tuple(_OF_A_VALUE)))


def _only(keywords: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    if keywords.keys() - set(known):
        raise UnknownKeyword(sorted(keywords.keys() - set(known)))
    return keywords


def _value_check(schema: Node, kind: str | None, keywords: dict[str, Any]) -> Check:
    is_of_type = _TYPES[kind] if kind else None
    tests = [(key, _OF_A_VALUE[key](keywords[key])) for key in _OF_A_VALUE if key in keywords]

    def check(value: Any, path: DataPath, report: Report) -> None:  # noqa: ANN401 - of any shape
        if is_of_type is not None and not is_of_type(value):
            report(Fault("type", path, value, kind, schema))
            return
        for key, is_met in tests:
            if not is_met(value):
                report(Fault(key, path, value, keywords[key], schema))
                return

    return check


def _list_check(schema: Node, keywords: dict[str, Any]) -> Check:
    least = keywords.get("minItems", 0)
    is_unique = keywords.get("uniqueItems", False)
    check_item = compiled(keywords["items"])

    def check(value: Any, path: DataPath, report: Report) -> None:  # noqa: ANN401 - of any shape
        if not isinstance(value, list):
            report(Fault("type", path, value, "array", schema))
            return
        if len(value) < least:
            report(Fault("minItems", path, value, least, schema))
        if is_unique and first_repeated(value) is not None:
            report(Fault("uniqueItems", path, value, is_unique, schema))
        for index, item in enumerate(value):
            check_item(item, (*path, index), report)

    return check


def _mapping_check(schema: Node, keywords: dict[str, Any]) -> Check:
    if keywords.get("additionalProperties") is not False:
        raise UnknownKeyword("additionalProperties")
    checks = {key: compiled(below) for key, below in keywords.get("properties", {}).items()}
    as_a_whole = [_OF_A_WHOLE[key](schema) for key in _OF_A_WHOLE if key in keywords]

    def check(value: Any, path: DataPath, report: Report) -> None:  # noqa: ANN401 - of any shape
        if not isinstance(value, dict):
            report(Fault("type", path, value, "object", schema))
            return
        for faults in as_a_whole:
            for fault in faults(value, path):
                report(fault)
        for key, item in value.items():
            check_item = checks.get(key)
            if check_item is None:
                report(Fault("additionalProperties", path, value, key, schema))
            else:
                check_item(item, (*path, key), report)

    return check


# ------------------------------------------------------------------ what a mapping as a whole needs

Faults = Callable[[dict[str, Any], DataPath], Iterator[Fault]]
"""Yields what is wrong with a mapping as a whole."""


def _required(schema: Node) -> Faults:
    wanted: list[str] = schema["required"]

    def faults(value: dict[str, Any], path: DataPath) -> Iterator[Fault]:
        missing = [name for name in wanted if name not in value]
        if missing:
            yield Fault("required", path, value, missing, schema)

    return faults


def _dependent_required(schema: Node) -> Faults:
    pairs: list[tuple[str, list[str]]] = list(schema["dependentRequired"].items())

    def faults(value: dict[str, Any], path: DataPath) -> Iterator[Fault]:
        wanted = [name for given, names in pairs if given in value for name in names]
        missing = [name for name in wanted if name not in value]
        if missing:
            yield Fault("dependentRequired", path, value, missing, schema)

    return faults


def _dependent_schemas(schema: Node) -> Faults:
    """Check fields that exclude another: ``{field: {not: {required: [other]}}}``."""
    pairs = [
        (given, below["not"]["required"][0]) for given, below in schema["dependentSchemas"].items()
    ]

    def faults(value: dict[str, Any], path: DataPath) -> Iterator[Fault]:
        for given, other in pairs:
            if given in value and other in value:
                yield Fault("dependentSchemas", path, value, (given, other), schema)

    return faults


def _min_properties(schema: Node) -> Faults:
    least: int = schema["minProperties"]

    def faults(value: dict[str, Any], path: DataPath) -> Iterator[Fault]:
        if len(value) < least:
            yield Fault("minProperties", path, value, least, schema)

    return faults


def _choice(schema: Node, key: str, is_met: Callable[[int], bool]) -> Faults:
    """Check how many of several fields a mapping has: ``[{required: [field]}, …]``."""
    names = [part["required"][0] for part in schema[key]]

    def faults(value: dict[str, Any], path: DataPath) -> Iterator[Fault]:
        if not is_met(sum(name in value for name in names)):
            yield Fault(key, path, value, names, schema)

    return faults


_OF_A_WHOLE: Final[Mapping[str, Callable[[Node], Faults]]] = {
    "required": _required,
    "minProperties": _min_properties,
    "anyOf": lambda schema: _choice(schema, "anyOf", lambda given: given > 0),
    "oneOf": lambda schema: _choice(schema, "oneOf", lambda given: given == 1),
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
}


# --------------------------------------------------------------------------------------- values


def first_repeated(items: list[Any]) -> int | None:
    """Return the index of the first item that occurred before; None where all are different."""
    seen: set[object] = set()
    for index, item in enumerate(items):
        key = _key(item)
        if key in seen:
            return index
        seen.add(key)
    return None


def _key(value: Any) -> object:  # noqa: ANN401 - of any shape
    """Return what is equal for equal values only: 1 and 1.0 are equal, 1 and true are not."""
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, list):
        return list, tuple(map(_key, value))
    if isinstance(value, dict):
        return dict, frozenset((key, _key(item)) for key, item in value.items())
    return value


def _same(value: Any, wanted: Any) -> bool:  # noqa: ANN401 - of any shape
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _found(pattern: re.Pattern[str]) -> Test:
    return lambda value: pattern.search(value) is not None


def _not_found(pattern: re.Pattern[str]) -> Test:
    return lambda value: pattern.search(value) is None


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
