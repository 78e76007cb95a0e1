"""JSON: the data of a report."""

import json

from kvartal.exchange.reports.blocks import Report


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
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
