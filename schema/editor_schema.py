"""The JSON Schema for editors: with messages and snippets that only they understand.

``errorMessage`` and ``defaultSnippets`` are keywords of the YAML and JSON extensions of editors; a
stock validator in strict mode refuses them, so that they stand in a schema of their own,
``plan.editor.schema.json``. Its file is written by ``python -m kvartal.schema.editor_schema``.
"""

import json
import sys
from typing import Any

from kvartal.schema.description import Node, plan_schema


def editor_schema() -> Node:
    """Return the JSON Schema of a plan file with what editors show: messages and snippets."""
    schema: dict[str, Any] = _with_hints(plan_schema())
    return {**schema, "$id": str(schema["$id"]).replace("plan.schema", "plan.editor.schema")}


def editor_schema_text() -> str:
    """Return the text of ``plan.editor.schema.json``."""
    return json.dumps(editor_schema(), ensure_ascii=False, indent=2) + "\n"


def _with_hints(part: Any) -> Any:  # noqa: ANN401 - any part of JSON
    if isinstance(part, list):
        return [_with_hints(item) for item in part]
    if not isinstance(part, dict):
        return part
    node = {key: value if key == "examples" else _with_hints(value) for key, value in part.items()}
    return {**node, **_hints(part)} if "examples" in part else node


def _hints(described: Node) -> Node:
    name, meaning = described["title"], described["description"]
    return {
        "errorMessage": f"{name}. {meaning}",
        "defaultSnippets": [
            {"label": name, "description": meaning, "body": example}
            for example in described["examples"]
        ],
    }


if __name__ == "__main__":
    sys.stdout.write(editor_schema_text())
