"""The contents of a Word document: a line a heading, with the page that the word processor finds.

It is no field of contents: LibreOffice shows such a field as it was saved, without pages, and Word
asks before it fills it in. A reference to a page is computed by both: by LibreOffice at once, by
Word before it prints; until then it shows nothing rather than a wrong page.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kvartal.exchange.reports.blocks import Heading
from kvartal.exchange.writers.docx_parts import bookmark, field_runs

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_LEVELS: Final = 2
"""How many levels of headings are listed."""
_STYLE: Final = "toc 1"
_NAME: Final = "_Toc"
_NUMBERS: Final = 1_000_000
"""Bookmarks of headings are numbered from here, those of measures from 1."""
_INDENT: Final = 360_000
"""A centimetre, in the units of python-docx."""


class Contents:
    """The contents of one document, and the bookmarks that they refer to."""

    def __init__(self) -> None:
        self._listed: list[Heading] = []

    def write(
        self, document: "WordDocument", title: str, headings: Sequence[Heading], width: int
    ) -> None:
        """Write the contents at the end of a document.

        Args:
            document: The document.
            title: What stands above them.
            headings: All headings that follow, in order.
            width: The width of the text of a page, in the units of python-docx.
        """
        document.add_paragraph().add_run(title).bold = True
        _add_style(document, width)
        self._listed = [one for one in headings if one.level <= _LEVELS]
        for number, heading in enumerate(self._listed, 1):
            line = document.add_paragraph(style=_STYLE)
            line.paragraph_format.left_indent = _INDENT * (heading.level - 1)
            _add_line(line, heading.text, f"{_NAME}{number}")

    def mark(self, paragraph: "Paragraph", heading: Heading) -> None:
        """Put a bookmark around a heading that is listed.

        Args:
            paragraph: The heading as it stands in the document.
            heading: The heading.
        """
        number = next((at for at, one in enumerate(self._listed, 1) if one is heading), 0)
        if number:
            start, end = bookmark(f"{_NAME}{number}", _NUMBERS + number)
            paragraph._p.insert(0 if paragraph._p.pPr is None else 1, start)
            paragraph._p.append(end)


def _add_style(document: "WordDocument", width: int) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Pt

    style = document.styles.add_style(_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.paragraph_format.space_after = Pt(3)
    stops = style.paragraph_format.tab_stops
    stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _add_line(paragraph: "Paragraph", text: str, target: str) -> None:
    """Add a link to a heading, and the page that it is on."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), target)
    link.set(qn("w:history"), "1")
    line, tab = OxmlElement("w:r"), OxmlElement("w:r")
    content = OxmlElement("w:t")
    content.text = text
    content.set(qn("xml:space"), "preserve")
    line.append(content)
    tab.append(OxmlElement("w:tab"))
    link.extend([line, tab, *field_runs(f"PAGEREF {target} \\h")])
    paragraph._p.append(link)
