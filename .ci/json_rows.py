"""The values and rows that the JSON Schemas of `json_schemas` are made of.

Named as docs/json/ names them: a row is an object whose keys are all known.
"""

from typing import Any, Final

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
NUMBER: Final[Schema] = {"type": "number"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
DAY: Final[Schema] = {"type": "string", "format": "date"}
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
COMMIT: Final[Schema] = {"type": "string", "pattern": "^(?:[0-9a-f]{40}|[0-9a-f]{64})$"}
SHA256: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
QUARTER: Final[Schema] = {
    "oneOf": [
        {"type": "integer", "minimum": 1, "maximum": 4},
        {"type": "string", "pattern": "^[0-9]{4}-Q[1-4]$"},
    ]
}
PLAIN: Final[Schema] = {"description": "A value as the plan file holds it; null for none."}


def null_or(schema: Schema) -> Schema:
    """Return the schema of a value that may be absent."""
    return {"oneOf": [{"type": "null"}, schema]}


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def one_of(*words: str) -> Schema:
    """Return the schema of one of a few words."""
    return {"enum": list(words)}


def row(properties: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object without any other keys."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": {**properties, **(optional or {})},
    }


def one_or_several(schema: Schema) -> Schema:
    """Return the schema of what a plan may hold one or several of."""
    return {"oneOf": [{"type": "null"}, schema, {"type": "array", "minItems": 2, "items": schema}]}


PROGRAMME: Final[Schema] = {
    "organization": null_or(TEXT),
    "year": null_or({"type": "integer"}),
    "plan": TEXT,
}
CHANGE: Final = row({"id": null_or(TEXT), "field": TEXT, "old": PLAIN, "new": PLAIN})
ERROR: Final = row(
    {"code": {"type": "string", "pattern": "^[a-z0-9]+(?:-[a-z0-9]+)*$"}}
    | {
        "message": TEXT,
        "hint": null_or(TEXT),
    }
)
SAVED: Final[Schema] = {
    "commit": null_or(COMMIT),
    "ids": array(TEXT),
    "changes": array(CHANGE),
    "warnings": array(TEXT),
}
SPAN: Final[Schema] = {
    "start": null_or(DAY),
    "due": null_or(DAY),
    "quarters": array(QUARTER),
    "points": array(DAY),
}
TERM: Final = row({"text": TEXT, **SPAN})
STATE: Final = one_of("planned", "in_progress", "overdue", "done", "done_late", "cancelled")
CHECKPOINT: Final = row(
    {
        "quarter": null_or(QUARTER),
        "point": null_or(DAY),
        "due": DAY,
        "state": one_of("upcoming", "due", "overdue", "recorded", "recorded_late", "cancelled"),
    }
)
EXTRA: Final[Schema] = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
MEASURE: Final[Schema] = {
    "id": TEXT,
    "number": TEXT,
    "section": null_or(TEXT),
    "channel": null_or(TEXT),
    "segment": null_or(one_of("b2b", "b2c")),
    "proposal": null_or(TEXT),
    "actions": array(TEXT),
    "term": TERM,
    "result": null_or(TEXT),
    "state": STATE,
    "due": null_or(DAY),
    "responsible": null_or(TEXT),
    "extra": EXTRA,
    "checkpoints": array(CHECKPOINT),
}
COLUMNS: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        **MEASURE,
        **PROGRAMME,
        "term.text": TEXT,
        **{f"term.{name}": schema for name, schema in SPAN.items()},
    },
    "patternProperties": {r"^extra\..": {"type": ["string", "number", "null"]}},
}
"""A measure of which only some columns were asked for."""
EVIDENCE: Final = row(
    {
        "documents": array(row({"title": TEXT, "number": null_or(TEXT), "date": null_or(DAY)})),
        "files": array(
            row({"path": TEXT, "size": COUNT, "sha256": SHA256}, {"original_name": TEXT})
        ),
        "links": array(TEXT),
    }
)
RECORD: Final = row(
    {
        "quarter": null_or(QUARTER),
        "point": null_or(DAY),
        "date": DAY,
        "complete": FLAG,
        "result": null_or(TEXT),
        "reason": null_or(TEXT),
        "values": array(
            row(
                {
                    "indicator": null_or(TEXT),
                    "period": TEXT,
                    "value": NUMBER,
                    "met": null_or(FLAG),
                }
            )
        ),
        "evidence": EVIDENCE,
    }
)
DETAILS: Final = row(
    {
        **MEASURE,
        "as_of": DAY,
        "days_overdue": COUNT,
        "completed_on": null_or(DAY),
        "original_term": TERM,
        "actions_from": null_or(TEXT),
        "notes": null_or(TEXT),
        "responsible": array(row({"name": TEXT, "role": null_or(TEXT)})),
        "budget": one_or_several(
            row(
                {"plan": null_or(NUMBER), "fact": null_or(NUMBER)},
                {"source": TEXT, "year": {"type": "integer"}},
            )
        ),
        "indicator": one_or_several(
            row(
                {
                    "name": TEXT,
                    "unit": TEXT,
                    "direction": one_of("not_less", "not_more", "equal"),
                    "target": NUMBER,
                    "period": one_of("month", "quarter", "half_year", "year"),
                }
            )
        ),
        "carried_from": null_or(row({"plan": TEXT, "id": TEXT})),
        "same_work": array(TEXT),
        "postponements": array(
            row({"date": DAY, "to": TERM, "reason": TEXT, "basis": null_or(TEXT)})
        ),
        "records": array(RECORD),
        "cancelled": null_or(row({"date": DAY, "reason": TEXT, "basis": null_or(TEXT)})),
        **PROGRAMME,
    }
)
VERSION: Final[Schema] = {
    "commit": null_or(COMMIT),
    "date": null_or(MOMENT),
    "author": null_or(TEXT),
    "subject": null_or(TEXT),
}
LOGGED_COMMIT: Final[Schema] = {
    "commit": COMMIT,
    "date": MOMENT,
    "author": TEXT,
    "email": TEXT,
    "subject": TEXT,
    "kind": null_or(TEXT),
    "by_hand": FLAG,
    "merge": FLAG,
}
"""How `log` and the review of a range name a commit."""
LOG: Final = row(
    {
        **LOGGED_COMMIT,
        "changes": array(CHANGE),
        "evidence": array(row({"path": TEXT, "sha256": SHA256})),
        "note": TEXT,
        "choices": array(
            row(
                {
                    "id": null_or(TEXT),
                    "field": {
                        **TEXT,
                        "description": "The path inside the measure; a number is the place in a "
                        "list of the merge. Of an item that the merge does not hold, where it "
                        "would stand: `base` is the item itself.",
                    },
                    "base": {**PLAIN, "description": "The value before both sides; null for none."},
                    "chosen": {
                        **PLAIN,
                        "description": "The value that the merge holds; null where it was deleted.",
                    },
                    "rejected": {
                        **array(PLAIN),
                        "description": "The values of the sides that the merge does not hold; null "
                        "for a side that had deleted it.",
                    },
                    "by": TEXT,
                    "text": {**TEXT, "description": "The same in words."},
                }
            )
        ),
        **PROGRAMME,
    },
    {"unread": TEXT, "compared_with": COMMIT},
)
SIDE: Final = row(
    {
        "value": PLAIN,
        "author": null_or(TEXT),
        "date": null_or(MOMENT),
        "commit": null_or(COMMIT),
    }
)
CONFLICT: Final = row(
    {
        "name": TEXT,
        "plan": TEXT,
        "measure": TEXT,
        "field": TEXT,
        "base": PLAIN,
        "ours": SIDE,
        "theirs": SIDE,
        "text": TEXT,
    }
)
PROBLEM: Final = row(
    {
        "file": TEXT,
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
        "path": TEXT,
        "code": TEXT,
        "message": TEXT,
    }
)
FINDING: Final[Schema] = {
    **VERSION,
    "code": TEXT,
    "measure": null_or(TEXT),
    "message": TEXT,
    "severity": one_of("error", "warning", "note"),
    "id": TEXT,
}
ACCEPTED: Final = row(
    {"by": TEXT, "date": MOMENT, "reason": TEXT, "until": null_or(DAY), "self": FLAG}
)
DEADLINE: Final = row(
    {
        "id": TEXT,
        "quarter": null_or(QUARTER),
        "point": null_or(DAY),
        "due": DAY,
        "days": {"type": "integer"},
        "responsible": null_or(TEXT),
    }
)
SAVING: Final = row(SAVED, PROGRAMME)
IMPORTED: Final[Schema] = {
    "added": array(TEXT),
    "changed": array(CHANGE),
    "left": array(TEXT),
    "remarks": array(row({"place": TEXT, "code": TEXT, "message": TEXT})),
}
SYNC: Final = row(
    {
        **SAVED,
        "remote": TEXT,
        "branch": TEXT,
        "received": COUNT,
        "sent": COUNT,
        "conflicts": array(CONFLICT),
        "notes": array(TEXT),
    },
    {"ours": COMMIT, "theirs": null_or(COMMIT), "head": COMMIT, "error": ERROR},
)
MERGE: Final = row(
    {
        **SAVED,
        "conflicts": array(
            row({"id": null_or(TEXT), "field": TEXT, "base": PLAIN, "ours": PLAIN, "theirs": PLAIN})
        ),
    },
    {"error": ERROR},
)
