"""The commit message of a change: what a reviewer reads and, in its trailers, a program.

A reviewer may have nothing but ``git log``: the subject says in business prose what happened, the
body gives each field before and after in full, grouped by measure; what several measures have in
common stands there once. Nothing that stands in the data can add a line, a paragraph or a trailer.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.groups import ChangeGroup, change_groups, told_alike
from kvartal.history.diff.lines import as_list, as_row
from kvartal.history.diff.words import Words, one_line
from kvartal.history.messages.subjects import subject, taken_back
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.schema.changes import Change, ChangeKind, PlanData, apply_edits
from kvartal.schema.errors import N_, Translate, untranslated
from kvartal.schema.fields import show

_HASH: Final = 10


@dataclass(frozen=True, slots=True)
class Earlier:
    """A commit that an undo or a redo takes back, or that another change restores from.

    Attributes:
        commit: Its full hash: of the change for an undo, of the undo for a redo, of the version
            that is restored from.
        subject: Subject of the change that is undone, or done again, or that made that version.
    """

    commit: str
    subject: str


def commit_message(  # noqa: PLR0913 - all that a message tells of
    change: Change,
    before: PlanData,
    *,
    folder: str = "",
    reverts: Earlier | None = None,
    reason: str = "",
    translate: Translate = untranslated,
) -> str:
    """Return the whole commit message of a change.

    Args:
        change: The change.
        before: The programme that it applies to.
        folder: The plan's folder in the repository, as ``plan`` or ``plan/``; empty for its top.
        reverts: What an undo or a redo takes back; of any other change, what it restores from.
        reason: Why an edit by hand was made, in the words of who adopts it; empty for none.
        translate: Turns a Russian template into the plan's language.

    Raises:
        StaleChange: The change does not apply to this programme.
        UnknownMeasure: It names a measure that is not there.
    """
    words = Words(translate)
    after = apply_edits(before, change.edits)
    groups = change_groups(before, after, words, change.edits)
    measures = tuple(group.id for group in groups if group.id)
    source = None if change.kind in {ChangeKind.UNDO, ChangeKind.REDO} else reverts
    if reverts and source is None:
        first = taken_back(change.kind, measures, reverts.subject, words)
    else:
        first = subject(change.kind, groups, words, restored=source is not None)
    trailers = Trailers(
        kind=change.kind,
        measures=measures,
        evidence=tuple(_new_evidence(groups, folder)),
        reverts=reverts.commit if reverts and source is None else None,
        restores=source.commit if source else None,
    )
    why = (
        words.say(N_("Причина: {reason}"), reason=one_line(reason.strip()))
        if reason.strip()
        else ""
    )
    basis = _basis(source, words) if source else ""
    body = [why, basis, *(_paragraph(alike, words) for alike in told_alike(groups))]
    return "\n\n".join((_safe(first), *map(_safe, filter(None, body)), str(trailers))) + "\n"


def _basis(source: Earlier, words: Words) -> str:
    """Return from which version values were restored."""
    template = N_("Восстановлено из версии {commit}: «{subject}»")
    return words.say(template, commit=source.commit[:_HASH], subject=one_line(source.subject))


def _paragraph(groups: tuple[ChangeGroup, ...], words: Words) -> str:
    """Return the lines of measures that changed alike, under lines that say which they are."""
    lines = groups[0].lines
    if not lines:
        return ""
    return "\n".join((*(_named(group, words) for group in groups), *map(str, lines)))


def _named(group: ChangeGroup, words: Words) -> str:
    if not group.id:
        return words.translate(N_("Программа в целом"))
    return words.say(N_("Мероприятие {id}. {title}"), id=one_line(group.id), title=group.title)


def _safe(paragraph: str) -> str:
    """Return a paragraph in which git takes no line for a comment."""
    return "\n".join(f" {line}" if line.startswith("#") else line for line in paragraph.split("\n"))


def _new_evidence(groups: tuple[ChangeGroup, ...], folder: str) -> Iterator[EvidenceNote]:
    """Yield the files that are evidence after a change and were not before it."""
    known = {note for group in groups for note in _evidence(group.before, folder)}
    new = (note for group in groups for note in _evidence(group.after, folder))
    yield from dict.fromkeys(note for note in new if note not in known)


def _evidence(row: object, folder: str) -> Iterator[EvidenceNote]:
    records = as_list(row.get("records")) if isinstance(row, dict) else []
    for record in map(as_row, records):
        for file in map(as_row, as_list(as_row(record.get("evidence")).get("files"))):
            path = posixpath.normpath(posixpath.join(folder, show(file.get("path", ""))))
            yield EvidenceNote(show(file.get("sha256", "")), path)
