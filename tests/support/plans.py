"""Made-up plans as files."""

import json
from pathlib import Path
from typing import Any

from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.loader import UnreadablePlan, read
from kvartal.schema.problems import Problems


def measure(number: int, **more: object) -> dict[str, Any]:
    """Return a measure of channel 1.1 over the whole year."""
    return {
        "id": f"1.1.{number}",
        "channel": "1.1",
        "number": f"1.1.{number}",
        "proposal": f"Предложение {number}",
        "actions": [f"Действие {number}"],
        "term": {"text": "1-4 кварталы 2024", "quarters": [1, 2, 3, 4]},
        "result": "Обеспечено",
        **more,
    }


def many(count: int) -> list[dict[str, Any]]:
    """Return measures 1.1.1, 1.1.2 and so on."""
    return [measure(number) for number in range(1, count + 1)]


def plan_file(
    folder: Path, measures: list[dict[str, Any]], *, title: str = "Офис", **document: str
) -> Path:
    """Write a plan file with these measures, as JSON: that is YAML too, and escapes any text."""
    plan = {
        "year": 2024,
        "language": "ru",
        "document": {"organization": "АО «Проба»", "title": "Программа", "code": "П-1"} | document,
        "sections": [
            {
                "number": "1",
                "title": title,
                "channels": [{"number": "1.1", "title": title}, {"number": "1.2", "title": "Б"}],
            }
        ],
        "measures": measures,
    }
    path = folder / "plan" / "2024.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plan, ensure_ascii=True, indent=1), encoding="utf-8")
    return path


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file, as an editor would."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def check_file(path: Path, name: str | None = None) -> Problems:
    """Return everything that is wrong with a plan file: reading, schema and rules."""
    try:
        return check(read(path, name))
    except UnreadablePlan as error:
        return error.problems
