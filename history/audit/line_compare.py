"""Compares the field lines of a commit message with those that its change would have given.

Yields `message-disagrees`.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.diff.groups import ChangeGroup, change_groups
from kvartal.history.diff.words import Words
from kvartal.history.messages.shorten import shorten_line, shorten_pair
from kvartal.history.messages.subjects import change_summary
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_

ARROW: Final = " → "
ROOM: Final = 120
"""How long a quoted line is at most, where its words allow."""
_NOT_STATED: Final = N_("Изменено, а в сообщении не сказано: «{line}».")
_NOT_TRUE: Final = N_("В сообщении сказано, а на деле не так: «{line}».")
_DIFFERENT: Final = N_("В сообщении сказано «{told}», а на деле «{real}».")
_MISPLACED: Final = N_("В сообщении изменения стоят не под тем мероприятием: «{line}».")


def compare_lines(
    actual: Sequence[str],
    expected: Sequence[str],
    change: Change,
    before: PlanData,
    words: Words,
) -> Iterator[Finding]:
    """Yield the first value that is stated otherwise, the first left out, the first untrue.

    Args:
        actual: The lines that a message has.
        expected: Those that it should have.
        change: What it is about.
        before: The plan before that.
        words: The language of the message.
    """
    if list(actual) == list(expected):
        return
    missing, untrue = _without(expected, actual), _without(actual, expected)
    plain = sentences(change, before, words)
    omitted = [line for line in missing if ARROW in line or line in plain]
    # A sentence that is there twice is in its place once.
    invented = [line for line in untrue if ARROW in line]
    if not omitted and not invented:
        misplaced = next(
            (line for at, line in enumerate(actual) if line != dict(enumerate(expected)).get(at)),
            next(iter((*untrue, *missing)), ""),
        )
        yield Finding(MESSAGE, _MISPLACED, fields={"line": shorten_line(misplaced, ROOM, words)})
        return
    pair = next(
        ((real, stated) for real in omitted for stated in invented if _is_same_field(real, stated)),
        None,
    )
    if pair is not None:
        real, stated = pair
        measure, _ = _measure_of_line(real, change, before, words)
        stated_text, real_text = shorten_pair(stated, real, ROOM)
        fields = {"told": stated_text, "real": real_text}
        yield Finding(MESSAGE, _DIFFERENT, fields=fields, measure=measure)
        omitted.remove(real)
        invented.remove(stated)
    if omitted:
        measure, line = _measure_of_line(omitted[0], change, before, words)
        fields = {"line": shorten_line(line, ROOM, words)}
        yield Finding(MESSAGE, _NOT_STATED, fields=fields, measure=measure)
    if invented:
        fields = {"line": shorten_line(invented[0], ROOM, words)}
        yield Finding(MESSAGE, _NOT_TRUE, fields=fields)


def _is_same_field(line: str, other: str) -> bool:
    return line.partition(": ")[0] == other.partition(": ")[0]


def _without(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the lines that others do not have, each as often as it is there more."""
    left = list(others)
    remaining = []
    for line in lines:
        if line in left:
            left.remove(line)
        else:
            remaining.append(line)
    return remaining


def _measure_of_line(
    line: str, change: Change, before: PlanData, words: Words
) -> tuple[str | None, str]:
    """Return the measure that a line of a message is about, and what the finding quotes.

    Args:
        line: As it stands in the message.
        change: What the message is about.
        before: The plan before it.
        words: The language of the message.

    Returns:
        Id of the measure, empty for the programme as a whole, None where several have the line.
        The quote is the line; of a measure that is new or removed, that says more than a field.
    """
    groups = change_groups(before, apply_edits(before, change.edits), words, change.edits)
    owners = [group for group in groups if _has_line(group, line)]
    if len(owners) != 1:
        return None, line
    (owner,) = owners
    is_whole = bool(owner.id) and (owner.before is None or owner.after is None)
    return owner.id, change_summary(owner, words).full if is_whole else line


def sentences(change: Change, before: PlanData, words: Words) -> set[str]:
    """Return the lines of a change that are sentences, with no value before and after."""
    groups = change_groups(before, apply_edits(before, change.edits), words, change.edits)
    lines = (line for group in groups for line in group.lines if line.sentence)
    return {" ".join(str(line).split()) for line in lines}


def _has_line(group: ChangeGroup, line: str) -> bool:
    return any(" ".join(str(field_line).split()) == line for field_line in group.lines)
