"""Small Office documents for the tests, from the XML that matters."""

import io
import zipfile
from collections.abc import Mapping

from kvartal.exchange.grid import Grid, SourceDocument
from kvartal.exchange.readers.docx import read_docx
from kvartal.exchange.readers.source_file import SourceFile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def references(*targets: tuple[str, str, str]) -> str:
    """Return a `.rels` part: an id, a kind and a target each; an address outside is external."""
    lines = []
    for key, kind, target in targets:
        mode = "External" if "://" in target else "Internal"
        attributes = f'Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"'
        lines.append(f'<Relationship Id="{key}" {attributes}/>')
    return f'<Relationships xmlns="{PACKAGE}">{"".join(lines)}</Relationships>'


def docx(body: str, links: str = "", **parts: str) -> bytes:
    """Return a Word document.

    Args:
        body: The content of `w:body`.
        links: Address of the hyperlink `rIdLink`.
        parts: Contents of further parts by their kinds: `styles`, `numbering`, `footnotes` …
    """
    kinds = [(f"rId{kind}", kind, f"{kind}.xml") for kind in parts]
    if links:
        kinds.append(("rIdLink", "hyperlink", links))
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": references(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {W} {OTHERS}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": references(*kinds),
    }
    for kind, content in parts.items():
        members[f"word/{kind}.xml"] = f"<w:{kind} {W}>{content}</w:{kind}>"
    return packed(members)


def read(body: str, links: str = "", **parts: str) -> SourceDocument:
    """Return a Word document as the reader sees it."""
    return read_docx(SourceFile("план.docx", docx(body, links, **parts)))


def p(text: str, properties: str = "") -> str:
    """Return a paragraph with one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    """Return a cell of a table; a content without markup becomes a paragraph."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """Return a row of a table."""
    inner = "".join(cell if cell.startswith("<w:") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str) -> str:
    """Return a table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def texts(grid: Grid) -> list[tuple[str, ...]]:
    """Return what a person reads in a table: spans show their text at each position."""
    return [grid.row_text(row) for row in range(grid.rows)]
