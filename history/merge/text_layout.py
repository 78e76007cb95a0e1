"""One text of three that mean the same: the comments, the layout and the line ends of both sides.

The texts are split at their measures, so that a measure that cannot be joined costs the others
nothing. Where both sides rewrote the same lines, one of the two versions is taken, whichever side
it is, with the other's new comments above it.

Line ends and the byte order mark affect every line without changing any: where the versions differ
in them, they are merged without (`unix_text`), and the result is written with those of the side
that changed them (`merged_ends`).
"""

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from kvartal.history.merge.text_blocks import split_blocks
from kvartal.history.yaml_text.comments import comments
from kvartal.history.yaml_text.source import Source

_MOST_TRIALS: Final = 32
"""How many measures are tried one by one where all at once do not mean the same."""

ReadText: TypeAlias = Callable[[str], Source | None]
"""Parses a text; returns None where it does not mean the merged data."""


@dataclass(frozen=True, slots=True)
class LineEnds:
    """How a file ends its lines, and whether it begins with a byte order mark."""

    windows: bool
    bom: bool

    def apply(self, content: bytes) -> bytes:
        """Return a file with these line ends.

        Args:
            content: A file with Unix line ends and without a mark.
        """
        lines = content.replace(b"\n", b"\r\n") if self.windows else content
        return BOM_UTF8 + lines if self.bom else lines


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with its line end, and the comment in it, if any."""

    text: str
    comment: str = ""


_Lines: TypeAlias = Sequence[_Line]


@dataclass(frozen=True, slots=True)
class _Hunk:
    """What a side made of the lines from ``start`` to before ``end``."""

    start: int
    end: int
    lines: _Lines


def join_layouts(base: Source, ours: Source, theirs: Source, read: ReadText) -> Source | None:
    """Return one text with the comments and the layout of both sides; None where there is none.

    Args:
        base: The plan before.
        ours: Our version, with the same data in different lines.
        theirs: Their version.
        read: Parses a text and checks what it means.
    """
    versions = [_parts(source) for source in (base, ours, theirs)]
    if len({len(parts) for parts in versions}) > 1:
        versions = [[_lines(source)] for source in (base, ours, theirs)]
    simple: list[str] = []
    joined: dict[int, tuple[str, str]] = {}
    for at, (old, one, other) in enumerate(zip(*versions, strict=True)):
        if one == old or other in (old, one):
            simple.append(_text(other if one == old else one))
        else:
            simple.append(_text(_by_preference(old, one, other)[0]))
            joined[at] = (_text(_merged(old, one, other)), _text(_either(old, one, other)))
    whole = "".join(joined[at][0] if at in joined else part for at, part in enumerate(simple))
    source = read(whole)
    if source is not None or not joined:
        return source
    source = read("".join(simple))
    for at in list(joined)[:_MOST_TRIALS]:
        for option in joined[at]:
            trial = [*simple[:at], option, *simple[at + 1 :]]
            better = read("".join(trial))
            if better is not None:
                simple, source = trial, better
                break
    return source


def unix_text(content: bytes) -> bytes:
    """Return a file with Unix line ends and without a byte order mark."""
    return content.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")


def merged_ends(base: bytes, ours: bytes, theirs: bytes) -> LineEnds | None:
    """Return the line ends for the merge of three files; None where all three have the same.

    Args:
        base: The file before; empty where there was none.
        ours: Our file.
        theirs: Theirs.
    """
    mine, other = _line_ends(ours), _line_ends(theirs)
    old = _line_ends(base) if base else mine
    if old == mine == other:
        return None
    return LineEnds(
        other.windows if mine.windows == old.windows else mine.windows,
        other.bom if mine.bom == old.bom else mine.bom,
    )


def _line_ends(content: bytes) -> LineEnds:
    """Return the line ends of most lines of a file."""
    windows = content.count(b"\r\n") * 2 > content.count(b"\n")
    return LineEnds(windows, content.startswith(BOM_UTF8))


def _parts(source: Source) -> list[list[_Line]]:
    """Return the lines of a text, split at its measures."""
    rest = iter(_lines(source))
    return [
        [next(rest) for _ in range(len(part.splitlines(keepends=True)))]
        for part in split_blocks(source).parts
    ]


def comments_in(source: Source) -> Counter[str]:
    """Return the comments of a text, each as often as it is there."""
    return Counter(line.comment for line in _lines(source) if line.comment)


def _lines(source: Source) -> list[_Line]:
    """Return the lines of a text with their comments."""
    found = {source.text.count("\n", 0, at): words for at, words in comments(source)}
    lines = source.text.splitlines(keepends=True)
    return [_Line(line, found.get(at, "")) for at, line in enumerate(lines)]


def _text(lines: _Lines) -> str:
    return "".join(line.text for line in lines)


def _merged(base: _Lines, ours: _Lines, theirs: _Lines) -> list[_Line]:
    """Return lines with the changes of both sides."""
    result: list[_Line] = []
    done = 0
    for start, end, mine, others in _changed_ranges(base, ours, theirs):
        result += [*base[done:start], *_either(base[start:end], mine, others)]
        done = end
    return [*result, *base[done:]]


def _changed_ranges(
    base: _Lines, ours: _Lines, theirs: _Lines
) -> Iterator[tuple[int, int, _Lines, _Lines]]:
    """Yield the changed ranges of the base: start, end, and the lines of both sides for it."""
    both = (list(_hunks(base, ours)), list(_hunks(base, theirs)))
    sides = tuple(
        [hunk for hunk in mine if not any(_includes(other, hunk) for other in others)]
        for mine, others in (both, both[::-1])
    )
    hunks = [hunk for side in sides for hunk in side]
    ranges: list[tuple[int, int]] = []
    for hunk in sorted(hunks, key=lambda hunk: (hunk.start, hunk.end)):
        start, end = ranges[-1] if ranges else (-1, -1)
        if hunk.start < end or (hunk.start, hunk.end) == (start, start) == (end, end):
            ranges[-1] = (start, max(end, hunk.end))
        else:
            ranges.append((hunk.start, hunk.end))
    for start, end in ranges:
        mine, others = (_applied(base, start, end, side) for side in sides)
        yield start, end, mine, others


def _includes(hunk: _Hunk, added: _Hunk) -> bool:
    """Return whether rewritten lines begin or end with what the other side added next to them."""
    if added.start < added.end or hunk.start == hunk.end:
        return False
    count = len(added.lines)
    return (added.start == hunk.start and list(hunk.lines[:count]) == list(added.lines)) or (
        added.start == hunk.end and list(hunk.lines[-count:]) == list(added.lines)
    )


def _hunks(base: _Lines, side: _Lines) -> Iterator[_Hunk]:
    old, new = ([line.text for line in lines] for lines in (base, side))
    for kind, start, end, first, last in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind != "equal":
            yield _Hunk(start, end, side[first:last])


def _applied(base: _Lines, start: int, end: int, hunks: Sequence[_Hunk]) -> list[_Line]:
    """Return the lines of a range with the changes of a side in it."""
    result: list[_Line] = []
    for hunk in hunks:
        is_inside = start <= hunk.start and hunk.end <= end
        # An insertion at the edge of rewritten lines is a range of its own.
        if is_inside and (hunk.start < hunk.end or start == end or start < hunk.start < end):
            result += [*base[start : hunk.start], *hunk.lines]
            start = hunk.end
    return [*result, *base[start:end]]


def _either(base: _Lines, ours: _Lines, theirs: _Lines) -> _Lines:
    """Return the lines for a range that both sides changed: the same whichever side is ours."""
    old = list(base)
    if list(ours) == old or list(theirs) == list(ours):
        return theirs
    if list(theirs) == old:
        return ours
    first, second = _by_preference(base, ours, theirs)
    if not base:
        return [*first, *(line for line in second if line not in first)]
    indentation = re.match(" *", _text(first) or _text(base))
    margin = indentation[0] if indentation else ""
    newline = "\r\n" if _text(base).endswith("\r\n") else "\n"
    rest = _new_comments(base, second) - Counter(line.comment for line in first)
    return [*(_Line(margin + comment + newline) for comment in rest.elements()), *first]


def _by_preference(base: _Lines, ours: _Lines, theirs: _Lines) -> list[_Lines]:
    """Return the lines of both sides; first those to take where there can be only one version."""
    return sorted((ours, theirs), key=lambda side: (-len(_new_comments(base, side)), _text(side)))


def _new_comments(base: _Lines, side: _Lines) -> Counter[str]:
    found = Counter(line.comment for line in side if line.comment)
    return found - Counter(line.comment for line in base)
