"""Write the JSON Schemas of what the commands print with ``--json``: docs/json/.

Each command has one schema, which stands by itself; their index is docs/json/README.md. A test
holds the files against this module, and the real output of each command against its schema::

    uv run .ci/json_schemas.py
"""

import json
from pathlib import Path
from typing import Any, Final

Schema = dict[str, Any]

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "json"
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

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
LOG: Final = row(
    {
        "commit": COMMIT,
        "date": MOMENT,
        "author": TEXT,
        "email": TEXT,
        "subject": TEXT,
        "kind": null_or(TEXT),
        "by_hand": FLAG,
        "merge": FLAG,
        "changes": array(CHANGE),
        "evidence": array(row({"path": TEXT, "sha256": SHA256})),
        "note": TEXT,
        "choices": array(
            row(
                {
                    "id": null_or(TEXT),
                    "field": TEXT,
                    "chosen": PLAIN,
                    "rejected": array(PLAIN),
                    "by": TEXT,
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

HEAD: Final = """\
# What the commands print with `--json`

Data, and nothing else, goes to stdout: one JSON value in UTF-8. Each schema below is JSON Schema
2020-12 and stands by itself; `uv run .ci/json_schemas.py` writes them and this page.

- What is a list is an array at the top. What is absent is null, a list is a list even if empty, a
  day is `YYYY-MM-DD`, a moment has its zone.
- A quarter is `1` to `4` in a programme of one calendar year, and `"2026-Q3"` elsewhere.
- `organization`, `year` (null for a `period`) and `plan` (the path from the root of the repository)
  say which programme a row is of. A command that writes says so where a folder holds several.
- A change is `commit`, `ids`, `changes` and `warnings`. With `--dry-run`, and where everything was
  so already, `commit` is null; in the latter case there are no changes.
- A refusal is `{"error": {"code", "message", "hint"}}` with exit code 1 (something that can be
  mended), 2 (wrong usage) or 3 (a bug). `code` is stable; `message` is in the language of `--lang`,
  `hint` the part of it that says what to do. The sentence is on stderr as well. Where a command has
  an answer besides, `error` stands beside its keys.

| command | what it prints |
|---|---|
"""
SAVING_COMMANDS: Final = (
    *("set", "postpone", "cancel", "add", "copy", "move", "remove", "record", "correct"),
    *("section", "document", "undo", "redo", "calendar"),
)
SCHEMAS: Final[dict[str, tuple[str, Schema]]] = {
    "error": ("A refusal: of any command, with its exit code.", row({"error": ERROR})),
    "list": ("Measures; with `--columns` only those keys.", array(row({**MEASURE, **PROGRAMME}))),
    "show": (
        "One measure, whole; of several programmes a list of those that have it.",
        {"oneOf": [DETAILS, array(DETAILS)]},
    ),
    "overdue": (
        "Overdue checkpoints; an unfinished term has neither quarter nor point.",
        array(
            row(
                {
                    "id": TEXT,
                    "quarter": null_or(QUARTER),
                    "point": null_or(DAY),
                    "due": DAY,
                    "days_overdue": {"type": "integer", "minimum": 1},
                    "responsible": null_or(TEXT),
                    **PROGRAMME,
                }
            )
        ),
    ),
    "term": (
        "How a term is read, with the other readings where there are several.",
        row(
            {
                "text": TEXT,
                "certainty": one_of("sure", "ask", "open", "error", "none"),
                **SPAN,
                "readings": array(row(SPAN)),
            }
        ),
    ),
    "validate": (
        "What is wrong with plan files.",
        row({"ok": FLAG, "problems": array(PROBLEM)}, {"count": COUNT, "truncated": FLAG}),
    ),
    "log": ("The history, newest first.", array(LOG)),
    "diff": (
        "What differs: the newer version, with the fields; no rows where nothing does.",
        array(row({**VERSION, "changes": array(CHANGE), **PROGRAMME}, {"compared_with": TEXT})),
    ),
    **dict.fromkeys(SAVING_COMMANDS, ("What was changed, or with `--dry-run` would be.", SAVING)),
    "adopt": (
        "What was edited manually; with `--aside` where the copy is.",
        row(SAVED, {"copy": null_or(TEXT)}),
    ),
    "import": (
        "What was taken from a document, or with `--dry-run` would be; the remarks on it.",
        row({**SAVED, **IMPORTED}, PROGRAMME),
    ),
    "init": (
        "The beginning of a history; with `--from` what was taken from the document.",
        row({**SAVED, "folder": TEXT}, {"file": TEXT, **IMPORTED}),
    ),
    "sync": ("What was received and sent, or would be; the conflicts.", SYNC),
    "merge": ("What merging changed in our version; the conflicts.", MERGE),
    "git-setup": (
        "What was written to git's settings, or removed.",
        row(
            {
                **SAVED,
                "settings": array(TEXT),
                "attributes": null_or(TEXT),
                "overruled": array(TEXT),
            }
        ),
    ),
    "digest": (
        "What is overdue, due within 14 and 30 days, and missing, of each programme.",
        array(
            row(
                {
                    **PROGRAMME,
                    "as_of": DAY,
                    "overdue": array(DEADLINE),
                    "due_14": array(DEADLINE),
                    "due_30": array(DEADLINE),
                    "missing": array(row({"id": TEXT, "code": TEXT, "message": TEXT})),
                }
            )
        ),
    ),
    "export": (
        "With `--format json`: the programme's own data, a report, what is overdue, or a review.",
        row(
            {
                "kind": one_of("plan", "report", "overdue", "review"),
                "title": TEXT,
                "organization": TEXT,
                "years": TEXT,
                "as_of": null_or(DAY),
                "data": {"type": ["object", "array"]},
            }
        ),
    ),
    "gaps": (
        "Where evidence is thin.",
        array(
            row(
                {
                    "id": TEXT,
                    "quarter": null_or(QUARTER),
                    "point": null_or(DAY),
                    "code": TEXT,
                    "severity": one_of("note", "warning"),
                    "message": TEXT,
                    **PROGRAMME,
                }
            )
        ),
    ),
    "new-year": (
        "The programme of the next year, begun, or with `--dry-run` what would be.",
        row({**SAVED, "file": TEXT}, PROGRAMME),
    ),
    "verify": (
        "Findings about the history.",
        array(row({**FINDING, "accepted": null_or(ACCEPTED), **PROGRAMME})),
    ),
    "accept": (
        "The findings that were accepted, or with `--dry-run` would be.",
        row(
            {
                **SAVED,
                "reason": TEXT,
                "until": null_or(DAY),
                "findings": array(row({**FINDING, "self": FLAG})),
            }
        ),
    ),
    "doctor": (
        "What is there and what is missing.",
        row(
            {
                "ok": FLAG,
                "checks": array(
                    row({"code": TEXT, "ok": FLAG, "message": TEXT, "commands": array(TEXT)})
                ),
            }
        ),
    ),
}


def schema_text(name: str) -> str:
    """Return the text of the schema of a command."""
    description, schema = SCHEMAS[name]
    title = "error" if name == "error" else f"kvartal {name} --json"
    whole = {"$schema": DRAFT, "title": title, "description": description, **schema}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def index_text() -> str:
    """Return the page that lists the schemas."""
    rows = "".join(
        f"| [`{name}`]({name}.schema.json) | {text} |\n" for name, (text, _) in SCHEMAS.items()
    )
    return f"{HEAD}{rows}"


def files() -> dict[str, str]:
    """Return the text of every file of the folder, by its name."""
    schemas = {f"{name}.schema.json": schema_text(name) for name in SCHEMAS}
    return {**schemas, "README.md": index_text()}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
