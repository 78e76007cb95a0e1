"""What a commit says of itself against what it really changed.

The message is written anew from the two versions, as the program would have written it, and
compared with the one that is there: first line, field lines, trailers. So nothing can be changed
under a message that tells of something else, or of something less. What a hook or a person adds is
left alone, as long as it looks like neither.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.findings import MESSAGE, TRAILERS, Finding
from kvartal.history.audit.object_reader import Commit
from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import ChangeGroup, change_groups
from kvartal.history.diff.words import ABSENT, Words
from kvartal.history.messages.message import Earlier, commit_message
from kvartal.history.messages.subjects import happening
from kvartal.history.messages.trailers import EvidenceNote, Trailers, paragraphs, parse_trailers
from kvartal.schema.changes import Change, ChangeKind, PlanData, apply_edits
from kvartal.schema.errors import N_, Translate

_ARROW: Final = " → "
_HEADING: Final = N_("Мероприятие {id}. {title}")
_REASON: Final = N_("Причина: {reason}")
_OURS: Final = "Kvartal-"
_SUM: Final = 12
_TICKET: Final = 24
"""How many characters a hook may put to the first line."""

_MEASURES: Final = N_("В строках Kvartal-Measure — {told}, а изменено {real}.")
_EVIDENCE: Final = N_(
    "Строки Kvartal-Evidence не сходятся с подтверждающими файлами: сказано {told}, на деле {real}."
)
_REFERENCE: Final = N_("Строка {name} не та, какая была бы у этого изменения.")
_SUBJECT: Final = N_("Первая строка говорит «{told}», а изменение такое: «{real}».")
_UNTOLD: Final = N_("Изменено, а в сообщении не сказано: «{line}».")
_UNTRUE: Final = N_("В сообщении сказано, а на деле не так: «{line}».")
_NOTHING: Final = N_("Сообщение говорит об изменении, а программа не изменена.")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message tells.

    Attributes:
        subject: Its first line.
        lines: Its field lines, and those that say which measure they are of.
        trailers: What a program reads of it.
    """

    subject: str
    lines: tuple[str, ...]
    trailers: Trailers


@dataclass(frozen=True, slots=True)
class MessageComparer:
    """Writes messages anew and compares them.

    Attributes:
        folder: The plan's folder in the repository.
        languages: What turns templates into each language that messages may be in.
    """

    folder: str
    languages: Sequence[Translate]

    def findings(
        self,
        commit: Commit,
        trailers: Trailers,
        versions: Sequence[tuple[PlanData, PlanData]],
        earlier: Earlier | None,
    ) -> tuple[Finding, ...]:
        """Return in what a message disagrees with the change; in the language it fits best.

        Args:
            commit: The commit.
            trailers: What `claimed` found in it.
            versions: The plan before and after; several where it is not known what the program
                could read of the one before.
            earlier: What it takes back or restores from.
        """
        if trailers.kind is None:
            return ()
        best: tuple[Finding, ...] | None = None
        for before, after in versions:
            change = Change(trailers.kind, difference(before, after))
            for translate in self.languages:
                found = tuple(self._compared(commit, trailers, change, before, earlier, translate))
                if not found:
                    return ()
                best = found if best is None or len(found) < len(best) else best
        return best or ()

    def _compared(  # noqa: PLR0913, PLR0917 - a message and all that it is written from
        self,
        commit: Commit,
        trailers: Trailers,
        change: Change,
        before: PlanData,
        earlier: Earlier | None,
        translate: Translate,
    ) -> Iterator[Finding]:
        message = commit_message(
            change,
            before,
            folder=self.folder,
            reverts=earlier,
            reason=_reason(commit.message, translate),
            translate=translate,
        )
        real = _claim(message, parse_trailers(message), (), translate)
        told = _claim(commit.message, trailers, real.lines, translate)
        if not change.edits and change.kind not in _MAY_BE_EMPTY:
            yield Finding(MESSAGE, _NOTHING)
        yield from _trailers(told.trailers, real.trailers)
        if not _is_within(real.subject, told.subject):
            yield Finding(MESSAGE, _SUBJECT, fields={"told": told.subject, "real": real.subject})
        untold, untrue = _lines(told.lines, real.lines)
        if untold:
            measure, line = _told_of(untold, change, before, Words(translate))
            yield Finding(MESSAGE, _UNTOLD, fields={"line": line}, measure=measure)
        if untrue:
            yield Finding(MESSAGE, _UNTRUE, fields={"line": untrue})


# Taking back what altered only comments and layout changes nothing that could be told.
_MAY_BE_EMPTY: Final = frozenset({ChangeKind.UNDO, ChangeKind.REDO, ChangeKind.EDIT})


