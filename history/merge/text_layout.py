"""One text of three that mean the same: the comments, the layout and the line ends of both sides.

The texts are cut at their measures, so that what cannot be joined in one of them costs nothing in
the others. Where both sides rewrote the same lines, one of the two versions stands, whichever side
it is, with the other's new comments above it.

Line ends and the byte order mark change every line without changing any: where the versions differ
in them, they are merged without (`unix_text`), and the result is written with those of the side
that changed them (`merged_ends`).
"""

import re
from bisect import bisect_right
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from kvartal.history.merge.text_blocks import cut
from kvartal.history.yaml_text.nodes import ScalarNode, walk
from kvartal.history.yaml_text.source import Source

_MOST_TRIALS: Final = 32
"""So many measures are tried one by one where all at once do not say the same."""

_SIGN: Final = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


Read: TypeAlias = Callable[[str], Source | None]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with its break, and the comment on it, if any."""

    text: str
    comment: str = ""


_Lines: TypeAlias = Sequence[_Line]


def joined(base: Source, ours: Source, theirs: Source, read: Read) -> Source | None:
    """Return one text with the comments and the layout of both sides; None where there is none.

    Args:
        base: The plan before.
        ours: Our version, saying the same in other lines.
        theirs: The other one.
        read: Reads a text, if it says what it should.
    """
    versions = [_parts(source) for source in (base, ours, theirs)]
    if len({len(parts) for parts in versions}) > 1:
        versions = [[_lines(source)] for source in (base, ours, theirs)]
    plain: list[str] = []
    better: dict[int, tuple[str, str]] = {}
    for at, (old, one, other) in enumerate(zip(*versions, strict=True)):
        if one == old or other in (old, one):
            plain.append(_text(other if one == old else one))
        else:
            plain.append(_text(_preferred(old, one, other)[0]))
            better[at] = (_text(_merged(old, one, other)), _text(_either(old, one, other)))
    whole = "".join(better[at][0] if at in better else part for at, part in enumerate(plain))
    found = read(whole)
    if found is not None or not better:
        return found
    found = read("".join(plain))
    for at in list(better)[:_MOST_TRIALS]:
        for option in better[at]:
            trial = [*plain[:at], option, *plain[at + 1 :]]
            right = read("".join(trial))
            if right is not None:
                plain, found = trial, right
                break
    return found


def _parts(source: Source) -> list[list[_Line]]:
    """Return the lines of a text, cut at its measures."""
    rest = iter(_lines(source))
    return [
        [next(rest) for _ in range(len(part.splitlines(keepends=True)))]
        for part in cut(source).parts
    ]


def _lines(source: Source) -> list[_Line]:
    """Return the lines of a text with their comments, a last one without a break with one."""
    spans = sorted(
        (node.start, node.end) for node in walk(source.root) if isinstance(node, ScalarNode)
    )
    starts = [start for start, _ in spans]
    comments: dict[int, str] = {}
    for found in _SIGN.finditer(source.text):
        before = bisect_right(starts, found.start()) - 1
        if before < 0 or spans[before][1] <= found.start():
            comments[source.text.count("\n", 0, found.start())] = found[0].rstrip()
    lines = source.text.splitlines(keepends=True)
    return [_Line(line, comments.get(at, "")) for at, line in enumerate(lines)]


def _text(lines: _Lines) -> str:
    return "".join(line.text for line in lines)


def _merged(base: _Lines, ours: _Lines, theirs: _Lines) -> list[_Line]:
    """Return lines with the changes of both sides."""
    result: list[_Line] = []
    done = 0
    for start, end, mine, others in _clusters(base, ours, theirs):
        result += [*base[done:start], *_either(base[start:end], mine, others)]
        done = end
    return [*result, *base[done:]]


@dataclass(frozen=True, slots=True)
class _Hunk:
    """What a side made of the lines from ``start`` to before ``end``."""

    start: int
    end: int
    lines: _Lines


def _clusters(
    base: _Lines, ours: _Lines, theirs: _Lines
) -> Iterator[tuple[int, int, _Lines, _Lines]]:
    """Yield where sides differ from the lines before: from, to, our lines there and theirs."""
    both = (list(_hunks(base, ours)), list(_hunks(base, theirs)))
    sides = tuple(
        [hunk for hunk in mine if not any(_holds(other, hunk) for other in others)]
        for mine, others in (both, both[::-1])
    )
    hunks = sorted((one for side in sides for one in side), key=lambda one: (one.start, one.end))
    places: list[tuple[int, int]] = []
    for hunk in hunks:
        start, end = places[-1] if places else (-1, -1)
        if hunk.start < end or (hunk.start, hunk.end) == (start, start) == (end, end):
            places[-1] = (start, max(end, hunk.end))
        else:
            places.append((hunk.start, hunk.end))
    for start, end in places:
        mine, others = (_applied(base, start, end, side) for side in sides)
        yield start, end, mine, others


def _holds(hunk: _Hunk, added: _Hunk) -> bool:
    """Tell whether rewritten lines begin or end with those that the other side put beside them."""
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
    """Return the lines of a place with the changes of a side that lie in it."""
    result: list[_Line] = []
    for hunk in hunks:
        is_inside = start <= hunk.start and hunk.end <= end
        # An insertion at the edge of rewritten lines is a place of its own.
        if is_inside and (hunk.start < hunk.end or start == end or start < hunk.start < end):
            result += [*base[start : hunk.start], *hunk.lines]
            start = hunk.end
    return [*result, *base[start:end]]


def _either(base: _Lines, ours: _Lines, theirs: _Lines) -> _Lines:
    """Return what stands where both sides wrote something: the same whichever side is ours."""
    old = list(base)
    if list(ours) == old or list(theirs) == list(ours):
        return theirs
    if list(theirs) == old:
        return ours
    first, second = _preferred(base, ours, theirs)
    if not base:
        return [*first, *(line for line in second if line not in first)]
    indentation = re.match(" *", _text(first) or _text(base))
    margin = indentation[0] if indentation else ""
    newline = "\r\n" if _text(base).endswith("\r\n") else "\n"
    rest = _new(base, second) - Counter(line.comment for line in first)
    return [*(_Line(margin + comment + newline) for comment in rest.elements()), *first]


def _preferred(base: _Lines, ours: _Lines, theirs: _Lines) -> list[_Lines]:
    """Return the lines of both sides, first those that are to stand where one version must."""
    return sorted((ours, theirs), key=lambda one: (-len(_new(base, one)), _text(one)))


def _new(base: _Lines, side: _Lines) -> Counter[str]:
    found = Counter(line.comment for line in side if line.comment)
    return found - Counter(line.comment for line in base)


@dataclass(frozen=True, slots=True)
class LineEnds:
    """How a file ends its lines, and whether it begins with a byte order mark."""

    windows: bool
    bom: bool

    def put_on(self, content: bytes) -> bytes:
        """Return a file that ends its lines so.

        Args:
            content: A file with plain line breaks and without a mark.
        """
        lines = content.replace(b"\n", b"\r\n") if self.windows else content
        return BOM_UTF8 + lines if self.bom else lines


def line_ends(content: bytes) -> LineEnds:
    """Return how most lines of a file end."""
    windows = content.count(b"\r\n") * 2 > content.count(b"\n")
    return LineEnds(windows, content.startswith(BOM_UTF8))


def unix_text(content: bytes) -> bytes:
    """Return a file with plain line breaks and without a byte order mark."""
    return content.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")


def merged_ends(base: bytes, ours: bytes, theirs: bytes) -> LineEnds | None:
    """Return how the merge of three files ends its lines; None where all three do alike.

    Args:
        base: The file before; empty where there was none.
        ours: Our file.
        theirs: The other one.
    """
    mine, other = line_ends(ours), line_ends(theirs)
    old = line_ends(base) if base else mine
    if old == mine == other:
        return None
    return LineEnds(
        other.windows if mine.windows == old.windows else mine.windows,
        other.bom if mine.bom == old.bom else mine.bom,
    )
