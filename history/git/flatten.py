"""A plan flattened to one line a value: what git compares and shows in place of the file.

Each line names its measure and its field, so that a line of ``git diff``, ``git log -p`` or ``git
blame`` says all by itself: ``1.1.2 · Ожидаемый результат = Обеспечена установка терминала``. The
lines stand in the order of the file, comments among them. No value is rounded, shortened or left
out; only how it is written in YAML does not show.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from kvartal.history.diff.words import Words, lowered, one_line
from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node, ScalarNode
from kvartal.history.yaml_text.outline import opens_line
from kvartal.history.yaml_text.source import Source
from kvartal.schema.description import title
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath

_IN_FILE: Final = r"^[ \t]*-[ \t]+id:[ \t]*[\"']?([0-9][-0-9.]*)"
_IN_LINES: Final = r"^([0-9][-0-9.]*) "
FUNCTION_NAME: Final = f"{_IN_FILE}\n{_IN_LINES}"
"""For ``xfuncname``: finds the id of the measure in the file and in the flattened lines alike."""

_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t]))#[^\n]*", re.MULTILINE)
_MEASURE_DEPTH: Final = 2
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(,[0-9]+)?(e[-+]?[0-9]+)?")
_WHAT: Final[Mapping[str, tuple[str, ...]]] = {
    "sections": ("number",),
    "channels": ("number",),
    "documents": ("number",),
    "values": ("period",),
    "postponements": ("date",),
}
"""By what an item of a list is called, in lists that do not say it by their order."""


def flattened(source: Source, words: Words) -> Iterator[str]:
    """Yield a plan's values and comments, a line each, in the order of the text.

    Args:
        source: The plan.
        words: The language.
    """
    comments = list(_comments(source))
    last = ""
    for start, path, text in _values(source.root, (), words):
        measure = _measure(source, path)
        while comments and comments[0][0] < start:
            at, comment = comments.pop(0)
            # One on a line of its own belongs to what follows it.
            yield _line(measure if opens_line(source.text, at) else last, comment)
        yield _line(measure, f"{_label(source, path, words)} = {text}")
        last = measure
    for at, comment in comments:
        yield _line("" if opens_line(source.text, at) else last, comment)


def flattened_sides(ours: Source, theirs: Source, words: Words) -> Iterator[str]:
    """Yield the lines of two plans, those in which they differ between markers.

    Args:
        ours: Our side of a file with conflicts.
        theirs: The other side.
        words: The language.
    """
    one, other = list(flattened(ours, words)), list(flattened(theirs, words))
    # Imported where it is needed: git asks for a file with conflicts once in a while.
    from difflib import SequenceMatcher

    for tag, start, end, first, last in SequenceMatcher(
        None, one, other, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from one[start:end]
        else:
            yield from ("<<<<<<<", *one[start:end], "=======", *other[first:last], ">>>>>>>")


def _line(measure: str, text: str) -> str:
    return f"{measure} · {text}" if measure else text


def _measure(source: Source, path: DataPath) -> str:
    """Return the id of the measure that a path leads into; empty outside the measures."""
    rows = source.data.get("measures")
    if path[:1] != ("measures",) or len(path) <= _MEASURE_DEPTH or not isinstance(rows, list):
        return ""
    index = path[1]
    row = rows[index] if isinstance(index, int) else None
    name = row.get("id") if isinstance(row, dict) else None
    return one_line(str(name)) if name is not None else f"#{index}"


def _values(node: Node, path: DataPath, words: Words) -> Iterator[tuple[int, DataPath, str]]:
    """Yield the single values in a node with where they stand."""
    if isinstance(node, ScalarNode):
        yield node.start, path, _shown(node, words)
    elif isinstance(node, MapNode):
        if not node.pairs:
            yield node.start, path, "{}"
        for key, value in node.pairs:
            yield from _values(value, (*path, str(key.value)), words)
    elif all(isinstance(item, ScalarNode) and _is_number(item) for item in node.items):
        numbers = (_shown(item, words) for item in node.items if isinstance(item, ScalarNode))
        yield node.start, path, f"[{'; '.join(numbers)}]"
    else:
        for index, item in enumerate(node.items):
            yield from _values(item, (*path, index), words)


def _is_number(node: ScalarNode) -> bool:
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _shown(node: ScalarNode, words: Words) -> str:
    """Return a value on a line; in quotation marks, text that would look like something else."""
    value = node.value
    if not isinstance(value, str):
        return "null" if value is None else words.value((), value) or ""
    known = {words.value((), True), words.value((), False), "null", "{}", "[]", ""}
    is_itself = one_line(value) == value and not value.startswith(("«", "["))
    if is_itself and value not in known and not _NUMBER.fullmatch(value):
        return value
    return f"«{_faithful(value)}»"


def _faithful(text: str) -> str:
    """Return a text on one line with what a line cannot hold written as in YAML."""
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return one_line(f"«{escaped}»")[1:-1]


def _label(source: Source, path: DataPath, words: Words) -> str:
    """Return the names on the way to a value: «Отметка за III квартал, дата исполнения»."""
    names: list[str] = []
    begin = _MEASURE_DEPTH if _measure(source, path) else 0
    for end in range(begin + 1, len(path) + 1):
        part = path[end - 1]
        if isinstance(part, str):
            name = words.translate(title(path[:end])) or one_line(part)
            # «Бюджет, план» belongs to «Бюджет» by its own words.
            repeats = names[-1:] and name.casefold().startswith(names[-1].casefold())
            names[-1 if repeats else len(names) :] = [name]
            continue
        called = _called(source, path[:end], words)
        if called:
            names[-1:] = [called]
    first, *rest = names or [""]
    return ", ".join((first, *map(lowered, rest)))


def _called(source: Source, path: DataPath, words: Words) -> str:
    """Return what an item of a list is called by; empty where nothing tells it from others."""
    value: object = source.data
    for part in path:
        value = value[part]  # type: ignore[index] # the path comes from the tree of the same data
    if not isinstance(value, dict):
        return ""
    if path[-2:-1] == ("records",):
        quarter = words.quarter(value.get("quarter"))
        return words.say(N_("Отметка за {quarter} квартал"), quarter=quarter)
    listed = words.translate(title(path[:-1])) or one_line(str(path[-2]))
    names = [str(value[key]) for key in _WHAT.get(str(path[-2]), ()) if key in value]
    return one_line(" ".join([listed, *names])) if names else ""


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the comments of a text with where they stand."""
    taken = sorted(_scalars(source.root))
    at = 0
    for found in _COMMENT.finditer(source.text):
        while at < len(taken) and taken[at][1] <= found.start():
            at += 1
        if at == len(taken) or found.start() < taken[at][0]:
            yield found.start(), one_line(found[0])


def _scalars(node: Node) -> Iterator[tuple[int, int]]:
    """Yield where the keys and the single values in a node start and end."""
    if isinstance(node, ScalarNode):
        yield node.start, node.end
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _scalars(item)
    else:
        for key, value in node.pairs:
            yield key.start, key.end
            yield from _scalars(value)
