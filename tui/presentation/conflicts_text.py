"""The texts of the screen of conflicts: its list, and what stands around the values."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.text import Text

from kvartal.history.diff.words import Words
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.tui.i18n import RUSSIAN, _, language_in_force
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.conflicts import ConflictValues, place, values, who
from kvartal.tui.presentation.sanitize import shown

# Signs that the fonts of the Linux console have.
SIGNS: Final = {Side.OURS: "[←]", Side.THEIRS: "[→]", None: "[ ]"}
_LETTERS: Final = {Side.OURS: ("y", "н"), Side.THEIRS: ("b", "и")}
_LONGEST_REASON: Final = 600
_LONGEST_SUMMARY: Final = 160


def row(conflict: FieldConflict, side: Side | None) -> Text:
    """Return the line of the list for a conflict.

    Args:
        conflict: The conflict.
        side: What was chosen; None for nothing yet.
    """
    text = Text(f"{SIGNS[side]} ", "bold" if side else "")
    return text.append(place(conflict, Words(_)), "" if side else "bold")


def before(conflict: FieldConflict, told: ConflictValues) -> Iterator[CellLine]:
    """Yield where a conflict is and what stood there before.

    Args:
        conflict: The conflict.
        told: Its values.
    """
    yield (Cell(place(conflict, Words(_)), "title"),)
    problem = conflict.merge_conflict.problem
    if problem is not None:
        text = shown(problem.message(_)[:_LONGEST_REASON])
        yield (Cell(_("Вместе нарушает правило: "), "accent"), Cell(text))
    first, *rest = told.base or ((Cell("—"),),)
    yield (Cell(_("Было: "), "label"), *first)
    yield from rest


def head(conflict: FieldConflict, side: Side, *, chosen: bool) -> Iterator[CellLine]:
    """Yield what stands above the value of a side: whose it is, by whom and when.

    Args:
        conflict: The conflict.
        side: The side.
        chosen: Whether it was chosen.
    """
    sign = SIGNS[side] if chosen else SIGNS[None]
    yield (
        Cell(f"{sign} {name_of(side)}", "accent" if chosen else "title"),
        Cell(f"  {letter_of(side)}", "key"),
        Cell(_("  выбрано") if chosen else "", "accent"),
    )
    yield who(conflict.author(side))
    told = conflict.author(side)
    if told is not None:
        yield (Cell(shown(told.subject[:_LONGEST_REASON]), "muted"),)
    yield (Cell(""),)


def summary(conflicts: Iterable[FieldConflict], sides: Iterable[Side | None]) -> Iterator[str]:
    """Yield what was chosen, a line a conflict.

    Args:
        conflicts: The conflicts.
        sides: What was chosen in each.
    """
    words = Words(_)
    for conflict, side in zip(conflicts, sides, strict=True):
        told = values(conflict, words)
        lines = told.theirs if side is Side.THEIRS else told.ours
        text = " / ".join("".join(cell.text for cell in line) for line in lines)
        if len(text) > _LONGEST_SUMMARY:
            text = f"{text[:_LONGEST_SUMMARY]}…"
        yield f"{place(conflict, words)} — {name_of(side)}: {text}"


def name_of(side: Side | None) -> str:
    """Return what a side is called."""
    return _("у них") if side is Side.THEIRS else _("у нас")


def letter_of(side: Side) -> str:
    """Return the letter that chooses a side, in the language in force."""
    latin, cyrillic = _LETTERS[side]
    return cyrillic if language_in_force() == RUSSIAN else latin
