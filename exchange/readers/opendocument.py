"""Reads OpenDocument texts and spreadsheets (ODT, ODS and their flat XML forms).

A formula gives its stored value and is never evaluated. Macros, objects and what is printed on
every page are not read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kvartal.exchange.errors import DocumentProtected, UnknownFormat
from kvartal.exchange.grid import Footnote, Grid, Paragraph, Run, SourceDocument, SourceFormat
from kvartal.exchange.readers.opendocument_lists import ListNumbers
from kvartal.exchange.readers.opendocument_names import DRAW, OFFICE, TABLE, TEXT, whole
from kvartal.exchange.readers.opendocument_styles import DocumentStyles
from kvartal.exchange.readers.opendocument_tables import ReadBlocks, TableReader
from kvartal.exchange.readers.opendocument_text import SpanReader
from kvartal.exchange.readers.package import Package
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.readers.xml import parse, parse_member
from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.errors import N_

if TYPE_CHECKING:
    from lxml.etree import _Element

_MANIFEST: Final = "META-INF/manifest.xml"
_WRAPPERS: Final = frozenset(
    f"{TEXT}{name}"
    for name in (
        *("section", "index-body", "table-of-content", "index-title", "numbered-paragraph"),
        *("alphabetical-index", "illustration-index", "table-index", "user-index"),
    )
)


def read_opendocument(source: SourceFile) -> SourceDocument:
    """Return an OpenDocument text or spreadsheet, packed or flat.

    Raises:
        DocumentError: It cannot be read.
    """
    if source.data.startswith(b"PK"):
        package = Package(source)
        if package.has(_MANIFEST) and b"encryption-data" in package.read(_MANIFEST):
            raise DocumentProtected(name=source.name)
        roots = [parse_member(package, "content.xml")]
        if package.has("styles.xml"):
            roots.insert(0, parse_member(package, "styles.xml"))
    else:
        roots = [parse(source.data, source)]
    body = roots[-1].find(f"{OFFICE}body")
    if body is None:
        raise source.damaged(N_("внутри нет нужной части"), "office:body")
    source.leave_comments(sum(1 for _ in body.iter(f"{OFFICE}annotation")))
    reader = _BodyReader(source, roots)
    text, sheets = body.find(f"{OFFICE}text"), body.find(f"{OFFICE}spreadsheet")
    if text is not None:
        parts = list(reader.blocks(text, None, 0))
        return source.document(SourceFormat.ODT, parts, footnotes=reader.footnotes)
    if sheets is not None:
        parts = list(reader.sheets(sheets))
        return source.document(SourceFormat.ODS, parts, footnotes=reader.footnotes)
    raise UnknownFormat(name=source.name)


class _BodyReader:
    def __init__(self, source: SourceFile, roots: list["_Element"]) -> None:
        self._source = source
        self._styles = DocumentStyles(roots)
        self._lists = ListNumbers()
        self._lists.add_styles(roots)
        self._spans = SpanReader(self._styles)
        self._paragraphs = 0
        self._tables = 0
        self.footnotes: list[Footnote] = []

    def sheets(self, body: "_Element") -> Iterator[Grid]:
        """Yield the sheets of a spreadsheet."""
        for element in body.iterchildren(f"{TABLE}table"):
            name = element.get(f"{TABLE}name", "")
            style = self._styles.style("table", element.get(f"{TABLE}style-name"))
            reader = TableReader(self._source, SourcePlace(sheet=name), self._styles, self._cell(0))
            yield reader.read(element, name=name, hidden=not style.displayed)

    def blocks(
        self, container: "_Element", cell: SourcePlace | None, depth: int, base: Run | None = None
    ) -> Iterator[Paragraph | Grid]:
        """Yield the blocks of a container: the body, a list item, a cell, a note, a text box.

        Args:
            container: The element.
            cell: Where the paragraphs stand; None outside tables, where they are counted.
            depth: How many tables are around it.
            base: An empty run with the flags of the cell's style.
        """
        tables = 0
        for element in container.iterchildren("{*}*"):
            tag = element.tag
            if tag in {f"{TEXT}p", f"{TEXT}h"}:
                yield from self._paragraph(element, cell, depth, base or Run(""))
            elif tag == f"{TEXT}list":
                yield from self._list(element, cell, depth, base)
            elif tag in _WRAPPERS:
                yield from self.blocks(element, cell, depth, base)
            elif tag == f"{TEXT}tracked-changes":
                self._spans.take_changes(element)
            elif tag in {f"{TEXT}change-start", f"{TEXT}change-end"}:
                self._spans.change(element)
            elif tag == f"{DRAW}frame":
                for box in element.iter(f"{DRAW}text-box"):
                    yield from self.blocks(box, cell, depth, base)
            elif tag == f"{TABLE}table":
                tables += 1
                yield self._table(element, self._table_place(cell, tables), depth)

    def _table_place(self, cell: SourcePlace | None, nested: int) -> SourcePlace:
        if cell is not None and cell.row:
            return SourcePlace(table=nested, outer=cell)
        self._tables += 1
        return SourcePlace(table=self._tables)

    def _paragraph(
        self, element: "_Element", cell: SourcePlace | None, depth: int, base: Run
    ) -> Iterator[Paragraph | Grid]:
        if cell is None:
            self._paragraphs += 1
        place = cell or SourcePlace(paragraph=self._paragraphs)
        style = self._styles.style("paragraph", element.get(f"{TEXT}style-name"))
        spans = self._spans.read(element, style.over(base))
        outline = whole(element.get(f"{TEXT}outline-level"), style.outline)
        number, level = self._lists.next_number()
        if element.tag == f"{TEXT}h" and not self._lists.inside:
            counted = element.get(f"{TEXT}is-list-header") != "true"
            number = self._lists.heading(outline or 1) if counted else ""
            level = max(0, outline - 1)
        yield Paragraph(
            tuple(spans.runs),
            place,
            number=number,
            level=level,
            style=style.name,
            outline=outline if element.tag == f"{TEXT}h" else style.outline,
            indent=style.indent or 0.0,
            bookmarks=tuple(name for name in spans.bookmarks if name),
        )
        for note in spans.notes:
            self._footnote(note)
        for box in spans.boxes:
            yield from self.blocks(box, place, depth)

    def _list(
        self, element: "_Element", cell: SourcePlace | None, depth: int, base: Run | None
    ) -> Iterator[Paragraph | Grid]:
        first = element.find(f".//{TEXT}p")
        name = None if first is None else first.get(f"{TEXT}style-name")
        self._lists.begin(element, self._styles.style("paragraph", name).list_style)
        for item in element.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
            self._lists.item(item, numbered=item.tag == f"{TEXT}list-item")
            yield from self.blocks(item, cell, depth, base)
        self._lists.end()

    def _footnote(self, note: "_Element") -> None:
        mark = note.findtext(f"{TEXT}note-citation") or ""
        body = note.find(f"{TEXT}note-body")
        blocks = () if body is None else self.blocks(body, SourcePlace(note=mark or "?"), 0)
        paragraphs = tuple(one for one in blocks if isinstance(one, Paragraph))
        self.footnotes.append(Footnote(note.get(f"{TEXT}id", "") or mark, mark, paragraphs))

    def _table(self, element: "_Element", place: SourcePlace, depth: int) -> Grid:
        if depth >= self._source.limits.depth:
            raise self._source.too_large(N_("вложенность таблиц"), self._source.limits.depth)
        around = self._lists.suspend()
        reader = TableReader(self._source, place, self._styles, self._cell(depth + 1))
        grid = reader.read(element, name=element.get(f"{TABLE}name", ""), hidden=False)
        self._lists.resume(around)
        return grid

    def _cell(self, depth: int) -> ReadBlocks:
        def blocks(cell: "_Element", place: SourcePlace, base: Run) -> list[Paragraph | Grid]:
            return list(self.blocks(cell, place, depth, base))

        return blocks
