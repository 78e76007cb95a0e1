"""What changed between two versions of a programme, measure by measure, in words.

The lines come from the two versions and not from the edits between them, so a change made by the
program, a manual one and an undone one read the same. Where no value differs, the comments in the
file are compared.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from kvartal.history.diff.diff import POSITION, Row, difference, field_changes
from kvartal.history.diff.lines import FieldLine, as_list, measure_lines
from kvartal.history.diff.words import ABSENT, Words, lowered, one_line
from kvartal.schema.changes import Edit, Missing, Plain, PlanData
from kvartal.schema.description import title
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath

_CALLED_BY: Final = ("number", "name", "title")
_FIELD_OF_ITEM: Final = 3
_COMMENT: Final = re.compile(rb"^[ \t]*#+[ \t]*([^\r\n]*[^\s])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What changed in one measure.

    Attributes:
        id: Id of the measure; empty for what belongs to the programme as a whole.
        before: The measure's plain data; None where it was not there.
        after: The same after the change; None where it is there no more.
        lines: Its fields, in the order of the schema.
    """

    id: str
    before: Row | None
    after: Row | None
    lines: tuple[FieldLine, ...]

    @property
    def title(self) -> str:
        """The measure's own words: its proposal."""
        row = self.after or self.before or {}
        return one_line(show(row.get("proposal", "")))


def change_groups(
    before: PlanData, after: PlanData, words: Words, edits: Iterable[Edit] | None = None
) -> tuple[ChangeGroup, ...]:
    """Return what changed between two versions, by measure, in the order of the table.

    Args:
        before: The older version; empty for a plan that did not exist.
        after: The newer one.
        words: The language.
        edits: The edits from one to the other, where they are known already.
    """
    found = tuple(difference(before, after) if edits is None else edits)
    touched = {edit.measure for edit in found}
    old, new = _by_id(before), _by_id(after)
    moved = {
        row.id: FieldLine(words.translate(N_("Место в таблице")), str(row.old), str(row.new))
        for row in field_changes(found)
        if row.field == POSITION
    }
    groups = []
    if "" in touched:
        outside = tuple(
            line for edit in found if not edit.measure for line in _outside(edit, after, words)
        )
        groups.append(ChangeGroup("", None, None, outside))
    for name in dict.fromkeys((*new, *old)):
        if name in touched:
            lines = measure_lines(old.get(name), new.get(name), words)
            extra = (moved[name],) if name in moved else ()
            groups.append(ChangeGroup(name, old.get(name), new.get(name), (*extra, *lines)))
    return tuple(groups)


def told_alike(groups: Iterable[ChangeGroup]) -> tuple[tuple[ChangeGroup, ...], ...]:
    """Return groups with those together whose fields changed alike, so that they are told once.

    Measures that are new or gone are told each by itself.
    """
    found: dict[tuple[FieldLine, ...] | str, list[ChangeGroup]] = {}
    for group in groups:
        is_changed = group.before is not None and group.after is not None
        found.setdefault(group.lines if is_changed else group.id, []).append(group)
    return tuple(map(tuple, found.values()))


def _outside(edit: Edit, data: PlanData, words: Words) -> Iterator[FieldLine]:
    """Yield what changed outside the measures, each value on a line of its own."""
    old = None if isinstance(edit.old, Missing) else edit.old
    new = None if isinstance(edit.new, Missing) else edit.new
    item = _item(edit.path, data)
    if old is None:
        yield from (
            FieldLine(label, None, text) for label, text in _leaves(edit.path, new, item, words)
        )
    elif new is None:
        yield from (
            FieldLine(label, text, None) for label, text in _leaves(edit.path, old, item, words)
        )
    else:
        path, label = (str(edit.path[-1]),), outside_name(edit.path, words, item)
        yield FieldLine(label, words.value(path, old), words.value(path, new))


def _leaves(
    path: DataPath, value: Plain | None, item: str, words: Words
) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list) and value:
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves((*path, key), part, item, words)
    else:
        text = words.value((str(path[-1]),), value) or ABSENT
        yield outside_name(path, words, item), text


def outside_name(path: DataPath, words: Words, item: str = "") -> str:
    """Return the last two names on the way to a value: «Утверждение, дата приказа».

    Args:
        path: Path from the root.
        words: The language.
        item: What the item of a list is called that the value is in, if it is in one:
            «Каналы обслуживания 1.1, сегмент».
    """
    ends = [end for end, part in enumerate(path, 1) if isinstance(part, str)]
    names = [title(path[:end]) or one_line(str(path[end - 1])) for end in ends]
    shown = names[-2:] if names[:1] != names[-2:-1] else names[-1:]
    first, *rest = map(words.translate, shown)
    return ", ".join((f"{first} {item}" if item else first, *map(lowered, rest)))


def _item(path: DataPath, data: PlanData) -> str:
    """Return what the item is called whose field is changed; empty where it has no such name.

    Lists hold many fields of one name: what is told of one has to differ from what is of another.
    """
    if len(path) < _FIELD_OF_ITEM or not isinstance(path[-2], int):
        return ""
    row: Plain = data
    for part in path[:-1]:
        if isinstance(row, dict) and isinstance(part, str):
            row = row.get(part, "")
        elif isinstance(row, list) and isinstance(part, int) and part < len(row):
            row = row[part]
        else:
            return ""
    names = [key for key in _CALLED_BY if key != path[-1]]
    called = (row.get(key) for key in names) if isinstance(row, dict) else ()
    name = one_line(next((text for text in called if isinstance(text, str)), ""))
    return name if not name or name[0].isdigit() else f"«{name}»"


def _by_id(data: PlanData) -> Mapping[str, Row]:
    rows = as_list(data.get("measures"))
    return {str(row["id"]): row for row in rows if isinstance(row, dict) and "id" in row}


def comment_groups(old: bytes, new: bytes, words: Words) -> tuple[ChangeGroup, ...]:
    """Return the comments in which two versions differ that hold the same values, if any.

    A comment that only moved is the same one. What stands behind a value in its line is left out:
    it cannot be told from a text without reading both versions whole.

    Args:
        old: The older version.
        new: The newer one, in which no value is another: else a value might look like a comment.
        words: The language.
    """
    before, after = _comments(old), _comments(new)
    label = words.translate(N_("Комментарий в файле"))
    gone, come = _left(before, after), _left(after, before)
    lines = tuple(FieldLine(label, one, other) for one, other in zip_longest(gone, come))
    return (ChangeGroup("", None, None, lines),) if lines else ()


def _comments(text: bytes) -> list[str]:
    found = (match[1].decode("utf-8", "replace") for match in _COMMENT.finditer(text))
    return [one_line(comment) for comment in found]


def _left(comments: list[str], others: list[str]) -> Iterator[str]:
    """Yield the comments of one version that the other lacks."""
    known = Counter(others)
    for comment in comments:
        if known[comment]:
            known[comment] -= 1
        else:
            yield comment
