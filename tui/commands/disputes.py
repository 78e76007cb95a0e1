"""How two histories differ, told: the disputes between them with both values, who and when."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from kvartal.schema.changes import Missing
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.merge.threeway import Value
    from kvartal.history.sharing.divergence import Authorship, Dispute, Divergence
    from kvartal.history.sharing.steps import Synced


def dispute_lines(found: "Divergence") -> Iterator[str]:
    """Yield the lines that tell of disputes: both values, who gave them and when."""
    from kvartal.history.diff.words import Words

    words = Words(_)
    for one in found.disputes:
        yield f"  {one.text(words)}"
        template = _("    {name}: у нас — {ours}; с другой стороны — {theirs}")
        yield template.format(name=one.name, ours=_who(one.ours), theirs=_who(one.theirs))


def _who(told: "Authorship | None") -> str:
    if told is None:
        return _("неизвестно кто")
    try:
        moment = f"{datetime.fromisoformat(told.date):%d.%m.%Y %H:%M}"
    except ValueError:
        moment = told.date
    return f"{told.author}, {moment}"


def divergence_row(found: "Divergence") -> dict[str, object]:
    """Return a divergence as ``--json`` prints it."""
    return {
        "remote": found.remote,
        "branch": found.branch,
        "ours": found.ours,
        "theirs": found.theirs,
        "received": found.received,
        "sent": found.sent,
        "conflicts": [_dispute_row(one) for one in found.disputes],
        "notes": [note.message(_) for note in found.notes],
    }


def synced_row(synced: "Synced") -> dict[str, object]:
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


def _dispute_row(one: "Dispute") -> dict[str, object]:
    from kvartal.history.diff.words import Words
    from kvartal.history.sharing.divergence import Side

    return {
        "name": one.name,
        "plan": one.plan,
        "measure": one.measure,
        "field": one.field,
        "base": _plain(one.conflict.sides.base),
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
