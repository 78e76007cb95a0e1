"""What changed between two versions of a programme, measure by measure, in words.

The lines come from the two versions and not from the edits between them, so a change made by the
program, a manual one and an undone one read the same. Where no value differs, the comments in the
file are compared.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from kvartal.history.diff.chapter_lines import WholeChapter, whole_chapters
from kvartal.history.diff.diff import MEASURES, POSITION, Row, difference, field_changes
from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.items import as_list
from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.own_field_lines import WholeField, whole_fields
from kvartal.history.diff.part_lines import part_lines
from kvartal.history.diff.parts import SECTIONS
from kvartal.history.diff.row_lines import RowNames, is_row, row_text
from kvartal.history.diff.words import ABSENT, Words, lowered, one_line
from kvartal.schema.changes import Edit, Missing, Plain, PlanData
from kvartal.schema.description import title
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath
from kvartal.schema.unprintable import revealed

_NAME_KEYS: Final = ("number", "name", "title")
_FIELD_OF_ITEM: Final = 3
"""How long the path of a field inside a list item is at least."""
_COMMENT: Final = re.compile(rb"^[ \t]*#+[ \t]*+([^\r\n]*[^\s])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What changed in one measure, or outside the measures.

    Attributes:
        id: Id of the measure; empty for what is outside the measures.
        before: The measure's plain data; None where it was not there.
        after: The same after the change; None where it was deleted.
        lines: Its changed fields, in the order of the schema.
    """

    id: str
    before: Row | None
    after: Row | None
    lines: tuple[FieldLine, ...]

    @property
    def title(self) -> str:
        """The measure's own words: its proposal, else its first action."""
        row = self.after or self.before or {}
        steps = as_list(row.get("actions"))
        return one_line(show(row.get("proposal") or next(iter(steps), "")))


def change_groups(
    before: PlanData, after: PlanData, words: Words, edits: Iterable[Edit] | None = None
) -> tuple[ChangeGroup, ...]:
    """Return what changed between two versions, by measure, in the order of the table.

    Args:
        before: The older version; empty for a plan that did not exist.
        after: The newer one.
        words: The language.
        edits: The edits from one to the other, where the caller has them.
    """
    words = words.of(before, after)
    if edits is None:
        edits = difference(before, after, as_in_2026_11=words.as_in_2026_11)
    edits = tuple(edits)
    touched = {edit.measure for edit in edits}
    old, new = _by_id(before), _by_id(after)
    moved = {
        row.id: FieldLine(words.translate(N_("Место в таблице")), str(row.old), str(row.new))
        for row in field_changes(edits)
        if row.field == POSITION
    }
    groups = []
    if "" in touched:
        outer = [edit for edit in edits if not edit.measure]
        groups.append(ChangeGroup("", None, None, tuple(_outside(before, after, outer, words))))
    for name in dict.fromkeys((*new, *old)):
        if name in touched:
            lines = measure_lines(old.get(name), new.get(name), words)
            position = (moved[name],) if name in moved else ()
            groups.append(ChangeGroup(name, old.get(name), new.get(name), (*position, *lines)))
    return tuple(groups)


def visible_groups(
    before: PlanData, after: PlanData, words: Words, edits: Iterable[Edit] | None = None
) -> tuple[ChangeGroup, ...]:
    """Return `change_groups` for a reader: a measure is never listed without what changed in it.

    Values may differ in what no text shows: a space at the end, a line break, a number that became
    a text. Such values are quoted as they are. Commit messages do without: they are a format.
    """
    groups = change_groups(before, after, words, edits)
    words = words.of(before, after)
    return tuple(
        group if any(map(_shows_difference, group.lines)) else replace(group, lines=lines)
        for group in groups
        for lines in [tuple(_exact_lines(group, words))]
    )


def _shows_difference(line: FieldLine) -> bool:
    return (line.old or ABSENT) != (line.new or ABSENT)


def _exact_lines(group: ChangeGroup, words: Words) -> Iterator[FieldLine]:
    """Yield the fields of a measure with their values quoted; its own lines where it is new."""
    if group.before is None or group.after is None:
        yield from group.lines
        return
    old: PlanData = {"measures": [group.before]}
    new: PlanData = {"measures": [group.after]}
    for edit in difference(old, new):
        yield FieldLine(words.label(*edit.path), _exact(edit.old, words), _exact(edit.new, words))


def _exact(value: Plain | Missing, words: Words) -> str | None:
    """Return a value as it is: a text in quotes, with signs for what cannot be seen."""
    if isinstance(value, Missing):
        return None
    if not isinstance(value, str):
        return one_line(show(value)) or str(value)
    return words.quoted(revealed(value.replace("\n", "␊").replace("\t", "␉")))


def comment_groups(old: bytes, new: bytes, words: Words) -> tuple[ChangeGroup, ...]:
    """Return the comments in which two versions with the same values differ; empty for none.

    A comment that only moved is the same one. Comments after a value in its line are ignored: they
    cannot be told from text without parsing both versions.

    Args:
        old: The older version.
        new: The newer one, with the same values: otherwise a value might look like a comment.
        words: The language.
    """
    before, after = _comments(old), _comments(new)
    label = words.translate(N_("Комментарий в файле"))
    removed, added = _missing_from(after, before), _missing_from(before, after)
    lines = tuple(FieldLine(label, one, other) for one, other in zip_longest(removed, added))
    return (ChangeGroup("", None, None, lines),) if lines else ()


