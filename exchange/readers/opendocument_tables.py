"""Tables of OpenDocument: repeated rows and columns, covered cells, typed values."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import CellValue, Grid, Paragraph, Run, ValueKind
from kvartal.exchange.readers.grid_builder import DraftCell, GridBuilder, covered_text
from kvartal.exchange.readers.opendocument_names import OFFICE, TABLE, whole
from kvartal.exchange.readers.opendocument_styles import DocumentStyles
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.errors import N_

if TYPE_CHECKING:
    from lxml.etree import _Element

ReadBlocks = Callable[["_Element", SourcePlace, Run], list[Paragraph | Grid]]
"""Reads the blocks of a cell: the cell, where it stands, an empty run in its style."""

_HEADINGS: Final = f"{TABLE}table-header-rows"
_ROW_GROUPS: Final = frozenset({_HEADINGS, f"{TABLE}table-rows", f"{TABLE}table-row-group"})
_COLUMN_GROUPS: Final = frozenset(
    f"{TABLE}{name}" for name in ("table-header-columns", "table-columns", "table-column-group")
)
_HIDDEN: Final = frozenset({"collapse", "filter"})
_DURATION: Final = re.compile(r"PT(\d{1,4})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
_KINDS: Final = {
    "boolean": ValueKind.BOOLEAN,
    "currency": ValueKind.NUMBER,
    "date": ValueKind.DATE,
    "float": ValueKind.NUMBER,
    "percentage": ValueKind.PERCENT,
    "time": ValueKind.TIME,
}
_HOURS: Final = 24


class TableReader:
    """Reads one table or sheet.

    Args:
        source: The file.
        place: Where it stands.
        styles: The document's styles.
        read_blocks: Reads the blocks of a cell.
    """

    def __init__(
        self,
        source: SourceFile,
        place: SourcePlace,
        styles: DocumentStyles,
        read_blocks: ReadBlocks,
    ) -> None:
        self._source = source
        self._place = place
        self._styles = styles
        self._read_blocks = read_blocks
        self._builder = GridBuilder(source, place)

    def read(self, table: "_Element", *, name: str, hidden: bool) -> Grid:
        """Return the table.

        Raises:
            DocumentTooLarge: It has too many rows, columns or cells.
        """
        self._builder.name, self._builder.hidden = name, hidden
        row = 0
        filled = 0
        for element, heading in _rows(table, heading=False):
            repeated = max(1, whole(element.get(f"{TABLE}number-rows-repeated"), 1))
            invisible = element.get(f"{TABLE}visibility") in _HIDDEN
            # A sheet ends with a row that repeats a million times and has nothing in it.
            if not _has_content(element):
                row += repeated
                continue
            self._builder.count_rows(row + repeated)
            for _ in range(repeated):
                self._row(element, row, heading=heading)
                if invisible:
                    self._builder.hidden_rows.add(row)
                row += 1
            filled = row
        if not self._place.sheet:
            # A table of a text keeps its empty rows: a person sees them.
            filled = row
        self._builder.count_rows(filled)
        self._builder.hidden_columns = _hidden_columns(table, self._builder.columns)
        return self._builder.build()

    def _row(self, element: "_Element", row: int, *, heading: bool) -> None:
        column = 0
        for cell in element.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            repeated = max(1, whole(cell.get(f"{TABLE}number-columns-repeated"), 1))
            covered = cell.tag == f"{TABLE}covered-table-cell"
            spans = _spans(cell)
            if not _is_filled(cell) and spans == (1, 1) and (covered or self._place.sheet):
                column += repeated
                continue
            if column + repeated > self._source.limits.columns:
                raise self._source.too_large(
                    N_("число столбцов таблицы"), self._source.limits.columns
                )
            for _ in range(repeated):
                draft = self._cell(cell, (row, column), heading=heading)
                if covered or self._builder.is_covered(row, column):
                    self._covered(draft)
                else:
                    draft.row_span, draft.column_span = self._clipped(spans)
                    self._builder.add(draft)
                column += 1

    def _clipped(self, spans: tuple[int, int]) -> tuple[int, int]:
        limits = self._source.limits
        return min(spans[0], limits.rows), min(spans[1], limits.columns)

    def _covered(self, draft: DraftCell) -> None:
        text = "\n".join(one.text for one in draft.blocks if isinstance(one, Paragraph))
        if text.strip():
            self._source.remarks.append(covered_text(draft.place, text))

    def _cell(self, cell: "_Element", at: tuple[int, int], *, heading: bool) -> DraftCell:
        row, column = at
        place = replace(self._place, row=row + 1, column=column + 1)
        style = self._styles.style("table-cell", cell.get(f"{TABLE}style-name"))
        # On a sheet the cell is indented, not its paragraphs.
        blocks = [
            replace(one, indent=one.indent + (style.indent or 0))
            if isinstance(one, Paragraph)
            else one
            for one in self._read_blocks(cell, place, style.over(Run("")))
        ]
        kind, value = typed_value(cell)
        formula = cell.get(f"{TABLE}formula", "")
        has_text = any(isinstance(one, Grid) or one.text for one in blocks)
        if formula and value is None and not has_text:
            template = N_("Формула без сохранённого значения: пересчитайте книгу и сохраните.")
            self._source.remarks.append(Remark("formula-without-value", place, template))
        return DraftCell(
            *(row, column),
            blocks=blocks,
            place=place,
            kind=kind,
            value=value,
            formula=formula,
            heading=heading,
        )


def typed_value(cell: "_Element") -> tuple[ValueKind, CellValue | None]:
    """Return the kind of a cell's value and the value behind its text."""
    kind = _KINDS.get(cell.get(f"{OFFICE}value-type", ""), ValueKind.TEXT)
    try:
        return kind, _value(cell, kind)
    except (ValueError, InvalidOperation):
        return ValueKind.TEXT, None


