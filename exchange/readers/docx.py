"""Reads Word documents (DOCX): paragraphs and tables as they stand in the XML.

Tables are walked row by row (`w:tr`, `w:tc`) with the gaps before and after their cells, spans,
vertical merges, content controls and tracked changes. What is printed on every page, headers and
footers, is kept apart.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import Footnote, Grid, Paragraph, SourceDocument, SourceFormat
from kvartal.exchange.readers.docx_names import W
from kvartal.exchange.readers.docx_notes import Notes
from kvartal.exchange.readers.docx_numbering import Numbering
from kvartal.exchange.readers.docx_paragraphs import ParagraphReader
from kvartal.exchange.readers.docx_styles import Styles
from kvartal.exchange.readers.docx_tables import read_table
from kvartal.exchange.readers.docx_text import (
    CONTAINERS,
    DELETED,
    INSERTED,
    TextContext,
    TextReader,
    add_bookmark,
    controlled,
)
from kvartal.exchange.readers.package import Package
from kvartal.exchange.readers.relationships import part_of_kind, relationships
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.readers.xml import parse_member
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE, SourcePlace
from kvartal.schema.errors import N_

if TYPE_CHECKING:
    from lxml.etree import _Element

_LARGEST_CUSTOM: Final = 4 << 20


def read_docx(source: SourceFile) -> SourceDocument:
    """Return a Word document as paragraphs and tables.

    Raises:
        DocumentError: It cannot be read.
    """
    package = Package(source)
    main = part_of_kind(relationships(package), "officeDocument", package) or "word/document.xml"
    body = parse_member(package, main).find(f"{W}body")
    if body is None:
        raise source.damaged(N_("внутри нет нужной части"), main)
    reader = _DocumentReader(package, main)
    parts = list(reader.body(body))
    return source.document(
        SourceFormat.DOCX,
        parts,
        footnotes=reader.footnotes(),
        custom_xml=tuple(_custom_xml(package)),
        headers=tuple(reader.headers()),
    )


class _DocumentReader:
    """Reads the parts of one document.

    Args:
        package: The document.
        main: Name of its main part.
    """

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._source = package.source
        self._references = relationships(package, main)
        self._styles = Styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"))
        self._notes = Notes()
        self._links = {
            reference.key: reference.target
            for reference in self._references
            if reference.kind == "hyperlink"
        }
        self._paragraphs = 0
        self._tables = 0
        comments = self._part("comments")
        self._source.leave_comments(0 if comments is None else len(comments))

    def body(self, body: "_Element") -> Iterator[Paragraph | Grid]:
        """Yield the paragraphs and tables of the document's text."""
        return self._blocks(body, TextContext(), self._text_reader(), None, 0)

    def footnotes(self) -> list[Footnote]:
        """Return the footnotes and endnotes that the text refers to."""
        found = []
        for kind in ("footnote", "endnote"):
            root = self._part(f"{kind}s")
            for element in () if root is None else root.iterchildren(W + kind):
                key = f"{kind}-{element.get(f'{W}id', '')}"
                if key in self._notes.marks:
                    mark = self._notes.marks[key]
                    place = SourcePlace(note=mark or "?")
                    blocks = self._blocks(element, TextContext(), self._text_reader(), place, 0)
                    paragraphs = tuple(one for one in blocks if isinstance(one, Paragraph))
                    found.append(Footnote(key, mark, paragraphs))
        return found

    def headers(self) -> dict[str, None]:
        """Return the texts of headers and footers, each once."""
        found: dict[str, None] = {}
        for reference in self._references:
            is_there = not reference.external and self._package.has(reference.target)
            if reference.kind not in {"header", "footer"} or not is_there:
                continue
            root = parse_member(self._package, reference.target)
            for paragraph in root.iter(f"{W}p"):
                text = "".join(one.text or "" for one in paragraph.iter(f"{W}t")).strip()
                if text:
                    found[text] = None
        return found

    def _part(self, kind: str) -> "_Element | None":
        member = part_of_kind(self._references, kind, self._package)
        return parse_member(self._package, member) if member else None

    def _text_reader(self) -> ParagraphReader:
        return ParagraphReader(
            TextReader(self._styles, self._links, self._notes), self._styles, self._numbering
        )

    def _remark(self, code: str, place: SourcePlace, template: str, **fields: object) -> None:
        self._source.remarks.append(Remark(code, place, template, fields))

    def _blocks(
        self,
        container: "_Element",
        context: TextContext,
        reader: ParagraphReader,
        cell: SourcePlace | None,
        depth: int,
    ) -> Iterator[Paragraph | Grid]:
        """Yield the blocks of a container: the body, a cell, a note, a text box.

        Args:
            container: The element.
            context: What the elements around it say.
            reader: Reads the paragraphs of this flow of text.
            cell: Where the paragraphs stand; None in the body, where they are counted.
            depth: How many tables are around it.
        """
        tables = 0
        for element, inner in _block_elements(container, context):
            if element.tag == f"{W}p":
                paragraph, boxes = reader.read(element, inner, cell or self._next_paragraph())
                if paragraph is not None:
                    yield paragraph
                place = cell or SourcePlace(paragraph=self._paragraphs)
                for box in boxes:
                    yield from self._blocks(box, inner, self._text_reader(), cell or place, depth)
            elif element.tag == f"{W}bookmarkStart":
                add_bookmark(element, reader.pending_bookmarks)
            elif element.tag == f"{W}altChunk":
                template = N_("Вставленный целиком другой документ не прочитан.")
                self._remark("inserted-document", cell or NO_PLACE, template)
            elif element.tag == f"{W}tbl":
                if cell is None or not (cell.row or cell.table):
                    self._tables += 1
                    place = SourcePlace(table=self._tables)
                else:
                    tables += 1
                    place = SourcePlace(table=tables, outer=cell)
                yield self._table(element, inner, reader, place, depth)

    def _next_paragraph(self) -> SourcePlace:
        self._paragraphs += 1
        return SourcePlace(paragraph=self._paragraphs)

    def _table(
        self,
        table: "_Element",
        context: TextContext,
        reader: ParagraphReader,
        place: SourcePlace,
        depth: int,
    ) -> Grid:
        if depth >= self._source.limits.depth:
            raise self._source.too_large(N_("вложенность таблиц"), self._source.limits.depth)

        def content(
            cell: "_Element", inner: TextContext, place: SourcePlace
        ) -> list[Paragraph | Grid]:
            return list(self._blocks(cell, inner, reader, place, depth + 1))

        return read_table(table, context, place, self._source, content)


def _block_elements(
    container: "_Element", context: TextContext
) -> Iterator[tuple["_Element", TextContext]]:
    """Yield what stands in a container, with what the elements around each say.

    Content controls, custom XML and tracked changes around whole blocks are opened.
    """
    for child in container.iterchildren("{*}*"):
        if child.tag == f"{W}sdt":
            inner = controlled(child)
            if inner is not None:
                yield from _block_elements(inner, context)
        elif child.tag in CONTAINERS | INSERTED | DELETED:
            yield from _block_elements(child, context.within(child))
        else:
            yield child, context


def _custom_xml(package: Package) -> Iterator[str]:
    """Yield the XML parts that the document carries for programs."""
    for name in package.names():
        if name.startswith("customXml/item") and name.endswith(".xml") and "Props" not in name:
            content = package.read(name)
            if len(content) <= _LARGEST_CUSTOM:
                yield content.decode("utf-8", errors="replace")
