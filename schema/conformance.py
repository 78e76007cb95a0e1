"""Violations of the JSON Schema, with the program's own codes and sentences.

The schema library's messages are English and print the offending value in full. Here each of its
errors becomes a sentence that names the field and says what to do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from kvartal.schema import wording
from kvartal.schema.description import Node, definition, key_order, resolved_schema, title
from kvartal.schema.errors import Labels
from kvartal.schema.problems import DataPath, Problem

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

LONGEST_SHOWN: Final = 60
"""How many characters of a value a message shows."""

LIKENESS: Final = 0.7
"""How similar to a known name an unknown one must be to count as a misspelling of it, 0 to 1."""

# Of several faults of a single value only the first kind in this order is reported.
_OF_A_VALUE: Final = ("const", "enum", "minLength", "pattern", "not", "maxLength", "format")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the JSON Schema finds wrong.

    Attributes:
        kind: The keyword that failed.
        path: Where in the data.
        value: The value there.
        wanted: The value of the keyword.
        schema: The part of the schema with the keyword.
        schema_path: Where in the schema, with references resolved.
    """

    kind: str
    path: DataPath
    value: Any
    wanted: Any
    schema: Node
    schema_path: DataPath


def schema_problems(data: object) -> tuple[Problem, ...]:
    """Return what the JSON Schema finds wrong, each fault once.

    Args:
        data: Plain data of any shape.
    """
    errors = _validator().iter_errors(data)  # pyright: ignore[reportArgumentType] - of any shape
    faults = [_fault(error) for error in errors]
    found = [problem for fault in _reported(faults) for problem in _PROBLEMS_OF[fault.kind](fault)]
    return tuple(_without_misspelt(found))


@cache
def _validator() -> "Draft202012Validator":
    """Return the validator, imported and built on first use: the first paint does not need it."""
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend
    from referencing import Registry

    # Stricter than the standard: 2024.0 is not a year, and neither nan nor infinity is an amount.
    kinds = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": lambda _, value: type(value) is int, "number": lambda _, value: _finite(value)}
    )
    strict: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]  # stubs lack it
        Draft202012Validator, type_checker=kinds
    )
    # An empty registry: nothing is ever fetched.
    return strict(
        dict(resolved_schema()), registry=Registry(), format_checker=FormatChecker(["date"])
    )


def _finite(value: object) -> bool:
    return type(value) is int or (type(value) is float and isfinite(value))


def _fault(error: "ValidationError") -> Fault:
    return Fault(
        kind=str(error.validator),
        path=tuple(error.absolute_path),
        value=error.instance,
        wanted=error.validator_value,
        schema=error.schema if isinstance(error.schema, Mapping) else {},
        schema_path=tuple(error.absolute_schema_path),
    )


