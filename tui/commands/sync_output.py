"""What ``kvartal sync`` prints: conflicts with both values, who set them and when, and JSON."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kvartal.schema.changes import Missing
from kvartal.schema.errors import KvartalError
from kvartal.tui.commands.json_errors import error_row
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.merge.threeway import Value
    from kvartal.history.sync.divergence import Authorship, Divergence, FieldConflict
    from kvartal.history.sync.progress import SyncResult
    from kvartal.tui.presentation.cells import CellLine


def choose_option(value: str) -> str:
    """Return how a choice is typed: folders and files may have spaces in their names."""
    return f'--choose "{value}"' if " " in value else f"--choose {value}"


def conflict_lines(divergence: "Divergence") -> Iterator[str]:
    """Yield each conflict on several lines: where it is, both values, who set them and when."""
    from kvartal.history.sync.divergence import Side
    from kvartal.tui.presentation.conflicts import author_line, conflict_title, conflict_values

    for conflict in divergence.conflicts:
        values = conflict_values(conflict)
        yield f"  {conflict_title(conflict)} — {conflict.name}"
        problem = conflict.merge_conflict.problem
        if problem is not None:
            reason = problem.message(_)
            yield _("    Вместе это нарушает правило: {reason}").format(reason=reason)
        dispute = conflict.merge_conflict.dispute
        if dispute is not None and dispute.reason is not None:
            yield f"    {dispute.reason.message(_)}"
        yield from _value(_("было"), values.base)
        ours, theirs = (_text(author_line(conflict.author(side))) for side in Side)
        yield from _value(_("у нас ({who})").format(who=ours), values.ours)
        yield from _value(_("с другой стороны ({who})").format(who=theirs), values.theirs)


def _value(label: str, lines: "Iterable[CellLine]") -> Iterator[str]:
    first, *rest = [*map(_text, lines)] or ["—"]
    if not rest:
        yield f"    {label}: {first}"
        return
    yield f"    {label}:"
    yield from (f"      {line}" for line in (first, *rest))


def _text(line: "CellLine") -> str:
    return "".join(cell.text for cell in line)


def divergence_row(
    divergence: "Divergence", folder: str, error: KvartalError | None = None
) -> dict[str, object]:
    """Return a divergence as ``--json`` prints it.

    Args:
        divergence: The divergence.
        folder: The path of the plan's folder from the repository's root: ``plan/``.
        error: Why nothing was synced; None for a preview without conflicts.
    """
    failed = {} if error is None else {"error": error_row(error)}
    return {
        "remote": divergence.remote,
        "branch": divergence.branch,
        "ours": divergence.ours,
        "theirs": divergence.theirs,
        "received": divergence.received,
        "sent": divergence.sent,
        "conflicts": [_conflict_row(conflict, folder) for conflict in divergence.conflicts],
        "notes": [note.message(_) for note in divergence.notes],
        **failed,
    }


def synced_row(synced: "SyncResult") -> dict[str, object]:
    """Return the result of a sync as ``--json`` prints it."""
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


def _conflict_row(conflict: "FieldConflict", folder: str) -> dict[str, object]:
    from kvartal.history.diff.words import Words
    from kvartal.history.sync.divergence import Side

    return {
        "name": conflict.name,
        "plan": conflict.plan if conflict.is_elsewhere else f"{folder}{conflict.plan}",
        "measure": conflict.measure,
        "field": conflict.field,
        "base": _plain(conflict.merge_conflict.sides.base),
        "ours": _side_row(conflict.value(Side.OURS), conflict.ours),
        "theirs": _side_row(conflict.value(Side.THEIRS), conflict.theirs),
        "text": conflict.text(Words(_)),
    }


def _side_row(value: "Value", authorship: "Authorship | None") -> dict[str, object]:
    return {
        "value": _plain(value),
        "author": authorship and authorship.author,
        "date": authorship and authorship.date,
        "commit": authorship and authorship.commit,
    }


def _plain(value: "Value") -> object:
    return None if isinstance(value, Missing) else value
