"""The titles of parts that stand in one row with the money of the part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.grid import GridCell
from kvartal.exchange.tables.headings import NUMBER, OF_TERM, WORK
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.numbered_titles import level_number, numbered_title
from kvartal.exchange.tables.row_cells import cells_with_columns
from kvartal.exchange.tables.texts import cell_text

_MONEY: Final = "budget."


@dataclass(frozen=True, slots=True)
class TitleWithSums:
    """The cells of a row that may be the title of a part.

    Attributes:
        title: The cell of the title, perhaps after that of its number.
        sums: The cells with money.
        others: The cells with anything else.
        is_sure: Whether it is no measure, whatever stands below it.
    """

    title: tuple[GridCell, ...]
    sums: tuple[GridCell, ...]
    others: tuple[GridCell, ...] = ()
    is_sure: bool = True


def title_with_sums(
    table: SourceTable, row: int, filled: Sequence[GridCell], is_bold: Callable[[GridCell], bool]
) -> TitleWithSums | None:
    """Return the title that a row is although it says more; None where it is no title.

    A title over the columns of the term leaves no room for one: «Раздел 1. Дороги», then its sums.
    A number and a work with nothing but sums may be a title: what stands below them tells.

    Args:
        table: The table.
        row: The row, from 0.
        filled: The cells that begin in it and say anything.
        is_bold: Whether a cell looks like a title.
    """
    of_money = {one.index for one in table.columns if one.field.startswith(_MONEY)}
    count = sum(one.column not in of_money for one in filled)
    # Most rows are measures, which say more.
    is_measure = not filled or (filled[0].column_span == 1 and count != 2)  # noqa: PLR2004 - number and title
    if is_measure or table.printed is not None:
        return None
    fields = {
        cell.column: [one.field for one in columns]
        for cell, columns in cells_with_columns(table, row)
        if cell.row == row
    }
    sums = tuple(one for one in filled if _are_money(fields[one.column]))
    stated = [one for one in filled if one not in sums]
    if not stated or not (sums or stated[1:]):
        return None
    first, *others = stated
    if _is_over_term(table, fields[first.column]):
        named = numbered_title(cell_text(first), is_sure=True)
        if named is None and (others or not is_bold(first)):
            return None
        # «2. Ярмарка», then who holds it, may as well be a measure whose term is missing.
        is_sure = not others or is_bold(first) or bool(named and named[2])
        return TitleWithSums((first,), sums, tuple(others), is_sure=is_sure)
    number = level_number(cell_text(first)) if fields[first.column] == [NUMBER] else None
    if len(others) != 1 or number is None or not sums:
        return None
    of_title = fields[others[0].column]
    is_title = _is_over_term(table, of_title) or WORK.issuperset(of_title)
    return TitleWithSums((first, *others), sums, is_sure=bool(number[1])) if is_title else None


def _are_money(fields: Sequence[str]) -> bool:
    return all(one.startswith(_MONEY) for one in fields)


def _is_over_term(table: SourceTable, fields: Sequence[str]) -> bool:
    """Return whether a cell stands in the columns of the work and of the whole term."""
    of_term = {one.field for one in table.columns if one.field in OF_TERM}
    return bool(of_term) and of_term <= {*fields} and bool(WORK & {*fields})
