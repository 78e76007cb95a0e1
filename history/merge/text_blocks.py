"""The blocks of the measures in the text of a plan: split, reordered, given new ids.

A measure that only changes its position or its id keeps its lines, with comments and layout.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.nodes import ListNode, MapNode, ScalarNode
from kvartal.history.yaml_text.patches import PatchList
from kvartal.history.yaml_text.source import Source, encoded
from kvartal.schema.changes import Plain, PlanData


@dataclass(frozen=True, slots=True)
class Blocks:
    """A text split at its measures; the concatenated parts are the text.

    Attributes:
        head: The text before the measures.
        blocks: The measures, each with the comments right above it and the blank lines below.
        tail: The text after them.
    """

    head: str
    blocks: tuple[str, ...]
    tail: str

    @property
    def parts(self) -> tuple[str, ...]:
        """All parts in the order of the text."""
        return (self.head, *self.blocks, self.tail)


def split_blocks(source: Source) -> Blocks:
    """Split a text at its measures; where they are in flow style, all of it is the head."""
    text, pair = source.text, source.root.pair("measures")
    if pair is None or not isinstance(pair[1], ListNode) or pair[1].flow or source.root.flow:
        return Blocks(text, (), "")
    key, node = pair[0], pair[1]
    # What looks like a comment may be the end of a multi-line text above it.
    above = (key, *node.items[:-1])
    limits = [outline.line_end(text, one.end) for one in above]
    starts = [
        _with_comments(text, limit, outline.line_start(text, dash))
        for limit, dash in zip(limits, outline.dashes(text, node), strict=True)
    ]
    ends = [*starts[1:], outline.line_end(text, node.end)]
    blocks = (text[start:end] for start, end in zip(starts, ends, strict=True))
    return Blocks(text[: starts[0]], tuple(blocks), text[ends[-1] :])


def with_ids(source: Source, data: PlanData) -> Source:
    """Return a plan whose measures have the ids of other data.

    Args:
        source: The plan.
        data: The same measures in the same order, some with different ids.
    """
    rows, old = _rows(data), _rows(source.data)
    measures = source.root.pair("measures")
    if len(rows) != len(old) or measures is None or not isinstance(measures[1], ListNode):
        return source
    patches = PatchList(source.text, source.newline)
    wanted: list[Plain] = []
    for row, current, node in zip(rows, old, measures[1].items, strict=True):
        name = row.get("id") if isinstance(row, dict) else None
        pair = node.pair("id") if isinstance(node, MapNode) else None
        wanted.append(current)
        if pair is None or not isinstance(current, dict) or not isinstance(name, str):
            continue
        if current.get("id") == name or not isinstance(pair[1], ScalarNode):
            continue
        wanted[-1] = {**current, "id": name}
        if measures[1].flow or (isinstance(node, MapNode) and node.flow):
            patches.replace_flow_scalar(pair[1], name)
        else:
            patches.replace_scalar(pair[1], name, None)
    return _read(source, patches.apply(), {**source.data, "measures": wanted})


def in_order(source: Source, data: PlanData) -> Source:
    """Return a plan whose measures are in the order of other data.

    Measures that the other data lacks keep their position.

    Args:
        source: The plan.
        data: The measures in the wanted order.
    """
    positions = {_name(row): position for position, row in enumerate(_rows(data))}
    names = [_name(row) for row in _rows(source.data)]
    known = [at for at, name in enumerate(names) if name in positions]
    order = list(range(len(names)))
    by_position = sorted(known, key=lambda index: positions[names[index]])
    for at, old in zip(known, by_position, strict=True):
        order[at] = old
    if order == sorted(order) or len(set(names)) < len(names):
        return source
    added = "" if source.text.endswith("\n") else source.newline
    parts = split_blocks(
        Source(source.name, source.text + added, source.bom, source.root, source.data)
    )
    if len(parts.blocks) != len(order):
        return source
    # The blank lines between two measures belong to neither: they stay where they are.
    bodies = [block[: outline.blanks_before(block, len(block))] for block in parts.blocks]
    gaps = [block[len(body) :] for block, body in zip(parts.blocks, bodies, strict=True)]
    moved = (bodies[old] + gap for old, gap in zip(order, gaps, strict=True))
    text = "".join((parts.head, *moved, parts.tail))
    rows = _rows(source.data)
    return _read(
        source,
        text.removesuffix(added) if added else text,
        {**source.data, "measures": [rows[old] for old in order]},
    )


def _with_comments(text: str, limit: int, start: int) -> int:
    """Return where the comment lines right above a line start, not before a limit."""
    while start > limit:
        above = outline.line_start(text, start - 1)
        if not text[above:start].lstrip(" ").startswith("#"):
            break
        start = above
    return start


def _read(source: Source, text: str, data: PlanData) -> Source:
    """Return a text as parsed; the old source where the text does not mean the data."""
    if text == source.text:
        return source
    try:
        result = load(encoded(text, bom=source.bom), source.name)
    except UnreadablePlan:
        return source
    return result if same(result.data, data) else source


def _rows(data: PlanData) -> Sequence[Plain]:
    rows = data.get("measures")
    return rows if isinstance(rows, list) else []


def _name(row: Plain) -> str:
    return str(row.get("id")) if isinstance(row, dict) else ""
