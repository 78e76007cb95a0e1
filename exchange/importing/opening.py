"""The door to the readers: from a file to a document, whatever its format."""

from pathlib import Path
from typing import Final

from kvartal.exchange.errors import (
    DocumentTooLarge,
    DocumentUnreadable,
    EmptyDocument,
    UnknownFormat,
)
from kvartal.exchange.grid import SourceDocument
from kvartal.exchange.limits import DEFAULT_LIMITS
from kvartal.exchange.readers.encoding import decoded
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.schema.errors import N_, Labels

_PACKED: Final = b"PK\x03\x04"
_SEPARATED: Final = frozenset({".csv", ".tsv"})


def open_document(path: Path) -> SourceDocument:
    """Return a file as paragraphs and tables.

    Raises:
        DocumentError: It cannot be read.
    """
    source = SourceFile(path.name, _content(path))
    if source.data.startswith(_PACKED):
        return _of_package(source)
    text = decoded(source.data)
    if text is None:
        raise UnknownFormat(name=path.name)
    return _of_text(source, *text)


def _content(path: Path) -> bytes:
    limit = DEFAULT_LIMITS.file_bytes
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise DocumentUnreadable(name=path.name, reason=error.strerror or "") from error
    if len(data) > limit:
        raise DocumentTooLarge(name=path.name, what=Labels((("", N_("размер")),)), limit=limit)
    if not data.strip():
        raise EmptyDocument(name=path.name)
    return data


def _of_package(source: SourceFile) -> SourceDocument:
    from kvartal.exchange.readers.package import Package

    package = Package(source)
    if package.has("word/document.xml"):
        from kvartal.exchange.readers.docx import read_docx

        return read_docx(source)
    if package.has("xl/workbook.xml"):
        from kvartal.exchange.readers.xlsx import read_xlsx

        return read_xlsx(source)
    raise UnknownFormat(name=source.name)


def _of_text(source: SourceFile, text: str, encoding: str) -> SourceDocument:
    from kvartal.exchange.readers.plain_text import read_plain_text
    from kvartal.exchange.readers.separated import is_separated, read_separated

    likely = Path(source.name).suffix.casefold() in _SEPARATED
    read = read_separated if is_separated(text, likely=likely) else read_plain_text
    return read(source, text, encoding)
