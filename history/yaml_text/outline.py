r"""Lines, columns, comments and indentation: what a splice needs besides the tree of a text.

Indexes count characters. A line ends after ``\n``; the loader refuses everything else that some
YAML reader takes for a line break. Every text here ends with one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kvartal.history.yaml_text.emit import Style
from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node, ScalarNode, walk

_WIDTHS: Final = ("step", "offset", "gap")
_COMMENT_OR_BLANK: Final = re.compile(r"([ \t]*)(#[^\n]*)?\r?\n")


def line_start(text: str, index: int) -> int:
    """Return the index of the first character of the line that holds an index."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Return the index after the line break of the line that holds an index."""
    return text.find("\n", index) + 1 or len(text)


def break_start(text: str, index: int) -> int:
    """Return the index of the line break of the line that holds an index."""
    end = line_end(text, index)
    return end - 2 if text.startswith("\r\n", end - 2) else end - 1


def column(text: str, index: int) -> int:
    """Return the column of a character, from 0."""
    return index - line_start(text, index)


def opens_line(text: str, index: int) -> bool:
    """Return whether only indentation precedes a character on its line."""
    return not text[line_start(text, index) : index].strip(" ")


def after_comments(text: str, index: int, indentation: int) -> int:
    """Return the index after the comment lines from a line start on that are indented by more.

    Such comments belong to the nested block before them.
    """
    while (found := _COMMENT_OR_BLANK.match(text, index)) and found[2]:
        if len(found[1]) <= indentation:
            break
        index = found.end()
    return index


def blanks_before(text: str, index: int) -> int:
    """Return the index of the first of the blank lines just before a line start."""
    while index and not text[(above := line_start(text, index - 1)) : index].strip():
        index = above
    return index


def blanks_after(text: str, index: int) -> int:
    """Return the index after the blank lines from a line start on."""
    while index < len(text) and not text[index : (below := line_end(text, index))].strip():
        index = below
    return index


def dashes(text: str, node: ListNode) -> list[int]:
    """Return the indexes of the dashes of a block list, one per item."""
    found = [node.start]
    indentation = column(text, node.start)
    for item in node.items[:-1]:
        index = line_end(text, item.end)
        # Only comments and blank lines can be between an item and the next dash.
        while index < len(text) and not text.startswith(" " * indentation + "-", index):
            index = line_end(text, index)
        found.append(index + indentation)
    return found


def style_around(text: str, around: Iterable[Node], *, quoted: bool) -> Style:
    """Return the layout that the nearest collections use; the default where they show none.

    Args:
        text: The text.
        around: Collections to take it from, the nearest first.
        quoted: Whether all new strings are double-quoted.
    """
    widths: dict[str, int] = {}
    for node in around:
        for name, width in _examples(text, node):
            widths.setdefault(name, width)
            if len(widths) == len(_WIDTHS):
                break
    default = Style(quoted=quoted)
    step = widths.get("step", default.step)
    offset = widths.get("offset", default.offset)
    return Style(step, offset, widths.get("gap", default.gap), quoted)


def _examples(text: str, node: Node) -> Iterator[tuple[str, int]]:
    """Yield the widths that the collections in a node use, by the attribute of Style."""
    for inner in walk(node):
        if isinstance(inner, MapNode) and not inner.flow:
            blocks = (
                (key, value)
                for key, value in inner.pairs
                if not isinstance(value, ScalarNode) and not value.flow
            )
            for key, value in blocks:
                name = "step" if isinstance(value, MapNode) else "offset"
                yield name, column(text, value.start) - column(text, key.start)
        elif isinstance(inner, ListNode) and not inner.flow:
            beside = (item for item in inner.items if not opens_line(text, item.start))
            first = next((item for item in beside if item.start < item.end), None)
            if first is not None:
                yield "gap", column(text, first.start) - column(text, inner.start)
