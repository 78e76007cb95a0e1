"""A value of a programme in words, whatever it is: a field, an item of a list, a whole record."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kvartal.history.diff.groups import outer_part_name
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.matching import same
from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.record_lines import value_name
from kvartal.history.diff.row_lines import ROW_LISTS, row_text
from kvartal.history.diff.words import ABSENT, Words, file_name, lowered, one_line
from kvartal.history.merge.matching import ANY
from kvartal.history.merge.paths import MEASURE_DEPTH, with_value
from kvartal.history.merge.threeway import ONE_OR_SEVERAL, Value
from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.data_paths import value_at
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath

_MEASURES: Final = "measures"
_IN_LINES: Final = frozenset({"records", "postponements", "cancelled"})
"""Fields of a measure that have sentences of their own."""
_OF_A_THING: Final = 4
"""How long the path of an item of a measure's list is."""
_OF_A_CHAPTER: Final = ("number", "heading")
_VALUES: Final = ("records", "values")
_EVIDENCE: Final = ("records", "evidence")


def value_text(value: Value, where: DataPath, words: Words) -> str:
    """Return a value in words.

    Args:
        value: The value; MISSING where there is none.
        where: Its path from the root.
        words: The language.
    """
    if isinstance(value, Missing):
        return ABSENT
    in_measure = where[:1] == (_MEASURES,)
    text = _of_measure(value, where[MEASURE_DEPTH:], words) if in_measure else None
    if text is None:
        text = _outside(value, where, words)
    return text or ABSENT


def distinct_texts(values: Sequence[Value], where: DataPath, words: Words) -> tuple[str, ...]:
    """Return versions of a value in words that differ as the values do.

    Args:
        values: The versions.
        where: Their path from the root.
        words: The language.
    """
    texts = tuple(value_text(value, where, words) for value in values)
    pairs = list(zip(texts, values, strict=True))
    if all(text != other or same(one, two) for text, one in pairs for other, two in pairs):
        return texts
    # Terms with the same text may differ in their quarters, files in their content.
    return tuple(labelled(value, where, words) or ABSENT for value in values)


def labelled(value: Value, where: DataPath, words: Words) -> str:
    """Return a value with all that stands in it, each part after its name."""
    if isinstance(value, Missing):
        return ABSENT
    if isinstance(value, dict):
        parts = ((_name((*where, key), words), (*where, key), one) for key, one in value.items())
        return ", ".join(f"{lowered(name)}: {labelled(one, at, words)}" for name, at, one in parts)
    if isinstance(value, list):
        return "; ".join(labelled(one, (*where, at), words) for at, one in enumerate(value))
    names = tuple(part for part in where if isinstance(part, str))
    if where[:1] == (_MEASURES,):
        names = names[1:]
    return words.value(names, value) or ABSENT


def changes_text(  # noqa: PLR0913 - a value, and where it stands
    before: Value,
    after: Value,
    where: DataPath,
    data: Mapping[str, Plain],
    words: Words,
    *,
    place: str = "",
) -> str:
    """Return what a side made of a value, field by field: «фактический результат: а → б».

    Args:
        before: The value before; MISSING where there was none.
        after: The value after.
        where: Its path from the root.
        data: The programme that it stands in.
        words: The language.
        place: What the value is called, which is not said again of each field.
    """
    if isinstance(before, Missing) or isinstance(after, Missing):
        return ""
    lines: list[str] = []
    if isinstance(before, dict) and isinstance(after, dict):
        if where[:1] != (_MEASURES,):
            lines = [*_changed_fields(before, after, where, words)]
        elif len(where) == MEASURE_DEPTH or (len(where) == _OF_A_THING and _has_fields(where)):
            row, other = (
                as_row(value_at(with_value(dict(data), where, one), where[:MEASURE_DEPTH]))
                for one in (before, after)
            )
            lines = [_within(place, str(line)) for line in measure_lines(row, other, words)]
    return "; ".join(lines) or " → ".join(distinct_texts((before, after), where, words))


def _changed_fields(
    before: dict[str, Plain], after: dict[str, Plain], where: DataPath, words: Words
) -> Iterator[str]:
    """Yield what changed in a thing outside the measures."""
    if is_part(where, before) and before["title"] != after.get("title"):
        return
    for key in dict.fromkeys((*before, *after)):
        values = [MISSING if one.get(key) is None else one[key] for one in (before, after)]
        if values[0] != values[1]:
            texts = distinct_texts(values, (*where, key), words)
            yield f"{lowered(_name((*where, key), words))}: {' → '.join(texts)}"


