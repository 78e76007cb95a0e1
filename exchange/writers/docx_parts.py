"""What python-docx has no words for: fields, bookmarks, fixed widths, a part of one's own."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from kvartal.exchange.importing.matching import mark_of
from kvartal.exchange.writers.packages import repacked

if TYPE_CHECKING:
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

_HIDDEN_PART: Final = "customXml/item1.xml"
_NAMESPACE: Final = "urn:kvartal:programme"
_RELATIONS: Final = "word/_rels/document.xml.rels"
_RELATION: Final = (
    '<Relationship Id="rIdKvartal" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml" '
    'Target="../customXml/item1.xml"/>'
)


def add_field(paragraph: "Paragraph", instruction: str, shown: str) -> None:
    """Add a field that the word processor computes; until then it shows a text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", None, "separate", "text", "end"):
        run = paragraph.add_run()
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {instruction} "
            run._r.append(element)
        elif kind == "text":
            for index, line in enumerate(shown.split("\n")):
                if index:
                    run.add_break()
                run.add_text(line)
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)


def add_bookmark(row: "_Row", measure: str, number: int) -> None:
    """Mark a row as that of a measure, where an edited copy keeps it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = row._tr.tc_lst[0].p_lst[0]
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), mark_of(measure))
    end.set(qn("w:id"), str(number))
    paragraph.append(start)
    paragraph.append(end)


def fix_widths(table: "Table", widths: Sequence[int]) -> None:
    """Give a table fixed widths of columns, which Word and LibreOffice both keep."""
    from docx.shared import Emu

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Emu(width)


def merge(table: "Table", first: tuple[int, int], last: tuple[int, int]) -> "_Cell":
    """Return the cell at a position, merged as far as another one."""
    cell = table.cell(*first)
    return cell if first == last else cell.merge(table.cell(*last))


def keep_together(row: "_Row") -> None:
    """Do not break a row over two pages."""
    _set_property(row, "w:cantSplit")


def repeat_heading(row: "_Row") -> None:
    """Repeat a row at the top of each page."""
    _set_property(row, "w:cantSplit")
    _set_property(row, "w:tblHeader")


def shade(cell: "_Cell", colour: str) -> None:
    """Give a cell a background."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shading)


def with_hidden(package: bytes, text: str) -> bytes:
    """Return a document that carries a text in a custom XML part."""
    from xml.sax.saxutils import escape

    part = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<programme xmlns="{_NAMESPACE}">{escape(text)}</programme>\n'
    ).encode()
    with ZipFile(BytesIO(package)) as source:
        relations = source.read(_RELATIONS).decode()
    related = relations.replace("</Relationships>", f"{_RELATION}</Relationships>")
    return repacked(package, {_HIDDEN_PART: part, _RELATIONS: related.encode()})


def _set_property(row: "_Row", name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))
