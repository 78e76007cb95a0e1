"""Finds the format of a document by its content, and reads it in this process.

The name's extension is no proof: document systems give out HTML as `.xls` and tables of tabs as
`.csv`. It only decides whether a text with a few other lines is a table of separated values.
"""

import json
import re
from typing import Final

from kvartal.exchange.errors import DataNoDocument, DocumentProtected, EmptyDocument, UnknownFormat
from kvartal.exchange.grid import SourceDocument, SourceFormat
from kvartal.exchange.readers.docx import read_docx
from kvartal.exchange.readers.encoding import decoded
from kvartal.exchange.readers.html import is_mhtml, read_html
from kvartal.exchange.readers.opendocument import read_opendocument
from kvartal.exchange.readers.package import Package
from kvartal.exchange.readers.plain_text import read_plain_text
from kvartal.exchange.readers.plain_text_markdown import has_markdown_table
from kvartal.exchange.readers.separated import is_separated, read_separated
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.readers.xlsx import read_xlsx

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED_MEMBER: Final = "encrypted-package"
"""What an OpenDocument file is packed in when all of it is encrypted at once."""
_CONTENT_TYPES: Final = "[Content_Types].xml"
_HEAD: Final = 4096
_HTML: Final = re.compile(
    # Possessive: a comment that is given up is not tried again with all that follow.
    r"\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
    r"<(?:!doctype\s+html|html|head|meta|body|table|div|p|style|title|center|font|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS: Final = 0.02
"""Of the characters of a text: in random bytes every tenth one is a control character."""
_PDF: Final = b"%PDF-"
_NOTHING: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\f"
"""What a text without any content has: the mark of its encoding, white space."""
_DOS_END: Final = b"\x1a"
"""What old programs end a text with."""
_FLAT: Final = "urn:oasis:names:tc:opendocument:xmlns:office"
_PLAN: Final = re.compile(r"^(?:year: \d{4}|period:)\s*$", re.MULTILINE)
_MEASURES: Final = re.compile(r"^measures:", re.MULTILINE)
"""What the file of a programme has, each at the beginning of a line."""
_SEPARATED_NAMES: Final = (".csv", ".tsv", ".tab")


def read_source(source: SourceFile) -> SourceDocument:
    """Return a document of any format.

    Raises:
        DocumentError: It cannot be read.
    """
    if not source.data.strip(_NOTHING):
        raise EmptyDocument(name=source.name)
    if source.data.startswith(_ZIP):
        return _read_packed(source)
    if is_mhtml(source.data):
        return read_html(source)
    found = decoded(source.data.rstrip(_DOS_END))
    if found is None or source.data.startswith(_PDF):
        raise UnknownFormat(name=source.name)
    text, encoding = found
    head = text[:_HEAD]
    if _HTML.match(head):
        return read_html(source)
    if head.lstrip().startswith("<?xml") and _FLAT in head:
        return read_opendocument(source)
    is_binary = len(_CONTROL.findall(head)) > len(head) * _MOST_CONTROLS
    if head.lstrip().startswith("<?xml") or is_binary:
        raise UnknownFormat(name=source.name)
    known = _data_format(text)
    if known:
        raise DataNoDocument(name=source.name, format=known)
    is_likely = source.name.lower().endswith(_SEPARATED_NAMES)
    is_drawn = not is_likely and has_markdown_table(text)
    if not is_drawn and is_separated(text, likely=is_likely):
        return read_separated(source, text, encoding)
    return read_plain_text(source, text, encoding)


def _data_format(text: str) -> str:
    """Return the format of a text that is data for programs; empty for a document."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return ""
        return "JSON"
    return "YAML" if _PLAN.search(text) and _MEASURES.search(text) else ""


def _read_packed(source: SourceFile) -> SourceDocument:
    """Return a document that is packed as a zip file."""
    found = _packed_format(Package(source))
    if found is SourceFormat.DOCX:
        return read_docx(source)
    if found is SourceFormat.XLSX:
        return read_xlsx(source)
    if found is SourceFormat.ODT:
        return read_opendocument(source)
    raise UnknownFormat(name=source.name)


def _packed_format(package: Package) -> SourceFormat | None:
    """Return the format of a packed document; that of any OpenDocument is ODT here."""
    if package.has(_ENCRYPTED_MEMBER):
        raise DocumentProtected(name=package.source.name)
    if package.has("content.xml"):
        return SourceFormat.ODT
    if not package.has(_CONTENT_TYPES):
        return None
    types = package.read(_CONTENT_TYPES)
    for name, found in (
        (b"wordprocessingml", SourceFormat.DOCX),
        (b"spreadsheetml", SourceFormat.XLSX),
    ):
        if name in types and not (found is SourceFormat.XLSX and b"sheet.binary" in types):
            return found
    # Some programs leave the list of types almost empty.
    if package.has("word/document.xml"):
        return SourceFormat.DOCX
    return SourceFormat.XLSX if package.has("xl/workbook.xml") else None
