"""Zip packages whose bytes depend on their content alone."""

from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_FIRST: Final = "[Content_Types].xml"
# The earliest moment that the format can hold: an export has no clock in it.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_FILE: Final = 0o100644 << 16


def repacked(package: bytes, more: Mapping[str, bytes] | None = None) -> bytes:
    """Return a package with the same members in a fixed order and without times.

    Args:
        package: As a library wrote it.
        more: Members that are added or replaced, by name.
    """
    with ZipFile(BytesIO(package)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    members.update(more or {})
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in sorted(members, key=lambda one: (one != _FIRST, one)):
            info = ZipInfo(name, _MOMENT)
            info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, _FILE, 3
            target.writestr(info, members[name])
    return stream.getvalue()
