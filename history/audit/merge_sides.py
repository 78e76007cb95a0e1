"""Compares what the message of a sync says of each side with what that side changed.

Yields `message-disagrees`.

A message has a heading for each side that changed the plan, with the names of those who wrote its
commits, and below it the measures that it changed, in order.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.audit.line_compare import ROOM
from kvartal.history.audit.merge_versions import MergeVersions
from kvartal.history.diff.groups import ChangeGroup, change_groups
from kvartal.history.diff.words import Words, one_line
from kvartal.history.messages.merge_sentences import (
    MAX_MEASURES,
    MORE_MEASURES,
    NO_NAME,
    OUR_SIDE,
    THEIR_SIDE,
)
from kvartal.history.messages.message import HEADING, escape_comments
from kvartal.history.messages.shorten import shorten_line, shorten_pair
from kvartal.history.messages.trailers import paragraphs
from kvartal.schema.errors import N_

_HEADS: Final = (OUR_SIDE, THEIR_SIDE)
_NAMES: Final = "#names#"
_COPY_NUMBER: Final = re.compile(r" \([0-9]+\)(?=\.[^. »\"]*[»\"]|[»\"])")
_LIST_SIGN: Final = re.compile(
    r"^(?:[\W_]+|[0-9]+[.)]? |\w{1,4}[)\]] |(?:[A-Za-z]|[IVXivx]{1,5})\. )+"
)

DIFFERENT: Final = N_("В сообщении слияния сказано «{told}», а на деле «{real}».")
NOT_TRUE: Final = N_("В сообщении слияния сказано, а на деле не так: «{line}».")
NOT_STATED: Final = N_("Слияние принесло, а в его сообщении не сказано: «{line}».")
_MISPLACED: Final = N_("В сообщении слияния это сказано не о той стороне или не там: «{line}».")


@dataclass(frozen=True, slots=True)
class _Side:
    """What is true of one side of a merge.

    Attributes:
        authors: Names of those who wrote its commits; None where they are not known.
        measures: For each measure that it changed, the lines of its paragraph.
    """

    authors: Sequence[str] | None
    measures: Sequence[Sequence[str]]

    @property
    def lines(self) -> list[str]:
        """The lines that the message of a sync lists."""
        return [line for lines in self.measures[:MAX_MEASURES] for line in lines]


def flat(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def without_list_sign(line: str) -> str:
    """Return a line, on one line, without what makes it an item of a list or a quote."""
    return _LIST_SIGN.sub("", flat(line))


def without_copy_number(line: str) -> str:
    """Return a line without the number that a sync gives to one of two files of one name."""
    return _COPY_NUMBER.sub("", line)


def measure_heading(group: ChangeGroup, words: Words) -> str:
    """Return what stands above the lines of a measure, or of the programme as a whole."""
    if not group.id:
        return words.translate(N_("Программа в целом"))
    return flat(words.say(HEADING, id=group.id, title=group.title))


def stated_side(line: str, words: Words) -> tuple[int, str] | None:
    """Return which side a heading is of, and the names in it; None where a line is no heading."""
    for side, head in enumerate(_HEADS):
        start, end = words.say(head, names=_NAMES).split(_NAMES)
        if line.startswith(start) and line.endswith(end):
            return side, line[len(start) : len(line) - len(end)]
    return None


def side_heading(side: int, authors: Sequence[str], words: Words) -> str:
    """Return the heading of a side, as a sync writes it."""
    names = dict.fromkeys(filter(None, map(one_line, authors)))
    return words.say(_HEADS[side], names=", ".join(names) or NO_NAME)


def is_heading_true(line: str, authors: Sequence[Sequence[str] | None], words: Words) -> bool:
    """Tell whether the heading of a side names those who wrote its commits, in any order."""
    stated = stated_side(line, words)
    if stated is None:
        return False
    side, names = stated
    own = authors[side] if side < len(authors) else None
    if own is None:
        return True
    # What is no text stands in a message as its code.
    real = side_heading(side, own, words).encode(errors="backslashreplace").decode()
    real_names = (stated_side(" ".join(real.split()), words) or (side, ""))[1]
    return sorted(names.split(", ")) == sorted(real_names.split(", "))


def side_findings(
    message: str, versions: MergeVersions, words: Words, *, is_renamed: bool
) -> Iterator[Finding]:
    """Yield the first thing that is said of a side, or left out, where no line is untrue.

    Args:
        message: The part of the message that is about this plan.
        versions: What was merged.
        words: The language.
        is_renamed: Whether evidence was renamed: in a side that changed nothing else too.
    """
    body = [line for part in paragraphs(message)[1:] for line in part.split("\n")]
    lines = [without_copy_number(flat(line)) for line in body]
    sides = [_side(versions, at, words) for at in range(len(versions.sides))]
    found = tuple(_heading_findings(lines, sides, words, is_renamed=is_renamed))
    yield from found or _more_findings(lines, sides, words)


def _side(versions: MergeVersions, at: int, words: Words) -> _Side:
    groups = change_groups(versions.base, versions.sides[at], words)
    authors = versions.authors[at] if at < len(versions.authors) else None
    measures = [
        [
            without_copy_number(flat(escape_comments(line)))
            for line in (measure_heading(group, words), *map(str, group.lines))
        ]
        for group in groups
        if group.lines
    ]
    return _Side(authors, measures)


def _heading_findings(
    lines: Sequence[str], sides: Sequence[_Side], words: Words, *, is_renamed: bool
) -> Iterator[Finding]:
    authors = [side.authors for side in sides]
    sections = _sections(lines, words)
    for at, side in enumerate(sides):
        heads = [head for head, of, _lines in sections if of == at]
        if not heads and side.measures:
            real = side_heading(at, side.authors or (), words)
            line = real if side.authors is not None else real.replace(NO_NAME, "…")
            yield _finding(NOT_STATED, line, words)
            return
        if heads and not side.measures and not is_renamed:
            yield _finding(NOT_TRUE, heads[0], words)
            return
        false = next((one for one in heads if not is_heading_true(one, authors, words)), None)
        if false is not None:
            real = side_heading(at, side.authors or (), words)
            fields = dict(zip(("told", "real"), shorten_pair(false, real, ROOM), strict=True))
            yield Finding(MESSAGE, DIFFERENT, fields=fields)
            return
    for _head, at, stated in sections:
        wrong = _wrong_line(stated, sides[at], [line for side in sides for line in side.lines])
        if wrong is not None:
            yield _finding(_MISPLACED, wrong, words)
            return
    for at, side in enumerate(sides):
        listed = Counter(line for _head, of, stated in sections if of == at for line in stated)
        # The heading of a measure: without it what follows reads as that of the one before.
        omitted = next(iter((Counter(side.lines) - listed).elements()), None)
        if omitted is not None:
            yield _finding(NOT_STATED, omitted, words)
            return


def _more_findings(lines: Sequence[str], sides: Sequence[_Side], words: Words) -> Iterator[Finding]:
    """Yield that it is said how many measures are left out, and is not so, or is not said."""
    counts = [len(side.measures) - MAX_MEASURES for side in sides]
    real = [words.say(MORE_MEASURES, count=count) for count in counts if count > 0]
    start, _, end = words.translate(MORE_MEASURES).partition("{count}")
    form = re.compile(f"{re.escape(start)}[0-9]+{re.escape(end)}")
    stated = [line for line in lines if form.fullmatch(line)]
    for line in stated:
        if line not in real:
            yield _finding(NOT_TRUE, line, words)
            return
    for line in real:
        if line not in stated:
            yield _finding(NOT_STATED, line, words)
            return


def _sections(lines: Sequence[str], words: Words) -> list[tuple[str, int, list[str]]]:
    """Return each heading of a side, which side that is, and the lines below it."""
    sections: list[tuple[str, int, list[str]]] = []
    for line in lines:
        stated = stated_side(line, words)
        if stated is not None:
            sections.append((line, stated[0], []))
        elif sections:
            sections[-1][2].append(line)
    return sections


def _wrong_line(stated: Sequence[str], side: _Side, known: Sequence[str]) -> str | None:
    """Return the first line below a heading that is about something else; None for none."""
    own = side.lines
    listed = [line for line in stated if line in set(known)]
    foreign = next((line for line in listed if line not in own), None)
    if foreign is not None or sorted(listed) != sorted(own):
        return foreign
    return next((line for line, real in zip(listed, own, strict=True) if line != real), None)


def _finding(template: str, line: str, words: Words) -> Finding:
    return Finding(MESSAGE, template, fields={"line": shorten_line(line, ROOM, words)})
