"""Patches for mappings and lists in block style: one key or item a line, nested by indentation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.emit import Style
from kvartal.history.yaml_text.nodes import ListNode, MapNode, ScalarNode
from kvartal.history.yaml_text.patches import (
    FRONT,
    KeyValue,
    PatchList,
    RewriteNested,
    ValueChange,
    match_items,
    moved_items,
    new_items_by_predecessor,
    new_keys_by_predecessor,
)
from kvartal.schema.problems import DataPath

_SPACED_BY_DEFAULT: Final = frozenset({("measures",)})
"""Lists whose items are separated by a blank line unless the text shows otherwise."""


def rewrite_mapping(patches: PatchList, change: ValueChange, rewrite_nested: RewriteNested) -> bool:
    """Add patches that change a block mapping; False where it has to be replaced as a whole."""
    node, old, new = change.node, change.old, change.new
    if not (isinstance(node, MapNode) and isinstance(old, dict) and isinstance(new, dict)):
        return False
    kept = [pair for pair in node.pairs if pair[0].value in new]
    places = new_keys_by_predecessor(kept, new, change.path)
    beside_dash = not outline.opens_line(patches.text, node.start)
    if not kept or (beside_dash and FRONT in places and kept[0] != node.pairs[0]):
        return False
    for key, value in kept:
        name = str(key.value)
        if not same(old[name], new[name]):
            path = (*change.path, name)
            _rewrite_pair(
                patches, key, ValueChange(value, old[name], new[name], path), rewrite_nested
            )
    removed = [pair for pair in node.pairs if pair[0].value not in new]
    if removed and beside_dash and removed[0] == node.pairs[0]:
        _remove_beside_dash(patches, removed.pop(0), kept[0])
    style, column = patches.style(), outline.column(patches.text, node.start)
    for key, value in removed:
        start = outline.line_start(patches.text, key.start)
        end = outline.line_end(patches.text, value.end)
        if patches.with_comments:
            end = outline.after_comments(patches.text, end, column)
        patches.replace(start, end, "")
    for after, names in places.items():
        blocks = (style.pair((*change.path, name), new[name], column) for name in names)
        _add_pairs(patches, kept, after, _indented(blocks, column))
    return True


def rewrite_list(patches: PatchList, change: ValueChange, rewrite_nested: RewriteNested) -> bool:
    """Add patches that change a block list; False where it has to be replaced as a whole."""
    node, old, new = change.node, change.old, change.new
    if not (isinstance(node, ListNode) and isinstance(old, list) and isinstance(new, list)):
        return False
    pairs = match_items(old, new)
    beside_dash = not outline.opens_line(patches.text, node.start)
    if not pairs or (beside_dash and pairs[0] != (0, 0)):
        return False
    rows = _ListLines.of(patches.text, node, change.path)
    for index, place in pairs:
        if not same(old[index], new[place]):
            path = (*change.path, index)
            below = ValueChange(node.items[index], old[index], new[place], path)
            _rewrite_item(patches, rows.dashes[index], below, rewrite_nested)
    kept = {index for index, _ in pairs}
    moved = {} if patches.quoted else moved_items(old, new, pairs)
    for index in range(len(old)):
        if index not in kept:
            leading = index < pairs[0][0]
            whole = patches.with_comments or index in moved.values()
            patches.replace(*rows.extent(index, leading=leading, whole=whole), "")
    style = patches.style()
    for after, places in new_items_by_predecessor(pairs, len(new)).items():
        blocks = [
            rows.block(moved[at])
            if at in moved
            else style.item((*change.path, at), new[at], rows.column)
            for at in places
        ]
        blank = [""] if rows.spaced else []
        if after == FRONT:
            start = outline.line_start(patches.text, rows.dashes[pairs[0][0]])
            lines = _indented([block + blank for block in blocks], rows.column)
        else:
            start = rows.after(after)
            lines = [line for block in blocks for line in blank + _indented([block], rows.column)]
        patches.insert_lines(start, lines)
    return True


def _rewrite_pair(
    patches: PatchList, key: ScalarNode, change: ValueChange, rewrite_nested: RewriteNested
) -> None:
    column, style = outline.column(patches.text, key.start), patches.style()
    if not _rewrite_within(patches, change, rewrite_nested, column + style.step):
        _replace(patches, key.start, change, style.pair(change.path, change.new, column))


def _rewrite_item(
    patches: PatchList, dash: int, change: ValueChange, rewrite_nested: RewriteNested
) -> None:
    column, style = outline.column(patches.text, dash), patches.style()
    if not _rewrite_within(patches, change, rewrite_nested, column + style.gap):
        _replace(patches, dash, change, style.item(change.path, change.new, column))


def _rewrite_within(
    patches: PatchList, change: ValueChange, rewrite_nested: RewriteNested, inside: int
) -> bool:
    """Change a value whose key or dash stays; False where that is not possible.

    Args:
        patches: Where to add the patches.
        change: The value.
        rewrite_nested: Changes a nested collection.
        inside: The column for the lines of a literal block.
    """
    node, new = change.node, change.new
    if not isinstance(node, ScalarNode) or isinstance(new, dict | list):
        return rewrite_nested(change)
    style = Style(quoted=patches.quoted)
    literal = style.literal(new, inside) if style.is_literal(new) else None
    patches.replace_scalar(node, new, literal)
    return True


def _replace(patches: PatchList, start: int, change: ValueChange, lines: list[str]) -> None:
    """Replace everything from a key or a dash to the end of its value with lines."""
    node = change.node
    in_block = not isinstance(node, ScalarNode) and not node.flow
    end = outline.break_start(patches.text, node.end) if in_block else node.end
    patches.replace(start, end, patches.newline.join(lines))


def _add_pairs(patches: PatchList, kept: list[KeyValue], after: int, lines: list[str]) -> None:
    text, start = patches.text, kept[0][0].start
    column = outline.column(text, start)
    if after != FRONT:
        end = outline.line_end(text, kept[after][1].end)
        patches.insert_lines(outline.after_comments(text, end, column), lines)
    elif outline.opens_line(text, start):
        patches.insert_lines(outline.line_start(text, start), lines)
    else:  # beside a dash: the first new key takes the place of the first old one
        moved = [lines[0][column:], *lines[1:], " " * column]
        patches.replace(start, start, patches.newline.join(moved))


def _remove_beside_dash(patches: PatchList, removed: KeyValue, first: KeyValue) -> None:
    """Remove the key beside a dash and move the first that stays up to it."""
    text, start = patches.text, removed[0].start
    after = outline.line_end(text, removed[1].end)
    if not text[after : first[0].start].strip(" "):
        patches.replace(start, first[0].start, "")
        return
    # Comments or other removed keys are in between: the dash keeps its own line.
    line = outline.line_start(text, start)
    dash = line + len(text[line:start].rstrip(" "))
    patches.replace(dash, outline.break_start(text, removed[1].end), "")


def _indented(blocks: Iterable[list[str]], column: int) -> list[str]:
    """Return the lines of all blocks, their first lines indented too."""
    return [line for block in blocks for line in (" " * column + block[0], *block[1:])]


@dataclass(frozen=True, slots=True)
class _ListLines:
    """Which lines belong to which item of a block list.

    Attributes:
        text: The text.
        node: The list.
        dashes: Indexes of the dashes, one per item.
        column: Column of the dashes.
        spaced: Whether the items are separated by a blank line.
    """

    text: str
    node: ListNode
    dashes: list[int]
    column: int
    spaced: bool

    @classmethod
    def of(cls, text: str, node: ListNode, path: DataPath) -> "_ListLines":
        """Return the layout of a list; most gaps decide whether its items are spaced."""
        dashes = outline.dashes(text, node)
        gaps = [
            text[outline.line_end(text, item.end) : outline.line_start(text, dash)]
            for item, dash in zip(node.items, dashes[1:], strict=False)
        ]
        blank = sum(any(not line.strip() for line in gap.splitlines()) for gap in gaps)
        spaced = 2 * blank > len(gaps) if gaps else path in _SPACED_BY_DEFAULT
        return cls(text, node, dashes, outline.column(text, node.start), spaced)

    def after(self, index: int) -> int:
        """Return where to insert lines after an item: below the comments that belong to it."""
        end = outline.line_end(self.text, self.node.items[index].end)
        return outline.after_comments(self.text, end, self.column)

    def block(self, index: int) -> list[str]:
        """Return the lines of an item as they stand, the first from its dash on."""
        return self.text[self.dashes[index] : self.after(index)].splitlines()

    def extent(self, index: int, *, leading: bool, whole: bool) -> tuple[int, int]:
        """Return where to cut an item out, together with a separating blank line.

        Args:
            index: The index of the item.
            leading: Whether every item before it is removed too: then the blank lines after it go
                with it, otherwise those before it.
            whole: Whether the comments below it that belong to it go too.
        """
        start = outline.line_start(self.text, self.dashes[index])
        below = outline.line_end(self.text, self.node.items[index].end)
        end = self.after(index) if whole else below
        if self.spaced and leading:
            end = outline.blanks_after(self.text, end)
        elif self.spaced:
            start = max(self.after(index - 1), outline.blanks_before(self.text, start))
        return start, end
