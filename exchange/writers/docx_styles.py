"""Styles of a Word document: fonts, headings, and texts in tables, of a template too."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

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
_TABLE_TEXT: Final = "Kvartal Table"


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


def leave_unnumbered(heading: "Paragraph") -> None:
    """Let a heading whose style numbers headings by itself have no number but that of its text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if any(
        one.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        for one in _chain(heading.style)
    ):
        numbering, number = OxmlElement("w:numPr"), OxmlElement("w:numId")
        number.set(qn("w:val"), "0")
        numbering.append(number)
        heading._p.get_or_add_pPr().append(numbering)


def table_text_style(document: "WordDocument") -> "ParagraphStyle":
    """Return the style of texts in tables; it is added to a document without it.

    Texts of a template may be set as those of a book, with their first line indented and both
    margins straight: in a column of a table nobody could read them.
    """
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    if _TABLE_TEXT not in document.styles:
        new = document.styles.add_style(_TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
        new.base_style = document.styles["Normal"]
        new.font.size = Pt(10)
        text = new.paragraph_format
        text.space_after = text.space_before = Pt(0)
        text.first_line_indent = text.left_indent = text.right_indent = Pt(0)
        text.line_spacing, text.alignment = 1.0, WD_ALIGN_PARAGRAPH.LEFT
    style: ParagraphStyle = document.styles[_TABLE_TEXT]
    return style


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
    for one in _chain(style):
        name = name or one.font.name or ""
        size = size or (one.font.size.pt if one.font.size else 0.0)
    size = size or _USUAL_SIZE
    return _LETTER_WIDTHS.get(name, _UNKNOWN_FONT) * size / _USUAL_SIZE, size


def _chain(style: "ParagraphStyle | None") -> "Iterator[ParagraphStyle]":
    """Yield a style and those that it is based on, as far as they are not based on each other."""
    seen: set[str] = set()
    while style is not None and style.style_id not in seen:
        seen.add(style.style_id)
        yield style
        style = style.base_style
