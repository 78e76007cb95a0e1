"""What python-docx does not support: fields, bookmarks, plain styles, settings, a custom part."""

from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from kvartal.exchange.importing.hidden import NAMESPACE
from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.writers.packages import repacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

_LETTER_WIDTHS: Final = {
    "Times New Roman": 1.0,
    "Liberation Serif": 1.0,
    "Calibri": 1.0,
    "Arial Narrow": 0.9,
    "Verdana": 1.28,
    "DejaVu Sans": 1.28,
    "Courier New": 1.28,
}
_UNKNOWN_FONT: Final = 1.12
"""Arial and most fonts without serifs."""
_USUAL_SIZE: Final = 10.0
_LANGUAGES: Final = {"ru": "ru-RU", "en": "en-GB"}
_LAYOUT_OF_TODAY: Final = 15
"""Word 2013 and later; a document of less is shown in compatibility mode."""
HIDDEN_PART: Final = "customXml/item1.xml"
_RELATIONS: Final = "word/_rels/document.xml.rels"
_RELATION: Final = (
    '<Relationship Id="rIdKvartal" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml" '
    'Target="../customXml/item1.xml"/>'
)


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


def add_heading_style(document: "WordDocument", level: int) -> None:
    """Add the style of a heading to a template that has none: contents are made from it."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    name = f"Heading {level}"
    if name not in document.styles:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.font.bold = True
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(12)
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        style.element.get_or_add_pPr().append(outline)


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


def set_font(style: "ParagraphStyle", name: str, size: float, *, bold: bool = False) -> None:
    """Give a style a font of its own in black, not that of a theme, and no border."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = name, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for key in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(key), name)
    properties = style.element.pPr
    border = None if properties is None else properties.find(qn("w:pBdr"))
    if properties is not None and border is not None:
        properties.remove(border)


def letters_of(style: "ParagraphStyle") -> tuple[float, float]:
    """Return how much broader letters are than those of Times New Roman in 10 points; their size.

    Args:
        style: A style, which may say of its font and size only what it does not inherit.
    """
    name, size = "", 0.0
    one: ParagraphStyle | None = style
    while one is not None:
        name = name or one.font.name or ""
        size = size or (one.font.size.pt if one.font.size else 0.0)
        one = one.base_style
    size = size or _USUAL_SIZE
    return _LETTER_WIDTHS.get(name, _UNKNOWN_FONT) * size / _USUAL_SIZE, size


def with_hidden(package: bytes, text: str) -> bytes:
    """Return a document that carries a text in a custom XML part."""
    from xml.sax.saxutils import escape

    part = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<programme xmlns="{NAMESPACE}">{escape(text)}</programme>\n'
    ).encode()
    with ZipFile(BytesIO(package)) as source:
        relations = source.read(_RELATIONS).decode()
    related = relations.replace("</Relationships>", f"{_RELATION}</Relationships>")
    return repacked(package, {HIDDEN_PART: part, _RELATIONS: related.encode()})
