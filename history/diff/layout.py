"""The lines of single measures in the text of a plan, found without parsing it.

A commit changes one measure of many. Parsing a whole plan takes milliseconds, and a history has
thousands of versions; so where the texts are laid out as this program lays them out, the measures
whose lines are the same in two versions are left out before anything is parsed. In any other layout
nothing is left out, and the whole texts are parsed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_MEASURES: Final = re.compile(rb"^measures:[ \t]*(?:#[^\n]*)?\r?\n", re.MULTILINE)
_NEXT_KEY: Final = re.compile(rb"^(?:[^\s#-]|---)", re.MULTILINE)
_ITEM: Final = re.compile(
    rb"^( *)- +id: +([\"']?)([^\s\"'#]+)\2[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE
)
_ANY_ITEM: Final = re.compile(rb"^( *)- ", re.MULTILINE)
_FILLING: Final = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a plan split into its measures.

    Attributes:
        around: The text before and after the measures.
        measures: The lines of each measure, by id, in order.
    """

    around: tuple[bytes, bytes]
    measures: Mapping[bytes, bytes]

    def only(self, names: frozenset[bytes]) -> bytes:
        """Return a text with nothing but these measures."""
        kept = [lines for name, lines in self.measures.items() if name in names]
        return b"measures:\n" + b"".join(kept)


def layout(text: bytes) -> Layout | None:
    """Return a text split into its measures; None where it is not laid out in the usual way."""
    begin = _MEASURES.search(text)
    if begin is None:
        return None
    after = _NEXT_KEY.search(text, begin.end())
    body = text[begin.end() : after.start() if after else len(text)]
    if not body.endswith(b"\n"):
        body += b"\n"
    items = list(_ITEM.finditer(body))
    filling = _FILLING.match(body)
    if not items or filling is None or items[0].start() != filling.end():
        return None
    indent = items[0][1]
    own = [item for item in items if item[1] == indent]
    if len(own) != sum(item[1] == indent for item in _ANY_ITEM.finditer(body)):
        return None
    ends = [*(item.start() for item in own[1:]), len(body)]
    measures = {item[3]: body[item.start() : end] for item, end in zip(own, ends, strict=True)}
    if len(measures) != len(own):
        return None
    tail = text[after.start() :] if after else b""
    return Layout((text[: begin.end()] + body[: own[0].start()], tail), measures)


def lines_of_measure(text: bytes, measure: bytes) -> bytes | None:
    """Return the lines of one measure; None where it is not found, or found twice.

    Text after the last measure counts as its lines. Written for speed: a log of one measure looks
    at every version of a long history.
    """
    extent = _extent(text, measure)
    return None if extent is None else text[slice(*extent)]


def measure_only(old: bytes, new: bytes, measure: bytes) -> tuple[bytes, bytes] | None:
    """Return two texts with nothing but one measure; None where they differ anywhere else."""
    before, after = _extent(old, measure), _extent(new, measure)
    if before is None or after is None:
        return None
    heads, tails = (old[: before[0]], new[: after[0]]), (old[before[1] :], new[after[1] :])
    if heads[0] != heads[1] or tails[0] != tails[1]:
        return None
    begin = b"measures:\n"
    return begin + old[slice(*before)] + b"\n", begin + new[slice(*after)] + b"\n"


def _extent(text: bytes, measure: bytes) -> tuple[int, int] | None:
    """Return where the lines of a measure start and end; None where it is not found just once."""
    for name in (measure, b"'%b'" % measure, b'"%b"' % measure):
        found: tuple[int, int] | None = None
        at = text.find(b"- id: " + name)
        while at >= 0:
            start = text.rfind(b"\n", 0, at) + 1
            item = _ITEM.match(text, start)
            if item and item[3] == measure:
                if found:
                    return None
                end = text.find(b"\n" + item[1] + b"- ", item.end())
                found = start, end if end >= 0 else len(text)
            at = text.find(b"- id: " + name, at + 1)
        if found:
            return found
    return None


def changed_only(old: Layout, new: Layout) -> tuple[bytes, bytes] | None:
    """Return two texts with the measures that differ; None where anything else differs too.

    A measure added, removed or moved counts as something else.
    """
    if old.around != new.around or list(old.measures) != list(new.measures):
        return None
    names = frozenset(name for name, lines in new.measures.items() if lines != old.measures[name])
    return old.only(names), new.only(names)
