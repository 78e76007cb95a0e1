"""A plan as read: its text, its data, and the position of every value in the text."""

from dataclasses import dataclass

from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node, ScalarNode
from kvartal.schema.changes import PlanData, measure_index
from kvartal.schema.problems import DataPath

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
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
        return line_and_column(self.text, self._follow(path)[1].start)

    def key_position(self, path: DataPath) -> tuple[int, int]:
        """Return line and column, both from 1, of the key at the end of a path.

        A list item has no key: the position is that of the item.
        """
        key, value = self._follow(path)
        return line_and_column(self.text, value.start if key is None else key.start)

    def measure_path(self, measure: str) -> DataPath:
        """Return the path from the root to a measure.

        Raises:
            UnknownMeasure: No measure has this id.
        """
        return ("measures", measure_index(self.data, measure))

    def _follow(self, path: DataPath) -> tuple[ScalarNode | None, Node]:
        """Return the last node a path reaches, with its key if it has one."""
        key: ScalarNode | None = None
        node: Node = self.root
        for part in path:
            if isinstance(node, MapNode) and isinstance(part, str):
                pair = node.pair(part)
                if pair is None:
                    break
                key, node = pair
            elif isinstance(node, ListNode) and isinstance(part, int) and part < len(node.items):
                key, node = None, node.items[part]
            else:
                break
        return key, node


def encoded(text: str, *, bom: bool) -> bytes:
    """Return a text as the bytes of a file, with or without a byte order mark."""
    return (BOM + text if bom else text).encode()


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character of a text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
