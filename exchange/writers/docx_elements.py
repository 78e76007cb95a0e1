"""Elements of a Word document as they stand in its XML: what rows and cells are built of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element


def element(name: str) -> "_Element":
    """Return a new element of a text document."""
    from docx.oxml import OxmlElement

    return OxmlElement(f"w:{name}")


def child(parent: "_Element", name: str) -> "_Element":
    """Return a new last child of an element."""
    new = element(name)
    parent.append(new)
    return new


def qualified(name: str) -> str:
    """Return a name with its namespace, as attributes have it."""
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def align(paragraph: "_Element", side: str) -> None:
    """Align a paragraph that begins with its properties."""
    child(paragraph[0], "jc").set(qualified("val"), side)


def add_run(  # noqa: PLR0913 - how its letters look
    paragraph: "_Element",
    text: str,
    half_points: int,
    *,
    bold: bool = False,
    italic: bool = False,
    colour: str = "",
) -> None:
    """Add a text to a paragraph.

    Args:
        paragraph: Where.
        text: The text; a tab is a space.
        half_points: The size of its letters; 0 for that of the style.
        bold: Whether it is bold.
        italic: Whether it is italic.
        colour: Of its letters; empty for that of the style.
    """
    run = child(paragraph, "r")
    if bold or italic or colour or half_points:
        properties = child(run, "rPr")
        if bold:
            child(properties, "b")
        if italic:
            child(properties, "i")
        if colour:
            child(properties, "color").set(qualified("val"), colour)
        if half_points:
            child(properties, "sz").set(qualified("val"), str(half_points))
    content = child(run, "t")
    content.text = text.replace("\t", " ")
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
