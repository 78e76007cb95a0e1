"""OpenDocument texts and spreadsheets."""

from datetime import date
from decimal import Decimal

import pytest

from kvartal.exchange.errors import DocumentProtected, DocumentTooLarge
from kvartal.exchange.grid import SourceDocument, ValueKind
from kvartal.exchange.readers.opendocument import read_opendocument
from kvartal.exchange.readers.source_file import SourceFile
from tests.exchange.office import packed, texts

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("text", "text"), ("table", "table"), ("style", "style")),
        *(("fo", "xsl-fo-compatible"), ("draw", "drawing")),
    )
)
STYLES = """
<style:style style:name="Struck" style:family="text">
  <style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="Child" style:family="text" style:parent-style-name="Struck"/>
<style:style style:name="Inner" style:family="table-cell">
  <style:paragraph-properties fo:margin-left="0.5cm"/></style:style>
<style:style style:name="Hidden" style:family="table"><style:table-properties
  table:display="false"/></style:style>
<text:list-style style:name="L1">
  <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
  <text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="."
    text:display-levels="2"/>
  <text:list-level-style-number text:level="3" style:num-format="а, б, .., аа, бб, ... (ru)"
    style:num-suffix=")"/>
</text:list-style>"""


def read(body: str, kind: str = "text", **members: str) -> SourceDocument:
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    data = packed({"mimetype": "x", "content.xml": content, **members})
    return read_opendocument(SourceFile("план.odt", data))


def cell(text: str, attributes: str = "") -> str:
    inner = text if text.startswith("<") else f"<text:p>{text}</text:p>"
    return f"<table:table-cell {attributes}>{inner if text else ''}</table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    inner = "".join(one if one.startswith("<table:") else cell(one) for one in cells)
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


def table(*rows: str, attributes: str = 'table:name="Таблица1"') -> str:
    return f"<table:table {attributes}>{''.join(rows)}</table:table>"


COVERED = "<table:covered-table-cell/>"


def test_spans_covered_cells_and_heading_rows() -> None:
    document = read(
        table(
            f"<table:table-header-rows>{row('№', 'Срок', 'Итог')}</table:table-header-rows>",
            row(cell("1", 'table:number-rows-spanned="2"'), "а", "б"),
            row(COVERED, cell("в", 'table:number-columns-spanned="2"'), COVERED),
        )
    )
    (grid,) = document.grids
    assert texts(grid) == [("№", "Срок", "Итог"), ("1", "а", "б"), ("1", "в", "в")]
    assert [one.heading for one in grid.cells][:4] == [True, True, True, False]
    assert (grid.name, str(grid.cells[-1].place)) == ("Таблица1", "таблица 1, строка 3, столбец 2")


def test_a_cell_of_a_sheet_is_indented_by_its_own_style() -> None:
    document = read(
        table(row("Фонд", cell("Книги", 'table:style-name="Inner"'))), kind="spreadsheet"
    )
    (grid,) = document.grids
    indents = [one.indent for cell_ in grid.cells for one in cell_.paragraphs]
    assert indents == pytest.approx([0, 14.175])


def test_struck_text_tracked_changes_notes_and_spaces() -> None:
    document = read(
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>до мая'
        '</text:p></text:deletion></text:changed-region><text:changed-region text:id="c2">'
        "<text:insertion/></text:changed-region></text:tracked-changes>"
        '<text:p>срок<text:s text:c="2"/><text:change text:change-id="c1"/><text:change-start '
        'text:change-id="c2"/>до\n июня<text:change-end text:change-id="c2"/><text:tab/>'
        '<text:span text:style-name="Child">старое</text:span><text:line-break/>новое'
        '<text:note text:id="n1"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>сноска</text:p></text:note-body></text:note></text:p>"
    )
    (paragraph,) = document.paragraphs
    assert paragraph.text == "срок  до июня\tстарое\nновое"
    assert [run.text for run in paragraph.runs if run.inserted] == ["до июня"]
    assert [run.text for run in paragraph.runs if run.deleted] == ["до мая"]
    assert [run.text for run in paragraph.runs if run.struck] == ["старое"]
    note = {one.key: one for one in document.footnotes}[paragraph.runs[-1].note]
    assert note is not None
    assert (note.mark, note.text) == ("1", "сноска")


def test_lists_are_numbered_and_go_on() -> None:
    item = "<text:list-item>{}</text:list-item>"
    inner = "<text:list>" + item.format("<text:p>б</text:p>") * 2 + "</text:list>"
    document = read(
        '<text:list text:style-name="L1">'
        + item.format("<text:p>а</text:p><text:p>без номера</text:p>" + inner)
        + "</text:list>"
        + '<text:list text:style-name="L1" text:continue-numbering="true">'
        + item.format("<text:p>в</text:p>")
        + "</text:list>"
    )
    assert [paragraph.numbered_text for paragraph in document.paragraphs] == [
        *("1. а", "без номера", "1.1. б", "1.2. б", "2. в")
    ]


def test_a_sheet_keeps_values_and_leaves_out_what_repeats_without_content() -> None:
    document = read(
        table(
            row(
                cell("1.10", 'office:value-type="float" office:value="1.1"'),
                cell("01.07.2026", 'office:value-type="date" office:date-value="2026-07-01"'),
                cell("", 'table:number-columns-repeated="16000"'),
            ),
            row(cell("", ""), attributes='table:number-rows-repeated="3"'),
            row(
                cell("15 %", 'office:value-type="percentage" office:value="0.15"'),
                cell("", 'table:formula="of:=NOW()"'),
                attributes='table:visibility="filter" table:number-rows-repeated="2"',
            ),
            row(cell("", ""), attributes='table:number-rows-repeated="1048000"'),
            attributes='table:name="Лист1"',
        )
        + table(row("скрыто"), attributes='table:name="Л2" table:style-name="Hidden"'),
        kind="spreadsheet",
    )
    sheet, hidden = document.grids
    assert (sheet.rows, sheet.columns, sorted(sheet.hidden_rows)) == (6, 2, [4, 5])
    assert [(one.text, one.kind, one.value) for one in sheet.cells][:2] == [
        ("1.10", ValueKind.NUMBER, Decimal("1.1")),
        ("01.07.2026", ValueKind.DATE, date(2026, 7, 1)),
    ]
    assert hidden.hidden
    assert [(one.code, str(one.place)) for one in document.remarks] == [
        ("formula-without-value", "Лист1!B5"),
        ("formula-without-value", "Лист1!B6"),
    ]


def test_rows_that_repeat_without_end_are_refused() -> None:
    endless = row("а", attributes='table:number-rows-repeated="999999999"')
    wide = row(cell("а", 'table:number-columns-repeated="99999"'))
    with pytest.raises(DocumentTooLarge):
        read(table(wide))
    with pytest.raises(DocumentTooLarge):
        read(table(endless), kind="spreadsheet")


def test_an_encrypted_text_is_refused() -> None:
    plain = "<manifest:manifest/>"
    assert read("", **{"META-INF/manifest.xml": plain}).parts == ()
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(DocumentProtected):
        read("", **{"META-INF/manifest.xml": manifest})
