"""Reads HTML pages, those saved from Word and Excel too, and the single-file form (MHTML).

Nothing that a page refers to is fetched, and no script runs.
"""

import email
import email.policy
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kvartal.exchange.errors import OfficeLibraryMissing, UnknownFormat
from kvartal.exchange.grid import Footnote, Grid, Paragraph, Run, SourceDocument, SourceFormat
from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.readers.encoding import decoded
from kvartal.exchange.readers.grid_builder import DraftCell, GridBuilder
from kvartal.exchange.readers.html_flow import Flow
from kvartal.exchange.readers.html_lists import ListCounter
from kvartal.exchange.readers.html_styles import Appearance, StyleSheet, appearance_of, points
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.errors import N_

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCK: Final = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|"
    "figure|footer|form|h[1-6]|header|hr|html|legend|li|main|nav|ol|p|pre|section|summary|ul"
)
_SKIPPED: Final = re.compile(
    "applet|audio|base|canvas|embed|frame|frameset|head|iframe|img|link|math|meta|noscript|object|"
    "option|param|script|select|style|svg|template|textarea|title|video|xml"
)
_GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)")
# Footnotes and endnotes: of Word, and of LibreOffice.
_NOTE: Final = re.compile(r"#_((?:ftn|edn)\d+)|#(sd(?:foot|end)note\d+)sym")
_NOTE_TEXT: Final = re.compile(r"(?:ftn|edn|sdfootnote|sdendnote)\d+")
_NOTE_NAMES: Final = ("_ftn", "_edn", "sdfootnote", "sdendnote")
_BACK: Final = re.compile(r"#_(?:ftn|edn)ref\d+|#sd(?:foot|end)note\d+anc")
_COMMENT_MARK: Final = frozenset({"msocommentreference", "msocomanchor"})
"""The classes of the mark of a comment in the margin, as Word saves it."""
_MEASURE: Final = "data-measure"
"""The attribute of a row that holds the id of a measure, in our own exports."""
_HEAD: Final = 4096
_DEEPEST: Final = 200
_WIDEST: Final = 1_000


def read_html(source: SourceFile) -> SourceDocument:
    """Return a page as paragraphs and tables.

    Raises:
        DocumentError: It cannot be read.
    """
    data = source.data
    if is_mhtml(data):
        data = _page_of_mhtml(source)
    text, encoding = _text_of(data, source)
    try:
        from lxml import etree
    except ImportError as error:
        raise OfficeLibraryMissing(name=source.name, library="lxml") from error
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError as error:
        raise source.damaged(N_("разметка HTML не читается")) from error
    if root is None:
        raise source.damaged(N_("разметка HTML не читается"))
    reader = _PageReader(source, StyleSheet(root))
    flow = Flow()
    reader.children(root, Appearance(), flow, 0)
    flow.end_paragraph()
    return source.document(
        SourceFormat.HTML, flow.blocks, footnotes=reader.footnotes, encoding=encoding
    )


def is_mhtml(data: bytes) -> bool:
    """Return whether a file is a page in the single-file form."""
    head = data[:_HEAD].lower()
    return b"mime-version:" in head and b"content-type: multipart/related" in head