def _value(cell: "_Element", kind: ValueKind) -> CellValue | None:
    if kind is ValueKind.BOOLEAN:
        return cell.get(f"{OFFICE}boolean-value") == "true"
    if kind in {ValueKind.NUMBER, ValueKind.PERCENT}:
        number = Decimal(cell.get(f"{OFFICE}value", ""))
        return number if number.is_finite() else None
    if kind is ValueKind.DATE:
        text = cell.get(f"{OFFICE}date-value", "")
        stamp = datetime.fromisoformat(text)
        return stamp if "T" in text and stamp.time() != time() else date(*stamp.timetuple()[:3])
    if kind is ValueKind.TIME:
        match = _DURATION.fullmatch(cell.get(f"{OFFICE}time-value", ""))
        return time(int(match[1]) % _HOURS, int(match[2]), int(match[3])) if match else None
    return None


def _rows(parent: "_Element", *, heading: bool) -> Iterator[tuple["_Element", bool]]:
    for child in parent.iterchildren("{*}*"):
        if child.tag == f"{TABLE}table-row":
            yield child, heading
        elif child.tag in _ROW_GROUPS:
            yield from _rows(child, heading=heading or child.tag == _HEADINGS)


def _has_content(row: "_Element") -> bool:
    return any(
        _is_filled(cell) or _spans(cell) != (1, 1)
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
    )


def _is_filled(cell: "_Element") -> bool:
    """Return whether a cell has a text, a table, a value or a formula."""
    return len(cell) > 0 or any(
        cell.get(name) is not None for name in (f"{OFFICE}value-type", f"{TABLE}formula")
    )


def _spans(cell: "_Element") -> tuple[int, int]:
    return (
        max(1, whole(cell.get(f"{TABLE}number-rows-spanned"), 1)),
        max(1, whole(cell.get(f"{TABLE}number-columns-spanned"), 1)),
    )


def _hidden_columns(table: "_Element", columns: int) -> set[int]:
    hidden: set[int] = set()
    column = 0
    for element in _columns(table):
        repeated = max(1, whole(element.get(f"{TABLE}number-columns-repeated"), 1))
        if element.get(f"{TABLE}visibility") in _HIDDEN:
            hidden.update(range(column, min(column + repeated, columns)))
        column += repeated
    return hidden


def _columns(parent: "_Element") -> Iterator["_Element"]:
    for child in parent.iterchildren("{*}*"):
        if child.tag == f"{TABLE}table-column":
            yield child
        elif child.tag in _COLUMN_GROUPS:
            yield from _columns(child)
