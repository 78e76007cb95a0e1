"""Write the JSON Schemas of what the commands print with ``--json``: docs/json/.

Each command has one schema, which stands by itself; their index is docs/json/README.md. A test
holds the files against this module, and the real output of each command against its schema::

    uv run .ci/json_schemas.py
"""

import json
from pathlib import Path
from typing import Final

from json_exports import EXPORT
from json_rows import (
    ACCEPTED,
    CHANGE,
    COLUMNS,
    COUNT,
    DAY,
    DEADLINE,
    DETAILS,
    ERROR,
    FINDING,
    FLAG,
    IMPORTED,
    LOG,
    MEASURE,
    MERGE,
    PROBLEM,
    PROGRAMME,
    QUARTER,
    SAVED,
    SAVING,
    SPAN,
    SYNC,
    TEXT,
    VERSION,
    Schema,
    array,
    null_or,
    one_of,
    row,
)

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "json"
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

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
    "list": (
        "Measures; with `--columns` only those keys.",
        array({"anyOf": [row({**MEASURE, **PROGRAMME}), COLUMNS]}),
    ),
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
        row(
            {"ok": FLAG, "problems": array(PROBLEM)},
            {"count": COUNT, "truncated": FLAG, "warnings": array(PROBLEM)},
        ),
    ),
    "log": ("The history, newest first.", array(LOG)),
    "diff": (
        "What differs: the newer version, with the fields; no rows where nothing does.",
        array(row({**VERSION, "changes": array(CHANGE), **PROGRAMME}, {"compared_with": TEXT})),
    ),
    **dict.fromkeys(SAVING_COMMANDS, ("What was changed, or with `--dry-run` would be.", SAVING)),
    "adopt": (
        "What was edited manually; with `--aside` where the copy is.",
        row(SAVED, {"copy": null_or(TEXT), **PROGRAMME}),
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
        EXPORT,
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
            },
            PROGRAMME,
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
