"""A field that both sides changed differently, in words: what and where it is, what each side has.

Plain values for the screen of conflicts and for the command line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from kvartal.history.diff.items import as_row
from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict_text import conflict_place
from kvartal.history.merge.value_text import labelled, value_text
from kvartal.history.sync.divergence import Authorship, FieldConflict, Side
from kvartal.schema.changes import Edit, Missing, Plain
from kvartal.schema.edited_data import apply_edits
from kvartal.tui.i18n import RUSSIAN, _, current_language
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.history import moment
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.word_diff import SIDES, marked_cells

if TYPE_CHECKING:
    from rich.text import Text

    from kvartal.history.merge.threeway import Value

ConflictKey: TypeAlias = tuple[str, str, tuple[str, ...], str, str, str]
"""What makes two conflicts the same, whichever commits they were found between."""

# Signs that the fonts of the Linux console have.
SIGNS: Final = {Side.OURS: "[←]", Side.THEIRS: "[→]", None: "[ ]"}
_LETTERS: Final = {Side.OURS: ("y", "н"), Side.THEIRS: ("b", "и")}
_MOST_LINES: Final = 400
_LONGEST_REASON: Final = 600
_LONGEST_SUMMARY: Final = 160


@dataclass(frozen=True, slots=True)
class ConflictValues:
    """The values of a conflict, each as lines of cells with the differing words marked."""

    base: tuple[CellLine, ...]
    ours: tuple[CellLine, ...]
    theirs: tuple[CellLine, ...]


def conflict_key(conflict: FieldConflict) -> ConflictKey:
    """Return what identifies a conflict: where it is, and the three values.

    Not its place in a list: an item inserted before it would move it on.
    """
    names = tuple(part for part in conflict.path if isinstance(part, str))
    sides = conflict.merge_conflict.sides
    values = (repr(sides.base), repr(sides.ours), repr(sides.theirs))
    return (conflict.plan, conflict.measure, names, *values)


def conflict_title(conflict: FieldConflict) -> str:
    """Return the measure and the field of a conflict, with its plan where there are several."""
    place = conflict_place(conflict.merge_conflict, conflict.data, Words(_))
    return shown(f"{conflict.programme}: {place}" if conflict.names_plan else place)


def list_row(conflict: FieldConflict, side: Side | None) -> "Text":
    """Return the line of the list for a conflict.

    Args:
        conflict: The conflict.
        side: What was chosen; None for nothing yet.
    """
    from rich.text import Text

    text = Text(f"{SIGNS[side]} ", "bold" if side else "")
    return text.append(conflict_title(conflict), "" if side else "bold")


def base_lines(conflict: FieldConflict, values: ConflictValues) -> Iterator[CellLine]:
    """Yield what a conflict is about, which rule the two sides break, and the value before both.

    Args:
        conflict: The conflict.
        values: Its values.
    """
    yield (Cell(conflict_title(conflict), "title"),)
    problem = conflict.merge_conflict.problem
    if problem is not None:
        text = shown(beginning(problem.message(_), _LONGEST_REASON))
        yield (Cell(_("Вместе нарушает правило: "), "accent"), Cell(text))
    dispute = conflict.merge_conflict.dispute
    if dispute is not None and dispute.reason is not None:
        yield (Cell(shown(dispute.reason.message(_))),)
    first, *rest = values.base or ((Cell("—"),),)
    yield (Cell(_("Было: "), "label"), *first)
    yield from rest


def side_heading(conflict: FieldConflict, side: Side, *, chosen: bool) -> Iterator[CellLine]:
    """Yield the lines above the value of a side: its name and key, its author, its commit.

    Args:
        conflict: The conflict.
        side: The side.
        chosen: Whether it was chosen.
    """
    sign = SIGNS[side] if chosen else SIGNS[None]
    yield (
        Cell(f"{sign} {side_name(side)}", "accent" if chosen else "title"),
        Cell(f"  {side_letter(side)}", "key"),
        Cell(_("  выбрано") if chosen else "", "accent"),
    )
    author = conflict.author(side)
    yield author_line(author)
    if author is not None:
        yield (Cell(shown(beginning(author.subject, _LONGEST_REASON)), "muted"),)
    yield (Cell(""),)


def author_line(author: Authorship | None) -> CellLine:
    """Return who gave a value, and when."""
    if author is None:
        return (Cell(_("кто и когда — не найдено"), "muted"),)
    return (Cell(f"{shown(author.author)}, {moment(author.date)}", "fact"),)


def chosen_lines(conflicts: Iterable[FieldConflict], sides: Iterable[Side | None]) -> Iterator[str]:
    """Yield what was chosen, a line per conflict.

    Args:
        conflicts: The conflicts.
        sides: What was chosen in each.
    """
    for conflict, side in zip(conflicts, sides, strict=True):
        values = conflict_values(conflict)
        lines = values.theirs if side is Side.THEIRS else values.ours
        text = " / ".join("".join(cell.text for cell in line) for line in lines)
        chosen = beginning(text, _LONGEST_SUMMARY)
        yield f"{conflict_title(conflict)} — {side_name(side)}: {chosen}"


def side_name(side: Side | None) -> str:
    """Return what a side is called."""
    return _("у них") if side is Side.THEIRS else _("у нас")


def side_letter(side: Side) -> str:
    """Return the letter that chooses a side, in the current language."""
    latin, cyrillic = _LETTERS[side]
    return cyrillic if current_language() == RUSSIAN else latin


def conflict_values(conflict: FieldConflict) -> ConflictValues:
    """Return the value before, ours and theirs; in the last two the differing words are marked."""
    sides = conflict.merge_conflict.sides
    base = _value_lines(conflict, sides.base, is_base=True)
    ours, theirs = (_value_lines(conflict, value) for value in (sides.ours, sides.theirs))
    if ours == theirs:
        # The printed text of a term may be the same and its quarters not.
        ours, theirs = (
            [*lines, *_whole(conflict, value)]
            for lines, value in ((ours, sides.ours), (theirs, sides.theirs))
        )
    base_cells = tuple((Cell(shown(line), "muted"),) for line in base)
    if isinstance(sides.ours, Missing) or isinstance(sides.theirs, Missing):
        # All of it differs: there is no word to point at.
        return ConflictValues(
            base_cells,
            *(tuple((Cell(shown(line)),) for line in side) for side in (ours, theirs)),
        )
    left, right = marked_cells("\n".join(ours), "\n".join(theirs), SIDES, lines=True)
    return ConflictValues(base_cells, tuple(_split_lines(left)), tuple(_split_lines(right)))


def _value_lines(conflict: FieldConflict, value: "Value", *, is_base: bool = False) -> list[str]:
    """Return a value as lines of text."""
    if isinstance(value, Missing):
        instead = () if is_base else tuple(_lines_of_its_own(conflict))
        if instead:
            return [beginning(line, LONGEST_TEXT) for line in instead[:_MOST_LINES]]
        is_new = isinstance(conflict.merge_conflict.sides.base, Missing)
        return [_("— (нет)") if is_new else _("— (удалено)")]
    if isinstance(value, dict | list) and conflict.measure:
        lines = list(_part_lines(conflict, value))
        if lines:
            return [beginning(line, LONGEST_TEXT) for line in lines[:_MOST_LINES]]
    words = Words(_).of(conflict.data)
    text = value_text(value, conflict.merge_conflict.where, words)
    return [beginning(text, LONGEST_TEXT)]


def _lines_of_its_own(conflict: FieldConflict) -> Iterator[str]:
    """Yield what the side without a value has in its place, where both added one to a list.

    Of two postponements on one day either is kept: «— (нет)» would not be so of the other side.
    """
    change = conflict.merge_conflict
    own = change.rollback
    if own is None or own.new is not Missing.MISSING or own.path[:-1] != change.where[:-1]:
        return
    other = Edit("", change.where, change.value, Missing.MISSING)
    # What stands last in the list goes first: the paths stay right.
    both = sorted((own, other), key=lambda edit: str(edit.path[-1]).zfill(9), reverse=True)
    without, having = (
        _measure_row(conflict, apply_edits(conflict.data, edits)) for edits in (both, [other])
    )
    for line in measure_lines(without, having, Words(_).of(conflict.data)):
        if line.new is not None:
            yield f"{line.label}: {line.new}"


def _part_lines(conflict: FieldConflict, value: Plain) -> Iterator[str]:
    """Yield the fields of a value that has some: of a record, a term, or the whole measure."""
    change, words = conflict.merge_conflict, Words(_).of(conflict.data)
    if not conflict.path:
        base = change.sides.base
        lines = measure_lines(as_row(_plain(base)), as_row(value), words)
        if value is base:
            yield _("Мероприятие «{title}»").format(title=as_row(value).get("proposal", ""))
        yield from map(str, lines)
        return
    without, having = (
        _measure_row(
            conflict, apply_edits(conflict.data, [Edit("", change.where, change.value, new)])
        )
        for new in (Missing.MISSING, value)
    )
    for line in measure_lines(without, having, words):
        if line.new is not None:
            yield f"{line.label}: {line.new}"


def _measure_row(conflict: FieldConflict, data: dict[str, Plain]) -> dict[str, Plain]:
    rows, index = data.get("measures"), conflict.merge_conflict.where[1]
    row = rows[index] if isinstance(rows, list) and isinstance(index, int) else None
    return row if isinstance(row, dict) else {}


def _plain(value: "Value") -> Plain | None:
    return None if isinstance(value, Missing) else value


def _whole(conflict: FieldConflict, value: "Value") -> list[str]:
    words = Words(_).of(conflict.data)
    text = labelled(value, conflict.merge_conflict.where, words)
    return [] if isinstance(value, Missing) else [beginning(text, LONGEST_TEXT)]


def _split_lines(cells: Iterable[Cell]) -> Iterator[CellLine]:
    """Yield cells as lines, broken where their text breaks."""
    line: list[Cell] = []
    for cell in cells:
        first, *rest = cell.text.split("\n")
        line.append(Cell(first, cell.tone))
        for text in rest:
            yield tuple(line)
            line = [Cell(text, cell.tone)]
    yield tuple(line)
