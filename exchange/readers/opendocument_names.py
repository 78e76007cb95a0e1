"""Namespaces of OpenDocument."""

from typing import Final

_BASE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
DRAW: Final = f"{{{_BASE}drawing:1.0}}"
FO: Final = f"{{{_BASE}xsl-fo-compatible:1.0}}"
OFFICE: Final = f"{{{_BASE}office:1.0}}"
STYLE: Final = f"{{{_BASE}style:1.0}}"
TABLE: Final = f"{{{_BASE}table:1.0}}"
TEXT: Final = f"{{{_BASE}text:1.0}}"
LOEXT: Final = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"
XML: Final = "{http://www.w3.org/XML/1998/namespace}"


def whole(text: str | None, default: int) -> int:
    """Return a whole number of at most nine digits; the default for anything else."""
    digits = (text or "").strip()
    short = digits.isascii() and digits.isdigit() and len(digits) < len("1000000000")
    return int(digits) if short else default
