"""Programmes as texts to compare a merge by.

What merging may write in several ways gives one text: lists that both sides add to in any order,
the path of a file that got a new one, one thing as itself or as a list of one.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from kvartal.history.audit.facts import canonical_text
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.items import as_list, as_row
from kvartal.schema.changes import Plain, PlanData

# Lists to which each side adds: a person who joins them writes the items in any order.
_JOINED_LISTS: Final = frozenset(
    {"measures", "records", "postponements", "values", "documents", "files", "links"}
)

_ONE_OR_SEVERAL: Final = frozenset({"budget", "indicator", "responsible"})
"""Fields that hold one thing or a list: a list of one means the same, and was merged so."""


def outside_measures(data: PlanData) -> Row:
    """Return what a programme holds outside of its measures."""
    return {key: value for key, value in data.items() if key != MEASURES}


def measures_by_id(data: PlanData) -> Mapping[str, list[Row]]:
    """Return the measures of a programme by id; several where an id is given twice."""
    found: dict[str, list[Row]] = {}
    for row in map(as_row, as_list(data.get(MEASURES))):
        found.setdefault(str(row.get("id", "")), []).append(row)
    return found


def part_texts(data: PlanData, measure: str) -> list[str]:
    """Return the measures of an id, or what is outside of all where it is empty, as texts."""
    if not measure:
        return [comparable_text(outside_measures(data))]
    return comparable_texts(measures_by_id(data).get(measure, []))


def comparable_texts(rows: Sequence[Row]) -> list[str]:
    """Return measures as texts."""
    return [comparable_text(row) for row in rows]


def text_without_id(row: Row) -> str:
    """Return a measure without what it is called by, as a text."""
    unnamed: Row = {key: value for key, value in row.items() if key not in {"id", "number"}}
    return comparable_text(unnamed)


def comparable_text(value: Plain) -> str:
    """Return a value as a text that is the same whatever the order of joined lists."""
    return canonical_text(_sorted(value))


def _sorted(value: Plain, key: str = "") -> Plain:
    if isinstance(value, dict):
        # Where both sides used a file name, one file has a new path; evidence is checked apart.
        kept = {name: item for name, item in value.items() if key != "files" or name != "path"}
        return {name: _sorted(item, name) for name, item in kept.items()}
    if isinstance(value, list) and len(value) == 1 and key in _ONE_OR_SEVERAL:
        match value[0]:
            case {"name": name, **rest} if not rest:  # A line says it as well.
                return name
        return _sorted(value[0])
    if isinstance(value, list):
        items = [_sorted(item, key) for item in value]
        return sorted(items, key=canonical_text) if key in _JOINED_LISTS else items
    return value
