"""The JSON Schema as others use it: editors, stock validators and people who read it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry

from kvartal.history.yaml_text.loader import UnreadablePlan, read
from kvartal.schema.description import definition, describe, key_order, plan_schema, title
from kvartal.schema.editor_schema import editor_schema_text
from kvartal.schema.fields import FIELDS, FieldKind

ROOT = Path(__file__).resolve().parents[2]
PLANS = ROOT / "tests/plans"
PLAN = ROOT / "plan/2024.yaml"
Node = dict[str, Any]

# Texts that each definition with a pattern accepts.
ACCEPTED = {
    "text": ["Обучение", "две\nстроки", "[doc]", "=1+1"],
    "line": ["Отдел", "-"],
    "date": ["2024-02-29"],
    "section_number": ["1", "10"],
    "printed_number": ["1.1", "I", "V-0001", "п. 3", "1.", "١"],
    "measure_id": ["1.1.1", "1.1.1-2", "п-3", "V_1", "Ё", "a" * 64],
    "key": ["риск", "risk_1", "Ё-2"],
    "dated_quarter": ["2026-Q1", "2026-Q4"],
    "enumeration_number": ["1", "4.1"],
    "period": ["2024", "2024-01", "2024-12", "2024-Q4", "2024-H2"],
    "sha256": ["0123456789abcdef" * 4],
    "link": ["https://example.org/a", "http://пример.рф"],
}
REFUSED = {
    "text": ["", " ", "\n", "\x00", "a\x1b[31m", "\x7f", "\x85"],
    "line": ["", " ", "a\nb", "a\tb", "a\x1b"],
    "date": ["2024-2-9", "24-02-09", "2024-02-30", "2024-13-01", "0000-01-01", "20240209"],
    "section_number": ["", "0", "01", "1.", "I", "1000", "١"],
    "printed_number": ["", " ", "1\n", "1" * 41, "\x1b"],
    "measure_id": ["", "1.1.", "-1", "1 1", "1/2", "a" * 65, "1.1.1\u0301", "№1", ".git"],
    "key": ["", "1", "a.b", "-a", "a b", "a" * 65],
    "dated_quarter": ["", "2026", "2026-Q5", "2026-q1", "26-Q1", "2026-1"],
    "enumeration_number": ["", "4.1.", "a", "4.1.1"],
    "period": [
        "",
        "24",
        "2024-1",
        "2024-00",
        "2024-13",
        "2024-Q5",
        "2024-q1",
        "2024-Q",
        "2024-07-01",
    ],
    "sha256": ["", "A" * 64, "a" * 63, "a" * 65, "g" * 64],
    "link": [
        "",
        "example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "https://a b",
    ],
}


def nodes(node: object, path: str = "#") -> Iterator[tuple[str, Node]]:
    """Yield every part of the schema with its path."""
    if isinstance(node, dict):
        yield path, node
        for key, below in node.items():
            if key != "examples":
                yield from nodes(below, f"{path}/{key}")
    elif isinstance(node, list):
        for index, below in enumerate(node):
            yield from nodes(below, f"{path}/{index}")


def properties() -> Iterator[tuple[str, Node]]:
    for path, node in nodes(plan_schema()):
        if re.search(r"/properties/[^/]+$", path):
            yield path, node


def stock(part: object = None) -> Draft202012Validator:
    """Return an unmodified validator."""
    schema = dict(plan_schema() if part is None else part)  # type: ignore[call-overload]  # a part is a mapping
    return Draft202012Validator(
        schema, registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def test_it_passes_its_meta_schema() -> None:
    schema = plan_schema()
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema, format_checker=FormatChecker())


def test_it_names_itself() -> None:
    assert plan_schema()["$id"].startswith("https://")
    assert plan_schema()["title"]
    assert plan_schema()["description"]


@pytest.mark.parametrize("path", [path for path, _ in properties()])
def test_every_property_says_what_it_is(path: str) -> None:
    node = dict(properties())[path]
    assert re.fullmatch(r"[А-ЯA-Z].{2,50}", node["title"])
    assert re.fullmatch(r"[А-ЯA-Za-z].{10,150}\.", node["description"])
    assert list(node)[:3] == ["title", "description", "examples"]
    assert node["examples"]
    validator = stock({**node, "$defs": plan_schema()["$defs"]})
    for example in node["examples"]:
        validator.validate(example)


def test_the_schema_for_editors_is_made_of_it() -> None:
    """Only hints are added; `python -m kvartal.schema.editor_schema` writes the file again."""
    text = (ROOT / "schema/plan.editor.schema.json").read_text(encoding="utf-8")
    assert text == editor_schema_text()
    hints = {"errorMessage", "defaultSnippets"}
    added = {key for path, node in nodes(json.loads(text)) for key in node if key in hints}
    assert added == hints
    plain = re.sub("plan[.]editor", "plan", json.dumps(_without(json.loads(text), hints)))
    assert json.loads(plain) == plan_schema()


def _without(part: Any, keys: set[str]) -> Any:  # noqa: ANN401 - any part of JSON
    if isinstance(part, list):
        return [_without(item, keys) for item in part]
    if isinstance(part, dict):
        return {key: _without(value, keys) for key, value in part.items() if key not in keys}
    return part


def test_nothing_is_let_through_that_is_not_described() -> None:
    for path, node in nodes(plan_schema()):
        if node.get("type") == "object" and path != "#/$defs/extra":
            assert node["additionalProperties"] is False, path
            assert node["properties"], path
            assert set(node.get("required", ())) <= set(node["properties"]), path


def test_empty_lists_are_refused_but_for_the_measures() -> None:
    arrays = [(path, node) for path, node in nodes(plan_schema()) if node.get("type") == "array"]
    assert [path for path, node in arrays if "minItems" not in node] == ["#/properties/measures"]


def test_it_stands_by_itself() -> None:
    references = {node["$ref"] for _, node in nodes(plan_schema()) if "$ref" in node}
    assert references == {f"#/$defs/{name}" for name in plan_schema()["$defs"]}


def test_every_pattern_has_examples() -> None:
    with_pattern = {name for name, part in plan_schema()["$defs"].items() if "pattern" in part}
    assert set(ACCEPTED) == set(REFUSED) == with_pattern
    inline = [path for path, node in nodes(plan_schema()) if isinstance(node.get("pattern"), str)]
    assert all(path.startswith("#/$defs/") and path.count("/") <= 3 for path in inline)


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_a_pattern_accepts_and_refuses(name: str) -> None:
    validator = stock(definition(name))
    assert [text for text in ACCEPTED[name] if not validator.is_valid(text)] == []
    assert [text for text in REFUSED[name] if validator.is_valid(text)] == []


@pytest.mark.parametrize("name", [name for name in ACCEPTED if name != "text"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_line_break_at_the_end_is_refused(name: str, end: str) -> None:
    validator = stock(definition(name))
    assert [text for text in ACCEPTED[name] if validator.is_valid(text + end)] == []


def test_patterns_mean_the_same_to_every_engine() -> None:
    """They match no digits of other scripts and use no engine-specific syntax."""
    patterns = [node["pattern"] for _, node in nodes(plan_schema()) if "pattern" in node]
    for pattern in patterns:
        if isinstance(pattern, str):
            assert not re.search(r"\\[dDwWbBAZz]|\(\?|[*+}]\)[*+{]", pattern), pattern


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_pattern_comes_to_an_end_in_any_text(name: str) -> None:
    validator = stock(definition(name))
    for text in ("1." * 50_000, "1" * 100_000, "https://" + "a" * 100_000, " " * 100_000):
        validator.is_valid(text + "\n!")


@pytest.mark.parametrize(
    "path", [PLAN, *sorted((PLANS / "valid").glob("*.yaml"))], ids=lambda path: path.stem
)
def test_a_stock_validator_accepts_a_valid_plan(path: Path) -> None:
    stock().validate(read(path).data)


@pytest.mark.parametrize(
    "path", sorted((PLANS / "invalid").glob("schema-*.yaml")), ids=lambda path: path.stem
)
def test_a_stock_validator_refuses_what_we_refuse(path: Path) -> None:
    try:
        data = read(path).data
    except UnreadablePlan:
        return
    # By the standard 3.0 is an integer; here it is not, since it would end up in dates and ranges.
    assert stock().is_valid(data) == (path.stem == "schema-type-fraction")


def test_a_field_has_one_name_in_the_schema_and_in_the_forms() -> None:
    for field in FIELDS:
        assert title(("measures", 0, *field.path)) == field.label, field.name


def test_the_forms_want_what_the_schema_wants() -> None:
    required = describe(("measures", 0))["required"]
    for field in FIELDS:
        if len(field.path) == 1:
            assert field.required == (field.name in required), field.name
        part = describe(("measures", 0, *field.path))
        assert (field.kind is FieldKind.NUMBER) == (part.get("type") == "number"), field.name
        assert [value for value, _ in field.choices] == part.get("enum", []), field.name


def test_the_fields_of_a_measure_in_their_canonical_order() -> None:
    assert key_order(("measures", 7)) == (
        *("id", "channel", "section", "number", "proposal", "actions", "actions_from", "term"),
        *("result", "responsible", "notes", "budget", "indicator", "extra", "carried_from"),
        *("same_work", "postponements", "records", "cancelled"),
    )
    assert key_order(("measures", 7, "records", 0)) == (
        *("quarter", "point", "date", "complete", "result", "reason", "values", "evidence"),
    )
    assert key_order(("measures", 7, "postponements", 0, "to")) == (
        *("text", "quarters", "start", "due", "points"),
    )


def test_the_plan_keeps_the_canonical_order() -> None:
    def look(value: object, path: tuple[str | int, ...]) -> None:
        if isinstance(value, dict):
            keys = list(value)
            assert keys == [key for key in key_order(path) if key in keys], path
            for key, below in value.items():
                look(below, (*path, key))
        elif isinstance(value, list):
            for index, below in enumerate(value):
                look(below, (*path, index))

    look(read(PLAN).data, ())


@pytest.mark.parametrize(
    "path", [("nowhere",), ("measures", "id"), ("measures", 0, 1), ("year", 0), ("year", "x")]
)
def test_an_unknown_place_has_no_description(path: tuple[str | int, ...]) -> None:
    assert describe(path) == {}
    assert key_order(path) == ()


def test_an_item_has_the_name_of_its_list() -> None:
    assert title(("nowhere", 0)) == ""
    assert title(("measures", 0, "actions", 2)) == "Действия"