def group_alike(groups: Iterable[ChangeGroup]) -> tuple[tuple[ChangeGroup, ...], ...]:
    """Return groups with equal lines side by side, so that these can be printed once.

    Measures that were added or removed stay each by itself.
    """
    alike: dict[tuple[FieldLine, ...] | str, list[ChangeGroup]] = {}
    for group in groups:
        is_changed = group.before is not None and group.after is not None
        alike.setdefault(group.lines if is_changed else group.id, []).append(group)
    return tuple(map(tuple, alike.values()))


def outer_field_name(path: DataPath, words: Words, item: str = "") -> str:
    """Return the name of a field outside the measures: «Утверждение, дата приказа».

    Args:
        path: Path from the root; its last two names are used.
        words: The language.
        item: What the list item with the field is called, if it is in one: «Каналы обслуживания
            1.1, сегмент».
    """
    ends = [end for end, part in enumerate(path, 1) if isinstance(part, str)]
    names = [outer_part_name(path[:end], words) for end in ends]
    is_own = len(ends) > 1 and words.own.list_at(path[: ends[-2]])
    shown = names[-2:] if is_own or names[:1] != names[-2:-1] else names[-1:]
    first, *rest = shown
    return ", ".join((f"{first} {item}" if item else first, *map(lowered, rest)))


def outer_part_name(path: DataPath, words: Words) -> str:
    """Return the name of one part of a programme by its path; a level by its own name."""
    own = words.own.list_at(path)
    known = title(path)
    return one_line(own) or (words.translate(known) if known else one_line(str(path[-1])))


def _outside(
    before: PlanData, after: PlanData, edits: Sequence[Edit], words: Words
) -> Iterator[FieldLine]:
    """Yield what changed outside the measures; sections and channels in sentences."""
    has_parts = any(edit.path[:1] == (SECTIONS,) for edit in edits)
    lines = None
    if has_parts and not words.as_in_2026_11:
        lines = part_lines(before, after, words)
    yield from lines or ()
    rows = RowNames(after, words)
    for edit in edits:
        if edit.path == (MEASURES,) and len(edits) > 1:
            continue  # The empty list of a plan that comes or goes: its measures are told apart.
        wholes: tuple[WholeChapter | WholeField, ...] = ()
        if not words.as_in_2026_11:
            wholes = whole_chapters(edit) or whole_fields(edit)
        for whole in wholes:
            yield whole.line(words)
            for inner in whole.inner_edits():
                yield from _lines_of(inner, whole.data, RowNames(whole.data, words), words)
        if not wholes and (lines is None or edit.path[:1] != (SECTIONS,)):
            yield from _lines_of(edit, after, rows, words)


def _lines_of(edit: Edit, data: PlanData, rows: RowNames, words: Words) -> Iterator[FieldLine]:
    """Yield what an edit changed outside the measures; rows of tables by their names."""
    of_rows = None if words.as_in_2026_11 else rows.lines(edit)
    if of_rows is None:
        yield from _lines_outside(edit, data, words)
    else:
        yield from (FieldLine(*line) for line in of_rows)


def _lines_outside(edit: Edit, data: PlanData, words: Words) -> Iterator[FieldLine]:
    """Yield what an edit changed outside the measures, one line per plain value."""
    old = None if isinstance(edit.old, Missing) else edit.old
    new = None if isinstance(edit.new, Missing) else edit.new
    item = item_name(edit.path, data, words)
    if old is None:
        yield from (
            FieldLine(label, None, text) for label, text in _leaves(edit.path, new, item, words)
        )
    elif new is None:
        yield from (
            FieldLine(label, text, None) for label, text in _leaves(edit.path, old, item, words)
        )
    else:
        path, label = (str(edit.path[-1]),), outer_field_name(edit.path, words, item)
        yield FieldLine(label, words.value(path, old), words.value(path, new))


def _leaves(
    path: DataPath, value: Plain | None, item: str, words: Words
) -> Iterator[tuple[str, str]]:
    """Yield the plain values in a value, each as label and text; the cells of a row together."""
    if isinstance(value, list) and is_row(path) and not words.as_in_2026_11:
        yield outer_field_name(path, words, item), row_text(value)
    elif isinstance(value, dict | list) and value:
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves((*path, key), part, item, words)
    else:
        text = words.value((str(path[-1]),), value) or ABSENT
        yield outer_field_name(path, words, item), text


def item_name(path: DataPath, data: PlanData, words: Words) -> str:
    """Return what the list item is called whose field is at a path; empty where it has no name.

    A list has many fields of one name: the lines about them have to differ.
    """
    if len(path) < _FIELD_OF_ITEM or not isinstance(path[-2], int):
        return ""
    row: Plain = data
    for part in path[:-1]:
        if isinstance(row, dict) and isinstance(part, str):
            row = row.get(part, "")
        elif isinstance(row, list) and isinstance(part, int) and part < len(row):
            row = row[part]  # pyright: ignore[reportArgumentType] - it is no dict too
        else:
            return ""
    keys = [key for key in _NAME_KEYS if key != path[-1]]
    names = (row.get(key) for key in keys) if isinstance(row, dict) else ()
    name = one_line(next((text for text in names if isinstance(text, str)), ""))
    return name if not name or name[0].isdigit() else words.quoted(name)


def _by_id(data: PlanData) -> Mapping[str, Row]:
    rows = as_list(data.get("measures"))
    return {str(row["id"]): row for row in rows if isinstance(row, dict) and "id" in row}


def _comments(text: bytes) -> list[str]:
    matches = (match[1].decode("utf-8", "replace") for match in _COMMENT.finditer(text))
    return [one_line(comment) for comment in matches]


def _missing_from(others: list[str], comments: list[str]) -> Iterator[str]:
    """Yield the comments of one version that the other lacks."""
    unmatched = Counter(others)
    for comment in comments:
        if unmatched[comment]:
            unmatched[comment] -= 1
        else:
            yield comment
