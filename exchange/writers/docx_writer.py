"""DOCX: a document with real styles, contents, page numbers, and tables of fixed widths.

The id of each measure travels as a bookmark in its row, and what is not printed in a custom XML
part, so that an edited copy comes back exactly.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.exchange.export_progress import Advance, nothing
from kvartal.exchange.importing.hidden import hidden_text
from kvartal.exchange.reports.blocks import (
    Block,
    ChartBlock,
    CoverBlock,
    FigureBlock,
    Heading,
    ListBlock,
    Report,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.writers.docx_charts import add_chart
from kvartal.exchange.writers.docx_contents import Contents
from kvartal.exchange.writers.docx_parts import (
    add_field,
    add_hidden,
    add_page_header,
    bookmark_ends,
    drop_hidden,
    free_number,
    hangs_out,
    hide_end,
    set_up,
)
from kvartal.exchange.writers.docx_styles import (
    add_heading_style,
    leave_unnumbered,
    letters_of,
    set_font,
    table_text_style,
)
from kvartal.exchange.writers.docx_table import TablePlace, add_table
from kvartal.exchange.writers.docx_template import NamesUnknown, TemplateDocument
from kvartal.exchange.writers.packages import repacked
from kvartal.schema.errors import N_, KvartalError, Translate

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

_CONTENTS: Final = N_("Содержание")
_FONT: Final = "Times New Roman"
_HEADINGS: Final = {"Title": 18, "Heading 1": 14, "Heading 2": 13, "Heading 3": 12}
_ABOVE_TITLE: Final = 120
"""Points above the title of a cover, or the organization over it."""
_HEADER_HEIGHT: Final = 432_000
"""What the line at the top of each page takes from its text: 12 mm."""
_TWIPS: Final = 635
"""How many units of python-docx a twentieth of a point has."""
_CONTENTS_FROM: Final = 3
"""A document with a cover has contents from so many headings."""
_LONG_CONTENTS: Final = 8
"""A report has them where there is something to look for."""


def write_docx(
    report: Report,
    translate: Translate,
    template: Path | None = None,
    advance: Advance = nothing,
) -> tuple[bytes, tuple[KvartalError, ...]]:
    """Return a report as a Word document, with what of its template was not understood.

    Args:
        report: What is written.
        translate: Turns Russian texts into the report's language.
        template: A document of the company's own, for cover and styles; None for ours.
        advance: Called after each row of a table.

    Raises:
        ExportStopped: Nobody wants the rest.
        TemplateUnusable: The template is no Word document, or has no placeholder.
    """
    writer = _Writer(report, translate, advance)
    document = writer.new() if template is None else writer.from_template(template)
    if report.hidden:
        add_hidden(document, hidden_text(report.hidden))
    stream = BytesIO()
    document.save(stream)
    return repacked(stream.getvalue()), tuple(writer.warnings)


class _Writer:
    """Writes the blocks of one report.

    Attributes:
        warnings: What was not understood.
    """

    def __init__(self, report: Report, translate: Translate, advance: Advance) -> None:
        self._report = report
        self._advance = advance
        self._translate = translate
        self._marked: set[str] = set()
        self._first_mark = 1
        self._contents = Contents()
        self._width = self._height = 0
        self.warnings: list[KvartalError] = []

    def new(self) -> "WordDocument":
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm

        document = Document()
        set_up(document, self._report.language)
        section = document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(15)
        section.top_margin = section.bottom_margin = Mm(15)
        self._width, self._height = _text_size(section)
        self._styles(document)
        self._describe(document)
        self._footer(document)
        blocks = list(self._report.blocks)
        # The contents follow the cover; where there is none, the title and what belongs to it.
        first, title = blocks[0], ""
        if isinstance(first, CoverBlock):
            listed, at, enough, title = blocks, 1, _CONTENTS_FROM, first.contents
            if first.page_header is not None:
                add_page_header(document, first.page_header, self._width)
                self._height -= _HEADER_HEIGHT
        else:
            ends = (n for n, one in enumerate(blocks) if n and isinstance(one, Heading))
            at, enough = next(ends, len(blocks)), _LONG_CONTENTS
            listed = blocks[at:]
        headings = [one for one in listed if isinstance(one, Heading)]
        self._blocks(document, blocks[:at])
        if len(headings) >= enough:
            title = title or self._translate(_CONTENTS)
            self._contents.write(document, title, headings, self._width)
        self._blocks(document, blocks[at:])
        return document

    def _styles(self, document: "WordDocument") -> None:
        from docx.shared import Pt

        styles = document.styles
        set_font(styles["Normal"], _FONT, 12)
        styles["Normal"].paragraph_format.space_after = Pt(6)
        for name, size in _HEADINGS.items():
            set_font(styles[name], _FONT, size, bold=True)
        styles["Title"].paragraph_format.space_before = Pt(_ABOVE_TITLE)
        styles["Title"].paragraph_format.space_after = Pt(24)

    def from_template(self, path: Path) -> "WordDocument":
        template = TemplateDocument(path)
        template.fill(self._report)
        drop_hidden(template.document)
        self._first_mark = free_number(template.document)
        if template.unknown:
            self.warnings.append(NamesUnknown(names=", ".join(template.unknown)))
        self._width, self._height = _text_size(template.section)
        content = [one for one in self._report.blocks if not isinstance(one, CoverBlock)]
        self._blocks(template.document, content)
        template.move_content()
        return template.document

    def _describe(self, document: "WordDocument") -> None:
        from datetime import datetime

        core = document.core_properties
        core.title, core.author = self._report.title[:255], self._report.organization[:255]
        core.language, core.comments = self._report.language, ""
        moment = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone, and an export no clock
        core.created = core.modified = moment

    def _footer(self, document: "WordDocument") -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run(f"{self._report.organization} · {self._report.years} · ")
        add_field(paragraph, "PAGE", "1")
        paragraph.add_run(" / ")
        add_field(paragraph, "NUMPAGES", "1")

    def _cover(self, document: "WordDocument", cover: CoverBlock) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        for line in cover.approval:
            document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        above = document.add_paragraph(cover.organization) if cover.names_organization else None
        title = document.add_paragraph(cover.title, style="Title")
        if above is not None:
            above.alignment = WD_ALIGN_PARAGRAPH.CENTER
            above.paragraph_format.space_before = Pt(_ABOVE_TITLE)
            title.paragraph_format.space_before = Pt(24)
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        # The note for its readers stands at the top of each page.
        if cover.code:
            document.add_paragraph(cover.code).alignment = WD_ALIGN_PARAGRAPH.CENTER
        # python-docx leaves this method without types.
        document.add_page_break()  # type: ignore[no-untyped-call]

    def _blocks(self, document: "WordDocument", blocks: Sequence[Block]) -> None:
        for block, following in zip_longest(blocks, blocks[1:]):
            self._block(document, block)
            if isinstance(block, TextBlock) and _leads(block, following):
                # What leads to a list or a table does not stand at the end of a page without it.
                document.paragraphs[-1].paragraph_format.keep_with_next = True

    def _block(self, document: "WordDocument", block: Block) -> None:
        if isinstance(block, Heading):
            level = min(block.level, 9)
            add_heading_style(document, level)
            heading = document.add_heading(block.text, level)
            leave_unnumbered(heading)
            self._contents.mark(heading, block)
        elif isinstance(block, TextBlock):
            _write_lines(document.add_paragraph(), block.text.split("\n"))
        elif isinstance(block, ListBlock):
            for item in block.items:
                paragraph = document.add_paragraph()
                _write_lines(paragraph, [f"{block.marker} {item}"])
        elif isinstance(block, FigureBlock):
            for label, value in block.figures:
                paragraph = document.add_paragraph(f"{label}: ")
                paragraph.add_run(value).bold = True
        elif isinstance(block, ChartBlock):
            self._chart(document, block)
        elif isinstance(block, CoverBlock):
            self._cover(document, block)
        else:
            self._table(document, block)

    def _chart(self, document: "WordDocument", chart: ChartBlock) -> None:
        """Draw a chart; its figures stand below, for whoever cannot see it."""
        paragraph = document.add_paragraph()
        place = paragraph.paragraph_format
        place.keep_with_next, place.first_line_indent = True, 0
        # With lines of a fixed height, as a template may have them, it would be cut off.
        place.line_spacing = 1.0
        add_chart(document, paragraph, chart, self._translate, self._width)
        document.add_paragraph(f"{chart.title} — {chart.caption}")

    def _table(self, document: "WordDocument", block: ReportTable) -> None:
        from docx.shared import Pt

        if block.caption:
            caption = document.add_paragraph()
            caption.add_run(block.caption).bold = True
            caption.paragraph_format.keep_with_next = True
        style = table_text_style(document)
        size = (self._width // _TWIPS, self._height // _TWIPS)
        place = TablePlace(style.style_id, *size, *letters_of(style), hangs_out(document))
        add_table(document, block, place, self._bookmark, self._advance)
        # Two tables without a paragraph between them are one for a word processor. At the end it
        # is so low that it does not take a page of its own after a table that fills the last one.
        between = document.add_paragraph()
        is_last = block is self._report.blocks[-1]
        between.paragraph_format.space_after = Pt(0 if is_last else 6)
        between.paragraph_format.line_spacing = Pt(1 if is_last else 2)
        if is_last:
            hide_end(between)

    def _bookmark(self, measure: str) -> "tuple[_Element, _Element] | None":
        if measure in self._marked:
            return None
        self._marked.add(measure)
        return bookmark_ends(measure, self._first_mark + len(self._marked) - 1)


def _leads(block: TextBlock, following: Block | None) -> bool:
    """Return whether a paragraph says what comes after it."""
    is_colon = block.text.rstrip().endswith(":") and following is not None
    return is_colon or isinstance(following, ListBlock | ReportTable)


def _text_size(section: "Section") -> tuple[int, int]:
    """Return the width and the height of the text of a page, in the units of python-docx."""
    from docx.shared import Inches, Mm

    inch = Inches(1)
    sides = [inch if one is None else one for one in (section.left_margin, section.right_margin)]
    ends = [inch if one is None else one for one in (section.top_margin, section.bottom_margin)]
    width = (section.page_width or Mm(210)) - sum(sides)
    height = (section.page_height or Mm(297)) - sum(ends)
    return max(width, Mm(50)), max(height, Mm(50))


def _write_lines(paragraph: "Paragraph", lines: Sequence[str]) -> None:
    for index, line in enumerate(lines):
        run = paragraph.add_run()
        if index:
            run.add_break()
        run.add_text(line)
