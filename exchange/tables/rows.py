"""What the rows of a table of measures are: measures, titles of its parts, and what is skipped."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from kvartal.exchange.grid import GridCell
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.corrected_text import corrections
from kvartal.exchange.tables.headings import NUMBER, WORK, is_of_quarters
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.numbered_titles import (
    begins_with_number,
    level_number,
    numbered_title,
)
from kvartal.exchange.tables.programme import SourcePart
from kvartal.exchange.tables.row_cells import row_cells
from kvartal.exchange.tables.row_kinds import MeasureRow, PartRow, Row, TotalRow
from kvartal.exchange.tables.skipped_rows import TOTAL_CODE, hidden_row, skipped
from kvartal.exchange.tables.texts import (
    cell_text,
    clean,
    deleted_text,
    error_text,
    is_dash,
    struck_text,
)
from kvartal.exchange.tables.titles_with_sums import title_with_sums
from kvartal.schema.errors import N_

CELL_ERROR: Final = N_("Вместо значения в ячейке ошибка формулы «{text}»: не взята.")


def rows(table: SourceTable) -> Iterator[Row]:
    """Yield what each row of a table is; a row that is skipped, as a remark that names it."""
    for row in range(table.first_row, table.grid.rows):
        if row in table.grid.hidden_rows:
            yield hidden_row(table, row)
        else:
            yield from _row(table, row)


def _row(table: SourceTable, row: int) -> Iterator[Row]:
    grid = table.grid
    cells = [cell for one in table.columns if (cell := grid.at(row, one.index)) is not None]
    own = list(dict.fromkeys(cell for cell in cells if cell.row == row))
    texts = [text for cell in own if (text := cell_text(cell))]
    place = own[0].place if own else grid.place
    deleted = [text for cell in own if (text := deleted_text(cell))]
    if row in grid.deleted_rows or (deleted and not texts):
        template = N_("Строка «{text}» удалена при рецензировании: пропущена.")
        yield Remark("row-deleted", place, template, {"text": " | ".join(deleted)})
    elif not texts:
        if errors := list(filter(None, map(error_text, own))):
            yield Remark("cell-error", place, CELL_ERROR, {"text": " | ".join(errors)})
        elif any(clean(cell.text) for cell in own):
            template = N_("Строка «{text}» зачёркнута целиком: пропущена.")
            struck = " | ".join(filter(None, map(struck_text, own)))
            yield Remark("row-struck", place, template, {"text": struck})
        else:
            for cell in own:
                yield from corrections(cell)
    elif (skip := skipped(table, row, texts)) is not None:
        code, template = skip
        shown = " | ".join(texts)
        if code == TOTAL_CODE:
            yield TotalRow(_measure(table, row, place).cells, shown, place)
        else:
            yield Remark(code, place, template, {"text": shown})
    elif (part := _part(table, row, own, place)) is not None:
        corrected = chain.from_iterable(map(corrections, own))
        yield replace(part, remarks=(*part.remarks, *corrected))
    else:
        yield _measure(table, row, place)


def _part(
    table: SourceTable, row: int, own: Sequence[GridCell], place: SourcePlace
) -> PartRow | None:
    """Return the title that a row is: one text over the table's width, perhaps with its number."""
    filled = [cell for cell in own if cell_text(cell)]
    if any(column.field in {"section.title", "channel.title"} for column in table.columns):
        return None
    if _is_below_work(table, row):
        return None
    bookmarks = tuple(name for cell in own for name in cell.bookmarks)
    known = _known_part(table, row, filled)
    if known is not None:
        style = _style(filled[-1])
        return PartRow(known.number, known.title, place, style, bookmarks, known=known)
    is_single = len(filled) == 1 and _may_be_title(table, filled[0])
    if is_single and _is_alone(table, row, filled[0]) and not _is_step(table, filled[0]):
        return _title(table, filled[0], place, bookmarks)
    if len(filled) == 2 and _is_alone(table, row, filled[1]):  # noqa: PLR2004 - number and title
        number = level_number(cell_text(filled[0]))
        if number is not None and _fits_no_measure(table, filled[1]):
            style = _style(filled[1])
            is_plain = filled[1].column_span == 1 and style[1:] == (True, True)
            is_counted = not number[1] and number[0].replace(".", "").isdecimal()
            may_be_measure = is_plain and is_counted
            return PartRow(
                *(number[0], cell_text(filled[1]), place, style, bookmarks),
                word=number[1].capitalize(),
                measure=_measure(table, row, place) if may_be_measure else None,
            )
    return _part_with_sums(table, row, filled, place)


