"""What the JSON Schema finds wrong with data, by the libraries jsonschema-rs and jsonschema.

The first is compiled and says at once whether anything is wrong, which for most files is all that
is asked. Only then the second one is run, whose errors say what is wrong and where. Both are a
little laxer with numbers than a plan may be: see `_is_strict`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from kvartal.schema.description import Node, resolved_schema
from kvartal.schema.problems import DataPath

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


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


# Of several faults of a single value the first in this order is reported.
_OF_A_VALUE: Final = ("type", "const", "enum", "minLength", "pattern", "not", "maxLength", "format")


def is_valid(data: object) -> bool:
    """Return whether the JSON Schema finds nothing wrong with data of any shape."""
    if not _is_strict(data):
        return False
    try:
        return _compiled().is_valid(data)
    except (ValueError, TypeError):
        # What JSON cannot express, such as a key that is no text; jsonschema says where it is.
        return False


def faults(data: object) -> Iterator[Fault]:
    """Yield what the JSON Schema finds wrong, each fault once, in the order of the library.

    Args:
        data: Plain data of any shape.
    """
    if is_valid(data):
        return
    errors = _validator().iter_errors(data)  # pyright: ignore[reportArgumentType] - of any shape
    # The errors of one value come one after the other.
    for path, group in groupby(errors, key=_path):
        yield from _faults_at(path, group)


def _path(error: "ValidationError") -> DataPath:
    """Return where in the data an error is; a key that is wrong is the last step of its path."""
    is_key = "propertyNames" in error.absolute_schema_path and isinstance(error.instance, str)
    return (*error.absolute_path, *((str(error.instance),) if is_key else ()))


def _faults_at(path: DataPath, errors: "Iterable[ValidationError]") -> Iterator[Fault]:
    """Yield the faults of one value: of the wrong type only that, and each missing name once."""
    of_kind: dict[str, list[ValidationError]] = {}
    for error in errors:
        of_kind.setdefault(_kind(error), []).append(error)
    of_the_value = next((of_kind[kind][0] for kind in _OF_A_VALUE if kind in of_kind), None)
    if of_the_value is not None:
        yield _fault(of_the_value, path, of_the_value.validator_value)
        if of_the_value.validator == "type":
            return
    for kind, found in of_kind.items():
        if kind in _ONE_FOR_ALL:
            yield _fault(
                found[0], path, _ONE_FOR_ALL[kind](found[0].validator_value, _value(found[0]))
            )
        elif kind not in _OF_A_VALUE:
            for error in found:
                yield from _faults_of(error, kind, path)


def _kind(error: "ValidationError") -> str:
    is_excluded = "dependentSchemas" in error.relative_schema_path
    return "dependentSchemas" if is_excluded else str(error.validator)


def _faults_of(error: "ValidationError", kind: str, path: DataPath) -> Iterator[Fault]:
    if kind == "additionalProperties":
        # The library names all unknown keys in one error.
        known = _schema_of(error)["properties"]
        for name in _value(error):
            if name not in known:
                yield _fault(error, path, name)
    elif kind == "dependentSchemas":
        steps = list(error.relative_schema_path)
        given = steps[steps.index(kind) + 1]
        excluded = _wanted(error)["required"][0]
        yield Fault(kind, path, error.instance, (given, excluded), _schema_of(error))
    elif kind in {"anyOf", "oneOf"}:
        names = [name for part in _wanted(error) for name in part["required"]]
        yield _fault(error, path, names)
    else:
        yield _fault(error, path, error.validator_value)


def _required(wanted: list[str], value: Mapping[str, object]) -> list[str]:
    return [name for name in wanted if name not in value]


def _dependent(wanted: dict[str, list[str]], value: Mapping[str, object]) -> list[str]:
    given = [names for name, names in wanted.items() if name in value]
    return _required([name for names in given for name in names], value)


# What is missing, where the library raises an error for each name.
_ONE_FOR_ALL: Final[Mapping[str, Callable[[Any, Any], list[str]]]] = {
    "required": _required,
    "dependentRequired": _dependent,
}


def _fault(error: "ValidationError", path: DataPath, wanted: object) -> Fault:
    return Fault(str(error.validator), path, error.instance, wanted, _schema_of(error))


def _schema_of(error: "ValidationError") -> Node:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _wanted(error: "ValidationError") -> Any:  # noqa: ANN401 - of any shape
    return error.validator_value


def _value(error: "ValidationError") -> Any:  # noqa: ANN401 - of any shape
    return error.instance


def _is_strict(data: object) -> bool:
    """Return whether data has no number that JSON Schema would let pass and a plan may not have.

    2024.0 is not a year, and neither nan nor infinity is an amount.
    """
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, float) and (value.is_integer() or not isfinite(value)):
            return False
    return True


@cache
def _compiled() -> "jsonschema_rs.Draft202012Validator":
    """Return the compiled validator, imported and built on first use."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(dict(resolved_schema()), validate_formats=True)


@cache
def _validator() -> "Draft202012Validator":
    """Return the validator that says what is wrong, imported and built on first use."""
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend
    from referencing import Registry

    kinds = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": lambda _, value: type(value) is int, "number": lambda _, value: _finite(value)}
    )
    # The library's stubs leave `extend` without types.
    strict: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
        # The library compares each item with each, here a set is asked; it goes through names in an
        # order that changes from run to run; and it collects all that no shape allows in a value.
        Draft202012Validator,
        {
            "uniqueItems": _unique_items,
            "additionalProperties": _additional_properties,
            "oneOf": _one_of,
        },
        type_checker=kinds,
    )
    # An empty registry: nothing is ever fetched.
    return strict(
        dict(resolved_schema()), registry=Registry(), format_checker=FormatChecker(["date"])
    )


def _finite(value: object) -> bool:
    return type(value) is int or (type(value) is float and isfinite(value))


def _unique_items(
    _validator: object, is_wanted: object, value: object, _schema: object
) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    if is_wanted and isinstance(value, list) and first_repeated(value) is not None:
        yield ValidationError("an item is repeated")


def _additional_properties(
    validator: Any,  # noqa: ANN401 - the library has no type for it
    allowed: object,
    value: object,
    schema: Node,
) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    if not isinstance(value, dict):
        return
    extra = [name for name in value if name not in schema.get("properties", ())]
    if isinstance(allowed, Mapping):
        for name in extra:
            yield from validator.descend(value[name], allowed, path=name)
    elif not allowed and extra:
        yield ValidationError("there are unknown names")


def _one_of(
    validator: Any,  # noqa: ANN401 - the library has no type for it
    shapes: list[dict[str, Any]],
    value: object,
    schema: Node,
) -> "Iterator[ValidationError]":
    """Yield what is wrong with the shape that a value has, where shapes differ by their type.

    Of people given as a list, only what is wrong with the list is worth reporting, each fault as it
    is found. A value of no allowed shape is of the wrong type.
    """
    if any("type" not in shape for shape in shapes):
        from jsonschema import Draft202012Validator

        yield from Draft202012Validator.VALIDATORS["oneOf"](validator, shapes, value, schema)
        return
    meant = (at for at, shape in enumerate(shapes) if validator.is_type(value, shape["type"]))
    index = next(meant, 0)
    yield from validator.descend(value, shapes[index], schema_path=index)


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
