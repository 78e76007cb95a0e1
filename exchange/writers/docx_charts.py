"""Charts of a Word document: native ones, with their values and the workbook behind them.

python-docx has none. A chart in Word and one in Excel are the same XML, so XlsxWriter, which draws
those of our workbooks, draws these too: its chart becomes a part of the document.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from kvartal.exchange.reports.blocks import ChartBlock
from kvartal.exchange.writers.xlsx_cells import CellFormats
from kvartal.exchange.writers.xlsx_charts import CHART_SHEET, drawn_chart, write_values
from kvartal.exchange.writers.xlsx_workbook import finished, new_workbook
from kvartal.schema.errors import Translate

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

_CHART_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH: Final = 6_120_000
"""17 cm, in English metric units."""
_HEIGHT: Final = 2_700_000
_IN_WORKBOOK: Final = "xl/charts/chart1.xml"
_END: Final = b"</c:chartSpace>"
_PRINT_SETTINGS: Final = b"<c:printSettings>"
_LABELS: Final = (
    b'<c:showVal val="1"/>',
    (
        b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        b'<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    ),
)
"""What labels of bars show: what is not said counts as shown outside of workbooks."""
_EXTERNAL: Final = '<c:externalData r:id="{id}"><c:autoUpdate val="0"/></c:externalData>'
_LONGEST_DESCRIPTION: Final = 1000


def add_chart(
    document: "WordDocument",
    paragraph: "Paragraph",
    chart: ChartBlock,
    translate: Translate,
    width: int = _WIDTH,
) -> None:
    """Put a chart into a paragraph.

    Args:
        document: The document.
        paragraph: An empty paragraph of it.
        chart: The chart.
        translate: Turns Russian texts into the report's language.
        width: The width of the text of a page, in English metric units: it is not broader.
    """
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.part import Part

    package = document.part.package
    workbook = Part(
        package.next_partname("/word/embeddings/chart%d.xlsx"),
        _WORKBOOK_TYPE,
        _workbook(chart, translate, is_drawn=False),
        package,
    )
    part = Part(package.next_partname("/word/charts/chart%d.xml"), _CHART_TYPE, b"", package)
    external = _EXTERNAL.format(id=part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)).encode()
    with ZipFile(BytesIO(_workbook(chart, translate, is_drawn=True))) as drawn:
        xml = drawn.read(_IN_WORKBOOK).replace(*_LABELS)
    # What is said of printing is for a sheet; the values' workbook stands in its place.
    part._blob = xml[: xml.index(_PRINT_SETTINGS)] + external + _END
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph.add_run()._r.append(_drawing(document, chart, relation, min(width, _WIDTH)))


def _workbook(chart: ChartBlock, translate: Translate, *, is_drawn: bool) -> bytes:
    stream = BytesIO()
    workbook = new_workbook(stream)
    sheet = workbook.add_worksheet(translate(CHART_SHEET))
    write_values(sheet, 0, chart, CellFormats(workbook), translate)
    if is_drawn:
        sheet.insert_chart(0, 4, drawn_chart(workbook, sheet, 0, chart, translate))
    return finished(workbook, stream)


def _drawing(document: "WordDocument", chart: ChartBlock, relation: str, width: int) -> "_Element":
    """Return a chart as an inline shape with its alternative text."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'r')}>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{_HEIGHT}"/>'
        "<wp:docPr/><wp:cNvGraphicFramePr/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    properties, frame = drawing[0][1], drawing[0][3][0][0]
    number = str(document.part.next_id)
    for key, value in (
        ("id", number),
        ("name", f"Chart {number}"),
        ("title", chart.title[:_LONGEST_DESCRIPTION]),
        ("descr", f"{chart.title} — {chart.caption}"[:_LONGEST_DESCRIPTION]),
    ):
        properties.set(key, value)
    frame.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", relation)
    return drawing
