"""XML of documents that may be hostile: nothing from outside, no entities, limited depth and size.

lxml is imported where a document is parsed: it is an extra, and takes a tenth of a second.
"""

import re
from typing import TYPE_CHECKING, Final

from kvartal.exchange.errors import DocumentWithEntities, OfficeLibraryMissing
from kvartal.exchange.readers.package import Package
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.schema.errors import N_

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED: Final = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
"""A document type or an entity, in UTF-8 or UTF-16 of either byte order."""

_NO_MEMORY: Final = 2
"""libxml2's XML_ERR_NO_MEMORY; lxml calls it an unknown error."""

_STRICT: Final = (
    # ISO 29500 Strict, as Word and Excel write it on request: other names for the same.
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)


def parse(data: bytes, source: SourceFile, member: str = "") -> "_Element":
    """Return the root element of an XML document.

    Args:
        data: The document.
        source: The file that it comes from.
        member: The part of it that is parsed.

    Raises:
        DocumentDamaged: It is not well-formed.
        DocumentTooLarge: Its elements are nested too deeply, or a text in it is too long.
        DocumentWithEntities: It has a document type.
        OfficeLibraryMissing: lxml is not installed.
    """
    try:
        from lxml import etree
    except ImportError as error:
        raise OfficeLibraryMissing(name=source.name, library="lxml") from error
    if _DECLARED.search(data):
        raise DocumentWithEntities(name=source.name)
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if any(word in str(error) for word in ("depth", "huge", "HUGE")):
            raise source.too_large(N_("вложенность частей"), 256) from error
        if _NO_MEMORY in {entry.type for entry in parser.error_log}:
            raise MemoryError from error
        raise source.damaged(N_("часть внутри не читается"), member) from error
    # In an encoding that the search above does not know.
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentWithEntities(name=source.name)
    return root


def parse_member(package: Package, member: str) -> "_Element":
    """Return the root element of a member of a packed document.

    Raises:
        DocumentError: As `parse` and `Package.read` do.
    """
    return parse(package.read(member), package.source, member)
