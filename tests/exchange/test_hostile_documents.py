"""Documents that are made to hurt: each gets a sentence, or is read without the harm.

Of what happens inside one call of a library the tests ask only that it ends, where a quadratic one
would not.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path

import pytest

from kvartal.exchange import errors
from kvartal.exchange.limits import DEFAULT_LIMITS
from kvartal.exchange.readers.grid_builder import DraftCell, GridBuilder
from kvartal.exchange.readers.reading_process import answer
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.reading import read_document
from kvartal.exchange.tables.table_reader import ReadingOptions, TooManyMeasures, read_programme
from kvartal.schema.period import ProgrammePeriod
from tests.exchange.office import OFFICE, OTHERS, W, packed, references, tbl, tr
from tests.exchange.test_import_shapes import begun
from tests.support.work import lines_run

HEADINGS = ("№", "Мероприятия", "Срок", "Ответственный")
ROW = ("1", "Дело", "II квартал", "Отдел")
CSV = ";".join(HEADINGS) + "\n" + ";".join(ROW) + "\n"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
YEAR = ReadingOptions(period=ProgrammePeriod.of_year(2026))


def xlsx(rows: str, after: str = "") -> bytes:
    sheet = f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    book = '<sheets><sheet name="Л" sheetId="1" r:id="r1"/></sheets>'
    return packed(
        {
            "[Content_Types].xml": "spreadsheetml",
            "_rels/.rels": references(("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{OFFICE}">{book}</workbook>',
            "xl/_rels/workbook.xml.rels": references(("r1", "worksheet", "worksheets/1.xml")),
            "xl/worksheets/1.xml": sheet,
        }
    )


def row(number: int, *texts: str) -> str:
    cells = [
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCD", texts, strict=False)
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        # A cell that no person has typed; writing it took a minute.
        ((CSV + f"2;{'Слово ' * 100_000};IV квартал;О\n").encode(), "DocumentTooLarge"),
        (packed({"encrypted-package": b"\x01\x02", "mimetype": "x"}), "DocumentProtected"),
        (b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "UnknownFormat"),
        (CSV.replace("Дело", "\x01\x02\x03\x04\x05").encode(), "UnknownFormat"),
        (xlsx(row(1, *HEADINGS) + row(1_048_576, *ROW)), "DocumentTooLarge"),
    ],
    ids=count(),
)
def test_what_no_office_program_writes_is_refused(data: bytes, failure: str) -> None:
    found, fields = answer("план.docx", data, DEFAULT_LIMITS)
    assert found == failure, fields
    error = getattr(errors, found)(**fields)
    assert "план.docx" in str(error)
    assert error.exit_code == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- a -->" * 400 + b"x",
        b"<!--" * 100_000,
        b"\n" * 90_000 + b"x",
        b"1." * 500_000,
        (CSV + '"' * 500_000).encode(),
        (CSV + '"a' * 100_000).encode(),
    ],
    ids=count(),
)
def test_looking_at_a_text_comes_to_an_end(data: bytes) -> None:
    failure, document = answer("план.csv", data, DEFAULT_LIMITS)
    assert failure or document.parts


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("план.csv", CSV.replace("Дело", "Де\x07ло").encode() + b"\x1a"),
        ("план.xlsx", xlsx(row(1, *HEADINGS) + row(2, "1", "Де_xD800_ло_x001B_", *ROW[2:]))),
        ("план.html", "<table><tr><td>№<td>Мероприятия<td>Срок<td>Ответственный<tr><td>1<td>"
         "Де&#xFDD0;&#27;ло<td>II квартал<td>Отдел</table>".encode()),
    ],
    ids=["csv", "xlsx", "html"],
)  # fmt: skip
def test_characters_that_no_plan_can_hold_are_named_and_not_taken(name: str, data: bytes) -> None:
    failure, document = answer(name, data, DEFAULT_LIMITS)
    assert not failure, document
    programme = read_programme(document, YEAR)
    assert [one.actions for one in programme.measures] == [("Дело",)]
    said = [one for one in programme.remarks if one.code == "characters-dropped"]
    assert [one.message() for one in said] == [
        "В тексте «Дело» есть управляющие символы: они не взяты."
    ]
    assert said[0].place.row or said[0].place.line
    begun(programme)


def test_a_cell_merged_over_thousands_of_rows_costs_each_row_once() -> None:
    def merged(rows: int) -> None:
        builder = GridBuilder(SourceFile("план.docx", b""))
        cell = builder.add(DraftCell(0, 0))
        for _ in range(rows):
            builder.extend_down(cell)
        assert builder.is_covered(rows, 0)

    once, twice, thrice = (lines_run(merged, rows) for rows in (1000, 2000, 3000))
    assert thrice - twice <= 1.05 * (twice - once)


@pytest.mark.parametrize(
    "text", ["а" * 99_000, "а- " * 33_000, "а б " * 24_000], ids=["word", "torn", "words"]
)
def test_a_cell_as_long_as_they_may_be_comes_to_an_end(text: str) -> None:
    document = answer("план.csv", f"{CSV}2;{text};II квартал;О\n".encode(), DEFAULT_LIMITS)[1]
    programme = read_programme(document, YEAR)
    assert any(one.actions == (text.strip(),) for one in programme.measures)


def test_a_remark_quotes_the_beginning_of_a_long_text() -> None:
    rows = f"2;Дело;{'до сдачи или ' * 5000};О\n3;Дело;до сдачи;О\n"
    document = answer("план.csv", (CSV + rows).encode(), DEFAULT_LIMITS)[1]
    said = [one.message() for one in read_programme(document, YEAR).remarks]
    assert any("до сдачи или до сдачи" in one and "…" in one for one in said)
    assert max(map(len, said)) < 1500


def test_more_measures_than_a_programme_holds_are_refused() -> None:
    rows = "".join(f"{at};Дело {at};II квартал;О\n" for at in range(2, 20_010))
    document = answer("план.csv", (CSV + rows).encode(), DEFAULT_LIMITS)[1]
    with pytest.raises(TooManyMeasures, match="больше 20000"):
        read_programme(document, YEAR)


def test_a_text_with_a_few_damaged_letters_keeps_its_encoding() -> None:
    data = CSV.replace("Дело", "Де\ud800ло").encode("utf-8", "surrogatepass")
    document = answer("план.csv", data, DEFAULT_LIMITS)[1]
    assert document.encoding == "utf-8"
    assert read_programme(document, YEAR).measures[0].actions == ("Де\ufffd\ufffd\ufffdло",)


def test_an_area_merged_over_the_whole_sheet_costs_nothing() -> None:
    merged = '<mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    rows = row(1, *HEADINGS) + row(2, *ROW) + row(3, "Конец")
    failure, document = answer("план.xlsx", xlsx(rows, merged), DEFAULT_LIMITS)
    assert not failure, document
    assert (document.grids[0].rows, document.grids[0].columns) == (3, 4)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """Return an address, and what has been asked of it."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_fetched(asked: tuple[str, list[str]], tmp_path: Path) -> None:
    address, paths = asked
    table = tbl(tr(*HEADINGS), tr(*ROW))
    links = [
        (f"r{at}", kind, f"{address}/{kind}")
        for at, kind in enumerate(("aFChunk", "image", "attachedTemplate", "styles", "oleObject"))
    ]
    body = f"<w:body>{table}<w:altChunk r:id='r0'/></w:body>"
    members = {
        "[Content_Types].xml": "wordprocessingml",
        "_rels/.rels": references(("rId1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": references(*links),
        "word/document.xml": f"<w:document {W} {OTHERS}>{body}</w:document>",
        "../../outside.txt": "x",
    }
    page = (
        f'<html><link rel=stylesheet href="{address}/a"><style>@import url({address}/b);</style>'
        f'<img src="{address}/c"><iframe src="{address}/d"></iframe>'
        "<table><tr><td>№<td>Мероприятия<td>Срок<tr><td>1<td>Дело<td>II квартал</table>"
    )
    formula = f'<row r="2"><c r="A2"><f>WEBSERVICE("{address}/f")</f><v>1</v></c></row>'
    files = {
        "план.docx": packed(members),
        "план.html": page.encode(),
        "план.xlsx": xlsx(row(1, *HEADINGS) + formula),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert read_document(tmp_path / name).parts
    assert paths == []
    assert {path.name for path in tmp_path.iterdir()} == set(files)