def claimed(message: str) -> Trailers:
    """Return what the trailers of a message say, whatever a hook put under them."""
    found = parse_trailers(message)
    while found.kind is None:
        message, _, last = message.rstrip().rpartition("\n\n")
        if not message or _OURS.lower() in last.lower() or _ARROW in last:
            break
        found = parse_trailers(message)
    return found


def _claim(
    message: str, trailers: Trailers, expected: Sequence[str], translate: Translate
) -> Claim:
    """Return what a message tells.

    Args:
        message: The message.
        trailers: What its trailers say.
        expected: Lines that count as told though they look like nothing in particular.
        translate: The language.
    """
    first, *others = paragraphs(message)
    subject = " ".join(line.strip() for line in first.split("\n"))
    heading = re.escape(translate(_HEADING).partition("{")[0]) + r"[0-9]"
    known = set(expected)
    reason = translate(_REASON).partition("{")[0]
    lines = []
    for line in "\n".join(others).split("\n"):
        text = " ".join(line.split())
        is_told = _ARROW in text or text in known or re.match(heading, text)
        if is_told and not text.startswith((_OURS, reason)):
            lines.append(text)
    return Claim(" ".join(subject.split()), tuple(lines), trailers)


def _reason(message: str, translate: Translate) -> str:
    """Return the reason that a message gives for an edit by hand; empty for none."""
    start = translate(_REASON).partition("{")[0]
    lines = [line for line in message.split("\n")[1:] if line.strip()]
    return lines[0].removeprefix(start) if lines and lines[0].startswith(start) else ""


def _trailers(told: Trailers, real: Trailers) -> Iterator[Finding]:
    if told.measures != real.measures:
        fields = _both(", ".join(told.measures), ", ".join(real.measures))
        yield Finding(TRAILERS, _MEASURES, fields=fields)
    if set(told.evidence) != set(real.evidence):
        yield Finding(TRAILERS, _EVIDENCE, fields=_both(*_notes(told.evidence, real.evidence)))
    for name, one, other in (
        ("Kvartal-Reverts", told.reverts, real.reverts),
        ("Kvartal-Restores", told.restores, real.restores),
    ):
        if one != other:
            yield Finding(TRAILERS, _REFERENCE, fields={"name": name})


def _notes(told: Sequence[EvidenceNote], real: Sequence[EvidenceNote]) -> tuple[str, str]:
    """Return the files of which two sides tell otherwise, with their sums where those differ."""
    sides = [set(one) - set(other) for one, other in ((told, real), (real, told))]
    paths = [{note.path for note in side} for side in sides]
    one, other = (
        ", ".join(
            f"{note.path} (SHA-256 {note.sha256[:_SUM]}…)" if note.path in both else note.path
            for note in sorted(side, key=lambda note: note.path)
        )
        for side, both in zip(sides, reversed(paths), strict=True)
    )
    return one, other


def _is_within(real: str, told: str) -> bool:
    """Tell whether a first line says what it should; a hook may put a ticket's number to it."""
    before, found, after = told.partition(real)
    return bool(found) and len(before + after) <= _TICKET and _ARROW not in before + after


def _both(told: str, real: str) -> dict[str, object]:
    return {"told": told or ABSENT, "real": real or ABSENT}


def _lines(told: Sequence[str], real: Sequence[str]) -> tuple[str, str]:
    """Return the first line that is so and not told, and the first that is told and not so."""
    if list(told) == list(real):
        return "", ""
    # What changed says more than which measure it was.
    untold, untrue = (
        sorted(found, key=lambda line: _ARROW not in line)
        for found in (_without(real, told), _without(told, real))
    )
    if not untold and not untrue:
        untrue = [next(line for at, line in enumerate(told) if real[at] != line)]
    return next(iter(untold), ""), next(iter(untrue), "")


def _without(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    left = list(others)
    found = []
    for line in lines:
        if line in left:
            left.remove(line)
        else:
            found.append(line)
    return found


def _told_of(line: str, change: Change, before: PlanData, words: Words) -> tuple[str | None, str]:
    """Return the measure that a line of a message is of, and the line as a finding tells it.

    Args:
        line: As it stands in the message.
        change: What the message is of.
        before: The plan before it.
        words: The language of the message.

    Returns:
        Id of the measure, empty for the programme as a whole, None where several have the line.
        Of a measure that is new or gone, that it is so says more than one of its fields.
    """
    groups = change_groups(before, apply_edits(before, change.edits), words, change.edits)
    owners = [group for group in groups if _has(group, line)]
    if len(owners) != 1:
        return None, line
    (owner,) = owners
    is_whole = bool(owner.id) and (owner.before is None or owner.after is None)
    return owner.id, happening(owner, words).full if is_whole else line


def _has(group: ChangeGroup, line: str) -> bool:
    return any(" ".join(str(one).split()) == line for one in group.lines)
