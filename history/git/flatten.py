"""A plan flattened to one line per value: what git compares and shows instead of the file.

Each line names its measure and its field, so that a line of ``git diff``, ``git log -p`` or ``git
blame`` stands on its own: ``1.1.2 · Ожидаемый результат = Обеспечена установка терминала``. The
lines follow the order of the file, comments included. No value is rounded, shortened or left out;
only its YAML notation is lost.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from kvartal.history.diff.groups import outer_part_name
from kvartal.history.diff.items import as_row
from kvartal.history.diff.words import Words, lowered, one_line
from kvartal.history.yaml_text.comments import comments
from kvartal.history.yaml_text.nodes import MapNode, Node, ScalarNode
from kvartal.history.yaml_text.outline import opens_line
from kvartal.history.yaml_text.source import Source
from kvartal.schema.data_paths import value_at
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath

# An id is a slug: what git matches are bytes, so letters of any alphabet are what is no sign.
_ID: Final = r"([^][ \t\"'#:,{}&*!|>%@`()]+)"
_ID_IN_FILE: Final = rf"^[ \t]*-[ \t]+id:[ \t]*[\"']?{_ID}"
_ID_IN_LINES: Final = rf"^{_ID} · "
FUNCTION_NAME: Final = f"{_ID_IN_FILE}\n{_ID_IN_LINES}"
"""For ``xfuncname``: matches the id of a measure in the file and in the flattened lines."""

_MEASURE_DEPTH: Final = 2
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(,[0-9]+)?(e[-+]?[0-9]+)?")
_NAMING_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sections": ("number",),
    "channels": ("number",),
    "documents": ("number",),
    "values": ("indicator", "period"),
    "indicator": ("name",),
    "budget": ("source", "year"),
    "responsible": ("name",),
    "fields": ("key",),
    "postponements": ("date",),
}
"""The fields that name an item, by the name of its list."""


def flattened(source: Source, words: Words) -> Iterator[str]:
    """Yield a plan's values and comments, one per line, in the order of the text.

    Args:
        source: The plan.
        words: The language.
    """
    words = words.of(source.data)
    waiting = [(at, one_line(comment)) for at, comment in comments(source)]
    last = ""
    for start, path, text in _values(source.root, (), words):
        measure = _measure(source, path)
        while waiting and waiting[0][0] < start:
            at, comment = waiting.pop(0)
            # A comment on its own line belongs to what follows it.
            yield _line(measure if opens_line(source.text, at) else last, comment)
        yield _line(measure, f"{_label(source, path, words)} = {text}")
        last = measure
    for at, comment in waiting:
        yield _line("" if opens_line(source.text, at) else last, comment)


def flattened_sides(ours: Source, theirs: Source, words: Words) -> Iterator[str]:
    """Yield the lines of two plans, the differing ones between conflict markers.

    Args:
        ours: Our side of a file with conflicts.
        theirs: Their side.
        words: The language.
    """
    # Imported late: files with conflicts are rare.
    from difflib import SequenceMatcher

    left, right = list(flattened(ours, words)), list(flattened(theirs, words))
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, start, end, right_start, right_end in matcher.get_opcodes():
        if tag == "equal":
            yield from left[start:end]
        else:
            differing = right[right_start:right_end]
            yield from ("<<<<<<<", *left[start:end], "=======", *differing, ">>>>>>>")


def _line(measure: str, text: str) -> str:
    return f"{measure} · {text}" if measure else text


def _measure(source: Source, path: DataPath) -> str:
    """Return the id of the measure that a path leads into; empty outside of measures."""
    rows = source.data.get("measures")
    if path[:1] != ("measures",) or len(path) <= _MEASURE_DEPTH or not isinstance(rows, list):
        return ""
    index = path[1]
    row = rows[index] if isinstance(index, int) else None
    name = row.get("id") if isinstance(row, dict) else None
    return one_line(str(name)) if name is not None else f"#{index}"


def _values(node: Node, path: DataPath, words: Words) -> Iterator[tuple[int, DataPath, str]]:
    """Yield position, path and text of each single value in a node."""
    if isinstance(node, ScalarNode):
        yield node.start, path, _value_text(node, words)
    elif isinstance(node, MapNode):
        if not node.pairs:
            yield node.start, path, "{}"
        for key, value in node.pairs:
            yield from _values(value, (*path, str(key.value)), words)
    elif all(isinstance(item, ScalarNode) and _is_number(item) for item in node.items):
        numbers = (_value_text(item, words) for item in node.items if isinstance(item, ScalarNode))
        yield node.start, path, f"[{'; '.join(numbers)}]"
    else:
        for index, item in enumerate(node.items):
            yield from _values(item, (*path, index), words)


def _is_number(node: ScalarNode) -> bool:
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _value_text(node: ScalarNode, words: Words) -> str:
    """Return a value on one line; text that would read as something else is quoted."""
    value = node.value
    if not isinstance(value, str):
        return "null" if value is None else words.value((), value) or ""
    reserved = {words.value((), True), words.value((), False), "null", "{}", "[]", ""}
    opening = words.quoted("")[:1]
    is_itself = one_line(value) == value and not value.startswith((opening, "["))
    if is_itself and value not in reserved and not _NUMBER.fullmatch(value):
        return value
    return words.quoted(_escaped(value))


def _escaped(text: str) -> str:
    """Return a text on one line, with line breaks and tabs escaped as in YAML."""
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return one_line(f"«{escaped}»")[1:-1]


def _label(source: Source, path: DataPath, words: Words) -> str:
    """Return the names along the path of a value: «Отметка за III квартал, дата исполнения»."""
    names: list[str] = []
    begin = _MEASURE_DEPTH if _measure(source, path) else 0
    for end in range(begin + 1, len(path) + 1):
        part = path[end - 1]
        if isinstance(part, str):
            name = _level_name(source, path[:end], words) or _part_name(path[:end], words)
            # «Бюджет, план» already says «Бюджет».
            repeats = names[-1:] and name.casefold().startswith(names[-1].casefold())
            names[-1 if repeats else len(names) :] = [name]
            continue
        item = _item_name(source, path[:end], words)
        if item:
            names[-1:] = [item]
    first, *rest = names or [""]
    return ", ".join((first, *map(lowered, rest)))


def _level_name(source: Source, path: DataPath, words: Words) -> str:
    """Return the organisation's name for where a measure stands; empty for any other value."""
    if path[_MEASURE_DEPTH:] not in {("section",), ("channel",)}:
        return ""
    row, key = as_row(value_at(source.data, path[:-1])), str(path[-1])
    return one_line(words.own.place(key, row.get(key)))


def _part_name(path: DataPath, words: Words) -> str:
    """Return the name of one part of a path, the organisation's own one where it has one."""
    is_extra = path[_MEASURE_DEPTH:-1] == ("extra",)
    own = words.own.fields.get(str(path[-1])) if is_extra else None
    return one_line(own) if own else outer_part_name(path, words)


def _item_name(source: Source, path: DataPath, words: Words) -> str:
    """Return the name of a list item; empty where nothing distinguishes it from the others."""
    value = value_at(source.data, path)
    if not isinstance(value, dict):
        return ""
    if path[-2:-1] == ("records",):
        return words.say(N_("Отметка за {checkpoint}"), checkpoint=words.checkpoint(value))
    list_name = _part_name(path[:-1], words)
    names = [str(value[key]) for key in _NAMING_FIELDS.get(str(path[-2]), ()) if key in value]
    return one_line(" ".join([list_name, *names])) if names else ""
