"""Paths from the root of a programme: what stands at one, and which measure it leads into."""

from typing import Final

from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.data_paths import value_at
from kvartal.schema.problems import DataPath

MEASURE_DEPTH: Final = 2
"""How many steps from the root lead to a measure: the list, and its index."""


def with_value(data: Plain, where: DataPath, new: Value) -> Plain:
    """Return data in which another value, or none, stands at a path."""
    if not where:
        return data if isinstance(new, Missing) else new
    part, rest = where[0], where[1:]
    if isinstance(data, list) and isinstance(part, int):
        is_deleted = not rest and isinstance(new, Missing)
        inner = [] if is_deleted else [with_value(one, rest, new) for one in data[part : part + 1]]
        return [*data[:part], *inner, *data[part + 1 :]]
    row, key = data if isinstance(data, dict) else {}, str(part)
    if not rest and isinstance(new, Missing):
        return {name: one for name, one in row.items() if name != key}
    return {**row, key: with_value(row.get(key, {}), rest, new)}


def measure_of(data: Value, where: DataPath) -> str:
    """Return the id of the measure that a path leads to or into; empty for none."""
    is_inside = len(where) >= MEASURE_DEPTH and where[0] == "measures"
    row = value_at(data, where[:MEASURE_DEPTH]) if is_inside else MISSING
    return str(row.get("id", "")) if isinstance(row, dict) else ""
