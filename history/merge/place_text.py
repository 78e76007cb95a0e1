"""Where a value is, in words: the measure, the field, and of a list the item that it belongs to.

An item is called what it was called before both sides changed it: «отметка за II квартал, документ
«Акт № 7»». Where several are called the same, it is counted.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.groups import item_name, outer_part_name
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.measure_lines import thing_name
from kvartal.history.diff.part_lines import part_name
from kvartal.history.diff.parts import part_versions
from kvartal.history.diff.record_lines import value_name
from kvartal.history.diff.row_lines import ROW_LISTS, RowNames
from kvartal.history.diff.words import Words, file_name, lowered, one_line
from kvartal.history.merge.paths import MEASURE_DEPTH, with_value
from kvartal.history.merge.threeway import Sides
from kvartal.schema.changes import Edit, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.description import describe
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath

_OF_A_ROW: Final = 4
"""How long the path of a row in one of `ROW_LISTS` is."""
_BLOCKS: Final = "blocks"
_COUNTED: Final = N_("{table}, строка {number}")


def place_text(
    measure: str, where: DataPath, data: Mapping[str, Plain], words: Words, sides: Sides
) -> str:
    """Return where a value is.

    Args:
        measure: Id of the measure; empty for a value outside the measures.
        where: Path from the root of the data.
        data: The programme.
        words: The language.
        sides: The value in the versions that were merged.
    """
    words = words.of(data)
    data = _as_before(data, where, sides)
    if not measure:
        return _outside(where, data, words)
    name, path = one_line(measure), where[MEASURE_DEPTH:]
    row = as_row(value_at(data, where[:MEASURE_DEPTH]))
    return f"{name}, {lowered(_in_measure(path, row, words))}" if path else name


def _as_before(data: Mapping[str, Plain], where: DataPath, sides: Sides) -> PlanData:
    """Return a programme with the value as it was before both sides; what is new stays.

    That is an item, or a field that every such item has: it would have no name without.
    """
    required = describe(where[:-1]).get("required", ()) if where else ()
    is_of_item = bool(where) and (isinstance(where[-1], int) or where[-1] in required)
    if (
        not where
        or (is_of_item and isinstance(sides.base, Missing))
        or isinstance(value_at(dict(data), where), Missing)
    ):
        return dict(data)
    return as_row(with_value(dict(data), where, sides.base))


def _in_measure(path: DataPath, row: Row, words: Words) -> str:
    """Return the name of a field of a measure, after that of the item that it is in."""
    key, items = path[0], row.get(str(path[0]))
    at = path[1] if len(path) > 1 else None
    if not isinstance(items, list) or not isinstance(at, int) or at >= len(items):
        return words.label(*path)
    if key == "records":
        return _in_record(path, items, at, words)
    if key == "postponements":
        name = _unique([_postponement(as_row(one), words) for one in items], at, words)
    elif isinstance(items[at], dict):
        name = _unique([thing_name((str(key),), as_row(one), words) for one in items], at, words)
    else:
        return words.label(*path)
    return words.within(name).label(*path) if path[2:] else name


def _postponement(item: Row, words: Words) -> str:
    return words.say(N_("Перенос срока от {date}"), date=words.day(item.get("date")))


def _in_record(path: DataPath, items: Sequence[Plain], at: int, words: Words) -> str:
    record = as_row(items[at])
    names = [_record(as_row(one), words) for one in items]
    if names.count(names[at]) > 1:
        dated = N_("{record} от {date}")
        names = [
            words.say(dated, record=name, date=words.day(as_row(one).get("date")))
            for name, one in zip(names, items, strict=True)
        ]
    name = _unique(names, at, words)
    inside = words.within(name)
    match path[2:]:
        case ():
            return name
        case ("values", int(number), *rest):
            values = as_list(record.get("values"))
            # The value is what is said of the indicator: it needs no name of its own.
            of_value = () if rest in ([], ["value"]) else path
            return _of_item(values, number, value_name, inside, of_value)
        case ("evidence", "documents" | "files" as key, int(number), *rest):
            evidence = as_list(as_row(record.get("evidence")).get(key))
            name_of = _document if key == "documents" else _file
            return _of_item(evidence, number, name_of, inside, path if rest else ())
        case _:
            return inside.label(*path)


def _of_item(
    items: Sequence[Plain],
    at: int,
    name_of: Callable[[Row, Words], str],
    words: Words,
    path: DataPath,
) -> str:
    """Return what an item in a record is called, and the field of it that a path ends with."""
    if at >= len(items):
        return words.label(*path)
    name = _unique([name_of(as_row(one), words) for one in items], at, words)
    return words.within(name).label(*path) if path else name


def _record(record: Row, words: Words) -> str:
    return words.say(N_("Отметка за {checkpoint}"), checkpoint=words.checkpoint(record))


def _document(document: Row, words: Words) -> str:
    return words.name(N_("Документ «{name}»"), name=words.document(dict(document)))


def _file(file: Row, words: Words) -> str:
    return words.name(N_("Файл «{name}»"), name=file_name(file))


def _unique(names: Sequence[str], at: int, words: Words) -> str:
    """Return one of several names; counted, where others are called the same."""
    if names.count(names[at]) == 1:
        return names[at]
    return words.say(_COUNTED, table=names[at], number=at + 1)


def _outside(where: DataPath, data: PlanData, words: Words) -> str:
    """Return the name of a value outside the measures."""
    found = [part for part in part_versions(data) if part.path == where[: len(part.path)]]
    if found:
        part = max(found, key=lambda one: len(one.path))
        if part.path == where:
            return part_name(part, words)
        name = part_name(part, words, titled=False)
        return f"{name}, {lowered(outer_part_name(where, words))}"
    return _row(where, data, words) or _in_list(where, data, words) or _chain(where, words)


def _row(where: DataPath, data: PlanData, words: Words) -> str:
    """Return the name of a row of a table or a list of rows, or of a cell; empty for neither."""
    if not any(isinstance(part, int) for part in where):
        return ""
    row = where[:_OF_A_ROW] if where[: _OF_A_ROW - 1] in ROW_LISTS else where
    # Only the names are asked for, whatever the values are.
    lines = RowNames(data, words).lines(Edit("", row, "", " "))
    if not lines:
        return ""
    label = lines[0][0]
    return label if row == where else f"{label}, {lowered(outer_part_name(where, words))}"


def _in_list(where: DataPath, data: PlanData, words: Words) -> str:
    """Return the name of an item of a list, and of the field in it; empty outside of lists."""
    at = next((at for at, part in enumerate(where) if isinstance(part, int)), None)
    if at is None:
        return ""
    item = value_at(data, where[: at + 1])
    if not isinstance(item, dict):
        return ""
    items, number = outer_part_name(where[:at], words), where[at]
    if where[:at] == ("document", "chapters"):
        items = words.say(N_("Глава {name}"), name="").strip()
    name = item_name((*where[: at + 1], ""), data, words) or _heading(item, words)
    counted = words.say(_COUNTED, table=items, number=int(number) + 1)
    first = f"{items} {name}" if name else counted
    return ", ".join((first, *map(lowered, _inner_names(where, at + 1, data, words))))


def _heading(item: Row, words: Words) -> str:
    """Return the heading of a chapter or a column that has no number; empty for none."""
    heading = one_line(show(item.get("heading", "")))
    return words.quoted(heading) if heading else ""


def _inner_names(where: DataPath, start: int, data: PlanData, words: Words) -> list[str]:
    """Return the names on the path from an item on: «перечень 2», «пункты»."""
    names: list[str] = []
    for at in range(start, len(where)):
        part = where[at]
        if isinstance(part, str) and (part != _BLOCKS or at + 1 == len(where)):
            name = outer_part_name(where[: at + 1], words)
            is_block = where[at - 2 : at - 1] == (_BLOCKS,)
            names.append(_numbered(name, where[:at], part, data) if is_block else name)
    return names


def _numbered(name: str, block: DataPath, kind: str, data: PlanData) -> str:
    """Return the name of a kind of block, counted where its chapter has several."""
    blocks = [as_row(one) for one in as_list(value_at(data, block[:-1]))]
    alike = [at for at, one in enumerate(blocks) if kind in one]
    at = block[-1]
    return f"{name} {alike.index(at) + 1}" if len(alike) > 1 and at in alike else name


def _chain(path: DataPath, words: Words) -> str:
    """Return the last two names on the path to a value outside the measures."""
    ends = [end for end, part in enumerate(path, 1) if isinstance(part, str)]
    names = [outer_part_name(path[:end], words) for end in ends]
    first, *rest = names[-2:] or [words.translate(N_("Программа"))]
    return ", ".join((first, *map(lowered, rest)))