def _part_with_sums(
    table: SourceTable, row: int, filled: Sequence[GridCell], place: SourcePlace
) -> PartRow | None:
    """Return the title that a row is beside the money of the part and what else it says."""
    found = title_with_sums(table, row, filled, lambda one: _style(one)[1:] != (True, True))
    if found is None:
        return None
    title = cell_text(found.title[-1])
    numbered = level_number(cell_text(found.title[0])) if len(found.title) > 1 else None
    number, word = numbered or ("", "")
    if numbered is None:
        number, title, word = numbered_title(title, is_sure=True) or ("", title, "")
    template = N_("«{text}» в строке раздела не взято: у раздела такого поля нет.")
    left = (
        Remark("cell-left-out", one.place, template, {"text": cell_text(one)})
        for one in found.others
        if not is_dash(cell_text(one))
    )
    measure = _measure(table, row, place)
    text = " | ".join(map(cell_text, filled))
    return PartRow(
        *(number, title, place, _style(found.title[-1])),
        bookmarks=measure.bookmarks,
        word=word.capitalize(),
        measure=None if found.is_sure else measure,
        total=TotalRow(measure.cells, text, place) if found.sums else None,
        remarks=tuple(left),
    )


def _title(
    table: SourceTable, cell: GridCell, place: SourcePlace, bookmarks: tuple[str, ...]
) -> PartRow | None:
    """Return the title that a text which stands alone is; None where it is a bare number."""
    text = cell_text(cell)
    named = numbered_title(text)
    if table.printed is not None and cell.column_span == 1 and not begins_with_number(text):
        # A measure of a copy that has nothing but its number in the printed columns.
        return None
    number, title, word = named or ("", text, "")
    return PartRow(number, title, place, _style(cell), bookmarks, word=word.capitalize())


def _known_part(table: SourceTable, row: int, filled: Sequence[GridCell]) -> SourcePart | None:
    """Return the part of the programme that a row of a copy of our own export opens."""
    if table.printed is None or not 0 < len(filled) <= 2:  # noqa: PLR2004 - number and title
        return None
    if not _is_alone(table, row, filled[-1]):
        return None
    return table.printed.part_of(*map(cell_text, filled))


def _may_be_title(table: SourceTable, cell: GridCell) -> bool:
    """Return whether a text stands where titles do, and not in a column such as the term's."""
    fields = {one.index: one.field for one in table.columns}
    is_first = cell.column == table.columns[0].index
    return is_first or cell.column_span > 1 or fields.get(cell.column, "") in {NUMBER, *WORK, ""}


def _is_step(table: SourceTable, cell: GridCell) -> bool:
    """Return whether a text that stands alone goes on with the actions of the row above."""
    fields = {one.index: one.field for one in table.columns}
    numbered = [index for index, name in fields.items() if name == NUMBER]
    _, is_plain, is_light = _style(cell)
    is_first = cell.row == table.first_row or not numbered or cell.column <= numbered[0]
    is_single = cell.column_span == 1 and fields.get(cell.column) == "actions"
    return is_single and not is_first and is_plain and is_light


def _is_below_work(table: SourceTable, row: int) -> bool:
    """Return whether the number or the work of a row is one that began above it."""
    cells = (table.grid.at(row, one.index) for one in table.columns if one.field in {NUMBER, *WORK})
    return any(cell is not None and cell.row < row and cell_text(cell) for cell in cells)


def _is_alone(table: SourceTable, row: int, cell: GridCell) -> bool:
    """Return whether nothing stands to the right of a cell, not even a cell from above."""
    right = [one.index for one in table.columns if one.index >= cell.column + cell.column_span]
    return not any(clean(other.text) for index in right if (other := table.grid.at(row, index)))


def _fits_no_measure(table: SourceTable, cell: GridCell) -> bool:
    """Return whether a text beside a number alone is a title: a measure says more of itself."""
    fields = {one.field for one in table.columns if one.index >= cell.column}
    return bool(fields & WORK) and len(table.columns) > 2  # noqa: PLR2004 - a number and a text


def _style(cell: GridCell) -> tuple[float, bool, bool]:
    letters = [letter for letter in cell_text(cell) if letter.isalpha()]
    is_capital = bool(letters) and all(letter.isupper() for letter in letters)
    is_bold = any(run.bold for run in cell.runs if run.text.strip())
    indent = min((paragraph.indent for paragraph in cell.paragraphs), default=0.0)
    return indent, not is_capital, not is_bold


def _measure(table: SourceTable, row: int, place: SourcePlace) -> MeasureRow:
    found = row_cells(table, row)
    bookmarks = tuple(name for cell in table.grid.row(row) for name in cell.bookmarks)
    marks = tuple(name for at, name in table.grid.bookmarks if at == row)
    hidden = tuple(
        clean(cell.text) for at in table.grid.hidden_columns if (cell := table.grid.at(row, at))
    )
    return MeasureRow(
        *(found.cells, found.others, row, place),
        bookmarks=(*marks, *bookmarks, *hidden),
        nameless=tuple(found.nameless),
        columns=frozenset(column.field for column in table.columns),
        is_copy=table.printed is not None,
        period=table.period,
        is_in_quarters=any(
            column.field == "term" and is_of_quarters(column.heading) for column in table.columns
        ),
        is_number_covered=found.is_number_covered,
    )
