"""Paragraphs of a Word document: text, automatic number, style, and what tracked changes join."""

from typing import TYPE_CHECKING

from kvartal.exchange.grid import Paragraph, Run
from kvartal.exchange.readers.docx_names import W, number, switch, value
from kvartal.exchange.readers.docx_numbering import Numbering
from kvartal.exchange.readers.docx_styles import Styles, WordStyle, indentation, outline_level
from kvartal.exchange.readers.docx_text import DELETED, Content, TextContext, TextReader
from kvartal.exchange.source_place import SourcePlace

if TYPE_CHECKING:
    from lxml.etree import _Element


class ParagraphReader:
    """Reads the paragraphs of one flow of text in their order.

    Attributes:
        pending_bookmarks: Bookmarks that begin before the next paragraph.

    Args:
        text: Reads their text.
        styles: The document's styles.
        numbering: Counts their automatic numbers.
    """

    def __init__(self, text: TextReader, styles: Styles, numbering: Numbering) -> None:
        self._text = text
        self._styles = styles
        self._numbering = numbering
        self.pending_bookmarks: list[str] = []
        self._joined: list[Run] = []

    def read(
        self, element: "_Element", context: TextContext, place: SourcePlace
    ) -> tuple[Paragraph | None, list["_Element"]]:
        """Return a paragraph and the text boxes anchored in it.

        Args:
            element: The `w:p`.
            context: What the elements around it say.
            place: Where it stands.

        Returns:
            No paragraph where its end was deleted: its text then begins the next one.
        """
        properties = element.find(f"{W}pPr")
        key = value(properties, "pStyle") or self._styles.default_paragraph
        style = self._styles.style(key)
        content = self._text.read(element, style, context)
        runs = [*self._joined, *content.runs]
        bookmarks = [*self.pending_bookmarks, *content.bookmarks]
        mark = None if properties is None else properties.find(f"{W}rPr")
        end_deleted = mark is not None and any(mark.find(tag) is not None for tag in DELETED)
        following = element.getnext()
        if end_deleted and following is not None and following.tag == element.tag:
            self._joined, self.pending_bookmarks = runs, bookmarks
            return None, content.boxes
        self._joined, self.pending_bookmarks = [], []
        label, level = "", 0
        listed = self._list(properties, style, key)
        if listed and not (end_deleted or self._invisible(mark, content, context)):
            level = listed[1]
            label = self._numbering.next_number(*listed)
        outline = value(properties, "outlineLvl")
        indent = indentation(properties)
        paragraph = Paragraph(
            runs=tuple(runs),
            place=place,
            number=label,
            level=level,
            style=style.name,
            outline=outline_level(outline) if outline else style.outline or 0,
            indent=(style.indent or 0.0) if indent is None else indent,
            bookmarks=tuple(bookmarks),
        )
        return paragraph, content.boxes

    def _list(
        self, properties: "_Element | None", style: WordStyle, key: str
    ) -> tuple[str, int] | None:
        """Return the list of a paragraph and the level in it."""
        numbering = None if properties is None else properties.find(f"{W}numPr")
        own = value(numbering, "numId")
        listed = own or style.numbering or self._styles.defaults.numbering
        if listed in {"", "0"}:
            return None
        level = value(numbering, "ilvl")
        if level:
            return listed, number(level)
        if own:
            return listed, 0
        by_style = self._numbering.level_of_style(listed, key)
        return listed, by_style if style.level is None else style.level

    @staticmethod
    def _invisible(mark: "_Element | None", content: Content, context: TextContext) -> bool:
        """Return whether nothing of a paragraph is shown, so that it is not counted."""
        if context.deleted:
            return True
        return bool(switch(mark, "vanish")) and all(run.hidden for run in content.runs)
