"""Values out of plain data that is not yet known to have the right shape.

Whatever is missing or of another type surfaces as one of `SHAPE_ERRORS`; who reads a whole of such
values turns that into one error.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from kvartal.schema.changes import Plain

# Read by name, without a type in between: the schema, not this code, describes the shape.
Shape = Mapping[str, Any]
SHAPE_ERRORS: Final = (KeyError, TypeError, ValueError, AttributeError)


def one_or_several(shape: Shape, key: str) -> list[Any]:
    """Return the items of a field that holds one mapping or a list of them."""
    value = shape.get(key, [])
    return [value] if isinstance(value, dict) else as_list(value)


def items_at(shape: Shape, key: str) -> list[Any]:
    """Return the items of a field that may be absent."""
    return as_list(shape.get(key, []))


def text_at(shape: Shape, key: str) -> str | None:
    """Return the text of a field that may be absent."""
    return as_text(shape[key]) if key in shape else None


def day_at(shape: Shape, key: str) -> date | None:
    """Return the ISO date of a field that may be absent."""
    return as_day(shape[key]) if key in shape else None


def as_list(value: object) -> list[Any]:
    """Return a list."""
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def as_mapping(value: object) -> dict[str, Plain]:
    """Return a mapping."""
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def as_text(value: object) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def as_whole(value: object) -> int:
    """Return a whole number; true and false are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def as_whole_within(value: object, least: int, most: int) -> int:
    """Return a whole number within bounds, such as a year the calendar knows."""
    number = as_whole(value)
    if not least <= number <= most:
        raise ValueError(value)
    return number


def as_number(value: object) -> float:
    """Return a number; true and false are none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(value)
    return value


def as_day(value: object) -> date:
    """Return the day of an ISO date."""
    return date.fromisoformat(as_text(value))
