"""Workbooks: texts stay texts, numbers are exact, and there is no clock inside."""

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from kvartal.exchange.writers.packages import repacked

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

NO_CLOCK: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone
"""When every workbook was made."""

_HOLDS_NUMBERS: Final = re.compile("xl/(?:worksheets/sheet|charts/chart)[0-9]+[.]xml")
_LONG_NUMBER: Final = re.compile(rb"(?<=v>)-?[0-9]+[.][0-9]{10,}(?=</v>|</c:v></c:pt>)")
_CACHE: Final = re.compile(rb"<c:numCache>.*?</c:numCache>", re.DOTALL)
_EXACT: Final = 15
"""How many digits of a number any program keeps; one more is noise: 97.09999999999999 for 97.1."""


def new_workbook(stream: "BytesIO") -> "Workbook":
    """Return an empty workbook.

    Args:
        stream: Where it is written when it is closed.
    """
    from xlsxwriter import Workbook

    # No formula, no number and no link.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = Workbook(stream, options)
    workbook.set_properties({"created": NO_CLOCK})
    return workbook


def finished(workbook: "Workbook", stream: BytesIO) -> bytes:
    """Close a workbook and return its bytes, which depend on its content alone.

    Args:
        workbook: The workbook.
        stream: The stream that it was made with.
    """
    workbook.close()
    content = stream.getvalue()
    with ZipFile(BytesIO(content)) as package:
        names = filter(_HOLDS_NUMBERS.fullmatch, package.namelist())
        exact = {name: _exact(package.read(name)) for name in names}
    return repacked(content, exact)


def _exact(xml: bytes) -> bytes:
    """Return a part with numbers as they are, not with the sixteenth digit that XlsxWriter adds."""
    if b"<c:chartSpace" in xml:
        return _CACHE.sub(lambda cache: _LONG_NUMBER.sub(_shortened, cache[0]), xml)
    return _LONG_NUMBER.sub(_shortened, xml)


def _shortened(number: re.Match[bytes]) -> bytes:
    short = f"{float(number[0]):.{_EXACT}g}".encode()
    return short if len(short) < len(number[0]) - 2 else number[0]
