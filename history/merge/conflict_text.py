"""A conflict in words: the measure, the field, and the value of each side."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kvartal.history.diff.groups import outer_part_name
from kvartal.history.diff.lines import as_row, measure_lines
from kvartal.history.diff.part_lines import part_name
from kvartal.history.diff.parts import part_versions
from kvartal.history.diff.words import ABSENT, Words, lowered, one_line
from kvartal.history.merge.matching import ANY
from kvartal.history.merge.threeway import ONE_OR_SEVERAL, Sides, Value
from kvartal.schema.changes import Missing, Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath

if TYPE_CHECKING:
    from kvartal.history.merge.merge import Conflict

_MEASURE_DEPTH: Final = 2

_CHANGED: Final = N_("{where}: у нас «{ours}», с другой стороны «{theirs}», было «{base}».")
_ADDED: Final = N_("{where}: у нас «{ours}», с другой стороны «{theirs}».")
_DELETED_BY_US: Final = N_("{where}: у нас удалено, а с другой стороны изменено: {changes}.")
_DELETED_BY_THEM: Final = N_("{where}: с другой стороны удалено, а у нас изменено: {changes}.")
_RULE: Final = N_(
    "{where}: у нас «{ours}», с другой стороны «{theirs}», вместе это нарушает правило. {problem}"
)


def conflict_text(conflict: "Conflict", data: Mapping[str, Plain], words: Words) -> str:
    """Return a conflict as a sentence or two, safe to print.

    Args:
        conflict: The conflict.
        data: The merged data it belongs to.
        words: The language.
    """
    words = words.of(data)
    sides, path = conflict.sides, conflict.path
    fields: dict[str, object] = {
        "where": conflict_place(conflict, data, words),
        **_values(sides, path, words),
    }
    if conflict.problem is not None:
        problem = one_line(conflict.problem.message(words.translate))
        return words.say(_RULE, problem=problem, **fields)
    if isinstance(sides.base, Missing):
        return words.say(_ADDED, **fields)
    if isinstance(sides.ours, Missing):
        changes = _changes(sides.base, sides.theirs, path, words)
        return words.say(_DELETED_BY_US, changes=changes, **fields)
    if isinstance(sides.theirs, Missing):
        changes = _changes(sides.base, sides.ours, path, words)
        return words.say(_DELETED_BY_THEM, changes=changes, **fields)
    return words.say(_CHANGED, **fields)


def conflict_place(conflict: "Conflict", data: Mapping[str, Plain], words: Words) -> str:
    """Return where a conflict is: the measure and the field, and in a record which one.

    Args:
        conflict: The conflict.
        data: The merged data it belongs to.
        words: The language.
    """
    return place_text(conflict.measure, conflict.where, data, words)


def place_text(measure: str, where: DataPath, data: Mapping[str, Plain], words: Words) -> str:
    """Return where a value is: the measure and the field, and in a record which one.

    Args:
        measure: Id of the measure; empty for a value outside the measures.
        where: Path from the root of the data.
        data: The programme.
        words: The language.
    """
    words = words.of(data)
    if not measure:
        return _place_of_part(where, data, words) or _chain(where, words)
    name, path = one_line(measure), where[_MEASURE_DEPTH:]
    return f"{name}, {lowered(_field(path, _row(data, where), words))}" if path else name


def value_text(value: Value, path: DataPath, words: Words) -> str:
    """Return the value of a field in words.

    Args:
        value: The value; MISSING where there is none.
        path: Where it is.
        words: The language.
    """
    if isinstance(value, Missing):
        return ABSENT
    names = tuple(part for part in path if isinstance(part, str))
    if _is_part(path, value):
        return _part_text(value)
    things = _things(path, value, words)
    if things:
        return things
    if names[-1:] in {("term",), ("to",)}:
        return words.term(value) or ABSENT
    return words.value(names, value) or ABSENT


def _is_part(path: DataPath, value: Value) -> bool:
    is_item = path[:1] == ("sections",) and isinstance(path[-1], int)
    return is_item and isinstance(value, dict) and {"number", "title"} <= value.keys()


def _part_text(value: Value) -> str:
    """Return a section or channel as its number and title."""
    row = as_row(None if isinstance(value, Missing) else value)
    return f"{one_line(show(row['number']))} «{one_line(show(row['title']))}»"


def _things(path: DataPath, value: Plain, words: Words) -> str:
    """Return the things of a list of a measure, or one of them; empty for any other value."""
    names = tuple(part for part in path if isinstance(part, str))
    is_thing = len(path) > 1 and isinstance(value, dict)
    is_part = ("measures", ANY, *names) in ONE_OR_SEVERAL
    return words.things(names, value) if is_part and (is_thing or isinstance(value, list)) else ""


def _row(data: Mapping[str, Plain], where: DataPath) -> dict[str, Plain]:
    rows, index = data.get("measures"), where[1]
    return as_row(rows[index]) if isinstance(rows, list) and isinstance(index, int) else {}


def _field(path: DataPath, row: Mapping[str, Plain], words: Words) -> str:
    """Return the name of a field; in a record or a postponement, with the name of that."""
    items, rest = row.get(str(path[0])), path[2:]
    if len(path) > 1 and isinstance(items, list) and isinstance(path[1], int):
        item = as_row(items[path[1]])
        if path[0] == "records":
            about = words.say(N_("Отметка за {checkpoint}"), checkpoint=words.checkpoint(item))
        elif path[0] == "postponements":
            day = words.day(item.get("date"))
            about = words.say(N_("Перенос срока от {date}"), date=day)
        else:
            return words.label(*path)
        return words.within(about).label(*path) if rest else about
    return words.label(*path)


def _place_of_part(where: DataPath, data: Mapping[str, Plain], words: Words) -> str:
    """Return the section or channel that a value belongs to, and the field; empty for neither."""
    found = [part for part in part_versions(dict(data)) if part.path == where[: len(part.path)]]
    if not found:
        return ""
    part = max(found, key=lambda one: len(one.path))
    rest = where[len(part.path) :]
    if not rest:
        return part_name(part, words)
    return f"{part_name(part, words, titled=False)}, {lowered(outer_part_name(where, words))}"


def _chain(path: DataPath, words: Words) -> str:
    """Return the last two names on the path to a value outside the measures."""
    ends = [end for end, part in enumerate(path, 1) if isinstance(part, str)]
    names = [outer_part_name(path[:end], words) for end in ends]
    first, *rest = names[-2:] or [words.translate(N_("Программа"))]
    return ", ".join((first, *map(lowered, rest)))


def _values(sides: Sides, path: DataPath, words: Words) -> dict[str, str]:
    """Return the three values in words that differ as the values do."""
    versions = {"ours": sides.ours, "theirs": sides.theirs, "base": sides.base}
    texts = {name: value_text(value, path, words) for name, value in versions.items()}
    if len(set(texts.values())) < len(texts):
        # Terms with the same text may differ in their quarters.
        return {name: one_line(show(value)) or ABSENT for name, value in versions.items()}
    return texts


def _changes(before: Value, after: Value, path: DataPath, words: Words) -> str:
    """Return what the side that did not delete a value changed in it."""
    old, new = (None if isinstance(one, Missing) else one for one in (before, after))
    if not path and isinstance(old, dict) and isinstance(new, dict):
        return "; ".join(map(str, measure_lines(old, new, words)))
    if new is None:
        return ""
    if _is_part(path, new) and _is_part(path, before):
        return f"{_part_text(before)} → {_part_text(new)}"
    return _things(path, new, words) or one_line(show(new))
