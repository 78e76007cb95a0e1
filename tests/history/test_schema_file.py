"""Where the schema goes that a plan names in its first line: nowhere outside the repository."""

from pathlib import Path

import pytest

from kvartal.history.store.schema_file import left_schema, schema_place
from kvartal.schema.description import schema_bytes

HEAD = "# yaml-language-server: $schema="


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ("plan.schema.json", "repo/plan/plan.schema.json"),
        ("../schema/plan.schema.json", "repo/schema/plan.schema.json"),
        ("./a/../plan.schema.json", "repo/plan/plan.schema.json"),
        ("../link/plan.schema.json", None),
        ("../../plan.schema.json", None),
        ("../../repository/plan.schema.json", None),
        ("https://example.org/plan.schema.json", None),
        ("file:///tmp/plan.schema.json", None),
        ("/tmp/plan.schema.json", None),  # noqa: S108 - a name
        ("my.schema.json", None),
        ("plan.schema.json/other.json", None),
        ("", None),
    ],
)
def test_where_a_schema_belongs(tmp_path: Path, named: str, place: str | None) -> None:
    plan = tmp_path / "repo" / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    (tmp_path / "repo" / "link").symlink_to(tmp_path)
    found = schema_place(f"{HEAD}{named}\nyear: 2024\n", plan, tmp_path / "repo")
    assert found == (None if place is None else tmp_path / place)


def test_only_the_schema_as_it_was_written_is_one_left_behind(tmp_path: Path) -> None:
    text, plan, place = (
        f"{HEAD}plan.schema.json\n",
        tmp_path / "p.yaml",
        tmp_path / "plan.schema.json",
    )
    assert left_schema(text, plan, tmp_path) == {}
    place.write_bytes(schema_bytes() + b"\n")
    assert left_schema(text, plan, tmp_path) == {}
    place.write_bytes(schema_bytes())
    assert left_schema(text, plan, tmp_path) == {place: schema_bytes()}
    assert left_schema("year: 2024\n", plan, tmp_path) == {}
    place.rename(tmp_path / "other")
    place.symlink_to("other")
    assert left_schema(text, plan, tmp_path) == {}
