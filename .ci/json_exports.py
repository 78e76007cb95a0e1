"""The values of an export in JSON: what a report, an agenda and a review hold for programs."""

from typing import Final

from json_rows import (
    ACCEPTED,
    CHANGE,
    COMMIT,
    COUNT,
    DAY,
    FINDING,
    FLAG,
    LOGGED_COMMIT,
    NUMBER,
    QUARTER,
    SHA256,
    TEXT,
    Schema,
    array,
    null_or,
    one_of,
    row,
)

COUNTS: Final[Schema] = {
    **dict.fromkeys(("checkpoints", "on_time", "late", "overdue", "upcoming", "cancelled"), COUNT),
    "discipline": null_or({"type": "number", "minimum": 0, "maximum": 100}),
}
WHEN: Final[Schema] = {"quarter": null_or(QUARTER), "point": null_or(DAY)}
STATE: Final = one_of(
    *("upcoming", "due", "overdue", "recorded", "recorded_late", "cancelled", "unfinished")
)
AGENDA: Final = array(
    row(
        {
            "id": TEXT,
            **WHEN,
            "due": DAY,
            "days_overdue": {"type": "integer", "minimum": 1},
            "responsible": null_or(TEXT),
        }
    )
)
REPORT: Final = row(
    {
        "period": row({"start": DAY, "due": DAY}),
        "as_of": DAY,
        **COUNTS,
        "parts": array(
            row({"kind": one_of("section", "channel"), "number": TEXT, "title": TEXT, **COUNTS})
        ),
        "rows": array(
            row(
                {
                    "id": TEXT,
                    **WHEN,
                    "due": null_or(DAY),
                    "date": null_or(DAY),
                    "state": STATE,
                    "result": null_or(TEXT),
                    "reason": null_or(TEXT),
                    "evidence": array(TEXT),
                    "responsible": null_or(TEXT),
                }
            )
        ),
        "earlier": AGENDA,
        "indicators": array(
            row(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "unit": TEXT,
                    "direction": one_of("not_less", "not_more", "equal"),
                    "target": NUMBER,
                    "values": array(row({"period": TEXT, "value": NUMBER, "met": FLAG})),
                }
            )
        ),
        "decisions": array(
            row(
                {
                    "id": TEXT,
                    "kind": one_of("postpone", "cancel"),
                    "date": DAY,
                    "old": null_or(TEXT),
                    "new": null_or(TEXT),
                    "reason": TEXT,
                    "basis": null_or(TEXT),
                }
            )
        ),
        "verified": null_or(row({"mark": TEXT, "commit": COMMIT, "anchor": TEXT})),
    }
)
REVIEW: Final = row(
    {
        "first": null_or({**TEXT, "description": "As it was named; null for the beginning."}),
        "last": null_or({**TEXT, "description": "As it was named; null for the newest."}),
        "head": null_or(COMMIT),
        "anchor": null_or(TEXT),
        "entries": array(
            row(
                {
                    **LOGGED_COMMIT,
                    "note": TEXT,
                    "evidence": array(row({"path": TEXT, "sha256": SHA256})),
                    "unread": null_or(TEXT),
                    "changes": array(CHANGE),
                }
            )
        ),
        "findings": array(row({**FINDING, "accepted": null_or(ACCEPTED)})),
    }
)


def _export(kind: str, as_of: Schema, data: Schema) -> Schema:
    return row(
        {
            "kind": {"const": kind},
            "title": TEXT,
            "organization": TEXT,
            "years": TEXT,
            "as_of": as_of,
            "data": data,
        }
    )


EXPORT: Final[Schema] = {
    "oneOf": [
        _export("plan", {"type": "null"}, {"type": "object"}),
        _export("report", DAY, REPORT),
        _export("overdue", DAY, AGENDA),
        _export("review", DAY, REVIEW),
    ]
}
