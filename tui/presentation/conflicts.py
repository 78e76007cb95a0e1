"""A field that both sides changed in two ways, in words: where it is, what each side has, by whom.

Plain values for the screen of conflicts. No widget here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from kvartal.schema.changes import Edit, Missing, Plain, apply_edits
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.history import moment_of
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.word_diff import SIDES, marked_cells

if TYPE_CHECKING:
    from kvartal.history.diff.words import Words
    from kvartal.history.merge.threeway import Value
    from kvartal.history.sync.divergence import Authorship, FieldConflict

Key: TypeAlias = tuple[str, str, tuple[str, ...], str, str, str]
"""What a conflict is the same by, whichever commits it was found between."""

_MOST_LINES: Final = 400


@dataclass(frozen=True, slots=True)
class ConflictValues:
    """The values of a conflict, each as lines of cells with the differing words marked."""

    base: tuple[CellLine, ...]
    ours: tuple[CellLine, ...]
    theirs: tuple[CellLine, ...]


def key_of(conflict: "FieldConflict") -> Key:
    """Return what a conflict is the same by: where it is, and the three values.

    Not by its place in a list: an item that came before it moves it on.
    """
    names = tuple(part for part in conflict.path if isinstance(part, str))
    sides = conflict.merge_conflict.sides
    values = (repr(sides.base), repr(sides.ours), repr(sides.theirs))
    return (conflict.plan, conflict.measure, names, *values)


def place(conflict: "FieldConflict", words: "Words") -> str:
    """Return the measure and the field of a conflict, fit to be shown."""
    from kvartal.history.merge.conflict_text import conflict_place

    return shown(conflict_place(conflict.merge_conflict, conflict.data, words))


def who(told: "Authorship | None") -> CellLine:
    """Return who gave a value, and when."""
    if told is None:
        return (Cell(_("кто и когда — не найдено"), "muted"),)
    return (Cell(f"{shown(told.author)}, {moment_of(told.date)}", "fact"),)


def values(conflict: "FieldConflict", words: "Words") -> ConflictValues:
    """Return the value before, ours and theirs; in the last two the words are marked that differ.

    Args:
        conflict: The conflict.
        words: The language.
    """
    sides = conflict.merge_conflict.sides
    before, ours, theirs = (
        _lines(conflict, value, words) for value in (sides.base, sides.ours, sides.theirs)
    )
    if ours == theirs:
        # The printed text of a term may be the same and its quarters not.
        ours, theirs = [*ours, *_raw(sides.ours)], [*theirs, *_raw(sides.theirs)]
    told = tuple((Cell(shown(line), "muted"),) for line in before)
    if isinstance(sides.ours, Missing) or isinstance(sides.theirs, Missing):
        # All of it differs: there is no word to point at.
        return ConflictValues(
            told, *(tuple((Cell(shown(one)),) for one in side) for side in (ours, theirs))
        )
    left, right = marked_cells("\n".join(ours), "\n".join(theirs), SIDES, lines=True)
    return ConflictValues(told, tuple(_broken(left)), tuple(_broken(right)))


def _lines(conflict: "FieldConflict", value: "Value", words: "Words") -> list[str]:
    """Return a value as lines of text."""
    if isinstance(value, Missing):
        is_new = isinstance(conflict.merge_conflict.sides.base, Missing)
        return [_("— (нет)") if is_new else _("— (удалено)")]
    if isinstance(value, dict | list) and conflict.measure:
        told = list(_of_a_part(conflict, value, words))
        if told:
            return [line[:LONGEST_TEXT] for line in told[:_MOST_LINES]]
    names = tuple(part for part in conflict.path if isinstance(part, str))
    text = None if isinstance(value, dict | list) else words.value(names, value)
    return [text[:LONGEST_TEXT]] if text else _raw(value)


def _of_a_part(conflict: "FieldConflict", value: Plain, words: "Words") -> Iterator[str]:
    """Yield the fields of a value that has some: of a record, a term, or the whole measure."""
    from kvartal.history.diff.lines import as_row, measure_lines

    change = conflict.merge_conflict
    if not conflict.path:
        base = change.sides.base
        lines = measure_lines(as_row(_plain(base)), as_row(value), words)
        if value is base:
            yield _("Мероприятие «{title}»").format(title=as_row(value).get("proposal", ""))
        yield from map(str, lines)
        return
    without, having = (
        _row(conflict, apply_edits(conflict.data, [Edit("", change.where, change.value, new)]))
        for new in (Missing.MISSING, value)
    )
    for line in measure_lines(without, having, words):
        if line.new is not None:
            yield f"{line.label}: {line.new}"


def _row(conflict: "FieldConflict", data: dict[str, Plain]) -> dict[str, Plain]:
    rows, index = data.get("measures"), conflict.merge_conflict.where[1]
    found = rows[index] if isinstance(rows, list) and isinstance(index, int) else None
    return found if isinstance(found, dict) else {}


def _plain(value: "Value") -> Plain | None:
    return None if isinstance(value, Missing) else value


def _raw(value: "Value") -> list[str]:
    from kvartal.history.diff.words import one_line
    from kvartal.schema.fields import show

    return [] if isinstance(value, Missing) else [one_line(show(value))[:LONGEST_TEXT]]


def _broken(cells: Iterable[Cell]) -> Iterator[CellLine]:
    """Yield cells as lines, broken where the text is."""
    line: list[Cell] = []
    for cell in cells:
        first, *rest = cell.text.split("\n")
        line.append(Cell(first, cell.tone))
        for text in rest:
            yield tuple(line)
            line = [Cell(text, cell.tone)]
    yield tuple(line)
