"""How the parts of an Office Open XML package refer to each other: `_rels/*.rels`."""

import posixpath
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from kvartal.exchange.readers.package import Package
from kvartal.exchange.readers.xml import parse_member

_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
"""The attribute that names a relationship."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A reference of one part to another, or to something outside, which is never followed.

    Attributes:
        key: Its id.
        kind: The last word of its type: `styles`, `worksheet`, `hyperlink`.
        target: The member's name; of what is outside, the address as written.
        external: Whether it leads outside.
    """

    key: str
    kind: str
    target: str
    external: bool


def relationships(package: Package, part: str = "") -> list[Relationship]:
    """Return the references of a part, or of the package itself.

    Args:
        package: The document.
        part: Name of the member.
    """
    folder, base = posixpath.split(part)
    member = posixpath.join(folder, "_rels", f"{base}.rels")
    if not package.has(member):
        return []
    found = []
    for element in parse_member(package, member).iter(_RELATIONSHIP):
        target = element.get("Target", "")
        external = element.get("TargetMode") == "External"
        if not external:
            absolute = posixpath.join("/", folder, unquote(target))
            target = posixpath.normpath(absolute).lstrip("/")
        kind = element.get("Type", "").rpartition("/")[2]
        found.append(Relationship(element.get("Id", ""), kind, target, external))
    return found


def part_of_kind(references: list[Relationship], kind: str, package: Package) -> str:
    """Return the member that a reference of a kind leads to; empty where there is none."""
    for reference in references:
        if reference.kind == kind and not reference.external and package.has(reference.target):
            return reference.target
    return ""
