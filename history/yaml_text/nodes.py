"""The tree of a YAML text: what stands where, in characters from the start of the text.

Own nodes rather than ruamel's: they keep the exact ends of values (ruamel's end of a block
collection is the start of whatever comes next, comments skipped) and know nothing of a parser.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

ScalarValue: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value.

    Attributes:
        start: Index of its first character; for a value left empty, where it would stand.
        end: Index after its last character. A block scalar ends before the line break of its last
            line, blank lines that are no part of the value left out.
        style: ``""`` plain, ``'`` or ``"`` quoted, ``|`` literal, ``>`` folded.
        value: What it means.
    """

    start: int
    end: int
    style: str
    value: ScalarValue

    @property
    def is_block(self) -> bool:
        """Whether it is written on lines of its own, under a header such as ``|-``."""
        return self.style in {"|", ">"}


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list.

    Attributes:
        start: Index of the first dash or of the opening bracket.
        end: Index after the last item or after the closing bracket.
        flow: Whether it is written in brackets.
        items: Its items.
    """

    start: int
    end: int
    flow: bool
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping.

    Attributes:
        start: Index of the first key or of the opening brace.
        end: Index after the last value or after the closing brace.
        flow: Whether it is written in braces.
        pairs: Its keys with their values, in the order of the text.
    """

    start: int
    end: int
    flow: bool
    pairs: tuple[tuple[ScalarNode, "Node"], ...]

    def pair(self, key: str) -> tuple[ScalarNode, "Node"] | None:
        """Return a key's node with its value's node; None when there is no such key."""
        return next((pair for pair in self.pairs if pair[0].value == key), None)


Node: TypeAlias = ScalarNode | ListNode | MapNode


def children(node: Node) -> tuple[Node, ...]:
    """Return the values a node holds directly."""
    if isinstance(node, MapNode):
        return tuple(value for _, value in node.pairs)
    return node.items if isinstance(node, ListNode) else ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