def _reported(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield the faults worth reporting: for a value of the wrong type, only that."""
    reported: dict[tuple[DataPath, str], Fault] = {}
    for fault in faults:
        of_a_value = fault.kind in _OF_A_VALUE
        place = (fault.path, "value" if of_a_value else fault.kind)
        first = reported.setdefault(place, fault)
        if of_a_value and _OF_A_VALUE.index(fault.kind) < _OF_A_VALUE.index(first.kind):
            reported[place] = fault
    for fault in reported.values():
        if fault.kind == "type" or (fault.path, "type") not in reported:
            yield fault


def _without_misspelt(found: list[Problem]) -> Iterator[Problem]:
    """Leave out a missing field that is there but misspelt: that is one fault, not two."""
    misspelt = {
        (problem.path[:-1], problem.fields.get("suggestion"))
        for problem in found
        if problem.code == "schema-unknown-property"
    }
    for problem in found:
        missing = problem.code == "schema-required"
        if not (missing and (problem.path, problem.fields["name"]) in misspelt):
            yield problem


def _problem(fault: Fault, code: str, template: str, **fields: object) -> Problem:
    return Problem(code, template, fault.path, {"field": _named(fault.path), **fields})


def _named(*paths: DataPath) -> Labels:
    """Return the names of fields as messages write them: «result» (Ожидаемый результат)."""
    return Labels(tuple((_last_name(path), title(path)) for path in paths))


def _last_name(path: DataPath) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _shown(value: object) -> str:
    """Return a single value, shortened for a message; an ellipsis for a list or mapping."""
    if isinstance(value, list | dict):
        return "…"
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _missing(fault: Fault, names: Iterable[str]) -> Iterator[Problem]:
    for name in names:
        if name not in fault.value:
            fields = {"field": _named((*fault.path, name)), "name": name}
            yield Problem("schema-required", wording.REQUIRED, fault.path, fields)


def _required(fault: Fault) -> Iterator[Problem]:
    # The library raises an error for each missing field but names it only in its English text, so
    # the first one stands for all of them.
    yield from _missing(fault, fault.wanted)


def _dependent_required(fault: Fault) -> Iterator[Problem]:
    for name, wanted in fault.wanted.items():
        if name in fault.value:
            yield from _missing(fault, wanted)


def _unknown(fault: Fault) -> Iterator[Problem]:
    known = key_order(fault.path)
    for name in fault.value:
        if name in known:
            continue
        path = (*fault.path, name) if isinstance(name, str) else fault.path
        free = [one for one in known if one not in fault.value]
        near = get_close_matches(str(name), free, n=1, cutoff=LIKENESS)
        template = wording.UNKNOWN
        fields: dict[str, object] = {"name": _shown(name), "known": ", ".join(known)}
        if near:
            template = wording.MISSPELT
            fields |= {"suggestion": near[0], "field": _named((*fault.path, near[0]))}
        yield Problem("schema-unknown-property", template, path, fields)


def _type(fault: Fault) -> Iterator[Problem]:
    if fault.path and fault.value is None:
        yield _problem(fault, "schema-type", wording.EMPTY_TEXT)
    elif fault.path:
        yield _problem(fault, "schema-type", wording.TYPES[fault.wanted])
    else:
        names = ", ".join(key_order(()))
        yield Problem("schema-type", wording.NOT_A_PLAN, (), {"names": names})


def _const(fault: Fault) -> Iterator[Problem]:
    yield _problem(fault, "schema-enum", wording.ONLY_TRUE)


def _enum(fault: Fault) -> Iterator[Problem]:
    allowed = ", ".join(fault.wanted)
    value = _shown(fault.value)
    yield _problem(fault, "schema-enum", wording.ENUM, value=value, allowed=allowed)


def _pattern(fault: Fault) -> Iterator[Problem]:
    template = next(
        sentence
        for name, sentence in wording.PATTERNS.items()
        if definition(name)["pattern"] == fault.wanted
    )
    yield _problem(fault, "schema-pattern", template, value=_shown(fault.value))


def _not(fault: Fault) -> Iterator[Problem]:
    if "required" in fault.wanted:
        yield from _not_beside(fault)
        return
    several_lines = fault.wanted == definition("text")["not"]
    template = wording.CONTROL_CHARACTER if several_lines else wording.ONE_LINE
    yield _problem(fault, "schema-pattern", template)


def _not_beside(fault: Fault) -> Iterator[Problem]:
    """Report a field that excludes another: ``dependentSchemas`` with ``not``."""
    name = fault.wanted["required"][0]
    other = str(fault.schema_path[fault.schema_path.index("dependentSchemas") + 1])
    path = (*fault.path, name)
    fields = {"field": _named(path), "other": _named((*fault.path, other))}
    yield Problem("schema-choice", wording.NOT_BESIDE, path, fields)


def _format(fault: Fault) -> Iterator[Problem]:
    yield _problem(fault, "date-invalid", wording.NO_SUCH_DAY, value=_shown(fault.value))


def _range(fault: Fault) -> Iterator[Problem]:
    limits = {key: fault.schema[key] for key in ("minimum", "maximum") if key in fault.schema}
    template = wording.RANGE if len(limits) > 1 else wording.MINIMUM
    yield _problem(fault, "schema-range", template, **limits)


def _length(fault: Fault) -> Iterator[Problem]:
    template = wording.EMPTY_TEXT if fault.kind == "minLength" else wording.TOO_LONG
    yield _problem(fault, "schema-length", template, limit=fault.wanted)


def _items(fault: Fault) -> Iterator[Problem]:
    template = wording.EMPTY_LIST if isinstance(fault.value, list) else wording.EMPTY_FIELDS
    yield _problem(fault, "schema-items", template)


def _unique(fault: Fault) -> Iterator[Problem]:
    items: list[object] = fault.value
    index = next(at for at, item in enumerate(items) if item in items[:at])
    fields = {"field": _named(fault.path), "value": _shown(items[index])}
    yield Problem("schema-unique", wording.REPEATED, (*fault.path, index), fields)


def _choice(fault: Fault) -> Iterator[Problem]:
    """Report a mapping that must have one of several fields."""
    names = [name for part in fault.wanted for name in part["required"]]
    fields = {"names": _named(*((*fault.path, name) for name in names))}
    given = [name for name in names if name in fault.value]
    if given:
        yield Problem("schema-choice", wording.ONLY_ONE_OF, (*fault.path, given[-1]), fields)
    else:
        yield Problem("schema-choice", wording.ONE_OF, fault.path, fields)


_PROBLEMS_OF: Final[Mapping[str, Callable[[Fault], Iterator[Problem]]]] = {
    "required": _required,
    "dependentRequired": _dependent_required,
    "additionalProperties": _unknown,
    "type": _type,
    "const": _const,
    "enum": _enum,
    "pattern": _pattern,
    "not": _not,
    "format": _format,
    "minimum": _range,
    "maximum": _range,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _items,
    "minProperties": _items,
    "uniqueItems": _unique,
    "anyOf": _choice,
    "oneOf": _choice,
}
