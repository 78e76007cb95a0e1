"""Checks for edits made outside the program: what they did, and whether they claim otherwise.

Yields `by-hand`, `message-disagrees` and, of an exact `git revert`, `git-revert`.
"""

import re
from collections.abc import Iterator
from typing import Final

from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.undo_checks import GitRevert
from kvartal.history.audit.version_cache import CachedVersion, changed_measures
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words, one_line
from kvartal.history.messages.subjects import subject
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_

BY_HAND: Final = "by-hand"
REVERTED: Final = "git-revert"

_EDITED: Final = N_("Изменено без программы: {what}")
_FEIGNED: Final = N_("Изменено без программы, хотя строки Kvartal-… говорят иное: {what}")
_SQUASHED: Final = N_(
    "Несколько изменений сведены в одно (squash), и что сделано каждым, уже не проверить: {what}"
)
_REVERTED: Final = N_(
    "Командой git revert, а не программой, взято назад изменение {commit} «{subject}»: {what}"
)
_NOT_REVERTED: Final = N_(
    "Изменено без программы. Сообщение говорит, что git revert взял назад изменение {commit}, "
    "а изменено другое: {what}"
)
_NO_SUCH_COMMIT: Final = N_(
    "Изменено без программы. Сообщение говорит, что git revert взял назад изменение {commit}, "
    "а его раньше в истории нет: {what}"
)
_UNREADABLE: Final = N_("Изменено без программы; что именно, не понять: файл не читается.")
_SINCE_READABLE: Final = N_(
    "Изменено без программы, под прикрытием версии, которая не читается; по сравнению с последней "
    "читаемой ({commit}): {what}"
)
_NOT_IN_MESSAGE: Final = N_(
    "Сообщение не говорит, что изменено по сравнению с последней читаемой версией ({commit}): "
    "{what}"
)
_RESTORED: Final = N_(
    "Без программы возвращено то, что было в последней читаемой версии ({commit})."
)

_SHORT: Final = 10
_ANY_TRAILER: Final = re.compile(r"^[ \t]*Kvartal-[A-Za-z]+:", re.MULTILINE | re.IGNORECASE)
_CHANGE_TRAILER: Final = re.compile(r"^[ \t]*Kvartal-Change: *[a-z]+[ \t]*$", re.MULTILINE)


def unlogged_edit_findings(
    commit: Commit,
    before: CachedVersion,
    after: CachedVersion,
    words: Words,
    revert: GitRevert | None = None,
) -> Iterator[Finding]:
    """Yield that a commit changed the plan outside the program, if it changed it at all.

    Args:
        commit: The commit.
        before: The plan as it was.
        after: The plan in the commit.
        words: The language of the finding.
        revert: What its message says a ``git revert`` took back; None where it speaks of none.
    """
    if after.blob == before.blob:
        return
    if after.data is None or before.data is None:
        yield Finding(BY_HAND, _UNREADABLE, commit=commit)
        return
    groups = change_groups(*changed_measures(before, after), words)
    measures = [group.id for group in groups if group.id]
    code, template, fields = BY_HAND, _template(commit.message), dict[str, object]()
    if revert is not None:
        code, template, fields = _revert_sentence(revert)
    yield Finding(
        code,
        template,
        fields={**fields, "what": subject(ChangeKind.SET, groups, words)},
        commit=commit,
        measure=measures[0] if len(measures) == 1 else None,
    )


def covered_edit_findings(
    commit: Commit, last: Commit, before: CachedVersion, after: CachedVersion, words: Words
) -> Iterator[Finding]:
    """Yield what a commit that mends an unreadable version changed on the way.

    Args:
        commit: The commit.
        last: The last commit before it whose version can be read.
        before: That version.
        after: The plan in the commit.
        words: The language of the finding.
    """
    if change_groups(*changed_measures(before, after), words):
        yield _since(BY_HAND, _SINCE_READABLE, commit, last, (before, after), words)
    else:
        fields: dict[str, object] = {"commit": last.id[:_SHORT]}
        yield Finding(BY_HAND, _RESTORED, fields=fields, commit=commit)


def unreported_edit_findings(
    commit: Commit, last: Commit, before: CachedVersion, after: CachedVersion, words: Words
) -> Iterator[Finding]:
    """Yield what was changed since an earlier version, where the message does not tell it.

    Args:
        commit: The commit.
        last: The last commit before it whose version is a programme.
        before: That version.
        after: The plan in the commit.
        words: The language of the finding.
    """
    yield _since(MESSAGE, _NOT_IN_MESSAGE, commit, last, (before, after), words)


def _since(  # noqa: PLR0913, PLR0917 - what a finding is made of
    code: str,
    template: str,
    commit: Commit,
    last: Commit,
    versions: tuple[CachedVersion, CachedVersion],
    words: Words,
) -> Finding:
    groups = change_groups(*changed_measures(*versions), words)
    measures = [group.id for group in groups if group.id]
    what = subject(ChangeKind.SET, groups, words)
    return Finding(
        code,
        template,
        fields={"commit": last.id[:_SHORT], "what": what},
        commit=commit,
        measure=measures[0] if len(measures) == 1 else None,
    )


def _revert_sentence(revert: GitRevert) -> tuple[str, str, dict[str, object]]:
    """Return code, template and fields of a finding about a revert."""
    fields: dict[str, object] = {"commit": revert.commit[:_SHORT]}
    if revert.target is None:
        return BY_HAND, _NO_SUCH_COMMIT, fields
    if not revert.is_exact:
        return BY_HAND, _NOT_REVERTED, fields
    return REVERTED, _REVERTED, {**fields, "subject": one_line(revert.target.subject)}


def is_squash(message: str) -> bool:
    """Tell whether a message is made of those of several changes of the program."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", message)
    return sum(1 for paragraph in paragraphs if _CHANGE_TRAILER.search(paragraph)) > 1


def _template(message: str) -> str:
    if is_squash(message):
        return _SQUASHED
    return _FEIGNED if _ANY_TRAILER.search(message) else _EDITED
