"""Word documents: what a person reads on paper, with flags for what changed."""

from pathlib import Path

import pytest

from kvartal.exchange.grid import Grid, Paragraph
from kvartal.exchange.readers.docx import read_docx
from kvartal.exchange.readers.source_file import SourceFile
from tests.exchange.office import p, read, tbl, tc, texts, tr

CASES = Path(__file__).parent / "cases"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def only(body: str, **parts: str) -> Paragraph:
    """Return the single paragraph of a document."""
    (paragraph,) = read(f"<w:p>{body}</w:p>", **parts).parts
    assert isinstance(paragraph, Paragraph)
    return paragraph


def numbers(body: str, **parts: str) -> list[str]:
    return [paragraph.numbered_text for paragraph in read(body, **parts).paragraphs]


def test_a_real_document_gives_its_table_with_merged_cells_and_raw_text() -> None:
    file = CASES / "01-severopolsk.docx"
    document = read_docx(SourceFile(file.name, file.read_bytes()))
    _, grid = document.grids
    assert (grid.rows, grid.columns) == (19, 6)
    shared = grid.at(6, 0)
    assert shared is not None
    assert (shared.text, shared.row, shared.row_span) == ("1.1.2", 5, 2)
    assert str(shared.place) == "таблица 2, строка 6, столбец 1"
    assert grid.row_text(3)[1:] == ("Офисы обслуживания В2В",) * 5
    # The soft hyphen and the no-break spaces are for the table reader to judge.
    assert "обра\u00adщениями" in grid.row_text(6)[2]
    assert grid.row_text(5)[3] == "II\u00a0–\u00a0III кварталы 2026"
    assert [cell.heading for cell in grid.row(0)] == [True] * 6
    assert str(grid.row(6)[0].place) == "таблица 2, строка 7, столбец 2"


def test_tracked_changes_are_flagged_and_deletions_are_no_text() -> None:
    paragraph = only(
        run("срок ")
        + '<w:del w:id="1"><w:r><w:delText>до мая</w:delText></w:r></w:del>'
        + '<w:ins w:id="2">'
        + run("до июня")
        + "</w:ins>"
        + '<w:moveFrom w:id="3">'
        + run(" ушло")
        + "</w:moveFrom>"
        + '<w:moveTo w:id="4">'
        + run(" пришло")
        + "</w:moveTo>"
    )
    assert paragraph.text == "срок до июня пришло"
    assert [run.text for run in paragraph.runs if run.inserted] == ["до июня пришло"[:7], " пришло"]
    assert [run.text for run in paragraph.runs if run.deleted] == ["до мая", " ушло"]


def test_a_deleted_paragraph_end_joins_two_paragraphs() -> None:
    deleted = '<w:rPr><w:del w:id="1"/></w:rPr>'
    assert numbers(p("пер", deleted) + p("вый") + p("второй")) == ["первый", "второй"]


def test_a_deleted_row_is_named_and_its_text_is_no_text() -> None:
    document = read(
        tbl(tr("1", "а"), tr("2", "б", properties="<w:del/>"), tr("3", "в", properties="<w:ins/>"))
    )
    grid = document.grids[0]
    assert texts(grid) == [("1", "а"), ("", ""), ("3", "в")]
    assert (sorted(grid.deleted_rows), sorted(grid.inserted_rows)) == ([1], [2])


def test_struck_and_hidden_text_by_itself_and_by_styles() -> None:
    styles = """
        <w:style w:type="character" w:styleId="Old"><w:rPr><w:dstrike/></w:rPr></w:style>
        <w:style w:type="character" w:styleId="Older"><w:basedOn w:val="Old"/></w:style>
        <w:style w:type="paragraph" w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>"""
    paragraph = only(
        run("было", '<w:rStyle w:val="Older"/>')
        + run("стало", '<w:strike w:val="0"/>')
        + run("тайно", "<w:vanish/>"),
        styles=styles,
    )
    assert [(run.text, run.struck) for run in paragraph.runs if run.printed] == [
        ("было", True),
        ("стало", False),
    ]
    assert paragraph.text == "былостало"
    (whole,) = read(p("всё", '<w:pStyle w:val="Struck"/>'), styles=styles).paragraphs
    assert whole.struck


def test_breaks_tabs_hyphens_and_symbols_keep_their_characters() -> None:
    paragraph = only(
        "<w:r><w:t>а</w:t><w:tab/><w:t>б</w:t><w:br/><w:t>в</w:t><w:noBreakHyphen/><w:t>г</w:t>"
        '<w:softHyphen/><w:t>д</w:t><w:sym w:font="Wingdings" w:char="F0FC"/>'
        '<w:br w:type="page"/></w:r>'
    )
    assert paragraph.text == "а\tб\nв\u2011г\u00adд✓\f"


def test_fields_give_their_result_even_when_their_end_is_missing() -> None:
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    instruction = "<w:r><w:instrText> REF Срок </w:instrText></w:r>"
    whole = begin + instruction + separate + run("1 июля") + end + run(" 2026")
    assert only(whole).text == "1 июля 2026"
    broken = f"<w:p>{begin}{instruction}</w:p>" + p("дальше")
    assert numbers(broken) == ["", "дальше"]


def test_content_controls_are_opened_at_every_level() -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    in_cell = tc(control(p("ячейка")))
    document = read(
        control(p("абзац"))
        + tbl(control(tr(control(tc("1")), in_cell)))
        + f"<w:p>{control(run('внутри'))}</w:p>"
    )
    assert [paragraph.text for paragraph in document.paragraphs] == ["абзац", "внутри"]
    assert texts(document.grids[0]) == [("1", "ячейка")]


