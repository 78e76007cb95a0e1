"""DOCX: a document with real styles, contents, page numbers, and tables of fixed widths.

The id of each measure travels as a bookmark in its row, and what is not printed in a custom XML
part, so that an edited copy comes back exactly.
"""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.exchange.reports.blocks import (
    Block,
    CellStyle,
    ChartBlock,
    CoverBlock,
    FigureBlock,
    Heading,
    ListBlock,
    Report,
    ReportCell,
    ReportColumn,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.writers.docx_parts import (
    add_bookmark,
    add_field,
    fix_widths,
    keep_together,
    merge,
    repeat_heading,
    shade,
    with_hidden,
)
from kvartal.exchange.writers.packages import repacked
from kvartal.schema.errors import N_, KvartalError, Translate

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

PLACEHOLDER: Final = "{{kvartal}}"
"""The paragraph of a company's own template that the content is put in the place of."""

_CONTENTS: Final = N_("Содержание")
_SHADES: Final = {
    CellStyle.SECTION: "D9DEE5",
    CellStyle.CHANNEL: "EEF1F5",
    CellStyle.TOTAL: "EEF1F5",
}
_COLOURS: Final = {
    CellStyle.OVERDUE: "B3261E",
    CellStyle.DONE_LATE: "8A5300",
    CellStyle.DONE: "1D6B34",
    CellStyle.DUE: "1C5CAB",
    CellStyle.CANCELLED: "6B7280",
}
_CONTENTS_FROM: Final = 3


class TemplateUnusable(KvartalError):
    """A template is no Word document, or says nowhere where the content goes."""

    template = N_(
        "Шаблон «{name}» не подходит: нужен документ DOCX с абзацем {placeholder} там, где "
        "должно стоять содержание."
    )


def write_docx(report: Report, translate: Translate, template: Path | None = None) -> bytes:
    """Return a report as a Word document.

    Args:
        report: What is written.
        translate: Turns Russian texts into the report's language.
        template: A document of the company's own, for cover and styles; None for ours.

    Raises:
        TemplateUnusable: The template is no Word document, or has no placeholder.
    """
    writer = _Writer(report, translate)
    document = writer.new() if template is None else writer.from_template(template)
    stream = BytesIO()
    document.save(stream)
    hidden = json.dumps(dict(report.hidden), ensure_ascii=False, sort_keys=True)
    return repacked(with_hidden(stream.getvalue(), hidden) if report.hidden else stream.getvalue())


class _Writer:
    """Writes the blocks of one report."""

    def __init__(self, report: Report, translate: Translate) -> None:
        self._report = report
        self._translate = translate
        self._bookmarks = 0

    def new(self) -> "WordDocument":
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm, Pt

        document = Document()
        section = document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(15)
        section.top_margin = section.bottom_margin = Mm(15)
        normal = document.styles["Normal"]
        normal.font.name, normal.font.size = "Times New Roman", Pt(11)
        self._describe(document)
        self._footer(document)
        blocks = list(self._report.blocks)
        if isinstance(blocks[0], CoverBlock):
            self._cover(document, blocks.pop(0))
        if sum(isinstance(block, Heading) for block in blocks) >= _CONTENTS_FROM:
            self._contents(document)
        for block in blocks:
            self._block(document, block)
        return document

    def from_template(self, path: Path) -> "WordDocument":
        from docx import Document
        from docx.opc.exceptions import PackageNotFoundError

        try:
            document = Document(str(path))
        except (PackageNotFoundError, KeyError, ValueError, OSError):
            raise TemplateUnusable(name=path.name, placeholder=PLACEHOLDER) from None
        place = next((one for one in document.paragraphs if one.text.strip() == PLACEHOLDER), None)
        if place is None:
            raise TemplateUnusable(name=path.name, placeholder=PLACEHOLDER)
        body = place._p.getparent()
        before = len(body)
        for block in self._report.blocks:
            if not isinstance(block, CoverBlock):
                self._block(document, block)
        # What was written stands at the end: it goes where the placeholder is.
        index = body.index(place._p)
        new = [one for one in list(body)[before - 1 :] if not one.tag.endswith("}sectPr")]
        for element in new:
            body.remove(element)
        body.remove(place._p)
        for offset, element in enumerate(new):
            body.insert(index + offset, element)
        self._fill_fields(document)
        return document

    def _fill_fields(self, document: "WordDocument") -> None:
        """Put organization, title and years in the place of their names in braces."""
        values = {
            "{{organization}}": self._report.organization,
            "{{title}}": self._report.title,
            "{{years}}": self._report.years,
        }
        for paragraph in document.paragraphs:
            for run in paragraph.runs:
                for name, value in values.items():
                    if name in run.text:
                        run.text = run.text.replace(name, value)

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

        for line in cover.approval:
            document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        title = document.add_paragraph(cover.title, style="Title")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for line in (cover.code, cover.marking):
            if line:
                document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
        document.add_page_break()

    def _contents(self, document: "WordDocument") -> None:
        document.add_paragraph(self._translate(_CONTENTS), style="TOC Heading") if (
            "TOC Heading" in document.styles
        ) else document.add_paragraph(self._translate(_CONTENTS)).runs[0].__setattr__("bold", True)
        headings = [block for block in self._report.blocks if isinstance(block, Heading)]
        shown = "\n".join(block.text for block in headings)
        add_field(document.add_paragraph(), 'TOC \\o "1-3" \\h \\z \\u', shown)

    def _block(self, document: "WordDocument", block: Block) -> None:
        if isinstance(block, Heading):
            document.add_heading(block.text, min(block.level, 9))
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
        """Write the values with bars of blocks: every word processor shows them."""
        document.add_paragraph(chart.title).runs[0].bold = True
        largest = max([abs(value) for _name, value in chart.points] + [abs(chart.target), 1e-9])
        for name, value in chart.points:
            bar = "█" * round(30 * max(value, 0) / largest)
            document.add_paragraph(f"{name}  {bar} {value:g} / {chart.target:g}")

    def _table(self, document: "WordDocument", block: ReportTable) -> None:
        if block.caption:
            document.add_paragraph(block.caption).runs[0].bold = True
        has_headings = any(column.heading for column in block.columns)
        heads = has_headings + (has_headings and block.column_numbers)
        table = document.add_table(len(block.rows) + heads, len(block.columns))
        table.style = "Table Grid"
        section = document.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        fix_widths(table, _widths(block.columns, width))
        if has_headings:
            self._headings(table, block)
        covered: set[tuple[int, int]] = set()
        for at, row in enumerate(block.rows, heads):
            keep_together(table.rows[at])
            column = 0
            for cell in row.cells:
                while (at, column) in covered:
                    column += 1
                last = (at + cell.row_span - 1, column + cell.column_span - 1)
                covered |= {
                    (down, right)
                    for down in range(at, last[0] + 1)
                    for right in range(column, last[1] + 1)
                }
                target = merge(table, (at, column), last)
                self._cell(target, cell)
                column += cell.column_span
            if row.measure:
                self._bookmarks += 1
                add_bookmark(table.rows[at], row.measure, self._bookmarks)

    def _headings(self, table: "Table", block: ReportTable) -> None:
        for index, column in enumerate(block.columns):
            paragraph = table.cell(0, index).paragraphs[0]
            paragraph.add_run(column.heading).bold = True
            if block.column_numbers:
                table.cell(1, index).paragraphs[0].add_run(str(index + 1))
        for row in table.rows[: 1 + block.column_numbers]:
            repeat_heading(row)

    def _cell(self, target: "_Cell", cell: ReportCell) -> None:
        from docx.shared import RGBColor

        for index, line in enumerate(cell.lines):
            paragraph = target.paragraphs[0] if index == 0 else target.add_paragraph()
            run = paragraph.add_run(line)
            run.bold = cell.style in {CellStyle.SECTION, CellStyle.TOTAL, CellStyle.OVERDUE} or None
            run.italic = (cell.style is CellStyle.CHANNEL) or None
            if cell.style in _COLOURS:
                run.font.color.rgb = RGBColor.from_string(_COLOURS[cell.style])
        if cell.style in _SHADES:
            shade(target, _SHADES[cell.style])


def _write_lines(paragraph: "Paragraph", lines: Sequence[str]) -> None:
    for index, line in enumerate(lines):
        run = paragraph.add_run()
        if index:
            run.add_break()
        run.add_text(line)


def _widths(columns: Sequence[ReportColumn], width: int) -> list[int]:
    whole = sum(column.width for column in columns)
    return [int(width * column.width / whole) for column in columns]
