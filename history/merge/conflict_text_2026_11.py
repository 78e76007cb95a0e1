"""The parts of a conflict's sentence as they were until 2026-11: older merges hold such sentences.

Frozen, for `verify` alone: it compares the message of a merge with what is so.
"""

from collections.abc import Mapping

from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.words import ABSENT, Words, lowered, one_line
from kvartal.history.merge.conflict import Conflict
from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import Missing, Plain
from kvartal.schema.description import title
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath


def fields_in_2026_11(
    conflict: Conflict, data: Mapping[str, Plain], words: Words
) -> dict[str, object]:
    """Return what the templates of a conflict are filled in with.

    Args:
        conflict: The conflict.
        data: The merged data it belongs to.
        words: The language.
    """
    sides, path = conflict.sides, conflict.path
    versions = {"ours": sides.ours, "theirs": sides.theirs, "base": sides.base}
    texts = {name: _value(value, path, words) for name, value in versions.items()}
    if len(set(texts.values())) < len(texts):
        texts = {name: one_line(show(value)) or ABSENT for name, value in versions.items()}
    after = sides.theirs if isinstance(sides.ours, Missing) else sides.ours
    place = _place(conflict, data, words)
    return {"where": place, "changes": _changes(sides.base, after, path, words), **texts}


def _place(conflict: Conflict, data: Mapping[str, Plain], words: Words) -> str:
    where = conflict.where
    if not conflict.measure:
        ends = [end for end, part in enumerate(where, 1) if isinstance(part, str)]
        names = [
            words.translate(title(where[:end])) or one_line(str(where[end - 1])) for end in ends
        ]
        first, *rest = names[-2:] or [words.translate(N_("Программа"))]
        return ", ".join((first, *map(lowered, rest)))
    name, path = one_line(conflict.measure), conflict.path
    if not path:
        return name
    rows, index = as_list(data.get("measures")), where[1]
    row = as_row(rows[index]) if isinstance(index, int) else {}
    return f"{name}, {lowered(_field(path, row, words))}"


def _field(path: DataPath, row: Mapping[str, Plain], words: Words) -> str:
    items = row.get(str(path[0]))
    if len(path) == 1 or not isinstance(items, list) or not isinstance(path[1], int):
        return words.label(*path)
    item = as_row(items[path[1]])
    if path[0] == "records":
        about = words.say(N_("Отметка за {checkpoint}"), checkpoint=words.checkpoint(item))
    elif path[0] == "postponements":
        about = words.say(N_("Перенос срока от {date}"), date=words.day(item.get("date")))
    else:
        return words.label(*path)
    return words.within(about).label(*path) if path[2:] else about


def _value(value: Value, path: DataPath, words: Words) -> str:
    if isinstance(value, Missing):
        return ABSENT
    names = tuple(part for part in path if isinstance(part, str))
    if names[-1:] in {("term",), ("to",)}:
        return words.term(value) or ABSENT
    return words.value(names, value) or ABSENT


def _changes(before: Value, after: Value, path: DataPath, words: Words) -> str:
    if not path and isinstance(before, dict) and isinstance(after, dict):
        return "; ".join(map(str, measure_lines(before, after, words)))
    return "" if isinstance(after, Missing) else one_line(show(after))
