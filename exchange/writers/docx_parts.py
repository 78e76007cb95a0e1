"""What python-docx does not support: fields, bookmarks, settings, a custom part."""

from typing import TYPE_CHECKING, Final

from kvartal.exchange.importing.hidden import NAMESPACE
from kvartal.exchange.measure_mark import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

_LANGUAGES: Final = {"ru": "ru-RU", "en": "en-GB"}
_HEADER: Final = (0.2, 0.58, 0.22)
"""The widths of the three texts at the top of a page."""
_LAYOUT_OF_TODAY: Final = 15
"""Word 2013 and later; a document of less is shown in compatibility mode."""
_XML: Final = "application/xml"
_PROPERTIES_TYPE: Final = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_PROPERTIES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<ds:datastoreItem ds:itemID="{8F8A5B0E-6F0A-5D0B-9A53-6B7661727461}" '
    'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
    f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>\n'
).encode()


def add_field(paragraph: "Paragraph", instruction: str, shown: str = "") -> None:
    """Add a field that the word processor computes.

    It is not marked as dirty: Word would then ask, at each opening, whether to update fields that
    may refer to other files.

    Args:
        paragraph: Where.
        instruction: What it shows.
        shown: What it shows until it is computed.
    """
    for element in field_runs(instruction, shown):
        paragraph._p.append(element)


def field_runs(instruction: str, shown: str = "") -> "Iterator[_Element]":
    """Yield the runs of a field, as `add_field` describes it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = OxmlElement("w:r")
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {instruction} "
        elif kind == "shown":
            element = OxmlElement("w:t")
            element.text = shown
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run.append(element)
        if kind != "shown" or shown:
            yield run


def bookmark_ends(measure: str, number: int) -> "tuple[_Element, _Element]":
    """Return the two ends of the bookmark of a measure, which an edited copy keeps."""
    return bookmark(mark_of(measure), number)


def bookmark(name: str, number: int) -> "tuple[_Element, _Element]":
    """Return the two ends of a bookmark.

    Args:
        name: At most 40 letters and digits, unique in the document.
        number: Unique in the document, too.
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    return start, end


def set_up(document: "WordDocument", language: str) -> None:
    """Make the library's empty document one of today, in the language of its texts.

    Args:
        document: The document.
        language: ``ru`` or ``en``: what words are spelled and read aloud by.
    """
    from docx.oxml.ns import qn

    for root in (document.styles.element, document.settings.element):
        for name in ("w:lang", "w:themeFontLang"):
            for one in root.iter(qn(name)):
                one.set(qn("w:val"), _LANGUAGES[language])
    for one in _layouts(document):
        one.set(qn("w:val"), str(_LAYOUT_OF_TODAY))
    # A picture of some other document's first page, which folders would show.
    relations = document.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[key]


def add_page_header(document: "WordDocument", texts: tuple[str, str, str], width: int) -> None:
    """Print a line at the top of each page: at the left, in the middle, at the right.

    Args:
        document: The document, with a header that is empty.
        texts: The three texts; the last may have several lines.
        width: The width of the text of a page, in the units of python-docx.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Emu, Mm, Pt

    header = document.sections[0].header
    document.sections[0].header_distance = Mm(8)
    (end,) = header.paragraphs
    table = header.add_table(1, len(texts), Emu(width))
    table.autofit = False
    sides = (WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT)
    cells = table.rows[0].cells
    for column, cell, text, side, share in zip(
        table.columns, cells, texts, sides, _HEADER, strict=True
    ):
        column.width = cell.width = Emu(round(width * share))
        for at, line in enumerate(text.split("\n")):
            paragraph = cell.add_paragraph() if at else cell.paragraphs[0]
            paragraph.alignment = side
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(line).font.size = Pt(9)
    # What ends a header is a paragraph, and it takes no room.
    table._tbl.addnext(end._p)
    end.paragraph_format.space_after, end.paragraph_format.line_spacing = Pt(0), Pt(6)


def hangs_out(document: "WordDocument") -> bool:
    """Return whether a table hangs out of the text by the margin of a cell: until Word 2013."""
    from docx.oxml.ns import qn

    known = (str(one.get(qn("w:val"))) for one in _layouts(document))
    return not any(one.isdecimal() and int(one) >= _LAYOUT_OF_TODAY for one in known)


def _layouts(document: "WordDocument") -> "Iterator[_Element]":
    from docx.oxml.ns import qn

    for one in document.settings.element.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            yield one


def hide_end(paragraph: "Paragraph") -> None:
    """Hide the end of an empty paragraph, and make it as low as can be: it takes no room then."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = OxmlElement("w:rPr")
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "2")
    properties.extend([OxmlElement("w:vanish"), size])
    paragraph._p.get_or_add_pPr().append(properties)


def add_hidden(document: "WordDocument", text: str) -> None:
    """Let a document carry a text in a custom XML part, beside those that its template has."""
    from xml.sax.saxutils import escape

    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.part import Part

    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<programme xmlns="{NAMESPACE}">{escape(text)}</programme>\n'
    ).encode()
    package = document.part.package
    part = Part(package.next_partname("/customXml/item%d.xml"), _XML, content, package)
    # What has no properties is not sure to be kept when a copy is saved.
    name = package.next_partname("/customXml/itemProps%d.xml")
    properties = Part(name, _PROPERTIES_TYPE, _PROPERTIES, package)
    part.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def drop_hidden(document: "WordDocument") -> None:
    """Remove what an earlier export of ours, made into a template, still carries."""
    relations = document.part.rels
    for key, one in [*relations.items()]:
        is_custom = one.reltype.endswith("/customXml") and not one.is_external
        if is_custom and NAMESPACE.encode() in one.target_part.blob:
            del relations[key]


def free_number(document: "WordDocument") -> int:
    """Return a number from which on no bookmark of a document has one."""
    from docx.oxml.ns import qn

    numbers = (one.get(qn("w:id"), "") for one in document.element.iter(qn("w:bookmarkStart")))
    return max((int(one) for one in numbers if one.isdecimal()), default=0) + 1
