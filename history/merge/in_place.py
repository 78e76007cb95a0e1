"""Lists whose items have no names, but stand in one place in every version of a chapter.

While no side has added or taken out a block or a row, the third one is the third one for both: so
two sides may change two cells of one row.
"""

from collections.abc import Sequence

from kvartal.history.merge.matching import Shape
from kvartal.schema.changes import Plain

_BLOCKS = "blocks"
_ROWS = ("table", "rows")


def are_in_place(shape: Shape, versions: Sequence[Sequence[Plain]]) -> bool:
    """Return whether an index means the same item in every version of a list.

    Args:
        shape: Where the list is in a programme: blocks of a chapter, rows of a table, cells.
        versions: The list before, ours and theirs.
    """
    if len({len(version) for version in versions}) != 1:
        return False
    if shape[-1:] == (_BLOCKS,):
        return all(len(set(kinds)) == 1 for kinds in zip(*map(_kinds, versions), strict=True))
    is_cells = shape[-3:-1] == _ROWS
    return is_cells or shape[-2:] == _ROWS


def _kinds(blocks: Sequence[Plain]) -> list[frozenset[str]]:
    """Return what each block is: a paragraph, a list or a table."""
    return [frozenset(one) if isinstance(one, dict) else frozenset() for one in blocks]
