"""Excel workbooks: the text that a person sees, and the value behind it."""

import io
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kvartal.exchange.grid import SourceDocument, ValueKind
from kvartal.exchange.readers.number_format import formatted
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.readers.xlsx import read_xlsx
from tests.exchange.office import packed, references, texts

CASES = Path(__file__).parent / "cases"
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read(workbook: Workbook) -> SourceDocument:
    stream = io.BytesIO()
    workbook.save(stream)
    return read_xlsx(SourceFile("план.xlsx", stream.getvalue()))


def read_sheet(rows: str, strings: str = "", after: str = "") -> SourceDocument:
    """Return a workbook of one sheet from its XML."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    data = packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": references(("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{office}"><sheets>'
            '<sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": references(
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId2", "sharedStrings", "sharedStrings.xml"),
            ),
            "xl/sharedStrings.xml": f"<sst {S}>{strings}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{rows}</sheetData>{after}"
            "</worksheet>",
        }
    )
    return read_xlsx(SourceFile("план.xlsx", data))


def test_a_real_workbook_with_merged_cells_and_what_is_hidden() -> None:
    file = CASES / "07-programma.xlsx"
    document = read_xlsx(SourceFile(file.name, file.read_bytes()))
    sheet, directory, earlier = document.grids
    assert [grid.hidden for grid in (sheet, directory, earlier)] == [False, False, True]
    assert (sorted(sheet.hidden_rows), sorted(sheet.hidden_columns)) == ([10], [4])
    number, shared, month = sheet.at(6, 0), sheet.at(9, 1), sheet.at(13, 3)
    assert number is not None
    assert shared is not None
    assert month is not None
    assert (number.text, number.value) == ("1.1", Decimal("1.1"))
    assert (shared.text, shared.row_span, str(shared.place)) == ("Обучение", 2, "Программа 2026!B9")
    assert (month.text, month.value) == ("сентябрь 2026", date(2026, 9, 1))


def test_struck_text_formats_and_lines_of_a_cell() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    old = TextBlock(InlineFont(strike=True), "до мая")
    sheet["A1"] = CellRichText(old, " до июня")
    sheet["A2"] = "снято"
    sheet["A2"].font = Font(strike=True, bold=True)
    sheet["A3"] = "первая\nвторая"
    sheet["A3"].alignment = Alignment(indent=2)
    document = read(workbook)
    first, second, third = document.grids[0].cells
    assert [(run.text, run.struck) for run in first.runs] == [("до мая", True), (" до июня", False)]
    assert second.paragraphs[0].struck
    assert second.runs[0].bold
    assert [paragraph.text for paragraph in third.paragraphs] == ["первая", "вторая"]
    assert third.paragraphs[0].indent == 2


def test_the_values_behind_texts() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    values: list[tuple[float | date | bool, str]] = [
        *((1.1, "0.00"), (0.15, "0%"), (date(2026, 7, 1), "dd.mm.yyyy"), (True, "General"))
    ]
    for row, (value, number_format) in enumerate(values, 1):
        sheet.cell(row, 1, value).number_format = number_format
    assert [(cell.text, cell.kind, cell.value) for cell in read(workbook).grids[0].cells] == [
        ("1.10", ValueKind.NUMBER, Decimal("1.1")),
        ("15%", ValueKind.PERCENT, Decimal("0.15")),
        ("01.07.2026", ValueKind.DATE, date(2026, 7, 1)),
        ("ИСТИНА", ValueKind.BOOLEAN, True),
    ]


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = date(2026, 7, 1)
    sheet["A1"].number_format = "dd.mm.yyyy"
    assert read(workbook).grids[0].cells[0].text == "01.07.2026"


def test_a_formula_gives_its_stored_value_and_is_never_evaluated() -> None:
    document = read_sheet(
        '<row r="1"><c r="A1"><f>SUM(B1:B9)</f><v>45</v></c>'
        '<c r="B1" t="str"><f>"а"&amp;"б"</f><v>аб</v></c><c r="C1"><f>NOW()</f></c></row>'
    )
    assert [(cell.text, cell.formula) for cell in document.grids[0].cells] == [
        ("45", "SUM(B1:B9)"),
        ("аб", '"а"&"б"'),
        ("", "NOW()"),
    ]
    (remark,) = document.remarks
    assert (remark.code, str(remark.place)) == ("formula-without-value", "Лист1!C1")
    empty = read_sheet(
        '<row r="1"><c r="A1"><f>1+1</f><v></v></c><c r="B1" t="str"><f>""</f><v></v></c></row>'
    )
    assert [str(one.place) for one in empty.remarks] == ["Лист1!A1"]


def test_a_date_in_words_of_iso_8601() -> None:
    document = read_sheet('<row><c t="d"><v>2026-07-01T00:00:00</v></c></row>')
    assert document.grids[0].cells[0].text == "01.07.2026"


def test_shared_strings_lose_their_pronunciation_and_escapes() -> None:
    document = read_sheet(
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>',
        "<si><t>два_x000D_\nряда</t></si><si><r><t>жир</t></r><r><rPr><b/></rPr><t>ный</t></r>"
        "<rPh><t>лишнее</t></rPh></si>",
    )
    assert texts(document.grids[0]) == [("два\nряда", "жирный")]


def test_what_lies_over_the_cells_is_named() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("План")
        sheet.write(0, 0, "Мероприятие")
        sheet.write_comment(0, 0, "уточнить")
        sheet.insert_textbox(2, 2, "УТВЕРЖДАЮ\nдиректор")
    document = read_xlsx(SourceFile("план.xlsx", stream.getvalue()))
    said = {one.code: (str(one.place), *one.fields.values()) for one in document.remarks}
    assert said == {
        "comments-left-out": ("лист «План»", 1),
        "text-left-out": ("лист «План»", "УТВЕРЖДАЮ\nдиректор"),
    }


def test_merged_areas_end_with_the_sheet_and_covered_texts_are_reported() -> None:
    document = read_sheet(
        '<row r="1"><c r="A1" t="str"><v>общая</v></c><c r="B1" t="str"><v>под ней</v></c></row>'
        '<row r="2"><c r="C2" t="str"><v>край</v></c></row>',
        after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    )
    (grid,) = document.grids
    assert (grid.rows, grid.columns) == (1, 1)
    assert [remark.code for remark in document.remarks] == ["covered-cell", "covered-cell"]


@pytest.mark.parametrize(
    ("stored", "number_format", "text"),
    [
        ("1.1000000000000001", "General", "1.1"),
        ("1234567.5", "#,##0.00", "1\u00a0234\u00a0567.50"),
        ("-5", "0;(0)", "(5)"),
        ("0", '0;-0;"нет"', "нет"),
        ("5", '0" шт."', "5 шт."),
        ("12", r'_-* #,##0.00\ "₽"_-;\-* #,##0.00\ "₽"_-', "12.00 ₽"),
        ("46266", "[$-FC19]dd mmmm yyyy", "01 сентября 2026"),
        ("46266", '[$-419]d mmmm yyyy" г.";@', "1 сентября 2026 г."),
        ("46266", "[$-409]mmmm yyyy", "September 2026"),
        ("46266", "dd.mm.yyyy;@", "01.09.2026"),
        ("1.5", "[h]:mm", "36:00"),
        ("1e300", "0.00", "1e300"),
        ("-1", "dd.mm.yyyy", "-1"),
    ],
)
def test_number_formats(stored: str, number_format: str, text: str) -> None:
    assert formatted(stored, number_format).text == text


def test_the_day_that_never_was_and_times_without_a_day() -> None:
    assert formatted("61", "dd.mm.yyyy").value == date(1900, 3, 1)
    assert formatted("59", "dd.mm.yyyy").value == date(1900, 2, 28)
    assert formatted("0.5", "h:mm").value == time(12)
    assert formatted("46266.5", "dd.mm.yyyy h:mm").text == "01.09.2026 12:00"
