"""How two histories differ, told: the conflicts between them with both values, who and when."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kvartal.schema.changes import Missing
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.merge.threeway import Value
    from kvartal.history.sync.divergence import Authorship, Divergence, FieldConflict
    from kvartal.history.sync.progress import SyncResult
    from kvartal.tui.presentation.cells import CellLine


def conflict_lines(found: "Divergence") -> Iterator[str]:
    """Yield the lines that tell of conflicts: where, both values, who gave them and when."""
    from kvartal.history.sync.divergence import Side
    from kvartal.tui.presentation.conflicts import author_line, conflict_title, conflict_values

    for one in found.conflicts:
        told = conflict_values(one)
        yield f"  {conflict_title(one)} — {one.name}"
        problem = one.merge_conflict.problem
        if problem is not None:
            reason = problem.message(_)
            yield _("    Вместе это нарушает правило: {reason}").format(reason=reason)
        yield from _value(_("было"), told.base)
        ours, theirs = (_text(author_line(one.author(side))) for side in Side)
        yield from _value(_("у нас ({who})").format(who=ours), told.ours)
        yield from _value(_("с другой стороны ({who})").format(who=theirs), told.theirs)


def _value(label: str, lines: "Iterable[CellLine]") -> Iterator[str]:
    first, *rest = [*map(_text, lines)] or ["—"]
    if not rest:
        yield f"    {label}: {first}"
        return
    yield f"    {label}:"
    yield from (f"      {line}" for line in (first, *rest))


def _text(line: "CellLine") -> str:
    return "".join(cell.text for cell in line)


def divergence_row(found: "Divergence") -> dict[str, object]:
    """Return a divergence as ``--json`` prints it."""
    return {
        "remote": found.remote,
        "branch": found.branch,
        "ours": found.ours,
        "theirs": found.theirs,
        "received": found.received,
        "sent": found.sent,
        "conflicts": [_conflict_row(one) for one in found.conflicts],
        "notes": [note.message(_) for note in found.notes],
    }


def synced_row(synced: "SyncResult") -> dict[str, object]:
    """Return what sharing came to as ``--json`` prints it."""
    return {
        "remote": synced.remote,
        "branch": synced.branch,
        "received": synced.received,
        "sent": synced.sent,
        "head": synced.head,
        "commit": synced.commit,
        "conflicts": [],
        "notes": [note.message(_) for note in synced.notes],
    }


def _conflict_row(one: "FieldConflict") -> dict[str, object]:
    from kvartal.history.diff.words import Words
    from kvartal.history.sync.divergence import Side

    return {
        "name": one.name,
        "plan": one.plan,
        "measure": one.measure,
        "field": one.field,
        "base": _plain(one.merge_conflict.sides.base),
        "ours": _side_row(one.value(Side.OURS), one.ours),
        "theirs": _side_row(one.value(Side.THEIRS), one.theirs),
        "text": one.text(Words(_)),
    }


def _side_row(value: "Value", told: "Authorship | None") -> dict[str, object]:
    return {
        "value": _plain(value),
        "author": told and told.author,
        "date": told and told.date,
        "commit": told and told.commit,
    }


def _plain(value: "Value") -> object:
    return None if isinstance(value, Missing) else value
