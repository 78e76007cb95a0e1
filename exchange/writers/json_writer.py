"""JSON: the data of a report."""

import json
import re
from typing import Final

from kvartal.exchange.reports.blocks import Report

# Harmless to a parser inside a string, but not to a terminal that shows the file.
_CONTROLS: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def write_json(report: Report) -> bytes:
    """Return a report's data as JSON, with what it is of."""
    as_of = None if report.as_of is None else report.as_of.isoformat()
    data = {
        "kind": report.kind,
        "title": report.title,
        "organization": report.organization,
        "years": report.years,
        "as_of": as_of,
        "data": report.data,
    }
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    return (_CONTROLS.sub(lambda one: f"\\u{ord(one[0]):04x}", text) + "\n").encode()