def _page_of_mhtml(source: SourceFile) -> bytes:
    message = email.message_from_bytes(source.data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content
    raise UnknownFormat(name=source.name)


def _text_of(data: bytes, source: SourceFile) -> tuple[str, str]:
    """Return the text of a page and its encoding: by its mark, as the page says, by its bytes."""
    declared = _XML_ENCODING.match(data) or _CHARSET.search(data[:_HEAD])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii", errors="replace").lower()
        try:
            return data.decode(name), name
        except (LookupError, ValueError):
            pass
    found = decoded(data)
    if found is None:
        raise UnknownFormat(name=source.name)
    return found


class _PageReader:
    def __init__(self, source: SourceFile, styles: StyleSheet) -> None:
        self._source = source
        self._styles = styles
        self._lists = ListCounter()
        self._marks: dict[str, str] = {}
        self._tables = 0
        self.footnotes: list[Footnote] = []

    def children(self, element: "_Element", appearance: Appearance, flow: Flow, depth: int) -> None:
        """Read the content of an element into a flow of text."""
        if depth > _DEEPEST:
            raise self._source.too_large(N_("вложенность частей"), _DEEPEST)
        self._text(element.text, appearance, flow)
        for child in element:
            self._element(child, appearance, flow, depth + 1)
            self._text(child.tail, appearance, flow)

    def _text(self, text: str | None, appearance: Appearance, flow: Flow) -> None:
        if text:
            flow.add(_run(text, appearance), collapse=not appearance.preformatted)

    def _element(self, element: "_Element", appearance: Appearance, flow: Flow, depth: int) -> None:
        tag = str(element.tag).lower()
        if _SKIPPED.fullmatch(tag) or _COMMENT_MARK & set(element.get("class", "").lower().split()):
            return
        style = self._styles.style(element)
        if style.get("mso-element") == "comment-list":
            comments = (self._styles.style(one).get("mso-element") for one in element.iter("div"))
            self._source.leave_comments(sum(one == "comment" for one in comments))
            return
        appearance = appearance_of(tag, appearance).styled(style)
        if tag == "br":
            page = "always" in style.get("page-break-before", "")
            flow.add(_run("\f" if page else "\n", appearance), collapse=False)
        elif tag == "table":
            flow.end_paragraph()
            flow.blocks.append(self._table(element, appearance, flow, depth))
        elif _NOTE_TEXT.fullmatch(element.get("id", "")) and tag == "div":
            self._footnote(element, appearance, depth)
        elif tag == "a":
            self._link(element, appearance, flow, depth)
        elif style.get("mso-list") == "ignore":
            # The automatic number of a list, as Word writes it into the page.
            number = Flow()
            self.children(element, appearance, number, depth)
            number.end_paragraph()
            flow.number = " ".join(
                one.text for one in number.blocks if isinstance(one, Paragraph)
            ).strip(" \u00a0")
        elif _BLOCK.fullmatch(tag):
            self._block(element, tag, appearance, flow, depth)
        else:
            self.children(element, appearance, flow, depth)

    def _block(
        self, element: "_Element", tag: str, appearance: Appearance, flow: Flow, depth: int
    ) -> None:
        flow.end_paragraph()
        before = (flow.outline, flow.indent, flow.style, flow.level)
        style = self._styles.style(element)
        if tag in {"ol", "ul"}:
            self._lists.begin(element, style)
        elif tag == "li":
            flow.number, flow.level = self._lists.next_number(element, style)
        elif tag[0] == "h" and tag[1:].isdigit():
            flow.outline = int(tag[1:])
        flow.indent = points(style) or flow.indent
        flow.style = element.get("class", "") or flow.style
        self.children(element, appearance, flow, depth)
        flow.end_paragraph()
        if tag in {"ol", "ul"}:
            self._lists.end()
        elif tag == "li":
            flow.number = ""
        flow.outline, flow.indent, flow.style, flow.level = before

    def _link(self, element: "_Element", appearance: Appearance, flow: Flow, depth: int) -> None:
        target = element.get("href", "")
        name = element.get("name") or element.get("id")
        if name and not name.startswith(_NOTE_NAMES):
            flow.bookmarks.append(name)
        if _BACK.fullmatch(target):
            return
        note = _NOTE.fullmatch(target)
        if note:
            mark = "".join(str(text) for text in element.itertext()).strip("[] \u00a0\r\n\t")
            key = note[1] or note[2]
            self._marks[key] = mark
            flow.add(replace(_run(mark, appearance), note=key), collapse=False)
            return
        self.children(
            element, replace(appearance, link=target) if target else appearance, flow, depth
        )

    def _footnote(self, element: "_Element", appearance: Appearance, depth: int) -> None:
        key = element.get("id", "")
        mark = self._marks.get(key, "")
        flow = Flow(cell=SourcePlace(note=mark or "?"))
        self.children(element, appearance, flow, depth)
        flow.end_paragraph()
        paragraphs = tuple(one for one in flow.blocks if isinstance(one, Paragraph))
        self.footnotes.append(Footnote(key, mark, paragraphs))

    def _table(self, table: "_Element", appearance: Appearance, flow: Flow, depth: int) -> Grid:
        if flow.cell is None:
            self._tables += 1
            place = SourcePlace(table=self._tables)
        else:
            flow.tables += 1
            place = SourcePlace(table=flow.tables, outer=flow.cell)
        levels, outer = 0, place.outer
        while outer is not None:
            levels, outer = levels + 1, outer.outer
        if levels >= self._source.limits.depth:
            raise self._source.too_large(N_("вложенность таблиц"), self._source.limits.depth)
        builder = GridBuilder(self._source, place)
        rows = _rows(table)
        for number, (row, heading) in enumerate(rows):
            builder.count_rows(number + 1)
            style = self._styles.style(row)
            own = appearance_of("tr", appearance).styled(style)
            if own.hidden and not appearance.hidden:
                builder.hidden_rows.add(number)
                own = replace(own, hidden=False)
            if row.get(_MEASURE):
                builder.bookmarks.append((number, mark_of(row.get(_MEASURE, ""))))
            column = 0
            for cell in row:
                tag = str(cell.tag).lower()
                if tag not in {"td", "th"}:
                    continue
                column = builder.free_column(number, column)
                spans = (_span(cell, "rowspan", len(rows) - number), _span(cell, "colspan"))
                at = replace(place, row=number + 1, column=column + 1)
                inner = Flow(cell=at)
                cell_appearance = appearance_of(tag, own).styled(self._styles.style(cell))
                self.children(cell, cell_appearance, inner, depth + 1)
                inner.end_paragraph()
                builder.add(
                    DraftCell(
                        *(number, column, *spans),
                        blocks=inner.blocks,
                        place=at,
                        heading=heading or tag == "th",
                    )
                )
                column += spans[1]
        builder.hidden_columns = self._hidden_columns(table, builder.columns)
        return builder.build()

    def _hidden_columns(self, table: "_Element", columns: int) -> set[int]:
        hidden: set[int] = set()
        column = 0
        for element in table.iter("col"):
            span = _span(element, "span")
            if Appearance().styled(self._styles.style(element)).hidden:
                hidden.update(range(column, min(column + span, columns)))
            column += span
        return hidden


def _rows(table: "_Element") -> list[tuple["_Element", bool]]:
    """Return the rows of a table, without those of nested ones, and whether each is a heading."""
    found = []
    for child in table:
        tag = str(child.tag).lower()
        if tag == "tr":
            found.append((child, False))
        elif tag in _GROUPS:
            found += [(row, tag == "thead") for row in child if str(row.tag).lower() == "tr"]
    return found


def _span(element: "_Element", name: str, most: int = _WIDEST) -> int:
    text = element.get(name, "1").strip()
    if not text.isascii() or not text.isdigit() or len(text) > len("65534"):
        return 1
    # A row span of 0 reaches to the end.
    return min(int(text), most) or (most if name == "rowspan" else 1)


def _run(text: str, appearance: Appearance) -> Run:
    return Run(
        text,
        struck=appearance.struck,
        inserted=appearance.inserted,
        deleted=appearance.deleted,
        hidden=appearance.hidden,
        bold=appearance.bold,
        italic=appearance.italic,
        superscript=appearance.superscript,
        link=appearance.link,
    )
