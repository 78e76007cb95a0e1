"""A plan as read: its text, its data, and the position of every value in the text."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node, ScalarNode, ScalarValue
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import DataPath

BOM = "\ufeff"

_MANY: Final = 32
"""From how many keys on a mapping is searched by an index of its keys."""


_STRETCH: Final = 1 << 12
"""After how many characters the lines are counted again."""


@dataclass(frozen=True)  # without slots: what many positions need is computed once
class Source:
    """A plan as read from a file.

    Attributes:
        name: Name of the file, for messages.
        text: The text without a byte order mark, line breaks as they are in the file.
        bom: Whether the file begins with a byte order mark.
        root: The tree of the text.
        data: The plain data; never modified. May hold None where the text has a null, which the
            schema refuses.
    """

    name: str
    text: str
    bom: bool
    root: MapNode
    data: PlanData

    @property
    def encoded(self) -> bytes:
        """The bytes of the file."""
        return encoded(self.text, bom=self.bom)

    @property
    def newline(self) -> str:
        """The line break of most lines."""
        return "\r\n" if self.text.count("\r\n") * 2 > self.text.count("\n") else "\n"

    def position(self, path: DataPath) -> tuple[int, int]:
        """Return line and column, both from 1, of the value at a path.

        Where the path leads nowhere, the position is that of the innermost existing value on it;
        for a missing key, that is the first key of the mapping that lacks it.
        """
        return self._line_and_column(self._follow(path)[1].start)

    def key_position(self, path: DataPath) -> tuple[int, int]:
        """Return line and column, both from 1, of the key at the end of a path.

        A list item has no key: the position is that of the item.
        """
        key, value = self._follow(path)
        return self._line_and_column(value.start if key is None else key.start)

    def _follow(self, path: DataPath) -> tuple[ScalarNode | None, Node]:
        """Return the last node a path reaches, with its key if it has one."""
        key: ScalarNode | None = None
        node: Node = self.root
        for part in path:
            if isinstance(node, MapNode) and isinstance(part, str):
                pair = self._pair(node, part)
                if pair is None:
                    break
                key, node = pair
            elif isinstance(node, ListNode) and isinstance(part, int) and part < len(node.items):
                key, node = None, node.items[part]
            else:
                break
        return key, node

    def _pair(self, node: MapNode, key: str) -> tuple[ScalarNode, Node] | None:
        """Return the node of a key with that of its value, in constant time for large mappings."""
        if len(node.pairs) < _MANY:
            return node.pair(key)
        by_key = self._large_mappings.get(node.start)
        if by_key is None:
            by_key = {pair[0].value: pair for pair in node.pairs}
            self._large_mappings[node.start] = by_key
        return by_key.get(key)

    @cached_property
    def _large_mappings(self) -> dict[int, dict[ScalarValue, tuple[ScalarNode, Node]]]:
        """The pairs of large mappings by key, by where the mapping starts; filled when needed."""
        return {}

    @cached_property
    def _marks(self) -> list[tuple[int, int]]:
        """How many line breaks there are before each stretch of the text, and where the last is."""
        marks, lines, last = [], 0, -1
        for start in range(0, len(self.text) + 1, _STRETCH):
            marks.append((lines, last))
            lines += self.text.count("\n", start, start + _STRETCH)
            last = max(last, self.text.rfind("\n", start, start + _STRETCH))
        return marks

    def _line_and_column(self, index: int) -> tuple[int, int]:
        """Return what :func:`line_and_column` does, without counting from the start each time."""
        lines, last = self._marks[index // _STRETCH]
        start = index - index % _STRETCH
        lines += self.text.count("\n", start, index)
        return lines + 1, index - max(last, self.text.rfind("\n", start, index))


def encoded(text: str, *, bom: bool) -> bytes:
    """Return a text as the bytes of a file, with or without a byte order mark."""
    return (BOM + text if bom else text).encode()


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character of a text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
