"""What our own exports carry without printing it: the programme, for a copy to come back whole.

A file may come from anybody: what stands there is read as any plan is, and counts only where it is
a valid one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from kvartal.exchange.grid import SourceDocument
from kvartal.exchange.tables.layout import HIDDEN_SHEET
from kvartal.schema.changes import PlanData

NAMESPACE: Final = "urn:kvartal:programme"
"""The namespace of the custom XML part of a Word document."""

KEY: Final = "plan"


# What JSON may hold in a text and XML or UTF-8 may not.
_IMPOSSIBLE: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


def hidden_text(parts: Mapping[str, object]) -> str:
    """Return what an export carries as one line of JSON."""
    text = json.dumps(dict(parts), ensure_ascii=False, sort_keys=True)
    return _IMPOSSIBLE.sub(lambda one: f"\\u{ord(one[0]):04x}", text)


def hidden_plan(document: SourceDocument) -> PlanData | None:
    """Return the programme that a document carries; None where it carries no valid one.

    Args:
        document: As read.
    """
    from kvartal.schema.validation import validate

    for text in _texts(document):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        plan = data.get(KEY) if isinstance(data, dict) else None
        if isinstance(plan, dict) and not validate(plan):
            return plan
    return None


def _texts(document: SourceDocument) -> Iterator[str]:
    for part in document.custom_xml:
        if NAMESPACE in part:
            yield _content(part)
    for grid in document.grids:
        if grid.hidden and grid.name == HIDDEN_SHEET:
            cells = [grid.at(row, 0) for row in range(grid.rows)]
            yield "".join(cell.text for cell in cells if cell is not None)


def _content(part: str) -> str:
    """Return the text of the part; the readers have parsed its XML and found nothing harmful."""
    from xml.sax.saxutils import unescape

    start, end = part.find(NAMESPACE), part.rfind("</")
    inside = part[part.find(">", start) + 1 : end]
    return unescape(inside, {"&quot;": '"', "&apos;": "'"})
