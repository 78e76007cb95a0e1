"""Patches for mappings and lists in block style: one key or item a line, by indentation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.emit import Style
from kvartal.history.yaml_text.nodes import ListNode, MapNode, ScalarNode
from kvartal.history.yaml_text.patches import (
    FRONT,
    Descend,
    Difference,
    Notebook,
    Pair,
    paired,
    places_of_new,
    runs_of_new,
)
from kvartal.schema.problems import DataPath

_SPACED_BY_DEFAULT: Final = frozenset({("measures",)})
"""Lists whose items are parted by a blank line where the text does not show a way of its own."""


def rewrite_mapping(notes: Notebook, wanted: Difference, descend: Descend) -> bool:
    """Note what makes a block mapping mean other data, if that is possible within it."""
    node, old, new = wanted.node, wanted.old, wanted.new
    if not (isinstance(node, MapNode) and isinstance(old, dict) and isinstance(new, dict)):
        return False
    kept = [pair for pair in node.pairs if pair[0].value in new]
    places = places_of_new(kept, new, wanted.path)
    beside_dash = not outline.opens_line(notes.text, node.start)
    if not kept or (beside_dash and FRONT in places and kept[0] != node.pairs[0]):
        return False
    for key, value in kept:
        name = str(key.value)
        if not same(old[name], new[name]):
            path = (*wanted.path, name)
            _rewrite_pair(notes, key, Difference(value, old[name], new[name], path), descend)
    gone = [pair for pair in node.pairs if pair[0].value not in new]
    if gone and beside_dash and gone[0] == node.pairs[0]:
        _remove_beside_dash(notes, gone.pop(0), kept[0])
    for key, value in gone:
        start = outline.line_start(notes.text, key.start)
        notes.note(start, outline.line_end(notes.text, value.end), "")
    style, column = notes.style(), outline.column(notes.text, node.start)
    for after, names in places.items():
        blocks = (style.pair((*wanted.path, name), new[name], column) for name in names)
        _add_pairs(notes, kept, after, _indented(blocks, column))
    return True


def rewrite_list(notes: Notebook, wanted: Difference, descend: Descend) -> bool:
    """Note what makes a block list mean other data, if that is possible within it."""
    node, old, new = wanted.node, wanted.old, wanted.new
    if not (isinstance(node, ListNode) and isinstance(old, list) and isinstance(new, list)):
        return False
    pairs = paired(old, new)
    beside_dash = not outline.opens_line(notes.text, node.start)
    if not pairs or (beside_dash and pairs[0] != (0, 0)):
        return False
    rows = _Rows.of(notes.text, node, wanted.path)
    for index, place in pairs:
        if not same(old[index], new[place]):
            path = (*wanted.path, index)
            below = Difference(node.items[index], old[index], new[place], path)
            _rewrite_item(notes, rows.dashes[index], below, descend)
    kept = {index for index, _ in pairs}
    for index in range(len(old)):
        if index not in kept:
            notes.note(*rows.extent(index, leading=index < pairs[0][0]), "")
    style = notes.style()
    for after, places in runs_of_new(pairs, len(new)).items():
        blocks = [style.item((*wanted.path, at), new[at], rows.column) for at in places]
        blank = [""] if rows.spaced else []
        if after == FRONT:
            start = outline.line_start(notes.text, rows.dashes[pairs[0][0]])
            lines = _indented([block + blank for block in blocks], rows.column)
        else:
            start = rows.after(after)
            lines = [line for block in blocks for line in blank + _indented([block], rows.column)]
        notes.note_lines(start, lines)
    return True


def _rewrite_pair(notes: Notebook, key: ScalarNode, wanted: Difference, descend: Descend) -> None:
    column, style = outline.column(notes.text, key.start), notes.style()
    if not _rewrite_within(notes, wanted, descend, column + style.step):
        _replace(notes, key.start, wanted, style.pair(wanted.path, wanted.new, column))


def _rewrite_item(notes: Notebook, dash: int, wanted: Difference, descend: Descend) -> None:
    column, style = outline.column(notes.text, dash), notes.style()
    if not _rewrite_within(notes, wanted, descend, column + style.gap):
        _replace(notes, dash, wanted, style.item(wanted.path, wanted.new, column))


def _rewrite_within(notes: Notebook, wanted: Difference, descend: Descend, inside: int) -> bool:
    """Note what makes a value mean another, if its key or dash can stay.

    Args:
        notes: The notebook.
        wanted: The difference.
        descend: Goes on with a collection.
        inside: The column for lines of text.
    """
    node, new = wanted.node, wanted.new
    if not isinstance(node, ScalarNode) or isinstance(new, dict | list):
        return descend(wanted)
    style = Style(quoted=notes.quoted)
    literal = style.literal(new, inside) if style.is_literal(new) else None
    notes.note_scalar(node, new, literal)
    return True


def _replace(notes: Notebook, start: int, wanted: Difference, lines: list[str]) -> None:
    """Note that lines take the place of all from a key or a dash to the end of its value."""
    node = wanted.node
    in_block = not isinstance(node, ScalarNode) and not node.flow
    end = outline.break_start(notes.text, node.end) if in_block else node.end
    notes.note(start, end, notes.newline.join(lines))


def _add_pairs(notes: Notebook, kept: list[Pair], after: int, lines: list[str]) -> None:
    text, start = notes.text, kept[0][0].start
    column = outline.column(text, start)
    if after != FRONT:
        end = outline.line_end(text, kept[after][1].end)
        notes.note_lines(outline.after_comments(text, end, column), lines)
    elif outline.opens_line(text, start):
        notes.note_lines(outline.line_start(text, start), lines)
    else:  # beside a dash: the first key gives its place to the first of the new
        moved = [lines[0][column:], *lines[1:], " " * column]
        notes.note(start, start, notes.newline.join(moved))


def _remove_beside_dash(notes: Notebook, gone: Pair, first: Pair) -> None:
    """Note that the key beside a dash goes, and the first that stays takes its place."""
    text, start = notes.text, gone[0].start
    after = outline.line_end(text, gone[1].end)
    if not text[after : first[0].start].strip(" "):
        notes.note(start, first[0].start, "")
        return
    # Comments, or more that goes, stand between: the dash is left on a line of its own.
    line = outline.line_start(text, start)
    dash = line + len(text[line:start].rstrip(" "))
    notes.note(dash, outline.break_start(text, gone[1].end), "")


def _indented(blocks: Iterable[list[str]], column: int) -> list[str]:
    """Return the lines of blocks whose first lines still lack their indentation."""
    return [line for block in blocks for line in (" " * column + block[0], *block[1:])]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The items of a block list, with the lines that are theirs.

    Attributes:
        text: The text.
        node: The list.
        dashes: Indexes of the dashes, one an item.
        column: Column of the dashes.
        spaced: Whether a blank line parts the items.
    """

    text: str
    node: ListNode
    dashes: list[int]
    column: int
    spaced: bool

    @classmethod
    def of(cls, text: str, node: ListNode, path: DataPath) -> "_Rows":
        """Look at a list."""
        dashes = outline.dashes(text, node)
        gaps = [
            text[outline.line_end(text, item.end) : outline.line_start(text, dash)]
            for item, dash in zip(node.items, dashes[1:], strict=False)
        ]
        blank = sum(any(not line.strip() for line in gap.splitlines()) for gap in gaps)
        spaced = 2 * blank > len(gaps) if gaps else path in _SPACED_BY_DEFAULT
        return cls(text, node, dashes, outline.column(text, node.start), spaced)

    def after(self, index: int) -> int:
        """Return where lines after an item start: after the comments that belong to it."""
        end = outline.line_end(self.text, self.node.items[index].end)
        return outline.after_comments(self.text, end, self.column)

    def extent(self, index: int, *, leading: bool) -> tuple[int, int]:
        """Return where an item starts and ends, with the blank lines that part it from others.

        Args:
            index: Its index.
            leading: Whether all before it goes too: then those after it are its own, else those
                before it.
        """
        start = outline.line_start(self.text, self.dashes[index])
        end = outline.line_end(self.text, self.node.items[index].end)
        if self.spaced and leading:
            end = outline.blanks_after(self.text, end)
        elif self.spaced:
            start = max(self.after(index - 1), outline.blanks_before(self.text, start))
        return start, end
