"""Reads Excel workbooks (XLSX, XLSM): each sheet a grid of what a person sees in it.

A formula gives its stored value and is never evaluated. Macros, links to other workbooks, charts
and what is printed on every page are not read.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import Grid, Paragraph, Run, SourceDocument, SourceFormat, ValueKind
from kvartal.exchange.readers.date_format import serial
from kvartal.exchange.readers.format_tokens import FormattedValue, is_date_format
from kvartal.exchange.readers.grid_builder import DraftCell, GridBuilder, covered_text
from kvartal.exchange.readers.number_format import formatted
from kvartal.exchange.readers.package import Package
from kvartal.exchange.readers.relationships import (
    ID,
    Relationship,
    part_of_kind,
    relationships,
)
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.readers.xlsx_styles import CellStyle, CellStyles, rich_text, unescaped
from kvartal.exchange.readers.xml import parse_member
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.errors import N_

if TYPE_CHECKING:
    from lxml.etree import _Element

S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TEXT_BOX: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}txBody"
_PARAGRAPH, _PIECE = f"{_DRAWING}p", f"{_DRAWING}t"
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ON: Final = frozenset({"1", "true"})
_DATE: Final = "dd.mm.yyyy"
_LINES: Final = re.compile(r"\r\n?|\n")


def read_xlsx(source: SourceFile) -> SourceDocument:
    """Return a workbook as a grid for each sheet.

    Raises:
        DocumentError: It cannot be read.
    """
    package = Package(source)
    main = part_of_kind(relationships(package), "officeDocument", package) or "xl/workbook.xml"
    workbook = parse_member(package, main)
    references = relationships(package, main)
    reader = _WorkbookReader(package, workbook, references)
    return source.document(SourceFormat.XLSX, reader.sheets())


class _WorkbookReader:
    def __init__(
        self, package: Package, workbook: "_Element", references: list[Relationship]
    ) -> None:
        self._package = package
        self._source = package.source
        self._workbook = workbook
        self._members = {one.key: one for one in references if not one.external}
        properties = workbook.find(f"{S}workbookPr")
        self._since_1904 = properties is not None and properties.get("date1904") in _ON
        styles = part_of_kind(references, "styles", package)
        self._styles = CellStyles(parse_member(package, styles) if styles else None)
        strings = part_of_kind(references, "sharedStrings", package)
        self._strings = (
            list(parse_member(package, strings).iterchildren(f"{S}si")) if strings else []
        )

    def sheets(self) -> Iterator[Grid]:
        """Yield the sheets in the order of their tabs; charts and the like are no sheets."""
        for element in self._workbook.iterfind(f"{S}sheets/{S}sheet"):
            reference = self._members.get(element.get(ID, ""))
            if reference is None or reference.kind != "worksheet":
                continue
            if not self._package.has(reference.target):
                raise self._source.damaged(N_("внутри нет нужной части"), reference.target)
            name = element.get("name", "")
            hidden = element.get("state", "visible") != "visible"
            yield self._sheet(parse_member(self._package, reference.target), name, hidden=hidden)
            if not hidden:
                self._name_what_floats(reference.target, SourcePlace(sheet=name))

    def _name_what_floats(self, sheet: str, place: SourcePlace) -> None:
        """Name the comments and the text boxes that lie over the cells of a sheet."""
        for reference in relationships(self._package, sheet):
            if reference.external or not self._package.has(reference.target):
                continue
            if reference.kind == "comments":
                root = parse_member(self._package, reference.target)
                self._source.leave_comments(sum(1 for _ in root.iter(f"{S}comment")), place)
            elif reference.kind == "drawing":
                for box in parse_member(self._package, reference.target).iter(_TEXT_BOX):
                    lines = (_text_of(one) for one in box.iter(_PARAGRAPH))
                    self._source.leave_text("\n".join(lines), place)

    def _sheet(self, sheet: "_Element", name: str, *, hidden: bool) -> Grid:
        builder = GridBuilder(self._source, SourcePlace(sheet=name), name=name, hidden=hidden)
        merged = _merged(sheet)
        drafts: list[DraftCell] = []
        row = -1
        for element in sheet.iterfind(f"{S}sheetData/{S}row"):
            row = _index(element.get("r"), row + 1)
            if element.get("hidden") in _ON:
                builder.hidden_rows.add(row)
            column = -1
            for cell in element.iterchildren(f"{S}c"):
                at = position(cell.get("r", ""))
                column = at[1] if at else column + 1
                draft = self._cell(cell, SourcePlace(sheet=name, row=row + 1, column=column + 1))
                # A workbook has millions of positions: those with nothing in them are left out.
                if draft.blocks or draft.formula or (row, column) in merged:
                    drafts.append(draft)
        rows = max((draft.row + 1 for draft in drafts if draft.blocks), default=0)
        columns = max((draft.column + 1 for draft in drafts), default=0)
        for draft in drafts:
            if draft.row < rows:
                self._add(draft, builder, merged, (rows, columns))
        builder.hidden_rows = {one for one in builder.hidden_rows if one < builder.rows}
        builder.hidden_columns = _hidden_columns(sheet, builder.columns)
        return builder.build()

    def _add(
        self,
        draft: DraftCell,
        builder: GridBuilder,
        merged: Mapping[tuple[int, int], tuple[int, int]],
        size: tuple[int, int],
    ) -> None:
        """Add a cell, with the area that it was merged with as far as the sheet is filled."""
        if builder.is_covered(draft.row, draft.column):
            text = "\n".join(one.text for one in draft.blocks if isinstance(one, Paragraph))
            if text:
                self._source.remarks.append(covered_text(draft.place, text))
            return
        rows, columns = merged.get((draft.row, draft.column), (1, 1))
        draft.row_span = max(1, min(rows, size[0] - draft.row))
        draft.column_span = max(1, min(columns, size[1] - draft.column))
        builder.add(draft)

    def _cell(self, element: "_Element", place: SourcePlace) -> DraftCell:
        draft = DraftCell(place.row - 1, place.column - 1, place=place)
        self._fill(element, draft, self._styles.style(element.get("s")))
        return draft

    def _fill(self, element: "_Element", draft: DraftCell, style: CellStyle) -> None:
        stored = element.findtext(f"{S}v")
        formula = element.find(f"{S}f")
        if formula is not None:
            draft.formula = formula.text or "="
            # Some programs write an empty value where none was worked out; a text may be empty.
            if not stored and element.get("t") != "str":
                template = N_("Формула без сохранённого значения: пересчитайте книгу и сохраните.")
                self._source.remarks.append(Remark("formula-without-value", draft.place, template))
        kind = element.get("t", "n")
        runs: list[Run] = []
        if kind == "s":
            runs = self._shared(stored, style)
        elif kind == "inlineStr":
            inline = element.find(f"{S}is")
            runs = [] if inline is None else rich_text(inline, style)
        elif stored is None:
            return
        elif kind in {"d", "n"}:
            shown = self._number(stored, kind, style)
            draft.kind, draft.value = shown.kind, shown.value
            runs = [style.run(shown.text)]
        elif kind == "b":
            draft.kind, draft.value = ValueKind.BOOLEAN, stored.strip() in _ON
            runs = [style.run("ИСТИНА" if draft.value else "ЛОЖЬ")]
        elif kind == "e":
            draft.kind = ValueKind.ERROR
            runs = [style.run(stored)]
        else:
            runs = [style.run(unescaped(stored))]
        if any(run.text for run in runs):
            draft.blocks = paragraphs(runs, draft.place, style)

    def _number(self, stored: str, kind: str, style: CellStyle) -> FormattedValue:
        """Return a number, or a date in words of ISO 8601 as strict workbooks have it."""
        if kind == "n":
            return formatted(stored, style.number_format, since_1904=self._since_1904)
        dated = is_date_format(style.number_format)
        return formatted(serial(stored) or stored, style.number_format if dated else _DATE)

    def _shared(self, stored: str | None, style: CellStyle) -> list[Run]:
        index = _index(stored, -1, first=0)
        if not 0 <= index < len(self._strings):
            raise self._source.damaged(N_("ячейка ссылается на текст, которого нет"))
        return rich_text(self._strings[index], style)


def _text_of(paragraph: "_Element") -> str:
    return "".join(one.text or "" for one in paragraph.iter(_PIECE))


def paragraphs(runs: list[Run], place: SourcePlace, style: CellStyle) -> list[Paragraph]:
    """Return the lines of a cell, a paragraph each."""
    if not any("\n" in run.text or "\r" in run.text for run in runs):
        return [Paragraph(tuple(runs), place, indent=style.indent)]
    lines: list[list[Run]] = [[]]
    for run in runs:
        for number, text in enumerate(_LINES.split(run.text)):
            if number:
                lines.append([])
            if text:
                lines[-1].append(style.with_text(run, text))
    return [Paragraph(tuple(line), place, indent=style.indent) for line in lines]


def position(reference: str) -> tuple[int, int] | None:
    """Return the row and column of a reference like `C7`, from 0; None for anything else."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _index(text: str | None, default: int, *, first: int = 1) -> int:
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > len("1048576"):
        return default
    return int(digits) - first


def _merged(sheet: "_Element") -> dict[tuple[int, int], tuple[int, int]]:
    """Return the sizes of merged areas by their first cell."""
    found = {}
    for element in sheet.iterfind(f"{S}mergeCells/{S}mergeCell"):
        first, _, last = element.get("ref", "").partition(":")
        start, end = position(first), position(last)
        if start and end:
            found[start] = (end[0] - start[0] + 1, end[1] - start[1] + 1)
    return found


def _hidden_columns(sheet: "_Element", columns: int) -> set[int]:
    found: set[int] = set()
    for element in sheet.iterfind(f"{S}cols/{S}col"):
        if element.get("hidden") in _ON or element.get("width") == "0":
            first, last = _index(element.get("min"), 0), _index(element.get("max"), 0)
            found.update(range(first, min(last + 1, columns)))
    return found
