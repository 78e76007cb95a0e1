"""The text of a plan together with what it means and where each value stands."""

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
        text: The text, line breaks as they are, without a byte order mark.
        bom: Whether the file begins with a byte order mark.
        root: The tree of the text.
        data: The plain data. Treated as immutable. May hold None where the text has a null; the
            schema refuses that.
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
        """The line break most lines end with."""
        return "\r\n" if self.text.count("\r\n") * 2 > self.text.count("\n") else "\n"

    def position(self, path: DataPath) -> tuple[int, int]:
        """Return line and column, both from 1, of the value at a path.

        Where the path leads to nothing, the place is that of the innermost value on the way which
        is there: of a missing key, the first key of the mapping that lacks it.
        """
        return place(self.text, self._follow(path)[1].start)

    def key_position(self, path: DataPath) -> tuple[int, int]:
        """Return line and column, both from 1, of the key at the end of a path.

        An item of a list has no key: the place is that of the item.
        """
        key, value = self._follow(path)
        return place(self.text, value.start if key is None else key.start)

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
    """Return the bytes of a file that holds a text, with or without a byte order mark."""
    return (BOM + text if bom else text).encode()


def place(text: str, index: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character of a text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
