"""Replacements in a text: collected one by one, applied at once; and where new items are placed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kvartal.history.diff.matching import aligned, increasing
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.emit import Style, restyled
from kvartal.history.yaml_text.nodes import Node, ScalarNode, ScalarValue
from kvartal.schema.changes import Plain
from kvartal.schema.description import key_order
from kvartal.schema.problems import DataPath

_BLOCK_HEADER: Final = re.compile(r"[|>][-+0-9]*")

FRONT: Final = -1
"""Stands for "before the first" where a number tells what something new comes after."""

Pair = tuple[ScalarNode, Node]


@dataclass(frozen=True, slots=True)
class Patch:
    """A replacement: the characters from ``start`` to before ``end`` give way to ``text``."""

    start: int
    end: int
    text: str


class Overlap(Exception):
    """Two patches want the same characters. For the splice alone, never shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value in a text and what it is to mean instead.

    Attributes:
        node: Where it stands.
        old: What it means.
        new: What it is to mean.
        path: The path from the root to it.
    """

    node: Node
    old: Plain
    new: Plain
    path: DataPath


Descend: TypeAlias = Callable[[Difference], bool]
"""Notes what makes a collection mean other data; tells whether that was possible within it."""


@dataclass(slots=True)
class Notebook:
    """The patches noted for a text.

    Attributes:
        text: The text; ends with a line break.
        newline: The line break for new lines.
        quoted: Whether new text is double-quoted throughout.
        around: The nodes that are being gone through, the innermost last.
    """

    text: str
    newline: str
    quoted: bool = False
    around: list[Node] = field(default_factory=list)
    _patches: list[Patch] = field(default_factory=list)

    def note(self, start: int, end: int, text: str) -> None:
        """Note a replacement. Of two insertions at one place the first noted comes first."""
        self._patches.append(Patch(start, end, text))

    def count(self) -> int:
        """Return how many patches there are, for :meth:`forget`."""
        return len(self._patches)

    def forget(self, count: int) -> None:
        """Drop all but the first patches."""
        del self._patches[count:]

    def result(self) -> str:
        """Return the text with the patches applied.

        Raises:
            Overlap: Two patches want the same characters.
        """
        parts, done = [], 0
        for patch in sorted(self._patches, key=lambda patch: (patch.start, patch.end)):
            if patch.start < done:
                raise Overlap
            parts += [self.text[done : patch.start], patch.text]
            done = patch.end
        return "".join([*parts, self.text[done:]])

    def style(self) -> Style:
        """Return the layout for new lines, by the nearest examples."""
        return outline.style_around(self.text, reversed(self.around), quoted=self.quoted)

    def note_lines(self, index: int, lines: list[str]) -> None:
        """Note the insertion of whole lines where a line starts."""
        self.note(index, index, "".join(line + self.newline for line in lines))

    def note_scalar(self, node: ScalarNode, value: ScalarValue, literal: list[str] | None) -> None:
        """Note that a single value outside of brackets gives way to another.

        Comments on the line of the value, or of the header of its block, stay.

        Args:
            node: The value that is there.
            value: The new one.
            literal: The lines of the new one, where it is written as a literal block.
        """
        written = self.text[node.start : node.end]
        style = Style(quoted=self.quoted)
        head, *lines = literal or [restyled(node, written, value, style, flow=False)]
        header = _BLOCK_HEADER.match(written) if node.is_block else None
        if header:
            self.note(node.start, node.start + header.end(), head)
            below = outline.break_start(self.text, node.start)
            self.note(below, node.end, "".join(self.newline + line for line in lines))
            return
        self._note_in_place(node, head)
        if lines:
            self.note_lines(outline.line_end(self.text, node.end), lines)

    def note_flow_scalar(self, node: ScalarNode, value: ScalarValue) -> None:
        """Note that a single value within brackets gives way to another."""
        written = self.text[node.start : node.end]
        style = Style(quoted=self.quoted)
        self._note_in_place(node, restyled(node, written, value, style, flow=True))

    def _note_in_place(self, node: ScalarNode, written: str) -> None:
        missing = node.start == node.end and not self.text[node.start - 1].isspace()
        self.note(node.start, node.end, " " + written if missing else written)

    def note_chomping(self, node: ScalarNode) -> None:
        """Note that a block scalar is to end without a line break, whatever follows it."""
        header = _BLOCK_HEADER.match(self.text, node.start)
        if header and "-" not in header[0]:
            self.note(node.start, header.end(), header[0].replace("+", "") + "-")


def places_of_new(
    kept: Sequence[Pair], new: dict[str, Plain], path: DataPath
) -> dict[int, list[str]]:
    """Return the keys to add, by what they come after, each group in canonical order.

    A new key comes after the last of the keys that precede it in the order of the schema.

    Args:
        kept: The pairs that stay, in the order of the text.
        new: The mapping wanted.
        path: The path to it.

    Returns:
        Keys by the number of the kept pair they come after, or FRONT.
    """
    order = {key: place for place, key in enumerate(key_order(path))}
    ranks = [order.get(str(key.value), len(order)) for key, _ in kept]
    names = {str(key.value) for key, _ in kept}
    places: dict[int, list[str]] = {}
    for name in sorted(new.keys() - names, key=lambda key: (order.get(key, len(order)), key)):
        rank = order.get(name, len(order))
        before = [place for place, other in enumerate(ranks) if other <= rank]
        places.setdefault(before[-1] if before else FRONT, []).append(name)
    return places


def paired(old: list[Plain], new: list[Plain]) -> list[tuple[int, int]]:
    """Return pairs of indexes of items, both rising: what stays or gives way to another in place.

    Items with ids are paired by them alone.
    """
    ids = {_id(item): place for place, item in enumerate(new)}
    if None in ids or not ids:
        return _filled([*aligned(old, new), (len(old), len(new))])[:-1]
    both = [(index, ids[_id(item)]) for index, item in enumerate(old) if _id(item) in ids]
    return [both[each] for each in increasing([place for _, place in both])]


def runs_of_new(pairs: Sequence[tuple[int, int]], length: int) -> dict[int, list[int]]:
    """Return the indexes of new items, by the index of the old item they come after, or FRONT.

    Args:
        pairs: What stays, as index before and index after.
        length: How many items there are to be.
    """
    runs: dict[int, list[int]] = {}
    stays = {place: index for index, place in pairs}
    after = FRONT
    for place in range(length):
        if place in stays:
            after = stays[place]
        else:
            runs.setdefault(after, []).append(place)
    return runs


def _filled(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs, with what lies between two of them paired by place."""
    filled: list[tuple[int, int]] = []
    index = place = 0
    for pair in pairs:
        filled += zip(range(index, pair[0]), range(place, pair[1]), strict=False)
        filled.append(pair)
        index, place = pair[0] + 1, pair[1] + 1
    return filled


def _id(item: Plain) -> str | None:
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None
