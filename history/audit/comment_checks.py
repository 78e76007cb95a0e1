"""Checks the comments in the plan file: whether a commit adds one that its message is silent about.

Yields `comment-added`.

The program writes no comments, so one that appears in a commit of the program was slipped in, and
a reader of the file takes «# Утверждена директором» for what it says. What only moved, was removed
along with its value, or comes back with an undo is not new; neither is one that a formatter spaced
differently. An adopted edit is a person's own work on the file and may bring any comment, except
one that speaks of a decision.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.diff.words import Words, one_line
from kvartal.history.messages.trailers import Trailers
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_

ADDED: Final = "comment-added"

_ADDED: Final = N_(
    "В файле появился комментарий, о котором сообщение молчит: {comments}. "
    "Комментарий ничего не подтверждает: программа его не читает."
)
_MORE: Final = N_("и ещё {more}")
_NAMED: Final = 3
_MAX_LINES: Final = 200
"""How many new lines with a number sign are looked at: each may cost reading the text again."""
_MAX_COPIES: Final = 8
_MAX_LENGTH: Final = 120
_MANY_SIGNS: Final = 64

_START: Final = re.compile(rb"(?:^|(?<=[ \t]))#")
_DECISION: Final = re.compile(
    r"утвержд|утвердил|соглас|одобр|подпис|разреш|заверен|принято|визир|директор|"
    r"approv|agreed|accepted|signed|authori[sz]|confirmed",
    re.IGNORECASE,
)


def comment_findings(  # noqa: PLR0913, PLR0917 - a commit and all that it is measured by
    commit: Commit,
    before: Sequence[CachedVersion],
    after: CachedVersion,
    trailers: Trailers,
    is_known: Callable[[str], bool],
    words: Words,
) -> Iterator[Finding]:
    """Yield the comments that a commit adds to the plan, all in one finding.

    Args:
        commit: The commit: of the program, or a merge.
        before: The plan in its parents.
        after: The plan in it.
        trailers: What its message claims.
        is_known: Tells whether an earlier version held a text: undoing and restoring bring it back.
        words: The language of the finding.
    """
    if after.data is None or b"#" not in after.content:
        return
    lines = _new_lines(before, after)
    if not lines:
        return
    added = [_comment(line, place, after) for line, place in _commented(lines, after)]
    if not added:
        return
    known = Counter[str]()
    for version in before:
        known |= _occurrences(version.content, added)
    known_after = _occurrences(after.content, added)
    new = [text for text in dict.fromkeys(added) if text and known_after[text] > known[text]]
    if trailers.kind is ChangeKind.EDIT:
        new = [text for text in new if _DECISION.search(text)]
    elif trailers.restores or trailers.kind in {ChangeKind.UNDO, ChangeKind.REDO}:
        new = [text for text in new if not is_known(text)]
    if new:
        yield Finding(ADDED, _ADDED, fields={"comments": _quoted(new, words)}, commit=commit)


def _lines(text: bytes) -> Iterator[bytes]:
    """Yield the lines with a number sign; quicker than a pattern, for most lines have none."""
    at = text.find(b"#")
    while at >= 0:
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        yield text[text.rfind(b"\n", 0, at) + 1 : end]
        at = text.find(b"#", end)


def _new_lines(before: Sequence[CachedVersion], after: CachedVersion) -> list[bytes]:
    """Return the lines with a number sign that no parent has."""
    lines = Counter(_lines(after.content))
    for version in before:
        lines -= Counter(_lines(version.content))
    return list(islice(lines, _MAX_LINES))


def _occurrences(content: bytes, comments: Iterable[str]) -> Counter[str]:
    """Return how often each comment may be one of a text: from a number sign to the line's end."""
    lengths = {len(comment.split()) for comment in comments}
    return Counter(text for line in _lines(content) for text in _possible_comments(line, lengths))


def _possible_comments(line: bytes, lengths: Collection[int]) -> Iterator[str]:
    """Yield what may be the comment of a line: from each number sign after white space on.

    Of a line with very many number signs only what has as many words as a comment that is looked
    for: all of it together would be as long as the square of the line.
    """
    starts = _starts(line)
    if len(starts) <= _MANY_SIGNS:
        yield from (_text(line[start:]) for start in starts)
        return
    words = 0
    end = len(line)
    for start in reversed(starts):
        own, later = _text(line[start:end]), words
        words += len(one_line(line[start:end].decode("utf-8", "replace")).split())
        if len(own.split()) + later in lengths:
            yield _text(line[start:])
        end = start


def _commented(
    lines: Sequence[bytes], version: CachedVersion
) -> list[tuple[bytes, re.Match[bytes] | None]]:
    """Return the lines that end in a comment; with the place of one where not all copies do.

    All are tried at once, and one by one only where that changes what the text says.
    """
    lines = [line for line in lines if _START.search(line)]
    if not lines:
        return []
    if len(lines) > 1:
        if _is_same_without_ends(lines, version):
            return [(line, None) for line in lines]
        half = len(lines) // 2
        return [*_commented(lines[:half], version), *_commented(lines[half:], version)]
    start = _starts(lines[0])[-1]
    places = _places(lines[0], version)
    found = next((place for place in places if _is_comment(version, place, start)), None)
    return [] if found is None else [(lines[0], found)]


def _is_same_without_ends(lines: Sequence[bytes], version: CachedVersion) -> bool:
    """Tell whether the text says the same without what follows each line's last number sign."""
    cut = {line: line[: _starts(line)[-1]].rstrip() for line in lines}
    kept = b"\n".join(cut.get(line, line) for line in version.content.split(b"\n"))
    return _says_the_same(kept, version)


def _comment(line: bytes, place: re.Match[bytes] | None, version: CachedVersion) -> str:
    """Return the comment of a line that ends in one."""
    starts = _starts(line)
    if len(starts) == 1:
        return _text(line[starts[0] :])
    # What follows a number sign within a comment can be cut off as well as all of it.
    place = place or next(_places(line, version))
    return _text(
        line[starts[bisect_left(starts, True, key=partial(_is_comment, version, place))] :]
    )


def _starts(line: bytes) -> list[int]:
    return [start.start() for start in _START.finditer(line)]


def _places(line: bytes, version: CachedVersion) -> Iterator[re.Match[bytes]]:
    """Yield the first copies of a line in a version."""
    found = re.finditer(b"^" + re.escape(line) + b"$", version.content, re.MULTILINE)
    return islice(found, _MAX_COPIES)


def _is_comment(version: CachedVersion, place: re.Match[bytes], start: int) -> bool:
    """Tell whether a line says the same without what is in it from a place on."""
    kept = version.content[: place.start()] + place[0][:start].rstrip()
    return _says_the_same(kept + version.content[place.end() :], version)


def _says_the_same(content: bytes, version: CachedVersion) -> bool:
    try:
        return load(content, "").data == version.data
    except UnreadablePlan:
        return False


def _text(comment: bytes) -> str:
    """Return a comment without its number signs and white space around it."""
    return " ".join(one_line(comment.decode("utf-8", "replace").strip().lstrip("#")).split())


def _quoted(comments: Sequence[str], words: Words) -> str:
    quoted = [
        words.quoted(f"# {text if len(text) <= _MAX_LENGTH else text[:_MAX_LENGTH] + '…'}")
        for text in comments[:_NAMED]
    ]
    if len(comments) > _NAMED:
        quoted.append(words.say(_MORE, more=len(comments) - _NAMED))
    return ", ".join(quoted)
