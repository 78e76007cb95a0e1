"""Replacements in the text of a plan: collected one by one, applied at once.

Also what both styles of YAML need to plan them: which items of a list are the same ones, and after
which of the old keys or items the new ones go.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kvartal.history.diff.matching import aligned, increasing, same
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.emit import Style, restyled
from kvartal.history.yaml_text.nodes import Node, ScalarNode, ScalarValue
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.description import key_order
from kvartal.schema.problems import DataPath

_BLOCK_HEADER: Final = re.compile(r"[|>][-+0-9]*")

FRONT: Final = -1
"""In place of the index of a predecessor: before all the old keys or items."""

KeyValue: TypeAlias = tuple[ScalarNode, Node]
"""The node of a key with the node of its value."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A replacement of the characters from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    text: str


class OverlappingPatches(Exception):
    """Two patches replace the same characters. Caught by the splice, never shown."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value in the text and the one that replaces it.

    Attributes:
        node: The node of the old value.
        old: The old value.
        new: The new value.
        path: The path from the root to the value.
    """

    node: Node
    old: Plain
    new: Plain
    path: DataPath


RewriteNested: TypeAlias = Callable[[ValueChange], bool]
"""Adds patches that change a nested collection; False where it has to be replaced as a whole."""


@dataclass(slots=True)
class PatchList:
    """The patches collected for a text.

    Attributes:
        text: The text; ends with a line break.
        newline: The line break for new lines.
        quoted: Whether all new strings are double-quoted.
        with_comments: Whether the comments that belong to what is removed go too.
        ancestors: The collections that are being rewritten, the innermost last.
    """

    text: str
    newline: str
    quoted: bool = False
    with_comments: bool = False
    ancestors: list[Node] = field(default_factory=list)
    _patches: list[Patch] = field(default_factory=list)

    def replace(self, start: int, end: int, text: str) -> None:
        """Add a replacement. Of two insertions at one index the first added comes first."""
        self._patches.append(Patch(start, end, text))

    def __len__(self) -> int:
        return len(self._patches)

    def truncate(self, count: int) -> None:
        """Drop all patches but the first ``count``."""
        del self._patches[count:]

    def apply(self) -> str:
        """Return the text with the patches applied.

        Raises:
            OverlappingPatches: Two patches replace the same characters.
        """
        parts, done = [], 0
        for patch in sorted(self._patches, key=lambda patch: (patch.start, patch.end)):
            if patch.start < done:
                raise OverlappingPatches
            parts += [self.text[done : patch.start], patch.text]
            done = patch.end
        return "".join([*parts, self.text[done:]])

    def style(self) -> Style:
        """Return the layout for new lines, taken from the nearest existing ones."""
        return outline.style_around(self.text, reversed(self.ancestors), quoted=self.quoted)

    def insert_lines(self, index: int, lines: list[str]) -> None:
        """Insert whole lines before the line that starts at an index."""
        self.replace(index, index, "".join(line + self.newline for line in lines))

    def replace_scalar(
        self, node: ScalarNode, value: ScalarValue, literal: list[str] | None
    ) -> None:
        """Replace a scalar in block style.

        A comment on the line of the value, or of the header of its block, stays.

        Args:
            node: The scalar that is there.
            value: The new value.
            literal: The lines of the new value if it is written as a literal block, header first.
        """
        written = self.text[node.start : node.end]
        style = Style(quoted=self.quoted)
        head, *lines = literal or [restyled(node, written, value, style, flow=False)]
        header = _BLOCK_HEADER.match(written) if node.is_block else None
        if header:
            self.replace(node.start, node.start + header.end(), head)
            below = outline.break_start(self.text, node.start)
            self.replace(below, node.end, "".join(self.newline + line for line in lines))
            return
        self._replace_in_place(node, head)
        if lines:
            self.insert_lines(outline.line_end(self.text, node.end), lines)

    def replace_flow_scalar(self, node: ScalarNode, value: ScalarValue) -> None:
        """Replace a scalar within brackets or braces."""
        written = self.text[node.start : node.end]
        style = Style(quoted=self.quoted)
        self._replace_in_place(node, restyled(node, written, value, style, flow=True))

    def _replace_in_place(self, node: ScalarNode, written: str) -> None:
        missing = node.start == node.end and not self.text[node.start - 1].isspace()
        self.replace(node.start, node.end, " " + written if missing else written)

    def strip_final_break(self, node: ScalarNode) -> None:
        """Give a block scalar the strip indicator, ``-``: no final line break, whatever follows."""
        header = _BLOCK_HEADER.match(self.text, node.start)
        if header and "-" not in header[0]:
            self.replace(node.start, header.end(), header[0].replace("+", "") + "-")


