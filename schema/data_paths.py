"""What stands in the plain data of a programme at a path."""

from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.problems import DataPath


def step(value: Plain | Missing, part: str | int) -> Plain | Missing:
    """Return what a key of a mapping or an index of a list leads to; MISSING where to nothing."""
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part, MISSING)
    if isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
        return value[part]
    return MISSING


def value_at(data: Plain | Missing, path: DataPath) -> Plain | Missing:
    """Return the value at a path; MISSING where there is none."""
    for part in path:
        data = step(data, part)
    return data
