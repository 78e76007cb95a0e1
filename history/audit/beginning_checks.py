"""Checks what the message of the commit that begins a plan says of it.

Yields `trailers-disagree` and `message-disagrees`.

The program begins a history with a short message: how many measures there are, and in the trailers
which, with the evidence and the document they came from. A commit that was made without it says
nothing of the kind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kvartal.history.audit.claim_checks import STRAY
from kvartal.history.audit.findings import MESSAGE, TRAILERS, Finding
from kvartal.history.audit.message_compare import EVIDENCE_DISAGREES, different_files
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.unlogged_edits import is_squash
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.diff.words import ABSENT, one_line
from kvartal.history.messages.trailers import EvidenceNote, Trailers, stray_trailers
from kvartal.history.store.adoption import BEGUN
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_, Translate

_KIND: Final = N_("Сообщение называет изменение «{kind}», а им программа начата.")
_MEASURES: Final = N_("В строках Kvartal-Measure — {told}, а в начатой программе {real}.")
_COUNT: Final = N_("В сообщении сказано, что мероприятий {told}, а в начатой программе их {real}.")


def beginning_findings(
    commit: Commit,
    trailers: Trailers,
    after: CachedVersion,
    folder: str,
    languages: Sequence[Translate],
) -> Iterator[Finding]:
    """Yield what the message of a plan's first commit says and is not so.

    Args:
        commit: The commit; it changes no other plan.
        trailers: What its message claims.
        after: The plan in it.
        folder: The plan's folder in the repository, with a slash at the end; empty for its top.
        languages: What turns templates into each language that messages may be in.
    """
    if is_squash(commit.message) or after.data is None:
        return
    found = tuple(_trailer_findings(commit, trailers, after, folder))
    for finding in found or _count_findings(commit, after, languages):
        yield replace(finding, commit=commit)


def _trailer_findings(
    commit: Commit, trailers: Trailers, after: CachedVersion, folder: str
) -> Iterator[Finding]:
    of_others = replace(trailers, reverts=None, restores=None, findings=(), until=None)
    stray = stray_trailers(commit.message, of_others if trailers.kind else Trailers())
    if trailers.kind not in {None, ChangeKind.ADD}:
        yield Finding(TRAILERS, _KIND, fields={"kind": trailers.kind})
        return
    if stray:
        yield Finding(TRAILERS, STRAY, fields={"lines": "; ".join(stray)})
    if trailers.kind is None:
        return
    measures = [one_line(measure.id) for measure in after.measures if measure.id]
    if set(measures) != set(trailers.measures):
        stated, real = ", ".join(trailers.measures), ", ".join(measures)
        fields = {"told": stated or ABSENT, "real": real or ABSENT}
        yield Finding(TRAILERS, _MEASURES, fields=fields)
    # The files that were committed before it are not named.
    real_files = {EvidenceNote(file.sha256, folder + file.path) for file in after.files}
    false = [note for note in trailers.evidence if note not in real_files]
    if false:
        paths = {note.path for note in false}
        stated, real = different_files(false, [one for one in real_files if one.path in paths])
        yield Finding(TRAILERS, EVIDENCE_DISAGREES, fields={"told": stated, "real": real})


def _count_findings(
    commit: Commit, after: CachedVersion, languages: Sequence[Translate]
) -> Iterator[Finding]:
    for translate in languages:
        for template in BEGUN:
            form = re.escape(translate(template)).replace(r"\{year\}", ".+")
            stated = re.search(form.replace(r"\{count\}", "([0-9]+)"), commit.subject)
            if stated and int(stated[1]) != len(after.measures):
                fields: dict[str, object] = {"told": stated[1], "real": len(after.measures)}
                yield Finding(MESSAGE, _COUNT, fields=fields)
                return
