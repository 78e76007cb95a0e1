"""The door: formats by content, limits, hostile files, a process of its own."""

import io
import os
import stat
import subprocess
import sys
import zipfile
from hashlib import sha256
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from kvartal.exchange import errors, libreoffice
from kvartal.exchange.grid import SourceFormat
from kvartal.exchange.limits import DEFAULT_LIMITS, Limits
from kvartal.exchange.readers.reading_process import answer
from kvartal.exchange.reading import read_content, read_document
from tests.exchange.exported import SEED
from tests.exchange.grids import DOCUMENTS, golden_file, grids
from tests.exchange.office import W, docx, p, packed, references, tbl, tr

if TYPE_CHECKING:
    from kvartal.exchange.errors import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
FLAT = (
    '<?xml version="1.0"?>'
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
    "<office:body><office:text/></office:body></office:document>"
)


def stream(name: str) -> bytes:
    """Return an old Office file of which only the name of a stream is there."""
    return OLE + name.encode("utf-16-le")


def refused(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the class of the error that a file is refused with; its sentence is whole."""
    failure, fields = answer(name, data, limits)
    assert failure, fields
    error: DocumentError = getattr(errors, failure)(**fields)
    assert error.exit_code == 1
    assert name in str(error)
    assert "{" not in str(error).replace(name, "")
    return failure


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("план.xls", docx(tbl(tr("1", "а"))), SourceFormat.DOCX),
        ("план.doc", "<html><table><tr><td>1</table>".encode("utf-16"), SourceFormat.HTML),
        ("план.xls", "№;Дело\n1;Офис\n".encode("cp1251"), SourceFormat.SEPARATED),
        ("план.csv", "План на год\nГлава\n".encode(), SourceFormat.PLAIN_TEXT),
        ("план.xml", FLAT.encode(), SourceFormat.ODT),
        ("план", b"\xef\xbb\xbf<!-- x --><TABLE><tr><td>1", SourceFormat.HTML),
    ],
    ids=count(),
)
def test_the_content_says_what_a_file_is(name: str, data: bytes, found: SourceFormat) -> None:
    failure, document = answer(name, data, DEFAULT_LIMITS)
    assert (failure, document.format) == ("", found)


def part(content: str) -> bytes:
    """Return a Word document with a whole part of its own."""
    return packed(
        {
            "[Content_Types].xml": "wordprocessingml",
            "_rels/.rels": references(("rId1", "officeDocument", "word/document.xml")),
            "word/document.xml": content,
        }
    )


ENTITIES = '<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"", "EmptyDocument"),
        (b" \r\n", "EmptyDocument"),
        (b"\xef\xbb\xbf\r\n", "EmptyDocument"),
        (b"%PDF-1.7\x00\x01", "UnknownFormat"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UnknownFormat"),
        (packed({"readme.txt": "x"}), "UnknownFormat"),
        (b"<?xml version='1.0'?><feed/>", "UnknownFormat"),
        (b' {"kind": "plan", "measures": []}', "DataNoDocument"),
        (SEED.read_bytes(), "DataNoDocument"),
        (docx(p("а"))[:-40], "DocumentDamaged"),
        (part("<w:document"), "DocumentDamaged"),
        (part(f"<w:document {W}/>"), "DocumentDamaged"),
        (part(f"{ENTITIES}<w:document {W}>&b;</w:document>"), "DocumentWithEntities"),
        (part(f"{OUTSIDE}<w:document {W}>&a;</w:document>"), "DocumentWithEntities"),
        (docx("<w:tbl>" * 10_000), "DocumentTooLarge"),
        (docx("<w:tbl><w:tr><w:tc>" * 400 + "</w:tc></w:tr></w:tbl>" * 400), "DocumentTooLarge"),
        (docx("<w:tbl><w:tr><w:tc>" * 30 + "</w:tc></w:tr></w:tbl>" * 30), "DocumentTooLarge"),
    ],
    ids=count(),
)
def test_what_cannot_be_read_gets_a_sentence(data: bytes, failure: str) -> None:
    assert refused("план.docx", data) == failure


def test_a_document_that_unpacks_without_end_is_refused() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml")
        archive.writestr("word/document.xml", bytes(4 << 20))
        for number in range(30):
            archive.writestr(f"word/media/{number}", "")
    small = Limits(member_bytes=1 << 20)
    assert refused("план.docx", output.getvalue(), small) == "DocumentTooLarge"
    assert refused("план.docx", output.getvalue()) == "DocumentTooLarge"  # by its ratio
    assert refused("план.docx", output.getvalue(), Limits(members=20)) == "DocumentTooLarge"


def test_tables_have_limits() -> None:
    data = docx(tbl(*(tr("1", "2") for _ in range(20))))
    assert refused("план.docx", data, Limits(rows=10)) == "DocumentTooLarge"
    assert refused("план.docx", data, Limits(columns=1)) == "DocumentTooLarge"
    assert refused("план.docx", data, Limits(cells=30)) == "DocumentTooLarge"
    wide = docx(tbl("<w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr></w:tc></w:tr>"))
    assert answer("план.docx", wide, DEFAULT_LIMITS)[1].grids[0].columns == 1


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(docx(p("а")))
    for at in range(len(data)):
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 8] |= 1
    assert refused("план.docx", bytes(data)) == "DocumentProtected"


def test_a_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "план.docx"
    path.write_bytes(docx(tbl(tr("1", "Дело"), tr("", "я"))))
    document = read_document(path)
    assert (document.name, document.size) == ("план.docx", path.stat().st_size)
    assert document.sha256 == sha256(path.read_bytes()).hexdigest()
    assert document.grids[0].row_text(1) == ("", "я")
    with pytest.raises(errors.DocumentDamaged) as caught:
        read_content("план.docx", b"PK\x03\x04")
    assert "план.docx" in str(caught.value)


def test_reading_ends_in_time_and_on_request() -> None:
    with pytest.raises(errors.ReadingTooSlow):
        read_content("план.docx", b"", limits=Limits(seconds=0.001))
    with pytest.raises(errors.DocumentReadingStopped):
        read_content("план.docx", b"", stopped=lambda: True)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited there only")
def test_reading_has_a_limit_of_memory() -> None:
    data = docx("<w:p/>" * 100_000)
    with pytest.raises(errors.ReadingTooHeavy):
        read_content("план.docx", data, limits=Limits(memory_bytes=48 << 20, ratio=10_000))


def test_a_file_that_the_system_does_not_give(tmp_path: Path) -> None:
    with pytest.raises(errors.DocumentUnreadable, match="такого файла или папки нет"):
        read_document(tmp_path / "нет.docx")
    with pytest.raises(errors.DocumentUnreadable, match="это папка, а не файл"):
        read_document(tmp_path)
    large = tmp_path / "большой.csv"
    large.write_bytes(b"1;2\n" * 10)
    with pytest.raises(errors.DocumentTooLarge):
        read_document(large, limits=Limits(file_bytes=16))


def test_older_formats_are_told_apart() -> None:
    assert libreoffice.legacy_format("x", rb"{\rtf1 ...") == "rtf"
    assert libreoffice.legacy_format("x", stream("WordDocument")) == "doc"
    assert libreoffice.legacy_format("x", stream("Workbook")) == "xls"
    assert libreoffice.legacy_format("x", docx(p("а"))) == ""
    namespace = b"urn:schemas-microsoft-com:office:spreadsheet"
    as_xml = b'\xef\xbb\xbf<?xml version="1.0"?>%s<Workbook xmlns="' + namespace + b'"/>'
    assert libreoffice.legacy_format("x", as_xml % b"") == "xls"
    with pytest.raises(errors.DocumentWithEntities):
        libreoffice.legacy_format("x", as_xml % b"<!DOCTYPE x>")
    word = b"\xec\xa5" + bytes(8)
    book = bytes.fromhex("0908040000060500860002000000")
    for kind, locked, plain in (
        ("WordDocument", word + b"\xf0\x13", word + b"\xf0\x12"),
        ("Workbook", book + b"\x2f\x00", book + b"\xe1\x00"),
    ):
        assert libreoffice.legacy_format("x", stream(kind).ljust(1024) + plain)
        with pytest.raises(errors.DocumentProtected):
            libreoffice.legacy_format("x", stream(kind).ljust(1024) + locked)
    for kind in ("EncryptedPackage", "\tDRMContent"):
        with pytest.raises(errors.DocumentProtected):
            libreoffice.legacy_format("x", stream(kind))


def test_without_libreoffice_a_sentence_says_how_to_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "план.doc"
    path.write_bytes(stream("WordDocument"))
    monkeypatch.setattr(libreoffice, "find_program", lambda: "")
    with pytest.raises(errors.ConverterMissing, match="сохраните как DOCX"):
        read_document(path)


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_older_formats_are_converted_by_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text(
        dedent(f"""\
            #!{sys.executable}
            import pathlib, sys
            folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
            assert sys.argv[-1] == str(folder / "document.rtf")
            assert "MacroSecurityLevel" in (folder / "profile/user/registrymodifications.xcu"
                ).read_text()
            if b"broken" not in (folder / "document.rtf").read_bytes():
                (folder / "document.docx").write_bytes({docx(p("из RTF"))!r})
            """),
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(libreoffice, "find_program", lambda: str(program))
    path = tmp_path / "--план.rtf"
    path.write_bytes(rb"{\rtf1}")
    document = read_document(path)
    assert document.paragraphs[0].text == "из RTF"
    assert (document.converted_from, document.sha256) == ("rtf", sha256(rb"{\rtf1}").hexdigest())
    path.write_bytes(rb"{\rtf1 broken}")
    with pytest.raises(errors.ConversionFailed):
        read_document(path)


def test_a_missing_library_is_named_with_the_command_that_installs_it() -> None:
    program = dedent("""\
        import sys
        sys.modules["lxml"] = None
        from kvartal.exchange.errors import OfficeLibraryMissing
        from kvartal.exchange.limits import DEFAULT_LIMITS
        from kvartal.exchange.readers.reading_process import answer
        data = sys.stdin.buffer.read()
        for content in (data, b"<html><table><tr><td>1"):
            name, fields = answer("x.docx", content, DEFAULT_LIMITS)
            assert name == "OfficeLibraryMissing", (name, fields)
            assert "pip install 'kvartal[office]'" in str(OfficeLibraryMissing(**fields))
        assert answer("x.csv", b"1;2\\n3;4", DEFAULT_LIMITS)[0] == ""
        assert "openpyxl" not in sys.modules
        """)
    subprocess.run([sys.executable, "-c", program], input=docx(p("а")), check=True)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_whole(name: str) -> None:
    assert grids(name) == golden_file(name).read_text("utf-8")
