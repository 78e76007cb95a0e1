"""Texts in a number of cells of the terminal: apart, since commands that only read load no Rich."""

from rich.cells import cell_len, set_cell_size

from kvartal.tui.presentation.elide import CUT
from kvartal.tui.presentation.sanitize import shown


def in_cells(text: str, width: int) -> str:
    """Return a text in exactly so many cells, with a sign where it is cut.

    Args:
        text: Any data.
        width: How many cells.

    >>> in_cells("ведомство", 5), in_cells("акт", 5)
    ('ведо…', 'акт  ')
    """
    text = shown(text)
    if cell_len(text) > width:
        text = f"{set_cell_size(text, max(0, width - 1)).rstrip()}{CUT}"
    return set_cell_size(text, width)
