"""The JSON Schema that a plan file names in its first line, put where editors look for it."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from kvartal.history.yaml_text.document import schema_named_in
from kvartal.schema.description import schema_bytes

SCHEMA_NAME: Final = "plan.schema.json"
"""The name of the file; what a plan names under a different one is the user's own."""


def schema_place(text: str, plan: Path, top: Path) -> Path | None:
    """Return where the schema that a plan names belongs; None where it names none of ours.

    Args:
        text: The text of the plan file.
        plan: The file, with symbolic links followed.
        top: The folder of the repository: nothing outside it is written.
    """
    named = schema_named_in(text)
    if named is None or PurePosixPath(named).name != SCHEMA_NAME:
        return None
    if "://" in named or PurePosixPath(named).is_absolute():
        return None
    place = plan.parent / named
    # The file itself is not followed: a link that is there is the user's.
    place = place.parent.resolve() / place.name
    return place if place.is_relative_to(top.resolve()) else None


def left_schema(text: str, plan: Path, top: Path) -> Mapping[Path, bytes]:
    """Return the schema by its path, where it lies there as `create` writes it: before the plan.

    A history that was begun for such a plan and interrupted goes on with it.

    Args:
        text: The text of the plan file.
        plan: The file, with symbolic links followed.
        top: The folder of the repository.
    """
    place = schema_place(text, plan, top)
    if place is None or place.is_symlink() or not place.is_file():
        return {}
    content = schema_bytes()
    return {place: content} if place.read_bytes() == content else {}
