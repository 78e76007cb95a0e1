"""The blocks of the measures in the text of a plan: cut apart, put in another order, given new ids.

A measure that only changes its place or its id keeps its lines, comments and layout with them.
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
    """A text cut at its measures, so that the parts in a row make it again.

    Attributes:
        head: What stands before the measures.
        blocks: The measures, each with the comments right above it and the blank lines below.
        tail: What stands after them.
    """

    head: str
    blocks: tuple[str, ...]
    tail: str

    @property
    def parts(self) -> tuple[str, ...]:
        """All parts in the order of the text."""
        return (self.head, *self.blocks, self.tail)


def cut(source: Source) -> Blocks:
    """Cut a text at its measures; where they stand in brackets, all of it is the head.

    Args:
        source: The plan.
    """
    text, found = source.text, source.root.pair("measures")
    if found is None or not isinstance(found[1], ListNode) or found[1].flow or source.root.flow:
        return Blocks(text, (), "")
    key, node = found[0], found[1]
    # What looks like a comment may be the end of a text that stands above it.
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
    """Return a plan whose measures have the ids that they have in other data, place by place.

    Args:
        source: The plan.
        data: The same measures in the same order, some under other ids.
    """
    rows, old = _rows(data), _rows(source.data)
    found = source.root.pair("measures")
    if len(rows) != len(old) or found is None or not isinstance(found[1], ListNode):
        return source
    patches = PatchList(source.text, source.newline)
    wanted: list[Plain] = []
    for row, now, node in zip(rows, old, found[1].items, strict=True):
        name = row.get("id") if isinstance(row, dict) else None
        pair = node.pair("id") if isinstance(node, MapNode) else None
        wanted.append(now)
        if pair is None or not isinstance(now, dict) or not isinstance(name, str):
            continue
        if now.get("id") == name or not isinstance(pair[1], ScalarNode):
            continue
        wanted[-1] = {**now, "id": name}
        if found[1].flow or (isinstance(node, MapNode) and node.flow):
            patches.replace_flow_scalar(pair[1], name)
        else:
            patches.replace_scalar(pair[1], name, None)
    return _read(source, patches.apply(), {**source.data, "measures": wanted})


def in_order(source: Source, data: PlanData) -> Source:
    """Return a plan whose measures stand in the order of other data.

    What the other data has not stays in its place.

    Args:
        source: The plan.
        data: Measures in the order wanted.
    """
    places = {_name(row): place for place, row in enumerate(_rows(data))}
    names = [_name(row) for row in _rows(source.data)]
    known = [at for at, name in enumerate(names) if name in places]
    order = list(range(len(names)))
    for at, of in zip(known, sorted(known, key=lambda each: places[names[each]]), strict=True):
        order[at] = of
    if order == sorted(order) or len(set(names)) < len(names):
        return source
    lent = "" if source.text.endswith("\n") else source.newline
    pieces = cut(Source(source.name, source.text + lent, source.bom, source.root, source.data))
    if len(pieces.blocks) != len(order):
        return source
    # The blank lines between two measures are nobody's: they stay where they are.
    bodies = [block[: outline.blanks_before(block, len(block))] for block in pieces.blocks]
    gaps = [block[len(body) :] for block, body in zip(pieces.blocks, bodies, strict=True)]
    moved = (bodies[of] + gap for of, gap in zip(order, gaps, strict=True))
    text = "".join((pieces.head, *moved, pieces.tail))
    rows = _rows(source.data)
    return _read(
        source,
        text.removesuffix(lent) if lent else text,
        {**source.data, "measures": [rows[of] for of in order]},
    )


def _with_comments(text: str, limit: int, start: int) -> int:
    """Return where the comment lines right above a line start, from a limit on."""
    while start > limit:
        above = outline.line_start(text, start - 1)
        if not text[above:start].lstrip(" ").startswith("#"):
            break
        start = above
    return start


def _read(source: Source, text: str, data: PlanData) -> Source:
    """Return a text as read; the old one where the new one does not mean what it should."""
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
