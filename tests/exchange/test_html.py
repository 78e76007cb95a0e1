"""HTML pages, those saved from Word too."""

import pytest

from kvartal.exchange.errors import DocumentTooLarge
from kvartal.exchange.grid import SourceDocument
from kvartal.exchange.readers.html import read_html
from kvartal.exchange.readers.source_file import SourceFile
from tests.exchange.office import texts

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta http-equiv=Content-Type content="text/html; charset=windows-1251">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm;} .old {text-decoration:line-through} --></style></head>
<body lang=RU><div class=WordSection1>
<p class=MsoNormal>План
мероприятий<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span>
<![endif]>Раздел&nbsp;первый<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a><span
class=MsoCommentReference><a class=msocomanchor href="#_msocom_1">[А1]</a></span></p>
<table class=MsoTableGrid border=1>
 <thead><tr><td rowspan=2>№</td><td colspan=2>Срок</td></tr></thead>
 <tr><td><s>май</s> <ins>июнь</ins><del>июль</del></td>
  <td><span class=old>было</span> <span style='display:none'>тайно</span>стало</td></tr>
 <tr style='display:none'><td>2</td><td>а<br>б</td><td><p>пер&shy;вый</p><p>второй</p></td></tr>
</table></div>
<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>
<p><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> Приказ от 01.02.2026</p></div></div>
<div style='mso-element:comment-list'><div style='mso-element:comment'><div id="_com_1">
<p class=MsoCommentText>Уточнить</p></div></div></div>
</body></html>"""


def read(text: str, encoding: str = "utf-8") -> SourceDocument:
    return read_html(SourceFile("план.html", text.encode(encoding)))


def test_a_page_saved_from_word() -> None:
    document = read(WORD, "cp1251")
    assert document.encoding == "windows-1251"
    title, item = document.paragraphs
    assert title.text == "План мероприятий"
    assert (item.number, item.text) == ("1.1.", "Раздел\u00a0первый")
    (note,) = document.footnotes
    assert (note.mark, note.text, item.runs[-1].note) == ("1", "Приказ от 01.02.2026", note.key)
    (grid,) = document.grids
    assert texts(grid) == [
        ("№", "Срок", "Срок"),
        ("№", "май июнь", "было стало"),
        ("2", "а\nб", "пер\u00adвый\nвторой"),
    ]
    struck = [run.text for cell in grid.cells for run in cell.runs if run.struck]
    assert struck == ["май", "было"]
    assert [cell.heading for cell in grid.cells][:3] == [True, True, False]
    assert sorted(grid.hidden_rows) == [2]
    assert [(one.code, one.fields) for one in document.remarks] == [
        ("comments-left-out", {"count": 1}),
    ]


def test_a_footnote_as_libreoffice_saves_it() -> None:
    document = read(
        '<p>Дело<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym">'
        '<sup>1</sup></a></sup></p><div id="sdfootnote1"><p><a name="sdfootnote1sym" '
        'href="#sdfootnote1anc">1</a>По согласованию</p></div>'
    )
    (paragraph,) = document.paragraphs
    (note,) = document.footnotes
    assert (paragraph.text, paragraph.bookmarks) == ("Дело", ())
    assert (note.mark, note.text) == ("1", "По согласованию")


def test_the_single_file_form_of_word() -> None:
    page = "Мероприятие".encode().hex("=", 1).upper()
    data = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n\r\n--X\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
        f"\r\n\r\n<html><body><table><tr><td>={page}</td></tr></table></body></html>\r\n--X--\r\n"
    )
    assert texts(read(data).grids[0]) == [("Мероприятие",)]


def test_lists_are_numbered_and_tables_nest() -> None:
    document = read(
        "<ol start=3><li>три</li><li>четыре<ol type=a><li>пять</li></ol></li></ol>"
        "<ul><li>шесть</ul>"
        "<table><tr><td>а<table><tr><td>внутри</td></tr></table></td></tr></table>"
    )
    assert [paragraph.numbered_text for paragraph in document.paragraphs] == [
        *("3. три", "4. четыре", "a. пять", "• шесть")
    ]
    inner = document.grids[0].cells[0].grids[0]
    assert str(inner.cells[0].place).endswith("вложенная таблица 1, строка 1, столбец 1")


def test_spans_end_with_the_table_and_never_overlap() -> None:
    (grid,) = read(
        "<table><tr><td rowspan=65534>а<td colspan=9>б</tr><tr><td>в<td rowspan=0>г</tr>"
        "<tr><td colspan=3>д</table>"
    ).grids
    assert (grid.rows, grid.columns) == (3, 3)
    assert texts(grid) == [("а", "б", "б"), ("а", "в", "г"), ("а", "д", "г")]


def test_nesting_has_a_limit() -> None:
    with pytest.raises(DocumentTooLarge):
        read("<table><tr><td>" * 10_000)
    with pytest.raises(DocumentTooLarge):
        read("<div>" * 10_000 + "глубоко")