def new_keys_by_predecessor(
    kept: Sequence[KeyValue], new: dict[str, Plain], path: DataPath
) -> dict[int, list[str]]:
    """Return the keys to add, grouped by the key they go after, each group in schema order.

    A new key goes after the last of the kept keys that precede it in the order of the schema.

    Args:
        kept: The keys and values that stay, in the order of the text.
        new: The new mapping.
        path: The path to the mapping.

    Returns:
        New keys by the index in ``kept`` of their predecessor, or FRONT.
    """
    order = {key: rank for rank, key in enumerate(key_order(path))}
    ranks = [order.get(str(key.value), len(order)) for key, _ in kept]
    kept_names = {str(key.value) for key, _ in kept}
    added: dict[int, list[str]] = {}
    for name in sorted(new.keys() - kept_names, key=lambda key: (order.get(key, len(order)), key)):
        rank = order.get(name, len(order))
        before = [index for index, other in enumerate(ranks) if other <= rank]
        added.setdefault(before[-1] if before else FRONT, []).append(name)
    return added


def match_items(old: list[Plain], new: list[Plain]) -> list[tuple[int, int]]:
    """Return which old item becomes which new one, as pairs of indexes; both indexes ascend.

    Items with ids are matched by id alone; others by equality, and what lies between two equal
    ones by position.
    """
    ids = {_id(item): index for index, item in enumerate(new)}
    if None in ids or not ids:
        return _fill_gaps([*aligned(old, new), (len(old), len(new))])[:-1]
    both = [(index, ids[_id(item)]) for index, item in enumerate(old) if _id(item) in ids]
    return [both[each] for each in increasing([new_index for _, new_index in both])]


def moved_items(
    old: Sequence[Plain], new: Sequence[Plain], pairs: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Return the old index of each new item that only stands in another place now.

    Args:
        old: The old items.
        new: The new items.
        pairs: Those that stay where they are, as old index and new index.
    """
    kept, placed = {index for index, _ in pairs}, {at for _, at in pairs}
    left_over = [index for index in range(len(old)) if index not in kept]
    found: dict[int, int] = {}
    for at, item in enumerate(new):
        index = next((one for one in left_over if at not in placed and same(old[one], item)), None)
        if index is not None:
            left_over.remove(index)
            found[at] = index
    return found


def in_former_order(old: PlanData, new: PlanData) -> PlanData | None:
    """Return new data with its measures in the order that they had; None where they have it."""
    before, after = old.get("measures"), new.get("measures")
    if not (isinstance(before, list) and isinstance(after, list)):
        return None
    there = {_id(item): item for item in after}
    names = [_id(item) for item in before]
    if None in there or len(there) != len(after) or len(set(names)) != len(names):
        return None
    ordered = [name for name in names if name in there]
    known, place = set(ordered), 0
    for item in after:
        name = _id(item)
        if name in known:
            place = ordered.index(name) + 1
        else:
            ordered.insert(place, name)
            place += 1
    if ordered == [*there]:
        return None
    return {**new, "measures": [there[name] for name in ordered]}


def new_items_by_predecessor(pairs: Sequence[tuple[int, int]], length: int) -> dict[int, list[int]]:
    """Return the indexes of added items by the old index of the item they go after, or FRONT.

    Args:
        pairs: The items that stay, as old index and new index.
        length: The length of the new list.
    """
    added: dict[int, list[int]] = {}
    old_index = {new: old for old, new in pairs}
    after = FRONT
    for index in range(length):
        if index in old_index:
            after = old_index[index]
        else:
            added.setdefault(after, []).append(index)
    return added


def _fill_gaps(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs, with what lies between two of them paired by position."""
    filled: list[tuple[int, int]] = []
    old = new = 0
    for pair in pairs:
        filled += zip(range(old, pair[0]), range(new, pair[1]), strict=False)
        filled.append(pair)
        old, new = pair[0] + 1, pair[1] + 1
    return filled


def _id(item: Plain) -> str | None:
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None
