"""Compares what a commit message says with what the commit really changed.

Yields `message-disagrees` and `trailers-disagree`.

The message is generated again from the two versions, as the program would have written it, and
compared with the one that is there: first line, field lines, trailers. So nothing can be changed
under a message that says something else, or something less. What a hook or a person adds is left
alone, as long as it looks like none of these.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from kvartal.history.audit.findings import MESSAGE, TRAILERS, Finding
from kvartal.history.audit.line_compare import ARROW, compare_lines, sentences
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.diff import difference
from kvartal.history.diff.words import ABSENT, Words
from kvartal.history.messages.message import HEADING, REASON, EarlierCommit, commit_message
from kvartal.history.messages.trailers import EvidenceNote, Trailers, paragraphs, parse_trailers
from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.errors import N_, Translate

_TRAILER_PREFIX: Final = "Kvartal-"
_SHORT_HASH: Final = 12
_MAX_TICKET: Final = 24
"""How many characters a hook may add to the first line, such as the number of a ticket."""

# Undoing what altered only comments and layout changes nothing that a message could state.
_MAY_BE_EMPTY: Final = frozenset({ChangeKind.UNDO, ChangeKind.REDO, ChangeKind.EDIT})

_MEASURES: Final = N_("В строках Kvartal-Measure — {told}, а изменено {real}.")
_NO_MEASURES: Final = N_("В сообщении нет строк Kvartal-Measure, а изменено {real}.")
_NONE_CHANGED: Final = N_("В строках Kvartal-Measure — {told}, а мероприятия не изменены.")
EVIDENCE_DISAGREES: Final = N_(
    "Строки Kvartal-Evidence не сходятся с подтверждающими файлами: сказано {told}, на деле {real}."
)
_REFERENCE: Final = N_("Строка {name} не та, какая была бы у этого изменения.")
SUBJECT: Final = N_("Первая строка говорит «{told}», а изменение такое: «{real}».")
_NO_CHANGE: Final = N_("Сообщение говорит об изменении, а программа не изменена.")


@dataclass(frozen=True, slots=True)
class MessageContent:
    """What a message states.

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
    """Generates messages again and compares them.

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
        earlier: EarlierCommit | None,
    ) -> tuple[Finding, ...]:
        """Return where a message and the change disagree, in the language it fits best.

        Args:
            commit: The commit.
            trailers: What `claimed_trailers` found in its message.
            versions: The plan before and after; several where it is not known what the program
                could read of the one before.
            earlier: What it takes back or restores from.
        """
        if trailers.kind is None:
            return ()
        best: tuple[Finding, ...] | None = None
        for (before, after), is_earlier in product(versions, (False, True)):
            edits = difference(before, after, as_in_2026_11=is_earlier)
            change = Change(trailers.kind, edits, trailers.source)
            for translate in self.languages:
                expected = self._expected_message(
                    commit, change, before, earlier, translate, is_earlier=is_earlier
                )
                words = Words(translate, as_in_2026_11=is_earlier)
                findings = tuple(
                    _compare(commit.message, expected, trailers, change, before, words)
                )
                if not findings:
                    return ()
                best = findings if best is None or len(findings) < len(best) else best
        return best or ()

    def _expected_message(  # noqa: PLR0913 - all that a message is made from
        self,
        commit: Commit,
        change: Change,
        before: PlanData,
        earlier: EarlierCommit | None,
        translate: Translate,
        *,
        is_earlier: bool,
    ) -> str:
        """Return the message that the program would have written."""
        return commit_message(
            change,
            before,
            folder=self.folder,
            reverts=earlier,
            reason=_reason(commit.message, translate),
            translate=translate,
            as_in_2026_11=is_earlier,
        )


def claimed_trailers(message: str) -> Trailers:
    """Return what the trailers of a message say, whatever a hook added below them."""
    trailers = parse_trailers(message)
    while trailers.kind is None:
        message, _, last = message.rstrip().rpartition("\n\n")
        if not message or _TRAILER_PREFIX.lower() in last.lower() or ARROW in last:
            break
        trailers = parse_trailers(message)
    return trailers


def _compare(  # noqa: PLR0913, PLR0917 - two messages and what they are about
    message: str,
    expected_message: str,
    trailers: Trailers,
    change: Change,
    before: PlanData,
    words: Words,
) -> Iterator[Finding]:
    if not change.edits and change.kind not in _MAY_BE_EMPTY:
        yield Finding(MESSAGE, _NO_CHANGE)
        return
    # Most are as they were written: looking for their sentences would take a tenth of the time.
    if message.strip() == expected_message.strip():
        return
    translate = words.translate
    stated = sentences(change, before, words)
    heading = _heading(change, translate)
    expected = _content(expected_message, parse_trailers(expected_message), stated, heading, words)
    actual = _content(message, trailers, expected.lines, heading, words)
    lines = tuple(compare_lines(actual.lines, expected.lines, change, before, words))
    yield from lines
    # A wrong line is in the first line and in the trailers too: that is one finding.
    yield from _compare_trailers(actual.trailers, expected.trailers, has_measures=not lines)
    if not lines and not contains_subject(actual.subject, expected.subject):
        fields = {"told": actual.subject, "real": expected.subject}
        yield Finding(MESSAGE, SUBJECT, fields=fields)


def _content(
    message: str,
    trailers: Trailers,
    expected_lines: Collection[str],
    heading: re.Pattern[str],
    words: Words,
) -> MessageContent:
    """Return what a message states.

    Args:
        message: The message.
        trailers: What its trailers say.
        expected_lines: Lines that count though they look like nothing in particular.
        heading: How a line begins that says which measure those below it are of.
        words: The language.
    """
    first, *others = paragraphs(message)
    subject = " ".join(line.strip() for line in first.split("\n"))
    known = set(expected_lines)
    reason = words.translate(REASON).partition("{")[0]
    lines = []
    for line in "\n".join(others).split("\n"):
        text = " ".join(line.split())
        is_statement = ARROW in text or text in known or heading.match(text)
        if is_statement and not text.startswith((_TRAILER_PREFIX, reason)):
            lines.append(text)
    return MessageContent(" ".join(subject.split()), tuple(lines), trailers)


def _heading(change: Change, translate: Translate) -> re.Pattern[str]:
    """Return how a heading begins: with a number, or an id that has a figure or is changed."""
    ids = "|".join(map(re.escape, change.measures))
    start = re.escape(translate(HEADING).partition("{")[0])
    return re.compile(rf"{start}(?:[0-9]|(?:\S*[0-9]\S*|{ids})\.(?:\s|$))")


def _reason(message: str, translate: Translate) -> str:
    """Return the reason that a message gives for an unlogged edit; empty for none."""
    start = translate(REASON).partition("{")[0]
    lines = [line for line in message.split("\n")[1:] if line.strip()]
    return lines[0].removeprefix(start) if lines and lines[0].startswith(start) else ""


def _compare_trailers(
    actual: Trailers, expected: Trailers, *, has_measures: bool
) -> Iterator[Finding]:
    if has_measures and actual.measures != expected.measures:
        yield measures_finding(actual.measures, expected.measures)
    if set(actual.evidence) != set(expected.evidence):
        fields = _both(*different_files(actual.evidence, expected.evidence))
        yield Finding(TRAILERS, EVIDENCE_DISAGREES, fields=fields)
    if actual.reverts != expected.reverts:
        yield Finding(TRAILERS, _REFERENCE, fields={"name": "Kvartal-Reverts"})
    if actual.restores != expected.restores:
        yield Finding(TRAILERS, _REFERENCE, fields={"name": "Kvartal-Restores"})


def measures_finding(stated: Sequence[str], real: Sequence[str]) -> Finding:
    """Return that the lines with the changed measures name others than those, or are not there."""
    template = _MEASURES if stated and real else _NONE_CHANGED if stated else _NO_MEASURES
    return Finding(TRAILERS, template, fields={"told": ", ".join(stated), "real": ", ".join(real)})


def different_files(
    actual: Sequence[EvidenceNote], expected: Sequence[EvidenceNote]
) -> tuple[str, str]:
    """Return the files that only one of two sides has, with their hashes where both name them.

    Args:
        actual: The files that a message names.
        expected: Those that it should name.
    """
    only_actual, only_expected = set(actual) - set(expected), set(expected) - set(actual)
    in_both = {note.path for note in only_actual} & {note.path for note in only_expected}
    actual_files, expected_files = (
        ", ".join(
            f"{note.path} (SHA-256 {note.sha256[:_SHORT_HASH]}…)"
            if note.path in in_both
            else note.path
            for note in sorted(notes, key=lambda note: note.path)
        )
        for notes in (only_actual, only_expected)
    )
    return actual_files or ABSENT, expected_files or ABSENT


def _both(actual: str, expected: str) -> dict[str, object]:
    return {"told": actual or ABSENT, "real": expected or ABSENT}


def contains_subject(actual: str, expected: str) -> bool:
    """Tell whether a first line says what it should; a hook may add the number of a ticket."""
    before, found, after = actual.partition(expected)
    return bool(found) and len(before + after) <= _MAX_TICKET and ARROW not in before + after
