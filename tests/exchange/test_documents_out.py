"""Documents as they are written: styles, templates, languages, hostile and very long texts."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import icalendar
import lxml.html
import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from kvartal.exchange.calendar_events import remaining
from kvartal.exchange.errors import DocumentUnreadable
from kvartal.exchange.importing.hidden import NAMESPACE
from kvartal.exchange.reports.blocks import (
    ChartBlock,
    CoverBlock,
    Heading,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.reports.overdue_report import overdue_report
from kvartal.exchange.writers.calendar_writer import CalendarEvent, event_uid, write_calendar
from kvartal.exchange.writers.csv_writer import write_csv
from kvartal.exchange.writers.docx_parts import bookmark
from kvartal.exchange.writers.docx_template import (
    PLACEHOLDER,
    NamesUnknown,
    PlaceholderEnclosed,
    TemplateUnusable,
)
from kvartal.exchange.writers.docx_writer import write_docx
from kvartal.exchange.writers.html_writer import write_html
from kvartal.exchange.writers.layout import broadest_letters, column_widths
from kvartal.exchange.writers.markdown import write_markdown
from kvartal.exchange.writers.text_writer import write_text
from kvartal.exchange.writers.xlsx_cells import LONGEST_TEXT, RowTooLow, TextCut
from kvartal.exchange.writers.xlsx_writer import write_xlsx
from kvartal.schema.errors import untranslated
from kvartal.schema.reading import read_plan
from kvartal.tui.i18n import translator
from tests.exchange.exported import (
    CYRILLIC,
    DAY,
    ROOT,
    SEED,
    as_docx,
    as_xlsx,
    data_of,
    report_of,
)
from tests.exchange.writings import WRITTEN, golden_file, written

if TYPE_CHECKING:
    from kvartal.schema.changes import PlanData


@pytest.mark.parametrize("name", WRITTEN)
def test_a_report_is_written_as_its_golden_file_says(name: str) -> None:
    assert written(name) == golden_file(name).read_text("utf-8")


def _style(paragraph: Any) -> str:  # noqa: ANN401 - python-docx has no such type
    return str(paragraph.style.name)


def _layout(document: Any) -> int:  # noqa: ANN401 - python-docx has no such type
    (found,) = document.settings.element.xpath("//*[@w:name='compatibilityMode']/@w:val")
    return int(found)


def _indent(document: Any) -> int:  # noqa: ANN401 - python-docx has no such type
    return int(document.tables[-1]._tbl.tblPr.xpath("string(w:tblInd/@w:w)"))


def test_word_has_styles_and_repeated_headings() -> None:
    document = Document(io.BytesIO(as_docx(data_of(SEED))))
    headings = [one.text for one in document.paragraphs if _style(one) == "Heading 1"]
    assert headings[-1] == "6. ПЛАН МЕРОПРИЯТИЙ ПО ПОВЫШЕНИЮ КАЧЕСТВА ОБСЛУЖИВАНИЯ"
    table = document.tables[-1]
    xml = table._tbl.xml
    assert xml.count("<w:tblHeader/>") == 2
    # No heading at the end of a page without a row.
    assert table.rows[0]._tr.xml.count("<w:keepNext/>") == len(table.columns)
    assert '<w:tblLayout w:type="fixed"/>' in xml
    assert [cell.text for cell in table.rows[0].cells] == [
        *("№", "Предложения", "Мероприятия", "Срок", "Результат")
    ]
    empty = [row for row in table.rows if {cell.text for cell in row.cells} == {"-"}]
    assert len(empty) == 9
    # Spelled and read aloud as Russian, no picture of another document, no compatibility mode.
    assert document.styles.element.xpath("string(//w:lang/@w:val)") == "ru-RU"
    assert not any("thumbnail" in one.reltype for one in document.part.package.rels.values())
    assert (_layout(document), _indent(document)) == (15, 0)
    # At the top of each page: brand, title, code with the note for its readers.
    header = document.sections[0].header
    brand, title, code = (cell.text for cell in header.tables[0].rows[0].cells)
    assert (brand, code) == ("АЛТАЙЭНЕРГОСБЫТ", "ЛНА-0015-1\nДля внешнего использования")
    assert title == read_plan(data_of(SEED)).header("title")
    assert header._element[-1].tag.endswith("}p")
    texts = [one.text for one in document.paragraphs]
    assert "СОДЕРЖАНИЕ" in texts
    assert "Для внешнего использования" not in texts
    plain = Document(io.BytesIO(as_docx(hostile_plan())))
    assert plain.sections[0].header.is_linked_to_previous


def test_contents_refer_to_pages_and_word_is_asked_nothing() -> None:
    content = as_docx(data_of(SEED))
    document = Document(io.BytesIO(content))
    lines = [one for one in document.paragraphs if _style(one) == "toc 1"]
    assert [one.text for one in lines][-1] == (
        "6. ПЛАН МЕРОПРИЯТИЙ ПО ПОВЫШЕНИЮ КАЧЕСТВА ОБСЛУЖИВАНИЯ\t"
    )
    (leading,) = [
        one for one in document.paragraphs if one.text == "4.1. Целью Программы является:"
    ]
    assert leading.paragraph_format.keep_with_next
    above = "Инфраструктура заочного обслуживания клиентов АО «Алтайэнергосбыт» представлена:"
    (leading,) = [one for one in document.paragraphs if one.text == above]
    assert leading.paragraph_format.keep_with_next
    headings = [one for one in document.paragraphs if _style(one) == "Heading 1"]
    for line, heading in zip(lines, headings, strict=True):
        (target,) = line._p.xpath("w:hyperlink/@w:anchor")
        assert line._p.xpath("string(.//w:instrText)") == f" PAGEREF {target} \\h "
        assert heading._p.xpath("w:bookmarkStart/@w:name") == [target]
    numbers = document.element.xpath("//w:bookmarkStart/@w:id")
    assert len(set(numbers)) == len(numbers)
    with ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            assert b"updateFields" not in package.read(name)
            assert b"w:dirty" not in package.read(name)


def test_an_agenda_begins_with_its_title_and_has_contents_only_where_it_is_long() -> None:
    data: dict[str, Any] = {**data_of(SEED)}
    for names, lines in ((7, 0), (8, 8)):
        measures: list[Any] = [
            {**one, "responsible": f"Отдел {n % names}"} for n, one in enumerate(data["measures"])
        ]
        report = overdue_report(read_plan({**data, "measures": measures}), DAY, untranslated)
        document = Document(io.BytesIO(write_docx(report, untranslated)[0]))
        assert _style(document.paragraphs[0]) == "Heading 1"
        assert sum(_style(one) == "toc 1" for one in document.paragraphs) == lines


def test_a_template_of_the_company(tmp_path: Path) -> None:
    template = Document()
    template.styles["Normal"].font.name = "Arial"
    template.add_paragraph("Обложка {{organization}}")
    paragraph = template.add_paragraph("{{ti")
    paragraph.add_run("tle}}")
    template.add_paragraph(PLACEHOLDER)
    template.add_paragraph("{{foo.bar}}{{foo.bar}} Подпись")
    path = tmp_path / "template.docx"
    template.save(str(path))
    data = data_of(SEED)
    content, warnings = write_docx(report_of(data), untranslated, path)
    (warning,) = map(str, warnings)
    assert warning.startswith("В шаблоне осталось незаполненным: {{foo.bar}}. Заполняются {{org")
    document = Document(io.BytesIO(content))
    texts = [one.text for one in document.paragraphs if one.text]
    assert texts[0] == "Обложка АО «Алтайэнергосбыт»"
    assert texts[1] == read_plan(data).header("title")
    assert texts[-1] == "{{foo.bar}}{{foo.bar}} Подпись"
    assert document.styles["Normal"].font.name == "Arial"
    # A table of the layout before Word 2013 hangs out to the left, if it is not moved.
    assert (_layout(document), _indent(document)) == (14, 108)


def test_a_template_set_as_a_book_leaves_tables_charts_and_headings_whole(tmp_path: Path) -> None:
    template = Document()
    normal = template.styles["Normal"].paragraph_format
    normal.first_line_indent, normal.line_spacing = Mm(12.5), Pt(18)
    normal.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    template.styles["Table Grid"].delete()
    numbered = template.styles["Heading 1"].element.get_or_add_pPr()
    numbered.get_or_add_numPr().get_or_add_numId().val = 1
    template.sections[0].right_margin = Mm(80)
    template.add_paragraph("До")._p.extend(bookmark("own", 2))
    template.add_paragraph(PLACEHOLDER)
    path = tmp_path / "template.docx"
    template.save(str(path))
    report = report_of(data_of(SEED))
    chart = ChartBlock("Доля", (("2024", 1.0, "1"),), 1.0, "План: 1", "План: 1. Факт: 2024: 1.")
    content, _warnings = write_docx(
        replace(report, blocks=(*report.blocks, chart)), untranslated, path
    )
    document = Document(io.BytesIO(content))
    table = document.tables[-1]
    style: Any = table.rows[-1].cells[0].paragraphs[0].style
    cell = style.paragraph_format
    assert (cell.first_line_indent, cell.alignment) == (0, WD_ALIGN_PARAGRAPH.LEFT)
    assert len(table._tbl.tblPr.xpath("w:tblBorders/*[@w:val='single']")) == 6
    headings = [one for one in document.paragraphs if _style(one) == "Heading 1"]
    assert {one._p.xpath("string(w:pPr/w:numPr/w:numId/@w:val)") for one in headings} == {"0"}
    (drawn,) = [one for one in document.paragraphs if one._p.xpath(".//w:drawing")]
    assert drawn.paragraph_format.line_spacing == 1.0
    (width,) = drawn._p.xpath(".//wp:extent/@cx")
    assert int(width) <= Mm(216 - 80 - 31)
    numbers = document.element.xpath("//w:bookmarkStart/@w:id")
    assert len(set(numbers)) == len(numbers) > 20


def test_a_template_keeps_its_own_parts_and_no_earlier_programme(tmp_path: Path) -> None:
    template = Document(io.BytesIO(as_docx(hostile_plan())))
    package = template.part.package
    foreign = Part(package.next_partname("/customXml/item%d.xml"), "application/xml", b"<a/>",
                   package)  # fmt: skip
    template.part.relate_to(foreign, RELATIONSHIP_TYPE.CUSTOM_XML)
    template.add_paragraph(PLACEHOLDER)
    path = tmp_path / "template.docx"
    template.save(str(path))
    report = report_of(data_of(SEED))
    for hidden in (report.hidden, {}):
        content = write_docx(replace(report, hidden=hidden), untranslated, path)[0]
        with ZipFile(io.BytesIO(content)) as written:
            names = [one for one in written.namelist() if re.search(r"customXml/item\d", one)]
            parts = [written.read(one) for one in names]
        assert b"<a/>" in parts
        carried = [one.decode() for one in parts if NAMESPACE.encode() in one]
        assert len(carried) == len(hidden)
        assert all("HYPERLINK" not in one for one in carried)


def test_a_template_says_who_approved_and_when(tmp_path: Path) -> None:
    template = Document()
    template.add_paragraph("{{approval}}").runs[0].bold = True
    template.add_paragraph("{{approved_by}} | {{ approval_date }} {{approval_number}} | {{code}}")
    template.add_paragraph(PLACEHOLDER)
    path = tmp_path / "template.docx"
    template.save(str(path))
    data: dict[str, Any] = {**data_of(SEED)}
    lines = ["Генеральный директор", "И.И. Иванов"]
    approval = {**data["document"]["approval"], "lines": lines}
    data["document"] = {**data["document"], "approval": approval}
    whole = "\n".join(
        (approval["caption"], "АО «Алтайэнергосбыт»", *lines, "от 28.09.2023 №АЭС/593")
    )
    agenda = overdue_report(read_plan(data), DAY, untranslated)
    for report in (report_of(data), agenda):
        content, warnings = write_docx(report, untranslated, path)
        first, second, *_ = Document(io.BytesIO(content)).paragraphs
        assert (first.text, [bool(one.bold) for one in first.runs]) == (whole, [True])
        assert second.text == "\n".join(lines) + " | 28.09.2023 №АЭС/593 | ЛНА-0015-1"
        assert NamesUnknown not in map(type, warnings)
    del data["document"]["approval"]
    bare, *_ = Document(io.BytesIO(write_docx(report_of(data), untranslated, path)[0])).paragraphs
    assert bare.text == ""


def test_a_template_with_a_page_across_and_names_everywhere(tmp_path: Path) -> None:
    template = Document()
    template.sections[0].footer.paragraphs[0].text = "{{organization}}"
    cell = template.add_table(1, 1).rows[0].cells[0]
    cell.paragraphs[0].add_run("Утверждаю: ").bold = True
    cell.paragraphs[0].add_run("{{years}} год")
    across = template.add_section()
    across.orientation = WD_ORIENT.LANDSCAPE
    across.page_width, across.page_height = Mm(420), Mm(297)
    template.add_paragraph(PLACEHOLDER)
    last = template.add_section()
    last.orientation, last.page_width, last.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    for one in template.settings.element.iter(qn("w:compatSetting")):
        one.set(qn("w:val"), "?")
    path = tmp_path / "template.docx"
    template.save(str(path))
    data = {**data_of(SEED)}
    document = Document(io.BytesIO(write_docx(report_of(data), untranslated, path)[0]))
    runs = document.tables[0].rows[0].cells[0].paragraphs[0].runs
    assert [(one.text, bool(one.bold)) for one in runs] == [
        ("Утверждаю: ", True),
        ("2024 год", False),
    ]
    assert document.sections[0].footer.paragraphs[0].text == "АО «Алтайэнергосбыт»"
    assert document.sections[0].first_page_header.is_linked_to_previous
    widths = [round((one.page_width or 0) / Mm(1)) for one in document.sections]
    assert widths[1:] == [420, 210]
    grid = document.tables[-1]._tbl.tblGrid
    width = sum(int(one.get(qn("w:w")) or 0) for one in grid.gridCol_lst)
    assert width == pytest.approx(Mm(420 - 2 * 31.75) / 635, abs=20)


@pytest.mark.parametrize(
    ("text", "in_cell", "error"),
    [
        ("", "", TemplateUnusable),
        ("", PLACEHOLDER, PlaceholderEnclosed),
        (f"Здесь: {PLACEHOLDER}", PLACEHOLDER, PlaceholderEnclosed),
    ],
)
def test_a_template_that_says_nowhere_where_the_content_goes(
    tmp_path: Path, text: str, in_cell: str, error: type[TemplateUnusable]
) -> None:
    template = Document()
    template.add_paragraph(text)
    template.add_table(1, 1).rows[0].cells[0].text = in_cell
    path = tmp_path / "template.docx"
    template.save(str(path))
    with pytest.raises(error) as raised:
        write_docx(report_of(data_of(SEED)), untranslated, path)
    assert type(raised.value) is error


def test_a_template_without_page_or_headings_and_one_that_is_broken(tmp_path: Path) -> None:
    template = Document()
    template.add_paragraph(PLACEHOLDER)
    body = template.element.body
    body.remove(body.sectPr)
    for number in range(1, 10):
        template.styles[f"Heading {number}"].delete()
    path, broken = tmp_path / "template.docx", tmp_path / "broken.docx"
    template.save(str(path))
    document = Document(io.BytesIO(write_docx(report_of(data_of(SEED)), untranslated, path)[0]))
    headings = [one for one in document.paragraphs if _style(one) == "Heading 1"]
    assert len(headings) == 6
    assert document.styles["Heading 1"].element.xpath("string(w:pPr/w:outlineLvl/@w:val)") == "0"
    widths = document.tables[-1]._tbl.tblGrid.gridCol_lst
    assert sum(int(one.get(qn("w:w")) or 0) for one in widths) == pytest.approx(9026, abs=20)
    with ZipFile(path) as package, ZipFile(broken, "w") as target:
        for name in package.namelist():
            target.writestr(name, b"<w" if name == "word/document.xml" else package.read(name))
    with pytest.raises(TemplateUnusable):
        write_docx(report_of(data_of(SEED)), untranslated, broken)
    for absent in (tmp_path / "нет.docx", tmp_path):
        with pytest.raises(DocumentUnreadable):
            write_docx(report_of(data_of(SEED)), untranslated, absent)


def test_a_template_may_have_texts_around_the_place_of_the_content(tmp_path: Path) -> None:
    template = Document()
    paragraph = template.add_paragraph("Приложение {{ years }}: {{kvar")
    paragraph.add_run("tal}} (конец ").bold = True
    paragraph.add_run("приложения)")
    path = tmp_path / "template.docx"
    template.save(str(path))
    document = Document(io.BytesIO(write_docx(report_of(data_of(SEED)), untranslated, path)[0]))
    texts = [one.text for one in document.paragraphs if one.text]
    assert (texts[0], texts[-1]) == ("Приложение 2024:", "(конец приложения)")
    assert len(document.tables) == 4


def test_an_english_plan_without_a_russian_word() -> None:
    data = data_of(ROOT / "examples" / "plan-of-action" / "plan" / "2026.yaml")
    report = report_of(data)
    for content in (write_markdown(report), write_csv(report), write_html(report)):
        assert not CYRILLIC.search(content.decode())
    document = Document(io.BytesIO(as_docx(data)))
    texts = [one.text for one in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not any(CYRILLIC.search(text) for text in texts)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(data)))
    assert not any(CYRILLIC.search(sheet.title) for sheet in book)
    # Nobody has to guess which of 10.03.2026 is the month.
    assert texts[:4] == [
        *("Approved by the Chief Information Officer", "J. Ferreira", "dated 12 January 2026"),
        "Northwind Water Authority",
    ]
    assert "18 November 2025" in texts
    assert book.worksheets[0]["I2"].number_format == "[$-809]d mmmm yyyy"
    plan = read_plan(data)
    agenda = overdue_report(plan, date(2026, 10, 1), translator("en"))
    rows = list(csv.reader(io.StringIO(write_csv(agenda).decode())))
    assert rows[0][-1] == "Responsible"
    assert ["V-0003", "10 March 2026", "C. Duarte"] in [[row[0], row[3], row[-1]] for row in rows]
    assert "Q2 2026" in {row[2] for row in rows}
    assert len(
        openpyxl.load_workbook(io.BytesIO(write_xlsx(agenda, untranslated)[0]))["Overdue"]["A"]
    ) == len(rows)


HOSTILE = "=1+1\x1b[31m<b>&amp;</b>|`*_\u202e \u0000\ud800"


def hostile_plan(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a measure
    measure: dict[str, Any] = {
        "id": "1",
        "number": "1",
        "actions": [HOSTILE],
        "proposal": "=HYPERLINK(1)",
        "result": "-",
        "term": {"text": "I квартал", "quarters": [1]},
        **more,
    }
    document = {"organization": "ООО <script>", "title": HOSTILE}
    return {"year": 2024, "language": "ru", "document": document, "measures": [measure]}


def test_hostile_texts_are_texts() -> None:
    data = hostile_plan(budget={"plan": 0})
    report = report_of(data)
    page = write_html(report).decode()
    assert "<b>" not in page
    assert "\u202e" not in page
    assert "‹U+202E›" in page
    markdown = write_markdown(report).decode()
    assert r"\|\`\*\_" in markdown
    rows = list(csv.reader(io.StringIO(write_csv(report, for_excel=True).decode("utf-8-sig")),
                           delimiter=";"))  # fmt: skip
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][-1] == "-"
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(data)))
    cells = [cell for cell in book.worksheets[0][2] if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert cells[1].value == "=HYPERLINK(1)"
    assert Document(io.BytesIO(as_docx(data))).tables[-1].rows[1].cells[1].text == "=HYPERLINK(1)"


@pytest.mark.parametrize("text", ["-1\u00a0234\u00a0567,5", "-5", "-0.5", "-", "–"])
def test_a_negative_number_is_none_of_the_formulas(text: str) -> None:
    table = ReportTable("Т", (ReportColumn("А"),), (ReportRow((ReportCell((text,)),)),))
    report = replace(report_of(data_of(SEED)), blocks=(table,))
    assert write_csv(report, for_excel=True).decode("utf-8-sig").splitlines()[1] == text


def test_what_joins_letters_and_pictures_stays_in_every_format() -> None:
    text = "👩\u200d👧 می\u200cخواهم мяг\u00adко"
    data = hostile_plan(proposal=text)
    report = report_of(data)
    plan = read_plan(data)
    event = next(CalendarEvent("1", one) for one in remaining(plan, DAY))
    calendar = icalendar.Calendar.from_ical(write_calendar(plan, [event], untranslated))
    assert text in str(calendar.walk("VEVENT")[0]["summary"])
    assert text in write_html(report).decode()
    assert Document(io.BytesIO(as_docx(data))).tables[-1].rows[1].cells[1].text == text
    assert openpyxl.load_workbook(io.BytesIO(as_xlsx(data))).worksheets[0]["B2"].value == text


def test_each_cell_of_a_page_says_what_it_is_where_its_heading_is_out_of_sight() -> None:
    page = lxml.html.fromstring(write_html(report_of(data_of(SEED))))
    table = [one for one in page.iter("table") if one.get("class") == "wide"][-1]
    headings = [one.text for one in table.iter("th") if one.get("role") == "columnheader"]
    (style,) = [str(one.text) for one in page.iter("style")]
    columns = [one.get("class") for one in table.iter("col")]
    assert len(columns) == len(headings)
    assert all(f".{one} {{ width: " in style for one in columns)
    rows = {one.get("data-measure"): one for one in table.iter("tr") if one.get("data-measure")}
    labels = [one.get("data-label") for one in rows["1.1.1"]]
    assert labels == headings == ["№", "Предложения", "Мероприятия", "Срок", "Результат"]
    # What a merged cell says for the rows below it is said in the card of each of them.
    assert rows["1.1.1"].get("data-above") is None
    assert rows["2.2.1-3"].get("data-above") == (
        "№: 2.2.1; Мероприятия: Организация контроля за деятельностью контактного центра"
    )
    roles = {one.get("role") for one in table.iter("td", "th", "tr")}
    assert roles == {"row", "cell", "columnheader", "rowheader"}


def test_columns_of_short_words_stay_whole_where_long_ones_do_not_fit() -> None:
    cells = [*("КПЭ", "01.02.2026", "высокий"), *["клиентоориентированности"] * 5]
    columns = tuple(ReportColumn("", width=one) for one in (1, 1, 1, 9, 9, 9, 9, 9))
    table = ReportTable("", columns, (ReportRow(tuple(ReportCell((one,)) for one in cells)),))
    roomy, tight = column_widths(table, 300), column_widths(table, 100)
    assert sum(tight) == pytest.approx(100)
    assert tight[:3] == pytest.approx([5.9, 11.3, 9.45])
    assert roomy[:3] == pytest.approx(tight[:3], abs=0.2)
    assert len(set(tight[3:])) == 1
    assert column_widths(table, 100, broad=0.5, padding=3)[0] == pytest.approx(3.9 / 2 + 3)
    # Letters that just fit leave nothing to share out.
    just = broadest_letters(table, 100, 2)
    assert sum(column_widths(table, 100, broad=just, padding=2)) == pytest.approx(100)


def test_a_row_that_may_be_higher_than_a_page_is_broken_over_pages() -> None:
    columns = tuple(ReportColumn(f"Столбец {at}") for at in range(8))
    rows = [ReportRow((ReportCell(("слово " * count,)),)) for count in (20, 70, 130)]
    report = replace(report_of(data_of(SEED)), blocks=(ReportTable("", columns, tuple(rows)),))
    document = Document(io.BytesIO(write_docx(report, untranslated)[0]))
    kept = ["cantSplit" in one._tr.xml for one in document.tables[0].rows]
    assert kept == [True, True, True, False]
    # What follows the last table takes no page of its own.
    assert "<w:vanish/>" in document.paragraphs[-1]._p.xml


def test_an_address_does_not_make_a_table_broader_than_the_page() -> None:
    address = "https://example.org/a-very-long-path/and-a-longer-one/" + "0" * 60
    finding = "completed-without-evidence:bfc610fdd3:1.1.2"
    row = ReportRow((ReportCell((address, finding)), ReportCell(("клиентоориентированности",))))
    table = ReportTable("Т", (ReportColumn("A"), ReportColumn("B")), (row,))
    report = replace(report_of(data_of(SEED)), blocks=(table,))
    page = write_html(report).decode()
    assert 'aria-label="Т"' in page
    assert "https:/<wbr>/" not in page
    assert "//<wbr>example.org/<wbr>a-very-long-path/<wbr>" in page
    assert "клиентоориентированности" in page
    assert "completed-without-evidence:<wbr>bfc610fdd3:<wbr>1.1.2" in page
    assert page.replace("<wbr>", "").count(address) == 1


@pytest.mark.parametrize(
    ("headings", "texts", "is_wide"),
    [
        (("Слово", "Дело"), ("да", "нет"), False),
        # Beside another column a word of 24 letters does not fit a phone, with headings or without.
        (("Стандарт", "Дело"), ("корпоративный", "клиентоориентированности"), True),
        (("", ""), ("корпоративный", "клиентоориентированности"), True),
        (("№ п/п", "Номер и дата", "Имя"), ("1", "Постановление", "функционировании"), True),
        # What is longer still is broken at any letter, and makes no table wide.
        (("А", "Б"), ("а", "https://example.org/" + "a" * 40), False),
    ],
)
def test_a_table_is_shown_as_cards_where_a_phone_would_break_its_words(
    headings: tuple[str, ...], texts: tuple[str, ...], *, is_wide: bool
) -> None:
    row = ReportRow(tuple(ReportCell((one,)) for one in texts))
    table = ReportTable("Т", tuple(map(ReportColumn, headings)), (row,))
    page = write_html(replace(report_of(data_of(SEED)), blocks=(table,))).decode()
    assert ('class="wide"' in page) is is_wide


def test_a_note_for_readers_is_in_every_format_of_texts() -> None:
    report = report_of(data_of(SEED))
    for content in (write_html(report), write_markdown(report), write_text(report).encode()):
        assert "Для внешнего использования" in content.decode()


def test_a_page_has_one_title_and_no_two_tables_of_a_name() -> None:
    report = report_of(data_of(SEED))
    cover = next(one for one in report.blocks if isinstance(one, CoverBlock))
    table = ReportTable("Т", (ReportColumn("A"),), (ReportRow((ReportCell(("а",)),)),))
    text = TextBlock("1. первое\n- второе &amp; &\n===")
    blocks = (cover, Heading("Глава"), table, text, Heading("Ниже", 2), table, table)
    report = replace(report, blocks=blocks)
    page = lxml.html.fromstring(write_html(report))
    assert [one.tag for one in page.iter("h1", "h2", "h3")] == ["h1", "h2", "h3"]
    labels = [one.get("aria-label") for one in page.iter("div") if one.get("role") == "region"]
    assert labels == ["Глава: Т", "Ниже: Т", "Ниже: Т (2)"]
    markdown = write_markdown(report).decode()
    # Lines stay lines, and none of them begins a list or makes the one above it a heading.
    assert "\n\n1\\. первое  \n\\- второе \\&amp; &  \n\\===\n\n### Ниже\n\n" in markdown


def test_hostile_texts_in_a_calendar() -> None:
    plan = read_plan(hostile_plan())
    deadlines = [CalendarEvent(event_uid(plan, one), one) for one in remaining(plan, DAY)]
    content = write_calendar(plan, deadlines, untranslated)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == "1 =HYPERLINK(1)"
    assert "␛[31m" in str(event["description"])
    assert b"\x1b" not in content
    assert b"PRODID:-//kvartal//kvartal//RU" in content
    plan = read_plan(hostile_plan(proposal="одно\n\nдругое"))
    events = [CalendarEvent(event_uid(plan, one), one) for one in remaining(plan, DAY)]
    (event,) = icalendar.Calendar.from_ical(write_calendar(plan, events, untranslated)).walk(
        "VEVENT"
    )
    assert str(event["summary"]) == "1 одно другое"
    assert str(event["description"]).startswith("1 одно\n\nдругое\n")
    long = {**hostile_plan(proposal="слово " * 50), "language": "en"}
    plan = read_plan(long)
    deadlines = [CalendarEvent(event_uid(plan, one), one) for one in remaining(plan, DAY)]
    calendar = icalendar.Calendar.from_ical(write_calendar(plan, deadlines, untranslated))
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]).endswith("…")
    assert "слово " * 49 in str(event["description"])
    assert str(calendar["prodid"]) == "-//kvartal//kvartal//EN"


def test_what_a_cell_cannot_hold_is_named() -> None:
    data = hostile_plan(actions=["слово " * 7000])
    report = report_of(data)
    content, warnings = write_xlsx(report, untranslated)
    assert [type(one) for one in warnings] == [TextCut]
    text = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["C2"].value
    assert (len(text), text[-1]) == (LONGEST_TEXT, "…")
    # A row is no higher than Excel lets it be: its text is whole, and is not all seen.
    _content, warnings = write_xlsx(report_of(hostile_plan(actions=["слово " * 900])), untranslated)
    assert [type(one) for one in warnings] == [RowTooLow]


def test_a_part_without_measures_says_so_and_what_has_no_column_is_named() -> None:
    data: dict[str, Any] = {**hostile_plan(notes="Из протокола"), "fields": []}
    (measure,) = data["measures"]
    sections: list[Any] = [{"number": "1", "title": "Есть"}, {"number": "2", "title": "Нет"}]
    placed: dict[str, Any] = {**measure, "section": "1", "extra": {"риск": "да"}}
    report = report_of({**data, "sections": sections, "measures": [placed]})
    rows = [[cell.text for cell in row.cells] for row in report.tables[-1].rows]
    assert (rows[0], rows[2:]) == (["1. Есть"], [["2. Нет"], ["-"] * 5])
    assert report.unprinted == (("", "Примечания"), ("риск", ""))
    empty = report_of({**data, "measures": []}).tables[-1]
    assert [len(row.cells) for row in empty.rows] == [6]


def test_many_and_none() -> None:
    data = hostile_plan()
    (measure,) = data["measures"]
    rows: list[Any] = [{**measure, "id": f"{n}", "number": f"{n}"} for n in range(1, 501)]
    many: PlanData = {**data, "measures": [*rows]}
    assert len(Document(io.BytesIO(as_docx(many))).tables[-1]._tbl.tr_lst) == 501
