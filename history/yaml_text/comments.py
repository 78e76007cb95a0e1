"""The comments of a YAML text, which are no part of its data."""

import re
from collections.abc import Iterator
from typing import Final

from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node
from kvartal.history.yaml_text.source import Source

_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


def comments(source: Source) -> Iterator[tuple[int, str]]:
    """Yield position and text of each comment.

    Args:
        source: The text with its nodes.
    """
    spans = sorted(_scalar_spans(source.root))
    at = position = 0
    while (match := _COMMENT.search(source.text, position)) is not None:
        while at < len(spans) and spans[at][1] <= match.start():
            at += 1
        if at == len(spans) or match.start() < spans[at][0]:
            yield match.start(), match[0].rstrip()
            position = match.end()
        else:
            # The sign is part of a text, and a comment may stand after it on the same line.
            position = spans[at][1]


def _scalar_spans(node: Node) -> Iterator[tuple[int, int]]:
    """Yield start and end of each key and single value in a node."""
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _scalar_spans(item)
    elif isinstance(node, MapNode):
        for key, value in node.pairs:
            yield key.start, key.end
            yield from _scalar_spans(value)
    else:
        yield node.start, node.end