def test_a_placeholder_that_nobody_filled_in_is_no_text() -> None:
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + run("Место для ввода текста.")
        + "</w:sdtContent></w:sdt>"
    )
    assert only(control).text == ""


def test_hyperlinks_bookmarks_and_footnotes_are_kept_apart_from_the_text() -> None:
    document = read(
        '<w:p><w:bookmarkStart w:id="1" w:name="kvartal_1.1.1"/>'
        '<w:hyperlink r:id="rIdLink">' + run("приказ") + "</w:hyperlink>"
        '<w:r><w:footnoteReference w:id="7"/></w:r></w:p>',
        links="http://example.org/",
        footnotes=f'<w:footnote w:id="0"/><w:footnote w:id="7">{p("от 01.02.2026")}</w:footnote>',
    )
    (paragraph,) = document.paragraphs
    assert (paragraph.text, paragraph.bookmarks) == ("приказ", ("kvartal_1.1.1",))
    assert paragraph.runs[0].link == "http://example.org/"
    mark = paragraph.runs[1]
    note = {one.key: one for one in document.footnotes}[mark.note]
    assert note is not None
    assert (mark.text, note.mark, note.text) == ("1", "1", "от 01.02.2026")
    assert str(note.paragraphs[0].place) == "сноска 1"


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('УТВЕРЖДАЮ')}</w:txbxContent>"
    document = read(
        "<w:p>" + run("текст") + "<w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert [paragraph.text for paragraph in document.paragraphs] == ["текст", "УТВЕРЖДАЮ"]


def test_gaps_spans_and_vertical_merges_keep_columns_in_place() -> None:
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    document = read(
        tbl(
            tr("№", "Срок", "Итог"),
            tr(tc("1", restart), tc("два", '<w:gridSpan w:val="2"/>')),
            tr(tc("", go_on), "б", "в"),
            tr("после пробела", "г", properties='<w:gridBefore w:val="1"/>'),
            tr(tc("тайно", go_on), "д", "е"),
        )
    )
    (grid,) = document.grids
    assert texts(grid) == [
        ("№", "Срок", "Итог"),
        ("1", "два", "два"),
        ("1", "б", "в"),
        ("", "после пробела", "г"),
        # A merge cannot reach over a row that has no such cell.
        ("тайно", "д", "е"),
    ]
    assert grid.at(3, 0) is None


def test_text_below_a_merged_cell_is_reported() -> None:
    document = read(
        tbl(tr(tc("1", '<w:vMerge w:val="restart"/>'), "а"), tr(tc("было", "<w:vMerge/>"), "б"))
    )
    (remark,) = document.remarks
    assert (remark.code, str(remark.place)) == ("covered-cell", "таблица 1, строка 2, столбец 1")
    assert "было" in remark.message()


def test_a_nested_table_stands_in_its_cell() -> None:
    document = read(tbl(tr("1", tc(p("до") + tbl(tr("внутри")) + p("после")))))
    cell = document.grids[0].at(0, 1)
    assert cell is not None
    assert cell.text == "до\nпосле"
    inner = cell.blocks[1]
    assert isinstance(inner, Grid)
    assert str(inner.cells[0].place) == (
        "таблица 1, строка 1, столбец 2, вложенная таблица 1, строка 1, столбец 1"
    )
    assert [grid.rows for grid in document.walk()] == [1, 1]


NUMBERING = """
<w:abstractNum w:abstractNumId="5">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Point"/>
    <w:lvlText w:val="%1.%2."/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="russianLower"/><w:lvlText w:val="%3)"/>
    </w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="6">
  <w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/>
    <w:lvlText w:val="%1"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/>
    <w:lvlText w:val="%1-%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="7">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/>
    <w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="5"/>
  <w:lvlOverride w:ilvl="1"><w:startOverride w:val="9"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="6"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/></w:num>
"""


def item(numbering: int, level: int, text: str = "-", mark: str = "") -> str:
    return p(
        text,
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
        f"<w:rPr>{mark}</w:rPr>",
    )


def test_automatic_numbers_count_levels_restart_and_overrides() -> None:
    body = "".join(
        item(numbering, level)
        for numbering, level in (
            *((1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 0), (1, 1)),
            *((2, 1), (2, 1), (3, 0), (3, 1), (4, 0)),
        )
    )
    assert [paragraph.number for paragraph in read(body, numbering=NUMBERING).paragraphs] == [
        *("1.", "1.1.", "1.2.", "в)", "г)", "2.", "2.1."),
        *("2.9.", "2.10.", "IV", "4-1", "•"),
    ]


def test_automatic_numbers_by_style_and_in_cells_skip_what_was_deleted() -> None:
    styles = """<w:style w:type="paragraph" w:styleId="Point"><w:name w:val="Пункт"/>
        <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>"""
    point = '<w:pStyle w:val="Point"/>'
    body = (
        item(1, 0, "раздел")
        + tbl(
            tr(tc(p("", point)), "а"),
            tr(tc(p("", point)), "б", properties="<w:del/>"),
            tr(tc(p("", point)), "в"),
        )
        + p("не пункт", point + '<w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    document = read(body, numbering=NUMBERING, styles=styles)
    assert [row[0].strip() for row in texts(document.grids[0])] == ["1.1.", "", "1.2."]
    assert [paragraph.number for paragraph in document.paragraphs] == ["1.", ""]
    assert document.paragraphs[1].style == "Пункт"


def test_strict_documents_are_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tests.exchange.office.W", 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    )
    assert numbers(p("строго")) == ["строго"]
