"""What the history says, as plain values for the card and for the history screen."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from kvartal.tui.card import Entry as CardEntry
from kvartal.tui.i18n import _
from kvartal.tui.rows import Cell, Line
from kvartal.tui.text import shown

if TYPE_CHECKING:
    from kvartal.history.journal.journal import Entry
    from kvartal.history.journal.undo import Reversal

LAST: Final = 5
"""How many changes a card tells."""
LONGEST_VALUE: Final = 2000


def last_changes(journal: Sequence["Entry"], measure: str) -> tuple[CardEntry, ...]:
    """Return what a card tells of a measure's history.

    Args:
        journal: Commits, newest first.
        measure: Id of the measure.
    """
    found = islice((entry for entry in journal if measure in entry.measures), LAST)
    lines = tuple(
        (
            Cell(f"{moment(entry, time=False)} {shown(entry.author)}: ", "muted"),
            Cell(about(entry, measure)),
        )
        for entry in found
    )
    return (CardEntry(_("Последние изменения"), lines),) if lines else ()


def about(entry: "Entry", measure: str) -> str:
    """Return a commit's subject, without the id of the measure that it is read under."""
    return shown(entry.subject.removeprefix(f"{measure}: ") if measure else entry.subject)


def moment(entry: "Entry", *, time: bool = True) -> str:
    """Return when a commit was made, by its author's clock."""
    try:
        when = datetime.fromisoformat(entry.date)
    except ValueError:
        return shown(entry.date)
    return f"{when:%d.%m.%Y %H:%M}" if time else f"{when:%d.%m.%Y}"


def details(entry: "Entry", measure: str = "") -> Iterator[Line]:
    """Yield what a commit changed, line by line.

    Args:
        entry: The commit.
        measure: Id of the only measure to tell of; empty for all of them.
    """
    yield (Cell(about(entry, ""), "title"),)
    who = f"{shown(entry.author)} <{shown(entry.email)}>"
    yield (Cell(f"{moment(entry)}  {who}  {entry.commit[:10]}", "muted"),)
    if entry.is_by_hand:
        yield (Cell(_("Сделано без этой программы."), "accent"),)
    if not entry.is_readable:
        yield (Cell(_("Версия файла до или после этого изменения не читается."), "overdue"),)
    for group in entry.groups:
        if measure and group.id != measure:
            continue
        yield (Cell(""),)
        heading = shown(group.title[:LONGEST_VALUE]) if group.id else _("Документ и разделы")
        yield (Cell(shown(group.id), "id"), Cell("  " if group.id else ""), Cell(heading, "muted"))
        for line in group.lines:
            yield from _field(line.label, line.old, line.new)
    for note in entry.evidence:
        yield (Cell(_("Файл: "), "muted"), Cell(shown(note.path)))


def reversal_lines(reversal: "Reversal") -> Iterator[str]:
    """Yield what an undo or a redo is about and what it changes, for the question before it."""
    target = reversal.target
    yield f"{moment(target)}  {target.author}"
    yield reversal.reverts.subject
    for group in reversal.groups:
        yield ""
        yield f"{group.id}  {group.title[:LONGEST_VALUE]}" if group.id else _("Документ и разделы")
        for line in group.lines:
            yield f"    {str(line)[:LONGEST_VALUE]}"


def _field(label: str, old: str | None, new: str | None) -> Iterator[Line]:
    yield (Cell(f"  {shown(label)}", "label"),)
    if old:
        yield (Cell("    − "), Cell(shown(old[:LONGEST_VALUE]), "overdue"))
    if new:
        yield (Cell("    + "), Cell(shown(new[:LONGEST_VALUE]), "recorded"))