def _has_fields(where: DataPath) -> bool:
    """Return whether a thing of a measure is told field by field, and not as a whole."""
    return where[MEASURE_DEPTH] != "responsible"


def _within(place: str, line: str) -> str:
    """Return a line without the name of what it is about, which was said already."""
    return lowered(line).removeprefix(f"{place}, ") if place else line


def is_part(where: DataPath, value: Value) -> bool:
    """Return whether a value is a section or a channel."""
    is_inside = where[:1] == ("sections",)
    return is_inside and isinstance(value, dict) and {"number", "title"} <= value.keys()


def _name(where: DataPath, words: Words) -> str:
    if where[:1] == (_MEASURES,):
        return words.label(*where[MEASURE_DEPTH:])
    return outer_part_name(where, words)


def _of_measure(value: Plain, path: DataPath, words: Words) -> str | None:
    """Return a value of a measure; None for one that is said part by part."""
    if not path:
        row = as_row(value)
        return one_line(show(row.get("proposal") or row.get("id", "")))
    names = tuple(part for part in path if isinstance(part, str))
    if names[-1] in {"term", "to"}:
        return words.term(value)
    if isinstance(value, dict | list):
        return _of_things(value, names, words, is_item=isinstance(path[-1], int))
    return None


def _of_things(
    value: dict[str, Plain] | list[Plain], names: tuple[str, ...], words: Words, *, is_item: bool
) -> str | None:
    """Return an item of a list of a measure, or all items; None for what is no such list."""
    several = value if isinstance(value, list) else [value]
    if (_MEASURES, ANY, *names) in ONE_OR_SEVERAL and (is_item or isinstance(value, list)):
        return words.things(names, value)
    if len(names) == 1 and names[0] in _IN_LINES:
        return "; ".join(_whole(names[0], one, words, is_named=is_item) for one in several)
    if names == _VALUES:
        return "; ".join(_indicator_value(as_row(one), words, is_named=is_item) for one in several)
    is_evidence = names[: len(_EVIDENCE)] == _EVIDENCE
    return _evidence(names[len(_EVIDENCE) :], value, words) if is_evidence else None


def _whole(key: str, value: Plain, words: Words, *, is_named: bool) -> str:
    """Return all that stands in a record, a postponement or a cancellation."""
    row = {key: value if key == "cancelled" else [value]}
    lines = [line for line in measure_lines({}, row, words) if line.new is not None]
    texts = [f"{lowered(line.label)}: {line.new}" for line in lines]
    if key == "records" and is_named and lines:
        texts[0] = lines[0].new or ""
    return "; ".join(texts)


def _indicator_value(row: dict[str, Plain], words: Words, *, is_named: bool) -> str:
    number = words.value(("value",), row.get("value")) or ABSENT
    return number if is_named else f"{value_name(row, words)}: {number}"


def _evidence(names: tuple[str, ...], value: Plain, words: Words) -> str:
    """Return documents, files and links, one or several."""
    if isinstance(value, list):
        return "; ".join(_evidence(names, one, words) for one in value)
    if not names:
        return "; ".join(_evidence((key,), one, words) for key, one in as_row(value).items())
    if names[0] == "documents":
        return words.document(value)
    if names[0] == "files":
        return f"{file_name(as_row(value))}, {words.size(as_row(value).get('size'))}"
    return one_line(show(value))


def _outside(value: Plain, where: DataPath, words: Words) -> str:
    if is_part(where, value):
        row = as_row(value)
        return f"{one_line(show(row['number']))} {words.quoted(one_line(show(row['title'])))}"
    if where[:-1] in ROW_LISTS and isinstance(value, dict):
        return row_text([*value.values()])
    if where[-1:] == ("blocks",) or where[-2:-1] == ("blocks",):
        return "; ".join(map(_block, as_list(value) if isinstance(value, list) else [value]))
    if where[-2:] == ("table", "rows"):
        return " / ".join(map(row_text, as_list(value)))
    if where[:-1] == ("document", "chapters"):
        number, heading = (one_line(show(as_row(value).get(key, ""))) for key in _OF_A_CHAPTER)
        return f"{number} {words.quoted(heading)}".strip()
    return labelled(value, where, words)


def _block(block: Plain) -> str:
    """Return what stands in a block of a chapter, whichever it is."""
    row = as_row(block)
    table = as_row(row.get("table"))
    rows = [table.get("columns", []), *as_list(table.get("rows"))] if table else []
    texts = [
        show(row.get("paragraph", "")),
        show(as_row(row.get("list")).get("items", "")),
        *map(row_text, rows),
    ]
    return " / ".join(one_line(text) for text in texts if text)
