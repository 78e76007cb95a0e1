"""The commit message of a change: for a reviewer and, in its trailers, for a program.

A reviewer may have nothing but ``git log``: the subject says in business prose what happened, the
body gives each field before and after in full, grouped by measure; measures that changed alike
share their lines. No value in the plan can add a line, a paragraph or a trailer.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.groups import ChangeGroup, change_groups, group_alike
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.words import SHORT_HASH, Words, one_line
from kvartal.history.messages.kind_subjects import kind_subject
from kvartal.history.messages.subjects import reversal_subject, subject
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_, Translate, untranslated
from kvartal.schema.fields import show

HEADING: Final = N_("Мероприятие {id}. {title}")
"""The line above the changed fields of a measure."""
REASON: Final = N_("Причина: {reason}")
"""The line that says why a manual edit, an undo or a redo was made."""
RESTORED: Final = N_("Восстановлено из версии {commit}: «{subject}»")
"""The line that says which version values were restored from."""
NO_REASON: Final = N_("основание не указано")
"""Stands for the reason of an undo that takes back a fact, where nobody gave one."""


_ORDERED: Final = frozenset({ChangeKind.MOVE, ChangeKind.STRUCTURE})
"""Kinds of change that may put things into another order."""


@dataclass(frozen=True, slots=True)
class EarlierCommit:
    """A commit that a change undoes, redoes or restores from.

    Attributes:
        commit: Its full hash: of the change for an undo, of the undo for a redo, of the version
            that is restored from.
        subject: Subject of the change that is undone or redone, or that made that version.
    """

    commit: str
    subject: str


def commit_message(  # noqa: PLR0913 - all that a message is made from
    change: Change,
    before: PlanData,
    *,
    folder: str = "",
    reverts: EarlierCommit | None = None,
    reason: str = "",
    translate: Translate = untranslated,
    as_in_2026_11: bool = False,
) -> str:
    """Return the whole commit message of a change.

    Args:
        change: The change.
        before: The programme that it applies to.
        folder: The plan's folder in the repository, as ``plan`` or ``plan/``; empty for its top.
        reverts: What an undo or a redo reverses; of any other change, what it restores from.
        reason: Why the change was made, in the words of whoever made it; empty for none.
        translate: Turns a Russian template into the plan's language.
        as_in_2026_11: Whether to put it as messages did until then.

    Raises:
        StaleChange: The change does not apply to this programme.
        UnknownMeasure: It names a measure that is not there.
    """
    words = Words(translate, as_in_2026_11=as_in_2026_11)
    after = apply_edits(before, change.edits)
    # Where order matters it is that of the two versions, whatever edits lead from one to the other.
    edits = None if change.kind in _ORDERED else change.edits
    groups = change_groups(before, after, words, edits)
    measures = tuple(group.id for group in groups if group.id)
    is_reversal = change.kind in {ChangeKind.UNDO, ChangeKind.REDO}
    source = None if is_reversal else reverts
    if reverts and is_reversal:
        first = reversal_subject(change.kind, measures, reverts.subject, words)
    else:
        file = change.source.name if change.source else ""
        own_words = words.of(before, after)
        first = kind_subject(change.kind, before, groups, own_words) or subject(
            change.kind, groups, words, restored=source is not None, source=file
        )
    trailers = Trailers(
        kind=change.kind,
        measures=measures,
        evidence=tuple(_new_evidence(groups, folder)),
        source=change.source,
        reverts=reverts.commit if reverts and is_reversal else None,
        restores=source.commit if source else None,
    )
    body = [
        words.say(REASON, reason=one_line(reason.strip())) if reason.strip() else "",
        _restored_from(source, words) if source else "",
        *(field_paragraph(alike, words) for alike in group_alike(groups)),
    ]
    parts = map(escape_comments, (first, *filter(None, body)))
    return "\n\n".join((*parts, str(trailers))) + "\n"


def field_paragraph(groups: tuple[ChangeGroup, ...], words: Words) -> str:
    """Return the changed fields of measures that changed alike, under one heading per measure."""
    lines = groups[0].lines
    if not lines:
        return ""
    return "\n".join((*(_heading(group, words) for group in groups), *map(str, lines)))


def escape_comments(paragraph: str) -> str:
    """Return a paragraph without lines that git would drop as comments."""
    return "\n".join(f" {line}" if line.startswith("#") else line for line in paragraph.split("\n"))


def _restored_from(source: EarlierCommit, words: Words) -> str:
    return words.say(RESTORED, commit=source.commit[:SHORT_HASH], subject=one_line(source.subject))


def _heading(group: ChangeGroup, words: Words) -> str:
    if not group.id:
        return words.translate(N_("Программа в целом"))
    return words.say(HEADING, id=one_line(group.id), title=group.title)


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
